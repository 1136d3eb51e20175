//! Between stages 1 and 2, [`Value`] → `Value`: applies overlays (OpenAPI Overlay 1.0 and 1.1) to the descriptions.
//!
//! What an overlay writes and moves keeps the place that it comes from, so that diagnostics point there.

mod merge;

use std::cmp::Ordering;

use serde_json::{Map, Value};
use serde_json_path::JsonPath;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place, Severity, Spot};
use crate::dialect::{external, says_what_it_is};
use crate::origins::Origins;
use crate::pointer::Pointer;
use crate::source::Source;

/// Applies the overlays among the texts to the others, in the order of their names, and leaves them out.
pub(crate) fn apply(
    sources: Vec<Source>,
    names: &[&str],
    origins: &mut Origins,
    diagnostics: &mut Diagnostics,
) -> Vec<Source> {
    let (mut overlays, mut others): (Vec<_>, Vec<_>) =
        sources.into_iter().partition(|source| source.value.get("overlay").is_some() && !says_what_it_is(source));
    overlays.sort_by_key(|overlay| names[overlay.input]);
    for overlay in overlays.iter().filter(|_| others.is_empty()) {
        let place = Place { input: overlay.input, spot: Spot::Whole };
        let message = "there is no description that the overlay could change";
        let diagnostic = Diagnostic::new(Severity::Error, Code::NoDescription, place, message);
        diagnostics.push(diagnostic.help("give the description too, beside the overlay"));
    }
    for overlay in &overlays {
        Application { overlay, names, origins, diagnostics }.run(&mut others);
    }
    others
}

/// One overlay that is being applied.
struct Application<'a> {
    overlay: &'a Source,
    names: &'a [&'a str],
    origins: &'a mut Origins,
    diagnostics: &'a mut Diagnostics,
}

impl Application<'_> {
    fn run(&mut self, others: &mut [Source]) {
        let root = Pointer::root();
        let version = &self.overlay.value["overlay"];
        // Without quotes, YAML reads `1.1` as a number.
        let text = version.as_str().map_or_else(|| version.to_string(), str::to_owned);
        if !["1.0", "1.1"].iter().any(|known| text == *known || text.starts_with(&format!("{known}."))) {
            let message = format!("version `{text}` of the Overlay Specification cannot be read");
            let place = self.place(root.key("overlay"));
            let diagnostic = Diagnostic::new(Severity::Error, Code::UnsupportedVersion, place, message);
            return self.diagnostics.push(diagnostic.help("versions 1.0 and 1.1 are read"));
        }
        let at = root.key("actions");
        let Some(actions) = self.overlay.value.get("actions").and_then(Value::as_array) else {
            return self.warn(root, "the overlay has no list of `actions`", "an action has a `target` and what to do");
        };
        let extended = self.extended(others, &root.key("extends"));
        for (index, action) in actions.iter().enumerate() {
            let described = others.iter_mut().filter(|other| match extended {
                Some(input) => other.input == input,
                None => says_what_it_is(other),
            });
            match action {
                Value::Object(action) => self.act(described, action, &at.index(index)),
                _ => self.warn(at.index(index), "the action is no object", "it has a `target` and what to do"),
            }
        }
    }

    fn place(&self, at: Pointer) -> Place {
        Place { input: self.overlay.input, spot: Spot::Node(at) }
    }

    fn warn(&mut self, at: Pointer, message: impl Into<String>, help: &str) {
        let place = self.place(at);
        self.diagnostics.push(Diagnostic::new(Severity::Warning, Code::OverlayAction, place, message).help(help));
    }

    /// The text that `extends` names; where it names none of them, the overlay is for all. A URL says where a
    /// description was published, and not which of the texts it is.
    fn extended(&mut self, others: &[Source], at: &Pointer) -> Option<usize> {
        let extends = at.get(&self.overlay.value)?.as_str()?;
        let name = external::resolve(self.names[self.overlay.input], extends)?;
        let found = others.iter().map(|other| other.input).find(|input| self.names[*input] == name);
        if found.is_none() {
            let message = format!("`{extends}` is none of the texts; the overlay is applied to all of them");
            self.warn(at.clone(), message, "give the text that is meant, too, or mend its name");
        }
        found
    }

    fn act<'s>(&mut self, described: impl Iterator<Item = &'s mut Source>, action: &Map<String, Value>, at: &Pointer) {
        let Some(target) = self.path(action, "target", at) else { return };
        let copy = if action.contains_key("copy") { Some(self.path(action, "copy", at)) } else { None };
        // A path that is none was told.
        let Ok(copy) = copy.map(|path| path.ok_or(())).transpose() else { return };
        let is_removal = action.get("remove") == Some(&Value::Bool(true));
        let mut selected = 0;
        for source in described {
            let mut found = pointers(&target, &source.value);
            selected += found.len();
            if is_removal {
                found.sort_by(last_first);
                found.iter().for_each(|pointer| self.remove(source, pointer, at));
            } else if let Some(path) = &copy {
                self.copy(source, path, &found, at);
            } else if let Some(update) = action.get("update") {
                let from = (self.overlay.input, at.key("update"));
                found.iter().for_each(|pointer| self.update(source, pointer, update, &from, at));
            }
        }
        if selected == 0 {
            let help = "mend the path, or leave the action out";
            self.warn(at.key("target"), "the target selects nothing, so that the action does nothing", help);
        } else if !is_removal && copy.is_none() && !action.contains_key("update") {
            self.warn(at.clone(), "the action does nothing", "it needs `update`, `copy` or `remove: true`");
        }
    }

    /// The path that a keyword of an action holds.
    fn path(&mut self, action: &Map<String, Value>, keyword: &str, at: &Pointer) -> Option<JsonPath> {
        let help = "paths are written after RFC 9535, such as `$.paths['/pets'].get`";
        let Some(text) = action.get(keyword).and_then(Value::as_str) else {
            self.warn(at.clone(), format!("the action has no text as its `{keyword}`"), help);
            return None;
        };
        match JsonPath::parse(text) {
            Ok(path) => Some(path),
            Err(error) => {
                let message = error.to_string().replace('\n', " ");
                self.warn(at.key(keyword), format!("`{text}` is no path: {}", message.trim_end_matches('.')), help);
                None
            }
        }
    }

    fn remove(&mut self, source: &mut Source, pointer: &Pointer, at: &Pointer) {
        let (Some(parent), Some(token)) = (pointer.parent(), pointer.last()) else {
            return self.warn(at.key("target"), "a description cannot be removed as a whole", "select what is in it");
        };
        match parent.get_mut(&mut source.value) {
            Some(Value::Object(members)) => {
                // In place, so that the others keep their order.
                members.shift_remove(&token);
                self.origins.forget(source.input, pointer);
            }
            Some(Value::Array(elements)) => {
                if let Some(index) = token.parse().ok().filter(|index| *index < elements.len()) {
                    elements.remove(index);
                    self.origins.close_gap(source.input, &parent, index, elements.len());
                }
            }
            _ => {}
        }
    }

    fn copy(&mut self, source: &mut Source, path: &JsonPath, found: &[Pointer], at: &Pointer) {
        if found.is_empty() {
            return;
        }
        let copied = pointers(path, &source.value);
        let [from] = copied.as_slice() else {
            let message = format!("`copy` selects {} nodes, and not one; nothing is copied", copied.len());
            return self.warn(at.key("copy"), message, "select the one node that is to be copied");
        };
        let Some(value) = from.get(&source.value).cloned() else { return };
        let from = self.origins.of(source.input, from);
        found.iter().for_each(|pointer| self.update(source, pointer, &value, &from, at));
    }

    fn update(
        &mut self,
        source: &mut Source,
        pointer: &Pointer,
        update: &Value,
        from: &(usize, Pointer),
        at: &Pointer,
    ) {
        let Some(node) = pointer.get_mut(&mut source.value) else { return };
        if node.is_object() != update.is_object() && !node.is_array() {
            let message =
                format!("an object and what is none cannot be merged at `{pointer}`; nothing is changed there");
            return self.warn(at.clone(), message, "select a node of the same kind as the new value");
        }
        merge::merge(node, update, (source.input, pointer), from, self.origins);
    }
}

fn pointers(path: &JsonPath, value: &Value) -> Vec<Pointer> {
    let located = path.query_located(value);
    located.locations().map(|location| Pointer::from_text(location.to_json_pointer())).collect()
}

/// What stands further behind, or further within, comes first: nothing then moves before it is removed itself.
fn last_first(a: &Pointer, b: &Pointer) -> Ordering {
    let order = |(a, b): (String, String)| match (a.parse::<usize>(), b.parse::<usize>()) {
        (Ok(a), Ok(b)) => b.cmp(&a),
        _ => b.cmp(&a),
    };
    let differing = a.tokens().zip(b.tokens()).map(order).find(|order| order.is_ne());
    differing.unwrap_or_else(|| b.tokens().count().cmp(&a.tokens().count()))
}
