//! What lowering makes of the documents and emission prints: the client in Rust's terms, free of OpenAPI's.

mod configuration;
mod operation;
mod pagination;
mod types;

pub(crate) use configuration::*;
pub(crate) use operation::*;
pub(crate) use pagination::*;
pub(crate) use types::*;

use crate::diagnostic::Place;
use crate::ledger::LeftOut;
use crate::names::Ident;

/// The whole client.
#[derive(Debug)]
pub(crate) struct Api {
    pub(crate) title: String,
    pub(crate) docs: Docs,
    pub(crate) servers: Servers,
    pub(crate) auth: Auth,
    /// What hangs directly on the client.
    pub(crate) root: Service,
    /// What goes over connections that the client does not open.
    pub(crate) messages: Vec<TypeRef>,
    /// What the API sends by itself.
    pub(crate) webhooks: Vec<Webhook>,
    pub(crate) types: Types,
    /// The type of each schema, by its place.
    pub(crate) schemas: Vec<(Place, TypeRef)>,
    /// The operations of the documents that are not in the client.
    pub(crate) left_out: Vec<LeftOut>,
    /// Whether a schema is a date or a time.
    pub(crate) has_dates: bool,
    /// The headers of responses that the documents describe.
    pub(crate) headers: Vec<Header>,
}

impl Api {
    /// Every operation with the services on the way to it, the root left out.
    pub(crate) fn operations(&self) -> Vec<(Vec<&Service>, &Operation)> {
        fn collect<'a>(service: &'a Service, path: &[&'a Service], all: &mut Vec<(Vec<&'a Service>, &'a Operation)>) {
            all.extend(service.operations.iter().map(|operation| (path.to_vec(), operation)));
            for child in &service.children {
                collect(child, &[path, &[child]].concat(), all);
            }
        }
        let mut all = Vec::new();
        collect(&self.root, &[], &mut all);
        all
    }
}

/// A request that the API sends, with a body in JSON.
#[derive(Debug)]
pub(crate) struct Webhook {
    /// The name of the function that reads its payload.
    pub(crate) ident: Ident,
    /// The words of the document for it.
    pub(crate) title: String,
    pub(crate) ty: TypeRef,
    pub(crate) docs: Docs,
}

/// A group of operations: one module of the client, reached by one method.
#[derive(Debug)]
pub(crate) struct Service {
    /// The name of its type.
    pub(crate) ident: Ident,
    /// The name of its module, and of the method that leads to it.
    pub(crate) module: Ident,
    /// The words of the document for it.
    pub(crate) title: String,
    pub(crate) docs: Docs,
    pub(crate) children: Vec<Service>,
    pub(crate) operations: Vec<Operation>,
}

/// Documentation in Markdown, fit for rustdoc, by lines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Docs(pub(crate) Vec<String>);

impl Docs {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// These words; where the document has none, ours.
    pub(crate) fn or(&self, otherwise: impl Into<String>) -> Self {
        if self.is_empty() { Self::default().paragraph(otherwise) } else { self.clone() }
    }

    /// Adds a remark: to the last sentence, or as a paragraph where the last line is none.
    pub(crate) fn aside(mut self, text: &str) -> Self {
        match self.0.last_mut() {
            Some(line) if line.starts_with(char::is_alphabetic) => {
                line.push(' ');
                line.push_str(text);
                self
            }
            _ => self.paragraph(text),
        }
    }

    /// Adds a paragraph of our own words.
    pub(crate) fn paragraph(mut self, text: impl Into<String>) -> Self {
        if !self.0.is_empty() {
            self.0.push(String::new());
        }
        self.0.push(text.into());
        self
    }
}
