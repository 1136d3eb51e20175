//! Stage 4, ids of operations: which of them name a method, and what is told of the others.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use serde_json::Value;

use super::Lowerer;
use super::service::{service_path, service_words};
use crate::diagnostic::{Code, Diagnostic, Place, Severity, Spot};
use crate::document::OperationNode;
use crate::names::snake_case;

impl Lowerer<'_> {
    /// The words that name an operation within its service.
    pub(super) fn method_words(&self, input: usize, node: &OperationNode) -> String {
        let is_ambiguous = self.ambiguous_ids.contains(&place(input, node));
        own_words(node).filter(|_| !is_ambiguous).unwrap_or_else(|| request_words(node))
    }

    /// Whether the document names an operation, and no other one of its service alike.
    pub(super) fn has_own_name(&self, input: usize, node: &OperationNode) -> bool {
        own_words(node).is_some() && !self.ambiguous_ids.contains(&place(input, node))
    }

    /// The words that name an operation among all of them.
    pub(super) fn full_words(&self, input: usize, node: &OperationNode) -> String {
        format!("{} {}", service_words(node), self.method_words(input, node))
    }

    /// Finds the operations whose id another one of the service has, or a service within it. It names none of them: one
    /// that is added would take the name of another one.
    pub(super) fn find_ambiguous_ids(&mut self, operations: &[(usize, usize)]) {
        let mut services: HashSet<Vec<String>> = HashSet::new();
        let mut by_name: IndexMap<Vec<String>, Vec<(Place, &OperationNode)>> = IndexMap::new();
        for (part, index) in operations {
            let part = &self.document.parts[*part];
            let node = &part.operations[*index];
            let mut name: Vec<_> = service_path(node).iter().map(|words| snake_case(words)).collect();
            services.extend((1..=name.len()).map(|length| name[..length].to_vec()));
            name.push(snake_case(&own_words(node).unwrap_or_else(|| request_words(node))));
            by_name.entry(name).or_default().push((place(part.input, node), node));
        }
        by_name.retain(|name, same| same.len() > 1 || services.contains(name));
        for (place, node) in by_name.into_values().flatten() {
            let Some(words) = own_words(node) else { continue };
            let message = format!("`{words}` names another operation of the service too, or a service within it");
            let note = Diagnostic::new(Severity::Note, Code::OperationId, place.clone(), message);
            self.diagnostics.push(note.help("method and path name the operation"));
            self.ambiguous_ids.insert(place);
        }
    }

    /// Reports ids that another operation of the text has, and once for each text that some have none; where none has
    /// one, that is a choice. Pages are left alone: each holds one operation, whose id names it within its service.
    pub(super) fn tell_operation_ids(&mut self) {
        let mut said = Vec::new();
        for part in self.document.parts.iter().filter(|part| part.page.is_none()) {
            let mut first: HashMap<&str, &OperationNode> = HashMap::new();
            let mut nameless: Vec<&OperationNode> = Vec::new();
            for node in &part.operations {
                match node.operation.operation_id.as_deref().filter(|id| !id.is_empty()) {
                    None => nameless.push(node),
                    Some(id) => match first.get(id) {
                        None => drop(first.insert(id, node)),
                        Some(_) if self.ambiguous_ids.contains(&place(part.input, node)) => {}
                        Some(other) => {
                            let message = format!("`{} {}` has the id `{id}` too", other.method, other.path);
                            let help = "they are in different services, where each has its name";
                            said.push((place(part.input, node), message, help));
                        }
                    },
                }
            }
            if let Some(node) = nameless.first().filter(|_| !first.is_empty()) {
                let message = match nameless.len() {
                    1 => "an operation has no `operationId`".to_owned(),
                    count => format!("{count} operations have no `operationId`, of which this is the first"),
                };
                said.push((place(part.input, node), message, "method and path name what has no id"));
            }
        }
        for (place, message, help) in said {
            let note = Diagnostic::new(Severity::Note, Code::OperationId, place, message).help(help);
            self.diagnostics.push(note);
        }
    }
}

fn place(input: usize, node: &OperationNode) -> Place {
    Place { input, spot: Spot::Key(node.at.clone()) }
}

/// The words that the document has for an operation.
fn own_words(node: &OperationNode) -> Option<String> {
    let named = node.operation.extensions.get("x-fern-sdk-method-name").and_then(Value::as_str);
    let words = named.or(node.operation.operation_id.as_deref());
    words.filter(|words| !words.is_empty()).map(str::to_owned)
}

/// The words for a request.
fn request_words(node: &OperationNode) -> String {
    format!("{} {}", node.method, node.path.replace(['{', '}'], " "))
}
