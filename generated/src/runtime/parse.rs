//! A JSON text (RFC 8259) → a tape, without recursion and without copying what has no escapes in it.

use super::decode_error::DecodeError;
use super::tape::{Entry, MAX_DEPTH, Tape, TooLong};

/// Parses a JSON text.
///
/// # Errors
///
/// When the bytes are no JSON text, with the path of the value that was being read.
pub(crate) fn parse(bytes: &[u8]) -> Result<Tape<'_>, DecodeError> {
    // Some servers put a mark in front of their texts, which means nothing in UTF-8 (RFC 8259, section 8.1).
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let (text, valid) = match std::str::from_utf8(bytes) {
        Ok(text) => (text, true),
        // What comes before is read all the same, to say in which value the wrong byte is.
        Err(error) => (std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default(), false),
    };
    // Real payloads hold a value every 12 bytes or so; a wrong guess costs one reallocation.
    let tape = Tape::with_capacity(text.len() / 12 + 4);
    let mut parser = Parser { text, bytes: text.as_bytes(), at: 0, tape };
    match parser.document() {
        Ok(()) if valid => Ok(parser.tape.finish()),
        Ok(()) => Err(parser.error("bytes that are no UTF-8 behind the value")),
        Err(_) if !valid && parser.at >= text.len() => Err(parser.error("bytes that are no UTF-8")),
        Err(message) => Err(parser.error(message)),
    }
}

struct Parser<'de> {
    text: &'de str,
    bytes: &'de [u8],
    at: usize,
    tape: Tape<'de>,
}

type Parsed<T = ()> = Result<T, &'static str>;

impl From<TooLong> for &'static str {
    fn from(_: TooLong) -> Self {
        "more values than can be counted in 32 bits"
    }
}

impl<'de> Parser<'de> {
    #[cold]
    fn error(&self, message: &str) -> DecodeError {
        let line = 1 + self.bytes[..self.at.min(self.bytes.len())].iter().filter(|byte| **byte == b'\n').count();
        DecodeError::at(self.tape.open_path(), format_args!("{message} at byte {}, line {line}", self.at))
    }

    fn document(&mut self) -> Parsed {
        loop {
            self.value()?;
            // After a value: the ends of containers, up to one that goes on.
            loop {
                let Some(in_object) = self.tape.is_in_object() else {
                    self.blank();
                    return if self.at == self.bytes.len() { Ok(()) } else { Err("text behind the value") };
                };
                match (self.token(), in_object) {
                    (Some(b','), in_object) => {
                        self.at += 1;
                        self.tape.count();
                        if in_object {
                            self.name()?;
                        }
                        break;
                    }
                    (Some(b'}'), true) | (Some(b']'), false) => {
                        self.at += 1;
                        self.tape.close()?;
                    }
                    (None, _) => return Err("the text ends too early"),
                    (Some(_), true) => return Err("expected `,` or `}`"),
                    (Some(_), false) => return Err("expected `,` or `]`"),
                }
            }
        }
    }

    /// Reads up to the end of a value that is no container, or of an empty one; opens the containers on the way.
    fn value(&mut self) -> Parsed {
        loop {
            match self.token() {
                Some(b'"') => {
                    self.at += 1;
                    return self.string();
                }
                Some(b'{') => {
                    self.open()?;
                    self.tape.open_object();
                    if self.token() == Some(b'}') {
                        self.at += 1;
                        return Ok(self.tape.close()?);
                    }
                    self.tape.count();
                    self.name()?;
                }
                Some(b'[') => {
                    self.open()?;
                    self.tape.open_array();
                    if self.token() == Some(b']') {
                        self.at += 1;
                        return Ok(self.tape.close()?);
                    }
                    self.tape.count();
                }
                Some(b'-' | b'0'..=b'9') => return self.number(),
                Some(b't') => return self.word("true", Entry::Bool(true)),
                Some(b'f') => return self.word("false", Entry::Bool(false)),
                Some(b'n') => return self.word("null", Entry::Null),
                Some(_) => return Err("expected a value"),
                None => return Err("the text ends too early"),
            }
        }
    }

    fn open(&mut self) -> Parsed {
        if self.tape.depth() == MAX_DEPTH {
            return Err("recursion limit: nested deeper than 128 levels");
        }
        self.at += 1;
        Ok(())
    }

    /// Reads the name of a member and the colon behind it.
    fn name(&mut self) -> Parsed {
        if self.token() != Some(b'"') {
            return Err("expected the name of a member");
        }
        self.at += 1;
        self.string()?;
        if self.token() != Some(b':') {
            return Err("expected `:`");
        }
        self.at += 1;
        Ok(())
    }

    fn blank(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.bytes.get(self.at) {
            self.at += 1;
        }
    }

    /// The next byte that is no blank.
    fn token(&mut self) -> Option<u8> {
        self.blank();
        self.bytes.get(self.at).copied()
    }

    fn word(&mut self, word: &str, entry: Entry<'de>) -> Parsed {
        if !self.bytes[self.at..].starts_with(word.as_bytes()) {
            return Err("expected a value");
        }
        self.at += word.len();
        self.tape.push(entry);
        Ok(())
    }

    /// Reads a string behind its first quote.
    fn string(&mut self) -> Parsed {
        let start = self.at;
        self.at = plain_end(self.bytes, start);
        match self.bytes.get(self.at) {
            Some(b'"') => {
                self.tape.push(Entry::Text(&self.text[start..self.at]));
                self.at += 1;
                Ok(())
            }
            _ => self.string_with_escapes(start),
        }
    }

    #[cold]
    fn string_with_escapes(&mut self, start: usize) -> Parsed {
        let held = self.tape.held_mut().len();
        let mut start = start;
        loop {
            self.at = plain_end(self.bytes, self.at);
            let plain = &self.text[start..self.at];
            self.tape.held_mut().push_str(plain);
            match self.bytes.get(self.at) {
                Some(b'"') => {
                    self.at += 1;
                    self.tape.push_held(held);
                    return Ok(());
                }
                Some(b'\\') => {
                    self.at += 1;
                    let character = self.escape()?;
                    self.tape.held_mut().push(character);
                    start = self.at;
                }
                Some(_) => return Err("a control character in a string must be written as an escape"),
                None => return Err("the text ends within a string"),
            }
        }
    }

    /// Reads an escape behind its backslash.
    fn escape(&mut self) -> Parsed<char> {
        let letter = self.bytes.get(self.at).copied();
        self.at += 1;
        Ok(match letter {
            Some(same @ (b'"' | b'\\' | b'/')) => char::from(same),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(),
            _ => return Err("no such escape"),
        })
    }

    /// Reads the four digits of an escape, or two escapes for a character beyond the first 65,536.
    fn unicode_escape(&mut self) -> Parsed<char> {
        const LONE: &str = "half of a surrogate pair is no character";
        let unit = self.hex()?;
        if !(0xd800..0xe000).contains(&unit) {
            return char::from_u32(unit).ok_or(LONE);
        }
        if !self.bytes[self.at..].starts_with(b"\\u") {
            return Err(LONE);
        }
        self.at += 2;
        let low = self.hex()?;
        if unit >= 0xdc00 || !(0xdc00..0xe000).contains(&low) {
            return Err(LONE);
        }
        char::from_u32(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00)).ok_or(LONE)
    }

    fn hex(&mut self) -> Parsed<u32> {
        let digits = self.bytes.get(self.at..self.at + 4).unwrap_or_default();
        let value = digits.iter().try_fold(0, |value, digit| Some(value * 16 + char::from(*digit).to_digit(16)?));
        self.at += 4;
        value.filter(|_| digits.len() == 4).ok_or("an escape must have four hexadecimal digits")
    }

    fn number(&mut self) -> Parsed {
        let start = self.at;
        let negative = self.bytes[start] == b'-';
        self.at += usize::from(negative);
        let digits = self.at;
        let mut integer = self.digits()?;
        if self.at - digits > 1 && self.bytes[digits] == b'0' {
            return Err("a number cannot start with 0");
        }
        if self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.digits()?;
            integer = None;
        }
        if let Some(b'e' | b'E') = self.bytes.get(self.at) {
            self.at += 1;
            self.at += usize::from(matches!(self.bytes.get(self.at), Some(b'+' | b'-')));
            self.digits()?;
            integer = None;
        }
        let entry = match integer {
            Some(value) if !negative => Entry::Unsigned(value),
            Some(value @ 1..) if 0i64.checked_sub_unsigned(value).is_some() => {
                Entry::Signed(0i64.wrapping_sub_unsigned(value))
            }
            // With a fraction or an exponent, beyond 64 bits, or `-0`.
            _ => match self.text[start..self.at].parse::<f64>() {
                Ok(value) if value.is_finite() => Entry::Float(value),
                _ => return Err("a number that is out of range"),
            },
        };
        self.tape.push(entry);
        Ok(())
    }

    /// Reads digits, of which there must be one; their value when 64 bits hold it.
    fn digits(&mut self) -> Parsed<Option<u64>> {
        let start = self.at;
        let mut value = Some(0u64);
        while let Some(digit @ b'0'..=b'9') = self.bytes.get(self.at) {
            value = value.and_then(|value| value.checked_mul(10)?.checked_add(u64::from(digit - b'0')));
            self.at += 1;
        }
        if self.at > start { Ok(value) } else { Err("expected a digit") }
    }
}

/// The index of the first byte from `at` on that ends a string or needs a closer look: a quote, a backslash, a control
/// character; the length of the text when there is none. Eight bytes are looked at in one step.
#[inline]
fn plain_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        let found = marked(*chunk);
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    let rest = &bytes[at.min(bytes.len())..];
    at + rest.iter().position(|byte| needs_care(*byte)).unwrap_or(rest.len())
}

/// Whether a text has no byte that a string may not hold as it is. What is left behind the last eight bytes is looked
/// at together with those before it.
#[inline]
pub(crate) fn is_plain(bytes: &[u8]) -> bool {
    let Some(last) = bytes.last_chunk() else { return !bytes.iter().any(|byte| needs_care(*byte)) };
    let (chunks, _) = bytes.as_chunks();
    chunks.iter().all(|chunk| marked(*chunk) == 0) && marked(*last) == 0
}

fn needs_care(byte: u8) -> bool {
    matches!(byte, b'"' | b'\\' | 0..0x20)
}

/// The top bit of each byte that needs a closer look, and perhaps of bytes above the first of them.
#[inline]
fn marked(chunk: [u8; 8]) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const TOPS: u64 = 0x8080_8080_8080_8080;
    let word = u64::from_le_bytes(chunk);
    let is = |byte: u8| (word ^ (ONES * u64::from(byte))).wrapping_sub(ONES) & !(word ^ (ONES * u64::from(byte)));
    (is(b'"') | is(b'\\') | word.wrapping_sub(ONES * 0x20) & !word) & TOPS
}
