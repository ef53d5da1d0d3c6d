//! Quantities with their units: parsed exactly, printed for people.
//!
//! Inside the program there is one unit a dimension, and time is ticks everywhere: rates are per tick.

mod decimal;
mod pattern;
mod show;
mod unit;

use decimal::Decimal;
pub use pattern::pattern;
pub use show::{
    bandwidth, byte_unit, bytes, count, exact_seconds, number, percent, seconds, time_unit, with_margin,
};
use unit::{Unit, find};

/// What a quantity measures, and the unit in which the program holds it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dimension {
    /// A length of time, in ticks.
    Time,
    /// Work: a time on a core of speed 1, or operations; in ticks on a core of speed 1.
    Work,
    /// An amount of data, in bytes.
    Bytes,
    /// Data per time, in bytes per tick.
    Bandwidth,
    /// Events per time, per tick.
    Frequency,
    /// Speed of a core in operations per time, per second.
    Speed,
    /// A part of a whole: `0.05` or `"5 %"`.
    Fraction,
    /// A plain number.
    Number,
}

/// How the units of a scenario relate: the length of a tick, and what a core of speed 1 does in a second.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Scale {
    /// Picoseconds a tick.
    pub tick: u64,
    /// Operations per second of a core of speed 1, if the machine ties the two.
    pub rate: Option<f64>,
    /// Whether work may be given as a time: not on cores whose speeds are rates without a reference.
    pub timed: bool,
}

impl Default for Scale {
    fn default() -> Self {
        Scale { tick: 1, rate: None, timed: true }
    }
}

impl Scale {
    /// Ticks a second.
    pub fn ticks_per_second(&self) -> f64 {
        1e12 / self.tick as f64
    }

    /// `ticks` in seconds.
    pub fn seconds(&self, ticks: f64) -> f64 {
        ticks * self.tick as f64 / 1e12
    }
}

/// Why a text is not the quantity that is wanted, and what would be right.
#[derive(Clone, PartialEq, Debug)]
pub struct Wrong {
    /// What is wrong.
    pub what: String,
    /// What would be right.
    pub help: String,
}

fn wrong<T>(what: impl Into<String>, help: impl Into<String>) -> Result<T, Wrong> {
    Err(Wrong { what: what.into(), help: help.into() })
}

impl Dimension {
    /// The dimension in words: *a time*.
    pub fn noun(self) -> &'static str {
        match self {
            Dimension::Time => "a time",
            Dimension::Work => "an amount of work (a time or operations)",
            Dimension::Bytes => "a size in bytes",
            Dimension::Bandwidth => "a bandwidth",
            Dimension::Frequency => "a rate of events",
            Dimension::Speed => "a speed in operations per second",
            Dimension::Fraction => "a fraction or a percentage",
            Dimension::Number => "a number",
        }
    }

    /// An example of a quantity of this dimension.
    pub fn example(self) -> &'static str {
        match self {
            Dimension::Time => "10 ms",
            Dimension::Work => "10 ms",
            Dimension::Bytes => "64 MiB",
            Dimension::Bandwidth => "12.5 GB/s",
            Dimension::Frequency => "900 /s",
            Dimension::Speed => "2.45 Gop/s",
            Dimension::Fraction => "5 %",
            Dimension::Number => "1.5",
        }
    }
}

/// Reads `text` as a quantity of `dimension`, in the program's unit of it.
///
/// # Errors
/// Where it is no quantity, one of another dimension, negative, or a time that `scale.tick` would round by more than
/// 0.1 %.
///
/// ```
/// use makespan::units::{Dimension, Scale, parse};
/// assert_eq!(parse("10 ms", Dimension::Time, &Scale::default()), Ok(1e10));
/// assert_eq!(parse("100 Gb/s", Dimension::Bandwidth, &Scale::default()), Ok(0.0125));
/// assert!(parse("64 KB", Dimension::Bytes, &Scale::default()).is_err());
/// ```
pub fn parse(text: &str, dimension: Dimension, scale: &Scale) -> Result<f64, Wrong> {
    let text = text.trim();
    if text == "unlimited" && matches!(dimension, Dimension::Bandwidth | Dimension::Bytes) {
        return Ok(f64::INFINITY);
    }
    let split = text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | '_' | 'e' | 'E')));
    let (number, name) = text.split_at(split.unwrap_or(text.len()));
    // The `e` of an exponent is part of the number only before a digit: "5 e" has none, "5e3 s" has.
    let Some(decimal) = Decimal::parse(number.trim_end()) else {
        return wrong(
            format!("`{text}` is not {}", dimension.noun()),
            format!("write a number and a unit, such as \"{}\"", dimension.example()),
        );
    };
    let name = name.trim();
    if decimal.is_negative() {
        return wrong(format!("`{text}` is negative"), "it must be zero or more");
    }
    if name.is_empty() {
        return bare(text, &decimal, dimension);
    }
    let unit = find(name, dimension)?;
    convert(text, &decimal, unit, dimension, scale)
}

/// How much the unit `one` is in the unit `other`, where both are of one kind.
///
/// ```
/// use makespan::units::ratio;
/// assert_eq!(ratio("s", "ms"), Some(1000.0));
/// assert_eq!(ratio("KiB", "B"), Some(1024.0));
/// assert_eq!(ratio("ms", "MB"), None);
/// assert_eq!(ratio("parsec", "parsec"), Some(1.0));
/// ```
pub fn ratio(one: &str, other: &str) -> Option<f64> {
    // What is no unit is told where it is read.
    if one == other {
        return Some(1.0);
    }
    find(one, Dimension::Number).ok()?.ratio(find(other, Dimension::Number).ok()?)
}

/// Reads a plain number as a quantity of `dimension`, where one may do without a unit.
///
/// # Errors
/// Where a unit is needed, or the number is negative or none.
pub fn plain(number: f64, dimension: Dimension) -> Result<f64, Wrong> {
    if number.is_nan() || number < 0.0 {
        return wrong(format!("`{number}` is out of range"), "it must be zero or more");
    }
    match dimension {
        Dimension::Number | Dimension::Fraction => Ok(number),
        _ => wrong(
            format!("`{number}` has no unit, and {} needs one", dimension.noun()),
            format!("write it as a text with its unit, such as \"{}\"", dimension.example()),
        ),
    }
}

fn bare(text: &str, decimal: &Decimal, dimension: Dimension) -> Result<f64, Wrong> {
    match dimension {
        Dimension::Number | Dimension::Fraction => Ok(decimal.value()),
        _ => wrong(
            format!("`{text}` has no unit, and {} needs one", dimension.noun()),
            format!("such as \"{}\"", dimension.example()),
        ),
    }
}

fn convert(
    text: &str,
    decimal: &Decimal,
    unit: Unit,
    dimension: Dimension,
    scale: &Scale,
) -> Result<f64, Wrong> {
    let ticks_per_second = scale.ticks_per_second();
    match (unit, dimension) {
        (Unit::Time { .. }, Dimension::Work) if !scale.timed => wrong(
            format!("`{text}` is a time, but the speeds of the cores are operations per second"),
            format!(
                "say what a core of speed 1 does with `machine.reference = \"2.45 Gop/s\"`, or give the work in \
                 operations, such as \"{} Mop\"",
                decimal.value()
            ),
        ),
        (Unit::Time { picoseconds }, Dimension::Time | Dimension::Work) => {
            let ticks = decimal.times(picoseconds, scale.tick);
            let rounded = ticks.ceil();
            if ticks > 0.0 && (rounded - ticks) / ticks > 0.001 {
                return wrong(
                    format!(
                        "`{text}` is not a whole number of ticks of {}: rounding it changes it by more than 0.1 %",
                        seconds(scale.tick as f64 / 1e12)
                    ),
                    "choose a finer `run.tick`, such as \"1 ps\"",
                );
            }
            Ok(ticks)
        }
        (Unit::Operations { factor }, Dimension::Work) => match scale.rate {
            Some(rate) => Ok(decimal.value() * factor * ticks_per_second / rate),
            None => wrong(
                format!("`{text}` is operations, but the speeds of the cores are plain factors"),
                "say what a core of speed 1 does with `machine.reference = \"2.45 Gop/s\"`, or give the work as a time",
            ),
        },
        (Unit::Bytes { factor }, Dimension::Bytes) => Ok(decimal.value() * factor),
        (Unit::Bandwidth { factor }, Dimension::Bandwidth) => Ok(decimal.value() * factor / ticks_per_second),
        (Unit::PerByte { picoseconds }, Dimension::Bandwidth) => {
            let ticks = decimal.times(picoseconds, scale.tick);
            Ok(if ticks == 0.0 { f64::INFINITY } else { 1.0 / ticks })
        }
        (Unit::Frequency { factor }, Dimension::Frequency) => Ok(decimal.value() * factor / ticks_per_second),
        (Unit::Speed { factor }, Dimension::Speed) => Ok(decimal.value() * factor),
        (Unit::Percent, Dimension::Fraction) => Ok(decimal.scaled(-2)),
        (unit, _) => wrong(
            format!("`{text}` is {}, not {}", unit.noun(), dimension.noun()),
            unit.remedy(text, dimension),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, dimension: Dimension) -> f64 {
        parse(text, dimension, &Scale::default()).unwrap_or_else(|wrong| panic!("{text}: {}", wrong.what))
    }

    fn help(text: &str, dimension: Dimension) -> String {
        parse(text, dimension, &Scale::default()).expect_err(text).help
    }

    #[test]
    fn times_are_exact_in_ticks_however_they_are_written() {
        for (text, ticks) in [
            ("1 ps", 1.0),
            ("16.712 s", 16_712_000_000_000.0),
            ("0.1 us", 100_000.0),
            ("1.2 \u{b5}s", 1_200_000.0),
            ("1.2 \u{3bc}s", 1_200_000.0),
            ("1e-3 s", 1e9),
            ("1_000 ns", 1e6),
            ("3 days", 3.0 * 86_400e12),
            ("2min", 120e12),
            ("0 s", 0.0),
            ("-0 s", 0.0),
        ] {
            assert_eq!(read(text, Dimension::Time), ticks, "{text}");
        }
        let nanoseconds = Scale { tick: 1000, ..Scale::default() };
        assert_eq!(parse("3.5 us", Dimension::Time, &nanoseconds), Ok(3500.0));
    }

    #[test]
    fn a_time_that_rounds_by_more_than_a_thousandth_is_refused() {
        let nanoseconds = Scale { tick: 1000, ..Scale::default() };
        assert!(parse("1.5 ns", Dimension::Time, &nanoseconds).is_err());
        assert!(parse("1 ps", Dimension::Time, &nanoseconds).is_err());
        assert!(parse("1.0005 us", Dimension::Time, &nanoseconds).is_ok());
    }

    #[test]
    fn bits_are_eighths_of_bytes_and_binary_prefixes_powers_of_1024() {
        let per_second = 1e-12;
        assert_eq!(read("64 GiB", Dimension::Bytes), 64.0 * 1_073_741_824.0);
        assert_eq!(read("2 MB", Dimension::Bytes), 2e6);
        assert_eq!(read("100 Gb/s", Dimension::Bandwidth), read("12.5 GB/s", Dimension::Bandwidth));
        assert!((read("190 GB/s", Dimension::Bandwidth) / (190e9 * per_second) - 1.0).abs() < 1e-15);
        assert!((read("6 ns/B", Dimension::Bandwidth) / (1.0 / 6000.0) - 1.0).abs() < 1e-15);
        assert_eq!(read("unlimited", Dimension::Bandwidth), f64::INFINITY);
        assert_eq!(read("900 /s", Dimension::Frequency), 900e-12);
        assert_eq!(read("60 /min", Dimension::Frequency), 1e-12);
        assert_eq!(read("2.45 Gop/s", Dimension::Speed), 2.45e9);
        assert_eq!(read("1 Gflop/s", Dimension::Speed), 1e9);
    }

    #[test]
    fn work_is_a_time_or_operations_where_a_reference_ties_them() {
        let tied = Scale { rate: Some(2e9), ..Scale::default() };
        assert_eq!(parse("10 ms", Dimension::Work, &tied), Ok(1e10));
        assert_eq!(parse("2 Mop", Dimension::Work, &tied), Ok(1e9));
        assert!(parse("2 Mop", Dimension::Work, &Scale::default()).is_err());
        let rates = Scale { rate: Some(1e9), timed: false, ..Scale::default() };
        assert!(parse("10 ms", Dimension::Work, &rates).is_err());
    }

    #[test]
    fn fractions_are_numbers_or_percentages() {
        assert_eq!(read("5 %", Dimension::Fraction), 0.05);
        assert_eq!(read("0.5 %", Dimension::Fraction), 0.005);
        assert_eq!(read("0.05", Dimension::Fraction), 0.05);
        assert_eq!(plain(0.05, Dimension::Fraction), Ok(0.05));
        assert!(plain(5.0, Dimension::Time).is_err());
        assert!(plain(f64::NAN, Dimension::Number).is_err());
    }

    #[test]
    fn wrong_units_are_told_the_right_one() {
        for (text, dimension, part) in [
            ("64 KB", Dimension::Bytes, "`kB`"),
            ("64 KB/s", Dimension::Bandwidth, "`kB/s`"),
            ("5 m", Dimension::Time, "`min`"),
            ("2.4 GHz", Dimension::Speed, "operations per second"),
            ("64 Gb", Dimension::Bytes, "\"64 GB\""),
            ("64 GB", Dimension::Bandwidth, "\"64 GB/s\""),
            ("5 SEC", Dimension::Time, "such as"),
            ("5 MS", Dimension::Time, "`ms`"),
            ("1 year", Dimension::Time, "365 days"),
            ("2 Gop", Dimension::Speed, "\"2 Gop/s\""),
            ("", Dimension::Time, "such as"),
            ("ms", Dimension::Time, "such as"),
            ("5e ms", Dimension::Time, "such as"),
            ("1e999 s", Dimension::Time, "such as"),
        ] {
            assert!(help(text, dimension).contains(part), "{text}: {}", help(text, dimension));
        }
    }
}
