//! The event queue beside one that is plainly right.

use makespan::engine::{Alarm, Queue};
use makespan::time::Time;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const KINDS: u8 = 3;

/// The queue, and what it should hold.
struct Pair {
    queue: Queue,
    at: BTreeMap<Alarm, Time>,
    sorted: BTreeSet<(Time, Alarm)>,
}

impl Pair {
    fn new() -> Self {
        Pair { queue: Queue::new(KINDS), at: BTreeMap::new(), sorted: BTreeSet::new() }
    }

    fn set(&mut self, alarm: Alarm, at: Time) {
        self.queue.set(alarm, at);
        if let Some(before) = self.at.remove(&alarm) {
            self.sorted.remove(&(before, alarm));
        }
        if at != Time::NEVER {
            self.at.insert(alarm, at);
            self.sorted.insert((at, alarm));
        }
        assert_eq!(self.queue.set_for(alarm), at);
        assert_eq!(self.queue.len(), self.sorted.len());
    }

    fn pop(&mut self) -> Option<(Time, Alarm)> {
        let expected = self.sorted.pop_first();
        assert_eq!(self.queue.next_time(), expected.map(|(at, _)| at));
        assert_eq!(self.queue.pop(), expected);
        if let Some((at, alarm)) = expected {
            self.at.remove(&alarm);
            assert_eq!(self.queue.now(), at);
            assert!(!self.queue.is_set(alarm));
        }
        assert_eq!(self.queue.len(), self.sorted.len());
        expected
    }
}

#[derive(Clone, Debug)]
enum Step {
    Set(u8, u32, u64),
    Clear(u8, u32),
    Pop(usize),
}

/// Lengths of all scales, many of them equal, many of them none.
fn span() -> impl Strategy<Value = u64> {
    prop_oneof![
        Just(0),
        Just(1),
        Just(1_000),
        0..100u64,
        (0..63u32, 0..4u64).prop_map(|(bits, more)| (1 << bits) + more),
        Just(u64::MAX)
    ]
}

fn steps(entities: u32) -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => (0..KINDS, 0..entities, span()).prop_map(|(kind, entity, span)| Step::Set(kind, entity, span)),
        1 => (0..KINDS, 0..entities).prop_map(|(kind, entity)| Step::Clear(kind, entity)),
        1 => (0..8usize).prop_map(Step::Pop),
    ];
    prop::collection::vec(step, 0..600)
}

fn follows_the_plain_queue(steps: Vec<Step>) {
    let mut pair = Pair::new();
    for step in steps {
        match step {
            Step::Set(kind, entity, span) => {
                let at = Time::from_ticks(pair.queue.now().ticks().saturating_add(span));
                pair.set(Alarm::new(kind, entity), at);
            }
            Step::Clear(kind, entity) => pair.set(Alarm::new(kind, entity), Time::NEVER),
            Step::Pop(count) => {
                for _ in 0..count {
                    pair.pop();
                }
            }
        }
    }
    while pair.pop().is_some() {}
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn few_alarms_set_anew_and_cleared_go_off_in_order(steps in steps(3)) {
        follows_the_plain_queue(steps);
    }

    #[test]
    fn many_alarms_set_anew_and_cleared_go_off_in_order(steps in steps(300)) {
        follows_the_plain_queue(steps);
    }
}

/// A few thousand alarms, each set again when it goes off, others set anew and cleared meanwhile.
fn hold(pending: u32, events: u32, mut span: impl FnMut(u64) -> u64) {
    let mut pair = Pair::new();
    let mut random = 1u64;
    let mut draw = move || {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        random >> 20
    };
    for entity in 0..pending {
        pair.set(Alarm::new((entity % 3) as u8, entity), Time::from_ticks(span(draw())));
    }
    for _ in 0..events {
        let Some((now, alarm)) = pair.pop() else { return };
        let later = |span: u64| Time::from_ticks(now.ticks().saturating_add(span));
        let other = draw() as u32 % pending;
        match draw() % 8 {
            0 => pair.set(Alarm::new((other % 3) as u8, other), later(span(draw()))),
            1 => pair.set(Alarm::new((other % 3) as u8, other), Time::NEVER),
            2 => pair.set(Alarm::new(2, other), now),
            _ => (),
        }
        pair.set(alarm, later(span(draw())));
    }
}

#[test]
fn thousands_of_even_spans_go_off_in_order() {
    hold(3_000, 6_000, |random| random % 1_000_000);
}

#[test]
fn thousands_of_spans_of_all_scales_go_off_in_order() {
    hold(3_000, 6_000, |random| random >> (random % 44));
}

#[test]
fn thousands_at_a_few_instants_go_off_in_order() {
    hold(3_000, 6_000, |random| random % 3 * 1_000_000);
}

#[test]
fn picoseconds_among_days_go_off_in_order() {
    hold(3_000, 6_000, |random| if random % 10 == 0 { 86_400_000_000_000_000 } else { random % 8 });
}

#[test]
fn ever_longer_spans_go_off_in_order() {
    let mut length = 1.0;
    hold(2_000, 4_000, |random| {
        length *= 1.005;
        (length * (random % 1_000) as f64) as u64
    });
}
