//! Stage 3, [`Value`] → [`Document`]: typed nodes, references resolved. The HTTP half is read by `openapiv3`, whose
//! types say what OpenAPI 3.0 says; schemas are read by [`schema`], whose type says what JSON Schema 2020-12 says.

mod credentials;
mod examples;
pub(crate) mod http;
mod operation;
pub(crate) mod prose;
pub(crate) mod schema;
pub(crate) mod template;
pub(crate) mod webhook;

use indexmap::IndexMap;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place, Severity, Spot};
use crate::dialect::walk::{kind_at, walk_all};
use crate::dialect::{Generation, INCOMPLETE, Kind, article, external};
use crate::ledger::{LeftOut, operations as count};
use crate::pointer::Pointer;
use crate::source::{Page, Source};
use http::{Body, Parameter, Response, SecurityScheme, Server};
pub(crate) use operation::is_token;
use schema::Schemas;
use webhook::WebhookNode;

/// All that the texts say, typed.
pub(crate) struct Document {
    pub(crate) parts: Vec<Part>,
    pub(crate) schemas: Schemas,
    /// How many operations the texts describe, those left out included.
    pub(crate) operations_found: usize,
    pub(crate) left_out: Vec<LeftOut>,
}

/// What one text says, its schemas apart.
pub(crate) struct Part {
    /// The index of the text among the inputs.
    pub(crate) input: usize,
    pub(crate) page: Option<Page>,
    pub(crate) generation: Generation,
    pub(crate) title: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) servers: Vec<Server>,
    /// The descriptions of the tags.
    pub(crate) tags: IndexMap<String, String>,
    pub(crate) security_schemes: Vec<SecurityScheme>,
    /// The alternatives of credentials, where the text says which.
    pub(crate) security: Option<Vec<Vec<String>>>,
    pub(crate) operations: Vec<OperationNode>,
    pub(crate) webhooks: Vec<WebhookNode>,
}

/// An operation with what it refers to.
#[derive(Clone)]
pub(crate) struct OperationNode {
    /// The method as it is sent: in upper case, unless the document has one of its own.
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) at: Pointer,
    /// The operation without the parts below.
    pub(crate) operation: openapiv3::Operation,
    pub(crate) parameters: Vec<(Pointer, Parameter)>,
    pub(crate) body: Option<(Pointer, Body)>,
    /// The responses by their key: a status, a range or `default`.
    pub(crate) responses: Vec<(String, Pointer, Response)>,
    /// The alternatives of credentials, where the operation or its text says which.
    pub(crate) security: Option<Vec<Vec<String>>>,
    /// The servers of the operation or of its path, where these say which.
    pub(crate) servers: Vec<Server>,
}

impl OperationNode {
    /// The references that were left where its schemas stood.
    pub(crate) fn references(&self) -> impl Iterator<Item = &str> {
        let parameters = self.parameters.iter().flat_map(|(_, parameter)| parameter.references());
        let body = self.body.iter().flat_map(|(_, body)| body.references());
        parameters.chain(body).chain(self.responses.iter().flat_map(|(.., response)| response.references()))
    }
}

/// Reads all texts; what cannot be read is left out and reported.
pub(crate) fn read(sources: Vec<Source>, diagnostics: &mut Diagnostics) -> Document {
    let mut schemas = Schemas::of(&sources);
    let mut shells = Vec::new();
    let operations_found = sources.iter().map(count).sum();
    for mut source in sources {
        lift_schemas(&mut source, &mut schemas);
        shells.push(source);
    }
    schemas.link(&mut shells, diagnostics);
    shells.iter_mut().for_each(|shell| examples::check(shell, &schemas, diagnostics));
    let mut left_out = Vec::new();
    let mut part = |shell: Source| Reader { source: &shell, diagnostics, left_out: &mut left_out }.part();
    let mut parts: Vec<Part> = shells.into_iter().map(&mut part).collect();
    credentials::lift(&mut parts, diagnostics);
    Document { parts, schemas, operations_found, left_out }
}

/// Takes every schema out of the HTTP half and leaves a reference to its place.
fn lift_schemas(source: &mut Source, schemas: &mut Schemas) {
    let input = source.input;
    let schemas_within = source.nested_regions().filter(|(_, kind)| *kind == Kind::Schema);
    let values = schemas_within.filter_map(|(at, _)| Some((at.clone(), at.get(&source.value)?.clone())));
    let nested: Vec<_> = values.filter(|(_, value)| is_schema(value)).collect();
    walk_all(source, &mut |kind, at, node| {
        // A part of a grafted text can be reached in two ways, and a copy is read where it is from.
        let is_copy = schemas.is_copy(input, at);
        if kind == Kind::Schema && is_schema(node) && (is_copy || schemas.at(input, at).is_none()) {
            // What is left is a reference, so that the walk goes no deeper.
            let schema = std::mem::replace(node, json!({ "$ref": at.to_reference() }));
            if !is_copy {
                schemas.read(input, at, schema);
            }
        }
    });
    // What is referred to within a schema can stand where that has none.
    for (at, value) in nested {
        if schemas.at(input, &at).is_none() {
            schemas.read(input, &at, value);
        }
    }
}

/// Whether a value can be a schema: a reference can lead to any text.
fn is_schema(value: &Value) -> bool {
    value.is_object() || value.is_boolean()
}

struct Reader<'s, 'd> {
    source: &'s Source,
    diagnostics: &'d mut Diagnostics,
    left_out: &'d mut Vec<LeftOut>,
}

impl Reader<'_, '_> {
    fn part(mut self) -> Part {
        let root = &self.source.value;
        let text = |pointer: &str| root.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        let operations = self.operations();
        let webhooks = self.webhooks();
        Part {
            input: self.source.input,
            page: self.source.page.clone(),
            generation: self.source.generation,
            title: text("/info/title"),
            description: text("/info/description"),
            servers: http::servers(root, &Pointer::root()),
            tags: tags(root),
            security_schemes: self.security_schemes(),
            security: http::security(root),
            operations,
            webhooks,
        }
    }

    fn warn(&mut self, code: Code, at: &Pointer, message: String, help: &str) {
        let place = Place { input: self.source.input, spot: Spot::Node(at.clone()) };
        self.diagnostics.push(Diagnostic::new(Severity::Warning, code, place, message).help(help));
    }

    /// Follows references to where a node of the HTTP half stands.
    fn follow<'v>(&mut self, kind: Kind, node: &'v Value, at: Pointer) -> Option<(&'v Value, Pointer)>
    where
        Self: 'v,
    {
        let source = self.source;
        let misfit = |found: &Value, at: &Pointer| {
            let what = match kind_at(source, at) {
                _ if !found.is_object() => "something else",
                Some(other) if !can_stand_for(other, kind) => article(other),
                _ => return None,
            };
            Some(format!("leads to {what} and not to {}", article(kind)))
        };
        follow(&source.value, node, at, &misfit)
            .map_err(|(code, at, message)| {
                let help = "the node is left out; a reference must lead to one of its kind in the document";
                self.warn(code, &at, message, help);
            })
            .ok()
    }

    fn typed<T: DeserializeOwned>(&mut self, node: &Value, at: &Pointer, what: &str) -> Option<T> {
        T::deserialize(node)
            .map_err(|error| {
                self.warn(
                    Code::WrongValue,
                    at,
                    format!("{what} is left out: {error}"),
                    "what the specification asks for here is missing or different",
                );
            })
            .ok()
    }

    fn security_schemes(&mut self) -> Vec<SecurityScheme> {
        let at = Pointer::root().key("components").key("securitySchemes");
        let source = self.source;
        let schemes = at.get(&source.value).and_then(Value::as_object).into_iter().flatten();
        let mut read = Vec::new();
        for (name, node) in schemes {
            let Some((node, at)) = self.follow(Kind::SecurityScheme, node, at.key(name)) else { continue };
            match SecurityScheme::read(name, node) {
                Ok(scheme) => read.push(scheme),
                // The audit said so.
                Err(_) if node.get(INCOMPLETE).is_some() => {}
                Err(error) => self.warn(
                    Code::WrongValue,
                    &at,
                    format!("the security scheme is left out: {error}"),
                    "what the specification asks for here is missing or different",
                ),
            }
        }
        read
    }
}

fn tags(root: &Value) -> IndexMap<String, String> {
    let tags = root.get("tags").and_then(Value::as_array).into_iter().flatten();
    let text = |tag: &Value, key: &str| tag.get(key).and_then(Value::as_str).map(str::to_owned);
    tags.filter_map(|tag| Some((text(tag, "name")?, text(tag, "description")?))).collect()
}

/// Whether what is of one kind can be read as another: a header says what a parameter says.
fn can_stand_for(other: Kind, kind: Kind) -> bool {
    let describes_text = |kind| matches!(kind, Kind::Header | Kind::Parameter);
    other == kind || describes_text(other) && describes_text(kind)
}

type Lost = (Code, Pointer, String);

/// Follows `$ref`s from `node`, at most as many as a document without cycles can chain; `misfit` says where what one
/// leads to does not belong.
fn follow<'v>(
    root: &'v Value,
    mut node: &'v Value,
    mut at: Pointer,
    misfit: &dyn Fn(&Value, &Pointer) -> Option<String>,
) -> Result<(&'v Value, Pointer), Lost> {
    const LONGEST_CHAIN: usize = 64;
    for _ in 0..LONGEST_CHAIN {
        let Some(reference) = node.get("$ref").and_then(Value::as_str) else { return Ok((node, at)) };
        let lost = |code, why: &str| Err((code, at.key("$ref"), format!("`{reference}` {why}")));
        let Some(target) = Pointer::from_reference(reference) else {
            return lost(Code::ExternalReference, external::why_lost(reference));
        };
        let Some(found) = target.get(root) else { return lost(Code::DanglingReference, "leads nowhere") };
        if let Some(why) = misfit(found, &target) {
            return lost(Code::DanglingReference, &why);
        }
        (node, at) = (found, target);
    }
    Err((Code::CyclicReference, at.key("$ref"), "the reference leads back to itself".to_owned()))
}
