//! Stage 4, servers: where the API is, what of that the caller can set, and which operations are elsewhere.

use super::Lowerer;
use super::docs;
use crate::diagnostic::{Code, Place, Spot};
use crate::document::http::Server;
use crate::document::{OperationNode, Part};
use crate::ir::{NamedServer, ServerVariable, Servers};
use crate::majority::most_common;
use crate::names::{Case, Scope};
use crate::pointer::Pointer;

impl Lowerer<'_> {
    /// The servers of the texts that most operations are in; setters are named in the scope of the builder.
    pub(super) fn servers(&mut self, setters: &mut Scope) -> Servers {
        let Some((input, servers)) = self.common_servers() else { return Servers::default() };
        let base_url = self.absolute(&servers[0], first_url(input));
        self.base = base(&servers[0]);
        self.place_other_operations();
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

    /// The servers where most operations are that leave it to their text, of equally many the first.
    fn common_servers(&self) -> Option<(usize, Vec<Server>)> {
        let texts = || self.document.parts.iter().filter(|part| !part.servers.is_empty());
        let of_operations = texts().flat_map(|part| {
            let leave_it = part.operations.iter().filter(|node| node.servers.is_empty());
            leave_it.map(|_| base(&part.servers[0]))
        });
        let common = most_common(of_operations);
        let has_it = |part: &&Part| common.as_ref().is_none_or(|common| base(&part.servers[0]) == *common);
        texts().find(has_it).map(|part| (part.input, part.servers.clone()))
    }

    /// Lets the operations of texts that are elsewhere say so themselves.
    fn place_other_operations(&mut self) {
        for index in 0..self.document.parts.len() {
            let part = &self.document.parts[index];
            let Some(first) = part.servers.first().filter(|first| base(first) != self.base).cloned() else { continue };
            if self.absolute(&first, first_url(part.input)).is_none() {
                continue;
            }
            let part = &mut self.document.parts[index];
            for node in part.operations.iter_mut().filter(|node| node.servers.is_empty()) {
                node.servers.clone_from(&part.servers);
            }
        }
    }

    /// The whole URL of an operation, however it is split into server and path.
    pub(super) fn whole_url(&self, node: &OperationNode) -> String {
        format!("{}{}", node.servers.first().map_or_else(|| self.base.clone(), base), node.path)
    }

    /// Where an operation is, where it, its path or its text says so.
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

/// The place of the URL of the first server of a text.
fn first_url(input: usize) -> Place {
    Place { input, spot: Spot::Node(Pointer::root().key("servers").index(0).key("url")) }
}

/// What the URLs of operations on a server start with, unless the caller sets its variables.
fn base(server: &Server) -> String {
    trimmed(&filled(server, server.url.clone()))
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
