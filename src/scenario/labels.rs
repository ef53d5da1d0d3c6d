//! What variants are called, and whether they change anything.

use super::cases::{Cases, Reading};
use super::variant::{self, Variant, label};
use crate::error::Problem;

impl Cases<'_> {
    /// The labels of the file as it stands and of its variants.
    pub fn labels(&self, given: Option<Option<String>>, base: &Reading, variants: &[Reading]) -> Vec<String> {
        let each = self.variants.iter().zip(variants).enumerate().map(|(at, (variant, reading))| {
            let own = variant.name.as_ref().map(|(name, _)| name.clone());
            own.or_else(|| label(&variant.paths(), &reading.resolved))
                .unwrap_or(format!("variant {}", at + 1))
        });
        let each: Vec<String> = each.collect();
        let baseline = match given.flatten() {
            Some(name) => {
                if let Some(at) = each.iter().position(|label| *label == name) {
                    let place = self.own.get("baseline").map_or(self.body.place, |value| value.place);
                    let there =
                        self.variants[at].name.as_ref().map_or(self.variants[at].place, |(_, place)| *place);
                    let what = format!("`{name}` is both the baseline and a variant");
                    self.cx.problem(Problem::new(what).at(there, "the variant").also(place, "the baseline"));
                }
                name
            }
            None => {
                let paths: Vec<_> = self.variants.iter().flat_map(Variant::paths).collect();
                label(&paths, &base.resolved)
                    .filter(|label| !each.contains(label))
                    .unwrap_or_else(|| "baseline".to_owned())
            }
        };
        std::iter::once(baseline).chain(each).collect()
    }

    /// Reports variants that come to the same as the file as it stands, as they do where the sweep sets all that they set. What
    /// `--set` sets doesn't count.
    pub fn check_variants(&self, points: usize, base: &Reading, variants: &[Reading], labels: &[String]) {
        let bare_base = (!self.sets.is_empty()).then(|| self.cx.apart(|| self.reading(None, 0, false)));
        for (at, (variant, reading)) in self.variants.iter().zip(variants).enumerate() {
            let swept = variant.paths().iter().any(|path| self.axes.iter().any(|axis| axis.touches(path)));
            let bare = bare_base
                .as_ref()
                .map(|base| (base, self.cx.apart(|| self.reading(Some(variant), 0, false))));
            let (base, reading) = match &bare {
                Some((base, reading)) => (*base, reading),
                None => (base, reading),
            };
            let readable = base.case.is_some() && reading.case.is_some();
            if !readable || facts(base) != facts(reading) {
                continue;
            }
            if swept {
                self.check_swept(points, variant, &labels[at + 1]);
                continue;
            }
            let what = format!("the variant `{}` is the file as it stands", labels[at + 1]);
            let mut problem = Problem::new(what);
            variant::leaves(&variant.overlay, &mut Vec::new(), &mut |path, value| {
                let given = path.iter().try_fold(&self.body, |at, key| at.table()?.get(&variant::plain(key)));
                match problem.at {
                    None => problem.at = Some((value.place, "changes nothing".to_owned())),
                    Some(_) => problem.also.push((value.place, "nor does this".to_owned())),
                }
                problem.also.extend(given.map(|given| (given.place, "already said here".to_owned())));
            });
            self.cx.problem(problem.help("change another key, or leave the variant out"));
        }
    }

    /// Reports a variant of whose keys some are swept, where it differs from the file as it stands at no point.
    fn check_swept(&self, points: usize, variant: &Variant, label: &str) {
        let at = |variant, point| facts(&self.cx.apart(|| self.reading(variant, point, false)));
        if (1..points).any(|point| at(None, point) != at(Some(variant), point)) {
            return;
        }
        let mut problem = Problem::new(format!(
            "the variant `{label}` changes nothing: the sweep sets its keys afterwards"
        ));
        variant::leaves(&variant.overlay, &mut Vec::new(), &mut |path, value| {
            for axis in self.axes.iter().filter(|axis| axis.touches(path)) {
                match problem.at {
                    None => problem.at = Some((value.place, "no point has this".to_owned())),
                    Some(_) => problem.also.push((value.place, "nor this".to_owned())),
                }
                problem.also.extend(axis.place().map(|place| (place, "swept here".to_owned())));
            }
        });
        self.cx.problem(problem.help("change another key, sweep another key, or leave the variant out"));
    }
}

/// What every key of a case came to.
fn facts(reading: &Reading) -> Vec<(Vec<String>, String)> {
    reading.resolved.iter().map(|entry| (entry.path.clone(), entry.value.clone())).collect()
}
