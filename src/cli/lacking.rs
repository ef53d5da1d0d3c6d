//! What parts of a study lack, in words, and the commands that would do it.

use std::fs;
use std::path::{Path, PathBuf};

use super::disk::STANDARD_INPUT;
use super::parts::{Part, Parts};
use super::shell::command;
use crate::experiment::{Missing, Share, Unit};
use crate::output::journal::Head;
use crate::scenario::Study;

/// Most lines that list what is missing.
const LINES: usize = 10;

impl Parts {
    /// What the parts lack, a line each, and the commands that would do it.
    pub fn lacking(&self, study: &Study, missing: &Missing) -> Vec<String> {
        let mut lines = match missing {
            Missing::Units(units, _) => in_words(study, units),
            Missing::Points(points, _) => points.iter().map(|point| point_name(study, *point)).collect(),
        };
        if lines.len() > LINES {
            let more = lines.len() - (LINES - 1);
            lines.truncate(LINES - 1);
            lines.push(format!("and {more} more"));
        }
        lines.iter_mut().for_each(|line| line.insert_str(0, "  "));
        let commands = self.commands(study, missing);
        if !commands.is_empty() {
            let from = match &*self.head().provenance.scenario {
                STANDARD_INPUT => ", with the scenario on standard input",
                _ => "",
            };
            lines.push(format!("done by{from}:"));
            lines.extend(commands.iter().map(|command| format!("  {command}")));
        }
        lines
    }

    /// The commands that do what is missing, one a part; none where the parts were split in different ways, so that nobody
    /// can say whose it is.
    fn commands(&self, study: &Study, missing: &Missing) -> Vec<String> {
        let parts: Vec<&Part> = self.iter().collect();
        let count = parts[0].share().count();
        if parts.iter().any(|part| part.share().count() != count) {
            return Vec::new();
        }
        let lacks = |share: &Share| match missing {
            Missing::Units(units, _) => units.iter().any(|unit| share.holds(study, *unit)),
            Missing::Points(points, _) => points.iter().any(|point| share.holds_point(*point)),
        };
        let shares = (1..=count).filter_map(|index| Share::new(index, count).ok()).filter(lacks);
        let each = shares.map(|share| {
            // A part that was begun goes on in its own folder.
            let begun = parts.iter().find(|part| part.share() == share && part.folder().is_some());
            let own = begun.and_then(|part| part.folder());
            let out = own.unwrap_or_else(|| free(&parts[0].folder().unwrap_or(parts[0].path.clone()), share));
            let said = if count == 1 { parts[0].kept.head().share } else { Some(share) };
            to_do(self.head(), said, &out)
        });
        each.collect()
    }
}

/// The command that does a part of the study that `head` is of, or all of it, into the folder `out`.
pub(super) fn to_do(head: &Head, share: Option<Share>, out: &Path) -> String {
    let from = &head.provenance;
    let mut words = vec!["makespan", "run", &from.scenario];
    words.extend(from.sets.iter().flat_map(|set| ["--set", set]));
    words.extend(from.sweeps.iter().flat_map(|sweep| ["--sweep", sweep]));
    let (share, out) = (share.map(|share| share.to_string()), out.display().to_string());
    words.extend(share.iter().flat_map(|share| ["--shard", share]));
    words.extend(["--out", &out]);
    command(words)
}

/// A name beside `other` that nothing has yet, for the folder of a part.
fn free(other: &Path, share: Share) -> PathBuf {
    let name = format!("part-{}-of-{}", share.index(), share.count());
    let beside = |name: &str| match other.file_name() {
        Some(_) => other.with_file_name(name),
        None => other.join("..").join(name),
    };
    let again = (2_u32..).map(|number| beside(&format!("{name}-{number}")));
    let mut paths = std::iter::once(beside(&name)).chain(again);
    // What can't be looked at may be there.
    let absent = |path: &PathBuf| {
        fs::symlink_metadata(path).is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound)
    };
    paths.find(absent).unwrap_or_else(|| beside(&name))
}

/// A point of which every case may lack replicates, in words.
fn point_name(study: &Study, point: usize) -> String {
    let case = study.cases.iter().find(|case| case.point == point);
    match case.map(|case| case.setting_text()).filter(|setting| !setting.is_empty()) {
        None => "replicates until enough is known".to_owned(),
        Some(setting) => format!("replicates at {setting} until enough is known"),
    }
}

/// What units are, in words: `replicates 3 to 7 of every case`.
fn in_words(study: &Study, units: &[Unit]) -> Vec<String> {
    let cases = study.cases.len();
    let mut whole: Vec<(u32, u32)> = Vec::new();
    let mut single = Vec::new();
    for row in units.chunk_by(|one, next| one.replicate == next.replicate) {
        let replicate = row[0].replicate;
        if row.len() < cases {
            single.extend(
                row.iter().map(|unit| {
                    format!("replicate {replicate} of {}", study.cases[unit.case as usize].name())
                }),
            );
        } else if let Some((_, last)) = whole.last_mut().filter(|(_, last)| last + 1 == replicate) {
            *last = replicate;
        } else {
            whole.push((replicate, replicate));
        }
    }
    let of = if cases > 1 { " of every case" } else { "" };
    let mut words: Vec<String> = whole
        .into_iter()
        .map(|(from, to)| match to - from {
            0 => format!("replicate {from}{of}"),
            _ => format!("replicates {from} to {to}{of}"),
        })
        .collect();
    words.append(&mut single);
    words
}
