//! Lists that come in pages: how they go on, and the streams of their pages and items.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::body::next;
use super::error::Error;
use super::json::{Json, from_node};
use super::parse::parse;
use super::request::{Decode, Request};
use super::response::RawResponse;
use super::walk::{Walk, at};

/// An operation whose list comes in pages.
pub trait Paginated {
    /// What the list consists of.
    type Item;
    /// How the list goes on.
    const PAGES: Pagination;
}

/// How a list that comes in pages goes on.
#[derive(Clone, Copy, Debug)]
pub struct Pagination {
    /// The way to the list within the body, by the names of properties.
    pub(crate) items: Way,
    pub(crate) next: Next,
    /// What says of a page that it is the last one; any of them ends the list.
    pub(crate) ends: &'static [End],
}

/// The way to a value within a body, by the names of properties.
pub(crate) type Way = &'static [&'static str];

/// What of a page says how the next one is asked for.
#[derive(Clone, Copy, Debug)]
pub enum Next {
    /// A value of the body is sent as a parameter; where there is none, the list ends.
    Cursor { parameter: &'static str, at: Way },
    /// A value of the last item is sent as a parameter.
    LastItem { parameter: &'static str, at: Way },
    /// A link in the body.
    Link { at: Way },
    /// A link in the header `Link` (RFC 8288).
    LinkHeader,
    /// A parameter counts the pages, from `first`.
    Page { parameter: &'static str, first: u64 },
    /// A parameter counts the items before the page.
    Offset { parameter: &'static str },
}

/// What of a page says that it is the last one.
#[derive(Clone, Copy, Debug)]
pub enum End {
    /// What says whether there is more, and the value that it has at the end.
    Flag { at: Way, value: bool },
    /// How many pages there are, where a parameter counts them.
    Pages { at: Way },
}

/// Says how the list of an operation goes on.
macro_rules! pages {
    ($operation:ident => $item:ty, [$($items:literal),*], $next:ident $facts:tt, [$($end:ident $end_facts:tt),*]) => {
        impl $crate::runtime::paginate::Paginated for $operation {
            type Item = $item;
            const PAGES: $crate::runtime::paginate::Pagination = $crate::runtime::paginate::Pagination {
                items: &[$($items),*],
                next: $crate::runtime::paginate::Next::$next $facts,
                ends: &[$($crate::runtime::paginate::End::$end $end_facts),*],
            };
        }
    };
}

pub(crate) use pages;

impl<T, O: Paginated> Request<T, O> {
    /// All pages from this one on, each asked for when it is read. What was set for this request counts for all.
    pub fn pages(self) -> Pages<T> {
        Pages { walk: Walk::new(O::PAGES, self.call), decode: self.decode }
    }

    /// The items of all pages from this one on; a page is asked for when its first item is read.
    pub fn items(self) -> Items<O::Item> {
        Items { walk: Walk::new(O::PAGES, self.call), page: Vec::new().into_iter() }
    }
}

/// The pages of a list, as they are read.
#[must_use = "a stream does nothing until it is read"]
pub struct Pages<T> {
    walk: Walk,
    decode: Decode<T>,
}

impl<T> Stream for Pages<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let page = ready!(self.walk.poll_page(context));
        let page = page.map(|page| Ok((self.decode)(page?)?.value));
        if matches!(page, Some(Err(_))) {
            self.walk.end();
        }
        Poll::Ready(page)
    }
}

/// The items of a list that comes in pages, as they are read.
#[must_use = "a stream does nothing until it is read"]
pub struct Items<T> {
    walk: Walk,
    page: std::vec::IntoIter<T>,
}

/// Items are moved out and never pinned in place.
impl<T> Unpin for Items<T> {}

impl<T: Json> Stream for Items<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(item) = self.page.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            let Some(page) = ready!(self.walk.poll_page(context)) else { return Poll::Ready(None) };
            match page.and_then(|page| read_items(page, self.walk.pages.items)) {
                Ok(items) => self.page = items.into_iter(),
                Err(error) => {
                    self.walk.end();
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
    }
}

/// The items of a page; none where it has no list.
fn read_items<T: Json>(page: RawResponse, way: Way) -> Result<Vec<T>, Error> {
    let items = page.decoded(|page| {
        let text = page.utf8();
        let tape = parse(&text)?;
        let Some(list) = at(tape.root(), way) else { return Ok(Vec::new()) };
        from_node(list).map_err(|error| way.iter().rev().fold(error, |error, name| error.inside(name)))
    });
    Ok(items?.value)
}

/// Implements what both kinds of streams can do.
macro_rules! streams {
    ($($stream:ident),*) => {$(
        impl<T> $stream<T>
        where
            Self: Stream<Item = Result<T, Error>>,
        {
            /// The next one; `None` behind the last one, and after an error.
            pub async fn next(&mut self) -> Option<Result<T, Error>> {
                next(self).await
            }

            /// Waits for the next one, without an asynchronous runtime of one's own.
            #[cfg(feature = "blocking")]
            pub fn next_blocking(&mut self) -> Option<Result<T, Error>> {
                super::blocking::wait(async { Ok(self.next().await) }).unwrap_or_else(|error| {
                    self.walk.end();
                    Some(Err(error))
                })
            }
        }

        impl<T> fmt::Debug for $stream<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($stream)).field("facts", &self.walk.pages).finish_non_exhaustive()
            }
        }
    )*};
}

streams!(Pages, Items);
