//! Stage 2, external references: what a description refers to in other texts is grafted into it, so that the stages
//! behind see one tree. The places of grafted nodes are those in their own text again before anyone sees them.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::keywords::Kind;
use super::quirks::NAME;
use super::walk::walk;
use crate::pointer::Pointer;
use crate::source::Source;
use crate::uri;

/// Where the other texts are in a tree, by their index.
pub(super) const TEXTS: &str = "x-specwright-texts";

/// The names of the texts, as references from one to another resolve to them.
pub(crate) struct Library<'t> {
    names: Vec<&'t str>,
    /// The parsed texts; `None` for one that holds no tree, or several pages.
    trees: Vec<Option<Value>>,
}

impl<'t> Library<'t> {
    pub(crate) fn new(names: Vec<&'t str>, sources: &[Source]) -> Self {
        let mut trees = vec![None; names.len()];
        // Copies are made only where something refers to another text.
        if sources.iter().any(|source| source.page.is_none() && refers_elsewhere(&source.value)) {
            for source in sources.iter().filter(|source| source.page.is_none()) {
                trees[source.input] = Some(source.value.clone());
            }
        }
        Self { names, trees }
    }

    /// The text that a reference from the text `from` leads to, with its fragment.
    fn find<'r>(&self, from: usize, reference: &'r str) -> Option<(usize, &'r str)> {
        let (file, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        if file.is_empty() {
            return Some((from, fragment));
        }
        // What a text calls itself is the base of its references; where it says nothing, its name is.
        let uri = uri::resolve(self.own_uri(from).unwrap_or_default(), file);
        let by_uri = (0..self.trees.len()).find(|text| self.own_uri(*text).is_some_and(|own| own == uri));
        let by_name =
            || self.names.iter().position(|known| resolve(self.names[from], file).is_some_and(|name| name == *known));
        let found = by_uri.or_else(by_name)?;
        self.trees[found].is_some().then_some((found, fragment))
    }

    /// What a text calls itself (OpenAPI 3.2, section 4.1.1, `$self`).
    fn own_uri(&self, text: usize) -> Option<&str> {
        self.trees[text].as_ref()?.get("$self")?.as_str()
    }

    /// The names of the texts that the text `from` refers to and that are not there.
    pub(crate) fn missing(&self, from: &Source) -> Vec<String> {
        let mut missing = Vec::new();
        let mut references = Vec::new();
        each_reference(&from.value, &mut |reference| references.push(reference.to_owned()));
        for reference in references {
            let file = reference.split('#').next().unwrap_or_default();
            let known = file.is_empty() || self.find(from.input, &reference).is_some();
            missing.extend(resolve(self.names[from.input], file).filter(|name| !known && !missing.contains(name)));
        }
        missing
    }
}

/// Grafts what `source` refers to in other texts; gives the texts that are part of it now.
pub(super) fn graft(source: &mut Source, library: &Library<'_>) -> HashSet<usize> {
    let mut grafted = HashSet::new();
    let mut open = source.regions.clone();
    let mut seen: HashSet<Pointer> = open.iter().map(|(at, _)| at.clone()).collect();
    while let Some((at, kind)) = open.pop() {
        let from = origin(&at).map_or(source.input, |(text, _)| text);
        let mut found = Vec::new();
        if let Some(node) = at.get_mut(&mut source.value) {
            let own = source.input;
            walk(node, kind, &at, &mut |kind, at, node| {
                // Where Swagger 2.0 has the body of a response.
                if kind == Kind::Response && node.get("schema").is_some() {
                    open.push((at.key("schema"), Kind::Schema));
                }
                references(kind, node, &mut |kind, reference| {
                    let (text, fragment) = library.find(from, reference)?;
                    if text == own {
                        return (from != own).then(|| format!("#{fragment}"));
                    }
                    found.push((text, fragment.to_owned(), kind));
                    Some(format!("{}{fragment}", root_of(text).to_reference()))
                });
            });
        }
        for (text, fragment, kind) in found {
            let Some(tree) = &library.trees[text] else { continue };
            if grafted.insert(text) {
                add(&mut source.value, text, tree.clone());
            }
            let has = |key: &str| tree.get(key).is_some();
            let (at, kind) = if has("openapi") || has("swagger") {
                (root_of(text), Kind::Root)
            } else if has("asyncapi") {
                (root_of(text), Kind::AsyncRoot)
            } else {
                let Some(within) = Pointer::from_reference(&format!("#{fragment}")) else { continue };
                (root_of(text).join(&within), kind)
            };
            if kind == Kind::Schema {
                name(at.get_mut(&mut source.value), &at, library.names[text]);
            }
            if seen.insert(at.clone()) {
                source.regions.push((at.clone(), kind));
                open.push((at, kind));
            }
        }
    }
    grafted
}

/// Why a reference to another text leads nowhere, as the end of a sentence.
pub(crate) fn why_lost(reference: &str) -> &'static str {
    let file = reference.split('#').next().unwrap_or_default();
    if reference.is_empty() {
        return "is empty and leads nowhere";
    }
    match resolve("", file) {
        Some(_) => "leads to a text that is not there",
        None => "leads out of the files of the document, and nothing is fetched",
    }
}

/// The text that a grafted node stands in, and its place there.
pub(crate) fn origin(at: &Pointer) -> Option<(usize, Pointer)> {
    let mut tokens = at.tokens();
    if tokens.next()? != TEXTS {
        return None;
    }
    let text = tokens.next()?.parse().ok()?;
    Some((text, tokens.fold(Pointer::root(), |at, token| at.key(&token))))
}

fn root_of(text: usize) -> Pointer {
    Pointer::root().key(TEXTS).index(text)
}

fn add(root: &mut Value, text: usize, tree: Value) {
    let Value::Object(root) = root else { return };
    let texts = root.entry(TEXTS).or_insert_with(|| json!({}));
    texts[text.to_string()] = tree;
}

/// The references of a node, each of which is replaced by what `change` gives.
fn references(kind: Kind, node: &mut Value, change: &mut dyn FnMut(Kind, &str) -> Option<String>) {
    let Value::Object(object) = node else { return };
    let mut replace = |value: &mut Value, kind| {
        if let Some(new) = value.as_str().and_then(|reference| change(kind, reference)) {
            *value = Value::String(new);
        }
    };
    if let Some(reference) = object.get_mut("$ref") {
        replace(reference, kind);
    }
    let mapping = object.get_mut("mapping").filter(|_| kind == Kind::Discriminator).and_then(Value::as_object_mut);
    for (_, value) in mapping.into_iter().flatten() {
        replace(value, Kind::Schema);
    }
}

/// Names a schema of another text by its key there, or by the file when it is the whole of it.
fn name(schema: Option<&mut Value>, at: &Pointer, file: &str) {
    let Some(Value::Object(schema)) = schema.filter(|schema| schema.get("$ref").is_none()) else { return };
    let key = origin(at).and_then(|(_, at)| at.last());
    let stem = file.rsplit('/').next().unwrap_or(file);
    let words = key.unwrap_or_else(|| stem.rsplit_once('.').map_or(stem, |(stem, _)| stem).to_owned());
    schema.entry(NAME).or_insert(Value::String(words));
}

fn refers_elsewhere(value: &Value) -> bool {
    let mut found = false;
    each_reference(value, &mut |reference| found |= !reference.starts_with('#'));
    found
}

fn each_reference(value: &Value, visit: &mut dyn FnMut(&str)) {
    match value {
        Value::Array(elements) => elements.iter().for_each(|element| each_reference(element, visit)),
        Value::Object(members) => visit_members(members, visit),
        _ => {}
    }
}

fn visit_members(members: &Map<String, Value>, visit: &mut dyn FnMut(&str)) {
    for (key, value) in members {
        match value {
            Value::String(reference) if key == "$ref" => visit(reference),
            value => each_reference(value, visit),
        }
    }
}

/// The name of the text at `file`, seen from the text `base`; `None` for what is no path, such as a URL.
pub(crate) fn resolve(base: &str, file: &str) -> Option<String> {
    if file.is_empty() || file.contains(':') {
        return None;
    }
    if file.starts_with('/') {
        return Some(file.to_owned());
    }
    let mut parts: Vec<&str> = base.split('/').collect();
    parts.pop();
    for part in file.split('/') {
        match part {
            "." | "" => {}
            ".." if parts.last().is_some_and(|last| !matches!(*last, "" | ".." | ".")) => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    Some(parts.join("/").replace("%20", " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_relative_to_the_text_they_stand_in() {
        for (base, file, name) in [
            ("openapi.yaml", "pet.yaml", Some("pet.yaml")),
            ("specs/openapi.yaml", "./schemas/pet.yaml", Some("specs/schemas/pet.yaml")),
            ("specs/schemas/pet.yaml", "../common.yaml", Some("specs/common.yaml")),
            ("../specs/a.yaml", "../../b.yaml", Some("../../b.yaml")),
            ("/specs/a.yaml", "b%20c.yaml", Some("/specs/b c.yaml")),
            ("specs/a.yaml", "/b.yaml", Some("/b.yaml")),
            ("a.yaml", "https://example.com/b.yaml", None),
        ] {
            assert_eq!(resolve(base, file).as_deref(), name, "{base} {file}");
        }
    }

    #[test]
    fn a_grafted_node_knows_where_it_is_from() {
        let at = root_of(3).key("a/b").index(0);
        assert_eq!(origin(&at), Some((3, Pointer::root().key("a/b").index(0))));
        assert_eq!(origin(&Pointer::root().key("paths")), None);
    }
}
