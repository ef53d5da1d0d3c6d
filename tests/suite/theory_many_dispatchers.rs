//! Dispatchers that don't see each other, and dispatchers that take their time.

use crate::common::{agrees, intervals, makespan, outcome, recorded, value};
use makespan::metrics::Metric;
use makespan::record::Outcome;

/// The servers to which so many tasks of 100 s go that come every second.
fn chosen(servers: u32, tasks: u64, schedule: &str) -> Vec<usize> {
    chosen_on(&format!("machine.cores = {servers}"), tasks, schedule)
}

fn chosen_on(machine: &str, tasks: u64, schedule: &str) -> Vec<usize> {
    let text = format!(
        "{machine}\nworkload.tasks = {{ count = {tasks}, work = \"100 s\", arrivals.every = \"1 s\" }}\n\
         [schedule]\nties = \"lowest\"\n{schedule}"
    );
    let (_, log) = recorded(&text);
    (0..tasks).map(|task| log.task(task).core.expect("it ran").index()).collect()
}

const TWO: &str = "dispatchers = { count = 2, split = \"in-turn\" }";

#[test]
fn each_dispatcher_takes_turns_of_its_own() {
    let turns = chosen(4, 10, &format!("policy = \"round-robin\"\n{TWO}"));
    assert_eq!(turns, [0, 0, 1, 1, 2, 2, 3, 3, 0, 0]);
    let weighted = chosen(2, 8, &format!("policy = {{ weighted-round-robin = [3, 1] }}\n{TWO}"));
    assert_eq!(weighted, [0, 0, 0, 0, 1, 1, 0, 0]);
    // Drawn for each task, the same whatever the policy: two pointers at each instant.
    let drawn = chosen(64, 64, "policy = \"round-robin\"\ndispatchers = 2");
    let mut next = [0, 0];
    for server in &drawn {
        let at = next.iter().position(|turn| turn == server).expect("the turn of one of both");
        next[at] += 1;
    }
    assert_eq!(next[0] + next[1], 64);
    assert!(next[0] > 15 && next[1] > 15, "{next:?}");
}

#[test]
fn the_parts_of_a_request_go_to_one_dispatcher() {
    let text = "machine.cores = 4\n[schedule]\npolicy = \"round-robin\"\ndispatchers = { count = 2, split = \"in-turn\" }\n\
                [workload.service]\ncount = 4\nfan_out = 2\nwork = \"100 s\"\narrivals.every = \"1 s\"";
    let (_, log) = recorded(text);
    let mut parts: Vec<(u64, usize)> =
        log.tasks.iter().map(|row| (row.number, row.core.expect("it ran").index())).collect();
    parts.sort_unstable();
    let servers: Vec<usize> = parts.into_iter().map(|(_, server)| server).collect();
    assert_eq!(servers, [0, 1, 0, 1, 2, 3, 2, 3]);
}

#[test]
fn a_dispatcher_counts_its_own_connections() {
    // Each sees only what it has sent itself: both begin with server 0.
    let own = chosen(3, 8, &format!("policy = \"least-connections\"\n{TWO}"));
    assert_eq!(own, [0, 0, 1, 1, 2, 2, 0, 0]);
    // Counts over weights: 0/1 0/3, 1/1 0/3, 1/1 1/3, 1/1 2/3, 1/1 3/3 …
    let weighted = chosen(2, 8, "policy = { least-connections = [1, 3] }");
    assert_eq!(weighted, [0, 1, 1, 1, 0, 1, 1, 1]);
    let speeds =
        chosen_on("machine = { cores = 2, speed = [1, 3] }", 8, "policy = { least-connections = \"speed\" }");
    assert_eq!(speeds, weighted);
}

#[test]
fn one_dispatcher_that_counts_its_own_is_the_shortest_queue() {
    let busy = |policy: &str| {
        let keys = "faults.recover = \"retry\"\n[faults.inject.crash]\ntarget = \"core 1\"\nfault = \"crash\"\n\
                    at = \"20 ms\"\nfor = \"15 ms\"";
        let text = |work: &str| {
            format!(
                "machine.cores = 6\nschedule.policy = {policy}\n{keys}\n[workload.service]\ncount = 3000\n{work}"
            )
        };
        let plain = text("work = { exponential = \"1 ms\" }\narrivals.poisson = \"5000 /s\"");
        let parts = text(
            "work = { exponential = \"1 ms\" }\narrivals.poisson = \"1500 /s\"\nfan_out = { parts = 3, wait = 2 }",
        );
        let pools = text("cores = 2\nwork = { exponential = \"1 ms\" }\narrivals.poisson = \"5000 /s\"");
        [plain, parts, pools].map(|text| outcome(&text).digest)
    };
    assert_eq!(busy("\"least-connections\""), busy("\"jsq\""));
    // Of what another workload sends it sees nothing.
    let both = |policy: &str| {
        let text = format!(
            "machine.cores = 2\n[workload.long]\nkind = \"tasks\"\ncount = 1\nwork = \"10 s\"\nschedule.policy = \"round-robin\"\n\
             [workload.short]\nkind = \"tasks\"\ncount = 1\nwork = \"1 s\"\narrivals.every = \"1 s\"\n\
             schedule = {{ policy = \"{policy}\", ties = \"lowest\" }}"
        );
        makespan(&text)
    };
    assert_eq!(both("jsq"), 10.0);
    assert!(both("least-connections") >= 11.0);
}

/// The mean response under join-idle-queue, in mean service times, in the limit of many servers, `ratio` of them for each
/// dispatcher (after Lu et al. 2011). A dispatcher knows i idle servers: more at a rate b, one less at the rate of its tasks,
/// λ·ratio, or when one of the i gets a task that another dispatcher drew at random. A server gets those at the rate
/// q = λ P(i = 0); while it is at work it gets no others, so that it is M/M/1 then.
fn idle_reports(load: f64, ratio: f64) -> f64 {
    let chain = |b: f64, q: f64| -> (f64, f64) {
        let (mut p, mut all, mut mean) = (1.0, 1.0, 0.0);
        for i in 1..2000 {
            p *= b / (load * ratio + f64::from(i) * q);
            all += p;
            mean += f64::from(i) * p;
        }
        (1.0 / all, mean / all)
    };
    // As many are idle as there is no work for.
    let drawn = |b: f64| {
        let (mut low, mut high) = (0.0, load);
        for _ in 0..60 {
            let q = f64::midpoint(low, high);
            if load * chain(b, q).0 > q { low = q } else { high = q }
        }
        low
    };
    let (mut low, mut high) = (0.0, load * ratio * 4.0);
    for _ in 0..60 {
        let b = f64::midpoint(low, high);
        if chain(b, drawn(b)).1 < ratio * (1.0 - load) { low = b } else { high = b }
    }
    1.0 / (1.0 - drawn(low))
}

#[test]
fn idle_servers_that_report_to_one_of_many_dispatchers_are_found_as_lu_says() {
    for (load, ratio) in [(0.8, 10.0), (0.7, 5.0)] {
        let limit = idle_reports(load, ratio) * 1e-3;
        let cores = 300;
        let text = format!(
            "machine.cores = {cores}\nschedule = {{ policy = \"jiq\", dispatchers = {} }}\nrun.warmup = \"60 ms\"\n\
             [workload.tasks]\ncount = 90_000\narrivals.poisson = \"{} /s\"\nwork.exponential = \"1 ms\"",
            f64::from(cores) / ratio,
            f64::from(cores) * load * 1000.0
        );
        let [response] = intervals(&text, 10, 0.99, [Metric::Response]);
        let (off, half) = (response.mean / limit - 1.0, response.half_width / limit);
        assert!(half < 0.025 && off.abs() < half + 0.01, "{load} {ratio}: {response:?} {limit}");
        // One dispatcher knows all idle servers.
        let [one] =
            intervals(&text.replace(", dispatchers = ", ", dispatchers = 1 }#"), 4, 0.99, [Metric::Response]);
        assert!(one.high() < response.low(), "{one:?}");
    }
}

/// Tasks of 1 ms at `rate` to many servers through dispatchers that take 0.5 ms for each.
fn desks(rate: f64, schedule: &str) -> String {
    format!(
        "machine.cores = 40\nrun.warmup = \"50 ms\"\n\
         [workload.tasks]\ncount = 40_000\narrivals.poisson = \"{rate} /s\"\nwork = \"1 ms\"\n\
         [schedule]\npolicy = \"jsq\"\n{schedule}"
    )
}

#[test]
fn tasks_wait_for_a_dispatcher_as_in_a_queue_of_constant_service() {
    // M/D/1 (Pollaczek & Khinchine): ρ/(2(1 − ρ)) services of waiting, one service, and the work; a server is always free.
    for (rate, count, load) in [(1200.0, 1, 0.6), (1600.0, 1, 0.8), (4800.0, 4, 0.6)] {
        let schedule = format!("cost.dispatch = \"0.5 ms\"\ndispatchers = {count}");
        let wait = 0.5e-3 * (1.0 + load / (2.0 * (1.0 - load)));
        let expected =
            [(Metric::Wait, wait), (Metric::Response, wait + 1e-3), (Metric::Utilisation, rate / 40e3)];
        agrees(&desks(rate, &schedule), 20, 0.05, expected);
    }
    // In turn, four dispatchers are one queue each whose arrivals are more even (Erlang's of four phases).
    let four = "cost.dispatch = \"0.5 ms\"\ndispatchers = { count = 4, split = \"in-turn\" }";
    let [wait] = intervals(&desks(4800.0, four), 10, 0.99, [Metric::Wait]);
    assert!(wait.high() < 0.5e-3 * (1.0 + 0.5 * 0.6 / 0.8), "{wait:?}");
    // Side by side nobody waits.
    let outcome = outcome(&desks(4800.0, "cost = { dispatch = \"0.5 ms\", serial = false }"));
    let wait = value(&outcome, Metric::Wait);
    assert!((wait - 0.5e-3).abs() < 1e-9, "{wait}");
    assert_eq!(outcome.values.get(Metric::Dispatching), None);
}

#[test]
fn a_dispatcher_decides_when_it_has_come_to_the_task() {
    // Two tasks at once: the second is decided about at 2 ms, when the first has gone to server 0 and ended.
    let text = "machine.cores = 2\nworkload.tasks = { count = 2, work = \"0.5 ms\" }\n\
                schedule = { policy = \"jsq\", ties = \"lowest\", cost.dispatch = \"1 ms\" }";
    let (outcome, log) = recorded(text);
    assert_eq!([0, 1].map(|task| log.task(task).core.expect("it ran").index()), [0, 0]);
    assert!((value(&outcome, Metric::Makespan) - 2.5e-3).abs() < 1e-15);
}

#[test]
fn a_saturated_dispatcher_sets_the_pace() {
    let run = |keys: &str| -> Outcome {
        outcome(&format!(
            "machine.cores = 64\nworkload.tasks = {{ count = 1000, work = \"1 ms\" }}\n\
             [schedule]\npolicy = \"jsq\"\n{keys}"
        ))
    };
    let one = run("cost.dispatch = \"0.1 ms\"");
    assert!((value(&one, Metric::Makespan) - 101e-3).abs() < 1e-12);
    let bound = one.bounds.iter().find(|bound| bound.name == "dispatcher").expect("a bound");
    assert!((bound.seconds.expect("all done") - 100e-3).abs() < 1e-12);
    assert!((value(&one, Metric::Dispatching) - 100.0 / 101.0).abs() < 1e-9);
    let four = run("cost.dispatch = \"0.1 ms\"\ndispatchers = { count = 4, split = \"in-turn\" }");
    assert!((value(&four, Metric::Makespan) - 26e-3).abs() < 1e-12);
}

#[test]
fn parts_that_are_cancelled_at_a_desk_are_gone() {
    // The first part is sent out after 1 ms and ends after 1.5: the second, which is in hand until 2 ms, and the third, which
    // waits, are needed no more. The next request comes at 1.8 ms, waits for what is in hand, and is sent out at 3 ms.
    let text = "machine.cores = 3\nschedule = { policy = \"jsq\", ties = \"lowest\", cost.dispatch = \"1 ms\" }\n\
                [workload.service]\ncount = 2\nwork = \"0.5 ms\"\narrivals.every = \"1.8 ms\"\n\
                fan_out = { parts = 3, wait = 1 }";
    let (outcome, log) = recorded(text);
    assert_eq!(outcome.fates.done, 2);
    assert_eq!(value(&outcome, Metric::Cancelled), 4.0);
    let took = |task| {
        let row = log.task(task);
        (row.end - row.release.expect("it came")).ticks()
    };
    assert_eq!([took(0), took(3)], [1_500_000_000, 1_700_000_000]);
}
