//! What the pages of the first start share: the link, the settings without the answers, and whether it is over.

use std::fmt;

use tokio::sync::watch;

use crate::account::{Token, fingerprint};
use crate::config::{Answers, Config};
use crate::store::Store;
use crate::web::error::WebError;

/// Tells which locations others of the installation are at that moment.
pub type Taken = Box<dyn Fn() -> Vec<String> + Send + Sync>;

/// An installation that is being set up.
pub struct SetUp {
    /// The fingerprint of the link's secret part.
    link: String,
    /// The settings as they are without the answers.
    pub(super) config: Config,
    finished: watch::Sender<bool>,
    /// The locations that others of the installation are.
    taken: Option<Taken>,
    /// Whether the pages are there beside it.
    is_beside: bool,
}

impl SetUp {
    /// An installation that whoever holds this token may set up.
    #[must_use]
    pub fn new(token: &Token, config: Config) -> Self {
        let (link, finished) = (token.fingerprint(), watch::Sender::new(false));
        Self { link, config, finished, taken: None, is_beside: false }
    }

    /// The same where other cities are served: none of theirs is offered.
    #[must_use]
    pub fn without(self, taken: Option<Taken>) -> Self {
        Self { taken, ..self }
    }

    /// Whether another city of the installation is this location.
    pub(super) fn is_taken(&self, location: &str) -> bool {
        self.taken.as_ref().is_some_and(|taken| taken().iter().any(|code| code == location))
    }

    /// The same beside the pages of an installation that runs.
    pub(in crate::web) fn beside_the_pages(self) -> Self {
        Self { is_beside: true, ..self }
    }

    /// Whether the pages are there beside it.
    pub(in crate::web) fn is_beside(&self) -> bool {
        self.is_beside
    }

    /// Tells when everything is answered and the owner is there.
    #[must_use]
    pub fn finished(&self) -> watch::Receiver<bool> {
        self.finished.subscribe()
    }

    pub(super) fn finish(&self) {
        self.finished.send_replace(true);
    }

    /// Whether somebody holds the link. Fingerprints are compared, so that the time it takes tells nothing of the link.
    pub(super) fn is_link(&self, token: &str) -> bool {
        fingerprint(token) == self.link
    }
}

/// The answers so far.
pub(super) async fn answers(store: &Store) -> Result<Answers, WebError> {
    let kept = store.meta(Answers::KEPT_AS).await.map_err(anyhow::Error::from)?;
    Ok(Answers::kept(kept.as_deref()))
}

/// Keeps the answers.
pub(super) async fn keep_answers(store: &Store, answers: &Answers) -> Result<(), WebError> {
    let text = answers.to_keep().map_err(anyhow::Error::from)?;
    Ok(store.set_meta(Answers::KEPT_AS, &text).await.map_err(anyhow::Error::from)?)
}

impl fmt::Debug for SetUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SetUp").finish_non_exhaustive()
    }
}
