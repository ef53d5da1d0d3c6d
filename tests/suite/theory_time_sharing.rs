//! Processor sharing: against instants worked out by hand, a fluid simulation of its own, and queueing theory.

use crate::common::{Log, agrees, at, intervals, outcome, recorded, scenario, value};
use makespan::metrics::Metric;
use makespan::record::State;
use makespan::sim::simulate;
use makespan::stats::Interval;

/// Tasks `(release, work, weight)` in milliseconds on a machine, under a schedule.
fn listed(machine: &str, schedule: &str, tasks: &[(f64, f64, f64)]) -> String {
    let row = |(release, work, weight): &(f64, f64, f64)| {
        format!("{{ release = \"{release} ms\", work = \"{work} ms\", weight = {weight} }}")
    };
    let rows: Vec<String> = tasks.iter().map(row).collect();
    format!("machine = {machine}\nschedule = {schedule}\nworkload.tasks.list = [{}]\n", rows.join(", "))
}

const SHARED: &str = "{ queue = \"processor-sharing\" }";

/// When each task ends, in milliseconds.
fn ends(text: &str) -> Vec<f64> {
    recorded(text).1.ends().iter().map(|end| (end * 1e12).round() / 1e9).collect()
}

/// What each core did, as (core, from, to, task, sharers), in milliseconds; only where it computed.
fn pieces(log: &Log) -> Vec<(usize, f64, f64, Option<u64>, u32)> {
    let ms = |time: makespan::time::Time| time.ticks() as f64 / 1e9;
    let computing = log.intervals.iter().filter(|interval| interval.state == State::Compute);
    let piece = |interval: &makespan::record::Interval| {
        let task = interval.task.map(|(_, number)| number);
        (interval.core.index(), ms(interval.from), ms(interval.to), task, interval.sharers)
    };
    computing.map(piece).collect()
}

#[test]
fn tasks_on_a_core_get_a_part_of_it_each() {
    // 0 has 2 left when 1 comes; at half speed each, 1 ends at 3 and 0, with 1 left, at 4.
    let text = listed("{ cores = 1 }", SHARED, &[(0.0, 3.0, 1.0), (1.0, 1.0, 1.0)]);
    assert_eq!(ends(&text), [4.0, 3.0]);
    let (outcome, log) = recorded(&text);
    assert_eq!(pieces(&log), [(0, 0.0, 1.0, Some(0), 1), (0, 1.0, 3.0, None, 2), (0, 3.0, 4.0, Some(0), 1)]);
    assert_eq!(outcome.times.get(State::Compute), 4_000_000_000);
    assert_eq!((value(&outcome, Metric::Preemptions), value(&outcome, Metric::WaitMax)), (0.0, 0.0));
}

#[test]
fn a_task_gets_its_weight_s_part_and_at_most_a_core() {
    // Rates 3/4 and 1/4: 1 ends at 4, when 0 has 1 left.
    let one = listed("{ cores = 1 }", SHARED, &[(0.0, 4.0, 3.0), (0.0, 1.0, 1.0)]);
    assert_eq!(ends(&one), [5.0, 4.0]);
    // Of two cores weight 4 of 6 would be 4/3: it gets one, the others half of the other each.
    let two = listed("{ cores = 2 }", SHARED, &[(0.0, 6.0, 4.0), (0.0, 2.0, 1.0), (0.0, 2.0, 1.0)]);
    assert_eq!(ends(&two), [6.0, 4.0, 4.0]);
    // Of two cores 3 of 6 is just one; 2/3 and 1/3 are left. When the others have ended, it still has one.
    let just = listed("{ cores = 2 }", SHARED, &[(0.0, 6.0, 3.0), (0.0, 2.0, 2.0), (0.0, 1.0, 1.0)]);
    assert_eq!(ends(&just), [6.0, 3.0, 3.0]);
    // What a capped task leaves over goes to the others by their weights: 1, then 2/3 and 1/3 of the other core.
    let over = listed("{ cores = 2 }", SHARED, &[(0.0, 3.0, 60.0), (0.0, 2.0, 2.0), (0.0, 1.0, 1.0)]);
    assert_eq!(ends(&over), [3.0, 3.0, 3.0]);
}

#[test]
fn cores_are_pooled() {
    // Three on two cores: 2/3 each. At 3 the short ones have 2; the long one has 2 left and a core for itself.
    let text = listed("{ cores = 2 }", SHARED, &[(0.0, 2.0, 1.0), (0.0, 2.0, 1.0), (0.0, 4.0, 1.0)]);
    assert_eq!(ends(&text), [3.0, 3.0, 5.0]);
    let (outcome, log) = recorded(&text);
    assert_eq!(pieces(&log), [(0, 0.0, 3.0, None, 3), (1, 0.0, 3.0, None, 3), (0, 3.0, 5.0, Some(2), 1)]);
    assert_eq!(outcome.times.get(State::Idle), 2_000_000_000);
    assert_eq!(value(&outcome, Metric::Utilisation), 0.8);
    // In a queue for each core nothing is pooled: 0 and 2 share core 0, and the long one ends at 6.
    let own = "{ policy = \"round-robin\", queue = \"processor-sharing\" }";
    assert_eq!(
        ends(&listed("{ cores = 2 }", own, &[(0.0, 2.0, 1.0), (0.0, 2.0, 1.0), (0.0, 4.0, 1.0)])),
        [4.0, 2.0, 6.0]
    );
}

#[test]
fn on_cores_of_different_speeds_tasks_share_the_fastest() {
    // 0 alone has the core of speed 2: 3 of 5 are left at 1. Then 3/2 each, until 0 ends at 3; 1 has 1 left, at speed 2.
    let text = listed("{ cores = 2, speed = [1, 2] }", SHARED, &[(0.0, 5.0, 1.0), (1.0, 4.0, 1.0)]);
    assert_eq!(ends(&text), [3.0, 3.5]);
    // Weight 3 of 4 of speed 3 would be 9/4: more than the fastest core, which it gets.
    let text = listed("{ cores = 2, speed = [1, 2] }", SHARED, &[(0.0, 4.0, 3.0), (0.0, 4.0, 1.0)]);
    assert_eq!(ends(&text), [2.0, 3.0]);
}

#[test]
fn each_replica_pools_its_own_cores() {
    let text = "machine.cores = 4\nschedule = { policy = \"round-robin\", queue = \"processor-sharing\" }\n\
        [workload.service]\nreplicas = 2\ncores = 2\nwork = \"2 ms\"\ncount = 6\narrivals.every = \"1 us\"\n";
    // Three requests at each replica, a microsecond or two apart, on two cores: about 3 ms in all, to the microsecond.
    let all = ends(text);
    assert!(all.iter().all(|end| (2.99..3.01).contains(end)), "{all:?}");
}

#[test]
fn a_crash_takes_those_seated_at_the_core_and_its_capacity() {
    // Three at 2/3 each, seated at cores 0, 1, 0. At 3 core 1 fails: task 1 loses 2 ms and begins anew, all on core 0
    // at 1/3 until 5. Then 2/3 again: 0 and 2 have 4/3 left and end at 7; 1 has 10/3 − 4/3 left and a core: 9.
    let tasks = [(0.0, 4.0, 1.0), (0.0, 4.0, 1.0), (0.0, 4.0, 1.0)];
    let fault = "[faults]\nrecover = \"retry\"\n[faults.inject.core]\ntarget = \"core 1\"\nfault = \"crash\"\nat = \"3 ms\"\nfor = \"2 ms\"\n";
    let text = listed("{ cores = 2 }", SHARED, &tasks) + fault;
    assert_eq!(ends(&text), [7.0, 9.0, 7.0]);
    let kept = outcome(&text);
    let ms = |state| kept.times.get(state) as f64 / 1e9;
    let states = [State::Compute, State::Lost, State::Down, State::Idle].map(ms);
    assert_eq!(states, [12.0, 2.0, 2.0, 2.0]);
    assert_eq!(value(&kept, Metric::Attempts), 4.0);
    // Nothing recovers it: the two others have half of core 0 until 5, and a core each for the last 1 ms.
    let lost = listed("{ cores = 2 }", SHARED, &tasks) + &fault.replace("recover = \"retry\"", "");
    assert_eq!(ends(&lost), [6.0, 3.0, 6.0]);
    // Noticed after 1 ms: only then does 1 begin anew. 0 and 2 have 1/2 until 4, 1/3 until 5: 7/6 left, 7/4 at 2/3.
    let late = listed("{ cores = 2 }", SHARED, &tasks)
        + &fault.replace("[faults]", "[faults]\ndetect.delay = \"1 ms\"");
    let expected = [6.75, 0.0, 6.75];
    let all = ends(&late);
    assert_eq!([all[0], all[2]], [expected[0], expected[2]]);
    // 1 has had 1/3 until 5 and 2/3 of 1.75 until 6.75: 1.5 of 4.
    assert_eq!(all[1], 6.75 + 2.5);
}

#[test]
fn all_tasks_of_a_core_of_its_own_are_lost_with_it() {
    let own = "{ policy = \"round-robin\", queue = \"processor-sharing\" }";
    let fault = "[faults]\nrecover = \"retry\"\n[faults.inject.core]\ntarget = \"core 0\"\nfault = \"crash\"\nat = \"3 ms\"\nfor = \"2 ms\"\n";
    let tasks = [(0.0, 4.0, 1.0), (0.0, 9.0, 1.0), (0.0, 4.0, 1.0)];
    let text = listed("{ cores = 2 }", own, &tasks) + fault;
    // 0 and 2 have had 1.5 each when core 0 fails; both go to core 1, where 1 has 6 left: thirds, until they end at 15.
    // Then 1 has had 3 + 4 and has 2 left.
    assert_eq!(ends(&text), [15.0, 17.0, 15.0]);
    let kept = outcome(&text);
    assert_eq!(kept.times.get(State::Lost), 3_000_000_000);
}

#[test]
fn a_slowdown_slows_all() {
    let fault = "[faults.inject.slow]\ntarget = \"core 0\"\nfault.slowdown.speed = 0.5\nat = \"2 ms\"\nfor = \"2 ms\"\n";
    let text = listed("{ cores = 1 }", SHARED, &[(0.0, 2.0, 1.0), (0.0, 2.0, 1.0)]) + fault;
    assert_eq!(ends(&text), [5.0, 5.0]);
    // Of two cores the slow one is the second best: three tasks have (1 + 1/2)/3 each while it is slow.
    let tasks = [(0.0, 4.0, 1.0), (0.0, 4.0, 1.0), (0.0, 4.0, 1.0)];
    let text = listed("{ cores = 2 }", SHARED, &tasks) + &fault.replace("core 0", "core 1");
    // 4/3 by 2, 1 more by 4, the other 5/3 take 2.5 ms.
    assert_eq!(ends(&text), [6.5, 6.5, 6.5]);
}

#[test]
fn inputs_are_waited_for_without_holding_a_core() {
    // b waits for 10 B over a link of 1 B/s from a's node; meanwhile c has its core to itself.
    let text = "machine = { nodes = 2, cores = 1 }\nnetwork = { topology = \"star\", bandwidth = \"10 B/s\", latency = \"0 s\" }\n\
        schedule = { policy = \"round-robin\", queue = \"processor-sharing\" }\n\
        [workload.dag.task]\na = { work = \"1 s\" }\nc = { work = \"5 s\" }\nd = { work = \"1 s\", after = [\"a\"] }\n\
        b = { work = \"1 s\", after = { a = \"10 B\" } }\n";
    // Round robin puts a and d on node 0, c and b on node 1. b's input comes at 2; then c and b share: b ends at 4, c at 6.
    let all = ends(text);
    assert_eq!(all, [1000.0, 6000.0, 2000.0, 4000.0]);
}

#[test]
fn work_left_counts_what_has_been_done_meanwhile() {
    // At 3 core 0 has 1 + 1 left of 2 + 3 (three quarters …): 2 done of 5 by 2 … whereas core 1 has 4 of 7 left.
    let lwl = "{ policy = \"least-work-left\", queue = \"processor-sharing\", ties = \"lowest\" }";
    let tasks = [(0.0, 2.5, 1.0), (0.0, 7.0, 1.0), (0.0, 2.5, 1.0), (3.0, 1.0, 1.0), (3.5, 1.0, 1.0)];
    // 0 → core 0, 1 → core 1, 2 → core 0 (2.5 < 7). At 3: 2 left against 4: core 0. At 3.5: 2.5 against 3.5: core 0.
    let text = listed("{ cores = 2 }", lwl, &tasks);
    let (_, log) = recorded(&text);
    let cores: Vec<usize> = (0..5).map(|task| log.task(task).core.unwrap().index()).collect();
    assert_eq!(cores, [0, 1, 0, 0, 0]);
    // With one more unit on core 0 the last would have gone to core 1.
    let tasks = [(0.0, 2.5, 1.0), (0.0, 7.0, 1.0), (0.0, 2.5, 1.0), (3.0, 2.5, 1.0), (3.5, 1.0, 1.0)];
    let (_, log) = recorded(&listed("{ cores = 2 }", lwl, &tasks));
    assert_eq!(log.task(4).core.unwrap().index(), 1);
}

/// When tasks `(release, work, weight)` end on so many cores of speed 1: step by step from event to event, the rates by
/// filling up: who would get more than a core gets one, and the rest is shared again.
fn fluid(cores: f64, tasks: &[(f64, f64, f64)]) -> Vec<f64> {
    let mut left: Vec<f64> = tasks.iter().map(|task| task.1).collect();
    let mut ends = vec![f64::NAN; tasks.len()];
    let mut now = 0.0;
    while ends.iter().any(|end| end.is_nan()) {
        let there: Vec<usize> =
            (0..tasks.len()).filter(|task| tasks[*task].0 <= now && ends[*task].is_nan()).collect();
        let mut rates = vec![0.0; tasks.len()];
        let (mut open, mut capacity) = (there.clone(), cores);
        loop {
            let weights: f64 = open.iter().map(|task| tasks[*task].2).sum();
            let share = |task: &usize| tasks[*task].2 * capacity / weights;
            let capped: Vec<usize> = open.iter().copied().filter(|task| share(task) >= 1.0).collect();
            if capped.is_empty() {
                open.iter().for_each(|task| rates[*task] = share(task));
                break;
            }
            capped.iter().for_each(|task| rates[*task] = 1.0);
            capacity -= capped.len() as f64;
            open.retain(|task| !capped.contains(task));
            if open.is_empty() {
                break;
            }
        }
        let arrival = tasks.iter().map(|task| task.0).filter(|at| *at > now).fold(f64::INFINITY, f64::min);
        let end = there.iter().map(|task| now + left[*task] / rates[*task]).fold(f64::INFINITY, f64::min);
        let next = arrival.min(end);
        for task in there {
            left[task] -= rates[task] * (next - now);
            if left[task] < 1e-9 {
                ends[task] = next;
            }
        }
        now = next;
    }
    ends
}

#[test]
fn any_tasks_end_when_a_fluid_simulation_says() {
    let mut state = 11u64;
    let mut below = |sides: u64| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) % sides
    };
    for _ in 0..60 {
        let cores = 1 + below(4);
        let count = 1 + below(14);
        let mut tasks: Vec<(f64, f64, f64)> = (0..count)
            .map(|_| {
                let weight = [1.0, 1.0, 2.0, 0.5, 7.0][below(5) as usize];
                (below(40) as f64 / 4.0, (1 + below(50)) as f64 / 8.0, weight)
            })
            .collect();
        // Tasks are numbered in the order in which they come.
        tasks.sort_by(|one, other| one.0.total_cmp(&other.0));
        let text = listed(&format!("{{ cores = {cores} }}"), SHARED, &tasks);
        for (is, expected) in ends(&text).iter().zip(fluid(cores as f64, &tasks)) {
            assert!((is - expected).abs() < 1e-6, "{is} for {expected}\n{text}");
        }
    }
}

#[test]
fn round_robin_tends_to_processor_sharing_as_turns_get_short() {
    let tasks: Vec<(f64, f64, f64)> =
        (0..12).map(|i| (f64::from(i * 7 % 10), 1.0 + f64::from(i * 5 % 8), 1.0)).collect();
    for cores in [1, 2] {
        let machine = format!("{{ cores = {cores} }}");
        let limit = ends(&listed(&machine, SHARED, &tasks));
        let mut before = f64::INFINITY;
        for quantum in [1000.0, 100.0, 10.0, 1.0] {
            let schedule = format!("{{ queue.round-robin-quantum = \"{quantum} us\" }}");
            let turns = ends(&listed(&machine, &schedule, &tasks));
            let apart = limit.iter().zip(&turns).map(|(one, other)| (one - other).abs()).fold(0.0, f64::max);
            // Each arrival or end may make a task lag by a turn, and what it lags takes as long as the others let it.
            assert!(apart <= 12.0 * 12.0 * quantum * 1e-3 && apart < before, "{apart} at {quantum} us");
            before = apart;
        }
    }
}

/// Laws of work of mean 1 ms.
const LAWS: [&str; 4] = [
    "{ exponential = \"1 ms\" }",
    "\"1 ms\"",
    "{ hyperexponential = { mean = \"1 ms\", cv = 3 } }",
    // Its mean is 3 · 0.37 · (1 − 0.01^½)/(1 − 0.01^1.5) ms = 1 ms.
    "{ bounded-pareto = { shape = 1.5, low = \"0.37 ms\", high = \"37 ms\" } }",
];

fn single(cores: u32, law: &str, rate: f64, count: u32) -> String {
    format!(
        "machine.cores = {cores}\nschedule.queue = \"processor-sharing\"\nrun.warmup = \"0.5 s\"\n[workload.tasks]\n\
         count = {count}\narrivals = {{ poisson = \"{rate} /s\" }}\nwork = {law}"
    )
}

#[test]
fn the_mean_response_depends_on_the_law_of_work_only_through_its_mean() {
    // Kleinrock 1976, section 4.4: E[T] = E[S]/(1 − ρ), E[N] = ρ/(1 − ρ) for M/G/1-PS.
    for law in LAWS {
        let text = single(1, law, 700.0, 15_000);
        agrees(&text, 40, 0.15, [(Metric::Response, 1e-3 / 0.3), (Metric::Queue, 0.7 / 0.3)]);
    }
}

#[test]
fn a_pool_of_cores_has_as_many_tasks_as_m_m_c() {
    // The number of tasks under exponential work is the same birth–death process; Erlang 1917.
    let (c, load) = (3u32, 2.1);
    let term = |k: u32| (1..=k).fold(1.0, |term, i| term * load / f64::from(i));
    let tail = term(c) * f64::from(c) / (f64::from(c) - load);
    let waits = tail / ((0..c).map(term).sum::<f64>() + tail);
    let number = load + waits * load / (f64::from(c) - load);
    let text = single(c, LAWS[0], load * 1e3, 25_000);
    agrees(&text, 30, 0.1, [(Metric::Queue, number), (Metric::Response, number / load * 1e-3)]);
}

#[test]
fn where_there_is_a_core_for_each_nobody_is_slowed() {
    // M/G/∞: as many tasks as the load on average, each taking just its work.
    for law in [LAWS[0], LAWS[2]] {
        let text = single(64, law, 4000.0, 20_000);
        let [response, queue, slowdown] =
            intervals(&text, 20, 0.99, [Metric::Response, Metric::Queue, Metric::Slowdown]);
        assert!(response.contains(1e-3) && queue.contains(4.0), "{response:?} {queue:?}");
        assert!((slowdown.mean - 1.0).abs() < 1e-6, "{slowdown:?}");
    }
}

/// An interval of each workload's mean response over replicates.
fn by_workload(text: &str, replicates: u64) -> [Interval; 2] {
    let scenario = scenario(text);
    let mut means = [Vec::new(), Vec::new()];
    for replicate in 0..replicates {
        let mut log = Log::default();
        simulate(&scenario, replicate, &mut log).unwrap();
        for (job, means) in means.iter_mut().enumerate() {
            let rows = log.tasks.iter().filter(|row| row.job as usize == job && row.release >= Some(at(0.5)));
            let all: Vec<f64> =
                rows.filter_map(|row| Some((row.end - row.release?).ticks() as f64)).collect();
            means.push(all.iter().sum::<f64>() / all.len() as f64 * 1e-12);
        }
    }
    means.map(|means| Interval::of_mean(&means, 0.99).unwrap())
}

fn two_classes(of: [(&str, f64, f64); 2]) -> String {
    let class = |(name, (law, rate, weight)): (&str, (&str, f64, f64))| {
        format!(
            "[workload.{name}]\nkind = \"tasks\"\nwork = {law}\narrivals = {{ poisson = \"{rate} /s\" }}\nweight = {weight}\n"
        )
    };
    let classes: Vec<String> = ["one", "other"].into_iter().zip(of).map(class).collect();
    format!(
        "machine.cores = 1\nschedule.queue = \"processor-sharing\"\nrun.horizon = \"16 s\"\n{}",
        classes.concat()
    )
}

fn holds(text: &str, expected: [f64; 2]) {
    for (interval, expected) in by_workload(text, 30).iter().zip(expected) {
        let (mean, half) = (interval.mean, interval.half_width);
        assert!(interval.contains(expected), "{mean} ± {half} against {expected}\n{text}");
        assert!(half <= 0.15 * expected, "{mean} ± {half} is not tight\n{text}");
    }
}

#[test]
fn what_a_task_takes_is_in_proportion_to_its_size() {
    // Kleinrock 1976, section 4.4: E[T | x] = x/(1 − ρ), whatever the others are like.
    let text = two_classes([("\"0.5 ms\"", 600.0, 1.0), ("\"4 ms\"", 100.0, 1.0)]);
    holds(&text, [0.5e-3 / 0.3, 4e-3 / 0.3]);
}

#[test]
fn weights_share_as_discriminatory_processor_sharing() {
    // Fayolle, Mitrani & Iasnogorodski 1980, Sharing a processor among many job classes, for exponential work:
    // E[Tᵢ] = (1 + μᵢ ρⱼ (αⱼ − αᵢ)/D)/(μᵢ (1 − ρ)), D = μ₁ α₁ (1 − ρ₁) + μ₂ α₂ (1 − ρ₂).
    let (rates, mus, alphas) = ([350.0, 175.0], [1000.0, 500.0], [4.0, 1.0]);
    let loads = [rates[0] / mus[0], rates[1] / mus[1]];
    let d: f64 = (0..2).map(|i| mus[i] * alphas[i] * (1.0 - loads[i])).sum();
    let expected = [0, 1].map(|i: usize| {
        let j = 1 - i;
        (1.0 + mus[i] * loads[j] * (alphas[j] - alphas[i]) / d) / (mus[i] * (1.0 - loads[0] - loads[1]))
    });
    let text = two_classes([
        ("{ exponential = \"1 ms\" }", rates[0], alphas[0]),
        ("{ exponential = \"2 ms\" }", rates[1], alphas[1]),
    ]);
    holds(&text, expected);
}

#[test]
fn random_dispatch_to_cores_that_share_is_as_many_single_ones() {
    let text = "machine.cores = 4\nschedule = { policy = \"random\", queue = \"processor-sharing\" }\n\
        run.warmup = \"0.5 s\"\n[workload.tasks]\ncount = 30_000\narrivals = { poisson = \"2400 /s\" }\n\
        work = { hyperexponential = { mean = \"1 ms\", cv = 2 } }";
    agrees(text, 20, 0.1, [(Metric::Response, 1e-3 / 0.4), (Metric::Queue, 4.0 * 0.6 / 0.4)]);
}
