//! The list of generated files that is kept in the output folder: what it names may be overwritten and deleted.

use std::collections::BTreeSet;
use std::path::Path;

use super::place::{self, Place};
use crate::Failure;

/// The name of the list in the output folder.
pub const FILE: &str = ".specwright";

/// The first line, by which the list is known.
const HEADER: &str = "# written by specwright; do not edit";

/// The list that a previous run left.
#[derive(Debug, Default)]
pub(super) struct Manifest {
    /// Its text, or none in a folder that is new.
    pub(super) text: Option<String>,
    /// The paths that it names, without those that no run can have written.
    pub(super) paths: BTreeSet<String>,
}

/// Reads the list of a folder; a folder that is missing or empty has none.
///
/// # Errors
///
/// When the folder holds files and no list, so that it belongs to somebody else.
pub(super) fn read(out: &Path) -> Result<Manifest, Failure> {
    match place::look(out, FILE)? {
        Place::File(bytes) => parse(out, bytes),
        Place::Free if is_empty(out)? => Ok(Manifest::default()),
        _ => Err(foreign(out, &format!("is not empty and holds no `{FILE}`"))),
    }
}

fn parse(out: &Path, bytes: Vec<u8>) -> Result<Manifest, Failure> {
    let text = String::from_utf8(bytes).unwrap_or_default();
    if text.lines().next() != Some(HEADER) {
        return Err(foreign(out, &format!("holds a `{FILE}` that does not start with `{HEADER}`")));
    }
    let paths = text.lines().skip(1).filter(|path| can_be_ours(path)).map(str::to_owned).collect();
    Ok(Manifest { text: Some(text), paths })
}

fn foreign(out: &Path, why: &str) -> Failure {
    let out = crate::shown(out);
    Failure::new(format!("`{out}` {why}, so it was not generated; choose another folder, or empty this one"))
}

fn is_empty(out: &Path) -> Result<bool, Failure> {
    match std::fs::read_dir(out) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(Failure::io("read", out, &error)),
    }
}

/// The text of a list.
pub(super) fn text<'p>(paths: impl IntoIterator<Item = &'p String>) -> String {
    let paths: BTreeSet<_> = paths.into_iter().collect();
    let mut text = format!("{HEADER}\n");
    for path in paths {
        text.push_str(path);
        text.push('\n');
    }
    text
}

/// Whether a run may write or delete this path: it stays within the folder, and it is none of what Cargo keeps there.
pub(super) fn can_be_ours(path: &str) -> bool {
    let part = |part: &str| !matches!(part, "" | "." | "..");
    let foreign = |c: char| c.is_control() || matches!(c, '\\' | ':');
    path.split('/').all(part)
        && !path.contains(foreign)
        && path != FILE
        && path != "Cargo.lock"
        && path.split('/').next() != Some("target")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_after_its_header() {
        let paths = ["src/lib.rs".to_owned(), "Cargo.toml".to_owned()];
        assert_eq!(text(&paths), "# written by specwright; do not edit\nCargo.toml\nsrc/lib.rs\n");
    }

    #[test]
    fn paths_out_of_the_folder_and_files_of_cargo_are_not_ours() {
        for path in ["Cargo.toml", "src/lib.rs", "src/target/x.rs", "a b", ".gitignore", "..a"] {
            assert!(can_be_ours(path), "{path}");
        }
        let foreign = ["", "/etc/passwd", "../x", "a/../../x", "a//b", "./a", "a/", "C:x", "a\\..\\b", "a\tb"];
        for path in foreign.iter().chain(&["target", "target/debug/x", "Cargo.lock", ".specwright"]) {
            assert!(!can_be_ours(path), "{path}");
        }
    }
}
