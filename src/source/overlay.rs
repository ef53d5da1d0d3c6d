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
