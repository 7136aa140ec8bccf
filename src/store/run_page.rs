//! Pulls by source and outcome, a page at a time, and one by its id.

use super::run::read;
use super::{Outcome, Run, Store, StoreError};

/// Which pulls.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunFilter {
    /// Of this source; of any if `None`.
    pub source: Option<String>,
    /// That ended so.
    pub outcome: Option<Outcome>,
    /// After the one of this id, in the order of the list.
    pub before: Option<String>,
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

impl Store {
    /// A page of pulls, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn run_page(&self, filter: &RunFilter) -> Result<RunPage, StoreError> {
        let rows = sqlx::query(
            "select * from run where ($1 = '' or source = $1) and ($2 = '' or outcome = $2) and ($3 = '' or \
             exists (select 1 from run at where at.id = $3 and \
             (run.started_at < at.started_at or (run.started_at = at.started_at and run.id < at.id)))) \
             order by started_at desc, id desc limit $4",
        )
        .bind(filter.source.as_deref().unwrap_or_default())
        .bind(filter.outcome.map_or("", Outcome::as_str))
        .bind(filter.before.as_deref().unwrap_or_default())
        .bind(i64::from(filter.limit) + 1)
        .fetch_all(&self.pool)
        .await?;
        let mut rows: Vec<Run> = rows.iter().map(read).collect::<Result<_, _>>()?;
        let most = usize::try_from(filter.limit).unwrap_or(usize::MAX);
        let has_older = rows.len() > most;
        rows.truncate(most);
        let next = rows.last().filter(|_| has_older).map(|run| run.id.clone());
        Ok(RunPage { rows, next })
    }
}
