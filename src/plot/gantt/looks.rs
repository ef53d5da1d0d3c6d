//! What segments look like: eight kinds of task, then the states of core time.

use super::super::legend::Key;
use super::super::state::State;
use super::super::theme::{BLUE, Colour, Fill, GREEN, ORANGE, PURPLE, Pattern, SKY, WHITE, YELLOW};
use super::{Gantt, Segment};

/// How many looks there are; a look is an index.
pub(super) const LOOKS: usize = KINDS.len() + State::ALL.len();

const KINDS: [Fill; 8] = [
    Fill::plain(BLUE),
    Fill::plain(ORANGE),
    Fill::with(GREEN, Pattern::Dots, WHITE, 12),
    Fill::with(SKY, Pattern::Level, Colour(0x1B, 0x74, 0xA9), 12),
    Fill::plain(YELLOW),
    Fill::with(PURPLE, Pattern::Upright, Colour(0x8A, 0x3F, 0x68), 12),
    Fill::plain(Colour(0x8A, 0x5A, 0x00)),
    Fill::with(Colour(0xB5, 0xC4, 0x8A), Pattern::Dots, Colour(0x45, 0x55, 0x10), 9),
];

/// Which look each kind gets.
pub(super) struct Kinds {
    looks: Vec<usize>,
    merged: bool,
}

impl Kinds {
    /// Those that took most time get a look of their own.
    pub(super) fn new(data: &Gantt) -> Kinds {
        let count = data.kinds.len();
        if count <= KINDS.len() {
            return Kinds { looks: (0..count).collect(), merged: false };
        }
        let mut times = vec![0.0; count];
        for segment in data.segments.iter().filter(|s| works(s.state)) {
            if let Some(time) = times.get_mut(segment.kind as usize) {
                *time += segment.end - segment.start;
            }
        }
        let mut order: Vec<usize> = (0..count).collect();
        order.sort_by(|&a, &b| times[b].total_cmp(&times[a]));
        let mut looks = vec![KINDS.len() - 1; count];
        for (look, &kind) in order.iter().take(KINDS.len() - 1).enumerate() {
            looks[kind] = look;
        }
        Kinds { looks, merged: true }
    }

    /// The look of a segment.
    pub(super) fn look(&self, segment: &Segment) -> usize {
        if works(segment.state) {
            self.looks.get(segment.kind as usize).copied().unwrap_or(0)
        } else {
            KINDS.len() + segment.state.index()
        }
    }
}

fn works(state: State) -> bool {
    matches!(state, State::Compute | State::Memory)
}

/// Whether a look is that of a kind of task.
pub(super) fn is_work(look: usize) -> bool {
    look < KINDS.len()
}

/// How a look is painted.
pub(super) fn fill_of(look: usize) -> Fill {
    KINDS.get(look).copied().unwrap_or_else(|| State::ALL[look - KINDS.len()].fill())
}

/// The looks that occur, with their names.
pub(super) fn names(data: &Gantt, kinds: &Kinds) -> Vec<(usize, String)> {
    let mut present = [false; LOOKS];
    for segment in &data.segments {
        present[kinds.look(segment)] = true;
    }
    let of_kind = |look: usize| {
        let named = kinds.looks.iter().position(|&l| l == look).and_then(|kind| data.kinds.get(kind));
        let other = kinds.merged && look == KINDS.len() - 1;
        if other { "other kinds" } else { named.map_or("work", String::as_str) }
    };
    let name = |look: usize| match look.checked_sub(KINDS.len()) {
        None => of_kind(look),
        Some(state) => State::ALL[state].name(),
    };
    (0..LOOKS).filter(|&look| present[look]).map(|look| (look, name(look).to_owned())).collect()
}

/// The looks that occur, for the legend.
pub(super) fn keys(data: &Gantt, kinds: &Kinds) -> Vec<(Key, String)> {
    let area = |(look, name)| (Key::Area(fill_of(look)), name);
    let mut keys: Vec<(Key, String)> = names(data, kinds).into_iter().map(area).collect();
    if !data.faults.is_empty() {
        keys.push((Key::Fault, "fault".to_owned()));
    }
    keys
}

/// Whether a look is that of lost work.
pub(super) fn is_lost(look: usize) -> bool {
    look == KINDS.len() + State::Lost.index()
}
