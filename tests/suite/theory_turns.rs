//! Turns, levels, shares and deadlines, against instants worked out by hand and against feasibility.

use crate::common::{outcome, recorded, value};
use makespan::metrics::Metric;
use makespan::record::State;

/// Tasks `(release, work, more)` in milliseconds on so many cores, under a schedule.
fn listed(cores: u32, schedule: &str, tasks: &[(f64, f64, &str)]) -> String {
    let rows: Vec<String> = tasks
        .iter()
        .map(|(release, work, more)| format!("{{ release = \"{release} ms\", work = \"{work} ms\"{more} }}"))
        .collect();
    format!("machine.cores = {cores}\nschedule = {schedule}\nworkload.tasks.list = [{}]\n", rows.join(", "))
}

/// When each task ends, in milliseconds.
fn ends(text: &str) -> Vec<f64> {
    recorded(text).1.ends().iter().map(|end| (end * 1e12).round() / 1e9).collect()
}

const ROUND_ROBIN: &str = "{ queue.round-robin-quantum = \"1 ms\" }";

#[test]
fn a_turn_ends_when_another_waits() {
    // In turn 0, 1, 0, 1, and 0 alone.
    assert_eq!(ends(&listed(1, ROUND_ROBIN, &[(0.0, 3.0, ""), (0.0, 2.0, "")])), [5.0, 4.0]);
    // Who comes in the middle of a turn waits for its end, whether that is the first or a later one.
    assert_eq!(ends(&listed(1, ROUND_ROBIN, &[(0.0, 3.0, ""), (0.5, 1.0, "")])), [4.0, 2.0]);
    assert_eq!(ends(&listed(1, ROUND_ROBIN, &[(0.0, 3.0, ""), (1.5, 1.0, "")])), [4.0, 3.0]);
    // Who comes at the end of a turn has the next.
    assert_eq!(ends(&listed(1, ROUND_ROBIN, &[(0.0, 3.0, ""), (1.0, 1.0, "")])), [4.0, 2.0]);
    // Who comes goes behind those who are there: 0, 1, then 2, then 0 again.
    assert_eq!(
        ends(&listed(1, ROUND_ROBIN, &[(0.0, 2.0, ""), (0.0, 2.0, ""), (0.5, 1.0, "")])),
        [4.0, 5.0, 3.0]
    );
}

#[test]
fn switching_between_turns_costs_and_going_on_does_not() {
    let schedule = "{ queue.round-robin-quantum = \"1 ms\", cost.switch = \"100 us\" }";
    let text = listed(1, schedule, &[(0.0, 3.0, ""), (0.0, 2.0, "")]);
    // 0 from 0.1, 1 from 1.2, 0 from 2.3, 1 from 3.4, 0 from 4.5, a millisecond each.
    assert_eq!(ends(&text), [5.5, 4.4]);
    let kept = outcome(&text);
    assert_eq!((value(&kept, Metric::Switches), value(&kept, Metric::Preemptions)), (5.0, 3.0));
    assert_eq!(kept.times.get(State::Schedule), 500_000_000);
    // Alone for three turns, 0 pays once.
    assert_eq!(ends(&listed(1, schedule, &[(0.0, 3.0, "")])), [3.1]);
}

#[test]
fn of_turns_that_end_together_none_is_skipped() {
    // Three on two cores: {0, 1}, {2, 0}, {1, 2} and again; each has had 4 by 6.
    let tasks = [(0.0, 4.0, ""), (0.0, 4.0, ""), (0.0, 4.0, "")];
    let all = ends(&listed(2, ROUND_ROBIN, &tasks));
    assert_eq!(all, [5.0, 6.0, 6.0]);
    // Five on three: nobody is ever a turn behind another by more than one.
    let all = ends(&listed(3, ROUND_ROBIN, &[(0.0, 6.0, ""); 5]));
    assert!(all.iter().all(|end| (9.0..=11.0).contains(end)), "{all:?}");
    // The same at the lowest level of a feedback queue.
    let all = ends(&listed(2, "{ queue.mlfq = [\"1 ms\"] }", &tasks));
    assert_eq!(all, [5.0, 6.0, 6.0]);
}

#[test]
fn a_core_is_shared_by_weight_turn_by_turn() {
    let schedule = "{ queue.fair-share = \"1 ms\" }";
    // Virtual times: 0 runs to ½, 1 to 1, 0 to 1; 1 has waited longer and has its second turn; 0 the rest.
    let text = listed(1, schedule, &[(0.0, 4.0, ", weight = 2"), (0.0, 2.0, "")]);
    assert_eq!(ends(&text), [6.0, 4.0]);
    // Weight 3 against 1 for 12 ms: 9 and 3.
    let text = listed(1, schedule, &[(0.0, 9.0, ", weight = 3"), (0.0, 9.0, "")]);
    let first = ends(&text)[0];
    assert!((11.0..=13.0).contains(&first), "{first}");
}

#[test]
fn who_comes_late_to_a_fair_queue_does_not_catch_up() {
    let schedule = "{ queue.fair-share = \"1 ms\" }";
    // The turn of 0 that began at 2 is over at 3; 1 begins at its virtual time, 2: in turn 1, 0, 1, 0.
    assert_eq!(ends(&listed(1, schedule, &[(0.0, 5.0, ""), (2.5, 2.0, "")])), [7.0, 6.0]);
    // However long 0 was alone, 1 is never two turns ahead of it.
    assert_eq!(ends(&listed(1, schedule, &[(0.0, 24.0, ""), (20.5, 4.0, "")])), [27.0, 28.0]);
    // In a pool likewise, where a core was free when it came.
    let tasks = [(0.0, 24.0, ""), (20.5, 4.0, ""), (21.5, 4.0, "")];
    // 1 and 2 begin at 20 and 21. Turns from 21.5 on: core 1 has 2, 0, 1, 2, core 0 from 22 on 1, 2, 0, 1.
    assert_eq!(ends(&listed(2, schedule, &tasks)), [25.0, 26.0, 26.5]);
}

#[test]
fn levels_are_fallen_through_and_left_by_boosts() {
    let levels = "{ queue.mlfq = [\"1 ms\", \"2 ms\", \"4 ms\"] }";
    // 1 comes while 0 is at the highest level, and has its turn there.
    assert_eq!(ends(&listed(1, levels, &[(0.0, 4.0, ""), (0.5, 1.0, "")])), [5.0, 2.0]);
    // 0 is in the middle of level 1 when 1 takes its core for a turn at level 0; then 0 goes first with the rest of its
    // level 1, falls to level 2, and waits for the end of 1.
    let text = listed(1, levels, &[(0.0, 4.0, ""), (2.0, 1.5, "")]);
    assert_eq!(ends(&text), [5.5, 4.5]);
    assert_eq!(value(&outcome(&text), Metric::Preemptions), 3.0);
    // Without boosts 0 goes through with its second level; with one at 4 both begin again at the highest.
    let two = [(0.0, 6.0, ""), (0.0, 6.0, "")];
    assert_eq!(ends(&listed(1, "{ queue.mlfq = [\"1 ms\", \"10 ms\"] }", &two)), [7.0, 12.0]);
    let boosted = "{ queue.mlfq = { quanta = [\"1 ms\", \"10 ms\"], boost = \"4 ms\" } }";
    assert_eq!(ends(&listed(1, boosted, &two)), [8.0, 12.0]);
}

#[test]
fn a_crash_takes_what_is_at_work_and_leaves_what_waits() {
    let fault = "[faults]\nrecover = \"retry\"\n[faults.inject.core]\ntarget = \"core 0\"\nfault = \"crash\"\nat = \"1.5 ms\"\nfor = \"1 ms\"\n";
    let text = listed(1, ROUND_ROBIN, &[(0.0, 3.0, ""), (0.0, 3.0, "")]) + fault;
    // 0 has a turn, 1 half of one, which is lost. From 2.5 in turn 0, 1, 0; 1 for its last two.
    assert_eq!(ends(&text), [5.5, 7.5]);
    let kept = outcome(&text);
    assert_eq!(kept.times.get(State::Lost), 500_000_000);
    // 0 loses at 2.3 what it did in two turns, the first of them before it waited.
    let later =
        listed(1, ROUND_ROBIN, &[(0.0, 3.0, ""), (0.0, 3.0, "")]) + &fault.replace("1.5 ms", "2.3 ms");
    let kept = outcome(&later);
    assert_eq!(kept.times.get(State::Lost), 1_300_000_000);
    // From 3.3: 1, which waits since 2, then 0 from its start, in turn: 1 ends at 6.3, 0 at 8.3.
    assert_eq!(ends(&later), [8.3, 6.3]);
}

#[test]
fn what_waits_and_is_sent_to_a_core_that_is_down_loses_all_it_did() {
    let fault = "[faults]\nrecover = \"retry\"\ndetect.delay = \"2 ms\"\n[faults.inject.core]\ntarget = \"core 1\"\nfault = \"crash\"\nat = \"1 ms\"\nfor = \"50 ms\"\n";
    let text = listed(2, ROUND_ROBIN, &[(0.0, 3.0, ""), (0.0, 1.0, ""), (0.0, 3.0, "")]) + fault;
    // At 1 the turn of 0 is over, 1 has ended, and core 1 fails: 2 gets core 0, 0 what nobody knows to be down. At 3 that
    // is known: 0 begins anew in turn with 2, 3 to 4 and 5 to 7.
    assert_eq!(ends(&text), [7.0, 1.0, 5.0]);
    let kept = outcome(&text);
    assert_eq!(kept.times.get(State::Lost), 1_000_000_000);
    assert_eq!(value(&kept, Metric::Attempts), 4.0);
}

#[test]
fn a_slowdown_makes_turns_worth_less_not_longer() {
    let fault = "[faults.inject.slow]\ntarget = \"core 0\"\nfault.slowdown.speed = 0.5\nat = \"1 ms\"\nfor = \"2 ms\"\n";
    // 0 does 1, 1 and 0 half each, 1 does 1, 0 its last half, 1 too.
    let text = listed(1, ROUND_ROBIN, &[(0.0, 2.0, ""), (0.0, 2.0, "")]) + fault;
    assert_eq!(ends(&text), [4.5, 5.0]);
}

/// Whether one core can do all tasks `(release, work, deadline after that)` in time, if it may interrupt them: no stretch
/// of time has more work that must begin and end in it than it is long.
fn is_feasible(tasks: &[(u64, u64, u64)]) -> bool {
    tasks.iter().all(|(from, ..)| {
        tasks.iter().map(|task| task.0 + task.2).filter(|to| to > from).all(|to| {
            let within = tasks.iter().filter(|task| task.0 >= *from && task.0 + task.2 <= to);
            within.map(|task| task.1).sum::<u64>() <= to - from
        })
    })
}

#[test]
fn earliest_deadline_first_keeps_all_deadlines_that_can_be_kept() {
    // Dertouzos 1974: on one core, if any order keeps them.
    let mut state = 5u64;
    let mut below = |sides: u64| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) % sides
    };
    let mut feasible = 0;
    for _ in 0..300 {
        let count = 2 + below(6);
        let mut tasks: Vec<(u64, u64, u64)> = (0..count)
            .map(|_| {
                let work = 1 + below(6);
                (below(16), work, work + below(12))
            })
            .collect();
        tasks.sort_unstable();
        let more: Vec<String> = tasks.iter().map(|task| format!(", deadline = \"{} ms\"", task.2)).collect();
        let rows: Vec<(f64, f64, &str)> = tasks
            .iter()
            .zip(&more)
            .map(|(task, more)| (task.0 as f64, task.1 as f64, more.as_str()))
            .collect();
        let text = listed(1, "{ queue.edf.preemptive = true }", &rows);
        let missed = value(&outcome(&text), Metric::Missed);
        assert_eq!(missed == 0.0, is_feasible(&tasks), "{missed} missed of {tasks:?}");
        feasible += u64::from(missed == 0.0);
    }
    assert!((60..240).contains(&feasible), "{feasible} of 300 are feasible: too many or too few to tell");
}

/// A graph of `tasks` on one core, under a queue.
fn graph(queue: &str, defaults: &str, tasks: &str) -> String {
    format!(
        "machine.cores = 1\nschedule.queue = {queue}\n[workload.dag]\n{defaults}\n[workload.dag.task]\n{tasks}"
    )
}

#[test]
fn tasks_of_a_graph_stand_by_their_own_keys_or_those_of_all() {
    let tasks = "a = { work = \"2 ms\" }\nb = { work = \"4 ms\", priority = 1 }\n\
                 c = { work = \"1 ms\", after = [\"a\"], priority = 9 }\n";
    // b first; then a, then c.
    assert_eq!(ends(&graph("\"priority\"", "", tasks)), [6.0, 4.0, 7.0]);
    // All have 5 but those that say otherwise: a first, then c, then b.
    assert_eq!(ends(&graph("\"priority\"", "priority = 5", tasks)), [2.0, 7.0, 3.0]);
    // Three quarters and a quarter of the core: b ends at 5⅓ with a 4/3 done; a at 6 and c at 7.
    let tasks = "a = { work = \"2 ms\" }\nb = { work = \"4 ms\", weight = 3 }\n\
                 c = { work = \"1 ms\", after = [\"a\"] }\n";
    let all = ends(&graph("\"processor-sharing\"", "", tasks));
    // To the tick: b's end isn't at one.
    for (is, expected) in all.iter().zip([6.0, 16.0 / 3.0, 7.0]) {
        assert!((is - expected).abs() < 1e-8, "{all:?}");
    }
    // Deadlines count from when a task first was ready: c's from 2, a's and b's from the start.
    let tasks = "a = { work = \"2 ms\" }\nb = { work = \"4 ms\", deadline = \"100 ms\" }\n\
                 c = { work = \"1 ms\", after = [\"a\"], deadline = \"2 ms\" }\n";
    let text = graph("{ edf.preemptive = true }", "deadline = \"9 ms\"", tasks);
    assert_eq!(ends(&text), [2.0, 7.0, 3.0]);
    assert_eq!(value(&outcome(&text), Metric::LatenessMax), -1e-3);
}

#[test]
fn chunks_of_a_loop_run_to_their_end_whatever_waits() {
    let text = |policy: &str, queue: &str| {
        format!(
            "machine.cores = 1\nschedule = {{ policy = \"{policy}\", queue = {queue}, loop = {{ self = {{ chunk = 4 }} }} }}\n\
             [workload.sum]\nkind = \"loop\"\niterations = 8\ncost = \"1 ms\"\n\
             [workload.web]\nkind = \"tasks\"\nlist = [{{ release = \"1 ms\", work = \"2 ms\" }}, {{ release = \"2 ms\", work = \"1 ms\" }}]\n"
        )
    };
    for policy in ["central-queue", "round-robin"] {
        // The chunk of 4 ms first; then 1, the shorter; 0; and the rest of the loop.
        let (_, log) = recorded(&text(policy, "\"srpt\""));
        let ends: Vec<(u32, u64)> =
            log.tasks.iter().map(|row| (row.job, row.end.ticks() / 1_000_000_000)).collect();
        assert_eq!(ends, [(0, 4), (1, 5), (1, 7), (0, 11)], "{policy}");
        for queue in [
            "{ round-robin-quantum = \"500 us\" }",
            "{ lifo.preemptive = true }",
            "{ mlfq = [\"1 ms\", \"2 ms\"] }",
        ] {
            let (_, log) = recorded(&text(policy, queue));
            let chunks: Vec<u64> = log
                .tasks
                .iter()
                .filter(|row| row.job == 0)
                .map(|row| row.end.ticks() / 1_000_000_000)
                .collect();
            assert_eq!(chunks, [4, 11], "{policy} {queue}");
        }
    }
}
