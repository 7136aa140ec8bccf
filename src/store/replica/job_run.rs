//! Which scheduled jobs ran for which moment: the claim, the history, and where to catch up from.

use sqlx::{Any, AssertSqlSafe, Row, Transaction};

use super::lease::{Lease, who};
use crate::epi::Vintage;
use crate::store::observation::from_moment;
use crate::store::{Dialect, Store, StoreError};

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

/// What became of a try to have a job for the moment it was due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// This process has it: nobody had, or whoever had it was cut off and the lease is past.
    Ours(Lease),
    /// Another has it, and its lease goes on.
    Held,
    /// It is finished.
    Done,
}

/// A run that somebody began and nobody has any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CutOff {
    /// The job.
    pub job: String,
    /// The moment it was due.
    pub due_at: Vintage,
    /// Whether the job was begun for a later moment since.
    pub is_overtaken: bool,
}

impl Store {
    /// Tries to have a job for the moment it was due.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn claim_job(&self, job: &str, due_at: Vintage, now: Vintage) -> Result<Claim, StoreError> {
        let mut transaction = self.begin_unfenced().await?;
        let lease = |turn| Lease { job: job.to_owned(), due_at, turn };
        let text = format!(
            "insert into job_run (job, due_at, started_at, finished_at, outcome, holder, lease_until, turn) \
             values ($1, $2, $3, 0, '', $4, {} + $5, 1) on conflict do nothing",
            self.now()
        );
        let inserted = sqlx::query(AssertSqlSafe(text))
            .bind(job)
            .bind(due_at.millis())
            .bind(now.millis())
            .bind(who())
            .bind(self.lease_millis())
            .execute(&mut *transaction)
            .await?;
        if inserted.rows_affected() == 1 {
            transaction.commit().await?;
            return Ok(Claim::Ours(lease(1)));
        }
        let turn = match self.past_turn(&mut transaction, (job, due_at)).await? {
            Ok(turn) => turn + 1,
            Err(claim) => {
                // At once, or the next who asks finds the row locked.
                transaction.rollback().await?;
                return Ok(claim);
            }
        };
        let text = format!(
            "update job_run set started_at = $3, holder = $4, lease_until = {} + $5, turn = $6 \
             where job = $1 and due_at = $2",
            self.now()
        );
        sqlx::query(AssertSqlSafe(text))
            .bind(job)
            .bind(due_at.millis())
            .bind(now.millis())
            .bind(who())
            .bind(self.lease_millis())
            .bind(turn)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(Claim::Ours(lease(turn)))
    }

    /// The turn of a run whose lease is past, with its row locked against everybody, also against what its holder still writes;
    /// or why it cannot be had.
    async fn past_turn(
        &self,
        transaction: &mut Transaction<'_, Any>,
        (job, due_at): (&str, Vintage),
    ) -> Result<Result<i64, Claim>, StoreError> {
        // Who writes under it right now has it, whatever the clock says.
        let locked = match self.dialect {
            Dialect::Sqlite => "",
            Dialect::Postgres => " for update skip locked",
        };
        let text = format!(
            "select turn, finished_at, lease_until - {} from job_run where job = $1 and due_at = $2{locked}",
            self.now()
        );
        let row: Option<(i64, i64, i64)> = sqlx::query_as(AssertSqlSafe(text))
            .bind(job)
            .bind(due_at.millis())
            .fetch_optional(&mut **transaction)
            .await?;
        Ok(match row {
            Some((_, finished_at, _)) if finished_at > 0 => Err(Claim::Done),
            Some((turn, _, left)) if left <= 0 => Ok(turn),
            _ => Err(Claim::Held),
        })
    }

    /// Has a lease go on; false if it is another's by now.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn renew(&self, lease: &Lease) -> Result<bool, StoreError> {
        let text = format!(
            "update job_run set lease_until = {} + $4 where job = $1 and due_at = $2 and turn = $3 and finished_at = 0",
            self.now()
        );
        let renewed = sqlx::query(AssertSqlSafe(text))
            .bind(&lease.job)
            .bind(lease.due_at.millis())
            .bind(lease.turn)
            .bind(self.lease_millis())
            .execute(&self.pool)
            .await?;
        Ok(renewed.rows_affected() == 1)
    }

    /// Gives a job back unfinished, so that whoever is next takes it over at once.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn give_back(&self, lease: &Lease) -> Result<(), StoreError> {
        sqlx::query(
            "update job_run set lease_until = 0 where job = $1 and due_at = $2 and turn = $3 and finished_at = 0",
        )
        .bind(&lease.job)
        .bind(lease.due_at.millis())
        .bind(lease.turn)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Writes down how a job ended; false if it is another's by now, and nothing is written then.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn finish_job(&self, lease: &Lease, now: Vintage, outcome: &str) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "update job_run set finished_at = $4, outcome = $5, lease_until = 0 \
             where job = $1 and due_at = $2 and turn = $3 and finished_at = 0",
        )
        .bind(&lease.job)
        .bind(lease.due_at.millis())
        .bind(lease.turn)
        .bind(now.millis())
        .bind(outcome)
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Runs due up to a moment that were begun, not finished, and that nobody has any more, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn jobs_cut_off(&self, until: Vintage) -> Result<Vec<CutOff>, StoreError> {
        let text = format!(
            "select job, due_at, (select count(*) from job_run later where later.job = run.job \
             and later.due_at > run.due_at and later.due_at <= $1) as later \
             from job_run run where finished_at = 0 and due_at <= $1 and lease_until <= {} order by due_at, job",
            self.now()
        );
        let rows = sqlx::query(AssertSqlSafe(text)).bind(until.millis()).fetch_all(&self.pool).await?;
        let read = |row: &sqlx::any::AnyRow| {
            Ok(CutOff {
                job: row.try_get("job")?,
                due_at: from_moment(row.try_get("due_at")?)?,
                is_overtaken: row.try_get::<i64, _>("later")? > 0,
            })
        };
        rows.iter().map(read).collect()
    }

    /// Frees what a process that was killed had: for a store that only one process uses, such as the demonstration's.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn break_leases(&self) -> Result<(), StoreError> {
        sqlx::query("update job_run set lease_until = 0 where finished_at = 0").execute(&self.pool).await?;
        sqlx::query("update outbox set lease_until = 0 where state = 'pending'").execute(&self.pool).await?;
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
