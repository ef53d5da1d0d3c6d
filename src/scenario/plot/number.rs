//! The numbers behind the values of a swept key.

use super::Numbers;
use crate::scenario::variant::plain;
use crate::source::{Kind, Value};
use crate::units::{Dimension, Scale, parse};

/// Operations are counted as if a core did one a second.
const SCALE: Scale = Scale { tick: 1, rate: Some(1.0), timed: true };

/// What texts may be, plain numbers and percentages apart.
const DIMENSIONS: [Dimension; 6] = [
    Dimension::Time,
    Dimension::Frequency,
    Dimension::Bytes,
    Dimension::Bandwidth,
    Dimension::Speed,
    Dimension::Work,
];

/// The numbers that `values` are, if they all are of one dimension.
pub(super) fn numbers(values: &[Value]) -> Option<Numbers> {
    let each: Vec<(Dimension, f64)> = values.iter().map(number).collect::<Option<_>>()?;
    let dimension = each.first()?.0;
    let alike = each.iter().all(|(other, at)| *other == dimension && at.is_finite());
    let shown = values.iter().map(|value| plain(&value.inline()));
    alike.then(|| Numbers { dimension, at: shown.zip(each.iter().map(|(_, at)| *at)).collect() })
}

fn number(value: &Value) -> Option<(Dimension, f64)> {
    match &value.kind {
        Kind::Integer(number) => Some((Dimension::Number, *number as f64)),
        Kind::Float(number) => Some((Dimension::Number, *number)),
        Kind::Text(text) if text.trim_end().ends_with('%') => {
            Some((Dimension::Fraction, amount(text, Dimension::Fraction).ok()?))
        }
        Kind::Text(text) => {
            DIMENSIONS.iter().find_map(|dimension| Some((*dimension, amount(text, *dimension).ok()?)))
        }
        _ => None,
    }
}

/// `text` as a quantity of `dimension` in seconds, bytes, operations, or per second of them.
pub(super) fn amount(text: &str, dimension: Dimension) -> Result<f64, crate::units::Wrong> {
    let amount = parse(text, dimension, &SCALE)?;
    Ok(match dimension {
        Dimension::Time | Dimension::Work => SCALE.seconds(amount),
        Dimension::Frequency | Dimension::Bandwidth => amount * SCALE.ticks_per_second(),
        _ => amount,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::Place;

    fn of(kinds: &[Kind]) -> Option<Numbers> {
        let values: Vec<Value> =
            kinds.iter().map(|kind| Value::new(kind.clone(), Place::new(0, 0))).collect();
        numbers(&values)
    }

    fn text(text: &str) -> Kind {
        Kind::Text(text.to_owned())
    }

    #[test]
    fn quantities_are_numbers_in_seconds_bytes_and_operations() {
        let all = [
            (text("10 min"), Dimension::Time, 600.0),
            (text("80_000 /s"), Dimension::Frequency, 80_000.0),
            (text("64 KiB"), Dimension::Bytes, 65_536.0),
            (text("8 Gb/s"), Dimension::Bandwidth, 1e9),
            (text("2 Gop/s"), Dimension::Speed, 2e9),
            (text("3 Mop"), Dimension::Work, 3e6),
            (text("5 %"), Dimension::Fraction, 0.05),
            (Kind::Integer(4), Dimension::Number, 4.0),
        ];
        for (value, dimension, wanted) in all {
            let found = of(std::slice::from_ref(&value)).unwrap();
            assert_eq!(found.dimension, dimension, "{value:?}");
            assert!((found.at[0].1 / wanted - 1.0).abs() < 1e-12, "{value:?}: {:?}", found.at);
        }
    }

    #[test]
    fn names_and_mixtures_are_no_numbers() {
        assert_eq!(of(&[text("lpt"), text("fifo")]), None);
        assert_eq!(of(&[text("10 ms"), Kind::Integer(3)]), None);
        assert_eq!(of(&[]), None);
    }
}
