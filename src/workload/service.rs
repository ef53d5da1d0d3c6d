//! Requests to replicated servers.

mod class;
mod fan_out;
mod hedge;
#[cfg(test)]
mod tests;

use std::num::{NonZeroU32, NonZeroU64};
use std::sync::Arc;

use super::arriving::Arriving;
use super::task::{DATA, DEADLINE, ESTIMATE, Given, MEMORY, PRIORITY, Streams, Template, WEIGHT, WORK};
use super::tasks::only_one;
use super::{Described, Draws, Workload};
use crate::machine::Machine;
use crate::program::{Body, Kind, Program, Service, Stream, TaskSpec, Users};
use crate::registry::Entry;
use crate::rng::{self, Arrivals, Distribution, Purpose, TimeLaw};
use crate::source::{Context, Field, Fields, Named, Value};
use crate::time::Time;
use class::Class;
use fan_out::FanOut;
use hedge::Copies;

const COUNT: Field<NonZeroU64> =
    Field::new("count", "how many requests; absent, they come until the run ends").optional();
const ARRIVALS: Field<Box<Arriving>> =
    Field::new("arrivals", "when requests arrive, whoever still waits").instead_of("who");
const USERS: Field<NonZeroU32> =
    Field::new("users", "how many users there are, who each wait for an answer before they ask again")
        .instead_of("who");
const THINK: Field<TimeLaw> = Field::new(
    "think",
    "how long a user thinks between an answer and the next request; not at all if absent",
)
.on_side("who", "users");
const REPLICAS: Field<NonZeroU32> =
    Field::new("replicas", "how many servers there are; as many as fit if absent").optional();
const CORES: Field<NonZeroU32> =
    Field::new("cores", "how many cores each replica has, which serve its one queue").default("1");
const CLASSES: Field<Named<Class>> =
    Field::new("classes", "kinds of requests by name: the keys beside `classes` are their defaults")
        .optional();
const FAN_OUT: Field<FanOut> =
    Field::new("fan_out", "how many parts a request has, each for another replica").optional();
const HEDGE: Field<Copies> = Field::new(
    "hedge",
    "a copy of a request that takes long, for another replica: the first that ends is taken",
)
.optional();
const CAPACITY: Field<NonZeroU32> = Field::new(
    "capacity",
    "the most requests that a replica has, waiting and in service: more are refused; no limit if absent",
)
.optional();

/// The workload `service`.
pub(super) static SERVICE: Entry<dyn Described> = Entry {
    name: "service",
    about: "requests to replicated servers, arriving or from users who wait, of several classes, with fan-out and copies",
    cite: "",
    fields: &[
        &COUNT, &ARRIVALS, &USERS, &THINK, &REPLICAS, &CORES, &CLASSES, &FAN_OUT, &HEDGE, &CAPACITY, &WORK,
        &ESTIMATE, &MEMORY, &DATA, &PRIORITY, &DEADLINE, &WEIGHT,
    ],
    bare: None,
    read,
};

/// The table as read.
#[derive(Debug)]
struct Table {
    given: Given,
    /// The classes with their names; none where all requests are alike.
    classes: Vec<(String, Class)>,
    arriving: Option<Arriving>,
    count: Option<u64>,
    service: Service,
}

fn read(fields: &Fields<'_>) -> Option<Box<dyn Described>> {
    let (count, arriving, users) = (fields.maybe(&COUNT), fields.maybe(&ARRIVALS), fields.maybe(&USERS));
    let (think, replicas, cores) = (fields.maybe(&THINK), fields.maybe(&REPLICAS), fields.take(&CORES));
    let (classes, fan_out) = (fields.maybe(&CLASSES), fields.maybe(&FAN_OUT));
    let (hedge, capacity, given) =
        (fields.maybe(&HEDGE), fields.maybe(&CAPACITY), Given::take_request(fields));
    let at = |name, value: Option<&Value>| value.map(|value| (name, value.place));
    let sides = [at("arrivals", fields.given(&ARRIVALS)), at("users", fields.given(&USERS))];
    only_one(sides.into_iter().flatten(), "says when requests come", fields.cx)?;
    let (count, arriving, users, think) = (count?, arriving?, users?, think?);
    let classes: Vec<(String, Class)> = classes?
        .map_or_else(Vec::new, |named| named.0.into_iter().map(|(key, class)| (key.name, class)).collect());
    let by_class = class::arrivals(&classes, fields.cx)?;
    let arriving = match (arriving, by_class) {
        (Some(_), Some(_)) => {
            fields.fault(
                "arrivals",
                "`arrivals` beside classes that have a `rate`: each says when requests come",
            );
            return None;
        }
        (given, by_class) => given.map(|arriving| *arriving).or(by_class),
    };
    let users = match (users, think) {
        (Some(_), _) if arriving.is_some() => {
            fields.fault("users", "`users` beside classes that have a `rate`: each says when requests come");
            return None;
        }
        (Some(count), think) => {
            let think = think.map_or_else(|| Distribution::constant(0.0).ok(), |think| Some(think.0))?;
            Some(Users { count: count.get(), think })
        }
        (None, Some(_)) => {
            fields.fault("think", "`think` does nothing without `users`");
            return None;
        }
        (None, None) => None,
    };
    if arriving.is_none() && users.is_none() {
        fields.missing("arrivals", "when requests arrive; or give `users`, or each class a `rate`");
        return None;
    }
    let (fan_out, hedge) = (fan_out?, hedge?);
    if fan_out.is_some() && hedge.is_some() {
        fields.fault("hedge", "`hedge` beside `fan_out`: a request of several parts gets no copies");
        return None;
    }
    let count = count.map(NonZeroU64::get).or_else(|| arriving.as_ref().and_then(Arriving::count));
    let FanOut { parts, needed } = fan_out.unwrap_or(FanOut { parts: 1, needed: 1 });
    let service = Service {
        replicas: replicas?.map(NonZeroU32::get),
        cores: cores?.get(),
        parts,
        needed,
        hedge: hedge.map(|copies| copies.0),
        capacity: capacity?.map(NonZeroU32::get),
        users,
    };
    Some(Box::new(Table { given: given?, classes, arriving, count, service }))
}

impl Described for Table {
    fn resolve(self: Box<Self>, machine: &Machine, cx: &Context<'_>) -> Option<Box<dyn Workload>> {
        let mut kinds = Vec::new();
        let mut templates = Vec::new();
        let mut add = |name: Option<String>, given: Given, often: f64| {
            let mut given = given;
            given.name = name;
            let number = |kind| {
                kinds.push(kind);
                kinds.len() as u32 - 1
            };
            let template = given.resolve(machine, number, cx);
            templates.push(template.map(|template| (often, template)));
        };
        if self.classes.is_empty() {
            add(None, self.given, 1.0);
        } else {
            let all: f64 = self.classes.iter().map(|(_, class)| class.often).sum();
            for (name, class) in self.classes {
                add(Some(name), class.given.or(&self.given), class.often / all);
            }
        }
        Some(Box::new(Requests {
            templates: templates.into_iter().collect::<Option<Vec<_>>>()?.into(),
            kinds,
            arriving: self.arriving,
            count: self.count,
            service: self.service,
        }))
    }
}

/// A service on a machine.
#[derive(Debug)]
struct Requests {
    /// What the requests of each class are like, with the part of all that they are.
    templates: Arc<[(f64, Template)]>,
    kinds: Vec<Kind>,
    arriving: Option<Arriving>,
    count: Option<u64>,
    service: Service,
}

impl Workload for Requests {
    fn start(&self, draws: &Draws) -> Program {
        Program::Stream(Box::new(Source {
            templates: self.templates.clone(),
            arrivals: self.arriving.as_ref().map(|arriving| arriving.start(draws)),
            classes: draws.stream(Purpose::Structure),
            streams: Streams::new(draws),
            parts: self.service.parts,
            next: 0,
            count: self.count.unwrap_or(u64::MAX),
            release: Time::ZERO,
            class: 0,
        }))
    }

    fn kinds(&self) -> &[Kind] {
        &self.kinds
    }

    fn count(&self) -> Option<u64> {
        self.count
    }

    fn arrives(&self) -> bool {
        true
    }

    fn sizes(&self) -> Vec<(f64, Distribution)> {
        self.templates.iter().map(|(often, template)| (*often, template.work().clone())).collect()
    }

    fn asks_for_memory(&self) -> bool {
        self.templates.iter().any(|(_, template)| template.asks_for_memory())
    }

    fn is_random(&self) -> bool {
        self.templates.len() > 1
            || self.templates.iter().any(|(_, template)| template.is_random())
            || self.arriving.as_ref().is_some_and(Arriving::is_random)
            || self.service.users.as_ref().is_some_and(|users| users.think.is_random())
    }

    fn task_name(&self, number: u64) -> String {
        let most = u64::from(self.service.most_tasks());
        match (most, self.service.hedge) {
            (1, _) => format!("request {number}"),
            (_, None) => format!("part {} of request {}", number % most, number / most),
            (_, Some(_)) if number.is_multiple_of(most) => format!("request {}", number / most),
            _ => format!("copy of request {}", number / most),
        }
    }

    fn resample(&self, number: u64, kind: u32, attempt: u32, draws: &Draws) -> Option<Body> {
        let (_, template) = &self.templates[kind as usize];
        template.is_random().then(|| template.redraw(number, draws.retry(number, attempt)))
    }

    fn service(&self) -> Option<&Service> {
        Some(&self.service)
    }
}

/// The requests of one replicate, part by part.
struct Source {
    templates: Arc<[(f64, Template)]>,
    arrivals: Option<Arrivals>,
    /// Draws the class of each request.
    classes: rng::Stream,
    streams: Streams,
    parts: u32,
    /// How many parts there were.
    next: u64,
    count: u64,
    /// The release and the class of the request whose parts are made.
    release: Time,
    class: usize,
}

impl Source {
    /// The class of a request: one is drawn for each, so that request 17 is of the same class under every policy.
    fn draw_class(&mut self) -> usize {
        if self.templates.len() == 1 {
            return 0;
        }
        let mut left = self.classes.uniform();
        for (at, (often, _)) in self.templates.iter().enumerate() {
            left -= often;
            if left < 0.0 {
                return at;
            }
        }
        self.templates.len() - 1
    }
}

impl Stream for Source {
    fn next(&mut self) -> Option<TaskSpec> {
        let parts = u64::from(self.parts);
        if self.next.is_multiple_of(parts) {
            if self.next / parts == self.count {
                return None;
            }
            if let Some(arrivals) = &mut self.arrivals {
                self.release = arrivals.next()?;
            }
            self.class = self.draw_class();
        }
        let number = self.next;
        self.next += 1;
        Some(self.templates[self.class].1.draw(number, self.release, &mut self.streams))
    }
}
