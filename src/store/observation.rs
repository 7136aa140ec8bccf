//! Figures by vintage: append, read as of, history of a batch's series.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use futures_util::TryStreamExt;
use sha2::{Digest, Sha256};
use sqlx::{Any, Row, Transaction};

use super::bulk::{Kind, Target};
use super::{Store, StoreError};
use crate::epi::{LocationId, Status, Vintage};
use crate::observation::{History, KnownFigure, Observation, SeriesKey};

const SERIES: Target = Target {
    into: "series (id, location, unit_id, measure, source)",
    kinds: &[Kind::Whole, Kind::Text, Kind::Text, Kind::Text, Kind::Text],
    on_conflict: "on conflict do nothing",
};

const REMARK: Target = Target {
    into: "remark (id, note, address)",
    kinds: &[Kind::Whole, Kind::Text, Kind::Text],
    on_conflict: "on conflict do nothing",
};

const OBSERVATION: Target = Target {
    into: "observation (series_id, date, days, as_of, value, status, remark_id, payload_id)",
    kinds: &[
        Kind::Whole,
        Kind::Whole,
        Kind::Whole,
        Kind::Whole,
        Kind::Real,
        Kind::Whole,
        Kind::Whole,
        Kind::Whole,
    ],
    on_conflict: "on conflict do nothing",
};

const DAY_ZERO: NaiveDate = NaiveDate::from_ymd_opt(1970, 1, 1).expect("1 January 1970 is a date");

/// A day as the store keeps it.
pub(super) fn to_day(date: NaiveDate) -> i64 {
    (date - DAY_ZERO).num_days()
}

/// A day read back.
pub(super) fn from_day(day: i64) -> Result<NaiveDate, StoreError> {
    chrono::Duration::try_days(day)
        .and_then(|days| DAY_ZERO.checked_add_signed(days))
        .ok_or_else(|| StoreError::Corrupt { what: "a date", reason: day.to_string() })
}

/// A moment read back.
pub(super) fn from_moment(millis: i64) -> Result<Vintage, StoreError> {
    Vintage::from_millis(millis)
        .ok_or_else(|| StoreError::Corrupt { what: "a moment", reason: millis.to_string() })
}

/// An id made of what it stands for, so that two writers agree on it: the first 63 bits of the SHA-256 of the parts.
pub(super) fn id_of(parts: &[&str]) -> i64 {
    let digest = Sha256::digest(parts.join("\u{1f}").as_bytes());
    let first = digest.iter().take(8).fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
    i64::try_from(first >> 1).unwrap_or(i64::MAX)
}

fn series_id(key: &SeriesKey) -> i64 {
    let unit = key.unit_id.as_deref().unwrap_or_default();
    id_of(&[key.location.as_str(), unit, key.measure.name(), &key.source])
}

/// How a status is kept.
fn to_code(status: Status) -> i64 {
    match status {
        Status::Printed => 0,
        Status::Derived => 1,
        Status::Reconstructed => 2,
    }
}

fn from_code(code: i64) -> Option<Status> {
    [Status::Printed, Status::Derived, Status::Reconstructed].into_iter().find(|s| to_code(*s) == code)
}

/// Which figures to read.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only this location.
    pub location: Option<LocationId>,
    /// Only what was known by then.
    pub as_of: Option<Vintage>,
}

/// Series, date, days, as of, value, status, remark, payload.
type Saved = (i64, i64, i64, i64, Option<f64>, i64, i64, i64);

impl Store {
    /// Adds figures inside a transaction; `payload_id` is where they came from, 0 if that is not archived.
    pub(super) async fn add_observations(
        &self,
        transaction: &mut Transaction<'_, Any>,
        observations: &[Observation],
        payload_id: i64,
    ) -> Result<(), StoreError> {
        let mut ids: HashMap<SeriesKey, i64> = HashMap::new();
        let mut remarks: HashMap<(&str, &str), i64> = HashMap::new();
        let mut rows: Vec<Saved> = Vec::with_capacity(observations.len());
        for o in observations {
            let id = *ids.entry(SeriesKey::of(o)).or_insert_with_key(series_id);
            let remark = match (&*o.note, &*o.address) {
                ("", "") => 0,
                told => *remarks.entry(told).or_insert_with(|| id_of(&[told.0, told.1])),
            };
            let (date, days) = (to_day(o.date), i64::from(o.days));
            rows.push((id, date, days, o.as_of.millis(), o.value, to_code(o.status), remark, payload_id));
        }
        let series: Vec<(i64, &str, &str, &str, &str)> = ids
            .iter()
            .map(|(key, id)| {
                let unit = key.unit_id.as_deref().unwrap_or_default();
                (*id, key.location.as_str(), unit, key.measure.name(), key.source.as_str())
            })
            .collect();
        let remarks: Vec<(i64, &str, &str)> =
            remarks.into_iter().map(|((note, address), id)| (id, note, address)).collect();
        SERIES.insert(transaction, self.dialect, &series).await?;
        REMARK.insert(transaction, self.dialect, &remarks).await?;
        OBSERVATION.insert(transaction, self.dialect, &rows).await?;
        Ok(())
    }

    /// Every vintage of every figure the filter lets through, in the order of series, date and knowledge.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer or holds what it should not.
    pub async fn observations(&self, filter: &Filter) -> Result<Vec<Observation>, StoreError> {
        let location = filter.location.as_ref().map_or("", |id| id.as_str());
        let as_of = filter.as_of.map_or(i64::MAX, Vintage::millis);
        let mut rows = sqlx::query(
            "select s.location, s.unit_id, s.measure, s.source, \
                    o.date, o.days, o.as_of, o.value, o.status, \
                    coalesce(r.note, '') as note, coalesce(r.address, '') as address \
             from observation o join series s on s.id = o.series_id left join remark r on r.id = o.remark_id \
             where ($1 = '' or s.location = $1) and o.as_of <= $2 \
             order by s.location, s.unit_id, s.measure, s.source, o.date, o.days, o.as_of",
        )
        .bind(location)
        .bind(as_of)
        .fetch(&self.pool);
        let mut observations = Vec::new();
        while let Some(row) = rows.try_next().await? {
            observations.push(read(&row)?);
        }
        Ok(observations)
    }

    /// The first and the last day a location has a figure for.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn known_days(
        &self,
        location: &LocationId,
    ) -> Result<Option<(NaiveDate, NaiveDate)>, StoreError> {
        let row: (Option<i64>, Option<i64>) = sqlx::query_as(
            "select min(o.date - o.days + 1), max(o.date) from observation o join series s on s.id = o.series_id \
             where s.location = $1",
        )
        .bind(location.as_str())
        .fetch_one(&self.pool)
        .await?;
        match row {
            (Some(first), Some(last)) => Ok(Some((from_day(first)?, from_day(last)?))),
            _ => Ok(None),
        }
    }

    /// Everything known of the series of a batch.
    ///
    /// # Errors
    /// As [`Store::observations`].
    pub async fn history(&self, batch: &BTreeSet<SeriesKey>) -> Result<History, StoreError> {
        let mut history = History::default();
        for key in batch {
            let mut rows =
                sqlx::query("select date, days, as_of, value from observation where series_id = $1")
                    .bind(series_id(key))
                    .fetch(&self.pool);
            while let Some(row) = rows.try_next().await? {
                let days: i64 = row.try_get("days")?;
                let figure = KnownFigure {
                    as_of: from_moment(row.try_get("as_of")?)?,
                    value: row.try_get("value")?,
                    is_new: false,
                };
                let date = from_day(row.try_get("date")?)?;
                history.insert(key.clone(), date, u32::try_from(days).unwrap_or(1), figure);
            }
        }
        Ok(history)
    }

    /// A number that rises when figures or assessments are added: pages are rebuilt when it does. What retention
    /// deletes goes on counting, so that it never falls back to a number that was told before.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn data_version(&self) -> Result<i64, StoreError> {
        let row: (i64, i64, i64, i64, i64, i64) = sqlx::query_as(
            "select (select count(*) from run), (select count(*) from recommendation), \
                    (select count(*) from outbox where state = 'sent'), (select count(*) from observation), \
                    (select cast(coalesce(sum(rows), 0) as bigint) from deletion), (select count(*) from judgement)",
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(row.0 + row.1 + row.2 + row.3 + row.4 + row.5)
    }
}

fn read(row: &sqlx::any::AnyRow) -> Result<Observation, StoreError> {
    let corrupt = |what: &'static str, reason: String| StoreError::Corrupt { what, reason };
    let (unit, measure): (String, String) = (row.try_get("unit_id")?, row.try_get("measure")?);
    let (status, days): (i64, i64) = (row.try_get("status")?, row.try_get("days")?);
    Ok(Observation {
        location: LocationId::new(&row.try_get::<String, _>("location")?),
        unit_id: Some(unit).filter(|unit| !unit.is_empty()),
        measure: measure.parse().map_err(|_| corrupt("a measure", measure))?,
        source: row.try_get("source")?,
        date: from_day(row.try_get("date")?)?,
        days: u32::try_from(days).map_err(|_| corrupt("a number of days", days.to_string()))?,
        value: row.try_get("value")?,
        status: from_code(status).ok_or_else(|| corrupt("a status", status.to_string()))?,
        as_of: from_moment(row.try_get("as_of")?)?,
        note: row.try_get("note")?,
        address: row.try_get("address")?,
    })
}
