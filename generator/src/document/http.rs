//! Stage 3, the HTTP half that OpenAPI 3.1 and 3.2 changed: parameters, bodies and responses, read from their nodes.
//! `openapiv3` would refuse or drop what is newer than 3.0, and does not tell an absent `explode` from `false`.

use serde_json::{Map, Value};

use crate::dialect::quirks;
use crate::pointer::Pointer;

/// A parameter of an operation.
#[derive(Clone, Debug)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) place: ParameterPlace,
    pub(crate) required: bool,
    pub(crate) deprecated: bool,
    pub(crate) description: String,
    pub(crate) styling: Styling,
    /// The reference that was left where the schema stood.
    pub(crate) schema: Option<String>,
    /// The media types, where the parameter is described by `content`.
    pub(crate) content: Vec<MediaType>,
    /// What the dialect says of a parameter that is a credential.
    pub(crate) credential: Option<Credential>,
}

/// A parameter that is a credential of the client.
#[derive(Clone, Debug)]
pub(crate) struct Credential {
    /// What stands before the key, such as `Bearer`, where that is known.
    pub(crate) prefix: Option<String>,
}

/// Where a parameter goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ParameterPlace {
    Path,
    Query,
    Header,
    Cookie,
    /// The query as a whole.
    QueryString,
}

/// How a parameter or a field of a form is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Styling {
    pub(crate) style: Option<String>,
    pub(crate) explode: Option<bool>,
    pub(crate) allow_reserved: bool,
    /// Whether a value can be several segments of the path, and its slashes stay as they are.
    pub(crate) slashes: bool,
}

/// A media type with what it says of the content.
#[derive(Clone, Debug)]
pub(crate) struct MediaType {
    pub(crate) name: String,
    /// The reference that was left where the schema stood.
    pub(crate) schema: Option<String>,
    /// The same of the schema of the items of a stream.
    pub(crate) item_schema: Option<String>,
    /// Whether it is values of JSON, one a line, whatever its media type.
    pub(crate) is_lines: bool,
    pub(crate) encoding: Vec<(String, Encoding)>,
}

/// How a property of a form is written.
#[derive(Clone, Debug)]
pub(crate) struct Encoding {
    pub(crate) content_type: Option<String>,
    /// The headers of a part, with the references that were left where their schemas stood.
    pub(crate) headers: Vec<(String, Option<String>)>,
    pub(crate) styling: Styling,
}

/// The body of a request.
#[derive(Clone, Debug)]
pub(crate) struct Body {
    pub(crate) required: bool,
    pub(crate) description: String,
    pub(crate) content: Vec<MediaType>,
}

impl Body {
    /// The references that were left where its schemas stood.
    pub(crate) fn references(&self) -> impl Iterator<Item = &str> {
        self.content.iter().flat_map(MediaType::references)
    }
}

impl MediaType {
    fn references(&self) -> impl Iterator<Item = &str> {
        let headers = self.encoding.iter().flat_map(|(_, encoding)| &encoding.headers);
        let headers = headers.filter_map(|(_, schema)| schema.as_deref());
        self.schema.as_deref().into_iter().chain(self.item_schema.as_deref()).chain(headers)
    }
}

impl Parameter {
    /// The references that were left where its schemas stood.
    pub(crate) fn references(&self) -> impl Iterator<Item = &str> {
        self.schema.as_deref().into_iter().chain(self.content.iter().flat_map(MediaType::references))
    }
}

impl Response {
    /// The references that were left where its schemas stood.
    pub(crate) fn references(&self) -> impl Iterator<Item = &str> {
        let headers = self.headers.iter().filter_map(|header| header.schema.as_deref());
        self.content.iter().flat_map(MediaType::references).chain(headers)
    }
}

/// A response.
#[derive(Clone, Debug)]
pub(crate) struct Response {
    pub(crate) description: String,
    pub(crate) headers: Vec<Header>,
    pub(crate) content: Vec<MediaType>,
}

/// A header of a response.
#[derive(Clone, Debug)]
pub(crate) struct Header {
    pub(crate) name: String,
    pub(crate) description: String,
    /// The reference that was left where the schema stood.
    pub(crate) schema: Option<String>,
}

/// A server.
#[derive(Clone, Debug, Default)]
pub(crate) struct Server {
    /// Where it stands; `None` of the one that the request line of a page names.
    pub(crate) at: Option<Pointer>,
    pub(crate) url: String,
    pub(crate) name: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) variables: Vec<ServerVariable>,
    /// The variables whose default is empty where a part of the host cannot be: it stands for no value.
    pub(crate) blank: Vec<String>,
}

impl Server {
    /// A server that a place names by its URL alone.
    pub(crate) fn new(url: &str, at: &Pointer) -> Self {
        Self { at: Some(at.clone()), url: url.to_owned(), ..Self::default() }
    }
}

/// A part of the URL of a server that can be another one.
#[derive(Clone, Debug)]
pub(crate) struct ServerVariable {
    pub(crate) name: String,
    pub(crate) default: String,
    pub(crate) description: String,
}

/// The servers that a node names; before them the one of the page around it.
pub(crate) fn servers(node: &Value, at: &Pointer) -> Vec<Server> {
    let variable = |(name, node): (&String, &Value)| {
        let (default, description) = (text(node, "default")?, text(node, "description").unwrap_or_default());
        Some(ServerVariable { name: name.clone(), default, description })
    };
    let server = |(index, node): (usize, &Value)| {
        let (at, url) = (at.key("servers").index(index), text(node, "url")?);
        let variables = members(node, "variables").filter_map(variable);
        let (blank, variables): (Vec<_>, Vec<_>) = variables.partition(|variable| is_blank(&url, variable));
        let blank = blank.into_iter().map(|variable| variable.name).collect();
        let (name, description) = (text(node, "name"), text(node, "description"));
        Some(Server { at: Some(at), url, name, description, variables, blank })
    };
    let listed = node.get("servers").and_then(Value::as_array).into_iter().flatten();
    let mut servers: Vec<Server> = listed.enumerate().filter_map(server).collect();
    if let Some(url) = text(node, quirks::BASE_URL) {
        match servers.iter().position(|server| server.url.trim_end_matches('/') == url) {
            Some(at) => servers[..=at].rotate_right(1),
            None => servers.insert(0, Server { url, ..Server::default() }),
        }
    }
    servers
}

/// Whether the default of a variable is empty and would leave a part of the host empty.
fn is_blank(url: &str, variable: &ServerVariable) -> bool {
    let host = url.split_once("://").and_then(|(_, rest)| rest.split(['/', '?', '#', ':']).next()).unwrap_or_default();
    variable.default.is_empty() && host.split('.').any(|part| part == format!("{{{}}}", variable.name))
}

/// A security scheme with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SecurityScheme {
    pub(crate) name: String,
    pub(crate) kind: SchemeKind,
    /// Whether every operation has it as a parameter that must be there.
    pub(crate) required: bool,
}

/// What a security scheme asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SchemeKind {
    /// A key in a header, in the query or in a cookie.
    ApiKey { place: ParameterPlace, name: String },
    /// A key in a header, behind a word.
    Prefixed { header: String, prefix: String },
    /// A scheme of the header `Authorization`.
    Http(String),
    /// A token of OAuth 2.0 or OpenID Connect.
    Token { client_credentials: Option<TokenEndpoint> },
    /// A certificate.
    MutualTls,
}

/// Where a client asks for tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TokenEndpoint {
    pub(crate) url: String,
    pub(crate) scopes: Vec<String>,
}

impl SecurityScheme {
    /// Reads a security scheme; an error says what it lacks.
    pub(crate) fn read(name: &str, node: &Value) -> Result<Self, String> {
        let lacking = |key: &str| format!("it needs `{key}`");
        let kind = match text(node, "type").ok_or_else(|| lacking("type"))?.as_str() {
            "apiKey" => SchemeKind::ApiKey {
                place: match text(node, "in").ok_or_else(|| lacking("in"))?.as_str() {
                    "query" => ParameterPlace::Query,
                    "cookie" => ParameterPlace::Cookie,
                    _ => ParameterPlace::Header,
                },
                name: text(node, "name").ok_or_else(|| lacking("name"))?,
            },
            "http" => SchemeKind::Http(text(node, "scheme").ok_or_else(|| lacking("scheme"))?),
            "mutualTLS" => SchemeKind::MutualTls,
            _ => SchemeKind::Token { client_credentials: token_endpoint(node) },
        };
        Ok(Self { name: name.to_owned(), kind, required: false })
    }
}

impl SchemeKind {
    /// The header that the credential goes out in, and what stands before it there, both in lower case.
    pub(crate) fn header(&self) -> Option<(String, String)> {
        let (header, prefix) = match self {
            Self::ApiKey { place: ParameterPlace::Query | ParameterPlace::Cookie, .. } | Self::MutualTls => {
                return None;
            }
            Self::ApiKey { name, .. } => (name.as_str(), ""),
            Self::Prefixed { header, prefix } => (header.as_str(), prefix.as_str()),
            Self::Http(scheme) => ("authorization", scheme.as_str()),
            Self::Token { .. } => ("authorization", "bearer"),
        };
        Some((header.to_ascii_lowercase(), prefix.to_ascii_lowercase()))
    }
}

fn token_endpoint(node: &Value) -> Option<TokenEndpoint> {
    let flow = node.get("flows")?.get("clientCredentials")?;
    Some(TokenEndpoint {
        url: text(flow, "tokenUrl")?,
        scopes: members(flow, "scopes").map(|(name, _)| name.clone()).collect(),
    })
}

/// The alternatives of security requirements, each the names of the schemes that are needed together.
pub(crate) fn security(node: &Value) -> Option<Vec<Vec<String>>> {
    let names = |one: &Value| one.as_object().map(|schemes| schemes.keys().cloned().collect());
    Some(node.get("security")?.as_array()?.iter().filter_map(names).collect())
}

impl Parameter {
    /// Whether both are the same parameter of an operation: a name is that of one in each place.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.name == other.name && self.place == other.place
    }

    /// Reads a parameter; an error says what it lacks.
    pub(crate) fn read(node: &Value) -> Result<Self, String> {
        let name = text(node, "name").ok_or("it needs `name`")?;
        let place = match text(node, "in").ok_or("it needs `in`")?.as_str() {
            "path" => ParameterPlace::Path,
            "query" => ParameterPlace::Query,
            "header" => ParameterPlace::Header,
            "cookie" => ParameterPlace::Cookie,
            "querystring" => ParameterPlace::QueryString,
            other => return Err(format!("`{other}` is no place of a parameter")),
        };
        Ok(Self {
            name,
            place,
            required: flag(node, "required") || place == ParameterPlace::Path,
            deprecated: flag(node, "deprecated"),
            description: text(node, "description").unwrap_or_default(),
            styling: Styling::read(node),
            schema: schema(node, "schema"),
            content: content(node),
            credential: node
                .get(quirks::CREDENTIAL)
                .map(|prefix| Credential { prefix: prefix.as_str().map(str::to_owned) }),
        })
    }
}

impl Styling {
    fn read(node: &Value) -> Self {
        let explode = node.get("explode").and_then(Value::as_bool);
        let (style, allow_reserved) = (text(node, "style"), flag(node, "allowReserved"));
        Self { style, explode, allow_reserved, slashes: false }
    }
}

impl Body {
    pub(crate) fn read(node: &Value) -> Self {
        let description = text(node, "description").unwrap_or_default();
        Self { required: flag(node, "required"), description, content: content(node) }
    }
}

impl Response {
    pub(crate) fn read(node: &Value) -> Self {
        let header = |(name, node): (&String, &Value)| Header {
            name: name.clone(),
            description: text(node, "description").unwrap_or_default(),
            schema: schema(node, "schema"),
        };
        let headers = members(node, "headers").map(header).collect();
        Self { description: text(node, "description").unwrap_or_default(), headers, content: content(node) }
    }
}

impl Encoding {
    fn read(node: &Value) -> Self {
        let headers = members(node, "headers").map(|(name, header)| (name.clone(), schema(header, "schema")));
        Self { content_type: text(node, "contentType"), headers: headers.collect(), styling: Styling::read(node) }
    }
}

fn content(node: &Value) -> Vec<MediaType> {
    let media_type = |(name, node): (&String, &Value)| MediaType {
        name: name.clone(),
        schema: schema(node, "schema"),
        item_schema: schema(node, "itemSchema"),
        is_lines: flag(node, quirks::LINES),
        encoding: members(node, "encoding").map(|(name, node)| (name.clone(), Encoding::read(node))).collect(),
    };
    members(node, "content").map(media_type).collect()
}

fn members<'v>(node: &'v Value, key: &str) -> impl Iterator<Item = (&'v String, &'v Value)> {
    node.get(key).and_then(Value::as_object).into_iter().flat_map(Map::iter)
}

/// The reference that was left where a schema stood.
fn schema(node: &Value, key: &str) -> Option<String> {
    text(node.get(key)?, "$ref")
}

fn text(node: &Value, key: &str) -> Option<String> {
    node.get(key)?.as_str().map(str::to_owned)
}

fn flag(node: &Value, key: &str) -> bool {
    node.get(key).and_then(Value::as_bool).unwrap_or_default()
}
