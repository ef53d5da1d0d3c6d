//! What an axis measures, the unit that suits its range, and numbers as text.

use serde::{Deserialize, Serialize};

/// The kind of a number, which decides the units it may be shown in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Quantity {
    /// Seconds, shown from ps to days.
    Time,
    /// A ratio of 1, shown in percent.
    Share,
    /// A quantity in the given unit that takes SI prefixes, such as `J`, `W`, `B/s`.
    Si(String),
    /// Anything else in the given unit (empty for none), shown in thousands or millions when large.
    Number(String),
}

/// A unit picked for a range: values are divided by `divisor` and read in `unit`.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// How many of the quantity's base units make one of this unit.
    pub divisor: f64,
    /// What is written behind a number; empty for a pure one.
    pub name: String,
}

/// Seconds in a unit of time, and from how many seconds on it is used.
const TIMES: [(f64, f64, &str); 8] = [
    (86_400.0, 3.0 * 86_400.0, "d"),
    (3600.0, 3.0 * 3600.0, "h"),
    (60.0, 300.0, "min"),
    (1.0, 1.0, "s"),
    (1e-3, 1e-3, "ms"),
    (1e-6, 1e-6, "µs"),
    (1e-9, 1e-9, "ns"),
    (1e-12, 0.0, "ps"),
];

const PREFIXES: [(f64, &str); 9] = [
    (1e12, "T"),
    (1e9, "G"),
    (1e6, "M"),
    (1e3, "k"),
    (1.0, ""),
    (1e-3, "m"),
    (1e-6, "µ"),
    (1e-9, "n"),
    (1e-12, "p"),
];

const COUNTS: [(f64, &str); 3] = [(1e9, "billion"), (1e6, "million"), (1e3, "thousand")];

impl Quantity {
    /// The unit in which values as large as `magnitude` (a size, in base units) read best.
    ///
    /// ```
    /// use makespan::plot::quantity::Quantity;
    /// assert_eq!(Quantity::Time.unit(0.0042).name, "ms");
    /// assert_eq!(Quantity::Si("B/s".into()).unit(3e9).name, "GB/s");
    /// ```
    pub fn unit(&self, magnitude: f64) -> Unit {
        // What rounds up to the next unit belongs to it: 999.99 ms is written 1.00 s.
        let size = magnitude.abs() * 1.0005;
        let (divisor, name) = match self {
            Quantity::Time if size == 0.0 => (1.0, "s".to_owned()),
            Quantity::Time => {
                let (divisor, _, name) = TIMES.iter().find(|t| size >= t.1).unwrap_or(&TIMES[7]);
                (*divisor, (*name).to_owned())
            }
            Quantity::Share => (0.01, "%".to_owned()),
            Quantity::Si(unit) if size == 0.0 => (1.0, unit.clone()),
            Quantity::Si(unit) => {
                let (divisor, prefix) = PREFIXES.iter().find(|p| size >= p.0).unwrap_or(&PREFIXES[8]);
                (*divisor, format!("{prefix}{unit}"))
            }
            Quantity::Number(unit) => match COUNTS.iter().find(|c| size >= 10.0 * c.0) {
                Some((divisor, word)) if unit.is_empty() => (*divisor, (*word).to_owned()),
                Some((divisor, word)) => (*divisor, format!("{word} {unit}")),
                None => (1.0, unit.clone()),
            },
        };
        Unit { divisor, name }
    }

    /// One value in the unit that suits it, with three significant digits.
    ///
    /// ```
    /// use makespan::plot::quantity::Quantity;
    /// assert_eq!(Quantity::Time.text(0.0123456), "12.3\u{a0}ms");
    /// assert_eq!(Quantity::Share.text(0.5), "50.0\u{a0}%");
    /// ```
    pub fn text(&self, value: f64) -> String {
        self.unit(value).text(value, 3)
    }

    /// A value of a log axis, without digits that say nothing: `10 ms`, `5 %`, `10⁷`.
    pub fn tick(&self, value: f64) -> String {
        let unit = self.unit(value);
        unit.after(trimmed(&significant(value / unit.divisor, 3)))
    }
}

impl Unit {
    /// `value`, given in base units, with so many significant digits and the unit.
    pub fn text(&self, value: f64, digits: usize) -> String {
        self.after(significant(value / self.divisor, digits))
    }

    /// A mean and its interval as `12.35 ± 0.42 s`, the half-width with two significant digits and the mean as fine; an
    /// interval that isn't symmetric is written out. Without one it is the mean alone.
    ///
    /// ```
    /// use makespan::plot::quantity::Quantity;
    /// let seconds = Quantity::Time.unit(12.0);
    /// assert_eq!(seconds.with_interval(12.3456, Some((11.9256, 12.7656))), "12.35 ± 0.42\u{a0}s");
    /// ```
    pub fn with_interval(&self, mean: f64, interval: Option<(f64, f64)>) -> String {
        let mean = mean / self.divisor;
        let Some((low, high)) = interval.map(|(l, h)| (l / self.divisor, h / self.divisor)) else {
            return self.after(significant(mean, 4));
        };
        let half = (high - low) / 2.0;
        if !half.is_finite() || half <= mean.abs() * 1e-6 {
            return self.after(format!("{} ± 0", significant(mean, 4)));
        }
        let decimals = decimals_for(half, 2);
        let text = if ((low + high) / 2.0 - mean).abs() > 0.05 * half {
            format!("{} ({} to {})", fixed(mean, decimals), fixed(low, decimals), fixed(high, decimals))
        } else {
            format!("{} ± {}", fixed(mean, decimals), fixed(half, decimals))
        };
        self.after(text)
    }

    /// A title with the unit in brackets: `Makespan (s)`.
    pub fn title(&self, what: &str) -> String {
        if self.name.is_empty() { what.to_owned() } else { format!("{what} ({})", self.name) }
    }

    fn after(&self, number: String) -> String {
        if self.name.is_empty() { number } else { format!("{number}\u{a0}{}", self.name) }
    }
}

/// `value` with so many decimals, thousands set apart and a true minus sign.
pub fn fixed(value: f64, decimals: usize) -> String {
    let plain = format!("{:.decimals$}", value.abs());
    let (whole, rest) = plain.split_at(plain.find('.').unwrap_or(plain.len()));
    let mut text = String::new();
    if value < 0.0 && plain.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
        text.push('\u{2212}');
    }
    for (i, digit) in whole.chars().enumerate() {
        // Four digits stand together, as in a year.
        if i > 0 && whole.len() > 4 && (whole.len() - i).is_multiple_of(3) {
            text.push('\u{a0}');
        }
        text.push(digit);
    }
    text + rest
}

/// `value` with so many significant digits, as a power of ten where plain digits would be unreadable.
pub fn significant(value: f64, digits: usize) -> String {
    if !value.is_finite() {
        return if value.is_nan() { "undefined" } else { "infinite" }.to_owned();
    }
    let size = value.abs();
    if value != 0.0 && !(1e-4..1e7).contains(&size) {
        let exponent = libm::floor(libm::log10(size) + 1e-12);
        let mantissa = trimmed(&fixed(value / libm::pow(10.0, exponent), digits.saturating_sub(1)));
        let power = format!("10{}", superscript(exponent as i32));
        return if mantissa == "1" { power } else { format!("{mantissa}·{power}") };
    }
    fixed(value, decimals_for(value, digits))
}

/// How many decimals show so many significant digits of `value`.
fn decimals_for(value: f64, digits: usize) -> usize {
    if value == 0.0 || !value.is_finite() {
        return 0;
    }
    // Of what is left after rounding: 9.996 has three digits as 10.0.
    let rounded = format!("{:.*e}", digits.saturating_sub(1), value.abs());
    let exponent = rounded.split_once('e').and_then(|(_, e)| e.parse::<i64>().ok()).unwrap_or(0);
    (digits as i64 - 1 - exponent).clamp(0, 12) as usize
}

/// Without trailing zeros behind the point.
fn trimmed(text: &str) -> String {
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text.to_owned()
    }
}

fn superscript(exponent: i32) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    if exponent < 0 {
        // The font has no raised minus sign.
        return format!("^\u{2212}{}", exponent.unsigned_abs());
    }
    exponent.to_string().bytes().map(|d| DIGITS[usize::from(d - b'0')]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_from_picoseconds_to_days_get_a_unit_that_keeps_numbers_short() {
        let shown = [5e-12, 3e-9, 2.5e-6, 0.04, 17.0, 299.0, 301.0, 7200.0, 20_000.0, 1e6];
        let names: Vec<String> = shown.iter().map(|&s| Quantity::Time.unit(s).name).collect();
        assert_eq!(names, ["ps", "ns", "µs", "ms", "s", "s", "min", "min", "h", "d"]);
        assert_eq!(Quantity::Time.unit(0.0).name, "s");
        assert_eq!(Quantity::Time.text(0.99999), "1.00\u{a0}s");
    }

    #[test]
    fn numbers_read_as_in_print() {
        assert_eq!(fixed(-1_234_567.25, 1), "\u{2212}1\u{a0}234\u{a0}567.2");
        assert_eq!(fixed(-0.001, 1), "0.0");
        assert_eq!(significant(0.000_012, 3), "1.2·10^\u{2212}5");
        assert_eq!(significant(1e9, 3), "10⁹");
        assert_eq!(significant(0.0, 3), "0");
        assert_eq!(significant(f64::NAN, 3), "undefined");
        assert_eq!(Quantity::Number("tasks/s".into()).text(123_456.0), "123\u{a0}thousand tasks/s");
    }

    #[test]
    fn an_interval_sets_the_digits_of_its_mean() {
        let plain = Quantity::Number(String::new()).unit(1.0);
        assert_eq!(plain.with_interval(2.0, None), "2.000");
        assert_eq!(plain.with_interval(2.0, Some((2.0, 2.0))), "2.000 ± 0");
        assert_eq!(plain.with_interval(1234.5, Some((1200.5, 1268.5))), "1234 ± 34");
        assert_eq!(plain.with_interval(2.0, Some((1.9, 2.6))), "2.00 (1.90 to 2.60)");
    }
}
