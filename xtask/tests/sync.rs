//! What stage 8 does to a folder: what it writes, what it deletes and, most of all, what it leaves alone.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use tempfile::TempDir;
use xtask::sync::{self, MANIFEST, State, Tally};

fn files(list: &[(&str, &str)]) -> BTreeMap<String, String> {
    list.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

fn sync(out: &Path, list: &[(&str, &str)]) -> Result<Tally, String> {
    sync::plan(files(list), out).and_then(|plan| plan.apply()).map_err(|failure| failure.to_string())
}

fn put(out: &Path, path: &str, text: &str) {
    let path = out.join(path);
    fs::create_dir_all(path.parent().expect("a parent")).expect("created");
    fs::write(path, text).expect("written");
}

fn text(out: &Path, path: &str) -> Option<String> {
    fs::read_to_string(out.join(path)).ok()
}

/// A folder with a crate of two files, written by a first run.
fn written() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let tally = sync(folder.path(), &[("Cargo.toml", "[package]\n"), ("src/lib.rs", "//! One.\n")]);
    assert_eq!(tally, Ok(Tally { written: 3, deleted: 0, unchanged: 0 }));
    folder
}

/// All files of a folder with their texts.
fn snapshot(out: &Path) -> BTreeMap<String, String> {
    let entries = walkdir::WalkDir::new(out).into_iter().map(|entry| entry.expect("an entry"));
    let files = entries.filter(|entry| entry.file_type().is_file());
    files
        .map(|entry| (entry.path().display().to_string(), text(out, &entry.path().to_string_lossy()).expect("a text")))
        .collect()
}

#[test]
fn a_missing_folder_is_made() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("deep/out");
    sync(&out, &[("a/b.rs", "x\n")]).expect("written");
    assert_eq!(text(&out, "a/b.rs").as_deref(), Some("x\n"));
}

#[test]
fn the_list_names_what_was_written() {
    let folder = written();
    let expected = "# written by specwright; do not edit\nCargo.toml\nsrc/lib.rs\n";
    assert_eq!(text(folder.path(), MANIFEST).as_deref(), Some(expected));
    assert_eq!(snapshot(folder.path()).len(), 3, "and nothing else is left in the folder");
}

#[test]
fn unchanged_files_are_not_touched() {
    let folder = written();
    let time = |path: &str| fs::metadata(folder.path().join(path)).and_then(|data| data.modified()).expect("a time");
    let long_ago = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
    for path in ["Cargo.toml", "src/lib.rs", MANIFEST] {
        let file = fs::File::options().write(true).open(folder.path().join(path)).expect("a file");
        file.set_modified(long_ago).expect("set");
    }
    let tally = sync(folder.path(), &[("Cargo.toml", "[package]\n"), ("src/lib.rs", "//! Two.\n")]);
    assert_eq!(tally, Ok(Tally { written: 1, deleted: 0, unchanged: 2 }));
    assert_eq!(time("Cargo.toml"), long_ago);
    assert_eq!(time(MANIFEST), long_ago);
    assert_ne!(time("src/lib.rs"), long_ago);
    assert_eq!(text(folder.path(), "src/lib.rs").as_deref(), Some("//! Two.\n"));
}

#[test]
fn what_is_no_longer_generated_is_deleted_with_its_empty_folders() {
    let folder = written();
    let out = folder.path();
    sync(out, &[("Cargo.toml", "x"), ("src/a/b/c.rs", "c"), ("src/a/d.rs", "d"), ("src/e.rs", "e")]).expect("written");
    put(out, "src/a/mine.rs", "mine");
    let tally = sync(out, &[("Cargo.toml", "x"), ("src/e.rs", "e")]);
    assert_eq!(tally, Ok(Tally { written: 1, deleted: 2, unchanged: 2 }));
    assert!(!out.join("src/a/b").exists());
    assert_eq!(text(out, "src/a/mine.rs").as_deref(), Some("mine"));
}

#[test]
fn folders_of_files_that_are_gone_already_are_removed() {
    let folder = written();
    fs::remove_file(folder.path().join("src/lib.rs")).expect("removed");
    let tally = sync(folder.path(), &[("Cargo.toml", "[package]\n")]);
    assert_eq!(tally, Ok(Tally { written: 1, deleted: 0, unchanged: 1 }));
    assert!(!folder.path().join("src").exists());
}

#[test]
fn what_the_run_did_not_write_stays() {
    let folder = written();
    let out = folder.path();
    for path in ["Cargo.lock", "target/debug/x", "src/mine.rs", "notes.md"] {
        put(out, path, "mine");
    }
    // Even when someone adds them to the list.
    let list = text(out, MANIFEST).expect("a list") + "Cargo.lock\ntarget/debug/x\n";
    put(out, MANIFEST, &list);
    sync(out, &[("Cargo.toml", "new")]).expect("written");
    for path in ["Cargo.lock", "target/debug/x", "src/mine.rs", "notes.md"] {
        assert_eq!(text(out, path).as_deref(), Some("mine"), "{path}");
    }
}

#[test]
fn listed_paths_out_of_the_folder_are_ignored() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out");
    sync(&out, &[("a", "x")]).expect("written");
    put(folder.path(), "victim", "mine");
    let list = text(&out, MANIFEST).expect("a list");
    put(&out, MANIFEST, &format!("{list}../victim\n{}\n", folder.path().join("victim").display()));
    sync(&out, &[("a", "y")]).expect("written");
    assert_eq!(text(folder.path(), "victim").as_deref(), Some("mine"));
    assert_eq!(text(&out, MANIFEST), Some(list));
}

#[test]
fn a_folder_of_somebody_else_is_never_written_to() {
    for (path, part) in
        [("mine.txt", "holds no `.specwright`"), (MANIFEST, "does not start with"), (".git/x", "holds no")]
    {
        let folder = tempfile::tempdir().expect("a folder");
        put(folder.path(), path, "mine\n");
        let before = snapshot(folder.path());
        let message = sync(folder.path(), &[("a", "x")]).expect_err("refused");
        assert!(message.contains(part), "{message}");
        assert_eq!(snapshot(folder.path()), before);
    }
}

#[test]
fn a_file_in_place_of_the_folder_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    put(folder.path(), "out", "mine");
    let message = sync(&folder.path().join("out"), &[("a", "x")]).expect_err("refused");
    assert!(message.contains("out"), "{message}");
}

#[test]
fn a_file_of_the_user_is_not_overwritten_and_then_nothing_is() {
    let folder = written();
    put(folder.path(), "src/new.rs", "mine");
    let before = snapshot(folder.path());
    let new = [("Cargo.toml", "changed"), ("src/new.rs", "generated")];
    let message = sync(folder.path(), &new).expect_err("refused");
    assert!(message.contains("src/new.rs` was not generated"), "{message}");
    assert_eq!(snapshot(folder.path()), before);
    put(folder.path(), "src/new.rs", "generated");
    sync(folder.path(), &new).expect("the same text is no conflict");
}

#[test]
fn files_and_folders_change_places() {
    let folder = written();
    let out = folder.path();
    sync(out, &[("a", "file"), ("b/c/d", "file")]).expect("written");
    sync(out, &[("a/x", "file"), ("b", "file")]).expect("written");
    assert_eq!((text(out, "a/x").as_deref(), text(out, "b").as_deref()), (Some("file"), Some("file")));
    put(out, "a/mine", "mine");
    assert!(sync(out, &[("a", "file")]).expect_err("refused").contains("a` is a folder"));
    put(out, "c", "mine");
    assert!(sync(out, &[("c/d", "file")]).expect_err("refused").contains("c` was not generated"));
}

#[test]
fn generated_paths_stay_in_the_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    for path in ["../a", "/a", "a/../../b", MANIFEST, "Cargo.lock", "target/x"] {
        assert!(sync(folder.path(), &[(path, "x")]).expect_err(path).contains("cannot be the path"));
    }
    assert_eq!(snapshot(folder.path()).len(), 0);
}

#[cfg(unix)]
#[test]
fn links_out_of_the_folder_are_not_followed() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out");
    sync(&out, &[("a", "x"), ("src/lib.rs", "x"), ("src/empty/gone.rs", "x")]).expect("written");
    fs::rename(out.join("src"), folder.path().join("outside")).expect("moved");
    fs::remove_file(folder.path().join("outside/empty/gone.rs")).expect("removed");
    std::os::unix::fs::symlink(folder.path().join("outside"), out.join("src")).expect("linked");
    let message = sync(&out, &[("a", "x"), ("src/lib.rs", "new")]).expect_err("refused");
    assert!(message.contains("src` is a symbolic link"), "{message}");
    sync(&out, &[("a", "x")]).expect("written");
    assert_eq!(text(folder.path(), "outside/lib.rs").as_deref(), Some("x"));
    assert!(folder.path().join("outside/empty").exists());
}

#[test]
fn a_failing_write_names_the_file_and_the_next_run_goes_on() {
    let folder = written();
    let out = folder.path();
    let new = [("Cargo.toml", "new"), ("src/lib.rs", "new"), ("src/new.rs", "new")];
    // A folder takes the place of the temporary file, which fails on every system and for every user.
    fs::create_dir(out.join("src/.new.rs.specwright-part")).expect("created");
    let message = sync(out, &new).expect_err("a failure");
    assert!(message.starts_with("cannot write `") && message.contains("src/new.rs`"), "{message}");
    fs::remove_dir(out.join("src/.new.rs.specwright-part")).expect("removed");
    put(out, "src/new.rs", "half of it");
    sync(out, &new).expect("the interrupted run is known from the list");
    assert_eq!(text(out, "src/new.rs").as_deref(), Some("new"));
}

#[test]
fn a_plan_changes_nothing_and_says_what_differs() {
    let folder = written();
    let out = folder.path();
    put(out, "Cargo.toml", "[package]\nedited = true\n");
    let before = snapshot(out);
    let plan = sync::plan(files(&[("Cargo.toml", "[package]\n"), ("src/new.rs", "x\n")]), out).expect("a plan");
    assert_eq!(plan.state(), State { stale: 2, missing: 1, obsolete: 1, fresh: 0 });
    let shown = plan.differences().replace(&format!("{}/", out.display()), "");
    assert_eq!(
        shown,
        "stale: .specwright:3\n- src/lib.rs\n+ src/new.rs\nstale: Cargo.toml:2\n- edited = true\n\
         no longer generated: src/lib.rs\nmissing: src/new.rs\n"
    );
    assert_eq!(snapshot(out), before);
}
