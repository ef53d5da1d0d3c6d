//! HEFT against its paper, against the best of all plans, and against the rules that every plan must keep.

use crate::theory_heft::{EDGES, TIMES};
use makespan::bounds::graph as bounds;
use makespan::ids::{CoreId, NodeId, TaskId};
use makespan::policy::plan::heft::{heft, upward_ranks};
use makespan::policy::plan::{Costs, MessageTime, Plan, Unplaceable};
use makespan::program::graph::{Edge, Graph, GraphBuilder, Work};
use proptest::prelude::*;

/// Cores named by their nodes, one message time for every pair of nodes.
struct Machine<'a> {
    graph: &'a Graph,
    cores: Vec<(CoreId, NodeId)>,
    speeds: Vec<f64>,
    message: MessageTime,
}

impl<'a> Machine<'a> {
    fn new(graph: &'a Graph, nodes: &[usize], message: MessageTime) -> Self {
        let cores = nodes.iter().enumerate().map(|(core, &node)| (CoreId::new(core), NodeId::new(node)));
        Self { graph, cores: cores.collect(), speeds: vec![1.0; nodes.len()], message }
    }

    fn between(&self, from: NodeId, to: NodeId) -> MessageTime {
        if from == to { MessageTime::FREE } else { self.message }
    }
}

impl Costs for Machine<'_> {
    fn cores(&self) -> &[(CoreId, NodeId)] {
        &self.cores
    }

    fn execution(&self, task: TaskId, core: CoreId) -> f64 {
        self.graph.work(task).on(core, self.speeds[core.index()])
    }

    fn message(&self, _: NodeId, _: NodeId) -> MessageTime {
        self.message
    }

    fn mean_message(&self) -> MessageTime {
        let mut counts = vec![0; self.cores.len()];
        self.cores.iter().for_each(|&(_, node)| counts[node.index()] += 1);
        MessageTime::mean(&counts, |from, to| self.message(from, to))
    }
}

const PER_BYTE: MessageTime = MessageTime { fixed: 0.0, per_byte: 1.0 };

/// The graph and costs of Topcuoglu, Hariri & Wu 2002, Fig. 2.
fn ten_tasks() -> Graph {
    let mut builder = GraphBuilder::default();
    let stem = builder.stem("n");
    for (index, row) in (1..).zip(TIMES) {
        builder.numbered(stem, &[index], Work::PerCore(&row.map(f64::from)));
    }
    for (before, after, bytes) in EDGES {
        builder.send(TaskId::new(before as usize - 1), TaskId::new(after as usize - 1), bytes.into());
    }
    builder.build().unwrap()
}

#[test]
fn the_ten_tasks_have_the_ranks_of_the_paper() {
    // Table 3.
    let graph = ten_tasks();
    let ranks = upward_ranks(&graph, &Machine::new(&graph, &[0, 1, 2], PER_BYTE));
    let paper = [108.000, 77.000, 80.000, 80.000, 69.000, 63.333, 42.667, 35.667, 44.333, 14.667];
    for (rank, paper) in ranks.iter().zip(paper) {
        assert!((rank - paper).abs() < 5e-4, "{ranks:?}");
    }
}

#[test]
fn the_ten_tasks_take_80_and_lie_where_the_paper_puts_them() {
    // Fig. 3(a): per processor the tasks, their starts and ends.
    let graph = ten_tasks();
    let plan = heft(&graph, &Machine::new(&graph, &[0, 1, 2], PER_BYTE)).unwrap();
    assert_eq!(plan.makespan(), 80.0);
    let on = |core| {
        let slots = plan.order(CoreId::new(core)).iter();
        slots.map(|&task| (task.index() + 1, plan.start(task), plan.finish(task))).collect::<Vec<_>>()
    };
    assert_eq!(on(0), [(2, 27.0, 40.0), (8, 57.0, 62.0)]);
    assert_eq!(on(1), [(4, 18.0, 26.0), (6, 26.0, 42.0), (9, 56.0, 68.0), (10, 73.0, 80.0)]);
    assert_eq!(on(2), [(1, 0.0, 9.0), (3, 9.0, 28.0), (5, 28.0, 38.0), (7, 38.0, 49.0)]);
}

#[test]
fn a_task_of_two_cores_starts_when_the_second_is_free_and_needs_a_node_that_has_two() {
    let mut builder = GraphBuilder::default();
    for work in [8.0, 5.0, 3.0] {
        builder.task("t", Work::Uniform(work));
    }
    let wide = builder.task("wide", Work::Uniform(1.0));
    builder.cores(wide, 2);
    let graph = builder.build().unwrap();
    let plan = heft(&graph, &Machine::new(&graph, &[0, 0, 1], MessageTime::FREE)).unwrap();
    assert_eq!(plan.cores(wide), [CoreId::new(0), CoreId::new(1)]);
    assert_eq!((plan.start(wide), plan.finish(wide)), (8.0, 9.0));
    assert_eq!(
        heft(&graph, &Machine::new(&graph, &[0, 1], MessageTime::FREE)),
        Err(Unplaceable { task: wide })
    );
}

#[test]
fn a_pinned_task_goes_to_its_node_though_another_is_faster() {
    let mut builder = GraphBuilder::default();
    let task = builder.task("t", Work::Uniform(4.0));
    builder.pin(task, (1, 2));
    let graph = builder.build().unwrap();
    let mut machine = Machine::new(&graph, &[0, 1], MessageTime::FREE);
    machine.speeds = vec![2.0, 1.0];
    assert_eq!(heft(&graph, &machine).unwrap().cores(task), [CoreId::new(1)]);
}

/// The shortest makespan by trying every order and every core.
fn optimum(graph: &Graph, machine: &Machine<'_>) -> f64 {
    fn search(
        graph: &Graph,
        machine: &Machine<'_>,
        placed: &mut [Option<(f64, NodeId)>],
        free: [f64; 2],
        best: &mut f64,
    ) {
        let end = placed.iter().flatten().map(|&(finish, _)| finish).fold(0.0, f64::max);
        if end >= *best {
            return;
        }
        if placed.iter().all(Option::is_some) {
            *best = end;
            return;
        }
        for task in graph.tasks() {
            if placed[task.index()].is_some() {
                continue;
            }
            for &(core, node) in &machine.cores {
                let arrival = |edge: Edge| {
                    let (finish, from) = placed[edge.from.index()]?;
                    Some(finish + edge.bytes.map_or(0.0, |bytes| machine.between(from, node).of(bytes)))
                };
                let arrivals: Option<Vec<f64>> = graph.edges_into(task).map(arrival).collect();
                let Some(arrivals) = arrivals else { continue };
                let start = arrivals.into_iter().fold(free[core.index()], f64::max);
                let finish = start + machine.execution(task, core);
                let mut later = free;
                later[core.index()] = finish;
                placed[task.index()] = Some((finish, node));
                search(graph, machine, placed, later, best);
                placed[task.index()] = None;
            }
        }
    }
    let mut best = f64::INFINITY;
    search(graph, machine, &mut vec![None; graph.len()], [0.0; 2], &mut best);
    best
}

/// Random graphs of up to `tasks` tasks, every fourth or so of `wide` cores.
fn small_graphs(tasks: usize, wide: u32) -> impl Strategy<Value = Graph> {
    let works = prop::collection::vec(0_u32..12, 1..=tasks);
    let edges = prop::collection::vec((0..tasks, 0..tasks, prop::option::of(0_u64..10)), 0..2 * tasks);
    (works, edges).prop_map(move |(works, edges)| {
        let mut builder = GraphBuilder::default();
        let count = works.len();
        let tasks: Vec<_> =
            works.into_iter().map(|work| builder.task("t", Work::Uniform(f64::from(work)))).collect();
        tasks.iter().filter(|task| task.index() % 4 == 3).for_each(|&task| builder.cores(task, wide));
        for (one, other, bytes) in edges {
            // Towards lower indices, so that the order of the graph isn't the order of the indices.
            let (before, after) = ((one % count).max(other % count), (one % count).min(other % count));
            match bytes {
                _ if before == after => {}
                Some(bytes) => builder.send(tasks[before], tasks[after], bytes),
                None => builder.order(tasks[before], tasks[after]),
            }
        }
        builder.build().unwrap()
    })
}

fn assert_sound(graph: &Graph, machine: &Machine<'_>, plan: &Plan) {
    for &(core, _) in &machine.cores {
        for pair in plan.order(core).windows(2) {
            assert!(plan.finish(pair[0]) <= plan.start(pair[1]), "tasks overlap on {core:?}");
        }
    }
    let node = |task: TaskId| machine.cores[plan.cores(task)[0].index()].1;
    for task in graph.tasks() {
        for edge in graph.edges_into(task) {
            let message =
                edge.bytes.map_or(0.0, |bytes| machine.between(node(edge.from), node(task)).of(bytes));
            assert!(
                plan.finish(edge.from) + message <= plan.start(task),
                "{task:?} starts before its data come"
            );
        }
    }
    let cores: Vec<_> = machine.cores.iter().map(|&(core, _)| (core, machine.speeds[core.index()])).collect();
    for bound in [bounds::critical_path, bounds::area, bounds::longest_task] {
        assert!(plan.makespan() >= bound(graph, &cores) * (1.0 - 1e-12));
    }
}

/// Whether every task can run when cores keep the plan's orders and tasks wait for their predecessors.
fn runs_to_the_end(graph: &Graph, machine: &Machine<'_>, plan: &Plan) -> bool {
    let mut done = vec![false; graph.len()];
    let mut next = vec![0; machine.cores.len()];
    loop {
        let before = next.clone();
        for &(core, _) in &machine.cores {
            if let Some(&task) = plan.order(core).get(next[core.index()]) {
                let cores = plan.cores(task).iter();
                let mut turns = cores.map(|core| plan.order(*core).get(next[core.index()]));
                if turns.all(|turn| turn == Some(&task)) && graph.preds(task).iter().all(|p| done[p.index()])
                {
                    done[task.index()] = true;
                    plan.cores(task).iter().for_each(|core| next[core.index()] += 1);
                }
            }
        }
        if next == before {
            return done.into_iter().all(|done| done);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_plan_beats_the_optimum_of_all_orders_and_cores(graph in small_graphs(6, 1), fixed in 0_u32..4, fast in 1_u32..3) {
        let message = MessageTime { fixed: f64::from(fixed), per_byte: 1.0 };
        let mut machine = Machine::new(&graph, &[0, 1], message);
        machine.speeds[1] = f64::from(fast);
        let plan = heft(&graph, &machine).unwrap();
        assert_sound(&graph, &machine, &plan);
        prop_assert!(plan.makespan() >= optimum(&graph, &machine));
    }

    #[test]
    fn plans_overlap_nowhere_wait_for_their_data_and_can_be_carried_out(graph in small_graphs(40, 2)) {
        let message = MessageTime { fixed: 1.0, per_byte: 0.5 };
        let mut machine = Machine::new(&graph, &[0, 1, 1, 0, 2], message);
        machine.speeds = vec![1.0, 1.0, 2.0, 4.0, 0.5];
        let plan = heft(&graph, &machine).unwrap();
        assert_sound(&graph, &machine, &plan);
        prop_assert!(runs_to_the_end(&graph, &machine, &plan));
    }
}
