//! Messages that share links: finishing times worked out by hand.

use crate::common::{makespan, outcome, recorded, value};
use makespan::metrics::Metric;

/// The ends of transfers in seconds.
fn ends(text: &str) -> Vec<f64> {
    recorded(text).1.ends()
}

fn star(nodes: u32, rest: &str, rows: &[(u32, u32, f64, &str)]) -> String {
    let row = |(from, to, bytes, more): &(u32, u32, f64, &str)| {
        format!("{{ from = \"node {from}\", to = \"node {to}\", bytes = \"{bytes} B\"{more} }}")
    };
    let rows: Vec<String> = rows.iter().map(row).collect();
    format!(
        "machine.nodes = {nodes}\nnetwork = {{ bandwidth = \"10 B/s\", {rest} }}\n\
         workload.transfers.list = [{}]",
        rows.join(", ")
    )
}

fn close(measured: &[f64], expected: &[f64]) {
    assert_eq!(measured.len(), expected.len());
    for (measured, expected) in measured.iter().zip(expected) {
        assert!((measured - expected).abs() < 1e-9, "{measured} {expected}");
    }
}

#[test]
fn a_message_alone_takes_overheads_latencies_and_bytes_over_the_smallest_link() {
    // Hockney 1994; LogGP without its −1 (Alexandrov et al. 1995). A star's route has two links.
    for contention in ["none", "fair"] {
        let rest = format!(
            "latency = \"0.5 s\", contention = \"{contention}\", \
             protocol = {{ send_overhead = \"0.25 s\", receive_overhead = \"0.125 s\" }}"
        );
        close(&ends(&star(2, &rest, &[(0, 1, 100.0, "")])), &[0.25 + 1.0 + 10.0 + 0.125]);
        close(&ends(&star(2, &rest, &[(0, 1, 0.0, "")])), &[1.375]);
    }
}

#[test]
fn two_flows_share_a_link_until_one_ends() {
    // Both at 5 B/s up to 4 s; then the other's remaining 20 B at 10 B/s.
    let rest = "latency = \"0 s\"";
    close(&ends(&star(3, rest, &[(0, 1, 20.0, ""), (0, 2, 40.0, "")])), &[4.0, 6.0]);
    // Into one node the same; crossing directions don't share.
    close(&ends(&star(3, rest, &[(1, 0, 20.0, ""), (2, 0, 40.0, "")])), &[4.0, 6.0]);
    close(&ends(&star(2, rest, &[(0, 1, 20.0, ""), (1, 0, 40.0, "")])), &[2.0, 4.0]);
    // Without contention neither knows of the other.
    let rest = "latency = \"0 s\", contention = \"none\"";
    close(&ends(&star(3, rest, &[(0, 1, 20.0, ""), (0, 2, 40.0, "")])), &[2.0, 4.0]);
}

#[test]
fn weights_divide_a_link_and_starts_come_in_between() {
    let rest = "latency = \"0 s\"";
    // 7.5 and 2.5 B/s; after 4 s the second has 10 of its 20 left, alone.
    close(&ends(&star(3, rest, &[(0, 1, 30.0, ", weight = 3"), (0, 2, 20.0, "")])), &[4.0, 5.0]);
    // 30 B alone for 1 s, then two for 20 and 20: both end at 5.
    close(&ends(&star(3, rest, &[(0, 1, 30.0, ""), (0, 2, 20.0, ", start = \"1 s\"")])), &[5.0, 5.0]);
    // A latency of 1 s in all before the bytes: the second joins at 2.
    let rest = "latency = \"0.5 s\"";
    close(&ends(&star(3, rest, &[(0, 1, 30.0, ""), (0, 2, 20.0, ", start = \"1 s\"")])), &[6.0, 6.0]);
}

/// A chain of nodes with links between neighbours.
fn chain(bandwidths: &[f64], duplex: &str, rows: &str) -> String {
    let mut text = format!(
        "machine.nodes = {}\nworkload.transfers.list = [{rows}]\n[network]\ntopology = \"custom\"\nlatency = \"0 s\"\n",
        bandwidths.len() + 1
    );
    for (at, bandwidth) in bandwidths.iter().enumerate() {
        text += &format!(
            "[network.link.l{at}]\nends = [\"node {at}\", \"node {}\"]\nbandwidth = \"{bandwidth} B/s\"\nduplex = \"{duplex}\"\n",
            at + 1
        );
    }
    text
}

fn row(from: u32, to: u32, bytes: f64) -> String {
    format!("{{ from = \"node {from}\", to = \"node {to}\", bytes = \"{bytes} B\" }}")
}

#[test]
fn the_parking_lot_is_max_min_fair() {
    // Bertsekas & Gallager 1992, section 6.5.2: a long flow over all links, a short one over each.
    // Links of 10, 20, 30 B/s: the long one gets 5 by the first, the others what is left: 5, 15, 25.
    let rows = [row(0, 3, 50.0), row(0, 1, 50.0), row(1, 2, 150.0), row(2, 3, 250.0)].join(", ");
    close(&ends(&chain(&[10.0, 20.0, 30.0], "full", &rows)), &[10.0; 4]);
    // When a short one ends the long one grows: 50 B for the second short flow at 15 end at 10/3; nothing changes for
    // the long one, whose bottleneck is the first link; the first short flow ends at 4 with 20 B, and the long one has
    // 30 left at 10 B/s: 7.
    let rows = [row(0, 3, 50.0), row(0, 1, 20.0), row(1, 2, 50.0)].join(", ");
    close(&ends(&chain(&[10.0, 20.0, 30.0], "full", &rows)), &[7.0, 4.0, 10.0 / 3.0]);
}

#[test]
fn a_flow_held_up_elsewhere_leaves_its_part_to_the_others() {
    // The example of Bertsekas & Gallager 1992, fig. 6.15, in kind: three flows on a link of 30, one of them held to 4
    // by its other link: 13 each for the rest.
    let rows = [row(0, 2, 40.0), row(1, 2, 130.0), row(1, 2, 130.0)].join(", ");
    close(&ends(&chain(&[4.0, 30.0], "full", &rows)), &[10.0; 3]);
}

#[test]
fn both_directions_of_a_half_duplex_link_share_it() {
    let rows = [row(0, 1, 20.0), row(1, 0, 40.0)].join(", ");
    close(&ends(&chain(&[10.0], "full", &rows)), &[2.0, 4.0]);
    close(&ends(&chain(&[10.0], "half", &rows)), &[4.0, 6.0]);
}

#[test]
fn an_all_to_all_on_a_star_takes_its_bisection_exactly() {
    // Each node sends to n − 1 others over one up link: (n − 1) · m / B, and fair shares keep all in step.
    for nodes in [2, 3, 5, 8] {
        let text = format!(
            "machine.nodes = {nodes}\nnetwork = {{ bandwidth = \"10 B/s\", latency = \"0 s\" }}\n\
             workload.transfers = {{ pattern = \"all-to-all\", bytes = \"30 B\" }}"
        );
        assert!((makespan(&text) - 3.0 * f64::from(nodes - 1)).abs() < 1e-9);
        let outcome = outcome(&text);
        let count = f64::from(nodes * (nodes - 1));
        assert_eq!(value(&outcome, Metric::Messages), count);
        assert_eq!(value(&outcome, Metric::Bytes), 30.0 * count);
    }
}

#[test]
fn so_many_at_once_keep_the_others_waiting() {
    for (at_once, expected) in [(1, 8.0), (2, 8.0), (3, 8.0), (4, 8.0), (9, 8.0)] {
        let text = format!(
            "machine.nodes = 2\nnetwork = {{ bandwidth = \"10 B/s\", latency = \"0 s\" }}\n[workload.transfers]\n\
             at_once = {at_once}\nfrom = \"node 0\"\nto = \"node 1\"\nbytes = \"20 B\"\nlist = [{{}}, {{}}, {{}}, {{}}]"
        );
        assert!((makespan(&text) - expected).abs() < 1e-9, "{at_once}");
    }
    // With latency 1 s and none overlapping, four times three seconds; with two at once the latencies overlap bytes:
    // both start at 0, bytes from 1 to 5 (shared), the next pair 5 to 10.
    let text = |at_once| {
        format!(
            "machine.nodes = 2\nnetwork = {{ bandwidth = \"10 B/s\", latency = \"0.5 s\" }}\n[workload.transfers]\n\
             at_once = {at_once}\nfrom = \"node 0\"\nto = \"node 1\"\nbytes = \"20 B\"\nlist = [{{}}, {{}}, {{}}, {{}}]"
        )
    };
    close(&[makespan(&text(1)), makespan(&text(2)), makespan(&text(4))], &[12.0, 10.0, 9.0]);
}

/// Max-min shares written down anew (Bertsekas & Gallager 1992, section 6.5.2): raise all rates together, freeze those
/// at a full link.
fn fill(capacities: &[f64], routes: &[Vec<usize>]) -> Vec<f64> {
    let mut rates = vec![f64::NAN; routes.len()];
    let mut left = capacities.to_vec();
    while rates.iter().any(|rate| rate.is_nan()) {
        let free = |flow: &usize, link| rates[*flow].is_nan() && routes[*flow].contains(&link);
        let users =
            |link: usize| -> Vec<usize> { (0..routes.len()).filter(|flow| free(flow, link)).collect() };
        let level = |link: usize| left[link] / users(link).len() as f64;
        let tightest = (0..left.len())
            .filter(|link| !users(*link).is_empty())
            .min_by(|a, b| level(*a).total_cmp(&level(*b)))
            .expect("a flow without a rate uses a link");
        let (rate, frozen) = (level(tightest), users(tightest));
        for flow in frozen {
            rates[flow] = rate;
            routes[flow].iter().for_each(|link| left[*link] -= rate);
        }
    }
    rates
}

/// The ends of flows that all start at 0, re-shared at each end.
fn fluid(capacities: &[f64], routes: &[Vec<usize>], bytes: &[f64]) -> Vec<f64> {
    let mut left = bytes.to_vec();
    let mut ends = vec![f64::NAN; bytes.len()];
    let mut now = 0.0;
    while ends.iter().any(|end| end.is_nan()) {
        let alive: Vec<usize> = (0..bytes.len()).filter(|flow| ends[*flow].is_nan()).collect();
        let rates = fill(capacities, &alive.iter().map(|flow| routes[*flow].clone()).collect::<Vec<_>>());
        let next = alive.iter().zip(&rates).map(|(f, rate)| left[*f] / rate).fold(f64::INFINITY, f64::min);
        now += next;
        for (flow, rate) in alive.iter().zip(&rates) {
            left[*flow] -= next * rate;
            if left[*flow] < 1e-9 {
                ends[*flow] = now;
            }
        }
    }
    ends
}

#[test]
fn flows_at_random_on_stars_and_chains_end_when_filling_by_hand_says() {
    let mut state = 3u64;
    let mut below = |sides: u64| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) % sides
    };
    for round in 0..40 {
        let nodes = 2 + below(4) as usize;
        let count = 1 + below(8) as usize;
        let flows: Vec<(usize, usize, f64)> = (0..count)
            .map(|_| {
                let from = below(nodes as u64) as usize;
                let to = (from + 1 + below(nodes as u64 - 1) as usize) % nodes;
                (from, to, 1.0 + below(50) as f64)
            })
            .collect();
        let bytes: Vec<f64> = flows.iter().map(|flow| flow.2).collect();
        let (text, capacities, routes): (String, Vec<f64>, Vec<Vec<usize>>) = if round % 2 == 0 {
            let rows: Vec<_> = flows.iter().map(|f| (f.0 as u32, f.1 as u32, f.2, "")).collect();
            let routes = flows.iter().map(|f| vec![2 * f.0, 2 * f.1 + 1]).collect();
            (star(nodes as u32, "latency = \"0 s\"", &rows), vec![10.0; 2 * nodes], routes)
        } else {
            let speeds: Vec<f64> = (1..nodes).map(|_| 1.0 + below(20) as f64).collect();
            let rows: Vec<_> = flows.iter().map(|f| row(f.0 as u32, f.1 as u32, f.2)).collect();
            let route = |f: &(usize, usize, f64)| {
                if f.0 < f.1 {
                    (f.0..f.1).map(|l| 2 * l).collect()
                } else {
                    (f.1..f.0).map(|l| 2 * l + 1).collect()
                }
            };
            let both = speeds.iter().flat_map(|speed| [*speed, *speed]).collect();
            (chain(&speeds, "full", &rows.join(", ")), both, flows.iter().map(route).collect())
        };
        close(&ends(&text), &fluid(&capacities, &routes, &bytes));
    }
}

#[test]
fn nobody_schedules_a_transfer() {
    // It sets out at 3 s and has 10 B to send, whatever policy and queue the tasks beside it have.
    let schedules =
        makespan::policy::POLICIES.entries.iter().map(|entry| format!("policy = \"{}\"", entry.name));
    let queues = ["queue = \"processor-sharing\"", "queue = \"srpt\"", "queue.round-robin-quantum = \"1 s\""];
    for schedule in schedules.chain(queues.map(String::from)) {
        let text = format!(
            "machine.nodes = 2\nnetwork = {{ bandwidth = \"10 B/s\", latency = \"0.5 s\" }}\nschedule.{schedule}\n\
             workload.w.kind = \"transfers\"\n\
             workload.w.list = [{{ from = \"node 0\", to = \"node 1\", bytes = \"10 B\", start = \"3 s\" }}]"
        );
        close(&ends(&text), &[5.0]);
    }
}
