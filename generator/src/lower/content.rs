//! Stage 4, content: what a media type with its schema is, of a request and of a response alike.

use std::collections::HashSet;

use super::Lowerer;
use super::media_type::{self, Kind};
use crate::document::http::MediaType;
use crate::document::schema::{Schema, SchemaId, Type};

impl Lowerer<'_> {
    /// The schema of content, behind the references that lead to it.
    pub(super) fn content_schema(&self, input: usize, content: &MediaType) -> Option<SchemaId> {
        let schema = self.document.schemas.at_reference(input, content.schema.as_ref()?)?;
        Some(self.document.schemas.resolve(schema).unwrap_or(schema))
    }

    /// What content is: `*/*` is what its schema is. What that says to be binary is bytes, whatever the media type:
    /// exporters print that of JSON and of texts for files, and `text/event-stream` for streams of any kind.
    pub(super) fn content_kind(&self, input: usize, content: &MediaType) -> Kind {
        let schema = self.content_schema(input, content).map(|schema| self.document.schemas.get(schema));
        let kind = media_type::kind(&content.name);
        let has_parts = matches!(kind, Kind::Form | Kind::Multipart);
        if !has_parts && content.item_schema.is_none() && schema.is_some_and(is_binary) {
            return Kind::Bytes;
        }
        if !media_type::is_any(&content.name) {
            return kind;
        }
        match schema {
            Some(schema) if is_text(schema) => Kind::Text,
            Some(schema) if schema.types == [Type::String] => Kind::Bytes,
            Some(_) => Kind::Json,
            None => Kind::Bytes,
        }
    }

    /// Whether two kinds of content are the same values, or nothing is said of either.
    pub(super) fn have_one_schema(&self, input: usize, a: &MediaType, b: &MediaType) -> bool {
        match (self.content_schema(input, a), self.content_schema(input, b)) {
            (Some(a), Some(b)) => self.document.schemas.equal(a, b, &mut HashSet::new()),
            (a, b) => a == b,
        }
    }
}

fn is_binary(schema: &Schema) -> bool {
    schema.types == [Type::String] && schema.format.as_deref() == Some("binary")
}

fn is_text(schema: &Schema) -> bool {
    schema.types == [Type::String] && !matches!(schema.format.as_deref(), Some("binary" | "byte"))
}
