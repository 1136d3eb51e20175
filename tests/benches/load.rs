//! `cargo bench -p tests --bench load`: many calls through a generated client beside the same by hand, in one run.
//!
//! The client is made of the fixture `vault` and called by the program beside this file.

use std::path::Path;
use std::process::ExitCode;

use tests::{Workspace, client, source};

fn main() -> ExitCode {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("load");
    let workspace = Workspace::write(
        folder,
        [("vault", client("vault", "fixtures/accept/vault/page.md"))],
        &[("program", program())],
    );
    let mut program = workspace.cargo("run");
    let status = program.args(["--release", "--package", "program", "--quiet"]).status().expect("cargo runs");
    if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
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
