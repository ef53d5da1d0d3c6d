//! How well tasks were sent to servers with queues of their own, in words.

use super::words::{share, some};
use super::{Recorded, grouped};
use crate::record::{Queues, Story};
use crate::scenario::Scenario;
use crate::units::number;

/// Fewer tasks than this say little of how a policy chooses.
const LEAST: u64 = 20;

/// How often the choice was a good one, how far queues were apart, and whether tasks went in herds.
pub(super) fn sentences(cases: &[Recorded<'_>]) -> Vec<String> {
    grouped(cases.iter().map(|(case, _, story)| (*case, one(&case.scenario, story))).collect())
}

fn one(scenario: &Scenario, story: &Story) -> Vec<String> {
    let queues = &story.queues;
    let arriving = scenario.jobs.iter().any(|job| job.workload.arrives());
    if !arriving || queues.sent.all < LEAST || queues.servers.len() < 2 || queues.held.time == 0 {
        return Vec::new();
    }
    let mut lines = vec![choices(queues)];
    lines.extend(apart(queues));
    lines.extend(herds(queues));
    lines
}

/// How often the choice was the best that could be made by the number of tasks.
fn choices(queues: &Queues) -> String {
    let (sent, all) = (queues.sent, queues.sent.all as f64);
    let past = match sent.past_idle {
        0 => "none was sent past a server with a free core to one without".to_owned(),
        past => format!(
            "{} were sent to a server without a free core while another had one",
            share(past as f64 / all)
        ),
    };
    format!(
        "In replicate 0, {} of {} went to a server that had as few tasks as any just then; {past}.",
        share(sent.shortest as f64 / all),
        some(sent.all, "task"),
    )
}

/// How far the longest queue is from the shortest, and what that costs.
fn apart(queues: &Queues) -> Option<String> {
    let time = queues.held.time as f64;
    let round = |value: f64| number((value * 100.0).round() / 100.0);
    let (spread, longest, idle) =
        (queues.held.spread as f64 / time, queues.held.longest as f64 / time, queues.held.idle as f64 / time);
    let servers = queues.servers.len() as f64;
    let lost = match idle {
        0.0 => "no server has a free core while a task waits at another".to_owned(),
        idle => format!(
            "{} of {} have a free core while tasks wait at others ({})",
            round(idle),
            some(queues.servers.len() as u64, "server"),
            share(idle / servers)
        ),
    };
    Some(format!(
        "On average the fullest server has {} tasks, {} more than the emptiest, and {lost}.",
        round(longest),
        round(spread)
    ))
}

/// Whether tasks follow one another to the same server more often than chance would have it.
fn herds(queues: &Queues) -> Option<String> {
    let part = queues.sent.again as f64 / (queues.sent.all - 1) as f64;
    let chance = 1.0 / queues.servers.len() as f64;
    // Of what chance leaves over, a good part.
    (part - chance >= 0.2 * (1.0 - chance) && queues.sent.in_a_row >= 4).then(|| {
        format!(
            "Tasks go in herds: {} went to the same server as the one before, which by chance would be {}, and up to {} in \
             a row.",
            share(part),
            share(chance),
            crate::units::count(queues.sent.in_a_row)
        )
    })
}
