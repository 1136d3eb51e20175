//! The files of the project: those that Git knows or would add.

use std::path::Path;
use std::process::Command;

use walkdir::WalkDir;

use crate::Failure;

/// The files of the project at `root`, as sorted paths relative to it with `/` between their parts.
///
/// Where there is no Git, all files but those in `target` and in hidden folders.
///
/// # Errors
///
/// When a folder cannot be read.
pub(super) fn files(root: &Path) -> Result<Vec<String>, Failure> {
    let mut files = match from_git(root) {
        Some(files) => files,
        None => from_disk(root)?,
    };
    // Git also lists what is deleted and not yet committed, and links to folders.
    files.retain(|path| root.join(path).is_file());
    files.sort();
    files.dedup();
    Ok(files)
}

/// `None` when this is not the top of a repository, or when Git cannot be run.
fn from_git(root: &Path) -> Option<Vec<String>> {
    // A folder within another repository may be one that the repository ignores.
    root.join(".git").exists().then_some(())?;
    let listing = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let output = git(root).args(listing).output().ok()?;
    output.status.success().then_some(())?;
    let text = String::from_utf8(output.stdout).ok()?;
    Some(text.split_terminator('\0').map(str::to_owned).collect())
}

/// Git in this very folder, also when a hook of another one runs this.
fn git(folder: &Path) -> Command {
    let mut git = Command::new("git");
    git.current_dir(folder).env_remove("GIT_DIR").env_remove("GIT_INDEX_FILE").env_remove("GIT_WORK_TREE");
    git
}

fn from_disk(root: &Path) -> Result<Vec<String>, Failure> {
    let skipped = |name: &str| name.starts_with('.') || name == "target";
    let entries = WalkDir::new(root).into_iter().filter_entry(|entry| {
        entry.depth() == 0 || !entry.file_type().is_dir() || !skipped(&entry.file_name().to_string_lossy())
    });
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| Failure::new(format!("cannot read `{}`: {error}", crate::shown(root))))?;
        if let Ok(path) = entry.path().strip_prefix(root)
            && !entry.file_type().is_dir()
        {
            let parts = path.iter().map(|part| part.to_string_lossy());
            files.push(parts.collect::<Vec<_>>().join("/"));
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(paths: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for path in paths {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("created");
            std::fs::write(path, "").expect("written");
        }
        folder
    }

    #[test]
    fn without_git_build_output_and_hidden_folders_are_skipped() {
        let folder = tree(&["b.rs", "a/c.rs", ".gitignore", ".cache/x.rs", "target/x.rs", "a/target/x.rs"]);
        assert_eq!(files(folder.path()), Ok(vec![".gitignore".to_owned(), "a/c.rs".to_owned(), "b.rs".to_owned()]));
    }

    #[test]
    fn with_git_ignored_and_deleted_files_are_skipped() {
        let folder = tree(&["tracked.rs", "new.rs", "gone.rs", "ignored/x.rs"]);
        std::fs::write(folder.path().join(".gitignore"), "/ignored\n").expect("written");
        let runs = |args: &[&str]| git(folder.path()).args(args).output().is_ok();
        if !(runs(&["init", "--quiet"]) && runs(&["add", "tracked.rs", "gone.rs"])) {
            // Git is not on this machine, and the other test is about that.
            return;
        }
        std::fs::remove_file(folder.path().join("gone.rs")).expect("removed");
        assert_eq!(files(folder.path()).expect("files"), [".gitignore", "new.rs", "tracked.rs"]);
    }
}
