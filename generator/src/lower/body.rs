//! Stage 4, bodies of requests: for each kind of content that an operation takes, one way to call it.

use serde_json::Value;

use super::Lowerer;
use super::all_of::is_any;
use super::docs;
use super::media_type::{self, Kind};
use super::operation::Alternative;
use super::parameter::Parameters;
use super::place::Hint;
use crate::diagnostic::{Code, Place, Spot};
use crate::dialect::Generation;
use crate::document::http::{self, MediaType};
use crate::document::schema::{SchemaId, Type};
use crate::document::{OperationNode, Part};
use crate::ir::{Body, Content, Parameter, ParameterPlace, ParameterType, PartHead, Style, TypeRef};
use crate::names::{Case, Scope};

/// A property of a form in parts.
struct Property {
    name: String,
    schema: SchemaId,
    required: bool,
}

/// What values of a part are.
#[derive(Default)]
struct Takes {
    /// Whether a value can be a file, and whether it can be a list of them.
    one: bool,
    several: bool,
    /// Whether a value, or an element, can be anything else.
    other: bool,
}

/// The place of what is below a node.
fn below(place: &Place, keys: [&str; 2]) -> Place {
    let spot = match &place.spot {
        Spot::Node(at) => Spot::Node(keys.iter().fold(at.clone(), |at, key| at.key(key))),
        spot => spot.clone(),
    };
    Place { input: place.input, spot }
}

/// The media type of a part, of those that the document allows: the first, and for objects the first that is JSON. A
/// range says nothing definite.
fn one_media_type<'m>(allowed: &'m str, ty: &ParameterType) -> Option<&'m str> {
    let mut definite = allowed.split(',').map(str::trim).filter(|media_type| !media_type.contains('*'));
    let json = definite.clone().find(|media_type| media_type::is_json(media_type));
    json.filter(|_| matches!(ty, ParameterType::Whole(_))).or_else(|| definite.next())
}

/// Whether a part takes one file or several.
fn is_file_type(ty: &ParameterType) -> bool {
    match ty {
        ParameterType::List(element) => **element == ParameterType::Upload,
        ty => *ty == ParameterType::Upload,
    }
}

impl Lowerer<'_> {
    /// The kinds of content of a body, one media type for each: JSON first, else in the document's order.
    pub(super) fn alternatives_of_body<'b>(&mut self, place: &Place, body: &'b http::Body) -> Vec<&'b MediaType> {
        let input = place.input;
        // Beside plain JSON a kind of patch is but another spelling that frameworks print; alone each is its own.
        let are_patches = body.content.iter().all(|content| media_type::is_patch(&content.name));
        let is_one = |a: &MediaType, b: &MediaType| {
            let is_patch = are_patches && self.content_kind(input, a) == Kind::Json;
            let is_other = is_patch && media_type::essence(&a.name) != media_type::essence(&b.name);
            !is_other && self.is_one_kind(input, a, b)
        };
        let (mut chosen, mut others): (Vec<&MediaType>, Vec<_>) = (Vec::new(), Vec::new());
        for content in &body.content {
            match chosen.iter_mut().find(|other| is_one(other, content)) {
                // Among several spellings of JSON, the plain one is that which every server knows.
                Some(other) if content.name == "application/json" => others.push(std::mem::replace(other, content)),
                Some(_) => others.push(content),
                None => chosen.push(content),
            }
        }
        for other in others {
            let Some(sent) = chosen.iter().find(|sent| self.is_one_kind(input, sent, other)) else { continue };
            let same = format!("`{}` is written as `{}` is, which is sent", other.name, sent.name);
            let help = "`header(\"content-type\", …)` of a request names another media type";
            self.tell_same(below(place, ["content", &other.name]), same, help);
        }
        chosen.sort_by_key(|content| {
            let name = media_type::essence(&content.name);
            let is_json = self.content_kind(input, content) == Kind::Json;
            // A JSON Patch is a list, as which it may not be described.
            (
                !is_json,
                name != "application/json",
                name == "application/json-patch+json" && !self.is_list(input, content),
            )
        });
        chosen
    }

    fn is_list(&self, input: usize, content: &MediaType) -> bool {
        let schema = self.content_schema(input, content);
        schema.is_some_and(|schema| self.document.schemas.get(schema).types == [Type::Array])
    }

    /// Whether one method sends either of two kinds of content.
    fn is_one_kind(&self, input: usize, a: &MediaType, b: &MediaType) -> bool {
        let kind = self.content_kind(input, a);
        kind == self.content_kind(input, b)
            && match kind {
                Kind::Text | Kind::Multipart => self.content_word(input, a) == self.content_word(input, b),
                Kind::Json => self.have_one_schema(input, a, b),
                _ => true,
            }
    }

    /// Lowers a body in one of its media types; what a form in parts has becomes parameters.
    pub(super) fn body(
        &mut self,
        operation: &OperationNode,
        &Alternative { place, body, content: media_type }: &Alternative<'_>,
        hint: &Hint,
        names: &mut Scope,
        parameters: &mut Parameters,
    ) -> Option<Body> {
        let hint = hint.of("request");
        let at = below(place, ["content", &media_type.name]);
        let schema = media_type.schema.as_ref();
        let name = |usual| media_type::definite(&media_type.name, usual);
        let content = match self.content_kind(place.input, media_type) {
            Kind::Json => {
                let name = name("application/json");
                let ty = self.http_schema(place.input, schema, &hint).into_type();
                Content::Json {
                    media_type: Some(name).filter(|name| !name.eq_ignore_ascii_case("application/json")),
                    ty,
                }
            }
            Kind::Form => {
                let ty = self.http_schema(place.input, schema, &hint).into_type();
                Content::Form { ty, styles: self.form_styles(&at, media_type) }
            }
            Kind::Multipart => {
                self.form_parts(operation, &at, media_type, &hint, names, parameters);
                return None;
            }
            Kind::Lines => {
                let line = self.line(place.input, media_type, &hint.of("item"));
                let media_type = media_type.name.clone();
                match line {
                    Some(line) => Content::Lines { media_type, ty: TypeRef::List(Box::new(line)) },
                    None => Content::Text(media_type),
                }
            }
            Kind::Text => Content::Text(name("text/plain")),
            Kind::Events | Kind::Bytes => Content::Bytes(name("application/octet-stream")),
        };
        let ident = names.claim("body", Case::Snake);
        let docs = docs::from_markdown(&body.description);
        Some(Body { ident, content, required: body.required, docs, at })
    }

    /// The properties of a form for which the document names a style.
    fn form_styles(&mut self, place: &Place, media_type: &MediaType) -> Vec<(String, Style)> {
        let mut styles = Vec::new();
        for (name, encoding) in &media_type.encoding {
            if encoding.content_type.as_deref().is_some_and(media_type::is_json) {
                styles.push((name.clone(), Style::JSON));
            } else if encoding.styling != http::Styling::default() {
                let place = below(place, ["encoding", name]);
                let style = self.style(&encoding.styling, ParameterPlace::Query, place);
                styles.push((name.clone(), style));
            }
        }
        styles
    }

    fn form_parts(
        &mut self,
        operation: &OperationNode,
        place: &Place,
        media_type: &MediaType,
        hint: &Hint,
        names: &mut Scope,
        parameters: &mut Parameters,
    ) {
        let schema = media_type.schema.as_ref();
        let schema = schema.and_then(|reference| self.document.schemas.at_reference(place.input, reference));
        let mut properties = Vec::new();
        if let Some(schema) = schema {
            self.properties(schema, true, &mut Vec::new(), &mut properties);
        }
        let (mut has_files, is_empty) = (false, properties.is_empty());
        for Property { name, schema, required } in properties {
            let encoding = media_type.encoding.iter().find(|(key, _)| *key == name).map(|(_, encoding)| encoding);
            let at = below(place, ["encoding", &name]);
            let owner = self.owner_hint(schema);
            let ty = self.part_type(schema, encoding, &owner.as_ref().unwrap_or(hint).of(&name));
            has_files |= is_file_type(&ty);
            let style = match encoding.filter(|encoding| encoding.styling != http::Styling::default()) {
                Some(encoding) => match self.style(&encoding.styling, ParameterPlace::Part, at.clone()) {
                    // What stands apart are parts of their own.
                    Style::Other { explode: true, .. } => Style::OfThePlace,
                    style => style,
                },
                None => Style::OfThePlace,
            };
            let ident = self.claim_parameter(operation, &name, names);
            let part = self.part_head(&at, encoding, &ty);
            let node = self.document.schemas.get(schema);
            let parameter = Parameter {
                ident,
                docs: self.taken_docs(&name, "", required, Some(schema)),
                deprecated: node.deprecated,
                wire: name,
                place: ParameterPlace::Part,
                style,
                part,
                ty,
                at: Some(node.place()),
            };
            if required { parameters.arguments.push(parameter) } else { parameters.options.push(parameter) }
        }
        let is_bare = |part: &Part| part.page.is_some() && part.generation == Generation::Bare;
        let is_bare = self.document.parts.iter().any(|part| part.input == place.input && is_bare(part));
        let describe = "describe its parts as properties, files as `type: string` with `format: binary`";
        let (message, help) = match (is_empty, has_files) {
            (true, _) => (
                "the parts of the body are not described as properties of an object: they have no setters",
                "describe them so, or add each by `part`, in the order in which they are sent",
            ),
            (false, false) if is_bare => {
                ("no part of the form is a file, and pages of this kind do not print those", describe)
            }
            _ => return,
        };
        self.warn(Code::UntypedSchema, place.clone(), message, help);
    }

    /// What the head of a part says besides its name: headers with one value; others a caller would have to give.
    fn part_head(&mut self, at: &Place, encoding: Option<&http::Encoding>, ty: &ParameterType) -> PartHead {
        let Some(encoding) = encoding else { return PartHead::default() };
        let mut headers = Vec::new();
        for (name, reference) in &encoding.headers {
            let schema =
                reference.as_ref().and_then(|reference| self.document.schemas.at_reference(at.input, reference));
            match schema.and_then(|schema| self.document.schemas.get(schema).values.as_deref()) {
                Some([Value::String(only)]) => headers.push((name.clone(), only.clone())),
                _ => {
                    let message =
                        format!("the header `{name}` of a part is not sent: the document names no one value of it");
                    let help = "give it a `const`, or send the request by `client.request`";
                    self.warn(Code::UnsupportedKeyword, at.clone(), message, help);
                }
            }
        }
        let allowed = encoding.content_type.as_deref().unwrap_or_default();
        // Which of them a file is, its name tells.
        let media_type = if is_file_type(ty) { allowed } else { one_media_type(allowed, ty).unwrap_or_default() };
        PartHead { media_type: media_type.to_owned(), headers }
    }

    /// What a part takes: a file, or a value. Of a union in which there is a file it takes files, several where one of
    /// the members is a list of them.
    fn part_type(&mut self, schema: SchemaId, encoding: Option<&http::Encoding>, hint: &Hint) -> ParameterType {
        let takes = self.takes(schema, encoding);
        if !takes.one && !takes.several {
            let ty = self.schema(schema, hint).ty;
            return self.parameter_type(&ty);
        }
        if takes.other {
            let place = self.document.schemas.get(schema).place();
            let message = "a part that is a file or another value takes files: the other value has no type";
            let help = "`Upload::text` sends a text, or with `media_type` the JSON of another value";
            self.warn(Code::UntypedSchema, place, message, help);
        }
        if takes.several { ParameterType::List(Box::new(ParameterType::Upload)) } else { ParameterType::Upload }
    }

    /// Which of the values of a part are files, in all the alternatives within each other.
    fn takes(&self, schema: SchemaId, encoding: Option<&http::Encoding>) -> Takes {
        let (mut takes, mut open, mut seen) = (Takes::default(), vec![(schema, false)], Vec::new());
        while let Some((id, is_element)) = open.pop() {
            let id = self.without_wrapping(id);
            if self.is_null(id) || seen.contains(&(id, is_element)) {
                continue;
            }
            seen.push((id, is_element));
            let node = self.document.schemas.get(id);
            let alternatives = Self::alternatives(node);
            match node.items.filter(|_| node.types == [Type::Array] && !is_element) {
                Some(items) => open.push((items, true)),
                None if node.types.is_empty() && !alternatives.is_empty() => {
                    open.extend(alternatives.iter().map(|member| (*member, is_element)));
                }
                None if self.is_file(id, encoding) => {
                    takes.one |= !is_element;
                    takes.several |= is_element;
                }
                None => takes.other = true,
            }
        }
        takes
    }

    /// Whether values are bytes and no text: by the `format` of OpenAPI 3.0, by the content of 3.1, or because nothing
    /// else is said of them (OpenAPI 3.1.1, section 4.8.14.2).
    fn is_file(&self, schema: SchemaId, encoding: Option<&http::Encoding>) -> bool {
        let node = self.document.schemas.get(self.without_wrapping(schema));
        let is_media = |media_type: &str| matches!(media_type::kind(media_type), Kind::Bytes);
        let by_encoding = encoding.and_then(|encoding| encoding.content_type.as_deref()).is_some_and(is_media);
        match node.types.as_slice() {
            [Type::String] => {
                let binary = matches!(node.format.as_deref(), Some("binary" | "file"));
                let text = node.content_encoding.is_some() || node.values.is_some() || node.format.is_some();
                binary || !text && (node.content_media_type.as_deref().is_some_and(is_media) || by_encoding)
            }
            [] => {
                let media = node.content_media_type.as_deref().is_some_and(is_media) || by_encoding;
                // `application/octet-stream` is what content is of which nothing is said.
                let is_named = encoding.is_some_and(|encoding| encoding.content_type.is_some());
                let unsaid = !is_named && is_any(node) && node.format.is_none() && node.default.is_none();
                node.content_encoding.is_none() && (media || unsaid)
            }
            _ => false,
        }
    }

    /// What a schema is once references, and alternatives of which `null` is the other, are followed.
    fn without_wrapping(&self, schema: SchemaId) -> SchemaId {
        const DEEPEST: usize = 16;
        let mut at = schema;
        for _ in 0..DEEPEST {
            let node = self.document.schemas.get(at);
            let members = Self::alternatives(node).iter().chain(Self::parts(node)).copied();
            let others: Vec<_> = members.filter(|member| !self.is_null(*member)).collect();
            at = match (node.target, others.as_slice()) {
                (Some(target), _) => target,
                (None, [only]) if node.types.is_empty() => *only,
                _ => break,
            };
        }
        at
    }

    /// The properties of an object, also those of the schemas that it consists of; those of alternatives are optional.
    fn properties(&self, schema: SchemaId, required: bool, seen: &mut Vec<SchemaId>, found: &mut Vec<Property>) {
        if seen.contains(&schema) {
            return;
        }
        seen.push(schema);
        let node = self.document.schemas.get(schema);
        for part in node.target.iter().chain(Self::parts(node)) {
            self.properties(*part, required, seen, found);
        }
        for member in Self::alternatives(node) {
            self.properties(*member, false, seen, found);
        }
        for (name, property) in &node.properties {
            let read_only = self.document.schemas.get(*property).read_only;
            if !read_only && !found.iter().any(|other| other.name == *name) {
                found.push(Property { name: name.clone(), schema: *property, required: false });
            }
        }
        if required {
            let is_required = |property: &&mut Property| node.required.contains(&property.name);
            found.iter_mut().filter(is_required).for_each(|property| property.required = true);
        }
    }
}
