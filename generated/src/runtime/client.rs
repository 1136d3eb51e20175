//! The core of the client: configuration, credentials, and sending with retries and timeouts. It knows no operation.

use std::time::{Duration, Instant};

use reqwest::header::{COOKIE, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use reqwest::{Method, Url};

use super::call::Call;
use super::error::{Error, ErrorKind};
use super::response::RawResponse;
use super::retry;
use super::secret::Secret;
use super::transport::{HttpRequest, execute};

/// Where a credential goes in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The value of a header, as it is.
    Header(&'static str),
    /// The value of the header `Authorization`, after `Bearer ` (RFC 6750, section 2.1).
    Bearer,
    /// A parameter of the query.
    Query(&'static str),
    /// A cookie.
    Cookie(&'static str),
}

/// Configures a client.
#[derive(Clone, Debug)]
pub struct ClientBuilder {
    base_url: Option<String>,
    credentials: Vec<(Place, Secret)>,
    /// A header may be a credential too, so no value is shown.
    headers: Vec<(String, Secret)>,
    limits: Limits,
    connect_timeout: Duration,
    max_response_bytes: usize,
    http_client: Option<reqwest::Client>,
}

/// How long and how often a request is tried.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// For the whole call, with its retries and pauses.
    pub(crate) timeout: Duration,
    /// For one attempt.
    pub(crate) attempt_timeout: Duration,
    /// Attempts after the first one.
    pub(crate) max_retries: u32,
}

impl Limits {
    const DEFAULT: Self =
        Self { timeout: Duration::from_secs(600), attempt_timeout: Duration::from_secs(240), max_retries: 2 };
}

impl ClientBuilder {
    pub(crate) fn at(base_url: Option<&str>) -> Self {
        Self {
            base_url: base_url.map(str::to_owned),
            credentials: Vec::new(),
            headers: Vec::new(),
            limits: Limits::DEFAULT,
            connect_timeout: Duration::from_secs(10),
            max_response_bytes: 256 << 20,
            http_client: None,
        }
    }

    pub(crate) fn credential(mut self, place: Place, secret: impl Into<String>) -> Self {
        self.credentials.retain(|(other, _)| *other != place);
        self.credentials.push((place, Secret::new(secret)));
        self
    }

    pub(crate) fn has_credential(&self) -> bool {
        !self.credentials.is_empty()
    }

    /// Sets where the API is, such as `https://api.example.com/v1`.
    #[must_use]
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = Some(base_url.into());
        self
    }

    /// Adds a header to every request.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), Secret::new(value)));
        self
    }

    /// Sets how long a call may take in all, with its retries; 10 minutes when it is not set.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.limits.timeout = timeout;
        self
    }

    /// Sets how long one attempt may take; 4 minutes when it is not set.
    #[must_use]
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.limits.attempt_timeout = timeout;
        self
    }

    /// Sets how long connecting may take; 10 seconds when it is not set. A client of your own keeps its own timeout.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets how often a failed request is repeated; 2 times when it is not set. Repeated are requests that got no
    /// connection, no answer in time, or the status 408, 429 or 5xx; `POST` and `PATCH` only when nothing was sent.
    #[must_use]
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.limits.max_retries = retries;
        self
    }

    /// Sets how much of a body is read into memory; 256 MiB when it is not set.
    #[must_use]
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.max_response_bytes = bytes;
        self
    }

    /// Sends the requests through a client of your own, with its proxies, certificates and connections.
    ///
    /// Build it with `reqwest::redirect::Policy::none()`: this crate follows redirects itself, and takes care that no
    /// credential goes to another host.
    #[must_use]
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http_client = Some(client);
        self
    }

    /// The client as it is configured; what is wrong with the configuration is said by [`Core::check`] and by every
    /// request.
    pub(crate) fn core(self) -> Core {
        let shown = self.base_url.clone().unwrap_or_default();
        Core { shown, ready: self.ready().map_err(|error| error.to_string()) }
    }

    fn ready(self) -> Result<Ready, Error> {
        let base_url = self.base_url.ok_or_else(|| Error::config("no base URL is set: call `base_url`"))?;
        let base_url = Url::parse(&base_url)
            .map_err(|error| Error::config(format_args!("`{base_url}` is no base URL: {error}")))?;
        if !matches!(base_url.scheme(), "http" | "https") {
            return Err(Error::config(format_args!("`{base_url}` is no base URL: it must start with http or https")));
        }
        let mut headers = HeaderMap::new();
        let user_agent = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));
        headers.insert(USER_AGENT, HeaderValue::from_static(user_agent));
        for (name, value) in &self.headers {
            let (name, value) = header(name, value.expose())?;
            headers.insert(name, value);
        }
        let http = match self.http_client {
            Some(client) => client,
            None => reqwest::Client::builder()
                .connect_timeout(self.connect_timeout)
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .map_err(|error| Error::config(format_args!("cannot set up the HTTP client: {error}")))?,
        };
        let (credentials, limits, max_response_bytes) = (self.credentials, self.limits, self.max_response_bytes);
        for (place, secret) in &credentials {
            credential_header(*place, secret)?;
        }
        Ok(Ready { http, base_url, headers, credentials, limits, max_response_bytes })
    }
}

/// A header of these texts.
///
/// # Errors
///
/// When they are no valid header. The value is not repeated: it may be a secret.
pub(crate) fn header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), Error> {
    let parsed = HeaderName::try_from(name)
        .map_err(|_| Error::config(format_args!("`{}` is no name of a header", name.escape_debug())))?;
    let value = HeaderValue::try_from(value).map_err(|_| {
        Error::config(format_args!("the value of the header `{name}` has characters no header can have"))
    })?;
    Ok((parsed, value))
}

/// Reads a setting from the environment.
///
/// # Errors
///
/// When the variable is not set, is empty, or is no UTF-8.
pub(crate) fn required_variable(name: &str) -> Result<String, Error> {
    match std::env::var(name) {
        Ok(value) if !value.trim().is_empty() => Ok(value),
        Ok(_) => Err(Error::config(format_args!("the environment variable {name} is empty"))),
        Err(std::env::VarError::NotPresent) => {
            Err(Error::config(format_args!("the environment variable {name} is not set")))
        }
        Err(std::env::VarError::NotUnicode(_)) => {
            Err(Error::config(format_args!("the environment variable {name} is not UTF-8")))
        }
    }
}

/// Reads a setting from the environment that need not be there.
///
/// # Errors
///
/// When the variable is no UTF-8.
pub(crate) fn variable(name: &str) -> Result<Option<String>, Error> {
    match std::env::var(name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.trim().is_empty())),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => {
            Err(Error::config(format_args!("the environment variable {name} is not UTF-8")))
        }
    }
}

/// The header that a credential goes out in; `None` when it goes out in the query.
fn credential_header(place: Place, secret: &Secret) -> Result<Option<(HeaderName, HeaderValue)>, Error> {
    let secret = secret.expose();
    let (name, mut value) = match place {
        Place::Header(name) => header(name, secret)?,
        Place::Bearer => header("authorization", &format!("Bearer {secret}"))?,
        Place::Cookie(name) => header(COOKIE.as_str(), &format!("{name}={secret}"))?,
        Place::Query(_) => return Ok(None),
    };
    value.set_sensitive(true);
    Ok(Some((name, value)))
}

/// A configured client; generated clients share one behind an `Arc`.
pub(crate) struct Core {
    /// The base URL as it was given.
    shown: String,
    ready: Result<Ready, String>,
}

struct Ready {
    http: reqwest::Client,
    base_url: Url,
    headers: HeaderMap,
    credentials: Vec<(Place, Secret)>,
    limits: Limits,
    max_response_bytes: usize,
}

impl Core {
    /// Says what is wrong with the configuration.
    ///
    /// # Errors
    ///
    /// When something is.
    pub(crate) fn check(&self) -> Result<(), Error> {
        self.ready().map(|_| ())
    }

    fn ready(&self) -> Result<&Ready, Error> {
        self.ready.as_ref().map_err(Error::config)
    }

    pub(crate) fn base_url(&self) -> &str {
        &self.shown
    }

    pub(crate) fn limits(&self) -> Limits {
        self.ready.as_ref().map_or(Limits::DEFAULT, |ready| ready.limits)
    }

    /// The request that a call stands for: a pure function of the call and the configuration.
    ///
    /// # Errors
    ///
    /// When an argument or a credential cannot stand in a request.
    pub(crate) fn request(&self, call: &Call) -> Result<HttpRequest, Error> {
        let ready = self.ready()?;
        let base = ready.base_url.as_str();
        let base = base.split(['?', '#']).next().unwrap_or(base).trim_end_matches('/');
        let mut url = Url::parse(&format!("{base}{}", call.path))
            .map_err(|error| Error::config(format_args!("`{}` is no path: {error}", call.path)))?;
        for (name, value) in &call.query {
            url.query_pairs_mut().append_pair(name, value);
        }
        let mut headers = ready.headers.clone();
        for (name, value) in &call.headers {
            let (name, value) = header(name, value)?;
            headers.insert(name, value);
        }
        for (place, secret) in &ready.credentials {
            match (credential_header(*place, secret)?, place) {
                // A header that was set for this one request wins over the credential of the client.
                (Some((name, value)), _) => {
                    headers.entry(name).or_insert(value);
                }
                (None, Place::Query(name)) => {
                    url.query_pairs_mut().append_pair(name, secret.expose());
                }
                (None, _) => {}
            }
        }
        Ok(HttpRequest { method: call.method.clone(), url, headers, body: call.body.clone() })
    }

    /// Sends a request until it succeeds, may not be repeated, or its time is over.
    ///
    /// # Errors
    ///
    /// The error of the last attempt. A status outside 200 to 299 is an error.
    pub(crate) async fn send(&self, request: HttpRequest, limits: Limits) -> Result<RawResponse, Error> {
        let ready = self.ready()?;
        let start = Instant::now();
        let mut failed = 0;
        loop {
            let left = limits.timeout.saturating_sub(start.elapsed());
            let error = match ready.attempt(request.clone(), limits.attempt_timeout.min(left)).await {
                Ok(response) => return Ok(response),
                Err(error) => error,
            };
            failed += 1;
            if failed > limits.max_retries || !retry::may_repeat(&request.method, &error) {
                return Err(error);
            }
            // An attempt that could only start after the time is over tells less than the error at hand.
            match retry::delay(&error, failed) {
                Some(delay) if start.elapsed() + delay < limits.timeout => tokio::time::sleep(delay).await,
                _ => return Err(error),
            }
        }
    }
}

impl Ready {
    async fn attempt(&self, request: HttpRequest, timeout: Duration) -> Result<RawResponse, Error> {
        let (method, path) = (request.method.clone(), request.url.path().to_owned());
        let attempt = execute(&self.http, request, self.max_response_bytes);
        let response = tokio::time::timeout(timeout, attempt).await.map_err(|_| {
            Error::new(ErrorKind::Timeout, format_args!("{method} {path}: no response within {timeout:?}"))
        })??;
        if response.status.is_success() { Ok(response) } else { Err(Error::status(response)) }
    }
}

/// A request that the document does not describe, with the client's credentials, retries and timeouts.
#[must_use = "a request does nothing until it is sent"]
#[derive(Clone, Debug)]
pub struct CustomRequest {
    pub(crate) call: Call,
}

impl CustomRequest {
    pub(crate) fn new(core: &std::sync::Arc<Core>, method: Method, path: &str) -> Self {
        let separator = if path.starts_with('/') { "" } else { "/" };
        Self { call: Call::new(core, method, format!("{separator}{path}")) }
    }

    /// Adds a header.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.call.header(name, value.into());
        self
    }

    /// Adds a parameter to the query.
    pub fn query_parameter(mut self, name: impl Into<String>, value: impl ToString) -> Self {
        self.call.query(name, value);
        self
    }

    /// Sets the body to a value written as JSON.
    pub fn json(mut self, body: &impl serde::Serialize) -> Self {
        self.call.json_body(serde_json::to_vec(body));
        self
    }

    /// Sets the body and its media type.
    pub fn body(mut self, media_type: impl Into<String>, body: impl Into<Vec<u8>>) -> Self {
        self.call.header("content-type", media_type.into());
        self.call.body = Some(body.into());
        self
    }

    /// Sends the request.
    ///
    /// # Errors
    ///
    /// When there is no response, or one with a status outside 200 to 299.
    pub async fn send(self) -> Result<RawResponse, Error> {
        self.call.send().await
    }
}
