//! The `[schedule]` table.

use super::estimate::EstimateError;
use super::loops::{LOOPS, LoopSpec, Static};
use super::{OrderSpec, PolicySpec, Queues, order::fifo::Fifo, steal::Initial};
use crate::error::Problem;
use crate::place::Place;
use crate::rng::Distribution;
use crate::source::{AnyField, Context, Field, Fields, Kind, Later, Read, Shape, Value};
use crate::time::Span;
use crate::workload::Workload;

/// How work is scheduled.
#[derive(Debug)]
pub struct Schedule {
    /// Which core or queue gets ready work.
    pub policy: Box<dyn PolicySpec>,
    /// How a loop hands out chunks.
    pub chunks: Box<dyn LoopSpec>,
    /// What decisions cost.
    pub cost: Cost,
    /// The factor by which the work that a clairvoyant scheduler sees is wrong, drawn for each task.
    pub estimate_error: Option<Distribution>,
    /// Whether ties go to the lowest index and not to one of the equals at random.
    pub lowest: bool,
    /// Where work starts or arrives under stealing.
    pub initial: Initial,
    /// The order of `schedule.queue`, where the policy leaves one to be chosen.
    queue: Option<Box<dyn OrderSpec>>,
    /// The names by which the policy, that order and the loop schedule were chosen.
    names: (String, Option<String>, String),
    /// Where the policy is chosen, and where the order of its queues.
    place: Place,
    queue_place: Place,
    /// Where `loop` is given, and the keys that say how tasks are scheduled.
    given: (Option<Place>, Vec<(&'static str, Place)>),
}

/// What decisions cost.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cost {
    /// What taking a task from a shared queue takes.
    pub dispatch: Span,
    /// Whether that happens under one lock.
    pub serial: bool,
    /// What it takes a core to go over to a task that it did not have last.
    pub switch: Span,
    /// What an attempt to steal takes, whether it succeeds or not.
    pub steal: Span,
}

impl Schedule {
    /// The name of the policy.
    pub fn policy_name(&self) -> &str {
        &self.names.0
    }

    /// The name of the order within a queue, where the policy leaves it to `schedule.queue`.
    pub fn queue_name(&self) -> Option<&str> {
        self.names.1.as_deref()
    }

    /// The name of the loop schedule.
    pub fn loop_name(&self) -> &str {
        &self.names.2
    }

    /// Where the policy is chosen.
    pub fn place(&self) -> Place {
        self.place
    }

    /// The order within each queue: the policy's own, else that of `schedule.queue`.
    pub fn order(&self) -> &dyn OrderSpec {
        match self.policy.queues() {
            Queues::Central(Some(order)) => order,
            _ => self.queue.as_deref().unwrap_or(&Fifo),
        }
    }

    /// The name of the order within each queue.
    pub fn order_name(&self) -> &str {
        match self.policy.queues() {
            Queues::Central(Some(_)) => self.policy_name(),
            _ => self.queue_name().unwrap_or("fifo"),
        }
    }

    /// Where the order within a queue is chosen, or the policy for which it is.
    pub fn queue_place(&self) -> Place {
        self.queue_place
    }

    /// Whether it knows the work of a task beforehand.
    pub fn clairvoyant(&self) -> bool {
        self.policy.clairvoyant() || self.order().clairvoyant()
    }

    /// Whether anything of it is drawn at random.
    pub fn is_random(&self) -> bool {
        let estimates =
            self.clairvoyant() && self.estimate_error.as_ref().is_some_and(Distribution::is_random);
        let starts = self.policy.leaves_work_where_it_is() && self.initial == Initial::Random;
        estimates || starts || self.policy.is_random(self.lowest) || self.chunks.is_random()
    }

    /// Reports keys that say nothing to any of `users`, all workloads that it schedules, each with its name and the number
    /// of cores it may use: a loop schedule without a loop, or a policy where there are only loops.
    pub fn check_users(&self, users: &[(&str, &dyn Workload, u32)], cx: &Context<'_>) {
        let users: Vec<_> = users.iter().filter(|user| user.1.uses_cores()).collect();
        let loops = || users.iter().filter_map(|user| Some((user.0, user.1.shape()?, user.2)));
        let Some((first, ..)) = users.first() else { return };
        if let (0, Some(place)) = (loops().count(), self.given.0) {
            let what =
                format!("`loop` hands out the iterations of a loop, but the workload `{first}` has tasks");
            let help = "choose a `policy` for tasks; a loop is a `workload.loop`";
            cx.problem(Problem::new(what).at(place, "nothing to hand out").help(help));
        }
        if loops().count() == users.len() {
            for (key, place) in &self.given.1 {
                let what = format!("`{key}` schedules tasks, but the workload `{first}` is a loop");
                cx.problem(Problem::new(what).at(*place, "no task to schedule").help(choose_loop()));
            }
        }
        for (name, shape, cores) in loops() {
            if let Some((what, help)) = self.chunks.misfits(&shape, cores) {
                let problem = Problem::new(what).at(self.given.0.unwrap_or(self.place), "");
                cx.problem(problem.help(format!("{help} (the loop is `{name}`)")));
            }
        }
    }

    /// Reports why it can't schedule `workload`, which the scenario calls `name`, on `servers` servers; nothing if it can.
    pub fn check(&self, name: &str, workload: &dyn Workload, servers: u32, cx: &Context<'_>) {
        if !workload.uses_cores() || workload.shape().is_some() {
            return;
        }
        let mut problems = self.policy.misfits(workload);
        problems.extend(self.policy.needs_servers(servers));
        if let Some(queue) = &self.queue {
            problems.extend(queue.misfits(workload));
        }
        for problem in problems {
            let placed = problem.at.is_some();
            let label = format!("doesn't fit the workload `{name}`");
            cx.problem(if placed { problem } else { problem.at(self.place, label) });
        }
    }
}

/// What would be right where a key of tasks meets a loop.
fn choose_loop() -> String {
    let names: Vec<_> = LOOPS.entries.iter().map(|entry| entry.name).collect();
    format!("choose how it hands out its iterations with `loop`, one of: {}", names.join(", "))
}

const POLICY: Field<Box<dyn PolicySpec>> =
    Field::new("policy", "which core or queue gets ready work").default("central-queue");
const QUEUE: Field<Box<dyn OrderSpec>> = Field::new("queue", "the order within a queue").default("fifo");
const COST: Field<Cost> = Field::new("cost", "what decisions cost").default("{}");
const ESTIMATE_ERROR: Field<EstimateError> = Field::new(
    "estimate_error",
    "how wrong the work is that clairvoyant policies see: a relative standard error, or a distribution of the factor",
)
.optional();
const TIES: Field<Ties> =
    Field::new("ties", "which of equally good cores is taken: one at `random`, or the `lowest`")
        .default("random");
const LOOP: Field<Box<dyn LoopSpec>> =
    Field::new("loop", "how a loop hands out its iterations; `static` if absent").optional();
const REBALANCE: Field<Later> = Field::later("rebalance", "how load moves between cores");
const INITIAL: Field<Initial> =
    Field::new("initial", "where work starts or arrives under stealing; `spread` if absent").optional();
const STALE: Field<Later> = Field::later("stale", "the age of the load information");
const OVERSUBSCRIBE: Field<Later> = Field::later("oversubscribe", "whether ranks may share a core");

const FIELDS: &[&dyn AnyField] =
    &[&POLICY, &QUEUE, &COST, &ESTIMATE_ERROR, &TIES, &LOOP, &REBALANCE, &INITIAL, &STALE, &OVERSUBSCRIBE];

impl Read for Schedule {
    fn shape() -> Shape {
        Shape::Table(FIELDS)
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let fields = Fields::open(value, FIELDS, cx)?;
        let policy = fields.take(&POLICY);
        let queue = match &policy {
            Some(policy) => queue_beside(&**policy, &fields),
            None => fields.maybe(&QUEUE),
        };
        let cost = fields.take(&COST);
        let (chunks, estimate_error) = (fields.maybe(&LOOP), fields.maybe(&ESTIMATE_ERROR));
        let ties = fields.take(&TIES);
        let initial = initial_beside(policy.as_deref(), &fields);
        let name = |given: Option<&Value>, field: &dyn AnyField| {
            given.map_or(field.default().unwrap_or(""), chosen).to_owned()
        };
        let task_keys: [(&'static str, Option<&Value>); 4] = [
            ("policy", fields.given(&POLICY)),
            ("queue", fields.given(&QUEUE)),
            ("estimate_error", fields.given(&ESTIMATE_ERROR)),
            ("ties", fields.given(&TIES)),
        ];
        // A resolved scenario spells every default, which says nothing to a loop and asks nothing of it.
        let asks = |name: &str, value: &Value| {
            let default = FIELDS.iter().find(|field| field.name() == name).and_then(|field| field.default());
            value.text().is_none_or(|text| Some(text) != default)
        };
        let given = task_keys
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.filter(|value| asks(name, value))?.place)))
            .collect();
        let ordered = queue.as_ref().is_some_and(Option::is_some);
        let names = (
            name(fields.given(&POLICY), &POLICY),
            ordered.then(|| name(fields.given(&QUEUE), &QUEUE)),
            fields.given(&LOOP).map_or("static", chosen).to_owned(),
        );
        let place = fields.given(&POLICY).map_or(fields.place, |value| value.place);
        Some(Schedule {
            policy: policy?,
            queue: queue?,
            chunks: chunks?.unwrap_or_else(|| Box::new(Static::default())),
            names,
            cost: cost?,
            estimate_error: estimate_error?.map(|error| error.0),
            lowest: ties?.0,
            initial: initial?,
            place,
            queue_place: fields.given(&QUEUE).map_or(place, |value| value.place),
            given: (fields.given(&LOOP).map(|value| value.place), given),
        })
    }
}

/// The order of the queues, where `policy` leaves one to be chosen; else none may be given.
fn queue_beside(policy: &dyn PolicySpec, fields: &Fields<'_>) -> Option<Option<Box<dyn OrderSpec>>> {
    let name = fields.given(&POLICY).map_or("", chosen);
    let (what, help) = match policy.queues() {
        Queues::Central(None) | Queues::PerServer => return fields.take(&QUEUE).map(Some),
        Queues::Central(Some(_)) => (
            format!("`{name}` is `central-queue` with queue = \"{name}\": it can't have another queue"),
            "leave `queue` out, or choose policy = \"central-queue\"",
        ),
        Queues::Planned => (
            format!("`{name}` plans the order of tasks on each core: there is no queue to be ordered"),
            "leave `queue` out",
        ),
        Queues::Deques(_) => (
            format!("`{name}` keeps deques, whose order is how they are used"),
            "leave `queue` out; `owner = \"fifo\"` lets cores work at the other end of their own deques",
        ),
    };
    let Some(value) = fields.given(&QUEUE) else { return Some(None) };
    fields.cx.fault(value, what, "an order of its own", help);
    None
}

/// Where work starts, where `policy` leaves it there until somebody takes it; else it can't be said.
fn initial_beside(policy: Option<&dyn PolicySpec>, fields: &Fields<'_>) -> Option<Initial> {
    let initial = fields.maybe(&INITIAL)?;
    let (Some(value), Some(policy)) = (fields.given(&INITIAL), policy) else {
        return Some(initial.unwrap_or_default());
    };
    if policy.leaves_work_where_it_is() {
        return Some(initial.unwrap_or_default());
    }
    let name = fields.given(&POLICY).map_or("central-queue", chosen);
    let what = format!("`{name}` decides itself where work goes: it has no place to start at");
    let help = "leave `initial` out (a variant says remove = [\"schedule.initial\"]), or choose policy = \"work-stealing\"";
    fields.cx.fault(value, what, "without effect", help);
    None
}

/// The name that a choice chooses.
fn chosen(value: &Value) -> &str {
    match &value.kind {
        Kind::Table(table) => table.only().map_or("", |(key, _)| &key.name),
        _ => value.text().unwrap_or(""),
    }
}

const DISPATCH: Field<Span> =
    Field::new("dispatch", "the time that taking a task from a shared queue takes").default("0 s");
const SERIAL: Field<bool> =
    Field::new("serial", "whether the queue is locked meanwhile, so that dispatches wait for one another")
        .default("true");
const SWITCH: Field<Span> = Field::new(
    "switch",
    "the time that a core takes to go over to another task than it had last: a context switch",
)
.default("0 s");
const STEAL: Field<Span> =
    Field::new("steal", "the time that an attempt to steal takes, whether it succeeds or not").default("0 s");

const COSTS: &[&dyn AnyField] = &[&DISPATCH, &SERIAL, &SWITCH, &STEAL];

impl Read for Cost {
    fn shape() -> Shape {
        Shape::Table(COSTS)
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let fields = Fields::open(value, COSTS, cx)?;
        let (dispatch, serial) = (fields.take(&DISPATCH), fields.take(&SERIAL));
        let (switch, steal) = (fields.take(&SWITCH), fields.take(&STEAL));
        Some(Cost { dispatch: dispatch?, serial: serial?, switch: switch?, steal: steal? })
    }
}

/// Whether ties go to the lowest index.
struct Ties(bool);

impl Read for Ties {
    fn shape() -> Shape {
        Shape::Word(&["random", "lowest"])
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        match value.text() {
            Some("random") => Some(Ties(false)),
            Some("lowest") => Some(Ties(true)),
            _ => {
                let what = format!("`{}` must be `\"random\"` or `\"lowest\"`", cx.path());
                cx.fault(value, what, "neither of them", "");
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::POLICIES;
    use crate::policy::testing::Bag;
    use crate::source::testing::read_with;

    fn schedule(text: &str) -> Result<Schedule, String> {
        let text = format!("[schedule]\n{text}");
        read_with(&text, |document, cx| {
            let value = document.table()?.get("schedule")?;
            cx.below("schedule", || Schedule::read(value, cx))
        })
    }

    /// What is told about `text`, in which all of `parts` must come.
    fn refused(text: &str, parts: &[&str]) {
        let told = schedule(text).expect_err(text);
        for part in parts {
            assert!(told.contains(part), "{text} lacks {part:?}:\n{told}");
        }
    }

    /// What is told when `text` is to schedule `bag`.
    fn misfit(text: &str, bag: &Bag) -> String {
        let text = format!("[schedule]\n{text}");
        let checked = read_with(&text, |document, cx| {
            let value = document.table()?.get("schedule")?;
            let schedule = cx.below("schedule", || Schedule::read(value, cx))?;
            schedule.check("web", bag, 4, cx);
            cx.is_clean().then_some(())
        });
        checked.err().unwrap_or_default()
    }

    #[test]
    fn an_empty_table_is_a_central_queue_first_in_first_out_at_no_cost() {
        let schedule = schedule("").unwrap();
        assert!(matches!(schedule.policy.queues(), Queues::Central(None)));
        assert_eq!(format!("{:?}", schedule.order()), "Fifo");
        let free = Cost { dispatch: Span::ZERO, serial: true, switch: Span::ZERO, steal: Span::ZERO };
        assert_eq!(schedule.cost, free);
        assert!(!schedule.lowest && !schedule.clairvoyant() && !schedule.is_random());
    }

    #[test]
    fn every_key_is_read() {
        let text = r#"policy = "least-loaded"
            queue = "spt"
            cost = { dispatch = "150 ns", serial = false }
            estimate_error = "20 %"
            ties = "lowest""#;
        let schedule = schedule(text).unwrap();
        assert!(matches!(schedule.policy.queues(), Queues::PerServer));
        assert_eq!(format!("{:?}", schedule.order()), "Spt { preemptive: false }");
        assert_eq!(
            schedule.cost,
            Cost {
                dispatch: Span::from_ticks(150_000),
                serial: false,
                switch: Span::ZERO,
                steal: Span::ZERO
            }
        );
        assert!(schedule.lowest && schedule.clairvoyant() && schedule.is_random());
    }

    #[test]
    fn every_policy_reads_and_clairvoyance_and_chance_are_declared() {
        let with = |property: fn(&Schedule) -> bool| -> Vec<&str> {
            let has = |name: &&str| property(&schedule(&format!("policy = \"{name}\"")).unwrap());
            POLICIES.entries.iter().map(|entry| entry.name).filter(has).collect()
        };
        let central = |schedule: &Schedule| matches!(schedule.policy.queues(), Queues::Central(_));
        assert_eq!(with(central), ["central-queue", "fifo", "list", "lpt", "spt"]);
        assert_eq!(with(Schedule::clairvoyant), ["lpt", "spt", "least-work-left", "sita", "heft"]);
        assert_eq!(
            with(Schedule::is_random),
            [
                "random",
                "jsq",
                "power-of-d",
                "jiq",
                "least-loaded",
                "least-work-left",
                "sita",
                "consistent-hash",
                "work-stealing",
                "work-sharing"
            ]
        );
        let lowest = schedule("policy = 'least-loaded'\nties = 'lowest'").unwrap();
        assert!(!lowest.is_random());
        // An error of estimates that nobody looks at is never drawn.
        assert!(!schedule("policy = 'fifo'\nestimate_error = '5 %'").unwrap().is_random());
        assert!(schedule("policy = 'lpt'\nestimate_error = '5 %'").unwrap().is_random());
    }

    #[test]
    fn a_policy_that_is_an_order_takes_no_other_queue() {
        assert_eq!(format!("{:?}", schedule("policy = 'lpt'").unwrap().order()), "Lpt");
        refused(
            "policy = 'lpt'\nqueue = 'spt'",
            &[
                "`lpt` is `central-queue` with queue = \"lpt\": it can't have another queue",
                "leave `queue` out, or choose policy = \"central-queue\"",
                "test.toml:3",
            ],
        );
        refused(
            "policy.list.order = ['a']\nqueue = 'fifo'",
            &["`list` is `central-queue` with queue = \"list\""],
        );
        refused("policy = 'heft'\nqueue = 'fifo'", &["`heft` plans the order of tasks on each core"]);
    }

    #[test]
    fn what_is_not_built_yet_says_so() {
        for key in ["rebalance", "stale", "oversubscribe"] {
            refused(&format!("{key} = 'x'"), &[&format!("`schedule.{key}` isn't built yet")]);
        }
    }

    #[test]
    fn wrong_names_and_values_are_told() {
        refused(
            "policy = 'least-load'",
            &["there is no policy `least-load`", "did you mean `least-loaded`?"],
        );
        refused("queue = 'fife'", &["there is no queue order `fife`", "did you mean `fifo`?"]);
        refused("policy.random = { d = 2 }", &["`schedule.policy.random` has no key `d`"]);
        refused("ties = 'first'", &["`schedule.ties` must be `\"random\"` or `\"lowest\"`"]);
        refused("ties = 1", &["`schedule.ties` must be `\"random\"` or `\"lowest\"`"]);
        refused("cost = { dispatch = '3 MB' }", &["`schedule.cost.dispatch`: `3 MB` is a size"]);
        refused("cost.serial = 'yes'", &["`schedule.cost.serial` must be `true` or `false`"]);
        refused("estimate_error = '2 s'", &["`schedule.estimate_error`: `2 s` is a time, not a fraction"]);
        refused("policy.list = { order = 'T1' }", &["`schedule.policy.list.order` must be a list"]);
        refused("policy.list = { order = [3] }", &["`schedule.policy.list.order.0` must be a text"]);
        refused("order = 'fifo'", &["`schedule` has no key `order`"]);
    }

    #[test]
    fn a_policy_says_which_workloads_it_does_not_fit_and_what_would() {
        let endless = Bag { count: None, arrives: true, ..Bag::of(0) };
        let arriving = Bag { arrives: true, ..Bag::of(9) };
        let wide = Bag::of(9).with_wide("render", 4);
        let fits = |policy: &str, bag: &Bag| misfit(&format!("policy = '{policy}'"), bag).is_empty();
        let who = |bag: &Bag| -> Vec<&str> {
            POLICIES.entries.iter().map(|entry| entry.name).filter(|name| !fits(name, bag)).collect()
        };
        // A bag that says nothing of its work leaves no equal loads to be found.
        assert_eq!(who(&Bag::of(9)), ["sita"]);
        assert_eq!(who(&endless), ["sita", "static-block", "heft"]);
        assert_eq!(who(&arriving), ["sita", "heft"]);
        let per_server = |name: &&str| {
            let schedule = schedule(&format!("policy = \"{name}\"")).unwrap();
            matches!(schedule.policy.queues(), Queues::PerServer | Queues::Deques(_))
        };
        let all: Vec<&str> = POLICIES.entries.iter().map(|entry| entry.name).filter(per_server).collect();
        assert_eq!(who(&wide), all);

        let told = |policy: &str, bag: &Bag, parts: &[&str]| {
            let told = misfit(&format!("policy = '{policy}'"), bag);
            let lacks = parts.iter().find(|part| !told.contains(**part));
            assert!(lacks.is_none(), "{policy} lacks {lacks:?}:\n{told}");
        };
        told(
            "heft",
            &arriving,
            &["plans all tasks before the run", "doesn't fit the workload `web`", "least-loaded"],
        );
        told("static-block", &endless, &["how many will arrive is not known", "static-cyclic"]);
        told("random", &wide, &["one queue per core, but `render` takes 4 cores at once", "central-queue"]);
    }

    #[test]
    fn the_names_of_a_list_are_looked_up_in_the_workload() {
        let bag = Bag::named(&["T1", "T2"]);
        for text in ["policy.list.order = ['T2', 'T3']", "queue.list.order = ['T2', 'T3']"] {
            let told = misfit(text, &bag);
            assert!(told.contains("there is no task `T3`") && told.contains("test.toml:2"), "{told}");
        }
        assert_eq!(misfit("policy.list.order = ['T2', 'T1']", &bag), "");
    }
}
