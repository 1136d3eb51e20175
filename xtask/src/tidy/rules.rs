//! The rules, as tables, and what breaks them.

use std::path::Path;

use super::Finding;
use super::code::{code, uses, words};

/// What the top level of the project holds.
const TOP_LEVEL: &[&str] = &[
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "generated",
    "generator",
    "specs",
    "tests",
    "xtask",
];

/// The folders that are written by hand.
const BY_HAND: &[&str] = &["generator/src/", "xtask/src/", "tests/"];

/// The folder that the generator writes; how it looks is not up to anyone.
const GENERATED: &str = "generated/";

/// The folder of the stages, in which the layers are.
const STAGES: &str = "generator/src/";

/// The longest file, in lines.
const MAX_LINES: usize = 600;

/// The longest line of Rust, in characters.
const MAX_WIDTH: usize = 120;

/// What says that something is not finished; in two parts, so that this very file does not hold them.
const UNFINISHED: &[&str] = &[
    concat!("to", "do!"),
    concat!("unimple", "mented!"),
    concat!("db", "g!"),
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
];

/// What only some of the stages may use.
struct Layer {
    /// The crates and modules.
    paths: &'static [&'static str],
    /// How the names of the stages begin.
    stages: &'static [&'static str],
}

const LAYERS: &[Layer] = &[
    Layer { paths: &["serde_yaml", "saphyr_parser"], stages: &["source", "locate"] },
    Layer { paths: &["openapiv3"], stages: &["document", "lower"] },
    Layer { paths: &["quote"], stages: &["emit"] },
    Layer { paths: &["syn"], stages: &["render", "names"] },
    Layer { paths: &["prettyplease"], stages: &["render"] },
    Layer { paths: &["heck"], stages: &["names"] },
    // The generator is a pure function; only the code that is copied into a client talks to the world.
    Layer { paths: &["std::env", "std::fs", "std::io", "std::time"], stages: &["runtime/"] },
];

/// What is missing at the top level of the project.
pub(super) fn top_level(root: &Path) -> Vec<Finding> {
    let missing = TOP_LEVEL.iter().filter(|name| !root.join(name).exists());
    missing.map(|name| finding(name, 1, "top-level", "this has to exist".to_owned())).collect()
}

/// What breaks a rule in one file.
pub(super) fn file(path: &str, text: &str) -> Vec<Finding> {
    let by_hand = BY_HAND.iter().any(|folder| path.starts_with(folder));
    let rust = path.ends_with(".rs");
    let mut findings = Vec::new();
    if by_hand {
        findings.extend(length(path, text));
    }
    if by_hand && rust {
        findings.extend(module_doc(path, text));
    }
    if rust && !path.starts_with(GENERATED) {
        findings.extend(width(path, text));
        findings.extend(unfinished(path, text));
    }
    if rust && let Some(stage) = path.strip_prefix(STAGES) {
        findings.extend(layers(path, stage, text));
    }
    findings
}

fn finding(path: &str, line: usize, rule: &'static str, message: String) -> Finding {
    Finding { path: path.to_owned(), line, rule, message }
}

fn module_doc(path: &str, text: &str) -> Option<Finding> {
    let first = text.lines().next().and_then(|line| line.strip_prefix("//!")).unwrap_or_default();
    let message = "the first line has to be a `//!` line that says what the module is for";
    first.trim().is_empty().then(|| finding(path, 1, "module-doc", message.to_owned()))
}

fn length(path: &str, text: &str) -> Option<Finding> {
    let lines = text.lines().count();
    let message = format!("the file has {lines} lines; {MAX_LINES} are allowed");
    (lines > MAX_LINES).then(|| finding(path, MAX_LINES + 1, "file-length", message))
}

fn width(path: &str, text: &str) -> Vec<Finding> {
    let widths = text.lines().map(|line| line.chars().count()).zip(1..);
    let message = |width| format!("the line has {width} characters; {MAX_WIDTH} are allowed");
    let wide = widths.filter(|(width, _)| *width > MAX_WIDTH);
    wide.map(|(width, line)| finding(path, line, "line-width", message(width))).collect()
}

fn unfinished(path: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (line, number) in text.lines().zip(1..) {
        let found = UNFINISHED.iter().filter(|word| words(line, word).next().is_some());
        findings.extend(found.map(|word| finding(path, number, "unfinished", format!("`{word}` is left"))));
    }
    findings
}

fn layers(path: &str, stage: &str, text: &str) -> Vec<Finding> {
    // Modules of tests in files of their own.
    if stage.split('/').any(|part| matches!(part, "tests" | "tests.rs")) {
        return Vec::new();
    }
    let code = code(text);
    let mut findings = Vec::new();
    for Layer { paths, stages } in LAYERS {
        if stages.iter().any(|name| stage.starts_with(name)) {
            continue;
        }
        for used in *paths {
            let message = || format!("`{used}` may be used in {} only", list(stages));
            findings.extend(uses(&code, used).into_iter().map(|line| finding(path, line, "layer", message())));
        }
    }
    findings
}

fn list(stages: &[&str]) -> String {
    let names: Vec<String> = stages.iter().map(|name| format!("`{STAGES}{name}*`")).collect();
    names.join(" and ")
}
