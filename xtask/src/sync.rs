//! Stage 8, files → disk: makes a folder hold exactly the generated files, and touches nothing else in it.
//!
//! The folder keeps a list of what the last run wrote. Only what is on that list is ever overwritten or deleted, so the
//! files of the user are safe, and a folder without a list is never written to unless it is empty.

mod difference;
mod manifest;
mod place;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::Failure;
pub use manifest::FILE as MANIFEST;
use place::Place;

/// What has to be done to one file.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Change {
    /// Nothing.
    Unchanged,
    /// It is written: new, or over this content.
    Write { before: Option<Vec<u8>>, text: String },
    /// It is deleted.
    Delete,
}

/// What has to be done to a folder; nothing is done before [`Plan::apply`].
#[derive(Clone, Debug)]
pub struct Plan {
    out: PathBuf,
    /// By path, the list included.
    changes: BTreeMap<String, Change>,
    /// Paths of the last run that this run does not have, also those that are gone already.
    obsolete: Vec<String>,
    /// The list while files are being written: everything of the last run and of this one.
    both: String,
}

/// How many files a run changed, its list included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// New files, and files with new content.
    pub written: usize,
    /// Files that are no longer generated.
    pub deleted: usize,
    /// Files that were not touched.
    pub unchanged: usize,
}

/// How many files of a folder are what would be generated, its list included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// Files with other content.
    pub stale: usize,
    /// Files that are not there.
    pub missing: usize,
    /// Files that are no longer generated.
    pub obsolete: usize,
    /// Files that are as generated.
    pub fresh: usize,
}

impl State {
    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_fresh(&self) -> bool {
        self.stale + self.missing + self.obsolete == 0
    }
}

/// Compares the folder `out` with `files`, texts by paths with `/` between their parts.
///
/// # Errors
///
/// When the folder cannot be read; when it is not empty and was not written by a run; when a file of the user stands
/// where a different file would be written; when a path leads out of the folder.
pub fn plan(files: BTreeMap<String, String>, out: &Path) -> Result<Plan, Failure> {
    if let Some(path) = files.keys().find(|path| !manifest::can_be_ours(path)) {
        return Err(Failure::new(format!("`{path}` cannot be the path of a generated file")));
    }
    let before = manifest::read(out)?;
    let list = manifest::text(files.keys());
    let both = manifest::text(files.keys().chain(&before.paths));
    let mut changes = BTreeMap::new();
    let mut obsolete = Vec::new();
    for path in before.paths.iter().filter(|path| !files.contains_key(*path)) {
        match place::look(out, path)? {
            Place::File(_) | Place::Link => drop(changes.insert(path.clone(), Change::Delete)),
            Place::Free => {}
            // What is there is not what the run wrote, or not even in the folder.
            Place::Folder | Place::UnderFile(_) | Place::UnderLink(_) => continue,
        }
        obsolete.push(path.clone());
    }
    let deleted: BTreeSet<String> = changes.keys().cloned().collect();
    for (path, text) in files {
        let listed = before.paths.contains(&path);
        let change = compare(out, &path, text, listed, &deleted)?;
        changes.insert(path, change);
    }
    let change = match before.text {
        Some(text) if text == list => Change::Unchanged,
        before => Change::Write { before: before.map(String::into_bytes), text: list },
    };
    changes.insert(MANIFEST.to_owned(), change);
    Ok(Plan { out: out.to_owned(), changes, obsolete, both })
}

/// What has to be done to one generated file.
fn compare(out: &Path, path: &str, text: String, listed: bool, deleted: &BTreeSet<String>) -> Result<Change, Failure> {
    let refuse = |path: &str, what: &str| {
        let whole = crate::shown(&out.join(path));
        Err(Failure::new(format!("`{whole}` {what}; move it away, and run this again")))
    };
    match place::look(out, path)? {
        Place::Free => Ok(Change::Write { before: None, text }),
        Place::File(bytes) if bytes == text.as_bytes() => Ok(Change::Unchanged),
        Place::File(bytes) if listed => Ok(Change::Write { before: Some(bytes), text }),
        Place::File(_) => refuse(path, "was not generated, and a generated file belongs there"),
        Place::Folder if is_vacated(out, path, deleted) => Ok(Change::Write { before: None, text }),
        Place::Folder => refuse(path, "is a folder, and a generated file belongs there"),
        Place::Link => refuse(path, "is a symbolic link, and a generated file belongs there"),
        Place::UnderFile(file) if deleted.contains(&file) => Ok(Change::Write { before: None, text }),
        Place::UnderFile(file) => refuse(&file, "was not generated, and a folder of generated files belongs there"),
        Place::UnderLink(link) => refuse(&link, "is a symbolic link, and a folder of generated files belongs there"),
    }
}

/// Whether nothing is left of a folder once the obsolete files and the folders they leave empty are gone.
fn is_vacated(out: &Path, folder: &str, deleted: &BTreeSet<String>) -> bool {
    WalkDir::new(out.join(folder)).into_iter().all(|entry| {
        let Ok(entry) = entry else { return false };
        let Ok(path) = entry.path().strip_prefix(out) else { return false };
        if entry.file_type().is_dir() {
            deleted.iter().any(|file| Path::new(file).starts_with(path))
        } else {
            deleted.iter().any(|file| Path::new(file) == path)
        }
    })
}

impl Plan {
    /// Does what has to be done.
    ///
    /// Each file is replaced in one step. The list names the new files before they are written, so that the next run
    /// can go on when this one is interrupted.
    ///
    /// # Errors
    ///
    /// When a file cannot be written or deleted; the message names it.
    pub fn apply(&self) -> Result<Tally, Failure> {
        let list = self.changes.get(MANIFEST);
        if let Some(Change::Write { before, .. }) = list
            && before.as_deref() != Some(self.both.as_bytes())
        {
            self.write(MANIFEST, &self.both)?;
        }
        // First, because a file can stand where a folder will be.
        for path in &self.obsolete {
            self.delete(path)?;
        }
        for (path, change) in self.changes.iter().filter(|(path, _)| *path != MANIFEST) {
            if let Change::Write { text, .. } = change {
                self.write(path, text)?;
            }
        }
        if let Some(Change::Write { text, .. }) = list
            && *text != self.both
        {
            self.write(MANIFEST, text)?;
        }
        Ok(self.tally())
    }

    fn tally(&self) -> Tally {
        let State { stale, missing, obsolete, fresh } = self.state();
        Tally { written: stale + missing, deleted: obsolete, unchanged: fresh }
    }

    /// How far the folder is from what is generated.
    #[must_use]
    pub fn state(&self) -> State {
        let mut state = State::default();
        for change in self.changes.values() {
            match change {
                Change::Unchanged => state.fresh += 1,
                Change::Write { before: Some(_), .. } => state.stale += 1,
                Change::Write { before: None, .. } => state.missing += 1,
                Change::Delete => state.obsolete += 1,
            }
        }
        state
    }

    fn write(&self, path: &str, text: &str) -> Result<(), Failure> {
        let whole = self.out.join(path);
        replace(&whole, text).map_err(|error| Failure::io("write", &whole, &error))
    }

    /// Deletes a file and the folders that it leaves empty.
    fn delete(&self, path: &str) -> Result<(), Failure> {
        let whole = self.out.join(path);
        match fs::remove_file(&whole) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(Failure::io("delete", &whole, &error));
            }
            _ => {}
        }
        for parent in Path::new(path).ancestors().skip(1).filter(|parent| !parent.as_os_str().is_empty()) {
            match fs::remove_dir(self.out.join(parent)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => break,
                _ => {}
            }
        }
        Ok(())
    }
}

/// Writes a file next to its place and moves it there, so that nobody ever sees half of it.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let part = folder.join(format!(".{name}.specwright-part"));
    fs::create_dir_all(folder)?;
    // One of a run that was killed; when it cannot be removed, the next line says why.
    let _ = fs::remove_file(&part);
    let written = fs::File::create_new(&part)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .and_then(|()| fs::rename(&part, path));
    if written.is_err() {
        // What matters is the first error.
        let _ = fs::remove_file(&part);
    }
    written
}
