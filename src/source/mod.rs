//! Text with its places kept: the source map, the spanned value tree, overlays, and the typed table reader that
//! collects every error.

mod context;
mod field;
mod fields;
mod files;
mod map;
mod overlay;
mod parse;
mod read;
mod render;
mod scalars;
mod shape;
mod syntax;
#[cfg(test)]
pub(crate) mod testing;
mod value;

pub use context::Context;
pub use field::{AnyField, Field};
pub use fields::{Fields, default_value};
pub use files::{Files, InMemory, NoFiles, beside};
pub use map::SourceMap;
pub use overlay::{Removal, merge, remove};
pub use parse::{decode, parse, parse_assignment, path_keys};
pub use read::{Origin, Read, Resolved};
pub use render::render;
pub use scalars::{Bandwidth, Bytes, Fraction, Frequency, Later, Named, Work, quantity, whole};
pub use shape::{AnyRegistry, Listing, Shape};
pub use value::{Key, Kind, Table, Value};
