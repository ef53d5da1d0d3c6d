//! A bottleneck's clock: how much each unit of weight has received there.

use crate::time::{Span, Time};

/// A clock that counts the amount per weight received at a bottleneck, where all rates per weight are the same.
#[derive(Clone, Copy)]
pub(super) struct Clock {
    /// What it showed at `since`.
    served: f64,
    since: Time,
    /// Its rate from then on, in amount per tick.
    pub(super) rate: f64,
}

impl Clock {
    /// A clock that shows `served` and stands still.
    pub(super) const fn stopped(now: Time, served: f64) -> Self {
        Clock { served, since: now, rate: 0.0 }
    }

    /// What it shows at `now`.
    pub(super) fn at(&self, now: Time) -> f64 {
        // An infinite rate has served nothing in no time.
        let elapsed = (now - self.since).ticks();
        if elapsed == 0 { self.served } else { self.served + self.rate * elapsed as f64 }
    }

    /// Goes on at `rate`.
    pub(super) fn run(&mut self, now: Time, rate: f64) {
        *self = Clock { served: self.at(now), since: now, rate };
    }

    /// Shows 0 from now on; returns what it showed.
    pub(super) fn restart(&mut self, now: Time) -> f64 {
        let served = self.at(now);
        (self.served, self.since) = (0.0, now);
        served
    }

    /// When it will show `finish`, counted from `now`: never if it stands still, or beyond the end of time.
    pub(super) fn when(&self, now: Time, finish: f64) -> Time {
        let left = finish - self.at(now);
        let ticks = if left <= 0.0 { 0.0 } else { left / self.rate };
        if ticks < Span::FOREVER.ticks() as f64 { now + Span::round_up(ticks) } else { Time::NEVER }
    }
}
