//! The values that fixtures give and allow, and the same changed as a later server would: each is decoded and encoded
//! with the generated types, and comes back as it was. The survey does it; here, on documents of our own.

use std::path::{Path, PathBuf};

use serde_json::Value;
use xtask::survey::{self, Args};

use crate::fixtures;

/// The fixtures whose values are tried. All but one give some; of tagged unions, those made from the schemas do.
const DOCUMENTS: [&str; 19] = [
    "additional-properties",
    "arrays-without-type",
    "enum-mixed",
    "family-by-base",
    "family-with-base",
    "family-within-another",
    "family-within-family",
    "integers-beyond-i64",
    "nullable-spellings",
    "objects-without-type",
    "pattern-properties",
    "tuples",
    "union-discriminator",
    "union-discriminator-absent",
    "union-disjoint-enumerations",
    "union-discriminator-scalar",
    "union-discriminator-same-value",
    "union-named-values",
    "union-overlapping",
];

#[test]
fn values_of_fixtures_come_back_as_they_were() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("values");
    std::fs::create_dir_all(&folder).expect("the folder is made");
    let json = folder.join("rows");
    let paths = documents(&folder);
    let surveyed =
        survey::run(&Args { paths, round_trip: true, verbose: true, json: Some(json.clone()), ..Args::default() });
    let tables = surveyed.tables;
    assert_eq!(surveyed.finished.code, std::process::ExitCode::SUCCESS, "{}\n{tables}", surveyed.finished.text);
    let rows: Vec<Value> = serde_json::from_slice(&std::fs::read(json).expect("rows")).expect("JSON");
    assert_eq!(rows.len(), DOCUMENTS.len());
    for row in rows {
        let values = &row["round_trip"];
        let given = values["examples"]["cases"].as_u64() > Some(0) || row["document"] == "union-discriminator.yaml";
        assert!(given, "no example was tried:\n{row:#}");
        assert!(values["mutated"]["cases"].as_u64() > Some(0), "no changed value was tried:\n{row:#}");
        assert_eq!(values["found"], values["valid"], "an example is not valid:\n{row:#}");
    }
}

/// Writes each document under the name of its fixture, by which the survey calls it.
fn documents(folder: &Path) -> Vec<PathBuf> {
    let fixtures = fixtures::accept();
    let document = |name: &&str| {
        let fixture = fixtures.iter().find(|fixture| fixture.name == *name);
        let fixture = fixture.unwrap_or_else(|| panic!("there is no fixture {name}"));
        let path = folder.join(name).with_extension("yaml");
        std::fs::write(&path, &fixture.inputs[0].text).expect("the document is written");
        path
    };
    DOCUMENTS.iter().map(document).collect()
}
