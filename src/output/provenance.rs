//! Where results come from: what reproduces them.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// The version of the program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What the program's sources hash to: two programs of one version differ in it where they may simulate differently.
pub const SOURCES: &str = env!("MAKESPAN_SOURCES");

/// Where results come from.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Provenance {
    /// The path of the scenario as it was given; `-` for standard input.
    pub scenario: String,
    /// The keys set on the command line, each `key.path=value`.
    pub sets: Vec<String>,
    /// The keys swept on the command line, each `key.path=1,2,4`.
    pub sweeps: Vec<String>,
    /// The scenario with every key said.
    pub resolved: String,
    /// Every file read, in the order of their names.
    pub files: Vec<Input>,
}

/// A file that was read.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Input {
    /// Its name as the scenario or the command line says it.
    pub name: String,
    /// What its content hashes to, as [`content_hash`] gives it.
    pub hash: String,
    /// Its text, where it is a scenario.
    pub text: Option<String>,
}

impl Provenance {
    /// What the resolved scenario hashes to: the same wherever the files lie and however they are split up.
    pub fn scenario_hash(&self) -> String {
        content_hash(self.resolved.as_bytes())
    }
}

/// The SHA-256 of `bytes`, as `sha256:` and 64 hexadecimal digits.
///
/// ```
/// use makespan::output::provenance::content_hash;
/// assert!(content_hash(b"abc").starts_with("sha256:ba7816bf8f01cfea"));
/// ```
pub fn content_hash(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = "sha256:".to_owned();
    for byte in Sha256::digest(bytes) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}
