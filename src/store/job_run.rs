//! Which scheduled jobs ran for which moment: the claim, the history, and where to catch up from.

use sqlx::Row;

use super::observation::from_moment;
use super::{Store, StoreError};
use crate::epi::Vintage;

/// One run of a scheduled job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRun {
    /// The job.
    pub job: String,
    /// The moment it was due.
    pub due_at: Vintage,
    /// How it ended; empty while it runs (or after it was cut off).
    pub outcome: String,
}

impl Store {
    /// Claims a job for the moment it was due. True if this process may run it: nobody has, or whoever did was
    /// cut off before the end and `takes_over` says so.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn claim(
        &self,
        job: &str,
        due_at: Vintage,
        now: Vintage,
        takes_over: bool,
    ) -> Result<bool, StoreError> {
        let inserted = sqlx::query(
            "insert into job_run (job, due_at, started_at, finished_at, outcome) values ($1, $2, $3, 0, '') \
             on conflict do nothing",
        )
        .bind(job)
        .bind(due_at.millis())
        .bind(now.millis())
        .execute(&self.pool)
        .await?
        .rows_affected();
        if inserted == 1 || !takes_over {
            return Ok(inserted == 1);
        }
        let taken = sqlx::query(
            "update job_run set started_at = $3 where job = $1 and due_at = $2 and finished_at = 0",
        )
        .bind(job)
        .bind(due_at.millis())
        .bind(now.millis())
        .execute(&self.pool)
        .await?
        .rows_affected();
        Ok(taken == 1)
    }

    /// Writes down how a claimed job ended.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn finish(
        &self,
        job: &str,
        due_at: Vintage,
        now: Vintage,
        outcome: &str,
    ) -> Result<(), StoreError> {
        sqlx::query("update job_run set finished_at = $3, outcome = $4 where job = $1 and due_at = $2")
            .bind(job)
            .bind(due_at.millis())
            .bind(now.millis())
            .bind(outcome)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// The latest finished run of any job: everything due up to then was seen to.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn last_finished(&self) -> Result<Option<JobRun>, StoreError> {
        let row = sqlx::query(
            "select job, due_at, outcome from job_run where finished_at > 0 order by due_at desc, job desc limit 1",
        )
        .fetch_optional(&self.pool)
        .await?;
        row.map(|row| {
            Ok(JobRun {
                job: row.try_get("job")?,
                due_at: from_moment(row.try_get("due_at")?)?,
                outcome: row.try_get("outcome")?,
            })
        })
        .transpose()
    }
}
