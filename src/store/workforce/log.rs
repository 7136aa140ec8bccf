//! What units note down. Rows are only ever added, each by a person.

use sqlx::Row;

use super::unit::{moment, some_day};
use crate::audit::Entry;
use crate::epi::Window;
use crate::store::observation::{from_day, to_day};
use crate::store::{Store, StoreError};
use crate::workforce::{LogEntry, LogKind};

impl Store {
    /// Adds an entry; its number.
    ///
    /// # Errors
    /// [`StoreError`] when the database refuses; nothing is added then.
    pub async fn add_log_entry(&self, log: &LogEntry, entry: &Entry) -> Result<i64, StoreError> {
        let mut transaction = self.begin().await?;
        // First, because it makes other writers wait: two entries never get one number.
        let head = self.add_entry(&mut transaction, entry).await?;
        let (id,): (i64,) = sqlx::query_as("select coalesce(max(id), 0) + 1 from unit_log")
            .fetch_one(&mut *transaction)
            .await?;
        sqlx::query(
            "insert into unit_log (id, at, by_name, role, kind, unit_id, from_day, to_day, subject, detail, number) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        )
        .bind(id)
        .bind(entry.at.millis())
        .bind(&log.by)
        .bind(&log.role)
        .bind(log.kind.as_str())
        .bind(&log.unit_id)
        .bind(to_day(log.from))
        .bind(log.to.map_or(0, to_day))
        .bind(&log.subject)
        .bind(&log.text)
        .bind(log.number.map_or(-1, i64::from))
        .execute(&mut *transaction)
        .await?;
        self.commit(transaction, &head, entry.at).await?;
        Ok(id)
    }

    /// Entries about some days, of a unit and a kind or of all, newest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer or holds what it should not.
    pub async fn log_entries(
        &self,
        days: Window,
        (unit, kind): (Option<&str>, Option<LogKind>),
    ) -> Result<Vec<LogEntry>, StoreError> {
        let rows = sqlx::query(
            "select id, at, by_name, role, kind, unit_id, from_day, to_day, subject, detail, number from unit_log \
             where from_day <= $2 and (to_day = 0 or to_day >= $1) and ($3 = '' or unit_id = $3) \
             and ($4 = '' or kind = $4) order by id desc",
        )
        .bind(to_day(days.from))
        .bind(to_day(days.to))
        .bind(unit.unwrap_or_default())
        .bind(kind.map_or("", LogKind::as_str))
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                let (kind, number): (String, i64) = (row.try_get("kind")?, row.try_get("number")?);
                Ok(LogEntry {
                    id: row.try_get("id")?,
                    at: moment(row, "at")?,
                    by: row.try_get("by_name")?,
                    role: row.try_get("role")?,
                    kind: kind
                        .parse()
                        .map_err(|_| StoreError::Corrupt { what: "a kind of entry", reason: kind })?,
                    unit_id: row.try_get("unit_id")?,
                    from: from_day(row.try_get("from_day")?)?,
                    to: some_day(row, "to_day")?,
                    subject: row.try_get("subject")?,
                    text: row.try_get("detail")?,
                    number: u32::try_from(number).ok(),
                })
            })
            .collect()
    }
}
