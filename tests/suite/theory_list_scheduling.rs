//! List scheduling: Graham's and LPT's worst cases, Graham's anomalies, and the bounds that are reached exactly.

use crate::common::{at, makespan, outcome, recorded};
use std::collections::BTreeSet;

/// Independent tasks of so many seconds each, in file order.
fn bag(cores: u32, policy: &str, works: &[u32]) -> String {
    let list: Vec<String> = works.iter().map(|work| format!("{{ work = \"{work} s\" }}")).collect();
    format!(
        "machine.cores = {cores}\nschedule.policy = \"{policy}\"\nworkload.tasks.list = [{}]",
        list.join(", ")
    )
}

#[test]
fn grahams_worst_case_is_reached_exactly() {
    // Graham 1969, theorem 2: m (m − 1) tasks of 1 before one of m take 2m − 1 where m is best: 2 − 1/m.
    for m in 2..=6u32 {
        let mut works = vec![1; (m * (m - 1)) as usize];
        works.push(m);
        for policy in ["fifo", "list"] {
            assert_eq!(makespan(&bag(m, policy, &works)), f64::from(2 * m - 1));
        }
        assert_eq!(makespan(&bag(m, "lpt", &works)), f64::from(m));
    }
}

#[test]
fn the_worst_case_of_the_longest_first_is_reached_exactly() {
    // Graham 1969, section 4: two each of 2m − 1 … m + 1 and three of m take 4m − 1 where 3m is best: 4/3 − 1/(3m).
    for m in 2..=6u32 {
        let long: Vec<u32> = (m + 1..2 * m).flat_map(|work| [work, work]).collect();
        let mut works = long.clone();
        works.extend([m; 3]);
        assert_eq!(makespan(&bag(m, "lpt", &works)), f64::from(4 * m - 1));
        // The best: the longer halves of pairs that make 3m, shortest first, and one of m; then their partners.
        let (low, high) = long.split_at(long.len() / 2);
        let mut best = high.to_vec();
        best.extend([m; 2]);
        best.extend(high.iter().map(|work| 3 * m - work));
        best.push(m);
        let mut partners: Vec<u32> = high.iter().map(|work| 3 * m - work).collect();
        partners.sort_unstable();
        assert_eq!(partners, low);
        assert_eq!(makespan(&bag(m, "list", &best)), f64::from(3 * m));
    }
}

/// Graham's nine tasks (1969, fig. 1) with changes.
fn nine(cores: u32, works: [u32; 9], edges: &[(u32, u32)], order: &[u32]) -> String {
    let mut text = format!("machine.cores = {cores}\n");
    let names: Vec<String> = order.iter().map(|task| format!("\"T{task}\"")).collect();
    text += &format!("schedule.policy.list.order = [{}]\n[workload.dag.task]\n", names.join(", "));
    for (task, work) in (1u32..).zip(works) {
        let after: Vec<String> =
            edges.iter().filter(|edge| edge.1 == task).map(|edge| format!("\"T{}\"", edge.0)).collect();
        text += &format!("T{task} = {{ work = \"{work} s\", after = [{}] }}\n", after.join(", "));
    }
    text
}

#[test]
fn more_cores_less_work_fewer_edges_or_another_order_can_all_take_longer() {
    // Graham 1969, figures 1 to 5.
    const WORKS: [u32; 9] = [3, 2, 2, 2, 4, 4, 4, 4, 9];
    const EDGES: [(u32, u32); 5] = [(1, 9), (4, 5), (4, 6), (4, 7), (4, 8)];
    const ORDER: [u32; 9] = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    assert_eq!(makespan(&nine(3, WORKS, &EDGES, &ORDER)), 12.0);
    assert_eq!(makespan(&nine(3, WORKS, &EDGES, &[1, 2, 4, 5, 6, 3, 9, 7, 8])), 14.0);
    assert_eq!(makespan(&nine(4, WORKS, &EDGES, &ORDER)), 15.0);
    assert_eq!(makespan(&nine(3, WORKS.map(|work| work - 1), &EDGES, &ORDER)), 13.0);
    assert_eq!(makespan(&nine(3, WORKS, &[(1, 9), (4, 7), (4, 8)], &ORDER)), 16.0);
}

/// A generator of small numbers for random cases (Knuth's MMIX constants).
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((self.0 >> 33) % u64::from(sides)) as u32
    }
}

/// A random graph: works in seconds and the predecessors of each task.
fn random_graph(dice: &mut Dice) -> (Vec<u32>, Vec<Vec<usize>>) {
    let count = 2 + dice.below(14) as usize;
    let works = (0..count).map(|_| 1 + dice.below(9)).collect();
    let preds = (0..count).map(|task| (0..task).filter(|_| dice.below(4) == 0).collect()).collect();
    (works, preds)
}

fn graph_text(works: &[u32], preds: &[Vec<usize>]) -> String {
    let mut text = "[workload.dag.task]\n".to_owned();
    for (task, work) in works.iter().enumerate() {
        let after: Vec<String> = preds[task].iter().map(|pred| format!("\"t{pred}\"")).collect();
        text += &format!("t{task} = {{ work = \"{work} s\", after = [{}] }}\n", after.join(", "));
    }
    text
}

fn critical_path(works: &[u32], preds: &[Vec<usize>]) -> f64 {
    let mut ends: Vec<u32> = Vec::new();
    for (work, preds) in works.iter().zip(preds) {
        ends.push(work + preds.iter().map(|pred| ends[*pred]).max().unwrap_or(0));
    }
    f64::from(ends.into_iter().max().unwrap_or(0))
}

/// List scheduling of Graham 1969 written down anew, second by second: the times at which tasks start, for cores of
/// speed 1.
fn by_the_second(cores: usize, works: &[u32], preds: &[Vec<usize>]) -> Vec<u32> {
    let mut starts = vec![u32::MAX; works.len()];
    let mut waiting: BTreeSet<usize> = (0..works.len()).collect();
    for now in 0.. {
        let ended = |task: usize| starts[task] != u32::MAX && starts[task] + works[task] <= now;
        let busy = (0..works.len()).filter(|task| starts[*task] != u32::MAX && !ended(*task)).count();
        let ready = waiting.iter().filter(|task| preds[**task].iter().all(|pred| ended(*pred)));
        let start: Vec<usize> = ready.copied().take(cores - busy).collect();
        for task in start {
            starts[task] = now;
            waiting.remove(&task);
        }
        if waiting.is_empty() {
            return starts;
        }
    }
    starts
}

#[test]
fn list_scheduling_is_what_it_is_second_by_second() {
    let mut dice = Dice(1);
    for _ in 0..60 {
        let (works, preds) = random_graph(&mut dice);
        let cores = 1 + dice.below(4) as usize;
        let text =
            format!("machine.cores = {cores}\nschedule.policy = \"list\"\n{}", graph_text(&works, &preds));
        let (_, log) = recorded(&text);
        for (task, start) in by_the_second(cores, &works, &preds).into_iter().enumerate() {
            assert_eq!(log.task(task as u64).start, Some(at(f64::from(start))), "t{task}\n{text}");
        }
    }
}

#[test]
fn one_core_takes_the_sum_and_enough_cores_the_critical_path_under_every_policy() {
    // Graham 1969; Brent 1974.
    let mut dice = Dice(7);
    let policies = [
        "fifo",
        "list",
        "lpt",
        "spt",
        "heft",
        "random",
        "static-block",
        "static-cyclic",
        "round-robin",
        "least-loaded",
    ];
    for round in 0..20 {
        let (works, preds) = random_graph(&mut dice);
        let graph = graph_text(&works, &preds);
        let policy = policies[round % policies.len()];
        let alone = format!("machine.cores = 1\nschedule.policy = \"{policy}\"\n{graph}");
        assert_eq!(makespan(&alone), f64::from(works.iter().sum::<u32>()), "{alone}");
        let policy = policies[round % 5];
        let enough = format!("machine.cores = 16\nschedule.policy = \"{policy}\"\n{graph}");
        let enough = outcome(&enough);
        let path = critical_path(&works, &preds);
        assert_eq!(enough.end, at(path));
        let bound = enough.bounds.iter().find(|bound| bound.name == "critical path").expect("a bound");
        assert_eq!(bound.seconds, Some(path));
    }
}

#[test]
fn amdahl_and_gustafsons_parts_add_up() {
    // Amdahl 1967: a task with a serial part f takes w (f + (1 − f) / c) on c cores.
    for cores in [1, 2, 4, 8] {
        let text = format!(
            "machine.cores = 8\n[workload.tasks]\ncount = 1\nwork = \"80 s\"\ncores = {cores}\n\
             speedup.amdahl.serial = 0.1"
        );
        let expected = 80.0 * (0.1 + 0.9 / f64::from(cores));
        assert!((makespan(&text) - expected).abs() < 1e-11, "{cores}");
    }
}

#[test]
fn static_shares_are_counted_out() {
    // N tasks in blocks: the first N mod P cores take one more; with equal tasks only the largest share counts.
    for (count, cores) in [(10, 4), (12, 4), (7, 3), (3, 5)] {
        let share = f64::from((count + cores - 1) / cores);
        for policy in ["static-block", "static-cyclic", "round-robin"] {
            let text = format!(
                "machine.cores = {cores}\nschedule.policy = \"{policy}\"\n\
                 workload.tasks = {{ count = {count}, work = \"1 s\" }}"
            );
            assert_eq!(makespan(&text), share, "{text}");
        }
    }
    // Works 0, 1, 2 … tell blocks from turns: 0 + 1 + 2 and 3 + 4 against 0 + 2 + 4 and 1 + 3.
    let list = "workload.tasks.list = [{ work = \"0 s\" }, { work = \"1 s\" }, { work = \"2 s\" }, { work = \"3 s\" }, { work = \"4 s\" }]";
    for (policy, expected) in [("static-block", 7.0), ("static-cyclic", 6.0), ("round-robin", 6.0)] {
        let text = format!("machine.cores = 2\nschedule.policy = \"{policy}\"\n{list}");
        assert_eq!(makespan(&text), expected);
    }
}
