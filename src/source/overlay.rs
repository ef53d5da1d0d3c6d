//! Overlays: one value tree laid over another, by the shape of the language.

use super::{AnyField, Key, Kind, Listing, Shape, Table, Value};
use crate::error::Problem;
use crate::place::Place;

/// A path that an overlay takes away.
pub struct Removal {
    /// The keys that lead to it.
    pub path: Vec<String>,
    /// Where it is asked for.
    pub place: Place,
}

/// Takes the value at a path out of `base`.
///
/// # Errors
/// Where nothing stands there: the problem shows the overlay and the table in which it looked.
pub fn remove(base: &mut Value, removal: &Removal) -> Result<(), Problem> {
    let mut at = base;
    for (index, key) in removal.path.iter().enumerate() {
        let place = at.place;
        let absent = || {
            let what = format!("there is no `{}` to remove", removal.path.join("."));
            let problem = Problem::new(what).at(removal.place, format!("`{key}` isn't there"));
            // The top level is the whole text: to point at it says nothing.
            if index == 0 { problem } else { problem.also(place, "looked for it here") }
        };
        let Kind::Table(table) = &mut at.kind else { return Err(absent()) };
        if index + 1 == removal.path.len() {
            table.remove(key).ok_or_else(absent)?;
            at.base = Some((removal.place, "taken away here"));
            return Ok(());
        }
        at = table.get_mut(key).ok_or_else(absent)?;
    }
    Ok(())
}

/// Lays `over` over `base`, which has `shape`: tables merge key by key, choices as the language page says, everything
/// else is replaced. What is laid over something remembers its place.
pub fn merge(base: &mut Value, over: Value, shape: &Shape) {
    let place = base.place;
    match (shape, &mut base.kind, over) {
        (Shape::Table(fields), Kind::Table(table), Value { kind: Kind::Table(over), .. }) => {
            merge_fields(table, over, fields, place);
        }
        (Shape::Named(inner), Kind::Table(table), Value { kind: Kind::Table(over), .. }) => {
            for (key, value) in over.entries {
                merge_key(table, key, value, inner, place);
            }
        }
        (Shape::Kinds { registry, common }, Kind::Table(table), Value { kind: Kind::Table(over), .. }) => {
            for (key, value) in over.entries {
                merge_kind(table, key, value, &registry.listings(), common, place);
            }
        }
        (Shape::Choice(registry), _, over) => merge_choice(base, over, &registry.listings(), false),
        (Shape::Distribution { families, .. }, _, over) => {
            merge_choice(base, over, &families.listings(), true);
        }
        (Shape::OneOf(shapes), Kind::Table(_), over @ Value { kind: Kind::Table(_), .. }) => {
            match shapes.iter().find(|shape| accepts(shape, &over) && accepts(shape, base)) {
                Some(shape) => merge(base, over, shape),
                None => replace(base, over),
            }
        }
        (_, _, over) => replace(base, over),
    }
}

fn replace(base: &mut Value, over: Value) {
    let place = base.place;
    *base = over;
    base.base = Some((place, "in place of this"));
}

fn merge_key(table: &mut Table, key: Key, mut value: Value, shape: &Shape, place: Place) {
    match table.get_mut(&key.name) {
        Some(base) => merge(base, value, shape),
        None => {
            value.base = Some((place, "added to this"));
            table.entries.push((key, value));
        }
    }
}

fn merge_fields(table: &mut Table, over: Table, fields: &[&dyn AnyField], place: Place) {
    let side = |name: &str| fields.iter().find(|field| field.name() == name).and_then(|field| field.group());
    let opposed = |name: &str| {
        side(name).is_some_and(|(group, on)| {
            over.entries
                .iter()
                .any(|(key, _)| side(&key.name).is_some_and(|(its, other)| its == group && other != on))
        })
    };
    table.entries.retain(|(key, _)| over.get(&key.name).is_some() || !opposed(&key.name));
    for (key, value) in over.entries {
        // Unknown keys are laid over too, so that reading finds and reports them where they stand.
        let shape =
            fields.iter().find(|field| field.name() == key.name).map_or(Shape::Any, |field| field.shape());
        merge_key(table, key, value, &shape, place);
    }
}

/// A named table of the kind that its `kind` says, or else its name: another kind replaces it whole.
fn merge_kind(
    table: &mut Table,
    key: Key,
    value: Value,
    listings: &[Listing],
    common: &'static [&'static dyn AnyField],
    place: Place,
) {
    fn said(value: &Value) -> Option<&str> {
        value.table().and_then(|table| table.get("kind")).and_then(Value::text)
    }
    let Some(base) = table.get_mut(&key.name) else {
        return merge_key(table, key, value, &Shape::Any, place);
    };
    let kind = said(base).unwrap_or(&key.name);
    if said(&value).is_some_and(|other| other != kind) {
        return replace(base, value);
    }
    let own = listings.iter().find(|listing| listing.name == kind).map_or(&[][..], |listing| listing.fields);
    let fields: Vec<_> = common.iter().chain(own).copied().collect();
    let place = base.place;
    match (&mut base.kind, value) {
        (Kind::Table(table), Value { kind: Kind::Table(over), .. }) => {
            merge_fields(table, over, &fields, place);
        }
        (_, value) => replace(base, value),
    }
}

/// Another name replaces the choice whole, the same name with a table merges its parameters, a bare name resets them.
/// Where `steps` (distributions), a key that is a parameter of the family in force steps over the family's name.
fn merge_choice(base: &mut Value, over: Value, listings: &[Listing], steps: bool) {
    let listing = |name: &str| listings.iter().find(|listing| listing.name == name);
    let Kind::Table(parameters) = &over.kind else { return replace(base, over) };
    let chosen = base
        .table()
        .and_then(Table::only)
        .map(|(key, _)| key.name.clone())
        .or(base.text().map(str::to_owned));
    let Some(family) = chosen.as_deref().and_then(listing) else { return replace(base, over) };
    let named = parameters.only().is_some_and(|(key, _)| key.name == family.name);
    let stepping = steps
        && parameters
            .entries
            .iter()
            .all(|(key, _)| family.fields.iter().any(|field| field.name() == key.name));
    let inner = match over.kind {
        Kind::Table(mut table) if named => {
            let Some((_, inner)) = table.entries.pop() else { return };
            wrap(inner, family)
        }
        Kind::Table(table) if stepping => Value::new(Kind::Table(table), over.place),
        kind => return replace(base, Value { kind, ..over }),
    };
    let place = base.place;
    let (name, mut own) = match &mut base.kind {
        Kind::Table(table) => table.entries.pop().map(|(name, inner)| (name, wrap(inner, family))),
        _ => None,
    }
    .unwrap_or_else(|| {
        let name = Key { name: family.name.to_owned(), place };
        (name, Value::new(Kind::Table(Table::default()), place))
    });
    merge(&mut own, inner, &Shape::Table(family.fields));
    base.kind = Kind::Table(Table { entries: vec![(name, own)] });
}

/// A bare parameter as the table that it stands for.
fn wrap(value: Value, listing: &Listing) -> Value {
    match listing.bare {
        Some(name) if value.table().is_none() => {
            let place = value.place;
            let key = Key { name: name.to_owned(), place };
            Value::new(Kind::Table(Table { entries: vec![(key, value)] }), place)
        }
        _ => value,
    }
}

/// Whether a table belongs to this one of several shapes.
fn accepts(shape: &Shape, value: &Value) -> bool {
    let Some(table) = value.table() else { return false };
    let among = |names: Vec<&str>| table.entries.iter().all(|(key, _)| names.contains(&key.name.as_str()));
    match shape {
        Shape::Table(fields) => among(fields.iter().map(|field| field.name()).collect()),
        Shape::Named(_) | Shape::Kinds { .. } | Shape::Any => true,
        Shape::OneOf(shapes) => shapes.iter().any(|shape| accepts(shape, value)),
        Shape::Choice(registry) => among(registry.listings().iter().map(|listing| listing.name).collect()),
        Shape::Distribution { families, .. } => {
            let families = families.listings();
            let parameters = families.iter().flat_map(|family| family.fields).map(|field| field.name());
            among(families.iter().map(|family| family.name).chain(parameters).collect())
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{FAMILIES, WorkLaw};
    use crate::source::{Field, Read, parse};
    use crate::units::Dimension;

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
        assert_eq!(
            tasks(lognormal, "work.lognormal.cv = 9"),
            "{ work = { lognormal = { mean = 2, cv = 9 } } }"
        );
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
}
