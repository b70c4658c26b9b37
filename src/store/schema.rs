//! The JSON Schema of the finding record, made from its Rust types.
//!
//! Two forms: *strict* for writers and tests (no unknown field, no unknown
//! word), *lenient* for readers. Rules that tie fields together, which types
//! cannot say, are added by hand here. Both files are committed; a test fails
//! when they drift.

use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use super::record::{Finding, SCHEMA};

/// The version of the format, as titles give it.
const VERSION: &str = "1.1.0";

/// Marks a list of words that may grow in a minor version.
const OPEN: &str = "x-open-enum";

/// What writers must pass.
///
/// # Panics
///
/// Never: the schema of a struct is an object.
pub fn strict() -> Value {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let schema = settings.into_generator().into_root_schema_for::<Finding>();
    let mut schema = schema.to_value();
    let root = schema
        .as_object_mut()
        .expect("the schema of a struct is an object");
    root.insert("$id".to_owned(), json!(SCHEMA));
    root.insert(
        "title".to_owned(),
        json!(format!("Finding {VERSION}, strict")),
    );
    root.insert("allOf".to_owned(), cross_field_rules());
    name_version(&mut schema, &format!("^{}$", SCHEMA.replace('.', r"\.")));
    schema
}

/// What readers must accept: unknown fields and unknown open words too.
pub fn lenient() -> Value {
    let mut schema = strict();
    loosen(&mut schema);
    schema["$id"] = json!(format!("{SCHEMA}/lenient"));
    schema["title"] = json!("Finding 1.x, lenient");
    name_version(
        &mut schema,
        r"^https://lentera\.example/schemas/finding/1\.[0-9]+\.[0-9]+$",
    );
    schema
}

/// A schema as it is committed: indented, with a final line end.
///
/// # Panics
///
/// Never: a JSON value can always be written.
pub fn to_file(schema: &Value) -> String {
    let mut text = serde_json::to_string_pretty(schema).expect("a JSON value can be written");
    text.push('\n');
    text
}

fn name_version(schema: &mut Value, pattern: &str) {
    schema["properties"]["schema"]["pattern"] = json!(pattern);
}

fn loosen(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            if object.get("additionalProperties") == Some(&Value::Bool(false)) {
                object.remove("additionalProperties");
            }
            if object.contains_key(OPEN) {
                object.remove("enum");
            }
            object.values_mut().for_each(loosen);
        }
        Value::Array(items) => items.iter_mut().for_each(loosen),
        _ => {}
    }
}

/// A condition and a consequence, each by property.
fn rule(condition: &Value, consequence: &Value) -> Value {
    json!({ "if": { "properties": condition }, "then": { "properties": consequence } })
}

fn cross_field_rules() -> Value {
    json!([masked(), minor(), flagged(), by_indicator(), decided()])
}

/// A masked record holds no number, no readable digest and no live link.
fn masked() -> Value {
    rule(
        &json!({ "privacy": { "properties": { "profile": { "const": "masked" } } } }),
        &json!({
            "content": { "properties": {
                "text_state": { "enum": ["masked", "withheld"] },
                "digest": { "properties": {
                    "algorithm": { "const": "hmac-sha256" },
                    "key_id": { "type": "string" }
                } }
            } },
            "source": { "properties": { "url": { "not": { "type": "string", "pattern": "^[Hh][Tt][Tt][Pp]" } } } },
            "entities": { "properties": {
                "phones": { "items": { "properties": { "e164": { "type": "null" } } } }
            } }
        }),
    )
}

/// What may concern a person under 18 is handled so, and never shown in full;
/// its legal frame says that means are not needed.
fn minor() -> Value {
    rule(
        &json!({ "assessment": { "properties": { "possible_minor": { "const": "indicator" } } } }),
        &json!({ "privacy": { "properties": {
            "handling": { "contains": { "const": "minor_restricted" } },
            "profile": { "not": { "const": "full" } }
        } }, "assessment": { "properties": {
            "legal_frame": { "required": ["child"] }
        } } }),
    )
}

/// Only a gate sets a level.
fn flagged() -> Value {
    rule(
        &json!({ "assessment": { "properties": {
            "level": { "enum": ["low", "medium", "high", "critical"] }
        } } }),
        &json!({ "assessment": { "properties": { "gates": { "minItems": 1 } } } }),
    )
}

/// A gate that indicators met comes with those indicators.
fn by_indicator() -> Value {
    rule(
        &json!({ "assessment": { "properties": { "gates": { "contains": { "properties": {
            "met_by": { "contains": { "pattern": "^[a-z0-9_]+\\.[a-z0-9_]+$" } }
        } } } } } }),
        &json!({ "indicators": { "minItems": 1 } }),
    )
}

/// A decision has somebody who made it, and reasons.
fn decided() -> Value {
    json!({
        "if": { "properties": { "review": { "properties": {
            "state": { "enum": ["decided", "referred"] }
        } } } },
        "then": { "properties": { "review": {
            "properties": {
                "decision": { "type": "string" },
                "reviewer": { "type": "string", "minLength": 1 },
                "reasons": { "minItems": 1 }
            },
            "required": ["decision", "reviewer", "reasons", "decided_at"]
        } } }
    })
}

#[cfg(test)]
mod tests;
