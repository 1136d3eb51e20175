//! OpenAPI's own documents, where they lie beside the workspace: what is valid is generated, and what is not is told.

use std::path::{Path, PathBuf};

use specwright::diagnostic::{Code, Severity};
use specwright::{Generated, Input, Options};

/// The documents with a mistake that a client has no use for, by how their names start, and why it is not told.
const ACCEPTED: [(&str, &str); 10] = [
    ("example-", "examples do not shape a type"),
    ("header-object-", "the headers of a response are kept untyped"),
    ("link-object-", "links do not shape a client"),
    ("operation-object-query-with-querystring", "no path has the operation"),
    ("operation-object-two-querystrings", "no path has the operation"),
    ("parameter-object-", "no operation has the parameter"),
    ("path-item-object-query-with-querystring", "no path leads to the operations"),
    ("path-item-object-two-querystrings", "no path leads to the operations"),
    ("server_enum_empty", "a variable can have any value"),
    ("xml-", "bodies in XML are not typed"),
];

#[test]
fn valid_documents_are_generated() {
    let failed = documents("pass").into_iter().filter(|path| generate(path).files.is_none());
    let failed: Vec<_> = failed.collect();
    assert!(failed.is_empty(), "no crate comes of {failed:?}");
}

#[test]
fn invalid_documents_are_told() {
    for path in documents("fail") {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let reason = ACCEPTED.iter().find(|(start, _)| name.starts_with(start)).map(|(_, reason)| reason);
        let diagnostics = generate(&path).diagnostics;
        let told = diagnostics.iter().any(|one| one.severity > Severity::Note && one.code != Code::NoOperations);
        match reason {
            None => assert!(told, "nothing is said about {}", path.display()),
            Some(reason) => assert!(!told, "{} is said to be accepted, because {reason}", path.display()),
        }
    }
}

/// The documents of one kind, of every version; none where the suite is not there, which is no failure.
fn documents(kind: &str) -> Vec<PathBuf> {
    let suite = xtask::workspace_root().join("../shared/suites/oas-spec");
    if !suite.is_dir() {
        eprintln!("passed over: there is no {}", suite.display());
        return Vec::new();
    }
    let folders = list(&suite).into_iter().map(|version| version.join(kind)).filter(|folder| folder.is_dir());
    let documents: Vec<_> = folders.flat_map(|folder| list(&folder)).collect();
    assert!(!documents.is_empty(), "{} holds no document", suite.display());
    documents
}

fn list(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry of a folder").path()).collect();
    paths.sort();
    paths
}

fn generate(path: &Path) -> Generated {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let options = Options { name: "suite".to_owned(), version: "0.1.0".to_owned(), ..Options::default() };
    specwright::generate(&[Input { name: path.display().to_string(), text }], &options)
}
