//! The value tree of a TOML text in which every key and value knows its place.

use crate::place::Place;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub struct Value {
    /// What it is.
    pub kind: Kind,
    /// Where it stands.
    pub place: Place,
    /// What an overlay put this value over, and in which words to say so.
    pub base: Option<(Place, &'static str)>,
}

/// What a value is.
#[derive(Clone, Debug)]
pub enum Kind {
    /// A string.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number with a point or an exponent.
    Float(f64),
    /// `true` or `false`.
    Boolean(bool),
    /// A date or a time of day, which no key of the language takes.
    Datetime,
    /// An array.
    List(Vec<Value>),
    /// A table, inline or under headers.
    Table(Table),
}

/// A table in the order of its text.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// Keys and values in file order.
    pub entries: Vec<(Key, Value)>,
}

/// A key and where it stands.
#[derive(Clone, Debug)]
pub struct Key {
    /// The key, unquoted.
    pub name: String,
    /// Where it stands.
    pub place: Place,
}

impl Value {
    /// A value at `place`.
    pub fn new(kind: Kind, place: Place) -> Self {
        Value { kind, place, base: None }
    }

    /// The table this is, if it is one.
    pub fn table(&self) -> Option<&Table> {
        if let Kind::Table(table) = &self.kind { Some(table) } else { None }
    }

    /// The text this is, if it is one.
    pub fn text(&self) -> Option<&str> {
        if let Kind::Text(text) = &self.kind { Some(text) } else { None }
    }

    /// The value in TOML on one line.
    pub fn inline(&self) -> String {
        match &self.kind {
            Kind::Text(text) => toml::Value::from(text.as_str()).to_string(),
            Kind::Integer(number) => number.to_string(),
            Kind::Float(number) => toml::Value::from(*number).to_string(),
            Kind::Boolean(truth) => truth.to_string(),
            Kind::Datetime => "a date".into(),
            Kind::List(items) => {
                format!("[{}]", items.iter().map(Value::inline).collect::<Vec<_>>().join(", "))
            }
            Kind::Table(table) => {
                let entries: Vec<_> = table
                    .entries
                    .iter()
                    .map(|(key, value)| format!("{} = {}", key.spelt(), value.inline()))
                    .collect();
                if entries.is_empty() { "{}".into() } else { format!("{{ {} }}", entries.join(", ")) }
            }
        }
    }

    /// What kind of value it is, for messages: *a text*, *a number*.
    pub fn noun(&self) -> &'static str {
        match self.kind {
            Kind::Text(_) => "a text",
            Kind::Integer(_) | Kind::Float(_) => "a number",
            Kind::Boolean(_) => "a truth value",
            Kind::Datetime => "a date",
            Kind::List(_) => "a list",
            Kind::Table(_) => "a table",
        }
    }
}

impl Table {
    /// The value under `name`.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.entries.iter().find(|(key, _)| key.name == name).map(|(_, value)| value)
    }

    /// The value under `name`, to be changed.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Value> {
        self.entries.iter_mut().find(|(key, _)| key.name == name).map(|(_, value)| value)
    }

    /// Takes out what stands under `name`.
    pub fn remove(&mut self, name: &str) -> Option<(Key, Value)> {
        let at = self.entries.iter().position(|(key, _)| key.name == name)?;
        Some(self.entries.remove(at))
    }

    /// The only key and value, if there is just one: how a choice with parameters is spelt.
    pub fn only(&self) -> Option<(&Key, &Value)> {
        if let [(key, value)] = self.entries.as_slice() { Some((key, value)) } else { None }
    }
}

impl Key {
    /// The key as TOML spells it: bare where it may be, else quoted.
    pub fn spelt(&self) -> String {
        let bare = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if !self.name.is_empty() && self.name.chars().all(bare) {
            self.name.clone()
        } else {
            toml::Value::from(self.name.as_str()).to_string()
        }
    }
}
