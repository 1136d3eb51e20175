//! `--beside-derives`: the types of a generated crate alone, and the same types by serde's derives, for the compiler.

use std::collections::BTreeMap;

use serde::Serialize;

use super::compile;
use super::measure::Usage;
use super::workshop;
use crate::Failure;

/// What stands in place of the support code in the crate of the derives.
const MACROS: &str = include_str!("derives/macros.rs");

/// The parts of the support code that types need.
const PARTS: [&str; 20] = [
    "build",
    "containers",
    "datetime",
    "debug",
    "decode_error",
    "encode",
    "extra",
    "json",
    "nullable",
    "object",
    "own",
    "parse",
    "rfc3339",
    "scalar_enum",
    "shape",
    "string_enum",
    "tape",
    "traits",
    "tuple",
    "union",
];

/// What both crates have at their root: they are there to be measured.
const ALLOWED: &str = "#![allow(warnings)]\n\npub mod runtime;\npub mod types;\n";

/// What the compiler needs for the types of one crate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub(super) struct Beside {
    /// The generated types with the support code that they need.
    pub(super) types: Usage,
    /// The same types by serde's derives.
    pub(super) derives: Usage,
}

impl Beside {
    /// How many times as much processor time the derives take.
    #[must_use]
    pub(super) fn ratio(&self) -> f64 {
        self.derives.seconds / self.types.seconds
    }
}

/// Measures the types of a crate both ways, one after the other.
///
/// # Errors
///
/// When one of the two does not compile, or types of the user's make the comparison pointless.
pub(super) fn measure(package: &str, files: &BTreeMap<String, String>) -> Result<Beside, Failure> {
    let usage = |kind: &str, files: BTreeMap<String, String>| {
        let compiled = compile::check(&workshop::write(&format!("{package}-{kind}"), files)?)?;
        match compiled.error {
            Some(error) => Err(Failure::new(format!("the types as {kind}: {error}"))),
            None => Ok(compiled.usage),
        }
    };
    Ok(Beside { types: usage("types", alone(package, files))?, derives: usage("derives", derived(package, files))? })
}

/// The types with the support code that they need.
fn alone(package: &str, files: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let mut alone = shared(package, "types", files, |text| text.to_owned());
    let mut index = String::new();
    for part in PARTS {
        let path = format!("src/runtime/{part}.rs");
        if let Some(text) = files.get(&path) {
            index.push_str(&format!("pub(crate) mod {part};\n"));
            alone.insert(path, text.clone());
        }
    }
    let dates = if files.contains_key("src/runtime/datetime.rs") { "pub use runtime::datetime::*;\n" } else { "" };
    alone.insert("src/runtime.rs".to_owned(), index);
    alone.insert("src/lib.rs".to_owned(), format!("{ALLOWED}{dates}"));
    alone
}

/// The types by serde's derives.
fn derived(package: &str, files: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    const DERIVES: &str = "#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]";
    // A tuple is the only type that is not defined by its table.
    let mut derived = shared(package, "derives", files, |text| text.replace("#[derive(Clone)]", DERIVES));
    derived.insert("src/runtime.rs".to_owned(), MACROS.to_owned());
    let dates = "pub type DateTime = String;\npub type Date = String;\n";
    derived.insert("src/lib.rs".to_owned(), format!("{ALLOWED}{dates}"));
    derived
}

/// The manifest and the types; those with `serde`'s derives, which costs nothing where none is used.
fn shared(
    package: &str,
    kind: &str,
    files: &BTreeMap<String, String>,
    change: fn(&str) -> String,
) -> BTreeMap<String, String> {
    let is_type = |path: &str| path == "src/types.rs" || path.starts_with("src/types/");
    let types = files.iter().filter(|(path, _)| is_type(path));
    let mut shared: BTreeMap<_, _> = types.map(|(path, text)| (path.clone(), change(text))).collect();
    if let Some(manifest) = files.get("Cargo.toml") {
        let name = |name: &str| format!("name = \"{name}\"");
        let named = manifest.replacen(&name(package), &name(&format!("{package}-{kind}")), 1);
        let derives = "default-features = false, features = [\"derive\", \"std\"] }";
        let lines = named.lines().filter(|line| !line.starts_with("readme = "));
        let lines = lines.map(|line| match line.split_once("default-features") {
            Some((before, _)) if before.starts_with("serde = ") => format!("{before}{derives}\n"),
            _ => format!("{line}\n"),
        });
        shared.insert("Cargo.toml".to_owned(), lines.collect());
    }
    shared
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_types_are_the_same_and_all_else_differs() {
        let file = |path: &str, text: &str| (path.to_owned(), text.to_owned());
        let manifest = "name = \"a\"\nreadme = \"README.md\"\nserde = { version = \"1\", default-features = false }\n";
        let files = BTreeMap::from([
            file("Cargo.toml", manifest),
            file("src/lib.rs", "mod client;"),
            file("src/runtime/json.rs", "// JSON"),
            file("src/runtime/retry.rs", "// retries"),
            file("src/types/cat.rs", "#[derive(Clone)]\npub struct Cat(i64);"),
        ]);
        let (alone, derived) = (alone("a", &files), derived("a", &files));
        assert_eq!(alone["src/types/cat.rs"], files["src/types/cat.rs"]);
        assert!(derived["src/types/cat.rs"].contains("serde::Deserialize"));
        assert_eq!(alone["src/runtime.rs"], "pub(crate) mod json;\n");
        assert!(!alone.contains_key("src/runtime/retry.rs") && !derived.contains_key("src/runtime/json.rs"));
        assert!(derived["Cargo.toml"].starts_with("name = \"a-derives\"\nserde = { version = \"1\", default-features"));
        assert!(derived["Cargo.toml"].contains("\"derive\""));
    }
}
