//! The order of a list.

use std::collections::BTreeMap;

use super::{Order, OrderSpec};
use crate::error::{Problem, nearest};
use crate::place::Place;
use crate::policy::{Candidate, Setup};
use crate::registry::Entry;
use crate::source::{AnyField, Context, Field, Fields, Read, Shape, Value};
use crate::workload::Workload;

/// First what comes first in a list: tasks by name, and after them the others as they stand in the file.
#[derive(Debug)]
struct List {
    order: Vec<Name>,
}

/// The name of a task and where the list says it.
#[derive(Debug)]
struct Name {
    text: String,
    place: Place,
}

impl Read for Name {
    fn shape() -> Shape {
        Shape::Text("the name of a task")
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        Some(Name { text: String::read(value, cx)?, place: value.place })
    }
}

impl List {
    fn positions(&self) -> BTreeMap<&str, u64> {
        (0..).zip(&self.order).map(|(position, name)| (name.text.as_str(), position)).collect()
    }
}

impl OrderSpec for List {
    fn first(&self) -> &'static str {
        "the first of the list"
    }

    fn start(&self, setup: &Setup<'_>) -> Box<dyn Order> {
        let listed = self.order.len() as u64;
        let mut positions = Vec::new();
        if let (Some(count), 1..) = (setup.count, listed) {
            let by_name = self.positions();
            let position =
                |number| by_name.get((setup.names)(number).as_str()).copied().unwrap_or(listed + number);
            positions = (0..count).map(position).collect();
        }
        Box::new(Positions(positions))
    }

    fn misfits(&self, workload: &dyn Workload) -> Vec<Problem> {
        let Some(first) = self.order.first() else { return Vec::new() };
        let Some(count) = workload.count() else {
            let what = "`list` names tasks, but how many there will be is not known beforehand";
            return vec![
                Problem::new(what).at(first.place, "names a task").help("give the workload a `count`"),
            ];
        };
        let names: Vec<String> = (0..count).map(|number| workload.task_name(number)).collect();
        let known: BTreeMap<&str, ()> = names.iter().map(|name| (name.as_str(), ())).collect();
        let unknown = self.order.iter().filter(|name| !known.contains_key(name.text.as_str()));
        unknown.map(|name| unknown_task(name, &names)).collect()
    }
}

fn unknown_task(name: &Name, names: &[String]) -> Problem {
    let problem = Problem::new(format!("there is no task `{}`", name.text)).at(name.place, "not a task");
    match nearest(&name.text, names.iter().map(String::as_str)) {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None => problem.help(match names {
            [] => "the workload has no tasks".to_owned(),
            [only] => format!("the only task is `{only}`"),
            [first, .., last] => format!("the tasks are `{first}` to `{last}`"),
        }),
    }
}

/// The place of each task in the order; without any, tasks come by number.
struct Positions(Vec<u64>);

impl Order for Positions {
    fn key(&self, task: &Candidate<'_>) -> u64 {
        self.0.get(task.number as usize).copied().unwrap_or(task.number)
    }
}

const ORDER: Field<Vec<Name>> =
    Field::new("order", "the tasks by name; those left out come after them, in file order").default("[]");

pub(in crate::policy) static ENTRY: Entry<dyn OrderSpec> = Entry {
    name: "list",
    about: "first what comes first in a list, file order if none is given",
    cite: "Graham 1969, Bounds on multiprocessing timing anomalies",
    fields: &[&ORDER as &dyn AnyField],
    bare: Some("order"),
    read,
};

fn read(fields: &Fields<'_>) -> Option<Box<dyn OrderSpec>> {
    let order = fields.take(&ORDER)?;
    let mut seen = BTreeMap::new();
    for name in &order {
        if let Some(&first) = seen.get(name.text.as_str()) {
            let problem = Problem::new(format!("`{}` comes twice in the order", name.text));
            fields.cx.problem(problem.at(name.place, "again").also(first, "first here"));
            return None;
        }
        seen.insert(name.text.as_str(), name.place);
    }
    Some(Box::new(List { order }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::testing::{Bag, candidate, setup};
    use crate::source::testing;

    fn list(text: &str) -> Result<Box<dyn OrderSpec>, String> {
        testing::read::<Box<dyn OrderSpec>>(text)
    }

    fn keys(order: &dyn OrderSpec, bag: &Bag) -> Vec<u64> {
        let order = order.start(&setup(bag));
        (0..bag.count.unwrap_or(4)).map(|number| order.key(&candidate(number, 1.0))).collect()
    }

    #[test]
    fn listed_tasks_come_as_listed_and_the_others_after_them_by_number() {
        let order = list(r#"list = ["T4", "T2"]"#).unwrap();
        assert_eq!(keys(&*order, &Bag::named(&["T1", "T2", "T3", "T4"])), [2, 1, 4, 0]);
        let by_number = list("list = {}").unwrap();
        assert_eq!(keys(&*by_number, &Bag::of(4)), [0, 1, 2, 3]);
        assert_eq!(keys(&*by_number, &Bag { count: None, ..Bag::of(4) }), [0, 1, 2, 3]);
    }

    #[test]
    fn a_task_named_twice_is_told_with_both_places() {
        let problem = list(r#"list.order = ["T1", "T2", "T1"]"#).unwrap_err();
        assert!(problem.contains("`T1` comes twice in the order"), "{problem}");
        assert!(problem.contains("first here"), "{problem}");
    }

    #[test]
    fn names_that_no_task_has_are_told_each_at_its_place() {
        let order = list(r#"list = ["T2", "T12", "render"]"#).unwrap();
        let problems = order.misfits(&Bag::named(&["T1", "T2"]));
        let told: Vec<_> = problems.iter().map(|p| (p.what.as_str(), p.help.as_deref().unwrap())).collect();
        assert_eq!(
            told,
            [
                ("there is no task `T12`", "did you mean `T1`?"),
                ("there is no task `render`", "the tasks are `T1` to `T2`"),
            ]
        );
        assert!(problems.iter().all(|problem| problem.at.is_some()));
    }

    #[test]
    fn names_need_a_known_number_of_tasks() {
        let endless = Bag { count: None, arrives: true, ..Bag::of(0) };
        let problems = list(r#"list = ["T2"]"#).unwrap().misfits(&endless);
        assert_eq!(
            problems[0].what,
            "`list` names tasks, but how many there will be is not known beforehand"
        );
        assert!(list("list = {}").unwrap().misfits(&endless).is_empty());
    }
}
