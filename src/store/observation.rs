//! Figures by vintage: append, read as of, history of a batch's series.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use futures_util::TryStreamExt;
use sha2::{Digest, Sha256};
use sqlx::{Acquire, Any, AssertSqlSafe, Row, Transaction};

use super::bulk::{Cell, Kind, ROWS, Target};
use super::{Dialect, Store, StoreError};
use crate::epi::{LocationId, Status, Vintage};
use crate::observation::{History, KnownFigure, Measure, Observation, SeriesKey};

const SERIES: Target<'_> = Target {
    into: "series (id, location, unit_id, measure, source)",
    kinds: &[Kind::Whole, Kind::Text, Kind::Text, Kind::Text, Kind::Text],
    on_conflict: "on conflict do nothing",
};

const REMARK: Target<'_> = Target {
    into: "remark (id, note, address)",
    kinds: &[Kind::Whole, Kind::Text, Kind::Text],
    on_conflict: "on conflict do nothing",
};

const OBSERVATION: Target<'_> = Target {
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
    on_conflict: "",
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

/// Location, unit (empty for none), measure, source.
type Series<'a> = (&'a str, &'a str, Measure, &'a str);

fn series_of(o: &Observation) -> Series<'_> {
    (o.location.as_str(), o.unit_id.as_deref().unwrap_or_default(), o.measure, &o.source)
}

fn series_id((location, unit, measure, source): &Series<'_>) -> i64 {
    id_of(&[location, unit, measure.name(), source])
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

fn id_of_key(key: &SeriesKey) -> i64 {
    let unit = key.unit_id.as_deref().unwrap_or_default();
    series_id(&(key.location.as_str(), unit, key.measure, &key.source))
}

/// So many series are asked for in one statement.
const SERIES_AT_ONCE: usize = 500;

/// Which figures to read.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only this location.
    pub location: Option<LocationId>,
    /// Only what was known by then.
    pub as_of: Option<Vintage>,
}

/// One figure to be saved. In the order of series and day the database fills its pages one after the other; in a
/// publisher's order (by day) it takes several times as long.
struct Saved<'a> {
    id: i64,
    date: i64,
    remark: i64,
    figure: &'a Observation,
}

/// Writes figures in portions, so that only one portion stands in memory a second time.
async fn write(
    transaction: &mut Transaction<'_, Any>,
    dialect: Dialect,
    (saved, payload_id): (&[Saved<'_>], i64),
    on_conflict: &'static str,
) -> Result<(), StoreError> {
    let target = Target { on_conflict, ..OBSERVATION };
    for portion in saved.chunks(ROWS) {
        let mut rows: Vec<[Cell<'_>; 8]> = Vec::with_capacity(portion.len());
        for Saved { id, date, remark, figure } in portion {
            rows.push([
                (*id).into(),
                (*date).into(),
                i64::from(figure.days).into(),
                figure.as_of.millis().into(),
                figure.value.into(),
                to_code(figure.status).into(),
                (*remark).into(),
                payload_id.into(),
            ]);
        }
        target.insert(transaction, dialect, &rows).await?;
    }
    Ok(())
}

impl Store {
    /// Adds figures inside a transaction; `payload_id` is where they came from, 0 if that is not archived.
    pub(super) async fn add_observations(
        &self,
        transaction: &mut Transaction<'_, Any>,
        observations: &[Observation],
        payload_id: i64,
    ) -> Result<(), StoreError> {
        let mut ids: HashMap<Series<'_>, i64> = HashMap::new();
        let mut remarks: HashMap<(&str, &str), i64> = HashMap::new();
        let mut saved: Vec<Saved<'_>> = Vec::with_capacity(observations.len());
        for o in observations {
            let id = *ids.entry(series_of(o)).or_insert_with_key(series_id);
            let remark = match (&*o.note, &*o.address) {
                ("", "") => 0,
                told => *remarks.entry(told).or_insert_with(|| id_of(&[told.0, told.1])),
            };
            saved.push(Saved { id, date: to_day(o.date), remark, figure: o });
        }
        saved.sort_unstable_by_key(|row| (row.id, row.date));
        let mut series: Vec<[Cell<'_>; 5]> = Vec::with_capacity(ids.len());
        for ((location, unit, measure, source), id) in ids {
            series.push([id.into(), location.into(), unit.into(), measure.name().into(), source.into()]);
        }
        let mut told: Vec<[Cell<'_>; 3]> = Vec::with_capacity(remarks.len());
        for ((note, address), id) in remarks {
            told.push([id.into(), note.into(), address.into()]);
        }
        SERIES.insert(transaction, self.dialect, &series).await?;
        REMARK.insert(transaction, self.dialect, &told).await?;
        // Asking for conflicts costs PostgreSQL half as much again, and there are none: what is known is not accepted.
        // If there should be one after all, the batch is written once more, and what is there stays as it is.
        let mut attempt = transaction.begin().await?;
        match write(&mut attempt, self.dialect, (&saved, payload_id), "").await {
            Ok(()) => Ok(attempt.commit().await?),
            Err(StoreError::Conflict { .. }) => {
                attempt.rollback().await?;
                write(transaction, self.dialect, (&saved, payload_id), "on conflict do nothing").await
            }
            Err(error) => Err(error),
        }
    }

    /// Every vintage of every figure the filter lets through, in the order of series, date and knowledge.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer or holds what it should not.
    pub async fn observations(&self, filter: &Filter) -> Result<Vec<Observation>, StoreError> {
        let location = filter.location.as_ref().map_or("", |id| id.as_str());
        let as_of = filter.as_of.map_or(i64::MAX, Vintage::millis);
        // Two texts: with "any or this one" the database would not look the place up, but go through all.
        let place = if location.is_empty() { "$1 = ''" } else { "s.location = $1" };
        let statement = format!(
            "select s.location, s.unit_id, s.measure, s.source, \
                    o.date, o.days, o.as_of, o.value, o.status, coalesce(r.note, ''), coalesce(r.address, '') \
             from series s join observation o on o.series_id = s.id left join remark r on r.id = o.remark_id \
             where {place} and o.as_of <= $2 \
             order by s.location, s.unit_id, s.measure, s.source, o.date, o.days, o.as_of"
        );
        let mut rows = sqlx::query(AssertSqlSafe(statement)).bind(location).bind(as_of).fetch(&self.pool);
        let mut observations = Vec::new();
        while let Some(row) = rows.try_next().await? {
            observations.push(read(&row)?);
        }
        Ok(observations)
    }

    /// Who reports one of these measures of a location, and the last day of each.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn reporters(
        &self,
        location: &LocationId,
        measures: &[Measure],
    ) -> Result<Vec<(String, NaiveDate)>, StoreError> {
        let names: Vec<&str> = measures.iter().map(|measure| measure.name()).collect();
        let rows: Vec<(String, i64)> = sqlx::query_as(
            "select s.source, max(o.date) from series s join observation o on o.series_id = s.id \
             where s.location = $1 and s.unit_id = '' and (' ' || $2 || ' ') like ('% ' || s.measure || ' %') \
             group by s.source order by s.source",
        )
        .bind(location.as_str())
        .bind(names.join(" "))
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(|(source, day)| Ok((source, from_day(day)?))).collect()
    }

    /// The locations that anybody ever reported a figure of, by their codes.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn reported_locations(&self) -> Result<Vec<LocationId>, StoreError> {
        let rows: Vec<(String,)> = sqlx::query_as("select distinct location from series order by location")
            .fetch_all(&self.pool)
            .await?;
        Ok(rows.into_iter().map(|(location,)| LocationId::new(&location)).collect())
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
        let series: HashMap<i64, &SeriesKey> = batch.iter().map(|key| (id_of_key(key), key)).collect();
        let mut ids: Vec<i64> = series.keys().copied().collect();
        ids.sort_unstable();
        let mut history = History::default();
        for part in ids.chunks(SERIES_AT_ONCE) {
            let places: Vec<String> = (1..=part.len()).map(|place| format!("${place}")).collect();
            let statement = format!(
                "select series_id, date, days, as_of, value from observation where series_id in ({}) \
                 order by series_id, date, days, as_of",
                places.join(", ")
            );
            let query = sqlx::query(AssertSqlSafe(statement)).persistent(part.len() == SERIES_AT_ONCE);
            let mut rows = part.iter().fold(query, |query, id| query.bind(*id)).fetch(&self.pool);
            while let Some(row) = rows.try_next().await? {
                let (id, days): (i64, i64) = (row.try_get(0)?, row.try_get(2)?);
                let (as_of, value) = (from_moment(row.try_get(3)?)?, row.try_get(4)?);
                let figure = KnownFigure { as_of, value, is_new: false };
                let date = from_day(row.try_get(1)?)?;
                if let Some(key) = series.get(&id) {
                    history.insert(*key, date, u32::try_from(days).unwrap_or(1), figure);
                }
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

/// A row of [`Store::observations`], by the places of its columns.
fn read(row: &sqlx::any::AnyRow) -> Result<Observation, StoreError> {
    let corrupt = |what: &'static str, reason: String| StoreError::Corrupt { what, reason };
    let (unit, measure): (String, String) = (row.try_get(1)?, row.try_get(2)?);
    let (status, days): (i64, i64) = (row.try_get(8)?, row.try_get(5)?);
    Ok(Observation {
        location: LocationId::new(&row.try_get::<String, _>(0)?),
        unit_id: Some(unit).filter(|unit| !unit.is_empty()),
        measure: measure.parse().map_err(|_| corrupt("a measure", measure))?,
        source: row.try_get(3)?,
        date: from_day(row.try_get(4)?)?,
        days: u32::try_from(days).map_err(|_| corrupt("a number of days", days.to_string()))?,
        value: row.try_get(7)?,
        status: from_code(status).ok_or_else(|| corrupt("a status", status.to_string()))?,
        as_of: from_moment(row.try_get(6)?)?,
        note: row.try_get(9)?,
        address: row.try_get(10)?,
    })
}
