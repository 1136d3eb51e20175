//! Stage 4, headers of responses: one for each name, whatever the operation that has it.

use super::Lowerer;
use super::docs;
use super::place::Hint;
use crate::diagnostic::{Code, Place, Spot};
use crate::document::OperationNode;
use crate::document::http;
use crate::ir::{Docs, Header, Primitive, Shape, TypeRef};
use crate::names::{Case, Scope};
use crate::pointer::Pointer;

/// What describes the body and not the response (OpenAPI 3.1.1, section 4.8.17).
const OF_THE_BODY: &str = "content-type";

/// A header before it has a name in code.
pub(super) struct Found {
    name: String,
    ty: TypeRef,
    docs: Docs,
}

impl Lowerer<'_> {
    /// Takes down the headers of the responses of an operation.
    pub(super) fn response_headers(&mut self, input: usize, node: &OperationNode) {
        for (_, at, response) in &node.responses {
            for header in &response.headers {
                self.response_header(input, at, header);
            }
        }
    }

    fn response_header(&mut self, input: usize, at: &Pointer, header: &http::Header) {
        let name = header.name.to_ascii_lowercase();
        if name == OF_THE_BODY {
            return;
        }
        let ty = match &header.schema {
            Some(_) => self.http_schema(input, header.schema.as_ref(), &Hint::new(format!("{name} header"))).ty,
            None => TypeRef::Primitive(Primitive::String),
        };
        let is_read = self.is_read_from_text(&ty);
        if !is_read {
            let place = Place { input, spot: Spot::Key(at.key("headers").key(&header.name)) };
            let message = format!("the header `{}` is read as a text", header.name);
            self.warn(Code::UntypedSchema, place, message, "headers are scalars, enumerations, or lists of these");
        }
        let ty = if is_read { ty } else { TypeRef::Primitive(Primitive::String) };
        match self.headers.iter_mut().find(|found| found.name == name) {
            // Where descriptions differ, each value is a text all the same.
            Some(found) if found.ty != ty => found.ty = TypeRef::Primitive(Primitive::String),
            Some(_) => {}
            None => self.headers.push(Found { name, ty, docs: docs::from_markdown(&header.description) }),
        }
    }

    fn is_read_from_text(&self, ty: &TypeRef) -> bool {
        match ty {
            TypeRef::Primitive(_) => true,
            TypeRef::List(inner) | TypeRef::Nullable(inner) | TypeRef::Boxed(inner) => self.is_read_from_text(inner),
            TypeRef::Named(id) => match &self.types.get(*id).shape {
                Shape::StringEnum(_) | Shape::ScalarEnum(_) => true,
                Shape::Alias(inner) => self.is_read_from_text(inner),
                Shape::Union(union) => union.variants.iter().all(|variant| self.is_read_from_text(&variant.ty)),
                Shape::Struct(_) | Shape::Tuple(_) | Shape::Own(_) | Shape::Pending => false,
            },
            TypeRef::Map(_) | TypeRef::Value => false,
        }
    }

    /// The headers with their names, in the order of these.
    pub(super) fn headers(&mut self) -> Vec<Header> {
        let mut found = std::mem::take(&mut self.headers);
        found.sort_by(|a, b| a.name.cmp(&b.name));
        let mut names = Scope::default();
        let header =
            |Found { name, ty, docs }| Header { ident: names.claim(&name, Case::Shouty), wire: name, ty, docs };
        found.into_iter().map(header).collect()
    }
}
