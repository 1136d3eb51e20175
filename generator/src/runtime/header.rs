//! Headers of responses with the types that the document has for them.

use std::fmt;
use std::marker::PhantomData;

use reqwest::header::HeaderMap;
use serde_json::Value;

use super::decode_error::DecodeError;
use super::encode::to_tape;
use super::json::{Json, from_node};
use super::response::{RawResponse, Response};

/// A header of responses, with the type of its value.
pub struct Header<T> {
    name: &'static str,
    value: PhantomData<fn() -> T>,
}

impl<T> Header<T> {
    pub(crate) const fn new(name: &'static str) -> Self {
        Self { name, value: PhantomData }
    }

    /// The name of the header.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }
}

impl<T: Json> Header<T> {
    /// Reads the header; `None` where there is none. Several lines of it are one list; of `Set-Cookie`, where each is a
    /// value of its own, the first counts unless the type is a list.
    ///
    /// # Errors
    ///
    /// When the value is not one that the type can hold.
    pub fn of(&self, headers: &HeaderMap) -> Result<Option<T>, DecodeError> {
        let lines: Vec<_> = headers.get_all(self.name).iter().map(|line| line.as_bytes()).collect();
        if lines.is_empty() {
            return Ok(None);
        }
        let text = String::from_utf8_lossy(&lines.join(&b", "[..])).into_owned();
        let [as_text, others @ ..] = match self.name.eq_ignore_ascii_case(SET_COOKIE) {
            true => cookies(&lines),
            false => readings(text.trim()),
        };
        let first = from_node(to_tape(&as_text).root());
        let read = others.iter().fold(first, |read, other| read.or_else(|_| from_node(to_tape(other).root())));
        read.map(Some).map_err(|_| DecodeError::new(format_args!("`{}` is not what `{}` can be", text, self.name)))
    }
}

/// The header whose lines are no list: a comma can be within a value (RFC 9110, section 5.3).
const SET_COOKIE: &str = "set-cookie";

/// What the lines of such a header can mean, in the order of `readings`: the first, or all of them.
fn cookies(lines: &[&[u8]]) -> [Value; 4] {
    let mut all = lines.iter().map(|line| Value::from(String::from_utf8_lossy(line).trim()));
    let list: Value = all.clone().collect();
    let first = all.next().unwrap_or_default();
    [first.clone(), first, list.clone(), list]
}

/// What a text can mean as the value of a header (style `simple`, RFC 6570, section 3.2.1): itself, a number or a
/// boolean, or a list of texts or of these. A type takes the first that it can hold.
fn readings(text: &str) -> [Value; 4] {
    let scalar = |text: &str| match serde_json::from_str(text) {
        Ok(value @ (Value::Number(_) | Value::Bool(_))) => value,
        _ => Value::from(text),
    };
    let parts = || text.split(',').map(str::trim).filter(|part| !part.is_empty());
    [Value::from(text), scalar(text), parts().map(Value::from).collect(), parts().map(scalar).collect()]
}

impl<T> Response<T> {
    /// Reads a header of the response; `None` where there is none.
    ///
    /// # Errors
    ///
    /// When the value is not one that the header can have.
    pub fn header<H: Json>(&self, header: Header<H>) -> Result<Option<H>, DecodeError> {
        header.of(&self.headers)
    }
}

impl RawResponse {
    /// Reads a header of the response; `None` where there is none.
    ///
    /// # Errors
    ///
    /// When the value is not one that the header can have.
    pub fn header<H: Json>(&self, header: Header<H>) -> Result<Option<H>, DecodeError> {
        header.of(&self.headers)
    }
}

impl<T> fmt::Debug for Header<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Header").field(&self.name).finish()
    }
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    fn read<T: Json>(lines: &[&'static str]) -> Result<Option<T>, DecodeError> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-test", HeaderValue::from_static(line));
        }
        Header::new("x-test").of(&headers)
    }

    #[test]
    fn values_are_read_as_the_type_asks_for() {
        assert_eq!(read::<i64>(&["12"]), Ok(Some(12)));
        assert_eq!(read::<String>(&["12"]), Ok(Some("12".to_owned())));
        assert_eq!(read::<String>(&["a, b"]), Ok(Some("a, b".to_owned())));
        assert_eq!(read::<f64>(&["0.5"]), Ok(Some(0.5)));
        assert_eq!(read::<bool>(&["true"]), Ok(Some(true)));
        assert_eq!(read::<Vec<i64>>(&["1,2", "3"]), Ok(Some(vec![1, 2, 3])));
        assert_eq!(read::<Vec<String>>(&["1, b"]), Ok(Some(vec!["1".to_owned(), "b".to_owned()])));
        assert_eq!(read::<Vec<String>>(&[""]), Ok(Some(Vec::new())));
        assert_eq!(read::<i64>(&[]), Ok(None));
        let error = read::<i64>(&["soon"]).expect_err("no number");
        assert_eq!(error.to_string(), "`soon` is not what `x-test` can be");
    }

    #[test]
    fn cookies_are_not_joined() {
        let mut headers = HeaderMap::new();
        for line in ["a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT", "b=2"] {
            headers.append("set-cookie", HeaderValue::from_static(line));
        }
        let first = "a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT".to_owned();
        assert_eq!(Header::new("set-cookie").of(&headers), Ok(Some(first.clone())));
        assert_eq!(Header::new("Set-Cookie").of(&headers), Ok(Some(vec![first, "b=2".to_owned()])));
    }
}
