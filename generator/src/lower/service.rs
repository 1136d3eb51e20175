//! Stage 4, services: groups the operations of all texts into the modules of the client.

use std::collections::HashMap;

use serde_json::Value;

use super::Lowerer;
use super::reserved::CLIENT_METHODS;
use crate::diagnostic::{Code, Place, Spot};
use crate::dialect::quirks;
use crate::document::OperationNode;
use crate::ir::{Operation, Service};
use crate::ledger::{LeftOut, Reason};
use crate::names::{Case, Scope, is_same_name};
use crate::uri::without_names;

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

    /// The operations by the index of their part and their own. Of several descriptions of one operation in several
    /// texts the first counts, which is the newest; within one text, paths that differ in the names of their parameters
    /// alone are kept, and so are operations of several texts that are told apart by more than the request line.
    pub(super) fn described_once(&mut self) -> Vec<(usize, usize)> {
        let mut seen: HashMap<(String, String), Vec<(usize, usize)>> = HashMap::new();
        let (mut kept, mut said, mut left_out) = (Vec::new(), Vec::new(), Vec::new());
        for (part, texts) in self.document.parts.iter().enumerate() {
            for (index, node) in texts.operations.iter().enumerate() {
                let call = format!("{} {}", node.method, node.path);
                let place = Place { input: texts.input, spot: Spot::Key(node.at.clone()) };
                let same = seen.entry((node.method.clone(), without_names(&self.whole_url(node)))).or_default();
                if let Some(first) = same.iter().find(|(other, _)| *other == part) {
                    let OperationNode { method, path, .. } = &texts.operations[first.1];
                    let message = format!("`{call}` is the same request as `{method} {path}`; both are kept");
                    said.push((place, message, "write one path for both"));
                } else if same.iter().any(|first| self.is_one_operation(*first, (part, index))) {
                    let message = format!("`{call}` is described in more than one text; another one is used");
                    left_out.push(LeftOut {
                        operation: call,
                        place: place.clone(),
                        reason: Reason::DescribedElsewhere,
                    });
                    said.push((place, message, "the newest description is used, of equally new ones the first"));
                    continue;
                }
                same.push((part, index));
                kept.push((part, index));
            }
        }
        for (place, message, help) in said {
            self.warn(Code::DuplicateOperation, place, message, help);
        }
        self.document.left_out.extend(left_out);
        self.forget_older(&kept);
        kept
    }

    /// Whether operations of two texts with one request line are one operation. A server can tell them apart by the
    /// constants in their bodies, and pages of one generation by what they call them: a plain call and one that streams
    /// are two pages.
    fn is_one_operation(&self, first: (usize, usize), second: (usize, usize)) -> bool {
        let part = |(part, _): (usize, usize)| &self.document.parts[part];
        let node = |of: (usize, usize)| &part(of).operations[of.1];
        let is_page = |of| part(of).page.is_some();
        let id = |of| node(of).operation.operation_id.as_ref();
        let of_one_print = is_page(first) && is_page(second) && part(first).generation == part(second).generation;
        if of_one_print && id(first) != id(second) {
            return false;
        }
        let constants = |of| self.body_constants(part(of).input, node(of));
        let sent = constants(first);
        !constants(second).iter().any(|(name, value)| sent.iter().any(|(own, other)| own == name && other != value))
    }

    /// The properties of a body that have one value.
    fn body_constants(&self, input: usize, node: &OperationNode) -> Vec<(String, Value)> {
        let schemas = &self.document.schemas;
        let content = node.body.iter().flat_map(|(_, body)| &body.content);
        let bodies = content.filter_map(|content| schemas.at_reference(input, content.schema.as_ref()?));
        let properties = bodies.flat_map(|body| self.merged(body).properties.clone());
        let value = |(name, property)| match schemas.get(schemas.resolve(property)?).values.as_deref()? {
            [only] => Some((name, only.clone())),
            _ => None,
        };
        properties.filter_map(value).collect()
    }

    /// Lets the components of a page go with its operation.
    fn forget_older(&mut self, kept: &[(usize, usize)]) {
        let parts = self.document.parts.iter().enumerate();
        let older = parts.filter(|(index, part)| {
            part.page.is_some() && !part.operations.is_empty() && kept.iter().all(|(other, _)| other != index)
        });
        let older: Vec<usize> = older.map(|(_, part)| part.input).collect();
        self.document.schemas.forget_components(|input| older.contains(&input));
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
