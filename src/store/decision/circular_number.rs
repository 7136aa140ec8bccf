//! The numbers that offices gave to circulars. Rows are only ever added, each with its line in the audit log.

use sqlx::Row;
use sqlx::any::AnyRow;

use crate::audit::Entry;
use crate::decision::CircularNumber;
use crate::epi::{LocationId, Vintage};
use crate::store::observation::{from_day, from_moment, to_day};
use crate::store::{ReadStore, Store, StoreError};

impl Store {
    /// Adds a number with its line in the audit log: both or neither. `known` is the last entry that it was held against.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when somebody recorded one meanwhile; nothing is added then.
    pub async fn add_circular_number(
        &self,
        location: &LocationId,
        (number, known): (&CircularNumber, i64),
        entry: &Entry,
    ) -> Result<i64, StoreError> {
        let mut transaction = self.begin().await?;
        // First, because it makes other writers wait: two entries never get one number.
        let head = self.add_entry(&mut transaction, entry).await?;
        let (all, own): (i64, i64) = sqlx::query_as(
            "select coalesce(max(id), 0), coalesce(max(case when location = $1 then id end), 0) from circular_number",
        )
        .bind(location.as_str())
        .fetch_one(&mut *transaction)
        .await?;
        if own != known {
            return Err(StoreError::Conflict { what: "the numbers of circulars".to_owned() });
        }
        let id = all + 1;
        sqlx::query(
            "insert into circular_number (id, location, decision, number, dated, reason, at, by_name, role) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(id)
        .bind(location.as_str())
        .bind(i64::from(number.decision))
        .bind(&number.number)
        .bind(to_day(number.dated))
        .bind(&number.reason)
        .bind(entry.at.millis())
        .bind(&entry.actor)
        .bind(&entry.role)
        .execute(&mut *transaction)
        .await?;
        self.commit(transaction, &head, entry.at).await?;
        Ok(id)
    }
}

impl ReadStore {
    /// The numbers of a place's circulars that were recorded by a moment, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer or holds what it should not.
    pub async fn circular_numbers(
        &self,
        location: &LocationId,
        as_of: Option<Vintage>,
    ) -> Result<Vec<CircularNumber>, StoreError> {
        let rows = sqlx::query(
            "select id, decision, number, dated, reason, at, by_name from circular_number \
             where location = $1 and at <= $2 order by id",
        )
        .bind(location.as_str())
        .bind(as_of.map_or(i64::MAX, Vintage::millis))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(read).collect()
    }
}

fn read(row: &AnyRow) -> Result<CircularNumber, StoreError> {
    let decision: i64 = row.try_get("decision")?;
    Ok(CircularNumber {
        id: row.try_get("id")?,
        decision: u32::try_from(decision).map_err(|_| StoreError::Corrupt {
            what: "the number of a decision",
            reason: decision.to_string(),
        })?,
        number: row.try_get("number")?,
        dated: from_day(row.try_get("dated")?)?,
        reason: row.try_get("reason")?,
        by: row.try_get("by_name")?,
        at: from_moment(row.try_get("at")?)?,
    })
}
