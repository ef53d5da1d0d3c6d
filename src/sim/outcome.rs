//! From a world at its end to what the replicate comes to, with every identity checked.

use super::Failure;
use super::chunks::Chunks;
use super::tasks::Status;
use super::world::World;
use crate::bounds;
use crate::engine::{End, Ended, Queue};
use crate::ids::{CoreId, TaskId};
use crate::metrics::{Metric, Values};
use crate::record::{
    Bound, BoundKind, CoreRow, CoreTimes, Fate, Fates, Observed, Outcome, Recorder, State, Tail,
};
use crate::time::Time;

/// The probabilities at which the metrics need quantiles.
const QUANTILES: [f64; 4] = [0.5, 0.9, 0.95, 0.99];

impl<R: Recorder, const RARE: bool> World<'_, R, RARE> {
    /// What the replicate comes to.
    ///
    /// # Errors
    /// Where it ended for a reason that leaves nothing to report.
    ///
    /// # Panics
    /// If core time doesn't add up, a task has no fate, or the result beats a bound: bugs of ours.
    pub fn finish(mut self, ended: &Ended, queue: &mut Queue) -> Result<Outcome, Failure> {
        let cut = match ended.end {
            End::Finished => false,
            End::Horizon => true,
            End::Drained if self.scenario.run.horizon < Time::NEVER => true,
            End::Drained => return Err(self.stuck(ended.at)),
            End::TooManyEvents => return Err(Failure::TooManyEvents { at: ended.at, events: ended.events }),
            End::TooManyRounds => return Err(self.too_many_rounds(ended.at)),
        };
        let now = if cut { self.scenario.run.horizon } else { ended.at };
        self.cut_short(now, queue);
        let mut open = Vec::new();
        let times = self.account.finish(now, |core, closed| open.push((core, closed)));
        if R::ACTIVE {
            for (core, closed) in open {
                self.state_closed(core, now, closed);
            }
            for (at, core) in self.cores.iter().enumerate() {
                let id = CoreId::new(at);
                self.recorder.core(&CoreRow { core: id, speed: core.own, times: *self.account.core(id) });
            }
        }
        self.check_work();
        let fates = self.fates();
        let complete = !cut && fates.failed + fates.dropped == 0;
        let bounds = self.bounds(complete);
        if complete {
            self.check_bounds(&bounds);
        }
        let mut values = self.values(now, cut, &times, fates);
        let probabilities = if R::ACTIVE { tail_probabilities() } else { QUANTILES.to_vec() };
        let response = std::mem::take(&mut self.totals.response).finish(&probabilities);
        let wait = std::mem::take(&mut self.totals.wait).finish(&QUANTILES);
        let scale = self.scenario.scale;
        let tail = response.as_ref().filter(|_| R::ACTIVE).map_or_else(Tail::default, |observed| Tail {
            points: probabilities
                .iter()
                .zip(&observed.quantiles)
                .map(|(p, ticks)| (*p, scale.seconds(*ticks)))
                .collect(),
        });
        let set = |values: &mut Values, metrics: [Metric; 6], observed: &Option<Observed>| {
            let Some(observed) = observed else { return };
            values.set(metrics[0], scale.seconds(observed.mean));
            values.set(metrics[5], scale.seconds(observed.largest));
            for (metric, p) in metrics[1..5].iter().zip(QUANTILES) {
                let grid = if observed.quantiles.len() == QUANTILES.len() {
                    &QUANTILES[..]
                } else {
                    &probabilities[..]
                };
                if let Some(at) = grid.iter().position(|q| *q == p) {
                    values.set(*metric, scale.seconds(observed.quantiles[at]));
                }
            }
        };
        use Metric::*;
        set(
            &mut values,
            [Response, ResponseP50, ResponseP90, ResponseP95, ResponseP99, ResponseMax],
            &response,
        );
        set(&mut values, [Wait, WaitP50, WaitP90, WaitP95, WaitP99, WaitMax], &wait);
        Ok(Outcome {
            end: now,
            cut,
            values,
            times,
            fates,
            bounds,
            tail,
            warmup: response.as_ref().map_or(Some(0), |observed| observed.warmup),
            batches: response.as_ref().and_then(|observed| observed.batches),
            exact_quantiles: response.is_none_or(|observed| observed.exact),
            digest: self.digest,
            events: ended.events,
        })
    }

    /// Ends what is still under way when the horizon comes.
    fn cut_short(&mut self, now: Time, queue: &mut Queue) {
        for job in 0..self.jobs.len() as u32 {
            // What no fault can undo any more is done.
            self.commit(job);
            for task in self.tasks.of_job(job) {
                if self.tasks[task].status == Status::Running {
                    self.stop_segment(task, now, queue);
                }
                self.state_row(task, now, Fate::Unfinished);
            }
        }
        if self.commons.any {
            self.settle_commons(now, queue);
            self.check_commons(now);
        }
    }

    /// Every task has one fate.
    fn fates(&self) -> Fates {
        let mut fates = Fates::default();
        for job in &self.jobs {
            let ended = job.fates.done + job.fates.failed + job.fates.dropped;
            assert_eq!(ended + job.open, job.released, "a task of `{}` has no fate, or two", job.spec.name);
            fates.done += job.fates.done;
            fates.failed += job.fates.failed;
            fates.dropped += job.fates.dropped;
            fates.unfinished += job.open;
        }
        fates
    }

    /// Computing time weighted by the speed in force equals the work of the tasks done.
    fn check_work(&self) {
        let totals = &self.totals;
        let difference = (totals.credit - totals.work).abs();
        let allowed = totals.slack + 1e-9 * totals.work + 1.0;
        assert!(
            difference <= allowed,
            "computing time amounts to {} ticks of work, but the tasks done had {} (±{allowed})",
            totals.credit,
            totals.work
        );
    }

    fn values(&mut self, now: Time, cut: bool, times: &CoreTimes, fates: Fates) -> Values {
        let seconds = |ticks: f64| self.scenario.scale.seconds(ticks);
        let mut values = Values::default();
        let warm = self.totals.warm;
        let makespan = self.totals.last_end.ticks() as f64;
        values.set(Metric::Duration, seconds(now.ticks() as f64));
        if !cut {
            values.set(Metric::Makespan, seconds(makespan));
        }
        if now > warm {
            values
                .set(Metric::Throughput, self.totals.done_warm as f64 / seconds((now - warm).ticks() as f64));
        }
        let cold = &self.totals.cold;
        let busy = times.get(State::Compute) + times.get(State::Memory);
        // What tasks that shared cores have lost is known to a tick each.
        let rounding = if self.commons.any { u128::from(self.totals.attempts) } else { 0 };
        assert!(
            cold.busy <= busy + rounding,
            "the warm-up had more computing than the run: {} of {busy}",
            cold.busy
        );
        let busy = busy.saturating_sub(cold.busy);
        let up = times.total() - times.get(State::Down) - cold.up;
        values.set(Metric::Utilisation, busy as f64 / up as f64);
        let all = times.total() as f64;
        values.set(Metric::Availability, 1.0 - times.get(State::Down) as f64 / all);
        values.set(Metric::Lost, times.get(State::Lost) as f64 / all);
        let busy = |core: CoreId| {
            let times = self.account.core(core);
            now.ticks() - times[State::Idle as usize] - times[State::Down as usize]
        };
        let busy: Vec<u64> = (0..self.cores.len()).map(|core| busy(CoreId::new(core))).collect();
        let mean = busy.iter().sum::<u64>() as f64 / busy.len() as f64;
        if let Some(most) = busy.iter().max().filter(|_| mean > 0.0) {
            values.set(Metric::Imbalance, *most as f64 / mean - 1.0);
        }
        let fastest = self.cores.iter().map(|core| core.own).fold(0.0, f64::max);
        if !cut && makespan > 0.0 && self.totals.sequential > 0.0 {
            let speed_up = self.totals.sequential / fastest / makespan;
            let relative: f64 = self.cores.iter().map(|core| core.own / fastest).sum();
            values.set(Metric::SpeedUp, speed_up);
            values.set(Metric::Efficiency, speed_up / relative);
        }
        if self.totals.slowdown.1 > 0 {
            values.set(Metric::Slowdown, self.totals.slowdown.0 / self.totals.slowdown.1 as f64);
        }
        if let Some((waiting, running)) = self.totals.means(now) {
            values.set(Metric::Waiting, waiting);
            values.set(Metric::Queue, waiting + running);
        }
        let counts = [
            (Metric::Done, fates.done),
            (Metric::Failed, fates.failed),
            (Metric::Dropped, fates.dropped),
            (Metric::Unfinished, fates.unfinished),
            (Metric::Attempts, self.totals.attempts),
            (Metric::Cancelled, self.totals.cancelled),
            (Metric::Failures, self.totals.failures),
            (Metric::Checkpoints, self.totals.checkpoints),
            (Metric::Messages, self.messages.delivered),
            (Metric::Preemptions, self.turns.preemptions),
            (Metric::Switches, self.turns.switches),
        ];
        for (metric, count) in counts {
            values.set(metric, count as f64);
        }
        values.set(Metric::Bytes, self.messages.bytes);
        values.set(Metric::Overhead, times.get(State::Schedule) as f64 / all);
        let dispatched = self.dispatched();
        if dispatched > 0.0 {
            values.set(Metric::Dispatching, dispatched / now.ticks() as f64);
        }
        let loops = || self.jobs.iter().filter_map(|job| job.chunks.as_ref());
        if loops().next().is_some() {
            values.set(Metric::Chunks, loops().map(|chunks| chunks.handed).sum::<u64>() as f64);
        }
        if let Some(regret) = loops().filter_map(Chunks::regret).reduce(|sum, regret| sum + regret) {
            values.set(Metric::Regret, seconds(regret));
        }
        self.totals.deadlines.set(&mut values, seconds);
        let most = self.jobs.iter().map(|job| job.most_open).max().unwrap_or(0);
        values.set(Metric::InFlight, most as f64);
        if let Some(stealing) = &self.stealing {
            let tally = &stealing.tally;
            values.set(Metric::StealAttempts, tally.attempts as f64);
            values.set(Metric::Steals, tally.successes as f64);
            values.set(Metric::StolenTasks, tally.tasks as f64);
            values.set(Metric::StolenBytes, tally.bytes);
            // A value that isn't defined, of no steal or no tree, is not finite and left out.
            values.set(Metric::StealDepth, tally.depth.0 as f64 / tally.depth.1 as f64);
            values.set(Metric::StealDelay, seconds(tally.delay as f64 / tally.successes as f64));
        }
        self.rebalancing_values(&mut values);
        values
    }

    fn rebalancing_values(&self, values: &mut Values) {
        let Some(balancing) = &self.balancing else { return };
        let tally = &balancing.tally;
        values.set(Metric::Probes, tally.probes as f64);
        values.set(Metric::Migrations, tally.tasks as f64);
        values.set(Metric::MigratedBytes, tally.bytes);
    }

    /// The lower bounds on the makespan from the work of the tasks done; absent where not all were.
    fn bounds(&self, complete: bool) -> Vec<Bound> {
        let speeds: Vec<(CoreId, f64)> =
            self.cores.iter().enumerate().map(|(at, core)| (CoreId::new(at), core.greatest)).collect();
        let bound = |kind, ticks: f64| Bound::new(kind, complete.then(|| self.scenario.scale.seconds(ticks)));
        let sum: f64 = speeds.iter().map(|(_, speed)| speed).sum();
        let totals = &self.totals;
        let mut longest = totals.longest;
        let faster = self.cores.iter().map(|core| core.greatest / core.own).fold(1.0, f64::max);
        for job in self.jobs.iter().filter(|job| !job.spec.background) {
            longest = longest.max(job.longest_iterations().unwrap_or(0.0));
            if let Some(graph) = job.graph.as_ref().filter(|_| job.has_chains()) {
                // Times given for each core hold at its own speed.
                let faster = if graph.per_core_width().is_some() { faster } else { 1.0 };
                longest = longest.max(bounds::graph::critical_path(graph, &speeds) / faster);
            }
        }
        let bandwidth: f64 = self.scenario.machine.sockets.iter().map(|socket| socket.bandwidth).sum();
        let mut all =
            vec![bound(BoundKind::Area, totals.area / sum), bound(BoundKind::CriticalPath, longest)];
        let dispatched = self.dispatched();
        if dispatched > 0.0 {
            all.push(bound(BoundKind::Dispatcher, dispatched));
        }
        if totals.traffic > 0.0 && bandwidth.is_finite() {
            all.push(bound(BoundKind::Memory, totals.traffic / bandwidth));
        }
        all
    }

    /// Ticks that the busiest serial dispatcher has worked for tasks that aren't in the background.
    fn dispatched(&self) -> f64 {
        let jobs = || self.jobs.iter().filter(|job| !job.spec.background);
        let loops = jobs().filter_map(|job| job.chunks.as_ref()).map(|chunks| chunks.dispatched);
        let desks =
            jobs().filter_map(|job| job.dispatching.as_ref()).flat_map(|dispatching| &dispatching.desks);
        let central = self.centrals.iter().map(|central| central.dispatched);
        central.chain(loops).chain(desks.map(|desk| desk.served)).fold(0.0, f64::max)
    }

    /// No result beats its bound by more than a tick per operation.
    fn check_bounds(&self, bounds: &[Bound]) {
        let makespan = self.scenario.scale.seconds(self.totals.last_end.ticks() as f64);
        let allowed = self.scenario.scale.seconds(self.totals.done as f64 + 1.0) + 1e-9 * makespan;
        for bound in bounds {
            if let Some(seconds) = bound.seconds {
                let name = bound.name;
                assert!(
                    makespan + allowed >= seconds,
                    "the makespan of {makespan} s beats its {name} bound of {seconds} s"
                );
            }
        }
    }

    /// Why nothing can happen any more although work remains.
    fn stuck(&self, at: Time) -> Failure {
        let down = self.cores.iter().filter(|core| core.down > 0).count();
        let mut reasons = Vec::new();
        let waiting = self.totals.waiting();
        if waiting > 0 {
            reasons.push(format!("{waiting} tasks wait for a core that they may use"));
        }
        let blocked: u64 = self.jobs.iter().map(|job| job.blocked).sum();
        if blocked > 0 {
            reasons.push(format!("{blocked} wait for others to end"));
        }
        let left = super::chunks::left(&self.jobs);
        if left > 0 {
            reasons.push(format!("{left} iterations wait for a core that takes them"));
        }
        if self.jobs.iter().any(|job| job.stands_still()) {
            reasons.push("a job waits for a repair that never comes".into());
        }
        if down > 0 {
            reasons.push(format!("{down} cores are down for good"));
        }
        let first =
            (0..self.tasks.slots()).map(TaskId::new).find(|task| self.tasks[*task].status != Status::Ended);
        let example = first.map(|task| {
            let entry = &self.tasks[task];
            let job = self.jobs[entry.job as usize].spec;
            format!("`{}` of `{}`", job.workload.task_name(entry.number), job.name)
        });
        Failure::Stuck { at, why: reasons.join("; "), example }
    }

    fn too_many_rounds(&self, at: Time) -> Failure {
        let policies: Vec<String> =
            self.jobs.iter().map(|job| format!("`{}`", job.schedule.policy_name())).collect();
        Failure::TooManyRounds { at, rounds: self.scenario.run.limits.rounds, policies: policies.join(", ") }
    }
}

/// Where the picture of a distribution looks at it: evenly, and closer and closer towards the tail; among them the
/// probabilities of the metrics.
fn tail_probabilities() -> Vec<f64> {
    let mut all: Vec<f64> = (0..=90).map(|percent| f64::from(percent) / 100.0).collect();
    let mut rest = 0.1;
    while rest > 1e-6 {
        rest *= 0.891_250_938_133_745_5; // twenty steps a decade
        all.push(1.0 - rest);
    }
    all.extend(QUANTILES);
    all.push(1.0);
    all.sort_by(f64::total_cmp);
    all.dedup();
    all
}
