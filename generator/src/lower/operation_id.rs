//! Stage 4, ids of operations: told where they name several operations, or are missing.

use std::collections::HashMap;

use super::Lowerer;
use crate::diagnostic::{Code, Diagnostic, Place, Severity, Spot};
use crate::document::OperationNode;

impl Lowerer<'_> {
    /// Reports ids that another operation of the text has, and once for each text that some have none; where none has
    /// one, that is a choice. Pages are left alone: each holds one operation, whose id names it within its service.
    pub(super) fn tell_operation_ids(&mut self) {
        let mut said = Vec::new();
        for part in self.document.parts.iter().filter(|part| part.page.is_none()) {
            let place = |node: &OperationNode| Place { input: part.input, spot: Spot::Key(node.at.clone()) };
            let mut first: HashMap<&str, &OperationNode> = HashMap::new();
            let mut nameless: Vec<&OperationNode> = Vec::new();
            for node in &part.operations {
                match node.operation.operation_id.as_deref().filter(|id| !id.is_empty()) {
                    None => nameless.push(node),
                    Some(id) => match first.get(id) {
                        None => drop(first.insert(id, node)),
                        Some(other) => {
                            let message = format!("`{} {}` has the id `{id}` too", other.method, other.path);
                            let help = "in one service, a number tells the methods apart";
                            said.push((place(node), message, help));
                        }
                    },
                }
            }
            if let Some(node) = nameless.first().filter(|_| !first.is_empty()) {
                let message = match nameless.len() {
                    1 => "an operation has no `operationId`".to_owned(),
                    count => format!("{count} operations have no `operationId`, of which this is the first"),
                };
                said.push((place(node), message, "method and path name what has no id"));
            }
        }
        for (place, message, help) in said {
            let note = Diagnostic::new(Severity::Note, Code::OperationId, place, message).help(help);
            self.diagnostics.push(note);
        }
    }
}
