//! What is generated compiles without a warning: every fixture is a package of one workspace, checked by one cargo.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use tests::Workspace;

use crate::fixtures::{self, Fixture};

/// The fixtures whose clients together have every part of the support code.
const WITH_EVERYTHING: [&str; 5] =
    ["auth-schemes-several", "pagination", "request-body-multipart", "responses-headers", "responses-streams"];

#[test]
fn every_generated_crate_compiles_without_a_warning() {
    // No TLS: no fixture connects to anything, and the libraries for it take the longest to build.
    check(
        "fixtures",
        &fixtures::accept(),
        &["--examples", "--offline", "--features", "blocking,tracing,chrono,jiff,time"],
    );
}

#[test]
fn generated_crates_compile_for_browsers() {
    const TARGET: &str = "wasm32-unknown-unknown";
    if !is_installed(TARGET) {
        println!("passed over: `rustup target add {TARGET}` installs what this needs");
        return;
    }
    let is_chosen = |fixture: &Fixture| WITH_EVERYTHING.contains(&fixture.name.as_str());
    let fixtures: Vec<_> = fixtures::accept().into_iter().filter(is_chosen).collect();
    assert_eq!(fixtures.len(), WITH_EVERYTHING.len(), "a fixture of these is missing: {WITH_EVERYTHING:?}");
    check("browser", &fixtures, &["--target", TARGET, "--features", "tracing"]);
}

/// Whether the standard library is there for a target.
fn is_installed(target: &str) -> bool {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| OsString::from("rustc"));
    let arguments = ["--print", "target-libdir", "--target", target];
    let output = Command::new(rustc).args(arguments).output().expect("rustc runs");
    output.status.success() && Path::new(String::from_utf8_lossy(&output.stdout).trim()).is_dir()
}

fn check(folder: &str, fixtures: &[Fixture], arguments: &[&str]) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(folder);
    let client = |fixture: &Fixture| fixture.generate().files.unwrap_or_else(|| panic!("no crate: {}", fixture.name));
    let clients = fixtures.iter().map(|fixture| (fixture.name.as_str(), client(fixture)));
    let workspace = Workspace::write(folder, clients, &[]);
    let mut check = workspace.cargo("check");
    check.args(["--workspace", "--lib", "--no-default-features", "--quiet"]).args(arguments);
    let output = check.output().expect("cargo runs");
    let log = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "the crates in {} do not compile:\n{log}", workspace.folder().display());
}
