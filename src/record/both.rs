//! Recorders put together: a pair, one that is borrowed, one that may be missing.

use std::sync::Arc;

use super::{
    Choice, ChunkRow, CoreRow, Interval, Levels, Marker, MessageRow, Recorder, StealRow, StepRow, TaskRow,
};
use crate::ids::CoreId;
use crate::program::graph::Graph;
use crate::time::{Span, Time};

/// Two recorders are told the same: one run feeds both.
impl<A: Recorder, B: Recorder> Recorder for (A, B) {
    const ACTIVE: bool = A::ACTIVE || B::ACTIVE;

    fn graph(&mut self, job: u32, graph: &Arc<Graph>) {
        self.0.graph(job, graph);
        self.1.graph(job, graph);
    }

    fn interval(&mut self, interval: &Interval) {
        self.0.interval(interval);
        self.1.interval(interval);
    }

    fn lost(&mut self, core: CoreId, task: (u32, u64), span: Span) {
        self.0.lost(core, task, span);
        self.1.lost(core, task, span);
    }

    fn chunk(&mut self, row: &ChunkRow) {
        self.0.chunk(row);
        self.1.chunk(row);
    }

    fn step(&mut self, row: &StepRow<'_>) {
        self.0.step(row);
        self.1.step(row);
    }

    fn choice(&mut self, at: Time, choice: &Choice) {
        self.0.choice(at, choice);
        self.1.choice(at, choice);
    }

    fn task(&mut self, row: &TaskRow) {
        self.0.task(row);
        self.1.task(row);
    }

    fn message(&mut self, row: &MessageRow) {
        self.0.message(row);
        self.1.message(row);
    }

    fn steal(&mut self, row: &StealRow) {
        self.0.steal(row);
        self.1.steal(row);
    }

    fn mark(&mut self, at: Time, marker: Marker) {
        self.0.mark(at, marker);
        self.1.mark(at, marker);
    }

    fn levels(&mut self, at: Time, levels: Levels) {
        self.0.levels(at, levels);
        self.1.levels(at, levels);
    }

    fn core(&mut self, row: &CoreRow) {
        self.0.core(row);
        self.1.core(row);
    }
}

/// A recorder that may not be there.
impl<R: Recorder> Recorder for Option<R> {
    const ACTIVE: bool = R::ACTIVE;

    fn graph(&mut self, job: u32, graph: &Arc<Graph>) {
        self.iter_mut().for_each(|recorder| recorder.graph(job, graph));
    }

    fn interval(&mut self, interval: &Interval) {
        self.iter_mut().for_each(|recorder| recorder.interval(interval));
    }

    fn lost(&mut self, core: CoreId, task: (u32, u64), span: Span) {
        self.iter_mut().for_each(|recorder| recorder.lost(core, task, span));
    }

    fn chunk(&mut self, row: &ChunkRow) {
        self.iter_mut().for_each(|recorder| recorder.chunk(row));
    }

    fn step(&mut self, row: &StepRow<'_>) {
        self.iter_mut().for_each(|recorder| recorder.step(row));
    }

    fn choice(&mut self, at: Time, choice: &Choice) {
        self.iter_mut().for_each(|recorder| recorder.choice(at, choice));
    }

    fn task(&mut self, row: &TaskRow) {
        self.iter_mut().for_each(|recorder| recorder.task(row));
    }

    fn message(&mut self, row: &MessageRow) {
        self.iter_mut().for_each(|recorder| recorder.message(row));
    }

    fn steal(&mut self, row: &StealRow) {
        self.iter_mut().for_each(|recorder| recorder.steal(row));
    }

    fn mark(&mut self, at: Time, marker: Marker) {
        self.iter_mut().for_each(|recorder| recorder.mark(at, marker));
    }

    fn levels(&mut self, at: Time, levels: Levels) {
        self.iter_mut().for_each(|recorder| recorder.levels(at, levels));
    }

    fn core(&mut self, row: &CoreRow) {
        self.iter_mut().for_each(|recorder| recorder.core(row));
    }
}
