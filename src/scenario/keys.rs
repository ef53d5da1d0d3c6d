//! The keys of the top level.

use super::expect;
use super::report;
use super::run;
use super::workloads::Workloads;
use crate::faults;
use crate::machine;
use crate::network;
use crate::policy::Schedule;
use crate::source::{AnyField, Context, Field, Named, Read, Shape, Value};

pub(super) const TITLE: Field<String> = Field::new("title", "what the scenario is called").optional();
pub(super) const QUESTION: Field<String> = Field::new("question", "what it is to answer").optional();
pub(super) const BASELINE: Field<String> = Field::new(
    "baseline",
    "the label of the file as it stands; absent, the values of the keys that variants change",
)
.optional();
const EXTENDS: Field<Paths> = Field::new(
    "extends",
    "the file or files over which this one is laid; they say it all but title and variants",
)
.optional();
const REMOVE: Field<Paths> =
    Field::new("remove", "the keys that are taken away from what `extends` names").optional();
pub(super) const RUN: Field<run::Described> = Field::new("run", "how it is run").default("{}");
pub(super) const MACHINE: Field<machine::Described> = Field::new("machine", "the cores that do the work");
pub(super) const NETWORK: Field<network::Described> =
    Field::new("network", "what connects the nodes; without it communication is free").optional();
pub(super) const WORKLOAD: Field<Workloads> =
    Field::new("workload", "the work: a table named for its kind, or several that say their `kind`");
pub(super) const SCHEDULE: Field<Schedule> =
    Field::new("schedule", "which core does what, and when").default("{}");
pub(super) const FAULTS: Field<faults::Described> =
    Field::new("faults", "what breaks, who notices, what becomes of the work; nothing if absent").optional();
pub(super) const VARIANT: Field<Overlays> =
    Field::new("variant", "what is compared with the file as it stands: each changes some keys").optional();
pub(super) const SWEEP: Field<Axes> =
    Field::new("sweep", "keys and the values that each takes, all crossed with one another and the variants")
        .optional();
pub(super) const REPORT: Field<report::Described> = Field::new("report", "what is shown").default("{}");
pub(super) const EXPECT: Field<Named<expect::Described>> =
    Field::new("expect", "what must come out, by name").optional();

/// All keys, in the order in which they are shown.
pub(super) const ALL: &[&dyn AnyField] = &[
    &TITLE, &QUESTION, &BASELINE, &EXTENDS, &REMOVE, &RUN, &MACHINE, &NETWORK, &WORKLOAD, &SCHEDULE, &FAULTS,
    &VARIANT, &SWEEP, &REPORT, &EXPECT,
];

/// All keys of the top level, from whose shapes the whole language can be read.
pub fn keys() -> &'static [&'static dyn AnyField] {
    ALL
}

/// The keys that say something of one file: `extends` does not inherit them. `baseline` goes with the variants.
pub(super) const OWN: [&str; 5] = ["title", "question", "baseline", "variant", "sweep"];

/// The keys that hold for a whole study, so that no variant and no sweep can change them.
pub(super) const OF_STUDY: [&str; 8] =
    ["title", "question", "baseline", "extends", "variant", "sweep", "report", "expect"];

/// Whether the key at `path` holds for a whole study.
pub(super) fn is_of_study(path: &[String]) -> bool {
    let key = |at: usize| path.get(at).map_or("", String::as_str);
    OF_STUDY.contains(&key(0)) || (key(0) == "run" && matches!(key(1), "seed" | "replicates" | "goal"))
}

/// A path or several.
pub(super) enum Paths {}

/// Tables of keys that are laid over the file.
pub(super) enum Overlays {}

/// Keys and their values.
pub(super) enum Axes {}

macro_rules! shaped {
    ($($name:ident, $shape:expr;)*) => {$(
        impl Read for $name {
            fn shape() -> Shape {
                $shape
            }

            /// Taken out of the document before it is read.
            fn read(_: &Value, _: &Context<'_>) -> Option<Self> {
                None
            }
        }
    )*};
}

shaped! {
    Paths, Shape::OneOf(vec![Shape::Text("a path"), Shape::List(Box::new(Shape::Text("a path")))]);
    Overlays, Shape::List(Box::new(Shape::Any));
    Axes, Shape::Any;
}
