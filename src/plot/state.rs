//! The states of a core's time, as charts name and fill them.

use serde::{Deserialize, Serialize};

use super::theme::{BLUE, Colour, Fill, Pattern, SKY, VERMILLION};

/// What a core does at an instant; the model page defines each.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Computes.
    Compute,
    /// Waits for memory while computing.
    Memory,
    /// Sends, receives or waits for a message.
    Communicate,
    /// Waits at a lock, a barrier or a join.
    Synchronise,
    /// Waits for or holds the dispatcher.
    Schedule,
    /// Writes a checkpoint.
    Checkpoint,
    /// Restarts after a fault.
    Restart,
    /// Did work that was thrown away later.
    Lost,
    /// Idle: no work exists.
    IdleNoWork,
    /// Idle: work exists, but elsewhere.
    IdleElsewhere,
    /// Idle: work waits for a dependency.
    IdleDependency,
    /// Idle: claimed, but its data are on their way.
    IdleData,
    /// Out of order.
    Down,
}

impl State {
    /// Every state, in the order in which they are stacked.
    pub const ALL: [State; 13] = [
        State::Compute,
        State::Memory,
        State::Communicate,
        State::Synchronise,
        State::Schedule,
        State::Checkpoint,
        State::Restart,
        State::Lost,
        State::IdleNoWork,
        State::IdleElsewhere,
        State::IdleDependency,
        State::IdleData,
        State::Down,
    ];

    /// Its name in a legend.
    pub fn name(self) -> &'static str {
        match self {
            State::Compute => "compute",
            State::Memory => "memory",
            State::Communicate => "communicate",
            State::Synchronise => "synchronise",
            State::Schedule => "schedule",
            State::Checkpoint => "checkpoint",
            State::Restart => "restart",
            State::Lost => "lost work",
            State::IdleNoWork => "idle: no work exists",
            State::IdleElsewhere => "idle: work is elsewhere",
            State::IdleDependency => "idle: waits for a dependency",
            State::IdleData => "idle: waits for data",
            State::Down => "down",
        }
    }

    /// Its fill. Computing alone has a full colour; what costs time beside it is a tint with a pattern in the same hue, and
    /// idle time is grey.
    pub(super) fn fill(self) -> Fill {
        match self {
            State::Compute => Fill::plain(BLUE),
            State::Memory => Fill::with(SKY, Pattern::Level, Colour(0x00, 0x4C, 0x78), 9),
            State::Communicate => {
                Fill::with(Colour(0xB8, 0xE4, 0xD7), Pattern::Falling, Colour(0x00, 0x74, 0x54), 10)
            }
            State::Synchronise => {
                Fill::with(Colour(0xF8, 0xF2, 0xAC), Pattern::Upright, Colour(0x7D, 0x75, 0x00), 9)
            }
            State::Schedule => {
                Fill::with(Colour(0xF7, 0xDD, 0xA8), Pattern::Rising, Colour(0x7A, 0x4E, 0x00), 8)
            }
            State::Checkpoint => {
                Fill::with(Colour(0xEB, 0xCF, 0xE0), Pattern::Cross, Colour(0x7A, 0x3B, 0x63), 11)
            }
            State::Restart => {
                Fill::with(Colour(0xEB, 0xCF, 0xE0), Pattern::Falling, Colour(0x7A, 0x3B, 0x63), 7)
            }
            State::Lost => Fill::with(Colour(0xFF, 0xF1, 0xE8), Pattern::Rising, VERMILLION, 6),
            State::IdleNoWork => Fill::plain(Colour(0xF4, 0xF4, 0xF4)),
            State::IdleElsewhere => {
                Fill::with(Colour(0xE6, 0xE6, 0xE6), Pattern::Dots, Colour(0x70, 0x70, 0x70), 10)
            }
            State::IdleDependency => Fill::plain(Colour(0xCC, 0xCC, 0xCC)),
            State::IdleData => {
                Fill::with(Colour(0xB4, 0xB4, 0xB4), Pattern::Level, Colour(0x80, 0x80, 0x80), 8)
            }
            State::Down => Fill::with(Colour(0x55, 0x55, 0x55), Pattern::Cross, Colour(0xA8, 0xA8, 0xA8), 9),
        }
    }

    /// Its place in [`State::ALL`].
    pub fn index(self) -> usize {
        self as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_stands_at_its_index_and_looks_like_no_other() {
        for (i, state) in State::ALL.into_iter().enumerate() {
            assert_eq!(state.index(), i);
            assert_eq!(State::ALL.iter().filter(|other| other.fill() == state.fill()).count(), 1);
        }
    }
}
