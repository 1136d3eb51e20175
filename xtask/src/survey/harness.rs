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

/// Adds the program for these cases to the files of a crate.
pub(super) fn add(files: &mut BTreeMap<String, String>, package: &str, cases: &[Case]) {
    files.insert(format!("examples/{}.rs", name(package)), source(package, cases));
}

/// The source of the program for these cases.
fn source(package: &str, cases: &[Case]) -> String {
    let types: BTreeSet<&str> = cases.iter().map(|case| case.rust.as_str()).collect();
    let mut arms = String::new();
    for ty in types {
        let _ = writeln!(arms, "        {ty:?} => round_trip!(text, {ty}),");
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

/// The program. Generated types show what they do not name as `Other`. Each line is written at once, so that a crash
/// shows which case it is.
const TEMPLATE: &str = r#"//! Decodes and encodes the cases of a survey.

use PACKAGE::serde_json::{self, Value};
use PACKAGE::{from_json, to_json};

macro_rules! round_trip {
    ($text:expr, $type:ty) => {{
        // The values of all types in one function would not fit the stack.
        fn round_trip(text: &str) -> Result<(String, bool), String> {
            let value = from_json::<$type>(text.as_bytes()).map_err(|error| error.to_string())?;
            let encoded = String::from_utf8(to_json(&value)).map_err(|error| error.to_string())?;
            Ok((encoded, format!("{value:?}").contains("Other(")))
        }
        round_trip($text)
    }};
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
        let source =
            source("my-api", &["Vec<my_api::types::A>", "my_api::Map<i64>", "Vec<my_api::types::A>"].map(case));
        assert!(source.contains("use my_api::"), "{source}");
        assert_eq!(source.matches("round_trip!(text, Vec<my_api::types::A>)").count(), 1);
        assert!(source.contains(r#""my_api::Map<i64>" => round_trip!(text, my_api::Map<i64>),"#), "{source}");
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
