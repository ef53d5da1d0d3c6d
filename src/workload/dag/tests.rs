use std::sync::Arc;

use crate::ids::{CoreId, NodeId, TaskId};
use crate::program::Program;
use crate::program::graph::{Graph, Work};
use crate::source::Files;
use crate::workload::Workload;
use crate::workload::testing::{draws, machine, read, workload};

const S: f64 = 1e12;

fn graph(workload: &dyn Workload, replicate: u64) -> Arc<Graph> {
    match workload.start(&draws(replicate)) {
        Program::Graph(graph) => graph,
        _ => panic!("not a graph"),
    }
}

fn of(text: &str) -> (Box<dyn Workload>, Arc<Graph>) {
    let workload = read(text).unwrap();
    let graph = graph(&*workload, 0);
    (workload, graph)
}

fn seconds(graph: &Graph) -> Vec<f64> {
    graph.tasks().map(|task| graph.work(task).on(CoreId::new(0), 1.0) / S).collect()
}

fn bytes(graph: &Graph) -> Vec<Option<u64>> {
    graph.tasks().flat_map(|task| graph.edges_into(task)).map(|edge| edge.bytes).collect()
}

fn refused(text: &str, parts: &[&str]) {
    let problems = read(text).map(|_| ()).unwrap_err();
    for part in parts {
        assert!(problems.contains(part), "{part:?} is not in\n{problems}");
    }
}

#[test]
fn a_graph_written_out_keeps_its_order_its_edges_and_its_bytes() {
    let (workload, graph) =
        of("[dag.task]\nC = { work = '1 s', after = ['A', 'B'] }\nA = { work = '5 s' }\n\
                                B = { work = '2 s', after = { A = '18 B' }, pin = 'node 1' }");
    assert_eq!((workload.task_name(0), workload.task_name(2)), ("C".into(), "B".into()));
    assert_eq!(seconds(&graph), [1.0, 5.0, 2.0]);
    assert_eq!(graph.preds(TaskId::new(0)), [1, 2].map(TaskId::new));
    assert_eq!(bytes(&graph), [None, None, Some(18)]);
    assert_eq!(graph.pin(TaskId::new(2)), Some((4, 8)));
    assert_eq!((workload.count(), workload.is_random(), workload.recorded()), (Some(3), false, None));
}

#[test]
fn the_work_of_a_graph_is_held_on_all_its_cores() {
    let (workload, graph) = of("[dag.task]\nA = { work = '8 s', cores = 4 }\n\
                                B = { work = '8 s', cores = 4, speedup.amdahl.serial = 0.5 }\nC = { work = '8 s' }");
    // S(4) is 4, and 1 / (1/2 + 1/8) = 1.6.
    assert_eq!(seconds(&graph), [2.0, 5.0, 8.0]);
    assert_eq!(graph.cores(TaskId::new(1)), 4);
    assert_eq!(workload.kinds()[0].cores, 4);
}

#[test]
fn a_row_says_how_long_a_task_takes_on_each_core() {
    let text = "[dag.task]\nA = { work = { per_core = ['14 s', '16 s', '9 s'] } }";
    let three = workload(text, &crate::source::NoFiles, &machine(3, 1)).unwrap();
    assert_eq!(graph(&*three, 0).work(TaskId::new(0)), Work::PerCore(&[14.0 * S, 16.0 * S, 9.0 * S]));
    refused(text, &["`A` has 3 times for the 8 cores of the machine", "must hold 8", "test.toml:2:"]);
}

#[test]
fn drawn_work_and_bytes_differ_between_replicates_and_the_edges_do_not() {
    let (workload, first) = of("[dag.task]\nA = { work = { exponential = '5 s' } }\n\
                                B = { work = '1 s', after = { A = { uniform = ['1 kB', '2 kB'] } } }");
    let second = graph(&*workload, 1);
    assert!(workload.is_random());
    assert_ne!(seconds(&first)[0], seconds(&second)[0]);
    assert_eq!((seconds(&first)[1], seconds(&second)[1]), (1.0, 1.0));
    assert_ne!(bytes(&first), bytes(&second));
    assert!(bytes(&first).iter().all(|bytes| bytes.is_some_and(|bytes| (1000..=2000).contains(&bytes))));
    assert_eq!(seconds(&graph(&*workload, 0)), seconds(&first));
}

#[test]
fn a_graph_that_nothing_is_drawn_for_is_built_once() {
    let workload = read("dag.generate.cholesky = { tiles = 4, work = '2 ms', data = '8 MB' }").unwrap();
    assert!(Arc::ptr_eq(&graph(&*workload, 0), &graph(&*workload, 1)));
}

#[test]
fn edges_that_make_no_graph_are_shown_where_they_stand() {
    refused(
        "[dag.task]\nload = { work = '1 s' }\nB = { work = '1 s', after = ['laod'] }",
        &["there is no task `laod`", "did you mean `load`?", "test.toml:3:"],
    );
    refused(
        "[dag.task]\nA = { work = '1 s', after = { A = '1 B' } }",
        &["`A` waits for itself", "test.toml:2:"],
    );
    refused(
        "[dag.task]\nA = { work = '1 s', after = ['C'] }\nB = { work = '1 s', after = ['A'] }\n\
         C = { work = '1 s', after = ['B'] }",
        &[
            "tasks wait for each other: `A` → `B` → `C` → `A`",
            "`A` waits for `C`",
            "`C` waits for `B`",
            "test.toml:2:",
        ],
    );
}

#[test]
fn what_is_wrong_is_told_where_it_stands() {
    refused("dag = {}", &["needs `task`", "`generate` or `file`"]);
    refused("dag = { task.A = { work = '1 s' }, file = 'x.json' }", &["each says what the graph is"]);
    refused("dag.task.A = { after = [] }", &["needs `work`"]);
    refused("dag.task.A = { work = '1 s', cores = 5 }", &["5 cores fits on no node"]);
    refused("dag.task.A = { work = '1 s', pin = 'core 1' }", &["a node is wanted here"]);
    refused("dag.task.A = { work = '1 s', after = 'B' }", &["a list of tasks, or a table"]);
    refused("dag.task.A = { work = '1 s', memory.traffic = '1 MB' }", &["isn't built yet"]);
    refused(
        "dag.task.A = { work = { per_core = ['1 s'] }, cores = 2 }",
        &["`per_core` is for tasks of one core"],
    );
    refused("dag.file = 'x.json'", &["`x.json` can't be read"]);
    refused("dag.generate.colesky = { tiles = 4 }", &["did you mean `cholesky`?"]);
    refused("dag.generate.cholesky = { tiles = 4 }", &["needs `work`"]);
    refused(
        "dag.generate.cholesky = { tiles = 4000, work = '1 s' }",
        &["doesn't fit in memory", "10 674 668 000"],
    );
    refused(
        "dag.generate.layered = { layers = 9, width = 9, work = '1 s' }",
        &["needs `density`", "`degree`"],
    );
    refused(
        "dag.generate.layered = { layers = 9, width = 9, work = '1 s', density = 2, degree = 1 }",
        &["at most 1"],
    );
    refused(
        "dag.generate.layered = { layers = 9, width = 9, work = '1 s', density = 1, degree = 1 }",
        &["each says"],
    );
    refused(
        "dag.generate.layered = { layers = 9, width = 1e6, work = '1 s', density = 0.5 }",
        &["doesn't fit"],
    );
    refused("dag.generate.fft = { points = 6, work = '1 s' }", &["a power of two"]);
}

#[test]
fn generated_graphs_have_their_sizes_and_their_work() {
    let (workload, graph) = of("dag.generate.cholesky = { tiles = 3, work = '6 ms', data = '8 MB' }");
    assert_eq!((graph.len(), workload.task_name(5)), (10, "gemm 2.1.0".into()));
    let thousandths: Vec<_> = seconds(&graph).iter().map(|work| (work * 1e3).round()).collect();
    // potrf, trsm and syrk, gemm: a sixth, a half and the whole.
    assert_eq!(thousandths, [1.0, 3.0, 3.0, 3.0, 3.0, 6.0, 1.0, 3.0, 3.0, 1.0]);
    assert!(bytes(&graph).iter().all(|bytes| *bytes == Some(8_000_000)));

    let (_, graph) = of("dag.generate.fft = { points = 4, work = '1 s', data = '16 B' }");
    assert_eq!(graph.len(), 15);
    assert_eq!(seconds(&graph)[..4], [4.0, 2.0, 2.0, 1.0]);
    assert_eq!(bytes(&graph)[..2], [Some(32), Some(32)]);

    let (workload, graph) =
        of("dag.generate.fork-join = { width = 5, stages = 2, work = { exponential = '1 s' } }");
    assert_eq!((graph.len(), workload.count(), workload.is_random()), (13, Some(13), true));
    assert_eq!((seconds(&graph)[0], workload.task_name(6)), (0.0, "join 0".into()));
}

#[test]
fn random_edges_are_drawn_for_each_replicate_apart_from_the_work() {
    let layered = |more: &str| {
        let text = format!(
            "dag.generate.layered = {{ layers = 4, width = 8, work = {{ exponential = '1 s' }}, {more} }}"
        );
        read(&text).unwrap()
    };
    let (sparse, dense) = (layered("density = 0.1"), layered("density = 0.9"));
    let edges = |graph: &Graph| graph.tasks().map(|task| graph.preds(task).to_vec()).collect::<Vec<_>>();
    assert_ne!(edges(&graph(&*sparse, 0)), edges(&graph(&*sparse, 1)));
    assert_eq!(seconds(&graph(&*sparse, 3)), seconds(&graph(&*dense, 3)));
    let fixed = |density: &str| {
        read(&format!("dag.generate.layered = {{ layers = 4, width = 8, work = '1 s', {density} }}"))
            .unwrap()
            .is_random()
    };
    assert!(fixed("density = 0.5") && fixed("degree = 3"));
    assert!(!fixed("density = 1") && !fixed("degree = 8"));
}

/// The recorded workflows, where they are.
struct Recorded;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/wfformat");

impl Files for Recorded {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        std::fs::read(path).map_err(|error| error.to_string())
    }
}

fn recorded() -> Vec<String> {
    let Ok(folder) = std::fs::read_dir(FOLDER) else {
        eprintln!("skipped: no recorded workflows at ../shared/data/wfformat");
        return Vec::new();
    };
    let paths = folder.filter_map(|entry| Some(entry.ok()?.path().to_str()?.to_owned()));
    paths.filter(|path| path.ends_with(".json")).collect()
}

#[test]
fn recorded_workflows_run_on_the_machines_that_they_name() {
    for path in recorded() {
        let text = format!("dag.file = '{path}'");
        let workload = workload(&text, &Recorded, &machine(1, 4)).unwrap();
        let graph = graph(&*workload, 0);
        assert!(workload.count().is_some_and(|count| count == graph.len() as u64 && count > 0), "{path}");
        assert!(workload.recorded().is_some_and(|makespan| makespan > 0.0), "{path}");
        let whole = |task: TaskId| graph.work(task).on(CoreId::new(0), 1.0).fract() == 0.0;
        assert!(graph.tasks().all(whole), "{path}");
    }
}

const TWO: &str = r#"{"name": "two", "schemaVersion": "1.5", "workflow": {
    "specification": {
        "tasks": [{"id": "a", "outputFiles": ["x"]}, {"id": "b", "inputFiles": ["x"], "parents": ["a"]}],
        "files": [{"id": "x", "sizeInBytes": 7}]},
    "execution": {"makespanInSeconds": 42.5,
        "tasks": [{"id": "a", "runtimeInSeconds": 16.712, "coreCount": 3}, {"id": "b", "runtimeInSeconds": 1}],
        "machines": [{"nodeName": "left", "cpu": {"coreCount": 3}}, {"nodeName": "right", "cpu": {"coreCount": 2}}]}}}"#;

/// One file called `two.json`.
struct One(String);

impl Files for One {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        if path == "two.json" { Ok(self.0.clone().into_bytes()) } else { Err("no such file".into()) }
    }
}

#[test]
fn a_recorded_runtime_is_wall_time_on_its_cores_in_whole_ticks() {
    let workload = workload("dag.file = 'two.json'", &One(TWO.into()), &machine(1, 4)).unwrap();
    let graph = graph(&*workload, 0);
    assert_eq!(graph.work(TaskId::new(0)), Work::Uniform(16_712_000_000_000.0));
    assert_eq!((graph.cores(TaskId::new(0)), bytes(&graph)), (3, vec![Some(7)]));
    assert_eq!((workload.recorded(), workload.task_name(1)), (Some(42.5), "b".into()));
}

#[test]
fn a_recorded_workflow_names_its_machines() {
    let files = One(TWO.into());
    let cx = crate::source::Context::new(&files);
    cx.map.borrow_mut().add("test.toml", "").unwrap();
    let value = crate::source::Value::new(
        crate::source::Kind::Text("two.json".into()),
        crate::place::Place::new(0, 0),
    );
    let recorded = <super::Recorded as crate::source::Read>::read(&value, &cx).unwrap();
    let machine = recorded.machines().unwrap();
    assert_eq!(
        (machine.node_name(NodeId::new(0)), machine.node_name(NodeId::new(1))),
        ("left".into(), "right".into())
    );
    assert_eq!((machine.nodes.len(), machine.len()), (2, 5));
}

#[test]
fn a_wrong_record_is_told_with_its_path() {
    let of =
        |text: String| workload("dag.file = 'two.json'", &One(text), &machine(1, 2)).map(|_| ()).unwrap_err();
    let narrow = of(TWO.into());
    assert!(narrow.contains("3 cores fits on no node") && narrow.contains("test.toml:1:12"), "{narrow}");
    let wrong = of(TWO.replace("16.712", "-1"));
    assert!(wrong.contains("in `two.json`, `workflow.execution.tasks[0].runtimeInSeconds`"), "{wrong}");
    assert!(of("oops".into()).contains("in `two.json`, this isn't JSON"));
}
