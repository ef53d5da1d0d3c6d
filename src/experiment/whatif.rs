//! What would buy the most: each resource twice as good, on the same random numbers.

use super::probe::{Probe, Unprobed, scaled};
use super::sensitivity::ratio;
use crate::metrics::{Better, Metric};
use crate::stats::{Ratio, bonferroni};

/// A resource: the keys that hold it, and what is done to them.
struct Resource {
    /// The first and the last part of a key, and one that stands between them; any where empty.
    key: (&'static str, &'static str, &'static str),
    /// By what it is multiplied to be twice as good.
    factor: f64,
    /// How that is called.
    words: &'static str,
}

const fn resource(
    key: (&'static str, &'static str, &'static str),
    factor: f64,
    words: &'static str,
) -> Resource {
    Resource { key, factor, words }
}

/// The resources of a scenario. The first that fits a key counts.
static RESOURCES: &[Resource] = &[
    resource(("machine", "memory", "bandwidth"), 2.0, "twice the memory bandwidth"),
    resource(("machine", "", "cores"), 2.0, "twice the cores of a node"),
    resource(("machine", "core_kind", "count"), 2.0, "twice the cores of a kind"),
    resource(("machine", "", "nodes"), 2.0, "twice the nodes"),
    resource(("machine", "", "speed"), 2.0, "cores twice as fast"),
    resource(("machine", "speed", "mean"), 2.0, "cores twice as fast"),
    resource(("network", "", "bandwidth"), 2.0, "twice the network bandwidth"),
    resource(("network", "", "latency"), 0.5, "half the network latency"),
    resource(("network", "", "send_overhead"), 0.5, "half the overhead of sending"),
    resource(("network", "", "receive_overhead"), 0.5, "half the overhead of receiving"),
    resource(("schedule", "cost", "dispatch"), 0.5, "half the time to dispatch"),
    resource(("schedule", "cost", "steal"), 0.5, "half the time to steal"),
    resource(("schedule", "cost", "probe"), 0.5, "half the time to probe"),
    resource(("schedule", "", "stale"), 0.5, "loads known in half the time"),
    resource(("schedule", "stale", "age"), 0.5, "loads known in half the time"),
    resource(("schedule", "stale", "board"), 0.5, "loads posted twice as often"),
    resource(("schedule", "stale", "individual"), 0.5, "loads posted twice as often"),
    resource(("faults", "mtbf", "mean"), 2.0, "twice the time between failures"),
    resource(("faults", "repair", "mean"), 0.5, "half the time to repair"),
    resource(("faults", "", "repair"), 0.5, "half the time to repair"),
    resource(("faults", "checkpoint", "cost"), 0.5, "half the cost of a checkpoint"),
    resource(("faults", "", "restart"), 0.5, "half the time to restart"),
    resource(("faults", "detect", "delay"), 0.5, "faults noticed in half the time"),
    resource(("faults", "detect", "timeout"), 0.5, "faults noticed in half the time"),
];

impl Resource {
    fn fits(&self, path: &[String]) -> bool {
        let (first, between, last) = self.key;
        let is = |part: Option<&String>, wanted: &str| part.is_some_and(|part| part == wanted);
        let inside = || path.iter().any(|part| part == between);
        is(path.first(), first) && is(path.last(), last) && (between.is_empty() || inside())
    }
}

/// A resource twice as good, and what that would buy.
#[derive(Clone, PartialEq, Debug)]
pub struct WhatIf {
    /// What it is, in words: `twice the cores of a node`.
    pub words: &'static str,
    /// The dotted key.
    pub key: String,
    /// Its value, and the one that it was given instead.
    pub values: (String, String),
    /// The ratio of the metric to that of the scenario as it is, with an interval that holds together with all others;
    /// none where that can't be told, or nothing can be said in a ratio.
    pub ratio: Option<Ratio>,
    /// Whether nothing changed at all: every event of every replicate was the same.
    pub same: bool,
    /// Why the scenario doesn't allow it, if it doesn't.
    pub refused: Option<String>,
}

/// What would buy the most for a scenario.
#[derive(Clone, PartialEq, Debug)]
pub struct WhatIfs {
    /// By which metric.
    pub metric: Metric,
    /// How many replicates each was given.
    pub replicates: usize,
    /// What the scenario's sweep sets at its first point, which is the one that was changed.
    pub setting: Vec<(String, String)>,
    /// The best buy first.
    pub all: Vec<WhatIf>,
}

/// Makes each resource of the scenario of `probe` twice as good in turn. `level` is that of all intervals together. The
/// metric is the one that the scenario compares, unless `metric` says.
///
/// # Errors
/// Where something is wrong with the scenario as it is, or a replicate fails.
pub fn what_if(probe: &Probe<'_>, metric: Option<Metric>, level: f64) -> Result<WhatIfs, Unprobed> {
    let base = probe.with(&[])?;
    let metric = base.metric(metric)?;
    let mut found = Vec::new();
    for key in probe.resolution()?.keys() {
        let Some(resource) = RESOURCES.iter().find(|resource| resource.fits(&key.path)) else { continue };
        if let Some((moved, _)) = scaled(&key.value, resource.factor) {
            found.push((resource, key.path.join("."), key.value.clone(), moved));
        }
    }
    let level = bonferroni(level, found.len());
    let mut all = Vec::new();
    for (resource, key, value, moved) in found {
        let mut what = WhatIf {
            words: resource.words,
            key,
            values: (value, moved),
            ratio: None,
            same: false,
            refused: None,
        };
        match probe.with(&[format!("{}={}", what.key, what.values.1)]) {
            Ok(probed) => {
                what.same = probed.is_like(&base, metric);
                what.ratio = ratio(&base, &probed, metric, level);
            }
            Err(Unprobed::Refused(why)) => what.refused = Some(why),
            Err(failed) => return Err(failed),
        }
        all.push(what);
    }
    let sign = if metric.describe().better == Better::Higher { -1.0 } else { 1.0 };
    let worth = |what: &WhatIf| what.ratio.map_or(f64::INFINITY, |ratio| sign * ratio.estimate);
    all.sort_by(|one, other| worth(one).total_cmp(&worth(other)));
    Ok(WhatIfs { metric, replicates: base.values.len(), setting: base.setting, all })
}
