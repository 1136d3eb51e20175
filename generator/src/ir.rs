//! What lowering makes of the documents and emission prints: the client in Rust's terms, free of OpenAPI's.

use crate::diagnostic::Place;
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
    pub(crate) types: Types,
    /// The type of each schema, by its place.
    pub(crate) schemas: Vec<(Place, TypeRef)>,
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

/// Where the API is.
#[derive(Debug, Default)]
pub(crate) struct Servers {
    /// The base URL, when the documents say so; `{name}` stands for a variable.
    pub(crate) base_url: Option<String>,
    /// The variables of all servers.
    pub(crate) variables: Vec<ServerVariable>,
    /// The servers by name, where there are several.
    pub(crate) named: Vec<NamedServer>,
}

/// A part of a base URL that the caller can set.
#[derive(Debug)]
pub(crate) struct ServerVariable {
    /// The name of the setter.
    pub(crate) ident: Ident,
    pub(crate) name: String,
    pub(crate) default: String,
    pub(crate) docs: Docs,
}

/// One of several servers.
#[derive(Debug)]
pub(crate) struct NamedServer {
    /// The name of the constant.
    pub(crate) ident: Ident,
    pub(crate) url: String,
    pub(crate) docs: Docs,
}

/// What a client is configured with to be let in.
#[derive(Debug, Default)]
pub(crate) struct Auth {
    pub(crate) schemes: Vec<Scheme>,
    /// The credentials that a call needs unless its operation says otherwise.
    pub(crate) security: Security,
}

/// Alternatives of which one is needed, each a list of schemes by their index that are needed together.
pub(crate) type Security = Vec<Vec<usize>>;

/// A security scheme.
#[derive(Debug)]
pub(crate) struct Scheme {
    /// The name of its setter.
    pub(crate) ident: Ident,
    pub(crate) place: CredentialPlace,
    /// Whether no operation can be called without it.
    pub(crate) required: bool,
    pub(crate) client_credentials: Option<ClientCredentials>,
}

/// The flow of OAuth 2.0 in which the client itself asks for its tokens.
#[derive(Debug)]
pub(crate) struct ClientCredentials {
    /// The name of its setter.
    pub(crate) ident: Ident,
    pub(crate) token_url: String,
    pub(crate) scopes: Vec<String>,
}

/// Where a credential goes in a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CredentialPlace {
    /// A header that holds the key as it is.
    Header(String),
    /// The header `Authorization` with the scheme `Bearer`.
    Bearer,
    /// The header `Authorization` with the scheme `Basic`: user and password.
    Basic,
    /// The header `Authorization` with another scheme.
    Authorization(String),
    /// A parameter of the query.
    Query(String),
    /// A cookie.
    Cookie(String),
    /// The certificate of the connection.
    Certificate,
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

/// One operation.
#[derive(Debug)]
pub(crate) struct Operation {
    /// The name of the method on the service.
    pub(crate) method: Ident,
    /// The name of the type of its request.
    pub(crate) request: Ident,
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
    pub(crate) body: Option<Body>,
    /// Whether the body is a form in parts, which are among the parameters.
    pub(crate) parts: Parts,
    pub(crate) success: Success,
    /// How the response can be read as a stream besides.
    pub(crate) stream: Option<Streamed>,
    /// The media type that is asked for; JSON when absent.
    pub(crate) accept: Option<String>,
    pub(crate) errors: Vec<ErrorBody>,
    /// The credentials that the operation needs, where they are others than those of the API.
    pub(crate) security: Option<Security>,
    /// Where the operation is, where that is elsewhere than the API.
    pub(crate) server: Option<String>,
    /// The header for a key by which the server knows that a repetition is one.
    pub(crate) idempotency_key: Option<String>,
    /// Whether another method sends the same operation with a body of another media type.
    pub(crate) is_sibling: bool,
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
    /// Empty where the kind of the value decides.
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
    },
}

impl Style {
    /// The text of a value as JSON.
    pub(crate) const JSON: Self = Self::Other { form: StyleForm::Json, explode: false, allow_reserved: false };
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
    /// An enumeration of strings.
    Enum(TypeId),
    /// Several of one of the above.
    List(Box<ParameterType>),
    /// Any other type, by reference.
    Whole(TypeRef),
    /// A file, or other bytes.
    Upload,
}

/// The body of a request.
#[derive(Clone, Debug)]
pub(crate) struct Body {
    pub(crate) ident: Ident,
    pub(crate) content: Content,
    pub(crate) required: bool,
    pub(crate) docs: Docs,
}

/// What the body of a request is.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    /// JSON, under the media type when that is not the usual one.
    Json { media_type: Option<String>, ty: TypeRef },
    /// A form of names and values, some of them in a style of their own.
    Form { ty: TypeRef, styles: Vec<(String, Style)> },
    /// A text of a media type.
    Text(String),
    /// Bytes of a media type.
    Bytes(String),
}

/// What a successful call gives.
#[derive(Clone, Debug)]
pub(crate) enum Success {
    /// The body.
    One(Payload),
    /// The body, decoded from JSON, where there is one.
    Optional(TypeRef),
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
    Text,
    Bytes,
    Empty,
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
    /// Server-sent events with texts as their data.
    TextEvents,
    /// Values of JSON, one a line.
    Lines(TypeRef),
}

/// What the body of a response is that is no success.
#[derive(Clone, Debug)]
pub(crate) struct ErrorBody {
    /// The status as the document has it: a number, a range or `default`.
    pub(crate) status: String,
    pub(crate) statuses: Statuses,
    /// The type of its JSON, where there is one.
    pub(crate) ty: Option<TypeRef>,
    pub(crate) docs: Docs,
}

/// An index into [`Types`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct TypeId(usize);

/// All named types, in the order in which they were found.
#[derive(Debug, Default)]
pub(crate) struct Types(Vec<TypeDef>);

impl TypeId {
    /// Its index among the types.
    pub(crate) fn index(self) -> usize {
        self.0
    }
}

impl Types {
    pub(crate) fn push(&mut self, def: TypeDef) -> TypeId {
        self.0.push(def);
        TypeId(self.0.len() - 1)
    }

    pub(crate) fn get(&self, id: TypeId) -> &TypeDef {
        &self.0[id.0]
    }

    pub(crate) fn get_mut(&mut self, id: TypeId) -> &mut TypeDef {
        &mut self.0[id.0]
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (TypeId, &TypeDef)> {
        self.0.iter().enumerate().map(|(index, def)| (TypeId(index), def))
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

/// A named type.
#[derive(Debug)]
pub(crate) struct TypeDef {
    pub(crate) ident: Ident,
    /// The name of its module.
    pub(crate) module: Ident,
    pub(crate) docs: Docs,
    pub(crate) deprecated: bool,
    /// Whether the document describes it where it is used, and not as a component.
    pub(crate) inline: bool,
    pub(crate) shape: Shape,
    /// Where the document defines it.
    pub(crate) place: Place,
    pub(crate) facts: Facts,
}

/// What analysis finds out about a named type.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Facts {
    /// Whether callers build values of the type, because a request can hold one.
    pub(crate) sent: bool,
    /// Whether servers send values of the type, because a response can hold one.
    pub(crate) received: bool,
}

/// What a named type is. This is the whole output language.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Shape {
    /// A type that is still being lowered; none is left afterwards.
    Pending,
    Struct(Struct),
    StringEnum(Enum<String>),
    ScalarEnum(Enum<Scalar>),
    Union(Union),
    /// Another name for a type.
    Alias(TypeRef),
}

impl Shape {
    /// The types that a type holds.
    pub(crate) fn held(&self) -> Vec<&TypeRef> {
        match self {
            Self::Struct(object) => object.fields().map(|field| &field.ty).chain([&object.extra]).collect(),
            Self::Union(union) => union.variants.iter().map(|variant| &variant.ty).collect(),
            Self::Alias(ty) => vec![ty],
            Self::StringEnum(_) | Self::ScalarEnum(_) | Self::Pending => Vec::new(),
        }
    }

    /// The types that a type holds, to be changed.
    pub(crate) fn held_mut(&mut self) -> Vec<&mut TypeRef> {
        match self {
            Self::Struct(object) => {
                let fields = fields_mut(&mut object.members).map(|field| &mut field.ty);
                fields.chain([&mut object.extra]).collect()
            }
            Self::Union(union) => union.variants.iter_mut().map(|variant| &mut variant.ty).collect(),
            Self::Alias(ty) => vec![ty],
            Self::StringEnum(_) | Self::ScalarEnum(_) | Self::Pending => Vec::new(),
        }
    }
}

/// An object with named properties.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Struct {
    /// The properties in the document's order.
    pub(crate) members: Vec<Member>,
    /// The type of the properties that the document does not name.
    pub(crate) extra: TypeRef,
    /// The name of the field that holds them.
    pub(crate) extra_ident: Ident,
}

impl Struct {
    /// The properties that are fields.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &Field> {
        self.members.iter().filter_map(|member| match member {
            Member::Field(field) => Some(field),
            Member::Constant(_) => None,
        })
    }

    /// The properties that are fields, to be changed.
    pub(crate) fn fields_mut(&mut self) -> impl Iterator<Item = &mut Field> {
        fields_mut(&mut self.members)
    }
}

fn fields_mut(members: &mut [Member]) -> impl Iterator<Item = &mut Field> {
    members.iter_mut().filter_map(|member| match member {
        Member::Field(field) => Some(field),
        Member::Constant(_) => None,
    })
}

/// A property of an object.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Member {
    Field(Field),
    Constant(Constant),
}

/// A property that is a field.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Field {
    pub(crate) ident: Ident,
    /// The name of the property.
    pub(crate) wire: String,
    pub(crate) ty: TypeRef,
    pub(crate) presence: Presence,
    pub(crate) docs: Docs,
    pub(crate) deprecated: bool,
    /// Whether only the server sets it.
    pub(crate) read_only: bool,
    /// Whether the server never shows it.
    pub(crate) write_only: bool,
}

/// Whether a property has to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Presence {
    /// It must be there.
    Required,
    /// It may be absent.
    Optional,
    /// It may be absent, `null` or a value.
    OptionalNullable,
}

/// A property with one value: no field, but a constant of the type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Constant {
    pub(crate) ident: Ident,
    /// The name of the property.
    pub(crate) wire: String,
    pub(crate) value: Scalar,
    pub(crate) docs: Docs,
}

/// A value that is no array and no object.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Scalar {
    Bool(bool),
    Integer(i64),
    Text(String),
}

/// An enumeration, open to other values.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Enum<V> {
    pub(crate) values: Vec<EnumValue<V>>,
    /// The name of the variant for other values.
    pub(crate) other: Ident,
}

/// A named value of an enumeration.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct EnumValue<V> {
    pub(crate) ident: Ident,
    pub(crate) value: V,
    pub(crate) docs: Docs,
}

/// One of several types, open to others.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Union {
    /// The property that tells the members apart, where there is one.
    pub(crate) tag: Option<String>,
    pub(crate) variants: Vec<Variant>,
    /// The name of the variant for values that fit no member.
    pub(crate) other: Ident,
}

/// A member of a union.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Variant {
    pub(crate) ident: Ident,
    pub(crate) ty: TypeRef,
    /// The values of the tag that stand for it.
    pub(crate) tags: Vec<String>,
    pub(crate) docs: Docs,
}

/// A use of a type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum TypeRef {
    Named(TypeId),
    Boxed(Box<TypeRef>),
    Primitive(Primitive),
    List(Box<TypeRef>),
    Map(Box<TypeRef>),
    /// `null` or a value.
    Nullable(Box<TypeRef>),
    /// Any JSON value.
    Value,
}

impl TypeRef {
    /// The named type at the end, which is the only one in a use.
    pub(crate) fn named(&self) -> Option<TypeId> {
        match self {
            Self::Named(id) => Some(*id),
            Self::Boxed(inner) | Self::List(inner) | Self::Map(inner) | Self::Nullable(inner) => inner.named(),
            Self::Primitive(_) | Self::Value => None,
        }
    }

    /// The same use of another named type.
    pub(crate) fn rename(&mut self, to: TypeId) {
        match self {
            Self::Named(id) => *id = to,
            Self::Boxed(inner) | Self::List(inner) | Self::Map(inner) | Self::Nullable(inner) => inner.rename(to),
            Self::Primitive(_) | Self::Value => {}
        }
    }
}

/// A type of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Primitive {
    String,
    Bool,
    I32,
    I64,
    U64,
    F64,
}

/// Documentation in Markdown, fit for rustdoc, by lines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Docs(pub(crate) Vec<String>);

impl Docs {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
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
