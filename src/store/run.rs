//! Reports of pulls: what was received and what became of it.

use sqlx::Row;

use super::bulk::{Kind, Target};
use super::observation::from_moment;
use super::{Store, StoreError};
use crate::epi::Vintage;
use crate::observation::Observation;

/// How a pull ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Something was new.
    Changed,
    /// Nothing was.
    Unchanged,
    /// It failed; the last good figures keep serving.
    Failed,
}

impl Outcome {
    /// The word in the store and on pages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
            Self::Failed => "failed",
        }
    }
}

/// One refused row of a pull.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunRejection {
    /// Line of the payload.
    pub line: u64,
    /// The column at fault.
    pub column: String,
    /// The reason's code.
    pub reason: String,
    /// The cell and what it was held against.
    pub detail: String,
}

/// One pull.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Its id: source and moment.
    pub id: String,
    /// The source.
    pub source: String,
    /// When it started.
    pub started_at: Vintage,
    /// When it ended.
    pub finished_at: Vintage,
    /// How.
    pub outcome: Outcome,
    /// Figures received.
    pub received: u64,
    /// New or changed.
    pub accepted: u64,
    /// Known already.
    pub unchanged: u64,
    /// Refused.
    pub rejected: u64,
    /// The archived payload's hash, if there was one.
    pub payload: String,
    /// What went wrong, in one sentence; empty if nothing.
    pub message: String,
}

const REJECTION: Target = Target {
    into: "rejection (run_id, place, line, field, reason, detail)",
    kinds: &[Kind::Text, Kind::Whole, Kind::Whole, Kind::Text, Kind::Text, Kind::Text],
    on_conflict: "on conflict do nothing",
};

impl Store {
    /// Saves a pull, what it refused and what it brought, all or nothing. A run that is there already (the
    /// program was stopped after saving it) is left as it is.
    ///
    /// # Errors
    /// [`StoreError`] when the database refuses; nothing is saved then.
    pub async fn save_run(
        &self,
        run: &Run,
        rejections: &[RunRejection],
        accepted: &[Observation],
    ) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        let inserted = sqlx::query(
            "insert into run (id, source, started_at, finished_at, outcome, received, accepted, unchanged, rejected, \
             payload, message) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict do nothing",
        )
        .bind(&run.id)
        .bind(&run.source)
        .bind(run.started_at.millis())
        .bind(run.finished_at.millis())
        .bind(run.outcome.as_str())
        .bind(whole(run.received))
        .bind(whole(run.accepted))
        .bind(whole(run.unchanged))
        .bind(whole(run.rejected))
        .bind(&run.payload)
        .bind(&run.message)
        .execute(&mut *transaction)
        .await?
        .rows_affected();
        if inserted == 1 {
            let rows: Vec<(&str, usize, u64, &str, &str, &str)> = rejections
                .iter()
                .enumerate()
                .map(|(place, r)| (run.id.as_str(), place, r.line, &*r.column, &*r.reason, &*r.detail))
                .collect();
            REJECTION.insert(&mut transaction, self.dialect, &rows).await?;
            self.add_observations(&mut transaction, accepted, &run.payload).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// The last pulls, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn runs(&self, most: u32) -> Result<Vec<Run>, StoreError> {
        let rows = sqlx::query("select * from run order by started_at desc, source limit $1")
            .bind(i64::from(most))
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(read).collect()
    }

    /// How many different figures were ever refused, by reason. A publisher that keeps printing a wrong figure has
    /// it refused at every pull; it counts once here.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn rejected_figures(&self) -> Result<Vec<(String, i64)>, StoreError> {
        let rows: Vec<(String, i64)> = sqlx::query_as(
            "select reason, count(*) from (select distinct u.source, r.field, r.reason, r.detail \
             from rejection r join run u on u.id = r.run_id) as figure group by reason order by reason",
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows)
    }

    /// What a pull refused.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn rejections(&self, run_id: &str) -> Result<Vec<RunRejection>, StoreError> {
        let rows =
            sqlx::query("select line, field, reason, detail from rejection where run_id = $1 order by place")
                .bind(run_id)
                .fetch_all(&self.pool)
                .await?;
        rows.iter()
            .map(|row| {
                Ok(RunRejection {
                    line: u64::try_from(row.try_get::<i64, _>("line")?).unwrap_or(0),
                    column: row.try_get("field")?,
                    reason: row.try_get("reason")?,
                    detail: row.try_get("detail")?,
                })
            })
            .collect()
    }
}

fn whole(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn read(row: &sqlx::any::AnyRow) -> Result<Run, StoreError> {
    let outcome: String = row.try_get("outcome")?;
    let count = |name: &str| row.try_get::<i64, _>(name).map(|count| u64::try_from(count).unwrap_or(0));
    Ok(Run {
        id: row.try_get("id")?,
        source: row.try_get("source")?,
        started_at: from_moment(row.try_get("started_at")?)?,
        finished_at: from_moment(row.try_get("finished_at")?)?,
        outcome: [Outcome::Changed, Outcome::Unchanged, Outcome::Failed]
            .into_iter()
            .find(|known| known.as_str() == outcome)
            .ok_or(StoreError::Corrupt { what: "an outcome", reason: outcome })?,
        received: count("received")?,
        accepted: count("accepted")?,
        unchanged: count("unchanged")?,
        rejected: count("rejected")?,
        payload: row.try_get("payload")?,
        message: row.try_get("message")?,
    })
}
