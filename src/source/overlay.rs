//! Overlays: one value tree laid over another, by the shape of the language.

use super::{AnyField, Key, Kind, Listing, Shape, Table, Value};
use crate::error::Problem;
use crate::place::Place;

/// A path that an overlay takes away.
pub struct Removal {
    /// The dotted path.
    pub path: String,
    /// Where it is asked for.
    pub place: Place,
}

/// Takes the value at a dotted path out of `base`.
///
/// # Errors
/// Where nothing stands there: the problem shows the overlay and the table in which it looked.
pub fn remove(base: &mut Value, removal: &Removal) -> Result<(), Problem> {
    let mut at = base;
    let mut keys = removal.path.split('.').peekable();
    while let Some(key) = keys.next() {
        let place = at.place;
        let absent = || {
            Problem::new(format!("there is no `{}` to remove", removal.path))
                .at(removal.place, format!("`{key}` isn't there"))
                .also(place, "looked for it here")
        };
        let Kind::Table(table) = &mut at.kind else { return Err(absent()) };
        if keys.peek().is_none() {
            return table.remove(key).map(|_| ()).ok_or_else(absent);
        }
        at = table.get_mut(key).ok_or_else(absent)?;
    }
    Ok(())
}

/// Lays `over` over `base`, which has `shape`: tables merge key by key, choices as the language page says, everything
/// else is replaced. A replaced value remembers the place of what it replaced.
pub fn merge(base: &mut Value, over: Value, shape: &Shape) {
    match (shape, &mut base.kind, over) {
        (Shape::Table(fields), Kind::Table(table), Value { kind: Kind::Table(over), .. }) => {
            merge_fields(table, over, fields);
        }
        (Shape::Named(inner), Kind::Table(table), Value { kind: Kind::Table(over), .. }) => {
            for (key, value) in over.entries {
                merge_key(table, key, value, inner);
            }
        }
        (Shape::Choice(registry), _, over) => merge_choice(base, over, &registry.listings(), false),
        (Shape::Distribution { families, .. }, _, over) => {
            merge_choice(base, over, &families.listings(), true)
        }
        (Shape::OneOf(shapes), Kind::Table(_), over @ Value { kind: Kind::Table(_), .. }) => {
            match shapes.iter().find(|shape| accepts(shape, &over)) {
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
    base.replaced = Some(place);
}

fn merge_key(table: &mut Table, key: Key, value: Value, shape: &Shape) {
    match table.get_mut(&key.name) {
        Some(base) => merge(base, value, shape),
        None => table.entries.push((key, value)),
    }
}

fn merge_fields(table: &mut Table, over: Table, fields: &[&dyn AnyField]) {
    for (key, value) in over.entries {
        let Some(field) = fields.iter().find(|field| field.name() == key.name) else {
            // Unknown keys are laid over too, so that reading finds and reports them where they stand.
            merge_key(table, key, value, &Shape::Any);
            continue;
        };
        if let Some((group, side)) = field.group() {
            let opposes =
                |other: &&&dyn AnyField| other.group().is_some_and(|(its, on)| its == group && on != side);
            let rival = |name: &str| fields.iter().filter(opposes).any(|field| field.name() == name);
            table.entries.retain(|(other, _)| !rival(&other.name));
        }
        merge_key(table, key, value, &field.shape());
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
    let name = Key { name: family.name.to_owned(), place };
    let mut own = match &mut base.kind {
        Kind::Table(table) => table.entries.pop().map(|(_, inner)| wrap(inner, family)),
        _ => None,
    }
    .unwrap_or_else(|| Value::new(Kind::Table(Table::default()), place));
    merge(&mut own, inner, &Shape::Table(family.fields));
    base.kind = Kind::Table(Table { entries: vec![(name, own)] });
}

/// A bare parameter as the table that it stands for.
fn wrap(value: Value, listing: &Listing) -> Value {
    match (listing.bare, &value.kind) {
        (Some(name), kind) if !matches!(kind, Kind::Table(_)) => {
            let place = value.place;
            let key = Key { name: name.to_owned(), place };
            Value::new(Kind::Table(Table { entries: vec![(key, value)] }), place)
        }
        _ => value,
    }
}

/// Whether a table that is laid over a value of one of several shapes belongs to this one.
fn accepts(shape: &Shape, over: &Value) -> bool {
    let Some(table) = over.table() else { return false };
    let known = |names: &[&str]| table.entries.iter().all(|(key, _)| names.contains(&key.name.as_str()));
    match shape {
        Shape::Table(fields) => known(&fields.iter().map(|field| field.name()).collect::<Vec<_>>()),
        Shape::Named(_) | Shape::Any => true,
        Shape::Choice(registry) => {
            known(&registry.listings().iter().map(|listing| listing.name).collect::<Vec<_>>())
        }
        Shape::Distribution { families, .. } => table.entries.iter().all(|(key, _)| {
            families.listings().iter().any(|family| {
                family.name == key.name || family.fields.iter().any(|field| field.name() == key.name)
            })
        }),
        _ => false,
    }
}
