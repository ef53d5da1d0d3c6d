use std::collections::BTreeMap;

use crate::ids::NodeId;
use crate::program::{Body, Home, Op, Program, Speedup, TaskSpec};
use crate::source::NoFiles;
use crate::time::Time;
use crate::workload::Workload;
use crate::workload::testing::{Given, draws, machine, read, tasks, workload};

const MS: f64 = 1e9;

fn work(task: &TaskSpec) -> f64 {
    match task.body {
        Body::One(Op::Compute { work, .. }) => work,
        _ => panic!("not a single computation: {:?}", task.body),
    }
}

fn works(workload: &dyn Workload) -> Vec<f64> {
    tasks(workload, 30).iter().map(work).collect()
}

fn releases(workload: &dyn Workload) -> Vec<f64> {
    tasks(workload, 30).iter().map(|task| task.release.ticks() as f64 / MS).collect()
}

/// The workload that `text` describes with these files beside the scenario.
fn with_files(text: &str, files: &[(&str, &str)]) -> Result<Box<dyn Workload>, String> {
    workload(text, &Given(BTreeMap::from_iter(files.iter().copied())), &machine(2, 4))
}

/// Asserts that `text` is refused with messages that hold all of `parts`.
fn refused(text: &str, parts: &[&str]) {
    let problems = read(text).map(|_| ()).unwrap_err();
    for part in parts {
        assert!(problems.contains(part), "{part:?} is not in\n{problems}");
    }
}

#[test]
fn a_counted_bag_is_all_there_at_the_start_and_ends() {
    let bag = read("tasks = { count = 3, work = '5 ms' }").unwrap();
    let tasks = tasks(&*bag, 9);
    assert_eq!(tasks.iter().map(work).collect::<Vec<_>>(), [5.0 * MS; 3]);
    assert!(tasks.iter().all(|task| task.release == Time::ZERO && task.expected == 5.0 * MS));
    assert_eq!((bag.count(), bag.arrives(), bag.is_random()), (Some(3), false, false));
    assert_eq!(bag.task_name(2), "task 2");
    assert_eq!(bag.kinds().len(), 1);
    assert!(bag.resample(0, 0, 1, &draws(0)).is_none());
}

#[test]
fn a_task_has_the_same_work_however_tasks_arrive_and_however_many_there_are() {
    let law = "work = { lognormal = { mean = '5 ms', cv = 2 } }";
    let bag = works(&*read(&format!("tasks = {{ count = 20, {law} }}")).unwrap());
    let poisson = works(&*read(&format!("tasks = {{ {law}, arrivals.poisson = '900 /s' }}")).unwrap());
    let bursts = format!(
        "tasks = {{ {law}, count = 30, arrivals.bursts = {{ every = '1 ms', size = {{ uniform = [1, 5] }} }} }}"
    );
    let bursts = works(&*read(&bursts).unwrap());
    assert_eq!(bag[17], poisson[17]);
    assert_eq!(bag, bursts[..20]);
    assert_ne!(bag[17], bag[16]);
}

#[test]
fn bytes_are_drawn_apart_from_work() {
    let text = "tasks = { count = 5, work = { exponential = '1 ms' } }";
    let more = "tasks = { count = 5, work = { exponential = '1 ms' }, memory.traffic = { exponential = '1 MB' }, \
                data = { size = { exponential = '1 MB' }, home = 'node 1' } }";
    let (plain, more) = (read(text).unwrap(), read(more).unwrap());
    assert_eq!(works(&*plain), works(&*more));
    let tasks = tasks(&*more, 5);
    let traffic = |task: &TaskSpec| match task.body.op(0) {
        Some(Op::Compute { traffic, .. }) => *traffic,
        _ => panic!("not a computation"),
    };
    let home = |task: &TaskSpec| task.home.expect("data");
    assert!(tasks.windows(2).all(|pair| traffic(&pair[0]) != traffic(&pair[1])));
    assert!(tasks.iter().all(|task| traffic(task) != home(task).bytes && home(task).node == NodeId::new(1)));
}

#[test]
fn arrivals_come_after_their_gaps_and_end_with_the_count_or_their_list() {
    let every = read("tasks = { work = '1 ms', arrivals.every = '2 ms', count = 3 }").unwrap();
    assert_eq!(releases(&*every), [2.0, 4.0, 6.0]);
    let at = read("tasks = { work = '1 ms', arrivals.at = ['3 ms', '0 s', '3 ms'] }").unwrap();
    assert_eq!((releases(&*at), at.count(), at.is_random()), (vec![0.0, 3.0, 3.0], Some(3), false));
    let bursts =
        read("tasks = { work = '1 ms', count = 5, arrivals.bursts = { every = '1 ms', size = 2 } }").unwrap();
    assert_eq!(releases(&*bursts), [1.0, 1.0, 2.0, 2.0, 3.0]);
    let open = read("tasks = { work = '1 ms', arrivals = { poisson = '900 /s' } }").unwrap();
    assert_eq!((open.count(), open.arrives(), open.is_random()), (None, true, true));
    assert_eq!(releases(&*open).len(), 30);
}

#[test]
fn arrivals_from_a_file_have_units_or_are_given_one() {
    let files = [("a.txt", "# seen\n3 ms\n\n1 ms\n"), ("b.txt", "0.5\n2\n")];
    let plain = with_files("tasks = { work = '1 ms', arrivals.file = 'a.txt' }", &files).unwrap();
    assert_eq!(releases(&*plain), [1.0, 3.0]);
    let unit = "tasks = { work = '1 ms', arrivals.file = { path = 'b.txt', unit = '1 ms' } }";
    assert_eq!(releases(&*with_files(unit, &files).unwrap()), [0.5, 2.0]);
    let wrong =
        with_files("tasks = { work = '1 ms', arrivals.file = 'b.txt' }", &files).map(|_| ()).unwrap_err();
    assert!(wrong.contains("b.txt:2:1") && wrong.contains("has no unit"), "{wrong}");
    let gone =
        with_files("tasks = { work = '1 ms', arrivals.file = 'c.txt' }", &files).map(|_| ()).unwrap_err();
    assert!(gone.contains("`c.txt` can't be read: no such file"), "{gone}");
}

#[test]
fn rows_fall_back_on_the_keys_beside_them() {
    let text = "[tasks]\ncores = 2\nestimate = '7 ms'\nlist = [{ work = '5 ms' }, \
                { name = 'render', work = '20 ms', cores = 4, speedup.amdahl.serial = 0.1, estimate = '1 ms' }]";
    let bag = read(text).unwrap();
    let tasks = tasks(&*bag, 9);
    assert_eq!(
        tasks.iter().map(|task| (work(task), task.expected)).collect::<Vec<_>>(),
        [(5.0 * MS, 7.0 * MS), (20.0 * MS, 1.0 * MS)]
    );
    let kinds: Vec<_> = tasks.iter().map(|task| &bag.kinds()[task.kind as usize]).collect();
    assert_eq!((kinds[0].cores, kinds[0].speedup), (2, Speedup::Linear));
    assert_eq!((kinds[1].cores, kinds[1].speedup), (4, Speedup::Amdahl { serial: 0.1 }));
    assert_eq!((bag.task_name(0), bag.task_name(1)), ("task 0".into(), "render".into()));
    assert_eq!(kinds[1].name.as_deref(), Some("render"));
}

#[test]
fn rows_of_one_class_are_of_one_kind_and_released_in_order() {
    let text = "tasks = { class = 'web', work = { values = ['1 ms', '2 ms'] }, \
                list = [{ release = '9 ms' }, { release = '4 ms' }, { pin = 'node 1' }] }";
    let bag = read(text).unwrap();
    assert_eq!(releases(&*bag), [0.0, 4.0, 9.0]);
    assert_eq!(works(&*bag), [1.0 * MS, 2.0 * MS, 1.0 * MS]);
    let kinds: Vec<_> = tasks(&*bag, 9).iter().map(|task| task.kind).collect();
    assert_eq!((kinds[1], bag.kinds().len(), bag.arrives()), (kinds[2], 2, true));
    assert_eq!(bag.kinds()[kinds[0] as usize].pin, Some((4, 8)));
}

#[test]
fn rows_come_from_a_csv_file_too() {
    let csv = "name,release (ms),work,speedup.amdahl.serial,data.size,data.home\n# a note\n\
               17, 2,1 ms,0.5,8 MB,node 1\n\"a, b\",1,\"2 ms\",,,\n";
    let bag = with_files("tasks = { cores = 2, file = 'rows.csv' }", &[("rows.csv", csv)]).unwrap();
    assert_eq!((bag.task_name(0), bag.task_name(1)), ("a, b".into(), "17".into()));
    assert_eq!((releases(&*bag), works(&*bag)), (vec![1.0, 2.0], vec![2.0 * MS, MS]));
    let tasks = tasks(&*bag, 9);
    assert_eq!(tasks[1].home, Some(Home { node: NodeId::new(1), bytes: 8e6 }));
    assert_eq!(bag.kinds()[tasks[1].kind as usize].speedup, Speedup::Amdahl { serial: 0.5 });
}

#[test]
fn a_wrong_csv_file_is_shown_where_it_is_wrong() {
    let of = |csv: &str| {
        with_files("tasks = { file = 'rows.csv' }", &[("rows.csv", csv)]).map(|_| ()).unwrap_err()
    };
    let wanted = [
        ("wrok\n1 ms\n", "rows.csv:1:1", "did you mean `work`?"),
        ("footprint,work\n1,1 ms\n", "rows.csv:1:1", "isn't built yet"),
        ("work\n1 ms\n5\n", "rows.csv:3:1", "has no unit"),
        ("name,work\na,1 ms,2\n", "rows.csv:2:1", "3 cells, where the file has 2 columns"),
        ("name,work\na,\n", "rows.csv:2:1", "a task needs `work`"),
        ("", "test.toml:1:18", "no line that names its columns"),
    ];
    for (csv, place, part) in wanted {
        let problems = of(csv);
        assert!(problems.contains(place) && problems.contains(part), "{place} {part}:\n{problems}");
    }
}

#[test]
fn another_attempt_draws_from_a_stream_of_its_own() {
    let bag = read("tasks = { count = 9, work = { exponential = '1 ms' } }").unwrap();
    let again = |number, attempt| match bag.resample(number, 0, attempt, &draws(0)) {
        Some(Body::One(Op::Compute { work, .. })) => work,
        other => panic!("{other:?}"),
    };
    let drawn = [again(3, 1), again(3, 2), again(4, 1), works(&*bag)[3]];
    assert!((0..4).all(|at| drawn[at + 1..].iter().all(|other| *other != drawn[at])), "{drawn:?}");
    assert_eq!(again(3, 1), drawn[0]);
}

#[test]
fn replicates_differ_and_a_scheduler_knows_the_mean_only() {
    let bag = read("tasks = { count = 9, work = { exponential = '1 ms' } }").unwrap();
    let Program::Stream(mut other) = bag.start(&draws(1)) else { panic!("not a stream") };
    assert_ne!(other.next().map(|task| work(&task)), Some(works(&*bag)[0]));
    assert!(tasks(&*bag, 9).iter().all(|task| task.expected == 1.0 * MS));
}

#[test]
fn what_is_wrong_is_told_where_it_stands() {
    refused("tasks = { work = '1 ms' }", &["doesn't say how many tasks", "test.toml:1:9", "`arrivals`"]);
    refused("tasks = { count = 5 }", &["a task needs `work`", "`work` is missing"]);
    refused("tasks = { count = 5, wrok = '1 ms' }", &["did you mean `work`?"]);
    refused("tasks = { count = 0, work = '1 ms' }", &["must be a whole number, at least 1"]);
    refused(
        "tasks = { count = 5, list = [], work = '1 ms' }",
        &["each says what tasks there are", "keep one"],
    );
    refused(
        "tasks = { count = 5, work = '1 ms', footprint = '3 MB' }",
        &["`tasks.footprint` isn't built yet"],
    );
    refused("tasks = { count = 3, work = '1 ms', arrivals.at = ['1 s'] }", &["3 tasks, but only 1 arrivals"]);
    refused("tasks = { count = 3, work = '1 ms', arrivals.poison = '1 /s' }", &["did you mean `poisson`?"]);
    refused("tasks = { count = 3, work = '1 ms', arrivals.poisson = '0 /s' }", &["must be above 0"]);
    refused("tasks = { work = '1 ms', arrivals.every = '0 s' }", &["must be above 0"]);
    refused(
        "tasks = { list = [{ work = '1 ms', release = '1 s' }], arrivals.every = '1 s' }",
        &["keep one of them"],
    );
    refused(
        "tasks = { count = 3, work = '1 ms', cores = 5 }",
        &["5 cores fits on no node", "largest node has 4"],
    );
    refused(
        "tasks = { count = 3, work = '1 ms', cores = 2, pin = 'core 3' }",
        &["where it may run", "has 1 of them"],
    );
    refused("tasks = { count = 3, work = '1 ms', pin = 'node 2' }", &["there is no `node 2`"]);
    refused("tasks = { count = 3, work = '1 ms', speedup.amdahl.serial = 1.5 }", &["must be at most 1"]);
    refused(
        "tasks = { count = 3, work = '1 ms', memory = { traffic = '1 MB', pattern = 'zipf' } }",
        &["isn't built yet"],
    );
    refused("tasks = { count = 3, work = '1 ms', memory = { pattern = 'stream' } }", &["needs `traffic`"]);
    refused(
        "tasks = { count = 3, work = '1 ms', data = { size = '1 MB', home = 'every node' } }",
        &["no single node"],
    );
}

#[test]
fn all_rows_that_are_wrong_are_told_at_once() {
    let problems =
        read("tasks = { list = [{ cores = 9, work = '1 s' }, {}, { work = '1 s', pin = 'core 8' }] }");
    let problems = problems.map(|_| ()).unwrap_err();
    for part in ["9 cores fits", "needs `work`", "no `core 8`"] {
        assert!(problems.contains(part), "{part}:\n{problems}");
    }
}

#[test]
fn a_bag_of_a_hundred_million_is_made_as_it_is_asked_for() {
    let text =
        "tasks = { count = 100_000_000, work = { exponential = '1 ms' }, arrivals.poisson = '900 /s' }";
    let bag = workload(text, &NoFiles, &machine(1, 1)).unwrap();
    let mut last = Time::ZERO;
    for task in tasks(&*bag, 10_000) {
        assert!(task.release >= last);
        last = task.release;
    }
    // 10⁴ gaps of mean 1/900 s: the sum's standard deviation is 1 %.
    assert!((last.ticks() as f64 / 1e12 * 900.0 / 1e4 - 1.0).abs() < 0.045);
}
