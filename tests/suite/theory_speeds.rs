//! Cores of different and changing speeds, worked out by hand.

use crate::common::{makespan, outcome, recorded, value};
use makespan::metrics::Metric;

#[test]
fn the_script_changes_speeds_in_the_middle_of_a_phase() {
    let text = |script: &str| {
        format!("machine.script = [{script}]\nworkload.tasks = {{ count = 1, work = \"10 s\" }}")
    };
    // 4, then 6 at a fifth.
    assert_eq!(makespan(&text("{ at = \"4 s\", target = \"node 0\", speed = 0.2 }")), 34.0);
    // Faster, too: 4, then 6 at four times.
    assert_eq!(makespan(&text("{ at = \"4 s\", target = \"node 0\", speed = 4 }")), 5.5);
    // Each sets the speed anew: 2, 2 · 0.5, then 7 at 2.
    let twice = "{ at = \"2 s\", target = \"node 0\", speed = 0.5 }, { at = \"4 s\", target = \"core 0\", speed = 2 }";
    assert_eq!(makespan(&text(twice)), 7.5);
}

#[test]
fn a_script_that_speeds_up_beats_no_bound() {
    for policy in ["fifo", "static-block", "heft"] {
        let text = format!(
            "machine = {{ cores = 2, script = [{{ at = \"0 s\", target = \"node 0\", speed = 5 }}] }}\n\
             schedule.policy = \"{policy}\"\nworkload.tasks = {{ count = 2, work = \"10 s\" }}"
        );
        let outcome = outcome(&text);
        assert_eq!(value(&outcome, Metric::Makespan), 2.0);
        for bound in outcome.bounds {
            assert_eq!(bound.seconds, Some(2.0), "{}", bound.name);
        }
    }
}

#[test]
fn a_task_takes_its_work_over_the_speed_of_its_core() {
    // fifo gives the lowest free core whatever its speed: 12/3 and 12/1, then task 2 on core 0 at 4.
    let text = "machine = { cores = 2, speed = [3.0, 1.0] }\nworkload.tasks = { count = 3, work = \"12 s\" }";
    let (outcome, log) = recorded(text);
    assert_eq!(log.ends(), [4.0, 12.0, 8.0]);
    // Speed-up: 36 s of work at speed 3 against 12 s; efficiency: that over (3 + 1) / 3.
    assert_eq!(value(&outcome, Metric::SpeedUp), 1.0);
    assert_eq!(value(&outcome, Metric::Efficiency), 0.75);
    assert_eq!(value(&outcome, Metric::Utilisation), 20.0 / 24.0);
    assert_eq!(value(&outcome, Metric::Slowdown), (1.0 + 3.0 + 2.0) / 3.0);
}

#[test]
fn several_cores_run_at_the_pace_of_the_slowest() {
    let text = "machine = { cores = 2, speed = [3.0, 1.0] }\nworkload.tasks = { count = 1, work = \"12 s\", cores = 2 }";
    assert_eq!(makespan(text), 6.0);
}

#[test]
fn operations_take_their_number_over_the_rate() {
    let text =
        "machine = { cores = 1, speed = \"2.5 Gop/s\" }\nworkload.tasks = { count = 4, work = \"5 Gop\" }";
    assert_eq!(makespan(text), 8.0);
}

#[test]
fn the_warm_up_takes_its_part_of_what_is_lost_or_waits_for_memory_later() {
    let crash = "[faults.inject.x]\ntarget = \"node 0\"\nfault = \"crash\"\nat = \"6 s\"\nfor = \"1 s\"\n[faults]\nrecover = \"retry\"";
    let text = |warmup: u32| {
        format!(
            "machine.cores = 1\nrun.warmup = \"{warmup} s\"\nworkload.tasks = {{ count = 1, work = \"10 s\" }}\n{crash}"
        )
    };
    // Lost from 0 to 6, down to 7, computing to 17; observed from 0, 4 and 9 on.
    for (warmup, busy, up) in [(0, 10.0, 16.0), (4, 10.0, 12.0), (9, 8.0, 8.0)] {
        assert_eq!(value(&outcome(&text(warmup)), Metric::Utilisation), busy / up, "{warmup}");
    }
    // A core that waits for memory three quarters of its time is no less busy for it.
    let text = "machine = { cores = 1, memory.bandwidth = \"1 B/s\" }\nrun.warmup = \"4 s\"\n\
                workload.tasks = { count = 1, work = \"2 s\", memory.traffic = \"8 B\" }";
    assert_eq!(value(&outcome(text), Metric::Utilisation), 1.0);
}
