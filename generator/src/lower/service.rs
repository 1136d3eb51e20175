//! Stage 4, services: groups the operations of all texts into the modules of the client.

use std::collections::HashMap;

use serde_json::Value;

use super::Lowerer;
use crate::diagnostic::{Code, Place, Spot};
use crate::dialect::quirks;
use crate::document::OperationNode;
use crate::ir::{Operation, Service};
use crate::names::{Case, Scope};

/// The methods of the client that are there whatever the document says.
const CLIENT_METHODS: [&str; 6] = ["base_url", "builder", "clone", "from_env", "new", "request"];

/// What modules of services use without a path.
const SERVICE_NAMES: [&str; 8] = ["Call", "Client", "Error", "Method", "RawResponse", "Response", "Result", "String"];

/// A service before its operations are lowered.
#[derive(Default)]
struct Group {
    title: String,
    description: Option<String>,
    children: Vec<Group>,
    operations: Vec<(usize, usize)>,
}

impl Lowerer<'_> {
    /// Lowers all operations.
    pub(super) fn services(&mut self) -> Service {
        let mut root = Group::default();
        let mut seen: HashMap<(String, String), (usize, usize)> = HashMap::new();
        let mut twice = Vec::new();
        for (part, texts) in self.document.parts.iter().enumerate() {
            for (index, node) in texts.operations.iter().enumerate() {
                if seen.insert((node.path.clone(), node.method.clone()), (part, index)).is_some() {
                    twice.push((
                        Place { input: texts.input, spot: Spot::Key(node.at.clone()) },
                        node.method.clone(),
                        node.path.clone(),
                    ));
                    continue;
                }
                root.at(&service_path(node), &texts.tags).operations.push((part, index));
            }
        }
        for (place, method, path) in twice {
            let message = format!("`{method} {path}` is described more than once");
            self.warn(Code::DuplicateOperation, place, message, "the first description is used");
        }
        let nodes: Vec<Vec<OperationNode>> =
            self.document.parts.iter_mut().map(|part| std::mem::take(&mut part.operations)).collect();
        let mut siblings = Scope::default();
        let mut service = self.service(root, &nodes, &mut siblings, Scope::with(CLIENT_METHODS));
        if is_empty(&service) {
            let place = Place { input: 0, spot: Spot::Whole };
            self.warn(Code::NoOperations, place, "no operation is left to call", "the crate has types alone");
        }
        service.title.clear();
        service
    }

    fn service(
        &mut self,
        group: Group,
        nodes: &[Vec<OperationNode>],
        siblings: &mut Scope,
        mut methods: Scope,
    ) -> Service {
        let module = siblings.claim(&group.title, Case::Module);
        let mut types = Scope::with(SERVICE_NAMES);
        let ident = types.claim(&group.title, Case::Camel);
        let mut modules = Scope::default();
        let mut children = Vec::new();
        for child in group.children {
            // The method that leads to a service is called as its module is, so that it takes the name first.
            let mut scope = modules.clone();
            let child = self.service(child, nodes, &mut scope, Scope::default());
            modules = scope;
            methods.claim(child.module.as_str(), Case::Snake);
            if !is_empty(&child) {
                children.push(child);
            }
        }
        let mut operations: Vec<Operation> = Vec::new();
        for (part, index) in group.operations {
            let input = self.document.parts[part].input;
            operations.extend(self.operation(input, &nodes[part][index], &mut methods, &mut types));
        }
        let docs = super::docs::from_markdown(group.description.as_deref().unwrap_or_default());
        Service { ident, module, title: group.title, docs, children, operations }
    }
}

fn is_empty(service: &Service) -> bool {
    service.operations.is_empty() && service.children.is_empty()
}

impl Group {
    /// The group at a path, made when it is not there.
    fn at(&mut self, path: &[String], descriptions: &indexmap::IndexMap<String, String>) -> &mut Self {
        let Some((first, rest)) = path.split_first() else { return self };
        let index = match self.children.iter().position(|child| child.title == *first) {
            Some(index) => index,
            None => {
                self.children.push(Self { title: first.clone(), ..Self::default() });
                self.children.len() - 1
            }
        };
        let child = &mut self.children[index];
        if rest.is_empty() && child.description.is_none() {
            child.description = descriptions.get(first).cloned();
        }
        child.at(rest, descriptions)
    }
}

/// The services from the client down to the one that an operation belongs to.
fn service_path(node: &OperationNode) -> Vec<String> {
    let extensions = &node.operation.extensions;
    for key in ["x-fern-sdk-group-name", quirks::SERVICE] {
        match extensions.get(key) {
            Some(Value::String(name)) => return vec![name.clone()],
            Some(Value::Array(names)) => return names.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            _ => {}
        }
    }
    node.operation.tags.first().filter(|tag| !tag.is_empty()).into_iter().cloned().collect()
}

/// The words that name the service of an operation.
pub(super) fn service_words(node: &OperationNode) -> String {
    service_path(node).last().cloned().unwrap_or_default()
}
