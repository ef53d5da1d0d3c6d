//! Who took tasks from whom in a recorded run.

use std::collections::BTreeMap;

use super::gantt::cores;
use super::paper::{Paper, quoted};
use crate::explain::words::{share, some};
use crate::output::records::Recorded;
use crate::plot::steals::Steals;

/// The chart of a recorded run; none where nothing was stolen.
pub(super) fn fill(paper: &Paper<'_>, run: &Recorded) -> Option<Steals> {
    let case = &paper.study.cases[run.case];
    let machine = &case.scenario.machine;
    let mut pairs: BTreeMap<(u32, u32), u64> = BTreeMap::new();
    for row in &run.timeline.steals {
        *pairs.entry((row.thief.index() as u32, row.victim.index() as u32)).or_default() +=
            u64::from(row.tasks);
    }
    if pairs.is_empty() {
        return None;
    }
    let all: u64 = pairs.values().sum();
    let node = |core: u32| machine.cores[core as usize].node;
    let away: u64 = pairs.iter().filter(|((a, b), _)| node(*a) != node(*b)).map(|(_, tasks)| tasks).sum();
    let mut victims: BTreeMap<u32, u64> = BTreeMap::new();
    pairs.iter().for_each(|((_, victim), tasks)| *victims.entry(*victim).or_default() += tasks);
    let most = victims.iter().max_by_key(|(core, tasks)| (**tasks, std::cmp::Reverse(**core)));
    let from = most.map_or(String::new(), |(core, tasks)| {
        format!(", {} of them from core {core}", share(*tasks as f64 / all as f64))
    });
    let between = match machine.nodes.len() {
        1 => String::new(),
        _ => format!(", {} between nodes", share(away as f64 / all as f64)),
    };
    // A task can go several times.
    let title = format!("Tasks went from core to core {}{from}{between}", some(all, "time"));
    let mut parts = vec![some(machine.len() as u64, "core")];
    parts.extend(paper.part(run.case));
    if paper.first_point().len() > 1 {
        parts.insert(0, quoted(&case.label));
    }
    Some(Steals {
        heading: paper.heading(title, parts.join(", ")),
        cores: cores(&case.scenario),
        nodes: machine.nodes.iter().skip(1).map(|node| node.cores.0.index() as u32).collect(),
        pairs: pairs.into_iter().map(|((thief, victim), tasks)| (thief, victim, tasks)).collect(),
    })
}
