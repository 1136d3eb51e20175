//! `cargo bench -p tests --bench load`: many calls through a generated client beside the same by hand, in one run.
//!
//! The client is made of the fixture `vault` and called by the program beside this file.

use std::path::Path;
use std::process::ExitCode;

use specwright::{Files, Input, Options, generate};
use tests::{Workspace, source};

fn main() -> ExitCode {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("load");
    let workspace = Workspace::write(folder, [("vault", client())], &[("program", program())]);
    let mut program = workspace.cargo("run");
    let status = program.args(["--release", "--package", "program", "--quiet"]).status().expect("cargo runs");
    if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn client() -> Files {
    let text = std::fs::read_to_string(source("fixtures/accept/vault/page.md")).expect("the page is read");
    let options = Options { name: "vault".to_owned(), version: "0.1.0".to_owned(), ..Options::default() };
    generate(&[Input::new("page.md".to_owned(), text)], &options).files.expect("a crate")
}

/// The manifest of the program; its source stays where it is.
fn program() -> String {
    format!(
        r#"[package]
name = "program"
version = "0.1.0"
edition = "2024"
publish = false

[[bin]]
name = "program"
path = {:?}

[dependencies]
cpu-time = "1.0"
serde = {{ version = "1.0.229", features = ["derive"] }}
serde_json = "1.0.154"
tokio = {{ version = "1.54", features = ["io-util", "net", "rt-multi-thread", "time"] }}
vault = {{ path = "../vault" }}
"#,
        source("benches/load/main.rs")
    )
}
