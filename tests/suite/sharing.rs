//! Max-min sharing against networks worked by hand.

use makespan::sharing::{FlowId, Sharing};
use makespan::time::Time;

const FREE: f64 = f64::INFINITY;

fn at(ticks: u64) -> Time {
    Time::from_ticks(ticks)
}

/// Starts uncapped flows of weight 1 and settles.
fn start_all(sharing: &mut Sharing, flows: &[(&[u32], f64)]) -> Vec<FlowId> {
    let ids = flows.iter().map(|(route, amount)| sharing.start(at(0), route, *amount, FREE, 1.0)).collect();
    sharing.settle(at(0));
    ids
}

/// Runs to the end and gives each event: its tick and the flows that end.
fn run(sharing: &mut Sharing) -> Vec<(u64, Vec<FlowId>)> {
    let mut events = Vec::new();
    while sharing.next() < Time::NEVER {
        let (now, mut ended) = (sharing.next(), Vec::new());
        sharing.finish(now, &mut ended);
        assert!(!ended.is_empty(), "an event at {} ends nothing", now.ticks());
        sharing.settle(now);
        events.push((now.ticks(), ended));
    }
    events
}

fn rates(sharing: &Sharing, flows: &[FlowId]) -> Vec<f64> {
    flows.iter().map(|&flow| sharing.rate(flow)).collect()
}

#[test]
fn a_flow_alone_gets_the_smallest_link_of_its_route() {
    let mut net = Sharing::new([4.0, 2.0, 8.0]);
    let ids = start_all(&mut net, &[(&[0, 1, 2], 100.0)]);
    assert_eq!(rates(&net, &ids), [2.0]);
    assert_eq!(run(&mut net), [(50, ids)]);
}

#[test]
fn two_flows_on_a_link_halve_it_until_the_shorter_ends() {
    // 100 at 1/2 end at 200; then 200 of 300 are left at 1: 400.
    let mut net = Sharing::new([1.0]);
    let ids = start_all(&mut net, &[(&[0], 300.0), (&[0], 100.0)]);
    assert_eq!(rates(&net, &ids), [0.5, 0.5]);
    assert_eq!(run(&mut net), [(200, vec![ids[1]]), (400, vec![ids[0]])]);
}

#[test]
fn the_long_flow_of_a_parking_lot_gets_half_of_each_link() {
    let mut net = Sharing::new([1.0; 3]);
    let ids = start_all(&mut net, &[(&[0, 1, 2], 100.0), (&[0], 50.0), (&[1], 100.0), (&[2], 150.0)]);
    assert_eq!(rates(&net, &ids), [0.5; 4]);
    // The first ends at 100; the long one stays at 1/2 for links 1 and 2; both it and flow 2 end at 200, flow 3 has
    // 50 left at 1.
    assert_eq!(run(&mut net), [(100, vec![ids[1]]), (200, vec![ids[0], ids[2]]), (250, vec![ids[3]])]);
}

#[test]
fn what_a_flow_cannot_use_goes_to_the_others() {
    // Bertsekas & Gallager's kind of example: two flows share link 0 of 1, one of them crosses link 1 of 3 with a
    // third flow, which takes what is left there: 2.5.
    let mut net = Sharing::new([1.0, 3.0]);
    let ids = start_all(&mut net, &[(&[0], 1e3), (&[0, 1], 1e3), (&[1], 1e3)]);
    assert_eq!(rates(&net, &ids), [0.5, 0.5, 2.5]);
}

#[test]
fn streaming_users_share_the_bandwidth_once_it_is_used_up() {
    let (own, all) = (10.0, 64.0);
    let mut socket = Sharing::new([all]);
    for n in 1..=16 {
        socket.start(at(0), &[0], 1e6, own, 1.0);
        socket.settle(at(0));
        assert!((socket.load(0) - (f64::from(n) * own).min(all)).abs() < 1e-12 * all);
    }
}

#[test]
fn a_cap_below_the_fair_share_leaves_the_rest_to_the_others() {
    let mut net = Sharing::new([9.0]);
    let slow = net.start(at(0), &[0], 10.0, 1.0, 1.0);
    let ids = [net.start(at(0), &[0], 80.0, FREE, 1.0), net.start(at(0), &[0], 40.0, FREE, 1.0)];
    net.settle(at(0));
    assert_eq!(net.rate(slow), 1.0);
    assert_eq!(rates(&net, &ids), [4.0, 4.0]);
    // Both end together at 10; then 40 are left at 9: 4.44 ticks.
    assert_eq!(run(&mut net), [(10, vec![slow, ids[1]]), (15, vec![ids[0]])]);
}

#[test]
fn weights_share_in_proportion_and_caps_bound_the_whole_flow() {
    let mut net = Sharing::new([12.0]);
    let ids = [(1.0, FREE), (2.0, FREE), (3.0, 3.0)].map(|(w, cap)| net.start(at(0), &[0], 90.0, cap, w));
    net.settle(at(0));
    for (rate, expected) in rates(&net, &ids).into_iter().zip([3.0, 6.0, 3.0]) {
        assert!((rate - expected).abs() < 1e-12);
    }
}

#[test]
fn a_resource_of_no_capacity_stalls_its_flows_until_it_is_back() {
    let mut net = Sharing::new([2.0, 2.0]);
    let ids = start_all(&mut net, &[(&[0, 1], 100.0), (&[1], 100.0)]);
    net.set_capacity(at(10), 0, 0.0);
    net.settle(at(10));
    assert_eq!(rates(&net, &ids), [0.0, 2.0]);
    assert_eq!(net.left(at(30), ids[0]), 90.0);
    let mut ended = Vec::new();
    assert_eq!(net.next(), at(55));
    net.finish(at(55), &mut ended);
    net.settle(at(55));
    assert_eq!((ended, net.next()), (vec![ids[1]], Time::NEVER));
    net.set_capacity(at(100), 0, 1.0);
    net.settle(at(100));
    assert_eq!(run(&mut net), [(190, vec![ids[0]])]);
}

#[test]
fn a_flow_without_limit_ends_at_once_and_one_without_route_runs_at_its_cap() {
    let mut net = Sharing::new([FREE, 1.0]);
    let at_once = [net.start(at(7), &[], 5.0, FREE, 1.0), net.start(at(7), &[0], 5.0, FREE, 1.0)];
    let alone = net.start(at(7), &[], 30.0, 3.0, 1.0);
    net.settle(at(7));
    assert_eq!(run(&mut net), [(7, at_once.to_vec()), (17, vec![alone])]);
}

#[test]
fn an_infinite_capacity_can_become_finite_and_back() {
    let mut net = Sharing::new([FREE, FREE]);
    let ids = start_all(&mut net, &[(&[0, 1], 10.0), (&[1], 10.0)]);
    net.set_capacity(at(0), 1, 1.0);
    net.settle(at(0));
    assert_eq!(rates(&net, &ids), [0.5, 0.5]);
    net.set_capacity(at(0), 0, 0.25);
    net.settle(at(0));
    assert_eq!(rates(&net, &ids), [0.25, 0.75]);
    net.set_capacity(at(0), 0, FREE);
    net.set_capacity(at(0), 1, FREE);
    net.settle(at(0));
    assert_eq!(run(&mut net), [(0, ids)]);
}

#[test]
fn an_amount_of_nothing_ends_at_once_even_where_nothing_flows() {
    let mut net = Sharing::new([0.0]);
    let ids = start_all(&mut net, &[(&[0], 0.0), (&[0], 1.0)]);
    assert_eq!(run(&mut net), [(0, vec![ids[0]])]);
    assert_eq!(net.left(at(5), ids[1]), 1.0);
}

#[test]
fn equal_flows_on_equal_links_end_in_one_event() {
    // Rings of flows over two links each: every link carries two flows, in an order of its own, at a rate that is no
    // binary fraction. One step of an all-to-all: every flow shares each of its links with nine others.
    let ring: Vec<Vec<u32>> = (0..100).map(|i| vec![i * 37 % 100, (i * 37 + 1) % 100]).collect();
    let all_to_all: Vec<Vec<u32>> = (0..110).map(|i| vec![i % 11, 11 + (i % 11 + 1 + i / 11) % 11]).collect();
    for routes in [ring, all_to_all] {
        for amount in [1e7 / 3.0, 12_345.678, 1e12] {
            let mut net = Sharing::new([0.001_25 / 3.0; 100]);
            routes.iter().for_each(|route| _ = net.start(at(5), route, amount, FREE, 1.0));
            net.settle(at(5));
            let events = run(&mut net);
            assert_eq!(events.len(), 1);
            assert_eq!(events[0].1.len(), routes.len());
        }
    }
}

#[test]
fn equal_flows_stay_together_through_changes_that_pass() {
    let mut net = Sharing::new([0.1; 10]);
    (0..100).for_each(|i| _ = net.start(at(0), &[i % 10], 777.7, FREE, 1.0));
    net.settle(at(0));
    // Disturbances that treat all links alike, but at other moments in another order.
    for i in 0..1000 {
        let guests: Vec<FlowId> =
            (0..10).map(|k| net.start(at(7 * i), &[(k * 3 + i as u32) % 10], 1e9, FREE, 0.7)).collect();
        net.settle(at(7 * i));
        guests.into_iter().for_each(|guest| _ = net.cancel(at(7 * i + 3), guest));
        net.settle(at(7 * i + 3));
    }
    assert_eq!(run(&mut net).len(), 1);
}

#[test]
fn a_long_idle_time_costs_no_digits() {
    let mut net = Sharing::new([1e3]);
    start_all(&mut net, &[(&[0], 5000.0)]);
    assert_eq!(run(&mut net)[0].0, 5);
    let now = 1 << 60;
    let late = net.start(at(now), &[0], 12_345.0, FREE, 1.0);
    net.settle(at(now));
    assert_eq!(net.left(at(now + 1), late), 11_345.0);
    assert_eq!(net.next(), at(now + 13));
}

#[test]
fn the_flows_on_a_resource_are_listed() {
    let mut net = Sharing::new([1.0, 2.0]);
    let ids = start_all(&mut net, &[(&[0, 1], 9.0), (&[1], 9.0), (&[1], 9.0), (&[0], 9.0)]);
    let mut on: Vec<FlowId> = net.on(1).collect();
    on.sort();
    assert_eq!(on, ids[..3]);
    assert_eq!(net.load(1), 2.0);
    assert_eq!(net.cancel(at(2), ids[0]), 8.0);
    net.settle(at(2));
    assert_eq!(net.on(1).count(), 2);
}

#[test]
fn a_busy_clock_keeps_its_digits() {
    // A link that is never idle: 10 long flows, each followed by the next, and a short message now and then, which
    // must take what it takes on paper after any time.
    let mut net = Sharing::new([1e-3]);
    let mut ended = Vec::new();
    (0..10).for_each(|i| _ = net.start(at(0), &[0], 1e9 + f64::from(i) * 1e8, FREE, 1.0));
    net.settle(at(0));
    for _ in 0..20_000 {
        let now = net.next();
        net.finish(now, &mut ended);
        ended.drain(..).for_each(|_| _ = net.start(now, &[0], 1e9, FREE, 1.0));
        net.settle(now);
    }
    let now = net.next();
    net.finish(now, &mut ended);
    let message = net.start(now, &[0], 1.0, FREE, 1.0);
    net.settle(now);
    assert_eq!((net.next() - now).ticks(), 10_000);
    assert!((net.left(now, message) - 1.0).abs() < 1e-6);
}
