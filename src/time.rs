//! Simulated time as integer ticks: an instant and a length, which cannot be mixed.
//!
//! A tick is 1 ps unless the scenario's `run.tick` says otherwise. Integers make the order of events exact: it
//! never hangs on how a sum was rounded.

use std::ops::{Add, AddAssign, Sub};

/// An instant: ticks since the start of the run.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Time(u64);

/// A length of time in ticks.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Span(u64);

impl Time {
    /// The start of the run.
    pub const ZERO: Time = Time(0);
    /// After everything: what is set for `NEVER` doesn't happen.
    pub const NEVER: Time = Time(u64::MAX);

    /// The instant `ticks` after the start.
    pub const fn from_ticks(ticks: u64) -> Self {
        Time(ticks)
    }

    /// Ticks since the start.
    pub const fn ticks(self) -> u64 {
        self.0
    }

    /// The length from the start of the run to this instant.
    pub const fn since_start(self) -> Span {
        Span(self.0)
    }
}

impl Span {
    /// No time at all.
    pub const ZERO: Span = Span(0);
    /// Longer than any run: an instant plus `FOREVER` is [`Time::NEVER`].
    pub const FOREVER: Span = Span(u64::MAX);

    /// A length of `ticks`.
    pub const fn from_ticks(ticks: u64) -> Self {
        Span(ticks)
    }

    /// The length in ticks.
    pub const fn ticks(self) -> u64 {
        self.0
    }

    /// The one place where a real number of ticks becomes a span: rounded up to the next tick, so that nothing
    /// ends before its work is done. Four units in the last place are forgiven, so that a quotient which is a whole
    /// number on paper doesn't become one more for its rounding error. Beyond the end of time it is
    /// [`Span::FOREVER`].
    ///
    /// `ticks` must not be negative or NaN.
    ///
    /// ```
    /// use makespan::time::Span;
    /// assert_eq!(Span::round_up(2.1).ticks(), 3);
    /// assert_eq!(Span::round_up(2.0000000000000004).ticks(), 2);
    /// assert_eq!(Span::round_up(1e30), Span::FOREVER);
    /// ```
    pub fn round_up(ticks: f64) -> Self {
        debug_assert!(ticks >= 0.0, "a span of {ticks} ticks");
        // A cast saturates, so that the far future becomes FOREVER by itself.
        let forgiven = ticks * (1.0 - 4.0 * f64::EPSILON);
        let whole = forgiven as u64;
        Span(if (whole as f64) < forgiven { whole.saturating_add(1) } else { whole })
    }

    /// Longer than the run can ever be.
    pub const fn is_forever(self) -> bool {
        self.0 == u64::MAX
    }
}

impl Add<Span> for Time {
    type Output = Time;

    /// An instant beyond the end of time is [`Time::NEVER`].
    fn add(self, span: Span) -> Time {
        Time(self.0.saturating_add(span.0))
    }
}

impl AddAssign<Span> for Time {
    fn add_assign(&mut self, span: Span) {
        *self = *self + span;
    }
}

impl Sub for Time {
    type Output = Span;

    /// The length from `earlier` to this instant, which must not come before it.
    fn sub(self, earlier: Time) -> Span {
        debug_assert!(earlier <= self, "time runs backwards: {} before {}", self.0, earlier.0);
        Span(self.0 - earlier.0)
    }
}

impl Add for Span {
    type Output = Span;

    fn add(self, other: Span) -> Span {
        Span(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Span {
    fn add_assign(&mut self, other: Span) {
        *self = *self + other;
    }
}

impl Sub for Span {
    type Output = Span;

    fn sub(self, other: Span) -> Span {
        debug_assert!(other <= self, "a negative span");
        Span(self.0 - other.0)
    }
}

impl std::iter::Sum for Span {
    fn sum<I: Iterator<Item = Span>>(spans: I) -> Span {
        spans.fold(Span::ZERO, Add::add)
    }
}
