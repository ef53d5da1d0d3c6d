//! What runs write: one file a format, each streaming into any `Write`.

pub mod perfetto;
