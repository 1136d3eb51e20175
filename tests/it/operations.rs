//! The clients of fixtures over real HTTP: they are built at test time, with the programs that call them. That in
//! `tests/operations` holds what each of them sends and reads against what its document asks for, that in `tests/wire`
//! what one of them does whatever the operation.

use std::path::Path;

use tests::{Workspace, source};

use crate::fixtures;

/// The fixture that `tests/wire` calls.
const WIRE: &str = "vault";

/// The fixtures that `tests/operations` calls.
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
    let fixtures = fixtures::accept();
    let client = |name| {
        let fixture = fixtures.iter().find(|fixture| fixture.name == name);
        let fixture = fixture.unwrap_or_else(|| panic!("there is no fixture {name}"));
        (name, fixture.generate().files.unwrap_or_else(|| panic!("no crate comes of {name}")))
    };
    let clients = CLIENTS.into_iter().chain([WIRE]).map(client);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("operations");
    let programs = [("program", operations()), ("wire", wire())];
    let workspace = Workspace::write(folder, clients, &programs);
    run(&workspace, &["--package", "operations", "--package", "wire"]);
    // The examples in the documentation of the clients.
    run(&workspace, &["--doc", "--workspace"]);
}

fn run(workspace: &Workspace, arguments: &[&str]) {
    let output = workspace.cargo("test").args(["--offline", "--quiet"]).args(arguments).output().expect("cargo runs");
    let (log, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "the calls in {} fail:\n{log}\n{errors}", workspace.folder().display());
}

/// The manifest of the program in `tests/operations`.
fn operations() -> String {
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
path = {:?}

[dev-dependencies]
{}serde_json = "1.0"
tempfile = "3.27"
tokio = {{ version = "1.54", features = ["io-util", "macros", "net", "rt-multi-thread", "time"] }}
tracing = {{ version = "0.1.44", default-features = false, features = ["std"] }}
"#,
        source("operations/main.rs"),
        clients.concat()
    )
}

/// The manifest of the program in `tests/wire`, and of the example of its client, which it starts.
fn wire() -> String {
    format!(
        r#"[package]
name = "wire"
version = "0.1.0"
edition = "2024"
publish = false
autotests = false

[[test]]
name = "wire"
path = {:?}

[[bin]]
name = "list_secrets"
path = "../{WIRE}/examples/list_secrets.rs"
test = false

[dependencies]
{WIRE} = {{ path = "../{WIRE}" }}
tokio = {{ version = "1.54", default-features = false, features = ["macros", "rt"] }}

[dev-dependencies]
fastrand = "2.5"
serde = {{ version = "1.0.229", features = ["derive"] }}
serde_json = {{ version = "1.0", features = ["float_roundtrip", "preserve_order"] }}
serde_yaml = "0.9"
tempfile = "3.27"
tokio = {{ version = "1.54", features = ["io-util", "net", "process", "rt-multi-thread", "time"] }}
"#,
        source("wire/main.rs")
    )
}
