//! Random numbers: a stream for each reason to draw, and the distributions drawn from it.
//!
//! A [`Key`] says who draws and why; its four words are the key of a ChaCha8 cipher, unhashed, so that streams are
//! independent by construction and a new component leaves the draws of the others alone. A [`Distribution`] turns
//! *one* uniform into *one* value, increasing in that uniform, so that variants which share a stream differ by what
//! they do and not by their luck (common random numbers). All transcendental functions come from `libm`: the same
//! bits on every platform.

mod arrivals;
mod distribution;
mod family;
mod read;
mod sampler;
mod special;
mod split;
mod stream;

pub use arrivals::Arrivals;
pub use distribution::{Distribution, OutOfRange};
pub use read::{BytesLaw, FAMILIES, NumberLaw, TimeLaw, WorkLaw, law};
pub use sampler::Sampler;
pub(crate) use special::normal_quantile;
pub use split::Split;
pub use stream::{Key, Purpose, Stream};
