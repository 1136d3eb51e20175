//! What is generated compiles without a warning: every fixture is a package of one workspace, checked by one cargo.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use xtask::sync;

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
    let workspace = workspace(folder, fixtures);
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let output = Command::new(cargo)
        .current_dir(&workspace)
        .args(["check", "--workspace", "--lib", "--no-default-features", "--quiet"])
        .args(arguments)
        .arg("--target-dir")
        .arg(workspace.join("target"))
        .env("RUSTFLAGS", "-D warnings")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .output()
        .expect("cargo runs");
    let log = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "the crates in {} do not compile:\n{log}", workspace.display());
}

/// Writes the workspace. What is unchanged keeps its time, so that a second run checks only what is new.
fn workspace(folder: &str, fixtures: &[Fixture]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(folder);
    for fixture in fixtures {
        let files = fixture.generate().files.unwrap_or_else(|| panic!("no crate comes of {}", fixture.name));
        let files = files.iter().map(|(path, text)| (path.to_owned(), text.to_owned())).collect();
        let plan = sync::plan(files, &folder.join(&fixture.name)).unwrap_or_else(|failure| panic!("{failure}"));
        plan.apply().unwrap_or_else(|failure| panic!("{failure}"));
    }
    let members: Vec<_> = fixtures.iter().map(|fixture| format!("    {:?},\n", fixture.name)).collect();
    // Checking needs no debug information, not even of build scripts.
    let manifest =
        format!("[workspace]\nresolver = \"3\"\nmembers = [\n{}]\n\n[profile.dev]\ndebug = false\n", members.concat());
    std::fs::write(folder.join("Cargo.toml"), manifest).expect("the manifest is written");
    // The versions are those that the workspace is locked to; cargo drops the packages that are not needed here.
    std::fs::copy(xtask::workspace_root().join("Cargo.lock"), folder.join("Cargo.lock")).expect("the lock is copied");
    folder
}
