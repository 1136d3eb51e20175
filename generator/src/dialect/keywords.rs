//! Stage 2, the table of keywords: for each kind of node, which keywords it has, what their values are, and what
//! becomes of them. It drives the walk through a document and the audit.

mod messages;
mod swagger;

/// A kind of node of a description.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    Root,
    Info,
    Server,
    ServerVariable,
    Paths,
    PathItem,
    Operation,
    Parameter,
    RequestBody,
    MediaType,
    Encoding,
    Responses,
    Response,
    Header,
    Callback,
    Components,
    SecurityScheme,
    OAuthFlows,
    OAuthFlow,
    /// The flow that a client goes through by itself.
    ClientCredentials,
    Tag,
    Schema,
    Discriminator,
    /// The root of a description in AsyncAPI 2, and the nodes that it alone has.
    AsyncRoot,
    AsyncComponents,
    Channel,
    ChannelOperation,
    Message,
}

/// What the value of a keyword is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Expect {
    Anything,
    Text,
    Flag,
    Number,
    Texts,
    /// An object with texts as its values.
    TextMap,
    Object,
    Array,
    OneOf(&'static [&'static str]),
    /// A type of JSON Schema, or a list of them.
    TypeNames,
    /// A list of security requirements.
    Requirements,
    Node(Kind),
    List(Kind),
    /// A node, or a list of them.
    NodeOrList(Kind),
    Map(Kind),
}

/// What becomes of a keyword.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Treatment {
    /// It shapes the client or its documentation.
    Used,
    /// It says nothing that a client needs; the reason.
    Ignored(&'static str),
    /// A client should honour it, and this version does not; what is lost.
    Unsupported(&'static str),
}

use Expect::{
    Anything, Array, Flag, List, Map, Node, NodeOrList, Number, Object, OneOf, Requirements, Text, TextMap, Texts,
    TypeNames,
};
use Treatment::{Ignored, Unsupported, Used};

/// A keyword of a kind of node.
pub(crate) type Keyword = (&'static str, Expect, Treatment);

const EXAMPLE: Treatment = Ignored("examples do not shape a type");
const CONSTRAINT: Treatment = Ignored("a constraint on values, not a type");
const TOKEN: Treatment = Ignored("a token is set by the caller");
const LINK: Treatment = Ignored("a link for readers of the document");

/// Whose keywords the nodes of a text have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    /// Those of OpenAPI 3, which every text has behind the upgrade, and of AsyncAPI 2.
    Current,
    /// Those of Swagger 2.0, and of OpenAPI 3 where authors mix them.
    Swagger,
}

impl Version {
    /// The fixed keywords of a kind of node; of two with one name the first counts.
    pub(crate) fn keywords(self, kind: Kind) -> impl Iterator<Item = &'static Keyword> {
        let own = if self == Self::Swagger { swagger::keywords(kind) } else { &[] };
        own.iter().chain(keywords(kind))
    }

    /// What a keyword of a kind of node is, if there is one with this name.
    pub(crate) fn find(self, kind: Kind, key: &str) -> Option<&'static Keyword> {
        self.keywords(kind).find(|(name, ..)| *name == key)
    }

    /// What the value of a key of a node is, whether the key is a keyword or free.
    pub(crate) fn expected(self, kind: Kind, key: &str) -> Option<Expect> {
        self.find(kind, key).map(|(_, expect, _)| *expect).or_else(|| member(kind, key))
    }
}

/// The fixed keywords of a kind of node, after OpenAPI 3.0.4, 3.1.1 and 3.2.0, section 4, and JSON Schema 2020-12.
pub(crate) fn keywords(kind: Kind) -> &'static [Keyword] {
    match kind {
        Kind::Root => ROOT,
        Kind::Info => INFO,
        Kind::Server => SERVER,
        Kind::ServerVariable => SERVER_VARIABLE,
        Kind::PathItem => PATH_ITEM,
        Kind::Operation => OPERATION,
        Kind::Parameter => PARAMETER,
        Kind::RequestBody => REQUEST_BODY,
        Kind::MediaType => MEDIA_TYPE,
        Kind::Encoding => ENCODING,
        Kind::Response => RESPONSE,
        Kind::Header => HEADER,
        Kind::Components => COMPONENTS,
        Kind::SecurityScheme => SECURITY_SCHEME,
        Kind::OAuthFlows => OAUTH_FLOWS,
        Kind::OAuthFlow | Kind::ClientCredentials => OAUTH_FLOW,
        Kind::Tag => TAG,
        Kind::Schema => SCHEMA,
        Kind::Discriminator => DISCRIMINATOR,
        Kind::AsyncRoot => messages::ROOT,
        Kind::AsyncComponents => messages::COMPONENTS,
        Kind::Channel => messages::CHANNEL,
        Kind::ChannelOperation => messages::OPERATION,
        Kind::Message => messages::MESSAGE,
        Kind::Paths | Kind::Responses | Kind::Callback => &[],
    }
}

/// The keywords that a node cannot do without.
pub(crate) fn required(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Server => &["url"],
        Kind::Parameter => &["name", "in"],
        Kind::SecurityScheme => &["type"],
        Kind::ClientCredentials => &["tokenUrl"],
        Kind::Discriminator => &["propertyName"],
        Kind::Tag => &["name"],
        _ => &[],
    }
}

/// The kind of the node that a way leads to from a node of a kind; `None` where the table has no node.
pub(crate) fn kind_within(kind: Kind, way: impl Iterator<Item = String>) -> Option<Kind> {
    let mut expect = Node(kind);
    for token in way {
        expect = match expect {
            NodeOrList(kind) if token.parse::<usize>().is_ok() => Node(kind),
            Node(kind) | NodeOrList(kind) => Version::Current.expected(kind, &token)?,
            List(kind) | Map(kind) => Node(kind),
            _ => return None,
        };
    }
    match expect {
        Node(kind) | NodeOrList(kind) => Some(kind),
        _ => None,
    }
}

/// What the members of a node are whose keys are free, such as the paths.
pub(crate) fn member(kind: Kind, key: &str) -> Option<Expect> {
    match kind {
        // Authors forget the slash in front, or write a whole URL.
        Kind::Paths if !key.starts_with("x-") => Some(Node(Kind::PathItem)),
        Kind::Responses if key == "default" || is_status(key) => Some(Node(Kind::Response)),
        Kind::Callback => Some(Node(Kind::PathItem)),
        _ => None,
    }
}

/// A status code or a range of them (OpenAPI 3.1.1, section 4.8.16).
fn is_status(key: &str) -> bool {
    let mut characters = key.chars();
    let first = characters.next().is_some_and(|digit| matches!(digit, '1'..='5'));
    let rest = characters.as_str();
    first && (rest.eq_ignore_ascii_case("xx") || rest.len() == 2 && rest.chars().all(|digit| digit.is_ascii_digit()))
}

const ROOT: &[Keyword] = &[
    ("openapi", Text, Used),
    ("info", Node(Kind::Info), Used),
    ("servers", List(Kind::Server), Used),
    ("paths", Node(Kind::Paths), Used),
    ("webhooks", Map(Kind::PathItem), Used),
    ("components", Node(Kind::Components), Used),
    // Where Swagger 2.0 has its components.
    ("definitions", Map(Kind::Schema), Used),
    ("parameters", Map(Kind::Parameter), Used),
    ("responses", Map(Kind::Response), Used),
    ("security", Requirements, Used),
    ("tags", List(Kind::Tag), Used),
    ("externalDocs", Object, LINK),
    ("jsonSchemaDialect", Text, Ignored("schemas are read as JSON Schema 2020-12")),
    ("$self", Text, Used),
];

const INFO: &[Keyword] = &[
    ("title", Text, Used),
    ("summary", Text, Ignored("the description says more")),
    ("description", Text, Used),
    ("termsOfService", Text, LINK),
    ("contact", Object, LINK),
    ("license", Object, LINK),
    ("version", Text, Used),
];

const SERVER: &[Keyword] = &[
    ("url", Text, Used),
    ("name", Text, Used),
    ("description", Text, Used),
    ("variables", Map(Kind::ServerVariable), Used),
];

const SERVER_VARIABLE: &[Keyword] = &[
    ("enum", Texts, Ignored("a constraint on values, not a type")),
    ("default", Text, Used),
    ("description", Text, Used),
];

const TAG: &[Keyword] = &[
    ("name", Text, Used),
    ("description", Text, Used),
    ("externalDocs", Object, LINK),
    ("summary", Text, Ignored("the description says more")),
    ("parent", Text, Ignored("services are not nested by tags")),
    ("kind", Text, Ignored("services are not nested by tags")),
];

const PATH_ITEM: &[Keyword] = &[
    ("$ref", Text, Used),
    ("summary", Text, Ignored("operations have their own")),
    ("description", Text, Ignored("operations have their own")),
    ("get", Node(Kind::Operation), Used),
    ("put", Node(Kind::Operation), Used),
    ("post", Node(Kind::Operation), Used),
    ("delete", Node(Kind::Operation), Used),
    ("options", Node(Kind::Operation), Used),
    ("head", Node(Kind::Operation), Used),
    ("patch", Node(Kind::Operation), Used),
    ("trace", Node(Kind::Operation), Used),
    ("query", Node(Kind::Operation), Used),
    ("additionalOperations", Map(Kind::Operation), Used),
    ("servers", List(Kind::Server), Used),
    ("parameters", List(Kind::Parameter), Used),
];

const OPERATION: &[Keyword] = &[
    ("tags", Texts, Used),
    ("summary", Text, Used),
    ("description", Text, Used),
    ("externalDocs", Object, LINK),
    ("operationId", Text, Used),
    ("parameters", List(Kind::Parameter), Used),
    ("requestBody", Node(Kind::RequestBody), Used),
    ("responses", Node(Kind::Responses), Used),
    ("callbacks", Map(Kind::Callback), Used),
    ("deprecated", Flag, Used),
    ("security", Requirements, Used),
    ("servers", List(Kind::Server), Used),
];

const PARAMETER: &[Keyword] = &[
    ("$ref", Text, Used),
    ("name", Text, Used),
    ("in", OneOf(&["query", "header", "path", "cookie", "querystring"]), Used),
    ("description", Text, Used),
    ("summary", Text, Ignored("the description says more")),
    ("required", Flag, Used),
    ("deprecated", Flag, Used),
    ("allowEmptyValue", Flag, Ignored("an empty text is sent as it is")),
    (
        "style",
        OneOf(&["matrix", "label", "form", "simple", "spaceDelimited", "pipeDelimited", "deepObject", "cookie"]),
        Used,
    ),
    ("explode", Flag, Used),
    ("allowReserved", Flag, Used),
    ("schema", Node(Kind::Schema), Used),
    ("content", Map(Kind::MediaType), Used),
    ("example", Anything, EXAMPLE),
    ("examples", Anything, EXAMPLE),
];

const REQUEST_BODY: &[Keyword] = &[
    ("$ref", Text, Used),
    ("description", Text, Used),
    ("summary", Text, Ignored("the description says more")),
    ("content", Map(Kind::MediaType), Used),
    ("required", Flag, Used),
];

const MEDIA_TYPE: &[Keyword] = &[
    ("$ref", Text, Used),
    ("schema", Node(Kind::Schema), Used),
    ("itemSchema", Node(Kind::Schema), Used),
    ("example", Anything, EXAMPLE),
    ("examples", Anything, EXAMPLE),
    ("encoding", Map(Kind::Encoding), Used),
    ("prefixEncoding", Array, Unsupported("parts are encoded by their types")),
    ("itemEncoding", Object, Unsupported("parts are encoded by their types")),
];

const ENCODING: &[Keyword] = &[
    ("contentType", Text, Used),
    ("headers", Map(Kind::Header), Used),
    ("style", Text, Used),
    ("explode", Flag, Used),
    ("allowReserved", Flag, Used),
    ("encoding", Map(Kind::Encoding), Unsupported("parts are encoded by their types")),
    ("prefixEncoding", Array, Unsupported("parts are encoded by their types")),
    ("itemEncoding", Object, Unsupported("parts are encoded by their types")),
];

const RESPONSE: &[Keyword] = &[
    ("$ref", Text, Used),
    ("summary", Text, Ignored("the description says more")),
    ("description", Text, Used),
    ("headers", Map(Kind::Header), Used),
    ("content", Map(Kind::MediaType), Used),
    ("links", Object, Ignored("links do not shape a client")),
];

const HEADER: &[Keyword] = &[
    ("$ref", Text, Used),
    ("description", Text, Used),
    ("required", Flag, Used),
    ("deprecated", Flag, Used),
    ("allowEmptyValue", Flag, Ignored("headers are kept as they come")),
    ("style", Text, Used),
    ("explode", Flag, Used),
    ("allowReserved", Flag, Ignored("headers are kept as they come")),
    ("schema", Node(Kind::Schema), Used),
    ("content", Map(Kind::MediaType), Used),
    ("example", Anything, EXAMPLE),
    ("examples", Anything, EXAMPLE),
];

const COMPONENTS: &[Keyword] = &[
    ("schemas", Map(Kind::Schema), Used),
    ("responses", Map(Kind::Response), Used),
    ("parameters", Map(Kind::Parameter), Used),
    ("examples", Object, EXAMPLE),
    ("requestBodies", Map(Kind::RequestBody), Used),
    ("headers", Map(Kind::Header), Used),
    ("securitySchemes", Map(Kind::SecurityScheme), Used),
    ("links", Object, Ignored("links do not shape a client")),
    ("callbacks", Map(Kind::Callback), Used),
    ("pathItems", Map(Kind::PathItem), Used),
    ("mediaTypes", Map(Kind::MediaType), Used),
];

const SECURITY_SCHEME: &[Keyword] = &[
    ("$ref", Text, Used),
    ("type", OneOf(&["apiKey", "http", "mutualTLS", "oauth2", "openIdConnect"]), Used),
    ("description", Text, Ignored("the name of the setting says what it is")),
    ("name", Text, Used),
    ("in", OneOf(&["query", "header", "cookie"]), Used),
    ("scheme", Text, Used),
    ("bearerFormat", Text, Ignored("a token is sent as it is")),
    ("flows", Node(Kind::OAuthFlows), Used),
    ("openIdConnectUrl", Text, TOKEN),
    ("oauth2MetadataUrl", Text, TOKEN),
    ("deprecated", Flag, Ignored("the scheme is used as long as it is declared")),
];

const OAUTH_FLOWS: &[Keyword] = &[
    ("implicit", Node(Kind::OAuthFlow), TOKEN),
    ("password", Node(Kind::OAuthFlow), TOKEN),
    ("clientCredentials", Node(Kind::ClientCredentials), Used),
    ("authorizationCode", Node(Kind::OAuthFlow), TOKEN),
    ("deviceAuthorization", Node(Kind::OAuthFlow), TOKEN),
];

const OAUTH_FLOW: &[Keyword] = &[
    ("authorizationUrl", Text, TOKEN),
    ("deviceAuthorizationUrl", Text, TOKEN),
    ("tokenUrl", Text, Used),
    ("refreshUrl", Text, Ignored("a token is asked for anew")),
    ("scopes", Object, Used),
];

const DISCRIMINATOR: &[Keyword] =
    &[("propertyName", Text, Used), ("mapping", TextMap, Used), ("defaultMapping", Text, Used)];

/// The extensions that name the values of an enumeration, in the order of these.
pub(crate) const VALUE_NAMES: [&str; 3] = ["x-enum-varnames", "x-enumNames", "x-enum-names"];

/// The extensions that describe the values of an enumeration, in the order of these, or by what names them.
pub(crate) const VALUE_DOCS: [&str; 3] = ["x-enum-descriptions", "x-enumDescriptions", "x-enum-comments"];

/// The extension that does both.
pub(crate) const VALUES: &str = "x-ms-enum";

const SCHEMA: &[Keyword] = &[
    ("$ref", Text, Used),
    ("$dynamicRef", Text, Used),
    ("$schema", Text, Ignored("schemas are read as JSON Schema 2020-12")),
    ("$id", Text, Used),
    ("$anchor", Text, Used),
    ("$dynamicAnchor", Text, Used),
    ("$vocabulary", Object, Ignored("schemas are read as JSON Schema 2020-12")),
    ("$comment", Text, Ignored("a remark for authors of the document")),
    ("$defs", Map(Kind::Schema), Used),
    ("definitions", Map(Kind::Schema), Used),
    ("title", Text, Used),
    ("description", Text, Used),
    ("type", TypeNames, Used),
    ("format", Text, Used),
    ("nullable", Flag, Used),
    ("enum", Array, Used),
    ("const", Anything, Used),
    ("default", Anything, Used),
    ("example", Anything, EXAMPLE),
    ("examples", Anything, EXAMPLE),
    ("deprecated", Flag, Used),
    ("readOnly", Flag, Used),
    ("writeOnly", Flag, Used),
    ("properties", Map(Kind::Schema), Used),
    ("required", Texts, Used),
    ("additionalProperties", Node(Kind::Schema), Used),
    ("patternProperties", Map(Kind::Schema), Used),
    ("propertyNames", Node(Kind::Schema), CONSTRAINT),
    ("unevaluatedProperties", Node(Kind::Schema), Used),
    ("dependentRequired", Object, CONSTRAINT),
    ("dependentSchemas", Map(Kind::Schema), CONSTRAINT),
    ("minProperties", Number, CONSTRAINT),
    ("maxProperties", Number, CONSTRAINT),
    ("items", NodeOrList(Kind::Schema), Used),
    ("prefixItems", List(Kind::Schema), Used),
    ("additionalItems", Node(Kind::Schema), Used),
    ("unevaluatedItems", Node(Kind::Schema), CONSTRAINT),
    ("contains", Node(Kind::Schema), CONSTRAINT),
    ("minContains", Number, CONSTRAINT),
    ("maxContains", Number, CONSTRAINT),
    ("minItems", Number, CONSTRAINT),
    ("maxItems", Number, CONSTRAINT),
    ("uniqueItems", Flag, CONSTRAINT),
    ("allOf", List(Kind::Schema), Used),
    ("anyOf", List(Kind::Schema), Used),
    ("oneOf", List(Kind::Schema), Used),
    ("not", Node(Kind::Schema), CONSTRAINT),
    ("if", Node(Kind::Schema), CONSTRAINT),
    ("then", Node(Kind::Schema), CONSTRAINT),
    ("else", Node(Kind::Schema), CONSTRAINT),
    ("discriminator", Node(Kind::Discriminator), Used),
    ("minimum", Number, Used),
    ("maximum", Number, Used),
    ("exclusiveMinimum", Anything, CONSTRAINT),
    ("exclusiveMaximum", Anything, CONSTRAINT),
    ("multipleOf", Number, CONSTRAINT),
    ("minLength", Number, CONSTRAINT),
    ("maxLength", Number, CONSTRAINT),
    ("pattern", Text, Used),
    ("contentEncoding", Text, Used),
    ("contentMediaType", Text, Used),
    ("contentSchema", Node(Kind::Schema), Used),
    ("externalDocs", Object, LINK),
    ("xml", Object, Ignored("bodies in XML are not typed")),
];
