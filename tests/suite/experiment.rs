//! Experiments through the public interface: the same results however they are run, and plans kept.

use makespan::experiment::{Comparison, Execute, Failed, Results, Sequential, Threads, Unwatched, run};
use makespan::metrics::Metric;
use makespan::scenario::{Request, Study, check};
use makespan::source::{InMemory, render};

const BAG: &str = r#"
machine.cores = 8
workload.tasks = { count = 100, work = { exponential = "10 ms" } }
schedule.policy = "fifo"
run.replicates = 12
variant = [{ name = "longest first", schedule.policy = "lpt" }, { name = "by chance", schedule.policy = "random" }]
"#;

const OPEN: &str = r#"
machine.cores = 2
workload.tasks = { count = 400, work = { lognormal = { mean = "1 ms", cv = 2 } }, arrivals = { poisson = "1500 /s" } }
run.replicates = 9
sweep."machine.cores" = [2, 3]
"#;

const GRAPH: &str = r#"
machine.cores = 3
run.replicates = 7
[workload.dag.task]
A = { work = { exponential = "5 s" } }
B = { work = { exponential = "3 s" }, after = ["A"] }
C = { work = "4 s", after = ["A"] }
D = { work = { uniform = ["1 s", "2 s"] }, after = ["B", "C"] }
"#;

fn study(text: &str) -> Study {
    let files = InMemory::new([("s.toml", text)]);
    match check(&files, &Request { path: "s.toml", ..Request::default() }) {
        Ok(checked) => checked.study,
        Err(refused) => panic!("{}", render(&refused.map, &refused.problems, false)),
    }
}

fn results_with(text: &str, execute: &dyn Execute) -> Results {
    run(&study(text), execute, &Unwatched).unwrap_or_else(|failed| panic!("{failed}"))
}

fn results(text: &str) -> Results {
    results_with(text, &Sequential)
}

#[test]
fn results_are_the_same_on_any_number_of_threads_and_every_time() {
    for text in [BAG, OPEN, GRAPH] {
        let once = results(text);
        assert_eq!(once, results(text), "run twice");
        for jobs in [1, 2, 7] {
            let threads = Threads::new(Some(jobs)).unwrap();
            assert_eq!(once, results_with(text, &threads), "on {jobs} threads");
        }
    }
}

#[test]
fn a_replicate_alone_is_the_one_among_many() {
    let many = results(BAG);
    let alone = results(&BAG.replace("replicates = 12", "replicates = 1"));
    for (many, alone) in many.cases.iter().zip(&alone.cases) {
        assert_eq!(many.replicates[0], alone.replicates[0]);
    }
}

#[test]
fn another_variant_leaves_the_others_as_they_were() {
    let with = results(BAG);
    let without = results(&BAG.replace(", { name = \"by chance\", schedule.policy = \"random\" }", ""));
    for (with, without) in with.cases.iter().zip(&without.cases) {
        assert_eq!((&with.replicates, &with.summaries), (&without.replicates, &without.summaries));
        for (with, without) in with.comparisons.iter().zip(&without.comparisons) {
            assert_eq!((with.paired, with.superiority), (without.paired, without.superiority));
            // What holds together for more is wider.
            let width = |comparison: &Comparison| comparison.together.unwrap().difference.half_width;
            assert!(width(with) >= width(without) && with.p_value >= without.p_value);
        }
    }
    assert_eq!((with.cases.len(), without.cases.len()), (3, 2));
}

#[test]
fn all_variants_of_a_point_take_as_many_replicates_as_the_worst_of_them() {
    let text = BAG.replace("run.replicates = 12", r#"run.replicates = { precision = "4 %", max = 300 }"#);
    let results = results(&text);
    let counts: Vec<usize> = results.cases.iter().map(|case| case.replicates.len()).collect();
    assert!(counts.iter().all(|count| *count == counts[0]), "{counts:?}");
    assert!([10, 20, 40, 80, 160].contains(&counts[0]), "{counts:?}");
    let precision = results.precision.as_ref().unwrap();
    assert_eq!(precision.met, [true]);
    for case in &results.cases {
        let interval = case.summary(Metric::Makespan).unwrap().interval.unwrap();
        assert!(interval.relative_half_width() <= 0.04 && interval.level > 0.95);
    }
    // They are the first replicates of a fixed number.
    let fixed = self::results(&BAG.replace("replicates = 12", &format!("replicates = {}", counts[0])));
    assert_eq!(fixed.digest, results.digest);
}

#[test]
fn points_stop_by_themselves_and_a_precision_out_of_reach_is_said_to_be() {
    let text = OPEN.replace(
        "run.replicates = 9",
        r#"run.replicates = { precision = "12 %", metric = "response", max = 35 }"#,
    );
    let results = results(&text);
    let counts: Vec<usize> = results.cases.iter().map(|case| case.replicates.len()).collect();
    assert!(counts[0] == 35 && counts[1] < 35, "{counts:?}");
    assert_eq!(results.precision.unwrap().met, [false, true]);
    assert!(
        results.notes.iter().any(|note| note.contains("response is not known to 12 %")),
        "{:?}",
        results.notes
    );
}

#[test]
fn a_failure_names_its_case_and_replicate_whoever_meets_it_first() {
    let text = format!("{BAG}\n[run.limits]\nevents = 80\n").replace("run.replicates = 12", "");
    let study = study(&text);
    let first = run(&study, &Sequential, &Unwatched).err().unwrap();
    assert!(matches!(first, Failed::Replicate { replicate: 0, .. }), "{first:?}");
    assert!(
        first.to_string().contains("“fifo”") && first.to_string().contains("run.limits.events"),
        "{first}"
    );
    let threads = Threads::new(Some(3)).unwrap();
    assert_eq!(run(&study, &threads, &Unwatched).err(), Some(first));
}

#[test]
fn the_finding_names_the_best_variant() {
    let results = results(BAG);
    let finding = results.finding(results.points().next().unwrap()).unwrap();
    assert!(finding.starts_with("“longest first” is best: its makespan is shorter by "), "{finding}");
    assert!(finding.ends_with(" than that of “fifo”."), "{finding}");
}

#[test]
fn variants_that_cannot_be_told_apart_are_not_best() {
    // The second guesses times to one in fifty: who is ahead of the other is chance.
    let better = "schedule.policy = \"lpt\"";
    let guessed = "{ name = \"guessed\", schedule = { policy = \"lpt\", estimate_error = 0.02 } }";
    let text = |third: &str| {
        format!(
            "machine.cores = 4\nworkload.tasks = {{ count = 40, work = {{ exponential = \"10 ms\" }} }}\nrun.replicates = 30\n\
             variant = [{{ name = \"known\", {better} }}, {third}]"
        )
    };
    let found = |text: &str| {
        let results = results(text);
        let point = results.points().next().unwrap();
        (results.best(point).map(|case| case.label.clone()), results.finding(point).unwrap())
    };
    let (best, finding) = found(&text(guessed));
    assert_eq!(best, None);
    assert!(
        finding.starts_with("Which of “") && finding.contains(" is best can't be told: the makespan of “"),
        "{finding}"
    );
    let (best, finding) =
        found(&text(&format!("{{ name = \"again\", {better}, workload.tasks.deadline = \"9 s\" }}")));
    assert_eq!(best, None);
    assert!(
        finding.starts_with("“known” and “again” are best alike: their makespan is shorter by "),
        "{finding}"
    );
}

#[test]
fn usual_metrics_depend_on_whether_work_arrives() {
    assert_eq!(results(BAG).metrics[0], Metric::Makespan);
    assert_eq!(results(OPEN).metrics[0], Metric::Response);
    assert!(results(OPEN).metrics.contains(&Metric::ResponseP99));
}

#[test]
fn expectations_are_judged_by_their_margins() {
    let text = r#"
machine.cores = 2
workload.tasks = { list = [{ work = "3 s" }, { work = "2 s" }, { work = "2 s" }] }
variant = [{ name = "longest first", schedule.policy = "lpt" }]
[expect]
exact = { value = "4 s", within = "exact" }
wrong = { value = "4.1 s", within = "exact" }
near = { value = "4.1 s", within = "3 %" }
far = { value = "4.2 s", within = "3 %" }
most = { at_most = "4 s" }
less = { at_most = "3.9 s", variant = "longest first" }
least = { metric = "speed-up", at_least = 1.75 }
graham = { theory = "graham" }
absent = { metric = "response.p99", at_least = "0 s" }
"#;
    let results = results(text);
    let met: Vec<(&str, bool)> =
        results.judgements.iter().map(|judgement| (judgement.expect.name.as_str(), judgement.met)).collect();
    let wanted = [
        ("exact", true),
        ("wrong", false),
        ("near", true),
        ("far", false),
        ("most", true),
        ("less", false),
        ("least", true),
        ("graham", true),
        ("absent", true),
    ];
    assert_eq!(met, wanted, "{:#?}", results.judgements);
    assert_eq!(results.judgements[1].because, "makespan is 4 s, wanted exactly 4.1 s");
    assert_eq!(results.judgements[5].label, "longest first");
}
