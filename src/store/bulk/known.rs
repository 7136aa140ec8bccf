//! Figures read back: every vintage that was known by a moment, of one place or of all.
//!
//! Series and remarks are few and read once; a figure is a row of numbers.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;

use super::reader::Columns;
use super::{Cell, Reader};
use crate::epi::{LocationId, Vintage};
use crate::observation::{Figure, Figures, History, KnownFigure, Observation, SeriesKey};
use crate::store::observation::{Filter, from_code, from_day, from_moment, id_of_key};
use crate::store::{ReadStore, Store, StoreError};

/// So many ids are asked for in one statement.
const AT_ONCE: usize = 500;

/// A figure, and the id of its remark; 0 for none.
type Told = (Figure, i64);

impl Store {
    /// Everything known of the series of a batch.
    ///
    /// # Errors
    /// As [`ReadStore::figures`].
    pub async fn history(&self, batch: &BTreeSet<SeriesKey>) -> Result<History, StoreError> {
        let mut reader = self.begin_reading().await?;
        let series: HashMap<i64, &SeriesKey> = batch.iter().map(|key| (id_of_key(key), key)).collect();
        let mut ids: Vec<i64> = series.keys().copied().collect();
        ids.sort_unstable();
        let mut history = History::default();
        for part in ids.chunks(AT_ONCE) {
            let cells: Vec<Cell<'_>> = part.iter().copied().map(Cell::Whole).collect();
            let text = format!(
                "select series_id, date, days, as_of, value from observation where series_id in ({}) \
                 order by series_id, date, days, as_of",
                places(1, part.len())
            );
            // One series after the other, so that each takes no more room than it needs.
            let mut told: Vec<(NaiveDate, u32, KnownFigure)> = Vec::new();
            let mut last = None;
            let mut end = |id: Option<i64>, told: &mut Vec<_>| {
                if let Some(id) = id {
                    let key = series.get(&id).ok_or_else(|| corrupt("the series of a figure", id))?;
                    history.insert_all(key, told);
                    told.clear();
                }
                Ok::<(), StoreError>(())
            };
            let mut take = |row: &dyn Columns| {
                let (id, days) = (row.whole(0)?, row.whole(2)?);
                if last != Some(id) {
                    end(last, &mut told)?;
                    last = Some(id);
                }
                let as_of = from_moment(row.whole(3)?)?;
                let figure = KnownFigure { as_of, value: row.real(4)?, is_new: false };
                let days = u32::try_from(days).map_err(|_| corrupt("a number of days", days))?;
                told.push((from_day(row.whole(1)?)?, days, figure));
                Ok(())
            };
            reader.each(text, &cells, &mut take).await?;
            end(last, &mut told)?;
        }
        Ok(history)
    }
}

impl ReadStore {
    /// Every vintage of every figure the filter lets through, in the order of series, date and knowledge, written out.
    ///
    /// # Errors
    /// As [`ReadStore::figures`].
    pub async fn observations(&self, filter: &Filter) -> Result<Vec<Observation>, StoreError> {
        Ok(self.figures(filter).await?.iter().collect())
    }

    /// Every vintage of every figure the filter lets through, in the order of series, date and knowledge.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer or holds what it should not.
    pub async fn figures(&self, filter: &Filter) -> Result<Figures, StoreError> {
        let mut reader = self.begin_reading().await?;
        let mut figures = Figures::default();
        let numbers = series(&mut reader, filter.location.as_ref(), &mut figures).await?;
        let as_of = filter.as_of.map_or(i64::MAX, Vintage::millis);
        let mut told = Vec::new();
        if filter.location.is_some() {
            let ids: Vec<i64> = numbers.keys().copied().collect();
            for part in ids.chunks(AT_ONCE) {
                read(&mut reader, as_of, (&numbers, Some(part)), &mut told).await?;
            }
        } else {
            read(&mut reader, as_of, (&numbers, None), &mut told).await?;
        }
        let remarks = remarks(&mut reader, &told, &mut figures).await?;
        // They come in the order of the series' ids.
        told.sort_by_key(|(figure, _)| figure.series);
        for (figure, remark) in told {
            let (note, address) = remarks.get(&remark).copied().unwrap_or_default();
            figures.push(Figure { note, address, ..figure });
        }
        Ok(figures)
    }
}

fn corrupt(what: &'static str, reason: i64) -> StoreError {
    StoreError::Corrupt { what, reason: reason.to_string() }
}

/// Names the series in the order of their keys; returns their numbers by id.
async fn series(
    reader: &mut Reader,
    location: Option<&LocationId>,
    figures: &mut Figures,
) -> Result<HashMap<i64, u32>, StoreError> {
    // Two texts: with "any or this one" the database would not look the place up, but go through all.
    let (place, cells) = match location {
        Some(location) => ("where location = $1", vec![Cell::from(location.as_str())]),
        None => ("", Vec::new()),
    };
    let text = format!("select id, location, unit_id, measure, source from series {place}");
    let mut known: Vec<(SeriesKey, i64)> = Vec::new();
    let mut take = |row: &dyn Columns| {
        let (unit, measure) = (row.text(2)?, row.text(3)?);
        let key = SeriesKey {
            location: LocationId::from(row.text(1)?),
            unit_id: Some(unit).filter(|unit| !unit.is_empty()),
            measure: measure
                .parse()
                .map_err(|_| StoreError::Corrupt { what: "a measure", reason: measure })?,
            source: row.text(4)?,
        };
        known.push((key, row.whole(0)?));
        Ok(())
    };
    reader.each(text, &cells, &mut take).await?;
    known.sort_by(|(one, _), (other, _)| named(one).cmp(&named(other)));
    Ok(known.into_iter().map(|(key, id)| (id, figures.series_number(key))).collect())
}

/// A series as both databases would sort it: by its texts.
fn named(key: &SeriesKey) -> (&str, &str, &str, &str) {
    let unit = key.unit_id.as_deref().unwrap_or_default();
    (key.location.as_str(), unit, key.measure.name(), &key.source)
}

/// Reads the figures of some series, or of all.
async fn read(
    reader: &mut Reader,
    as_of: i64,
    (numbers, ids): (&HashMap<i64, u32>, Option<&[i64]>),
    told: &mut Vec<Told>,
) -> Result<(), StoreError> {
    let mut cells = vec![Cell::from(as_of)];
    let mut among = String::new();
    if let Some(ids) = ids {
        cells.extend(ids.iter().copied().map(Cell::Whole));
        among = format!("and series_id in ({})", places(2, ids.len()));
    }
    let text = format!(
        "select series_id, date, days, as_of, value, status, remark_id from observation \
         where as_of <= $1 {among} order by series_id, date, days, as_of"
    );
    let mut last = None;
    let mut take = |row: &dyn Columns| {
        let (id, days, status) = (row.whole(0)?, row.whole(2)?, row.whole(5)?);
        let series = match last {
            Some((known, number)) if known == id => number,
            _ => *numbers.get(&id).ok_or_else(|| corrupt("the series of a figure", id))?,
        };
        last = Some((id, series));
        let figure = Figure {
            row: 0,
            series,
            note: 0,
            address: 0,
            date: from_day(row.whole(1)?)?,
            days: u32::try_from(days).map_err(|_| corrupt("a number of days", days))?,
            as_of: from_moment(row.whole(3)?)?,
            value: row.real(4)?,
            status: from_code(status).ok_or_else(|| corrupt("a status", status))?,
        };
        told.push((figure, row.whole(6)?));
        Ok(())
    };
    reader.each(text, &cells, &mut take).await
}

/// Names the texts of the remarks that stand beside figures; returns their numbers by id.
async fn remarks(
    reader: &mut Reader,
    told: &[Told],
    figures: &mut Figures,
) -> Result<HashMap<i64, (u32, u32)>, StoreError> {
    let ids: BTreeSet<i64> = told.iter().map(|(_, remark)| *remark).filter(|remark| *remark != 0).collect();
    let ids: Vec<i64> = ids.into_iter().collect();
    let mut remarks = HashMap::new();
    for part in ids.chunks(AT_ONCE) {
        let cells: Vec<Cell<'_>> = part.iter().copied().map(Cell::Whole).collect();
        let text = format!("select id, note, address from remark where id in ({})", places(1, part.len()));
        let mut take = |row: &dyn Columns| {
            let told = (figures.text_number(&row.text(1)?), figures.text_number(&row.text(2)?));
            remarks.insert(row.whole(0)?, told);
            Ok(())
        };
        reader.each(text, &cells, &mut take).await?;
    }
    Ok(remarks)
}

/// The places of so many parameters, from one on: `$2, $3`.
pub(in crate::store) fn places(first: usize, many: usize) -> String {
    (first..first + many).map(|place| format!("${place}")).collect::<Vec<_>>().join(", ")
}
