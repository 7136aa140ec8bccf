//! Pulls by source and outcome, a page at a time, and one by its id.

use super::run::read;
use super::{Outcome, ReadStore, Run, StoreError};
use crate::epi::Vintage;

/// Which pulls.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunFilter {
    /// Of this source; of any if `None`.
    pub source: Option<String>,
    /// That ended so.
    pub outcome: Option<Outcome>,
    /// After the one of this id, in the order of the list.
    pub before: Option<String>,
    /// Started at this moment or before it.
    pub until: Option<Vintage>,
    /// Without so many of the newest of these.
    pub skip: u32,
    /// At most so many.
    pub limit: u32,
}

/// Pulls, newest first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RunPage {
    /// The pulls.
    pub rows: Vec<Run>,
    /// The last of them, if older ones follow.
    pub next: Option<String>,
}

impl ReadStore {
    /// A page of pulls, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn run_page(&self, filter: &RunFilter) -> Result<RunPage, StoreError> {
        let rows = sqlx::query(
            "select * from run where ($1 = '' or source = $1) and ($2 = '' or outcome = $2) and ($3 = '' or \
             exists (select 1 from run at where at.id = $3 and \
             (run.started_at < at.started_at or (run.started_at = at.started_at and run.id < at.id)))) \
             and ($5 = 0 or started_at <= $5) order by started_at desc, id desc limit $4 offset $6",
        )
        .bind(filter.source.as_deref().unwrap_or_default())
        .bind(filter.outcome.map_or("", Outcome::as_str))
        .bind(filter.before.as_deref().unwrap_or_default())
        .bind(i64::from(filter.limit) + 1)
        .bind(filter.until.map_or(0, Vintage::millis))
        .bind(i64::from(filter.skip))
        .fetch_all(&self.pool)
        .await?;
        let mut rows: Vec<Run> = rows.iter().map(read).collect::<Result<_, _>>()?;
        let most = usize::try_from(filter.limit).unwrap_or(usize::MAX);
        let has_older = rows.len() > most;
        rows.truncate(most);
        let next = rows.last().filter(|_| has_older).map(|run| run.id.clone());
        Ok(RunPage { rows, next })
    }

    /// How many pulls had started by a moment.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn run_count(&self, until: Vintage) -> Result<u64, StoreError> {
        let (count,): (i64,) = sqlx::query_as("select count(*) from run where started_at <= $1")
            .bind(until.millis())
            .fetch_one(&self.pool)
            .await?;
        Ok(u64::try_from(count).unwrap_or(0))
    }
}
