//! Bare loops, which do what a scenario must and nothing else: no queue of events, no account, no statistics but one sum.
//! `bare loop ITERATIONS`: a loop handed out one iteration at a time to 64 cores; `bare power CUSTOMERS`: 1000 servers of
//! which each customer looks at two. Draws are those of the scenarios, of the same streams.
#![allow(clippy::disallowed_methods, reason = "a bench looks at the clock")]

use makespan::rng::{Key, Purpose, Stream};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::time::Instant;

fn stream(purpose: Purpose) -> Stream {
    Stream::new(Key { seed: 1, replicate: 0, source: 0, purpose })
}

/// An exponential span of mean `mean` ticks.
fn exponential(stream: &mut Stream, mean: f64) -> u64 {
    (-mean * libm::log(stream.uniform())).round() as u64
}

/// Self-scheduling: the core that is free first takes the next iteration. The time at which the last one ends.
fn iterations(count: u64) -> f64 {
    let mut cost = stream(Purpose::Work);
    let mut free: BinaryHeap<Reverse<(u64, u32)>> = (0..64).map(|core| Reverse((0, core))).collect();
    let (mut rest, mut last) = (count, 0);
    while rest > 0 {
        let chunk = rest.min(1);
        let mut first = free.peek_mut().expect("there are cores");
        let mut length = 0;
        for _ in 0..chunk {
            length += exponential(&mut cost, 1e6);
        }
        first.0.0 += length;
        last = last.max(first.0.0);
        rest -= chunk;
    }
    last as f64 * 1e-12
}

/// Customers who look at two of 1000 queues and join the shorter; the mean of their responses.
fn choices(count: u64) -> f64 {
    let (mut arrival, mut work) = (stream(Purpose::Arrival), stream(Purpose::Work));
    let (mut choice, mut tie) = (stream(Purpose::Choice), stream(Purpose::Tie));
    let mut queues: Vec<VecDeque<(u64, u64)>> = vec![VecDeque::new(); 1000];
    let mut ends: BinaryHeap<Reverse<(u64, u32)>> = BinaryHeap::new();
    let (mut now, mut total) = (0, 0.0);
    let mut end = |ends: &mut BinaryHeap<Reverse<(u64, u32)>>, queues: &mut Vec<VecDeque<(u64, u64)>>| {
        let Some(Reverse((at, server))) = ends.pop() else { return };
        let queue = &mut queues[server as usize];
        let (came, _) = queue.pop_front().expect("who ends was served");
        total += (at - came) as f64;
        if let Some(&(_, work)) = queue.front() {
            ends.push(Reverse((at + work, server)));
        }
    };
    for _ in 0..count {
        now += exponential(&mut arrival, 1e9 / 900.0);
        while ends.peek().is_some_and(|first| first.0.0 <= now) {
            end(&mut ends, &mut queues);
        }
        let one = choice.below(1000);
        let other = choice.below(999);
        let other = if other >= one { other + 1 } else { other };
        let (here, there) = (queues[one as usize].len(), queues[other as usize].len());
        let nearer = here < there || here == there && tie.below(2) == 0;
        let server = if nearer { one } else { other };
        let length = exponential(&mut work, 1e9);
        queues[server as usize].push_back((now, length));
        if queues[server as usize].len() == 1 {
            ends.push(Reverse((now + length, server as u32)));
        }
    }
    while !ends.is_empty() {
        end(&mut ends, &mut queues);
    }
    total / count as f64 * 1e-12
}

fn main() {
    // Cargo adds `--bench`.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let count = arguments.get(1).and_then(|count| count.parse().ok());
    let (Some(kind), Some(count)) = (arguments.first(), count) else {
        println!("bare loop ITERATIONS | power CUSTOMERS");
        return;
    };
    let started = Instant::now();
    let seconds = match kind.as_str() {
        "loop" => iterations(count),
        "power" => choices(count),
        _ => return println!("bare loop ITERATIONS | power CUSTOMERS"),
    };
    let each = started.elapsed().as_secs_f64() * 1e9 / count as f64;
    println!("bare {} {each:.1} ns/unit result={seconds:.6}", arguments.join(" "));
}
