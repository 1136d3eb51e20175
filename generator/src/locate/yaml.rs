//! Locating, YAML: follows the events of a parser that knows where each of them stands.

use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle, Span};

use super::{Next, Walk};

pub(super) fn walk(text: &str, walk: &mut Walk<'_>) {
    let mut places = Places::new(text);
    // How deep the parser is within something unwanted.
    let mut passed_over = 0usize;
    for event in Parser::new_from_str(text) {
        // An error in the text is reported elsewhere; here, what came before it is good enough.
        let Ok((event, span)) = event else { return };
        match event {
            Event::MappingStart(..) | Event::SequenceStart(..) if passed_over > 0 => passed_over += 1,
            Event::MappingEnd | Event::SequenceEnd if passed_over > 0 => passed_over -= 1,
            Event::DocumentEnd => return,
            _ if passed_over > 0 => {}
            Event::MappingStart(..) => passed_over = usize::from(!walk.open(Next::Key, || places.container(span))),
            Event::SequenceStart(..) => {
                passed_over = usize::from(!walk.open(Next::Element(0), || places.container(span)));
            }
            Event::MappingEnd | Event::SequenceEnd => walk.close(),
            Event::Scalar(key, style, ..) if walk.wants_key() => walk.key(&key, || places.scalar(span, style)),
            Event::Scalar(_, style, ..) => walk.scalar(|| places.scalar(span, style)),
            // The text of an aliased node stands elsewhere, and there it has another pointer.
            Event::Alias(_) => walk.scalar(|| places.scalar(span, ScalarStyle::Plain)),
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) => {}
        }
        if walk.is_done() {
            return;
        }
    }
}

/// Turns the parser's places, which count characters, into byte ranges.
struct Places<'t> {
    text: &'t str,
    is_ascii: bool,
    /// The place turned last, in characters and in bytes: the next one is not far from it.
    last: (usize, usize),
}

impl<'t> Places<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, is_ascii: text.is_ascii(), last: (0, 0) }
    }

    fn scalar(&mut self, span: Span, style: ScalarStyle) -> Range<usize> {
        let range = self.range(span);
        let text = &self.text[range.clone()];
        let length = match style {
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => quoted_length(text),
            _ => text.trim_end().len(),
        };
        range.start..range.start + length
    }

    /// The bracket of a flow collection, the first line of a block collection.
    fn container(&mut self, span: Span) -> Range<usize> {
        let range = self.range(span);
        let end = if range.is_empty() { self.text.len() } else { range.end };
        let line = self.text[range.start..end].split(['\n', '\r']).next().unwrap_or_default();
        range.start..range.start + line.trim_end().len()
    }

    fn range(&mut self, span: Span) -> Range<usize> {
        let start = self.offset(span.start.index());
        start..self.offset(span.end.index()).max(start)
    }

    fn offset(&mut self, characters: usize) -> usize {
        if self.is_ascii {
            return characters.min(self.text.len());
        }
        let (before, at) = self.last;
        let offset = if characters >= before {
            let next = self.text[at..].char_indices().nth(characters - before);
            next.map_or(self.text.len(), |(further, _)| at + further)
        } else {
            self.text[..at].char_indices().rev().nth(before - characters - 1).map_or(0, |(offset, _)| offset)
        };
        // Past the end there is no such character, and to count on from there would go wrong.
        if offset < self.text.len() {
            self.last = (characters, offset);
        }
        offset
    }
}

/// The length up to the closing quote: the parser's range takes in the blanks and the comment behind it.
fn quoted_length(text: &str) -> usize {
    let Some((open, quote)) = text.char_indices().find(|(_, c)| matches!(c, '"' | '\'')) else { return text.len() };
    let mut rest = text.char_indices().skip_while(|(at, _)| *at <= open).peekable();
    while let Some((at, character)) = rest.next() {
        let doubled = quote == '\'' && matches!(rest.peek(), Some((_, '\'')));
        match character {
            '\\' if quote == '"' => _ = rest.next(),
            _ if character == quote && doubled => _ = rest.next(),
            _ if character == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}
