//! Stage 4, renames: the names that the configuration asks for, in place of those that the documents give.

use super::Lowerer;
use crate::configuration::{Decisions, Entry, Rename, is_service};
use crate::diagnostic::{Code, Diagnostics};
use crate::document::OperationNode;
use crate::names::{Case, Ident, Scope};

impl<'d> Lowerer<'d> {
    /// Claims the name of a type: what the configuration has for the name that `words` give, else that.
    pub(super) fn claim_type(&mut self, words: &str) -> Ident {
        let renames = &self.decisions.configuration.rename_types;
        let claim = Claim { words, case: Case::Camel, names: &mut self.names, renames };
        claim.of(|from, own| from == own, self.decisions, self.diagnostics)
    }

    /// Claims the name of a field: what the configuration has for the property, else what the property's gives.
    pub(super) fn claim_field(&mut self, owner: &str, property: &str, names: &mut Scope) -> Ident {
        let renames = &self.decisions.configuration.rename_properties;
        let claim = Claim { words: property, case: Case::Snake, names, renames };
        claim.of(|from, _| is_in(owner, property, from), self.decisions, self.diagnostics)
    }

    /// Claims the name of an argument or a setter of an operation.
    pub(super) fn claim_parameter(&mut self, operation: &OperationNode, name: &str, names: &mut Scope) -> Ident {
        let renames = &self.decisions.configuration.rename_parameters;
        let claim = Claim { words: name, case: Case::Snake, names, renames };
        let is_it = |from: &str, _: &str| {
            let of = from.strip_suffix(name).and_then(|rest| rest.strip_suffix('.'));
            of.is_some_and(|of| is_operation(operation, of))
        };
        claim.of(is_it, self.decisions, self.diagnostics)
    }

    /// Claims the name of a variant: what the configuration has for the name that `words` give, else that.
    pub(super) fn claim_variant(&mut self, owner: &str, words: &str, names: &mut Scope) -> Ident {
        let renames = &self.decisions.configuration.rename_variants;
        let claim = Claim { words, case: Case::Camel, names, renames };
        claim.of(|from, own| is_in(owner, own, from), self.decisions, self.diagnostics)
    }

    /// Claims the name of the method of an operation: what the configuration has for it, else what `words` give.
    pub(super) fn claim_method(&mut self, operation: &OperationNode, words: &str, names: &mut Scope) -> Ident {
        let renames = &self.decisions.configuration.rename_operations;
        let claim = Claim { words, case: Case::Snake, names, renames };
        claim.of(|from, _| is_operation(operation, from), self.decisions, self.diagnostics)
    }

    /// The words that the configuration has for an operation.
    pub(super) fn operation_words(&self, operation: &OperationNode) -> Option<&'d str> {
        let renames = &self.decisions.configuration.rename_operations;
        let found = self.decisions.renamed(renames, |from| is_operation(operation, from))?;
        Some(&found.value.to)
    }

    /// Claims the name of the module of a service, which is known by the words of those around it and its own.
    pub(super) fn claim_service(&mut self, path: &str, words: &str, names: &mut Scope) -> Ident {
        let renames = &self.decisions.configuration.rename_services;
        renames.iter().for_each(|entry| self.decisions.suggest(entry, &entry.value.from, path));
        let claim = Claim { words, case: Case::Module, names, renames };
        claim.of(|from, _| is_service(from, path), self.decisions, self.diagnostics)
    }

    /// The words that the configuration has for a service.
    pub(super) fn renamed_service(&self, path: &str) -> Option<&'d str> {
        let renames = &self.decisions.configuration.rename_services;
        let found = self.decisions.renamed(renames, |from| is_service(from, path))?;
        Some(&found.value.to)
    }
}

/// A name that is to be claimed, unless the configuration has another one.
struct Claim<'c> {
    words: &'c str,
    case: Case,
    names: &'c mut Scope,
    renames: &'c [Entry<Rename>],
}

impl Claim<'_> {
    /// `is_it` says whether an entry is about what has a name of its own; one that does not get the name that it asks
    /// for is reported.
    fn of(self, is_it: impl Fn(&str, &str) -> bool, decisions: &Decisions<'_>, diagnostics: &mut Diagnostics) -> Ident {
        let Self { words, case, names, renames } = self;
        let renamed = |own: &str| {
            let entry = decisions.renamed(renames, |from| is_it(from, own))?;
            Some((entry.value.from.as_str(), entry.value.to.as_str()))
        };
        let (ident, refused) = names.claim_renamed(words, case, renamed);
        if let Some(entry) = renames.iter().find(|entry| refused.as_ref() == Some(&entry.value.from)) {
            let message = format!("`{}` cannot be called `{}`", entry.value.from, entry.value.to);
            let help = "another item has that name, which could be renamed too, or Rust writes it differently";
            entry.refuse(Code::WrongConfiguration, message, help, diagnostics);
        }
        ident
    }
}

/// Whether `from` is the item `name` of the type `owner`.
fn is_in(owner: &str, name: &str, from: &str) -> bool {
    from.strip_prefix(owner).and_then(|rest| rest.strip_prefix('.')) == Some(name)
}

/// Whether `from` is an operation: its id, or its request, whose method is written in any case.
fn is_operation(operation: &OperationNode, from: &str) -> bool {
    let is_request = from
        .split_once(' ')
        .is_some_and(|(method, path)| method.eq_ignore_ascii_case(&operation.method) && path == operation.path);
    is_request || operation.operation.operation_id.as_deref().is_some_and(|id| !id.is_empty() && id == from)
}
