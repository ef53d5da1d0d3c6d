//! Regular expressions of quantities, for the checking of scenarios in editors.

use super::Dimension;
use super::unit::{PREFIXES, TIMES};

const NUMBER: &str = r"[+]?([0-9][0-9_]*)(\.[0-9_]+)?([eE][+-]?[0-9]+)?";

/// The regular expression (ECMA 262) of the texts that read as a quantity of `dimension`.
///
/// ```
/// use makespan::units::{Dimension, pattern};
/// assert!(pattern(Dimension::Fraction).ends_with(" *(%)? *$"));
/// ```
pub fn pattern(dimension: Dimension) -> String {
    let time = alternatives(TIMES.iter().map(|(name, _)| *name));
    let prefix = alternatives(PREFIXES.iter().map(|(name, _)| *name));
    let decimal = alternatives(PREFIXES.iter().map(|(name, _)| *name).filter(|name| !name.ends_with('i')));
    let operations = format!("{decimal}(op|flop)");
    let units = match dimension {
        Dimension::Time => time,
        Dimension::Work => format!("({time}|{operations})"),
        Dimension::Bytes => format!("({prefix}B)"),
        Dimension::Bandwidth => format!("({prefix}[bB] */ *{time}|{time} */ *B)"),
        Dimension::Frequency => format!("(/ *{time})"),
        Dimension::Speed => format!("({operations} */ *{time})"),
        Dimension::Fraction => "(%)?".to_owned(),
        Dimension::Number => "()".to_owned(),
    };
    let quantity = format!("{NUMBER} *{units}");
    match dimension {
        Dimension::Bytes | Dimension::Bandwidth => format!("^ *(unlimited|{quantity}) *$"),
        _ => format!("^ *{quantity} *$"),
    }
}

fn alternatives(names: impl Iterator<Item = &'static str>) -> String {
    format!("({})", names.collect::<Vec<_>>().join("|"))
}
