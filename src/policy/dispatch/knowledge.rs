//! Who decides about arriving work, and what they know: `schedule.dispatchers` and `schedule.stale`.

use std::num::NonZeroU32;

use crate::policy::PolicySpec;
use crate::source::{AnyField, Context, Field, Fields, Read, Shape, Value};
use crate::time::Span;

/// What a dispatcher goes by: a policy that sends each task to a server when it comes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Knowledge {
    /// Nothing that happens at the servers.
    Nothing,
    /// The loads of the servers, whoever caused them.
    Loads,
    /// What servers report by themselves.
    Reports,
    /// The tasks that the dispatcher itself has sent out and that haven't ended.
    OwnTasks,
}

/// How many dispatchers there are, and which of them gets a task.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Dispatchers {
    /// How many, at least 1.
    pub count: u32,
    /// Whether they get requests in turn, and not each at random.
    pub in_turn: bool,
}

/// How old the loads are that dispatchers see (Mitzenmacher 2000, How useful is old information?; Dahlin 2000,
/// Interpreting stale load information).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stale {
    /// Always this old: news take so long (Mitzenmacher's continuous update with a constant delay).
    Age(Span),
    /// As old as a board that shows the loads of all servers and is written anew each time this has passed (his periodic
    /// update).
    Board(Span),
    /// The same, each server writing its own line at instants of its own (his individual updates).
    Individual(Span),
}

impl Stale {
    /// Whether it draws at random.
    pub fn is_random(self) -> bool {
        matches!(self, Stale::Individual(_))
    }
}

/// The most dispatchers: so many streams of draws are kept apart.
const MOST: u32 = 4096;

const COUNT: Field<NonZeroU32> = Field::new("count", "how many there are").check(few);
const SPLIT: Field<Split> =
    Field::new("split", "which of them gets a request: any at `random`, or they do `in-turn`")
        .default("random");
const DISPATCHERS: &[&dyn AnyField] = &[&COUNT, &SPLIT];

fn few(count: &NonZeroU32) -> Result<(), &'static str> {
    if count.get() <= MOST { Ok(()) } else { Err("must be at most 4096") }
}

impl Read for Dispatchers {
    fn shape() -> Shape {
        Shape::OneOf(vec![NonZeroU32::shape(), Shape::Table(DISPATCHERS)])
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        if value.table().is_some() {
            let fields = Fields::open(value, DISPATCHERS, cx)?;
            let (count, split) = (fields.take(&COUNT), fields.take(&SPLIT));
            return Some(Dispatchers { count: count?.get(), in_turn: split?.0 });
        }
        let count = NonZeroU32::read(value, cx)?;
        if let Err(rule) = few(&count) {
            cx.fault(value, format!("`{}` is out of range", cx.path()), rule, "");
            return None;
        }
        Some(Dispatchers { count: count.get(), in_turn: false })
    }
}

/// Whether requests go to dispatchers in turn.
struct Split(bool);

impl Read for Split {
    fn shape() -> Shape {
        Shape::Word(&["random", "in-turn"])
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        match value.text() {
            Some("random") => Some(Split(false)),
            Some("in-turn") => Some(Split(true)),
            _ => {
                let what = format!("`{}` must be `\"random\"` or `\"in-turn\"`", cx.path());
                cx.fault(value, what, "neither of them", "");
                None
            }
        }
    }
}

const AGE: Field<Span> =
    Field::new("age", "loads are seen as they were so long ago").instead_of("stale").check(some_time);
const BOARD: Field<Span> =
    Field::new("board", "loads are seen on a board that is written anew each time this has passed")
        .instead_of("stale")
        .check(some_time);
const INDIVIDUAL: Field<Span> = Field::new(
    "individual",
    "loads are seen on a board of which each server writes its own line each time this has passed, from an instant of its own",
)
.instead_of("stale")
.check(some_time);
const STALE: &[&dyn AnyField] = &[&AGE, &BOARD, &INDIVIDUAL];

const NO_TIME: &str = "must be more than 0: loads are current where `stale` is left out";

fn some_time(span: &Span) -> Result<(), &'static str> {
    if *span > Span::ZERO { Ok(()) } else { Err(NO_TIME) }
}

impl Read for Stale {
    fn shape() -> Shape {
        Shape::OneOf(vec![Span::shape(), Shape::Table(STALE)])
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        if value.table().is_none() {
            let age = Span::read(value, cx)?;
            if let Err(rule) = some_time(&age) {
                cx.fault(value, format!("`{}` is out of range", cx.path()), rule, "");
                return None;
            }
            return Some(Stale::Age(age));
        }
        let fields = Fields::open(value, STALE, cx)?;
        let (age, board, individual) = (fields.maybe(&AGE), fields.maybe(&BOARD), fields.maybe(&INDIVIDUAL));
        match (age?, board?, individual?) {
            (Some(age), None, None) => Some(Stale::Age(age)),
            (None, Some(period), None) => Some(Stale::Board(period)),
            (None, None, Some(period)) => Some(Stale::Individual(period)),
            _ => {
                let what = format!("`{}` must be one of `age`, `board` and `individual`", cx.path());
                cx.fault(value, what, "not one of them", "a bare time is an age: stale = \"10 ms\"");
                None
            }
        }
    }
}

impl Dispatchers {
    /// Reports, at `given`, that a policy called `name` can't have several dispatchers, if it can't.
    pub(in crate::policy) fn check(
        self,
        policy: &dyn PolicySpec,
        name: &str,
        given: Option<&Value>,
        cx: &Context<'_>,
    ) -> Option<()> {
        let (Some(value), None) = (given.filter(|_| self.count > 1), policy.knowledge()) else {
            return Some(());
        };
        let what = format!("`{name}` has no dispatchers, which send each task to a server when it comes");
        let help = format!("leave it out, or choose a policy that has: {}", DISPATCHING.join(", "));
        cx.fault(value, what, "none to be several", help);
        None
    }
}

impl Stale {
    /// Reports, at `given`, that a policy called `name` doesn't look at loads, if it doesn't.
    pub(in crate::policy) fn check(
        policy: &dyn PolicySpec,
        name: &str,
        given: Option<&Value>,
        cx: &Context<'_>,
    ) -> Option<()> {
        let Some(value) = given else { return Some(()) };
        let what = match policy.knowledge() {
            Some(Knowledge::Loads) => return Some(()),
            Some(Knowledge::Nothing) => format!("`{name}` doesn't look at the loads of servers"),
            Some(Knowledge::Reports) => {
                format!("servers report to `{name}` when they fall idle, and at once")
            }
            Some(Knowledge::OwnTasks) => format!("`{name}` counts what it has sent out itself"),
            None => format!("`{name}` has no dispatchers, which would look at the loads of servers"),
        };
        let help =
            format!("leave `stale` out, or choose a policy that looks at loads: {}", LOOKING.join(", "));
        cx.fault(value, what, "nothing to be stale", help);
        None
    }
}

/// The policies that are dispatchers, and those of them that can look at loads.
const DISPATCHING: &[&str] = &[
    "random",
    "round-robin",
    "weighted-round-robin",
    "jsq",
    "power-of-d",
    "jiq",
    "least-loaded",
    "least-work-left",
    "least-connections",
    "sita",
    "consistent-hash",
];
const LOOKING: &[&str] =
    &["jsq", "power-of-d", "least-loaded", "least-work-left", "consistent-hash with a `bound`"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::POLICIES;
    use crate::source::testing::read_with;

    fn read<T: Read>(text: &str) -> Result<T, String> {
        read_with(&format!("key = {text}"), |document, cx| {
            let value = document.table()?.get("key")?;
            cx.below("key", || T::read(value, cx))
        })
    }

    #[test]
    fn what_is_recommended_is_what_would_do() {
        let plain = |name: &str| read::<Box<dyn PolicySpec>>(&format!("'{name}'")).expect(name).knowledge();
        let names = || POLICIES.entries.iter().map(|entry| entry.name);
        assert_eq!(names().filter(|name| plain(name).is_some()).collect::<Vec<_>>(), DISPATCHING);
        let looking: Vec<_> = names().filter(|name| plain(name) == Some(Knowledge::Loads)).collect();
        assert_eq!(looking, LOOKING[..LOOKING.len() - 1]);
        let bound = read::<Box<dyn PolicySpec>>("{ consistent-hash = { bound = 2 } }").expect("a bound");
        assert_eq!(bound.knowledge(), Some(Knowledge::Loads));
    }

    const MS: Span = Span::from_ticks(1_000_000_000);

    #[test]
    fn a_bare_time_is_an_age_and_a_table_says_which_rule() {
        assert_eq!(read::<Stale>("'1 ms'"), Ok(Stale::Age(MS)));
        assert_eq!(read::<Stale>("{ age = '1 ms' }"), Ok(Stale::Age(MS)));
        assert_eq!(read::<Stale>("{ board = '1 ms' }"), Ok(Stale::Board(MS)));
        assert_eq!(read::<Stale>("{ individual = '1 ms' }"), Ok(Stale::Individual(MS)));
        for (wrong, says) in [
            ("'0 s'", "more than 0"),
            ("{ board = '0 s' }", "more than 0"),
            ("{}", "one of `age`, `board` and `individual`"),
            ("{ age = '1 s', board = '1 s' }", "one of `age`, `board` and `individual`"),
            ("'3 MB'", "is a size"),
        ] {
            let told = read::<Stale>(wrong).expect_err(wrong);
            assert!(told.contains(says), "{wrong}: {told}");
        }
    }

    #[test]
    fn dispatchers_are_a_number_or_a_number_and_a_split() {
        assert_eq!(read::<Dispatchers>("3"), Ok(Dispatchers { count: 3, in_turn: false }));
        let text = "{ count = 3, split = 'in-turn' }";
        assert_eq!(read::<Dispatchers>(text), Ok(Dispatchers { count: 3, in_turn: true }));
        for (wrong, says) in [
            ("0", "at least 1"),
            ("5000", "at most 4096"),
            ("{ count = 5000 }", "at most 4096"),
            ("{ count = 2, split = 'fair' }", "`\"random\"` or `\"in-turn\"`"),
        ] {
            let told = read::<Dispatchers>(wrong).expect_err(wrong);
            assert!(told.contains(says), "{wrong}: {told}");
        }
    }
}
