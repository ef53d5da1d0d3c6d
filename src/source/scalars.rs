//! How plain values read: truth values, whole numbers, numbers, texts, lists, named tables, quantities.

use std::num::{NonZeroU32, NonZeroU64};

use super::{Context, Key, Kind, Origin, Read, Shape, Value};
use crate::time::{Span, Time};
use crate::units::{self, Dimension};

impl Read for bool {
    fn shape() -> Shape {
        Shape::Boolean
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        if let Kind::Boolean(truth) = value.kind {
            return Some(truth);
        }
        cx.wrong_kind(value, "`true` or `false`");
        None
    }
}

/// A whole number from `least` to `most`; 1e6 is one too. Problems go to the context.
pub fn whole(value: &Value, least: u64, most: u64, cx: &Context<'_>) -> Option<u64> {
    let exact = match value.kind {
        Kind::Integer(number) => u64::try_from(number).ok(),
        Kind::Float(number) if number.fract() == 0.0 && number >= 0.0 => Some(number as u64),
        Kind::Float(_) => None,
        _ => {
            cx.wrong_kind(value, "a whole number");
            return None;
        }
    };
    match exact {
        Some(exact) if (least..=most).contains(&exact) => Some(exact),
        Some(exact) if exact > most => {
            let what = format!("`{}` is too large", cx.path());
            cx.fault(value, what, format!("at most {}", units::count(most)), "");
            None
        }
        _ => {
            let what = format!("`{}` must be a whole number, at least {least}", cx.path());
            // What a range or a file gives stands nowhere else.
            cx.fault(value, what, format!("{} is out of range", value.inline()), "");
            None
        }
    }
}

macro_rules! whole_number {
    ($type:ty, $least:expr, $most:expr, $convert:expr) => {
        impl Read for $type {
            fn shape() -> Shape {
                Shape::Integer($least, $most)
            }

            fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
                whole(value, $least, $most, cx).and_then($convert)
            }
        }
    };
}

whole_number!(u32, 0, u32::MAX as u64, |number| u32::try_from(number).ok());
whole_number!(u64, 0, u64::MAX, Some);
whole_number!(NonZeroU32, 1, u32::MAX as u64, |number| u32::try_from(number).ok().and_then(NonZeroU32::new));
whole_number!(NonZeroU64, 1, u64::MAX, NonZeroU64::new);

impl Read for f64 {
    fn shape() -> Shape {
        Shape::Number
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        match value.kind {
            Kind::Integer(number) => Some(number as f64),
            Kind::Float(number) if number.is_finite() => Some(number),
            _ => {
                cx.wrong_kind(value, "a number");
                None
            }
        }
    }
}

impl Read for String {
    fn shape() -> Shape {
        Shape::Text("text")
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let text = value.text().map(str::to_owned);
        if text.is_none() {
            cx.wrong_kind(value, "a text");
        }
        text
    }
}

impl<T: Read> Read for Vec<T> {
    fn shape() -> Shape {
        Shape::List(Box::new(T::shape()))
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let Kind::List(items) = &value.kind else {
            cx.wrong_kind(value, "a list");
            return None;
        };
        // All items are read before the first failure counts, so that one pass shows every problem.
        let read: Vec<Option<T>> = items
            .iter()
            .enumerate()
            .map(|(at, item)| cx.below(&at.to_string(), || T::read(item, cx)))
            .collect();
        read.into_iter().collect()
    }
}

/// What a key of the language holds that isn't built yet: nothing reads as it.
pub enum Later {}

impl Read for Later {
    fn shape() -> Shape {
        Shape::Any
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        cx.not_built(&format!("`{}`", cx.path()), value.place, "");
        None
    }
}

/// Tables under names that the user chose, in file order.
pub struct Named<T>(pub Vec<(Key, T)>);

impl<T: Read> Read for Named<T> {
    fn shape() -> Shape {
        Shape::Named(Box::new(T::shape()))
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let Kind::Table(table) = &value.kind else {
            cx.wrong_kind(value, "a table of named entries");
            return None;
        };
        let loose = table.entries.iter().find(|(_, item)| item.table().is_none());
        if let (Some((key, item)), Shape::Table(_)) = (loose, T::shape()) {
            cx.nameless(key, item);
            return None;
        }
        let read: Vec<Option<(Key, T)>> = table
            .entries
            .iter()
            .map(|(key, item)| {
                let read = cx.entry(&key.name, item, Origin::Given, || T::read(item, cx));
                Some((key.clone(), read?))
            })
            .collect();
        read.into_iter().collect::<Option<Vec<_>>>().map(Named)
    }
}

/// Reads a quantity of `dimension` in the program's unit; problems go to the context.
pub fn quantity(value: &Value, dimension: Dimension, cx: &Context<'_>) -> Option<f64> {
    let parsed = match &value.kind {
        Kind::Text(text) => units::parse(text, dimension, &cx.scale()),
        Kind::Integer(number) => units::plain(*number as f64, dimension),
        Kind::Float(number) => units::plain(*number, dimension),
        _ => {
            cx.wrong_kind(value, dimension.noun());
            return None;
        }
    };
    match parsed {
        Ok(amount) => {
            if dimension == Dimension::Bandwidth && amount.is_finite() {
                cx.note(units::bandwidth(amount * cx.scale().ticks_per_second()));
            }
            Some(amount)
        }
        Err(wrong) => {
            cx.fault(value, format!("`{}`: {}", cx.path(), wrong.what), "", wrong.help);
            None
        }
    }
}

impl Read for Span {
    fn shape() -> Shape {
        Shape::Quantity(Dimension::Time)
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let span = Span::round_up(quantity(value, Dimension::Time, cx)?);
        if span.is_forever() {
            let last = units::seconds(cx.scale().seconds(u64::MAX as f64));
            let what = format!("`{}` lies beyond the end of time, which is {last} at this tick", cx.path());
            cx.fault(value, what, "too long", "choose a coarser `run.tick`, such as \"1 ns\"");
            return None;
        }
        Some(span)
    }
}

impl Read for Time {
    fn shape() -> Shape {
        Shape::Quantity(Dimension::Time)
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        Span::read(value, cx).map(|span| Time::ZERO + span)
    }
}

macro_rules! measure {
    ($(#[$about:meta] $name:ident, $dimension:ident;)*) => {$(
        #[$about]
        #[derive(Clone, Copy, PartialEq, PartialOrd, Debug)]
        pub struct $name(pub f64);

        impl Read for $name {
            fn shape() -> Shape {
                Shape::Quantity(Dimension::$dimension)
            }

            fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
                quantity(value, Dimension::$dimension, cx).map($name)
            }
        }
    )*};
}

measure! {
    /// An amount of data in bytes.
    Bytes, Bytes;
    /// A bandwidth in bytes per tick.
    Bandwidth, Bandwidth;
    /// Events per tick.
    Frequency, Frequency;
    /// Work in ticks on a core of speed 1.
    Work, Work;
    /// A part of a whole.
    Fraction, Fraction;
}
