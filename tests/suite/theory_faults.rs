//! Faults at known instants: what they cost, worked out by hand.

use crate::common::{at, attempt, makespan, outcome, recorded, scenario, value};
use makespan::metrics::Metric;
use makespan::record::{Fate, Marker, State};

/// Crashes `(target, at, for)`; for ever where `for` is 0.
fn crashes(each: &[(&str, f64, f64)]) -> String {
    let line = |(at, (target, from, lasting)): (usize, &(&str, f64, f64))| {
        let lasting = if *lasting > 0.0 { format!(", for = \"{lasting} s\"") } else { String::new() };
        format!("x{at} = {{ target = \"{target}\", fault = \"crash\", at = \"{from} s\"{lasting} }}\n")
    };
    let lines: String = each.iter().enumerate().map(line).collect();
    format!("\n[faults.inject]\n{lines}")
}

/// A task of ten seconds on one core, what `faults` says, and what crashes.
fn ten_seconds(faults: &str, each: &[(&str, f64, f64)]) -> String {
    format!(
        "machine.cores = 1\nworkload.tasks = {{ count = 1, work = \"10 s\" }}\nschedule.policy = \"static-block\"\n\
         faults.{faults}{}",
        crashes(each)
    )
}

const RESTART: &str = "recover.restart = { restart = \"1 s\" }";
const CHECKPOINT: &str = "recover.checkpoint = { interval = \"3 s\", cost = \"1 s\", restart = \"2 s\" }";

#[test]
fn a_restart_costs_what_was_done_the_repair_and_the_restart() {
    let outcome = outcome(&ten_seconds(RESTART, &[("node 0", 4.0, 2.0)]));
    assert_eq!(value(&outcome, Metric::Makespan), 17.0);
    let seconds = |state| outcome.times.get(state) as f64 * 1e-12;
    assert_eq!(seconds(State::Lost), 4.0);
    assert_eq!(seconds(State::Down), 2.0);
    assert_eq!(seconds(State::Restart), 1.0);
    assert_eq!(seconds(State::Compute), 10.0);
    assert_eq!(value(&outcome, Metric::Availability), 15.0 / 17.0);
    assert_eq!(value(&outcome, Metric::Lost), 4.0 / 17.0);
    assert_eq!(value(&outcome, Metric::Utilisation), 10.0 / 15.0);
}

#[test]
fn what_ends_at_the_instant_of_a_crash_has_ended() {
    for faults in [RESTART, CHECKPOINT, "recover = \"retry\"", "detect.delay = \"1 s\""] {
        // With checkpoints it ends at 13.
        let end = if faults == CHECKPOINT { 13.0 } else { 10.0 };
        let outcome = outcome(&ten_seconds(faults, &[("node 0", end, 2.0)]));
        assert_eq!((outcome.fates.done, outcome.end), (1, at(end)), "{faults}");
        assert_eq!(value(&outcome, Metric::Lost), 0.0, "{faults}");
    }
}

#[test]
fn checkpoints_save_what_was_done_before_them() {
    let time = |each: &[_]| makespan(&ten_seconds(CHECKPOINT, each));
    // 3 + (1) + 3 + (1) + 3 + (1) + 1.
    assert_eq!(time(&[]), 13.0);
    // 7 done by 9, of which 6 are safe: repair to 11, restart to 13, then 3 + (1) + 1.
    assert_eq!(time(&[("node 0", 9.0, 2.0)]), 18.0);
    // In the second checkpoint (7 to 8), which is lost: 3 are safe; up at 8.5, restart to 10.5, then 3 (1) 3 (1) 1.
    assert_eq!(time(&[("node 0", 7.5, 1.0)]), 19.5);
    // At the instant at which it is complete: it counts. Up at 9, restart to 11, then 3 (1) 1.
    assert_eq!(time(&[("node 0", 8.0, 1.0)]), 16.0);
    // The restart (11 to 13) is struck at 12: up at 13, restart to 15, then 3 (1) 1.
    assert_eq!(time(&[("node 0", 9.0, 2.0), ("node 0", 12.0, 1.0)]), 20.0);
    // Down already when the next one strikes: up at 13 only.
    assert_eq!(time(&[("node 0", 9.0, 2.0), ("core 0", 10.0, 3.0)]), 20.0);
    // The first segment, and nothing is safe: up at 3, restart to 5, then all of it.
    assert_eq!(time(&[("node 0", 2.0, 1.0)]), 18.0);
}

#[test]
fn time_lost_with_a_checkpoint_is_accounted_for() {
    let outcome = outcome(&ten_seconds(CHECKPOINT, &[("node 0", 7.5, 1.0)]));
    let seconds = |state| outcome.times.get(state) as f64 * 1e-12;
    // 3 to 4 and half of 7 to 8, then two more; 4 to 7 is lost.
    assert_eq!(seconds(State::Checkpoint), 3.5);
    assert_eq!(seconds(State::Lost), 3.0);
    assert_eq!(seconds(State::Restart), 2.0);
    assert_eq!(seconds(State::Down), 1.0);
    assert_eq!(seconds(State::Compute), 10.0);
    assert_eq!(value(&outcome, Metric::Checkpoints), 3.0);
}

#[test]
fn the_last_checkpoint_is_taken_where_asked_for_and_can_be_lost() {
    let last = CHECKPOINT.replace(" }", ", last = true }");
    assert_eq!(makespan(&ten_seconds(&last, &[])), 14.0);
    // Struck at 13.5 in the last one: 9 are safe; up at 14, restart to 16, 1 more, and the last one again.
    assert_eq!(makespan(&ten_seconds(&last, &[("node 0", 13.5, 0.5)])), 18.0);
}

/// A task of ten seconds on either of two nodes.
fn on_two_nodes(rest: &str, each: &[(&str, f64, f64)]) -> String {
    format!("machine.nodes = 2\nworkload.tasks = {{ count = 1, work = \"10 s\" }}\n{rest}{}", crashes(each))
}

#[test]
fn a_retry_goes_to_another_node_as_soon_as_the_loss_is_noticed() {
    let time = |rest: &str, each: &[_]| {
        makespan(&on_two_nodes(&format!("faults.recover = \"retry\"\n{rest}"), each))
    };
    for lasting in [0.0, 5.0, 100.0] {
        assert_eq!(time("", &[("node 0", 4.0, lasting)]), 14.0);
    }
    assert_eq!(time("faults.detect = { delay = \"3 s\" }", &[("node 0", 4.0, 0.0)]), 17.0);
    // Back before it was missed: it says so itself, and the task starts there again.
    assert_eq!(time("faults.detect = { delay = \"3 s\" }", &[("node 0", 4.0, 1.0)]), 15.0);
    // Both gone in turn, back at 20.
    assert_eq!(time("", &[("node 0", 4.0, 16.0), ("node 1", 6.0, 100.0)]), 30.0);
}

#[test]
fn heartbeats_are_missed_a_timeout_after_the_last_one_that_came() {
    let detect = "faults.recover = \"retry\"\nfaults.detect = { heartbeat = \"2 s\", timeout = \"5 s\" }";
    // The last heartbeat before 4.5 left at 4: noticed at 9, and 10 s on the other node.
    assert_eq!(makespan(&on_two_nodes(detect, &[("node 0", 4.5, 0.0)])), 19.0);
    // That of the instant of the crash itself didn't leave: faults come before timers. The last was at 2.
    assert_eq!(makespan(&on_two_nodes(detect, &[("node 0", 4.0, 0.0)])), 17.0);
    let (_, log) = recorded(&on_two_nodes(detect, &[("node 0", 4.5, 0.0)]));
    let noticed = log.marks.iter().find(|(_, marker)| matches!(marker, Marker::Noticed(..)));
    assert_eq!(noticed.map(|(when, _)| *when), Some(at(9.0)));
}

#[test]
fn work_is_sent_to_a_dead_core_until_its_death_is_noticed() {
    // Two tasks of 2 s a core; core 1 dies at 1, noticed at 6. Its task waits until then; core 0 does 0, 2 (from 2 to
    // 4), and then task 3 (4 to 6) and the lost one (6 to 8).
    let text = |detect: &str| {
        format!(
            "machine.cores = 2\nworkload.tasks = {{ count = 4, work = \"2 s\" }}\nfaults.recover = \"retry\"\n{detect}{}",
            crashes(&[("core 1", 1.0, 0.0)])
        )
    };
    assert_eq!(makespan(&text("faults.detect = { delay = \"5 s\" }")), 8.0);
    // Idle when it dies at 3 and unnoticed until 13: the task released at 5 goes to it, and is retried at 13 alone.
    let text = format!(
        "machine.cores = 2\nworkload.tasks.list = [{{ work = \"20 s\" }}, {{ work = \"2 s\", release = \"5 s\" }}]\n\
         faults.recover = \"retry\"\nfaults.detect.delay = \"10 s\"\n{}",
        crashes(&[("core 1", 3.0, 12.0)])
    );
    let (_, log) = recorded(&text);
    assert_eq!(log.task(1).end, at(17.0));
    assert_eq!(log.task(1).attempts, 2);
}

#[test]
fn what_is_lost_without_recovery_fails_and_takes_what_needs_it_along() {
    let text = format!(
        "machine.nodes = 2\nschedule.policy = \"fifo\"\n[workload.dag.task]\nA = {{ work = \"4 s\" }}\n\
         B = {{ work = \"6 s\" }}\nC = {{ work = \"1 s\", after = [\"A\"] }}\nD = {{ work = \"1 s\", after = [\"B\"] }}\n\
         E = {{ work = \"1 s\", after = [\"C\", \"D\"] }}{}",
        crashes(&[("node 0", 2.0, 1.0)])
    );
    let (outcome, log) = recorded(&text);
    let fates: Vec<Fate> = (0..5).map(|task| log.task(task).fate).collect();
    assert_eq!(fates, [Fate::Failed, Fate::Done, Fate::Dropped, Fate::Done, Fate::Dropped]);
    assert_eq!((outcome.fates.done, outcome.fates.failed, outcome.fates.dropped), (2, 1, 2));
    assert_eq!(value(&outcome, Metric::Makespan), 7.0);
}

#[test]
fn a_slowdown_takes_its_part_while_it_lasts() {
    let text = |at: &str| {
        format!(
            "machine.cores = 1\nworkload.tasks = {{ count = 1, work = \"10 s\" }}\n[faults.inject.slow]\ntarget = \"node 0\"\n\
             fault.slowdown.speed = 0.25\n{at}"
        )
    };
    // 3, then 5 · 0.25, then the remaining 5.75.
    assert_eq!(makespan(&text("at = \"3 s\"\nfor = \"5 s\"")), 13.75);
    assert_eq!(makespan(&text("at = \"3 s\"")), 31.0);
    assert_eq!(makespan(&text("at = [\"1 s\", \"4 s\"]\nfor = \"2 s\"")), 13.0);
    // Two at once multiply: 1, then 1 · 0.25, 1 · 0.125, 1 · 0.5, then the rest.
    let two = "at = \"1 s\"\nfor = \"2 s\"\n[faults.inject.slower]\ntarget = \"core 0\"\nfault.slowdown = 0.5\nat = \"2 s\"\nfor = \"2 s\"";
    assert_eq!(makespan(&text(two)), 4.0 + 10.0 - 1.875);
}

#[test]
fn all_tasks_of_a_job_go_back_together() {
    // Two nodes of one core, static-block: the crash of one at 7 costs both what they did since 3.
    let text = |detect: &str| {
        format!(
            "machine.nodes = 2\nschedule.policy = \"static-block\"\nworkload.tasks = {{ count = 2, work = \"10 s\" }}\n\
             faults.{CHECKPOINT}\n{detect}{}",
            crashes(&[("node 1", 7.0, 1.5)])
        )
    };
    // The second checkpoint is due at 7, but faults come before timers. Up at 8.5, restart to 10.5, 3 (1) 3 (1) 1.
    let (outcome, _) = recorded(&text(""));
    assert_eq!(value(&outcome, Metric::Makespan), 19.5);
    let seconds = |state| outcome.times.get(state) as f64 * 1e-12;
    assert_eq!(seconds(State::Lost), 6.0);
    assert_eq!(seconds(State::Restart), 4.0);
}

#[test]
fn a_checkpoint_without_one_of_its_tasks_is_none() {
    // The crash at 5 is noticed at 9, after the second checkpoint (7 to 8) would have been taken: a dead core can't
    // take its part in it. All go back to the first one, the longer task too: repaired at 10, restart to 12, then
    // 3 (1) 3 (1) 3.
    let text = |crash: f64, lasting: f64| {
        format!(
            "machine.nodes = 2\nschedule.policy = \"static-block\"\nworkload.tasks.list = [{{ work = \"12 s\" }}, {{ work = \"10 s\" }}]\n\
             faults.{CHECKPOINT}\nfaults.detect.delay = \"4 s\"{}",
            crashes(&[("node 1", crash, lasting)])
        )
    };
    assert_eq!(makespan(&text(5.0, 5.0)), 23.0);
    // Struck within the checkpoint (at 7.5) and noticed later: it is lost all the same. Noticed at 11.5, repaired at
    // 12.5, restart to 14.5.
    assert_eq!(makespan(&text(7.5, 5.0)), 25.5);
}

#[test]
fn a_restart_on_a_core_whose_death_is_not_noticed_yet_does_not_run_there() {
    // Crash at 4, noticed at 5, up at 6, restart to 7; another at 6.5 up to 7.2 while nobody looks: who comes back says
    // so. Restart to 8.2, then ten seconds.
    let delay = "faults.detect.delay = \"1 s\"";
    let text = ten_seconds(&format!("{RESTART}\n{delay}"), &[("node 0", 4.0, 2.0), ("core 0", 6.5, 0.7)]);
    assert_eq!(makespan(&text), 18.2);
    // The same with a checkpoint to go back to: 3 safe at 4; crash at 5, up at 7, restart (2) to 9, struck at 8.5.
    // The restart ends at 9 on a dead core, which is up and known at 9.2: restart to 11.2, then 3 (1) 3 (1) 1.
    let text = ten_seconds(&format!("{CHECKPOINT}\n{delay}"), &[("node 0", 5.0, 2.0), ("core 0", 8.5, 0.7)]);
    assert!((makespan(&text) - 20.2).abs() < 1e-12);
}

#[test]
fn tasks_released_while_a_job_stands_still_run_once() {
    for recover in
        [RESTART, "recover.checkpoint = { interval = \"50 s\", cost = \"1 s\", restart = \"1 s\" }"]
    {
        // Down from 1 to 5, restart to 6. Task 1 comes at 3 and so is first: task 0 became ready again at 6.
        let text = format!(
            "machine.cores = 1\nworkload.tasks.list = [{{ work = \"2 s\" }}, {{ work = \"2 s\", release = \"3 s\" }}]\nfaults.{recover}{}",
            crashes(&[("node 0", 1.0, 4.0)])
        );
        let (outcome, log) = recorded(&text);
        assert_eq!(log.ends(), [10.0, 8.0]);
        assert_eq!((outcome.fates.done, value(&outcome, Metric::Attempts)), (2, 3.0));
        assert!(value(&outcome, Metric::Waiting) < 2.0);
    }
}

#[test]
fn a_message_in_flight_is_lost_with_either_end_and_sent_again_when_it_is_back() {
    for contention in ["none", "fair"] {
        for end in ["node 0", "node 1"] {
            let text = format!(
                "machine.nodes = 2\nnetwork = {{ bandwidth = \"1 B/s\", latency = \"0 s\", contention = \"{contention}\" }}\n\
                 workload.transfers.list = [{{ from = \"node 0\", to = \"node 1\", bytes = \"10 B\" }}]{}",
                crashes(&[(end, 4.0, 2.0)])
            );
            let (outcome, log) = recorded(&text);
            assert_eq!(value(&outcome, Metric::Makespan), 16.0, "{text}");
            let fates: Vec<bool> = log.messages.iter().map(|message| message.delivered).collect();
            assert_eq!(fates, [false, true]);
            // For good: it can't be delivered.
            let (outcome, log) = recorded(&text.replace(", for = \"2 s\"", ""));
            assert_eq!(log.task(0).fate, Fate::Failed);
            assert_eq!((outcome.fates.failed, outcome.fates.done), (1, 0));
        }
    }
}

#[test]
fn a_message_through_a_node_is_lost_with_it() {
    let text = |lasting: f64| {
        format!(
            "machine.nodes = 3\nworkload.transfers.list = [{{ from = \"node 0\", to = \"node 2\", bytes = \"10 B\" }}]\n\
             [network]\ntopology = \"custom\"\nbandwidth = \"1 B/s\"\nlatency = \"0 s\"\n\
             [network.link]\na.ends = [\"node 0\", \"node 1\"]\nb.ends = [\"node 1\", \"node 2\"]\n{}",
            crashes(&[("node 1", 4.0, lasting)])
        )
    };
    assert_eq!(makespan(&text(2.0)), 16.0);
    assert_eq!(outcome(&text(0.0)).fates.failed, 1);
}

#[test]
fn data_on_a_node_that_is_gone_fail_those_that_ask_for_them_later() {
    // A (node 0) ends at 1, node 0 dies at 2 for good, and C, which needs data of A and B, is ready at 5 on node 1.
    let text = format!(
        "machine.nodes = 2\nnetwork = {{ bandwidth = \"1 B/s\", latency = \"0 s\" }}\n[workload.dag.task]\n\
         A = {{ work = \"1 s\" }}\nB = {{ work = \"5 s\" }}\n\
         C = {{ work = \"1 s\", after = {{ A = \"3 B\", B = \"3 B\" }} }}\nD = {{ work = \"1 s\", after = [\"C\"] }}{}",
        crashes(&[("node 0", 2.0, 0.0)])
    );
    let (_, log) = recorded(&text);
    let fates: Vec<Fate> = (0..4).map(|task| log.task(task).fate).collect();
    assert_eq!(fates, [Fate::Done, Fate::Done, Fate::Failed, Fate::Dropped]);
}

#[test]
fn transfers_that_fail_make_room_for_the_next() {
    let text = format!(
        "machine.nodes = 3\nnetwork = {{ bandwidth = \"1 B/s\", latency = \"0 s\" }}\n[workload.transfers]\nat_once = 1\n\
         bytes = \"5 B\"\nfrom = \"node 0\"\nlist = [{{ to = \"node 1\" }}, {{ to = \"node 1\" }}, {{ to = \"node 2\" }}]{}",
        crashes(&[("node 1", 3.0, 0.0)])
    );
    let (_, log) = recorded(&text);
    let fates: Vec<Fate> = (0..3).map(|task| log.task(task).fate).collect();
    assert_eq!(fates, [Fate::Failed, Fate::Failed, Fate::Done]);
    assert_eq!(log.task(2).end, at(8.0));
}

#[test]
fn work_that_no_core_will_ever_do_is_an_error_with_its_reason() {
    let text = on_two_nodes("faults.recover = \"retry\"", &[("node 0", 4.0, 0.0), ("node 1", 6.0, 0.0)]);
    let scenario = scenario(&text);
    let failure = attempt(&scenario, 0).expect_err("no core is left").describe(&scenario);
    assert!(failure.contains("1 tasks wait for a core") && failure.contains("down for good"), "{failure}");
}

#[test]
fn a_plan_goes_on_behind_what_was_dropped() {
    // On one core in the order A, B, C, D (by upward ranks); A is lost, B with it, and C and D still run.
    let text = format!(
        "machine.cores = 1\nschedule.policy = \"heft\"\n[workload.dag.task]\nA = {{ work = \"4 s\" }}\n\
         B = {{ work = \"4 s\", after = [\"A\"] }}\nC = {{ work = \"3 s\" }}\nD = {{ work = \"2 s\" }}{}",
        crashes(&[("node 0", 2.0, 1.0)])
    );
    let (_, log) = recorded(&text);
    let fates: Vec<Fate> = (0..4).map(|task| log.task(task).fate).collect();
    assert_eq!(fates, [Fate::Failed, Fate::Dropped, Fate::Done, Fate::Done]);
    assert_eq!(log.ends()[2..], [6.0, 8.0]);
}

#[test]
fn jobs_that_share_cores_go_back_each_on_its_own() {
    // Job a on both nodes; at 3 its second task is done and core 1 goes to job b. The crash of node 0 at 5 takes a back
    // to its start; b keeps core 1, and a's second task waits for it: up at 6, restart to 7, a's first task to 17.
    let text = format!(
        "machine.nodes = 2\nfaults.{RESTART}\n[workload.a]\nkind = \"tasks\"\nlist = [{{ work = \"10 s\" }}, {{ work = \"3 s\" }}]\n\
         [workload.b]\nkind = \"tasks\"\ncount = 1\nwork = \"20 s\"{}",
        crashes(&[("node 0", 5.0, 1.0)])
    );
    let (outcome, log) = recorded(&text);
    assert_eq!(log.ends(), [17.0, 20.0]);
    let of_b = log.tasks.iter().find(|row| row.job == 1).expect("b's task");
    assert_eq!((of_b.end, of_b.attempts), (at(23.0), 1));
    assert_eq!(outcome.times.get(State::Lost), 8_000_000_000_000);
}

#[test]
fn the_last_checkpoint_does_without_cores_that_are_needed_no_more() {
    // Core 1 does its task by 2 and is down from 3 on; the job ends at 8, and its last checkpoint at 9.
    let text = format!(
        "machine.cores = 2\nworkload.tasks.list = [{{ work = \"8 s\" }}, {{ work = \"2 s\" }}]\n\
         faults.recover.checkpoint = {{ interval = \"100 s\", cost = \"1 s\", last = true }}{}",
        crashes(&[("core 1", 3.0, 20.0)])
    );
    assert_eq!(makespan(&text), 9.0);
}

#[test]
fn data_for_a_task_that_is_lost_are_sent_no_further() {
    // Two tasks on nodes 1 and 2 draw 20 B each from node 0 over its 10 B/s. Node 1's core is lost at 2, with 10 B on
    // either way: the other's rest has the link alone and is there at 3. Up at 5: 20 B again, alone, to 7.
    let text = format!(
        "machine.nodes = 3\nnetwork = {{ bandwidth = \"10 B/s\", latency = \"0 s\" }}\nfaults.recover = \"retry\"\n\
         [workload.tasks]\nwork = \"1 s\"\ndata = {{ size = \"20 B\", home = \"node 0\" }}\n\
         list = [{{ pin = \"node 1\" }}, {{ pin = \"node 2\" }}]{}",
        crashes(&[("core 1", 2.0, 3.0)])
    );
    let (outcome, log) = recorded(&text);
    assert_eq!(log.ends(), [8.0, 4.0]);
    assert_eq!(value(&outcome, Metric::Bytes), 40.0);
}
