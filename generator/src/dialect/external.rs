//! Stage 2, external references: what a description refers to in other texts is grafted into it, so that the stages
//! behind see one tree. The places of grafted nodes are those in their own text again before anyone sees them.

mod library;

use std::collections::HashSet;

use serde_json::{Value, json};

use super::bodies;
use super::include::include;
use super::keywords::Kind;
use super::quirks::NAME;
use super::walk::walk;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place, Severity, Spot};
use crate::pointer::Pointer;
use crate::source::Source;
pub(super) use library::Target;
pub(crate) use library::{Library, resolve};

/// Where the other texts are in a tree, by their index.
pub(super) const TEXTS: &str = "x-specwright-texts";

/// A reference in the text `own`, or in what is grafted into it, to a place in the text `text`.
pub(super) fn reference_to(own: usize, text: usize, at: &Pointer) -> String {
    if text == own { at.to_reference() } else { root_of(text).join(at).to_reference() }
}

/// What stands for the name of a text in a message until [`with_files`] puts that there.
pub(crate) fn text(text: usize) -> String {
    root_of(text).to_reference()
}

/// Grafts what `source` refers to in other texts; gives the texts that are part of it now.
pub(super) fn graft(source: &mut Source, library: &Library<'_>, diagnostics: &mut Diagnostics) -> HashSet<usize> {
    let mut grafted = HashSet::new();
    let mut open = source.regions.clone();
    let mut seen: HashSet<Pointer> = open.iter().map(|(at, _)| at.clone()).collect();
    while let Some((at, kind)) = open.pop() {
        let from = origin(&at).map_or(source.input, |(text, _)| text);
        include(source, (&at, kind), from, library, diagnostics);
        bodies::complete(source, (&at, kind), from, library, diagnostics);
        let mut found = Vec::new();
        if let Some(node) = at.get_mut(&mut source.value) {
            let own = source.input;
            walk(node, kind, &at, &mut |kind, at, node| {
                // Where Swagger 2.0 has the body of a response.
                if kind == Kind::Response && node.get("schema").is_some() {
                    open.push((at.key("schema"), Kind::Schema));
                }
                references(kind, node, &mut |kind, reference| {
                    // What was included is referred to as if it were grafted.
                    if let Some((text, at)) = grafted_place(reference) {
                        found.push((text, at.to_reference()[1..].to_owned(), kind));
                        return None;
                    }
                    let (text, fragment) = library.find(from, reference)?;
                    if text == own {
                        let is_told_so = from == own && (reference.is_empty() || reference.starts_with('#'));
                        return (!is_told_so).then(|| format!("#{fragment}"));
                    }
                    found.push((text, fragment.to_owned(), kind));
                    Some(format!("{}{fragment}", root_of(text).to_reference()))
                });
            });
        }
        for (text, fragment, kind) in found {
            let Some(tree) = &library.trees[text] else { continue };
            if grafted.insert(text) {
                if tree.is_null() {
                    let place = Place { input: text, spot: Spot::Whole };
                    let message = "the text is empty; what refers to it finds nothing";
                    let diagnostic = Diagnostic::new(Severity::Warning, Code::DanglingReference, place, message);
                    diagnostics.push(diagnostic.help("write what is referred to, or refer to another text"));
                }
                add(&mut source.value, text, tree.clone());
                source.written.graft(&root_of(text), &library.written[text]);
            }
            let (at, kind) = if let Some(kind) = root_kind(tree) {
                (root_of(text), kind)
            } else {
                let Some(within) = Pointer::from_reference(&format!("#{fragment}")) else { continue };
                (root_of(text).join(&within), kind)
            };
            if kind == Kind::Schema {
                let words = words(&source.value, &at, library.names[text]);
                name(at.get_mut(&mut source.value), words);
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
        Some(_) if !file.starts_with('/') => "leads to a text that is not there",
        _ => "leads out of the files of the document, and nothing is fetched",
    }
}

/// The text and the place in it that a reference leads to which grafting or an inclusion wrote.
fn grafted_place(reference: &str) -> Option<(usize, Pointer)> {
    origin(&Pointer::from_reference(reference)?)
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

/// The kind of the root of a text that is a description.
fn root_kind(tree: &Value) -> Option<Kind> {
    let has = |key: &str| tree.get(key).is_some();
    if has("openapi") || has("swagger") {
        return Some(Kind::Root);
    }
    has("asyncapi").then_some(Kind::AsyncRoot)
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

/// What names a schema of another text: its key there, or the file when it is the whole of it or an element of a list.
fn words(root: &Value, at: &Pointer, file: &str) -> String {
    let is_element = at.parent().and_then(|parent| parent.get(root)).is_some_and(Value::is_array);
    let key = origin(at).and_then(|(_, at)| at.last()).filter(|_| !is_element);
    let stem = file.rsplit('/').next().unwrap_or(file);
    key.unwrap_or_else(|| stem.rsplit_once('.').map_or(stem, |(stem, _)| stem).to_owned())
}

fn name(schema: Option<&mut Value>, words: String) {
    let Some(Value::Object(schema)) = schema.filter(|schema| schema.get("$ref").is_none()) else { return };
    schema.entry(NAME).or_insert(Value::String(words));
}

/// A message with the references that grafting wrote as places in the files that they lead to.
pub(crate) fn with_files(message: &str, names: &[&str]) -> String {
    let start = format!("{}/", Pointer::root().key(TEXTS).to_reference());
    let mut parts = message.split(&start);
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.find(|character: char| !character.is_ascii_digit()).unwrap_or(part.len());
        let (text, fragment) = part.split_at(digits);
        match text.parse::<usize>().ok().and_then(|text| names.get(text)) {
            Some(name) => shown.push_str(name),
            None => shown.extend([&start, text]),
        }
        if !fragment.is_empty() && !fragment.starts_with('`') {
            shown.push('#');
        }
        shown.push_str(fragment);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_name_files() {
        let names = ["a.yaml", "b c.yaml"];
        for (message, shown) in [
            ("`#/x-specwright-texts/1/a~1b` leads nowhere", "`b c.yaml#/a~1b` leads nowhere"),
            ("`#/x-specwright-texts/0` and `#/x-specwright-texts/1/`", "`a.yaml` and `b c.yaml#/`"),
            ("`#/x-specwright-texts/1anchor`", "`b c.yaml#anchor`"),
            ("`#/paths`", "`#/paths`"),
        ] {
            assert_eq!(with_files(message, &names), shown);
        }
    }

    #[test]
    fn a_grafted_node_knows_where_it_is_from() {
        let at = root_of(3).key("a/b").index(0);
        assert_eq!(origin(&at), Some((3, Pointer::root().key("a/b").index(0))));
        assert_eq!(origin(&Pointer::root().key("paths")), None);
    }

    #[test]
    fn descriptions_that_say_the_same_of_different_texts_are_two() {
        let api = "openapi: 3.1.0\ninfo: {title: A, version: '1'}\npaths: {/a: {get: {responses: {200: {description: \
            A, content: {application/json: {schema: {$ref: part.yaml}}}}}}}}\n";
        let part = "type: object\nproperties: {a: {type: string}}\n";
        let left_out = |texts: &[(&str, &str)]| {
            let inputs: Vec<_> = texts.iter().map(|(name, text)| crate::Input::new(*name, *text)).collect();
            let options = crate::Options { name: "a".to_owned(), ..crate::Options::default() };
            crate::generate(&inputs, &options).left_out.len()
        };
        assert_eq!(left_out(&[("a.yaml", api), ("b.yaml", api), ("part.yaml", part)]), 0);
        let texts =
            [("a/api.yaml", api), ("a/part.yaml", part), ("b/api.yaml", api), ("b/part.yaml", "type: string\n")];
        assert_eq!(left_out(&texts), 1);
    }
}
