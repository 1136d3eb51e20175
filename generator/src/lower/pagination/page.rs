//! Stage 4, pagination: what a page holds, the list and the values beside it.

use super::super::Lowerer;
use super::one;
use crate::document::OperationNode;
use crate::document::schema::{Schema, SchemaId};
use crate::ir::{Primitive, Shape, Struct, TypeRef};
use crate::names::snake_case;

/// What lists are called among other lists.
const LISTS: [&str; 7] = ["data", "entries", "items", "objects", "records", "results", "values"];

/// The objects that tell of pages.
const ABOUT_PAGES: [&str; 11] = [
    "cursor",
    "cursors",
    "links",
    "meta",
    "metadata",
    "next",
    "page",
    "page_info",
    "pages",
    "pagination",
    "response_metadata",
];

/// A value beside the list.
pub(super) struct Beside {
    /// The way to it, by the names of properties.
    pub(super) way: Vec<String>,
    /// Its name in snake case, and those of the objects around it.
    pub(super) name: String,
    pub(super) around: Vec<String>,
    pub(super) ty: Primitive,
}

impl Lowerer<'_> {
    /// The list that a body is, or the one that it has.
    pub(super) fn list(&self, body: &TypeRef) -> Option<(Vec<String>, TypeRef)> {
        if let TypeRef::List(item) = self.bare(body) {
            return Some((Vec::new(), (**item).clone()));
        }
        let lists = self.struct_of(body)?.fields().filter_map(|field| match self.bare(&field.ty) {
            TypeRef::List(item) => Some((field.wire.clone(), (**item).clone())),
            _ => None,
        });
        let lists: Vec<_> = lists.collect();
        let named = lists.iter().filter(|(name, _)| LISTS.contains(&snake_case(name).as_str()));
        let (name, item) = one(lists.iter()).or_else(|| one(named))?;
        Some((vec![name.clone()], item.clone()))
    }

    /// Whether the schema at the end of a way through the body says that it is a URI.
    pub(super) fn is_uri(&self, input: usize, node: &OperationNode, way: &[String]) -> bool {
        let successes = node.responses.iter().filter(|(status, ..)| status.starts_with('2'));
        let schemas = successes.flat_map(|(.., response)| &response.content).filter_map(|one| one.schema.as_ref());
        schemas.filter_map(|reference| self.document.schemas.at_reference(input, reference)).any(|body| {
            let end = way.iter().try_fold(body, |schema, name| self.property(schema, name, 0));
            let end = end.map(|end| self.followed(end));
            end.is_some_and(|end| matches!(end.format.as_deref(), Some("uri" | "url" | "uri-reference")))
        })
    }

    /// The schema of a property, wherever the schema of the object has it.
    fn property(&self, schema: SchemaId, name: &str, depth: usize) -> Option<SchemaId> {
        const DEEPEST: usize = 8;
        let schema = self.followed(schema);
        let own = schema.properties.iter().find(|(own, _)| own == name).map(|(_, property)| *property);
        let mut parts = schema.all_of.iter().chain(&schema.any_of).filter(|_| depth < DEEPEST);
        own.or_else(|| parts.find_map(|part| self.property(*part, name, depth + 1)))
    }

    pub(super) fn followed(&self, schema: SchemaId) -> &Schema {
        let schema = self.document.schemas.get(schema);
        schema.target.map_or(schema, |target| self.document.schemas.get(target))
    }

    /// The values that a body has beside its list, those in the objects included that tell of pages.
    pub(super) fn values(&self, body: &TypeRef) -> Vec<Beside> {
        let mut values = Vec::new();
        self.collect_values(body, &[], &mut values);
        values
    }

    fn collect_values(&self, ty: &TypeRef, way: &[String], values: &mut Vec<Beside>) {
        const DEEPEST: usize = 3;
        let Some(object) = self.struct_of(ty) else { return };
        for field in object.fields() {
            let (name, own) = (snake_case(&field.wire), [way, std::slice::from_ref(&field.wire)].concat());
            match self.bare(&field.ty) {
                TypeRef::Primitive(ty) => {
                    let around = way.iter().map(|name| snake_case(name)).collect();
                    values.push(Beside { way: own, name, around, ty: *ty });
                }
                inner if own.len() < DEEPEST && ABOUT_PAGES.contains(&name.as_str()) => {
                    self.collect_values(inner, &own, values);
                }
                _ => {}
            }
        }
    }

    pub(in crate::lower) fn struct_of(&self, ty: &TypeRef) -> Option<&Struct> {
        match self.bare(ty) {
            TypeRef::Named(id) => match &self.types.get(*id).shape {
                Shape::Struct(object) => Some(object),
                _ => None,
            },
            _ => None,
        }
    }

    /// The type without boxes, other names and `null`.
    pub(in crate::lower) fn bare<'t>(&'t self, mut ty: &'t TypeRef) -> &'t TypeRef {
        const LONGEST_CHAIN: usize = 64;
        for _ in 0..LONGEST_CHAIN {
            ty = match ty {
                TypeRef::Boxed(inner) | TypeRef::Nullable(inner) => inner,
                TypeRef::Named(id) => match &self.types.get(*id).shape {
                    Shape::Alias(inner) => inner,
                    _ => return ty,
                },
                _ => return ty,
            };
        }
        ty
    }
}
