//! Quantities with their units: parsed exactly, printed for people.
//!
//! Inside the program there is one unit a dimension, and time is ticks everywhere: rates are per tick.

mod decimal;
mod show;
mod unit;

use decimal::Decimal;
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
