//! The fixtures: folders with a small document each, and what must come of it beside the document.
//!
//! A new case is a new folder: every file in it that is no snapshot is an input, in the order of the names.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use specwright::diagnostic::Diagnostic;
use specwright::{Generated, Input};
use xtask::codegen::config::{self, Config};

/// A folder with documents.
pub(crate) struct Fixture {
    /// The name of the folder; it is the name of the generated package too.
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
    pub(crate) inputs: Vec<Input>,
    /// What `codegen.toml` says, where there is one.
    config: Config,
}

impl Fixture {
    fn read(folder: PathBuf) -> Self {
        let name = file_name(&folder);
        let files = entries(&folder).into_iter().filter(|path| path.is_file());
        let documents = files.filter(|path| ["json", "md", "yaml"].contains(&extension(path)));
        let inputs: Vec<_> = documents
            .map(|path| {
                let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                Input::new(file_name(&path), text)
            })
            .collect();
        assert!(!inputs.is_empty(), "{} holds no document", folder.display());
        let config = folder.join(config::FILE);
        let mut config =
            if config.is_file() { config::read(&config).expect("a configuration") } else { Config::default() };
        // By its short name, as the documents are.
        config.file = config.file.map(|file| Input { name: config::FILE.to_owned(), ..file });
        Self { name, folder, inputs, config }
    }

    pub(crate) fn generate(&self) -> Generated {
        self.generate_from(&self.inputs)
    }

    /// Generates from other inputs than those on disk, such as the same ones written differently.
    pub(crate) fn generate_from(&self, inputs: &[Input]) -> Generated {
        specwright::generate(inputs, &self.config.options(self.name.clone()))
    }

    /// The diagnostics as the user sees them, notes included.
    pub(crate) fn report(&self, diagnostics: &[Diagnostic]) -> String {
        let inputs: Vec<_> = self.inputs.iter().chain(&self.config.file).cloned().collect();
        specwright::report::render(diagnostics, &inputs, false)
    }

    /// Compares `text` with the snapshot `name` in the folder.
    pub(crate) fn assert_snapshot(&self, name: &str, text: &str) {
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(&self.folder);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(name, text));
    }
}

/// The documents that a crate is generated from.
pub(crate) fn accept() -> Vec<Fixture> {
    all("accept")
}

/// The documents that no crate can be generated from.
pub(crate) fn reject() -> Vec<Fixture> {
    all("reject")
}

fn all(kind: &str) -> Vec<Fixture> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(kind);
    let folders = entries(&folder).into_iter().filter(|path| path.is_dir());
    let fixtures: Vec<_> = folders.map(Fixture::read).collect();
    assert!(!fixtures.is_empty(), "{} holds no fixture", folder.display());
    fixtures
}

/// Runs `test` for every fixture, also after one has failed, so that one run shows all that is wrong.
pub(crate) fn for_each(fixtures: &[Fixture], test: impl Fn(&Fixture)) {
    let failed = fixtures.iter().filter(|fixture| catch_unwind(AssertUnwindSafe(|| test(fixture))).is_err());
    let failed: Vec<_> = failed.map(|fixture| fixture.name.as_str()).collect();
    assert!(failed.is_empty(), "{} of {} fixtures failed: {}", failed.len(), fixtures.len(), failed.join(", "));
}

/// What is in a folder, sorted: the order in which a file system lists it says nothing.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry of a folder").path()).collect();
    paths.sort();
    paths
}

fn extension(path: &Path) -> &str {
    path.extension().and_then(|extension| extension.to_str()).unwrap_or_default()
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
