//! Stage 4, servers: where the API is, what of that the caller can set, and which operations are elsewhere.

use super::Lowerer;
use super::docs;
use crate::diagnostic::{Code, Diagnostic, Place, Severity, Spot};
use crate::document::http::{self, Server};
use crate::document::{OperationNode, Part};
use crate::ir::{NamedServer, ServerVariable, Servers};
use crate::majority::most_common;
use crate::names::{Case, Scope};

impl Lowerer<'_> {
    /// Finds the servers of the client, which are those of the texts that most operations are in, and lets the
    /// operations of texts that are elsewhere say so themselves.
    pub(super) fn place_operations(&mut self) {
        let Some((input, servers)) = self.common_servers() else { return };
        let base = filled(&servers[0]);
        self.home = (input, servers);
        for index in 0..self.document.parts.len() {
            let part = &self.document.parts[index];
            let Some(first) = part.servers.first().filter(|first| filled(first) != base).cloned() else {
                continue;
            };
            if self.callable(part.input, &first, "its operations are called at the base URL of the client").is_none() {
                continue;
            }
            let part = &mut self.document.parts[index];
            for node in part.operations.iter_mut().filter(|node| node.servers.is_empty()) {
                node.servers.clone_from(&part.servers);
            }
        }
    }

    /// The servers of the client, and what can be set in them and in those of the operations, which are lowered before;
    /// setters are named in the scope of the builder.
    pub(super) fn servers(&mut self, setters: &mut Scope) -> Servers {
        let (input, servers) = std::mem::take(&mut self.home);
        let mut callable = Vec::new();
        for (index, server) in servers.iter().enumerate() {
            let instead =
                if index == 0 { "the client asks for its base URL" } else { "the client has no constant for it" };
            callable.push((server, self.callable(input, server, instead)));
        }
        let base_url = callable.first().and_then(|(_, url)| url.clone());
        let mut names = Scope::default();
        let named = callable.iter().filter_map(|(server, url)| {
            // A server that cannot be called takes no name from one that can.
            let url = url.clone()?;
            Some(NamedServer {
                ident: names.claim(&words(server), Case::Shouty),
                url,
                docs: docs::from_markdown(server.description.as_deref().unwrap_or_default()),
            })
        });
        let named = if servers.len() > 1 { named.collect() } else { Vec::new() };
        let mut variables: Vec<ServerVariable> = Vec::new();
        for server in servers.iter().chain(&self.elsewhere) {
            for variable in &server.variables {
                let default = (template(server), variable.default.clone());
                match variables.iter_mut().find(|known| known.name == variable.name) {
                    // The first default holds wherever no other is said.
                    Some(known) if known.defaults[0].1 == default.1 || known.defaults.contains(&default) => {}
                    Some(known) => known.defaults.push(default),
                    None => variables.push(ServerVariable {
                        ident: setters.claim(&variable.name, Case::Snake),
                        name: variable.name.clone(),
                        defaults: vec![default],
                        docs: docs::from_markdown(&variable.description),
                    }),
                }
            }
        }
        Servers { base_url, variables, named }
    }

    /// The servers where most operations are that leave it to their text, of equally many the first.
    fn common_servers(&self) -> Option<(usize, Vec<Server>)> {
        let texts = || self.document.parts.iter().filter(|part| !part.servers.is_empty());
        let of_operations = texts().flat_map(|part| {
            let leave_it = part.operations.iter().filter(|node| node.servers.is_empty());
            leave_it.map(|_| filled(&part.servers[0]))
        });
        let common = most_common(of_operations);
        let has_it = |part: &&Part| common.as_ref().is_none_or(|common| filled(&part.servers[0]) == *common);
        texts().find(has_it).map(|part| (part.input, part.servers.clone()))
    }

    /// The whole URL of an operation, however it is split into server and path.
    pub(super) fn whole_url(&self, node: &OperationNode) -> String {
        let server = node.servers.first().or(self.home.1.first());
        format!("{}{}", server.map(filled).unwrap_or_default(), node.path)
    }

    /// Whether an operation is on another host than those that leave it to the client.
    pub(super) fn is_elsewhere(&self, node: &OperationNode) -> bool {
        let origin = |server: &Server| filled(server).split('/').take(3).collect::<Vec<_>>().join("/").to_lowercase();
        // One that cannot be called leaves its operations where all are.
        let own = node.servers.first().filter(|server| fault(server).is_none());
        own.zip(self.home.1.first()).is_some_and(|(own, home)| origin(own) != origin(home))
    }

    /// Where an operation is, where it, its path or its text says so.
    pub(super) fn operation_server(&mut self, input: usize, node: &OperationNode) -> Option<String> {
        let server = node.servers.first()?.clone();
        let url = self.callable(input, &server, "the operation is called at the base URL of the client")?;
        self.elsewhere.push(server);
        Some(url)
    }

    /// Where a text names a server: in a list, or in the request line of the page.
    fn place_of(&self, input: usize, server: &Server) -> Place {
        let page = self.document.parts.iter().find(|part| part.input == input).and_then(|part| part.page.as_ref());
        let spot = match &server.at {
            Some(at) => Spot::Node(at.key("url")),
            None => Spot::Line(page.and_then(|page| page.header_line).unwrap_or(1), 1),
        };
        Place { input, spot }
    }

    /// The URL of a server, when it is one without the document, and every variable has a value; `instead` is what
    /// comes of it when it is not.
    fn callable(&mut self, input: usize, server: &Server, instead: &str) -> Option<String> {
        let place = self.place_of(input, server);
        if let Some(fault) = fault(server) {
            let help = format!("{instead}; write it whole, and give every variable a default");
            self.warn(Code::UnsupportedKeyword, place, fault, &help);
            return None;
        }
        let (_, fragment) = parts(&server.url);
        if let Some(fragment) = fragment {
            let message = format!("the fragment `#{fragment}` of a server's URL is never sent");
            self.warn(Code::WrongValue, place.clone(), message, "leave it out");
        }
        let url = template(server);
        if let Some((_, query)) = url.split_once('?') {
            let message = format!("the URL of a server has no query; `{query}` is sent with every request");
            let help = "describe it as a parameter of the operations that take it";
            self.diagnostics.push(Diagnostic::new(Severity::Note, Code::WrongValue, place, message).help(help));
        }
        Some(url)
    }
}

/// Why the URL of a server cannot be called, if it cannot.
fn fault(server: &Server) -> Option<String> {
    let filled = filled(server);
    // RFC 3986 has none of these; braces are those of a variable.
    let foreign = filled.chars().find(|one| one.is_whitespace() || one.is_control() || "<>\"\\^`|".contains(*one));
    if let Some(foreign) = foreign {
        return Some(format!("`{filled}` is no URL, since none has a `{foreign}`"));
    }
    // A relative one is relative to where the document was found, which nobody knows any more.
    let is_unknown = !is_absolute(&filled) || filled.contains('{');
    let blank = server.blank.first().map(|name| format!(": the default of `{name}` is empty")).unwrap_or_default();
    let shown = if filled.is_empty() { server.url.trim() } else { &filled };
    is_unknown.then(|| format!("`{shown}` does not say where the API is{blank}"))
}

/// The URL of a server with the defaults of its variables: what those of operations start with, unless the caller sets
/// others.
fn filled(server: &Server) -> String {
    let fill = |url: String, variable: &http::ServerVariable| {
        url.replace(&format!("{{{}}}", variable.name), &variable.default)
    };
    server.variables.iter().fold(template(server), fill)
}

/// Whether a URL is one of HTTP and has a host.
fn is_absolute(url: &str) -> bool {
    url.split_once("://").is_some_and(|(scheme, rest)| {
        let host = rest.split(['/', '?']).next().unwrap_or_default();
        ["http", "https"].iter().any(|one| scheme.eq_ignore_ascii_case(one)) && !host.is_empty()
    })
}

/// A URL without its fragment, and that.
fn parts(url: &str) -> (&str, Option<&str>) {
    url.split_once('#').map_or((url, None), |(url, fragment)| (url, Some(fragment)))
}

/// The URL of a server as the client has it: `{name}` stands for a variable.
fn template(server: &Server) -> String {
    parts(server.url.trim()).0.trim_end_matches('/').to_owned()
}

/// What a server is called: by its name, by a description that is a few words, by its host.
fn words(server: &Server) -> String {
    let short = server.description.as_deref().filter(|words| words.split_whitespace().count() <= 4);
    match server.name.as_deref().or(short) {
        Some(words) if !words.trim().is_empty() => words.to_owned(),
        _ => server.url.split("://").last().and_then(|rest| rest.split('/').next()).unwrap_or_default().to_owned(),
    }
}
