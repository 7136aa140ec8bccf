//! Which version of the data is the newest, without asking the database for each request.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Mutex;

use crate::web::AppState;

/// When the database was asked last, and what it said.
#[derive(Debug, Clone, Default)]
pub(in crate::web) struct Newest(Arc<Mutex<Option<(Instant, i64)>>>);

impl Newest {
    /// The newest version: what this process has announced counts at once, what others have written after `limits.newest` at the latest.
    ///
    /// # Errors
    /// When the store does not answer.
    pub(super) async fn version(&self, state: &AppState) -> anyhow::Result<i64> {
        let announced = *state.journey.changed.borrow();
        let mut asked = self.0.lock().await;
        let is_fresh = |at: Instant| at.elapsed() < state.settings.limits.newest;
        match *asked {
            Some((at, version)) if is_fresh(at) && version >= announced => Ok(version),
            _ => {
                let version = state.journey.store.data_version().await?;
                *asked = Some((Instant::now(), version));
                Ok(version)
            }
        }
    }
}

/// How old an answer of the database may be in service.
pub(in crate::web) const IN_SERVICE: Duration = Duration::from_millis(200);
