//! OpenAPI's own documents, where they lie beside the workspace: what is valid is generated, and what is not is told.

use std::path::{Path, PathBuf};

use specwright::diagnostic::{Code, Diagnostic, Spot};
use specwright::{Generated, Input, Options};

/// The documents with a mistake, by how their names start, and the node that is wrong.
const TOLD: [(&str, &str); 20] = [
    ("encoding-enc-", "/components/requestBodies/*/content/multipart~1mixed/prefixEncoding"),
    ("example-examples", "/components/parameters/animal/examples"),
    ("header-object-allowReserved", "/components/headers/Style/allowReserved"),
    ("header-object-name", "/paths/~1foo/get/responses/default/headers"),
    ("invalid_schema_types", "/components/schemas/invalid_null"),
    ("media-type-enc-item", "/components/requestBodies/*/content/multipart~1mixed/itemEncoding"),
    ("media-type-enc-prefix", "/components/requestBodies/*/content/multipart~1mixed/prefixEncoding"),
    ("no_containers", ""),
    ("operation-object-", "/components/pathItems/my-path-item/get/parameters"),
    ("parameter-object-content-not-with-style", "/components/parameters/content-not-with-style/style"),
    ("parameter-object-cookie-allowReserved", "/components/parameters/my_cookie/allowReserved"),
    ("parameter-object-header-allowReserved", "/components/parameters/*/allowReserved"),
    ("parameter-object-header-name", "/components/parameters/BadHeader/name"),
    ("parameter-object-path-name", "/components/parameters/BadPath/name"),
    ("parameter-object-querystring-not-with-schema", "/components/parameters/querystring-not-with-schema/schema"),
    ("path-item-object-conflicting-additional-operation", "/paths/*/additionalOperations/POST"),
    ("path-item-object-", "/components/pathItems/my-path-item/parameters"),
    ("server_enum_empty", "/servers/0/variables/var/enum"),
    ("servers", "/servers"),
    ("unknown_container", "/overlays"),
];

/// The documents with a mistake that a client has no use for, and why it is not told.
const ACCEPTED: [(&str, &str); 5] = [
    ("example-object-", "examples do not shape a type"),
    ("link-object-", "links do not shape a client"),
    ("parameter-object-cookie-form-allowReserved", "it has the effect that OpenAPI 3.2 gives it"),
    ("parameter-object-path-allowReserved", "it has the effect that OpenAPI 3.2 gives it"),
    ("xml-", "bodies in XML are not typed"),
];

#[test]
fn valid_documents_are_generated() {
    let failed = documents("pass").into_iter().filter(|path| generate(path).files.is_none());
    let failed: Vec<_> = failed.collect();
    assert!(failed.is_empty(), "no crate comes of {failed:?}");
}

#[test]
fn invalid_documents_are_told_where_they_are_wrong() {
    for path in documents("fail") {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let entry = |table: &[(&'static str, &'static str)]| {
            table.iter().find(|(start, _)| name.starts_with(start)).map(|(_, what)| *what)
        };
        let said = generate(&path).diagnostics;
        let places = said.iter().filter(|one| one.code != Code::IgnoredKeyword).filter_map(pointer);
        let places: Vec<_> = places.collect();
        match (entry(&TOLD), entry(&ACCEPTED)) {
            (Some(place), None) => {
                let told = places.iter().any(|said| is_at(said, place));
                assert!(told, "{}: nothing is said about `{place}`, but about {places:?}", path.display());
            }
            (None, Some(reason)) => {
                assert!(places.is_empty(), "{} is accepted, because {reason}; said is {places:?}", path.display());
            }
            _ => panic!("{} must be in one of the tables", path.display()),
        }
    }
}

fn pointer(said: &Diagnostic) -> Option<String> {
    match &said.place.spot {
        Spot::Node(at) | Spot::Key(at) => Some(at.as_str().to_owned()),
        Spot::Whole | Spot::Line(..) => None,
    }
}

/// Whether a pointer is a place, in which `*` is any key.
fn is_at(said: &str, place: &str) -> bool {
    let (said, place): (Vec<_>, Vec<_>) = (said.split('/').collect(), place.split('/').collect());
    said.len() == place.len() && said.iter().zip(&place).all(|(said, place)| *place == "*" || said == place)
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
    specwright::generate(&[Input::new(path.display().to_string(), text)], &options)
}
