//! Text with its places kept: the source map, the spanned value tree, overlays, and the typed table reader that
//! collects every error.

mod field;
mod files;
mod map;
mod overlay;
mod parse;
mod reader;
mod render;
mod scalars;
mod shape;
#[cfg(test)]
pub(crate) mod testing;
mod value;

pub use field::{AnyField, Field};
pub use files::{Files, NoFiles, beside};
pub use map::SourceMap;
pub use overlay::{Removal, merge, remove};
pub use parse::{parse, parse_assignment};
pub use reader::{Context, Fields, Origin, Read, Resolved};
pub use render::render;
pub use scalars::{Bandwidth, Bytes, Fraction, Frequency, Later, Named, Work, quantity};
pub use shape::{AnyRegistry, Listing, Shape};
pub use value::{Key, Kind, Table, Value};
