//! What an operation takes and gives, in Rust's terms.

use super::{Docs, Pagination, Primitive, Scalar, Security, TypeId, TypeRef};
use crate::diagnostic::Place;
use crate::names::Ident;

/// One operation.
#[derive(Debug)]
pub(crate) struct Operation {
    /// The name of the method on the service.
    pub(crate) method: Ident,
    /// The name of the type of its request.
    pub(crate) request: Ident,
    /// Where the document describes it.
    pub(crate) place: Place,
    /// What the document calls it.
    pub(crate) id: Option<String>,
    pub(crate) tags: Vec<String>,
    pub(crate) http_method: String,
    pub(crate) path: Vec<PathPart>,
    /// The path template as the document writes it.
    pub(crate) template: String,
    /// Where the vendor documents it.
    pub(crate) reference: Option<String>,
    pub(crate) docs: Docs,
    pub(crate) deprecated: bool,
    /// What the caller must give.
    pub(crate) arguments: Vec<Parameter>,
    /// What the caller may give.
    pub(crate) options: Vec<Parameter>,
    /// What is sent with every call, whoever makes it.
    pub(crate) constants: Vec<ConstantParameter>,
    pub(crate) body: Option<Body>,
    /// Whether the body is a form in parts, which are among the parameters.
    pub(crate) parts: Parts,
    /// The media type of these parts where it is another one than that of forms.
    pub(crate) multipart: Option<String>,
    pub(crate) success: Success,
    /// How the list in the response goes on, where it comes in pages.
    pub(crate) pagination: Option<Pagination>,
    /// How the response can be read as a stream besides.
    pub(crate) stream: Option<Streamed>,
    /// The property of the body that has to be true for this, where one tells.
    pub(crate) stream_flag: Option<String>,
    /// The media type that is asked for; JSON when absent.
    pub(crate) accept: Option<String>,
    pub(crate) errors: Vec<ErrorBody>,
    /// The credentials that the operation needs, where they are others than those of the API.
    pub(crate) security: Option<Security>,
    /// Where the operation is, where that is elsewhere than the API.
    pub(crate) server: Option<String>,
    /// The key by which the server knows that a repetition is one.
    pub(crate) idempotency_key: Option<IdempotencyKey>,
    /// Whether another method sends the same operation with a body of another media type.
    pub(crate) is_sibling: bool,
}

impl Operation {
    /// The types that requests hold.
    pub(crate) fn sent(&self) -> Vec<TypeRef> {
        let parameters = self.arguments.iter().chain(&self.options);
        let mut types: Vec<_> = parameters.filter_map(|parameter| parameter.ty.held()).collect();
        types.extend(self.body.as_ref().and_then(|body| body.content.ty()).cloned());
        types
    }

    /// The types that responses hold.
    pub(crate) fn received(&self) -> Vec<TypeRef> {
        let mut types: Vec<&TypeRef> = self.errors.iter().flat_map(ErrorBody::types).collect();
        let mut streams: Vec<&Streamed> = self.stream.iter().collect();
        match &self.success {
            Success::One(payload) | Success::Optional { payload, .. } => types.extend(payload.json()),
            Success::Outcomes(outcomes) => types.extend(outcomes.outcomes.iter().filter_map(|one| one.payload.json())),
            Success::Stream(stream) => streams.push(stream),
            Success::Raw => {}
        }
        types.extend(self.pagination.iter().map(|pagination| &pagination.item));
        types.extend(streams.into_iter().filter_map(|stream| match &stream.items {
            Items::Events(ty) | Items::NamedEvents(ty) | Items::Lines(ty) => Some(ty),
            Items::Bytes | Items::TextEvents => None,
        }));
        types.into_iter().cloned().collect()
    }
}

/// A header by which the server knows that a repetition is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum IdempotencyKey {
    /// The header of this name has a key of the client's own unless the caller sets one.
    Generated(String),
    /// The caller has to give it.
    Given,
}

/// Whether a body is a form in parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Parts {
    None,
    Optional,
    Required,
}

/// A part of a path template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PathPart {
    /// Text that is sent as it is, percent-encoded already.
    Text(String),
    /// The value of an argument, by its index among the arguments.
    Argument(usize),
}

/// A parameter of an operation.
#[derive(Clone, Debug)]
pub(crate) struct Parameter {
    pub(crate) ident: Ident,
    /// Its name in the request.
    pub(crate) wire: String,
    pub(crate) place: ParameterPlace,
    pub(crate) style: Style,
    /// What a part of a form says of itself.
    pub(crate) part: PartHead,
    pub(crate) ty: ParameterType,
    pub(crate) docs: Docs,
    pub(crate) deprecated: bool,
    /// Where the document describes it; a part of the path that it does not declare is described nowhere.
    pub(crate) at: Option<Place>,
}

/// Where a parameter goes in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum ParameterPlace {
    Path,
    Query,
    /// The query as a whole.
    QueryString,
    Header,
    Cookie,
    /// A part of the form that is the body.
    Part,
}

/// What the document says of a part of a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PartHead {
    /// Empty where the kind of the value decides; of a file those that it can have, which commas separate.
    pub(crate) media_type: String,
    /// Headers with the one value that they can have.
    pub(crate) headers: Vec<(String, String)>,
}

/// How a parameter is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// As its place has it: `simple` in a path and a header, `form` and exploded in a query and a cookie.
    OfThePlace,
    Other {
        form: StyleForm,
        explode: bool,
        allow_reserved: bool,
        /// Whether slashes stay as they are: the value can be several segments of the path.
        slashes: bool,
    },
}

impl Style {
    /// The text of a value as JSON.
    pub(crate) const JSON: Self =
        Self::Other { form: StyleForm::Json, explode: false, allow_reserved: false, slashes: false };
}

/// The styles of OpenAPI, and the text of a value as JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StyleForm {
    Simple,
    Label,
    Matrix,
    Form,
    SpaceDelimited,
    PipeDelimited,
    DeepObject,
    /// Cookies as they are, without percent-encoding.
    Cookie,
    Json,
}

/// What a parameter takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ParameterType {
    Scalar(Primitive),
    /// An enumeration.
    Enum(TypeId),
    /// A union of scalars, of which any is taken.
    Scalars(TypeId),
    /// Several of one of the above.
    List(Box<ParameterType>),
    /// Any other type, by reference.
    Whole(TypeRef),
    /// A file, or other bytes.
    Upload,
}

impl ParameterType {
    /// The type that it is, where the language has none for it.
    fn held(&self) -> Option<TypeRef> {
        match self {
            Self::Whole(ty) => Some(ty.clone()),
            Self::Enum(id) | Self::Scalars(id) => Some(TypeRef::Named(*id)),
            Self::List(inner) => inner.held(),
            Self::Scalar(_) | Self::Upload => None,
        }
    }
}

/// The body of a request.
#[derive(Clone, Debug)]
pub(crate) struct Body {
    pub(crate) ident: Ident,
    pub(crate) content: Content,
    pub(crate) required: bool,
    pub(crate) docs: Docs,
    /// Where its media type stands.
    pub(crate) at: Place,
}

/// What the body of a request is.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    /// JSON, under the media type when that is not the usual one.
    Json { media_type: Option<String>, ty: TypeRef },
    /// A form of names and values, some of them in a style of their own.
    Form { ty: TypeRef, styles: Vec<(String, Style)> },
    /// The elements of a list, each as a line of JSON.
    Lines { media_type: String, ty: TypeRef },
    /// A text of a media type.
    Text(String),
    /// Bytes of a media type.
    Bytes(String),
}

impl Content {
    /// The type of the values that are written.
    fn ty(&self) -> Option<&TypeRef> {
        match self {
            Self::Json { ty, .. } | Self::Form { ty, .. } | Self::Lines { ty, .. } => Some(ty),
            Self::Text(_) | Self::Bytes(_) => None,
        }
    }
}

/// What a successful call gives.
#[derive(Clone, Debug)]
pub(crate) enum Success {
    /// The body.
    One(Payload),
    /// The body, decoded from JSON, where there is one; at some statuses besides 204 and 205 it does not count.
    Optional { payload: Payload, empty: Vec<Statuses> },
    /// One of several, by the status.
    Outcomes(Outcomes),
    /// The body as it comes.
    Stream(Streamed),
    /// The response as it came: its type is not known.
    Raw,
}

/// What the body of a response is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Payload {
    Json(TypeRef),
    /// A string in JSON, which may be nullable; as it is, where it comes as a text.
    JsonString(TypeRef),
    Text,
    Bytes,
    Empty,
}

impl Payload {
    /// The type that is decoded from JSON.
    fn json(&self) -> Option<&TypeRef> {
        match self {
            Self::Json(ty) | Self::JsonString(ty) => Some(ty),
            Self::Text | Self::Bytes | Self::Empty => None,
        }
    }
}

/// The ways in which an operation can succeed.
#[derive(Clone, Debug)]
pub(crate) struct Outcomes {
    /// The name of the type.
    pub(crate) ident: Ident,
    pub(crate) outcomes: Vec<Outcome>,
    /// The name of the variant for other statuses.
    pub(crate) other: Ident,
}

/// One of the ways in which an operation can succeed.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub(crate) ident: Ident,
    pub(crate) statuses: Statuses,
    pub(crate) payload: Payload,
    pub(crate) docs: Docs,
}

/// Statuses from the first to the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Statuses {
    pub(crate) first: u16,
    pub(crate) last: u16,
}

/// The body of a response as a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Streamed {
    pub(crate) media_type: String,
    pub(crate) items: Items,
}

/// What a stream consists of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Items {
    Bytes,
    /// Server-sent events with data in JSON.
    Events(TypeRef),
    /// The same, where the names of the events tell what their data is: they are the tags of the union.
    NamedEvents(TypeRef),
    /// Server-sent events with texts as their data.
    TextEvents,
    /// Values of JSON, one a line.
    Lines(TypeRef),
}

/// A header of responses.
#[derive(Clone, Debug)]
pub(crate) struct Header {
    pub(crate) ident: Ident,
    /// Its name in the response.
    pub(crate) wire: String,
    pub(crate) ty: TypeRef,
    pub(crate) docs: Docs,
}

/// What the body of a response is that is no success.
#[derive(Clone, Debug)]
pub(crate) struct ErrorBody {
    /// The status as the document has it: a number, a range or `default`.
    pub(crate) status: String,
    pub(crate) statuses: Statuses,
    /// The type of its JSON, where there is one.
    pub(crate) ty: Option<TypeRef>,
    /// Those of other media types, which are of JSON too.
    pub(crate) others: Vec<(String, TypeRef)>,
    pub(crate) docs: Docs,
}

impl ErrorBody {
    /// The types that it can be.
    fn types(&self) -> impl Iterator<Item = &TypeRef> {
        self.ty.iter().chain(self.others.iter().map(|(_, ty)| ty))
    }
}

/// A parameter with one value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ConstantParameter {
    pub(crate) place: ParameterPlace,
    pub(crate) wire: String,
    pub(crate) value: Scalar,
}
