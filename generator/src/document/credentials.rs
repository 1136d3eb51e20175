//! Stage 3, credentials that are written as parameters: each becomes the security scheme that it stands for, and its
//! operation one that needs it.

use std::collections::HashMap;

use super::Part;
use super::http::{Parameter, SchemeKind, SecurityScheme};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place, Severity, Spot};
use crate::majority::most_common;

/// Takes the credentials out of the parameters of all operations.
pub(super) fn lift(parts: &mut [Part], diagnostics: &mut Diagnostics) {
    let prefixes = Prefixes::of(parts);
    let declared: Vec<SecurityScheme> = parts.iter().flat_map(|part| part.security_schemes.clone()).collect();
    let operations: usize = parts.iter().map(|part| part.operations.len()).sum();
    // How many operations cannot do without each of the schemes that are made here.
    let mut made: HashMap<String, usize> = HashMap::new();
    for part in parts.iter_mut() {
        let own = part.security_schemes.clone();
        for node in &mut part.operations {
            let all = std::mem::take(&mut node.parameters).into_iter();
            let (credentials, others): (Vec<_>, Vec<_>) = all.partition(|(_, one)| one.credential.is_some());
            node.parameters = others;
            for (at, parameter) in credentials {
                let scheme = prefixes.scheme(&parameter);
                let mut names = same_header(&scheme, &parameter, &own, &declared);
                if names.is_empty() {
                    names.push(scheme.name.clone());
                    if scheme.kind.header() == Some(("authorization".to_owned(), String::new()))
                        && !made.contains_key(&scheme.name)
                    {
                        diagnostics.push(sent_as_given(Place { input: part.input, spot: Spot::Node(at) }));
                    }
                    *made.entry(scheme.name.clone()).or_default() += usize::from(parameter.required);
                    if part.security_schemes.iter().all(|other| other.name != scheme.name) {
                        part.security_schemes.push(scheme.clone());
                    }
                }
                let header = |scheme: &SecurityScheme| scheme.kind.header().map(|(header, _)| header);
                let has_header = |name: &String| {
                    let described = own.iter().chain(&declared).find(|other| other.name == *name);
                    names.contains(name) || described.and_then(header) == header(&scheme)
                };
                let security = node.security.take().unwrap_or_default();
                node.security = Some(extended(security, &names, parameter.required, has_header));
            }
        }
    }
    for scheme in parts.iter_mut().flat_map(|part| &mut part.security_schemes) {
        scheme.required = made.get(&scheme.name) == Some(&operations);
    }
}

/// The alternatives, each with one of the schemes where none `has_header` yet. What may be absent does not keep the
/// rest of an alternative from being sent.
fn extended(
    mut alternatives: Vec<Vec<String>>,
    names: &[String],
    is_required: bool,
    has_header: impl Fn(&String) -> bool,
) -> Vec<Vec<String>> {
    if alternatives.is_empty() {
        alternatives.push(Vec::new());
    }
    let with_one = |alternative: Vec<String>| {
        if alternative.iter().any(&has_header) {
            return vec![alternative];
        }
        let with = |name: &String| alternative.iter().chain([name]).cloned().collect();
        let mut all: Vec<Vec<String>> = names.iter().map(with).collect();
        if !is_required && !alternative.is_empty() {
            all.push(alternative);
        }
        all
    };
    alternatives.into_iter().flat_map(with_one).collect()
}

/// The declared schemes that have the header of a parameter: those of its own text, else those of others that have it
/// in the same form; of them those with the very form of the parameter, where there are such.
fn same_header(
    scheme: &SecurityScheme,
    parameter: &Parameter,
    own: &[SecurityScheme],
    declared: &[SecurityScheme],
) -> Vec<String> {
    let form = |one: &SecurityScheme| one.kind.header();
    let Some((header, prefix)) = form(scheme) else { return Vec::new() };
    let is_known = parameter.credential.as_ref().is_some_and(|credential| credential.prefix.is_some());
    let has_header = |one: &&SecurityScheme| form(one).is_some_and(|(other, _)| other == header);
    let is_same = |one: &&SecurityScheme| form(one).is_some_and(|(_, other)| other == prefix);
    let mut found: Vec<_> = own.iter().filter(has_header).collect();
    if found.is_empty() {
        found = declared.iter().filter(has_header).filter(|one| !is_known || is_same(one)).collect();
    }
    if found.iter().any(is_same) {
        found.retain(is_same);
    }
    let mut names: Vec<String> = found.into_iter().map(|one| one.name.clone()).collect();
    names.dedup();
    names
}

/// What stands before the key in each header, as most of the operations have it that say so.
struct Prefixes(HashMap<String, String>);

impl Prefixes {
    fn of(parts: &[Part]) -> Self {
        let mut said: HashMap<String, Vec<&String>> = HashMap::new();
        let nodes = parts.iter().flat_map(|part| &part.operations);
        for (_, parameter) in nodes.flat_map(|node| &node.parameters) {
            let prefix = parameter.credential.as_ref().and_then(|credential| credential.prefix.as_ref());
            said.entry(parameter.name.to_ascii_lowercase()).or_default().extend(prefix);
        }
        let common = said.into_iter().filter_map(|(header, all)| Some((header, most_common(all)?.clone())));
        Self(common.collect())
    }

    /// The security scheme that describes a parameter. Its name is how the header is written, which no key of a
    /// component can be: one header in two forms is two schemes.
    fn scheme(&self, parameter: &Parameter) -> SecurityScheme {
        let header = parameter.name.to_ascii_lowercase();
        let said = parameter.credential.as_ref().and_then(|credential| credential.prefix.as_ref());
        let prefix = said.or_else(|| self.0.get(&header)).cloned().unwrap_or_default();
        let name = format!("{header}: {prefix}").trim_end().to_owned();
        let kind = match (header.as_str(), prefix.as_str()) {
            (_, "") => SchemeKind::ApiKey { place: parameter.place, name: header },
            ("authorization", _) => SchemeKind::Http(prefix),
            _ => SchemeKind::Prefixed { header, prefix },
        };
        SecurityScheme { name, kind, required: false }
    }
}

fn sent_as_given(place: Place) -> Diagnostic {
    let message = "nothing says what stands before the key in the header `Authorization`; it is sent as it is given";
    let help = "where the API wants more than the key, give the client all of it, such as `Bearer` and the key";
    Diagnostic::new(Severity::Note, Code::CredentialForm, place, message).help(help)
}
