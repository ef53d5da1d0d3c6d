//! A run as a trace: a lane a core in a group a node, a lane for what happens to a node, lanes for messages, counters.

use std::io::{self, Write};
use std::sync::Arc;

use super::{CounterId, Flow, Label, LaneId, ProcessId, Trace, nanoseconds};
use crate::explain::words::some;
use crate::ids::{CoreId, NodeId, TaskId};
use crate::program::graph::Graph;
use crate::record::{
    ChunkRow, ChunkSizes, Fate, IDLE, Idle, Interval, Levels, Marker, MessageRow, Recorder, STATES, State,
    TaskRow,
};
use crate::scenario::Scenario;
use crate::time::Time;
use crate::units::{bytes, count, percent};

/// Most slices: the viewer takes no more with pleasure.
const MOST: u64 = 2_000_000;

/// Writes a run as a trace.
///
/// Where a lane is empty, no work exists. Arrows go from a task of a graph to those that wait for it, through the message
/// that carries its data where there is one.
pub struct TraceRecorder<'a, W: Write> {
    trace: Trace<W>,
    failed: Option<io::Error>,
    scenario: &'a Scenario,
    cores: Vec<LaneId>,
    /// What happens to each node.
    nodes: Vec<LaneId>,
    /// What happens to workloads.
    run: LaneId,
    /// Tasks waiting, tasks in service, idle cores.
    counters: [CounterId; 3],
    network: Option<ProcessId>,
    /// The lanes for messages from each node, with the time at which each is free.
    wires: Vec<Vec<(LaneId, u64)>>,
    /// The lanes of each node for tasks that share its cores, with the time at which each is free.
    shared: Vec<Vec<(LaneId, u64)>>,
    processes: Vec<ProcessId>,
    graphs: Vec<Option<Arc<Graph>>>,
    flows: Vec<Flow>,
    chunks: ChunkSizes,
    slices: u64,
    left_out: u64,
}

impl<'a, W: Write> TraceRecorder<'a, W> {
    /// A trace of a run of `scenario` into `writer`, which should be buffered.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn new(writer: W, scenario: &'a Scenario) -> io::Result<Self> {
        let machine = &scenario.machine;
        let mut trace = Trace::new(writer);
        let whole = trace.process("run")?;
        let counters = [
            trace.counter_track(whole, "tasks waiting", "")?,
            trace.counter_track(whole, "tasks in service", "")?,
            trace.counter_track(whole, "idle cores", "")?,
        ];
        let run = trace.lane(whole, "workloads")?;
        let (mut cores, mut nodes, mut processes) = (Vec::new(), Vec::new(), Vec::new());
        for (at, node) in machine.nodes.iter().enumerate() {
            let process = trace.process(&machine.node_name(NodeId::new(at)))?;
            processes.push(process);
            nodes.push(trace.lane(process, "events")?);
            for core in node.cores.0.index()..node.cores.1.index() {
                cores.push(trace.lane(process, &format!("core {core}"))?);
            }
        }
        let network = scenario.network.as_ref().map(|_| trace.process("network")).transpose()?;
        Ok(TraceRecorder {
            trace,
            failed: None,
            scenario,
            cores,
            wires: vec![Vec::new(); nodes.len()],
            shared: vec![Vec::new(); nodes.len()],
            processes,
            nodes,
            run,
            counters,
            network,
            graphs: vec![None; scenario.jobs.len()],
            flows: Vec::new(),
            chunks: ChunkSizes::default(),
            slices: 0,
            left_out: 0,
        })
    }

    /// Flushes the trace; what was left out, in a sentence.
    ///
    /// # Errors
    /// The first failure of the writer.
    pub fn finish(self) -> io::Result<Option<String>> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        self.trace.finish()?;
        Ok((self.left_out > 0).then(|| {
            format!(
                "The trace has the first {} slices: {} more are left out.",
                count(MOST),
                count(self.left_out)
            )
        }))
    }

    /// Writes, unless that has failed before.
    fn write(&mut self, packets: impl FnOnce(&mut Trace<W>) -> io::Result<()>) {
        if self.failed.is_none() {
            self.failed = packets(&mut self.trace).err();
        }
    }

    fn slice(&mut self, lane: LaneId, (from, to): (u64, u64), label: &Label<'_>) {
        if self.slices == MOST {
            self.left_out += 1;
            return;
        }
        self.slices += 1;
        self.write(|trace| {
            trace.begin(lane, from, label)?;
            trace.end(lane, to)
        });
    }

    fn instant(&mut self, lane: LaneId, at: Time, name: &str, category: &str, flows: &[Flow]) {
        let at = self.ns(at);
        self.write(|trace| trace.instant(lane, at, &Label { name, category, flows, notes: &[] }));
    }

    fn ns(&self, at: Time) -> u64 {
        nanoseconds(at.ticks(), self.scenario.scale.tick)
    }

    fn task_name(&self, (job, number): (u32, u64)) -> String {
        self.scenario.jobs[job as usize].workload.task_name(number)
    }

    /// The arrow from one task of a graph to another.
    fn arrow(&self, job: u32, from: TaskId, to: TaskId) -> Flow {
        let tasks = self.graphs[job as usize].as_ref().map_or(0, |graph| graph.len());
        Flow(u64::from(job) << 48 ^ (from.index() * tasks + to.index()) as u64)
    }

    /// The arrows into a task, if it `begins` here, and out of it, if it `ends` here.
    fn arrows(&self, (job, number): (u32, u64), begins: bool, ends: bool, flows: &mut Vec<Flow>) {
        flows.clear();
        let Some(graph) = &self.graphs[job as usize] else { return };
        let task = TaskId::new(number as usize);
        if begins {
            flows.extend(graph.preds(task).iter().map(|before| self.arrow(job, *before, task)));
        }
        if ends {
            flows.extend(graph.succs(task).iter().map(|after| self.arrow(job, task, *after)));
        }
    }

    /// What happens to the cores from the first up to but without the second, on the lane of their node.
    fn event(&mut self, at: Time, what: &str, (first, end): (CoreId, CoreId)) {
        let node = self.scenario.machine.cores[first.index()].node;
        let (first, last) = (first.index(), end.index().max(1) - 1);
        let name = if first >= last {
            format!("{what} of core {first}")
        } else {
            format!("{what} of cores {first} to {last}")
        };
        self.instant(self.nodes[node.index()], at, &name, "fault", &[]);
    }

    /// A task that shared cores, from its start to its end, on a lane of their node.
    fn shared_slice(&mut self, row: &TaskRow, core: CoreId, start: Time) {
        let node = self.scenario.machine.cores[core.index()].node.index();
        let (from, to) = (self.ns(start), self.ns(row.end));
        let at = match self.shared[node].iter().position(|(_, until)| *until <= from) {
            Some(free) => free,
            None => {
                let process = self.processes[node];
                let mut made = None;
                self.write(|trace| {
                    made = Some(trace.lane(process, "tasks that share cores")?);
                    Ok(())
                });
                let Some(made) = made else { return };
                self.shared[node].push((made, 0));
                self.shared[node].len() - 1
            }
        };
        self.shared[node][at].1 = to;
        let lane = self.shared[node][at].0;
        let mut flows = std::mem::take(&mut self.flows);
        self.arrows((row.job, row.number), true, true, &mut flows);
        let name = self.task_name((row.job, row.number));
        self.slice(lane, (from, to), &Label { name: &name, category: "compute", flows: &flows, notes: &[] });
        self.flows = flows;
    }

    /// Whether the tasks of a job are served all at once.
    fn shares(&self, job: u32) -> bool {
        let job = &self.scenario.jobs[job as usize];
        let schedule = job.schedule.as_ref().unwrap_or(&self.scenario.schedule);
        job.workload.uses_cores() && job.workload.shape().is_none() && schedule.order().service().shares
    }

    /// A lane for messages from `node` that is free at `from`.
    fn wire(&mut self, node: NodeId, from: u64) -> Option<usize> {
        let wires = &self.wires[node.index()];
        if let Some(free) = wires.iter().position(|(_, until)| *until <= from) {
            return Some(free);
        }
        let name = format!("from {}", self.scenario.machine.node_name(node));
        let process = self.network?;
        let mut made = None;
        self.write(|trace| {
            made = Some(trace.lane(process, &name)?);
            Ok(())
        });
        self.wires[node.index()].push((made?, 0));
        Some(self.wires[node.index()].len() - 1)
    }
}

/// Whether a slice is drawn for an interval: a core for which there is no work has none.
fn is_drawn(interval: &Interval) -> bool {
    interval.state != State::Idle || interval.idle != Idle::NoWork
}

impl<W: Write> Recorder for TraceRecorder<'_, W> {
    fn graph(&mut self, job: u32, graph: &Arc<Graph>) {
        self.graphs[job as usize] = Some(graph.clone());
    }

    fn interval(&mut self, interval: &Interval) {
        if !is_drawn(interval) {
            return;
        }
        let state = STATES[interval.state as usize].1;
        let doing = match interval.state {
            State::Idle => format!("idle: {}", IDLE[interval.idle as usize].1),
            _ => state.to_owned(),
        };
        let name = match (interval.task, interval.state) {
            (Some(task), State::Compute) => self.task_name(task),
            (Some(task), _) => format!("{}: {doing}", self.task_name(task)),
            (None, State::Compute) => format!("{} at once", some(u64::from(interval.sharers), "task")),
            (None, _) => doing,
        };
        let mut flows = std::mem::take(&mut self.flows);
        flows.clear();
        if let (Some(task), State::Compute) = (interval.task, interval.state) {
            self.arrows(task, interval.first, interval.last, &mut flows);
        }
        let whole = (interval.to - interval.from).ticks();
        let part = interval.memory.ticks() as f64 / whole.max(1) as f64;
        let memory = (interval.memory.ticks() > 0).then(|| ("waiting for memory", percent(part)));
        let size = interval.task.and_then(|task| self.chunks.get(task));
        let iterations = size.map(|size| ("iterations", size.to_string()));
        let notes: Vec<(&str, String)> = memory.into_iter().chain(iterations).collect();
        let label = Label { name: &name, category: state, flows: &flows, notes: &notes };
        let ends = (self.ns(interval.from), self.ns(interval.to));
        self.slice(self.cores[interval.core.index()], ends, &label);
        self.flows = flows;
    }

    fn chunk(&mut self, row: &ChunkRow) {
        // Kept beyond the end of its task: the intervals may be told later.
        if self.slices < MOST {
            self.chunks.begin(row);
        }
    }

    fn task(&mut self, row: &TaskRow) {
        let (name, task) = (self.task_name((row.job, row.number)), (row.job, row.number));
        let node = |core: CoreId| self.nodes[self.scenario.machine.cores[core.index()].node.index()];
        match (row.fate, row.core) {
            // What takes no time has no slice.
            (Fate::Done, Some(core)) if row.start == Some(row.end) => {
                let mut flows = std::mem::take(&mut self.flows);
                self.arrows(task, true, true, &mut flows);
                self.instant(self.cores[core.index()], row.end, &name, "compute", &flows);
                self.flows = flows;
            }
            (Fate::Done, Some(core)) if self.shares(row.job) => {
                if let Some(start) = row.start {
                    self.shared_slice(row, core, start);
                }
            }
            (Fate::Failed, Some(core)) => {
                self.instant(node(core), row.end, &format!("{name} failed"), "fault", &[]);
            }
            (Fate::Failed, None) => self.instant(self.run, row.end, &format!("{name} failed"), "fault", &[]),
            (Fate::Dropped, _) => self.instant(self.run, row.end, &format!("{name} dropped"), "fault", &[]),
            _ => {}
        }
    }

    fn message(&mut self, row: &MessageRow) {
        let (sent, end) = (self.ns(row.sent), self.ns(row.end));
        let Some(at) = self.wire(row.from, sent) else { return };
        let (lane, until) = &mut self.wires[row.from.index()][at];
        let lane = *lane;
        *until = end;
        let to = self.scenario.machine.node_name(row.to);
        let purpose = row.consumer.map_or(String::new(), |task| format!(" for {}", self.task_name(task)));
        let lost = if row.delivered { "" } else { ": lost" };
        let name = format!("{} to {to}{purpose}{lost}", bytes(row.bytes));
        let flow = match (row.producer, row.consumer) {
            (Some((job, from)), Some((other, to))) if job == other => {
                Some(self.arrow(job, TaskId::new(from as usize), TaskId::new(to as usize)))
            }
            _ => None,
        };
        let label = Label { name: &name, category: "message", flows: flow.as_slice(), notes: &[] };
        self.slice(lane, (sent, end), &label);
    }

    fn mark(&mut self, at: Time, marker: Marker) {
        let name = |job: u32| self.scenario.jobs[job as usize].name.as_str();
        match marker {
            Marker::Crash(first, end) => self.event(at, "crash", (first, end)),
            Marker::Repair(first, end) => self.event(at, "repair", (first, end)),
            Marker::Speed(first, end) => self.event(at, "change of speed", (first, end)),
            Marker::Noticed(first, end) => self.event(at, "noticed loss", (first, end)),
            Marker::Checkpoint(job) => {
                self.instant(self.run, at, &format!("checkpoint of {}", name(job)), "checkpoint", &[]);
            }
            Marker::Rollback(job) => {
                self.instant(self.run, at, &format!("rollback of {}", name(job)), "fault", &[]);
            }
        }
    }

    fn levels(&mut self, at: Time, levels: Levels) {
        let at = self.ns(at);
        let values = [levels.waiting, levels.running, levels.idle];
        let counters = self.counters;
        if self.slices == MOST {
            return;
        }
        self.write(|trace| {
            counters
                .iter()
                .zip(values)
                .try_for_each(|(counter, value)| trace.counter(*counter, at, value as f64))
        });
    }
}
