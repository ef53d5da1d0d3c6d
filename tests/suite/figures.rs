//! Pictures and explanations of whole studies: they say what was found.

use makespan::experiment::{Results, Sequential, Unwatched, run};
use makespan::explain::explain;
use makespan::output::records::{Recorded, recorded};
use makespan::plot::charts_of_runs;
use makespan::plot::theme::Theme;
use makespan::report::figures;
use makespan::scenario::{Request, Study, check};
use makespan::source::{InMemory, render};

const BAG: &str = r#"
machine.cores = 8
workload.tasks = { count = 100, work = { exponential = "10 ms" } }
schedule.policy = "fifo"
run.replicates = 30
variant = [{ name = "longest first", schedule.policy = "lpt" }]
"#;

const OPEN: &str = r#"
machine.cores = 2
workload.tasks = { count = 3000, work = { exponential = "1 ms" }, arrivals = { poisson = "1900 /s" } }
run.replicates = 3
"#;

const CRASHES: &str = r#"
machine = { nodes = 3, cores = 4 }
workload.tasks = { count = 60, work = { uniform = ["1 s", "5 s"] } }
run.replicates = 10
[faults]
recover = "retry"
inject.node = { target = "every node", fault = "crash", mtbf = { exponential = "15 s" }, repair = "3 s" }
[[variant]]
name = "without recovery"
remove = ["faults.recover"]
"#;

const DISPATCH: &str = r#"
machine.cores = 32
workload.tasks = { count = 2000, work = { exponential = "1 ms" } }
schedule = { policy = "fifo", cost = { dispatch = "100 us" } }
run.replicates = 3
"#;

const NETWORK: &str = r#"
machine = { nodes = 2, sockets = 2, cores = 4, memory = { bandwidth = "20 GB/s" } }
network = { bandwidth = "1 Gb/s", latency = "50 us" }
workload.dag.generate.cholesky = { tiles = 6, work = "20 ms", data = "2 MB" }
variant = [{ name = "HEFT", schedule.policy = "heft" }]
"#;

const SWEEP: &str = r#"
machine.cores = 2
workload.tasks = { count = 64, work = "10 ms" }
sweep."machine.cores" = [2, 4, 8]
"#;

struct Run {
    study: Study,
    results: Results,
    recorded: Vec<Recorded>,
}

fn ran(text: &str) -> Run {
    let files = InMemory::new([("s.toml", text)]);
    let names = charts_of_runs();
    let study = match check(&files, &Request { path: "s.toml", plots: &names, ..Request::default() }) {
        Ok(checked) => checked.study,
        Err(refused) => panic!("{}", render(&refused.map, &refused.problems, false)),
    };
    let results = run(&study, &Sequential, &Unwatched).unwrap_or_else(|failed| panic!("{failed}"));
    let first = study.cases.iter().enumerate().filter(|(_, case)| case.point == 0);
    let recorded = first.map(|(at, case)| recorded(at, case, 0).unwrap()).collect();
    Run { study, results, recorded }
}

/// The stems and titles of the pictures.
fn titles(text: &str) -> Vec<(String, String)> {
    let Run { study, results, recorded } = ran(text);
    let title = |svg: &str| {
        let (_, rest) = svg.split_once("<title>").unwrap();
        rest.split_once("</title>").unwrap().0.replace('\u{a0}', " ")
    };
    figures("sample", &study, &results, &recorded)
        .into_iter()
        .map(|figure| (figure.name, title(&figure.picture.draw(Theme::USUAL).svg().unwrap())))
        .collect()
}

fn explained(text: &str) -> String {
    let Run { study, results, .. } = ran(text);
    let told = makespan::output::records::stories(&study).unwrap();
    explain(&study, &results, &told.iter().map(|(case, story)| (*case, story)).collect::<Vec<_>>())
}

#[test]
fn titles_of_closed_work_say_who_is_best_and_how_far_from_the_bound() {
    let titles = titles(BAG);
    let names: Vec<&str> = titles.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["comparison", "gantt", "gantt-longest-first", "breakdown"]);
    assert!(titles[0].1.starts_with("“longest first” is best: its makespan is shorter by 12"), "{titles:?}");
    assert!(titles[1].1.contains("above the area bound"), "{titles:?}");
    assert!(
        titles[3].1.contains("of core time is idle because no more work exists under “fifo”"),
        "{titles:?}"
    );
}

#[test]
fn titles_of_open_work_tell_of_response_times_and_queues() {
    let titles = titles(OPEN);
    let names: Vec<&str> = titles.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["comparison", "breakdown", "distribution", "timeseries"]);
    assert!(titles[0].1.starts_with("Mean response time is"), "{titles:?}");
    assert!(titles[2].1.starts_with("Half of the tasks respond within"), "{titles:?}");
    assert!(titles[3].1.contains("tasks wait"), "{titles:?}");
}

#[test]
fn who_leaves_tasks_undone_is_not_called_the_best() {
    let titles = titles(CRASHES);
    assert!(titles[0].1.contains("of the tasks are never done under “without recovery”"), "{titles:?}");
    assert!(titles.iter().any(|(_, title)| title.contains("never finish")), "{titles:?}");
}

#[test]
fn a_sweep_tells_where_it_leads() {
    assert_eq!(
        titles(SWEEP)[0].1,
        "Makespan falls from 320 ms at machine.cores = 2 to 80.0 ms at machine.cores = 8"
    );
}

#[test]
fn transfers_alone_have_a_picture_without_a_bound() {
    let titles = titles(
        "machine = { nodes = 2, cores = 1 }\nnetwork = { bandwidth = \"100 MB/s\", latency = \"0 s\" }\n\
         workload.transfers.list = [{ from = \"node 0\", to = \"node 1\", bytes = \"50 MB\" }]",
    );
    let wanted = [
        ("comparison", "Makespan is 500.0 ms"),
        ("links", "node 0 up is the busiest link: it uses 100 % of its bandwidth"),
    ];
    assert_eq!(titles, wanted.map(|(name, title)| (name.to_owned(), title.to_owned())));
}

#[test]
fn only_the_plots_asked_for_are_drawn() {
    let titles = titles(&format!("{BAG}\nreport.plots = [\"timeseries\"]"));
    assert_eq!(titles.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["timeseries"]);
}

#[test]
fn an_explanation_draws_the_machine_and_its_network() {
    let text = explained(NETWORK);
    for part in [
        "2 nodes",
        "│ ■ ■                │ ■ ■                │",
        "│ memory 20 GB/s     │",
        "4 one-way links of 125 MB/s and 50 us; messages share them max-min fairly.",
        "a message passes “node 0 up” and “node 1 down”",
        "plan: tasks by upward rank",
    ] {
        assert!(text.contains(part), "{part} is missing in\n{text}");
    }
}

#[test]
fn an_explanation_names_the_bound_that_binds_and_the_largest_loss() {
    let text = explained(DISPATCH);
    for part in [
        "Dispatcher: every task passes",
        "the dispatcher limits the run",
        "waiting for and holding the dispatcher",
        "The dispatcher is busy 9",
        "Taking a task from the queue costs 100 us",
    ] {
        assert!(text.contains(part), "{part} is missing in\n{text}");
    }
}

#[test]
fn an_explanation_warns_of_what_was_never_done() {
    let text = explained(CRASHES);
    assert!(text.contains("of the tasks were never done"), "{text}");
    assert!(text.contains("There is no area bound: not every task was done."), "{text}");
}

#[test]
fn lines_of_an_explanation_are_short_and_shares_make_a_whole() {
    for text in [BAG, OPEN, CRASHES, DISPATCH, NETWORK, SWEEP] {
        let text = explained(text);
        assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    }
    let text = explained(DISPATCH);
    let shares = text.lines().filter(|line| line.contains('█') || line.contains("·····"));
    let sum: f64 = shares.filter_map(|line| line.split('%').next()?.trim().parse::<f64>().ok()).sum();
    assert!((sum - 100.0).abs() < 1.5, "{sum} in\n{text}");
}
