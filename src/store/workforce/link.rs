//! How a unit's cases belong together, as people say it. Rows are only ever added, each with its line in the audit log.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::unit::{moment, whole};
use crate::audit::Entry;
use crate::epi::Vintage;
use crate::store::observation::{from_day, to_day};
use crate::store::{Store, StoreError};
use crate::workforce::CaseLink;

impl Store {
    /// Adds what somebody says of a unit's cases; its number.
    ///
    /// # Errors
    /// [`StoreError`] when the database refuses; nothing is added then.
    pub async fn add_case_link(&self, link: &CaseLink, entry: &Entry) -> Result<i64, StoreError> {
        let mut transaction = self.begin().await?;
        // First, because it makes other writers wait: two entries never get one number.
        let head = self.add_entry(&mut transaction, entry).await?;
        let (id,): (i64,) = sqlx::query_as("select coalesce(max(id), 0) + 1 from case_link")
            .fetch_one(&mut *transaction)
            .await?;
        let days: Vec<String> = link.days.iter().map(|day| to_day(*day).to_string()).collect();
        sqlx::query(
            "insert into case_link (id, unit_id, days, says, generations, reason, at, by_name, role) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(id)
        .bind(&link.unit_id)
        .bind(days.join(" "))
        .bind(link.says.as_str())
        .bind(i64::from(link.generations))
        .bind(&link.reason)
        .bind(entry.at.millis())
        .bind(&entry.actor)
        .bind(&entry.role)
        .execute(&mut *transaction)
        .await?;
        self.commit(transaction, &head, entry.at).await?;
        Ok(id)
    }

    /// What was said of units' cases by a moment, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer or holds what it should not.
    pub async fn case_links(&self, as_of: Option<Vintage>) -> Result<Vec<CaseLink>, StoreError> {
        let rows = sqlx::query(
            "select id, unit_id, days, says, generations, reason, at, by_name from case_link where at <= $1 order by id",
        )
        .bind(as_of.map_or(i64::MAX, Vintage::millis))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(read).collect()
    }
}

fn read(row: &AnyRow) -> Result<CaseLink, StoreError> {
    let (days, says): (String, String) = (row.try_get("days")?, row.try_get("says")?);
    let day = |text: &str| -> Result<NaiveDate, StoreError> {
        let number = text.parse();
        from_day(number.map_err(|_| StoreError::Corrupt { what: "a day of cases", reason: text.to_owned() })?)
    };
    Ok(CaseLink {
        id: row.try_get("id")?,
        unit_id: row.try_get("unit_id")?,
        days: days.split(' ').map(day).collect::<Result<BTreeSet<_>, _>>()?,
        says: says
            .parse()
            .map_err(|_| StoreError::Corrupt { what: "what is said of cases", reason: says })?,
        generations: whole(row, "generations")?,
        reason: row.try_get("reason")?,
        by: row.try_get("by_name")?,
        at: moment(row, "at")?,
    })
}
