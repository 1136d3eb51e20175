//! What a client is configured with, in Rust's terms: where the API is, and what lets one in.

use super::Docs;
use crate::names::Ident;

/// Where the API is.
#[derive(Debug, Default)]
pub(crate) struct Servers {
    /// The base URL, when the documents say so; `{name}` stands for a variable.
    pub(crate) base_url: Option<String>,
    /// The variables of all servers, those of operations included.
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
    /// The values that it has where it is not set: a server's URL and what holds there. The first holds at all others.
    pub(crate) defaults: Vec<(String, String)>,
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

impl Auth {
    /// The security scheme that a client is made with, where there is only one.
    pub(crate) fn sole(&self) -> Option<&Scheme> {
        let mut keys = self.keys();
        keys.next().filter(|_| keys.next().is_none())
    }

    /// The security schemes that need a key.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &Scheme> {
        self.schemes.iter().filter(|scheme| scheme.place != CredentialPlace::Certificate)
    }
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
    /// The name of the setter that takes the scopes, too.
    pub(crate) scoped: Ident,
    pub(crate) token_url: String,
    pub(crate) scopes: Vec<String>,
}

/// Where a credential goes in a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CredentialPlace {
    /// A header that holds the key as it is.
    Header(String),
    /// A header that holds the key behind a word.
    Prefixed { header: String, prefix: String },
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
