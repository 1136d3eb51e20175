//! The configuration of a client: what callers set, and what holds where they set nothing.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue, USER_AGENT};

use super::auth::{Credential, Credentials, Scheme, Security, TokenSource, basic};
use super::client::{Core, Ready};
use super::error::Error;
use super::platform;
use super::retry::Budget;
use super::secret::Secret;
use super::transport::Transport;

/// Configures a client.
#[derive(Clone)]
pub struct ClientBuilder {
    api: &'static Api,
    base_url: Option<String>,
    variables: Variables,
    credentials: Credentials,
    /// A header may be a credential too, so no value is shown.
    headers: Vec<(String, Secret)>,
    limits: Limits,
    connect_timeout: Duration,
    max_response_bytes: usize,
    transport: Option<Arc<dyn Transport>>,
}

/// What the document says of the API as a whole.
#[derive(Debug)]
pub(crate) struct Api {
    /// Where it is; `{name}` stands for a variable.
    pub(crate) base_url: Option<&'static str>,
    /// The values that variables have unless they are set: the URL, the name, the value.
    pub(crate) variables: &'static [(&'static str, &'static str, &'static str)],
    pub(crate) schemes: &'static [Scheme],
    /// The credentials that a call needs unless its operation says otherwise.
    pub(crate) security: Security,
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("ClientBuilder");
        shown.field("base_url", &self.template()).field("credentials", &self.credentials);
        shown.field("headers", &self.headers).field("limits", &self.limits).finish_non_exhaustive()
    }
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
    /// For the silence between two pieces of a stream.
    pub(crate) idle_timeout: Duration,
}

impl Limits {
    pub(crate) const DEFAULT: Self = Self {
        timeout: Duration::from_secs(600),
        attempt_timeout: Duration::from_secs(240),
        max_retries: 2,
        idle_timeout: Duration::from_secs(120),
    };
}

impl ClientBuilder {
    pub(crate) fn of(api: &'static Api) -> Self {
        Self {
            api,
            base_url: None,
            variables: Variables { api, set: Vec::new() },
            credentials: Credentials::new(api.schemes),
            headers: Vec::new(),
            limits: Limits::DEFAULT,
            connect_timeout: Duration::from_secs(10),
            max_response_bytes: 256 << 20,
            transport: None,
        }
    }

    /// Sets the credential of a security scheme, by its index.
    pub(crate) fn set_credential(mut self, scheme: usize, secret: impl Into<String>) -> Self {
        self.credentials.set(scheme, Credential::Secret(Secret::new(secret)));
        self
    }

    /// Sets what fetches the tokens of a security scheme, by its index.
    pub(crate) fn set_token_source(mut self, scheme: usize, source: impl TokenSource + 'static) -> Self {
        self.credentials.set(scheme, Credential::Source(Arc::new(source)));
        self
    }

    /// Sets user and password of a security scheme, by its index.
    pub(crate) fn set_basic(mut self, scheme: usize, user: &str, password: &str) -> Self {
        self.credentials.set(scheme, Credential::Secret(basic(user, password)));
        self
    }

    pub(crate) fn has_credential(&self, scheme: usize) -> bool {
        self.credentials.is_set(scheme)
    }

    /// Sets a variable of the base URL.
    pub(crate) fn set_variable(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.variables.set.push((name, value.into()));
        self
    }

    /// Sets where the API is, such as `https://api.example.com/v1`. What it has of a query is sent with every request.
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
    /// Browsers have none to set.
    #[cfg(not(target_family = "wasm"))]
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

    /// Sets how long a stream may be silent; 2 minutes when it is not set.
    #[must_use]
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.limits.idle_timeout = timeout;
        self
    }

    /// Sends the requests through a client of your own, with its proxies, certificates and connections.
    ///
    /// Build it with `reqwest::redirect::Policy::none()`: this crate follows redirects itself, and takes care that no
    /// credential goes to another host. In a browser it is the browser that follows them.
    #[must_use]
    pub fn http_client(self, client: reqwest::Client) -> Self {
        self.transport(client)
    }

    /// Sends the requests by something else than `reqwest`, such as a test without a network.
    #[must_use]
    pub fn transport(mut self, transport: impl Transport + 'static) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// The client as it is configured; what is wrong with the configuration is said by [`Core::check`] and by every
    /// request.
    pub(crate) fn into_core(self) -> Core {
        let shown = self.template().unwrap_or_default();
        Core::new(shown, self.into_ready())
    }

    /// The base URL with its variables filled in.
    fn template(&self) -> Option<String> {
        Some(self.variables.fill(self.base_url.as_deref().or(self.api.base_url)?))
    }

    fn into_ready(self) -> Result<Ready, Error> {
        let base_url = self.template().ok_or_else(|| Error::config("no base URL is set: call `base_url`"))?;
        let base_url = parse_base_url(&base_url)?;
        let mut headers = HeaderMap::new();
        headers.extend(platform::USER_AGENT.map(|name| (USER_AGENT, HeaderValue::from_static(name))));
        for (name, value) in &self.headers {
            let (name, value) = header(name, value.expose())?;
            headers.insert(name, value);
        }
        let transport: Arc<dyn Transport> = match self.transport {
            Some(transport) => transport,
            None => {
                let failed = |error| Error::config(format_args!("cannot set up the HTTP client: {error}"));
                Arc::new(platform::http_client(self.connect_timeout).map_err(failed)?)
            }
        };
        self.credentials.check()?;
        Ok(Ready {
            transport,
            base_url,
            base_url_is_set: self.base_url.is_some(),
            variables: self.variables,
            headers,
            security: self.api.security,
            credentials: self.credentials,
            limits: self.limits,
            max_response_bytes: self.max_response_bytes,
            budget: Budget::new(),
        })
    }
}

/// What stands for the variables of base URLs.
#[derive(Clone)]
pub(crate) struct Variables {
    pub(crate) api: &'static Api,
    set: Vec<(&'static str, String)>,
}

impl Variables {
    /// The base URL with its variables filled in.
    pub(crate) fn fill(&self, base_url: &str) -> String {
        // The last value that was set counts, then that of this very URL, then that of the first one.
        let set = self.set.iter().rev().map(|(name, value)| (*name, value.as_str()));
        let defaults = |own: bool| {
            let defaults = self.api.variables.iter().filter(move |(url, ..)| !own || *url == base_url);
            defaults.map(|(_, name, value)| (*name, *value))
        };
        let values = set.chain(defaults(true)).chain(defaults(false));
        values.fold(base_url.to_owned(), |url, (name, value)| url.replace(&format!("{{{name}}}"), value))
    }
}

/// A base URL.
///
/// # Errors
///
/// When it is no URL, or none of HTTP.
pub(crate) fn parse_base_url(base_url: &str) -> Result<Url, Error> {
    let parsed =
        Url::parse(base_url).map_err(|error| Error::config(format_args!("`{base_url}` is no base URL: {error}")))?;
    if !matches!(parsed.scheme(), "http" | "https") {
        return Err(Error::config(format_args!("`{base_url}` is no base URL: it must start with http or https")));
    }
    Ok(parsed)
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
