//! What explanations say of policies, against scenarios small enough to be worked out by hand.

use makespan::experiment::{Sequential, Unwatched, run};
use makespan::explain::explain;
use makespan::output::records::stories;
use makespan::scenario::{Request, check};
use makespan::source::{InMemory, render};

/// The explanation of the scenario of `text` without its line breaks.
fn explained(text: &str) -> String {
    let files = InMemory::new([("s.toml", text)]);
    let study = match check(&files, &Request { path: "s.toml", ..Request::default() }) {
        Ok(checked) => checked.study,
        Err(refused) => panic!("{}", render(&refused.map, &refused.problems, false)),
    };
    let results = run(&study, &Sequential, &Unwatched).unwrap_or_else(|failed| panic!("{failed}"));
    let told = stories(&study).unwrap();
    let told: Vec<_> = told.iter().map(|(case, story)| (*case, story)).collect();
    explain(&study, &results, &told).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn says(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part:?} is missing in\n{text}");
    }
}

/// Eight iterations of 8, 7, … 1 s on two cores.
const LOOP: &str = r#"
machine.cores = 2
workload.loop = { iterations = 8, cost.linear = { from = "8 s", to = "1 s" } }
schedule.loop = "static"
"#;

#[test]
fn a_loop_is_told_by_its_chunks_and_how_evenly_they_end() {
    // 8 + 7 + 6 + 5 s beside 4 + 3 + 2 + 1 s.
    says(
        &explained(LOOP),
        &[
            "“loop”: 8 iterations of 4.5 s on average (coefficient of variation 0.51), which cores take in chunks.",
            "The loop schedule is static:",
            "8 iterations go out in 2 chunks of 4 iterations each.",
            "The first core to run out of work does so 16 s before the loop ends (62 % of its 26 s); the longest chunk \
             takes 26 s: as long as everything, so that it was too large for its core.",
            "More is lost because cores run out of work before the others (31 % of core time) than to handing out chunks \
             (0 %)",
        ],
    );
    // One by one, who is free first takes the next: both have done 18 s at the end.
    says(
        &explained(&LOOP.replace("static", "self")),
        &[
            "8 iterations go out in 8 chunks of 1 iteration each.",
            "The cores end at the same instant; the longest chunk takes 8 s: it ends evenly.",
        ],
    );
    // ⌈8/2⌉ = 4, then 2, 1, 1: 26 s, and 4 + 3, 2 and 1 s on the other core.
    says(
        &explained(&LOOP.replace("static", "guided")),
        &[
            "8 iterations go out in 4 chunks of 1 to 4 iterations; the first holds half of the iterations or more.",
            "does so 16 s before the loop ends (62 % of its 26 s)",
        ],
    );
}

#[test]
fn a_loop_that_is_handed_out_dearly_is_said_to_be() {
    // Each of 8 chunks holds the lock for 8 s, longer than the other core computes: 64 s, and the last second of work.
    let dear = "[schedule]\nloop = \"self\"\ncost.dispatch = \"8 s\"";
    let text = explained(&LOOP.replace("schedule.loop = \"static\"", dear));
    says(&text, &["Taking a chunk from the queue costs 8 s, one after another, under one lock."]);
    says(&text, &["More is lost to handing out chunks"]);
}

#[test]
fn learned_weights_are_those_of_the_speeds() {
    let text = explained(
        r#"
        machine.core_kind.fast = { count = 1, speed = 3.0 }
        machine.core_kind.slow = { count = 1, speed = 1.0 }
        workload.loop = { iterations = 800, cost = "3 ms", steps = 4 }
        schedule.loop.adaptive-weighted = "steps"
        "#,
    );
    says(
        &text,
        &[
            "800 iterations in each of 4 time steps go out in",
            "In the end it has learned to weigh the cores by 1.5 and 0.5; by their own speeds it would be 1.5 and 0.5.",
        ],
    );
}

#[test]
fn a_bandit_tells_what_it_chose_and_what_it_regrets() {
    // A step takes 26 s under static and 18 s under self. Without exploring, static is tried once and never again: of
    // 4 steps one took 8 s longer, and all 80 s.
    let text = explained(
        r#"
        machine.cores = 2
        workload.loop = { iterations = 8, cost.linear = { from = "8 s", to = "1 s" }, steps = 4 }
        schedule.loop.auto = { among = ["static", "self"], explore = 0 }
        "#,
    );
    says(
        &text,
        &[
            "Of 4 time steps it ran self in 3 and static in 1. Had every step taken the mean of the best of them, it would \
             have ended 8 s earlier (10 %): its regret.",
        ],
    );
}

#[test]
fn where_tasks_were_sent_is_judged_by_what_was_there() {
    // One task a second, each of 2.9 s: the first ten go to core 0, the others to core 1. The first finds both idle; the
    // next nine are put behind it while core 1 is idle. Core 0 has 7, 7, 6, 6, 6, 5, 5, 5, 4 and 4 left when the others
    // come, and core 1 has 0, 1, 2, 2, 3, 4, 4, 5, 6 and 6: eight of the ten find the shorter queue, or equal ones.
    // Core 1 is idle for 9 s while some wait at core 0; core 0 ends after 29 s, and until 36.1 s some wait at core 1:
    // 16.1 s of 39 s, and a second more until the first comes.
    let text = explained(
        r#"
        machine.cores = 2
        workload.tasks = { count = 20, work = "2.9 s", arrivals.every = "1 s" }
        schedule.policy = "static-block"
        "#,
    );
    says(
        &text,
        &[
            "In replicate 0, 45 % of 20 tasks went to a server that had as few tasks as any just then; 45 % were sent to a \
             server without a free core while another had one.",
            "0.4 of 2 servers have a free core while tasks wait at others (20 %).",
            "Tasks go in herds: 95 % went to the same server as the one before, which by chance would be 50 %, and up to 10 \
             in a row.",
        ],
    );
    let shortest = explained(
        r#"
        machine.cores = 2
        workload.tasks = { count = 20, work = "2.9 s", arrivals.every = "1 s" }
        schedule.policy = "jsq"
        "#,
    );
    says(
        &shortest,
        &[
            "100 % of 20 tasks went to a server that had as few tasks as any just then; none was sent past a server",
        ],
    );
    assert!(!shortest.contains("herds"), "{shortest}");
}

/// Every 100 s a task of 10 s, and a second later one of 1 s.
fn mixed(queue: &str) -> String {
    let times = |first: u64| -> String {
        (0..10).map(|at| format!("\"{} s\"", 100 * at + first)).collect::<Vec<_>>().join(", ")
    };
    format!(
        "machine.cores = 1\nschedule.queue = {queue}\n\
         workload.long = {{ kind = 'tasks', count = 10, work = '10 s', arrivals.at = [{}] }}\n\
         workload.short = {{ kind = 'tasks', count = 10, work = '1 s', arrivals.at = [{}] }}\n",
        times(0),
        times(1)
    )
}

#[test]
fn who_waits_for_whom_depends_on_the_order() {
    says(
        &explained(&mixed("'fifo'")),
        &[
            "In replicate 0, the shorter half of the tasks (up to 1 s) waits 9 s on average, the longest tenth (from 10 s) 0 s.",
            "That is 9 and 0 times as long as they compute: the short ones wait for the long ones.",
        ],
    );
    // What is left of the long one, 9 s, is more than 1 s: it waits a second.
    says(
        &explained(&mixed("'srpt'")),
        &[
            "In replicate 0, the shorter half of the tasks (up to 1 s) waits 0 s on average, the longest tenth (from 10 s) 1 s.",
            "That is 0 and 0.1 times as long as they compute: the long ones wait for the short ones.",
            "Tasks lose their cores 10 times, 0.5 a task.",
        ],
    );
}
