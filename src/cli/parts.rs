//! Parts of a study, each in a journal.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io;
use std::path::{Path, PathBuf};

use super::disk::Disk;
use super::request::{Ready, examine};
use super::stop::Stop;
use super::terminal::Choice;
use crate::experiment::{Record, Share, Unit, Watch};
use crate::output::journal::{Head, Kept, NAME, Unusable};
use crate::output::manifest;

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

    /// The folder in which it goes on; none where its journal was copied elsewhere.
    pub fn folder(&self) -> Option<PathBuf> {
        if self.path.is_dir() {
            return Some(self.path.clone());
        }
        let folder = self.path.parent().filter(|_| self.path.file_name().is_some_and(|name| name == NAME))?;
        Some(if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder.to_owned() })
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

    /// The part whose folder `place` is. A run that was ended is no part of another, and is completed where it stands.
    pub fn at(&self, place: &Path) -> Option<&Part> {
        let place = place.canonicalize().ok()?;
        let stands_there =
            |part: &Part| part.folder().and_then(|folder| folder.canonicalize().ok()) == Some(place.clone());
        self.parts.iter().find(|part| part.kept.head().share.is_some() && stands_there(part))
    }

    /// The number of records in all of them together.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// What they are of.
    pub fn head(&self) -> &Head {
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
    let kept = Kept::open(&file).map_err(|why| {
        let shown = path.display();
        Stop::Wrong(match why {
            Unusable::Io(error) if error.kind() == io::ErrorKind::NotFound && path.is_dir() => {
                match path.join(manifest::NAME).is_file() {
                    true => format!("`{shown}` holds a finished run, which is no part"),
                    false => format!("`{shown}` holds no journal: no run and no part of one was begun there"),
                }
            }
            why => format!("`{shown}` can't be read as a part: {why}"),
        })
    })?;
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
