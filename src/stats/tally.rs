//! A level that changes at instants, such as the length of a queue, and its average over time.

use crate::time::Time;

/// A whole-numbered level and its exact integral over time.
///
/// ```
/// use makespan::stats::Tally;
/// use makespan::time::Time;
/// let mut queue = Tally::new(Time::ZERO, 0);
/// queue.set(Time::from_ticks(4), 3);
/// queue.set(Time::from_ticks(6), 0);
/// assert_eq!(queue.integral(Time::from_ticks(10)), 6);
/// assert_eq!(queue.mean(Time::from_ticks(10)), Some(0.6));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Tally {
    start: Time,
    changed: Time,
    level: u64,
    max: u64,
    /// Level × ticks from `start` to `changed`.
    integral: u128,
}

impl Tally {
    /// Begins at `start` with `level`.
    pub fn new(start: Time, level: u64) -> Self {
        Tally { start, changed: start, level, max: level, integral: 0 }
    }

    /// The level is `level` from `now` on. Instants must not go back.
    #[inline]
    pub fn set(&mut self, now: Time, level: u64) {
        self.integral = self.integral(now);
        self.changed = now;
        self.level = level;
        self.max = self.max.max(level);
    }

    /// The level now.
    pub fn level(&self) -> u64 {
        self.level
    }

    /// The highest level since the start.
    pub fn max(&self) -> u64 {
        self.max
    }

    /// Level × ticks from the start to `now`, exactly.
    #[inline]
    pub fn integral(&self, now: Time) -> u128 {
        self.integral + u128::from(self.level) * u128::from((now - self.changed).ticks())
    }

    /// The average level from the start to `now`; `None` if no time has passed.
    pub fn mean(&self, now: Time) -> Option<f64> {
        let ticks = (now - self.start).ticks();
        (ticks > 0).then(|| self.integral(now) as f64 / ticks as f64)
    }

    /// Forgets what was before `now`, as at the end of a warm-up; the level stays.
    pub fn restart(&mut self, now: Time) {
        *self = Tally::new(now, self.level);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_integral_stays_exact_where_a_float_would_not() {
        let mut tally = Tally::new(Time::ZERO, 1 << 40);
        tally.set(Time::from_ticks(1 << 62), 1);
        assert_eq!(tally.integral(Time::from_ticks((1 << 62) + 1)), (1 << 102) + 1);
    }

    #[test]
    fn several_changes_at_an_instant_count_the_last_and_the_highest() {
        let mut tally = Tally::new(Time::ZERO, 0);
        tally.set(Time::from_ticks(5), 7);
        tally.set(Time::from_ticks(5), 2);
        assert_eq!((tally.integral(Time::from_ticks(8)), tally.max(), tally.level()), (6, 7, 2));
    }

    #[test]
    fn a_restart_forgets_the_warm_up() {
        let mut tally = Tally::new(Time::ZERO, 9);
        tally.set(Time::from_ticks(10), 2);
        tally.restart(Time::from_ticks(20));
        assert_eq!(tally.mean(Time::from_ticks(20)), None);
        assert_eq!((tally.mean(Time::from_ticks(30)), tally.max()), (Some(2.0), 2));
    }
}
