//! What every use-case needs: the store, the clock, the settings, a line in the audit log, and a place to hash passwords.

use std::sync::Arc;

use anyhow::Context;
use chrono::Duration;
use tokio::sync::Semaphore;

use super::provider::Provider;
use super::{AccessError, AccessSettings, Client, Ticket};
use crate::account::{Account, Session, SessionState, Token, Visitor};
use crate::audit::{Action, Entry};
use crate::clock::Clock;
use crate::epi::Vintage;
use crate::store::{NewSession, Proof, Store};

/// Passwords hashed at a time in this process: each takes a core and 19 MiB, and the rest wait their turn.
const HASHES_AT_ONCE: usize = 2;
/// How long somebody may take between the steps of signing in.
const BETWEEN_STEPS: Duration = Duration::minutes(15);

/// The doors. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Access {
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) settings: Arc<AccessSettings>,
    pub(super) provider: Arc<Provider>,
    hashing: Arc<Semaphore>,
}

impl Access {
    /// The doors over a store.
    #[must_use]
    pub fn new(store: Store, clock: Arc<dyn Clock>, settings: AccessSettings) -> Self {
        let provider = Arc::new(Provider::new(settings.oidc.clone(), Arc::clone(&clock)));
        let hashing = Arc::new(Semaphore::new(HASHES_AT_ONCE));
        Self { store, clock, settings: Arc::new(settings), provider, hashing }
    }

    /// What they were told by the settings.
    #[must_use]
    pub fn settings(&self) -> &AccessSettings {
        &self.settings
    }

    pub(super) fn now(&self) -> Vintage {
        self.clock.now()
    }

    /// Hashing and other work of tens of milliseconds, away from the threads that answer. The place stays taken until
    /// the work is done, also when nobody waits for it any more.
    pub(super) async fn away<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, AccessError> {
        let place = Arc::clone(&self.hashing).acquire_owned().await.context("wait to hash a password");
        let place = place.map_err(AccessError::Unavailable)?;
        let done = tokio::task::spawn_blocking(move || {
            let result = work();
            drop(place);
            result
        });
        done.await.context("hash a password").map_err(AccessError::Unavailable)
    }

    /// A line in the audit log.
    pub(super) async fn note(&self, who: Who<'_>, what: What<'_>) -> Result<(), AccessError> {
        let entry = Entry::new(self.now(), who.0, what.action, what.object)
            .detail(what.detail)
            .address(who.1.map_or("", |client| &client.address));
        Ok(self.store.record(&entry).await?)
    }

    /// Opens a session for an account, if the proof still holds.
    pub(super) async fn open(
        &self,
        (account, state): (&Account, SessionState),
        proof: Proof<'_>,
        client: &Client,
    ) -> Result<Ticket, AccessError> {
        let now = self.now();
        let lasts = if state == SessionState::Full { self.settings.absolute } else { BETWEEN_STEPS };
        let token = Token::random()?;
        let session = Session {
            id: Token::random()?.derived("id").chars().take(16).collect(),
            account: account.name.clone(),
            role: account.role,
            unit_id: account.unit_id.clone(),
            state,
            signed_in_at: now,
            seen_at: now,
            ends_at: later(now, lasts),
            address: client.address.clone(),
            agent: client.agent.clone(),
        };
        let new = NewSession { session: &session, token: &token.fingerprint(), proof };
        if self.store.open_session(&new).await? {
            Ok(Ticket { token, session })
        } else {
            Err(AccessError::Expired)
        }
    }
}

/// Who did it, with what role, and from where.
pub(super) type Who<'a> = ((&'a str, &'a str), Option<&'a Client>);

/// Nobody knows who.
pub(super) const NOBODY: (&str, &str) = ("public", "public");

/// An account or its session, as the audit log names it.
pub(super) fn by_account(account: &Account) -> (&str, &str) {
    (&account.name, account.role.as_str())
}

pub(super) fn by_session(session: &Session) -> (&str, &str) {
    (&session.account, session.role.as_str())
}

pub(super) fn by_visitor(visitor: &Visitor) -> Who<'_> {
    ((visitor.name(), visitor.role()), None)
}

/// What was done.
#[derive(Clone, Copy)]
pub(super) struct What<'a> {
    pub(super) action: Action,
    pub(super) object: &'a str,
    /// JSON, or empty.
    pub(super) detail: &'a str,
}

impl<'a> What<'a> {
    pub(super) fn new(action: Action, object: &'a str, detail: &'a str) -> Self {
        Self { action, object, detail }
    }
}

/// A moment after another.
pub(super) fn later(now: Vintage, by: Duration) -> Vintage {
    Vintage::from_millis(now.millis().saturating_add(by.num_milliseconds())).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;
    use crate::clock::SystemClock;

    /// On one thread: work that waits for the test would stop the test itself if it were done there.
    #[tokio::test(flavor = "current_thread")]
    async fn hashing_is_away_from_the_threads_that_answer_and_two_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/siaga.sqlite", folder.path().display());
        let store = Store::connect(&url).await.unwrap();
        let access = Access::new(store, Arc::new(SystemClock), AccessSettings::default());
        let (started, begun) = mpsc::channel::<usize>();
        let mut releases = Vec::new();
        let mut works = Vec::new();
        for n in 0..3 {
            let (release, released) = mpsc::channel::<()>();
            let (access, started) = (access.clone(), started.clone());
            releases.push(release);
            works.push(tokio::spawn(async move {
                let work = move || {
                    started.send(n).unwrap();
                    released.recv().unwrap();
                };
                access.away(work).await.unwrap();
            }));
        }
        let mut at_work = Vec::new();
        while at_work.len() < 2 {
            tokio::task::yield_now().await;
            at_work.extend(begun.try_iter());
        }
        assert_eq!((at_work, access.hashing.available_permits()), (vec![0, 1], 0));
        // Nobody waits for the first any more: its place stays taken until it is done.
        works.remove(0).abort();
        tokio::task::yield_now().await;
        assert_eq!((access.hashing.available_permits(), begun.try_iter().count()), (0, 0));
        releases.remove(0).send(()).unwrap();
        let third = loop {
            tokio::task::yield_now().await;
            if let Some(n) = begun.try_iter().next() {
                break n;
            }
        };
        assert_eq!(third, 2);
        for release in releases {
            release.send(()).unwrap();
        }
        for work in works {
            work.await.unwrap();
        }
    }
}
