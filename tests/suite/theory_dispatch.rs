//! The dispatcher of a shared queue: a serial server that saturates.

use crate::common::{makespan, outcome, value};
use makespan::metrics::Metric;
use makespan::record::State;

fn equal(cores: u32, count: u32, work: u32, dispatch: u32, serial: bool) -> String {
    format!(
        "machine.cores = {cores}\n\
         schedule = {{ policy = \"fifo\", cost = {{ dispatch = \"{dispatch} us\", serial = {serial} }} }}\n\
         workload.tasks = {{ count = {count}, work = \"{work} us\" }}"
    )
}

/// The dispatcher and the cores written down anew: each task goes, in order, to the core that asked first.
fn by_hand(cores: u32, count: u32, work: u32, dispatch: u32, serial: bool) -> f64 {
    let mut free = vec![0u32; cores as usize];
    let mut dispatcher = 0;
    for _ in 0..count {
        let first = (0..free.len()).min_by_key(|core| free[*core]).expect("a core");
        let from = if serial { dispatcher.max(free[first]) } else { free[first] };
        dispatcher = from + dispatch;
        free[first] = dispatcher + work;
    }
    f64::from(free.into_iter().max().unwrap_or(0)) * 1e-6
}

#[test]
fn equal_tasks_pass_the_dispatcher_as_by_hand() {
    for (cores, count, work, dispatch) in [
        (1, 5, 10, 3),
        (4, 20, 10, 3),
        (4, 21, 9, 3),
        (8, 40, 10, 3),
        (3, 3, 1, 7),
        (5, 17, 100, 1),
        (6, 30, 7, 0),
    ] {
        for serial in [true, false] {
            let measured = makespan(&equal(cores, count, work, dispatch, serial));
            let expected = by_hand(cores, count, work, dispatch, serial);
            assert!(
                (measured - expected).abs() < 1e-12,
                "{cores} {count} {work} {dispatch}: {measured} {expected}"
            );
        }
    }
}

#[test]
fn a_saturated_dispatcher_sets_the_pace_whatever_the_cores() {
    // More cores than (work + dispatch) / dispatch: N dispatches and the last task.
    for cores in [5, 8, 64] {
        let outcome = outcome(&equal(cores, 100, 12, 3, true));
        assert!((value(&outcome, Metric::Makespan) - 312e-6).abs() < 1e-15);
        let bound = outcome.bounds.iter().find(|bound| bound.name == "dispatcher").expect("a bound");
        assert!((bound.seconds.expect("all done") - 300e-6).abs() < 1e-15);
    }
    // In parallel each core pays for its own.
    assert_eq!(makespan(&equal(5, 100, 12, 3, false)), 300e-6);
    assert_eq!(outcome(&equal(5, 100, 12, 3, false)).times.get(State::Schedule), 100 * 3_000_000);
}

#[test]
fn two_workloads_with_dispatchers_of_their_own_do_not_wait_for_each_other() {
    let job = "kind = \"tasks\"\ncount = 10\nwork = \"1 us\"\nschedule = { policy = \"fifo\", cost.dispatch = \"1 ms\" }";
    let text = format!("machine.cores = 20\n[workload.a]\n{job}\n[workload.b]\n{job}");
    assert!((makespan(&text) - 10.001e-3).abs() < 1e-15);
}
