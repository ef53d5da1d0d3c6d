//! The JSON Schema accepts what `check` accepts, and knows a misspelt key and a wrong unit's place.

use makespan::scenario::schema;
use serde_json::{Value, json};

/// Whether `schema` allows `value`, by the keywords that the schema uses; patterns of texts are left to editors.
fn allows(root: &Value, schema: &Value, value: &Value) -> bool {
    let all = |key: &str, test: &dyn Fn(&Value) -> bool| schema.get(key).is_none_or(test);
    all("$ref", &|reference| {
        let pointer =
            reference.as_str().and_then(|text| text.strip_prefix('#')).expect("a pointer into the schema");
        allows(root, root.pointer(pointer).expect("a definition"), value)
    }) && all("type", &|kind| match kind {
        Value::Array(kinds) => kinds.iter().any(|kind| is(kind, value)),
        kind => is(kind, value),
    }) && all("enum", &|values| values.as_array().is_some_and(|values| values.contains(value)))
        && all("const", &|constant| constant == value)
        && all("minimum", &|least| {
            value.as_f64().is_none_or(|number| number >= least.as_f64().unwrap_or(0.0))
        })
        && all("maximum", &|most| value.as_f64().is_none_or(|number| number <= most.as_f64().unwrap_or(0.0)))
        && all("maxProperties", &|most| {
            value.as_object().is_none_or(|table| table.len() as u64 <= most.as_u64().unwrap_or(0))
        })
        && all("allOf", &|parts| {
            parts.as_array().is_some_and(|parts| parts.iter().all(|part| allows(root, part, value)))
        })
        && all("anyOf", &|parts| {
            parts.as_array().is_some_and(|parts| parts.iter().any(|part| allows(root, part, value)))
        })
        && all("items", &|item| {
            value.as_array().is_none_or(|items| items.iter().all(|each| allows(root, item, each)))
        })
        && value.as_object().is_none_or(|table| {
            table.iter().all(|(key, value)| {
                match schema.get("properties").and_then(|properties| properties.get(key)) {
                    Some(own) => allows(root, own, value),
                    None => all("additionalProperties", &|other| match other {
                        Value::Bool(allowed) => *allowed,
                        other => allows(root, other, value),
                    }),
                }
            })
        })
}

fn is(kind: &Value, value: &Value) -> bool {
    match kind.as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("boolean") => value.is_boolean(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("number") => value.is_number(),
        _ => false,
    }
}

fn accepts(text: &str) -> bool {
    let document: toml::Table = text.parse().expect("valid TOML");
    let schema = schema(&["gantt"]);
    allows(&schema, &schema, &serde_json::to_value(document).expect("TOML without dates"))
}

#[test]
fn the_schema_accepts_what_the_language_has() {
    for text in [
        "title = \"x\"\nmachine.cores = 8\nworkload.tasks = { count = 1, work = { exponential = \"10 ms\" } }\n\
         schedule.policy = \"fifo\"\nvariant = [{ name = \"a\", schedule.policy = \"lpt\", remove = [\"faults\"] }]",
        "machine = { preset = \"epyc-2x64\", speed = { uniform = [0.8, 1.2] } }\nreport.plots = [\"gantt\"]",
        "workload.web = { kind = \"tasks\", list = [{ work = \"5 s\" }], on = \"group fast\" }\nextends = [\"a\", \"b\"]",
        "run.replicates = { precision = \"1 %\" }\n[sweep]\n\"machine.cores\" = [1, 2]\nrun.horizon = { from = 1 }",
        "variant = [{ workload.tasks.work.cv = 3 }]",
        "[faults.inject.x]\ntarget = \"node 2\"\nfault.slowdown.speed = 0.25\nat = \"3 s\"\n[expect.b]\nat_most = \"1 s\"",
    ] {
        assert!(accepts(text), "{text}");
    }
}

#[test]
fn the_schema_refuses_unknown_keys_and_names() {
    for text in [
        "machine.cors = 8",
        "schedule.policy = \"fiffo\"",
        "schedule.policy = { fifo = {}, lpt = {} }",
        "workload.tasks.work = { lognormal = { mean = \"1 s\", sigma = 2 } }",
        "workload.tasks.work.cv = 3",
        "machine.preset = \"epyc\"",
        "report.plots = [\"gant\"]",
        "variant = [{ run.seeds = 3 }]",
        "run.seed = -1",
    ] {
        assert!(!accepts(text), "{text}");
    }
}

#[test]
fn every_reference_leads_to_a_definition() {
    fn walk(root: &Value, value: &Value) {
        if let Some(pointer) = value.get("$ref").and_then(Value::as_str) {
            let found = pointer.strip_prefix('#').and_then(|pointer| root.pointer(pointer));
            assert!(found.is_some_and(Value::is_object), "{pointer}");
        }
        match value {
            Value::Object(table) => table.values().for_each(|value| walk(root, value)),
            Value::Array(items) => items.iter().for_each(|value| walk(root, value)),
            _ => {}
        }
    }
    let schema = schema(&[]);
    walk(&schema, &schema);
    assert_eq!(schema["additionalProperties"], json!(false));
}
