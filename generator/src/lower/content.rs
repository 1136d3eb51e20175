//! Stage 4, content: what a media type with its schema is, of a request and of a response alike.

use std::collections::HashSet;

use super::Lowerer;
use super::all_of::is_any;
use super::media_type::{self, Kind};
use super::response::{self, Described};
use crate::diagnostic::{Code, Diagnostic, Place, Severity, Spot};
use crate::document::OperationNode;
use crate::document::http::MediaType;
use crate::document::schema::{Schema, SchemaId, Type};
use crate::pointer::Pointer;

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
        let kind = own_kind(content);
        if content.is_lines {
            return kind;
        }
        let has_parts = matches!(kind, Kind::Form | Kind::Multipart);
        if !has_parts && content.item_schema.is_none() && schema.is_some_and(is_binary) {
            return Kind::Bytes;
        }
        if !media_type::is_any(&content.name) {
            let is_object = || schema.is_some_and(|schema| !schema.properties.is_empty());
            // Frameworks name the type of an object so, without saying how it is written.
            return if media_type::is_vendors(&content.name) && is_object() { Kind::Json } else { kind };
        }
        match schema.filter(|schema| !is_any(schema)) {
            Some(schema) if is_text(schema) => Kind::Text,
            Some(schema) if schema.types == [Type::String] => Kind::Bytes,
            Some(_) => Kind::Json,
            None => Kind::Bytes,
        }
    }

    /// Whether content may be anything.
    pub(super) fn says_nothing(&self, input: usize, content: &MediaType) -> bool {
        let schema = self.content_schema(input, content);
        media_type::is_any(&content.name) && schema.is_none_or(|schema| is_any(self.document.schemas.get(schema)))
    }

    /// The word for content in the name of a method.
    pub(super) fn content_word(&self, input: usize, content: &MediaType) -> String {
        media_type::word(&content.name, self.content_kind(input, content))
    }

    /// What awaiting a request gives of a success: JSON, else what comes first and is no stream.
    pub(super) fn plain_content<'c>(&self, input: usize, all: &'c [MediaType]) -> Option<&'c MediaType> {
        let json = all.iter().filter(|content| self.content_kind(input, content) == Kind::Json);
        // Among several spellings of JSON, the plain one is that which every server knows.
        let json = json.min_by_key(|content| content.name != "application/json");
        json.or_else(|| all.iter().find(|content| !is_stream(self.content_kind(input, content))))
    }

    /// The kinds of content of successes that are something else than what the method of the operation gives: each has
    /// a method of its own.
    pub(super) fn other_answers(&mut self, input: usize, node: &OperationNode) -> Vec<MediaType> {
        let mut others: Vec<MediaType> = Vec::new();
        for Described { at, response, .. } in response::described(node).into_iter().filter(Described::has_content) {
            let all = &response.content;
            let (plain, streamed) = (self.plain_content(input, all), streamed_content(all));
            let mut read: Vec<&MediaType> = plain.into_iter().chain(streamed).collect();
            for content in all {
                if read.iter().any(|other| other.name == content.name) || self.says_nothing(input, content) {
                    continue;
                }
                if let Some(other) = read.iter().find(|other| self.is_one_answer(input, other, content)) {
                    let help =
                        "`header(\"accept\", …)` of a request asks for it, `with_raw_response` gives it as it comes";
                    let same = format!("`{}` has what `{}` does, which is asked for", content.name, other.name);
                    self.tell_same(content_place(input, at, &content.name), same, help);
                    continue;
                }
                read.push(content);
                if others.iter().all(|other| other.name != content.name) {
                    others.push(content.clone());
                }
            }
        }
        others
    }

    /// Whether one method gives either of two kinds of content: they hold the same values, or bytes.
    fn is_one_answer(&self, input: usize, a: &MediaType, b: &MediaType) -> bool {
        let kinds = [a, b].map(|content| self.content_kind(input, content));
        match kinds {
            [Kind::Bytes, Kind::Bytes] => true,
            [a, b] if a != b && (is_stream(a) || is_stream(b)) => false,
            [one, other] => self.have_one_schema(input, a, b) && (a.schema.is_some() || one == other),
        }
    }

    /// Says once for each text what media types have in common.
    pub(super) fn tell_same(&mut self, place: Place, same: String, help: &str) {
        if self.same_content.insert((place.input, same.clone())) {
            let message = format!("{same}; this is said once");
            let note = Diagnostic::new(Severity::Note, Code::IgnoredKeyword, place, message);
            self.diagnostics.push(note.help(help));
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

/// The operation with one of the kinds of content of its successes alone, in those that have it.
pub(super) fn answered_by(node: &OperationNode, media_type: &str) -> OperationNode {
    let mut narrowed = node.clone();
    let successes: Vec<_> = response::described(node).into_iter().filter(Described::has_content).collect();
    for (status, _, response) in &mut narrowed.responses {
        let is_success = successes.iter().any(|success| success.status == status);
        if is_success && response.content.iter().any(|content| content.name == media_type) {
            response.content.retain(|content| content.name == media_type);
        }
    }
    narrowed
}

/// Where the content of a media type stands, by the place of the body or the response.
pub(super) fn content_place(input: usize, at: &Pointer, media_type: &str) -> Place {
    Place { input, spot: Spot::Key(at.key("content").key(media_type)) }
}

/// What is read as a stream of a success: events before lines.
pub(super) fn streamed_content(all: &[MediaType]) -> Option<&MediaType> {
    let find = |kind| all.iter().find(|content| own_kind(content) == kind);
    find(Kind::Events).or_else(|| find(Kind::Lines))
}

/// What content is by its media type alone, or by what the dialect says of it.
fn own_kind(content: &MediaType) -> Kind {
    if content.is_lines { Kind::Lines } else { media_type::kind(&content.name) }
}

fn is_stream(kind: Kind) -> bool {
    matches!(kind, Kind::Events | Kind::Lines)
}

fn is_binary(schema: &Schema) -> bool {
    schema.types == [Type::String] && schema.format.as_deref() == Some("binary")
}

fn is_text(schema: &Schema) -> bool {
    schema.types == [Type::String] && !matches!(schema.format.as_deref(), Some("binary" | "byte"))
}
