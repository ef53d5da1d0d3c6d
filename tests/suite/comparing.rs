//! Comparing: axes that go together, the best of several, baselines and gates, what matters and what would help.
#![allow(clippy::disallowed_methods, reason = "a test may look outside")]

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use makespan::experiment::{
    Effect, Execute, Probe, Results, Sequential, Threads, Unprobed, Unwatched, run, sensitivity, what_if,
};
use makespan::metrics::Metric;
use makespan::scenario::{Checked, Request, check};
use makespan::source::{InMemory, render};

fn checked(files: &InMemory, request: &Request<'_>) -> Checked {
    check(files, request)
        .unwrap_or_else(|refused| panic!("{}", render(&refused.map, &refused.problems, false)))
}

fn results(text: &str, execute: &dyn Execute) -> Results {
    let files = InMemory::new([("s.toml", text)]);
    let study = checked(&files, &Request { path: "s.toml", ..Request::default() }).study;
    run(&study, execute, &Unwatched).unwrap_or_else(|failed| panic!("{failed}"))
}

#[test]
fn axes_that_go_together_step_together_and_cross_all_others() {
    let text = r#"
machine.cores = 1
workload.tasks = { count = 4, work = "1 s" }
[sweep]
"machine.speed" = [1, 2]
[sweep.together.size]
"machine.cores" = [1, 2, 4]
"workload.tasks.count" = { from = 4, to = 16, steps = 3, scale = "log" }
"#;
    let results = results(text, &Sequential);
    let shown: Vec<(String, f64)> = results
        .cases
        .iter()
        .map(|case| (case.setting_text(), case.summary(Metric::Makespan).unwrap().mean))
        .collect();
    let at = |speed: u32, cores: u32| {
        format!("machine.speed = {speed}, machine.cores = {cores}, workload.tasks.count = {}", 4 * cores)
    };
    // Work grows with the cores: the makespan stays.
    let wanted: Vec<(String, f64)> =
        [1, 2].into_iter().flat_map(|s| [1, 2, 4].map(|c| (at(s, c), 4.0 / f64::from(s)))).collect();
    assert_eq!(shown, wanted);
}

#[test]
fn values_come_from_columns_and_points_from_rows_of_files() {
    let text = r#"
machine.cores = 2
workload.tasks = { count = 2, work = "1 s" }
[sweep]
"machine.speed" = { file = "speeds.csv", column = "speed" }
[sweep.together]
measured = "points.csv"
"#;
    let files = InMemory::new([
        ("d/s.toml", text),
        ("d/speeds.csv", "name,speed\nslow,1\nfast,2\n"),
        ("d/points.csv", "# measured\nworkload.tasks.count,workload.tasks.work (ms)\n2,500\n\n6,1000\n"),
    ]);
    let request = Request { path: "d/s.toml", ..Request::default() };
    let checked = checked(&files, &request);
    let results = run(&checked.study, &Sequential, &Unwatched).unwrap_or_else(|failed| panic!("{failed}"));
    let makespans: Vec<f64> =
        results.cases.iter().map(|case| case.summary(Metric::Makespan).unwrap().mean).collect();
    assert_eq!(makespans, [0.5, 3.0, 0.25, 1.5]);
    assert_eq!(results.cases[1].setting[2], ("workload.tasks.work".to_owned(), "1000 ms".to_owned()));
    // What every key came to is a scenario by itself, without the files.
    let alone = InMemory::new([("s.toml", &*checked.resolution.text())]);
    let again = self::checked(&alone, &Request { path: "s.toml", ..Request::default() });
    let again = run(&again.study, &Sequential, &Unwatched).unwrap_or_else(|failed| panic!("{failed}"));
    assert_eq!(again.digest, results.digest);
}

#[test]
fn to_set_one_of_several_keys_leaves_the_others_swept() {
    let text = r#"
machine.cores = 1
workload.tasks = { count = 4, work = "1 s" }
[sweep.together.size]
"machine.cores" = [1, 2]
"workload.tasks.count" = [4, 8]
"#;
    let files = InMemory::new([("s.toml", text)]);
    let sets = ["machine.cores=8".to_owned()];
    let request = Request { path: "s.toml", sets: &sets, ..Request::default() };
    let study = checked(&files, &request).study;
    let settings: Vec<_> = study.cases.iter().map(|case| case.setting.clone()).collect();
    let count = |value: &str| vec![("workload.tasks.count".to_owned(), value.to_owned())];
    assert_eq!(settings, [count("4"), count("8")]);
}

#[test]
fn a_range_may_go_from_one_unit_to_another() {
    let text = r#"
machine.cores = 1
workload.tasks = { count = 4, work = "1 s" }
sweep."workload.tasks.work" = { from = "1 ms", to = "1 s", steps = 4, scale = "log" }
"#;
    let files = InMemory::new([("s.toml", text)]);
    let study = checked(&files, &Request { path: "s.toml", ..Request::default() }).study;
    let works: Vec<&str> = study.cases.iter().map(|case| case.setting[0].1.as_str()).collect();
    assert_eq!(works, ["1 ms", "10 ms", "100 ms", "1 s"]);
}

/// Five ways to share work of which two are close and three are worse.
const BEST: &str = r#"
machine.cores = 4
workload.tasks = { count = 40, work = { exponential = "10 ms" } }
schedule.policy = "lpt"
run = { replicates = 80, goal = "best of makespan" }
variant = [
    { name = "by chance", schedule.policy = "random" },
    { name = "in blocks", schedule.policy = "static-block" },
    { name = "shortest first", schedule.policy = "spt" },
]
"#;

#[test]
fn variants_that_are_clearly_worse_take_no_more_replicates() {
    let once = results(BEST, &Sequential);
    assert_eq!(once, results(BEST, &Threads::new(Some(3)).unwrap()), "on threads");
    let counts: Vec<usize> = once.cases.iter().map(|case| case.replicates.len()).collect();
    assert!(once.cases[1..].iter().all(|case| case.left_out == Some(case.replicates.len())), "{counts:?}");
    assert!(once.cases[0].left_out.is_none() && counts.iter().sum::<usize>() < 4 * 80, "{counts:?}");
    let finding = once.finding(&once.cases).unwrap();
    assert!(finding.starts_with("“lpt” has the best makespan of 4: "), "{finding}");
    assert!(finding.contains("a probability of at most 5 %"), "{finding}");
    // They are the first replicates of a fixed number.
    let fixed = results(&BEST.replace(", goal = \"best of makespan\"", ""), &Sequential);
    for (few, many) in once.cases.iter().zip(&fixed.cases) {
        assert_eq!(few.replicates[..], many.replicates[..few.replicates.len()]);
    }
}

#[test]
fn what_cannot_be_told_apart_stays_in_to_the_end() {
    let text = r#"
baseline = "fifo"
machine.cores = 4
workload.tasks = { count = 40, work = { exponential = "10 ms" } }
schedule.policy = "fifo"
run = { replicates = 30, goal = "best of speed-up" }
variant = [{ name = "the same", schedule.policy = { list = { order = [] } } }, { name = "worst", machine.cores = 1 }]
"#;
    let results = results(text, &Sequential);
    let out: Vec<Option<usize>> = results.cases.iter().map(|case| case.left_out).collect();
    assert_eq!(out, [None, None, Some(10)]);
    let finding = results.finding(&results.cases).unwrap();
    assert!(
        finding.contains("“fifo”, “the same”") && finding.contains("can't be told after 30"),
        "{finding}"
    );
    assert_eq!(results.primary(), Metric::SpeedUp);
    assert!(results.best(&results.cases).is_none());
}

/// Four cores of speed 1 that share 40 tasks evenly: the makespan is work × count / (cores × speed), exactly.
const EXACT: &str = r#"
machine = { cores = 4, speed = 1.0 }
network = { latency = "1 us", bandwidth = "1 GB/s" }
workload.tasks = { count = 40, work = "10 ms" }
schedule.policy = "fifo"
"#;

#[test]
fn elasticities_are_those_of_the_formula_and_idle_keys_are_named() {
    let files = InMemory::new([("s.toml", EXACT)]);
    let request = Request { path: "s.toml", ..Request::default() };
    let probe = Probe { files: &files, request: &request, execute: &Sequential };
    let found = sensitivity(&probe, None, 0.1, 0.95).unwrap();
    let effect = |key: &str| {
        let reaction = found.reactions.iter().find(|reaction| reaction.key == key);
        &reaction.unwrap_or_else(|| panic!("no {key} in {found:?}")).effect
    };
    for (key, wanted) in [("workload.tasks.work", 1.0), ("machine.speed", -1.0)] {
        match effect(key) {
            Effect::Elasticity(ratio) => {
                assert!(
                    (ratio.estimate - wanted).abs() < 1e-6 && ratio.low == ratio.high,
                    "{key}: {ratio:?}"
                );
            }
            other => panic!("{key}: {other:?}"),
        }
    }
    // A bag on one node sends no messages.
    assert_eq!(effect("network.latency"), &Effect::Nothing);
    assert_eq!(effect("network.bandwidth"), &Effect::Nothing);
    assert_eq!(effect("schedule.cost.dispatch"), &Effect::Fixed("it is 0".to_owned()));
    assert_eq!(found.metric, Metric::Makespan);
}

#[test]
fn what_would_buy_the_most_is_known() {
    let text = EXACT.to_owned() + "schedule.cost = { dispatch = \"1 ms\" }\n";
    let files = InMemory::new([("s.toml", text.as_str())]);
    let request = Request { path: "s.toml", ..Request::default() };
    let probe = Probe { files: &files, request: &request, execute: &Sequential };
    let found = what_if(&probe, None, 0.95).unwrap();
    let what = |key: &str| found.all.iter().find(|what| what.key == key).unwrap();
    // Work of 10 ms, dispatched in 1 ms: cores twice as fast leave 10 rounds of 5 ms and more, so that the lock, which
    // needs 40 × 1 ms, is close behind.
    let speed = what("machine.speed").ratio.unwrap();
    assert!((0.45..0.65).contains(&speed.estimate) && speed.low == speed.high, "{speed:?}");
    assert!(what("network.latency").same && what("schedule.cost.dispatch").ratio.unwrap().estimate < 1.0);
    let ranked: Vec<f64> =
        found.all.iter().filter_map(|what| what.ratio).map(|ratio| ratio.estimate).collect();
    assert!(ranked.is_sorted(), "{ranked:?}");
}

/// Tasks with a deadline, so early that lateness is negative.
const EARLY: &str = r#"
machine.cores = 2
workload.tasks = { count = 60, work = { exponential = "5 ms" }, deadline = "200 ms" }
schedule.policy = "fifo"
run.replicates = 12
"#;

#[test]
fn a_key_that_moves_what_is_measured_and_no_event_has_an_effect() {
    // Deadlines change nothing of what happens under first come, first served, but whether they are missed.
    let files = InMemory::new([("s.toml", EARLY)]);
    let request = Request { path: "s.toml", ..Request::default() };
    let probe = Probe { files: &files, request: &request, execute: &Sequential };
    let deadline = |metric| {
        let found = sensitivity(&probe, Some(metric), 0.1, 0.95).unwrap();
        let deadline = found.reactions.into_iter().find(|reaction| reaction.key == "workload.tasks.deadline");
        deadline.unwrap().effect
    };
    assert_eq!(deadline(Metric::Makespan), Effect::Nothing);
    assert_ne!(deadline(Metric::Missed), Effect::Nothing);
    // Of what may be negative, and of what isn't there, no elasticity says anything.
    for metric in [Metric::Lateness, Metric::Steals] {
        let name = metric.describe().name;
        let refused = sensitivity(&probe, Some(metric), 0.1, 0.95);
        assert!(matches!(&refused, Err(Unprobed::Refused(why)) if why.starts_with(name)), "{refused:?}");
    }
}

#[test]
fn the_file_as_it_stands_is_varied_whatever_its_variants_plots_and_later_points_allow() {
    let text = format!(
        "{BAG}\nfaults.recover.checkpoint = {{ interval = \"1 s\", cost = \"1 ms\", restart = \"2 ms\" }}\n\
         faults.inject.a = {{ target = \"core 0\", fault = \"crash\", at = \"20 ms\", for = \"1 ms\" }}\n\
         variant = [{{ name = \"again\", faults.recover.restart = {{ restart = \"2 ms\" }} }}]\n\
         sweep.\"workload.tasks.count\" = [100, 120]\nreport.plot.a = {{ metric = \"makespan\", x.unit = 2 }}\n\
         expect.a = {{ variant = \"again\", metric = \"makespan\", at_least = \"0 s\" }}"
    );
    let files = InMemory::new([("s.toml", text.as_str())]);
    let request = Request { path: "s.toml", ..Request::default() };
    let probe = Probe { files: &files, request: &request, execute: &Sequential };
    let found = what_if(&probe, None, 0.95).unwrap();
    let cost = found.all.iter().find(|what| what.key == "faults.recover.checkpoint.cost").unwrap();
    assert_eq!(cost.refused, None);
    assert_eq!(found.setting, [("workload.tasks.count".to_owned(), "100".to_owned())]);
    let found = sensitivity(&probe, None, 0.1, 0.95).unwrap();
    let count = found.reactions.iter().find(|reaction| reaction.key == "workload.tasks.count").unwrap();
    assert!(matches!(count.effect, Effect::Elasticity(_)), "{count:?}");
}

#[test]
fn a_gate_on_what_was_nothing_fails_and_one_on_what_may_be_negative_is_refused() {
    let scratch = Scratch::new("nothing");
    scratch.file("kept.toml", EARLY);
    scratch.file("missed.toml", &EARLY.replace("200 ms", "1 ms"));
    let gate = |metric: &str, first: &str, second: &str| {
        scratch.makespan(&["compare", first, second, "--metric", metric, "--fail-if-slower", "5%"])
    };
    let (code, _, error) = gate("missed", "kept.toml", "missed.toml");
    assert!(code == Some(1) && error.contains("is too slow: its missed is higher by"), "{error}");
    assert_eq!(gate("missed", "kept.toml", "kept.toml").0, Some(0));
    assert_eq!(gate("missed", "missed.toml", "kept.toml").0, Some(0));
    let (code, _, error) = gate("lateness", "kept.toml", "missed.toml");
    assert!(code == Some(1) && error.contains("lateness may be negative"), "{error}");
    // Its difference is a time, of which no part is told.
    let (_, out, _) = scratch.makespan(&["compare", "kept.toml", "missed.toml", "--metric", "lateness"]);
    assert!(out.contains("longer by 199 ms"), "{out}");
}

/// A folder of its own for a test, removed at the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("makespan-compare-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Scratch(path)
    }

    fn file(&self, name: &str, text: &str) {
        fs::write(self.0.join(name), text).unwrap();
    }

    /// The exit code, standard output and standard error of makespan run here.
    fn makespan(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_makespan"));
        let output = command.args(arguments).current_dir(&self.0).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const BAG: &str = r#"
machine.cores = 4
workload.tasks = { count = 40, work = { exponential = "10 ms" } }
schedule.policy = "fifo"
run.replicates = 20
"#;

#[test]
fn a_gate_fails_what_is_slower_and_passes_what_is_not() {
    let scratch = Scratch::new("gate");
    scratch.file("old.toml", BAG);
    scratch.file("slower.toml", &BAG.replace("cores = 4", "cores = 4\nmachine.speed = 0.9"));
    scratch.file("other.toml", &BAG.replace("fifo", "random"));
    let (code, _, error) = scratch.makespan(&["run", "old.toml", "--out", "old", "-q"]);
    assert_eq!(code, Some(0), "{error}");
    // The same again, from a folder, from its summary, and from the scenario.
    for baseline in ["old", "old/summary.json", "old.toml"] {
        let (code, out, error) =
            scratch.makespan(&["compare", "--baseline", baseline, "old.toml", "--fail-if-slower", "0%"]);
        assert_eq!(code, Some(0), "{error}");
        assert!(out.contains("identical") && out.contains("Paired, replicate by replicate"), "{out}");
        assert!(out.contains("“baseline” passes: its makespan is not worse by more than 0 %."), "{out}");
    }
    let gate = |allowed: &str| {
        scratch.makespan(&["compare", "--baseline", "old", "slower.toml", "--fail-if-slower", allowed])
    };
    let (code, out, error) = gate("5%");
    assert_eq!(code, Some(1), "{out}");
    assert!(
        error.contains("“baseline” of slower.toml is too slow: its makespan is longer by 11.1"),
        "{error}"
    );
    assert!(error.contains("and 5 % is allowed"), "{error}");
    assert_eq!(gate("12%").0, Some(0));
    // Paired, one tenth of speed is known exactly; with other seeds it can't be told, which is no failure.
    let (code, out, error) = scratch.makespan(&[
        "compare",
        "--baseline",
        "old",
        "slower.toml",
        "--seed",
        "4",
        "--fail-if-slower",
        "5%",
    ]);
    assert_eq!(code, Some(0), "{error}");
    assert!(out.contains("Unpaired (Welch): the seeds 1 and 4 share nothing."), "{out}");
    assert!(
        error.contains("warning: whether “baseline” of slower.toml is worse by more than 5 %"),
        "{error}"
    );
    let (code, out, _) = scratch.makespan(&["compare", "old", "other.toml"]);
    assert!(code == Some(0) && out.contains("longer by "), "{out}");
}

#[test]
fn a_summary_alone_is_compared_by_its_moments() {
    let scratch = Scratch::new("moments");
    scratch.file("old.toml", BAG);
    scratch.makespan(&["run", "old.toml", "--out", "old", "-q"]);
    fs::copy(scratch.0.join("old/summary.json"), scratch.0.join("kept.json")).unwrap();
    let (code, out, error) = scratch.makespan(&["compare", "kept.json", "old"]);
    assert_eq!(code, Some(0), "{error}");
    assert!(out.contains("Unpaired (Welch), although both have the seed 1"), "{out}");
}

#[test]
fn what_cannot_be_compared_says_why() {
    let scratch = Scratch::new("wrong");
    scratch.file("old.toml", BAG);
    scratch.file("two.toml", &format!("{BAG}\nvariant = [{{ name = \"lpt\", schedule.policy = \"lpt\" }}]"));
    scratch.file("no.json", "{}");
    scratch.file("half.json", "{");
    for (arguments, said) in [
        (vec!["old.toml"], "there is nothing to compare with"),
        (vec!["old.toml", "nothing"], "`nothing` can't be read"),
        (vec!["old.toml", "no.json"], "`no.json` is no summary of a run: makespan didn't write it"),
        (vec!["old.toml", "half.json"], "`half.json` is no summary of a run: "),
        (
            vec!["old.toml", "two.toml", "--metric", "response.p99"],
            "no case in common that has a response.p99",
        ),
        (
            vec!["old.toml", "old.toml", "--metric", "failures", "--fail-if-slower", "5%"],
            "neither more nor less",
        ),
    ] {
        let (code, out, error) = scratch.makespan(&[&["compare"], &arguments[..]].concat());
        let fine = said.is_empty();
        assert!(
            code == Some(i32::from(!fine)) && error.contains(said),
            "{arguments:?}: {code:?} {out} {error}"
        );
    }
    for (allowed, said) in [
        ("5", "5 is 500 %: write 5% for five per cent"),
        ("x", "`x` is not a fraction or a percentage: write a number"),
    ] {
        let (code, _, error) =
            scratch.makespan(&["compare", "old.toml", "old.toml", "--fail-if-slower", allowed]);
        assert!(code == Some(2) && error.contains(said), "{error}");
    }
    let (code, _, error) = scratch.makespan(&["compare", "old.toml", "old.toml", "--metric", "makspan"]);
    assert!(code == Some(2) && error.contains("did you mean `makespan`?"), "{error}");
}

#[test]
fn sensitivity_and_whatif_print_what_they_find() {
    let scratch = Scratch::new("vary");
    scratch.file("exact.toml", EXACT);
    let (code, out, error) = scratch.makespan(&["sensitivity", "exact.toml"]);
    assert_eq!(code, Some(0), "{error}");
    assert!(out.contains("machine.speed  ") && out.contains("These keys had no effect"), "{out}");
    assert!(out.contains("network.latency"), "{out}");
    let (code, out, error) = scratch.makespan(&["whatif", "exact.toml"]);
    assert_eq!(code, Some(0), "{error}");
    assert!(out.contains("cores twice as fast") && out.contains("shorter by 50 %"), "{out}");
    let (code, _, error) = scratch.makespan(&["sensitivity", "exact.toml", "--by", "0%"]);
    assert!(code == Some(2) && error.contains("above 0 %"), "{error}");
}

#[test]
fn answers_come_in_every_format_and_say_the_same() {
    let scratch = Scratch::new("formats");
    scratch.file("exact.toml", EXACT);
    scratch.file("old.toml", BAG);
    scratch.file("slower.toml", &BAG.replace("cores = 4", "cores = 4\nmachine.speed = 0.9"));
    let commands: [(&[&str], &str, usize); 3] = [
        (&["sensitivity", "exact.toml"], "elasticity", 3),
        (&["whatif", "exact.toml"], "ratio", 3),
        (&["compare", "old.toml", "slower.toml", "--fail-if-slower", "50%"], "ratio", 4),
    ];
    for (command, number, shown) in commands {
        let answer = |format: &str| {
            let (code, out, error) = scratch.makespan(&[command, &["--format", format]].concat());
            assert_eq!(code, Some(0), "{command:?} {format}: {error}");
            out
        };
        let whole: serde_json::Value = serde_json::from_str(&answer("json")).unwrap();
        assert_eq!((whole["asked"].as_str(), whole["schema"].as_u64()), (Some(command[0]), Some(1)));
        let rows = whole["rows"].as_array().unwrap();
        let known = rows.iter().filter(|row| row[number].is_number()).count();
        assert!(known > 0 && known <= rows.len(), "{command:?}: {whole}");
        // A row a record, with the same columns as the keys.
        let csv = answer("csv");
        let keys: Vec<&str> = rows[0].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(csv.lines().next(), Some(&*keys.join(",")));
        assert_eq!(csv.lines().count(), 1 + rows.len(), "{csv}");
        let markdown = answer("markdown");
        let header = markdown.lines().find(|line| line.starts_with('|')).unwrap();
        assert_eq!(header.matches('|').count(), 1 + shown, "{markdown}");
        assert!(markdown.contains("|---|"), "{markdown}");
        // What is said is the same for people and programs.
        let (table, notes) = (answer("table"), whole["notes"].as_array().unwrap());
        assert!(
            !notes.is_empty() && notes.iter().all(|note| table.contains(note.as_str().unwrap())),
            "{table}"
        );
        let (_, out, _) = scratch.makespan(&[command, &["--format", "csv", "-o", "answer.csv"]].concat());
        assert_eq!((out.as_str(), fs::read_to_string(scratch.0.join("answer.csv")).unwrap()), ("", csv));
    }
    let gate = scratch.makespan(&[
        "compare",
        "old.toml",
        "slower.toml",
        "--fail-if-slower",
        "5%",
        "--format",
        "json",
    ]);
    let whole: serde_json::Value = serde_json::from_str(&gate.1).unwrap();
    assert_eq!((gate.0, whole["rows"][0]["gate"].as_str()), (Some(1), Some("fails")));
}
