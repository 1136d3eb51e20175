//! The clients of fixtures over real HTTP: they are built at test time, with the program in `tests/operations`, which
//! holds what each of them sends and reads against what the document asks for.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use xtask::sync;

use crate::fixtures;

/// The fixtures that the program calls.
const CLIENTS: [&str; 12] = [
    "auth-schemes-several",
    "pagination",
    "parameter-styles",
    "path-names",
    "request-body-alternatives",
    "request-body-form",
    "request-body-multipart",
    "responses-headers",
    "responses-several",
    "responses-streams",
    "server-several",
    "webhooks-and-callbacks",
];

#[test]
fn operations_send_and_read_what_their_documents_ask_for() {
    let workspace = workspace();
    cargo_test(&workspace, &["--package", "operations"]);
    // The examples in the documentation of the clients.
    cargo_test(&workspace, &["--doc", "--workspace"]);
}

fn cargo_test(workspace: &Path, arguments: &[&str]) {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let output = Command::new(cargo)
        .current_dir(workspace)
        .args(["test", "--offline", "--quiet"])
        .args(arguments)
        .arg("--target-dir")
        .arg(workspace.join("target"))
        .env("RUSTFLAGS", "-D warnings")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .output()
        .expect("cargo runs");
    let (log, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "the calls in {} fail:\n{log}\n{errors}", workspace.display());
}

/// Writes the workspace: the clients, and the program that calls them.
fn workspace() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("operations");
    let fixtures = fixtures::accept();
    for name in CLIENTS {
        let fixture = fixtures.iter().find(|fixture| fixture.name == name);
        let fixture = fixture.unwrap_or_else(|| panic!("there is no fixture {name}"));
        let files = fixture.generate().files.unwrap_or_else(|| panic!("no crate comes of {name}"));
        let files = files.iter().map(|(path, text)| (path.to_owned(), text.to_owned())).collect();
        let plan = sync::plan(files, &folder.join(name)).unwrap_or_else(|failure| panic!("{failure}"));
        plan.apply().unwrap_or_else(|failure| panic!("{failure}"));
    }
    std::fs::create_dir_all(folder.join("program")).expect("the folder is made");
    write(&folder.join("program/Cargo.toml"), &program());
    let members: Vec<_> = CLIENTS.iter().map(|name| format!("    {name:?},\n")).collect();
    let members = members.concat();
    let manifest = format!(
        "[workspace]\nresolver = \"3\"\nmembers = [\n    \"program\",\n{members}]\n\n[profile.dev]\ndebug = false\n"
    );
    write(&folder.join("Cargo.toml"), &manifest);
    // The versions are those that the workspace is locked to; cargo drops the packages that are not needed here.
    std::fs::copy(xtask::workspace_root().join("Cargo.lock"), folder.join("Cargo.lock")).expect("the lock is copied");
    folder
}

/// The manifest of the program; its source stays where it is.
fn program() -> String {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("operations/main.rs");
    let features = r#"default-features = false, features = ["blocking", "tracing"]"#;
    let client = |name: &&str| format!("{name} = {{ path = \"../{name}\", {features} }}\n");
    let clients: Vec<_> = CLIENTS.iter().map(client).collect();
    format!(
        r#"[package]
name = "operations"
version = "0.1.0"
edition = "2024"
publish = false
autotests = false

[[test]]
name = "operations"
path = {source:?}

[dev-dependencies]
{}serde_json = "1.0"
tempfile = "3.27"
tokio = {{ version = "1.54", features = ["io-util", "macros", "net", "rt-multi-thread", "time"] }}
tracing = {{ version = "0.1.44", default-features = false, features = ["std"] }}
"#,
        clients.concat()
    )
}

/// Writes a file unless it says the same already, so that a second run builds only what is new.
fn write(path: &Path, text: &str) {
    if std::fs::read_to_string(path).is_ok_and(|there| there == text) {
        return;
    }
    std::fs::write(path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}
