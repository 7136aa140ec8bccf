//! Deleting what is older than it may be kept. What was recommended, decided and reported stays for ever.

use chrono::NaiveDate;
use serde_json::{Map, Value};
use sqlx::{Any, AssertSqlSafe, Row, Transaction};

use super::chain::AUDIT;
use super::observation::{from_moment, to_day};
use super::{Store, StoreError};
use crate::audit::{Action, Entry, Head};
use crate::epi::Vintage;

/// A table that is swept, and the rows that go: those from before `$1`, in milliseconds after 1970.
struct Sweep {
    table: &'static str,
    condition: &'static str,
}

/// What is kept for the period of logs and no longer, in the order in which foreign keys let it go. A new table of things
/// that pass goes here.
const LOGS: [Sweep; 6] = [
    Sweep { table: "rejection", condition: "run_id in (select id from run where started_at < $1)" },
    Sweep { table: "run", condition: "started_at < $1" },
    // A message that is still to be delivered stays, however old.
    Sweep { table: "outbox", condition: "state <> 'pending' and next_attempt_at < $1 and sent_at < $1" },
    Sweep { table: "alert_receipt", condition: "at < $1" },
    Sweep { table: "alert_evaluation", condition: "as_of < $1" },
    Sweep { table: "job_run", condition: "due_at < $1" },
];

/// Rows that retention deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deletion {
    /// When.
    pub at: Vintage,
    /// From which table.
    pub what: String,
    /// Those from before then.
    pub before: Vintage,
    /// How many.
    pub rows: u64,
}

impl Store {
    /// Deletes logs from before a moment: runs with what they refused, messages that are done with, runs of jobs, and
    /// the front of the audit log. Tells of it in `deletion` and in the audit log, all or nothing. Returns what was
    /// deleted; nothing is told of nothing.
    ///
    /// # Errors
    /// [`StoreError`] when the database refuses; nothing is deleted then.
    pub async fn delete_logs(&self, before: Vintage, now: Vintage) -> Result<Vec<Deletion>, StoreError> {
        let mut transaction = self.begin().await?;
        let mut done = Vec::new();
        // The audit log first: its head is locked, so that a second process waits here.
        let cut = self.cut_audit(&mut transaction, before).await?;
        done.push((AUDIT.name, cut));
        for sweep in LOGS {
            let statement = format!("delete from {} where {}", sweep.table, sweep.condition);
            let query = sqlx::query(AssertSqlSafe(statement)).bind(before.millis());
            done.push((sweep.table, query.execute(&mut *transaction).await?.rows_affected()));
        }
        self.tell_deleted(transaction, done, (before, now), "logs").await
    }

    /// Deletes attendance and daily reports of days before one, like [`Store::delete_logs`].
    ///
    /// # Errors
    /// As there.
    pub async fn delete_attendance(
        &self,
        (first_kept, before): (NaiveDate, Vintage),
        now: Vintage,
    ) -> Result<Vec<Deletion>, StoreError> {
        let mut transaction = self.begin().await?;
        let mut done = Vec::new();
        for table in ["attendance", "daily_report"] {
            let statement = format!("delete from {table} where date < $1");
            let query = sqlx::query(AssertSqlSafe(statement)).bind(to_day(first_kept));
            done.push((table, query.execute(&mut *transaction).await?.rows_affected()));
        }
        self.tell_deleted(transaction, done, (before, now), "attendance").await
    }

    /// Tells what was deleted in `deletion` and in the audit log, and ends the transaction; nothing is told of nothing.
    async fn tell_deleted(
        &self,
        mut transaction: Transaction<'static, Any>,
        mut done: Vec<(&'static str, u64)>,
        (before, now): (Vintage, Vintage),
        object: &str,
    ) -> Result<Vec<Deletion>, StoreError> {
        done.retain(|(_, rows)| *rows > 0);
        if done.is_empty() {
            return Ok(Vec::new());
        }
        let mut detail = Map::new();
        detail.insert("before".to_owned(), Value::from(before.to_string()));
        for (what, rows) in &done {
            detail.insert((*what).to_owned(), Value::from(*rows));
            sqlx::query("insert into deletion (at, what, before, rows) values ($1, $2, $3, $4)")
                .bind(now.millis())
                .bind(*what)
                .bind(before.millis())
                .bind(i64::try_from(*rows).unwrap_or(i64::MAX))
                .execute(&mut *transaction)
                .await?;
        }
        let entry =
            Entry::system(now, Action::RetentionRan, object).detail(Value::Object(detail).to_string());
        let head = self.add_entry(&mut transaction, &entry).await?;
        self.commit(transaction, &head, now).await?;
        let told = |(what, rows): (&str, u64)| Deletion { at: now, what: what.to_owned(), before, rows };
        Ok(done.into_iter().map(told).collect())
    }

    /// Cuts the audit log from the front, up to its first row that is to be kept, and moves the chain's beginning there.
    async fn cut_audit(
        &self,
        transaction: &mut Transaction<'_, Any>,
        before: Vintage,
    ) -> Result<u64, StoreError> {
        let head = self.lock_head(transaction, &AUDIT).await?;
        let (kept,): (Option<i64>,) = sqlx::query_as("select min(seq) from audit where at >= $1")
            .bind(before.millis())
            .fetch_one(&mut **transaction)
            .await?;
        let last = kept.map_or(head.seq, |seq| seq - 1);
        let hash: Option<(String,)> = sqlx::query_as("select hash from audit where seq = $1")
            .bind(last)
            .fetch_optional(&mut **transaction)
            .await?;
        let Some((base_hash,)) = hash.filter(|_| last > head.base_seq) else {
            return Ok(0);
        };
        // A row that is missing shows for as long as its neighbours are kept; it must not go unseen with them.
        let (found,): (i64,) = sqlx::query_as("select count(*) from audit where seq > $1 and seq <= $2")
            .bind(head.base_seq)
            .bind(last)
            .fetch_one(&mut **transaction)
            .await?;
        if found != last - head.base_seq {
            let reason = format!("rows are missing before sequence number {last}: `siaga audit verify`");
            return Err(StoreError::Corrupt { what: "the audit log", reason });
        }
        let deleted =
            sqlx::query("delete from audit where seq <= $1").bind(last).execute(&mut **transaction).await?;
        let next = Head { base_seq: last, base_hash, ..head.clone() };
        self.save_head(transaction, &head, next).await?;
        Ok(deleted.rows_affected())
    }

    /// What retention deleted, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn deletions(&self) -> Result<Vec<Deletion>, StoreError> {
        let rows = sqlx::query("select at, what, before, rows from deletion order by at desc, what")
            .fetch_all(&self.pool)
            .await?;
        rows.iter()
            .map(|row| {
                Ok(Deletion {
                    at: from_moment(row.try_get("at")?)?,
                    what: row.try_get("what")?,
                    before: from_moment(row.try_get("before")?)?,
                    rows: u64::try_from(row.try_get::<i64, _>("rows")?).unwrap_or(0),
                })
            })
            .collect()
    }
}
