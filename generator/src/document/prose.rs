//! Stage 3, what a schema says of values and no type can say: in words, for the documentation.

use serde_json::{Map, Value};

use crate::dialect::values::is_anything;

/// How long a schema may be as code within a sentence.
const LONGEST: usize = 200;

/// What is counted, once and several times.
const CHARACTERS: [&str; 2] = [" character", " characters"];
const ELEMENTS: [&str; 2] = [" element", " elements"];
const PROPERTIES: [&str; 2] = [" property", " properties"];

/// The constraints on values that a type cannot say (JSON Schema 2020-12, validation 6.2 to 6.5), in words; `text` has
/// those for the number at a keyword.
pub(super) fn constraints(object: &Map<String, Value>, text: &dyn Fn(&str, &Value) -> String) -> Vec<String> {
    const WORDS: [(&str, &str, [&str; 2]); 11] = [
        ("minimum", "at least ", [""; 2]),
        ("exclusiveMinimum", "more than ", [""; 2]),
        ("maximum", "at most ", [""; 2]),
        ("exclusiveMaximum", "less than ", [""; 2]),
        ("multipleOf", "a multiple of ", [""; 2]),
        ("minLength", "at least ", CHARACTERS),
        ("maxLength", "at most ", CHARACTERS),
        ("minItems", "at least ", ELEMENTS),
        ("maxItems", "at most ", ELEMENTS),
        ("minProperties", "at least ", PROPERTIES),
        ("maxProperties", "at most ", PROPERTIES),
    ];
    let words = |(key, before, [one, several]): &(&'static str, &str, [&str; 2])| {
        let (keyword, number) = bound(object, key)?;
        let after = if number.as_f64() == Some(1.0) { one } else { several };
        Some(format!("{before}{}{after}", text(keyword, number)))
    };
    let mut constraints: Vec<_> = WORDS.iter().filter_map(words).collect();
    let pattern = object.get("pattern").and_then(Value::as_str);
    // A line break in a pattern is what its escape is, and a comment has no room for the one.
    let pattern = pattern.map(|pattern| fenced(&pattern.replace('\r', "\\r").replace('\n', "\\n")));
    constraints.extend(pattern.map(|pattern| format!("matches {pattern}")));
    constraints.extend(shape(object));
    // Some print it beside every type.
    let has_elements = match object.get("type") {
        Some(Value::String(name)) => name == "array",
        Some(Value::Array(names)) => names.contains(&"array".into()),
        _ => true,
    };
    let is_unique = has_elements && object.get("uniqueItems") == Some(&Value::Bool(true));
    constraints.extend(is_unique.then(|| "no element twice".to_owned()));
    constraints
}

/// What the texts or numbers look like, where that shapes no type.
fn shape(object: &Map<String, Value>) -> Option<String> {
    const SAID_BY_TYPES: [&str; 17] = [
        "binary",
        "date",
        "date-time",
        "double",
        "float",
        "int8",
        "int16",
        "int32",
        "int64",
        "number",
        "string",
        "uint",
        "uint8",
        "uint16",
        "uint32",
        "uint64",
        "password",
    ];
    let text = |keyword: &str| object.get(keyword).and_then(Value::as_str).filter(|text| !text.is_empty());
    if let Some(format) = text("format").filter(|format| !SAID_BY_TYPES.contains(format)) {
        return Some(format!("format {}", fenced(format)));
    }
    match (text("contentMediaType"), text("contentEncoding")) {
        (None, None) => None,
        (Some(media_type), None) => Some(fenced(media_type)),
        (None, Some(encoding)) => Some(format!("in {}", fenced(encoding))),
        (Some(media_type), Some(encoding)) => Some(format!("{} in {}", fenced(media_type), fenced(encoding))),
    }
}

/// The number that a keyword says, and where that stands. Up to draft 5, on which OpenAPI 3.0 is built, a flag beside a
/// bound says whether it is a value itself.
fn bound<'o>(object: &'o Map<String, Value>, keyword: &'static str) -> Option<(&'static str, &'o Value)> {
    let is_exclusive = |keyword: &str| object.get(keyword) == Some(&Value::Bool(true));
    let keyword = match keyword {
        "minimum" if is_exclusive("exclusiveMinimum") => return None,
        "maximum" if is_exclusive("exclusiveMaximum") => return None,
        "exclusiveMinimum" if is_exclusive(keyword) => "minimum",
        "exclusiveMaximum" if is_exclusive(keyword) => "maximum",
        keyword => keyword,
    };
    object.get(keyword).filter(|value| value.is_number()).map(|number| (keyword, number))
}

/// What values must be besides, or under a condition (JSON Schema 2020-12, core 10.2 and 10.3, validation 6.5.4), in
/// sentences.
pub(super) fn conditions(object: &Map<String, Value>) -> Vec<String> {
    let schema = |keyword: &str| object.get(keyword).filter(|schema| !is_anything(schema)).map(schema_code);
    let mut sentences = Vec::new();
    sentences.extend(schema("not").map(|not| format!("No value matches {not}.")));
    if let Some(condition) = schema("if") {
        let then = schema("then").map(|then| format!("A value that matches {condition} matches {then} too."));
        sentences.extend(then);
        sentences
            .extend(schema("else").map(|other| format!("A value that does not match {condition} matches {other}.")));
    }
    for (name, names) in members(object, "dependentRequired") {
        let names: Vec<_> = names.as_array().into_iter().flatten().filter_map(Value::as_str).map(quoted).collect();
        if !names.is_empty() {
            sentences.push(format!("Where {} is there, so is {}.", quoted(name), names.join(" and ")));
        }
    }
    for (name, schema) in members(object, "dependentSchemas") {
        sentences.push(format!("Where {} is there, the whole matches {}.", quoted(name), schema_code(schema)));
    }
    sentences.extend(schema("propertyNames").map(|names| format!("The names of the properties match {names}.")));
    sentences.extend(schema("contains").map(|element| format!("{} of the elements match {element}.", counted(object))));
    sentences
}

fn members<'o>(object: &'o Map<String, Value>, keyword: &str) -> impl Iterator<Item = (&'o String, &'o Value)> {
    object.get(keyword).and_then(Value::as_object).into_iter().flatten()
}

/// How many elements match `contains`.
fn counted(object: &Map<String, Value>) -> String {
    let count = |keyword: &str| object.get(keyword).and_then(Value::as_u64);
    match (count("minContains").unwrap_or(1), count("maxContains")) {
        (least, None) => format!("At least {least}"),
        (least, Some(most)) => format!("{least} to {most}"),
    }
}

fn schema_code(schema: &Value) -> String {
    let code = code(schema);
    if code.len() > LONGEST { "a schema of the API's document".to_owned() } else { code }
}

fn quoted(name: impl AsRef<str>) -> String {
    fenced(name.as_ref())
}

/// A JSON value as inline code of Markdown.
pub(crate) fn code(value: &Value) -> String {
    fenced(&value.to_string())
}

fn fenced(text: &str) -> String {
    // A text with backticks needs a longer fence than any run of them in it.
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let blank = if longest > 0 { " " } else { "" };
    format!("{fence}{blank}{text}{blank}{fence}")
}
