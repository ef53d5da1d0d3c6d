//! The queues of servers that have one each: how long they are over time, and how well tasks were sent to them.

use std::collections::BTreeMap;

use super::profile::Curve;
use super::{Choice, CoreRow, Recorder, TaskRow, Why};
use crate::ids::CoreId;
use crate::policy::Queues as Places;
use crate::program::Service;
use crate::scenario::{Job, Scenario};
use crate::time::Time;

/// Most servers of which each has a line of its own.
const EACH: usize = 8;

/// The servers that have queues of their own, each a core or a replica of a service.
#[derive(Debug, Default)]
pub struct Queues {
    /// The servers: the first core of each, and how many it has. In order; none where no policy keeps a queue a server.
    pub servers: Vec<(CoreId, u32)>,
    /// What became of the tasks that were sent to them.
    pub sent: Sent,
    /// Sums over time, each with the tick up to which they go.
    pub held: Held,
    /// Of each job, its servers: from the first up to but without the second; none of one that shares a queue.
    jobs: Vec<Option<(usize, usize)>>,
    /// The server of each core, where it is of any.
    of: Vec<Option<usize>>,
    /// Tasks at each server, waiting and in service.
    lengths: Vec<u32>,
    /// How many servers have so many tasks.
    having: Vec<u32>,
    /// Servers that have fewer tasks than cores, and those that have more.
    idle: u32,
    behind: u32,
    /// Tasks at all servers together.
    all: u64,
    /// Where each task is.
    at: BTreeMap<(u32, u64), usize>,
    since: Time,
    last: Option<usize>,
    row: u64,
    lines: Vec<Curve>,
    mean: Option<Box<Spread>>,
}

/// Of many servers, how their lengths are spread over time.
#[derive(Debug)]
struct Spread {
    mean: Curve,
    longest: Curve,
    upper: Curve,
    lower: Curve,
}

/// How tasks were sent to servers.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Sent {
    /// How many were.
    pub all: u64,
    /// How many to a server that had the fewest tasks of those that it could go to, itself not counted.
    pub shortest: u64,
    /// How many to a server without a free core while another had one.
    pub past_idle: u64,
    /// How many to the same server as the one before.
    pub again: u64,
    /// The most in a row to the same server.
    pub in_a_row: u64,
}

/// Sums over time, in ticks.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Held {
    /// The longest less the shortest: tasks × ticks.
    pub spread: u128,
    /// The longest.
    pub longest: u128,
    /// Servers with a free core while another had tasks that waited: servers × ticks.
    pub idle: u128,
    /// The length of all of this.
    pub time: u64,
}

/// A line of the picture: the tick from which on each mean holds, and the mean.
pub type Means = Vec<(u64, f64)>;

/// How long queues were over time.
#[derive(Clone, PartialEq, Debug)]
pub enum Lengths {
    /// One line a server.
    Each(Vec<Means>),
    /// The mean of all servers, the longest, and those that nine in ten and one in ten don't exceed.
    Many {
        /// The mean.
        mean: Means,
        /// The longest.
        longest: Means,
        /// The 90th percentile over servers.
        upper: Means,
        /// The 10th percentile over servers.
        lower: Means,
    },
}

impl Queues {
    /// Nothing yet of a run of `scenario`.
    pub fn new(scenario: &Scenario) -> Self {
        let mut queues = Queues::default();
        let own = |job: &&Job| {
            let policy = &job.schedule.as_ref().unwrap_or(&scenario.schedule).policy;
            let placed = matches!(policy.queues(), Places::PerServer | Places::Deques(_));
            placed && job.workload.uses_cores() && job.workload.shape().is_none() && !job.workload.unfolds()
        };
        let cores = scenario.machine.len();
        let mut firsts: Vec<u32> = vec![0; cores];
        for job in scenario.jobs.iter().filter(own) {
            let each = job.workload.service().map_or(1, |service| service.cores).max(1);
            let (from, to) = places(job);
            for first in (from..to).step_by(each as usize) {
                firsts[first as usize] = firsts[first as usize].max(each);
            }
        }
        queues.of = vec![None; cores];
        for (first, each) in firsts.iter().enumerate().filter(|(_, each)| **each > 0) {
            for core in first..(first + *each as usize).min(cores) {
                queues.of[core] = Some(queues.servers.len());
            }
            queues.servers.push((CoreId::new(first), *each));
        }
        let count = queues.servers.len();
        let range = |job: &Job| {
            own(&job).then(|| {
                let (from, to) = places(job);
                let inside = |core: CoreId| (from..to).contains(&(core.index() as u32));
                let mine = queues.servers.iter().filter(|(first, _)| inside(*first)).count();
                let before = queues.servers.iter().filter(|(first, _)| (first.index() as u32) < from).count();
                (before, before + mine)
            })
        };
        queues.jobs = scenario.jobs.iter().map(range).collect();
        queues.lengths = vec![0; count];
        queues.having = vec![count as u32];
        queues.idle = count as u32;
        match count {
            0 => {}
            1..=EACH => queues.lines = vec![Curve::new(); count],
            _ => {
                let [mean, longest, upper, lower] = [(); 4].map(|()| Curve::new());
                queues.mean = Some(Box::new(Spread { mean, longest, upper, lower }));
            }
        }
        queues
    }

    /// How long the queues were, with what is in service; none where there are none.
    pub fn lengths(&self) -> Option<Lengths> {
        let end = Time::from_ticks(self.held.time);
        match &self.mean {
            _ if self.sent.all == 0 => None,
            Some(spread) => Some(Lengths::Many {
                mean: spread
                    .mean
                    .means(end)
                    .into_iter()
                    .map(|(at, sum)| (at, sum / self.servers.len() as f64))
                    .collect(),
                longest: spread.longest.means(end),
                upper: spread.upper.means(end),
                lower: spread.lower.means(end),
            }),
            None => Some(Lengths::Each(self.lines.iter().map(|line| line.means(end)).collect())),
        }
    }

    fn longest(&self) -> usize {
        self.having.len().saturating_sub(1)
    }

    /// The length that so many servers, from the shortest queue on, don't exceed.
    fn rank(&self, servers: u32) -> u64 {
        let mut seen = 0;
        let reached = self.having.iter().position(|count| {
            seen += count;
            seen >= servers
        });
        reached.unwrap_or(0) as u64
    }

    fn advance(&mut self, now: Time) {
        let span = u128::from((now - self.since).ticks());
        if span == 0 {
            return;
        }
        let longest = self.longest() as u128;
        let shortest = u128::from(self.rank(1));
        self.held.longest += longest * span;
        self.held.spread += (longest - shortest) * span;
        if self.behind > 0 {
            self.held.idle += u128::from(self.idle) * span;
        }
        if self.mean.is_some() {
            let count = self.servers.len() as u32;
            let (upper, lower) = (self.rank((count * 9).div_ceil(10)), self.rank(count.div_ceil(10)));
            if let Some(spread) = &mut self.mean {
                spread.mean.add(self.since, now, self.all);
                spread.longest.add(self.since, now, longest as u64);
                spread.upper.add(self.since, now, upper);
                spread.lower.add(self.since, now, lower);
            }
        } else {
            for (line, length) in self.lines.iter_mut().zip(&self.lengths) {
                line.add(self.since, now, u64::from(*length));
            }
        }
        self.since = now;
    }

    fn change(&mut self, server: usize, now: Time, more: bool) {
        self.advance(now);
        let (before, cores) = (self.lengths[server], self.servers[server].1);
        let after = if more { before + 1 } else { before - 1 };
        self.lengths[server] = after;
        self.all = if more { self.all + 1 } else { self.all - 1 };
        self.idle = self.idle + u32::from(after < cores) - u32::from(before < cores);
        self.behind = self.behind + u32::from(after > cores) - u32::from(before > cores);
        if self.having.len() <= after as usize {
            self.having.resize(after as usize + 1, 0);
        }
        self.having[before as usize] -= 1;
        self.having[after as usize] += 1;
        while self.having.len() > 1 && self.having[self.having.len() - 1] == 0 {
            self.having.pop();
        }
    }

    /// Keeps the books on a task that is sent to `server`.
    fn judge(&mut self, job: u32, server: usize) {
        let Some((from, to)) = self.jobs[job as usize] else { return };
        let (own, cores) = (self.lengths[server], self.servers[server].1);
        let whole = to - from == self.servers.len();
        let least = match whole {
            true => self.rank(1) as u32,
            false => self.lengths[from..to].iter().copied().min().unwrap_or(0),
        };
        let free = match whole {
            true => self.idle > 0,
            false => (from..to).any(|server| self.lengths[server] < self.servers[server].1),
        };
        self.sent.all += 1;
        self.sent.shortest += u64::from(own == least);
        self.sent.past_idle += u64::from(own >= cores && free);
        let again = self.last == Some(server);
        self.sent.again += u64::from(again);
        self.row = if again { self.row + 1 } else { 1 };
        self.sent.in_a_row = self.sent.in_a_row.max(self.row);
        self.last = Some(server);
    }
}

/// The cores of a job that are of any server, from the first up to but without the second.
fn places(job: &Job) -> (u32, u32) {
    let (from, to) = job.on;
    let of = |service: &Service| from + service.replicas_on(to - from) * service.cores;
    (from, job.workload.service().map_or(to, of))
}

impl Recorder for Queues {
    fn choice(&mut self, at: Time, choice: &Choice) {
        if self.servers.is_empty() || self.jobs[choice.job as usize].is_none() {
            return;
        }
        let sent = match choice.why {
            Why::Placed(_) => true,
            why if why.from().is_some() => false,
            _ => return,
        };
        let Some(server) = self.of[choice.core.index()] else { return };
        // Who is sent anew, after it was lost or by another's decision, is no longer where it was.
        if let Some(before) = self.at.remove(&(choice.job, choice.number)) {
            self.change(before, at, false);
        }
        if sent {
            self.judge(choice.job, server);
        }
        self.at.insert((choice.job, choice.number), server);
        self.change(server, at, true);
    }

    fn task(&mut self, row: &TaskRow) {
        if let Some(server) = self.at.remove(&(row.job, row.number)) {
            self.change(server, row.end, false);
        }
    }

    fn core(&mut self, row: &CoreRow) {
        if self.held.time == 0 {
            let end = row.times.iter().sum();
            self.advance(Time::from_ticks(end).max(self.since));
            self.held.time = end;
        }
    }
}
