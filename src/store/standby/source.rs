//! What a reading is asked for, and where it is read.

use tokio::sync::watch;

use super::glance::Standing;
use crate::epi::Vintage;
use crate::store::ReadStore;

/// The newest that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Newest {
    /// The version of the data.
    pub version: i64,
    /// Of when that is, while the primary is away and cannot say whether there is something newer.
    pub known_at: Option<Vintage>,
}

impl Newest {
    /// As the primary says.
    #[must_use]
    pub fn of_primary(version: i64) -> Self {
        Self { version, known_at: None }
    }
}

/// Where something is read from beginning to end.
#[derive(Debug)]
pub struct Source {
    reads: ReadStore,
    /// Its name, and how it stands.
    standby: Option<(String, watch::Receiver<Standing>)>,
}

impl Source {
    pub(super) fn primary(reads: ReadStore) -> Self {
        Self { reads, standby: None }
    }

    pub(super) fn standby(reads: ReadStore, (name, standing): (&str, watch::Receiver<Standing>)) -> Self {
        Self { reads, standby: Some((name.to_owned(), standing)) }
    }

    /// What it is read through.
    #[must_use]
    pub fn reads(&self) -> &ReadStore {
        &self.reads
    }

    /// Whether it is a standby.
    #[must_use]
    pub fn is_standby(&self) -> bool {
        self.standby.is_some()
    }

    /// The standby's name, or `primary`.
    #[must_use]
    pub fn name(&self) -> &str {
        self.standby.as_ref().map_or("primary", |(name, _)| name)
    }

    /// Until the standby is not read any more: it was lost, or promoted. The primary is never given up.
    pub async fn lost(&self) {
        match &self.standby {
            None => std::future::pending().await,
            Some((_, standing)) => {
                let mut standing = standing.clone();
                // The sender lives as long as the store does.
                let _ = standing.wait_for(|standing| standing.readable().is_none()).await;
            }
        }
    }
}
