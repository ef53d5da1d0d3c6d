//! The units of the language, and what to say of those that are not.

use super::{Dimension, Wrong, wrong};

/// A unit and its size.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Unit {
    /// A time.
    Time { picoseconds: u64 },
    /// Operations.
    Operations { factor: f64 },
    /// Bytes.
    Bytes { factor: f64 },
    /// Bits as an amount, which no key takes.
    Bits,
    /// Bytes a second.
    Bandwidth { factor: f64 },
    /// A time a byte.
    PerByte { picoseconds: u64 },
    /// Events a second.
    Frequency { factor: f64 },
    /// Operations a second.
    Speed { factor: f64 },
    /// Hundredths.
    Percent,
}

pub(super) const TIMES: &[(&str, u64)] = &[
    ("ps", 1),
    ("ns", 1_000),
    ("us", 1_000_000),
    ("\u{b5}s", 1_000_000),
    ("\u{3bc}s", 1_000_000),
    ("ms", 1_000_000_000),
    ("s", 1_000_000_000_000),
    ("min", 60_000_000_000_000),
    ("h", 3_600_000_000_000_000),
    ("hour", 3_600_000_000_000_000),
    ("hours", 3_600_000_000_000_000),
    ("d", 86_400_000_000_000_000),
    ("day", 86_400_000_000_000_000),
    ("days", 86_400_000_000_000_000),
    ("week", 604_800_000_000_000_000),
    ("weeks", 604_800_000_000_000_000),
];

/// A prefix and its factor; powers of 1024 only for bytes and bits.
pub(super) const PREFIXES: &[(&str, f64)] = &[
    ("", 1.0),
    ("k", 1e3),
    ("M", 1e6),
    ("G", 1e9),
    ("T", 1e12),
    ("P", 1e15),
    ("Ki", 1024.0),
    ("Mi", 1_048_576.0),
    ("Gi", 1_073_741_824.0),
    ("Ti", 1_099_511_627_776.0),
];

/// The unit called `name`. `wanted` only serves the error.
pub(super) fn find(name: &str, wanted: Dimension) -> Result<Unit, Wrong> {
    let name = name.replace(' ', "");
    match exact(&name) {
        Some(unit) => Ok(unit),
        None => unknown(&name, wanted),
    }
}

fn exact(name: &str) -> Option<Unit> {
    if name == "%" {
        return Some(Unit::Percent);
    }
    if let Some(picoseconds) = time(name) {
        return Some(Unit::Time { picoseconds });
    }
    if let Some((amount, per)) = name.split_once('/') {
        if per == "B" {
            return time(amount).map(|picoseconds| Unit::PerByte { picoseconds });
        }
        let second = 1e12 / time(per)? as f64;
        if amount.is_empty() {
            return Some(Unit::Frequency { factor: second });
        }
        if let Some(factor) = operations(amount) {
            return Some(Unit::Speed { factor: factor * second });
        }
        return match (prefixed(amount, "B"), prefixed(amount, "b")) {
            (Some(factor), _) => Some(Unit::Bandwidth { factor: factor * second }),
            (_, Some(factor)) => Some(Unit::Bandwidth { factor: factor * second / 8.0 }),
            _ => None,
        };
    }
    if let Some(factor) = operations(name) {
        return Some(Unit::Operations { factor });
    }
    if let Some(factor) = prefixed(name, "B") {
        return Some(Unit::Bytes { factor });
    }
    prefixed(name, "b").map(|_| Unit::Bits)
}

fn time(name: &str) -> Option<u64> {
    TIMES.iter().find(|(unit, _)| *unit == name).map(|(_, picoseconds)| *picoseconds)
}

fn operations(name: &str) -> Option<f64> {
    prefixed(name, "op").or_else(|| prefixed(name, "flop")).filter(|_| !name.contains('i'))
}

fn prefixed(name: &str, unit: &str) -> Option<f64> {
    let prefix = name.strip_suffix(unit)?;
    PREFIXES.iter().find(|(text, _)| *text == prefix).map(|(_, factor)| *factor)
}

/// What to say of a unit that isn't one: the traps first, then the nearest.
fn unknown(name: &str, wanted: Dimension) -> Result<Unit, Wrong> {
    let what = format!("there is no unit `{name}`");
    if name.ends_with("Hz") {
        return match wanted {
            Dimension::Speed => wrong(
                format!("`{name}` is a clock, not a speed: how many operations does a cycle do?"),
                "give operations per second, such as \"2.45 Gop/s\", or a plain factor such as 1.0",
            ),
            _ => wrong(what, format!("give {}, such as \"{}\"", wanted.noun(), wanted.example())),
        };
    }
    let (amount, per) = name.split_once('/').map_or((name, ""), |(amount, _)| (amount, "/s"));
    match amount {
        "KB" | "K" => wrong(
            format!("`{name}` is ambiguous"),
            format!("write `kB{per}` for 1000 bytes or `KiB{per}` for 1024"),
        ),
        "Kb" => wrong(
            format!("`{name}` is ambiguous"),
            format!("write `kb{per}` for 1000 bits or `Kib{per}` for 1024"),
        ),
        "m" | "M" if per.is_empty() && matches!(wanted, Dimension::Time | Dimension::Work) => {
            wrong(format!("`{name}` is ambiguous"), "write `min` for minutes or `ms` for milliseconds")
        }
        "y" | "yr" | "year" | "years" | "month" | "months" => {
            wrong(format!("a `{name}` has no fixed length"), "write days, such as \"365 days\"")
        }
        _ => {
            let folded = name.to_lowercase();
            let near = candidates().find(|candidate| candidate.to_lowercase() == folded);
            let help = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("write {}, such as \"{}\"", wanted.noun(), wanted.example()),
            };
            wrong(what, help)
        }
    }
}

fn candidates() -> impl Iterator<Item = String> {
    let times = TIMES.iter().map(|(name, _)| (*name).to_owned());
    let units = ["B", "B/s", "op", "op/s"];
    times.chain(
        units.into_iter().flat_map(|unit| PREFIXES.iter().map(move |(prefix, _)| format!("{prefix}{unit}"))),
    )
}

impl Unit {
    /// What a quantity in this unit is.
    pub(super) fn noun(self) -> &'static str {
        match self {
            Unit::Time { .. } => "a time",
            Unit::Operations { .. } => "a number of operations",
            Unit::Bytes { .. } => "a size",
            Unit::Bits => "a size in bits",
            Unit::Bandwidth { .. } | Unit::PerByte { .. } => "a bandwidth",
            Unit::Frequency { .. } => "a rate of events",
            Unit::Speed { .. } => "a speed",
            Unit::Percent => "a percentage",
        }
    }

    /// How much it is in another unit of its kind.
    pub(super) fn ratio(self, other: Unit) -> Option<f64> {
        match (self, other) {
            (Unit::Time { picoseconds: own }, Unit::Time { picoseconds: other })
            | (Unit::PerByte { picoseconds: own }, Unit::PerByte { picoseconds: other }) => {
                Some(own as f64 / other as f64)
            }
            (Unit::Operations { factor: own }, Unit::Operations { factor: other })
            | (Unit::Bytes { factor: own }, Unit::Bytes { factor: other })
            | (Unit::Bandwidth { factor: own }, Unit::Bandwidth { factor: other })
            | (Unit::Frequency { factor: own }, Unit::Frequency { factor: other })
            | (Unit::Speed { factor: own }, Unit::Speed { factor: other }) => Some(own / other),
            _ => None,
        }
    }

    /// What would be right instead of `text` in this unit.
    pub(super) fn remedy(self, text: &str, wanted: Dimension) -> String {
        match (self, wanted) {
            (Unit::Bits, Dimension::Bytes) => {
                format!("`b` is bits and `B` is bytes: did you mean \"{}\"?", text.replace('b', "B"))
            }
            (Unit::Bytes { .. } | Unit::Bits, Dimension::Bandwidth) => format!("did you mean \"{text}/s\"?"),
            (Unit::Operations { .. }, Dimension::Speed) => format!("did you mean \"{text}/s\"?"),
            _ => format!("write {}, such as \"{}\"", wanted.noun(), wanted.example()),
        }
    }
}
