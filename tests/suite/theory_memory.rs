//! Cores that share the bandwidth of a memory: what each gets, worked out by hand.

use crate::common::{at, makespan, outcome, recorded, value};
use makespan::metrics::Metric;
use makespan::record::State;

/// So many tasks of a second each that ask for 10 GB.
fn streams(machine: &str, count: u32) -> String {
    format!(
        "machine = {{ {machine}, memory.bandwidth = \"40 GB/s\" }}\n[workload.tasks]\ncount = {count}\nwork = \"1 s\"\n\
         memory = {{ traffic = \"10 GB\", pattern = \"stream\" }}"
    )
}

#[test]
fn n_streaming_cores_get_n_times_one_up_to_the_whole() {
    // Williams et al. 2009: min(n · b₁, B), so that n tasks of one second take max(1, n / 4).
    for n in 1..=12u32 {
        let measured = outcome(&streams("cores = 12", n));
        let expected = f64::max(1.0, f64::from(n) / 4.0);
        assert!((value(&measured, Metric::Makespan) - expected).abs() < 1e-11, "{n}");
        let bandwidth = f64::from(n) * 10.0 / value(&measured, Metric::Makespan);
        assert!((bandwidth - f64::min(f64::from(n) * 10.0, 40.0)).abs() < 1e-9);
        // Of each core's time one second is computing, the rest waiting for memory.
        assert_eq!(measured.times.get(State::Compute), u128::from(n) * 1_000_000_000_000);
        let memory = measured.times.get(State::Memory) as f64 * 1e-12;
        assert!((memory - f64::from(n) * (expected - 1.0)).abs() < 1e-9, "{n}");
    }
}

#[test]
fn each_socket_has_a_memory_of_its_own() {
    // Six on the first socket of twelve cores and six on the second: each 1.5 s; of eight, six against two.
    assert!((makespan(&streams("cores = 12, sockets = 2", 12)) - 1.5).abs() < 1e-11);
    let (_, log) = recorded(&streams("cores = 12, sockets = 2", 8));
    for task in 0..8 {
        let expected = if task < 6 { 1.5 } else { 1.0 };
        assert!((log.ends()[task] - expected).abs() < 1e-11);
    }
}

#[test]
fn tasks_that_leave_memory_alone_are_left_alone() {
    let text = "machine = { cores = 9, memory.bandwidth = \"40 GB/s\" }\n[workload.tasks]\nwork = \"1 s\"\nlist = [\
                { memory.traffic = \"10 GB\" }, {}, { memory.traffic = \"20 GB\" }, {}, { memory.traffic = \"30 GB\" }]";
    // Demands of 10, 20, 30 on 40: max-min gives 10, 15, 15; at 1 the first ends, the others have 5 and 15 left and
    // 20 each: the second ends at 1.25, the third, with 10 left, has its full 30.
    let (_, log) = recorded(text);
    let expected = [1.0, 1.0, 1.25, 1.0, 1.25 + 10.0 / 30.0];
    for (measured, expected) in log.ends().iter().zip(expected) {
        assert!((measured - expected).abs() < 1e-11, "{measured} {expected}");
    }
}

#[test]
fn a_slower_core_asks_for_less() {
    // At speed 0.5 a core asks for 5 GB/s: eight of them are just not held up.
    let text = |count: u32| streams("cores = 12, speed = 0.5", count);
    assert!((makespan(&text(8)) - 2.0).abs() < 1e-11);
    assert!((makespan(&text(12)) - 3.0).abs() < 1e-11);
}

#[test]
fn a_phase_slowed_or_stopped_in_between_gives_its_bandwidth_to_others() {
    // Five streams get 8 GB/s each. At 0.5 s core 0 slows to a tenth: 1 GB/s; the others have 9.75 each and 6 GB left.
    let text = format!(
        "{}\n[faults.inject.slow]\ntarget = \"core 0\"\nfault.slowdown = 0.1\nat = \"0.5 s\"\n",
        streams("cores = 5", 5)
    );
    let (_, log) = recorded(&text);
    let others = 0.5 + 6.0 / 9.75;
    for end in &log.ends()[1..] {
        assert!((end - others).abs() < 1e-11, "{end}");
    }
    assert!((log.ends()[0] - 6.5).abs() < 1e-11, "{}", log.ends()[0]);
    // A crash instead: 6 GB left at 10 each.
    let text = format!(
        "{}\n[faults.inject.x]\ntarget = \"core 0\"\nfault = \"crash\"\nat = \"0.5 s\"\n",
        streams("cores = 5", 5)
    );
    let (outcome, log) = recorded(&text);
    assert!((log.ends()[1] - 1.1).abs() < 1e-11);
    assert_eq!(log.task(0).end, at(0.5));
    assert_eq!(outcome.times.get(State::Lost), 500_000_000_000);
}

#[test]
fn the_bound_of_memory_is_all_traffic_at_full_bandwidth() {
    let outcome = outcome(&streams("cores = 12", 12));
    let bound = outcome.bounds.iter().find(|bound| bound.name == "memory").expect("a bound");
    assert!((bound.seconds.expect("all done") - 3.0).abs() < 1e-12);
}

#[test]
fn a_task_that_does_nothing_but_stream_goes_on_where_it_was() {
    // 12 B at 4 B/s take three seconds, through checkpoints after each second of them and a change of speed.
    let text = "machine = { cores = 1, memory.bandwidth = \"4 B/s\", script = [{ at = \"0.5 s\", target = \"core 0\", speed = 3 }] }\n\
                workload.tasks = { count = 1, work = \"0 s\", memory.traffic = \"12 B\" }\n";
    assert_eq!(makespan(text), 3.0);
    let text = format!("{text}faults.recover.checkpoint = {{ interval = \"1 s\", cost = \"1 s\" }}");
    assert_eq!(makespan(&text), 5.0);
}
