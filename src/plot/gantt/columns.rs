//! Segments as they are kept: an array a field, since there may be hundreds of thousands.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::super::state::State;
use super::Segment;

#[derive(Default, Serialize, Deserialize)]
struct Columns {
    core: Vec<u32>,
    start: Vec<f64>,
    end: Vec<f64>,
    /// Places in [`State::ALL`].
    state: Vec<u8>,
    kind: Vec<u32>,
    /// One more than the index of the label; 0 for none.
    label: Vec<u32>,
}

/// # Errors
/// Those of the serializer.
pub(super) fn serialize<S: Serializer>(segments: &[Segment], to: S) -> Result<S::Ok, S::Error> {
    let mut columns = Columns::default();
    for segment in segments {
        columns.core.push(segment.core);
        columns.start.push(segment.start);
        columns.end.push(segment.end);
        columns.state.push(segment.state.index() as u8);
        columns.kind.push(segment.kind);
        columns.label.push(segment.label.map_or(0, |label| label + 1));
    }
    columns.serialize(to)
}

/// # Errors
/// Those of the deserializer, and where columns are not equally long or name no state.
pub(super) fn deserialize<'d, D: Deserializer<'d>>(from: D) -> Result<Vec<Segment>, D::Error> {
    let columns = Columns::deserialize(from)?;
    let count = columns.core.len();
    let lengths = [
        columns.start.len(),
        columns.end.len(),
        columns.state.len(),
        columns.kind.len(),
        columns.label.len(),
    ];
    if lengths.iter().any(|length| *length != count) {
        return Err(D::Error::custom("the columns of segments are not equally long"));
    }
    (0..count)
        .map(|at| {
            let state = State::ALL.get(usize::from(columns.state[at])).copied();
            Ok(Segment {
                core: columns.core[at],
                start: columns.start[at],
                end: columns.end[at],
                state: state.ok_or_else(|| D::Error::custom(format!("no state is {}", columns.state[at])))?,
                kind: columns.kind[at],
                label: columns.label[at].checked_sub(1),
            })
        })
        .collect()
}
