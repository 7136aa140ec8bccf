//! What people said of doubtful figures. Rows are only ever added.

use sqlx::Row;

use super::observation::{from_day, from_moment, to_day};
use super::{ReadStore, Store, StoreError};
use crate::audit::Entry;
use crate::epi::{LocationId, Vintage};
use crate::observation::{Judgement, SeriesKey};

impl Store {
    /// Adds a judgement and the entry of the audit log that tells of it, both or none. The judgement gets the next number,
    /// whatever `id` it has.
    ///
    /// # Errors
    /// [`StoreError`] when the database refuses; nothing is added then.
    pub async fn add_judgement(&self, judgement: &Judgement, entry: &Entry) -> Result<i64, StoreError> {
        let mut transaction = self.begin().await?;
        // First, because it makes other writers wait: two judgements never get one number.
        let head = self.add_entry(&mut transaction, entry).await?;
        let (id,): (i64,) = sqlx::query_as("select coalesce(max(id), 0) + 1 from judgement")
            .fetch_one(&mut *transaction)
            .await?;
        sqlx::query(
            "insert into judgement (id, at, by_name, role, location, unit_id, measure, source, date, days, verdict, \
             spread_from, public_note, internal_note) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        )
        .bind(id)
        .bind(judgement.at.millis())
        .bind(&judgement.by)
        .bind(&judgement.role)
        .bind(judgement.series.location.as_str())
        .bind(judgement.series.unit_id.as_deref().unwrap_or_default())
        .bind(judgement.series.measure.name())
        .bind(&judgement.series.source)
        .bind(to_day(judgement.date))
        .bind(i64::from(judgement.days))
        .bind(judgement.verdict.as_str())
        .bind(judgement.spread_from.map_or(0, to_day))
        .bind(&judgement.public_note)
        .bind(&judgement.internal_note)
        .execute(&mut *transaction)
        .await?;
        self.commit(transaction, &head, entry.at).await?;
        Ok(id)
    }
}

impl ReadStore {
    /// What was judged of a place (of every place if `None`) by a moment, in the order in which it was.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer or holds what it should not.
    pub async fn judgements(
        &self,
        location: Option<&LocationId>,
        as_of: Option<Vintage>,
    ) -> Result<Vec<Judgement>, StoreError> {
        let rows = sqlx::query(
            "select id, at, by_name, role, location, unit_id, measure, source, date, days, verdict, spread_from, \
             public_note, internal_note from judgement where ($1 = '' or location = $1) and at <= $2 order by at, id",
        )
        .bind(location.map_or("", LocationId::as_str))
        .bind(as_of.map_or(i64::MAX, Vintage::millis))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(read).collect()
    }
}

fn read(row: &sqlx::any::AnyRow) -> Result<Judgement, StoreError> {
    let corrupt = |what: &'static str, reason: String| StoreError::Corrupt { what, reason };
    let (unit, measure): (String, String) = (row.try_get("unit_id")?, row.try_get("measure")?);
    let (verdict, days): (String, i64) = (row.try_get("verdict")?, row.try_get("days")?);
    let spread_from: i64 = row.try_get("spread_from")?;
    Ok(Judgement {
        id: row.try_get("id")?,
        at: from_moment(row.try_get("at")?)?,
        by: row.try_get("by_name")?,
        role: row.try_get("role")?,
        series: SeriesKey {
            location: LocationId::new(&row.try_get::<String, _>("location")?),
            unit_id: Some(unit).filter(|unit| !unit.is_empty()),
            measure: measure.parse().map_err(|_| corrupt("a measure", measure))?,
            source: row.try_get("source")?,
        },
        date: from_day(row.try_get("date")?)?,
        days: u32::try_from(days).map_err(|_| corrupt("a number of days", days.to_string()))?,
        verdict: verdict.parse().map_err(|_| corrupt("a judgement", verdict))?,
        spread_from: (spread_from != 0).then(|| from_day(spread_from)).transpose()?,
        public_note: row.try_get("public_note")?,
        internal_note: row.try_get("internal_note")?,
    })
}
