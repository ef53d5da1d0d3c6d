//! How costs change from one time step to the next.

use std::sync::Arc;

use super::profile::{Costs, Step};
use super::table::Table;
use crate::registry::{Entry, Registered, Registry};
use crate::rng::{Distribution, Purpose, Stream};
use crate::source::{Field, Fraction};
use crate::workload::Draws;

/// A change from step to step.
#[derive(Clone, Debug)]
pub(super) enum Drift {
    /// Costs move on along the loop by this part of it, round the end.
    Shift(f64),
    /// All costs are multiplied by this.
    Grow(f64),
    /// Each cost is multiplied by a factor of its own, drawn from this.
    Walk(Distribution),
    /// All costs are drawn anew.
    Redraw,
}

impl Drift {
    /// Whether each iteration's cost is held, whatever its profile.
    pub fn holds_each(&self) -> bool {
        matches!(self, Drift::Walk(_))
    }

    /// Whether it is drawn at random; what it draws anew is so already.
    pub fn is_random(&self) -> bool {
        matches!(self, Drift::Walk(factor) if factor.is_random())
    }

    /// What is wrong with it for costs that are `drawn` or not, and what would be right.
    pub fn misfits(&self, drawn: bool, steps: u64) -> Option<(String, &'static str)> {
        if steps == 1 {
            return Some(("`drift` changes nothing in a loop of one time step".into(), "give `steps` too"));
        }
        let redraws = matches!(self, Drift::Redraw);
        (redraws && !drawn).then(|| {
            let what = "`redraw` draws costs anew, but they are not drawn at all".into();
            (what, "give `cost` a distribution, or choose `shift`, `grow` or `walk`")
        })
    }
}

const SHIFT_BY: Field<Fraction> =
    Field::new("by", "the part of the loop by which costs move on in each step");
const GROW_BY: Field<f64> = Field::new("factor", "by what all costs are multiplied in each step")
    .check(|factor| if *factor > 0.0 { Ok(()) } else { Err("must be above 0") });
const CV: Field<Fraction> =
    Field::new("cv", "the relative standard deviation of a cost's change in one step, whose mean is none");

static SHIFT: Entry<Drift> = Entry {
    name: "shift",
    about: "costs move on along the loop, round its end",
    cite: "",
    fields: &[&SHIFT_BY],
    bare: Some("by"),
    read: |fields| Some(Box::new(Drift::Shift(fields.take(&SHIFT_BY)?.0))),
};

static GROW: Entry<Drift> = Entry {
    name: "grow",
    about: "all costs grow or shrink by the same factor",
    cite: "",
    fields: &[&GROW_BY],
    bare: Some("factor"),
    read: |fields| Some(Box::new(Drift::Grow(fields.take(&GROW_BY)?))),
};

static WALK: Entry<Drift> = Entry {
    name: "walk",
    about: "each iteration's cost changes by a random factor of its own",
    cite: "",
    fields: &[&CV],
    bare: Some("cv"),
    read: |fields| {
        let cv = fields.take(&CV)?.0;
        match Distribution::lognormal(1.0, cv) {
            Ok(factor) => Some(Box::new(Drift::Walk(factor))),
            Err(wrong) => {
                fields.fault("cv", format!("`{}.cv` {}", fields.cx.path(), wrong.rule));
                None
            }
        }
    },
};

static REDRAW: Entry<Drift> = Entry {
    name: "redraw",
    about: "costs are drawn anew",
    cite: "",
    fields: &[],
    bare: None,
    read: |_| Some(Box::new(Drift::Redraw)),
};

static DRIFTS: Registry<Drift> =
    Registry { noun: "drift of costs", entries: &[&SHIFT, &GROW, &WALK, &REDRAW] };

impl Registered for Drift {
    fn registry() -> &'static Registry<Self> {
        &DRIFTS
    }
}

/// The costs of a replicate, step by step.
pub(super) struct Drifting {
    costs: Arc<dyn Costs>,
    drift: Option<Drift>,
    /// Draws costs, and then their changes.
    stream: Stream,
    present: Box<dyn Step>,
    /// The iterations, where each has a cost that drifts by itself.
    each: Vec<f64>,
    count: u64,
    /// How far costs have moved on, and what they are multiplied by.
    shift: u64,
    factor: f64,
}

impl Drifting {
    /// The costs of the first step.
    pub fn new(costs: &Arc<dyn Costs>, count: u64, drift: Option<&Drift>, draws: &Draws) -> Self {
        let mut stream = draws.stream(Purpose::Work);
        let mut present = costs.step(&mut stream);
        let mut each = Vec::new();
        if drift.is_some_and(Drift::holds_each) {
            each = (0..count).map(|at| present.work(at, 1)).collect();
            present = Box::new(Table::new(each.iter().copied()));
        }
        Drifting {
            costs: costs.clone(),
            drift: drift.cloned(),
            stream,
            present,
            each,
            count,
            shift: 0,
            factor: 1.0,
        }
    }

    /// Goes over to the next step.
    pub fn begin(&mut self, step: u64) {
        if step == 0 {
            return;
        }
        match &self.drift {
            None => {}
            Some(Drift::Shift(by)) => {
                // Rounded once from the start, so that no error adds up.
                let moved = (step as f64 * by).fract() * self.count as f64;
                self.shift = (moved + 0.5) as u64 % self.count;
            }
            Some(Drift::Grow(factor)) => self.factor *= factor,
            Some(Drift::Walk(factor)) => {
                self.each.iter_mut().for_each(|cost| *cost *= factor.sample(&mut self.stream, 0));
                self.present = Box::new(Table::new(self.each.iter().copied()));
            }
            Some(Drift::Redraw) => self.present = self.costs.step(&mut self.stream),
        }
    }

    /// A sum over the `size` iterations from `first` on, which are those of the profile `shift` before them.
    fn sum(&self, first: u64, size: u64, of: impl Fn(u64, u64) -> f64) -> f64 {
        if self.shift == 0 {
            return of(first, size);
        }
        let from = (first + self.count - self.shift) % self.count;
        let ahead = size.min(self.count - from);
        of(from, ahead) + if ahead < size { of(0, size - ahead) } else { 0.0 }
    }

    pub fn work(&self, first: u64, size: u64) -> f64 {
        self.factor * self.sum(first, size, |first, size| self.present.work(first, size))
    }

    pub fn squares(&self, first: u64, size: u64) -> f64 {
        self.factor * self.factor * self.sum(first, size, |first, size| self.present.squares(first, size))
    }

    pub fn longest(&self) -> f64 {
        self.factor * self.present.longest()
    }
}
