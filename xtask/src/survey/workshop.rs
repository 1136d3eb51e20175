//! Where generated crates are compiled: `target/survey`, each crate a workspace of its own, their dependencies shared.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Failure, sync};

/// What is added to a manifest: the crate is no member of the workspace around it, and nobody debugs it.
const OWN_WORKSPACE: &str = "\n[workspace]\n\n[profile.dev]\ndebug = false\n";

/// A generated crate on disk.
#[derive(Clone, Debug)]
pub(crate) struct Crate {
    /// The name of the package.
    pub(crate) name: String,
    /// Its folder.
    pub(crate) folder: PathBuf,
}

/// The folder of everything that a survey writes.
#[must_use]
pub(crate) fn folder() -> PathBuf {
    crate::workspace_root().join("target").join("survey")
}

/// The folder of what the compiler writes, one for all crates.
#[must_use]
pub(crate) fn target() -> PathBuf {
    folder().join("target")
}

/// Writes a generated crate to disk.
///
/// # Errors
///
/// When the disk refuses.
pub(crate) fn write(name: &str, mut files: BTreeMap<String, String>) -> Result<Crate, Failure> {
    if let Some(manifest) = files.get_mut("Cargo.toml") {
        manifest.push_str(OWN_WORKSPACE);
    }
    let one = Crate { name: name.to_owned(), folder: folder().join(name) };
    sync::plan(files, &one.folder)?.apply()?;
    lock(&one.folder)?;
    Ok(one)
}

/// Builds what a crate depends on, by means of an empty crate with the same dependencies.
///
/// # Errors
///
/// When the dependencies do not compile.
pub(crate) fn check_dependencies(one: &Crate) -> Result<(), Failure> {
    let empty = target().join("dependencies");
    let source = empty.join("src");
    std::fs::create_dir_all(&source).map_err(|error| Failure::io("create", &source, &error))?;
    // Under its own name: what the compiler writes is told apart by the name of the package and not by its folder.
    let path = one.folder.join("Cargo.toml");
    let manifest = std::fs::read_to_string(&path).map_err(|error| Failure::io("read", &path, &error))?;
    let manifest = manifest.replacen(&format!("name = \"{}\"", one.name), "name = \"survey-dependencies\"", 1);
    for (path, text) in [(empty.join("Cargo.toml"), manifest.as_str()), (source.join("lib.rs"), "")] {
        std::fs::write(&path, text).map_err(|error| Failure::io("write", &path, &error))?;
    }
    lock(&empty)?;
    let mut check = cargo(&empty);
    check.args(["check", "--quiet", "--no-default-features"]).env("RUSTFLAGS", "-D warnings");
    succeed(check)
}

/// Gives a crate the versions of the workspace, unless it has some.
fn lock(folder: &Path) -> Result<(), Failure> {
    let (from, to) = (crate::workspace_root().join("Cargo.lock"), folder.join("Cargo.lock"));
    if !to.exists() {
        std::fs::copy(&from, &to).map_err(|error| Failure::io("copy", &from, &error))?;
    }
    Ok(())
}

/// The build tool in the folder of a crate, undisturbed by the one that runs the survey.
#[must_use]
pub(crate) fn cargo(folder: &Path) -> Command {
    let mut cargo = Command::new(program());
    prepare(&mut cargo, folder);
    cargo
}

/// The build tool that runs the survey.
#[must_use]
pub(crate) fn program() -> std::ffi::OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// Sets the environment of everything that runs in the workshop.
pub(crate) fn prepare(command: &mut Command, folder: &Path) {
    for variable in ["CARGO_ENCODED_RUSTFLAGS", "RUSTFLAGS", "RUSTC_WORKSPACE_WRAPPER", "CARGO_BUILD_TARGET"] {
        command.env_remove(variable);
    }
    // What an earlier run left would make a measurement look better than it is.
    command.current_dir(folder).env("CARGO_TARGET_DIR", target()).env("CARGO_INCREMENTAL", "0");
}

/// Runs a command and takes its first error, when it fails, for the reason.
pub(crate) fn succeed(mut command: Command) -> Result<(), Failure> {
    let output = command.output().map_err(|error| Failure::new(format!("cannot run the build tool: {error}")))?;
    if output.status.success() {
        return Ok(());
    }
    Err(Failure::new(first_error(&String::from_utf8_lossy(&output.stderr))))
}

/// The line of a compiler's output that says what is wrong.
#[must_use]
pub(crate) fn first_error(text: &str) -> String {
    let mut lines = text.lines().map(str::trim);
    let error = lines.clone().find(|line| line.contains("error")).or_else(|| lines.rfind(|line| !line.is_empty()));
    error.unwrap_or("no message").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_error_is_the_reason() {
        assert_eq!(
            first_error("warning: a\nsrc/lib.rs:1:2: error[E0001]: b\nerror: c\n"),
            "src/lib.rs:1:2: error[E0001]: b"
        );
        assert_eq!(first_error("killed\n\n"), "killed");
        assert_eq!(first_error(""), "no message");
    }
}
