//! Stage 4, renames: the names that the configuration asks for, in place of those that the documents give.

use super::Lowerer;
use crate::configuration::{Decisions, Entry, Rename};
use crate::diagnostic::Code;
use crate::document::OperationNode;
use crate::names::{Case, Ident, Scope, TYPE_NAMES_IN_USE};

/// The names that no type can get unasked: those in use, and those that the configuration gives away.
pub(super) fn type_names(decisions: &Decisions<'_>) -> Scope {
    let given = decisions.configuration.rename_types.iter().map(|entry| entry.value.to.as_str());
    Scope::with(TYPE_NAMES_IN_USE.iter().copied().chain(given))
}

impl<'d> Lowerer<'d> {
    /// Claims the name of a type: what the configuration has for the name that `words` give, else that.
    pub(super) fn claim_type(&mut self, words: &str) -> Ident {
        let name = self.names.claim(words, Case::Camel);
        let renames = &self.decisions.configuration.rename_types;
        let Some(entry) = self.decisions.renamed(renames, name.bare()) else { return name };
        if TYPE_NAMES_IN_USE.contains(&entry.value.to.as_str()) || !self.given.insert(entry.value.to.clone()) {
            self.refuse(entry);
            return name;
        }
        // It was kept from all others, so that it is free for this one.
        let renamed = Scope::default().claim(&entry.value.to, Case::Camel);
        self.check(entry, &renamed);
        renamed
    }

    /// Claims the name of a field: what the configuration has for the property, else what the property's gives.
    pub(super) fn claim_field(&mut self, owner: &str, property: &str, names: &mut Scope) -> Ident {
        let renames = &self.decisions.configuration.rename_properties;
        let renamed = self.decisions.renamed(renames, &format!("{owner}.{property}"));
        self.claim_renamed(renamed, property, names)
    }

    /// Claims the name of an argument or a setter of an operation.
    pub(super) fn claim_parameter(&mut self, operation: &OperationNode, name: &str, names: &mut Scope) -> Ident {
        let renames = &self.decisions.configuration.rename_parameters;
        let by_request = format!("{} {}.{name}", operation.method, operation.path);
        let by_id = operation.operation.operation_id.as_ref().map(|id| format!("{id}.{name}"));
        let renamed = self.decisions.renamed(renames, &by_request);
        let renamed = renamed.or_else(|| self.decisions.renamed(renames, &by_id?));
        self.claim_renamed(renamed, name, names)
    }

    fn claim_renamed(&mut self, renamed: Option<&Entry<Rename>>, words: &str, names: &mut Scope) -> Ident {
        let Some(entry) = renamed else { return names.claim(words, Case::Snake) };
        let ident = names.claim(&entry.value.to, Case::Snake);
        self.check(entry, &ident);
        ident
    }

    /// Claims the name of a variant: what the configuration has for the name that `words` give, else that.
    pub(super) fn claim_variant(&mut self, owner: &str, words: &str, names: &mut Scope) -> Ident {
        let name = names.claim(words, Case::Camel);
        let renames = &self.decisions.configuration.rename_variants;
        let Some(entry) = self.decisions.renamed(renames, &format!("{owner}.{}", name.bare())) else { return name };
        let renamed = names.claim(&entry.value.to, Case::Camel);
        self.check(entry, &renamed);
        renamed
    }

    /// The entry for an operation, which is known by its id and by its request.
    pub(super) fn operation_words(&self, id: Option<&str>, method: &str, path: &str) -> Option<&'d Entry<Rename>> {
        let renames = &self.decisions.configuration.rename_operations;
        let by_request = self.decisions.renamed(renames, &format!("{method} {path}"));
        by_request.or_else(|| self.decisions.renamed(renames, id?))
    }

    /// The entry for a service, which is known by the words of those around it and its own.
    pub(super) fn renamed_service(&self, path: &str) -> Option<&'d Entry<Rename>> {
        self.decisions.renamed(&self.decisions.configuration.rename_services, path)
    }

    /// Reports an entry that did not get the name that it asks for.
    pub(super) fn check(&mut self, entry: &Entry<Rename>, claimed: &Ident) {
        if claimed.bare() != entry.value.to {
            self.refuse(entry);
        }
    }

    fn refuse(&mut self, entry: &Entry<Rename>) {
        let message = format!("`{}` cannot be called `{}`", entry.value.from, entry.value.to);
        let help = "another item has that name, or Rust writes it differently";
        entry.refuse(Code::WrongConfiguration, message, help, self.diagnostics);
    }
}
