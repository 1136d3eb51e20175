//! Stage 4, authentication: the security schemes that a client is configured with, and those that an operation needs.

use super::Lowerer;
use crate::diagnostic::{Code, Place, Spot};
use crate::document::OperationNode;
use crate::document::http::{ParameterPlace, SchemeKind, SecurityScheme};
use crate::ir::{Auth, ClientCredentials, CredentialPlace, Scheme, Security};
use crate::majority::most_common;
use crate::names::{Case, Scope};
use crate::pointer::Pointer;

/// The schemes of the header `Authorization` whose value answers a challenge or signs the request.
const ANSWERING: [&str; 10] =
    ["concealed", "digest", "dpop", "gnap", "hoba", "mutual", "negotiate", "ntlm", "scram-sha-1", "scram-sha-256"];

impl Lowerer<'_> {
    /// What the client is configured with: the security schemes. Setters are named in the scope of the builder.
    pub(super) fn auth(&mut self, setters: &mut Scope) -> Auth {
        let (mut nodes, mut places): (Vec<SecurityScheme>, _) = (Vec::new(), Vec::new());
        let at = Pointer::root().key("components").key("securitySchemes");
        for part in &self.document.parts {
            for scheme in &part.security_schemes {
                let is_same = |other: &SecurityScheme| other.name == scheme.name && place(other) == place(scheme);
                let index = nodes.iter().position(is_same).unwrap_or_else(|| {
                    nodes.push(scheme.clone());
                    places.push(Place { input: part.input, spot: Spot::Key(at.key(&scheme.name)) });
                    nodes.len() - 1
                });
                self.scheme_indices.insert((part.input, scheme.name.clone()), index);
            }
        }
        for (scheme, place) in nodes.iter().zip(places) {
            self.check_scheme(scheme, place);
        }
        self.scheme_names = nodes.iter().map(|scheme| scheme.name.clone()).collect();
        let is_only = nodes.iter().filter(|scheme| scheme.kind != SchemeKind::MutualTls).count() == 1;
        let schemes: Vec<_> = nodes.iter().map(|node| scheme(node, is_only, setters)).collect();
        self.security = self.common_security(schemes.len());
        Auth { schemes, security: self.security.clone() }
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

    /// The credentials of a call of which no operation says more: those of the text that most operations agree with.
    /// Where no text says which, whatever is configured is sent, and first what most operations need.
    fn common_security(&mut self, schemes: usize) -> Security {
        let texts = self.document.parts.iter();
        let declared: Vec<_> = texts.filter_map(|part| Some((part.input, part.security.clone()?))).collect();
        let place = |input| Place { input, spot: Spot::Key(Pointer::root().key("security")) };
        let declared: Vec<_> = declared.iter().map(|(input, all)| self.security(all, &place(*input))).collect();
        let parts = self.document.parts.iter();
        let said = parts.flat_map(|part| part.operations.iter().map(|node| (part.input, node.security.as_ref())));
        let said: Vec<Security> =
            said.filter_map(|(input, security)| Some(self.by_indices(input, security?).0)).collect();
        if let Some(first) = declared.first() {
            let agreed = most_common(said.iter().filter(|security| declared.contains(security)));
            return agreed.unwrap_or(first).clone();
        }
        let mut alternatives: Vec<&Vec<usize>> = said.iter().flatten().collect();
        let mut common = Security::new();
        while let Some(next) = most_common(alternatives.iter().copied()) {
            alternatives.retain(|other| *other != next);
            common.push(next.clone());
        }
        let unused: Vec<_> =
            (0..schemes).filter(|scheme| !common.iter().flatten().any(|used| used == scheme)).collect();
        common.extend(unused.into_iter().map(|scheme| vec![scheme]));
        common.sort_by_key(Vec::is_empty);
        common
    }

    /// The credentials of an operation that needs others than the client has for every call.
    pub(super) fn operation_security(&mut self, input: usize, node: &OperationNode) -> Option<Security> {
        let place = Place { input, spot: Spot::Key(node.at.clone()) };
        let security = match &node.security {
            Some(alternatives) => self.security(alternatives, &place),
            // Nobody said that another host may have the credentials.
            None if self.is_elsewhere(node) => Security::new(),
            None => return None,
        };
        (security != self.security).then_some(security)
    }

    /// The alternatives of credentials by the indices of their schemes; one that names no scheme is reported.
    fn security(&mut self, alternatives: &[Vec<String>], place: &Place) -> Security {
        let (security, unknown) = self.by_indices(place.input, alternatives);
        let guarded = self.decisions.guarded(Code::DanglingReference);
        let is_guarded = |at: &Pointer| guarded.iter().any(|guarded| at.is_within(guarded));
        let is_guarded = matches!(&place.spot, Spot::Node(at) | Spot::Key(at) if is_guarded(at));
        for name in unknown {
            if self.undefined_schemes.insert(name.clone()) || is_guarded {
                let message = format!("there is no security scheme `{name}`");
                let help = "define it in `securitySchemes`; said once for all its places";
                self.warn(Code::DanglingReference, place.clone(), message, help);
            }
        }
        security
    }

    /// The alternatives by the indices of their schemes, and the names that are those of none. That no credential is
    /// needed is the last of them: one that is configured is sent.
    fn by_indices(&self, input: usize, alternatives: &[Vec<String>]) -> (Security, Vec<String>) {
        let (mut security, mut unknown) = (Security::new(), Vec::new());
        for names in alternatives {
            let index = |name: &String| self.scheme_index(input, name).ok_or_else(|| name.clone());
            match names.iter().map(index).collect::<Result<Vec<_>, _>>() {
                Ok(schemes) => security.push(schemes),
                Err(name) => unknown.push(name),
            }
        }
        security.sort_by_key(Vec::is_empty);
        (security, unknown)
    }

    /// The scheme of a name in a text; what it does not define itself is that of another.
    fn scheme_index(&self, input: usize, name: &str) -> Option<usize> {
        let own = self.scheme_indices.get(&(input, name.to_owned())).copied();
        own.or_else(|| self.scheme_names.iter().position(|scheme| scheme == name))
    }
}

fn place(node: &SecurityScheme) -> CredentialPlace {
    match &node.kind {
        SchemeKind::ApiKey { place: ParameterPlace::Query, name } => CredentialPlace::Query(name.clone()),
        SchemeKind::ApiKey { place: ParameterPlace::Cookie, name } => CredentialPlace::Cookie(name.clone()),
        SchemeKind::ApiKey { name, .. } => CredentialPlace::Header(name.to_ascii_lowercase()),
        SchemeKind::Prefixed { header, prefix } => {
            CredentialPlace::Prefixed { header: header.clone(), prefix: prefix.clone() }
        }
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
    Scheme { ident, place, required: node.required, client_credentials }
}
