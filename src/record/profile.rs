//! How much there was of what is counted, over time.

use super::{CoreRow, Interval, Levels, MessageRow, Recorder, State};
use crate::time::Time;

/// Most stretches of time that are told apart.
const MOST: usize = 4096;

/// A level over time as its means over equal stretches, which double in length as time goes on.
#[derive(Clone, Debug)]
pub(super) struct Curve {
    /// Ticks a stretch.
    width: u64,
    /// Level × ticks.
    sums: Vec<u128>,
}

impl Curve {
    pub fn new() -> Self {
        Curve { width: 1, sums: vec![0; MOST] }
    }

    /// There were `level` more from `from` to `to`.
    pub fn add(&mut self, from: Time, to: Time, level: u64) {
        let (mut from, to) = (from.ticks(), to.ticks());
        while to > self.width.saturating_mul(MOST as u64) {
            for at in 0..MOST / 2 {
                self.sums[at] = self.sums[2 * at] + self.sums[2 * at + 1];
            }
            self.sums[MOST / 2..].fill(0);
            self.width *= 2;
        }
        if level == 0 {
            return;
        }
        while from < to {
            let at = from / self.width;
            let end = to.min((at + 1).saturating_mul(self.width));
            self.sums[at as usize] += u128::from(level) * u128::from(end - from);
            from = end;
        }
    }

    /// The tick at which each mean begins to hold, and the mean; up to `end`.
    pub fn means(&self, end: Time) -> Vec<(u64, f64)> {
        let mut means: Vec<(u64, f64)> = Vec::new();
        for (at, sum) in self.sums.iter().enumerate() {
            let from = at as u64 * self.width;
            if from >= end.ticks() {
                break;
            }
            let mean = *sum as f64 / self.width.min(end.ticks() - from) as f64;
            if means.last().is_none_or(|last| last.1 != mean) {
                means.push((from, mean));
            }
        }
        means
    }
}

/// The length of the queue, the number of tasks in service, and the number of busy cores over time.
#[derive(Clone, Debug)]
pub struct Profile {
    waiting: Curve,
    running: Curve,
    busy: Curve,
    bytes: Curve,
    levels: Levels,
    since: Time,
    end: Time,
}

impl Default for Profile {
    fn default() -> Self {
        let (levels, start) = (Levels::default(), Time::ZERO);
        Profile {
            waiting: Curve::new(),
            running: Curve::new(),
            busy: Curve::new(),
            bytes: Curve::new(),
            levels,
            since: start,
            end: start,
        }
    }
}

impl Profile {
    /// When the run ended.
    pub fn end(&self) -> Time {
        self.end
    }

    /// Tasks ready and not in service: the tick from which on each mean holds, and the mean.
    pub fn waiting(&self) -> Vec<(u64, f64)> {
        self.waiting.means(self.end)
    }

    /// Tasks in service, likewise.
    pub fn running(&self) -> Vec<(u64, f64)> {
        self.running.means(self.end)
    }

    /// Cores neither idle nor down, likewise.
    pub fn busy(&self) -> Vec<(u64, f64)> {
        self.busy.means(self.end)
    }

    /// Bytes of messages that have been sent and not yet arrived, likewise.
    pub fn bytes(&self) -> Vec<(u64, f64)> {
        self.bytes.means(self.end)
    }

    fn advance(&mut self, now: Time) {
        self.waiting.add(self.since, now, self.levels.waiting);
        self.running.add(self.since, now, self.levels.running);
        self.since = now;
    }
}

impl Recorder for Profile {
    fn levels(&mut self, at: Time, levels: Levels) {
        self.advance(at);
        self.levels = levels;
    }

    fn interval(&mut self, interval: &Interval) {
        if !matches!(interval.state, State::Idle | State::Down) {
            self.busy.add(interval.from, interval.to, 1);
        }
    }

    fn message(&mut self, row: &MessageRow) {
        self.bytes.add(row.sent, row.end, row.bytes as u64);
    }

    fn core(&mut self, row: &CoreRow) {
        // The states of every core fill the run.
        self.end = Time::from_ticks(row.times.iter().sum());
        self.advance(self.end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_over_stretches_keep_the_integral_however_often_they_are_widened() {
        let mut curve = Curve::new();
        let mut integral = 0;
        let mut at = 0;
        for step in 1..2000u64 {
            let (length, level) = (step * 7919 % 10_007, step % 13);
            curve.add(Time::from_ticks(at), Time::from_ticks(at + length), level);
            integral += u128::from(length * level);
            at += length;
        }
        assert_eq!(curve.sums.iter().sum::<u128>(), integral);
        assert!(curve.width > 1);
        let end = Time::from_ticks(at);
        let means = curve.means(end);
        let ends = means.iter().skip(1).map(|mean| mean.0).chain([at]);
        let back: f64 = means.iter().zip(ends).map(|((from, mean), to)| mean * (to - from) as f64).sum();
        assert!((back - integral as f64).abs() < 1e-6 * integral as f64);
    }

    #[test]
    fn a_level_that_holds_is_one_step() {
        let mut profile = Profile::default();
        profile.levels(Time::ZERO, Levels { waiting: 3, running: 1, idle: 0 });
        profile.levels(Time::from_ticks(2048), Levels { waiting: 1, running: 1, idle: 0 });
        profile.core(&CoreRow {
            core: crate::ids::CoreId::new(0),
            speed: 1.0,
            times: [4000, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        });
        assert_eq!(profile.waiting(), [(0, 3.0), (2048, 1.0)]);
        assert_eq!(profile.running(), [(0, 1.0)]);
    }
}
