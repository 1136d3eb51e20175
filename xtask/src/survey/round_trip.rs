//! `--round-trip`: whether the generated types read and write what the document allows, and what a future server sends.

use std::collections::BTreeMap;
use std::panic::catch_unwind;

use serde::Serialize;
use serde_json::Value;
use specwright::SchemaType;

use super::cases::{self, Case, Cases, Origin};
use super::compare;
use super::harness::{self, Outcome};
use super::positions::Position;
use super::schemas::Schemas;
use super::{documents, row, workshop};

/// How many cases there were, and what came of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Tally {
    /// Values that were tried.
    pub(super) cases: usize,
    /// Those that were decoded.
    pub(super) decoded: usize,
    /// Those that came back as they were.
    pub(super) equal: usize,
}

/// A case that there is something to say about.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Told {
    /// The place of the schema.
    pub(super) schema: String,
    /// The type of the schema in Rust.
    pub(super) rust: String,
    /// How the value was changed, where it was.
    pub(super) change: Option<String>,
    /// The value, shortened.
    pub(super) value: String,
    /// What there is to say: the error, or the difference.
    pub(super) reason: String,
}

/// What came of the values of one document.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct RoundTrip {
    /// Examples and defaults in the document.
    pub(super) found: usize,
    /// Those of them that their schemas allow.
    pub(super) valid: usize,
    /// Schemas that the validator cannot read, of which nothing was tried.
    pub(super) unreadable: usize,
    /// The valid examples, each type and value once.
    pub(super) examples: Tally,
    /// Values made from the schemas.
    pub(super) samples: Tally,
    /// Values changed as a future server would.
    pub(super) mutated: Tally,
    /// The cases that failed.
    pub(super) broken: Vec<Told>,
    /// Valid values of which a part came back only because it was kept as it came: no failure, and worth a look.
    pub(super) unnamed: Vec<Told>,
    /// Why nothing could be tried at all.
    pub(super) problem: Option<String>,
}

/// Tries the values of a document with the crate that was generated of it.
#[must_use]
pub(super) fn run(name: &str, text: &str, files: BTreeMap<String, String>, types: &[SchemaType]) -> RoundTrip {
    // Neither a validator nor the document it reads may stop a survey.
    let result = catch_unwind(|| tried(name, text, files, types));
    let result = result.unwrap_or_else(|panic| Err(format!("the survey panicked: {}", row::said(panic.as_ref()))));
    result.unwrap_or_else(|problem| RoundTrip { problem: Some(problem), ..RoundTrip::default() })
}

fn tried(
    name: &str,
    text: &str,
    mut files: BTreeMap<String, String>,
    types: &[SchemaType],
) -> Result<RoundTrip, String> {
    let document = documents::parse(text)?;
    let schemas = Schemas::new(document.clone());
    let Cases { all, found, valid, unreadable } = cases::collect(&document, &schemas, types)?;
    harness::add(&mut files, name, &all);
    let one = workshop::write(name, files).map_err(|failure| failure.to_string())?;
    let outcomes = harness::run(&one, &all).map_err(|failure| failure.to_string())?;
    let mut result = RoundTrip { found, valid, unreadable, ..RoundTrip::default() };
    for (case, outcome) in all.iter().zip(&outcomes) {
        result.count(case, outcome, &schemas);
    }
    Ok(result)
}

impl RoundTrip {
    /// Whether a value was lost, refused or changed, or nothing could be tried.
    #[must_use]
    pub(super) fn failed(&self) -> bool {
        self.problem.is_some() || !self.broken.is_empty()
    }

    fn count(&mut self, case: &Case, outcome: &Outcome, schemas: &Schemas) {
        let tally = match case.origin {
            Origin::Example => &mut self.examples,
            Origin::Sample => &mut self.samples,
            Origin::Mutated => &mut self.mutated,
        };
        tally.cases += 1;
        let reason = match outcome {
            Outcome::Encoded { value, .. } => {
                tally.decoded += 1;
                let schema = schemas.get(&case.schema).unwrap_or(&Value::Null);
                compare::difference(&case.value, value, &Position::of(schemas, schema))
            }
            Outcome::Refused(reason) => Some(reason.clone()),
            Outcome::Missing => Some("the program ended before it wrote a result".to_owned()),
        };
        match reason {
            Some(reason) => self.broken.push(Told::new(case, reason)),
            None => {
                tally.equal += 1;
                let unnamed = matches!(outcome, Outcome::Encoded { unnamed: true, .. });
                if unnamed && case.origin != Origin::Mutated {
                    self.unnamed.push(Told::new(case, "a part of it is `Other`".to_owned()));
                }
            }
        }
    }
}

impl Told {
    fn new(case: &Case, reason: String) -> Self {
        let Case { schema, rust, change, value, .. } = case.clone();
        Self { schema, rust, change, value: compare::short(&value), reason }
    }
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.cases += other.cases;
        self.decoded += other.decoded;
        self.equal += other.equal;
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn cases_are_counted_by_origin_and_failures_kept() {
        let schemas = Schemas::new(json!({"S": {}}));
        let case =
            |origin, value| Case { schema: "/S".to_owned(), rust: "Value".to_owned(), origin, change: None, value };
        let encoded = |value, unnamed| Outcome::Encoded { value, unnamed };
        let mut result = RoundTrip::default();
        result.count(&case(Origin::Example, json!(1)), &encoded(json!(1.0), true), &schemas);
        result.count(&case(Origin::Sample, json!(1)), &encoded(json!(2), true), &schemas);
        result.count(&case(Origin::Mutated, json!(1)), &Outcome::Refused("why".to_owned()), &schemas);
        result.count(&case(Origin::Mutated, json!(1)), &Outcome::Missing, &schemas);
        assert_eq!(result.examples, Tally { cases: 1, decoded: 1, equal: 1 });
        assert_eq!(result.samples, Tally { cases: 1, decoded: 1, equal: 0 });
        assert_eq!(result.mutated, Tally { cases: 2, decoded: 0, equal: 0 });
        assert_eq!(result.unnamed.len(), 1);
        let reasons: Vec<&str> = result.broken.iter().map(|one| one.reason.as_str()).collect();
        assert_eq!(reasons, ["`` was 1 and became 2", "why", "the program ended before it wrote a result"]);
    }
}
