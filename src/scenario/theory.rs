//! The theorems that a scenario may expect to hold.

use std::sync::LazyLock;

use crate::source::{Context, Read, Shape, Value};

/// A theorem about a metric.
#[derive(PartialEq, Debug)]
pub struct Theory {
    /// The name by which scenarios expect it.
    pub name: &'static str,
    /// What it says.
    pub about: &'static str,
    /// Author, year and place.
    pub cite: &'static str,
}

/// The theorems.
pub static THEORIES: &[Theory] = &[Theory {
    name: "graham",
    about: "the makespan is at most (2 − 1/m) times the lower bound of area and critical path on m identical cores",
    cite: "Graham 1969, eq. 2",
}];

impl Read for &'static Theory {
    fn shape() -> Shape {
        static NAMES: LazyLock<Vec<&'static str>> =
            LazyLock::new(|| THEORIES.iter().map(|theory| theory.name).collect());
        Shape::Word(&NAMES)
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let Some(name) = value.text() else {
            cx.wrong_kind(value, "the name of a theorem");
            return None;
        };
        let found = THEORIES.iter().find(|theory| theory.name == name);
        if found.is_none() {
            let names: Vec<_> = THEORIES.iter().map(|theory| theory.name).collect();
            cx.no_such("theorem", name, value, &names);
        }
        found
    }
}
