//! The way from page to page of a list, whatever the pages hold.

use std::collections::HashSet;
use std::task::{Context, Poll};

use percent_encoding::percent_decode_str;
use reqwest::header::LINK;

use super::call::Call;
use super::error::{Error, ErrorKind};
use super::paginate::{End, Next, Pagination};
use super::parse::parse;
use super::response::RawResponse;
use super::tape::{Entry, Node};
use super::transport::Sending;

/// The way from page to page, whatever they hold.
pub(crate) struct Walk {
    pub(crate) pages: Pagination,
    state: State,
    /// What pages were asked for by; a server that gives one of them again would never come to an end.
    seen: HashSet<String>,
    /// The body before, where the pages are counted: a server that does not count gives the same one again.
    last: Vec<u8>,
}

enum State {
    Ask(Call),
    Wait(Call, Sending<RawResponse>),
    Fail(Error),
    End,
}

impl Walk {
    pub(crate) fn new(pages: Pagination, call: Call) -> Self {
        Self { pages, state: State::Ask(call), seen: HashSet::new(), last: Vec::new() }
    }

    /// Ends the list: after an error there is nothing to go on from.
    pub(crate) fn end(&mut self) {
        self.state = State::End;
    }

    /// The next page; `None` behind the last one.
    pub(crate) fn poll_page(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<RawResponse, Error>>> {
        loop {
            match std::mem::replace(&mut self.state, State::End) {
                State::End => return Poll::Ready(None),
                State::Fail(error) => return Poll::Ready(Some(Err(error))),
                State::Ask(call) => {
                    let page = call.clone();
                    let sending = Box::pin(async move { page.send().await });
                    self.state = State::Wait(call, sending);
                }
                State::Wait(call, mut sending) => {
                    let Poll::Ready(page) = sending.as_mut().poll(context) else {
                        self.state = State::Wait(call, sending);
                        return Poll::Pending;
                    };
                    let page = page.and_then(|page| self.follow(call, page));
                    return Poll::Ready(page.transpose());
                }
            }
        }
    }

    /// Finds out how the next page is asked for; `None` where the page is the one before once more.
    fn follow(&mut self, mut call: Call, page: RawResponse) -> Result<Option<RawResponse>, Error> {
        let step = {
            let text = page.utf8();
            let tape = match parse(&text) {
                Ok(tape) => tape,
                Err(error) => return Err(Error::decode(error, page.clone())),
            };
            self.step(&mut call, &page, tape.root())
        };
        if matches!(self.pages.next, Next::Page { .. } | Next::Offset { .. }) {
            if page.body() == self.last {
                return Ok(None);
            }
            self.last = page.body().to_vec();
        }
        self.state = match step {
            Ok(true) => State::Ask(call),
            Ok(false) => State::End,
            // The page itself is good.
            Err(message) => State::Fail(Error::new(ErrorKind::Decode, message).with_response(page.clone())),
        };
        Ok(Some(page))
    }

    /// Lets the call ask for the next page; `false` behind the last one.
    fn step(&mut self, call: &mut Call, page: &RawResponse, body: Node<'_, '_>) -> Result<bool, String> {
        if self.pages.ends.iter().any(|end| self.is_last(end, call, body)) {
            return Ok(false);
        }
        let list = at(body, self.pages.items);
        let items = list.map_or(0, |list| list.elements().count() as u64);
        let next = match self.pages.next {
            Next::Cursor { parameter, at: way } => send(call, parameter, at(body, way).and_then(scalar)),
            Next::LastItem { parameter, at: way } => {
                let last = list.and_then(|list| list.elements().last());
                send(call, parameter, last.and_then(|item| at(item, way)).and_then(scalar))
            }
            Next::Link { at: way } => go(call, at(body, way).and_then(|link| link.text()))?,
            Next::LinkHeader => {
                let values = page.headers().get_all(LINK).iter().filter_map(|value| value.to_str().ok());
                let values = values.collect::<Vec<_>>().join(", ");
                go(call, next_link(&values))?
            }
            Next::Page { parameter, first } => return Ok(count(call, parameter, first, 1, items)),
            Next::Offset { parameter } => return Ok(count(call, parameter, 0, items, items)),
        };
        let Some(page) = next else { return Ok(false) };
        match (self.seen.insert(page), items) {
            (true, _) => Ok(true),
            // The cursor is the place where more will come.
            (false, 0) => Ok(false),
            (false, _) => Err("the server gives a page as the next one that it gave before".to_owned()),
        }
    }

    /// Whether a page says that it is the last one.
    fn is_last(&self, end: &End, call: &Call, body: Node<'_, '_>) -> bool {
        match *end {
            End::Flag { at: way, value } => {
                at(body, way).is_some_and(|node| matches!(node.entry(), Entry::Bool(end) if end == value))
            }
            End::Pages { at: way } => match (self.pages.next, at(body, way).map(|node| node.entry())) {
                (Next::Page { parameter, first }, Some(Entry::Unsigned(pages))) => {
                    counted(call, parameter, first).saturating_add(1) >= first.saturating_add(pages)
                }
                _ => false,
            },
        }
    }
}

/// Sends a value as a parameter; gives what the page is known by.
fn send(call: &mut Call, parameter: &'static str, value: Option<String>) -> Option<String> {
    let value = value.filter(|value| !value.is_empty())?;
    call.replace_query(parameter, &value);
    Some(value)
}

/// Follows a link: to the same path with another query, whatever host it names, as a server need not know what it is
/// called by its clients; or to another path of the API. No other host is asked.
fn go(call: &mut Call, link: Option<&str>) -> Result<Option<String>, String> {
    let Some(link) = link.filter(|link| !link.is_empty()) else { return Ok(None) };
    let (path, query) = link.split('#').next().and_then(|link| link.split_once('?')).unwrap_or((link, ""));
    let [asked, own] = [path, &call.path].map(|path| percent_decode_str(path).decode_utf8_lossy());
    if path.is_empty() || asked.ends_with(&*own) {
        call.replace_whole_query(query);
    } else if !call.follow(link).map_err(|error| error.to_string())? {
        return Err(format!("the next page is at `{path}`, which is no page of this API"));
    }
    Ok(Some(format!("{}?{query}", call.path)))
}

/// Counts on, unless the page is empty.
fn count(call: &mut Call, parameter: &'static str, first: u64, step: u64, items: u64) -> bool {
    let next = counted(call, parameter, first).saturating_add(step);
    if items > 0 {
        call.replace_query(parameter, &next.to_string());
    }
    items > 0
}

/// What a call asks for by a parameter that counts.
fn counted(call: &Call, parameter: &str, first: u64) -> u64 {
    call.query_value(parameter).and_then(|value| value.parse().ok()).unwrap_or(first)
}

/// The value at the end of a way.
pub(crate) fn at<'t, 'de>(node: Node<'t, 'de>, way: &[&str]) -> Option<Node<'t, 'de>> {
    way.iter().try_fold(node, |node, name| node.member(name)).filter(|node| !node.is_null())
}

/// A value as a parameter says it.
fn scalar(node: Node<'_, '_>) -> Option<String> {
    match node.entry() {
        Entry::Unsigned(value) => Some(value.to_string()),
        Entry::Signed(value) => Some(value.to_string()),
        _ => node.text().map(str::to_owned),
    }
}

/// The target of the link with the relation `next` (RFC 8288, section 3).
fn next_link(value: &str) -> Option<&str> {
    let mut rest = value;
    loop {
        let (target, behind) = rest.split_once('<')?.1.split_once('>')?;
        let (parameters, others) = behind.split_at(behind.find('<').unwrap_or(behind.len()));
        let is_next = |parameter: &str| {
            let (name, value) = parameter.split_once('=').unwrap_or_default();
            let mut relations = value.trim().trim_matches('"').split_ascii_whitespace();
            name.trim().eq_ignore_ascii_case("rel") && relations.any(|relation| relation.eq_ignore_ascii_case("next"))
        };
        if parameters.trim_end_matches([' ', '\t', ',']).split(';').any(is_next) {
            return Some(target);
        }
        rest = others;
    }
}

#[cfg(test)]
mod tests {
    use super::next_link;

    #[test]
    fn the_link_to_the_next_page_is_found_among_others() {
        for (value, link) in [
            ("", None),
            ("<https://a.example/x?page=2>; rel=\"next\"", Some("https://a.example/x?page=2")),
            ("</x?page=1>; rel=prev, </x?page=3>; rel=next", Some("/x?page=3")),
            ("</x?a=1,2>; title=\"a, b\"; rel=\"last next\"", Some("/x?a=1,2")),
            ("</x>; title=\"a, b\"; rel=\"last\", <?page=2>;Rel = NEXT", Some("?page=2")),
            ("</x>; rel=\"nextish\"", None),
            ("</x>; title=\"a, b\"; rel=next, </y>; rel=last", Some("/x")),
            ("</x>; rel", None),
            ("x; rel=next", None),
        ] {
            assert_eq!(next_link(value), link, "{value}");
        }
    }
}
