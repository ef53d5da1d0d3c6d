//! Work stealing: each core has a deque, and a core whose own is empty takes from another's.

mod amount;
mod backoff;
mod initial;
mod lifelines;
mod reach;
mod victim;

pub use amount::Amount;
pub use backoff::Backoff;
pub use initial::Initial;
pub use lifelines::Lifelines;
pub use victim::{Holders, VICTIMS, VictimSpec, Victims};

use std::num::NonZeroU32;

use super::{Decision, Policy, PolicySpec, Queues, Ready, Reason, Setup, View, fits};
use crate::error::Problem;
use crate::registry::Entry;
use crate::source::{Context, Field, Fields, Read, Shape, Value};
use crate::workload::Workload;
pub(super) use initial::Starts;

/// How cores take work from one another.
#[derive(Debug)]
pub struct Stealing {
    /// Whom a thief tries.
    pub victim: Box<dyn VictimSpec>,
    /// How much it takes.
    pub amount: Amount,
    /// What a task that spawns another leaves to thieves.
    pub side: Side,
    /// Whether a core takes from its own deque what came first, as thieves do.
    pub owner_takes_first: bool,
    /// After how many failures in a row a thief waits until its own deque gets something; it goes on where absent.
    pub tries: Option<u32>,
    /// How long a thief waits after a failure.
    pub backoff: Option<Backoff>,
    /// Who is to be given work instead of asking for it.
    pub lifelines: Option<Lifelines>,
}

/// What a task that spawns another leaves to thieves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    /// The child: the parent goes on (help first).
    Child,
    /// What the parent has yet to do: the child runs at once (work first).
    Parent,
}

impl PolicySpec for Stealing {
    fn queues(&self) -> Queues<'_> {
        Queues::Deques(self)
    }

    fn start(&self, setup: &Setup<'_>) -> Box<dyn Policy> {
        Box::new(Placing(Starts::new(setup)))
    }

    fn is_random(&self, lowest: bool) -> bool {
        self.victim.is_random(lowest)
    }

    fn misfits(&self, workload: &dyn Workload) -> Vec<Problem> {
        let wide = fits::one_core_each("work-stealing", workload);
        wide.into_iter().chain(fits::on_any_core("work-stealing", workload)).collect()
    }
}

/// Puts what becomes ready where it became ready, and what comes from outside where `schedule.initial` says.
struct Placing(Starts);

impl Policy for Placing {
    fn decide(&mut self, ready: &Ready, view: &View<'_>) -> Decision {
        let (server, reason) = match ready.origin {
            Some(server) => (server, Reason::WhereItArose),
            None => self.0.place(ready, view.down),
        };
        Decision::Enqueue { server, reason }
    }
}

const VICTIM: Field<Box<dyn VictimSpec>> = Field::new("victim", "whom a thief tries").default("random");
const AMOUNT: Field<Amount> = Field::new(
    "amount",
    "how much a thief takes: `one`, `half`, or at most so many, such as `{ chunk = 4 }`",
)
.default("one");
const STEAL: Field<Side> = Field::new(
    "steal",
    "what a task that spawns another leaves to thieves: what the `parent` has yet to do (work first), or the \
     `child` (help first)",
)
.default("parent");
const OWNER: Field<Owner> = Field::new(
    "owner",
    "which end of its own deque a core works at: `lifo`, what came last, or `fifo`, what came first, as thieves do",
)
.default("lifo");
const TRIES: Field<NonZeroU32> = Field::new(
    "tries",
    "after how many failures in a row a thief waits until its own deque gets something; it never gives up if absent",
)
.instead_of("patience");
const BACKOFF: Field<Backoff> =
    Field::new("backoff", "how long a thief waits after a failure; not at all if absent").optional();
const LIFELINES: Field<Lifelines> = Field::new(
    "lifelines",
    "after some failures a thief asks its neighbours in a cyclic hypercube to be given work, and waits; none if absent",
)
.instead_of("patience");

pub(super) static ENTRY: Entry<dyn PolicySpec> = Entry {
    name: "work-stealing",
    about: "a deque for each core, which works at the near end; a core that has nothing takes from the far end of another's",
    cite: "Blumofe & Leiserson 1999",
    fields: &[&VICTIM, &AMOUNT, &STEAL, &OWNER, &TRIES, &BACKOFF, &LIFELINES],
    bare: None,
    read,
};

fn read(fields: &Fields<'_>) -> Option<Box<dyn PolicySpec>> {
    let (victim, amount, side) = (fields.take(&VICTIM), fields.take(&AMOUNT), fields.take(&STEAL));
    let (owner, tries) = (fields.take(&OWNER), fields.maybe(&TRIES));
    let (backoff, lifelines) = (fields.maybe(&BACKOFF), fields.maybe(&LIFELINES));
    let (tries, lifelines) = (tries?, lifelines?);
    if tries.is_some() && lifelines.is_some() {
        fields.fault(
            "tries",
            "`tries` and `lifelines`: both say what a thief does after failures; `lifelines.tries` is how many",
        );
        return None;
    }
    Some(Box::new(Stealing {
        victim: victim?,
        amount: amount?,
        side: side?,
        owner_takes_first: owner?.0,
        tries: tries.map(NonZeroU32::get),
        backoff: backoff?,
        lifelines,
    }))
}

/// Reads one of several words; `words` gives each its meaning.
fn word<T: Copy>(value: &Value, cx: &Context<'_>, words: &[(&str, T)]) -> Option<T> {
    let found = words.iter().find(|(word, _)| value.text() == Some(word));
    if found.is_none() {
        let all: Vec<String> = words.iter().map(|(word, _)| format!("`\"{word}\"`")).collect();
        let what = format!("`{}` must be {}", cx.path(), all.join(" or "));
        cx.fault(value, what, "none of them", "");
    }
    found.map(|(_, meaning)| *meaning)
}

impl Read for Side {
    fn shape() -> Shape {
        Shape::Word(&["parent", "child"])
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        word(value, cx, &[("parent", Side::Parent), ("child", Side::Child)])
    }
}

/// Whether the owner takes what came first.
#[derive(Clone, Copy)]
struct Owner(bool);

impl Read for Owner {
    fn shape() -> Shape {
        Shape::Word(&["lifo", "fifo"])
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        word(value, cx, &[("lifo", Owner(false)), ("fifo", Owner(true))])
    }
}
