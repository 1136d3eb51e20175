//! Stage 2, the library: the texts that references lead to, by the names and the URIs that these have for them.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::{grafted_place, root_kind};
use crate::dialect::keywords::{Kind, kind_within};
use crate::pointer::{Pointer, percent_decode};
use crate::source::{Source, Written};
use crate::uri;

/// The names of the texts, as references from one to another resolve to them.
pub(crate) struct Library<'t> {
    pub(super) names: Vec<&'t str>,
    /// The parsed texts; `None` for one that holds no tree, or several pages.
    pub(super) trees: Vec<Option<Value>>,
    pub(super) written: Vec<Written>,
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
    pub(in crate::dialect) fn find<'r>(&self, from: usize, reference: &'r str) -> Option<(usize, &'r str)> {
        let (file, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        if file.is_empty() {
            return Some((from, fragment));
        }
        let found = self.text(from, file)?;
        self.trees[found].is_some().then_some((found, fragment))
    }

    /// What a reference from the text `from` leads to, behind all that are references again. Of `own`, the tree that is
    /// being worked on counts.
    pub(in crate::dialect) fn target<'v>(
        &'v self,
        own: (usize, &'v Value),
        from: usize,
        reference: &str,
    ) -> Option<Target<'v>> {
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
    pub(in crate::dialect) fn next<'v>(
        &'v self,
        own: (usize, &'v Value),
        from: usize,
        reference: &str,
    ) -> Option<Target<'v>> {
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
    pub(in crate::dialect) fn referred(&self, sources: &[Source]) -> HashSet<usize> {
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
pub(in crate::dialect) struct Target<'v> {
    pub(in crate::dialect) text: usize,
    /// Its place in the text.
    pub(in crate::dialect) at: Pointer,
    pub(in crate::dialect) value: &'v Value,
    /// What it is, where the text is a description and the table tells it.
    pub(in crate::dialect) kind: Option<Kind>,
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
}
