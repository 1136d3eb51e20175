//! Stage 4, [`Document`] → [`Api`]: what a construct means in Rust, and every name.

mod all_of;
mod auth;
mod body;
mod content;
mod contradiction;
mod discriminator;
pub(crate) mod docs;
mod enumeration;
mod family;
mod header;
mod implied;
mod inferred;
mod known;
mod merge;
mod narrow;
mod nested;
mod object;
mod once;
mod operation;
mod operation_id;
mod owner;
mod pagination;
mod parameter;
mod place;
mod rename;
mod reserved;
mod response;
mod scalar;
mod schema;
mod server;
mod service;
mod settled;
mod stream;
mod tag;
mod union;
mod variant;
mod webhook;

use std::collections::{HashMap, HashSet};

use crate::Options;
use crate::configuration::Decisions;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place, Severity};
use crate::document::Document;
use crate::document::http::Server;
use crate::document::schema::SchemaId;
use crate::ir::{Api, Docs, Presence, Security, TypeRef, Types};
use crate::media_type;
use crate::names::{Ident, Scope, TYPE_NAMES_IN_USE};
use known::Known;

/// Lowers the documents; what no type or operation can say is reported.
pub(crate) fn lower(
    document: Document,
    options: &Options,
    decisions: &Decisions<'_>,
    diagnostics: &mut Diagnostics,
) -> Api {
    let mut lowerer = Lowerer {
        document,
        decisions,
        diagnostics,
        types: Types::default(),
        lowered: HashMap::new(),
        in_progress: HashMap::new(),
        same: HashMap::new(),
        names: Scope::with(TYPE_NAMES_IN_USE.iter().copied()),
        modules: Scope::default(),
        stands_for: HashMap::new(),
        bases_alone: HashMap::new(),
        combined: HashMap::new(),
        version_words: HashMap::new(),
        ambiguous_ids: HashSet::new(),
        component_names: HashMap::new(),
        component_idents: HashMap::new(),
        held_names: HashMap::new(),
        title_places: HashMap::new(),
        scheme_names: Vec::new(),
        scheme_indices: HashMap::new(),
        security: Security::new(),
        undefined_schemes: HashSet::new(),
        home: (0, Vec::new()),
        known: Known::default(),
        breadth: 1,
        tags: HashMap::new(),
        used_alone: HashSet::new(),
        has_dates: false,
        headers: Vec::new(),
        same_content: HashSet::new(),
        elsewhere: Vec::new(),
    };
    let mut setters = Scope::with(reserved::BUILDER_METHODS);
    let auth = lowerer.auth(&mut setters);
    lowerer.place_operations();
    let operations = lowerer.described_once();
    lowerer.find_ambiguous_ids(&operations);
    lowerer.tell_operation_ids();
    lowerer.merge_components();
    lowerer.name_components();
    lowerer.name_held();
    lowerer.settle_titles(&operations);
    lowerer.set_bases_apart();
    lowerer.tell_discriminators();
    lowerer.settle_tags();
    let root = lowerer.services(operations);
    lowerer.components();
    let messages = lowerer.messages();
    let webhooks = lowerer.webhooks();
    let title = lowerer.title().unwrap_or_else(|| options.name.clone());
    let servers = lowerer.servers(&mut setters);
    let docs = lowerer.introduction();
    let schemas = lowerer.schema_types();
    let headers = lowerer.headers();
    let Lowerer { document: Document { left_out, .. }, types, has_dates, .. } = lowerer;
    Api { left_out, title, docs, servers, auth, root, messages, webhooks, types, schemas, has_dates, headers }
}

/// A schema in Rust's terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lowered {
    pub(crate) ty: TypeRef,
    /// Whether `null` is a value too.
    pub(crate) nullable: bool,
}

impl Lowered {
    fn new(ty: TypeRef) -> Self {
        Self { ty, nullable: false }
    }

    /// The type of a property or an element, and whether it has to be there.
    fn into_presence(self, required: bool, types: &Types) -> (Presence, TypeRef) {
        match (required, self.nullable || types.is_any(&self.ty)) {
            (true, _) => (Presence::Required, self.into_type()),
            (false, false) => (Presence::Optional, self.ty),
            // `null` is a value of any type's, and so is its absence.
            (false, true) => (Presence::OptionalNullable, self.ty),
        }
    }

    /// The type with `null` among its values.
    fn into_type(self) -> TypeRef {
        match (self.nullable, self.ty) {
            // A JSON value can be `null` already.
            (true, ty) if !matches!(ty, TypeRef::Value | TypeRef::Nullable(_)) => TypeRef::Nullable(Box::new(ty)),
            (_, ty) => ty,
        }
    }
}

struct Lowerer<'d> {
    document: Document,
    decisions: &'d Decisions<'d>,
    diagnostics: &'d mut Diagnostics,
    types: Types,
    /// What the schemas that were lowered became.
    lowered: HashMap<SchemaId, Lowered>,
    /// The schemas that are being lowered, and how many types there were when that began.
    in_progress: HashMap<SchemaId, usize>,
    /// The schemas that were made of others, and these, as long as neither has a type.
    stands_for: HashMap<SchemaId, SchemaId>,
    /// The bases of families that are members of them too, and the schemas that are each of these alone.
    bases_alone: HashMap<SchemaId, SchemaId>,
    /// The schemas that say what two parts of an `allOf` do.
    combined: HashMap<(SchemaId, SchemaId), SchemaId>,
    /// Components that say the same as one of an earlier text, and that one.
    same: HashMap<SchemaId, SchemaId>,
    /// The names of types.
    names: Scope,
    /// The names of the modules of types.
    modules: Scope,
    /// The operations that their ids do not name.
    ambiguous_ids: HashSet<Place>,
    /// What tells a component from one of the same name in other texts.
    version_words: HashMap<SchemaId, String>,
    /// The words that name each component.
    component_names: HashMap<SchemaId, String>,
    /// The names of the types of components that were not lowered yet.
    component_idents: HashMap<SchemaId, Ident>,
    /// The words that name what stands in components that are no schemas, by its place.
    held_names: HashMap<Place, String>,
    /// Where the schema stands that has its title as its name, by the title.
    title_places: HashMap<String, Place>,
    /// The names of the security schemes, by their indices.
    scheme_names: Vec<String>,
    /// The indices of the security schemes, by the text and the name that it knows them by.
    scheme_indices: HashMap<(usize, String), usize>,
    /// The credentials of the operations that say nothing of their own.
    security: Security,
    /// The security schemes of which it was said that there is none.
    undefined_schemes: HashSet<String>,
    /// The servers of the operations that have none of their own, and the text that names them.
    home: (usize, Vec<Server>),
    known: Known,
    /// How many members the unions have together that are unfolded around the schema that is being lowered.
    breadth: usize,
    /// The one value that a mapping has for a schema, by the place of the schema and the name of the property.
    tags: HashMap<(Place, String), String>,
    /// Where the schemas are that stand not only in the lists of unions.
    used_alone: HashSet<Place>,
    /// Whether a schema became a date or a time.
    has_dates: bool,
    /// The headers of responses so far.
    headers: Vec<header::Found>,
    /// What was said of media types that hold the same, and the text that has them.
    same_content: HashSet<(usize, String)>,
    /// The servers of operations of their own so far.
    elsewhere: Vec<Server>,
}

impl Lowerer<'_> {
    fn warn(&mut self, code: Code, place: Place, message: impl Into<String>, help: &str) {
        self.diagnostics.push(Diagnostic::new(Severity::Warning, code, place, message).help(help));
    }

    /// The types of messages.
    fn messages(&mut self) -> Vec<TypeRef> {
        let messages = self.document.schemas.messages().to_vec();
        messages.into_iter().map(|id| self.component(id).into_type()).collect()
    }

    /// What every schema of the texts became, in the order of the texts.
    fn schema_types(&self) -> Vec<(Place, TypeRef)> {
        let mut ids: Vec<_> = self.lowered.keys().copied().collect();
        ids.sort();
        let schemas = &self.document.schemas;
        let in_text =
            ids.into_iter().filter(|id| schemas.at(schemas.get(*id).input, &schemas.get(*id).at) == Some(*id));
        in_text.map(|id| (schemas.get(id).place(), self.lowered[&id].clone().into_type())).collect()
    }

    fn title(&self) -> Option<String> {
        // The title of a page is that of its one operation.
        let parts = &self.document.parts;
        parts.iter().filter(|part| part.page.is_none()).find_map(|part| part.title.clone())
    }

    fn introduction(&self) -> Docs {
        let parts = &self.document.parts;
        let description = parts.iter().filter(|part| part.page.is_none()).find_map(|part| part.description.as_deref());
        docs::from_markdown(description.unwrap_or_default())
    }
}
