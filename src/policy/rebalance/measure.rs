//! What counts as the load of a core (`measure`).

use crate::source::{Context, Field, Read, Shape, Value};

/// What counts as the load of a core.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Measure {
    /// Its tasks, waiting and in service.
    Tasks,
    /// The time that the core can be expected to need for them, by what a scheduler expects of their work.
    Expected,
    /// The same by their true work, with the error of estimates.
    Work,
}

impl Measure {
    /// Whether the work of tasks must be known beforehand.
    pub fn clairvoyant(self) -> bool {
        self == Measure::Work
    }
}

impl Read for Measure {
    fn shape() -> Shape {
        Shape::Word(&["tasks", "expected", "work"])
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        match value.text() {
            Some("tasks") => Some(Measure::Tasks),
            Some("expected") => Some(Measure::Expected),
            Some("work") => Some(Measure::Work),
            _ => {
                let what = format!("`{}` must be `\"tasks\"`, `\"expected\"` or `\"work\"`", cx.path());
                cx.fault(value, what, "none of them", "");
                None
            }
        }
    }
}

/// The key `measure` of every way of rebalancing.
pub(super) const MEASURE: Field<Measure> = Field::new(
    "measure",
    "what the load of a core is: the number of its `tasks`, or the time that it needs for them, by the work `expected` or by the true `work`",
)
.default("tasks");
