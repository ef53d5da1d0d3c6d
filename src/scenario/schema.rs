//! A JSON Schema of scenarios, for completion and checking in editors.
//!
//! It says what keys there are and what may stand at each. That a key is missing it leaves to `check`: a file that
//! extends another, and a variant, need not say everything.

use serde_json::{Map, Value as Json, json};

use super::PRESETS;
use super::keys::{ALL, OF_STUDY};
use crate::source::{AnyField, AnyRegistry, Kind, Listing, Shape, Value, default_value};
use crate::units::{Dimension, pattern};

/// The JSON Schema (draft 7) of scenarios; `plots` are the charts that exist.
pub fn schema(plots: &[&str]) -> Json {
    let mut schema = Schema::default();
    let mut top = schema.table(ALL);
    schema.overlay = true;
    let mut variant = Map::new();
    variant.insert("name".into(), json!({ "type": "string", "description": "what the variant is called" }));
    for field in ALL.iter().filter(|field| !OF_STUDY.contains(&field.name())) {
        variant.insert(field.name().into(), schema.field(*field));
    }
    let variant = json!({ "type": "object", "properties": variant, "additionalProperties": false });
    let names = |names: Vec<&str>| json!({ "enum": names });
    if let Some(presets) = top.pointer_mut("/properties/machine/properties/preset") {
        presets["enum"] = names(PRESETS.iter().map(|preset| preset.name).collect())["enum"].take();
    }
    if let Some(items) = top.pointer_mut("/properties/report/properties/plots/items")
        && !plots.is_empty()
    {
        *items = names(plots.to_vec());
    }
    let object = &mut top["properties"];
    object["variant"]["items"] = variant;
    object["sweep"] = json!({
        "type": "object",
        "description": object["sweep"]["description"],
        "additionalProperties": { "type": ["array", "object"] },
    });
    top["$schema"] = json!("http://json-schema.org/draft-07/schema#");
    top["title"] = json!("a makespan scenario");
    top["definitions"] = Json::Object(schema.definitions);
    top
}

#[derive(Default)]
struct Schema {
    definitions: Map<String, Json>,
    /// Whether what stands there is laid over something: a key may then step over the family of a distribution.
    overlay: bool,
}

impl Schema {
    /// A reference to the definition called `name`, which `define` makes the first time.
    fn definition(&mut self, name: &str, define: impl FnOnce(&mut Self) -> Json) -> Json {
        let name = name.replace(' ', "-") + if self.overlay { "-overlaid" } else { "" };
        if !self.definitions.contains_key(&name) {
            self.definitions.insert(name.clone(), Json::Null);
            let defined = define(self);
            self.definitions.insert(name.clone(), defined);
        }
        json!({ "$ref": format!("#/definitions/{name}") })
    }

    fn shape(&mut self, shape: &Shape) -> Json {
        match shape {
            Shape::Boolean => json!({ "type": "boolean" }),
            Shape::Integer(least, most) => {
                let mut number = json!({ "type": "integer", "minimum": least });
                if i64::try_from(*most).is_ok() {
                    number["maximum"] = json!(most);
                }
                number
            }
            Shape::Number => json!({ "type": "number" }),
            Shape::Text(_) => json!({ "type": "string" }),
            Shape::Word(words) => json!({ "enum": words }),
            Shape::Quantity(dimension) => self.quantity(*dimension),
            Shape::Distribution { dimension, families } => {
                let name = format!("{} or distribution", label(*dimension));
                self.definition(&name, |schema| {
                    let drawn = schema.choice(*families);
                    json!({ "anyOf": [schema.quantity(*dimension), drawn] })
                })
            }
            Shape::List(item) => json!({ "type": "array", "items": self.shape(item) }),
            Shape::Table(fields) => self.table(fields),
            Shape::Named(inner) => json!({ "type": "object", "additionalProperties": self.shape(inner) }),
            Shape::Kinds { registry, common } => self.kinds(*registry, common),
            Shape::Choice(registry) => self.choice(*registry),
            Shape::OneOf(shapes) => {
                let each: Vec<Json> = shapes.iter().map(|shape| self.shape(shape)).collect();
                json!({ "anyOf": each })
            }
            Shape::Any => json!({}),
        }
    }

    fn quantity(&mut self, dimension: Dimension) -> Json {
        self.definition(label(dimension), |_| {
            let text = json!({ "type": "string", "pattern": pattern(dimension) });
            match dimension {
                Dimension::Fraction | Dimension::Number => {
                    json!({ "anyOf": [{ "type": "number", "minimum": 0 }, text] })
                }
                _ => text,
            }
        })
    }

    fn table(&mut self, fields: &[&dyn AnyField]) -> Json {
        let built = fields.iter().filter(|field| field.built());
        let properties: Map<String, Json> =
            built.map(|field| (field.name().to_owned(), self.field(*field))).collect();
        json!({ "type": "object", "properties": properties, "additionalProperties": false })
    }

    fn field(&mut self, field: &dyn AnyField) -> Json {
        let mut schema = self.shape(&field.shape());
        // Beside a reference, draft 7 reads nothing else.
        if schema.get("$ref").is_some() {
            schema = json!({ "allOf": [schema] });
        }
        let needed = if field.required() { " (needed)" } else { "" };
        schema["description"] = json!(format!("{}{needed}", field.about()));
        if let Some(default) = field.default() {
            schema["default"] = json_of(&default_value(default));
        }
        schema
    }

    /// A name, or a one-key table of the name and its parameters.
    fn choice(&mut self, registry: &'static dyn AnyRegistry) -> Json {
        self.definition(registry.noun(), |schema| {
            let listings = registry.listings();
            let names: Vec<&str> = listings.iter().map(|listing| listing.name).collect();
            let abouts: Vec<String> = listings.iter().map(about).collect();
            let parameters: Map<String, Json> = listings
                .iter()
                .map(|listing| (listing.name.to_owned(), schema.parameters(listing)))
                .collect();
            let name = json!({ "enum": names, "x-taplo": { "docs": { "enumValues": abouts } } });
            let table = json!({
                "type": "object", "properties": parameters, "additionalProperties": false, "maxProperties": 1,
            });
            let mut spellings = vec![name, table];
            if schema.overlay {
                let fields = listings.iter().flat_map(|listing| listing.fields);
                let own: Map<String, Json> =
                    fields.map(|field| (field.name().to_owned(), json!({}))).collect();
                spellings.push(json!({ "type": "object", "properties": own, "additionalProperties": false }));
            }
            json!({ "anyOf": spellings })
        })
    }

    /// The parameters of an entry, or what stands for its only one.
    fn parameters(&mut self, listing: &Listing) -> Json {
        let table = self.table(listing.fields);
        let bare = listing.fields.iter().find(|field| Some(field.name()) == listing.bare);
        let mut schema = match bare {
            Some(field) => json!({ "anyOf": [self.shape(&field.shape()), table] }),
            None => table,
        };
        schema["description"] = json!(about(listing));
        schema
    }

    /// Tables named for their kind, or with any name and a `kind`.
    fn kinds(&mut self, registry: &'static dyn AnyRegistry, common: &[&dyn AnyField]) -> Json {
        let mut named = Map::new();
        let mut kinds = Vec::new();
        for listing in registry.listings() {
            let fields: Vec<&dyn AnyField> = common.iter().chain(listing.fields).copied().collect();
            let reference = self.definition(&format!("{} {}", registry.noun(), listing.name), |schema| {
                let mut table = schema.table(&fields);
                table["properties"]["kind"] = json!({ "const": listing.name });
                table["description"] = json!(about(&listing));
                table
            });
            named.insert(listing.name.to_owned(), reference.clone());
            kinds.push(reference);
        }
        json!({ "type": "object", "properties": named, "additionalProperties": { "anyOf": kinds } })
    }
}

fn about(listing: &Listing) -> String {
    if listing.cite.is_empty() {
        listing.about.to_owned()
    } else {
        format!("{} ({})", listing.about, listing.cite)
    }
}

fn label(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Time => "time",
        Dimension::Work => "work",
        Dimension::Bytes => "bytes",
        Dimension::Bandwidth => "bandwidth",
        Dimension::Frequency => "frequency",
        Dimension::Speed => "speed",
        Dimension::Fraction => "fraction",
        Dimension::Number => "number",
    }
}

fn json_of(value: &Value) -> Json {
    match &value.kind {
        Kind::Text(text) => json!(text),
        Kind::Integer(number) => json!(number),
        Kind::Float(number) => json!(number),
        Kind::Boolean(truth) => json!(truth),
        Kind::Datetime => Json::Null,
        Kind::List(items) => Json::Array(items.iter().map(json_of).collect()),
        Kind::Table(table) => Json::Object(
            table.entries.iter().map(|(key, value)| (key.name.clone(), json_of(value))).collect(),
        ),
    }
}
