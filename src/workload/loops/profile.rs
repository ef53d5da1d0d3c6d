//! What iterations cost, as the scenario says it: one amount, a distribution, a shape, or a file.

use std::fmt::Debug;
use std::sync::Arc;

use super::pieces::{Pieces, Spikes};
use super::table::{Drawn, Table};
use crate::registry::{Entry, Registered, Registry};
use crate::rng::{Distribution, FAMILIES, Stream, WorkLaw};
use crate::source::{AnyField, AnyRegistry, Context, Field, Fraction, Read, Shape, Value, Work};
use crate::workload::csv;

/// A profile as the scenario describes it.
pub(super) trait Profile: Debug {
    /// How many iterations it has, where it knows that by itself.
    fn count(&self) -> Option<u64> {
        None
    }

    /// Whether each cost is drawn, and held.
    fn is_drawn(&self) -> bool {
        false
    }

    /// The costs of `count` iterations, at least 1.
    fn of(&self, count: u64) -> Box<dyn Costs>;
}

/// What the iterations of a time step cost, as far as the scenario settles it.
pub(super) trait Costs: Debug + Send + Sync {
    /// The mean work of an iteration, in ticks at speed 1.
    fn mean(&self) -> f64;

    /// Its variance, infinite where a distribution has none.
    fn variance(&self) -> f64;

    /// Whether it is drawn at random.
    fn is_random(&self) -> bool {
        false
    }

    /// The costs of a time step. Where they are drawn, `stream` gives the numbers.
    fn step(&self, stream: &mut Stream) -> Box<dyn Step>;
}

/// The costs of one time step in one replicate.
pub(super) trait Step {
    /// The work of the `size` iterations from `first` on.
    fn work(&self, first: u64, size: u64) -> f64;

    /// The sum of the squares of the work of each of them.
    fn squares(&self, first: u64, size: u64) -> f64;

    /// The work of the longest iteration.
    fn longest(&self) -> f64;
}

/// One amount for all iterations, or a distribution of it.
#[derive(Debug)]
struct Law(Distribution);

impl Profile for Law {
    fn is_drawn(&self) -> bool {
        !self.0.is_constant()
    }

    fn of(&self, count: u64) -> Box<dyn Costs> {
        if self.is_drawn() {
            return Box::new(Drawn { law: self.0.clone(), count });
        }
        Box::new(Pieces::constant(count, self.0.mean()))
    }
}

/// A shape of a few parameters.
#[derive(Clone, Copy, Debug)]
enum Form {
    Linear { from: f64, to: f64 },
    Quadratic { from: f64, to: f64 },
    Peaked { base: f64, peak: f64, at: f64, width: f64 },
    Spiked { base: f64, spike: f64, every: u64 },
}

impl Profile for Form {
    fn of(&self, count: u64) -> Box<dyn Costs> {
        match *self {
            Form::Linear { from, to } => Box::new(Pieces::linear(count, from, to)),
            Form::Quadratic { from, to } => Box::new(Pieces::quadratic(count, from, to)),
            Form::Peaked { base, peak, at, width } => {
                Box::new(Pieces::peaked(count, (base, peak), at, width))
            }
            Form::Spiked { base, spike, every } => Box::new(Spikes { count, base, spike, every }),
        }
    }
}

/// Costs listed one by one.
#[derive(Debug)]
struct Listed(Arc<Table>);

impl Profile for Listed {
    fn count(&self) -> Option<u64> {
        Some(self.0.len())
    }

    fn of(&self, _: u64) -> Box<dyn Costs> {
        Box::new(self.0.clone())
    }
}

const FROM: Field<Work> = Field::new("from", "the work of the first iteration");
const TO: Field<Work> = Field::new("to", "the work of the last iteration");
const BASE: Field<Work> = Field::new("base", "the work of the other iterations");
const PEAK: Field<Work> = Field::new("peak", "the work of the costliest iteration");
const AT: Field<Fraction> = Field::new("at", "where in the loop the costliest iteration is")
    .default("50 %")
    .check(|at| if at.0 <= 1.0 { Ok(()) } else { Err("at most 100 %") });
const WIDTH: Field<Fraction> =
    Field::new("width", "the part of the loop from one foot of the peak to the other")
        .default("20 %")
        .check(|width| if width.0 > 0.0 { Ok(()) } else { Err("must be above 0") });
const SPIKE: Field<Work> = Field::new("spike", "the work of the costly iterations");
const EVERY: Field<u64> =
    Field::new("every", "how many iterations there are to one costly one, the first of them")
        .check(|every| if *every > 0 { Ok(()) } else { Err("at least 1") });
const PATH: Field<File> = Field::new(
    "path",
    "a CSV file with a row for each iteration: its column is `work`, or `work (us)` for plain numbers",
);

static LINEAR: Entry<dyn Profile> = Entry {
    name: "linear",
    about: "rising or falling evenly from the first iteration to the last",
    cite: "",
    fields: &[&FROM, &TO],
    bare: None,
    read: |fields| {
        let (from, to) = (fields.take(&FROM), fields.take(&TO));
        Some(Box::new(Form::Linear { from: from?.0, to: to?.0 }))
    },
};

static QUADRATIC: Entry<dyn Profile> = Entry {
    name: "quadratic",
    about: "rising or falling with the square of the iteration's place",
    cite: "",
    fields: &[&FROM, &TO],
    bare: None,
    read: |fields| {
        let (from, to) = (fields.take(&FROM), fields.take(&TO));
        Some(Box::new(Form::Quadratic { from: from?.0, to: to?.0 }))
    },
};

static PEAKED: Entry<dyn Profile> = Entry {
    name: "peaked",
    about: "even but for a peak with straight sides",
    cite: "",
    fields: &[&BASE, &PEAK, &AT, &WIDTH],
    bare: None,
    read: |fields| {
        let (base, peak) = (fields.take(&BASE), fields.take(&PEAK));
        let (at, width) = (fields.take(&AT), fields.take(&WIDTH));
        Some(Box::new(Form::Peaked { base: base?.0, peak: peak?.0, at: at?.0, width: width?.0 }))
    },
};

static SPIKED: Entry<dyn Profile> = Entry {
    name: "spiked",
    about: "even but for every so many-th iteration",
    cite: "",
    fields: &[&BASE, &SPIKE, &EVERY],
    bare: None,
    read: |fields| {
        let (base, spike, every) = (fields.take(&BASE), fields.take(&SPIKE), fields.take(&EVERY));
        Some(Box::new(Form::Spiked { base: base?.0, spike: spike?.0, every: every? }))
    },
};

static FILE: Entry<dyn Profile> = Entry {
    name: "file",
    about: "each iteration as a CSV file says",
    cite: "",
    fields: &[&PATH],
    bare: Some("path"),
    read: |fields| Some(Box::new(Listed(Arc::new(Table::new(fields.take(&PATH)?.0))))),
};

static PROFILES: Registry<dyn Profile> =
    Registry { noun: "cost profile", entries: &[&LINEAR, &QUADRATIC, &PEAKED, &SPIKED, &FILE] };

impl Registered for dyn Profile {
    fn registry() -> &'static Registry<Self> {
        &PROFILES
    }
}

/// What `cost` says.
pub(super) struct Cost(pub(super) Box<dyn Profile>);

impl Read for Cost {
    fn shape() -> Shape {
        Shape::OneOf(vec![WorkLaw::shape(), Shape::Choice(&PROFILES)])
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let named = |registry: &dyn AnyRegistry, name: &str| {
            registry.listings().iter().any(|listing| listing.name == name)
        };
        let key = value.table().and_then(|table| table.only()).map(|(key, _)| &*key.name);
        let shape = match key {
            Some(key) => !named(&FAMILIES, key),
            None => value.text().is_some_and(|text| named(&PROFILES, text)) || value.table().is_some(),
        };
        if shape {
            return PROFILES.read(value, cx).map(Cost);
        }
        Some(Cost(Box::new(Law(WorkLaw::read(value, cx)?.0))))
    }
}

/// The costs in a CSV file, in ticks at speed 1.
struct File(Vec<f64>);

const WORK: Field<Work> = Field::new("work", "the work of an iteration");
const COLUMNS: &[&dyn AnyField] = &[&WORK];

/// How many wrong rows of a file are reported: a million of them would show no more.
const MOST: usize = 10;

impl Read for File {
    fn shape() -> Shape {
        Shape::Text("a path")
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let rows = csv::rows(value, COLUMNS, cx)?;
        if rows.is_empty() {
            cx.fault(value, "the file has no row, but a loop needs an iteration", "named here", "");
            return None;
        }
        let mut costs = Vec::with_capacity(rows.len());
        let mut wrong = 0;
        for row in rows {
            let cost = cx.unremembered(|| crate::source::Fields::open(&row, COLUMNS, cx)?.take(&WORK));
            match cost {
                Some(Work(work)) => costs.push(work),
                None => wrong += 1,
            }
            if wrong == MOST {
                break;
            }
        }
        (wrong == 0).then_some(File(costs))
    }
}
