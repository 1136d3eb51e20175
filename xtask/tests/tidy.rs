//! Each rule of `tidy` on a small project that breaks it.

use std::fs;
use std::process::ExitCode;

use tempfile::TempDir;
use xtask::tidy;

/// A project that breaks no rule.
fn project() -> TempDir {
    let project = tempfile::tempdir().expect("a folder");
    for path in [
        "Cargo.toml",
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "LICENSE-MIT",
        "LICENSE-APACHE",
        "generated/Cargo.toml",
        "specs/a.md",
        "tests/Cargo.toml",
    ] {
        put(&project, path, "");
    }
    put(&project, "generator/src/lib.rs", "//! Generates.\n");
    put(&project, "xtask/src/main.rs", "//! Runs.\n");
    project
}

fn put(project: &TempDir, path: &str, text: &str) {
    let path = project.path().join(path);
    fs::create_dir_all(path.parent().expect("a parent")).expect("created");
    fs::write(path, text).expect("written");
}

/// The places and the rules that a file with this text breaks.
fn broken(path: &str, text: &str) -> Vec<String> {
    let project = project();
    put(&project, path, text);
    let findings = tidy::check(project.path()).expect("readable");
    findings.iter().map(|finding| format!("{}:{}: {}", finding.path, finding.line, finding.rule)).collect()
}

#[track_caller]
fn breaks(path: &str, text: &str, line: usize, rule: &str) {
    assert_eq!(broken(path, text), [format!("{path}:{line}: {rule}")]);
}

#[track_caller]
fn passes(path: &str, text: &str) {
    assert_eq!(broken(path, text), [] as [&str; 0]);
}

#[test]
fn a_good_project_passes_without_a_word() {
    let finished = tidy::run(project().path());
    assert_eq!((finished.text.as_str(), finished.code), ("", ExitCode::SUCCESS));
}

#[test]
fn findings_are_printed_and_fail() {
    let project = project();
    put(&project, "xtask/src/main.rs", "fn main() {}\n");
    fs::remove_file(project.path().join("LICENSE-MIT")).expect("removed");
    let finished = tidy::run(project.path());
    assert_eq!(finished.code, ExitCode::FAILURE);
    assert_eq!(
        finished.text,
        "LICENSE-MIT:1: top-level: this has to exist\n\
         xtask/src/main.rs:1: module-doc: the first line has to be a `//!` line that says what the module is for\n"
    );
}

#[test]
fn every_entry_of_the_top_level_is_required() {
    let empty = tempfile::tempdir().expect("a folder");
    let findings = tidy::check(empty.path()).expect("readable");
    assert_eq!(findings.len(), 11);
    assert!(findings.iter().all(|finding| finding.rule == "top-level"));
}

#[test]
fn modules_start_with_their_purpose() {
    for path in ["generator/src/a.rs", "generator/src/runtime/a.rs", "xtask/src/a/b.rs", "tests/it/a.rs"] {
        breaks(path, "use a;\n", 1, "module-doc");
        breaks(path, "\n//! Late.\n", 1, "module-doc");
        breaks(path, "//!\n", 1, "module-doc");
        breaks(path, "", 1, "module-doc");
        passes(path, "//! Does it.\n");
    }
    passes("generated/src/lib.rs", "use a;\n");
    passes("tests/data/a.json", "{}\n");
}

#[test]
fn layers_keep_their_crates() {
    for (used, stages) in [
        ("saphyr_parser", &["source.rs", "source/yaml.rs", "locate/yaml.rs"][..]),
        ("openapiv3", &["document.rs", "lower/schema.rs"]),
        ("quote", &["emit.rs", "emit/types.rs"]),
        ("syn", &["render.rs", "names.rs"]),
        ("prettyplease", &["render/a.rs"]),
        ("heck", &["names/words.rs"]),
        ("std::fs", &["runtime/mod.rs"]),
        ("std::env", &["runtime/client.rs"]),
        ("std::time", &["runtime/client.rs"]),
        ("std::io", &["runtime/client.rs"]),
    ] {
        let text = format!("//! Does it.\n\nuse {used}::thing;\n");
        breaks("generator/src/model.rs", &text, 3, "layer");
        for stage in stages {
            passes(&format!("generator/src/{stage}"), &text);
        }
        passes("xtask/src/a.rs", &text);
    }
    breaks("generator/src/names.rs", "//! Names.\nuse prettyplease::unparse;\n", 2, "layer");
}

#[test]
fn layers_are_about_code_and_not_about_tests() {
    let path = "generator/src/model.rs";
    passes(path, "//! Not `std::fs::read`.\n// std::io::Read\nconst A: &str = \"std::env\";\n");
    passes(path, "//! Does it.\n#[cfg(test)]\nmod tests {\n    use std::fs;\n}\n");
    passes("generator/src/model/tests.rs", "//! Tests.\nuse std::fs;\n");
    breaks(path, "//! Does it.\nuse std::{\n    fmt,\n    fs,\n};\n", 4, "layer");
}

#[test]
fn files_are_short() {
    let text = |lines: usize| "//! Does it.\n".repeat(lines);
    for path in ["generator/src/a.rs", "xtask/src/a.rs", "tests/it/a.rs"] {
        breaks(path, &text(601), 601, "file-length");
        passes(path, &text(600));
    }
    passes("generated/src/lib.rs", &text(601));
    passes("specs/long.md", &text(601));
}

#[test]
fn lines_are_short() {
    let text = |width: usize| format!("//! Does it.\n//{}\n", "ä".repeat(width - 2));
    breaks("generator/src/a.rs", &text(121), 2, "line-width");
    breaks("examples/a.rs", &text(121), 2, "line-width");
    passes("generator/src/a.rs", &text(120));
    passes("generated/src/lib.rs", &text(121));
    passes("specs/wide.md", &text(121));
}

#[test]
fn nothing_is_left_to_be_done() {
    for word in [concat!("to", "do!()"), concat!("unimple", "mented!()"), concat!("db", "g!(1)")] {
        breaks("xtask/src/a.rs", &format!("//! Does it.\nfn a() {{ {word} }}\n"), 2, "unfinished");
    }
    for word in [concat!("TO", "DO"), concat!("FIX", "ME")] {
        breaks("tests/it/a.rs", &format!("//! Does it.\n// {word}: this.\n"), 2, "unfinished");
        passes("tests/it/a.rs", &format!("//! Does it.\nconst MAS{word}N: u8 = 1;\n"));
    }
}
