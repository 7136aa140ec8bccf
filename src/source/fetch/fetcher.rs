//! What is asked, with which limits, and how often.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use reqwest::{Client, Url, redirect};
use tokio::sync::OwnedMutexGuard;

use super::fault::Fault;
use super::hosts::Hosts;
use super::http::{Answer, Ask, Asked, without_query};
use super::{Payload, Validators, file, sha256_hex};
use crate::config::Secret;
use crate::source::guard::{PrivateHosts, PublicOr, check_url};
use crate::source::{Request, SourceError};
use crate::text::Reason;

/// Limits of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchLimits {
    /// Longest time of one try, body included.
    pub timeout: Duration,
    /// Longest time without a byte.
    pub idle: Duration,
    /// Largest body, on the wire and decompressed alike.
    pub max_bytes: usize,
    /// Tries in all, for failures that may pass.
    pub tries: usize,
    /// Least pause before the second try; it doubles.
    pub pause: Duration,
    /// Longest pause between tries. A publisher that asks for more is left alone until the next pull.
    pub longest_pause: Duration,
    /// Pause between requests to one host outside the network.
    pub host_pause: Duration,
    /// What inside the network may be asked.
    pub private: PrivateHosts,
    /// Where paths that are not absolute begin.
    pub folder: Option<PathBuf>,
}

impl Default for FetchLimits {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(30),
            idle: Duration::from_secs(10),
            max_bytes: 64 * 1024 * 1024,
            tries: 3,
            pause: Duration::from_millis(200),
            longest_pause: Duration::from_secs(60),
            host_pause: Duration::from_millis(250),
            private: PrivateHosts::default(),
            folder: None,
        }
    }
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
    pub(super) client: Client,
    pub(super) limits: FetchLimits,
    pub(super) secrets: Arc<BTreeMap<String, Secret>>,
    pub(super) hosts: Arc<Hosts>,
}

impl Fetcher {
    /// A fetcher with these limits.
    ///
    /// # Errors
    /// When the HTTP client cannot be built (no TLS provider).
    pub fn new(limits: FetchLimits) -> Result<Self, SourceError> {
        // The provider may have been installed already; a second time is refused and harmless.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            // Redirects are followed by hand, each checked; bodies are unpacked by hand, with a limit. A proxy from the
            // environment would look names up where nobody checks what they stand for.
            .redirect(redirect::Policy::none())
            .no_gzip()
            .no_proxy()
            .user_agent(concat!("siaga/", env!("CARGO_PKG_VERSION")))
            .dns_resolver(Arc::new(PublicOr(Arc::new(limits.private.clone()))))
            .build()
            .map_err(|error| SourceError::GiveUp {
                address: String::new(),
                reason: Reason::new("no-client").text("detail", error),
            })?;
        Ok(Self { client, limits, secrets: Arc::default(), hosts: Arc::default() })
    }

    /// The same with the secrets that headers name, by variable.
    #[must_use]
    pub fn with_secrets(self, secrets: BTreeMap<String, Secret>) -> Self {
        Self { secrets: Arc::new(secrets), ..self }
    }

    /// Waits until nobody else pulls the source; held for as long as its pull takes.
    pub async fn turn(&self, source: &str) -> OwnedMutexGuard<()> {
        self.hosts.turn(source).await
    }

    /// Asks one publisher, telling what is known already. What is known must be kept here: an answer "not modified" to
    /// somebody who told nothing is a fault.
    ///
    /// # Errors
    /// [`SourceError::Retry`] when it may pass (no answer, 429, 5xx), [`SourceError::GiveUp`] when it will not.
    pub async fn fetch(&self, request: &Request, known: &Validators) -> Result<Fetched, SourceError> {
        if let Some(path) = &request.path {
            return self.read(path, known).await.map_err(|fault| fault.told(path.clone()));
        }
        let text = request.address.as_deref().unwrap_or_default();
        let address = without_query(text);
        let asked = match &request.pages {
            None => self.one(text, request, known).await,
            Some(pages) => self.pages(text, (request, pages)).await.map(Asked::Answer),
        };
        match asked.map_err(|fault| fault.told(address.clone()))? {
            Asked::NotModified => Ok(Fetched::NotModified),
            Asked::Answer(Answer { body, content_type, validators }) => {
                let sha256 = sha256_hex(&body);
                Ok(Fetched::Payload(Payload { address, body, sha256, content_type, validators }))
            }
        }
    }

    /// Reads an address, if it may be asked.
    pub(super) fn url(&self, text: &str) -> Result<Url, Fault> {
        let url: Url = text.parse().map_err(|_| Fault::lasting(Reason::new("not-address")))?;
        check_url(&url, &self.limits.private).map_err(Fault::lasting)?;
        Ok(url)
    }

    async fn one(&self, text: &str, request: &Request, known: &Validators) -> Result<Asked, Fault> {
        let url = self.url(text)?;
        self.asked(&Ask { url, request, known, most: self.limits.max_bytes }).await
    }

    /// Asks until an answer comes, it is plain that none will, or the tries are used up.
    pub(super) async fn asked(&self, ask: &Ask<'_>) -> Result<Asked, Fault> {
        let limits = &self.limits;
        let wait = ExponentialBuilder::default()
            .with_jitter()
            .with_min_delay(limits.pause)
            .with_max_delay(limits.longest_pause)
            .with_max_times(limits.tries.saturating_sub(1));
        let is_worth_it =
            |fault: &Fault| fault.may_pass && fault.after.is_none_or(|after| after <= limits.longest_pause);
        (|| self.try_once(ask))
            .retry(wait)
            .when(is_worth_it)
            .adjust(|fault: &Fault, wait| wait.map(|wait| wait.max(fault.after.unwrap_or_default())))
            .await
    }

    async fn read(&self, path: &str, known: &Validators) -> Result<Fetched, Fault> {
        let (path, known, limits) = (path.to_owned(), known.clone(), self.limits.clone());
        let read = move || file::read(&path, limits.folder.as_deref(), limits.max_bytes, &known);
        let read = tokio::task::spawn_blocking(read).await;
        read.map_err(|error| Fault::passing(Reason::new("cut-off").text("detail", error)))?
    }
}
