//! One call of an operation, from its arguments to its response.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Method;
use serde_json::Value;

use super::auth::Security;
use super::body::{Body, Parts};
use super::client::{Core, IsStream};
use super::config::Limits;
use super::encode::{Encode, to_tape};
use super::error::{Error, ErrorBody};
use super::extra::Map;
use super::json::{Json, from_json, to_json};
use super::platform::random;
use super::response::RawResponse;
use super::stream::ByteStream;
use super::style::{FORM, Field, SIMPLE, Style, Target, escape, expand, form, whole_query};
use super::texts::Texts;

/// A call that is being put together.
#[derive(Clone)]
pub(crate) struct Call {
    core: Arc<Core>,
    pub(crate) method: Method,
    /// The path behind the base URL, percent-encoded.
    pub(crate) path: String,
    /// The parameters of the query, percent-encoded.
    pub(crate) query: Texts,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) cookies: Texts,
    pub(crate) body: Option<Body>,
    /// The body in parts.
    pub(crate) parts: Option<Parts>,
    /// The media type of a body in parts.
    pub(crate) multipart: &'static str,
    /// Where the operation is, when that is elsewhere than the API.
    pub(crate) server: Option<&'static str>,
    /// The credentials that the operation needs, when they are others than those of the API.
    pub(crate) security: Option<Security>,
    /// Whether the request has a key by which the server knows that a repetition is one.
    pub(crate) has_key: bool,
    /// What the bodies of errors are.
    errors: &'static [ErrorBody],
    pub(crate) limits: Limits,
    /// The first argument that cannot be sent; setters chain, so that sending reports it.
    invalid: Option<String>,
}

macro_rules! calls {
    ($($name:ident: $method:ident,)*) => {
        impl Core {
            $(
                /// A call of the path that starts so, by the method of this name (RFC 9110, section 9.3).
                pub(crate) fn $name(self: &Arc<Self>, path: &str) -> Call {
                    Call::new(self, Method::$method, path)
                }
            )*

            /// A call by a method that HTTP itself does not define.
            pub(crate) fn call(self: &Arc<Self>, method: &str, path: &str) -> Call {
                let mut call = Call::new(self, Method::GET, path);
                match Method::from_bytes(method.as_bytes()) {
                    Ok(method) => call.method = method,
                    Err(error) => call.invalid = Some(format!("`{method}` is no method: {error}")),
                }
                call
            }
        }
    };
}

calls! {
    delete: DELETE,
    get: GET,
    head: HEAD,
    options: OPTIONS,
    patch: PATCH,
    post: POST,
    put: PUT,
    trace: TRACE,
}

impl Call {
    /// A call of the path that starts so; it asks for JSON.
    pub(crate) fn new(core: &Arc<Core>, method: Method, path: impl Into<String>) -> Self {
        Self {
            core: Arc::clone(core),
            method,
            path: path.into(),
            query: Texts::default(),
            headers: Vec::new(),
            cookies: Texts::default(),
            body: None,
            parts: None,
            multipart: "multipart/form-data",
            server: None,
            security: None,
            has_key: false,
            errors: &[],
            limits: core.limits(),
            invalid: None,
        }
    }

    /// Says where the operation is, when that is elsewhere than the API.
    pub(crate) fn server(&mut self, base_url: &'static str) {
        self.server = Some(base_url);
    }

    /// Says which credentials the operation needs.
    pub(crate) fn security(&mut self, security: Security) {
        self.security = Some(security);
    }

    /// Says what the bodies of errors are.
    pub(crate) fn errors(&mut self, errors: &'static [ErrorBody]) {
        self.errors = errors;
    }

    /// Says that one of the arguments is a key by which the server knows that a repeated request is the same.
    pub(crate) fn has_idempotency_key(&mut self) {
        self.has_key = true;
    }

    /// Adds a key by which the server knows that a repeated request is the same; one of the caller's own wins.
    pub(crate) fn idempotency_key(&mut self, name: &str) {
        self.has_idempotency_key();
        self.header(name, format_args!("{:016x}{:016x}", random(), random()));
    }

    /// Appends a part of the path template.
    pub(crate) fn path(&mut self, part: &str) {
        self.path.push_str(part);
    }

    /// Appends an argument to the path.
    pub(crate) fn path_argument<T: Encode + ?Sized>(&mut self, name: &str, value: &T) {
        self.path_styled(name, SIMPLE, value);
    }

    /// Appends an argument to the path, in a style of its own.
    pub(crate) fn path_styled<T: Encode + ?Sized>(&mut self, name: &str, style: Style, value: &T) {
        let text = written(name, style, value, Target::Path).unwrap_or_default();
        if text.is_empty() {
            self.invalid.get_or_insert(format!("the path argument `{name}` cannot be empty"));
        }
        self.path.push_str(&text);
    }

    /// Sets a parameter of the query.
    pub(crate) fn query<T: Encode + ?Sized>(&mut self, name: &'static str, value: &T) {
        self.query_styled(name, FORM.exploded(), value);
    }

    /// Sets a parameter of the query, in a style of its own.
    pub(crate) fn query_styled<T: Encode + ?Sized>(&mut self, name: &'static str, style: Style, value: &T) {
        self.query.set(name, written(name, style, value, Target::Query));
    }

    /// Sets what the query consists of as a whole: the members of an object, as a form.
    pub(crate) fn query_string<T: Encode + ?Sized>(&mut self, value: &T) {
        let tape = to_tape(value);
        self.query.set("", whole_query(tape.root()));
    }

    /// The same, as one value without a name.
    pub(crate) fn query_string_styled<T: Encode + ?Sized>(&mut self, style: Style, value: &T) {
        self.query.set("", written("", style, value, Target::WholeQuery));
    }

    /// Adds a parameter to the query that no document describes.
    pub(crate) fn query_pair(&mut self, name: String, value: &str) {
        let pair = pair(&name, value);
        self.query.add(name, pair);
    }

    /// Sets a parameter of the query in place of all that have its name.
    pub(crate) fn replace_query(&mut self, name: &'static str, value: &str) {
        self.query.set(name, Some(pair(name, value)));
    }

    /// A parameter of the query as it was set.
    pub(crate) fn query_value(&self, name: &str) -> Option<&str> {
        Some(self.query.get(name)?.split_once('=')?.1)
    }

    /// Sets the whole query, percent-encoded already.
    pub(crate) fn replace_whole_query(&mut self, query: &str) {
        self.query = Texts::default();
        self.query.add("", query.to_owned());
    }

    /// Asks for what a link in the response leads to; `false` where that is not behind the same base URL.
    pub(crate) fn follow(&mut self, link: &str) -> Result<bool, Error> {
        let Some(url) = self.core.ready()?.behind_base_url(self, link)? else { return Ok(false) };
        self.path = url.path().to_owned();
        self.replace_whole_query(url.query().unwrap_or_default());
        Ok(true)
    }

    /// Adds a parameter that goes out as a header.
    pub(crate) fn header_argument<T: Encode + ?Sized>(&mut self, name: &str, value: &T) {
        self.header_styled(name, SIMPLE, value);
    }

    /// Adds a parameter that goes out as a header, in a style of its own.
    pub(crate) fn header_styled<T: Encode + ?Sized>(&mut self, name: &str, style: Style, value: &T) {
        if let Some(text) = written(name, style, value, Target::Verbatim) {
            self.header(name, text);
        }
    }

    /// Sets a cookie.
    pub(crate) fn cookie<T: Encode + ?Sized>(&mut self, name: &'static str, value: &T) {
        self.cookie_styled(name, FORM.exploded(), value);
    }

    /// Sets a cookie, in a style of its own.
    pub(crate) fn cookie_styled<T: Encode + ?Sized>(&mut self, name: &'static str, style: Style, value: &T) {
        self.cookies.set(name, written(name, style, value, Target::Cookie));
    }

    /// Sets a cookie that is not percent-encoded (style `cookie`).
    pub(crate) fn cookie_verbatim<T: Encode + ?Sized>(&mut self, name: &'static str, style: Style, value: &T) {
        self.cookies.set(name, written(name, style, value, Target::Verbatim));
    }

    /// Adds a header; it replaces one that the call has by itself.
    pub(crate) fn header(&mut self, name: impl Into<String>, value: impl ToString) {
        self.headers.push((name.into(), value.to_string()));
    }

    /// Sets the body to a value written as JSON.
    pub(crate) fn json<T: Encode + ?Sized>(&mut self, body: &T) {
        self.json_body(Ok(to_json(body)));
    }

    /// Sets the body to a value written as JSON, under a media type of its own.
    pub(crate) fn json_as<T: Encode + ?Sized>(&mut self, media_type: &str, body: &T) {
        self.json(body);
        self.header("content-type", media_type);
    }

    /// Sets the body to a value written as a form (`application/x-www-form-urlencoded`).
    pub(crate) fn form<T: Encode + ?Sized>(&mut self, body: &T, styles: &[Field]) {
        let tape = to_tape(body);
        self.header("content-type", "application/x-www-form-urlencoded");
        self.body = Some(Body::from(form(tape.root(), styles)));
    }

    /// Sets the body to values written as JSON, one a line; those of a sequence (RFC 7464) have a mark before each.
    pub(crate) fn lines<T: Json>(&mut self, media_type: &str, body: &[T]) {
        let mark: &[u8] = if media_type.to_ascii_lowercase().contains("json-seq") { b"\x1e" } else { b"" };
        let mut text = Vec::new();
        for value in body {
            text.extend_from_slice(mark);
            text.extend_from_slice(&to_json(value));
            text.push(b'\n');
        }
        self.header("content-type", media_type);
        self.body = Some(Body::from(text));
    }

    /// Says of which media type a body in parts is, where it is no form.
    pub(crate) fn multipart(&mut self, media_type: &'static str) {
        self.multipart = media_type;
    }

    /// Sets the body to a form in parts, which may have none.
    pub(crate) fn form_in_parts(&mut self) {
        self.parts.get_or_insert_with(Parts::default);
    }

    /// Sets the body to a text.
    pub(crate) fn text(&mut self, media_type: &str, body: impl Into<String>) {
        self.header("content-type", media_type);
        self.body = Some(Body::from(body.into()));
    }

    /// Makes a property of a body in JSON true; where there is no body, it is all of it.
    pub(crate) fn flag(&mut self, name: &str) {
        let Some(body) = &self.body else { return self.json(&Map::from_iter([(name.to_owned(), true)])) };
        let Some(Ok(mut object)) = body.bytes().map(|text| from_json::<Map<Value>>(&text)) else { return };
        object.insert(name.to_owned(), Value::Bool(true));
        self.body = Some(Body::from(to_json(&object)));
    }

    pub(crate) fn json_body(&mut self, body: serde_json::Result<Vec<u8>>) {
        self.header("content-type", "application/json");
        match body {
            Ok(body) => self.body = Some(Body::from(body)),
            Err(error) => {
                self.invalid.get_or_insert(format!("the body cannot be written as JSON: {error}"));
            }
        }
    }

    /// Sends the call.
    ///
    /// # Errors
    ///
    /// When the arguments make no request, when there is no response, or one with a status outside 200 to 299.
    pub(crate) async fn send(&self) -> Result<RawResponse, Error> {
        self.check()?;
        self.core.send(self).await.map_err(|error| error.typed(self.errors))
    }

    /// Sends the call and leaves the body of the response to be read.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send).
    pub(crate) async fn open(self) -> Result<ByteStream, Error> {
        self.open_as(|_| true).await
    }

    /// The same where the media type of the response is one of the stream's, or there is none.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send), and when the response is no such stream; it is kept.
    pub(crate) async fn open_as(self, is_stream: IsStream) -> Result<ByteStream, Error> {
        self.check()?;
        let response = self.core.open(&self, is_stream).await.map_err(|error| error.typed(self.errors))?;
        Ok(ByteStream::new(response, self.limits.idle_timeout))
    }

    fn check(&self) -> Result<(), Error> {
        if let Some(invalid) = &self.invalid {
            return Err(Error::config(invalid));
        }
        // URLs drop such segments, also when they are encoded, and the request would go to another path.
        if self.path.split('/').any(|segment| matches!(segment, "." | "..")) {
            return Err(Error::config(format_args!("no part of the path `{}` can be `.` or `..`", self.path)));
        }
        Ok(())
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

/// A parameter as it is written in a style.
fn written<T: Encode + ?Sized>(name: &str, style: Style, value: &T, target: Target) -> Option<String> {
    let tape = to_tape(value);
    expand(name, style, tape.root(), target)
}

/// A name and a value of a query.
fn pair(name: &str, value: &str) -> String {
    let [name, value] = [name, value].map(|text| escape(text, Target::Query, false));
    format!("{name}={value}")
}
