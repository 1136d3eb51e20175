//! The program that runs cases: an example of the generated crate, which is the survey's and no part of the product.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use serde_json::{Value, json};

use super::cases::Case;
use super::workshop::{self, Crate};
use crate::Failure;

/// The name of the example; that of the package is in it, because the programs of all crates end up in one folder.
fn name(package: &str) -> String {
    format!("survey-{package}")
}

/// What came of a case.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Outcome {
    /// The value was decoded and encoded again.
    Encoded {
        /// What it became.
        value: Value,
        /// Whether a part of it was nothing that the types name, and was kept as it came.
        unnamed: bool,
    },
    /// The value was refused, for this reason.
    Refused(String),
    /// The program did not get that far.
    Missing,
}

/// Adds the program for these cases to the files of a crate, and the door by which it gets in.
pub(super) fn add(files: &mut BTreeMap<String, String>, package: &str, cases: &[Case]) {
    files.insert(format!("examples/{}.rs", name(package)), source(package, cases));
    if let Some(root) = files.get_mut("src/lib.rs") {
        root.push_str(DOOR);
    }
}

/// The source of the program for these cases.
fn source(package: &str, cases: &[Case]) -> String {
    let types: BTreeSet<&str> = cases.iter().map(|case| case.rust.as_str()).collect();
    let mut arms = String::new();
    for ty in types {
        let _ = writeln!(arms, "        {ty:?} => round_trip(survey_decode::<{ty}>(text)),");
    }
    TEMPLATE.replace("PACKAGE", &package.replace('-', "_")).replace("ARMS", arms.trim_end())
}

/// Builds the program of a crate and runs the cases.
///
/// # Errors
///
/// When it cannot be built; says the first error of the compiler.
pub(super) fn run(one: &Crate, cases: &[Case]) -> Result<Vec<Outcome>, Failure> {
    let mut build = workshop::cargo(&one.folder);
    build.args(["build", "--quiet", "--no-default-features", "--message-format=short", "--example"]);
    build.arg(name(&one.name));
    workshop::succeed(build)?;
    let list = one.folder.join("cases.jsonl");
    write(&list, cases).map_err(|error| Failure::io("write", &list, &error))?;
    let program = workshop::target().join("debug/examples").join(name(&one.name) + std::env::consts::EXE_SUFFIX);
    let output = std::process::Command::new(&program).arg(&list).output();
    let output = output.map_err(|error| Failure::io("run", &program, &error))?;
    let mut lines = output.stdout.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    Ok(cases.iter().map(|_| lines.next().map_or(Outcome::Missing, outcome)).collect())
}

fn write(path: &Path, cases: &[Case]) -> std::io::Result<()> {
    let mut file = std::io::BufWriter::new(std::fs::File::create(path)?);
    for Case { rust, value, .. } in cases {
        writeln!(file, "{}", json!({"type": rust, "value": value}))?;
    }
    file.flush()
}

/// The line that the program writes for a case.
fn outcome(line: &[u8]) -> Outcome {
    match serde_json::from_slice(line) {
        Ok(Value::Object(mut members)) => match (members.shift_remove("encoded"), members.shift_remove("refused")) {
            (Some(value), _) => Outcome::Encoded { value, unnamed: members.contains_key("unnamed") },
            (None, Some(reason)) => Outcome::Refused(reason.as_str().unwrap_or_default().to_owned()),
            (None, None) => Outcome::Missing,
        },
        _ => Outcome::Missing,
    }
}

/// What the program needs of the crate: a response is not read by way of `Deserialize`, which is for others.
const DOOR: &str = r#"
/// Reads a value as a response is read; for the survey alone.
#[doc(hidden)]
#[allow(private_bounds, missing_docs, clippy::missing_errors_doc)]
pub fn survey_decode<T: runtime::decode::Decode>(text: &str) -> Result<T, DecodeError> {
    runtime::decode::from_json(text.as_bytes())
}
"#;

/// The program. Generated types call what they do not name `Other`. Each line is written at once, so that a crash shows
/// which case it is.
const TEMPLATE: &str = r#"//! Decodes and encodes the cases of a survey.

#[allow(unused_imports)]
use PACKAGE::{Map, Nullable, survey_decode, types};
#[allow(unused_imports)]
use serde_json::Value;

fn round_trip<T, E>(value: Result<T, E>) -> Result<(String, bool), String>
where
    T: serde::Serialize + std::fmt::Debug,
    E: std::fmt::Display,
{
    let value = value.map_err(|error| error.to_string())?;
    let encoded = serde_json::to_string(&value).map_err(|error| error.to_string())?;
    let shown = format!("{value:?}");
    // That of an enum holds a text, which its document may well allow; that of a union holds a JSON value.
    let values = ["Object {", "Array [", "String(", "Number(", "Bool(", "Null)"];
    let mut others = shown.match_indices("Other(").map(|(at, found)| &shown[at + found.len()..]);
    let unnamed = others.any(|other| values.iter().any(|value| other.starts_with(value)));
    Ok((encoded, unnamed))
}

fn run(ty: &str, text: &str) -> Result<(String, bool), String> {
    match ty {
ARMS
        _ => Err("the type is none of those of the cases".to_owned()),
    }
}

fn main() {
    let path = std::env::args().nth(1).expect("the file with the cases");
    let cases = std::fs::read_to_string(path).expect("the cases");
    for line in cases.lines() {
        let case: Value = serde_json::from_str(line).expect("a case");
        let text = case["value"].to_string();
        let ty = case["type"].as_str().expect("a type");
        let result = std::panic::catch_unwind(|| run(ty, &text)).unwrap_or_else(|_| Err("panicked".to_owned()));
        match result {
            Ok((encoded, false)) => println!("{{\"encoded\":{encoded}}}"),
            Ok((encoded, true)) => println!("{{\"encoded\":{encoded},\"unnamed\":true}}"),
            Err(reason) => println!("{}", serde_json::json!({"refused": reason})),
        }
    }
}
"#;

#[cfg(test)]
mod tests {
    use super::super::cases::Origin;
    use super::*;

    #[test]
    fn the_program_knows_every_type_once() {
        let case = |rust: &str| Case {
            schema: String::new(),
            rust: rust.to_owned(),
            origin: Origin::Example,
            change: None,
            value: Value::Null,
        };
        let source = source("my-api", &["Vec<types::A>", "Map<i64>", "Vec<types::A>"].map(case));
        assert!(source.contains("use my_api::"), "{source}");
        assert_eq!(source.matches("survey_decode::<Vec<types::A>>(text)").count(), 1);
        assert!(source.contains(r#""Map<i64>" => round_trip(survey_decode::<Map<i64>>(text)),"#), "{source}");
    }

    #[test]
    fn lines_are_outcomes() {
        let encoded = |unnamed| Outcome::Encoded { value: Value::Null, unnamed };
        assert_eq!(outcome(br#"{"encoded":null}"#), encoded(false));
        assert_eq!(outcome(br#"{"encoded":null,"unnamed":true}"#), encoded(true));
        assert_eq!(outcome(br#"{"refused":"why"}"#), Outcome::Refused("why".to_owned()));
        assert_eq!(outcome(b"{\"enc"), Outcome::Missing);
    }
}
