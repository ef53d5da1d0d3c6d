//! Max-min sharing under random changes against an independent progressive filling, with conservation of bytes.

use makespan::sharing::{FlowId, Sharing};
use makespan::time::Time;
use proptest::prelude::*;

const FREE: f64 = f64::INFINITY;

fn at(ticks: u64) -> Time {
    Time::from_ticks(ticks)
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
