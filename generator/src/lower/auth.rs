//! Stage 4, authentication and servers: what the client is configured with.

use openapiv3::{APIKeyLocation, Parameter, SecurityScheme};

use super::Lowerer;
use crate::diagnostic::{Code, Place, Spot};
use crate::dialect::quirks;
use crate::ir::{Credential, CredentialPlace};
use crate::pointer::Pointer;

impl Lowerer<'_> {
    /// The first credential that the texts name: as a parameter, or as a security scheme.
    pub(super) fn find_credential(&mut self) -> Option<Credential> {
        let parts = &self.document.parts;
        let mut found: Option<Credential> = None;
        for parameter in parts.iter().flat_map(|part| &part.operations).flat_map(|node| &node.parameters) {
            let Some(credential) = from_parameter(&parameter.1) else { continue };
            match &mut found {
                Some(first) if first.place == credential.place => first.required &= credential.required,
                Some(_) => {}
                None => found = Some(credential),
            }
        }
        found.or_else(|| self.scheme_credential())
    }

    fn scheme_credential(&mut self) -> Option<Credential> {
        let mut unsupported = Vec::new();
        let mut found = None;
        for part in &self.document.parts {
            for scheme in &part.security_schemes {
                match place(scheme) {
                    Some(place) => found = found.or(Some(Credential { place, required: false })),
                    None => unsupported.push(part.input),
                }
            }
        }
        for input in unsupported {
            let at = Pointer::root().key("components").key("securitySchemes");
            let place = Place { input, spot: Spot::Key(at) };
            let message = "a security scheme is not supported yet: keys and bearer tokens are";
            self.warn(Code::UnsupportedKeyword, place, message, "`ClientBuilder::header` can send the credential");
        }
        found
    }

    /// The base URL of the first server, with the defaults of its variables.
    pub(super) fn base_url(&mut self) -> Option<String> {
        let (input, server) = self.document.parts.iter().find_map(|part| Some((part.input, part.servers.first()?)))?;
        let mut url = server.url.clone();
        for (name, variable) in server.variables.iter().flatten() {
            url = url.replace(&format!("{{{name}}}"), &variable.default);
        }
        let absolute = url.starts_with("http://") || url.starts_with("https://");
        if absolute && !url.contains('{') {
            return Some(url.trim_end_matches('/').to_owned());
        }
        // A relative one is relative to where the document was found, which nobody knows any more.
        let at = Pointer::root().key("servers").index(0).key("url");
        let message = format!("`{url}` does not say where the API is");
        let help = "the client asks for its base URL; write it whole, and give every variable a default";
        self.warn(Code::UnsupportedKeyword, Place { input, spot: Spot::Node(at) }, message, help);
        None
    }
}

fn from_parameter(parameter: &Parameter) -> Option<Credential> {
    let data = parameter.parameter_data_ref();
    let place = match data.extensions.get(quirks::CREDENTIAL)?.as_str()? {
        "bearer" => CredentialPlace::Bearer,
        _ => CredentialPlace::Header(data.name.to_ascii_lowercase()),
    };
    Some(Credential { place, required: data.required })
}

fn place(scheme: &SecurityScheme) -> Option<CredentialPlace> {
    match scheme {
        SecurityScheme::APIKey { location, name, .. } => Some(match location {
            APIKeyLocation::Header => CredentialPlace::Header(name.to_ascii_lowercase()),
            APIKeyLocation::Query => CredentialPlace::Query(name.clone()),
            APIKeyLocation::Cookie => CredentialPlace::Cookie(name.clone()),
        }),
        SecurityScheme::HTTP { scheme, .. } => scheme.eq_ignore_ascii_case("bearer").then_some(CredentialPlace::Bearer),
        SecurityScheme::OAuth2 { .. } | SecurityScheme::OpenIDConnect { .. } => Some(CredentialPlace::Bearer),
    }
}
