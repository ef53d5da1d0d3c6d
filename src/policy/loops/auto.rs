//! A bandit over the other schedules: each time step runs under one of them, and its length teaches which is best.

use std::sync::LazyLock;

use super::{Chunk, Hand, LoopSchedule, LoopSetup, LoopSpec, Measured, PLAIN};
use crate::registry::Entry;
use crate::source::{Context, Field, Read, Shape, Value};
use crate::workload::LoopShape;

/// A schedule among which it chooses.
#[derive(Debug)]
struct Arm {
    spec: Box<dyn LoopSpec>,
    name: String,
}

impl Read for Arm {
    fn shape() -> Shape {
        static NAMES: LazyLock<Vec<&'static str>> =
            LazyLock::new(|| PLAIN.entries.iter().map(|entry| entry.name).collect());
        Shape::OneOf(vec![Shape::Word(&NAMES), Shape::Any])
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let name = value.table().and_then(|table| table.only()).map(|(key, _)| &*key.name).or(value.text());
        if name == Some(ENTRY.name) {
            cx.fault(value, "`auto` can't choose itself", "an `auto` among its own", "leave it out");
            return None;
        }
        Some(Arm { name: name.unwrap_or_default().to_owned(), spec: PLAIN.read(value, cx)? })
    }
}

#[derive(Debug)]
struct Auto {
    arms: Vec<Arm>,
    explore: f64,
    discount: f64,
}

impl LoopSpec for Auto {
    fn start(&self, setup: &LoopSetup<'_>) -> Box<dyn LoopSchedule> {
        let arm = |arm: &Arm| Learned {
            schedule: arm.spec.start(setup),
            name: arm.name.clone(),
            plays: 0.0,
            time: 0.0,
            all_plays: 0,
            all_time: 0.0,
        };
        Box::new(Bandit {
            arms: self.arms.iter().map(arm).collect(),
            explore: self.explore,
            discount: self.discount,
            present: 0,
        })
    }

    fn is_random(&self) -> bool {
        self.arms.iter().any(|arm| arm.spec.is_random())
    }

    fn misfits(&self, shape: &LoopShape, cores: u32) -> Option<(String, &'static str)> {
        if shape.steps < 2 * self.arms.len() as u64 {
            let what = format!(
                "`auto` needs time steps to learn in: {} are too few for {} schedules",
                shape.steps,
                self.arms.len()
            );
            return Some((
                what,
                "give the loop at least twice as many `steps`, or fewer schedules with `among`",
            ));
        }
        self.arms.iter().find_map(|arm| arm.spec.misfits(shape, cores))
    }
}

/// A schedule and how long time steps took under it, the older ones counting less by the discount.
struct Learned {
    schedule: Box<dyn LoopSchedule>,
    name: String,
    plays: f64,
    time: f64,
    /// The same without discount.
    all_plays: u64,
    all_time: f64,
}

impl Learned {
    fn mean(&self) -> f64 {
        self.time / self.plays
    }
}

struct Bandit {
    arms: Vec<Learned>,
    explore: f64,
    discount: f64,
    present: usize,
}

impl Bandit {
    /// The first that was never tried, else the one that may be best: of the least mean time less explore × the best mean
    /// × √(ln n / nᵢ), as UCB1 has it (Auer, Cesa-Bianchi & Fischer 2002, figure 1).
    fn choose(&self) -> usize {
        if let Some(untried) = self.arms.iter().position(|arm| arm.all_plays == 0) {
            return untried;
        }
        let best = self.arms.iter().map(Learned::mean).fold(f64::INFINITY, f64::min);
        let all = libm::log(self.arms.iter().map(|arm| arm.plays).sum::<f64>()).max(0.0);
        let least = |arm: &Learned| arm.mean() - self.explore * best * (all / arm.plays).sqrt();
        let by_least = |a: &usize, b: &usize| least(&self.arms[*a]).total_cmp(&least(&self.arms[*b]));
        (0..self.arms.len()).min_by(by_least).unwrap_or(0)
    }
}

impl LoopSchedule for Bandit {
    fn begin(&mut self) {
        self.present = self.choose();
        self.arms[self.present].schedule.begin();
    }

    fn take(&mut self, core: u32) -> Option<Chunk> {
        self.arms[self.present].schedule.take(core)
    }

    fn hand(&self) -> Hand {
        self.arms[self.present].schedule.hand()
    }

    fn measured(&mut self, chunk: &Measured) {
        self.arms[self.present].schedule.measured(chunk);
    }

    fn looks_at_squares(&self) -> bool {
        self.arms[self.present].schedule.looks_at_squares()
    }

    fn end(&mut self, took: u64) {
        for arm in &mut self.arms {
            arm.plays *= self.discount;
            arm.time *= self.discount;
        }
        let arm = &mut self.arms[self.present];
        arm.schedule.end(took);
        arm.plays += 1.0;
        arm.time += took as f64;
        arm.all_plays += 1;
        arm.all_time += took as f64;
    }

    fn leave(&mut self, core: u32) {
        self.arms.iter_mut().for_each(|arm| arm.schedule.leave(core));
    }

    fn choice(&self) -> Option<&str> {
        Some(&self.arms[self.present].name)
    }

    fn weights(&self) -> Option<Vec<f64>> {
        self.arms[self.present].schedule.weights()
    }

    fn regret(&self) -> Option<f64> {
        let tried = || self.arms.iter().filter(|arm| arm.all_plays > 0);
        let best = tried().map(|arm| arm.all_time / arm.all_plays as f64).reduce(f64::min)?;
        Some(tried().map(|arm| arm.all_time - best * arm.all_plays as f64).sum())
    }
}

const AMONG: Field<Vec<Arm>> =
    Field::new("among", "the schedules that are tried, with their parameters if any; absent, all others")
        .optional();
const EXPLORE: Field<f64> = Field::new(
    "explore",
    "how much better than its mean so far a schedule may turn out, as a part of the best mean: more tries more often",
)
.default("0.1")
.check(|explore| if *explore >= 0.0 { Ok(()) } else { Err("must not be negative") });
const DISCOUNT: Field<f64> = Field::new(
    "discount",
    "by what each time step's weight shrinks in the next: below 1 old steps are forgotten, for costs that drift",
)
.default("1.0")
.check(|discount| if *discount > 0.0 && *discount <= 1.0 { Ok(()) } else { Err("above 0 and at most 1") });

pub(super) static ENTRY: Entry<dyn LoopSpec> = Entry {
    name: "auto",
    about: "tries the others time step by time step and stays with the best: a bandit that learns from the length of steps",
    cite: "Auer, Cesa-Bianchi & Fischer 2002, Finite-time analysis of the multiarmed bandit problem; Garivier & Moulines 2011 \
           for the discount",
    fields: &[&AMONG, &EXPLORE, &DISCOUNT],
    bare: Some("among"),
    read: |fields| {
        let (among, explore, discount) =
            (fields.maybe(&AMONG), fields.take(&EXPLORE), fields.take(&DISCOUNT));
        let arms = match among? {
            Some(arms) if arms.len() < 2 => {
                fields.fault("among", "`auto` needs two schedules or more to choose among");
                return None;
            }
            Some(arms) => arms,
            None => {
                let text = |name: &str| Value::new(crate::source::Kind::Text(name.to_owned()), fields.place);
                let all = PLAIN.entries.iter().map(|entry| {
                    let spec = fields.cx.unremembered(|| PLAIN.read(&text(entry.name), fields.cx))?;
                    Some(Arm { spec, name: entry.name.to_owned() })
                });
                all.collect::<Option<_>>()?
            }
        };
        Some(Box::new(Auto { arms, explore: explore?, discount: discount? }))
    },
};

#[cfg(test)]
mod tests {
    use super::super::testing::{setup, spec, start};

    /// The choices in `steps` steps that take `times(schedule, step)` ticks, and the regret.
    fn learn(text: &str, steps: u64, times: impl Fn(&str, u64) -> u64) -> (Vec<String>, f64) {
        let mut schedule = start(&*spec(text), &setup(100, &[1.0; 4]));
        let mut choices = Vec::new();
        for step in 0..steps {
            schedule.begin();
            while schedule.take(0).is_some() {}
            let choice = schedule.choice().unwrap().to_owned();
            schedule.end(times(&choice, step));
            choices.push(choice);
        }
        (choices, schedule.regret().unwrap())
    }

    #[test]
    fn every_schedule_is_tried_once_and_the_best_most() {
        let times = |name: &str, _: u64| match name {
            "guided" => 1000,
            "self" => 1050,
            _ => 2000,
        };
        let (choices, regret) = learn("auto = ['static', 'self', 'guided']", 100, times);
        assert_eq!(choices[..3], ["static", "self", "guided"]);
        let count = |name: &str| choices.iter().filter(|choice| *choice == name).count();
        assert_eq!(count("static"), 1);
        assert!(count("guided") > 60 && count("self") > 1, "{choices:?}");
        assert_eq!(regret, 1000.0 + 50.0 * count("self") as f64);
        let (choices, _) = learn("auto = { among = ['static', 'self', 'guided'], explore = 0 }", 50, times);
        assert_eq!(choices.iter().filter(|choice| *choice == "guided").count(), 48);
    }

    #[test]
    fn with_a_discount_it_notices_that_the_best_has_changed() {
        let times = |name: &str, step: u64| if (name == "self") == (step < 100) { 1000 } else { 1200 };
        let last = |discount: &str| {
            let text = format!("auto = {{ among = ['self', 'guided'], discount = {discount} }}");
            let (choices, _) = learn(&text, 200, times);
            choices[160..].iter().filter(|choice| *choice == "guided").count()
        };
        assert!(last("0.9") > 30, "{}", last("0.9"));
    }
}
