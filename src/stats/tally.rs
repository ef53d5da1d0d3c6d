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
    level: u64,
    /// The sum of change × instant, modulo 2¹²⁸: what the level up to now would have to give back had it always been what
    /// it is. The integral is exact for it, and a change costs no more than a sum.
    moment: u128,
}

impl Tally {
    /// Begins at `start` with `level`.
    pub fn new(start: Time, level: u64) -> Self {
        Tally { start, level, moment: u128::from(level) * u128::from(start.ticks()) }
    }

    /// The level is `level` from `now` on. Instants must not go back.
    #[inline]
    pub fn set(&mut self, now: Time, level: u64) {
        let ticks = u128::from(now.ticks());
        let moment = self.moment.wrapping_add(u128::from(level).wrapping_mul(ticks));
        self.moment = moment.wrapping_sub(u128::from(self.level).wrapping_mul(ticks));
        self.level = level;
    }

    /// The level is one more from `now` on. Instants must not go back.
    #[inline]
    pub fn rise(&mut self, now: Time) {
        self.moment = self.moment.wrapping_add(u128::from(now.ticks()));
        self.level += 1;
    }

    /// The level is one less from `now` on. Instants must not go back.
    ///
    /// # Panics
    /// In debug builds, if it was 0.
    #[inline]
    pub fn fall(&mut self, now: Time) {
        debug_assert!(self.level > 0, "a level below 0");
        self.moment = self.moment.wrapping_sub(u128::from(now.ticks()));
        self.level -= 1;
    }

    /// The level now.
    pub fn level(&self) -> u64 {
        self.level
    }

    /// Level × ticks from the start to `now`, exactly.
    #[inline]
    pub fn integral(&self, now: Time) -> u128 {
        (u128::from(self.level) * u128::from(now.ticks())).wrapping_sub(self.moment)
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
    fn of_several_changes_at_an_instant_the_last_counts() {
        let mut tally = Tally::new(Time::ZERO, 0);
        tally.set(Time::from_ticks(5), 7);
        tally.set(Time::from_ticks(5), 2);
        assert_eq!((tally.integral(Time::from_ticks(8)), tally.level()), (6, 2));
    }

    #[test]
    fn rising_and_falling_by_one_is_setting() {
        let (mut steps, mut sets) = (Tally::new(Time::from_ticks(3), 5), Tally::new(Time::from_ticks(3), 5));
        for (at, rises) in [(4, true), (4, false), (9, false), (11, true), (20, false)] {
            let now = Time::from_ticks(at);
            if rises {
                steps.rise(now)
            } else {
                steps.fall(now)
            }
            sets.set(now, if rises { sets.level() + 1 } else { sets.level() - 1 });
            assert_eq!(steps, sets);
        }
        assert_eq!(steps.integral(Time::from_ticks(22)), 6 * 5 + 2 * 4 + 9 * 5 + 2 * 4);
    }

    #[test]
    fn a_restart_forgets_the_warm_up() {
        let mut tally = Tally::new(Time::ZERO, 9);
        tally.set(Time::from_ticks(10), 2);
        tally.restart(Time::from_ticks(20));
        assert_eq!(tally.mean(Time::from_ticks(20)), None);
        assert_eq!((tally.mean(Time::from_ticks(30)), tally.level()), (Some(2.0), 2));
    }
}
