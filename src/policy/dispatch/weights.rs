//! Weights of servers, in any proportion.

use crate::error::Problem;
use crate::place::Place;
use crate::source::{Context, Read, Shape, Value};

/// A weight for each server, all greater than 0.
#[derive(Debug)]
pub(super) struct Weights {
    pub each: Vec<f64>,
    pub place: Place,
}

impl Read for Weights {
    fn shape() -> Shape {
        Vec::<f64>::shape()
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let each = Vec::<f64>::read(value, cx)?;
        if each.iter().all(|weight| *weight > 0.0) {
            return Some(Weights { each, place: value.place });
        }
        cx.fault(value, format!("`{}` must be greater than 0, each of them", cx.path()), "not so", "");
        None
    }
}

impl Weights {
    /// The problem that there aren't as many as `servers`; `help` says what would be right.
    pub fn wrong_number(&self, servers: u32, help: &str) -> Option<Problem> {
        let given = self.each.len();
        (given != servers as usize).then(|| {
            let label = format!("there are {servers} servers");
            Problem::new(format!("{given} weights for {servers} servers")).at(self.place, label).help(help)
        })
    }
}
