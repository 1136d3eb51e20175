//! The core of the client: makes requests of calls, and sends them with credentials, retries and timeouts. It knows no
//! operation.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, COOKIE, HeaderMap, HeaderValue};
use reqwest::{StatusCode, Url};

use super::auth::{Authorized, Credentials, Security, sensitive};
use super::call::Call;
use super::config::{Limits, Variables, header, parse_base_url};
use super::error::{Error, ErrorKind};
use super::platform::{Instant, sleep, within};
use super::response::{RawResponse, media_type};
use super::retry::{self, Budget};
use super::transport::{HttpRequest, HttpResponse, Transport, execute};

/// A configured client; generated clients share one behind an `Arc`.
pub(crate) struct Core {
    /// The base URL as it was given.
    shown: String,
    ready: Result<Ready, String>,
}

pub(crate) struct Ready {
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) base_url: Url,
    /// Whether the base URL is not that of the document, so that it counts for every operation.
    pub(crate) base_url_is_set: bool,
    pub(crate) variables: Variables,
    pub(crate) headers: HeaderMap,
    pub(crate) security: Security,
    pub(crate) credentials: Credentials,
    pub(crate) limits: Limits,
    pub(crate) max_response_bytes: usize,
    pub(crate) budget: Budget,
}

/// Whether a response with this media type is the stream that is asked for.
pub(crate) type IsStream = fn(&str) -> bool;

/// How much of a response a call waits for.
#[derive(Clone, Copy, Debug)]
enum Until {
    /// Its head, where the body is a stream.
    Head(IsStream),
    /// All of it.
    End,
}

enum Answer {
    Head(HttpResponse),
    Whole(RawResponse),
}

impl Core {
    pub(crate) fn new(shown: String, ready: Result<Ready, Error>) -> Self {
        Self { shown, ready: ready.map_err(|error| error.to_string()) }
    }

    /// Says what is wrong with the configuration.
    ///
    /// # Errors
    ///
    /// When something is.
    pub(crate) fn check(&self) -> Result<(), Error> {
        self.ready().map(|_| ())
    }

    pub(crate) fn ready(&self) -> Result<&Ready, Error> {
        self.ready.as_ref().map_err(Error::config)
    }

    pub(crate) fn base_url(&self) -> &str {
        &self.shown
    }

    pub(crate) fn limits(&self) -> Limits {
        self.ready.as_ref().map_or(Limits::DEFAULT, |ready| ready.limits)
    }

    /// Sends a call and reads the whole response.
    ///
    /// # Errors
    ///
    /// The error of the last attempt. A status outside 200 to 299 is an error.
    pub(crate) async fn send(&self, call: &Call) -> Result<RawResponse, Error> {
        let ready = self.ready()?;
        match ready.send(call, Until::End).await? {
            Answer::Whole(response) => Ok(response),
            Answer::Head(response) => RawResponse::read(response, ready.max_response_bytes).await,
        }
    }

    /// Sends a call and leaves the body of the response to be read.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send), and when the response is another one than the stream.
    pub(crate) async fn open(&self, call: &Call, is_stream: IsStream) -> Result<HttpResponse, Error> {
        match self.ready()?.send(call, Until::Head(is_stream)).await? {
            Answer::Head(response) => Ok(response),
            Answer::Whole(response) => Err(Error::no_stream(response)),
        }
    }
}

impl Ready {
    /// The URL that the path of a call stands behind.
    fn base_url(&self, call: &Call) -> Result<Url, Error> {
        call.server.map_or_else(|| Ok(self.base_url.clone()), |server| self.server_url(server))
    }

    /// What a link in the response to a call leads to, behind the same base URL; `None` where it leads elsewhere.
    pub(crate) fn behind_base_url(&self, call: &Call, link: &str) -> Result<Option<Url>, Error> {
        let (mut base, url) = (self.base_url(call)?, self.request(call)?.url.join(link).ok());
        let own = base.path().trim_end_matches('/').to_owned();
        let Some(url) = url.filter(|url| url.origin() == base.origin()) else { return Ok(None) };
        let Some(path) = url.path().strip_prefix(&own).filter(|path| path.starts_with('/')) else { return Ok(None) };
        base.set_path(path);
        base.set_query(url.query());
        Ok(Some(base))
    }

    /// The request that a call stands for, without credentials: a pure function of the call and the configuration.
    fn request(&self, call: &Call) -> Result<HttpRequest, Error> {
        let mut url = self.base_url(call)?;
        // To parse all of it once more would cost twice as much.
        let target = call.path.split('#').next().unwrap_or_default();
        let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
        url.set_path(&format!("{}{path}", url.path().trim_end_matches('/')));
        let own = url.query().filter(|own| !own.is_empty()).map(str::to_owned);
        url.set_query(query);
        // What the base URL has of a query is sent with every request, unless that says otherwise.
        if let Some(own) = own {
            let query = query.unwrap_or_default().to_owned();
            let asked = call.query.joined("&");
            let pairs = own.split('&').filter(|pair| !has(&query, pair) && !has(&asked, pair));
            let pairs: Vec<_> = pairs.map(str::to_owned).collect();
            url.set_query(Some(&joined(pairs.iter().chain([&query]), "&")));
        }
        url.set_fragment(None);
        // With room for all of them, those that the credentials add included: growing would cost more than this.
        let mut headers = HeaderMap::with_capacity(self.headers.len() + call.headers.len() + 4);
        headers.extend(self.headers.iter().map(|(name, value)| (name.clone(), value.clone())));
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        for (name, value) in &call.headers {
            let (name, value) = header(name, value)?;
            headers.insert(name, value);
        }
        let body = match &call.parts {
            Some(parts) => {
                let (media_type, body) = parts.finish(call.multipart);
                headers.extend([header("content-type", &media_type)?]);
                Some(body)
            }
            None => call.body.clone(),
        };
        Ok(HttpRequest { method: call.method.clone(), url, headers, body })
    }

    /// The base URL of an operation that is elsewhere. One that the caller set stands for all servers; of one beside
    /// that of the API, the path is another one.
    fn server_url(&self, server: &str) -> Result<Url, Error> {
        let server = parse_base_url(&self.variables.fill(server))?;
        if !self.base_url_is_set {
            return Ok(server);
        }
        let mut url = self.base_url.clone();
        let own = self.variables.api.base_url.and_then(|own| parse_base_url(&self.variables.fill(own)).ok());
        if let Some(own) = own.filter(|own| own.origin() == server.origin()) {
            let path = url.path().trim_end_matches('/');
            let start = path.strip_suffix(own.path().trim_end_matches('/')).unwrap_or(path);
            url.set_path(&format!("{start}{}", server.path()));
        }
        Ok(url)
    }

    /// Sends a call until it succeeds, may not be repeated, or its time is over.
    async fn send(&self, call: &Call, until: Until) -> Result<Answer, Error> {
        let sending = self.repeat(call, until);
        #[cfg(feature = "tracing")]
        let sending = super::trace::in_span(&self.request(call)?, sending);
        sending.await
    }

    async fn repeat(&self, call: &Call, until: Until) -> Result<Answer, Error> {
        let (limits, start) = (&call.limits, Instant::now());
        let mut failed = 0;
        loop {
            let left = limits.timeout.saturating_sub(start.elapsed());
            let error = match self.attempt(call, limits.attempt_timeout.min(left), until).await {
                Ok(response) => {
                    self.budget.give_back(failed > 0);
                    return Ok(response);
                }
                Err(error) => error,
            };
            failed += 1;
            #[cfg(feature = "tracing")]
            super::trace::failed(failed, &error);
            if failed > limits.max_retries || !retry::may_repeat(&call.method, call.has_key, &error) {
                return Err(error);
            }
            // An attempt that could only start after the time is over tells less than the error at hand.
            match retry::delay(&error, failed) {
                Some(delay) if start.elapsed() + delay < limits.timeout && self.budget.take() => {
                    sleep(delay).await;
                }
                _ => return Err(error),
            }
        }
    }

    async fn attempt(&self, call: &Call, timeout: Duration, until: Until) -> Result<Answer, Error> {
        let attempt = async {
            let chosen = self.credentials.chosen(call.security.unwrap_or(self.security));
            let authorized = self.credentials.authorize(chosen, &*self.transport, &self.base_url).await?;
            let request = || complete(call, self.request(call)?, &authorized);
            let response = execute(&*self.transport, request).await?;
            if let Until::Head(is_stream) = until
                && response.status.is_success()
                && media_type(&response.headers).is_none_or(is_stream)
            {
                return Ok(Answer::Head(response));
            }
            let response = RawResponse::read(response, self.max_response_bytes).await?;
            if response.status == StatusCode::UNAUTHORIZED {
                self.credentials.refused(chosen).await;
            }
            if response.status.is_success() { Ok(Answer::Whole(response)) } else { Err(Error::status(response)) }
        };
        within(timeout, attempt).await.unwrap_or_else(|_| {
            let HttpRequest { method, url, .. } = self.request(call)?;
            let message = format_args!("{method} {}: no response within {timeout:?}", url.path());
            Err(Error::new(ErrorKind::Timeout, message))
        })
    }
}

/// Adds the query, the cookies and the credentials; a header or a parameter that was set for this one request wins: so
/// does a key in the link to a next page.
fn complete(call: &Call, mut request: HttpRequest, authorized: &Authorized) -> Result<HttpRequest, Error> {
    let Authorized { headers, query: keys, cookies: tokens } = authorized;
    let query = call.query.joined("&");
    if !query.is_empty() || !keys.is_empty() {
        let own = request.url.query().unwrap_or_default().to_owned();
        let keys = keys.iter().filter(|key| !has(&query, key));
        request.url.set_query(Some(&joined([&own, &query].into_iter().chain(keys), "&")));
    }
    let cookies = joined([&call.cookies.joined("; ")].into_iter().chain(tokens), "; ");
    if !cookies.is_empty() && !request.headers.contains_key(COOKIE) {
        request.headers.extend([sensitive(COOKIE.as_str(), &cookies)?]);
    }
    for (name, value) in headers {
        request.headers.entry(name).or_insert_with(|| value.clone());
    }
    Ok(request)
}

/// Whether a query has a parameter with the name that one of its pairs has.
fn has(query: &str, pair: &str) -> bool {
    let name = |pair: &str| pair.split('=').next().unwrap_or_default().to_owned();
    query.split('&').any(|one| name(one) == name(pair))
}

/// The texts that are not empty, with a separator between them.
fn joined<'t>(texts: impl Iterator<Item = &'t String>, separator: &str) -> String {
    let mut all = String::new();
    for text in texts.filter(|text| !text.is_empty()) {
        if !all.is_empty() {
            all.push_str(separator);
        }
        all.push_str(text);
    }
    all
}
