//! Scenarios at random, with times that coincide often: none may panic, hang, or break an identity.
//!
//! `MAKESPAN_SWARM=20000` tries so many instead of a few hundred; `MAKESPAN_SWARM_FROM=123` begins at that one.
#![allow(clippy::disallowed_methods, reason = "is told by the environment how many to try")]

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::common::{Log, attempt};
use makespan::ids::TaskId;
use makespan::metrics::Metric;
use makespan::record::{Fate, Outcome};
use makespan::scenario::{Request, Scenario, check};
use makespan::sim::{Failure, simulate};
use makespan::source::InMemory;

/// A generator of small numbers (Knuth's MMIX constants).
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) % sides
    }

    fn from(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high - low + 1)
    }

    /// True once in so many times.
    fn once_in(&mut self, sides: u64) -> bool {
        self.below(sides) == 0
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len() as u64) as usize]
    }
}

/// A scenario under construction.
struct Draft {
    dice: Dice,
    text: String,
    nodes: u64,
    cores: u64,
    network: bool,
    /// Whether a queue takes cores back or shares them: tasks have one core each then, and no job goes back as a whole.
    narrow: bool,
    /// Whether a queue shares them: nobody asks for memory then.
    pooled: bool,
    /// Whether there is a loop, and whether a tree.
    looped: bool,
    grown: bool,
    /// Whether what waits may be rebalanced.
    rebalance: bool,
    /// Whether something breaks for good, so that work may remain that nobody can do.
    for_good: bool,
}

const POLICIES: &[&str] = &[
    "\"fifo\"",
    "\"list\"",
    "\"lpt\"",
    "\"spt\"",
    "\"central-queue\"",
    "\"random\"",
    "\"static-block\"",
    "\"static-cyclic\"",
    "\"round-robin\"",
    "\"least-loaded\"",
    "\"heft\"",
    "\"weighted-round-robin\"",
    "\"jsq\"",
    "\"power-of-d\"",
    "{ power-of-d = { d = 1, memory = 1 } }",
    "\"jiq\"",
    "\"least-work-left\"",
    "\"least-connections\"",
    "{ consistent-hash = { bound = 1.2, points = 3 } }",
];

const QUEUES: &[&str] = &[
    "\"lifo\"",
    "\"spt\"",
    "\"lpt\"",
    "\"fifo\"",
    "\"srpt\"",
    "\"processor-sharing\"",
    "\"processor-sharing\"",
    "\"processor-sharing\"",
    "{ lifo.preemptive = true }",
    "{ spt.preemptive = true }",
    "{ round-robin-quantum = \"1 s\" }",
    "{ fair-share = \"2 s\" }",
    "{ mlfq = [\"1 s\", \"2 s\"] }",
    "{ mlfq = { quanta = [\"1 s\", \"3 s\"], boost = \"5 s\" } }",
];

/// Policies that keep a queue for each core.
const OWN_QUEUES: &[&str] = &[
    "\"random\"",
    "\"static-block\"",
    "\"static-cyclic\"",
    "\"round-robin\"",
    "\"least-loaded\"",
    "\"jsq\"",
];

const REBALANCING: &[&str] = &[
    "\"sender-initiated\"",
    "{ sender-initiated = { threshold = 2, probes = 1 } }",
    "{ sender-initiated = { threshold = \"3 s\", measure = \"work\" } }",
    "\"receiver-initiated\"",
    "{ receiver-initiated = { threshold = 2, again = \"1 s\" } }",
    "{ receiver-initiated = { again = \"2 s\", probes = 1 } }",
    "{ receiver-initiated = { threshold = \"2 s\", measure = \"expected\", again = \"3 s\" } }",
    "{ threshold = \"1 s\" }",
    "{ threshold = { every = \"2 s\", threshold = 0, measure = \"work\" } }",
    "{ diffusion = \"1 s\" }",
    "{ diffusion = { every = \"2 s\", threshold = 0, neighbours = 2 } }",
    "{ diffusion = { every = \"1 s\", measure = \"expected\", alpha = 0.5 } }",
];

/// Those that look at loads.
const LOOKING: &[&str] = &["least-loaded", "jsq", "power-of-d", "least-work-left", "consistent-hash"];
/// The other dispatchers.
const BLIND: &[&str] = &["random", "round-robin", "jiq", "least-connections"];

impl Draft {
    /// Scenario number `number`.
    fn new(number: u64, rebalance: bool) -> Self {
        let mut draft = Draft {
            dice: Dice(number.wrapping_mul(0x9e37_79b9_7f4a_7c15)),
            text: String::new(),
            nodes: 1,
            cores: 1,
            network: false,
            narrow: false,
            pooled: false,
            looped: false,
            grown: false,
            rebalance,
            for_good: false,
        };
        (0..4).for_each(|_| _ = draft.dice.below(2));
        draft.machine();
        draft.network();
        draft.run();
        draft.schedule("schedule");
        let workloads = draft.dice.from(1, 3);
        (0..workloads).for_each(|at| draft.workload(at));
        if draft.looped && draft.dice.once_in(2) {
            let chunks = draft.dice.pick(&["self", "guided", "factoring", "static-steal"]);
            draft.line(format_args!("schedule.loop = \"{chunks}\""));
        }
        if !draft.dice.once_in(3) {
            draft.faults();
        }
        draft
    }

    /// Whether there may be work left at the horizon, since it is near or something is broken for good.
    fn may_be_cut(&self) -> bool {
        self.for_good || !self.text.contains("100000 s")
    }

    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        self.text.write_fmt(line).expect("a string takes all");
        self.text.push('\n');
    }

    fn seconds(&mut self, low: u64, high: u64) -> String {
        format!("\"{} s\"", self.dice.from(low, high))
    }

    fn machine(&mut self) {
        (self.nodes, self.cores) = (self.dice.from(1, 4), self.dice.from(1, 4));
        let (nodes, cores) = (self.nodes, self.cores);
        self.line(format_args!("machine.nodes = {nodes}\nmachine.cores = {cores}"));
        if cores % 2 == 0 && self.dice.once_in(2) {
            self.line(format_args!("machine.sockets = 2"));
        }
        if self.dice.once_in(3) {
            self.line(format_args!("machine.memory.bandwidth = \"4 B/s\""));
        }
        match self.dice.below(4) {
            0 => {
                let speeds: Vec<String> =
                    (0..cores).map(|_| self.dice.pick(&["0.5", "1.0", "2.0"]).to_owned()).collect();
                self.line(format_args!("machine.speed = [{}]", speeds.join(", ")));
            }
            1 => self.line(format_args!("machine.speed = {{ uniform = [0.5, 1.5] }}")),
            _ => {}
        }
        if self.dice.once_in(4) {
            let (at, target) = (self.seconds(0, 8), self.target());
            let (later, speed) = (self.seconds(4, 12), self.dice.pick(&["0.5", "3", "0.25"]));
            self.line(format_args!(
                "machine.script = [{{ at = {at}, target = \"{target}\", speed = {speed} }}, \
                 {{ at = {later}, target = \"node 0\", speed = 2 }}]"
            ));
        }
    }

    fn target(&mut self) -> String {
        match self.dice.below(3) {
            0 => format!("core {}", self.dice.below(self.nodes * self.cores)),
            1 => format!("node {} core {}", self.dice.below(self.nodes), self.dice.below(self.cores)),
            _ => format!("node {}", self.dice.below(self.nodes)),
        }
    }

    fn network(&mut self) {
        self.network = self.nodes > 1 && !self.dice.once_in(3);
        if !self.network {
            return;
        }
        let contention = self.dice.pick(&["none", "fair"]);
        let latency = self.dice.pick(&["0 s", "0.5 s", "1 s"]);
        self.line(format_args!(
            "network.bandwidth = \"2 B/s\"\nnetwork.latency = \"{latency}\"\nnetwork.contention = \"{contention}\""
        ));
        if self.dice.once_in(3) {
            self.line(format_args!(
                "network.protocol = {{ send_overhead = \"0.5 s\", receive_overhead = \"0.5 s\" }}"
            ));
        }
        if self.dice.once_in(2) {
            self.line(format_args!("network.topology = \"custom\""));
            for node in 1..self.nodes {
                let duplex = self.dice.pick(&["full", "half"]);
                // A chain, or a star about node 0.
                let other = if self.dice.once_in(2) { node - 1 } else { 0 };
                self.line(format_args!(
                    "network.link.l{node} = {{ ends = [\"node {other}\", \"node {node}\"], duplex = \"{duplex}\" }}"
                ));
            }
        }
    }

    fn run(&mut self) {
        let seed = self.dice.below(1000);
        self.line(format_args!("run.seed = {seed}\nrun.limits.events = 200_000"));
        if self.dice.once_in(3) {
            let horizon = self.dice.from(5, 40);
            self.line(format_args!("run.horizon = \"{horizon} s\""));
        } else {
            self.line(format_args!("run.horizon = \"100000 s\""));
        }
        match self.dice.below(5) {
            0 => self.line(format_args!("run.warmup = \"2 s\"")),
            1 => self.line(format_args!("run.warmup = \"auto\"")),
            _ => {}
        }
    }

    fn schedule(&mut self, at: &str) {
        if self.rebalance && self.dice.once_in(2) {
            let (policy, way) = (self.dice.pick(OWN_QUEUES), self.dice.pick(REBALANCING));
            self.line(format_args!("{at}.policy = {policy}\n{at}.rebalance = {way}"));
            if self.dice.once_in(2) {
                self.line(format_args!("{at}.cost.probe = \"1 s\""));
            }
            if self.dice.once_in(3) {
                let queue = self.dice.pick(&["lifo", "spt", "srpt", "{ round-robin-quantum = \"1 s\" }"]);
                self.narrow |= !["lifo", "spt"].contains(&queue);
                let queue = if queue.starts_with('{') { queue.to_owned() } else { format!("\"{queue}\"") };
                self.line(format_args!("{at}.queue = {queue}"));
            }
            return;
        }
        let policy = self.dice.pick(POLICIES);
        self.line(format_args!("{at}.policy = {policy}"));
        if self.dice.once_in(3) && ["\"fifo\"", "\"lpt\"", "\"central-queue\""].contains(&policy) {
            let serial = self.dice.once_in(2);
            self.line(format_args!("{at}.cost = {{ dispatch = \"1 s\", serial = {serial} }}"));
        }
        let is_of = |names: &[&str]| names.iter().any(|name| policy.contains(name));
        if is_of(LOOKING) && self.dice.once_in(2) {
            let (rule, span) = (self.dice.pick(&["age", "board", "individual"]), self.seconds(1, 5));
            self.line(format_args!("{at}.stale.{rule} = {span}"));
        }
        if is_of(LOOKING) || is_of(BLIND) {
            if self.dice.once_in(2) {
                let (count, split) = (self.dice.from(2, 3), self.dice.pick(&["random", "in-turn"]));
                self.line(format_args!("{at}.dispatchers = {{ count = {count}, split = \"{split}\" }}"));
            }
            if self.dice.once_in(2) {
                let serial = self.dice.once_in(2);
                self.line(format_args!("{at}.cost = {{ dispatch = \"1 s\", serial = {serial} }}"));
            }
        }
        if self.dice.once_in(2)
            && !["\"fifo\"", "\"list\"", "\"lpt\"", "\"spt\"", "\"heft\""].contains(&policy)
        {
            let queue = self.dice.pick(QUEUES);
            self.narrow |= !["\"lifo\"", "\"spt\"", "\"lpt\"", "\"fifo\""].contains(&queue);
            self.pooled |= queue == "\"processor-sharing\"";
            self.line(format_args!("{at}.queue = {queue}"));
            if self.narrow && !self.pooled && self.dice.once_in(3) {
                self.line(format_args!("{at}.cost.switch = \"0.5 s\""));
            }
        }
    }

    fn workload(&mut self, at: u64) {
        let kind = match self.dice.below(7) {
            0 | 1 => "tasks",
            2 | 3 => "service",
            4 if self.network => "transfers",
            5 if !self.pooled => "loop",
            6 if !self.narrow => "tree",
            _ => "dag",
        };
        self.line(format_args!("workload.w{at}.kind = \"{kind}\""));
        if self.dice.once_in(3) {
            let start = self.seconds(0, 6);
            self.line(format_args!("workload.w{at}.start = {start}"));
        }
        if at > 0 && self.dice.once_in(4) {
            self.line(format_args!("workload.w{at}.background = true"));
        }
        if self.dice.once_in(3) && ["tasks", "dag"].contains(&kind) && !self.narrow {
            self.schedule(&format!("workload.w{at}.schedule"));
        }
        if self.dice.once_in(5) && kind != "transfers" {
            let node = self.dice.below(self.nodes);
            self.line(format_args!("workload.w{at}.on = \"node {node}\""));
        }
        match kind {
            "tasks" => self.tasks(at),
            "service" => self.service(at),
            "dag" => self.dag(at),
            "loop" => self.iterations(at),
            "tree" => self.tree(at),
            _ => self.transfers(at),
        }
    }

    fn work(&mut self) -> String {
        match self.dice.below(6) {
            0 => "{ exponential = \"3 s\" }".into(),
            1 => "{ uniform = [\"1 s\", \"5 s\"] }".into(),
            2 => "\"0 s\"".into(),
            _ => self.seconds(1, 6),
        }
    }

    fn tasks(&mut self, at: u64) {
        let key = format!("workload.w{at}");
        if self.dice.once_in(2) {
            let (count, work) = (self.dice.from(1, 20), self.work());
            self.line(format_args!("{key}.count = {count}\n{key}.work = {work}"));
            match self.dice.below(6) {
                0 => self.line(format_args!("{key}.arrivals.poisson = \"0.5 /s\"")),
                1 => self.line(format_args!("{key}.arrivals.every = \"1 s\"")),
                2 => self.line(format_args!("{key}.arrivals.bursts = {{ every = \"3 s\", size = 4 }}")),
                _ => {}
            }
            if self.dice.once_in(4) && !self.narrow {
                let cores = self.dice.from(1, self.cores);
                self.line(format_args!("{key}.cores = {cores}"));
            }
            if self.dice.once_in(3) && !self.pooled {
                self.line(format_args!("{key}.memory = {{ traffic = \"10 B\", pattern = \"stream\" }}"));
            }
            if self.network && self.dice.once_in(3) {
                let home = self.dice.below(self.nodes);
                self.line(format_args!("{key}.data = {{ size = \"4 B\", home = \"node {home}\" }}"));
            }
            return;
        }
        let count = self.dice.from(1, 8);
        let rows: Vec<String> = (0..count)
            .map(|_| {
                let mut row = format!("work = {}", self.work());
                if self.dice.once_in(3) {
                    let release = self.seconds(0, 9);
                    row += &format!(", release = {release}");
                }
                if self.dice.once_in(3) && !self.narrow {
                    row += &format!(", cores = {}", self.dice.from(1, self.cores));
                } else if self.dice.once_in(4) {
                    row += &format!(", pin = \"{}\"", self.target());
                }
                if self.dice.once_in(3) {
                    row += &self.standing();
                }
                if self.dice.once_in(4) && !self.pooled {
                    row += ", memory.traffic = \"6 B\"";
                }
                format!("{{ {row} }}")
            })
            .collect();
        self.line(format_args!("{key}.list = [{}]", rows.join(", ")));
    }

    fn service(&mut self, at: u64) {
        let key = format!("workload.w{at}");
        let (count, work) = (self.dice.from(1, 20), self.work());
        self.line(format_args!("{key}.count = {count}\n{key}.work = {work}"));
        match self.dice.below(3) {
            0 => self.line(format_args!("{key}.arrivals.poisson = \"0.5 /s\"")),
            1 => self.line(format_args!("{key}.arrivals.every = \"1 s\"")),
            _ => self.line(format_args!("{key}.users = 4\n{key}.think = \"1 s\"")),
        }
        if self.cores.is_multiple_of(2) && self.dice.once_in(3) {
            self.line(format_args!("{key}.cores = 2"));
        }
        match self.dice.below(6) {
            0 => self.line(format_args!("{key}.fan_out = 2")),
            1 => self.line(format_args!("{key}.fan_out = {{ parts = 2, wait = 1 }}")),
            2 => self.line(format_args!("{key}.hedge.after = \"2 s\"")),
            3 => self.line(format_args!("{key}.hedge.after = \"p50\"")),
            _ => {}
        }
        if self.dice.once_in(4) {
            self.line(format_args!("{key}.capacity = 2"));
        }
        if self.dice.once_in(3) {
            self.line(format_args!("{key}.classes = {{ a = {{ share = 1 }}, b = {{ work = \"2 s\" }} }}"));
        }
    }

    fn dag(&mut self, at: u64) {
        let key = format!("workload.w{at}");
        if self.dice.once_in(4) {
            let work = self.work();
            let family = self.dice.pick(&[
                "layered = { layers = 3, width = 3, density = 0.5",
                "fork-join = { stages = 2, width = 4",
                "cholesky = { tiles = 3",
                "fft = { points = 4",
            ]);
            self.line(format_args!("{key}.generate.{family}, work = {work}, data = \"2 B\" }}"));
            return;
        }
        let count = self.dice.from(1, 10);
        for task in 0..count {
            let mut row = if self.dice.once_in(4) {
                let each: Vec<String> = (0..self.nodes * self.cores).map(|_| self.seconds(1, 6)).collect();
                format!("work = {{ per_core = [{}] }}", each.join(", "))
            } else {
                let cores =
                    if self.dice.once_in(4) && !self.narrow { self.dice.from(1, self.cores) } else { 1 };
                format!("work = {}, cores = {cores}", self.work())
            };
            if self.dice.once_in(3) {
                row += &self.standing();
            }
            let preds: Vec<u64> = (0..task).filter(|_| self.dice.once_in(3)).collect();
            if self.dice.once_in(2) {
                let names: Vec<String> = preds.iter().map(|pred| format!("\"t{pred}\"")).collect();
                row += &format!(", after = [{}]", names.join(", "));
            } else {
                let data: Vec<String> =
                    preds.iter().map(|pred| format!("t{pred} = \"{} B\"", self.dice.below(6))).collect();
                row += &format!(", after = {{ {} }}", data.join(", "));
            }
            self.line(format_args!("{key}.task.t{task} = {{ {row} }}"));
        }
    }

    /// How a task stands against others.
    fn standing(&mut self) -> String {
        let (priority, deadline) = (self.dice.below(3), self.dice.from(1, 20));
        let weight = self.dice.pick(&["0.5", "1", "3"]);
        format!(", priority = {priority}, deadline = \"{deadline} s\", weight = {weight}")
    }

    fn iterations(&mut self, at: u64) {
        let key = format!("workload.w{at}");
        let (iterations, steps) = (self.dice.from(1, 12), self.dice.from(1, 3));
        let barrier = self.seconds(0, 1);
        self.looped = true;
        self.line(format_args!(
            "{key}.iterations = {iterations}\n{key}.cost = \"1 s\"\n{key}.steps = {steps}\n{key}.barrier = {barrier}"
        ));
    }

    fn tree(&mut self, at: u64) {
        let key = format!("workload.w{at}");
        let depth = self.dice.from(0, 3);
        self.grown = true;
        self.line(format_args!(
            "{key}.shape.balanced = {depth}\n{key}.work = \"1 s\"\n{key}.spawn = \"0.5 s\"\n{key}.join = \"1 s\""
        ));
    }

    fn transfers(&mut self, at: u64) {
        let key = format!("workload.w{at}");
        if self.dice.once_in(3) {
            self.line(format_args!("{key}.at_once = 2"));
            self.line(format_args!("{key}.pattern = \"all-to-all\"\n{key}.bytes = \"4 B\""));
            return;
        }
        let count = self.dice.from(1, 6);
        let rows: Vec<String> = (0..count)
            .map(|_| {
                let from = self.dice.below(self.nodes);
                let to = (from + 1 + self.dice.below(self.nodes - 1)) % self.nodes;
                let (bytes, start, weight) = (self.dice.below(9), self.dice.below(5), self.dice.from(1, 3));
                format!(
                    "{{ from = \"node {from}\", to = \"node {to}\", bytes = \"{bytes} B\", \
                     start = \"{start} s\", weight = {weight} }}"
                )
            })
            .collect();
        self.line(format_args!("{key}.list = [{}]", rows.join(", ")));
    }

    fn faults(&mut self) {
        for at in 0..self.dice.from(1, 3) {
            let key = format!("faults.inject.f{at}");
            let every = ["every node", "every core"];
            let target = if self.dice.once_in(3) { self.dice.pick(&every).to_owned() } else { self.target() };
            let fault = self.dice.pick(&["\"crash\"", "\"crash\"", "\"crash\"", "{ slowdown = 0.5 }"]);
            self.line(format_args!("{key}.target = \"{target}\"\n{key}.fault = {fault}"));
            match self.dice.below(4) {
                0 => {
                    let mean = self.dice.from(40, 90);
                    self.line(format_args!("{key}.mtbf.exponential = \"{mean} s\"\n{key}.repair = \"2 s\""));
                }
                1 => {
                    let at = self.seconds(0, 12);
                    self.for_good = true;
                    self.line(format_args!("{key}.at = {at}"));
                }
                _ => {
                    let first = self.dice.from(0, 8);
                    let lasting = self.dice.from(1, 5);
                    let second = first + lasting + self.dice.below(5);
                    self.line(format_args!(
                        "{key}.at = [\"{first} s\", \"{second} s\"]\n{key}.for = \"{lasting} s\""
                    ));
                }
            }
        }
        match self.dice.below(3) {
            0 => {
                let delay = self.seconds(0, 4);
                self.line(format_args!("faults.detect.delay = {delay}"));
            }
            1 => self.line(format_args!("faults.detect = {{ heartbeat = \"2 s\", timeout = \"3 s\" }}")),
            _ => {}
        }
        let choices = if self.looped || self.grown { 2 } else { 3 + 2 * u64::from(!self.narrow) };
        let least = u64::from(self.grown);
        match self.dice.from(least, choices - 1) {
            0 => {}
            1 => self.line(format_args!("faults.recover = \"retry\"")),
            2 => self.line(format_args!("faults.recover.retry.resample = true")),
            3 => self.line(format_args!("faults.recover.restart = {{ restart = \"1 s\" }}")),
            _ => {
                let (interval, last) = (self.dice.from(1, 5), self.dice.once_in(3));
                self.line(format_args!(
                    "faults.recover.checkpoint = {{ interval = \"{interval} s\", cost = \"1 s\", restart = \"1 s\", last = {last} }}"
                ));
            }
        }
    }
}

/// The scenario of a draft, unless the check refuses it.
fn accepted(draft: &Draft) -> Option<std::sync::Arc<Scenario>> {
    let files = InMemory::new([("scenario.toml", draft.text.as_str())]);
    let checked = check(&files, &Request { path: "scenario.toml", ..Request::default() }).ok()?;
    Some(checked.study.cases[0].scenario.clone())
}

/// What must hold of every run.
fn holds(scenario: &Scenario, outcome: &Outcome, log: &Log) {
    let cores = scenario.machine.cores.len() as u128;
    assert_eq!(outcome.times.total(), cores * u128::from(outcome.end.ticks()), "core time");
    let mut fates: BTreeMap<(u32, u64), Fate> = BTreeMap::new();
    for row in &log.tasks {
        assert!(fates.insert((row.job, row.number), row.fate).is_none(), "two fates of {row:?}");
        assert!(row.end <= outcome.end, "{row:?}");
        if let Some(start) = row.start {
            let release = row.release.expect("what has started was released");
            assert!(release <= start && start <= row.end.max(start), "{row:?}");
        }
        assert!(row.fate != Fate::Done || row.start.is_some_and(|start| start <= row.end), "{row:?}");
    }
    let parts =
        |job: &makespan::scenario::Job| job.workload.service().is_some_and(|its| its.most_tasks() > 1);
    let count = |fate| fates.values().filter(|other| **other == fate).count() as u64;
    let counted = [Fate::Done, Fate::Failed, Fate::Dropped, Fate::Unfinished].map(count);
    let said = outcome.fates;
    // Of a request with parts it is the request that counts, and the rows are of its parts.
    let whole = !scenario.jobs.iter().any(parts);
    assert!(
        !whole || counted == [said.done, said.failed, said.dropped, said.unfinished],
        "fates: {counted:?}, {said:?}"
    );
    let mut intervals: BTreeMap<usize, Vec<_>> = BTreeMap::new();
    for interval in &log.intervals {
        intervals.entry(interval.core.index()).or_default().push(interval);
    }
    for (core, own) in intervals {
        let mut at = makespan::time::Time::ZERO;
        for interval in own {
            assert_eq!(interval.from, at, "a gap before {interval:?} of core {core}");
            assert!(interval.to > interval.from, "{interval:?}");
            at = interval.to;
        }
        assert_eq!(at, outcome.end, "core {core}");
    }
    for message in &log.messages {
        assert!(message.sent <= message.end, "{message:?}");
    }
}

/// No task of a graph ends before one that it waits for; nor does it start before, unless work is done again.
fn in_order(log: &Log, again: bool) {
    for (job, graph) in &log.graphs {
        let row = |task: TaskId| {
            log.tasks.iter().find(|row| (row.job, row.number) == (*job, task.index() as u64)).expect("a fate")
        };
        for task in graph.tasks().filter(|task| row(*task).fate == Fate::Done) {
            for pred in graph.preds(task) {
                assert_eq!(row(*pred).fate, Fate::Done, "{task:?} without {pred:?}");
                assert!(row(*pred).end <= row(task).end, "{task:?} before {pred:?}");
                assert!(again || Some(row(*pred).end) <= row(task).start, "{task:?} before {pred:?}");
            }
        }
    }
}

fn try_one(number: u64, rebalance: bool) -> bool {
    let draft = Draft::new(number, rebalance);
    let Some(scenario) = accepted(&draft) else { return false };
    let mut log = Log::default();
    match simulate(&scenario, 0, &mut log) {
        Ok(outcome) => {
            holds(&scenario, &outcome, &log);
            in_order(&log, draft.text.contains("crash"));
            // A job that begins anew at every failure may never get between two of them.
            let failures = outcome.values.get(Metric::Failures).unwrap_or(0.0);
            let hopeless = draft.text.contains("recover.restart") && failures > 1000.0;
            assert!(
                !outcome.cut || draft.may_be_cut() || hopeless,
                "it stands still until the horizon: {:?}",
                outcome.fates
            );
            let again = attempt(&scenario, 0).expect("it came to an end before");
            assert_eq!((again.digest, again.end), (outcome.digest, outcome.end), "not the same twice");
            assert_eq!((again.values, again.times), (outcome.values, outcome.times), "not the same twice");
        }
        Err(Failure::TooManyEvents { .. }) if draft.text.contains("mtbf") => {}
        Err(failure) => panic!("{}", failure.describe(&scenario)),
    }
    true
}

#[test]
fn a_swarm_of_scenarios_comes_to_good_ends() {
    swarm(false);
}

#[test]
fn a_swarm_of_scenarios_that_rebalance_comes_to_good_ends() {
    swarm(true);
}

fn swarm(rebalance: bool) {
    let number = |name| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let from = number("MAKESPAN_SWARM_FROM").unwrap_or(0);
    let count = number("MAKESPAN_SWARM").unwrap_or(600);
    let mut accepted = 0;
    let mut wrong = Vec::new();
    for at in from..from + count {
        match std::panic::catch_unwind(|| try_one(at, rebalance)) {
            Ok(ran) => accepted += u64::from(ran),
            Err(_) => wrong.push(at),
        }
        if wrong.len() == 20 {
            break;
        }
    }
    if let Some(first) = wrong.first() {
        panic!(
            "scenarios {wrong:?} went wrong, of which the first is\n{}",
            Draft::new(*first, rebalance).text
        );
    }
    assert!(accepted * 2 > count, "only {accepted} of {count} were accepted: too few to say anything");
}
