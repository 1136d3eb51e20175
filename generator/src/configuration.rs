//! Before the pipeline: what the user decides about the crate. Each entry knows where it stands, since one that decides
//! nothing is a mistake that points there.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place, Severity, Spot};
use crate::dialect::quirks::group;
use crate::pointer::Pointer;
use crate::source::Source;

/// What the documents do not say, and the user does.
#[derive(Clone, Debug, Default)]
pub struct Configuration {
    /// The operations that are generated; all when empty.
    pub include: Vec<Entry<Selector>>,
    /// The operations that are not, also where they are included.
    pub exclude: Vec<Entry<Selector>>,
    /// Other names for types, by the names that they would have.
    pub rename_types: Vec<Entry<Rename>>,
    /// Other names for fields: `Type.property`, the type by its name in Rust.
    pub rename_properties: Vec<Entry<Rename>>,
    /// Other names for variants: `Type.Variant`, both by their names in Rust.
    pub rename_variants: Vec<Entry<Rename>>,
    /// Other names for arguments and setters: `operation.parameter`, the operation by `operationId` or by `GET /path`.
    /// A property of a form in parts is a parameter, too.
    pub rename_parameters: Vec<Entry<Rename>>,
    /// Other names for methods, by `operationId` or by `GET /path`.
    pub rename_operations: Vec<Entry<Rename>>,
    /// Other names for services, by their words in the document, those of services within others as `outer/inner`.
    pub rename_services: Vec<Entry<Rename>>,
    /// Types of one's own in place of generated ones: the name of the type, and a path.
    pub replace: Vec<Entry<Rename>>,
    /// Packages that these types come from.
    pub dependencies: Vec<Entry<Dependency>>,
    /// How much some diagnostics cost.
    pub severities: Vec<Entry<Judgement>>,
}

/// An entry of the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<T> {
    /// What it says.
    pub value: T,
    /// Its line in the configuration, from 1.
    pub line: usize,
    /// Its column there, from 1.
    pub column: usize,
}

/// What an operation must be to be selected: all that is said here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selector {
    /// One of its tags; of a page, also what they stand for: `store/widgets` for `subpackage_store/widgets`.
    pub tag: Option<String>,
    /// Its path; `*` stands for a segment or a part of one, `**` for any number of them.
    pub path: Option<String>,
    /// Its method, in any case.
    pub method: Option<String>,
    /// Its `operationId`.
    pub operation: Option<String>,
}

/// A name, and the one to use instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rename {
    /// What is named.
    pub from: String,
    /// The name that it gets.
    pub to: String,
}

/// A package that the crate depends on, as `[dependencies]` in `Cargo.toml` has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency {
    /// The key, most often the name of the package.
    pub name: String,
    /// Which versions it can be.
    pub version: Option<String>,
    /// Whether it has the features that it has by itself.
    pub default_features: bool,
    /// Its other features.
    pub features: Vec<String>,
    /// Whether it is there only with a feature of the crate.
    pub optional: bool,
    /// What else is said of it, such as `git`: keys and values in TOML.
    pub others: Vec<(String, String)>,
}

/// How much diagnostics of a kind cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// The kind.
    pub code: Code,
    /// The JSON pointer to the node that they are about, or that holds those; anywhere when absent.
    pub at: Option<String>,
    /// What they become: notes, or errors.
    pub severity: Severity,
}

/// The index of the configuration among the texts, behind any that there can be.
const TEXT: usize = usize::MAX;

/// The configuration in one run, with what it decided so far.
pub(crate) struct Decisions<'c> {
    pub(crate) configuration: &'c Configuration,
    /// The places of the entries that decided something.
    used: RefCell<HashSet<(usize, usize)>>,
    /// What entries probably mean that decide nothing, by their places.
    meant: RefCell<HashMap<(usize, usize), String>>,
}

impl<'c> Decisions<'c> {
    pub(crate) fn new(configuration: &'c Configuration) -> Self {
        Self { configuration, used: RefCell::default(), meant: RefCell::default() }
    }

    /// Notes that an entry decides something.
    pub(crate) fn mark<T>(&self, entry: &Entry<T>) {
        self.used.borrow_mut().insert((entry.line, entry.column));
    }

    /// Notes what an entry probably means that says `said`: the same letters in another case.
    pub(crate) fn suggest<T>(&self, entry: &Entry<T>, said: &str, name: &str) {
        if said != name && said.to_lowercase() == name.to_lowercase() {
            self.meant.borrow_mut().insert((entry.line, entry.column), name.to_owned());
        }
    }

    /// The other name that there is for something, among the renames of its kind.
    pub(crate) fn renamed<'r>(
        &self,
        renames: &'r [Entry<Rename>],
        is_it: impl Fn(&str) -> bool,
    ) -> Option<&'r Entry<Rename>> {
        let found = renames.iter().find(|entry| is_it(&entry.value.from))?;
        self.mark(found);
        Some(found)
    }

    /// Gives diagnostics the severity that the configuration asks for; errors stay what they are.
    pub(crate) fn judge(&self, diagnostics: &mut [Diagnostic]) {
        let judgements = &self.configuration.severities;
        for diagnostic in diagnostics.iter_mut().filter(|one| one.severity != Severity::Error) {
            let about: Vec<_> = judgements.iter().filter(|entry| entry.value.is_about(diagnostic)).collect();
            about.iter().for_each(|entry| self.mark(entry));
            // What is said of a place counts more than what is said of all.
            let closest = about.into_iter().max_by_key(|entry| entry.value.at.as_ref().map_or(0, String::len));
            diagnostic.severity = closest.map_or(diagnostic.severity, |entry| entry.value.severity);
        }
    }

    /// Notes the guards of what the texts have: what is denied is not there when all is well, but its place is.
    pub(crate) fn find_guarded(&self, sources: &[Source]) {
        let guards = self.configuration.severities.iter().filter(|entry| entry.value.severity == Severity::Error);
        for guard in guards {
            let has = |at: &String| {
                let at = Pointer::from_text(at.clone());
                sources.iter().any(|source| at.get(&source.value).is_some())
            };
            if guard.value.at.as_ref().is_none_or(has) {
                self.mark(guard);
            }
        }
    }

    /// The places where a kind of diagnostic must not be: there it is said each time, where else once is enough.
    pub(crate) fn guarded(&self, code: Code) -> Vec<Pointer> {
        let guards = self.configuration.severities.iter().map(|entry| &entry.value);
        let guards = guards.filter(|guard| guard.code == code && guard.severity == Severity::Error);
        guards.filter_map(|guard| Some(Pointer::from_text(guard.at.clone()?))).collect()
    }

    /// Reports the entries that decided nothing.
    pub(crate) fn report_unused(&self, diagnostics: &mut Diagnostics) {
        let Configuration { include, exclude, rename_types, rename_properties, .. } = self.configuration;
        let Configuration { rename_variants, rename_parameters, rename_operations, .. } = self.configuration;
        let Configuration { rename_services, replace, severities, .. } = self.configuration;
        self.report(include.iter().chain(exclude), "operation", diagnostics);
        self.report(rename_types, "type", diagnostics);
        self.report(rename_properties, "property", diagnostics);
        self.report(rename_variants, "variant", diagnostics);
        self.report(rename_parameters, "parameter", diagnostics);
        self.report(rename_operations, "operation", diagnostics);
        self.report(rename_services, "service", diagnostics);
        self.report(replace, "type", diagnostics);
        let (allowed, denied): (Vec<_>, Vec<_>) =
            severities.iter().partition(|entry| entry.value.severity < Severity::Error);
        self.report(allowed, "diagnostic", diagnostics);
        self.report(denied, "node", diagnostics);
    }

    fn report<'e, T: 'e>(
        &self,
        entries: impl IntoIterator<Item = &'e Entry<T>>,
        what: &str,
        diagnostics: &mut Diagnostics,
    ) {
        for entry in entries {
            if !self.used.borrow().contains(&(entry.line, entry.column)) {
                let message = format!("there is no {what} that this entry is about");
                let help = match self.meant.borrow().get(&(entry.line, entry.column)) {
                    Some(name) => format!("did you mean `{name}`?"),
                    None => "mend the entry, or remove it".to_owned(),
                };
                entry.refuse(Code::UnusedConfiguration, message, &help, diagnostics);
            }
        }
    }
}

impl<T> Entry<T> {
    /// A warning about the entry.
    pub(crate) fn warning(&self, code: Code, message: String, help: &str) -> Diagnostic {
        let place = Place { input: TEXT, spot: Spot::Line(self.line, self.column) };
        Diagnostic::new(Severity::Warning, code, place, message).help(help)
    }

    /// Says what is wrong with the entry.
    pub(crate) fn refuse(&self, code: Code, message: String, help: &str, diagnostics: &mut Diagnostics) {
        let place = Place { input: TEXT, spot: Spot::Line(self.line, self.column) };
        diagnostics.push(Diagnostic::new(Severity::Error, code, place, message).help(help));
    }
}

impl Judgement {
    fn is_about(&self, diagnostic: &Diagnostic) -> bool {
        let within = |at: &String| match &diagnostic.place.spot {
            Spot::Node(pointer) | Spot::Key(pointer) => pointer.is_within(&Pointer::from_text(at.clone())),
            Spot::Whole | Spot::Line(..) => false,
        };
        self.code == diagnostic.code && self.at.as_ref().is_none_or(within)
    }
}

impl Selector {
    /// Whether an operation is selected.
    pub(crate) fn selects(&self, tags: &[String], path: &str, method: &str, operation: Option<&str>) -> bool {
        self.tag.as_ref().is_none_or(|tag| tags.iter().any(|own| own == tag || group(own) == Some(tag)))
            && self.path.as_ref().is_none_or(|pattern| matches(pattern, path))
            && self.method.as_ref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
            && self.operation.as_ref().is_none_or(|wanted| operation == Some(wanted))
    }
}

/// Whether a name in the configuration is that of a service, or the tag that a page has for it.
pub(crate) fn is_service(name: &str, path: &str) -> bool {
    name == path || group(name) == Some(path)
}

/// Whether a path fits a pattern: `*` is any text without a slash, `**` any text.
fn matches(pattern: &str, path: &str) -> bool {
    let Some((before, after)) = pattern.split_once('*') else { return pattern == path };
    let Some(rest) = path.strip_prefix(before) else { return false };
    let (after, any) = after.strip_prefix('*').map_or((after, false), |after| (after, true));
    let longest = if any { rest.len() } else { rest.find('/').unwrap_or(rest.len()) };
    (0..=longest).filter(|end| rest.is_char_boundary(*end)).any(|end| matches(after, &rest[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_matched_by_patterns() {
        for (pattern, path, fits) in [
            ("/pets", "/pets", true),
            ("/pets", "/pets/{id}", false),
            ("/pets/*", "/pets/{id}", true),
            ("/pets/*", "/pets/{id}/toys", false),
            ("/pets/**", "/pets/{id}/toys", true),
            ("/pets**", "/pets", true),
            ("/*/{id}", "/pets/{id}", true),
            ("**/toys", "/pets/{id}/toys", true),
            ("/v*/pets", "/v1/pets", true),
            ("/v*/pets", "/v1/x/pets", false),
            ("*", "/pets", false),
        ] {
            assert_eq!(matches(pattern, path), fits, "{pattern} {path}");
        }
    }

    #[test]
    fn all_that_is_said_of_an_operation_must_hold() {
        let selector = Selector { tag: Some("a".into()), method: Some("get".into()), ..Selector::default() };
        assert!(selector.selects(&["b".into(), "a".into()], "/x", "GET", None));
        assert!(!selector.selects(&["a".into()], "/x", "PUT", None));
        assert!(!selector.selects(&[], "/x", "GET", None));
    }

    #[test]
    fn a_group_of_pages_is_known_by_its_tag_and_by_its_name() {
        for tag in ["store/widgets", "subpackage_store/widgets"] {
            let selector = Selector { tag: Some(tag.into()), ..Selector::default() };
            assert!(selector.selects(&["subpackage_store/widgets".into()], "/x", "GET", None), "{tag}");
            assert!(is_service(tag, "store/widgets"), "{tag}");
            assert!(!is_service(tag, "widgets"), "{tag}");
        }
    }
}
