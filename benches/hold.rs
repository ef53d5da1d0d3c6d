//! The hold model (Jones 1986): each alarm that goes off is set again after a random span, so that a constant number
//! is pending. Through the real queue and the run loop, with a model that does next to nothing.
//!
//! `cargo bench --bench hold -- PENDING EVENTS [SPANS [TICKS]]` prints the time an event; SPANS is one of
//! `exponential` (the default), `even`, `equal`, `bimodal` and `wild`, with a mean near TICKS (1e12).
#![allow(clippy::disallowed_methods, reason = "a bench looks at the clock")]

use makespan::engine::{Alarm, Limits, Model, Queue, run};
use makespan::time::{Span, Time};
use std::hint::black_box;
use std::time::Instant;

/// xoshiro256++ (Blackman & Vigna 2021), seeded by SplitMix64: cheap, so that what is measured is the queue.
struct Random([u64; 4]);

impl Random {
    fn new(mut seed: u64) -> Self {
        Random(std::array::from_fn(|_| {
            seed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mixed = (seed ^ (seed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            mixed ^ (mixed >> 31)
        }))
    }

    /// Uniform between 0 and 1, neither included.
    #[inline(always)]
    fn uniform(&mut self) -> f64 {
        let [a, b, c, d] = self.0;
        let next = a.wrapping_add(d).rotate_left(23).wrapping_add(a);
        self.0 = [a ^ d ^ b, b ^ c ^ a, c ^ a ^ (b << 17), (d ^ b).rotate_left(45)];
        ((next >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }
}

struct Hold<F> {
    random: Random,
    /// Draws a span in ticks.
    draw: F,
    left: u64,
    /// Depends on every alarm, so that none can be optimised away, and tells whether two queues agree.
    check: u64,
}

impl<F: FnMut(&mut Random) -> f64> Hold<F> {
    #[inline(always)]
    fn later(&mut self, now: Time) -> Time {
        // Spans are far shorter than 2^63 ticks, and to a signed integer the processor converts in one step.
        now + Span::from_ticks((self.draw)(&mut self.random) as i64 as u64)
    }
}

impl<F: FnMut(&mut Random) -> f64> Model for Hold<F> {
    #[inline(always)]
    fn handle(&mut self, now: Time, alarm: Alarm, queue: &mut Queue) {
        // An instant is always completed, so that a few more may go off.
        self.left = self.left.saturating_sub(1);
        self.check = self.check.wrapping_add(u64::from(alarm.entity()));
        queue.set(alarm, self.later(now));
    }

    fn settle(&mut self, _: Time, _: &mut Queue) {}

    fn finished(&self) -> bool {
        self.left == 0
    }
}

fn hold(pending: u32, events: u64, draw: impl FnMut(&mut Random) -> f64) {
    let mut model = Hold { random: Random::new(42), draw, left: events, check: 0 };
    let mut queue = Queue::new(1);
    for entity in 0..pending {
        queue.set(Alarm::new(0, entity), model.later(Time::ZERO));
    }
    let start = Instant::now();
    let ended =
        run(&mut model, &mut queue, &Limits { events: u64::MAX, rounds: u32::MAX, horizon: Time::NEVER });
    let ns = start.elapsed().as_secs_f64() * 1e9 / ended.events as f64;
    println!(
        "N={pending} events={} ns/ev={ns:.2} chk={} t={:?}",
        ended.events,
        black_box(model.check),
        ended.at
    );
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let argument = |index: usize, default: &'static str| arguments.get(index).map_or(default, String::as_str);
    let pending: u32 = argument(0, "1000").parse()?;
    let events: u64 = argument(1, "3000000").parse()?;
    let mean: f64 = argument(3, "1e12").parse()?;
    match argument(2, "exponential") {
        "exponential" => hold(pending, events, |random| -random.uniform().ln() * mean),
        "even" => hold(pending, events, |random| random.uniform() * 2.0 * mean),
        "equal" => hold(pending, events, |_| mean),
        // One in ten is 10^5 times as long as the others.
        "bimodal" => hold(pending, events, |random| match random.uniform() {
            rare if rare < 0.1 => rare * 100.0 * mean,
            usual => usual * 1e-3 * mean,
        }),
        // Every scale from one tick to the mean is as frequent as any other.
        "wild" => hold(pending, events, |random| mean.powf(random.uniform())),
        other => return Err(format!("no spans are called {other}").into()),
    }
    Ok(())
}
