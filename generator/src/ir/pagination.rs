//! How a list that comes in pages goes on.

use std::fmt;

use super::{Operation, TypeRef};

/// How the list that an operation gives goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pagination {
    /// The way to the list within the body, by the names of properties; empty where the body is the list.
    pub(crate) items: Vec<String>,
    /// What the list consists of.
    pub(crate) item: TypeRef,
    pub(crate) next: Next,
    /// What says of a page that it is the last one.
    pub(crate) ends: Vec<End>,
}

/// What of a page says that it is the last one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// What says whether there is more, and the value that it has at the end.
    Flag { at: Vec<String>, value: bool },
    /// How many pages there are, where a parameter counts them.
    Pages { at: Vec<String> },
}

/// What of a page says how the next one is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// A value of the body is sent as a parameter of the query.
    Cursor { parameter: String, at: Vec<String> },
    /// A value of the last item is sent as a parameter of the query.
    LastItem { parameter: String, at: Vec<String> },
    /// A link in the body.
    Link { at: Vec<String> },
    /// A link in the header `Link`.
    LinkHeader,
    /// A parameter of the query counts the pages, from `first`.
    Page { parameter: String, first: u64 },
    /// A parameter of the query counts the items before the page.
    Offset { parameter: String },
}

impl Next {
    /// The parameter that is another one on the next page.
    pub(crate) fn parameter(&self) -> Option<&str> {
        match self {
            Self::Cursor { parameter, .. }
            | Self::LastItem { parameter, .. }
            | Self::Page { parameter, .. }
            | Self::Offset { parameter } => Some(parameter),
            Self::Link { .. } | Self::LinkHeader => None,
        }
    }
}

impl Operation {
    /// Says that the list comes in pages, and how it goes on.
    pub(crate) fn pages(&self) -> Option<String> {
        let next = &self.pagination.as_ref()?.next;
        Some(format!("`{} {}`: {next}", self.http_method, self.template))
    }
}

impl fmt::Display for Next {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cursor { parameter, at } => write!(f, "`{}` is sent as `{parameter}`", at.join(".")),
            Self::LastItem { parameter, at } => {
                write!(f, "`{}` of the last item is sent as `{parameter}`", at.join("."))
            }
            Self::Link { at } => write!(f, "`{}` is followed", at.join(".")),
            Self::LinkHeader => f.write_str("the header `Link` is followed"),
            Self::Page { parameter, first } => write!(f, "`{parameter}` counts the pages from {first}"),
            Self::Offset { parameter } => write!(f, "`{parameter}` counts the items"),
        }
    }
}
