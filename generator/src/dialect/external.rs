//! Stage 2, external references: what a description refers to in other texts is grafted into it, so that the stages
//! behind see one tree. The places of grafted nodes are those in their own text again before anyone sees them.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::bodies;
use super::include::include;
use super::keywords::{Kind, kind_within};
use super::quirks::NAME;
use super::walk::walk;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place, Severity, Spot};
use crate::pointer::{Pointer, percent_decode};
use crate::source::{Source, Written};
use crate::uri;

/// Where the other texts are in a tree, by their index.
pub(super) const TEXTS: &str = "x-specwright-texts";

/// The names of the texts, as references from one to another resolve to them.
pub(crate) struct Library<'t> {
    names: Vec<&'t str>,
    /// The parsed texts; `None` for one that holds no tree, or several pages.
    trees: Vec<Option<Value>>,
    written: Vec<Written>,
}

impl<'t> Library<'t> {
    pub(crate) fn new(names: Vec<&'t str>, sources: &[Source]) -> Self {
        let (mut trees, mut written) = (vec![None; names.len()], vec![Written::default(); names.len()]);
        // Copies are made only where something refers to another text.
        if sources.iter().any(|source| source.page.is_none() && refers_elsewhere(&source.value)) {
            for source in sources.iter().filter(|source| source.page.is_none()) {
                trees[source.input] = Some(source.value.clone());
                written[source.input] = source.written.clone();
            }
        }
        Self { names, trees, written }
    }

    /// The text that a reference from the text `from` leads to, with its fragment.
    pub(super) fn find<'r>(&self, from: usize, reference: &'r str) -> Option<(usize, &'r str)> {
        let (file, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        if file.is_empty() {
            return Some((from, fragment));
        }
        let found = self.text(from, file)?;
        self.trees[found].is_some().then_some((found, fragment))
    }

    /// What a reference from the text `from` leads to, behind all that are references again. Of `own`, the tree that is
    /// being worked on counts.
    pub(super) fn target<'v>(&'v self, own: (usize, &'v Value), from: usize, reference: &str) -> Option<Target<'v>> {
        let (mut from, mut reference) = (from, reference);
        let mut seen = HashSet::new();
        while seen.insert((from, reference)) {
            let target = self.next(own, from, reference)?;
            match target.value.get("$ref").and_then(Value::as_str) {
                Some(next) => (from, reference) = (target.text, next),
                None => return Some(target),
            }
        }
        None
    }

    /// What a reference from the text `from` leads to, be it a reference itself.
    pub(super) fn next<'v>(&'v self, own: (usize, &'v Value), from: usize, reference: &str) -> Option<Target<'v>> {
        let found = || {
            let (text, fragment) = self.find(from, reference)?;
            Some((text, Pointer::from_reference(&format!("#{fragment}"))?))
        };
        let (text, at) = grafted_place(reference).or_else(found)?;
        let tree = if text == own.0 { own.1 } else { self.trees[text].as_ref()? };
        let value = at.get(tree)?;
        let kind = root_kind(tree).and_then(|kind| kind_within(kind, at.tokens()));
        Some(Target { text, at, value, kind })
    }

    /// The text that is called `file` where the text `from` refers to it, whether it holds a tree or not.
    fn text(&self, from: usize, file: &str) -> Option<usize> {
        // What a text calls itself is the base of its references; where it says nothing, its name is.
        let uri = uri::resolve(self.own_uri(from).unwrap_or_default(), file);
        let by_uri = (0..self.trees.len()).find(|text| self.own_uri(*text).is_some_and(|own| own == uri));
        let by_name = || {
            let mut names = candidates(self.names[from], file);
            names.find_map(|name| self.names.iter().position(|known| name == *known))
        };
        by_uri.or_else(by_name)
    }

    /// What a text calls itself (OpenAPI 3.2, section 4.1.1, `$self`).
    fn own_uri(&self, text: usize) -> Option<&str> {
        self.trees[text].as_ref()?.get("$self")?.as_str()
    }

    /// The names of the texts that the text `from` refers to and that are not there. One that is there and cannot be
    /// parsed is not missing.
    pub(crate) fn missing(&self, from: &Source) -> Vec<String> {
        let mut missing = Vec::new();
        each_file(&from.value, &mut |file| {
            // A path from the root of the file system leads out of the files of the document.
            if !file.starts_with('/') && self.text(from.input, file).is_none() {
                missing.extend(candidates(self.names[from.input], file));
            }
        });
        missing
    }

    /// The texts that others of them refer to, at whatever place.
    pub(super) fn referred(&self, sources: &[Source]) -> HashSet<usize> {
        let mut referred = HashSet::new();
        for from in sources {
            each_file(&from.value, &mut |file| {
                referred.extend(self.text(from.input, file).filter(|text| *text != from.input));
            });
        }
        referred
    }
}

/// Where references lead.
pub(super) struct Target<'v> {
    pub(super) text: usize,
    /// Its place in the text.
    pub(super) at: Pointer,
    pub(super) value: &'v Value,
    /// What it is, where the text is a description and the table tells it.
    pub(super) kind: Option<Kind>,
}

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

fn refers_elsewhere(value: &Value) -> bool {
    let mut found = false;
    each_reference(value, &mut |reference| found |= !reference.starts_with('#'));
    found
}

/// Visits the references to other texts, without their fragments.
fn each_file(value: &Value, visit: &mut dyn FnMut(&str)) {
    each_reference(value, &mut |reference| {
        let file = reference.split('#').next().unwrap_or_default();
        if !file.is_empty() {
            visit(file);
        }
    });
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
            value => {
                if key == "discriminator" {
                    let mapping = value.get("mapping").and_then(Value::as_object).into_iter().flatten();
                    mapping
                        .filter_map(|(_, value)| value.as_str())
                        .filter(|value| is_file(value))
                        .for_each(&mut *visit);
                }
                each_reference(value, visit);
            }
        }
    }
}

/// Whether a value of a mapping, which can be the name of a schema, refers to a file.
fn is_file(value: &str) -> bool {
    let file = value.split('#').next().unwrap_or_default();
    file.contains('/') || [".yaml", ".yml", ".json"].iter().any(|extension| file.ends_with(extension))
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

/// The names that the text at `file` can have, seen from the text `base`, the likeliest first: on Windows, authors
/// separate folders by `\`, which can also be a character of a name.
fn candidates(base: &str, file: &str) -> impl Iterator<Item = String> {
    let other = file.contains('\\').then(|| file.replace('\\', "/"));
    let other = other.and_then(|file| resolve(base, &file));
    resolve(base, file).into_iter().chain(other)
}

/// The name of the text at `file`, seen from the text `base`; `None` for what is no path, such as a URL.
pub(crate) fn resolve(base: &str, file: &str) -> Option<String> {
    if file.is_empty() || file.contains(':') {
        return None;
    }
    let (is_absolute, mut parts) = (file.starts_with('/'), Vec::new());
    if !is_absolute {
        parts.extend(base.split('/').map(str::to_owned));
        parts.pop();
    }
    for part in file.split('/') {
        match part {
            "." | "" => {}
            ".." if parts.last().is_some_and(|last| !matches!(last.as_str(), "" | ".." | ".")) => drop(parts.pop()),
            part => parts.push(percent_decode(part)),
        }
    }
    let path = parts.join("/");
    Some(if is_absolute { format!("/{path}") } else { path })
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
            ("specs%20/a.yaml", "%C3%A4%2Bb/c%7E%zz.yaml", Some("specs%20/ä+b/c~%zz.yaml")),
            ("specs/a.yaml", "/b.yaml", Some("/b.yaml")),
            ("a.yaml", "https://example.com/b.yaml", None),
        ] {
            assert_eq!(resolve(base, file).as_deref(), name, "{base} {file}");
        }
    }

    #[test]
    fn a_backslash_is_a_separator_where_no_file_has_it_in_its_name() {
        let names = |file: &str| candidates("specs/a.yaml", file).collect::<Vec<_>>();
        assert_eq!(names("parts/b.yaml"), ["specs/parts/b.yaml"]);
        assert_eq!(names("..\\parts\\b.yaml"), ["specs/..\\parts\\b.yaml", "parts/b.yaml"]);
    }

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
