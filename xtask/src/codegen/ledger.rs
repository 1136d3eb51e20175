//! `--report`: what became of the documents, as a file: how much of each kind there was to say, where, and which
//! operations and types lost something.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};
use specwright::diagnostic::{Diagnostic, Place, Severity, Spot};
use specwright::{Counts, Input, LeftOut};

use crate::Failure;

/// Writes the ledger: as JSON when the name of the file ends so, else as Markdown.
///
/// # Errors
///
/// When the file cannot be written.
pub fn write(
    path: &Path,
    counts: Counts,
    left_out: &[LeftOut],
    pages: &[String],
    diagnostics: &[Diagnostic],
    inputs: &[Input],
) -> Result<(), Failure> {
    let entries = entries(diagnostics, inputs);
    let left_out = left_out_at(left_out, inputs);
    let is_json = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    let text = match is_json {
        true => json(counts, &left_out, pages, &entries),
        false => markdown(counts, &left_out, pages, &entries),
    };
    std::fs::write(path, text).map_err(|error| Failure::io("write", path, &error))
}

/// One thing to say, and where.
struct Entry<'d> {
    said: &'d Diagnostic,
    /// File, line and column, as compilers write them.
    place: String,
    /// The operation or the component that it stands in.
    owner: Option<String>,
}

/// All that there is to say, in the order of the texts and of the places in these.
fn entries<'d>(diagnostics: &'d [Diagnostic], inputs: &[Input]) -> Vec<Entry<'d>> {
    let positions = specwright::report::positions(diagnostics.iter().map(|one| &one.place), inputs);
    let mut all: Vec<_> = diagnostics.iter().zip(positions).collect();
    all.sort_by_key(|(said, position)| (said.place.input, *position));
    let entry = |(said, position): (&'d Diagnostic, _)| {
        let (place, owner) = (shown(&said.place, position, inputs), owner(&said.place.spot));
        Entry { said, place, owner }
    };
    all.into_iter().map(entry).collect()
}

/// The operations that are left out, each with its place.
fn left_out_at<'l>(left_out: &'l [LeftOut], inputs: &[Input]) -> Vec<(&'l LeftOut, String)> {
    let positions = specwright::report::positions(left_out.iter().map(|one| &one.place), inputs);
    left_out.iter().zip(positions).map(|(one, position)| (one, shown(&one.place, position, inputs))).collect()
}

fn shown(place: &Place, position: Option<(usize, usize)>, inputs: &[Input]) -> String {
    let file = inputs.get(place.input).map(|input| input.name.as_str()).unwrap_or_default();
    position.map_or_else(|| file.to_owned(), |(line, column)| format!("{file}:{line}:{column}"))
}

/// The operation, the path or the component that a place is in.
fn owner(spot: &Spot) -> Option<String> {
    let (Spot::Node(pointer) | Spot::Key(pointer)) = spot else { return None };
    let tokens: Vec<_> = pointer.tokens().collect();
    let tokens: Vec<_> = tokens.iter().map(String::as_str).collect();
    match tokens[..] {
        ["paths", path, "additionalOperations", method, ..] => Some(format!("{method} {path}")),
        ["paths", path, "parameters" | "servers" | "$ref", ..] | ["paths", path] => Some(path.to_owned()),
        ["paths", path, method, ..] => Some(format!("{} {path}", method.to_uppercase())),
        ["components", "schemas", name, ..] | ["definitions", name, ..] => Some(name.to_owned()),
        ["components", section, name, ..]
        | [section @ ("securityDefinitions" | "parameters" | "responses" | "webhooks" | "channels"), name, ..] => {
            Some(format!("{section}/{name}"))
        }
        _ => None,
    }
}

/// How often each code was said, by its severity.
fn codes(entries: &[Entry<'_>]) -> BTreeMap<(&'static str, &'static str), usize> {
    let mut codes = BTreeMap::new();
    for entry in entries {
        *codes.entry((entry.said.severity.as_str(), entry.said.code.as_str())).or_default() += 1;
    }
    codes
}

/// The operations and components that lost something, and how often.
fn losses<'e>(entries: &'e [Entry<'_>]) -> BTreeMap<&'e str, usize> {
    let mut losses = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry.said.severity > Severity::Note) {
        if let Some(owner) = &entry.owner {
            *losses.entry(owner.as_str()).or_default() += 1;
        }
    }
    losses
}

fn json(counts: Counts, left_out: &[(&LeftOut, String)], pages: &[String], entries: &[Entry<'_>]) -> String {
    let one = |entry: &Entry<'_>| {
        let Diagnostic { severity, code, message, help, .. } = entry.said;
        json!({
            "severity": severity.as_str(), "code": code.as_str(), "message": message, "help": help,
            "place": entry.place, "in": entry.owner,
        })
    };
    let left = left_out.iter().map(|(one, place)| {
        let LeftOut { operation, reason, .. } = one;
        json!({ "operation": operation, "reason": reason.as_str(), "place": place })
    });
    let left: Vec<_> = left.collect();
    let codes = codes(entries).into_iter();
    let codes: Vec<_> =
        codes.map(|((severity, code), count)| json!({ "severity": severity, "code": code, "count": count })).collect();
    let value = json!({
        "documents": counts.documents,
        "operations": { "found": counts.operations_found, "generated": counts.operations, "left_out": left },
        "types": counts.types,
        "codes": codes,
        "losses": losses(entries),
        "pages": pages,
        "entries": entries.iter().map(one).collect::<Vec<Value>>(),
    });
    format!("{value:#}\n")
}

fn markdown(counts: Counts, left_out: &[(&LeftOut, String)], pages: &[String], entries: &[Entry<'_>]) -> String {
    let Counts { documents, operations_found, operations, types } = counts;
    let mut text = format!(
        "# What became of the documents\n\n| documents | operations | generated | left out | types |\n\
         |---|---|---|---|---|\n| {documents} | {operations_found} | {operations} | {} | {types} |\n",
        left_out.len()
    );
    if !left_out.is_empty() {
        text.push_str("\n## Operations that are left out\n\n");
    }
    for (LeftOut { operation, reason, .. }, place) in left_out {
        let _ = writeln!(text, "* `{operation}`: {} ({place})", reason.as_str());
    }
    text.push_str("\n## By kind\n\n| severity | code | times |\n|---|---|---|\n");
    for ((severity, code), count) in codes(entries) {
        let _ = writeln!(text, "| {severity} | `{code}` | {count} |");
    }
    text.push_str("\n## What lost something\n\n");
    for (owner, count) in losses(entries) {
        let _ = writeln!(text, "* `{owner}`: {count}");
    }
    text.push_str("\n## Lists that come in pages\n\n");
    for page in pages {
        let _ = writeln!(text, "* {page}");
    }
    text.push_str("\n## Everything, in the order of the documents\n\n");
    for Entry { said, place, .. } in entries {
        let _ = writeln!(text, "* {place}: {}[`{}`] {}", said.severity.as_str(), said.code.as_str(), said.message);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(name: &str) -> String {
        let text = "\
openapi: 3.1.0
info: {title: A, version: '1'}
paths:
  /a:
    get:
      responses:
        '200': {description: A, content: {application/json: {schema: {type: strng}}}}
  /b:
    get:
      responses:
        '200':
          description: B
          headers: {Link: {schema: {type: string}}}
          content: {application/json: {schema: {type: array, items: {type: string}}}}
  /c: {get: {$ref: '#/nowhere'}}
components:
  securitySchemes:
    key: {type: apiKye}
  schemas:
    A: {type: object, properties: {a: {type: objct}}}
";
        let inputs = [Input::new("a.yaml".to_owned(), text.to_owned())];
        let options = specwright::Options { name: "a".to_owned(), version: "0.1.0".to_owned(), ..Default::default() };
        let generated = specwright::generate(&inputs, &options);
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(name);
        write(&path, generated.counts, &generated.left_out, &generated.pages, &generated.diagnostics, &inputs)
            .expect("written");
        std::fs::read_to_string(path).expect("read")
    }

    #[test]
    fn people_read_markdown() {
        let text = written("ledger.md");
        for line in [
            "| 1 | 3 | 2 | 1 | 1 |",
            "* `GET /c`: it cannot be read (a.yaml:15:8)",
            "* `GET /b`: the header `Link` is followed",
            "| warning | `wrong-value` | 3 |",
            "* `A`: 1",
            "* `GET /a`: 1",
            "* `securitySchemes/key`: 1",
            "* a.yaml:7:77: warning[`wrong-value`] `strng` is no type of JSON Schema; the schema is read as if it had \
             none",
        ] {
            assert!(text.lines().any(|one| one == line), "{line}\n\n{text}");
        }
    }

    #[test]
    fn programs_read_json() {
        let value: Value = serde_json::from_str(&written("ledger.json")).expect("JSON");
        let left = json!({ "operation": "GET /c", "reason": "it cannot be read", "place": "a.yaml:15:8" });
        assert_eq!(value["operations"], json!({ "found": 3, "generated": 2, "left_out": [left] }));
        assert_eq!(value["pages"], json!(["`GET /b`: the header `Link` is followed"]));
        assert_eq!(value["losses"], json!({ "A": 1, "GET /a": 1, "GET /c": 1, "securitySchemes/key": 1 }));
        let places = value["entries"].as_array().into_iter().flatten().map(|entry| entry["place"].as_str());
        let lines = places.map(|place| place.and_then(|place| place.split(':').nth(1)?.parse::<usize>().ok()));
        assert!(lines.is_sorted(), "{}", value["entries"]);
    }
}
