//! Stage 4, services: groups the operations of all texts into the modules of the client.

use serde_json::Value;

use super::Lowerer;
use super::reserved::CLIENT_METHODS;
use crate::diagnostic::{Code, Place, Spot};
use crate::dialect::quirks;
use crate::document::OperationNode;
use crate::ir::{Operation, Service};
use crate::names::{Case, Scope, is_same_name};

/// What modules of services use without a path.
const SERVICE_NAMES: [&str; 16] = [
    "Box",
    "Call",
    "Client",
    "Into",
    "IntoIterator",
    "Map",
    "Option",
    "RawResponse",
    "Request",
    "Result",
    "Self",
    "Some",
    "StreamRequest",
    "String",
    "Value",
    "Vec",
];

/// What modules of services import, so that no service in them may be called so.
const SERVICE_MODULES: [&str; 1] = ["types"];

/// A service before its operations are lowered.
#[derive(Default)]
struct Group {
    title: String,
    /// Its title behind those of the groups around it.
    path: String,
    description: Option<String>,
    children: Vec<Group>,
    operations: Vec<(usize, usize)>,
}

impl Lowerer<'_> {
    /// Lowers the operations, each given by the index of its part and its own.
    pub(super) fn services(&mut self, operations: Vec<(usize, usize)>) -> Service {
        let mut root = Group::default();
        for (part, index) in operations {
            let node = &self.document.parts[part].operations[index];
            root.at(&service_path(node), &self.document.parts[part].tags).operations.push((part, index));
        }
        let nodes: Vec<Vec<OperationNode>> =
            self.document.parts.iter_mut().map(|part| std::mem::take(&mut part.operations)).collect();
        let mut siblings = Scope::default();
        let mut service = self.service(root, &nodes, &mut siblings, &CLIENT_METHODS);
        if is_empty(&service) {
            let place = Place { input: 0, spot: Spot::Whole };
            self.warn(
                Code::NoOperations,
                place,
                "no operation is left to call",
                "the crate has types, and what reads the payloads of webhooks",
            );
        }
        service.title.clear();
        service
    }

    fn service(
        &mut self,
        group: Group,
        nodes: &[Vec<OperationNode>],
        siblings: &mut Scope,
        reserved: &[&str],
    ) -> Service {
        let module = self.claim_service(&group.path, &group.title, siblings);
        let mut types = Scope::with(SERVICE_NAMES);
        let ident = types.claim(self.renamed_service(&group.path).unwrap_or(&group.title), Case::Camel);
        let mut methods = Scope::with(reserved.iter().copied());
        let mut modules = Scope::with(SERVICE_MODULES.into_iter().chain(reserved.iter().copied()));
        let mut children = Vec::new();
        for child in group.children {
            // The method that leads to a service is called as its module is, so that it takes the name first.
            let mut scope = modules.clone();
            let child = self.service(child, nodes, &mut scope, &[]);
            modules = scope;
            methods.claim(child.module.as_str(), Case::Snake);
            if !is_empty(&child) {
                children.push(child);
            }
        }
        let all =
            group.operations.into_iter().map(|(part, index)| (self.document.parts[part].input, &nodes[part][index]));
        let mut all: Vec<_> = all.enumerate().collect();
        // What the document calls so has the name, also before one that method and path give.
        all.sort_by_key(|(_, (input, node))| !self.has_own_name(*input, node));
        // What the document names takes its name before what is named after the kind of content.
        let own: Vec<_> = all.iter().map(|(_, (input, node))| self.method_words(*input, node)).collect();
        methods.expect(own.iter().map(String::as_str), Case::Snake);
        types.expect(own.iter().map(String::as_str), Case::Camel);
        let mut operations: Vec<(usize, Vec<Operation>)> = Vec::new();
        for (place, (input, node)) in all {
            operations.push((place, self.operation(input, node, &mut methods, &mut types)));
        }
        operations.sort_by_key(|(place, _)| *place);
        let operations = operations.into_iter().flat_map(|(_, operations)| operations).collect();
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
        let known = self.children.iter().position(|child| child.title == *first);
        // What pages spell in several ways is one service.
        let known = known.or_else(|| self.children.iter().position(|child| is_same_name(&child.title, first)));
        let index = match known {
            Some(index) => index,
            None => {
                let path = if self.path.is_empty() { first.clone() } else { format!("{}/{first}", self.path) };
                self.children.push(Self { title: first.clone(), path, ..Self::default() });
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
pub(super) fn service_path(node: &OperationNode) -> Vec<String> {
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
