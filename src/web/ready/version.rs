//! Which version of the data is the newest, without asking the database for each request.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::web::AppState;

/// When the database was asked last, what it said, and how often one of its servers had been lost or come back by then.
#[derive(Debug, Clone, Default)]
pub(in crate::web) struct Newest(Arc<Mutex<Option<(Instant, i64, u64)>>>);

impl Newest {
    /// The newest version, and how often a server had been lost or come back when it was asked for. What this process has announced counts
    /// at once, what others have written after `limits.newest` at the latest.
    ///
    /// # Errors
    /// When the store does not answer, or not in time.
    pub(super) async fn version(&self, state: &AppState) -> anyhow::Result<(i64, u64)> {
        let shifts = state.journey.store.shifts();
        let announced = *state.journey.changed.borrow();
        let is_fresh = |at: Instant| at.elapsed() < state.settings.limits.newest;
        if let Some((at, version, then)) = *self.0.lock().unwrap_or_else(PoisonError::into_inner)
            && is_fresh(at)
            && version >= announced
            && then == shifts
        {
            return Ok((version, shifts));
        }
        let version = tokio::time::timeout(PATIENCE, state.journey.store.newest()).await??.version;
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), version, shifts));
        Ok((version, shifts))
    }
}

/// A store that does not answer by then is left to the page further in, which says so.
const PATIENCE: Duration = Duration::from_secs(1);

/// How old an answer of the database may be in service.
pub(in crate::web) const IN_SERVICE: Duration = Duration::from_millis(200);
