//! Scales from values to places, with ticks at round numbers.

use super::drawing::{Anchor, Drawing, Type};
use super::quantity::{Quantity, Unit, fixed};
use super::theme::{GRID, INK, size};

/// Values from `low` to `high` laid out from `from` to `to`.
pub(super) struct Axis {
    low: f64,
    high: f64,
    log: bool,
    from: f64,
    to: f64,
    quantity: Quantity,
}

/// A marked value and what is written there.
pub(super) struct Tick {
    pub at: f64,
    pub label: String,
}

impl Axis {
    /// An axis over all of `values`, with zero if it is near them.
    pub(super) fn linear(
        quantity: Quantity,
        values: impl IntoIterator<Item = f64>,
        ends: (f64, f64),
    ) -> Axis {
        let (mut low, mut high) = extremes(values);
        if low > 0.0 && low < 0.5 * high {
            low = 0.0;
        } else if high < 0.0 && high > 0.5 * low {
            high = 0.0;
        }
        if high - low <= 1e-9 * high.abs().max(low.abs()) {
            // All values are equal: leave them in the middle.
            let around = if high == 0.0 { 1.0 } else { 0.1 * high.abs() };
            (low, high) = (low - around, high + around);
        }
        let pad = 0.04 * (high - low);
        let low = if low == 0.0 { low } else { low - pad };
        let high = if high == 0.0 { high } else { high + pad };
        Axis { low, high, log: false, from: ends.0, to: ends.1, quantity }
    }

    /// An axis from exactly `low` to exactly `high`.
    pub(super) fn exact(quantity: Quantity, (low, high): (f64, f64), ends: (f64, f64)) -> Axis {
        let high = if high > low { high } else { low + 1.0 };
        Axis { low, high, log: false, from: ends.0, to: ends.1, quantity }
    }

    /// A log axis over the positive ones of `values`; those below its start are drawn at its start.
    pub(super) fn log(quantity: Quantity, values: impl IntoIterator<Item = f64>, ends: (f64, f64)) -> Axis {
        let (low, high) = extremes(values.into_iter().filter(|&v| v > 0.0));
        // Ratios beyond this would overflow.
        let (low, high) = if high > 0.0 { (low.max(high * 1e-200), high) } else { (0.1, 1.0) };
        let pad = libm::pow(high / low, 0.03).max(1.02);
        Axis { low: low / pad, high: high * pad, log: true, from: ends.0, to: ends.1, quantity }
    }

    /// Where `value` stands; what lies outside the axis stands at its end.
    pub(super) fn at(&self, value: f64) -> f64 {
        let value = value.clamp(self.low, self.high);
        let share = if self.log {
            libm::log(value / self.low) / libm::log(self.high / self.low)
        } else {
            (value - self.low) / (self.high - self.low)
        };
        self.from + share * (self.to - self.from)
    }

    /// The unit of the numbers, as in a title. A log axis has one in every label instead.
    pub(super) fn unit(&self) -> Unit {
        self.quantity.unit(self.high.abs().max(self.low.abs()))
    }

    /// What is measured, with its unit or the kind of scale.
    pub(super) fn title(&self, what: &str) -> String {
        if self.log { format!("{what} (log scale)") } else { self.unit().title(what) }
    }

    /// At most `most` ticks; fewer than two only if no more are round.
    fn ticks(&self, most: usize) -> Vec<Tick> {
        if self.log { self.log_ticks(most) } else { self.linear_ticks(most) }
    }

    /// The same, with more than `most` ticks where fewer than two of that many are round: one number tells no scale.
    /// Six are enough to ask for: a step is rounded up by 2.5 at most, so at least two of them remain.
    fn two_ticks(&self, most: usize) -> Vec<Tick> {
        let sets = (most.max(1)..most + 6).map(|most| self.ticks(most));
        sets.into_iter().find(|ticks| ticks.len() > 1).unwrap_or_else(|| self.steps(most.max(6)))
    }

    /// Ticks at equal steps, also of a log axis, on which a range of less than a power has none that are round.
    fn steps(&self, most: usize) -> Vec<Tick> {
        if !self.log {
            return self.linear_ticks(most);
        }
        let step = round_step((self.high - self.low) / most as f64);
        let (first, last) = ((self.low / step).ceil() as i64, (self.high / step).floor() as i64);
        let values = (first..=last).map(|i| i as f64 * step);
        values.map(|value| Tick { at: self.at(value), label: self.quantity.tick(value) }).collect()
    }

    fn linear_ticks(&self, most: usize) -> Vec<Tick> {
        let unit = self.unit();
        let (low, high) = (self.low / unit.divisor, self.high / unit.divisor);
        let step = round_step((high - low) / most.max(1) as f64);
        let decimals = (-libm::floor(libm::log10(step) + 1e-9)).max(0.0) as usize;
        let first = (low / step - 1e-9).ceil() as i64;
        let last = (high / step + 1e-9).floor() as i64;
        (first..=last)
            .map(|i| i as f64 * step)
            .map(|value| Tick { at: self.at(value * unit.divisor), label: fixed(value, decimals) })
            .collect()
    }

    fn log_ticks(&self, most: usize) -> Vec<Tick> {
        if self.quantity == Quantity::Time && self.high > 60.0 {
            return self.clock_ticks(most);
        }
        let decades = libm::log10(self.high / self.low);
        // The finest set that isn't too dense; a wide axis skips decades.
        let sets: [&[f64]; 3] = [&[1.0, 2.0, 5.0], &[1.0, 3.0], &[1.0]];
        let set = sets.iter().find(|s| decades * s.len() as f64 <= most as f64).unwrap_or(&sets[2]);
        let skip = (decades / most.max(1) as f64).ceil().max(1.0) as i32;
        let first = libm::floor(libm::log10(self.low)) as i32;
        let last = libm::ceil(libm::log10(self.high)) as i32;
        (first..=last)
            .filter(|power| power % skip == 0)
            .flat_map(|power| set.iter().map(move |m| m * libm::pow(10.0, f64::from(power))))
            .filter(|v| (self.low * 0.9999..=self.high * 1.0001).contains(v))
            .map(|value| Tick { at: self.at(value), label: self.quantity.tick(value) })
            .collect()
    }

    /// Ticks of a log axis of time that reaches beyond a minute, beyond which units aren't decimal: values that are round
    /// in their units.
    fn clock_ticks(&self, most: usize) -> Vec<Tick> {
        const MINUTE: f64 = 60.0;
        const HOUR: f64 = 60.0 * MINUTE;
        const DAY: f64 = 24.0 * HOUR;
        // Above five minutes and three hours a quantity is shown in the next unit.
        let clock =
            [30.0, MINUTE, 2.0 * MINUTE, 5.0 * MINUTE, 10.0 * MINUTE, 30.0 * MINUTE, HOUR, 2.0 * HOUR];
        let hours = [3.0, 6.0, 12.0, 24.0, 48.0].map(|hours| hours * HOUR);
        let decades = (-12..=1).flat_map(|power| [1.0, 3.0].map(|m| m * libm::pow(10.0, f64::from(power))));
        let days = (0..9).flat_map(|power| [3.0, 10.0].map(|m| m * DAY * libm::pow(10.0, f64::from(power))));
        let all = decades.filter(|seconds| *seconds < 30.0).chain(clock).chain(hours).chain(days);
        let inside = all.filter(|seconds| (self.low * 0.9999..=self.high * 1.0001).contains(seconds));
        let inside: Vec<f64> = inside.collect();
        let every = inside.len().div_ceil(most.max(1));
        let tick = |seconds: &f64| Tick { at: self.at(*seconds), label: self.quantity.tick(*seconds) };
        inside.iter().step_by(every.max(1)).map(tick).collect()
    }

    /// Draws a level axis at `y`: grid lines up to `top`, ticks and numbers below.
    pub(super) fn draw_below(&self, drawing: &mut Drawing, top: f64, y: f64) {
        let set = Type::regular(size::TICK, INK);
        for tick in self.spaced_ticks(set) {
            drawing.line(vec![(tick.at, top), (tick.at, y)], GRID, 1.5);
            drawing.line(vec![(tick.at, y), (tick.at, y + 7.0)], INK, 1.5);
            // A number at an end may not hang over into what stands beside.
            let half = set.width(&tick.label) / 2.0;
            let x = tick.at.min(self.to - half + 30.0).max(self.from + half - 30.0);
            drawing.text((x, y + 29.0), Anchor::Middle, set, tick.label);
        }
        drawing.line(vec![(self.from, y), (self.to, y)], INK, 2.0);
    }

    /// Draws an upright axis at `x`: grid lines up to `right`, ticks and numbers on the left.
    pub(super) fn draw_left(&self, drawing: &mut Drawing, x: f64, right: f64) {
        let set = Type::regular(size::TICK, INK);
        for tick in self.upright_ticks() {
            drawing.line(vec![(x, tick.at), (right, tick.at)], GRID, 1.5);
            drawing.line(vec![(x - 7.0, tick.at), (x, tick.at)], INK, 1.5);
            drawing.text((x - 12.0, tick.at + 0.36 * set.em), Anchor::End, set, tick.label);
        }
        drawing.line(vec![(x, self.from), (x, self.to)], INK, 2.0);
    }

    /// How much room the numbers of an upright axis need on its left.
    pub(super) fn room_on_the_left(&self) -> f64 {
        let set = Type::regular(size::TICK, INK);
        self.upright_ticks().iter().map(|t| set.width(&t.label)).fold(0.0, f64::max) + 16.0
    }

    fn upright_ticks(&self) -> Vec<Tick> {
        self.two_ticks(((self.to - self.from).abs() / 60.0) as usize)
    }

    /// As many ticks as fit beside one another.
    fn spaced_ticks(&self, set: Type) -> Vec<Tick> {
        let mut most = 9;
        loop {
            let ticks = self.ticks(most);
            let fits = ticks.windows(2).all(|pair| {
                let halves = (set.width(&pair[0].label) + set.width(&pair[1].label)) / 2.0;
                (pair[1].at - pair[0].at).abs() >= halves + 18.0
            });
            if fits || most <= 1 {
                return ticks.into_iter().take(if fits { usize::MAX } else { 1 }).collect();
            }
            most -= 1;
        }
    }
}

/// The smallest and largest of the finite values, or zero for none.
pub(super) fn extremes(values: impl IntoIterator<Item = f64>) -> (f64, f64) {
    values
        .into_iter()
        .filter(|v| v.is_finite())
        .fold(None, |seen: Option<(f64, f64)>, v| {
            Some(seen.map_or((v, v), |(low, high)| (low.min(v), high.max(v))))
        })
        .unwrap_or((0.0, 0.0))
}

/// The least of 1, 2, 5, 10, 20, … that isn't below `least`.
fn round_step(least: f64) -> f64 {
    let power = libm::pow(10.0, libm::floor(libm::log10(least)));
    let digit = least / power;
    let round = [1.0, 2.0, 5.0].into_iter().find(|&d| digit <= d * 1.000_001).unwrap_or(10.0);
    round * power
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(ticks: &[Tick]) -> Vec<&str> {
        ticks.iter().map(|t| t.label.as_str()).collect()
    }

    #[test]
    fn linear_ticks_are_round_in_the_unit_shown() {
        let axis = Axis::exact(Quantity::Time, (0.0, 0.012), (0.0, 1000.0));
        assert_eq!(axis.title("Time"), "Time (ms)");
        assert_eq!(labels(&axis.ticks(6)), ["0", "2", "4", "6", "8", "10", "12"]);
        assert!((axis.at(0.006) - 500.0).abs() < 1e-9);
    }

    #[test]
    fn log_ticks_carry_their_own_units() {
        let axis = Axis::log(Quantity::Time, [1.1e-6, 0.9], (0.0, 1000.0));
        assert!(labels(&axis.ticks(8)).contains(&"10\u{a0}µs"), "{:?}", labels(&axis.ticks(8)));
        assert_eq!(axis.at(0.0), 0.0);
    }

    #[test]
    fn log_ticks_of_long_times_are_round_in_minutes_hours_and_days() {
        let axis = Axis::log(Quantity::Time, [86_400.0, 200.0 * 86_400.0], (0.0, 1000.0));
        let labels =
            axis.ticks(8).into_iter().map(|tick| tick.label.replace('\u{a0}', " ")).collect::<Vec<_>>();
        assert_eq!(labels, ["24 h", "48 h", "3 d", "10 d", "30 d", "100 d"]);
        let axis = Axis::log(Quantity::Time, [1e-3, 1e4], (0.0, 1000.0));
        let ticks = axis.ticks(9);
        assert!(ticks.len() >= 5 && ticks.len() <= 9, "{:?}", self::labels(&ticks));
        assert!(ticks.windows(2).all(|pair| pair[0].at < pair[1].at));
    }

    #[test]
    fn equal_values_and_no_values_still_make_an_axis() {
        for values in [vec![], vec![0.0; 3], vec![7.0], vec![-2.0, -2.0], vec![f64::NAN]] {
            for axis in [
                Axis::linear(Quantity::Time, values.clone(), (0.0, 100.0)),
                Axis::log(Quantity::Time, values.clone(), (0.0, 100.0)),
            ] {
                assert!(axis.at(1.0).is_finite() && axis.at(7.0).is_finite());
                assert!(axis.ticks(5).len() <= 8);
            }
        }
    }

    #[test]
    fn an_upright_axis_has_two_numbers_at_least() {
        for most in [0.8, 1.0, 7.3, 19.0, 3600.0] {
            for height in [20.0, 70.0, 130.0] {
                let ends = (height, 0.0);
                let number = Quantity::Number(String::new());
                assert!(Axis::linear(number.clone(), [0.0, most], ends).upright_ticks().len() >= 2, "{most}");
                let narrow = Axis::log(number, [most, 1.2 * most], ends);
                assert!(narrow.upright_ticks().len() >= 2, "{most}");
            }
        }
    }

    #[test]
    fn huge_ranges_keep_few_ticks() {
        let axis = Axis::log(Quantity::Number(String::new()), [1e-30, 1e30], (0.0, 100.0));
        assert!((2..=8).contains(&axis.ticks(7).len()));
    }
}
