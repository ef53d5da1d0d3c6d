//! Trees and work stealing: small cases by hand, work and span by an independent way, and the bounds of theory.

use crate::common::{makespan, outcome, recorded, run, scenario, value};
use makespan::metrics::Metric;
use makespan::program::Program;
use makespan::program::tree::{Node, Unfold};
use makespan::record::{Outcome, State};
use makespan::scenario::Scenario;
use makespan::workload::Draws;

/// A binary tree of depth 2 with 10 µs of work a node, 1 µs a spawn, 1 µs a join, attempts of 2 µs.
fn small(cores: u32, policy: &str) -> String {
    format!(
        "machine.cores = {cores}\n\
         workload.tree = {{ shape.balanced = 2, work = \"10 us\", spawn = \"1 us\", join = \"1 us\" }}\n\
         schedule = {{ policy = {policy}, cost.steal = \"2 us\" }}"
    )
}

fn microseconds(text: &str) -> f64 {
    (makespan(text) * 1e9).round() * 1e-3
}

#[test]
fn small_trees_on_few_cores_end_as_by_hand() {
    // One core does all of it: 7 nodes, 6 spawns, 3 joins.
    for side in ["parent", "child"] {
        assert_eq!(microseconds(&small(1, &format!("{{ work-stealing.steal = \"{side}\" }}"))), 79.0);
    }
    // Work first. Core 0: root 0–11, L 11–22, LL 22–32, spawns LR until 33, LR 33–43, joins L 44. Core 1 hears of the
    // root's rest at 11, has it at 13, spawns R until 14: R 14–25, RL 25–35, spawn 36, RR 36–46, joins R 47 and, L
    // being there, the root 48.
    assert_eq!(microseconds(&small(2, "\"work-stealing\"")), 48.0);
    // Help first. Core 0: root 0–11, pushes L, spawns R until 12, pushes R and waits: takes R. Core 1 hears of L at 11
    // and has it at 13: L 13–24, pushes LL, spawns LR until 25, takes LR 25–35, LL 35–45, joins L 46. Core 0: R 12–23,
    // RR and RL until 44, joins R 45. At 45 the root still waits for L, whose core joins it 46–47.
    assert_eq!(microseconds(&small(2, "{ work-stealing.steal = \"child\" }")), 47.0);
    // With enough cores the longest chain, and what attempts add to it by work-first stealing of the rest: the root's
    // rest is had at 13 and R spawned at 14; R's rest is there at 25, had at 27, RR spawned at 28 and done at 38; joins.
    assert_eq!(microseconds(&small(8, "{ work-stealing.victim = \"max-loaded\" }")), 40.0);
}

#[test]
fn other_policies_unfold_trees_too_and_none_beats_the_longest_chain() {
    // A central queue with enough cores: each child starts as it is spawned. R is spawned at 12, its second child at
    // 12 + 12 and done at 34, joined at 35 and 36.
    assert_eq!(microseconds(&small(8, "\"central-queue\"")), 36.0);
    for policy in ["\"random\"", "\"round-robin\"", "\"least-loaded\"", "\"static-cyclic\"", "\"lpt\""] {
        let outcome = outcome(&small(3, policy));
        assert_eq!(value(&outcome, Metric::Done), 7.0, "{policy}");
        let bound = outcome.bounds.iter().find(|bound| bound.name == "critical path").unwrap();
        assert!((bound.seconds.unwrap() - 36e-6).abs() < 1e-15, "{policy}");
    }
}

#[test]
fn thieves_pay_for_attempts_and_nothing_else_costs() {
    let (outcome, log) = recorded(&small(2, "\"work-stealing\""));
    // The root's rest, and at 44 core 0 looks for what core 1 has left of R: nothing.
    assert_eq!(value(&outcome, Metric::Steals), 1.0);
    assert_eq!(
        outcome.times.get(State::Schedule),
        2_000_000 * value(&outcome, Metric::StealAttempts) as u128
    );
    assert_eq!(outcome.times.get(State::Compute), 79_000_000);
    assert_eq!(value(&outcome, Metric::StealDelay), 13e-6);
    assert_eq!(value(&outcome, Metric::StealDepth), 0.0);
    assert_eq!(log.tasks.len(), 7);
    assert_eq!(value(&outcome, Metric::Attempts), 7.0);
}

/// What a tree comes to, found by going down it: work and span at speed 1 in seconds, and the most strands on a way
/// from its start to its end. A strand lies between two spawns, or a spawn and the sync.
struct Measures {
    work: f64,
    span: f64,
    strands: f64,
}

fn measures(scenario: &Scenario, replicate: u64) -> Measures {
    let draws = Draws { seed: scenario.run.seed, replicate, source: 2 << 32 };
    let Program::Tree(tree) = scenario.jobs[0].workload.start(&draws) else { panic!("not a tree") };
    let ticks = below(&*tree, &tree.root());
    Measures { work: ticks.work * 1e-12, span: ticks.span * 1e-12, ..ticks }
}

fn below(tree: &dyn Unfold, node: &Node) -> Measures {
    let mut all = Measures { work: node.work, span: node.work, strands: 1.0 };
    let mut elapsed = node.work;
    for index in 0..node.children {
        let child = below(tree, &tree.child(node, index));
        elapsed += tree.spawn();
        all.work += tree.spawn() + child.work;
        all.span = f64::max(all.span, elapsed + child.span);
        all.strands = f64::max(all.strands, f64::from(index) + 1.0 + child.strands);
    }
    if node.children > 0 {
        all.work += tree.join();
        all.span += tree.join();
        all.strands += 1.0;
    }
    all
}

const TREES: [&str; 7] = [
    "shape.balanced = 9, work = \"10 us\", spawn = \"100 ns\", join = \"1 us\"",
    "shape.balanced = { depth = 5, branching = 4 }, work = { exponential = \"10 us\" }",
    "shape.fib = 14, work = \"1 us\", leaf = \"5 us\", spawn = \"50 ns\", join = \"50 ns\"",
    "shape.quicksort = { elements = 3000, cutoff = 20 }, work = \"20 ns\"",
    "shape.binomial = { root = 100, branching = 3, probability = 0.3 }, work = { uniform = [\"1 us\", \"9 us\"] }",
    "shape.geometric = { branching = 4, depth = 6 }, work = \"5 us\", join = \"2 us\"",
    "shape.geometric = { branching = 2.5, depth = 7, profile = \"fixed\" }, work = \"5 us\"",
];

const POLICIES: [&str; 12] = [
    "\"work-stealing\"",
    "{ work-stealing.steal = \"child\" }",
    "{ work-stealing = { victim = \"nearest\", amount = \"half\", steal = \"child\" } }",
    "{ work-stealing = { victim = \"hierarchical\", owner = \"fifo\", steal = \"child\" } }",
    "{ work-stealing = { victim = \"round-robin\", amount.chunk = 3 } }",
    "{ work-stealing = { victim = \"last-victim\", backoff.first = \"1 us\" } }",
    "{ work-stealing.victim = \"max-loaded\" }",
    "{ work-stealing = { lifelines = {}, amount = \"half\", steal = \"child\" } }",
    "{ work-stealing = { lifelines = { tries = 2, base = 3 } } }",
    "{ work-stealing.tries = 40 }",
    "\"central-queue\"",
    "\"random\"",
];

fn tree(tree: &str, machine: &str, policy: &str, steal: &str) -> String {
    format!(
        "{machine}\nworkload.tree = {{ {tree} }}\nschedule = {{ policy = {policy}, cost.steal = \"{steal}\" }}"
    )
}

fn bound(outcome: &Outcome, name: &str) -> f64 {
    outcome.bounds.iter().find(|bound| bound.name == name).and_then(|bound| bound.seconds).expect("a bound")
}

#[test]
fn work_and_span_are_exact_under_every_policy_and_all_nodes_end() {
    let machine = "machine = { nodes = 2, sockets = 2, cores = 4 }\nnetwork = { bandwidth = \"1 GB/s\", latency = \"2 us\" }";
    for shape in TREES {
        let found = measures(&scenario(&tree(shape, machine, POLICIES[0], "1 us")), 0);
        for policy in POLICIES {
            for steal in ["0 s", "500 ns"] {
                let text = tree(shape, machine, policy, steal);
                let outcome = outcome(&text);
                let cores = 8.0;
                assert!((bound(&outcome, "area") / (found.work / cores) - 1.0).abs() < 1e-9, "{text}");
                assert!((bound(&outcome, "critical path") / found.span - 1.0).abs() < 1e-9, "{text}");
                assert_eq!(outcome.fates.unfinished + outcome.fates.failed, 0);
            }
        }
    }
}

#[test]
fn stealing_keeps_blumofe_and_leisersons_bounds_on_every_tree() {
    // Blumofe & Leiserson 1999: T_P ≤ T₁/P + O(T∞), and O(P T∞) attempts. There a strand and an attempt take a unit of
    // time each; here an attempt takes s, and a chain of M∞ strands may have to wait for as many attempts: T∞ + s M∞
    // stands for T∞.
    // Owners that take what came first spread over the tree as a whole, and are outside of the theorem.
    let attempt = 1e-6;
    let mut worst = (0.0_f64, 0.0_f64);
    for shape in TREES {
        for cores in [2, 4, 8, 16, 32] {
            let plain = |policy: &&&str| {
                policy.contains("stealing")
                    && !policy.contains("backoff")
                    && !policy.contains("fifo")
                    && !policy.contains("tries")
                    && !policy.contains("lifelines")
            };
            for policy in POLICIES.iter().filter(plain) {
                let scenario = scenario(&tree(shape, &format!("machine.cores = {cores}"), policy, "1 us"));
                for replicate in 0..3 {
                    let outcome = run(&scenario, replicate);
                    let Measures { work, span, strands } = measures(&scenario, replicate);
                    let span = span + attempt * strands;
                    let beyond = (value(&outcome, Metric::Makespan) - work / f64::from(cores)) / span;
                    let attempts =
                        value(&outcome, Metric::StealAttempts) * attempt / (f64::from(cores) * span);
                    worst = (worst.0.max(beyond), worst.1.max(attempts));
                    assert!(
                        beyond < 3.0 && attempts < 3.0,
                        "{beyond} (T∞ + s M∞), attempts {attempts} P (T∞/s + M∞): {shape} on {cores} under {policy}"
                    );
                }
            }
        }
    }
    println!("T_P ≤ T₁/P + {:.2} (T∞ + s M∞); attempts ≤ {:.2} P (T∞/s + M∞)", worst.0, worst.1);
}

#[test]
fn where_attempts_cost_nothing_no_core_idles_beside_a_task_that_could_run() {
    // A greedy schedule: T_P ≤ T₁/P + T∞ (Graham 1969; Brent 1974), exactly.
    for shape in TREES {
        for cores in [2, 3, 8, 33] {
            for policy in
                ["\"work-stealing\"", "{ work-stealing = { victim = \"nearest\", steal = \"child\" } }"]
            {
                let scenario = scenario(&tree(shape, &format!("machine.cores = {cores}"), policy, "0 s"));
                let outcome = run(&scenario, 1);
                let Measures { work, span, .. } = measures(&scenario, 1);
                let most = (work / f64::from(cores) + span) * (1.0 + 1e-9);
                assert!(value(&outcome, Metric::Makespan) <= most, "{shape} on {cores} under {policy}");
                assert_eq!(value(&outcome, Metric::StealAttempts), value(&outcome, Metric::Steals));
                assert_eq!(outcome.times.idle[1], 0, "idle while work exists elsewhere");
            }
        }
    }
}

#[test]
fn work_first_holds_no_more_than_a_path_for_each_core() {
    // Blumofe & Leiserson 1999: space at most P times that of one core, which is a path of the tree.
    let shape = "shape.balanced = 12, work = \"10 us\"";
    for cores in [1, 4, 16] {
        let outcome = outcome(&tree(shape, &format!("machine.cores = {cores}"), "\"work-stealing\"", "1 us"));
        assert!(value(&outcome, Metric::InFlight) <= f64::from(cores) * 13.0);
    }
    // First come, first served holds a whole level of it.
    let central = outcome(&tree(shape, "machine.cores = 4", "\"central-queue\"", "0 s"));
    assert!(value(&central, Metric::InFlight) > 4000.0);
}

/// The mean number of tasks of a server in Mitzenmacher's model of stealing (1998, Analyses of load stealing models based
/// on differential equations): arrivals at `rate`, exponential service of mean 1, and one attempt at a random other
/// whenever a server runs empty, which gets a task that waits. With s(i) the part of the servers that have at least i
/// tasks, the equations are followed from an empty system until nothing changes.
fn mean_field(rate: f64) -> f64 {
    let mut s = vec![0.0; 400];
    s[0] = 1.0;
    let step = 0.05;
    loop {
        let mut change = 0.0_f64;
        let before = s.clone();
        let emptied = before[1] - before[2];
        for i in 1..s.len() - 1 {
            let arrive = rate * (before[i - 1] - before[i]);
            let serve = before[i] - before[i + 1];
            let flow = match i {
                // Who runs empty and gets something isn't empty.
                1 => arrive - serve * (1.0 - before[2]),
                _ => arrive - serve - emptied * serve,
            };
            s[i] += step * flow;
            change = change.max(flow.abs());
        }
        if change < 1e-12 {
            return s[1..].iter().sum();
        }
    }
}

#[test]
fn the_mean_field_has_the_fixed_point_that_its_author_found() {
    for rate in [0.5_f64, 0.8, 0.9, 0.95] {
        let s2 = (1.0 + rate - ((1.0 + rate).powi(2) - 4.0 * rate * rate).sqrt()) / 2.0;
        let fixed = rate + s2 / (1.0 - rate / (1.0 + rate - s2));
        assert!((mean_field(rate) / fixed - 1.0).abs() < 1e-6, "{rate}: {} {fixed}", mean_field(rate));
    }
}

#[test]
fn queues_that_steal_when_they_run_empty_follow_mitzenmachers_mean_field() {
    for (rate, horizon, owner) in [(0.5, 300, "lifo"), (0.8, 400, "fifo"), (0.9, 500, "lifo")] {
        let text = format!(
            "machine.cores = 400\nrun = {{ horizon = \"{horizon} s\", warmup = \"100 s\", tick = \"1 us\" }}\n\
             workload.tasks = {{ work = {{ exponential = \"1 s\" }}, arrivals = {{ poisson = \"{} /s\" }} }}\n\
             schedule = {{ initial = \"random\", policy.work-stealing = {{ tries = 1, owner = \"{owner}\" }} }}",
            400.0 * rate
        );
        let measured = value(&outcome(&text), Metric::Queue) / 400.0;
        let expected = mean_field(rate);
        assert!((measured / expected - 1.0).abs() < 0.025, "{rate}: {measured} against {expected}");
    }
}

#[test]
fn trees_and_deques_outlast_crashes() {
    let machine =
        "machine = { nodes = 3, cores = 4 }\nnetwork = { bandwidth = \"1 GB/s\", latency = \"3 us\" }";
    let faults = [
        // A core, and then its whole node for a while.
        "[faults.inject.a]\ntarget = \"node 0 core 1\"\nfault = \"crash\"\nat = [\"60 us\"]\nfor = \"40 us\"\n\
         [faults.inject.b]\ntarget = \"node 0\"\nfault = \"crash\"\nat = [\"150 us\"]\nfor = \"100 us\"",
        // Nodes for good, noticed late.
        "[faults.inject.a]\ntarget = \"node 1\"\nfault = \"crash\"\nat = [\"70 us\"]\n[faults.inject.b]\ntarget = \"node 2 core 0\"\nfault = \"crash\"\nat = [\"90 us\"]",
        "[faults.inject.a]\ntarget = \"every node\"\nfault = \"crash\"\nmtbf = { exponential = \"400 us\" }\nrepair = \"30 us\"",
    ];
    for fault in faults {
        for detect in ["", "detect.delay = \"15 us\"\n"] {
            for policy in &POLICIES[..9] {
                for shape in [
                    TREES[1],
                    "shape.balanced = 7, work = \"10 us\", spawn = \"1 us\", join = \"1 us\", data = \"2 kB\"",
                ] {
                    let text = format!(
                        "{}\n[faults]\nrecover = \"retry\"\n{detect}{fault}",
                        tree(shape, machine, policy, "1 us")
                    );
                    let (scenario, whole) =
                        (scenario(&text), scenario(&tree(shape, machine, policy, "1 us")));
                    for replicate in 0..2 {
                        let fates = run(&scenario, replicate).fates;
                        let all = run(&whole, replicate).fates.done;
                        if fates.failed + fates.dropped > 0 {
                            // Data that lie on a node that never comes back are lost, and the root with them.
                            assert!(
                                text.contains("2 kB") && !text.contains("for =") && !text.contains("repair"),
                                "{text}"
                            );
                            assert!(fates.done + fates.failed + fates.dropped <= all, "{text}");
                        } else {
                            assert_eq!(fates.done, all, "{text}");
                        }
                    }
                }
            }
        }
    }
    // What was lost counts as lost, and the run takes longer for it.
    let text = "machine.cores = 2\nworkload.tree = { shape.balanced = 2, work = \"10 us\", spawn = \"1 us\", join = \"1 us\" }\n\
                schedule = { policy = \"work-stealing\", cost.steal = \"2 us\" }\nfaults.recover = \"retry\"\n\
                [faults.inject.a]\ntarget = \"core 1\"\nfault = \"crash\"\nat = [\"20 us\"]";
    // Core 1 has computed R from 14 to 20, after a spawn of 1: 6 are lost, and R runs again on core 0.
    let outcome = outcome(text);
    assert_eq!(outcome.times.get(State::Lost), 6_000_000);
    // Core 0 is done with L at 44 and runs what is left: R 11, RL 10, a spawn, RR 10, two joins.
    assert!(
        (value(&outcome, Metric::Makespan) - 78e-6).abs() < 1e-12,
        "{}",
        value(&outcome, Metric::Makespan)
    );
}

#[test]
fn queues_that_share_what_comes_follow_their_mean_field() {
    // One probe: with r the load, the part of the servers with at least i tasks is r^(2i − 1), by the equations of
    // Mitzenmacher (1998) with arrivals that a busy server passes on to an idle one. L probes: r^(1 + (i − 1)(L + 1)).
    for (rate, probes) in [(0.7_f64, 1), (0.8, 1), (0.8, 3)] {
        let text = format!(
            "machine.cores = 400\nrun = {{ horizon = \"700 s\", warmup = \"200 s\", tick = \"1 us\" }}\n\
             workload.tasks = {{ work = {{ exponential = \"1 s\" }}, arrivals = {{ poisson = \"{} /s\" }} }}\n\
             schedule = {{ initial = \"random\", policy.work-sharing.probes = {probes} }}",
            400.0 * rate
        );
        let scenario = scenario(&text);
        let means = (0..3).map(|replicate| value(&run(&scenario, replicate), Metric::Queue) / 400.0);
        let measured = means.sum::<f64>() / 3.0;
        let expected = rate / (1.0 - rate.powi(probes + 1));
        assert!((measured / expected - 1.0).abs() < 0.03, "{rate}, {probes}: {measured} against {expected}");
    }
}

#[test]
fn distance_is_paid_for_by_messages_and_neighbours_come_first() {
    // Two nodes of one core: the rest of the root is there at 11; the request sets out at 13, is there at 15 and answered at 17.
    let text = "machine = { nodes = 2, cores = 1 }\nnetwork = { bandwidth = \"1 GB/s\", latency = \"1 us\" }\n\
                workload.tree = { shape.balanced = 1, work = \"10 us\", spawn = \"1 us\", data = \"1 kB\" }\n\
                schedule = { policy = \"work-stealing\", cost.steal = \"2 us\" }";
    let (outcome, log) = recorded(text);
    // Two links of 1 µs each way. The root came from outside and has no data: nothing but the request and the answer.
    assert_eq!(log.messages.len(), 2);
    assert_eq!(outcome.times.get(State::Communicate), 4_000_000);
    // 13 + 4, spawns until 18, and the second child ends at 28; its data were made there.
    assert!(
        (value(&outcome, Metric::Makespan) - 28e-6).abs() < 1e-15,
        "{}",
        value(&outcome, Metric::Makespan)
    );
    let at_home = |victim: &str| {
        let text = format!(
            "machine = {{ nodes = 4, sockets = 2, cores = 8 }}\nnetwork = {{ bandwidth = \"1 GB/s\", latency = \"5 us\" }}\n\
             workload.tree = {{ shape.balanced = 11, work = \"20 us\" }}\n\
             schedule = {{ policy.work-stealing = {{ victim = \"{victim}\", amount = \"half\", steal = \"child\" }}, cost.steal = \"1 us\" }}"
        );
        let outcome = crate::common::outcome(&text);
        value(&outcome, Metric::Messages) / (2.0 * value(&outcome, Metric::StealAttempts))
    };
    // A random victim is on another node 24 times of 31; one of three tries is anywhere; or only after ten failures in a row.
    let (random, nearest, hierarchical) = (at_home("random"), at_home("nearest"), at_home("hierarchical"));
    assert!((random - 24.0 / 31.0).abs() < 0.05, "{random}");
    assert!(nearest < 0.27 && hierarchical < random - 0.05, "{nearest} {hierarchical}");
}
