//! Reports and the reasons of decisions: what is told is what happened.
#![allow(clippy::disallowed_methods, reason = "runs the program, which writes files")]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use makespan::explain::decisions::sentence;
use makespan::output::records::observe;
use makespan::record::{Choice, Fate, Log, Recorder, Step, TaskRow, Why};
use makespan::scenario::{Request, Scenario, check};
use makespan::source::{InMemory, render};
use makespan::time::Time;

/// The scenario of the only case of `text`.
fn scenario(text: &str) -> std::sync::Arc<Scenario> {
    let files = InMemory::new([("s.toml", text)]);
    match check(&files, &Request { path: "s.toml", ..Request::default() }) {
        Ok(checked) => checked.study.cases[0].scenario.clone(),
        Err(refused) => panic!("{}", render(&refused.map, &refused.problems, false)),
    }
}

/// Decisions and ends of tasks as they are told.
#[derive(Default)]
struct Told {
    choices: Vec<(Time, Choice)>,
    ends: BTreeMap<u64, TaskRow>,
}

impl Recorder for Told {
    fn choice(&mut self, at: Time, choice: &Choice) {
        self.choices.push((at, *choice));
    }

    fn task(&mut self, row: &TaskRow) {
        assert!(self.ends.insert(row.number, *row).is_none(), "task {} ends twice", row.number);
    }
}

fn told(text: &str) -> Told {
    observe(&scenario(text), 0, Told::default()).unwrap().1
}

const BAG: &str = "machine.cores = 4\nworkload.tasks = { count = 50, work = { exponential = \"1 s\" } }\n";

#[test]
fn every_task_is_started_once_where_and_when_its_record_says() {
    for policy in ["fifo", "lpt", "random", "round-robin", "least-loaded", "static-block", "heft"] {
        let told = told(&format!("{BAG}schedule.policy = \"{policy}\""));
        let mut started = BTreeMap::new();
        let mut queued = BTreeMap::new();
        for (at, choice) in &told.choices {
            let kind = if matches!(choice.why, Why::Placed(_)) { &mut queued } else { &mut started };
            assert!(kind.insert(choice.number, (*at, choice.core)).is_none(), "{policy}: twice {choice:?}");
        }
        assert_eq!(started.len(), 50, "{policy}");
        for (number, row) in &told.ends {
            let (at, core) = started[number];
            assert_eq!((Some(at), Some(core)), (row.start, row.core), "{policy}: task {number}");
            if let Some((placed, queue)) = queued.get(number) {
                assert_eq!((*queue, Some(*placed)), (core, row.release), "{policy}: task {number}");
            }
        }
        let by_core = !matches!(policy, "fifo" | "lpt" | "heft");
        assert_eq!(queued.len(), if by_core { 50 } else { 0 }, "{policy}");
    }
}

#[test]
fn a_shared_queue_gives_the_longest_waiting_and_says_how_many_wait_beside_it() {
    let told = told(&format!("{BAG}schedule.policy = \"fifo\""));
    let order: Vec<u64> = told.choices.iter().map(|(_, choice)| choice.number).collect();
    assert_eq!(order, (0..50).collect::<Vec<_>>());
    // All are there at the start, so that each leaves one fewer behind.
    let others: Vec<u64> = told.choices.iter().map(|(_, choice)| choice.others).collect();
    assert_eq!(others, (0..50).rev().collect::<Vec<_>>());
}

#[test]
fn sentences_say_why() {
    let said = |policy: &str| -> Vec<String> {
        let scenario = scenario(&format!("{BAG}schedule.policy = \"{policy}\""));
        let (_, log) = observe(&scenario, 0, Log::new(1000)).unwrap();
        assert_eq!(log.left_out, 0);
        let mut all: Vec<String> = log.steps.iter().map(|(_, step)| sentence(&scenario, step)).collect();
        all.sort();
        all.dedup();
        all
    };
    for (policy, sentence) in [
        ("fifo", "{core} is free and takes {task}, the longest waiting; {others}."),
        ("lpt", "{core} is free and takes {task}, the longest of those that wait; {others}."),
        ("random", "{task} goes into the queue of {core}: drawn at random; {others}."),
        ("round-robin", "{task} goes into the queue of {core}: it is that core's turn; {others}."),
        (
            "least-loaded",
            "{core} is free and takes {task} from its own queue, the longest waiting; {others}.",
        ),
        ("heft", "{core} is free and takes {task}, which the plan has next there; {others}."),
        ("fifo", "{task} is done on {core}."),
    ] {
        assert!(said(policy).iter().any(|said| said == sentence), "{policy}: {:?}", said(policy));
    }
}

#[test]
fn a_crash_is_told_between_what_goes_before_and_after_it() {
    let scenario = scenario(
        "machine.cores = 1\nworkload.tasks = { count = 1, work = \"10 s\" }\n[faults]\nrecover = \"retry\"\n\
         inject.core = { target = \"core 0\", fault = \"crash\", at = [\"4 s\"], for = \"2 s\" }",
    );
    let (_, log) = observe(&scenario, 0, Log::new(1000)).unwrap();
    let said: Vec<String> = log.steps.iter().map(|(_, step)| sentence(&scenario, step)).collect();
    let start = "{core} is free and takes {task}, the longest waiting; {others}.";
    let wanted = [
        start,
        "{core} stops: a fault.",
        "The scheduler notices that {core} stopped.",
        "{core} is back.",
        start,
        "{task} is done on {core}.",
    ];
    assert_eq!(said, wanted);
    assert!(matches!(log.steps.last(), Some((_, Step::End(0, 0, Some(_), Fate::Done)))));
}

/// Runs the program in `folder`.
fn program(folder: &Path, arguments: &[&str]) {
    let run =
        Command::new(env!("CARGO_BIN_EXE_makespan")).args(arguments).current_dir(folder).output().unwrap();
    assert!(run.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&run.stderr));
}

#[test]
fn a_folder_is_drawn_again_without_running_and_its_report_is_whole() {
    let folder = std::env::temp_dir().join(format!("makespan-reports-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let text = format!(
        "title = \"a </script> & <b>\"\n{BAG}[[variant]]\nname = \"lpt\"\nschedule.policy = \"lpt\"\n"
    );
    std::fs::write(folder.join("s.toml"), text).unwrap();
    program(&folder, &["run", "s.toml", "--quiet", "--out", "one"]);
    program(&folder, &["run", "s.toml", "--quiet", "--out", "two", "-j", "1"]);
    let read = |name: &str| std::fs::read(folder.join(name)).unwrap();
    for name in ["report.html", "report.md", "decisions.csv", "plots/gantt.json"] {
        assert!(
            read(&format!("one/{name}")) == read(&format!("two/{name}")),
            "{name} differs between two runs"
        );
    }
    let page = String::from_utf8(read("one/report.html")).unwrap();
    assert!(page.contains("<title>a &lt;/script&gt; &amp; &lt;b&gt;</title>"));
    // The libraries' own code stands behind the data.
    let own = page.split("<script>").next().unwrap();
    assert!(!own.contains("src=\"") && !own.contains("href=\"http"), "the report asks for something outside");
    for id in ["charts", "runs"] {
        let (_, rest) = page.split_once(&format!("type=\"application/json\" id=\"{id}\">")).unwrap();
        let json = rest.split_once("</script>").unwrap().0;
        let data: serde_json::Value = serde_json::from_str(json).unwrap();
        assert!(!data.as_array().unwrap().is_empty(), "{id}");
        if id == "runs" {
            assert_eq!(data[0]["stepCount"], 100, "a start and an end of each of 50 tasks");
        }
    }
    let markdown = String::from_utf8(read("one/report.md")).unwrap();
    assert!(
        markdown.contains("](plots/comparison.png)") && markdown.contains("```toml\ntitle = "),
        "{markdown}"
    );

    program(&folder, &["plot", "one", "--out", "again"]);
    let mut drawn = 0;
    for entry in std::fs::read_dir(folder.join("one/plots")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if !name.ends_with("json") {
            assert!(
                read(&format!("one/plots/{name}")) == read(&format!("again/{name}")),
                "{name} is drawn otherwise"
            );
            drawn += 1;
        }
    }
    assert!(drawn >= 6, "{drawn} pictures");
    program(&folder, &["plot", "one", "--theme", "column", "--grey", "--plots", "gantt"]);
    assert!(String::from_utf8(read("one/plots/gantt.svg")).unwrap().contains("width=\"88mm\""));
    assert!(String::from_utf8(read("one/plots/comparison.svg")).unwrap().contains("width=\"1600\""));
    std::fs::remove_dir_all(&folder).unwrap();
}
