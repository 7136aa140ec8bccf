//! Asking a publisher: one conditional request with limits on time, size and redirects, and bounded retries.
//!
//! The only place that speaks HTTP to sources. What comes back is archived before anybody parses it.

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use futures_util::StreamExt;
use reqwest::header::{CONTENT_TYPE, ETAG, HeaderMap, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED};
use reqwest::{Client, Response, StatusCode, Url, redirect};
use sha2::{Digest, Sha256};

use super::SourceError;
use super::guard::{PublicOnly, check_url};

/// Limits of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchLimits {
    /// Longest time for one try, body included.
    pub timeout: Duration,
    /// Largest body, decompressed.
    pub max_bytes: usize,
    /// Tries in all, for failures that may pass.
    pub tries: usize,
    /// Whether addresses inside the network may be asked.
    pub allows_private: bool,
}

impl Default for FetchLimits {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(30),
            max_bytes: 64 * 1024 * 1024,
            tries: 3,
            allows_private: false,
        }
    }
}

/// What the publisher said of the last payload, to ask "has it changed?".
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validators {
    /// Its ETag.
    pub etag: String,
    /// Its Last-Modified.
    pub last_modified: String,
}

/// The bytes as received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payload {
    /// Where from, without its query (which may carry a key).
    pub address: String,
    /// The body, decompressed.
    pub body: Vec<u8>,
    /// SHA-256 of the body, in hex.
    pub sha256: String,
    /// The publisher's Content-Type.
    pub content_type: String,
    /// What to send along next time.
    pub validators: Validators,
}

impl Payload {
    /// A payload that came by hand.
    #[must_use]
    pub fn from_file(name: &str, body: Vec<u8>) -> Self {
        Self {
            address: name.to_owned(),
            sha256: sha256_hex(&body),
            body,
            content_type: String::new(),
            validators: Validators::default(),
        }
    }
}

/// SHA-256 in hex.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// What a request brought.
#[derive(Debug)]
pub enum Fetched {
    /// Nothing new.
    NotModified,
    /// A body.
    Payload(Payload),
}

/// Asks publishers.
#[derive(Debug, Clone)]
pub struct Fetcher {
    client: Client,
    limits: FetchLimits,
}

impl Fetcher {
    /// A fetcher with these limits.
    ///
    /// # Errors
    /// When the HTTP client cannot be built (no TLS provider).
    pub fn new(limits: FetchLimits) -> Result<Self, SourceError> {
        // The provider may have been installed already; a second time is refused and harmless.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let allows_private = limits.allows_private;
        let follow = redirect::Policy::custom(move |attempt| {
            if attempt.previous().len() > 3 {
                return attempt.error("more than 3 redirects");
            }
            match check_url(attempt.url(), allows_private) {
                Ok(()) => attempt.follow(),
                Err(reason) => attempt.error(reason),
            }
        });
        let mut builder = Client::builder()
            .timeout(limits.timeout)
            .redirect(follow)
            .user_agent(concat!("siaga/", env!("CARGO_PKG_VERSION")));
        if !allows_private {
            builder = builder.dns_resolver(std::sync::Arc::new(PublicOnly));
        }
        let client = builder
            .build()
            .map_err(|error| SourceError::GiveUp { address: String::new(), reason: error.to_string() })?;
        Ok(Self { client, limits })
    }

    /// Asks one address, telling what is known already.
    ///
    /// # Errors
    /// [`SourceError::Retry`] when it may pass (no answer, 429, 5xx), [`SourceError::GiveUp`] when it will not.
    pub async fn fetch(&self, address: &str, known: &Validators) -> Result<Fetched, SourceError> {
        let url = self.check(address)?;
        let wait = ExponentialBuilder::default()
            .with_jitter()
            .with_min_delay(Duration::from_millis(200))
            .with_max_times(self.limits.tries.saturating_sub(1));
        (|| self.ask(&url, known)).retry(wait).when(|error| matches!(error, SourceError::Retry { .. })).await
    }

    fn check(&self, address: &str) -> Result<Url, SourceError> {
        let give_up = |reason: String| SourceError::GiveUp { address: without_query(address), reason };
        let url: Url = address.parse().map_err(|_| give_up("it is not an address".to_owned()))?;
        check_url(&url, self.limits.allows_private).map_err(give_up)?;
        Ok(url)
    }

    async fn ask(&self, url: &Url, known: &Validators) -> Result<Fetched, SourceError> {
        let address = without_query(url.as_str());
        let retry = |error: reqwest::Error| SourceError::Retry {
            address: address.clone(),
            reason: reason_of(&error),
        };
        let mut request = self.client.get(url.clone());
        if !known.etag.is_empty() {
            request = request.header(IF_NONE_MATCH, &known.etag);
        }
        if !known.last_modified.is_empty() {
            request = request.header(IF_MODIFIED_SINCE, &known.last_modified);
        }
        let response = request.send().await.map_err(retry)?;
        let status = response.status();
        if status == StatusCode::NOT_MODIFIED {
            return Ok(Fetched::NotModified);
        }
        if !status.is_success() {
            let reason = format!("it answered {status}");
            let may_pass = status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS;
            return Err(if may_pass {
                SourceError::Retry { address, reason }
            } else {
                SourceError::GiveUp { address, reason }
            });
        }
        let headers = response.headers().clone();
        let body = self.body(response, &address).await?;
        Ok(Fetched::Payload(Payload {
            sha256: sha256_hex(&body),
            body,
            content_type: header(&headers, CONTENT_TYPE.as_str()),
            validators: Validators {
                etag: header(&headers, ETAG.as_str()),
                last_modified: header(&headers, LAST_MODIFIED.as_str()),
            },
            address,
        }))
    }

    async fn body(&self, response: Response, address: &str) -> Result<Vec<u8>, SourceError> {
        let mut body = Vec::new();
        let mut chunks = response.bytes_stream();
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(|error| SourceError::Retry {
                address: address.to_owned(),
                reason: reason_of(&error),
            })?;
            if body.len() + chunk.len() > self.limits.max_bytes {
                let reason = format!("it is larger than {} bytes", self.limits.max_bytes);
                return Err(SourceError::GiveUp { address: address.to_owned(), reason });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }
}

fn header(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

fn without_query(address: &str) -> String {
    address.split(['?', '#']).next().unwrap_or_default().to_owned()
}

/// The innermost cause: the outer ones repeat the address, which may carry a key.
fn reason_of(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    if error.is_timeout() { "no answer in time".to_owned() } else { cause.to_string() }
}
