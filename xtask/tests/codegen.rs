//! Whole runs of `codegen` with generators made for the test.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use specwright::diagnostic::{Code, Diagnostic, Place, Severity, Spot};
use specwright::{Counts, Input, Options};
use tempfile::TempDir;
use xtask::Finished;
use xtask::codegen::{self, Args, Deny, Output};

/// A folder with one document in `specs`.
struct Project(TempDir);

impl Project {
    fn new() -> Self {
        let project = Self(tempfile::tempdir().expect("a folder"));
        project.put("specs/pets.md", "# Pets\n");
        project
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn put(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("created");
        fs::write(path, text).expect("written");
    }

    fn text(&self, path: &str) -> Option<String> {
        fs::read_to_string(self.path(path)).ok()
    }

    fn args(&self) -> Args {
        Args { spec: vec![self.path("specs")], out: Some(self.path("out")), ..Args::default() }
    }

    fn check(&self) -> Args {
        Args { check: true, ..self.args() }
    }
}

/// A generator whose crate tells what it was given.
fn generator(inputs: &[Input], options: &Options) -> Output {
    let file = |path: &str, text: String| (path.to_owned(), text);
    let manifest =
        format!("{} {} {:?}\n", options.name, options.version, options.api_key_env.as_ref().map(|entry| &entry.value));
    let library = inputs.iter().map(|input| input.text.clone()).collect();
    let counts = Counts { documents: inputs.len(), operations_found: 1, operations: 1, types: 2 };
    let files = BTreeMap::from([file("Cargo.toml", manifest), file("src/lib.rs", library)]);
    Output { files: Some(files), diagnostics: said(), counts, left_out: Vec::new(), pages: Vec::new() }
}

/// Two notes, of which one is a repair, and a warning.
fn said() -> Vec<Diagnostic> {
    let place = Place { input: 0, spot: Spot::Whole };
    let one = |severity, code, text| Diagnostic::new(severity, code, place.clone(), text);
    vec![
        one(Severity::Note, Code::Repaired, "a repair"),
        one(Severity::Note, Code::UnknownKeyword, "a note"),
        one(Severity::Warning, Code::UntypedSchema, "a warning"),
    ]
}

fn broken(inputs: &[Input], options: &Options) -> Output {
    let mut output = generator(inputs, options);
    let place = Place { input: 0, spot: Spot::Whole };
    output.diagnostics.push(Diagnostic::new(Severity::Error, Code::NoOperations, place, "an error"));
    output
}

fn good(args: &Args) -> String {
    let Finished { text, code } = codegen::run(args, false, generator);
    assert_eq!(code, ExitCode::SUCCESS, "{text}");
    text
}

fn bad(args: &Args, generator: fn(&[Input], &Options) -> Output) -> String {
    let Finished { text, code } = codegen::run(args, false, generator);
    assert_eq!(code, ExitCode::FAILURE, "{text}");
    text
}

#[track_caller]
fn ends_with_summary(text: &str, figures: &str) {
    let last = text.lines().last().expect("a line");
    assert!(last.starts_with(figures), "{last}");
    assert!(last.contains(" ms of processor time (") && last.ends_with(" ms elapsed)"), "{last}");
    assert_eq!(text.matches(" ms elapsed)").count(), 1);
}

#[test]
fn a_run_writes_the_crate_and_says_so() {
    let project = Project::new();
    let text = good(&project.args());
    let figures =
        "1 document, 1 operation, 2 types, 1 repair, 1 warning; 3 files (3 written, 0 deleted, 0 unchanged) in ";
    ends_with_summary(&text, figures);
    assert_eq!(project.text("out/src/lib.rs").as_deref(), Some("# Pets\n"));
    ends_with_summary(&good(&project.args()), &figures.replace("3 written, 0 deleted, 0", "0 written, 0 deleted, 3"));
}

#[test]
fn notes_are_shown_on_request_only() {
    let project = Project::new();
    let text = good(&project.args());
    assert!(text.contains("a warning") && !text.contains("a note") && !text.contains("a repair"), "{text}");
    let text = good(&Args { verbose: true, ..project.args() });
    assert!(text.contains("a warning") && text.contains("a note") && text.contains("a repair"), "{text}");
}

#[test]
fn an_error_leaves_the_folder_as_it_was() {
    let project = Project::new();
    let text = bad(&project.args(), broken);
    assert!(text.contains("an error") && text.contains("a warning"), "{text}");
    ends_with_summary(
        &text,
        "1 document, 0 of 1 operation, 0 types, 1 repair, 1 warning, 1 error; nothing written in ",
    );
    assert!(!project.path("out").exists());
    good(&project.args());
    project.put("specs/pets.md", "# Changed\n");
    bad(&project.args(), broken);
    assert_eq!(project.text("out/src/lib.rs").as_deref(), Some("# Pets\n"));
}

#[test]
fn denied_warnings_leave_the_folder_as_it_was() {
    let project = Project::new();
    let text = bad(&Args { deny: Some(Deny::Warnings), ..project.args() }, generator);
    assert!(text.contains("error["), "{text}");
    assert_eq!(project.text("out/Cargo.toml"), None);
}

#[test]
fn a_generator_without_files_or_errors_is_a_failure() {
    let project = Project::new();
    let text = bad(&project.args(), |_, _| Output::default());
    assert!(text.contains("error: the generator wrote no files"), "{text}");
}

#[test]
fn the_name_comes_from_the_flag_then_the_file_then_the_spec() {
    let project = Project::new();
    let name = |args: &Args| {
        good(args);
        project.text("out/Cargo.toml").expect("a text")
    };
    assert_eq!(name(&project.args()), "specs 0.1.0 None\n");
    assert_eq!(name(&Args { spec: vec![project.path("specs/pets.md")], ..project.args() }), "pets 0.1.0 None\n");
    project
        .put("specs/codegen.toml", "[crate]\nname = \"zoo\"\nversion = \"2.0.0\"\n[client]\napi-key-env = \"KEY\"\n");
    assert_eq!(name(&project.args()), "zoo 2.0.0 Some(\"KEY\")\n");
    assert_eq!(name(&Args { name: Some("farm".to_owned()), ..project.args() }), "farm 2.0.0 Some(\"KEY\")\n");
}

#[test]
fn wrong_names_configurations_and_documents_are_failures_with_a_summary() {
    let project = Project::new();
    let nothing = "0 documents, 0 operations, 0 types, 0 repairs, 0 warnings, 1 error; nothing written in ";
    let text = bad(&Args { name: Some("No Name".to_owned()), ..project.args() }, generator);
    assert!(text.starts_with("error: `No Name` cannot be the name of a package: "), "{text}");
    ends_with_summary(&text, nothing);
    project.put("specs/codegen.toml", "[crate]\nfoo = 1\n");
    let text = bad(&project.args(), generator);
    assert!(text.contains("specs/codegen.toml:2: unknown field `foo`"), "{text}");
    ends_with_summary(&text, nothing);
    let text = bad(&Args { spec: vec![project.path("gone")], ..project.args() }, generator);
    assert!(text.starts_with("error: cannot read `") && text.contains("gone"), "{text}");
    assert!(!project.path("out").exists());
}

#[test]
fn a_fresh_folder_passes_the_check() {
    let project = Project::new();
    good(&project.args());
    let figures = "3 files (0 stale, 0 missing, 0 no longer generated, 3 up to date)";
    assert!(good(&project.check()).contains(figures));
}

#[test]
fn a_hand_edit_fails_the_check_which_names_the_cure() {
    let project = Project::new();
    good(&project.args());
    project.put("out/src/lib.rs", "# Edited\n");
    let text = bad(&project.check(), generator);
    assert!(text.contains("out/src/lib.rs:1\n- # Edited\n+ # Pets\n"), "{text}");
    let (spec, out) = (project.path("specs"), project.path("out"));
    let command = format!("cargo xtask codegen --spec {} --out {}", spec.display(), out.display());
    assert!(text.contains(&format!("help: `{command}` brings it up to date\n")), "{text}");
    assert!(text.contains("3 files (1 stale, 0 missing, 0 no longer generated, 2 up to date) in "), "{text}");
    assert_eq!(project.text("out/src/lib.rs").as_deref(), Some("# Edited\n"));
    good(&project.args());
    good(&project.check());
}

#[test]
fn a_check_of_a_missing_folder_makes_none() {
    let project = Project::new();
    let text = bad(&project.check(), generator);
    assert!(text.contains("missing: ") && text.contains("0 stale, 3 missing"), "{text}");
    assert!(!project.path("out").exists());
}

#[test]
fn a_folder_of_somebody_else_is_refused() {
    let project = Project::new();
    project.put("out/mine.txt", "mine");
    for args in [project.args(), project.check()] {
        let text = bad(&args, generator);
        assert!(text.contains("is not empty and holds no `.specwright`"), "{text}");
        ends_with_summary(&text, "1 document, 1 operation, 2 types, 1 repair, 1 warning, 1 error; nothing written in ");
    }
}

#[test]
fn an_interrupted_run_says_so() {
    let project = Project::new();
    good(&project.args());
    project.put("specs/pets.md", "# Changed\n");
    fs::create_dir(Path::new(&project.path("out/src/.lib.rs.specwright-part"))).expect("created");
    let text = bad(&project.args(), generator);
    assert!(text.contains("error: cannot write `") && text.contains("; not all files written in "), "{text}");
}
