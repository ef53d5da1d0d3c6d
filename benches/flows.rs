//! Closed flows on a star: 64 hosts with a link up and a link down, a fixed number of flows in flight, and a new one
//! between random hosts for each that ends.
//!
//! `cargo bench --bench flows -- [IN_FLIGHT TOTAL]`. The hosts, amounts and their order are those of the reference
//! loop `flows` under `../shared/peers/ref`, so that the simulated time `t` is the same but for ticks.
#![allow(clippy::disallowed_methods, reason = "a bench looks at the clock")]

use makespan::sharing::Sharing;
use makespan::time::Time;
use std::time::Instant;

const HOSTS: u64 = 64;
/// 10 Gb/s in bytes per picosecond.
const BANDWIDTH: f64 = 1.25e-3;

fn main() {
    let numbers: Vec<u64> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    match numbers[..] {
        [in_flight, total] => closed_flows(in_flight, total),
        _ => {
            for (in_flight, total) in [(100, 200_000), (1000, 100_000), (10_000, 50_000)] {
                closed_flows(in_flight, total);
            }
        }
    }
}

fn closed_flows(in_flight: u64, total: u64) {
    let mut random = Xoshiro::new(9);
    let mut star = Sharing::new([BANDWIDTH; 2 * HOSTS as usize]);
    let mut start = |star: &mut Sharing, now: Time| {
        let from = random.next() % HOSTS;
        let other = random.next() % (HOSTS - 1);
        let to = other + u64::from(other >= from);
        let bytes = 1e7 * (0.5 + random.uniform());
        star.start(now, &[from as u32, (HOSTS + to) as u32], bytes, f64::INFINITY, 1.0);
    };
    let (mut now, mut started, mut done, mut events) = (Time::ZERO, 0, 0, 0_u64);
    let mut ended = Vec::new();
    let clock = Instant::now();
    while started < in_flight.min(total) {
        start(&mut star, now);
        started += 1;
    }
    star.settle(now);
    while star.next() < Time::NEVER {
        now = star.next();
        events += 1;
        star.finish(now, &mut ended);
        done += ended.len();
        for _ in ended.drain(..) {
            if started < total {
                start(&mut star, now);
                started += 1;
            }
        }
        star.settle(now);
    }
    let seconds = clock.elapsed().as_secs_f64();
    let simulated = now.ticks() as f64 * 1e-12;
    let each = seconds * 1e6 / done as f64;
    println!(
        "in_flight={in_flight} done={done} events={events} t={simulated:.4} wall={seconds:.3} us/flow={each:.3}"
    );
}

/// xoshiro256++ (Blackman & Vigna 2019), seeded by splitmix64.
struct Xoshiro([u64; 4]);

impl Xoshiro {
    fn new(mut seed: u64) -> Self {
        Xoshiro([0; 4].map(|_: u64| {
            seed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = seed;
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            z ^ (z >> 31)
        }))
    }

    fn next(&mut self) -> u64 {
        let s = &mut self.0;
        let result = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let shifted = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= shifted;
        s[3] = s[3].rotate_left(45);
        result
    }

    fn uniform(&mut self) -> f64 {
        ((self.next() >> 11) as f64 + 0.5) * (1.0 / 9_007_199_254_740_992.0)
    }
}
