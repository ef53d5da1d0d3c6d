//! For unit tests: loop schedules from a text, asked without an engine.

use super::{Chunk, LOOPS, LoopSchedule, LoopSetup, LoopSpec};
use crate::rng::{Key, Purpose};
use crate::source::testing::read_with;
use crate::time::Span;
use crate::workload::LoopShape;

/// The schedule that `text` chooses, as `schedule.loop` does.
pub(super) fn spec(text: &str) -> Box<dyn LoopSpec> {
    let text = if text.contains('=') { format!("loop = {{ {text} }}") } else { format!("loop = '{text}'") };
    read_with(&text, |document, cx| LOOPS.read(document.table()?.get("loop")?, cx))
        .unwrap_or_else(|told| panic!("{told}"))
}

/// A loop of `iterations` iterations, in the mean 1000 ticks long with a standard deviation of 500, on cores of these
/// speeds; handing out a chunk takes 100 ticks.
pub(super) fn setup(iterations: u64, speeds: &[f64]) -> LoopSetup<'_> {
    let shape = LoopShape { iterations, steps: 1, barrier: Span::ZERO, mean: 1000.0, sd: 500.0 };
    let key = Key { seed: 2026, replicate: 0, source: 0, purpose: Purpose::Choice };
    LoopSetup { shape, speeds, dispatch: Span::from_ticks(100), key }
}

/// The state of a schedule.
pub(super) fn start(spec: &dyn LoopSpec, setup: &LoopSetup<'_>) -> Box<dyn LoopSchedule> {
    spec.start(setup)
}

/// Everything that `cores` cores are given who ask in turn, with who got it. Every iteration is among it once.
pub(super) fn chunks(spec: &dyn LoopSpec, iterations: u64, cores: usize) -> Vec<(u32, Chunk)> {
    let speeds = vec![1.0; cores];
    let mut schedule = spec.start(&setup(iterations, &speeds));
    schedule.begin();
    let mut given = Vec::new();
    loop {
        let before = given.len();
        given.extend((0..cores as u32).filter_map(|core| Some((core, schedule.take(core)?))));
        if given.len() == before {
            break;
        }
    }
    let mut spans: Vec<(u64, u64)> = given.iter().map(|(_, chunk)| (chunk.first, chunk.size)).collect();
    spans.sort_unstable();
    let end = spans.into_iter().fold(0, |next, (first, size)| {
        assert_eq!(first, next, "an iteration is handed out twice, or not at all");
        assert!(size > 0);
        first + size
    });
    assert_eq!(end, iterations);
    given
}

/// The sizes of the chunks that `cores` cores are given who ask in turn.
pub(super) fn sizes(spec: &dyn LoopSpec, iterations: u64, cores: usize) -> Vec<u64> {
    chunks(spec, iterations, cores).iter().map(|(_, chunk)| chunk.size).collect()
}
