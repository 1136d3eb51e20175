//! Prism, the mock server that holds each request against the document: how it is found, started and understood.
//!
//! It is no dependency of the project: a machine without Node.js goes without it.

use std::fmt;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::Failure;

/// The package, at the newest version that runs on Node.js 20.
const PACKAGE: &str = "@stoplight/prism-cli@5.14.2";

/// How long Prism may read a document.
const PATIENCE: Duration = Duration::from_secs(180);

/// Prism as it is installed.
#[derive(Clone, Debug)]
pub(super) struct Installed(PathBuf);

impl Installed {
    /// Finds Prism, and fetches it where it is not there yet.
    ///
    /// # Errors
    ///
    /// Says what is missing.
    pub(super) fn find() -> Result<Self, Failure> {
        let mut npx = Command::new("npx");
        npx.args(["--yes", "--package", PACKAGE, "--call", "command -v prism"]).stdin(Stdio::null());
        let output = npx.output().map_err(|error| Failure::new(format!("npx of Node.js cannot be run: {error}")))?;
        let path = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        if output.status.success() && !path.is_empty() {
            return Ok(Self(path.into()));
        }
        let errors = String::from_utf8_lossy(&output.stderr);
        let reason = errors.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("no message").to_owned();
        Err(Failure::new(format!("{PACKAGE} cannot be fetched: {reason}")))
    }

    /// Starts a server of a document that writes to a log.
    ///
    /// # Errors
    ///
    /// When it does not read the document.
    pub(super) fn start(&self, document: &Path, log: &Path, manner: Manner) -> Result<Server, Failure> {
        let port = free_port()?;
        let file = std::fs::File::create(log).map_err(|error| Failure::io("create", log, &error))?;
        let errors = file.try_clone().map_err(|error| Failure::io("write", log, &error))?;
        // The program itself and not npx, which would leave it running when it is ended.
        let mut node = Command::new("node");
        node.arg(&self.0).args(["mock", "--seed", "1", "--port", &port.to_string()]).arg(document);
        if manner == Manner::Refuses {
            node.arg("--errors");
        }
        node.env("NODE_OPTIONS", "--max-old-space-size=8192").stdin(Stdio::null()).stdout(file).stderr(errors);
        let child = node.spawn().map_err(|error| Failure::new(format!("node cannot be run: {error}")))?;
        let mut server = Server { child, port, document: document.to_owned() };
        let start = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            if server.child.try_wait().is_ok_and(|status| status.is_some()) {
                return Err(Failure::new(last_word(log)));
            }
            if start.elapsed() > PATIENCE {
                return Err(Failure::new(format!("it did not start within {} s", PATIENCE.as_secs())));
            }
            std::thread::sleep(Duration::from_millis(200));
        }
        Ok(server)
    }
}

/// What Prism does about violations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manner {
    /// It answers all the same, also with what is at odds with the document, and tells them in a header of at most
    /// 8 kB.
    Answers,
    /// It refuses the request, and tells all of them in the body.
    Refuses,
}

/// A port that was free a moment ago.
fn free_port() -> Result<u16, Failure> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr());
    listener.map(|address| address.port()).map_err(|error| Failure::new(format!("no port is free: {error}")))
}

/// Why a server ended: what it calls fatal, or else what it wrote last.
fn last_word(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let fatal = lines.clone().find_map(|line| Some(line.split_once("fatal")?.1.trim()));
    fatal.or_else(|| lines.next_back()).unwrap_or("it ended without a word").to_owned()
}

/// A running server, which ends with this value.
#[derive(Debug)]
pub(super) struct Server {
    child: Child,
    port: u16,
    document: PathBuf,
}

impl Server {
    /// Where it is.
    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What it serves.
    pub(super) fn document(&self) -> &Path {
        &self.document
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // One that has ended by itself cannot be ended, which is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What Prism found wrong.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Violations {
    /// In the request.
    pub(super) request: Vec<Violation>,
    /// In the answer that it gives itself.
    pub(super) response: Vec<Violation>,
}

/// One thing that Prism found wrong.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Violation {
    /// Where: `body` or `query`, and what there is within.
    pub(super) place: Vec<String>,
    /// What.
    pub(super) message: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}`: {}", self.place.join("."), self.message)
    }
}

/// How the header begins in which not all violations have a place.
const CUT: &str = "Too many violations!";

impl Violations {
    /// Whether a header does not tell all.
    pub(super) fn are_cut(header: &str) -> bool {
        header.starts_with(CUT)
    }

    /// Reads the header in which Prism says what is wrong, whatever it answers.
    pub(super) fn of(header: &str) -> Self {
        let Ok(Value::Array(all)) = serde_json::from_str(header) else {
            let is_request = header.contains("[\"request\"");
            let all = vec![Violation { place: Vec::new(), message: header.to_owned() }];
            let (request, response) = if is_request { (all, Vec::new()) } else { (Vec::new(), all) };
            return if header.is_empty() { Self::default() } else { Self { request, response } };
        };
        let errors = all.iter().filter(|one| one["severity"] == "Error");
        let (request, response): (Vec<_>, Vec<_>) = errors.partition(|one| one["location"][0] == "request");
        let read = |all: Vec<&Value>| all.into_iter().map(Violation::of).collect();
        Self { request: read(request), response: read(response) }
    }
}

impl Violation {
    fn of(node: &Value) -> Self {
        let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let location = node["location"].as_array().map_or(&[][..], Vec::as_slice);
        // The body of a refusal does not say that it is about the request.
        let place = match location {
            [Value::String(what), place @ ..] if matches!(what.as_str(), "request" | "response") => place,
            place => place,
        };
        let place = place.iter().map(plain).collect();
        Self { place, message: node["message"].as_str().unwrap_or_default().to_owned() }
    }
}

/// The words for violations.
pub(super) fn words(violations: &[Violation]) -> String {
    violations.iter().map(Violation::to_string).collect::<Vec<_>>().join("; ")
}

/// An answer of Prism that stands for none of the document.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Problem {
    /// Whether it is about the request.
    pub(super) is_refusal: bool,
    /// What is wrong.
    pub(super) words: String,
    /// What is wrong with the request, in detail.
    pub(super) violations: Vec<Violation>,
}

/// The kinds of problems that are about the request.
const REFUSALS: [&str; 6] = [
    "INVALID_CONTENT_TYPE",
    "NOT_ACCEPTABLE",
    "NO_METHOD_MATCHED_ERROR",
    "NO_PATH_MATCHED_ERROR",
    "UNAUTHORIZED",
    "UNPROCESSABLE_ENTITY",
];

impl Problem {
    /// The problem in the body of an answer, where it is one.
    pub(super) fn of(body: &str) -> Option<Self> {
        let body: Value = serde_json::from_str(body).ok()?;
        let kind = body["type"].as_str()?.strip_prefix("https://stoplight.io/prism/errors#")?;
        let words = ["title", "detail"].map(|key| body[key].as_str().unwrap_or_default());
        // A mistake of its own comes with where it happened.
        let words: Vec<&str> = words.iter().filter_map(|word| word.lines().next()).collect();
        let violations = body["validation"].as_array().into_iter().flatten().map(Violation::of).collect();
        Some(Self { is_refusal: REFUSALS.contains(&kind), words: words.join("; "), violations })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn violations_are_told_apart_by_where_they_are() {
        let one = |location, severity| json!({"location": location, "severity": severity, "message": "is wrong"});
        let all = json!([
            one(json!(["request", "query", "a"]), "Error"),
            one(json!(["response", "body", 0]), "Error"),
            one(json!(["request", "body"]), "Warning"),
        ]);
        let violations = Violations::of(&all.to_string());
        assert_eq!(words(&violations.request), "`query.a`: is wrong");
        assert_eq!(words(&violations.response), "`body.0`: is wrong");
        let cut = "Too many violations! [{\"location\":[\"request\",\"body\"],\"sev";
        assert!(Violations::are_cut(cut) && !Violations::are_cut(&all.to_string()));
        assert_eq!(Violations::of(cut).request[0].message, cut);
        assert_eq!(Violations::of(""), Violations::default());
    }

    #[test]
    fn problems_of_its_own_are_no_answers_of_the_document() {
        let body = |kind: &str| json!({"type": kind, "title": "Invalid", "detail": ""}).to_string();
        let refusal = Problem::of(&body("https://stoplight.io/prism/errors#UNAUTHORIZED"));
        assert_eq!(refusal, Some(Problem { is_refusal: true, words: "Invalid".to_owned(), violations: Vec::new() }));
        let mut refused: Value =
            serde_json::from_str(&body("https://stoplight.io/prism/errors#UNPROCESSABLE_ENTITY")).expect("JSON");
        refused["validation"] = json!([{"location": ["path", "a"], "severity": "Error", "message": "is wrong"}]);
        let told = Problem::of(&refused.to_string()).expect("a problem").violations;
        assert_eq!(words(&told), "`path.a`: is wrong");
        let limit = Problem::of(&body("https://stoplight.io/prism/errors#UNKNOWN"));
        assert_eq!(limit.map(|problem| problem.is_refusal), Some(false));
        assert_eq!(Problem::of(&body("https://example.com/out-of-credit")), None);
    }
}
