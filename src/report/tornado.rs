//! How a metric reacts to the keys of a scenario, as a picture.

use super::paper::title;
use crate::experiment::{Effect, Reaction, Sensitivity};
use crate::explain::words::{share, some};
use crate::plot::page::Heading;
use crate::plot::tornado::{Bar, Tornado};

/// Most keys that a chart has room for.
const KEYS: usize = 30;

/// The chart of what came of varying each key of `scenario` by a part `step`, with intervals that hold together with `level`.
pub fn tornado(scenario: &str, found: &Sensitivity, step: f64, level: f64) -> Tornado {
    let bars: Vec<Bar> = found.reactions.iter().filter_map(|reaction| bar(reaction, step)).collect();
    let most = bars.first().map(|bar| {
        let way = if bar.changes.1 < 0.0 { "shortens" } else { "lengthens" };
        let way = match found.metric.describe().unit {
            crate::metrics::Unit::Seconds => way,
            _ if bar.changes.1 < 0.0 => "lowers",
            _ => "raises",
        };
        let by = share(bar.changes.1.abs());
        format!(
            "“{}” matters most: {} more of it {way} the {} by {by}",
            bar.key,
            share(step),
            found.metric.describe().name
        )
    });
    let left_out = bars.len().saturating_sub(KEYS);
    let more =
        if left_out > 0 { format!("; {} are left out", some(left_out as u64, "key")) } else { String::new() };
    let subtitle = format!(
        "What {step} less and more of each key would do, from the values tried, on the same random numbers; keys whose effect \
         can't be told from chance are left out{more}",
        step = share(step)
    );
    let small_print = [
        scenario.to_owned(),
        some(found.replicates as u64, "replicate"),
        format!("makespan {}", env!("CARGO_PKG_VERSION")),
    ];
    Tornado {
        heading: Heading {
            title: most
                .unwrap_or_else(|| format!("No key has an effect on the {}", found.metric.describe().name)),
            subtitle,
            small_print: small_print.join(" · "),
        },
        metric: title(found.metric),
        level,
        bars: bars.into_iter().take(KEYS).collect(),
    }
}

/// A key with an effect: what its elasticity comes to over the step.
fn bar(reaction: &Reaction, step: f64) -> Option<Bar> {
    let Effect::Elasticity(ratio) = &reaction.effect else { return None };
    if ratio.low <= 0.0 && ratio.high >= 0.0 {
        return None;
    }
    let change = |elasticity: f64| libm::pow(1.0 + step, elasticity) - 1.0;
    Some(Bar {
        key: reaction.key.clone(),
        tried: format!("{} → {}", reaction.value, reaction.tried.join(", ")),
        changes: (change(-ratio.estimate), change(ratio.estimate)),
        interval: (change(ratio.low), change(ratio.high)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::Metric;
    use crate::stats::Ratio;

    #[test]
    fn a_key_of_elasticity_one_changes_the_metric_by_the_step() {
        let reaction = |key: &str, low: f64, estimate: f64, high: f64| Reaction {
            key: key.to_owned(),
            value: "10".to_owned(),
            tried: vec!["9".to_owned(), "11".to_owned()],
            effect: Effect::Elasticity(Ratio { low, estimate, high }),
        };
        let found = Sensitivity {
            metric: Metric::Makespan,
            replicates: 30,
            setting: Vec::new(),
            reactions: vec![reaction("work", 0.9, 1.0, 1.1), reaction("unclear", -0.1, 0.1, 0.3)],
        };
        let chart = tornado("s", &found, 0.1, 0.95);
        assert_eq!(chart.bars.len(), 1);
        assert!(
            (chart.bars[0].changes.1 - 0.1).abs() < 1e-12
                && (chart.bars[0].changes.0 + 0.1 / 1.1).abs() < 1e-12
        );
        assert_eq!(
            chart.heading.title,
            "“work” matters most: 10 % more of it lengthens the makespan by 10 %"
        );
    }
}
