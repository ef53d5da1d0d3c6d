//! Fixed-size chunking: the one size that balances overhead against waiting at the end.

use super::front::{Front, Sizes};
use super::{LoopSchedule, LoopSetup, LoopSpec};
use crate::registry::Entry;
use crate::source::{Field, Work};
use crate::time::Span;

/// What is given of the standard deviation of an iteration and of the overhead of a chunk, in ticks; what isn't is the
/// loop's own.
#[derive(Clone, Copy, Debug)]
struct Fixed {
    sd: Option<f64>,
    overhead: Option<f64>,
}

/// (√2 · N · h / (σ · P · √(ln P)))^(2/3), rounded up (Kruskal & Weiss 1985, section 4); an equal share where that is
/// more, which it is without variance or on one core.
fn size(iterations: u64, cores: u64, overhead: f64, sd: f64) -> u64 {
    let share = iterations.div_ceil(cores);
    let (n, p) = (iterations as f64, cores as f64);
    let below = sd * p * libm::log(p).sqrt();
    if overhead == 0.0 {
        return 1;
    }
    let ratio = core::f64::consts::SQRT_2 * n * overhead / below;
    (libm::cbrt(ratio * ratio).ceil() as u64).clamp(1, share)
}

impl LoopSpec for Fixed {
    fn start(&self, setup: &LoopSetup<'_>) -> Box<dyn LoopSchedule> {
        let overhead = self.overhead.unwrap_or(setup.dispatch.ticks() as f64);
        let sd = self.sd.unwrap_or(setup.shape.sd);
        let size = size(setup.shape.iterations, setup.cores(), overhead, sd);
        Box::new(Front::new(setup.shape.iterations, Same(size)))
    }
}

struct Same(u64);

impl Sizes for Same {
    fn size(&mut self, _: u32, _: u64) -> u64 {
        self.0
    }
}

const SD: Field<Work> =
    Field::new("sd", "the standard deviation of an iteration's work; absent, that of `cost`").optional();
const OVERHEAD: Field<Span> =
    Field::new("overhead", "what handing out a chunk takes; absent, `cost.dispatch`").optional();

pub(super) static ENTRY: Entry<dyn LoopSpec> = Entry {
    name: "fixed",
    about: "chunks of the one size that is best for independent random iterations: (√2·N·h / (σ·P·√ln P))^(2/3)",
    cite: "Kruskal & Weiss 1985, Allocating independent subtasks on parallel processors",
    fields: &[&SD, &OVERHEAD],
    bare: None,
    read: |fields| {
        let (sd, overhead) = (fields.maybe(&SD), fields.maybe(&OVERHEAD));
        let overhead = overhead?.map(|overhead| overhead.ticks() as f64);
        Some(Box::new(Fixed { sd: sd?.map(|sd| sd.0), overhead }))
    },
};

#[cfg(test)]
mod tests {
    use super::super::testing::{sizes, spec};
    use super::*;

    #[test]
    fn the_size_is_that_of_the_formula_rounded_up() {
        // √2 · 10⁴ · 2 / (1 · 8 · √ln 8) = 2451.7…; to the 2/3 it is 181.8…
        assert_eq!(size(10_000, 8, 2.0, 1.0), 182);
        // √2 · 1000 · 0.2 / (1 · 4 · √ln 4) = 60.05…, to the 2/3 15.33…: a standard deviation of 500 ticks and 100 to
        // hand out a chunk.
        assert_eq!(size(1000, 4, 100.0, 500.0), 16);
        assert_eq!(sizes(&*spec("fixed"), 1000, 4)[..2], [16, 16]);
        assert_eq!(sizes(&*spec("fixed = { overhead = '0 s' }"), 3, 2), [1, 1, 1]);
    }

    #[test]
    fn without_variance_or_on_one_core_everyone_gets_an_equal_share() {
        assert_eq!(size(1000, 4, 100.0, 0.0), 250);
        assert_eq!(size(1000, 1, 100.0, 500.0), 1000);
        assert_eq!(size(1000, 4, 100.0, f64::INFINITY), 1);
    }
}
