//! Manners: at most two requests at once to a host, a pause between those to a host of others, and one pull at a time of
//! a source.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

/// Requests at once to one host.
const AT_ONCE: usize = 2;
/// So many hosts are remembered before those nobody asks are forgotten.
const REMEMBERED: usize = 200;

/// Who is asked just now.
#[derive(Debug, Default)]
pub(super) struct Hosts {
    hosts: Mutex<HashMap<String, Arc<Host>>>,
    sources: Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>,
}

#[derive(Debug)]
struct Host {
    places: Arc<Semaphore>,
    /// No request before.
    next: tokio::sync::Mutex<Option<Instant>>,
}

impl Hosts {
    /// Waits for a place at a host; the place is free again when what is returned is dropped.
    pub(super) async fn place(&self, host: &str, pause: Duration) -> Option<OwnedSemaphorePermit> {
        let host = self.host(host);
        let place = Arc::clone(&host.places).acquire_owned().await.ok();
        if !pause.is_zero() {
            let mut next = host.next.lock().await;
            if let Some(next) = *next {
                tokio::time::sleep_until(next).await;
            }
            *next = Some(Instant::now() + pause);
        }
        place
    }

    fn host(&self, name: &str) -> Arc<Host> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if hosts.len() > REMEMBERED {
            hosts.retain(|_, host| Arc::strong_count(host) > 1);
        }
        let new = || Host { places: Arc::new(Semaphore::new(AT_ONCE)), next: tokio::sync::Mutex::new(None) };
        Arc::clone(hosts.entry(name.to_owned()).or_insert_with(|| Arc::new(new())))
    }

    /// Waits until nobody else pulls the source.
    pub(super) async fn turn(&self, source: &str) -> OwnedMutexGuard<()> {
        let turn = {
            let mut sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(sources.entry(source.to_owned()).or_default())
        };
        turn.lock_owned().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;

    #[tokio::test]
    async fn two_requests_at_once_and_no_more() {
        let hosts = Hosts::default();
        let first = hosts.place("example.org", Duration::ZERO).await;
        let _second = hosts.place("example.org", Duration::ZERO).await;
        assert!(hosts.place("example.org", Duration::ZERO).now_or_never().is_none());
        assert!(hosts.place("example.net", Duration::ZERO).now_or_never().is_some());
        drop(first);
        assert!(hosts.place("example.org", Duration::ZERO).now_or_never().is_some());
    }

    #[tokio::test]
    async fn a_host_of_others_is_given_a_pause() {
        let (hosts, pause) = (Hosts::default(), Duration::from_secs(3600));
        drop(hosts.place("example.org", pause).await);
        assert!(hosts.place("example.org", pause).now_or_never().is_none());
        assert!(hosts.place("example.net", pause).now_or_never().is_some());
    }

    #[tokio::test]
    async fn one_pull_of_a_source_at_a_time() {
        let hosts = Hosts::default();
        let turn = hosts.turn("dinkes").await;
        assert!(hosts.turn("dinkes").now_or_never().is_none());
        assert!(hosts.turn("bps").now_or_never().is_some());
        drop(turn);
        assert!(hosts.turn("dinkes").now_or_never().is_some());
    }
}
