//! Credentials: the security schemes of an API, and what of them a request needs.

use std::fmt;
use std::sync::Arc;

use reqwest::Url;
use reqwest::header::{AUTHORIZATION, COOKIE, HeaderName, HeaderValue};

use super::config::header;
use super::error::Error;
use super::platform::Pending;
use super::secret::Secret;
use super::style::{Target, escape};
use super::transport::Transport;

/// A security scheme: where its credential goes in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// The value of a header, as it is.
    Header(&'static str),
    /// The value of a header, after a word.
    Prefixed(&'static str, &'static str),
    /// The value of the header `Authorization`, after the name of the scheme: `Bearer` (RFC 6750), `Basic` (RFC 7617).
    Authorization(&'static str),
    /// A parameter of the query.
    Query(&'static str),
    /// A cookie.
    Cookie(&'static str),
    /// The certificate of a connection, which the HTTP client has.
    Certificate,
}

/// Alternatives of which one is needed, each a list of schemes by their index that are needed together.
pub(crate) type Security = &'static [&'static [usize]];

/// What a client has for a security scheme.
#[derive(Clone)]
pub(crate) enum Credential {
    Secret(Secret),
    /// Tokens that are good for a while.
    Source(Arc<dyn TokenSource>),
}

/// What fetches the tokens of a security scheme, and fetches new ones when they are over.
pub(crate) trait TokenSource: Send + Sync {
    /// A token that is good; relative URLs are relative to `base`.
    fn token<'a>(&'a self, transport: &'a dyn Transport, base: &'a Url) -> Pending<'a, Result<Secret, Error>>;

    /// Forgets the token: a server refused it.
    fn refused(&self) -> Pending<'_, ()>;
}

/// What a client is configured with: for each scheme its credential.
#[derive(Clone)]
pub(crate) struct Credentials {
    schemes: &'static [Scheme],
    set: Vec<Option<Credential>>,
}

/// What credentials add to a request.
#[derive(Debug, Default)]
pub(crate) struct Authorized {
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    /// Parameters of the query, percent-encoded.
    pub(crate) query: Vec<String>,
    pub(crate) cookies: Vec<String>,
}

impl Credentials {
    pub(crate) fn new(schemes: &'static [Scheme]) -> Self {
        Self { schemes, set: vec![None; schemes.len()] }
    }

    pub(crate) fn set(&mut self, scheme: usize, credential: Credential) {
        if let Some(slot) = self.set.get_mut(scheme) {
            *slot = Some(credential);
        }
    }

    pub(crate) fn is_set(&self, scheme: usize) -> bool {
        self.set.get(scheme).is_some_and(Option::is_some) || self.schemes.get(scheme) == Some(&Scheme::Certificate)
    }

    /// Says which credential no request can hold.
    ///
    /// # Errors
    ///
    /// When one of them has characters that its place does not allow.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let mut authorized = Authorized::default();
        for (scheme, credential) in self.schemes.iter().zip(&self.set) {
            if let Some(Credential::Secret(secret)) = credential {
                authorized.add(*scheme, secret)?;
            }
        }
        Ok(())
    }

    /// The schemes of the first alternative that is configured as a whole. One of certificates alone adds nothing to a
    /// request, and whether the HTTP client has them is not known here: any other goes before it.
    pub(crate) fn chosen(&self, security: Security) -> &'static [usize] {
        let has_credential = |scheme: &usize| self.set.get(*scheme).is_some_and(Option::is_some);
        let configured = |schemes: &&&[usize]| {
            schemes.iter().all(|scheme| self.is_set(*scheme)) && schemes.iter().any(has_credential)
        };
        security.iter().find(configured).copied().unwrap_or_default()
    }

    /// What the chosen schemes add to a request.
    ///
    /// # Errors
    ///
    /// When a credential has characters that its place does not allow, or there is no token.
    pub(crate) async fn authorize(
        &self,
        chosen: &[usize],
        transport: &dyn Transport,
        base: &Url,
    ) -> Result<Authorized, Error> {
        let mut authorized = Authorized::default();
        for scheme in chosen {
            match &self.set[*scheme] {
                Some(Credential::Secret(secret)) => authorized.add(self.schemes[*scheme], secret)?,
                Some(Credential::Source(source)) => {
                    authorized.add(self.schemes[*scheme], &source.token(transport, base).await?)?;
                }
                None => {}
            }
        }
        Ok(authorized)
    }

    /// Takes notice that a server refused what was sent.
    pub(crate) async fn refused(&self, chosen: &[usize]) {
        for scheme in chosen {
            if let Some(Credential::Source(source)) = &self.set[*scheme] {
                source.refused().await;
            }
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let set = self.set.iter().filter(|credential| credential.is_some()).count();
        write!(f, "{set} of {} [hidden]", self.schemes.len())
    }
}

impl Authorized {
    fn add(&mut self, scheme: Scheme, secret: &Secret) -> Result<(), Error> {
        let secret = secret.expose();
        match scheme {
            Scheme::Header(name) => self.headers.push(sensitive(name, secret)?),
            Scheme::Prefixed(name, prefix) => self.headers.push(sensitive(name, &format!("{prefix} {secret}"))?),
            Scheme::Authorization(scheme) => {
                self.headers.push(sensitive(AUTHORIZATION.as_str(), &format!("{scheme} {secret}"))?);
            }
            Scheme::Query(name) => {
                let [name, value] = [name, secret].map(|text| escape(text, Target::Query, false));
                self.query.push(format!("{name}={value}"));
            }
            Scheme::Cookie(name) => {
                let cookie = format!("{name}={secret}");
                sensitive(COOKIE.as_str(), &cookie)?;
                self.cookies.push(cookie);
            }
            Scheme::Certificate => {}
        }
        Ok(())
    }
}

/// A header that no log shows.
///
/// # Errors
///
/// When the texts are no valid header.
pub(crate) fn sensitive(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), Error> {
    let (name, mut value) = header(name, value)?;
    value.set_sensitive(true);
    Ok((name, value))
}

/// A user and a password as the scheme `Basic` has them (RFC 7617).
pub(crate) fn basic(user: &str, password: &str) -> Secret {
    Secret::new(base64(format!("{user}:{password}").as_bytes()))
}

/// Base64 (RFC 4648, section 4).
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let bits = (0..3).fold(0, |bits, index| bits << 8 | u32::from(group.get(index).copied().unwrap_or_default()));
        for digit in 0..4 {
            let digits = (bits >> (18 - 6 * digit) & 63) as usize;
            text.push(if digit <= group.len() { char::from(DIGITS[digits]) } else { '=' });
        }
    }
    text
}
