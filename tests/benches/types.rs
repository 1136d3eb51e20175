//! `cargo bench -p tests --bench types`: decoding and encoding of generated types beside serde's derives on the same
//! shapes, in one run: compare the ratios, not the times.
//!
//! The clients are made of the documents in `benches/types` and measured by the program beside them.

use std::path::Path;
use std::process::ExitCode;

use tests::{Workspace, client, source};

/// The documents: large lists of plain objects, nested unions with a discriminator, unions without one.
const CLIENTS: [&str; 3] = ["plain", "tagged", "untagged"];

fn main() -> ExitCode {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("types");
    let clients = CLIENTS.map(|name| (name, client(name, &format!("benches/types/{name}.yaml"))));
    let workspace = Workspace::write(folder, clients, &[("program", program())]);
    let arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let mut program = workspace.cargo("run");
    program.args(["--release", "--package", "program", "--quiet"]);
    // Without `--bench` the program would try each of them once and measure nothing.
    let status = program.args(["--", "--bench"]).args(arguments).status().expect("cargo runs");
    if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The manifest of the program; its source stays where it is.
fn program() -> String {
    let clients = CLIENTS.map(|name| format!("{name} = {{ path = \"../{name}\", default-features = false }}\n"));
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
{}divan = {{ version = "0.1.21", default-features = false }}
serde = {{ version = "1.0.229", features = ["derive"] }}
serde_json = {{ version = "1.0.154", features = ["float_roundtrip", "preserve_order"] }}
"#,
        source("benches/types/main.rs"),
        clients.concat()
    )
}
