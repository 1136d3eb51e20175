//! Beside the pipeline: what there is in the documents, counted apart from the stages that read it, so that nothing can
//! get lost on the way.

use serde_json::Value;

use crate::diagnostic::Place;
use crate::dialect::walk::kind_at;
use crate::dialect::{Kind, METHODS, paths};
use crate::pointer::Pointer;
use crate::source::Source;

/// An operation of the documents that the crate does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Method and path.
    pub operation: String,
    /// Where it is described.
    pub place: Place,
    /// Why it is not there.
    pub reason: Reason,
}

/// Why an operation is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// What it says cannot be read; a warning says what.
    Unreadable,
    /// Another text describes it too, and that counts.
    DescribedElsewhere,
    /// The configuration leaves it out.
    Configuration,
}

impl Reason {
    /// The reason in words.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unreadable => "it cannot be read",
            Self::DescribedElsewhere => "another text describes it too",
            Self::Configuration => "the configuration leaves it out",
        }
    }
}

/// How many operations a normalised description has: each method of each path, those behind a reference included.
pub(crate) fn operations(source: &Source) -> usize {
    /// As many references as `document` follows from one node.
    const HOPS: usize = 64;
    let methods = |path: &Value| {
        let mut methods = Vec::new();
        collect(path, source, &mut methods, HOPS);
        methods.sort();
        methods.dedup();
        methods.len()
    };
    paths(&source.value).map(|(_, _, item)| methods(item)).sum()
}

/// The methods of a path, and whether they are additional ones; `hops` is how many references may follow each other.
fn collect(path: &Value, source: &Source, methods: &mut Vec<(bool, String)>, hops: usize) {
    let keywords = METHODS.iter().filter(|method| path.get(method).is_some_and(Value::is_object));
    methods.extend(keywords.map(|method| (false, (*method).to_owned())));
    let others = path.get("additionalOperations").and_then(Value::as_object).into_iter().flatten();
    methods.extend(others.filter(|(_, operation)| operation.is_object()).map(|(method, _)| (true, method.clone())));
    let reference = path.get("$ref").and_then(Value::as_str).and_then(Pointer::from_reference);
    // What else is known to be there is no path, whatever its keys are.
    let may_be_path = |at: &Pointer| kind_at(source, at).is_none_or(|kind| kind == Kind::PathItem);
    let target = reference.filter(may_be_path).and_then(|at| at.get(&source.value));
    if let Some(target) = target.filter(|_| hops > 0) {
        collect(target, source, methods, hops - 1);
    }
}
