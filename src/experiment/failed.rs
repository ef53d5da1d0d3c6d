//! Why a study has no results.

use super::Unit;
use crate::scenario::{Case, Study};
use crate::sim::Failure;

/// Why a study has no results.
#[derive(Clone, PartialEq, Debug)]
pub enum Failed {
    /// A replicate came to no end.
    Replicate {
        /// The case, such as `“lpt” at machine.cores = 4`.
        case: String,
        /// Which replicate.
        replicate: u32,
        /// What happened, in a sentence without a full stop.
        why: String,
    },
    /// What was asked of a case can't be had.
    Case {
        /// The case, such as `“lpt” at machine.cores = 4`.
        case: String,
        /// Why not, in a sentence without a full stop.
        why: String,
    },
    /// A record couldn't be kept or read: a sentence without a full stop.
    Record(String),
    /// It was ended before every case had been simulated once.
    Ended {
        /// How many replicates are done.
        done: u64,
    },
}

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Failed::Replicate { case, replicate, why } => {
                write!(f, "replicate {replicate} of {case} failed: {why}")
            }
            Failed::Case { case, why } => write!(f, "{case}: {why}"),
            Failed::Record(why) => f.write_str(why),
            Failed::Ended { .. } => {
                f.write_str("the run was ended before every case had been simulated once")
            }
        }
    }
}

impl Failed {
    /// `unit` came to no end.
    pub(super) fn replicate(study: &Study, unit: Unit, failure: &Failure) -> Self {
        let case = &study.cases[unit.case as usize];
        Failed::Replicate {
            case: case.name(),
            replicate: unit.replicate,
            why: failure.describe(&case.scenario),
        }
    }

    /// What was asked of `case` can't be had.
    pub(super) fn case(case: &Case, why: String) -> Self {
        Failed::Case { case: case.name(), why }
    }
}
