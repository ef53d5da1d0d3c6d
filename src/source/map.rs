//! All texts of a scenario laid end to end: the file, what it extends, presets, and each `--set`.

use crate::place::Place;

/// The texts that a scenario was read from. Offsets are global, so that a [`Place`] needs no file name.
#[derive(Default)]
pub struct SourceMap {
    sources: Vec<Source>,
}

struct Source {
    name: String,
    text: String,
    start: u32,
}

impl SourceMap {
    /// An empty map.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text under `name` (a path, `--set`, `preset epyc-2x64`) and returns the offset at which it starts.
    ///
    /// # Errors
    /// When all texts together exceed 4 GiB.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> Result<u32, String> {
        let start = self.sources.last().map_or(0, |last| last.start as usize + last.text.len() + 1);
        let (name, text) = (name.into(), text.into());
        if start + text.len() >= u32::MAX as usize {
            return Err(format!("{name} is too large: all sources together must stay under 4 GiB"));
        }
        self.sources.push(Source { name, text, start: start as u32 });
        Ok(start as u32)
    }

    /// The offset at which the text called `name` starts, if it was added.
    pub fn find(&self, name: &str) -> Option<u32> {
        self.sources.iter().find(|source| source.name == name).map(|source| source.start)
    }

    /// Name, text and starting offset of the source that holds `place`.
    pub fn source(&self, place: Place) -> (&str, &str, u32) {
        let at = self.sources.partition_point(|source| source.start <= place.start).saturating_sub(1);
        let source = &self.sources[at];
        (&source.name, &source.text, source.start)
    }

    /// The text at `place`.
    pub fn text(&self, place: Place) -> &str {
        let (_, text, start) = self.source(place);
        text.get((place.start - start) as usize..(place.end - start) as usize).unwrap_or("")
    }

    /// Name, line and column (both from 1, in characters) where `place` starts.
    pub fn position(&self, place: Place) -> (&str, usize, usize) {
        let (name, text, start) = self.source(place);
        let before = &text[..((place.start - start) as usize).min(text.len())];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |tail| tail.chars().count()) + 1;
        (name, line, column)
    }
}
