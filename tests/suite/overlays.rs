//! Overlays: what one text of TOML laid over another comes to.

use makespan::error::Problem;
use makespan::place::Place;
use makespan::rng::{FAMILIES, WorkLaw};
use makespan::source::{AnyField, Field, Read, Removal, Shape, merge, parse, remove};
use makespan::units::Dimension;

/// Lays one text of TOML over another and shows what comes out on one line.
fn merged(base: &str, over: &str, shape: &Shape) -> String {
    let mut problems = Vec::new();
    let mut base = parse(base, 0, &mut problems);
    merge(&mut base, parse(over, 1000, &mut problems), shape);
    assert_eq!(problems, []);
    base.inline()
}

const COUNT: Field<u32> = Field::new("count", "").instead_of("tasks");
const LIST: Field<Vec<u32>> = Field::new("list", "").instead_of("tasks");
const WORK: Field<WorkLaw> = Field::new("work", "");
const FIELDS: &[&dyn AnyField] = &[&COUNT, &LIST, &WORK];

fn tasks(base: &str, over: &str) -> String {
    merged(base, over, &Shape::Table(FIELDS))
}

#[test]
fn tables_merge_key_by_key_and_lists_are_replaced() {
    assert_eq!(tasks("list = [1, 2]\nwork = 3", "list = [4]"), "{ list = [4], work = 3 }");
    let named = Shape::Named(Box::new(Shape::Table(FIELDS)));
    assert_eq!(
        merged("a.count = 1\nb.count = 2", "b.work = 3", &named),
        "{ a = { count = 1 }, b = { count = 2, work = 3 } }"
    );
}

#[test]
fn alternatives_among_siblings_replace_one_another() {
    assert_eq!(tasks("count = 5", "list = [4]"), "{ list = [4] }");
    assert_eq!(tasks("list = [4]\nwork = 1", "count = 5"), "{ work = 1, count = 5 }");
    // Both given at once is a mistake that reading must see.
    assert_eq!(tasks("count = 5", "count = 6\nlist = [4]"), "{ count = 6, list = [4] }");
}

#[test]
fn another_name_replaces_a_choice_whole_and_the_same_merges_its_parameters() {
    let lognormal = "work.lognormal = { mean = 2, cv = 3 }";
    assert_eq!(tasks(lognormal, "work.exponential = 5"), "{ work = { exponential = 5 } }");
    assert_eq!(tasks(lognormal, "work.lognormal.cv = 9"), "{ work = { lognormal = { mean = 2, cv = 9 } } }");
    assert_eq!(
        tasks("work.exponential = 2", "work.exponential.mean = 3"),
        "{ work = { exponential = { mean = 3 } } }"
    );
    assert_eq!(tasks(lognormal, "work = 7"), "{ work = 7 }");
}

#[test]
fn a_bare_name_resets_the_parameters_of_a_choice() {
    let choice = Shape::Choice(&FAMILIES);
    let over = |base: &str, over: &str| {
        let mut problems = Vec::new();
        let take = |text: &str, problems: &mut Vec<Problem>| {
            parse(text, 0, problems).table().and_then(|table| table.get("x")).cloned().expect("x")
        };
        let mut base = take(base, &mut problems);
        merge(&mut base, take(over, &mut problems), &choice);
        base.inline()
    };
    assert_eq!(over("x.gamma = { mean = 1, cv = 2 }", "x = \"gamma\""), "\"gamma\"");
    assert_eq!(over("x = \"gamma\"", "x.gamma.cv = 2"), "{ gamma = { cv = 2 } }");
}

#[test]
fn a_path_may_step_over_the_family_of_a_distribution() {
    assert_eq!(
        tasks("work.lognormal = { mean = 2, cv = 3 }", "work.cv = 9"),
        "{ work = { lognormal = { mean = 2, cv = 9 } } }"
    );
    // An exponential has no cv to be stepped to: what is laid over it stands there as it is, to be refused.
    assert_eq!(tasks("work.exponential = 2", "work.cv = 9"), "{ work = { cv = 9 } }");
    assert!(matches!(WorkLaw::shape(), Shape::Distribution { dimension: Dimension::Work, .. }));
}

#[test]
fn what_is_laid_over_something_knows_its_place() {
    let mut problems = Vec::new();
    let mut base = parse("count = 5", 0, &mut problems);
    merge(&mut base, parse("count = 6\nwork = 1", 1000, &mut problems), &Shape::Table(FIELDS));
    let table = base.table().expect("a table");
    let of = |name: &str| table.get(name).and_then(|value| value.base);
    assert_eq!(of("count"), Some((Place::new(8, 9), "in place of this")));
    assert_eq!(of("work"), Some((Place::new(0, 9), "added to this")));
}

#[test]
fn removing_takes_away_and_says_what_is_not_there() {
    let mut problems = Vec::new();
    let mut base = parse("a.b.c = 1\na.d = 2", 0, &mut problems);
    let removal = |path: &[&str]| Removal {
        path: path.iter().map(|key| (*key).to_owned()).collect(),
        place: Place::new(1000, 1001),
    };
    assert_eq!(remove(&mut base, &removal(&["a", "b"])), Ok(()));
    assert_eq!(base.inline(), "{ a = { d = 2 } }");
    for absent in [&["a", "b"][..], &["x"], &["a", "d", "e"]] {
        assert!(remove(&mut base, &removal(absent)).is_err(), "{absent:?}");
    }
}
