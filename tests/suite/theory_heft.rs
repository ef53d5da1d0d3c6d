//! HEFT on the graph of its paper, from the scenario's text to the last task's end.

use crate::common::{makespan, recorded};

/// The computing times of Topcuoglu, Hariri & Wu 2002, fig. 2, on three processors.
pub const TIMES: [[u32; 3]; 10] = [
    [14, 16, 9],
    [13, 19, 18],
    [11, 13, 19],
    [13, 8, 17],
    [12, 13, 10],
    [13, 16, 9],
    [7, 15, 11],
    [5, 11, 14],
    [18, 12, 20],
    [21, 7, 16],
];

/// Its edges with their communication costs.
pub const EDGES: [(u32, u32, u32); 15] = [
    (1, 2, 18),
    (1, 3, 12),
    (1, 4, 9),
    (1, 5, 11),
    (1, 6, 14),
    (2, 8, 19),
    (2, 9, 16),
    (3, 7, 23),
    (4, 8, 27),
    (4, 9, 23),
    (5, 9, 13),
    (6, 8, 15),
    (7, 10, 17),
    (8, 10, 11),
    (9, 10, 13),
];

/// The graph on three nodes, one byte a second between any two.
fn paper(contention: &str, policy: &str) -> String {
    let mut text = format!(
        "machine.nodes = 3\nschedule.policy = \"{policy}\"\n\
         network = {{ bandwidth = \"1 B/s\", latency = \"0 s\", contention = \"{contention}\" }}\n\
         [workload.dag.task]\n"
    );
    for (task, times) in (1u32..).zip(TIMES) {
        let times = times.map(|time| format!("\"{time} s\"")).join(", ");
        let inputs = EDGES.iter().filter(|edge| edge.1 == task);
        let inputs: Vec<String> = inputs.map(|edge| format!("n{} = \"{} B\"", edge.0, edge.2)).collect();
        text += &format!(
            "n{task} = {{ work = {{ per_core = [{times}] }}, after = {{ {} }} }}\n",
            inputs.join(", ")
        );
    }
    text
}

#[test]
fn the_ten_tasks_of_the_paper_end_at_80() {
    assert_eq!(makespan(&paper("none", "heft")), 80.0);
}

#[test]
fn each_of_the_ten_tasks_runs_where_and_when_the_paper_shows() {
    // Topcuoglu et al. 2002, fig. 3a: the processor, start and end of each task.
    let (outcome, log) = recorded(&paper("none", "heft"));
    let expected = [
        (3, 0, 9),
        (1, 27, 40),
        (3, 9, 28),
        (2, 18, 26),
        (3, 28, 38),
        (2, 26, 42),
        (3, 38, 49),
        (1, 57, 62),
        (2, 56, 68),
        (2, 73, 80),
    ];
    for (task, (processor, start, end)) in expected.into_iter().enumerate() {
        let row = log.task(task as u64);
        assert_eq!(row.core.map(|core| core.index() + 1), Some(processor), "n{}", task + 1);
        let start = crate::common::at(f64::from(start));
        assert_eq!((row.start, row.end), (Some(start), crate::common::at(f64::from(end))), "n{}", task + 1);
    }
    for bound in &outcome.bounds {
        assert!(bound.seconds.is_some_and(|bound| bound <= 80.0), "{}", bound.name);
    }
}

#[test]
fn where_no_two_messages_meet_contention_changes_nothing_and_elsewhere_it_only_delays() {
    let alone = makespan(&paper("none", "heft"));
    let shared = makespan(&paper("fair", "heft"));
    assert!(shared >= alone, "{shared} {alone}");
    // A graph of two tasks on two nodes sends one message at a time.
    let text = |contention: &str| {
        format!(
            "machine.nodes = 2\nschedule.policy = \"heft\"\n\
             network = {{ bandwidth = \"1 B/s\", latency = \"0.5 s\", contention = \"{contention}\" }}\n\
             [workload.dag.task]\nA = {{ work.per_core = [\"1 s\", \"9 s\"] }}\n\
             B = {{ work.per_core = [\"20 s\", \"1 s\"], after = {{ A = \"3 B\" }} }}\n"
        )
    };
    // 1 on node 0, the message 2 · 0.5 + 3, then 1 on node 1.
    assert_eq!(makespan(&text("none")), 6.0);
    assert_eq!(makespan(&text("fair")), 6.0);
}

#[test]
fn heft_beats_list_scheduling_on_its_own_graph() {
    for policy in ["fifo", "list", "static-block", "random"] {
        assert!(makespan(&paper("none", policy)) >= 80.0, "{policy}");
    }
}

#[test]
fn independent_tasks_that_are_planned_keep_their_pins_and_their_traffic() {
    // The slow core alone may run the first; the second asks for 8 B in a second of work, and gets 4 B a second.
    let text = "machine = { cores = 2, speed = [2, 1], memory.bandwidth = \"4 B/s\" }\nschedule.policy = \"heft\"\n\
                workload.tasks.list = [{ work = \"4 s\", pin = \"core 1\" }, { work = \"2 s\", memory.traffic = \"8 B\" }]";
    assert_eq!(recorded(text).1.ends(), [4.0, 2.0]);
    // Tried again with new work, a task of four cores still has all of them: it takes a quarter of its work.
    let text = "machine.cores = 4\nschedule.policy = \"heft\"\n\
                workload.tasks = { count = 1, cores = 4, work = { exponential = \"8 s\" } }\n\
                faults.inject.a = { target = \"core 3\", fault = \"crash\", at = \"1 ms\", for = \"1 s\" }\n\
                faults.recover.retry.resample = true";
    let (outcome, log) = recorded(text);
    let alone =
        outcome.bounds.iter().find(|bound| bound.name == "critical path").and_then(|bound| bound.seconds);
    let end = log.ends()[0];
    assert!((end - 1.001 - alone.unwrap()).abs() < 1e-9, "{end} {alone:?}");
}
