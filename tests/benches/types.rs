//! `cargo bench -p tests --bench types`: decoding and encoding of generated types beside serde's derives on the same
//! shapes, in one run: compare the ratios, not the times.
//!
//! The clients are made of the documents in `benches/types` and measured by the program beside them.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use specwright::{Input, Options, generate};
use xtask::sync;

/// The documents: large lists of plain objects, nested unions with a discriminator, unions without one.
const CLIENTS: [&str; 3] = ["plain", "tagged", "untagged"];

fn main() -> ExitCode {
    let workspace = workspace();
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let status = Command::new(cargo)
        .current_dir(&workspace)
        .args(["run", "--release", "--package", "program", "--quiet", "--target-dir"])
        .arg(workspace.join("target"))
        // Without `--bench` the program would try each of them once and measure nothing.
        .args(["--", "--bench"])
        .args(arguments)
        .status()
        .expect("cargo runs");
    if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Writes the workspace: the clients, and the program that measures them.
fn workspace() -> PathBuf {
    let (folder, here) = (Path::new(env!("CARGO_TARGET_TMPDIR")).join("types"), documents());
    for name in CLIENTS {
        let path = here.join(format!("{name}.yaml"));
        let text = std::fs::read_to_string(&path).expect("the document is read");
        let options = Options { name: name.to_owned(), version: "0.1.0".to_owned(), ..Options::default() };
        let files = generate(&[Input::new(path.display().to_string(), text)], &options).files.expect("a crate");
        let files = files.iter().map(|(path, text)| (path.to_owned(), text.to_owned())).collect();
        sync::plan(files, &folder.join(name)).and_then(|plan| plan.apply()).expect("the client is written");
    }
    std::fs::create_dir_all(folder.join("program")).expect("the folder is made");
    std::fs::write(folder.join("program/Cargo.toml"), program()).expect("the manifest is written");
    let members = "[workspace]\nresolver = \"3\"\nmembers = [\"program\", \"plain\", \"tagged\", \"untagged\"]\n";
    std::fs::write(folder.join("Cargo.toml"), members).expect("the manifest is written");
    std::fs::copy(xtask::workspace_root().join("Cargo.lock"), folder.join("Cargo.lock")).expect("the lock is copied");
    folder
}

fn documents() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/types")
}

/// The manifest of the program; its source stays where it is.
fn program() -> String {
    let source = documents().join("main.rs");
    let clients = CLIENTS.map(|name| format!("{name} = {{ path = \"../{name}\", default-features = false }}\n"));
    format!(
        r#"[package]
name = "program"
version = "0.1.0"
edition = "2024"
publish = false

[[bin]]
name = "program"
path = {source:?}

[dependencies]
{}divan = {{ version = "0.1.21", default-features = false }}
serde = {{ version = "1.0.229", features = ["derive"] }}
serde_json = {{ version = "1.0.154", features = ["float_roundtrip", "preserve_order"] }}
"#,
        clients.concat()
    )
}
