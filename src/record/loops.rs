//! What loops did: their chunks, and how evenly each time step ended.

use std::collections::BTreeMap;

use super::{ChunkRow, Fate, Recorder, StepRow, TaskRow};
use crate::ids::CoreId;
use crate::time::{Span, Time};

/// The sizes of the chunks that are under way, for who writes down tasks as they end.
#[derive(Debug, Default)]
pub struct ChunkSizes(BTreeMap<(u32, u64), u64>);

impl ChunkSizes {
    /// A chunk was handed out.
    pub fn begin(&mut self, row: &ChunkRow) {
        self.0.insert((row.job, row.number), row.size);
    }

    /// How many iterations a task of this workload and number is, if it is a chunk.
    pub fn get(&self, task: (u32, u64)) -> Option<u64> {
        self.0.get(&task).copied()
    }

    /// A task has ended: how many iterations it was, if it was a chunk.
    pub fn end(&mut self, task: (u32, u64)) -> Option<u64> {
        self.0.remove(&task)
    }
}

/// Most chunks that are kept one by one, and most time steps.
const MOST: usize = 200_000;

/// The loops of a run.
#[derive(Debug, Default)]
pub struct Loops {
    /// The chunks in the order in which they were handed out, as far as there is room.
    pub chunks: Vec<ChunkRow>,
    /// How many there was no room for.
    pub left_out: u64,
    /// The workload of each time step and when it began, as far as there is room.
    pub steps: Vec<(u32, Time)>,
    /// What each loop came to, in the order in which they began.
    pub stories: Vec<LoopStory>,
    under_way: ChunkSizes,
}

/// What a loop came to.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct LoopStory {
    /// Its workload.
    pub job: u32,
    /// Chunks handed out.
    pub chunks: u64,
    /// Their iterations, over all time steps.
    pub iterations: u64,
    /// The sizes of the chunks of the first time step in the order in which they were handed out, as far as there is room.
    pub first: Vec<u64>,
    /// The largest and smallest chunk.
    pub sizes: (u64, u64),
    /// Time steps that were ended.
    pub steps: u64,
    /// How long they took, together.
    pub time: Span,
    /// From when the first of the cores that had any of it had done its last chunk to the end of the step, over all steps.
    pub uneven: Span,
    /// How long the longest chunk of each step took from its start, over all steps.
    pub longest: Span,
    /// Iterations of the longest chunk of any step, and how long it took.
    pub worst: (u64, Span),
    /// The schedules that were chosen, by when each was first, and for how many steps; empty of one that doesn't choose.
    pub chosen: Vec<(String, u64)>,
    /// The weights of the cores as learned in the end, of a schedule that learns them.
    pub weights: Option<Vec<f64>>,
    /// When each core had done its last chunk of the present step.
    last: BTreeMap<CoreId, Time>,
    /// How long the longest chunk of the present step took.
    present: Span,
}

impl LoopStory {
    /// How many chunks hold so much of the iterations of the first time step, from the first chunk on.
    pub fn chunks_until(&self, part: f64) -> usize {
        let all = self.first.iter().sum::<u64>() as f64;
        let mut out = 0;
        let reached = self.first.iter().position(|size| {
            out += size;
            out as f64 >= part * all
        });
        reached.map_or(0, |at| at + 1)
    }
}

impl Loops {
    fn story(&mut self, job: u32) -> &mut LoopStory {
        let at = self.stories.iter().position(|story| story.job == job).unwrap_or_else(|| {
            self.stories.push(LoopStory { job, sizes: (0, u64::MAX), ..LoopStory::default() });
            self.stories.len() - 1
        });
        &mut self.stories[at]
    }
}

impl Recorder for Loops {
    fn chunk(&mut self, row: &ChunkRow) {
        if self.chunks.len() < MOST {
            self.chunks.push(*row);
        } else {
            self.left_out += 1;
        }
        self.under_way.begin(row);
        let story = self.story(row.job);
        story.chunks += 1;
        story.iterations += row.size;
        story.sizes = (story.sizes.0.max(row.size), story.sizes.1.min(row.size));
        if row.step == 0 && story.first.len() < MOST {
            story.first.push(row.size);
        }
    }

    fn task(&mut self, row: &TaskRow) {
        let Some(size) = self.under_way.end((row.job, row.number)) else { return };
        let (Some(start), Some(core), Fate::Done) = (row.start, row.core, row.fate) else { return };
        let story = self.story(row.job);
        story.last.insert(core, row.end);
        let took = row.end - start;
        story.present = story.present.max(took);
        if took > story.worst.1 {
            story.worst = (size, took);
        }
    }

    fn step(&mut self, row: &StepRow<'_>) {
        if self.steps.len() < MOST {
            self.steps.push((row.job, row.began));
        }
        let story = self.story(row.job);
        story.steps += 1;
        story.time += row.ended - row.began;
        if let Some(first) = std::mem::take(&mut story.last).into_values().min() {
            story.uneven += row.ended - first;
        }
        story.longest += std::mem::take(&mut story.present);
        if let Some(name) = row.schedule {
            match story.chosen.iter_mut().find(|(other, _)| other == name) {
                Some((_, steps)) => *steps += 1,
                None => story.chosen.push((name.to_owned(), 1)),
            }
        }
        story.weights = row.weights.map(<[f64]>::to_vec);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(ticks: u64) -> Time {
        Time::from_ticks(ticks)
    }

    /// A chunk of `size` iterations from number `first` on `core` from one instant to another.
    fn chunk(loops: &mut Loops, core: usize, (first, size): (u64, u64), (from, to): (u64, u64)) {
        let core = CoreId::new(core);
        loops.chunk(&ChunkRow { job: 0, number: first, step: 0, first, size, core, asked: time(from) });
        loops.task(&TaskRow {
            job: 0,
            number: first,
            release: Some(time(from)),
            start: Some(time(from)),
            end: time(to),
            core: Some(core),
            cores: 1,
            attempts: 1,
            fate: Fate::Done,
        });
    }

    #[test]
    fn a_step_is_as_uneven_as_its_cores_end_apart() {
        let mut loops = Loops::default();
        chunk(&mut loops, 0, (0, 50), (0, 70));
        chunk(&mut loops, 1, (50, 25), (0, 30));
        chunk(&mut loops, 1, (75, 25), (30, 55));
        let weights = [0.8, 1.2];
        loops.step(&StepRow {
            job: 0,
            step: 0,
            began: time(0),
            ended: time(70),
            schedule: Some("guided"),
            weights: Some(&weights),
        });
        let story = &loops.stories[0];
        assert_eq!((story.chunks, story.iterations, story.sizes), (3, 100, (50, 25)));
        assert_eq!((story.uneven.ticks(), story.longest.ticks(), story.time.ticks()), (15, 70, 70));
        assert_eq!(
            (story.worst, &story.chosen[..]),
            ((50, Span::from_ticks(70)), &[("guided".into(), 1)][..])
        );
        assert_eq!([0.0, 0.5, 0.6, 0.75, 1.0].map(|part| story.chunks_until(part)), [1, 1, 2, 2, 3]);
        assert_eq!(story.weights.as_deref(), Some(&weights[..]));
        assert!(loops.under_way.0.is_empty());
    }
}
