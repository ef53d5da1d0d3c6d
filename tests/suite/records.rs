//! Records of runs: they say what the outcome says, core by core and task by task, and making them changes nothing.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::rc::Rc;

use makespan::metrics::Metric;
use makespan::output::records::{Which, observe, write};
use makespan::record::{IDLE, NoRecord, STATES, State, Timeline};
use makespan::scenario::{Request, Study, check};
use makespan::sim::simulate;
use makespan::source::{InMemory, render};
use prost::Message;

const BAG: &str = r#"
machine.cores = 4
workload.tasks = { count = 40, work = { exponential = "10 ms" } }
schedule = { policy = "fifo", cost = { dispatch = "1 ms" } }
variant = [{ name = "longest first", schedule.policy = "lpt" }, { name = "dealt out", schedule.policy = "round-robin" }]
"#;

const OPEN: &str = r#"
machine.cores = 2
workload.tasks = { count = 4000, work = { exponential = "1 ms" }, arrivals = { poisson = "1500 /s" } }
run = { horizon = "1 s", replicates = 2 }
"#;

const GRAPH: &str = r#"
machine = { nodes = 3, cores = 2, speed = [1.0, 2.0] }
network = { bandwidth = "100 MB/s", latency = "1 ms" }
workload.dag.generate.layered = { layers = 8, width = 8, degree = 2, work = { uniform = ["10 ms", "90 ms"] }, data = { uniform = ["1 MB", "3 MB"] } }
variant = [{ name = "heft", schedule.policy = "heft" }]
"#;

const CRASHES: &str = r#"
machine = { nodes = 4, cores = 3 }
workload.tasks = { count = 60, cores = 2, work = { uniform = ["1 s", "5 s"] } }
[faults]
recover = "retry"
detect = { delay = "300 ms" }
inject.node = { target = "every node", fault = "crash", mtbf = { exponential = "8 s" }, repair = { exponential = "1 s" } }
inject.slow = { target = "node 1", fault = { slowdown = { speed = 0.5 } }, mtbf = { exponential = "3 s" }, repair = "1 s" }
"#;

const CHECKPOINTS: &str = r#"
machine.cores = 4
workload.tasks = { count = 12, work = { uniform = ["20 s", "40 s"] } }
[faults]
recover.checkpoint = { interval = "5 s", cost = "500 ms", restart = "1 s" }
inject.core = { target = "core 2", fault = "crash", mtbf = { exponential = "30 s" }, repair = "2 s" }
"#;

const MEMORY: &str = r#"
machine = { cores = 8, memory = { bandwidth = "40 GB/s" } }
workload.tasks = { count = 50, work = { uniform = ["5 ms", "15 ms"] }, memory = { traffic = "100 MB" } }
"#;

const LOOP: &str = r#"
machine.cores = 3
workload.loop = { iterations = 100, cost = "1 ms", steps = 2 }
schedule = { loop = "guided", cost = { dispatch = "10 us" } }
variant = [{ name = "static", schedule.loop = "static" }]
"#;

const STEALING: &str = r#"
machine.cores = 4
workload.tasks = { count = 60, work = { uniform = ["1 ms", "9 ms"] } }
schedule = { policy = { work-stealing = { amount = "half" } }, initial = "first-core", cost.steal = "10 us" }
variant = [{ name = "a tree", remove = ["workload.tasks"], workload.tree = { shape = { balanced = 6 }, work = "1 ms" } }]
"#;

const SERVICE: &str = r#"
machine.cores = 4
workload.service = { replicas = 2, cores = 2, count = 300, work = { exponential = "1 ms" }, arrivals = { poisson = "3000 /s" } }
schedule.policy = "jsq"
"#;

const ALL: [&str; 6] = [BAG, OPEN, GRAPH, CRASHES, CHECKPOINTS, MEMORY];

fn study(text: &str) -> Study {
    let files = InMemory::new([("s.toml", text)]);
    match check(&files, &Request { path: "s.toml", ..Request::default() }) {
        Ok(checked) => checked.study,
        Err(refused) => panic!("{}", render(&refused.map, &refused.problems, false)),
    }
}

/// Files that lie in memory.
type Folder = Rc<RefCell<BTreeMap<String, Vec<u8>>>>;

struct File(Folder, String);

impl Write for File {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().entry(self.1.clone()).or_default().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn written(study: &Study, which: Which, replicates: usize) -> BTreeMap<String, Vec<u8>> {
    let folder = Folder::default();
    let mut open = |name: &str| Ok(Box::new(File(folder.clone(), name.to_owned())) as Box<dyn Write>);
    let records = write(study, which, &vec![replicates; study.cases.len()], &mut open).unwrap();
    assert!(records.notices.is_empty());
    folder.take()
}

/// The rows of a table by column.
fn rows(bytes: &[u8]) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(bytes);
    reader.deserialize().map(Result::unwrap).collect()
}

/// Seconds with all their digits, in picoseconds.
fn picoseconds(text: &str) -> u128 {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{part:0<12}").parse().unwrap()
}

#[test]
fn recording_a_run_changes_nothing_of_it() {
    for text in ALL {
        for case in &study(text).cases {
            let plain = simulate(&case.scenario, 1, &mut NoRecord).unwrap();
            let (recorded, _) = observe(&case.scenario, 1, Timeline::new(50)).unwrap();
            assert_eq!(plain.digest, recorded.digest, "{text}");
            assert_eq!(plain.values, recorded.values, "{text}");
            assert_eq!(plain.times, recorded.times, "{text}");
        }
    }
}

#[test]
fn the_intervals_of_a_core_leave_no_gap_and_add_up_to_the_account() {
    for text in ALL {
        for case in &study(text).cases {
            let (outcome, timeline) = observe(&case.scenario, 0, Timeline::new(usize::MAX)).unwrap();
            let cores = case.scenario.machine.len();
            let mut reached = vec![0; cores];
            let (mut states, mut idle) = ([0u128; STATES.len()], [0u128; IDLE.len()]);
            for interval in &timeline.intervals {
                let at = &mut reached[interval.core.index()];
                assert_eq!(
                    *at,
                    interval.from.ticks(),
                    "a gap or an overlap on {:?} in {text}",
                    interval.core
                );
                assert!(interval.to > interval.from);
                *at = interval.to.ticks();
                let span = u128::from((interval.to - interval.from).ticks());
                states[interval.state as usize] += span;
                if interval.state == State::Compute {
                    let memory = u128::from(interval.memory.ticks());
                    states[State::Compute as usize] -= memory;
                    states[State::Memory as usize] += memory;
                }
                if interval.state == State::Idle {
                    idle[interval.idle as usize] += span;
                }
            }
            assert!(reached.iter().all(|at| *at == outcome.end.ticks()), "{text}");
            assert_eq!((states, idle), (outcome.times.states, outcome.times.idle), "{text}");
        }
    }
}

#[test]
fn a_full_timeline_ends_at_one_instant_on_all_cores() {
    for text in [BAG, CRASHES] {
        let study = study(text);
        let (_, timeline) = observe(&study.cases[0].scenario, 0, Timeline::new(60)).unwrap();
        let until = timeline.until.unwrap();
        let mut reached = vec![0; study.cases[0].scenario.machine.len()];
        timeline.intervals.iter().for_each(|interval| reached[interval.core.index()] = interval.to.ticks());
        assert!(reached.iter().all(|at| *at == until.ticks()), "{reached:?}");
        assert!(timeline.intervals.len() <= 60 + reached.len());
    }
}

#[test]
fn every_task_has_a_row_and_the_fates_are_those_of_the_outcome() {
    for text in ALL {
        let study = study(text);
        let files = written(&study, Which::First, 1);
        let rows = rows(&files["tasks.csv"]);
        for case in &study.cases {
            let outcome = simulate(&case.scenario, 0, &mut NoRecord).unwrap();
            let own = || rows.iter().filter(|row| row["variant"] == case.label);
            let count = |fate: &str| own().filter(|row| row["fate"] == fate).count() as u64;
            let fates = outcome.fates;
            assert_eq!(
                [count("done"), count("failed"), count("dropped"), count("unfinished")],
                [fates.done, fates.failed, fates.dropped, fates.unfinished],
                "{text}"
            );
            let mut numbers: Vec<u64> = own().map(|row| row["number"].parse().unwrap()).collect();
            numbers.sort_unstable();
            assert!(numbers.iter().enumerate().all(|(at, number)| at as u64 == *number), "{text}");
            for row in own().filter(|row| row["fate"] == "done") {
                let [release, start, end] =
                    ["release", "start", "end"].map(|column| picoseconds(&row[column]));
                assert!(
                    release <= start && start <= end && end <= u128::from(outcome.end.ticks()),
                    "{row:?}"
                );
            }
        }
    }
}

#[test]
fn the_states_of_every_core_add_up_to_the_length_of_the_run_to_the_tick() {
    for text in ALL {
        let study = study(text);
        let files = written(&study, Which::First, 1);
        let rows = rows(&files["cores.csv"]);
        for case in &study.cases {
            let outcome = simulate(&case.scenario, 0, &mut NoRecord).unwrap();
            let own: Vec<_> = rows.iter().filter(|row| row["variant"] == case.label).collect();
            assert_eq!(own.len(), case.scenario.machine.len());
            let mut sums = [0; STATES.len()];
            for row in &own {
                let states = STATES.map(|(_, name)| picoseconds(&row[name]));
                assert_eq!(states.iter().sum::<u128>(), u128::from(outcome.end.ticks()), "{text}");
                sums.iter_mut().zip(states).for_each(|(sum, state)| *sum += state);
                let reasons = ["idle_no_work", "idle_elsewhere", "idle_dependency", "idle_data"];
                let idle: u128 = reasons.iter().map(|name| picoseconds(&row[*name])).sum();
                assert_eq!(idle, states[State::Idle as usize]);
            }
            assert_eq!(sums, outcome.times.states, "{text}");
        }
    }
}

#[test]
fn the_chunks_of_a_loop_have_their_sizes_in_tables_and_traces() {
    let files = written(&study(LOOP), Which::First, 1);
    let rows = rows(&files["tasks.csv"]);
    for variant in ["guided", "static"] {
        let sizes: Vec<u64> = rows
            .iter()
            .filter(|row| row["variant"] == variant)
            .map(|row| row["iterations"].parse().unwrap())
            .collect();
        assert_eq!(sizes.iter().sum::<u64>(), 200, "{variant}: {sizes:?}");
    }
    // ⌈100/3⌉, ⌈66/3⌉, ⌈44/3⌉ and so on (Polychronopoulos & Kuck 1987).
    let mut first: Vec<u64> = rows
        .iter()
        .filter(|row| row["variant"] == "guided" && row["number"].parse::<u64>().unwrap() < 100)
        .map(|row| row["iterations"].parse().unwrap())
        .collect();
    first.sort_unstable_by(|a, b| b.cmp(a));
    assert_eq!(first[..5], [34, 22, 15, 10, 7]);
    let (events, _) = decoded(&files["trace.pftrace"]);
    let noted: u64 = events
        .iter()
        .filter(|(_, event)| event.kind == BEGIN && event.name.starts_with("step"))
        .flat_map(|(_, event)| &event.notes)
        .filter(|note| note.name == "iterations")
        .map(|note| note.text.parse::<u64>().unwrap())
        .sum();
    assert!(noted >= 200, "{noted} iterations are noted");
    assert!(
        written(&study(BAG), Which::First, 1)["tasks.csv"]
            .starts_with(b"variant,point,replicate,workload,task,number,iterations,")
    );
}

#[test]
fn what_goes_from_core_to_core_says_from_where_and_why() {
    let study = study(STEALING);
    let files = written(&study, Which::First, 1);
    let rows = rows(&files["decisions.csv"]);
    for case in &study.cases {
        let outcome = simulate(&case.scenario, 0, &mut NoRecord).unwrap();
        let own: Vec<_> = rows.iter().filter(|row| row["variant"] == case.label).collect();
        let stolen: Vec<_> = own.iter().filter(|row| row["decision"] == "steal").collect();
        assert!(!stolen.is_empty());
        assert_eq!(stolen.len() as f64, outcome.values.get(Metric::StolenTasks).unwrap(), "{}", case.label);
        assert!(stolen.iter().all(|row| !row["from"].is_empty() && row["from"] != row["core"]));
        assert!(stolen.iter().all(|row| row["reason"] == "out-of-work"));
        assert!(own.iter().all(|row| row["decision"] == "steal" || row["from"].is_empty()));
        // A task is where it was put or brought last when it starts from a deque.
        let mut place: BTreeMap<&str, &str> = BTreeMap::new();
        for row in &own {
            match row["decision"].as_str() {
                "enqueue" => {
                    place.insert(&row["task"], &row["core"]);
                }
                "steal" => {
                    let before = place.insert(&row["task"], &row["core"]);
                    assert_eq!(before, Some(row["from"].as_str()), "{row:?}");
                }
                _ => assert_eq!(place.get(row["task"].as_str()), Some(&row["core"].as_str()), "{row:?}"),
            }
        }
        assert!(own.iter().any(|row| row["decision"] == "start" && row["reason"] == "own-queue"));
    }
}

#[test]
fn a_request_that_goes_to_a_replica_says_why() {
    let files = written(&study(SERVICE), Which::First, 1);
    let rows = rows(&files["decisions.csv"]);
    let placed: Vec<_> = rows.iter().filter(|row| row["decision"] == "enqueue").collect();
    assert_eq!(placed.len(), 300);
    assert!(placed.iter().all(|row| row["reason"] == "least-load" && ["0", "2"].contains(&&*row["core"])));
}

#[test]
fn all_replicates_of_all_cases_are_recorded_when_asked_for() {
    let study = study(&format!("{OPEN}\nsweep.\"machine.cores\" = [2, 3]"));
    let files = written(&study, Which::All, 2);
    let runs: Vec<(String, String)> = {
        let mut runs: Vec<_> = rows(&files["cores.csv"])
            .iter()
            .map(|row| (row["point"].clone(), row["replicate"].clone()))
            .collect();
        runs.dedup();
        runs
    };
    let runs: Vec<(&str, &str)> = runs.iter().map(|(point, replicate)| (&**point, &**replicate)).collect();
    assert_eq!(runs, [("0", "0"), ("0", "1"), ("1", "0"), ("1", "1")]);
    let traces: Vec<&str> =
        files.keys().map(String::as_str).filter(|name| name.ends_with("pftrace")).collect();
    let expected = [
        "trace-point-1-replicate-1.pftrace",
        "trace-point-1.pftrace",
        "trace-replicate-1.pftrace",
        "trace.pftrace",
    ];
    assert_eq!(traces, expected);
}

#[test]
fn a_file_that_cannot_be_written_is_an_error() {
    struct Full;
    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::Error::other("no room"))
        }
        fn flush(&mut self) -> io::Result<()> {
            Err(io::Error::other("no room"))
        }
    }
    for full in ["tasks.csv", "cores.csv", "trace.pftrace", "trace-longest-first.pftrace"] {
        let mut open = |name: &str| -> io::Result<Box<dyn Write>> {
            Ok(if name == full { Box::new(Full) } else { Box::new(io::sink()) })
        };
        let study = study(BAG);
        let error = write(&study, Which::First, &[1; 3], &mut open).err().unwrap().to_string();
        assert_eq!(error, format!("`{full}` can't be written: no room"));
    }
}

#[derive(Clone, PartialEq, Message)]
struct Trace {
    #[prost(message, repeated, tag = "1")]
    packet: Vec<Packet>,
}

#[derive(Clone, PartialEq, Message)]
struct Packet {
    #[prost(uint64, tag = "8")]
    timestamp: u64,
    #[prost(message, optional, tag = "11")]
    event: Option<Event>,
    #[prost(message, optional, tag = "60")]
    track: Option<Track>,
}

#[derive(Clone, PartialEq, Message)]
struct Track {
    #[prost(uint64, tag = "1")]
    uuid: u64,
    #[prost(string, tag = "2")]
    name: String,
}

#[derive(Clone, PartialEq, Message)]
struct Event {
    #[prost(int32, tag = "9")]
    kind: i32,
    #[prost(message, repeated, tag = "4")]
    notes: Vec<Note>,
    #[prost(uint64, tag = "11")]
    track: u64,
    #[prost(string, tag = "23")]
    name: String,
    #[prost(double, tag = "44")]
    value: f64,
    #[prost(fixed64, repeated, packed = "false", tag = "47")]
    flows: Vec<u64>,
}

#[derive(Clone, PartialEq, Message)]
struct Note {
    #[prost(string, tag = "10")]
    name: String,
    #[prost(string, tag = "6")]
    text: String,
}

/// The events of a trace sorted by time as the viewer does it, and the tracks' names.
fn decoded(bytes: &[u8]) -> (Vec<(u64, Event)>, BTreeMap<u64, String>) {
    let trace = Trace::decode(bytes).unwrap();
    let tracks = trace.packet.iter().filter_map(|packet| packet.track.clone());
    let tracks = tracks.map(|track| (track.uuid, track.name)).collect();
    let mut events: Vec<(u64, Event)> =
        trace.packet.into_iter().filter_map(|packet| Some((packet.timestamp, packet.event?))).collect();
    events.sort_by_key(|(at, _)| *at);
    (events, tracks)
}

const BEGIN: i32 = 1;
const END: i32 = 2;
const COUNTER: i32 = 4;

#[test]
fn a_lane_of_a_trace_has_one_slice_at_a_time() {
    for text in ALL {
        let files = written(&study(text), Which::First, 1);
        let (events, tracks) = decoded(&files["trace.pftrace"]);
        let mut open: BTreeMap<u64, bool> = BTreeMap::new();
        for (at, event) in &events {
            let open = open.entry(event.track).or_default();
            match event.kind {
                BEGIN => {
                    assert!(!std::mem::replace(open, true), "{} at {at} in {text}", tracks[&event.track])
                }
                END => assert!(std::mem::replace(open, false)),
                _ => {}
            }
        }
        assert!(open.values().all(|open| !open));
    }
}

#[test]
fn every_edge_of_a_graph_is_an_arrow_from_task_to_task_through_its_message() {
    let study = study(GRAPH);
    let files = written(&study, Which::First, 1);
    for trace in ["trace.pftrace", "trace-heft.pftrace"] {
        let (events, tracks) = decoded(&files[trace]);
        let mut arrows: BTreeMap<u64, Vec<&str>> = BTreeMap::new();
        for (_, event) in &events {
            event.flows.iter().for_each(|flow| arrows.entry(*flow).or_default().push(&tracks[&event.track]));
        }
        assert!(arrows.len() > 60);
        let mut through = 0;
        for ends in arrows.values() {
            let is_core = |end: &&str| end.starts_with("core");
            assert!(is_core(&ends[0]) && is_core(&ends[ends.len() - 1]), "{ends:?}");
            assert!(ends[1..ends.len() - 1].iter().all(|middle| middle.starts_with("from node")), "{ends:?}");
            through += usize::from(ends.len() == 3);
        }
        assert!(through > 10, "{through} arrows pass a message");
    }
}

#[test]
fn lost_work_crashes_and_checkpoints_are_in_the_trace() {
    let names = |text: &str| {
        let files = written(&study(text), Which::First, 1);
        decoded(&files["trace.pftrace"]).0.into_iter().map(|(_, event)| event.name).collect::<Vec<_>>()
    };
    let crashes = names(CRASHES);
    for part in ["crash of cores", "repair of cores", "noticed loss", ": lost", "down", "change of speed"] {
        assert!(crashes.iter().any(|name| name.contains(part)), "{part} is missing");
    }
    let checkpoints = names(CHECKPOINTS);
    for part in ["checkpoint of tasks", "rollback of tasks", "restart", ": lost", ": checkpoint"] {
        assert!(checkpoints.iter().any(|name| name.contains(part)), "{part} is missing");
    }
}

#[test]
fn counters_end_at_nothing_when_all_work_is_done() {
    let files = written(&study(BAG), Which::First, 1);
    let (events, tracks) = decoded(&files["trace.pftrace"]);
    let last = |name: &str| {
        let of = |event: &Event| event.kind == COUNTER && tracks[&event.track] == name;
        events.iter().rev().find(|(_, event)| of(event)).map(|(_, event)| event.value)
    };
    assert_eq!(last("tasks waiting"), Some(0.0));
    assert_eq!(last("tasks in service"), Some(0.0));
    assert_eq!(last("idle cores"), Some(4.0));
}

#[test]
fn what_a_job_does_again_keeps_its_release() {
    let files = written(&study(CHECKPOINTS), Which::First, 1);
    let rows = rows(&files["tasks.csv"]);
    assert!(rows.iter().any(|row| row["attempts"] != "1"), "nothing was done again");
    assert!(rows.iter().all(|row| row["release"] == "0"));
}

#[test]
fn links_carry_what_messages_bring_and_no_more_than_they_can() {
    let files = written(&study(GRAPH), Which::First, 1);
    let rows = rows(&files["links.csv"]);
    assert_eq!(rows.len(), 2 * 2 * 3, "two variants, three nodes, up and down");
    for rows in rows.chunks(6) {
        let sum = |end: &str| -> f64 {
            let own = rows.iter().filter(|row| row["link"].ends_with(end));
            own.map(|row| row["bytes"].parse::<f64>().unwrap()).sum()
        };
        assert!(sum("up") > 0.0);
        assert!((sum("up") / sum("down") - 1.0).abs() < 1e-12, "what leaves a node comes to another");
        for row in rows {
            let used: f64 = row["utilisation"].parse().unwrap();
            assert!((0.0..=1.0).contains(&used), "{row:?}");
            assert_eq!(row["bandwidth_bytes_per_s"], "100000000");
        }
    }
    assert!(!written(&study(BAG), Which::First, 1).contains_key("links.csv"));
}
