//! What came of the calls of one document, and whose mistake it is where something went wrong.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Map, Value};
use specwright::surface::Method;

use super::calls::{Call, Calls};
use super::limits::{self, Sent};
use super::prism::{Problem, Violations, words};
use super::program::Outcome;
use crate::Failure;
use crate::survey::table::aligned;

/// The longest note in the table.
const LONGEST: usize = 300;

/// What came of one document.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct Row {
    /// The name of the file.
    pub(super) document: String,
    /// How far each method got.
    #[serde(skip)]
    pub(super) stages: Vec<Stage>,
    /// Calls that were made.
    pub(super) calls: usize,
    /// Arguments that need not be given, for which no value was found.
    pub(super) unset: usize,
    /// What went wrong.
    pub(super) failures: Vec<Told>,
    /// What Prism cannot do.
    pub(super) limits: Vec<Told>,
    /// How the document was changed for Prism.
    pub(super) note: Option<String>,
    /// Why nothing was called.
    pub(super) problem: Option<String>,
}

/// How far the calls of a method got: all of them, so that the worst one counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(super) enum Stage {
    Uncalled,
    Called,
    Accepted,
    Answered,
    Decoded,
}

/// A call that there is something to say about.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Told {
    operation: String,
    given: Map<String, Value>,
    reason: String,
}

/// What came of one call.
enum Verdict {
    Good,
    Limit(Stage, String),
    Failure(Stage, String),
}

impl Row {
    /// The row of a document whose methods were not called yet.
    pub(super) fn new(methods: &[Method], calls: &Calls) -> Self {
        let mut row = Self { stages: vec![Stage::Decoded; methods.len()], unset: calls.unset, ..Self::default() };
        for (index, argument) in &calls.uncalled {
            row.stages[*index] = Stage::Uncalled;
            let reason = format!("not called: no value is found for `{argument}`");
            row.failures.push(Told { operation: operation(&methods[*index]), given: Map::new(), reason });
        }
        row
    }

    /// The row of a document of which nothing was called.
    pub(super) fn of_nothing(why: &Failure) -> Self {
        Self { problem: Some(why.to_string()), ..Self::default() }
    }

    /// Whether the document makes the command fail.
    pub(super) fn failed(&self) -> bool {
        self.problem.is_some() || !self.failures.is_empty()
    }

    /// Adds what came of calls.
    pub(super) fn count(&mut self, methods: &[Method], calls: &Calls, outcomes: &[Outcome]) {
        self.calls += outcomes.len();
        for (Call { method, given }, outcome) in calls.all.iter().zip(outcomes) {
            let told = |reason| Told { operation: operation(&methods[*method]), given: given.clone(), reason };
            let stage = match verdict(Sent { method: &methods[*method], given }, outcome) {
                Verdict::Good => Stage::Decoded,
                Verdict::Limit(stage, reason) => {
                    self.limits.push(told(reason));
                    stage
                }
                Verdict::Failure(stage, reason) => {
                    self.failures.push(told(reason));
                    stage
                }
            };
            let worst = &mut self.stages[*method];
            *worst = stage.min(*worst);
        }
    }

    fn reached(&self, stage: Stage) -> usize {
        self.stages.iter().filter(|one| **one >= stage).count()
    }
}

fn operation(method: &Method) -> String {
    format!("{} {}", method.http_method, method.template)
}

fn verdict(sent: Sent<'_>, outcome: &Outcome) -> Verdict {
    if let Some(reason) = &outcome.failed {
        return match limits::of_redirect(sent.method, reason) {
            Some(why) => Verdict::Limit(Stage::Answered, format!("{reason}; {why}")),
            None => Verdict::Failure(Stage::Uncalled, reason.clone()),
        };
    }
    let problem = Problem::of(&outcome.body);
    let mut violations = Violations::of(&outcome.violations);
    if let Some(Problem { is_refusal: true, violations: told, .. }) = &problem
        && violations.request.is_empty()
    {
        violations.request.clone_from(told);
    }
    if !violations.request.is_empty() {
        let reasons: Option<BTreeSet<_>> = violations.request.iter().map(|one| limits::of(sent, one)).collect();
        return match reasons {
            Some(reasons) => Verdict::Limit(Stage::Called, Vec::from_iter(reasons).join("; ")),
            None => Verdict::Failure(Stage::Called, words(&violations.request)),
        };
    }
    match (outcome.status, &outcome.undecoded, problem) {
        (Some(_), _, Some(Problem { is_refusal: true, words, .. })) => Verdict::Failure(Stage::Called, words),
        (Some(_), _, Some(Problem { words, .. })) => Verdict::Limit(Stage::Accepted, words),
        // An answer that the document has for want of a better one.
        (Some(..500), ..) => Verdict::Good,
        (Some(status), ..) => Verdict::Failure(Stage::Accepted, format!("the status {status}: {}", outcome.body)),
        (None, Some(reason), _) if violations.response.is_empty() => match limits::of_answer(reason) {
            Some(why) => Verdict::Limit(Stage::Answered, format!("{reason}; {why}")),
            None => Verdict::Failure(Stage::Answered, format!("{reason}: {}", outcome.body)),
        },
        (None, Some(reason), _) => {
            let wrong = words(&violations.response);
            Verdict::Limit(Stage::Answered, format!("{reason}; Prism itself finds in its answer {wrong}"))
        }
        (None, None, _) => Verdict::Good,
    }
}

/// The table, and what there is to say about calls below it.
pub(super) fn table(rows: &[Row]) -> String {
    let head = ["document", "operations", "calls", "called", "accepted", "answered", "decoded", "unset", "limits"];
    let head = head.into_iter().chain(["failed", "note"]).map(str::to_owned).collect();
    let mut lines: Vec<Vec<String>> = vec![head];
    for row in rows {
        let stages = [Stage::Called, Stage::Accepted, Stage::Answered, Stage::Decoded].map(|stage| row.reached(stage));
        let counts = [row.stages.len(), row.calls].into_iter().chain(stages);
        let counts = counts.chain([row.unset, row.limits.len(), row.failures.len()]).map(|count| count.to_string());
        let note = row.problem.iter().chain(&row.note).map(|problem| problem.chars().take(LONGEST).collect());
        lines.push([row.document.clone()].into_iter().chain(counts).chain(note).collect());
    }
    let mut text = aligned(&lines);
    for row in rows {
        for (title, all) in [("limit of Prism", &row.limits), ("failed", &row.failures)] {
            for Told { operation, reason, given } in all {
                let reason: String = reason.chars().take(LONGEST).collect();
                let given: String = Value::Object(given.clone()).to_string().chars().take(LONGEST).collect();
                text.push_str(&format!("\n{}: {operation}\n  {title}: {reason}\n  given: {given}\n", row.document));
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use specwright::surface::Gives;

    use super::*;

    fn row(outcomes: &[Outcome]) -> Row {
        let method = |template: &str| Method {
            http_method: "GET".to_owned(),
            template: template.to_owned(),
            expression: "client.get".to_owned(),
            media_type: None,
            arguments: Vec::new(),
            setters: Vec::new(),
            gives: Gives::Value,
        };
        let (methods, call) = ([method("/a"), method("/b")], Call { method: 0, given: Map::new() });
        let all = vec![call; outcomes.len()];
        let calls = Calls { all, uncalled: vec![(1, "body".to_owned())], unset: 0 };
        let mut row = Row::new(&methods, &calls);
        row.count(&methods, &calls, outcomes);
        row
    }

    fn reached(row: &Row) -> [usize; 4] {
        [Stage::Called, Stage::Accepted, Stage::Answered, Stage::Decoded].map(|stage| row.reached(stage))
    }

    #[test]
    fn the_worst_call_of_an_operation_counts() {
        let good = Outcome::default();
        assert_eq!(reached(&row(std::slice::from_ref(&good))), [1, 1, 1, 1]);
        let violation = r#"[{"location":["request","query"],"severity":"Error","message":"is wrong"}]"#;
        let refused = Outcome { violations: violation.to_owned(), status: Some(422), ..Outcome::default() };
        let row = row(&[good, refused]);
        assert_eq!((reached(&row), row.failures.len(), row.failed()), ([1, 0, 0, 0], 2, true));
    }

    #[test]
    fn an_answer_that_is_at_odds_with_the_document_is_no_mistake_of_the_client() {
        let undecoded = |violations: &str| Outcome {
            violations: violations.to_owned(),
            undecoded: Some("no number".to_owned()),
            ..Outcome::default()
        };
        let odd = r#"[{"location":["response","body"],"severity":"Error","message":"is wrong"}]"#;
        let row = row(&[undecoded(odd), undecoded("")]);
        assert_eq!((reached(&row), row.limits.len(), row.failures.len()), ([1, 1, 1, 0], 1, 2));
    }
}
