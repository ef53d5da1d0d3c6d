//! Parts of a study, each in a journal.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::{Path, PathBuf};

use super::disk::Disk;
use super::request::{Ready, examine};
use super::stop::Stop;
use super::terminal::Choice;
use crate::experiment::{Missing, Record, Share, Unit, Watch};
use crate::output::journal::{Head, Kept, NAME};
use crate::scenario::Study;

/// Parts of a study.
pub(super) struct Parts {
    parts: Vec<Part>,
    /// Which part has a unit.
    places: BTreeMap<Unit, u32>,
}

/// A part.
pub(super) struct Part {
    /// Where it is, as it was given.
    pub path: PathBuf,
    /// What it holds.
    pub kept: Kept,
}

impl Part {
    /// Which it is; all of the study where it doesn't say.
    pub fn share(&self) -> Share {
        self.kept.head().share.unwrap_or(Share::WHOLE)
    }
}

impl Parts {
    /// Opens the parts at `paths`: folders or the journals in them, in any order.
    ///
    /// # Errors
    /// Where one can't be read, or they can't be of the same study.
    pub fn open(paths: &[PathBuf]) -> Result<Self, Stop> {
        let mut parts: Vec<Part> = paths.iter().map(|path| open(path)).collect::<Result<_, _>>()?;
        parts.sort_by_cached_key(|part| (part.share().count(), part.share().index(), part.path.clone()));
        let Some((first, rest)) = parts.split_first() else {
            return Err(Stop::Wrong("there are no parts".into()));
        };
        for part in rest {
            if let Some(difference) = part.kept.head().differs(first.kept.head()) {
                let (path, other) = (part.path.display(), first.path.display());
                return Err(Stop::Wrong(format!("`{path}` can't go with `{other}`: it {}", difference.0)));
            }
        }
        let mut places: BTreeMap<Unit, u32> = BTreeMap::new();
        for (at, part) in parts.iter().enumerate() {
            for unit in part.kept.units() {
                match places.entry(unit) {
                    Entry::Vacant(place) => drop(place.insert(at as u32)),
                    Entry::Occupied(place) => same(&parts[*place.get() as usize], part, unit)?,
                }
            }
        }
        Ok(Parts { parts, places })
    }

    /// The parts, in their order.
    pub fn iter(&self) -> impl Iterator<Item = &Part> {
        self.parts.iter()
    }

    /// The number of records in all of them together.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// What they are of.
    fn head(&self) -> &Head {
        self.parts[0].kept.head()
    }

    /// The study that they are of. Its scenario comes from the parts themselves, and the data that it names from where
    /// they lay.
    ///
    /// # Errors
    /// Where the data are no longer what they were, or the parts are of another program.
    pub fn study(&self, colour: Choice) -> Result<Ready, Stop> {
        let head = self.head();
        let from = &head.provenance;
        let disk = Disk::holding(&from.files);
        let ready = examine(&disk, &from.scenario, &from.sets, &from.sweeps, colour)?;
        match head.differs(&Head::new(&ready.provenance, None)) {
            Some(difference) => {
                Err(Stop::Wrong(format!("`{}` {}", self.parts[0].path.display(), difference.0)))
            }
            None => Ok(ready),
        }
    }
}

impl Watch for Parts {
    fn has(&self, unit: Unit) -> bool {
        self.places.contains_key(&unit)
    }

    fn recall(&self, unit: Unit) -> Result<Record, String> {
        let at = self.places.get(&unit).ok_or("a record is gone")?;
        let part = &self.parts[*at as usize];
        part.kept.recall(unit).map_err(|why| format!("`{}` can't be read: {why}", part.path.display()))
    }

    fn begin(&self, _: Unit) -> bool {
        false
    }
}

fn open(path: &Path) -> Result<Part, Stop> {
    let file = if path.is_dir() { path.join(NAME) } else { path.to_owned() };
    let kept = Kept::open(&file);
    let kept =
        kept.map_err(|why| Stop::Wrong(format!("`{}` can't be read as a part: {why}", path.display())))?;
    Ok(Part { path: path.to_owned(), kept })
}

/// Whether two parts say the same of a unit that both have.
fn same(one: &Part, other: &Part, unit: Unit) -> Result<(), Stop> {
    let read = |part: &Part| {
        let content = part.kept.content(unit);
        content.map_err(|error| Stop::Wrong(format!("`{}` can't be read: {error}", part.path.display())))
    };
    if read(one)? == read(other)? {
        return Ok(());
    }
    let (one, other) = (one.path.display(), other.path.display());
    Err(Stop::Wrong(format!(
        "`{one}` and `{other}` differ in replicate {} of case {}: one of them is damaged or was made on a machine that \
         calculates differently",
        unit.replicate, unit.case
    )))
}

/// Most lines that list what is missing.
const LINES: usize = 10;

impl Parts {
    /// What the parts lack, a line each, and which of them would have it.
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
        let count = self.parts[0].share().count();
        if count > 1 && self.parts.iter().all(|part| part.share().count() == count) {
            let shares = (1..=count).filter_map(|index| Share::new(index, count).ok());
            let lacks = |share: &Share| match missing {
                Missing::Units(units, _) => units.iter().any(|unit| share.holds(study, *unit)),
                Missing::Points(points, _) => points.iter().any(|point| share.holds_point(*point)),
            };
            let names: Vec<String> = shares.filter(lacks).map(|share| share.to_string()).collect();
            lines.push(format!(
                "done by: makespan run {} --shard {}",
                self.head().provenance.scenario,
                names.join(", ")
            ));
        }
        lines
    }
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
