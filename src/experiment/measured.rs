//! What studies came to, compared with one another: a baseline kept from before, and what there is now.

use super::Results;
use super::verdict::{amount, plain_amount, word};
use crate::metrics::{Better, METRICS, Metric};
use crate::stats::{Moments, Paired, Ratio, Sample, Unpaired, bonferroni};

/// What a study came to, as far as it takes to compare it with another.
#[derive(Clone, PartialEq, Debug)]
pub struct Measured {
    /// What it is called in sentences: its file or folder.
    pub name: String,
    /// The seed of its random numbers.
    pub seed: u64,
    /// Whether anything was drawn at random.
    pub random: bool,
    /// The metric that it compares.
    pub compared: Metric,
    /// Its workloads, with every key said; none where that isn't known.
    pub workload: Option<String>,
    /// Its cases.
    pub cases: Vec<MeasuredCase>,
}

/// A case of a study.
#[derive(Clone, PartialEq, Debug)]
pub struct MeasuredCase {
    /// The label of its variant.
    pub label: String,
    /// What a sweep set.
    pub setting: Vec<(String, String)>,
    /// Every metric that has a value.
    pub metrics: Vec<MeasuredMetric>,
}

/// A metric of a case.
#[derive(Clone, PartialEq, Debug)]
pub struct MeasuredMetric {
    /// Which.
    pub metric: Metric,
    /// Its moments over the replicates.
    pub sample: Sample,
    /// The value of each replicate in their order, absent where there is none; empty where only moments are known.
    pub values: Vec<Option<f64>>,
}

/// A case compared with the same one of a baseline.
#[derive(Clone, PartialEq, Debug)]
pub struct Versus {
    /// The case in words.
    pub name: String,
    /// The baseline's mean.
    pub base: f64,
    /// The mean.
    pub mean: f64,
    /// How many pairs of replicates were compared, or none where samples were.
    pub pairs: Option<u64>,
    /// The ratio of the means, with an interval that holds together with those of all other cases.
    pub ratio: Option<Ratio>,
    /// The least and the greatest difference from the baseline's mean, by an interval that holds together with them all.
    pub difference: Option<(f64, f64)>,
    /// What can be said, in a few words.
    pub verdict: String,
}

/// What a gate says of a case.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Gate {
    /// It is worse by more than what is allowed.
    Fails,
    /// It isn't.
    Passes,
    /// That can't be told.
    Unsure,
}

impl Measured {
    /// What `results` are as far as it takes to compare them; `resolved` is the scenario with every key said.
    pub fn of(name: &str, results: &Results, resolved: &str) -> Self {
        let cases = results.cases.iter().map(|case| {
            let metrics = METRICS.iter().filter_map(|entry| {
                let values: Vec<Option<f64>> =
                    case.replicates.iter().map(|replicate| replicate.values.get(entry.metric)).collect();
                MeasuredMetric::of(entry.metric, values)
            });
            MeasuredCase {
                label: case.label.clone(),
                setting: case.setting.clone(),
                metrics: metrics.collect(),
            }
        });
        Measured {
            name: name.to_owned(),
            seed: results.seed,
            random: results.random,
            compared: results.primary(),
            workload: workload_of(resolved),
            cases: cases.collect(),
        }
    }

    /// Compares `metric` of every case that `baseline` has too, at `level` for all of them together. Replicates of the same
    /// seed are pairs, whatever else differs: they draw from the same streams. Others share nothing. Also the names of
    /// cases that only one of them has.
    pub fn against(&self, baseline: &Measured, metric: Metric, level: f64) -> (Vec<Versus>, Vec<String>) {
        let single = self.cases.len() == 1 && baseline.cases.len() == 1;
        let same = |one: &MeasuredCase, other: &MeasuredCase| {
            single || (one.label == other.label && one.setting == other.setting)
        };
        let matched: Vec<(&MeasuredCase, &MeasuredCase)> = baseline
            .cases
            .iter()
            .filter_map(|base| self.cases.iter().find(|own| same(own, base)).map(|own| (base, own)))
            .collect();
        let level = bonferroni(level, matched.len());
        let paired = self.seed == baseline.seed;
        let random = self.random || baseline.random;
        let found = matched.iter().filter_map(|(base, own)| {
            versus(metric, own.name(), (base.get(metric)?, own.get(metric)?), level, paired, random)
        });
        let found = found.collect();
        let lone = |these: &Measured, those: &Measured| -> Vec<String> {
            let alone = these.cases.iter().filter(|one| !those.cases.iter().any(|other| same(one, other)));
            alone.map(|case| format!("{} is only in {}", case.name(), these.name)).collect()
        };
        (found, [lone(baseline, self), lone(self, baseline)].concat())
    }
}

impl MeasuredMetric {
    /// A metric with these values; `None` of none.
    pub fn of(metric: Metric, values: Vec<Option<f64>>) -> Option<Self> {
        let known: Vec<f64> = values.iter().copied().flatten().collect();
        let moments = Moments::of(&known);
        let (mean, variance) = (moments.mean()?, moments.variance().unwrap_or(0.0));
        Some(MeasuredMetric { metric, sample: Sample { count: moments.count(), mean, variance }, values })
    }
}

impl MeasuredCase {
    fn get(&self, metric: Metric) -> Option<&MeasuredMetric> {
        self.metrics.iter().find(|one| one.metric == metric)
    }

    /// The case in words.
    pub fn name(&self) -> String {
        let settings: Vec<String> =
            self.setting.iter().map(|(key, value)| format!("{key} = {value}")).collect();
        match &*settings {
            [] => format!("“{}”", self.label),
            settings => format!("“{}” at {}", self.label, settings.join(", ")),
        }
    }
}

/// The workloads of a scenario with every key said.
pub fn workload_of(resolved: &str) -> Option<String> {
    let table = resolved.parse::<toml::Table>().ok()?;
    table.get("workload").map(toml::Value::to_string)
}

fn versus(
    metric: Metric,
    name: String,
    (base, own): (&MeasuredMetric, &MeasuredMetric),
    level: f64,
    paired: bool,
    random: bool,
) -> Option<Versus> {
    let (one, other) = (base.sample.mean, own.sample.mean);
    let words = |verdict: String, pairs, ratio: Option<Ratio>, difference, (base, mean)| {
        let ratio = ratio.filter(|_| metric.has_ratio());
        Some(Versus { name, base, mean, pairs, ratio, difference, verdict })
    };
    let around = |mean: f64, half: f64| Some((mean - half, mean + half));
    let exact = |difference: f64| match difference {
        0.0 => "identical".to_owned(),
        _ => {
            let way = word(metric, difference.total_cmp(&0.0));
            format!("exactly {} {way}", plain_amount(metric, one, difference))
        }
    };
    let told = |difference: (f64, f64), ratio: Option<Ratio>, count: &str| {
        let (mean, half) = difference;
        if mean.abs() <= half || mean == 0.0 {
            return format!("not distinguishable with {count}");
        }
        format!("{} by {}", word(metric, mean.total_cmp(&0.0)), amount(metric, difference, ratio))
    };
    if !random {
        let ratio = (one > 0.0).then(|| other / one);
        let ratio = ratio.map(|ratio| Ratio { estimate: ratio, low: ratio, high: ratio });
        return words(exact(other - one), None, ratio, around(other - one, 0.0), (one, other));
    }
    if paired && !base.values.is_empty() && !own.values.is_empty() {
        let pairs = base.values.iter().zip(&own.values).filter_map(|(base, own)| Some(((*base)?, (*own)?)));
        let (base, own): (Vec<f64>, Vec<f64>) = pairs.unzip();
        let count = base.len() as u64;
        let mean = |values: &[f64]| Moments::of(values).mean().unwrap_or(f64::NAN);
        let means = (mean(&base), mean(&own));
        if base == own && count > 1 {
            let same = Ratio { estimate: 1.0, low: 1.0, high: 1.0 };
            return words("identical".to_owned(), Some(count), Some(same), around(0.0, 0.0), means);
        }
        return match Paired::of(&base, &own, level) {
            Some(paired) => {
                let (mean, half) = (paired.difference.mean, paired.difference.half_width);
                let ratio = paired.ratio.filter(|_| metric.has_ratio());
                let verdict = told((mean, half), ratio, &format!("{count} pairs of replicates"));
                words(verdict, Some(count), ratio, around(mean, half), means)
            }
            None => words("one pair of replicates tells nothing".to_owned(), Some(count), None, None, means),
        };
    }
    match Unpaired::of(&base.sample, &own.sample, level) {
        Some(unpaired) => {
            let count = format!("{} and {} replicates", base.sample.count, own.sample.count);
            let (mean, half) = (unpaired.difference, unpaired.half_width);
            let ratio = unpaired.ratio.filter(|_| metric.has_ratio());
            let verdict = told((mean, half), ratio, &count);
            words(verdict, None, ratio, around(mean, half), (one, other))
        }
        None => words("single replicates tell nothing".to_owned(), None, None, None, (one, other)),
    }
}

impl Versus {
    /// Whether the case is worse than the baseline by more than a part `allowed` of it: only where its whole interval is.
    pub fn gate(&self, metric: Metric, allowed: f64) -> Gate {
        let worse = |(low, high): (f64, f64)| match metric.describe().better {
            Better::Higher => (-high, -low),
            Better::Lower | Better::Neither => (low, high),
        };
        let Some(ratio) = self.ratio else {
            let Some((best, worst)) = self.difference.map(worse) else { return Gate::Unsure };
            return match () {
                () if worst <= 0.0 => Gate::Passes,
                // More than nothing is more than any part of it.
                () if best > 0.0 && self.base == 0.0 => Gate::Fails,
                () => Gate::Unsure,
            };
        };
        let (best, worst) = worse((ratio.low - 1.0, ratio.high - 1.0));
        // Exactly what is allowed passes, whatever rounding makes of it.
        let allowed = allowed + 1e-12;
        match () {
            () if best > allowed => Gate::Fails,
            () if worst <= allowed => Gate::Passes,
            () => Gate::Unsure,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(seed: u64, values: &[f64]) -> Measured {
        let values = values.iter().copied().map(Some).collect();
        let metrics = MeasuredMetric::of(Metric::Makespan, values).into_iter().collect();
        Measured {
            name: format!("seed {seed}"),
            seed,
            random: true,
            compared: Metric::Makespan,
            workload: None,
            cases: vec![MeasuredCase { label: "fifo".into(), setting: Vec::new(), metrics }],
        }
    }

    const BEFORE: [f64; 8] = [10.0, 12.0, 11.0, 15.0, 9.0, 13.0, 10.5, 12.5];

    fn gate(now: &Measured, allowed: f64) -> (Option<u64>, Gate) {
        let (versus, lone) = now.against(&measured(1, &BEFORE), Metric::Makespan, 0.95);
        assert!(versus.len() == 1 && lone.is_empty());
        (versus[0].pairs, versus[0].gate(Metric::Makespan, allowed))
    }

    #[test]
    fn replicates_of_the_same_seed_are_pairs_and_others_are_not() {
        let slower: Vec<f64> =
            BEFORE.iter().enumerate().map(|(at, x)| x * (1.1 + 0.001 * at as f64)).collect();
        assert_eq!(gate(&measured(1, &slower), 0.05), (Some(8), Gate::Fails));
        assert_eq!(gate(&measured(1, &slower), 0.2), (Some(8), Gate::Passes));
        assert_eq!(gate(&measured(1, &slower), 0.103), (Some(8), Gate::Unsure));
        // What isn't paired can't be told with so few replicates.
        assert_eq!(gate(&measured(2, &slower), 0.05), (None, Gate::Unsure));
        assert_eq!(gate(&measured(1, &BEFORE), 0.0), (Some(8), Gate::Passes));
    }

    #[test]
    fn cases_that_only_one_has_are_named() {
        let mut now = measured(1, &BEFORE);
        now.cases[0].label = "lpt".into();
        now.cases.push(MeasuredCase { label: "fifo".into(), ..now.cases[0].clone() });
        let (versus, lone) = now.against(&measured(1, &BEFORE), Metric::Makespan, 0.95);
        assert_eq!(versus[0].verdict, "identical");
        assert_eq!(lone, ["“lpt” is only in seed 1"]);
    }
}
