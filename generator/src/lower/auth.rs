//! Stage 4, authentication: the security schemes that a client is configured with, and those that an operation needs.

use super::Lowerer;
use crate::diagnostic::{Code, Place, Spot};
use crate::document::http::{Parameter, ParameterPlace, SchemeKind, SecurityScheme};
use crate::ir::{Auth, ClientCredentials, CredentialPlace, Scheme, Security};
use crate::names::{Case, Scope};
use crate::pointer::Pointer;

/// The schemes of the header `Authorization` whose value answers a challenge or signs the request.
const ANSWERING: [&str; 10] =
    ["concealed", "digest", "dpop", "gnap", "hoba", "mutual", "negotiate", "ntlm", "scram-sha-1", "scram-sha-256"];

impl Lowerer<'_> {
    /// What the client is configured with: the security schemes, and a key that operations have as a parameter. Setters
    /// are named in the scope of the builder.
    pub(super) fn auth(&mut self, setters: &mut Scope) -> Auth {
        let (mut nodes, mut places): (Vec<SecurityScheme>, _) = (Vec::new(), Vec::new());
        let at = Pointer::root().key("components").key("securitySchemes");
        for part in &self.document.parts {
            for scheme in &part.security_schemes {
                if nodes.iter().any(|other| other.name == scheme.name) {
                    continue;
                }
                nodes.push(scheme.clone());
                places.push(Place { input: part.input, spot: Spot::Key(at.key(&scheme.name)) });
            }
        }
        for (scheme, place) in nodes.iter().zip(places) {
            self.check_scheme(scheme, place);
        }
        self.scheme_names = nodes.iter().map(|scheme| scheme.name.clone()).collect();
        let key = self.key_parameter().filter(|(key, _)| !nodes.iter().any(|node| header(&place(node)) == header(key)));
        let is_only = key.is_none() && nodes.iter().filter(|scheme| scheme.kind != SchemeKind::MutualTls).count() == 1;
        let key_ident = key.as_ref().map(|_| setters.claim("api_key", Case::Snake));
        let mut schemes: Vec<_> = nodes.iter().map(|node| scheme(node, is_only, setters)).collect();
        if let (Some((place, required)), Some(ident)) = (key, key_ident) {
            self.key_scheme = Some(schemes.len());
            schemes.push(Scheme { ident, place, required, client_credentials: None });
        }
        let declared = self.document.parts.iter().find_map(|part| Some((part.input, part.security.clone()?)));
        let security = match declared {
            Some((input, security)) => {
                self.security(&security, &Place { input, spot: Spot::Key(Pointer::root().key("security")) })
            }
            // Nothing says which: whatever is configured is sent.
            None => self.with_key((0..nodes.len()).map(|scheme| vec![scheme]).collect()),
        };
        Auth { schemes, security }
    }

    /// Reports a scheme of the header `Authorization` that needs more than a key.
    fn check_scheme(&mut self, scheme: &SecurityScheme, place: Place) {
        let SchemeKind::Http(name) = &scheme.kind else { return };
        if ANSWERING.iter().any(|answering| name.eq_ignore_ascii_case(answering)) {
            let message = format!("the scheme `{name}` answers what the server asks, which the client does not do");
            let help = "what its setter is given goes out as it is, in the header `Authorization`";
            self.warn(Code::UnsupportedKeyword, place, message, help);
        }
    }

    /// The alternatives of credentials by the indices of their schemes. That no credential is needed is the last of
    /// them: one that is configured is sent.
    pub(super) fn security(&mut self, alternatives: &[Vec<String>], place: &Place) -> Security {
        let mut security = Security::new();
        for names in alternatives {
            let known = &self.scheme_names;
            let index = |name: &String| known.iter().position(|scheme| scheme == name).ok_or_else(|| name.clone());
            match names.iter().map(index).collect::<Result<Vec<_>, _>>() {
                Ok(schemes) => security.push(schemes),
                Err(name) if !self.undefined_schemes.insert(name.clone()) => {}
                Err(name) => {
                    let message = format!("there is no security scheme `{name}`");
                    self.warn(
                        Code::DanglingReference,
                        place.clone(),
                        message,
                        "define it in `securitySchemes`; said once for all its places",
                    );
                }
            }
        }
        security.sort_by_key(Vec::is_empty);
        self.with_key(security)
    }

    /// The alternatives, each with the key that operations have as a parameter.
    fn with_key(&self, mut security: Security) -> Security {
        if let Some(key) = self.key_scheme {
            security.iter_mut().for_each(|alternative| alternative.push(key));
            if security.is_empty() {
                security.push(vec![key]);
            }
        }
        security
    }

    /// The first credential that is written as a parameter, and whether every operation needs it.
    fn key_parameter(&self) -> Option<(CredentialPlace, bool)> {
        let parts = &self.document.parts;
        let mut found: Option<(CredentialPlace, bool)> = None;
        for (_, parameter) in parts.iter().flat_map(|part| &part.operations).flat_map(|node| &node.parameters) {
            let Some(place) = key_place(parameter) else { continue };
            match &mut found {
                Some((first, required)) if *first == place => *required &= parameter.required,
                Some(_) => {}
                None => found = Some((place, parameter.required)),
            }
        }
        found
    }
}

/// The header that a credential goes out in.
fn header(place: &CredentialPlace) -> Option<&str> {
    match place {
        CredentialPlace::Bearer | CredentialPlace::Basic | CredentialPlace::Authorization(_) => Some("authorization"),
        CredentialPlace::Header(name) => Some(name),
        CredentialPlace::Query(_) | CredentialPlace::Cookie(_) | CredentialPlace::Certificate => None,
    }
}

fn key_place(parameter: &Parameter) -> Option<CredentialPlace> {
    Some(match parameter.credential.as_deref()? {
        "bearer" => CredentialPlace::Bearer,
        _ => CredentialPlace::Header(parameter.name.to_ascii_lowercase()),
    })
}

fn place(node: &SecurityScheme) -> CredentialPlace {
    match &node.kind {
        SchemeKind::ApiKey { place: ParameterPlace::Query, name } => CredentialPlace::Query(name.clone()),
        SchemeKind::ApiKey { place: ParameterPlace::Cookie, name } => CredentialPlace::Cookie(name.clone()),
        SchemeKind::ApiKey { name, .. } => CredentialPlace::Header(name.to_ascii_lowercase()),
        SchemeKind::Http(scheme) if scheme.eq_ignore_ascii_case("bearer") => CredentialPlace::Bearer,
        SchemeKind::Http(scheme) if scheme.eq_ignore_ascii_case("basic") => CredentialPlace::Basic,
        SchemeKind::Http(scheme) => CredentialPlace::Authorization(scheme.clone()),
        SchemeKind::Token { .. } => CredentialPlace::Bearer,
        SchemeKind::MutualTls => CredentialPlace::Certificate,
    }
}

fn scheme(node: &SecurityScheme, is_only: bool, setters: &mut Scope) -> Scheme {
    let place = place(node);
    let usual = if place == CredentialPlace::Basic { "basic_auth" } else { "api_key" };
    let ident = setters.claim(if is_only { usual } else { &node.name }, Case::Snake);
    let client_credentials = match &node.kind {
        SchemeKind::Token { client_credentials: Some(endpoint) } => {
            let words = if is_only { "client_credentials".to_owned() } else { format!("{} client", node.name) };
            let (token_url, scopes) = (endpoint.url.clone(), endpoint.scopes.clone());
            let ident = setters.claim(&words, Case::Snake);
            let scoped = setters.claim(&format!("{words} with scopes"), Case::Snake);
            Some(ClientCredentials { ident, scoped, token_url, scopes })
        }
        _ => None,
    };
    Scheme { ident, place, required: false, client_credentials }
}
