//! Stage 4, components of several texts: equal ones become one type, unequal ones of the same name are kept apart.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};

use indexmap::IndexMap;

use super::Lowerer;
use crate::diagnostic::Code;
use crate::document::OperationNode;
use crate::document::schema::SchemaId;

/// Components that say the same; the first of them, in the order of the texts, stands for all.
type Version = Vec<SchemaId>;

impl Lowerer<'_> {
    /// Finds the components that say the same as one of the same name in an earlier text, whatever prints of them put
    /// before it.
    pub(super) fn merge_components(&mut self) {
        let schemas = &mut self.document.schemas;
        let mut by_name: IndexMap<String, Vec<Version>> = IndexMap::new();
        for (id, key) in schemas.components() {
            let name = schemas.get(id).name.clone().unwrap_or(key);
            let earlier = by_name.entry(name).or_default();
            match earlier.iter_mut().find(|version| schemas.equal(version[0], id, &mut HashSet::new())) {
                Some(version) => {
                    self.same.insert(id, version[0]);
                    schemas.lend_words(version[0], id);
                    version.push(id);
                }
                None => earlier.push(vec![id]),
            }
        }
        for (name, versions) in by_name {
            let mut by_package: BTreeMap<Option<String>, Vec<Version>> = BTreeMap::new();
            for version in versions {
                by_package.entry(self.package(&version)).or_default().push(version);
            }
            let is_ambiguous = by_package.len() > 1;
            for (package, versions) in by_package {
                let package = package.filter(|_| is_ambiguous).unwrap_or_default();
                self.name_versions(&name, &package, &versions);
            }
        }
    }

    /// The package that tells a component from others of its name, unless there is a text that names it without one.
    fn package(&self, version: &Version) -> Option<String> {
        let packages = version.iter().map(|id| self.document.schemas.get(*id).package.clone());
        packages.min().flatten()
    }

    /// Tells versions of a component apart: the one that most texts have keeps the name, of equally many the first; the
    /// others add what their texts are about. So no text that is added renames what another one has, unless it turns
    /// the majority.
    fn name_versions(&mut self, name: &str, package: &str, versions: &[Version]) {
        let common = versions.iter().min_by_key(|version| Reverse(version.len()));
        let others: Vec<_> = versions.iter().filter(|version| Some(*version) != common).collect();
        // A service is named before an operation: more texts of it are likely to come.
        let service = |_, node: &OperationNode| super::service::service_words(node);
        let services: Vec<_> = others.iter().map(|version| self.text_words(version, service)).collect();
        let texts = others.iter().zip(&services).map(|(version, service)| {
            let is_unique = services.iter().filter(|other| *other == service).count() == 1;
            let operation = |input, node: &OperationNode| self.full_words(input, node);
            if is_unique && !service.is_empty() { service.clone() } else { self.text_words(version, operation) }
        });
        let named = others.iter().zip(texts).map(|(version, text)| (version[0], format!("{text} {package}")));
        let common = common.filter(|_| !package.is_empty()).map(|common| (common[0], package.to_owned()));
        let named: Vec<_> = named.chain(common).collect();
        self.version_words.extend(named);
        if let [_, second, ..] = versions {
            let place = self.document.schemas.get(second[0]).place();
            let count = versions.len();
            let message = format!("the component `{name}` differs from the one of the same name in another text");
            let help =
                format!("{count} types are made of it: most texts have the one of that name, the others add theirs");
            self.warn(Code::ConflictingComponent, place, message, &help);
        }
    }

    /// What the texts of a component are about: what is first by name of `words` of their operations, else the API.
    fn text_words(&self, version: &Version, words: impl Fn(usize, &OperationNode) -> String) -> String {
        let inputs: HashSet<usize> = version.iter().map(|id| self.document.schemas.get(*id).input).collect();
        let parts = self.document.parts.iter().filter(|part| inputs.contains(&part.input));
        let words = parts.filter_map(|part| match (&part.page, part.operations.first()) {
            (Some(_), Some(node)) => Some(words(part.input, node)),
            _ => part.title.clone(),
        });
        words.min().unwrap_or_default()
    }

    /// The schema that stands for this one in all texts.
    pub(super) fn canonical(&self, id: SchemaId) -> SchemaId {
        self.same.get(&id).copied().unwrap_or(id)
    }
}
