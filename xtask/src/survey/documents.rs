//! The documents of a survey: finds them, and reads them once more apart from the generator.
//!
//! What checks the generator must not see a document through the generator's own eyes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};
use walkdir::WalkDir;

use super::yaml::Yaml;
use crate::Failure;
use crate::codegen::documents::{has_hidden_name, is_document};

/// The headings of a page under which its description stands in a fence.
const HEADINGS: &[&str] =
    &["## OpenAPI Specification", "## AsyncAPI Specification", "## OpenAPI 3.1 Webhook Specification"];

/// The files at `paths`, sorted and each of them once; in a folder, those that are documents by their extension.
///
/// # Errors
///
/// When a path cannot be read.
pub(crate) fn find(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut found = BTreeSet::new();
    for path in paths {
        let metadata = std::fs::metadata(path).map_err(|error| Failure::io("read", path, &error))?;
        if !metadata.is_dir() {
            found.insert(path.clone());
            continue;
        }
        let entries = WalkDir::new(path).follow_links(true).into_iter();
        let visible = entries.filter_entry(|entry| entry.depth() == 0 || !has_hidden_name(entry.path()));
        // What cannot be read is no document; a link that leads nowhere must not stop the survey.
        let files = visible.filter_map(Result::ok).filter(|entry| entry.file_type().is_file() && is_document(entry));
        found.extend(files.map(walkdir::DirEntry::into_path));
    }
    Ok(found.into_iter().collect())
}

/// The version that a description says it has, found without reading all of it: `openapi 3.1.0`.
#[must_use]
pub(crate) fn version(text: &str) -> Option<String> {
    ["openapi", "swagger", "asyncapi"].iter().find_map(|keyword| {
        let number = text.match_indices(keyword).find_map(|(at, _)| number_after(&text[at + keyword.len()..]))?;
        Some(if *keyword == "openapi" { number } else { format!("{keyword} {number}") })
    })
}

/// The version number in what follows the keyword: `": "3.1.0",`.
fn number_after(text: &str) -> Option<String> {
    let quotes = ['"', '\''];
    let value = text.strip_prefix(quotes).unwrap_or(text).trim_start().strip_prefix(':')?;
    let value = value.trim_start().trim_start_matches(quotes);
    let end = value.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(value.len());
    value.starts_with(|c: char| c.is_ascii_digit()).then(|| value[..end].to_owned())
}

/// The description in a text, as one JSON value.
///
/// # Errors
///
/// Says what the parser has against the text.
pub(crate) fn parse(text: &str) -> Result<Value, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let text = fenced(text).unwrap_or(text);
    if text.trim_start().starts_with('{') {
        return serde_json::from_str(text).map_err(|error| error.to_string());
    }
    let Yaml(mut value) = serde_yaml::from_str(text).map_err(|error| error.to_string())?;
    // A merge key that merges no mapping stays what it is.
    let _ = value.apply_merge();
    Ok(json(value))
}

/// The first fenced block under a heading that announces a description.
fn fenced(text: &str) -> Option<&str> {
    let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1));
    let mut lines = starts.map(|at| (at, text[at..].lines().next().unwrap_or_default()));
    lines.find(|(_, line)| HEADINGS.contains(&line.trim_end()))?;
    let (open, fence) = lines.find(|(_, line)| line.starts_with("```") || line.starts_with("~~~"))?;
    let marker = &fence[..fence.len() - fence.trim_start_matches(['`', '~']).len()];
    let start = (open + fence.len() + 1).min(text.len());
    let end = lines.find(|(_, line)| line.trim_end() == marker).map_or(text.len(), |(at, _)| at);
    text.get(start..end)
}

/// YAML as JSON: scalar keys become texts, tags vanish.
fn json(value: serde_yaml::Value) -> Value {
    match value {
        serde_yaml::Value::Null => Value::Null,
        serde_yaml::Value::Bool(value) => Value::Bool(value),
        serde_yaml::Value::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
            (Some(number), ..) => number.into(),
            (_, Some(number), _) => number.into(),
            (.., number) => number.map_or(Value::Null, Value::from),
        },
        serde_yaml::Value::String(text) => Value::String(text),
        serde_yaml::Value::Sequence(items) => items.into_iter().map(json).collect(),
        serde_yaml::Value::Mapping(members) => {
            let text = |key| match json(key) {
                Value::String(text) => text,
                other => other.to_string(),
            };
            Value::Object(members.into_iter().map(|(key, value)| (text(key), json(value))).collect::<Map<_, _>>())
        }
        serde_yaml::Value::Tagged(tagged) => json(tagged.value),
    }
}

/// The name of a file in the tables.
#[must_use]
pub(crate) fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// The names of files in the tables: of each as much of the end of its path as no other one has.
#[must_use]
pub(crate) fn names(paths: &[PathBuf]) -> Vec<String> {
    let end = |path: &Path, length: usize| -> PathBuf {
        let parts: Vec<_> = path.components().collect();
        parts[parts.len().saturating_sub(length)..].iter().collect()
    };
    let longest = paths.iter().map(|path| path.components().count()).max().unwrap_or(1);
    let mut names: Vec<_> = paths.iter().map(|path| name(path)).collect();
    for length in 2..=longest {
        let mut times: BTreeMap<&str, usize> = BTreeMap::new();
        names.iter().for_each(|name| *times.entry(name).or_default() += 1);
        let longer = |(name, path): (&String, &PathBuf)| match times[name.as_str()] {
            1 => name.clone(),
            _ => end(path, length).to_string_lossy().into_owned(),
        };
        names = names.iter().zip(paths).map(longer).collect();
    }
    names
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn versions_are_found_in_every_spelling() {
        assert_eq!(version("# openapi\nopenapi: 3.0.3\n").as_deref(), Some("3.0.3"));
        assert_eq!(version("{\"info\":{},\"openapi\":\"3.1.0\"}").as_deref(), Some("3.1.0"));
        assert_eq!(version("swagger: '2.0'\n").as_deref(), Some("swagger 2.0"));
        assert_eq!(version("# A page about openapi\n"), None);
    }

    #[test]
    fn every_format_becomes_the_same_value() {
        let value = json!({"openapi": "3.1.0", "paths": {"200": [1, 1.5, null]}});
        let yaml = "openapi: 3.1.0\npaths:\n  200: [1, 1.5, ~]\n";
        let page = format!("# Title\n\n## OpenAPI Specification\n\n```yaml\n{yaml}```\n\n## More\n");
        assert_eq!(parse(yaml).expect("YAML"), value);
        assert_eq!(parse(&page).expect("a page"), value);
        assert_eq!(parse(&value.to_string()).expect("JSON"), value);
    }

    #[test]
    fn integers_beyond_64_bits_are_numbers() {
        let parsed =
            parse("maximum: 18446744073709552000\nminimum: -18446744073709552000\ntag: !a [1]\n").expect("YAML");
        assert_eq!(parsed, json!({"maximum": 18446744073709552000.0, "minimum": -18446744073709552000.0, "tag": [1]}));
    }

    #[test]
    fn folders_are_searched_for_documents() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("sub")).expect("created");
        for path in ["b.yaml", "a.md", "sub/c.json", "README.md", "notes.txt", ".hidden.yaml"] {
            std::fs::write(folder.path().join(path), "").expect("written");
        }
        let found = find(&[folder.path().to_owned(), folder.path().join("a.md")]).expect("found");
        assert_eq!(found.iter().map(|path| name(path)).collect::<Vec<_>>(), ["a.md", "b.yaml", "c.json"]);
    }
    #[test]
    fn names_are_as_long_as_they_have_to_be() {
        let paths = ["a/b/api.yaml", "c/b/api.yaml", "c/pets.yaml", "c/d/api.yaml", "api.yaml"].map(PathBuf::from);
        assert_eq!(names(&paths), ["a/b/api.yaml", "c/b/api.yaml", "pets.yaml", "d/api.yaml", "api.yaml"]);
    }
}
