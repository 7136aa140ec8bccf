//! Figures by vintage: what is appended, and small questions about what is known. Many figures are read back in `bulk/known.rs`.

use std::collections::HashMap;

use chrono::NaiveDate;
use sha2::{Digest, Sha256};

use super::bulk::{Cell, Kind, Target, Writer};
use super::{ReadStore, Store, StoreError};
use crate::epi::{LocationId, Status, Vintage};
use crate::observation::{Figures, Measure, SeriesKey};

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

/// What [`ReadStore::data_version`] counts. What a page or a file shows is counted here, or comes with what is.
pub(super) const DATA_VERSION: &str = "cast((select count(*) from run) + (select count(*) from recommendation) \
    + (select count(*) from outbox where state = 'sent') + (select coalesce(sum(rows), 0) from deletion) \
    + (select count(*) from judgement) + (select count(*) from decision) + (select count(*) from circular_number) \
    + (select count(*) from case_link) + (select count(*) from alert) + (select count(*) from alert_answer) \
    + (select count(*) from alert_silence) + (select count(*) from alert_silence where lifted_at > 0) as bigint)";

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

/// The id of a series: of location, unit (empty for none), measure and source.
pub(super) fn id_of_key(key: &SeriesKey) -> i64 {
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

pub(super) fn from_code(code: i64) -> Option<Status> {
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

impl Store {
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
}

impl ReadStore {
    /// A number that rises when figures or assessments are added: pages are rebuilt when it does. What retention
    /// deletes goes on counting, so that it never falls back to a number that was told before. Figures come with a pull, and
    /// pulls are counted: to count a country's figures takes a tenth of a second.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn data_version(&self) -> Result<i64, StoreError> {
        let text = format!("select {DATA_VERSION}");
        Ok(sqlx::query_as::<_, (i64,)>(sqlx::AssertSqlSafe(text)).fetch_one(&self.pool).await?.0)
    }
}

/// Adds figures inside a transaction; `payload_id` is where they came from, 0 if that is not archived.
pub(super) async fn add_figures(
    writer: &mut Writer,
    figures: &Figures,
    payload_id: i64,
) -> Result<(), StoreError> {
    let mut series = figures.series_in_use().map(|key| {
        let unit = key.unit_id.as_deref().unwrap_or_default();
        let id = Cell::Whole(id_of_key(key));
        [id, key.location.as_str().into(), unit.into(), key.measure.name().into(), (&key.source).into()]
    });
    SERIES.insert(writer.lane(), &mut series).await?;
    let remarks = remarks(figures);
    let mut told = remarks.iter().map(|((note, address), id)| {
        [Cell::Whole(*id), figures.text(*note).into(), figures.text(*address).into()]
    });
    REMARK.insert(writer.lane(), &mut told).await?;
    let ids: Vec<i64> = figures.series().iter().map(id_of_key).collect();
    let order = in_the_order_of_the_key(figures, &ids);
    let row = |place: &u32| {
        let figure = &figures.rows()[*place as usize];
        let remark = match (figure.note, figure.address) {
            (0, 0) => 0,
            told => remarks.get(&told).copied().unwrap_or(0),
        };
        [
            Cell::Whole(ids[figure.series_at()]),
            to_day(figure.date).into(),
            i64::from(figure.days).into(),
            figure.as_of.millis().into(),
            figure.value.into(),
            to_code(figure.status).into(),
            remark.into(),
            payload_id.into(),
        ]
    };
    // There are no conflicts: what is known is not accepted. If there should be one after all, the batch is written once
    // more, and what is there stays as it is.
    writer.execute("savepoint figures", &[]).await?;
    match OBSERVATION.insert(writer.lane(), &mut order.iter().map(row)).await {
        Err(StoreError::Conflict { .. }) => {
            writer.execute("rollback to savepoint figures", &[]).await?;
            let patient = Target { on_conflict: "on conflict do nothing", ..OBSERVATION };
            patient.insert(writer.lane(), &mut order.iter().map(row)).await?;
        }
        done => drop(done?),
    }
    writer.execute("release savepoint figures", &[]).await?;
    Ok(())
}

/// What stands beside the figures for readers, by the numbers of its texts, with its id.
fn remarks(figures: &Figures) -> HashMap<(u32, u32), i64> {
    let mut remarks = HashMap::new();
    for figure in figures.rows().iter().filter(|figure| (figure.note, figure.address) != (0, 0)) {
        let told = (figure.note, figure.address);
        remarks.entry(told).or_insert_with(|| id_of(&[figures.text(told.0), figures.text(told.1)]));
    }
    remarks
}

/// The places of the figures in the order of the table's key. In that order the database fills its pages one after the
/// other; in a publisher's (by day) it takes several times as long.
fn in_the_order_of_the_key(figures: &Figures, ids: &[i64]) -> Vec<u32> {
    let rows = figures.rows();
    let mut counts = vec![0; ids.len()];
    for figure in rows {
        counts[figure.series_at()] += 1;
    }
    // Where each series begins; then every figure goes to the next place of its series.
    let mut by_id: Vec<usize> = (0..ids.len()).collect();
    by_id.sort_unstable_by_key(|series| ids[*series]);
    let (mut next, mut begin) = (vec![0; ids.len()], 0);
    for series in by_id {
        next[series] = begin;
        begin += counts[series];
    }
    let mut order = vec![0; rows.len()];
    for (place, figure) in (0..).zip(rows) {
        let next = &mut next[figure.series_at()];
        order[*next] = place;
        *next += 1;
    }
    let key = |place: &u32| {
        let figure = &rows[*place as usize];
        (figure.date, figure.days, figure.as_of)
    };
    for (end, count) in next.into_iter().zip(counts) {
        order[end - count..end].sort_unstable_by_key(key);
    }
    order
}
