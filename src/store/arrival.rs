//! What came of a source, and when: to tell whether it is late, stalled or failing.

use std::collections::BTreeMap;

use super::observation::{from_day, from_moment};
use super::{ReadStore, Store, StoreError};
use crate::epi::Vintage;
use crate::observation::{Measure, Nature};

impl Store {
    /// By which spec the source's last payload that could be read was read, and whether it is kept.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn last_read(&self, source: &str) -> Result<Option<(String, bool)>, StoreError> {
        let row: Option<(String, i64)> = sqlx::query_as(
            "select r.spec, (select count(*) from payload p where p.source = r.source and p.sha256 = r.payload) \
             from run r where r.source = $1 and r.payload <> '' and r.outcome <> 'failed' \
             order by r.started_at desc, r.id desc limit 1",
        )
        .bind(source)
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(|(spec, kept)| (spec, kept > 0)))
    }
}

impl ReadStore {
    /// When each source last had something new, as far as that was known at a moment.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn changes_by(&self, as_of: Vintage) -> Result<BTreeMap<String, Vintage>, StoreError> {
        let rows: Vec<(String, i64)> = sqlx::query_as(
            "select source, max(finished_at) from run where outcome = 'changed' and finished_at <= $1 group by source",
        )
        .bind(as_of.millis())
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(|(source, at)| Ok((source, from_moment(at)?))).collect()
    }

    /// The first of the failed pulls since the last good one, as known at a moment; none if the last one was good.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn failing_since(&self, source: &str, as_of: Vintage) -> Result<Option<Vintage>, StoreError> {
        let (at,): (Option<i64>,) = sqlx::query_as(
            "select min(started_at) from run where source = $1 and outcome = 'failed' and started_at <= $2 \
             and started_at > (select coalesce(max(started_at), 0) from run where source = $1 \
             and outcome <> 'failed' and started_at <= $2)",
        )
        .bind(source)
        .bind(as_of.millis())
        .fetch_one(&self.pool)
        .await?;
        at.map(from_moment).transpose()
    }

    /// The last day the source has a figure of, and since which day none of its running totals has risen.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn tail(
        &self,
        source: &str,
        as_of: Vintage,
    ) -> Result<(Option<chrono::NaiveDate>, Option<chrono::NaiveDate>), StoreError> {
        let totals: Vec<String> = Measure::reported()
            .filter(|measure| measure.nature() == Nature::Total)
            .map(|measure| format!("'{}'", measure.name()))
            .collect();
        let of_source = "from observation o join series s on s.id = o.series_id \
                         where s.source = $1 and o.as_of <= $2";
        let newest = format!("select max(o.date) {of_source}");
        let flat = format!(
            "with last as (select o.series_id as id, max(o.date) as date {of_source} and s.measure in ({}) \
             group by o.series_id), \
             highest as (select l.id as id, max(o.value) as value from last l join observation o \
             on o.series_id = l.id and o.date = l.date and o.as_of <= $2 group by l.id), \
             flat as (select h.id as id, min(o.date) as date from highest h join observation o \
             on o.series_id = h.id and o.value >= h.value and o.as_of <= $2 group by h.id) \
             select max(date) from flat",
            totals.join(", ")
        );
        let mut days = [None, None];
        for (day, text) in days.iter_mut().zip([newest, flat]) {
            // The text is made of names of measures and nothing else.
            let (found,): (Option<i64>,) = sqlx::query_as(sqlx::AssertSqlSafe(text))
                .bind(source)
                .bind(as_of.millis())
                .fetch_one(&self.pool)
                .await?;
            *day = found.map(from_day).transpose()?;
        }
        Ok((days[0], days[1]))
    }
}
