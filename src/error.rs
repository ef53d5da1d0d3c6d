//! What is wrong, where, and what would be right. A report collects many problems, so that one pass shows them all.

use crate::place::Place;

/// One problem in what the user gave.
#[derive(Clone, PartialEq, Debug)]
pub struct Problem {
    /// What is wrong, in one sentence without a full stop.
    pub what: String,
    /// The text at fault and a few words that stand under it.
    pub at: Option<(Place, String)>,
    /// Other text that has to do with it, such as the base line that an overlay changes.
    pub also: Vec<(Place, String)>,
    /// What would be right.
    pub help: Option<String>,
    /// Whether the text can't be parsed there.
    pub syntax: bool,
}

impl Problem {
    /// A problem that lies nowhere in particular, until [`Problem::at`] says where.
    pub fn new(what: impl Into<String>) -> Self {
        Problem { what: what.into(), at: None, also: Vec::new(), help: None, syntax: false }
    }

    /// Underlines `place` with `label` below it.
    pub fn at(mut self, place: Place, label: impl Into<String>) -> Self {
        self.at = Some((place, label.into()));
        self
    }

    /// Shows `place` too, with `label` below it.
    pub fn also(mut self, place: Place, label: impl Into<String>) -> Self {
        self.also.push((place, label.into()));
        self
    }

    /// Shows also what an overlay put the text at fault over, if one did.
    pub fn over(self, base: Option<(Place, &'static str)>) -> Self {
        match base {
            Some((place, label)) => self.also(place, label),
            None => self,
        }
    }

    /// Says what would be right.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// The candidate that a misspelt `word` most likely meant, if any is near enough.
///
/// ```
/// use makespan::error::nearest;
/// assert_eq!(nearest("polcy", ["policy", "queue"]), Some("policy"));
/// assert_eq!(nearest("banana", ["policy", "queue"]), None);
/// ```
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = word.to_lowercase().replace('_', "-");
    candidates
        .into_iter()
        .map(|candidate| {
            let other = candidate.to_lowercase().replace('_', "-");
            (
                strsim::jaro_winkler(&folded, &other)
                    .max(strsim::normalized_damerau_levenshtein(&folded, &other)),
                candidate,
            )
        })
        .filter(|(score, _)| *score >= 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}
