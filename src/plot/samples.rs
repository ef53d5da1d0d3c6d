//! Synthetic results for the charts' tests, and the pictures of them to be looked at.

use super::breakdown::{Bar, Breakdown};
use super::chunks::{self, Chunks};
use super::comparison::{Comparison, Difference, Variant};
use super::distribution::{Curve, Distribution};
use super::gantt::{Arrow, Fault, Gantt, Segment};
use super::heatmap::{HeatMap, Key};
use super::page::Heading;
use super::quantity::Quantity;
use super::relation::{self, Relation};
use super::state::State;
use super::steals::Steals;
use super::timeseries::{Between, Panel, Steps, TimeSeries};
use super::tornado::{self, Tornado};
use super::waterfall::{Part, Waterfall};

/// A small congruential generator: the tests need numbers that look random, not good ones.
struct Draws(u64);

impl Draws {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    fn exponential(&mut self) -> f64 {
        -libm::log(1.0 - self.uniform())
    }
}

pub(super) fn heading(title: &str) -> Heading {
    Heading {
        title: title.to_owned(),
        subtitle: "64 cores, 1000 tasks with lognormal work, no communication".to_owned(),
        small_print: "scenarios/balancing/uneven-tasks.toml · seed 1 · 20 replicates · makespan 0.1.0"
            .to_owned(),
    }
}

pub(super) fn steals(cores: u32) -> Steals {
    let mut draws = Draws(11);
    let mut pair = || {
        ((draws.uniform() * f64::from(cores)) as u32, (draws.exponential() * f64::from(cores) / 4.0) as u32)
    };
    let mut pairs: std::collections::BTreeMap<(u32, u32), u64> = Default::default();
    for _ in 0..40 * cores {
        let (thief, victim) = pair();
        if thief != victim && victim < cores {
            *pairs.entry((thief, victim)).or_default() += 1;
        }
    }
    Steals {
        heading: heading("Tasks went from core to core 2 310 times, 24 % of them from core 0"),
        cores: (0..cores).map(|core| format!("core {core}")).collect(),
        nodes: vec![cores / 2],
        pairs: pairs.into_iter().map(|((thief, victim), tasks)| (thief, victim, tasks)).collect(),
    }
}

/// Guided self-scheduling of 1000 iterations, each of a millisecond.
pub(super) fn chunks(panels: usize, cores: u32) -> Chunks {
    let panel = |number: usize| {
        let mut free: Vec<f64> = vec![0.0; cores as usize];
        let (mut left, mut dots) = (1000_u64, Vec::new());
        while left > 0 {
            let core = (0..cores).min_by(|a, b| free[*a as usize].total_cmp(&free[*b as usize])).unwrap_or(0);
            let size = left.div_ceil(u64::from(cores) * (number as u64 + 1));
            dots.push((free[core as usize], size, core));
            free[core as usize] += size as f64 * 1e-3;
            left -= size;
        }
        chunks::Panel {
            name: format!("guided {number}"),
            note: format!("{} chunks of 1000 iterations", dots.len()),
            dots,
            steps: vec![0.0],
            end: free.into_iter().fold(0.0, f64::max),
        }
    };
    Chunks {
        heading: heading("Half of the iterations are out after 3 chunks"),
        cores: (0..cores).map(|core| format!("core {core}")).collect(),
        panels: (0..panels).map(panel).collect(),
    }
}

pub(super) fn comparison(variants: usize, replicates: usize) -> Comparison {
    let mut draws = Draws(7);
    let base: Vec<f64> = (0..replicates).map(|_| 12.0 + draws.uniform()).collect();
    let stats = |values: &[f64]| {
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let variance = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (count - 1.0);
        let half = 2.1 * (variance / count).sqrt();
        (mean, (values.len() > 1).then_some((mean - half, mean + half)))
    };
    let names = ["fifo", "work-stealing", "lpt", "static-block", "guided", "heft", "random", "spt"];
    let variants = (0..variants)
        .map(|i| {
            let factor = 1.0 - 0.04 * (i % 5) as f64;
            let values: Vec<f64> = base.iter().map(|b| b * factor + 0.2 * draws.uniform()).collect();
            let (mean, interval) = stats(&values);
            let paired: Vec<f64> = values.iter().zip(&base).map(|(v, b)| v - b).collect();
            let (difference, ends) = stats(&paired);
            let verdict =
                if i % 5 == 0 { "not distinguishable with 20 replicates" } else { "shorter by 12 % ± 2 %" };
            Variant {
                name: names.get(i).map_or_else(|| format!("variant {i}"), |n| (*n).to_owned()),
                mean,
                interval,
                replicates: values,
                bound: Some((9.5, "critical path".to_owned())),
                difference: (i > 0).then(|| Difference {
                    mean: difference,
                    interval: ends,
                    replicates: paired,
                    verdict: verdict.to_owned(),
                }),
            }
        })
        .collect();
    Comparison {
        heading: heading("Work stealing ends 4 % earlier than one queue"),
        metric: "Makespan".to_owned(),
        quantity: Quantity::Time,
        level: 0.95,
        variants,
        baseline: Some("fifo".to_owned()),
    }
}

pub(super) fn breakdown(variants: usize) -> Breakdown {
    let mut draws = Draws(3);
    let weights = [40.0, 9.0, 7.0, 6.0, 4.0, 3.0, 1.0, 4.0, 6.0, 8.0, 7.0, 6.0, 3.0];
    let bars = (0..variants)
        .map(|i| Bar {
            name: format!("variant {i}"),
            times: weights.map(|w| w * (0.3 + draws.uniform())),
            extent: "64 cores × 12.3 s".to_owned(),
        })
        .collect();
    Breakdown { heading: heading("A third of the core time waits for work"), variants: bars }
}

pub(super) fn distribution(curves: usize, size: usize) -> Distribution {
    let mut draws = Draws(11);
    let curves = (0..curves)
        .map(|i| {
            let scale = 0.01 * (1.0 + 0.3 * i as f64);
            let sample: Vec<f64> = (0..size).map(|_| scale * draws.exponential()).collect();
            let mut curve = Curve::from_sample(&format!("variant {i}"), &sample);
            let around = |share: f64| Some((share, curve.quantile(share).map(|at| (0.93 * at, 1.06 * at))?));
            curve.intervals = [0.5, 0.05, 0.01].into_iter().filter_map(around).collect();
            curve
        })
        .collect();
    Distribution {
        heading: heading("Power of two choices halves the 99th percentile"),
        metric: "Response time".to_owned(),
        quantity: Quantity::Time,
        curves,
    }
}

pub(super) fn timeseries(lines: usize, steps: usize) -> TimeSeries {
    let mut draws = Draws(5);
    let mut walk = |top: f64| -> Vec<Steps> {
        (0..lines)
            .map(|i| {
                let mut value: f64 = 0.0;
                let step = |j: usize| {
                    value = (value + if draws.uniform() < 0.5 { 1.0 } else { -1.0 }).clamp(0.0, top);
                    (100.0 * j as f64 / steps as f64, value)
                };
                Steps { name: format!("variant {i}"), steps: (0..steps).map(step).collect() }
            })
            .collect()
    };
    let panels = vec![
        Panel {
            metric: "Tasks waiting".to_owned(),
            quantity: Quantity::Number(String::new()),
            lines: walk(1e9),
            most: None,
            between: None,
        },
        Panel {
            metric: "Cores busy".to_owned(),
            quantity: Quantity::Number(String::new()),
            lines: walk(64.0),
            most: None,
            between: None,
        },
    ];
    TimeSeries { heading: heading("The queue grows during the burst"), duration: 100.0, panels }
}

/// The queues of many servers, and of few.
pub(super) fn queues() -> TimeSeries {
    let walked = |panel: usize, line: usize| timeseries(4, 200).panels[panel].lines[line].steps.clone();
    let shifted = |steps: Vec<(f64, f64)>, by: f64| steps.into_iter().map(|(at, n)| (at, n + by)).collect();
    let line = |name: &str, steps: Vec<(f64, f64)>| Steps { name: name.to_owned(), steps };
    let many = Panel {
        metric: "random; tinted: four in five servers".to_owned(),
        quantity: Quantity::Number(String::new()),
        lines: vec![line("longest", shifted(walked(1, 0), 9.0)), line("mean", shifted(walked(1, 0), 3.0))],
        most: Some(40.0),
        between: Some(Between { low: walked(1, 0), high: shifted(walked(1, 0), 5.0) }),
    };
    let few = Panel {
        metric: "jsq".to_owned(),
        quantity: Quantity::Number(String::new()),
        lines: (0..4).map(|at| line(&format!("core {at}"), walked(1, at))).collect(),
        most: Some(40.0),
        between: None,
    };
    let heading =
        heading("The longest queue holds 1.2 more than the shortest under “jsq”, 12 under “random”");
    TimeSeries { heading, duration: 100.0, panels: vec![many, few] }
}

/// Tasks of several kinds in turn on each core, with every other state between them.
pub(super) fn gantt(cores: u32, tasks: u32) -> Gantt {
    let mut draws = Draws(9);
    let kinds = ["potrf", "trsm", "syrk", "gemm"];
    let mut segments = Vec::new();
    let mut free = vec![0.0; cores as usize];
    for task in 0..tasks {
        let core = task % cores;
        let mut push = |state: State, length: f64| {
            let start: f64 = free[core as usize];
            free[core as usize] = start + length;
            let label = (state == State::Compute).then_some(task);
            segments.push(Segment { core, start, end: start + length, state, kind: task % 4, label });
        };
        push(State::Schedule, 0.05);
        push(State::ALL[8 + (task / cores) as usize % 4], 0.4 * draws.uniform());
        if task % 17 == 5 {
            push(State::Lost, 0.9);
            push(State::Down, 0.5);
            push(State::Restart, 0.3);
        }
        push(State::Compute, 0.2 + draws.exponential());
        if task % 6 == 2 {
            push(State::Checkpoint, 0.2);
        }
    }
    let faults = segments.iter().filter(|s| s.state == State::Down);
    let faults = faults.map(|s| Fault { core: Some(s.core), at: s.start }).collect();
    let makespan = free.iter().copied().fold(0.0, f64::max);
    Gantt {
        heading: heading("Faults cost a fifth of the makespan"),
        cores: (0..cores).map(|c| format!("core {c}")).collect(),
        kinds: kinds.map(str::to_owned).to_vec(),
        labels: (0..tasks).map(|t| format!("{}({t})", kinds[t as usize % 4])).collect(),
        segments,
        arrows: (0..4)
            .map(|at| Arrow { from: at % cores, to: (at + 3) % cores, at: 1.5 * f64::from(at + 1) })
            .collect(),
        faults,
        makespan: Some(makespan),
        bounds: vec![(0.7 * makespan, "critical path".to_owned()), (0.62 * makespan, "area".to_owned())],
    }
}

pub(super) fn waterfall() -> Waterfall {
    let parts = [
        ("ideal: computing alone", 9.2, State::Compute),
        ("memory", 1.4, State::Memory),
        ("schedule", 0.3, State::Schedule),
        ("idle: no work exists", 2.1, State::IdleNoWork),
        ("idle: waits for a dependency", 0.02, State::IdleDependency),
    ];
    let part = |(name, seconds, state): (&str, f64, State)| Part { name: name.to_owned(), seconds, state };
    Waterfall {
        heading: heading("9.20 s of computing become 13.0 s"),
        parts: parts.map(part).to_vec(),
        whole: "whole run".to_owned(),
    }
}

pub(super) fn heatmap(across: usize, down: usize) -> HeatMap {
    let key = |name: &str, count: usize| Key {
        name: name.to_owned(),
        values: (0..count).map(|i| (1_u64 << (i % 50)).to_string()).collect(),
    };
    let value = |i: usize, j: usize| Some(10.0 * (1.0 + i as f64) / (1.0 + j as f64));
    HeatMap {
        heading: heading("Makespan goes from 1.67 s to 50.0 s"),
        metric: "Makespan".to_owned(),
        quantity: Quantity::Time,
        across: key("machine.cores", across),
        down: key("workload.tasks.count", down),
        values: (0..down).map(|i| (0..across).map(|j| value(i, j)).collect()).collect(),
        range: None,
    }
}

/// The power of `lines` choices in `panels` panels, with theory.
pub(super) fn relation(lines: usize, panels: usize) -> Relation {
    let mut draws = Draws(17);
    let response = |d: usize, load: f64| match d {
        1 => 1.0 / (1.0 - load),
        _ => (1..20)
            .map(|i| libm::pow(load, (libm::pow(d as f64, f64::from(i)) - d as f64) / (d as f64 - 1.0)))
            .sum(),
    };
    let loads: Vec<f64> = (1..10).map(|i| 0.1 * f64::from(i)).collect();
    let mut panel = |number: usize| {
        let line = |d: usize, draws: &mut Draws| relation::Line {
            name: format!("d = {d}"),
            points: loads
                .iter()
                .map(|&x| {
                    let value = response(d, x) * (0.98 + 0.04 * draws.uniform());
                    relation::Point { x, value, interval: Some((0.93 * value, 1.07 * value)) }
                })
                .collect(),
        };
        relation::Panel {
            name: if panels > 1 { format!("machine.cores = {}", number + 1) } else { String::new() },
            metric: "Mean response time".to_owned(),
            quantity: Quantity::Time,
            log: false,
            lines: (1..=lines).map(|d| line(d, &mut draws)).collect(),
            curves: (1..=lines)
                .map(|d| relation::Curve {
                    name: "supermarket".to_owned(),
                    line: Some(d - 1),
                    pieces: vec![loads.iter().map(|&x| (x, response(d, x))).collect()],
                })
                .collect(),
            marks: vec![relation::Mark { x: Some(0.5), y: None, text: "here it turns".to_owned() }],
        }
    };
    Relation {
        heading: heading("Two choices shorten the response to a quarter at a load of 90 %"),
        kind: relation::Kind::Line,
        level: 0.95,
        across: relation::Across {
            label: "load".to_owned(),
            quantity: Quantity::Number(String::new()),
            log: false,
            names: Vec::new(),
        },
        panels: (0..panels).map(&mut panel).collect(),
        theories: vec!["supermarket (Mitzenmacher 2001)".to_owned()],
    }
}

/// Bars of `groups` cases at `count` names.
pub(super) fn bars(count: usize, groups: usize) -> Relation {
    let mut data = relation(groups, 1);
    data.kind = relation::Kind::Bars;
    data.theories.clear();
    data.across.names = (0..count).map(|at| format!("a policy with number {at}")).collect();
    let panel = &mut data.panels[0];
    panel.curves.clear();
    panel.marks = vec![relation::Mark { x: None, y: Some(1.5), text: "as promised".to_owned() }];
    for line in &mut panel.lines {
        line.points.truncate(count);
        line.points.iter_mut().zip(0..).for_each(|(point, at)| point.x = f64::from(at));
    }
    data
}

pub(super) fn tornado(keys: usize) -> Tornado {
    let bar = |at: usize| {
        let change = 0.1 / (1.0 + at as f64) * if at.is_multiple_of(2) { 1.0 } else { -1.0 };
        tornado::Bar {
            key: format!("workload.a.rather.long.key.number.{at}"),
            tried: "8 → 7, 9".to_owned(),
            changes: (-change / 1.1, change),
            interval: (change - 0.004, change + 0.004),
        }
    };
    Tornado {
        heading: heading("The work matters most: 10 % more of it lengthens the makespan by 10 %"),
        metric: "Makespan".to_owned(),
        level: 0.95,
        bars: (0..keys).map(bar).collect(),
    }
}
