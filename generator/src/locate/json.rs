//! Locating, JSON: a scanner that takes what a YAML parser refuses, such as surrogate pairs in escapes, and is several
//! times as fast. A text with an error in it is reported elsewhere, so it has no opinion on the grammar.

use std::borrow::Cow;
use std::ops::Range;

use super::{Next, Walk};

pub(super) fn walk(text: &str, walk: &mut Walk<'_>) {
    let mut scanner = Scanner { bytes: text.as_bytes(), at: 0 };
    while let Some(token) = scanner.next() {
        match token {
            Token::Open(at, first) => {
                if !walk.open(first, || at..at + 1) {
                    scanner.pass_container();
                }
            }
            Token::Close => walk.close(),
            Token::String(range) if walk.wants_key() => walk.key(&unescape(text, &range), || range),
            Token::String(range) | Token::Other(range) => walk.scalar(|| range),
        }
        if walk.is_done() {
            return;
        }
    }
}

/// The text that the string literal at `range` stands for.
fn unescape<'t>(text: &'t str, range: &Range<usize>) -> Cow<'t, str> {
    let literal = text.get(range.clone()).unwrap_or_default();
    let bare = literal.get(1..literal.len().saturating_sub(1)).unwrap_or_default();
    if !bare.contains('\\') {
        return Cow::Borrowed(bare);
    }
    serde_json::from_str(literal).map_or(Cow::Borrowed(bare), Cow::Owned)
}

enum Token {
    Open(usize, Next),
    Close,
    String(Range<usize>),
    /// A number, `true`, `false`, `null`, or anything else.
    Other(Range<usize>),
}

struct Scanner<'t> {
    bytes: &'t [u8],
    at: usize,
}

impl Scanner<'_> {
    /// The next token; commas and colons are left out, because the order of the others says as much.
    fn next(&mut self) -> Option<Token> {
        let start = self.seek(|byte| !is_space(byte) && !matches!(byte, b',' | b':'))?;
        self.at = start + 1;
        Some(match self.bytes.get(start)? {
            b'{' => Token::Open(start, Next::Key),
            b'[' => Token::Open(start, Next::Element(0)),
            b'}' | b']' => Token::Close,
            b'"' => Token::String(start..self.end_of_string()?),
            _ => {
                let ends = |byte| is_space(byte) || matches!(byte, b',' | b':' | b'{' | b'}' | b'[' | b']' | b'"');
                self.at = self.seek(ends).unwrap_or(self.bytes.len());
                Token::Other(start..self.at)
            }
        })
    }

    /// Goes behind the string whose first quote was read; `None` when it has no end.
    fn end_of_string(&mut self) -> Option<usize> {
        loop {
            let found = self.seek(|byte| matches!(byte, b'"' | b'\\'))?;
            if self.bytes.get(found) == Some(&b'"') {
                self.at = found + 1;
                return Some(self.at);
            }
            self.at = found + 2;
        }
    }

    /// Goes behind the object or array whose first bracket was read.
    fn pass_container(&mut self) {
        let mut depth = 1usize;
        while depth > 0 {
            let Some(found) = self.seek(|byte| matches!(byte, b'"' | b'{' | b'}' | b'[' | b']')) else {
                self.at = self.bytes.len();
                return;
            };
            self.at = found + 1;
            match self.bytes.get(found) {
                Some(b'"') => {
                    if self.end_of_string().is_none() {
                        self.at = self.bytes.len();
                    }
                }
                Some(b'{' | b'[') => depth += 1,
                _ => depth -= 1,
            }
        }
    }

    fn seek(&self, wanted: impl Fn(u8) -> bool) -> Option<usize> {
        let found = self.bytes.get(self.at..)?.iter().position(|&byte| wanted(byte))?;
        Some(self.at + found)
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}
