//! What a journal is of.

use serde::{Deserialize, Serialize};

use crate::experiment::Share;
use crate::output::provenance::{Provenance, SOURCES, VERSION, content_hash};

/// What a journal is of: the study, down to the program that simulates it, and which part.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Head {
    /// The version of the program.
    pub version: String,
    /// What its sources hash to.
    pub sources: String,
    /// Which part of the study; all of it where none is said.
    pub share: Option<Share>,
    /// Where the scenario comes from.
    pub provenance: Provenance,
}

/// How two studies differ, so that records of one can't be those of the other: a sentence without a full stop that begins
/// with the first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference(pub String);

impl Head {
    /// Of a study that this program is about to simulate.
    pub fn new(provenance: &Provenance, share: Option<Share>) -> Self {
        Head { version: VERSION.into(), sources: SOURCES.into(), share, provenance: provenance.clone() }
    }

    /// What the study hashes to: the program, the scenario with every key said, and the data it reads by their content.
    /// Its records, each by its [`Unit`](crate::experiment::Unit), are the same for the same id.
    pub fn id(&self) -> String {
        let mut parts = vec![&*self.version, &*self.sources, &*self.provenance.resolved];
        let mut data: Vec<&str> = self.data().map(|(_, hash)| hash).collect();
        data.sort_unstable();
        parts.extend(data);
        content_hash(parts.join("\n").as_bytes())
    }

    /// How the study of `self` differs from that of `other`; none where all records of one are also the other's.
    pub fn differs(&self, other: &Head) -> Option<Difference> {
        if self.id() == other.id() {
            return None;
        }
        let what = if self.version != other.version {
            format!("is of version {} of makespan, not {}", self.version, other.version)
        } else if self.sources != other.sources {
            format!("is of another build of makespan {}", self.version)
        } else if let Some((mine, its)) =
            first_difference(&self.provenance.resolved, &other.provenance.resolved)
        {
            format!("is of another scenario: it says {mine}, not {its}")
        } else {
            let name = self.data().zip(other.data()).find(|(mine, its)| mine != its);
            let name = name.map_or_else(|| "the data".to_owned(), |((name, _), _)| format!("`{name}`"));
            format!("was made with another content of {name}")
        };
        Some(Difference(what))
    }

    /// The files that aren't scenarios.
    fn data(&self) -> impl Iterator<Item = (&str, &str)> {
        let files = self.provenance.files.iter().filter(|file| file.text.is_none());
        files.map(|file| (file.name.as_str(), file.hash.as_str()))
    }
}

/// The first lines in which two scenarios differ, without their comments.
fn first_difference(mine: &str, its: &str) -> Option<(String, String)> {
    let lines = |text: &str| -> Vec<String> {
        text.lines().map(|line| line.split("  #").next().unwrap_or(line).trim().to_owned()).collect()
    };
    let (mine, its) = (lines(mine), lines(its));
    let at = (0..mine.len().max(its.len())).find(|at| mine.get(*at) != its.get(*at))?;
    let show = |lines: &[String]| match lines.get(at).filter(|line| !line.is_empty()) {
        Some(line) => format!("`{line}`"),
        None => "nothing".to_owned(),
    };
    Some((show(&mine), show(&its)))
}
