//! Workspaces of generated clients and of the programs that call them. Tests and benchmarks build these themselves:
//! what `generated/` holds is up to its user, and none of them depends on it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use specwright::{Files, Input, Options, generate};
use xtask::sync;

/// A workspace on disk.
#[derive(Clone, Debug)]
pub struct Workspace {
    folder: PathBuf,
}

impl Workspace {
    /// Writes the clients by their names, and programs by their names and manifests. What is unchanged keeps its time,
    /// so that a second run builds only what is new.
    ///
    /// # Panics
    ///
    /// When the disk refuses.
    pub fn write<'f>(
        folder: PathBuf,
        clients: impl IntoIterator<Item = (&'f str, Files)>,
        programs: &[(&str, String)],
    ) -> Self {
        let mut members = Vec::new();
        for (name, files) in clients {
            let files: BTreeMap<_, _> = files.iter().map(|(path, text)| (path.to_owned(), text.to_owned())).collect();
            let plan = sync::plan(files, &folder.join(name)).unwrap_or_else(|failure| panic!("{failure}"));
            plan.apply().unwrap_or_else(|failure| panic!("{failure}"));
            members.push(name);
        }
        for (name, manifest) in programs {
            let program = folder.join(name);
            std::fs::create_dir_all(&program).unwrap_or_else(|error| panic!("{}: {error}", program.display()));
            write(&program.join("Cargo.toml"), manifest);
            members.push(name);
        }
        // Nobody debugs it, and without that it is there sooner.
        let profile = "[profile.dev]\ndebug = false\n";
        write(
            &folder.join("Cargo.toml"),
            &format!("[workspace]\nresolver = \"3\"\nmembers = {members:#?}\n\n{profile}"),
        );
        // The versions are those that this workspace is locked to; cargo drops the packages that are not needed there.
        let lock = std::fs::read_to_string(xtask::workspace_root().join("Cargo.lock")).expect("the versions");
        write(&folder.join("Cargo.lock"), &lock);
        Self { folder }
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A command of cargo in it, with every warning an error.
    #[must_use]
    pub fn cargo(&self, command: &str) -> Command {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
        cargo.current_dir(&self.folder).arg(command).arg("--target-dir").arg(self.folder.join("target"));
        cargo.env("RUSTFLAGS", "-D warnings").env_remove("CARGO_ENCODED_RUSTFLAGS");
        cargo
    }
}

/// A source file of a program, by its path in the folder of the tests.
#[must_use]
pub fn source(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The client of a document, by its path in the folder of the tests.
///
/// # Panics
///
/// When the document cannot be read, or no crate comes of it.
#[must_use]
pub fn client(name: &str, document: &str) -> Files {
    let text = std::fs::read_to_string(source(document)).unwrap_or_else(|error| panic!("{document}: {error}"));
    let options = Options { name: name.to_owned(), version: "0.1.0".to_owned(), ..Options::default() };
    generate(&[Input::new(document.to_owned(), text)], &options).files.expect("a crate")
}

/// Writes a file unless it says the same already.
fn write(path: &Path, text: &str) {
    if std::fs::read_to_string(path).is_ok_and(|there| there == text) {
        return;
    }
    std::fs::write(path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}
