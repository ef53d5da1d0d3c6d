//! Whatever is written, `check` answers: a study, or at least one problem that can be shown.
#![allow(clippy::disallowed_methods, reason = "reads the scenarios of this repository")]

use std::fs;
use std::path::Path;

use makespan::scenario::{Request, check};
use makespan::source::{InMemory, render};
use proptest::prelude::*;

/// A scenario that says much.
const FULL: &str = r#"title = "Everything"
run = { seed = 3, horizon = "60 s", warmup = "auto", tick = "1 ps" }
[machine]
sockets = 2
cores = 8
reference = "2.45 Gop/s"
script = [{ at = "10.5 s", target = "node 0", speed = 0.2 }]
[machine.memory]
bandwidth = "190 GB/s"
[machine.group.fast]
nodes = 2
speed = 2.0
[network]
topology = "custom"
bandwidth = "100 Gb/s"
latency = "0.5 us"
[network.link.a]
ends = ["node 0", "node 1"]
duplex = "half"
[workload.tasks]
list = [{ work = "5 s" }, { name = "render", work = "20 Mop", cores = 4, speedup.amdahl.serial = 0.1 }]
[workload.web]
kind = "tasks"
on = "group fast"
count = 10
work = { lognormal = { mean = "5 ms", cv = 2 } }
arrivals = { poisson = "900 /s" }
[workload.dag.task]
A = { work = "5 s" }
B = { work = "1 s", after = { A = "18 B" } }
[schedule]
policy = "central-queue"
cost = { dispatch = "150 ns", serial = true }
[faults.inject.nodes]
target = "every node"
fault = "crash"
mtbf = { weibull = { mean = "20 days", shape = 0.7 } }
[faults]
detect = { heartbeat = "1 s", timeout = "3 s" }
recover = { checkpoint = { interval = "daly", cost = "30 s", restart = "60 s" } }
[[variant]]
name = "without faults"
remove = ["faults"]
schedule.policy = "lpt"
workload.web.work.cv = 3
[sweep]
"machine.cores" = [4, 8]
"run.horizon" = { from = "1 s", to = "9 s", steps = 3 }
[report]
metrics = ["makespan", "response.p99"]
[expect.bound]
value = "60 ms"
within = "1 %"
"#;

/// Pieces of text that scenarios are made of, and some that none should hold.
const PIECES: &[&str] = &[
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    "\"",
    "'",
    "=",
    ".",
    ",",
    "#",
    "\n",
    "\r\n",
    "\t",
    " ",
    "\\",
    "\u{0}",
    "é",
    "µs",
    "“",
    "\"\"\"",
    "-",
    "+",
    "0",
    "1",
    "-1",
    "1e999",
    "nan",
    "inf",
    "99999999999999999999",
    "true",
    "2026-01-01",
    "\"10 ms\"",
    "\"KB\"",
    "\"1e300 days\"",
    "\"unlimited\"",
    "machine",
    "workload",
    "tasks",
    "kind",
    "variant",
    "remove",
    "extends",
    "sweep",
    "\"s.toml\"",
    "policy",
    "\"lpt\"",
    "cv",
    "preset",
    "\"epyc-2x64\"",
    "expect",
    "theory",
    "{}",
    "[]",
    "[1, 2]",
    "from",
    "cores = 4294967295",
    "count = 18446744073709551615",
    "steps",
    "node 1",
    "\"every node\"",
];

fn corpus() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/invalid");
    let mut paths: Vec<_> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let wrong = paths.iter().filter(|path| path.extension().is_some_and(|extension| extension == "toml"));
    let texts = wrong.filter_map(|path| fs::read_to_string(path).ok());
    // The full one stands there often, as it leads deepest.
    texts.chain(std::iter::repeat_n(FULL.to_owned(), 100)).collect()
}

fn answers(text: &str, sets: &[String], sweeps: &[String]) {
    let mut files = InMemory::default();
    files.insert("s.toml", text.as_bytes().to_vec());
    let request = Request { path: "s.toml", sets, sweeps, plots: &["gantt"], alone: false };
    match check(&files, &request) {
        Ok(checked) => assert!(!checked.study.cases.is_empty() && !checked.resolution.text().is_empty()),
        Err(refused) => {
            assert!(!refused.problems.is_empty(), "refused without a reason:\n{text}");
            assert!(!render(&refused.map, &refused.problems, true).is_empty());
        }
    }
}

/// One change of a text: what stands between two points gives way to a piece.
#[derive(Clone, Debug)]
struct Change {
    at: f64,
    length: usize,
    piece: usize,
    whole_line: bool,
}

fn change() -> impl Strategy<Value = Change> {
    (0.0..1.0, 0_usize..12, 0..PIECES.len(), any::<bool>())
        .prop_map(|(at, length, piece, whole_line)| Change { at, length, piece, whole_line })
}

fn changed(text: &str, change: &Change) -> String {
    let chars: Vec<char> = text.chars().collect();
    if change.whole_line {
        let mut lines: Vec<&str> = text.lines().collect();
        if lines.is_empty() {
            return PIECES[change.piece].to_owned();
        }
        let at = (change.at * lines.len() as f64) as usize;
        let line = lines.remove(at);
        let to = (at + change.length).min(lines.len());
        // A line moves, is lost, or comes twice.
        (0..change.piece % 3).for_each(|_| lines.insert(to, line));
        return lines.join("\n");
    }
    let from = (change.at * chars.len() as f64) as usize;
    let to = (from + change.length).min(chars.len());
    chars[..from].iter().collect::<String>() + PIECES[change.piece] + &chars[to..].iter().collect::<String>()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_scenario_with_a_few_changes_is_accepted_or_refused(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec(change(), 1..5),
    ) {
        let corpus = corpus();
        let text = changes.iter().fold(corpus[which.index(corpus.len())].clone(), |text, change| changed(&text, change));
        answers(&text, &[], &[]);
    }

    #[test]
    fn any_text_at_all_is_answered(text in "\\PC{0,60}") {
        answers(&text, &[], &[]);
    }

    #[test]
    fn settings_from_outside_are_accepted_or_refused(
        pieces in prop::collection::vec(0..PIECES.len(), 1..6),
        start in prop::sample::select(vec!["machine.cores", "workload.web.work", "schedule.policy", "run.seed", ""]),
        sweep in any::<bool>(),
    ) {
        let text: String = std::iter::once(start).chain(pieces.iter().map(|piece| PIECES[*piece])).collect();
        let given = [text];
        let (sets, sweeps) = if sweep { (&[][..], &given[..]) } else { (&given[..], &[][..]) };
        answers(FULL, sets, sweeps);
    }
}

#[test]
fn the_full_scenario_is_accepted() {
    let files = InMemory::new([("s.toml", FULL)]);
    if let Err(refused) = check(&files, &Request { path: "s.toml", ..Request::default() }) {
        panic!("{}", render(&refused.map, &refused.problems, false));
    }
}
