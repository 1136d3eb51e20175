//! Stage 4, servers: where the API is, what of that the caller can set, and which operations are elsewhere.

use super::Lowerer;
use super::docs;
use crate::diagnostic::{Code, Place, Spot};
use crate::document::OperationNode;
use crate::document::http::Server;
use crate::ir::{NamedServer, ServerVariable, Servers};
use crate::names::{Case, Scope};
use crate::pointer::Pointer;

impl Lowerer<'_> {
    /// The servers of the first text that has some; setters are named in the scope of the builder.
    pub(super) fn servers(&mut self, setters: &mut Scope) -> Servers {
        let found = self.document.parts.iter().find_map(|part| Some((part, part.servers.first()?)));
        let Some((part, first)) = found else { return Servers::default() };
        let line = part.page.as_ref().and_then(|page| page.header_line);
        let spot = match (first.index, line) {
            (Some(index), _) => Spot::Node(Pointer::root().key("servers").index(index).key("url")),
            (None, line) => Spot::Line(line.unwrap_or(1), 1),
        };
        let (place, servers, first) = (Place { input: part.input, spot }, part.servers.clone(), first.clone());
        let base_url = self.absolute(&first, place);
        let mut variables: Vec<ServerVariable> = Vec::new();
        for variable in servers.iter().flat_map(|server| &server.variables) {
            if variables.iter().any(|other| other.name == variable.name) {
                continue;
            }
            variables.push(ServerVariable {
                ident: setters.claim(&variable.name, Case::Snake),
                name: variable.name.clone(),
                default: variable.default.clone(),
                docs: docs::from_markdown(&variable.description),
            });
        }
        let mut names = Scope::default();
        let named = servers.iter().filter(|server| is_absolute(&server.url)).map(|server| NamedServer {
            ident: names.claim(&words(server), Case::Shouty),
            url: trimmed(&server.url),
            docs: docs::from_markdown(server.description.as_deref().unwrap_or_default()),
        });
        let named = if servers.len() > 1 { named.collect() } else { Vec::new() };
        Servers { base_url, variables, named }
    }

    /// Where an operation is, where it or its path says so.
    pub(super) fn operation_server(&mut self, input: usize, node: &OperationNode) -> Option<String> {
        let server = node.servers.first()?.clone();
        let url = self.absolute(&server, Place { input, spot: Spot::Key(node.at.clone()) })?;
        Some(filled(&server, url))
    }

    /// The URL of a server, when it is one without the document, and every variable has a value.
    fn absolute(&mut self, server: &Server, place: Place) -> Option<String> {
        let filled = filled(server, server.url.clone());
        if is_absolute(&filled) && !filled.contains('{') {
            return Some(trimmed(&server.url));
        }
        // A relative one is relative to where the document was found, which nobody knows any more.
        let message = format!("`{filled}` does not say where the API is");
        let help = "the client asks for its base URL; write it whole, and give every variable a default";
        self.warn(Code::UnsupportedKeyword, place, message, help);
        None
    }
}

/// The URL of a server with the defaults of its variables.
fn filled(server: &Server, url: String) -> String {
    server.variables.iter().fold(url, |url, variable| url.replace(&format!("{{{}}}", variable.name), &variable.default))
}

fn is_absolute(url: &str) -> bool {
    url.starts_with("http://") || url.starts_with("https://") || url.starts_with('{')
}

fn trimmed(url: &str) -> String {
    url.trim_end_matches('/').to_owned()
}

/// What a server is called: by its name, by a description that is a few words, by its host.
fn words(server: &Server) -> String {
    let short = server.description.as_deref().filter(|words| words.split_whitespace().count() <= 4);
    match server.name.as_deref().or(short) {
        Some(words) if !words.trim().is_empty() => words.to_owned(),
        _ => server.url.split("://").last().and_then(|rest| rest.split('/').next()).unwrap_or_default().to_owned(),
    }
}
