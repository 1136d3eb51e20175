//! Testing code that uses the client, without a network: a transport that answers as it is told.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};

use super::error::Error;
use super::transport::{HttpRequest, HttpResponse, Sending, Transport};

/// A transport that answers as it is told, and keeps what it is asked; clones share both.
///
/// `ClientBuilder::transport` takes it. The documentation of this crate begins with an example.
#[derive(Clone, Debug, Default)]
pub struct Mock(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    answers: Vec<Answer>,
    /// How many answers there ever were; each is known by its number.
    said: usize,
    requests: Vec<HttpRequest>,
}

/// How one request is answered.
#[derive(Clone, Debug)]
struct Answer {
    number: usize,
    method: String,
    path: String,
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Mock {
    /// A transport that answers nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Expects one request with this method and this path of its URL, to be answered as is said next: with the status
    /// 200 and no body when nothing is. Of several answers for the same request, each is given once, in their order.
    pub fn expect(&self, method: &str, path: &str) -> Expected<'_> {
        let (method, path) = (method.to_owned(), path.to_owned());
        let mut state = self.state();
        let number = state.said;
        state.said += 1;
        let (status, headers) = (StatusCode::OK, HeaderMap::new());
        state.answers.push(Answer { number, method, path, status, headers, body: Vec::new() });
        Expected { mock: self, number }
    }

    /// The requests so far, in the order in which they were sent.
    #[must_use]
    pub fn requests(&self) -> Vec<HttpRequest> {
        self.state().requests.clone()
    }

    /// What was expected and did not come, as method and path.
    #[must_use]
    pub fn unmet(&self) -> Vec<String> {
        self.state().answers.iter().map(|answer| format!("{} {}", answer.method, answer.path)).collect()
    }

    /// The lock is held for single statements, so that no panic leaves anything half done behind.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An expected request, and how it is answered.
#[derive(Debug)]
pub struct Expected<'m> {
    mock: &'m Mock,
    number: usize,
}

impl Expected<'_> {
    /// Answers with a status.
    ///
    /// # Panics
    ///
    /// When the number is no status.
    pub fn status(self, status: u16) -> Self {
        let status = StatusCode::from_u16(status);
        self.change(|answer| answer.status = status.expect("a number from 100 to 999"))
    }

    /// Answers with a header.
    ///
    /// # Panics
    ///
    /// When the texts are no header.
    pub fn header(self, name: &str, value: &str) -> Self {
        let name = HeaderName::try_from(name).expect("the name of a header");
        let value = HeaderValue::try_from(value).expect("the value of a header");
        self.change(|answer| {
            answer.headers.append(name, value);
        })
    }

    /// Answers with a value in JSON, such as one of a type of this crate.
    ///
    /// # Panics
    ///
    /// When the value cannot be written as JSON.
    pub fn json(self, value: &impl serde::Serialize) -> Self {
        let body = serde_json::to_vec(value).expect("a value that JSON can say");
        self.body("application/json", body)
    }

    /// Answers with a body.
    ///
    /// # Panics
    ///
    /// When the media type cannot stand in a header.
    pub fn body(self, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let (media_type, body) = (HeaderValue::try_from(media_type).expect("a media type"), body.into());
        self.change(|answer| {
            answer.headers.insert(CONTENT_TYPE, media_type);
            answer.body = body;
        })
    }

    fn change(self, change: impl FnOnce(&mut Answer)) -> Self {
        // Once a request was answered, nothing more can be said of it.
        if let Some(answer) = self.mock.state().answers.iter_mut().find(|answer| answer.number == self.number) {
            change(answer);
        }
        self
    }
}

impl Transport for Mock {
    fn send(&self, request: HttpRequest) -> Sending<HttpResponse> {
        let mut state = self.state();
        let is_it = |answer: &Answer| request.method == answer.method.as_str() && request.url.path() == answer.path;
        let answer = state.answers.iter().position(is_it).map(|index| state.answers.remove(index));
        let unexpected = format!("`{} {}` was not expected", request.method, request.url.path());
        state.requests.push(request);
        Box::pin(async move {
            let answer = answer.ok_or_else(|| Error::config(unexpected))?;
            Ok(HttpResponse::new(answer.status, answer.headers, answer.body))
        })
    }
}
