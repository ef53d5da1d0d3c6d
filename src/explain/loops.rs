//! How a schedule handed out its loop, in words.

use super::words::{capital, list, share, some};
use super::{Recorded, grouped};
use crate::experiment::CaseResult;
use crate::machine::Speed;
use crate::metrics::Metric;
use crate::record::LoopStory;
use crate::scenario::{Case, Scenario};
use crate::units::{count, number, seconds};

/// Most cores whose weights are told one by one.
const WEIGHTS: usize = 8;

/// The chunks, what handing them out took, how evenly the steps ended, and what the schedule learned.
pub(super) fn sentences(cases: &[Recorded<'_>]) -> Vec<String> {
    let tell = |(case, result, story): &Recorded<'_>| -> Vec<String> {
        let several = story.loops.stories.len() > 1;
        let of = |told: &LoopStory| {
            let name = if several {
                format!("“{}”: ", case.scenario.jobs[told.job as usize].name)
            } else {
                String::new()
            };
            one(case, result, told).into_iter().map(move |line| format!("{name}{line}"))
        };
        story.loops.stories.iter().filter(|told| told.chunks > 0).flat_map(of).collect()
    };
    grouped(cases.iter().map(|told| (told.0, tell(told))).collect())
}

fn one(case: &Case, result: &CaseResult, story: &LoopStory) -> Vec<String> {
    let scenario = &*case.scenario;
    let mut lines = vec![chunks(result, story)];
    lines.extend(overhead(result));
    lines.extend(evenness(scenario, story));
    lines.extend(learned(scenario, story));
    lines.extend(chosen(result, story));
    lines
}

/// How many chunks of which sizes.
fn chunks(result: &CaseResult, story: &LoopStory) -> String {
    let (largest, smallest) = story.sizes;
    let each = story.iterations / story.steps.max(1);
    let replicate = if result.replicates.len() > 1 { "in replicate 0 " } else { "" };
    let (steps, step) = match story.steps > 1 {
        true => (format!(" in each of {} time steps", count(story.steps)), " a step"),
        false => (String::new(), ""),
    };
    let mean = story.chunks as f64 / story.steps.max(1) as f64;
    let chunks = if mean.fract() == 0.0 { count(mean as u64) } else { number((mean * 10.0).round() / 10.0) };
    let noun = if mean == 1.0 { "chunk" } else { "chunks" };
    let sizes = match largest == smallest {
        true => format!("of {} each", some(largest, "iteration")),
        false => format!("of {} to {}", count(smallest), some(largest, "iteration")),
    };
    let half = story.chunks_until(0.5);
    let first = match (largest == smallest, half) {
        (true, _) => String::new(),
        (_, 1) => "; the first holds half of the iterations or more".to_owned(),
        _ => format!("; the first {half} hold half of the iterations"),
    };
    let text = format!(
        "{replicate}{} iterations{steps} go out in {chunks} {noun}{step} {sizes}{first}.",
        count(each)
    );
    capital(&text)
}

/// What handing out took, over all replicates.
fn overhead(result: &CaseResult) -> Option<String> {
    let part = result.summary(Metric::Overhead)?.mean;
    (part > 0.0).then(|| {
        format!("Cores spend {} of their time waiting for the queue and being served by it.", share(part))
    })
}

/// How far apart cores ended, and how long the longest chunk took.
fn evenness(scenario: &Scenario, story: &LoopStory) -> Option<String> {
    let steps = story.steps as f64;
    if story.steps == 0 || story.time.ticks() == 0 {
        return None;
    }
    let text = |ticks: u64| seconds(scenario.scale.seconds(ticks as f64 / steps));
    let part = story.uneven.ticks() as f64 / story.time.ticks() as f64;
    let (mean, whole) = match story.steps > 1 {
        true => ("On average, the", "step"),
        false => ("The", "loop"),
    };
    let gap = match story.uneven.ticks() {
        0 => format!("{mean} cores end at the same instant"),
        ticks => format!(
            "{mean} first core to run out of work does so {} before the {whole} ends ({} of its {})",
            text(ticks),
            share(part),
            text(story.time.ticks())
        ),
    };
    let longest = format!("the longest chunk takes {}", text(story.longest.ticks()));
    let follows = match story.longest.ticks() as f64 / story.time.ticks() as f64 {
        _ if part <= 0.02 => ": it ends evenly",
        all if all >= 0.98 => ": as long as everything, so that it was too large for its core",
        _ => "",
    };
    Some(format!("{gap}; {longest}{follows}."))
}

/// The weights of the cores, beside their speeds where those are given.
fn learned(scenario: &Scenario, story: &LoopStory) -> Option<String> {
    let weights = story.weights.as_ref()?;
    let first = scenario.jobs[story.job as usize].on.0 as usize;
    let speed = |core: usize| match scenario.machine.cores.get(core)?.speed {
        Speed::Given(speed) => Some(speed),
        Speed::Drawn(_) => None,
    };
    let speeds: Option<Vec<f64>> = (first..first + weights.len()).map(speed).collect();
    let told = |values: &[f64]| {
        let text = |value: &f64| number((value * 100.0).round() / 100.0);
        match values.len() <= WEIGHTS {
            true => list(&values.iter().map(text).collect::<Vec<_>>()),
            false => {
                let (low, high) = values
                    .iter()
                    .fold((f64::INFINITY, 0.0_f64), |(low, high), value| (low.min(*value), high.max(*value)));
                format!("{} to {}", text(&low), text(&high))
            }
        }
    };
    let own = speeds.map_or(String::new(), |speeds| {
        let mean = speeds.iter().sum::<f64>() / speeds.len() as f64;
        let own: Vec<f64> = speeds.iter().map(|speed| speed / mean).collect();
        format!("; by their own speeds it would be {}", told(&own))
    });
    Some(format!("In the end it has learned to weigh the cores by {}{own}.", told(weights)))
}

/// Which schedules were chosen, and what the choice cost, over all replicates.
fn chosen(result: &CaseResult, story: &LoopStory) -> Option<String> {
    if story.chosen.is_empty() {
        return None;
    }
    let mut chosen = story.chosen.clone();
    chosen.sort_by_key(|(_, steps)| std::cmp::Reverse(*steps));
    let told = |(name, steps): &(String, u64)| format!("{name} in {}", count(*steps));
    let steps: Vec<String> = chosen.iter().map(told).collect();
    let regret = result.summary(Metric::Regret).zip(result.summary(Metric::Makespan));
    let regret = regret.filter(|(_, makespan)| makespan.mean > 0.0).map_or(String::new(), |(regret, makespan)| {
        format!(
            " Had every step taken the mean of the best of them, it would have ended {} earlier ({}): its regret.",
            seconds(regret.mean),
            share(regret.mean / makespan.mean)
        )
    });
    Some(format!("Of {} time steps it ran {}.{regret}", count(story.steps), list(&steps)))
}
