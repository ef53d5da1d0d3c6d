//! Reading the `[machine]` table.

use super::address::RESERVED;
use super::group::{CACHE, CROWDING, Complete, DEVICE, KINDS, MEMORY, OF_MACHINE, POWER, Part, SMT, STORAGE};
use super::script::Change;
use super::speed::{Pace, Tie};
use super::{Machine, Speed};
use crate::error::Problem;
use crate::source::{AnyField, Context, Field, Fields, Kind, Named, Read, Shape, Value, quantity};
use crate::units::{Dimension, Scale, count};

/// The `[machine]` table as read.
#[derive(Debug)]
pub enum Described {
    /// A machine of its own.
    Built(Machine),
    /// The machines that the recorded workload names.
    FromWorkload,
}

/// The most cores of a machine: more don't fit in memory together with what a run keeps about each.
const MOST: u64 = 1 << 24;

const PRESET: Field<String> =
    Field::new("preset", "the name of a machine that ships with the program, over which this table is laid")
        .optional();
const GROUPS: Field<Named<Part>> =
    Field::new("group", "groups of identical nodes, by name: with any the machine is its groups alone")
        .optional();
const REFERENCE: Field<Reference> =
    Field::new("reference", "what a core of speed 1 does in a second: ties factors to rates").optional();
const SCRIPT: Field<Vec<Change>> =
    Field::new("script", "changes of speed that are no faults: a list of `{ at, target, speed }`").optional();
const FROM: Field<From> =
    Field::new("from", "`\"workload\"`: the machines that a recorded workload names").instead_of("cores");

const FIELDS: &[&dyn AnyField] = &[
    &PRESET,
    &OF_MACHINE.nodes,
    &OF_MACHINE.sockets,
    &OF_MACHINE.cores,
    &KINDS,
    &OF_MACHINE.speed,
    &REFERENCE,
    &MEMORY,
    &GROUPS,
    &SCRIPT,
    &FROM,
    &SMT,
    &CROWDING,
    &POWER,
    &CACHE,
    &DEVICE,
    &STORAGE,
];

/// What a core of speed 1 does, in operations per second.
struct Reference(f64);

impl Read for Reference {
    fn shape() -> Shape {
        Shape::Quantity(Dimension::Speed)
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let rate = quantity(value, Dimension::Speed, cx)?;
        if rate <= 0.0 {
            cx.fault(value, format!("`{}` must be above 0", cx.path()), "does nothing", "");
            return None;
        }
        Some(Reference(rate))
    }
}

/// Where a machine is taken from.
struct From;

impl Read for From {
    fn shape() -> Shape {
        Shape::Word(&["workload"])
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        if value.text() == Some("workload") {
            return Some(From);
        }
        cx.wrong_kind(value, "`\"workload\"`");
        None
    }
}

impl Read for Described {
    fn shape() -> Shape {
        Shape::Table(FIELDS)
    }

    /// Reads the machine and sets the units of speed and work for all that is read after it.
    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        // Where the machine can't be read, any work will do: it is not at fault.
        cx.set_scale(Scale { rate: Some(1e9), timed: true, ..cx.scale() });
        let fields = Fields::open(value, FIELDS, cx)?;
        if fields.given(&PRESET).is_some() {
            fields.take(&PRESET)?;
        }
        if fields.maybe(&FROM)?.is_some() {
            return recorded(value, cx);
        }
        let reference = fields.maybe(&REFERENCE);
        let (part, groups, script) = (Part::take(&fields), fields.maybe(&GROUPS), fields.maybe(&SCRIPT));
        let whole = part?.complete_machine(&fields)?;
        let reference = reference?.map(|reference| reference.0);
        let groups = match groups? {
            Some(Named(groups)) => named(groups, &whole, cx)?,
            None => vec![whole],
        };
        let mut machine = build(&groups, reference, cx)?;
        // All rows are resolved before the first failure counts, so that one pass shows every problem.
        let changes: Vec<_> =
            script?.unwrap_or_default().into_iter().map(|change| change.resolve(&machine, cx)).collect();
        machine.script = changes.into_iter().collect::<Option<_>>()?;
        machine.script.sort_by_key(|change| change.at);
        Some(Described::Built(machine))
    }
}

/// The machines of the workload, beside which no other key makes sense.
fn recorded(value: &Value, cx: &Context<'_>) -> Option<Described> {
    let Kind::Table(table) = &value.kind else { return None };
    let idle = table.entries.iter().find(|(key, _)| !matches!(key.name.as_str(), "from" | "preset"));
    if let Some((key, _)) = idle {
        let what = format!("`{}.{}` does nothing: the machine is the workload's", cx.path(), key.name);
        let from = table.get("from").map_or(value.place, |from| from.place);
        cx.problem(Problem::new(what).at(key.place, "given here").also(from, "taken from there"));
        return None;
    }
    cx.set_scale(Scale { rate: None, timed: true, ..cx.scale() });
    Some(Described::FromWorkload)
}

/// The groups with their defaults filled in.
fn named(
    groups: Vec<(crate::source::Key, Part)>,
    defaults: &Complete,
    cx: &Context<'_>,
) -> Option<Vec<Complete>> {
    let mut complete = Vec::new();
    for (key, part) in groups {
        if RESERVED.contains(&key.name.as_str()) || key.name.contains(' ') {
            let what = format!("a group can't be called `{}`", key.name);
            let problem = Problem::new(what).at(key.place, "part of the grammar of addresses");
            cx.problem(problem.help("choose one word that isn't one of: node, core, socket, group, link, …"));
            return None;
        }
        complete.push(part.complete(&key.name, defaults));
    }
    if complete.is_empty() {
        cx.problem(Problem::new("a machine with groups needs at least one group"));
        return None;
    }
    Some(complete)
}

/// The machine of these groups.
fn build(groups: &[Complete], reference: Option<f64>, cx: &Context<'_>) -> Option<Machine> {
    let cores: u128 = groups.iter().map(|group| group.nodes.0 as u128 * group.cores() as u128).sum();
    if let Some(largest) = groups.iter().max_by_key(|group| group.nodes.0 as u128 * group.cores() as u128)
        && cores > u128::from(MOST)
    {
        let shown = count(u64::try_from(cores).unwrap_or(u64::MAX));
        let what = format!("a machine of {shown} cores doesn't fit in memory");
        cx.problem(Problem::new(what).at(largest.largest(), format!("at most {} cores in all", count(MOST))));
        return None;
    }
    let faults = groups
        .iter()
        .flat_map(|group| group.undivided().into_iter().chain(group.speed.fault(cores as usize)));
    let faults: Vec<Problem> = faults.collect();
    if !faults.is_empty() {
        cx.problems(faults);
        return None;
    }
    let patterns = patterns(groups, cx)?;
    let used = patterns.iter().flatten().flatten().copied();
    let mut tie = Tie::new(reference, used, cx)?;
    let mut machine = Machine::default();
    for (group, patterns) in groups.iter().zip(&patterns) {
        machine.add_group(group.name.as_str());
        let speeds: Vec<Vec<Speed>> =
            patterns.iter().map(|paces| paces.iter().map(|pace| tie.speed(pace)).collect()).collect();
        for speeds in speeds.iter().cycle().take(group.nodes.0) {
            machine.add_node(None, group.sockets.0, group.bandwidth, speeds);
        }
    }
    machine.drawn = tie.into_drawn();
    Some(machine)
}

/// The speeds of the cores of each node of each group; of one node where all of a group are alike.
fn patterns<'a>(groups: &'a [Complete], cx: &Context<'_>) -> Option<Vec<Vec<Vec<&'a Pace>>>> {
    let mut first = 0;
    let mut patterns = Some(Vec::new());
    for group in groups {
        let nodes = if group.speed.repeat() { 1 } else { group.nodes.0 };
        let own: Result<Vec<_>, _> =
            (0..nodes).map(|node| group.paces(first + node * group.cores())).collect();
        match own {
            Ok(own) => patterns.as_mut().map(|patterns: &mut Vec<_>| patterns.push(own)).unwrap_or(()),
            Err(problem) => {
                cx.problem(problem);
                patterns = None;
            }
        }
        first += group.nodes.0 * group.cores();
    }
    patterns
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::Speed;
    use crate::source::testing;

    fn read(text: &str) -> Result<Machine, String> {
        testing::read::<Described>(text).map(|described| match described {
            Described::Built(machine) => machine,
            Described::FromWorkload => panic!("a machine was described"),
        })
    }

    fn refused(text: &str, parts: &[&str]) {
        let problem = read(text).map(|_| ()).expect_err(text);
        for part in parts {
            assert!(problem.contains(part), "{part:?} is not in:\n{problem}");
        }
    }

    #[test]
    fn nothing_said_is_one_core_of_speed_1() {
        let machine = read("").unwrap();
        assert_eq!((machine.nodes.len(), machine.sockets.len(), machine.len()), (1, 1, 1));
        assert_eq!(machine.cores[0].speed, Speed::Given(1.0));
        assert!(machine.sockets[0].bandwidth.is_infinite());
        assert_eq!(machine.groups[0].name, "node");
    }

    #[test]
    fn cores_are_dealt_to_the_sockets_of_each_node_in_blocks() {
        let machine = read("nodes = 2\nsockets = 2\ncores = 4").unwrap();
        let sockets: Vec<_> = machine.cores.iter().map(|core| core.socket.index()).collect();
        assert_eq!(sockets, [0, 0, 1, 1, 2, 2, 3, 3]);
        let nodes: Vec<_> = machine.cores.iter().map(|core| core.node.index()).collect();
        assert_eq!(nodes, [0, 0, 0, 0, 1, 1, 1, 1]);
        let (first, end) = machine.socket_cores(machine.cores[6].socket);
        assert_eq!((first.index(), end.index()), (6, 8));
    }

    #[test]
    fn memory_bandwidth_belongs_to_each_socket_in_bytes_a_tick() {
        let machine = read("sockets = 2\ncores = 2\nmemory.bandwidth = \"190 GB/s\"").unwrap();
        assert!(machine.sockets.iter().all(|socket| (socket.bandwidth - 0.19).abs() < 1e-12));
        refused("memory.bandwidth = \"0 GB/s\"", &["must be above 0"]);
    }

    #[test]
    fn with_any_group_the_machine_is_its_groups_alone_in_file_order() {
        let text = "cores = 8\n[group.fast]\nnodes = 2\nspeed = 2.0\n[group.mixed]\nnodes = 1\n\
                    [group.mixed.core_kind.performance]\ncount = 4\nspeed = 1.0\n\
                    [group.mixed.core_kind.efficiency]\ncount = 8\nspeed = 0.5";
        let machine = read(text).unwrap();
        let groups: Vec<_> = machine
            .groups
            .iter()
            .map(|group| (group.name.as_str(), group.nodes.0.index(), group.nodes.1.index()))
            .collect();
        assert_eq!(groups, [("fast", 0, 2), ("mixed", 2, 3)]);
        assert_eq!(machine.len(), 2 * 8 + 12);
        let speed = |core: usize| machine.cores[core].speed;
        assert_eq!((speed(0), speed(15)), (Speed::Given(2.0), Speed::Given(2.0)));
        assert_eq!((speed(16), speed(19), speed(20), speed(27)), {
            (Speed::Given(1.0), Speed::Given(1.0), Speed::Given(0.5), Speed::Given(0.5))
        });
        assert_eq!(machine.nodes[2].group, 1);
    }

    #[test]
    fn a_kind_without_a_speed_has_that_of_its_node() {
        let machine =
            read("speed = 3\n[core_kind.a]\ncount = 1\n[core_kind.b]\ncount = 1\nspeed = 1").unwrap();
        assert_eq!(machine.cores[0].speed, Speed::Given(3.0));
        assert_eq!(machine.cores[1].speed, Speed::Given(1.0));
    }

    #[test]
    fn a_group_takes_cores_or_kinds_whatever_the_machine_has_but_not_both() {
        let machine = read("[core_kind.a]\ncount = 3\n[group.g]\ncores = 5").unwrap();
        assert_eq!(machine.len(), 5);
        refused(
            "cores = 2\n[core_kind.a]\ncount = 3",
            &["`cores` and `core_kind` both say", "keep one of them"],
        );
    }

    #[test]
    fn sockets_that_do_not_divide_the_cores_are_refused_with_what_would_be_right() {
        refused(
            "cores = 10\nsockets = 4",
            &[
                "10 cores can't be divided evenly among 4 sockets",
                "test.toml:1:9",
                "write 8 or 12 cores, or 2 sockets",
            ],
        );
        refused(
            "sockets = 2",
            &["1 core can't be divided evenly among 2 sockets", "write 2 cores, or 1 socket"],
        );
        refused(
            "cores = 8\n[group.a]\nsockets = 3",
            &["8 cores can't be divided", "test.toml:1:9", "3 sockets"],
        );
    }

    #[test]
    fn a_machine_that_does_not_fit_in_memory_is_refused_before_it_is_built() {
        refused(
            "nodes = 1_000_000\ncores = 1_000_000",
            &["a machine of 1 000 000 000 000 cores doesn't fit in memory", "at most 16 777 216 cores"],
        );
        refused("nodes = 0", &["`nodes` must be a whole number, at least 1"]);
    }

    #[test]
    fn keys_that_are_not_built_yet_say_so() {
        refused("smt = { threads = 2, throughput = 1.25 }", &["`smt` isn't built yet"]);
        refused("crowding = [1, 0.5]", &["`crowding` isn't built yet"]);
        refused("memory = { latency = \"95 ns\" }", &["`memory.latency` isn't built yet"]);
        refused("[cache.L3]\nsize = \"32 MiB\"", &["`cache` isn't built yet"]);
        refused("core = 8", &["has no key `core`", "did you mean `cores`?"]);
    }

    #[test]
    fn a_script_changes_the_speeds_of_what_it_targets_in_order_of_time() {
        let text = "nodes = 2\ncores = 2\nscript = [{ at = \"10.5 s\", target = \"node 1\", speed = 0.2 }, \
                    { at = \"1 s\", target = \"core 0\", speed = 2 }]";
        let machine = read(text).unwrap();
        let rows: Vec<_> = machine
            .script
            .iter()
            .map(|row| {
                (row.at.ticks(), row.cores.iter().map(|core| core.index()).collect::<Vec<_>>(), row.factor)
            })
            .collect();
        assert_eq!(rows, [(1_000_000_000_000, vec![0], 2.0), (10_500_000_000_000, vec![2, 3], 0.2)]);
        refused(
            "script = [{ at = \"1 s\", target = \"node 1\", speed = 0.2 }]",
            &["the machine has only node 0"],
        );
        refused("script = [{ at = \"1 s\", target = \"node 0\", speed = 0 }]", &["must be above 0"]);
        refused("script = [{ target = \"node 0\", speed = 1 }]", &["needs `at`"]);
    }

    #[test]
    fn the_machine_of_the_workload_leaves_nothing_else_to_say() {
        assert!(matches!(testing::read("from = \"workload\""), Ok(Described::FromWorkload)));
        refused("from = \"workload\"\ncores = 4", &["`.cores` does nothing"]);
        refused("from = \"file\"", &["must be `\"workload\"`"]);
    }

    #[test]
    fn a_group_can_not_take_a_word_of_the_grammar_of_addresses() {
        refused("[group.node]\nnodes = 2", &["a group can't be called `node`"]);
    }

    #[test]
    fn several_problems_show_in_one_pass() {
        refused("cores = -1\nspeed = \"3 GHz\"\nnodes = 1.5", &["`cores`", "`nodes`", "GHz"]);
    }
}
