//! Weighted factoring: the chunks of a batch are in proportion to what their cores can do.

use super::batches::Batch;
use super::front::{Front, Sizes};
use super::{LoopSchedule, LoopSetup, LoopSpec};
use crate::registry::Entry;
use crate::source::Field;
use crate::workload::LoopShape;

/// The weights of cores as given; absent, their speeds at the start.
#[derive(Clone, Debug)]
struct WeightedFactoring {
    weights: Option<Vec<f64>>,
}

impl LoopSpec for WeightedFactoring {
    fn start(&self, setup: &LoopSetup<'_>) -> Box<dyn LoopSchedule> {
        let weights = self.weights.as_deref().unwrap_or(setup.speeds);
        let mean = weights.iter().sum::<f64>() / weights.len() as f64;
        let weights = weights.iter().map(|weight| weight / mean).collect();
        Box::new(Front::new(setup.shape.iterations, Weighted { weights, batch: Batch::default() }))
    }

    fn misfits(&self, _: &LoopShape, cores: u32) -> Option<(String, &'static str)> {
        let given = self.weights.as_ref()?.len();
        (given != cores as usize).then(|| {
            let what = format!("{given} weights, but the loop may use {cores} cores");
            (what, "give one weight a core, or leave `weights` out: they are the speeds then")
        })
    }
}

struct Weighted {
    /// Their mean is 1.
    weights: Vec<f64>,
    batch: Batch,
}

impl Sizes for Weighted {
    fn begin(&mut self, _: u64) {
        self.batch.clear();
    }

    fn size(&mut self, core: u32, remaining: u64) -> u64 {
        let cores = self.weights.len() as u64;
        if self.batch.is_over() {
            self.batch.start(remaining as f64 / (2.0 * cores as f64), cores);
        }
        self.batch.take(self.weights[core as usize], remaining)
    }
}

const WEIGHTS: Field<Vec<f64>> = Field::new(
    "weights",
    "how much each core gets of a batch, in any proportion; absent, in proportion to the speeds at the start",
)
.optional()
.check(|weights| match weights.iter().all(|weight| *weight > 0.0) && !weights.is_empty() {
    true => Ok(()),
    false => Err("each must be above 0"),
});

pub(super) static ENTRY: Entry<dyn LoopSpec> = Entry {
    name: "weighted-factoring",
    about: "factoring with the chunks of a batch in proportion to the weights of cores",
    cite: "Hummel, Schmidt, Uma & Wein 1996, Load-sharing in heterogeneous systems via weighted factoring",
    fields: &[&WEIGHTS],
    bare: Some("weights"),
    read: |fields| Some(Box::new(WeightedFactoring { weights: fields.maybe(&WEIGHTS)? })),
};

#[cfg(test)]
mod tests {
    use super::super::testing::{setup, sizes, spec, start};

    #[test]
    fn equal_cores_get_what_factoring_gives_them() {
        for (iterations, cores) in [(100, 4), (1000, 4), (1000, 7), (5, 8)] {
            let plain = sizes(&*spec("factoring"), iterations, cores);
            assert_eq!(sizes(&*spec("weighted-factoring"), iterations, cores), plain);
        }
    }

    #[test]
    fn a_core_of_three_times_the_speed_gets_three_times_as_much_of_a_batch() {
        let mut schedule = start(&*spec("weighted-factoring"), &setup(800, &[3.0, 1.0]));
        schedule.begin();
        let mut next = |core| schedule.take(core).map(|chunk| chunk.size);
        // A batch of 400, of which weight 1.5 is 300; the next of 200.
        assert_eq!([next(0), next(1), next(1), next(0)], [Some(300), Some(100), Some(50), Some(150)]);
    }
}
