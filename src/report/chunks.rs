//! How the loops of the recorded runs were handed out.

use std::collections::{BTreeMap, BTreeSet};

use super::gantt::cores;
use super::paper::{Paper, quoted};
use crate::explain::words::{share, some};
use crate::output::records::Recorded;
use crate::plot::chunks::{Chunks, Panel, SEVERAL};
use crate::record::{ChunkRow, LoopStory};

/// Most panels there is room for.
const PANELS: usize = 12;

/// Most cores that can be told apart by colour.
const COLOURED: usize = 6;

/// Most dots of a panel, and into how many stretches time is divided to have no more at first.
const DOTS: usize = 4_000;
const STRETCHES: f64 = 1_200.0;

/// In a stretch of this part of the time, dots of one size lie on one another.
const DOT: f64 = 150.0;

/// The chart; none where no loop was recorded.
pub(super) fn fill(paper: &Paper<'_>, recorded: &[Recorded]) -> Option<Chunks> {
    let loops: Vec<&Recorded> =
        recorded.iter().filter(|run| run.story.loops.stories.iter().any(|story| story.chunks > 0)).collect();
    let shown = &loops[..loops.len().min(PANELS)];
    let first = shown.first()?;
    let machine = |run: &Recorded| cores(&paper.study.cases[run.case].scenario);
    let names = machine(first);
    let coloured = names.len() <= COLOURED && shown.iter().all(|run| machine(run) == names);
    let mut parts = vec![some(names.len() as u64, "core")];
    parts.extend(paper.part(first.case));
    if loops.len() > shown.len() {
        parts.push(format!("{} left out", some((loops.len() - shown.len()) as u64, "more variant")));
    }
    if shown.iter().any(|run| run.story.loops.left_out > 0) {
        parts.push("of each variant the chunks that were handed out first".to_owned());
    }
    parts.push("the upright line is where the loop ends".to_owned());
    Some(Chunks {
        heading: paper.heading(finding(paper, shown), parts.join("; ")),
        cores: if coloured { names } else { Vec::new() },
        panels: shown.iter().map(|run| panel(paper, run, coloured)).collect(),
    })
}

fn panel(paper: &Paper<'_>, run: &Recorded, coloured: bool) -> Panel {
    let scenario = &paper.study.cases[run.case].scenario;
    let seconds = |ticks: u64| scenario.scale.seconds(ticks as f64);
    let loops = &run.story.loops;
    let end = run.outcome.end.ticks();
    let stretch = |row: &ChunkRow, stretches: f64| {
        (row.asked.ticks() as f64 / (end as f64).max(1.0) * stretches) as u64
    };
    let mut owners: BTreeMap<(u64, u64), u32> = BTreeMap::new();
    for row in loops.chunks.iter().filter(|_| coloured) {
        let core = row.core.index() as u32;
        let owner = owners.entry((stretch(row, DOT), row.size)).or_insert(core);
        *owner = if *owner == core { core } else { SEVERAL };
    }
    let mut stretches = STRETCHES;
    let dots = loop {
        // Chunks that would be drawn on one another are kept once.
        let mut seen = BTreeSet::new();
        let new = |row: &&ChunkRow| seen.insert((stretch(row, stretches), row.size));
        let dot = |row: &ChunkRow| {
            let owner = owners.get(&(stretch(row, DOT), row.size));
            (seconds(row.asked.ticks()), row.size, owner.copied().unwrap_or(0))
        };
        let dots: Vec<(f64, u64, u32)> = loops.chunks.iter().filter(new).map(dot).collect();
        if dots.len() <= DOTS || stretches < 2.0 {
            break dots;
        }
        stretches /= 2.0;
    };
    Panel {
        name: paper.study.cases[run.case].label.clone(),
        note: loops.stories.iter().map(note).collect::<Vec<_>>().join("; "),
        dots,
        steps: loops.steps.iter().map(|(_, at)| seconds(at.ticks())).collect(),
        end: seconds(end),
    }
}

/// How many chunks of which sizes.
fn note(story: &LoopStory) -> String {
    let (largest, smallest) = story.sizes;
    let steps = if story.steps > 1 { format!(" in {} steps", story.steps) } else { String::new() };
    match largest == smallest {
        true => format!("{} of {largest}{steps}", some(story.chunks, "chunk")),
        false => format!("{} of {smallest} to {largest}{steps}", some(story.chunks, "chunk")),
    }
}

/// How soon most of the iterations are gone.
fn finding(paper: &Paper<'_>, shown: &[&Recorded]) -> String {
    let mut all: Vec<(usize, &LoopStory, &str)> = shown
        .iter()
        .filter_map(|run| {
            // The first step of who chooses among others is not typical of it.
            let story = run.story.loops.stories.first().filter(|story| story.chosen.is_empty())?;
            Some((story.chunks_until(0.5), story, paper.study.cases[run.case].label.as_str()))
        })
        .collect();
    all.sort_by_key(|(half, ..)| *half);
    let chunks = |count: usize| some(count as u64, "chunk");
    match all[..] {
        [] => "Chunks of the loop".to_owned(),
        [(half, story, _)] if story.sizes.0 == story.sizes.1 => {
            format!(
                "All chunks are of {}: half of the loop is {}",
                some(story.sizes.0, "iteration"),
                chunks(half)
            )
        }
        [(_, story, _)] => {
            let (most, all) = (story.chunks_until(0.9), story.first.len());
            let out: u64 = story.first[..most].iter().sum();
            let part = share(out as f64 / story.first.iter().sum::<u64>() as f64);
            format!("{part} of the iterations are handed out after {most} of {}", chunks(all))
        }
        [(least, _, one), .., (most, _, other)] if most > least => format!(
            "Half of the iterations are handed out after {} under {}, after {} under {}",
            chunks(least),
            quoted(one),
            chunks(most),
            quoted(other)
        ),
        [(half, ..), ..] => {
            format!("Half of the iterations are handed out after {} under every schedule", chunks(half))
        }
    }
}
