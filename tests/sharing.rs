//! Max-min sharing against networks worked by hand, an independent progressive filling, and conservation of bytes.

use makespan::sharing::{FlowId, Sharing};
use makespan::time::Time;
use proptest::prelude::*;

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

/// A flow as the tests know it.
#[derive(Clone, Debug)]
struct Known {
    id: FlowId,
    route: Vec<u32>,
    amount: f64,
    cap: f64,
    weight: f64,
    brought: f64,
}

/// Progressive filling from scratch over single flows: raise all rates per weight together until a link is used up
/// or a cap is met, fix those flows, go on.
fn filling(capacities: &[f64], flows: &[Known]) -> Vec<f64> {
    let mut rates = vec![None; flows.len()];
    loop {
        let free = |link: usize| {
            let on = flows.iter().zip(&rates).filter(move |(flow, _)| flow.route.contains(&(link as u32)));
            let used: f64 = on.clone().filter_map(|(_, rate)| *rate).sum();
            let weight: f64 = on.filter(|(_, rate)| rate.is_none()).map(|(flow, _)| flow.weight).sum();
            ((capacities[link] - used).max(0.0), weight)
        };
        let levels: Vec<f64> = (0..capacities.len())
            .map(free)
            .map(|(left, weight)| if weight > 0.0 { left / weight } else { FREE })
            .collect();
        let limit = |flow: &Known| {
            let links = flow.route.iter().map(|&link| levels[link as usize]);
            links.fold(flow.cap / flow.weight, f64::min)
        };
        let open = (0..flows.len()).filter(|&i| rates[i].is_none());
        let Some(least) = open.clone().map(|i| limit(&flows[i])).min_by(f64::total_cmp) else {
            return rates.into_iter().flatten().collect();
        };
        for i in open.collect::<Vec<_>>() {
            if limit(&flows[i]) <= least * (1.0 + 1e-13) {
                rates[i] = Some(least * flows[i].weight);
            }
        }
    }
}

/// Compares with the filling, and checks capacities and bottlenecks by themselves.
fn check(net: &Sharing, capacities: &[f64], flows: &[Known]) {
    let near = |a: f64, b: f64| a == b || (a - b).abs() <= 1e-9 * a.abs().max(b.abs());
    let expected = filling(capacities, flows);
    for (flow, &expected) in flows.iter().zip(&expected) {
        let rate = net.rate(flow.id);
        assert!(near(rate, expected), "{flow:?} runs at {rate}, not {expected}; {capacities:?} {flows:#?}");
    }
    let load = |link: u32| -> f64 {
        flows.iter().filter(|flow| flow.route.contains(&link)).map(|flow| net.rate(flow.id)).sum()
    };
    for (link, &capacity) in capacities.iter().enumerate() {
        let load = load(link as u32);
        assert!(load <= capacity * (1.0 + 1e-9), "link {link} of {capacity} carries {load}");
        assert!(near(net.load(link as u32), load));
        let mut on: Vec<FlowId> = net.on(link as u32).collect();
        on.sort();
        let mut known: Vec<FlowId> =
            flows.iter().filter(|flow| flow.route.contains(&(link as u32))).map(|flow| flow.id).collect();
        known.sort();
        assert_eq!(on, known);
    }
    for flow in flows {
        let level = |flow: &Known| net.rate(flow.id) / flow.weight;
        let limits = |&link: &u32| {
            near(load(link), capacities[link as usize])
                && flows
                    .iter()
                    .filter(|other| other.route.contains(&link))
                    .all(|other| level(other) <= level(flow) * (1.0 + 1e-9))
        };
        assert!(
            near(net.rate(flow.id), flow.cap) || flow.route.iter().any(limits),
            "{flow:?} has no bottleneck"
        );
    }
}

#[derive(Clone, Debug)]
enum Change {
    Start {
        route: Vec<u32>,
        amount: f64,
        cap: f64,
        weight: f64,
    },
    Cancel(usize),
    Capacity(u32, f64),
    Cap(usize, f64),
    /// Let the next flows end.
    Finish,
    /// Let a part of the time to the next end pass.
    Pass(f64),
    Settle,
}

const LINKS: u32 = 8;

/// Few different values, so that ties are frequent, or any.
fn capacity() -> impl Strategy<Value = f64> {
    prop_oneof![4 => (1..5u32).prop_map(f64::from), 4 => 0.1..10.0, 1 => Just(0.0), 1 => Just(FREE)]
}

fn cap() -> impl Strategy<Value = f64> {
    prop_oneof![5 => Just(FREE), 2 => (1..5u32).prop_map(|n| f64::from(n) / 2.0), 2 => 0.01..3.0, 1 => Just(0.0)]
}

fn change() -> impl Strategy<Value = Change> {
    let route = proptest::sample::subsequence((0..LINKS).collect::<Vec<_>>(), 1..5).prop_shuffle();
    let weight = prop_oneof![3 => Just(1.0), 1 => 0.1..10.0];
    let amount = prop_oneof![1 => Just(1000.0), 1 => 1.0..1e5];
    prop_oneof![
        8 => (route, amount, cap(), weight)
            .prop_map(|(route, amount, cap, weight)| Change::Start { route, amount, cap, weight }),
        2 => any::<usize>().prop_map(Change::Cancel),
        1 => (0..LINKS, capacity()).prop_map(|(link, capacity)| Change::Capacity(link, capacity)),
        1 => (any::<usize>(), cap()).prop_map(|(flow, cap)| Change::Cap(flow, cap)),
        4 => Just(Change::Finish),
        2 => (0.0..1.0).prop_map(Change::Pass),
        6 => Just(Change::Settle),
    ]
}

/// A network under random changes, with what the flows have brought by the filling's rates.
struct Trial {
    net: Sharing,
    capacities: Vec<f64>,
    flows: Vec<Known>,
    rates: Vec<f64>,
    now: u64,
}

impl Trial {
    fn settle(&mut self) {
        self.net.settle(at(self.now));
        check(&self.net, &self.capacities, &self.flows);
        self.rates = filling(&self.capacities, &self.flows);
    }

    fn pass(&mut self, until: u64) {
        for (flow, rate) in self.flows.iter_mut().zip(&self.rates) {
            // An infinite rate brings nothing in no time.
            flow.brought += if until > self.now { rate * (until - self.now) as f64 } else { 0.0 };
            let left = self.net.left(at(until), flow.id);
            assert!(left >= 0.0);
            assert!(
                (flow.amount - flow.brought - left).abs() <= 1e-9 * flow.amount + rate,
                "{flow:?} {left}"
            );
        }
        self.now = until;
    }

    fn apply(&mut self, change: Change) {
        let now = at(self.now);
        match change {
            Change::Start { route, amount, cap, weight } => {
                let id = self.net.start(now, &route, amount, cap, weight);
                self.flows.push(Known { id, route, amount, cap, weight, brought: 0.0 });
            }
            Change::Cancel(i) if !self.flows.is_empty() => {
                let flow = self.flows.swap_remove(i % self.flows.len());
                let left = self.net.cancel(now, flow.id);
                assert!((flow.amount - flow.brought - left).abs() <= 1e-9 * flow.amount + 1e-9);
            }
            Change::Capacity(link, capacity) => {
                self.capacities[link as usize] = capacity;
                self.net.set_capacity(now, link, capacity);
            }
            Change::Cap(i, cap) if !self.flows.is_empty() => {
                let i = i % self.flows.len();
                self.flows[i].cap = cap;
                self.net.set_cap(now, self.flows[i].id, cap);
            }
            Change::Finish => {
                self.settle();
                if self.net.next() < Time::NEVER {
                    self.finish();
                }
            }
            Change::Pass(part) => {
                self.settle();
                if self.net.next() < Time::NEVER {
                    let length = self.net.next().ticks() - self.now;
                    self.pass(self.now + (part * length as f64) as u64);
                }
            }
            Change::Settle => self.settle(),
            Change::Cancel(_) | Change::Cap(..) => {}
        }
    }

    fn finish(&mut self) {
        self.pass(self.net.next().ticks());
        let mut ended = Vec::new();
        self.net.finish(at(self.now), &mut ended);
        assert!(!ended.is_empty());
        assert!(ended.is_sorted());
        for id in ended {
            let i = self.flows.iter().position(|flow| flow.id == id).expect("a flow that was started");
            let (flow, rate) = (self.flows.swap_remove(i), self.rates.swap_remove(i));
            // The bytes brought are the integral of the rate, but for the tick that the end is rounded by.
            assert!(
                (flow.brought - flow.amount).abs() <= rate * 1.001 + 1e-9 * flow.amount,
                "{flow:?} at {rate}"
            );
        }
        self.settle();
    }
}

#[test]
fn rates_on_a_crowded_star_equal_a_filling_from_scratch() {
    const HOSTS: u64 = 12;
    let capacities = vec![1.0; 2 * HOSTS as usize];
    let net = Sharing::new(capacities.iter().copied());
    let mut trial = Trial { net, capacities, flows: vec![], rates: vec![], now: 0 };
    let mut state = 7_u64;
    let mut random = |n: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % n
    };
    for started in 0..500 {
        let (from, to) = (random(HOSTS), random(HOSTS));
        let (route, amount) = (vec![from as u32, (HOSTS + to) as u32], 1e3 + random(1000) as f64);
        trial.apply(Change::Start { route, amount, cap: FREE, weight: 1.0 });
        if started > 150 {
            trial.apply(Change::Finish);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rates_equal_a_filling_from_scratch_after_any_changes(
        capacities in proptest::collection::vec(capacity(), LINKS as usize),
        changes in proptest::collection::vec(change(), 1..150),
    ) {
        let net = Sharing::new(capacities.iter().copied());
        let mut trial = Trial { net, capacities, flows: vec![], rates: vec![], now: 0 };
        for change in changes {
            trial.apply(change);
        }
        trial.settle();
        while trial.net.next() < Time::NEVER {
            trial.finish();
        }
        // What is left stands still.
        prop_assert!(trial.flows.iter().all(|flow| trial.net.rate(flow.id) == 0.0));
    }
}
