//! OAuth 2.0 client credentials (RFC 6749, section 4.4): fetches a token, keeps it, and renews it before it expires.

use std::time::Duration;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Method, Url};
use serde_json::Value;
use tokio::sync::Mutex;

use super::auth::{TokenSource, basic, sensitive};
use super::body::Body;
use super::error::Error;
use super::platform::{Instant, Pending};
use super::response::RawResponse;
use super::secret::Secret;
use super::style::{Target, escape};
use super::transport::{HttpRequest, Transport, execute};

/// How long before its end a token is no longer used: what is sent with it has to arrive.
const MARGIN: Duration = Duration::from_secs(30);
/// More than any token.
const LARGEST_ANSWER: usize = 1 << 20;

/// A client that is known to an authorization server.
pub(crate) struct ClientCredentials {
    token_url: &'static str,
    /// With blanks between them.
    scopes: String,
    client_id: String,
    client_secret: Secret,
    /// One call at a time renews the token, and the others wait for it.
    token: Mutex<Option<Token>>,
}

/// A token, and until when it is good.
struct Token {
    secret: Secret,
    until: Option<Instant>,
}

impl TokenSource for ClientCredentials {
    fn token<'a>(&'a self, transport: &'a dyn Transport, base: &'a Url) -> Pending<'a, Result<Secret, Error>> {
        Box::pin(async move {
            let mut token = self.token.lock().await;
            if let Some(token) = token.as_ref().filter(|token| token.until.is_none_or(|until| Instant::now() < until)) {
                return Ok(token.secret.clone());
            }
            let fetched = self.fetch(transport, base).await?;
            Ok(token.insert(fetched).secret.clone())
        })
    }

    fn refused(&self) -> Pending<'_, ()> {
        Box::pin(async { *self.token.lock().await = None })
    }
}

impl ClientCredentials {
    pub(crate) fn new(token_url: &'static str, client_id: impl Into<String>, client_secret: impl Into<String>) -> Self {
        let (client_id, client_secret) = (client_id.into(), Secret::new(client_secret));
        Self { token_url, scopes: String::new(), client_id, client_secret, token: Mutex::new(None) }
    }

    /// The same, which asks for these scopes.
    pub(crate) fn scoped(self, scopes: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let scopes: Vec<String> = scopes.into_iter().map(|scope| scope.as_ref().to_owned()).collect();
        Self { scopes: scopes.join(" "), ..self }
    }

    async fn fetch(&self, transport: &dyn Transport, base: &Url) -> Result<Token, Error> {
        let failed = |why: &dyn std::fmt::Display| Error::config(format_args!("no token for OAuth 2.0: {why}"));
        let url = base.join(self.token_url).map_err(|error| failed(&error))?;
        let encoded = |text: &str| escape(text, Target::Query, false);
        let mut form = "grant_type=client_credentials".to_owned();
        if !self.scopes.is_empty() {
            form.push_str(&format!("&scope={}", encoded(&self.scopes)));
        }
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        let (id, secret) = (encoded(&self.client_id), encoded(self.client_secret.expose()));
        let credential = format!("Basic {}", basic(&id, &secret).expose());
        headers.extend([sensitive(AUTHORIZATION.as_str(), &credential)?]);
        let start = Instant::now();
        let request = HttpRequest { method: Method::POST, url, headers, body: Some(Body::from(form)) };
        let response = RawResponse::read(execute(transport, || Ok(request.clone())).await?, LARGEST_ANSWER).await?;
        let answer: Value = serde_json::from_slice(&response.body).unwrap_or_default();
        let token = answer.get("access_token").and_then(Value::as_str).filter(|_| response.status.is_success());
        let Some(token) = token else { return Err(Error::token(response)) };
        let lifetime = answer.get("expires_in").and_then(seconds);
        let until = lifetime.and_then(|lifetime| start.checked_add(lifetime.saturating_sub(MARGIN)));
        Ok(Token { secret: Secret::new(token), until })
    }
}

/// How long a token is good; some servers write the number as a text.
fn seconds(lifetime: &Value) -> Option<Duration> {
    let seconds = lifetime.as_f64().or_else(|| lifetime.as_str()?.parse().ok())?;
    Duration::try_from_secs_f64(seconds).ok()
}
