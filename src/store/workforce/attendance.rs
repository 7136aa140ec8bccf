//! Attendance and daily reports by unit and day: rows are added, the newest of a unit and day counts. Both are deleted after
//! a year.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use sqlx::{AssertSqlSafe, Row};

use super::unit::whole;
use crate::audit::Entry;
use crate::epi::{Vintage, Window};
use crate::store::bulk::{Cell, Kind, Lane, Target};
use crate::store::observation::{from_day, to_day};
use crate::store::{ReadStore, Store, StoreError};
use crate::workforce::{DayCounts, ReportCounts};

/// What became of rows that were handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Taken {
    /// Rows that said something new.
    pub new: usize,
    /// Rows that were known.
    pub unchanged: usize,
}

/// A table of numbers by unit and day.
struct Counted {
    table: &'static str,
    columns: &'static [&'static str],
}

const ATTENDANCE: Counted =
    Counted { table: "attendance", columns: &["office", "duty", "field", "home", "leave", "absent"] };
const REPORTS: Counted = Counted { table: "daily_report", columns: &["expected", "received"] };

/// A unit's numbers on a day.
type Rows = BTreeMap<(NaiveDate, String), Vec<u32>>;

impl Store {
    /// Adds attendance; days that are known as they are stay as they are.
    ///
    /// # Errors
    /// [`StoreError`] when the database refuses; nothing is added then.
    pub async fn add_attendance(&self, days: &[DayCounts], entry: &Entry) -> Result<Taken, StoreError> {
        let rows = days.iter().map(|day| ((day.date, day.unit_id.clone()), day.counts.to_vec())).collect();
        self.add_counted(&ATTENDANCE, &rows, entry).await
    }

    /// Adds reports, like [`Store::add_attendance`].
    ///
    /// # Errors
    /// As there.
    pub async fn add_reports(&self, days: &[ReportCounts], entry: &Entry) -> Result<Taken, StoreError> {
        let rows = days
            .iter()
            .map(|day| ((day.date, day.unit_id.clone()), vec![day.expected, day.received]))
            .collect();
        self.add_counted(&REPORTS, &rows, entry).await
    }

    /// Attendance of some days, of one unit or of all, in order of days and units.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer or holds what it should not.
    pub async fn attendance(&self, days: Window, unit: Option<&str>) -> Result<Vec<DayCounts>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        let rows = counted(&mut connection, &ATTENDANCE, (days, unit)).await?;
        Ok(as_attendance(rows))
    }

    /// Reports of some days, like [`Store::attendance`].
    ///
    /// # Errors
    /// As there.
    pub async fn reports(&self, days: Window, unit: Option<&str>) -> Result<Vec<ReportCounts>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        Ok(as_reports(counted(&mut connection, &REPORTS, (days, unit)).await?))
    }

    async fn add_counted(&self, table: &Counted, rows: &Rows, entry: &Entry) -> Result<Taken, StoreError> {
        let mut transaction = self.begin().await?;
        let head = self.add_entry(&mut transaction, entry).await?;
        let (first, last) = (rows.keys().next(), rows.keys().next_back());
        let known = match (first, last) {
            (Some((from, _)), Some((to, _))) => {
                counted(&mut transaction, table, (Window { from: *from, to: *to }, None)).await?
            }
            _ => Rows::new(),
        };
        let new: Vec<Vec<Cell<'_>>> = rows
            .iter()
            .filter(|(key, counts)| known.get(*key) != Some(*counts))
            .map(|((date, unit_id), counts)| {
                let front = [Cell::from(to_day(*date)), Cell::from(unit_id), Cell::from(entry.at.millis())];
                front.into_iter().chain(counts.iter().map(|count| Cell::from(i64::from(*count)))).collect()
            })
            .collect();
        let mut kinds = vec![Kind::Whole, Kind::Text, Kind::Whole];
        kinds.resize(3 + table.columns.len(), Kind::Whole);
        let into = format!("{} (date, unit_id, at, {})", table.table, table.columns.join(", "));
        let target = Target { into: &into, kinds: &kinds, on_conflict: "" };
        let taken = Taken { new: new.len(), unchanged: rows.len() - new.len() };
        target.insert(Lane::Any(&mut transaction, self.dialect), &mut new.iter()).await?;
        self.commit(transaction, &head, entry.at).await?;
        Ok(taken)
    }
}

impl ReadStore {
    /// Attendance as it was known at a moment.
    ///
    /// # Errors
    /// As [`Store::attendance`].
    pub async fn attendance_known(
        &self,
        days: Window,
        unit: Option<&str>,
        as_of: Vintage,
    ) -> Result<Vec<DayCounts>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        let rows = known(&mut connection, &ATTENDANCE, (days, unit, Some(as_of))).await?;
        Ok(as_attendance(rows))
    }

    /// Reports as they were known at a moment.
    ///
    /// # Errors
    /// As [`Store::attendance`].
    pub async fn reports_known(
        &self,
        days: Window,
        unit: Option<&str>,
        as_of: Vintage,
    ) -> Result<Vec<ReportCounts>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        Ok(as_reports(known(&mut connection, &REPORTS, (days, unit, Some(as_of))).await?))
    }
}

fn as_attendance(rows: Rows) -> Vec<DayCounts> {
    let row = |((date, unit_id), counts): ((NaiveDate, String), Vec<u32>)| {
        Some(DayCounts { unit_id, date, counts: counts.try_into().ok()? })
    };
    rows.into_iter().filter_map(row).collect()
}

fn as_reports(rows: Rows) -> Vec<ReportCounts> {
    let row = |((date, unit_id), counts): ((NaiveDate, String), Vec<u32>)| ReportCounts {
        unit_id,
        date,
        expected: counts.first().copied().unwrap_or(0),
        received: counts.get(1).copied().unwrap_or(0),
    };
    rows.into_iter().map(row).collect()
}

/// The newest row of each unit and day.
async fn counted(
    connection: &mut sqlx::AnyConnection,
    table: &Counted,
    (days, unit): (Window, Option<&str>),
) -> Result<Rows, StoreError> {
    known(connection, table, (days, unit, None)).await
}

/// The newest row of each unit and day of those that were known at a moment.
async fn known(
    connection: &mut sqlx::AnyConnection,
    table: &Counted,
    (days, unit, as_of): (Window, Option<&str>, Option<Vintage>),
) -> Result<Rows, StoreError> {
    let statement = format!(
        "select date, unit_id, {} from {} where date >= $1 and date <= $2 and ($3 = '' or unit_id = $3) \
         and at <= $4 order by at",
        table.columns.join(", "),
        table.table
    );
    let found = sqlx::query(AssertSqlSafe(statement))
        .bind(to_day(days.from))
        .bind(to_day(days.to))
        .bind(unit.unwrap_or_default().to_owned())
        .bind(as_of.map_or(i64::MAX, Vintage::millis))
        .fetch_all(connection)
        .await?;
    let mut rows = Rows::new();
    for row in found {
        let counts: Result<Vec<u32>, StoreError> =
            table.columns.iter().map(|column| whole(&row, column)).collect();
        rows.insert((from_day(row.try_get("date")?)?, row.try_get("unit_id")?), counts?);
    }
    Ok(rows)
}
