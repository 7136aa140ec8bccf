//! Everything as known at one moment, as a polars frame; the only door into polars.
//!
//! Of each figure the last vintage known by `as_of` is taken; of several sources of one measure the one with
//! the higher authority, never a mixture. Where one source counts to a day and another from the next, the place has a layer a
//! period: all that the period's source reported. `indicator` reads the result location by location as grids.
//!
//! The frame knows places, units, measures and sources by number (`numbers.rs`): texts in every row would cost more than all that is done with them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;
use polars::prelude::*;
use thiserror::Error;

use super::numbers::Numbers;
use super::{Authority, Cell, Grid, Layer, Lump, Marks, Observation, SeriesKey};
use crate::epi::{LocationId, Status, Vintage};

/// Polars refused to build or query the frame.
#[derive(Debug, Error)]
#[error("build the table of figures: {0}")]
pub struct SnapshotError(#[from] PolarsError);

/// All figures as known at one moment.
#[derive(Debug, Clone)]
pub struct Snapshot {
    frame: DataFrame,
    numbers: Arc<Numbers>,
    marks: Marks,
    /// Of places in which another source counts from a day on: one part a period.
    parts: BTreeMap<LocationId, Vec<Part>>,
}

/// A place's figures as of the source that counts in one period, whole, with what it reported before and after.
#[derive(Debug, Clone)]
struct Part {
    from: NaiveDate,
    frame: DataFrame,
}

/// A figure and the number of its series.
type Numbered<'o> = (&'o Observation, u32);

const DAY_ZERO: NaiveDate = NaiveDate::from_ymd_opt(1970, 1, 1).expect("1 January 1970 is a date");

/// What a source with a figure in the period has over those without, beyond any rank.
const SPEAKS: i64 = 1 << 33;

/// The order of a frame's rows. A line is what is counted of a place or a unit, whoever reports it.
const ORDER: [&str; 3] = ["line", "date", "days"];

const STATUSES: [Status; 3] = [Status::Printed, Status::Derived, Status::Reconstructed];

fn to_days(date: NaiveDate) -> i32 {
    i32::try_from((date - DAY_ZERO).num_days()).unwrap_or(0)
}

fn from_days(days: i32) -> NaiveDate {
    DAY_ZERO + chrono::Duration::days(i64::from(days))
}

impl Snapshot {
    /// Builds the frame: one row a figure, its last vintage by `as_of` (all vintages if `None`).
    ///
    /// # Errors
    /// [`SnapshotError`] when polars cannot hold the figures.
    pub fn new(
        observations: &[Observation],
        as_of: Option<Vintage>,
        authority: &Authority,
    ) -> Result<Self, SnapshotError> {
        let limit = as_of.map_or(i64::MAX, Vintage::millis);
        let (numbers, own) = Numbers::of(observations);
        let has_changes =
            |(o, _): &Numbered<'_>| authority.has_periods() && !authority.changes(&o.location).is_empty();
        let (changing, steady): (Vec<_>, Vec<_>) = observations.iter().zip(own).partition(has_changes);
        let always = (authority, NaiveDate::MIN, NaiveDate::MAX);
        let mut frames = vec![counted((&steady, &numbers), limit, always)?];
        let mut places: BTreeMap<&LocationId, Vec<Numbered<'_>>> = BTreeMap::new();
        for figure in changing {
            places.entry(&figure.0.location).or_default().push(figure);
        }
        let mut parts = BTreeMap::new();
        for (location, figures) in places {
            let mut own = Vec::new();
            for (from, to) in periods(&authority.changes(location)) {
                let frame = counted((&figures, &numbers), limit, (authority, from, to))?;
                let is_inside =
                    col("date").gt_eq(lit(to_days(from))).and(col("date").lt_eq(lit(to_days(to))));
                frames.push(frame.clone().lazy().filter(is_inside).collect()?);
                own.push(Part { from, frame });
            }
            parts.insert(location.clone(), own);
        }
        let mut frame = frames.swap_remove(0);
        for of_period in frames {
            frame.vstack_mut_owned(of_period)?;
        }
        if !parts.is_empty() {
            frame = frame.sort(ORDER, SortMultipleOptions::default().with_maintain_order(true))?;
        }
        Ok(Self { frame, numbers: Arc::new(numbers), marks: Marks::default(), parts })
    }

    /// With the days that somebody judged: their figures are not held against running totals any more.
    #[must_use]
    pub fn judged(self, marks: Marks) -> Self {
        Self { marks, ..self }
    }

    /// How many figures it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.frame.height()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The figures by location and day. Locations come in the order of their codes; each grid runs from
    /// the location's first day to its last, or to `until` if that is later.
    ///
    /// # Errors
    /// [`SnapshotError`] when the frame cannot be read back.
    pub fn grids(&self, until: Option<NaiveDate>) -> Result<Vec<Grid>, SnapshotError> {
        // The frame is sorted by location, so each location is one slice of it.
        let series = self.frame.column("series").map_err(SnapshotError)?.u32()?;
        let place = |row: usize| series.get(row).map(|series| self.numbers.place(series));
        let mut grids = Vec::new();
        let mut start = 0;
        while start < series.len() {
            let own = place(start);
            let rows = (start..series.len()).take_while(|row| place(*row) == own).count();
            let offset = i64::try_from(start).unwrap_or(i64::MAX);
            let part = self.frame.slice(offset, rows);
            if let Some(grid) = self.grid(&part, until)? {
                grids.push(grid);
            }
            start += rows;
        }
        Ok(grids)
    }

    fn grid(&self, part: &DataFrame, until: Option<NaiveDate>) -> PolarsResult<Option<Grid>> {
        let Some(mut grid) = self.empty_grid(part, until)? else { return Ok(None) };
        self.fill(&mut grid, part)?;
        if !self.parts.contains_key(&grid.location) {
            self.mark(&mut grid, part)?;
        }
        for Part { from, frame } in self.parts.get(&grid.location).into_iter().flatten() {
            let mut layer = Grid::new(grid.location.clone(), grid.first, grid.last());
            self.fill(&mut layer, frame)?;
            self.mark(&mut layer, frame)?;
            grid.add_layer(Layer { from: *from, grid: layer });
        }
        Ok(Some(grid))
    }

    /// Marks the judged days of the source that counts; where it has no figure left, of any.
    fn mark(&self, grid: &mut Grid, part: &DataFrame) -> PolarsResult<()> {
        if self.marks.is_empty() {
            return Ok(());
        }
        let series: BTreeSet<u32> = part.column("series")?.u32()?.iter().flatten().collect();
        let own = series.into_iter().map(|number| self.numbers.key(number));
        let own = own.filter(|key| key.unit_id.is_none());
        let counts: BTreeMap<&str, &str> =
            own.map(|key| (key.measure.family(), key.source.as_str())).collect();
        for (series, days) in self.marks.iter() {
            let is_of_grid = series.location == grid.location && series.unit_id.is_none();
            if is_of_grid && counts.get(series.measure.family()).is_none_or(|source| *source == series.source)
            {
                grid.marks.entry(series.measure).or_default().extend(days);
            }
        }
        Ok(())
    }

    /// A grid for a place's figures, from the first day to the last, or to `until` if that is later.
    fn empty_grid(&self, part: &DataFrame, until: Option<NaiveDate>) -> PolarsResult<Option<Grid>> {
        let (date, days) = (part.column("date")?.i32()?, part.column("days")?.i32()?);
        let series = part.column("series")?.u32()?.get(0);
        let (Some(first), Some(last), Some(series)) = (date.min(), date.max(), series) else {
            return Ok(None);
        };
        let reach = date.iter().zip(days.iter()).filter_map(|(date, days)| Some(date? - days? + 1)).min();
        let last = from_days(last);
        let first = from_days(reach.unwrap_or(first).min(first));
        let location = self.numbers.key(series).location.clone();
        Ok(Some(Grid::new(location, first, until.map_or(last, |until| until.max(last)))))
    }

    /// Puts a place's figures into its grid.
    fn fill(&self, grid: &mut Grid, part: &DataFrame) -> PolarsResult<()> {
        let (series, status) = (part.column("series")?.u32()?, part.column("status")?.i32()?);
        let (date, days) = (part.column("date")?.i32()?, part.column("days")?.i32()?);
        let value = part.column("value")?.f64()?;
        for row in 0..part.height() {
            let (Some(series), Some(status), Some(value), Some(date), Some(days)) =
                (series.get(row), status.get(row), value.get(row), date.get(row), days.get(row))
            else {
                continue;
            };
            let Some(status) = usize::try_from(status).ok().and_then(|code| STATUSES.get(code)) else {
                continue;
            };
            let SeriesKey { unit_id, measure, source, .. } = self.numbers.key(series);
            let (unit, measure) = (unit_id.as_deref(), *measure);
            let cell = Cell { value, status: *status };
            let (from, to) = (from_days(date - days + 1), from_days(date));
            if unit.is_none() {
                grid.told_by(self.numbers.family(series), source, (from, to));
            }
            if days > 1 {
                let lumps = match unit {
                    Some(unit) => grid.unit_lumps.entry(unit.to_owned()).or_default(),
                    None => &mut grid.lumps,
                };
                lumps.entry(measure).or_default().push(Lump { from, to, cell });
            } else {
                grid.put(unit, measure, to, cell);
            }
        }
        Ok(())
    }
}

/// The periods between the days on which another source begins to count.
fn periods(changes: &BTreeSet<NaiveDate>) -> Vec<(NaiveDate, NaiveDate)> {
    let begins = std::iter::once(NaiveDate::MIN).chain(changes.iter().copied());
    let ends = changes.iter().filter_map(NaiveDate::pred_opt).chain([NaiveDate::MAX]);
    begins.zip(ends).collect()
}

/// Of each figure the last vintage known by the limit; of each family of measures those of the source that counts in a
/// period. A source that has no figure in the period counts only where none has.
fn counted(
    (figures, numbers): (&[Numbered<'_>], &Numbers),
    limit: i64,
    (authority, from, to): (&Authority, NaiveDate, NaiveDate),
) -> PolarsResult<DataFrame> {
    let known = all_vintages(figures)?
        .lazy()
        .filter(col("as_of").lt_eq(lit(limit)))
        .sort(["as_of"], SortMultipleOptions::default().with_maintain_order(true))
        .group_by(["series", "date", "days"].map(col))
        .agg(["status", "value"].map(|name| col(name).last()))
        .filter(col("value").is_not_null())
        .collect()?;
    let series: Vec<u32> = known.column("series")?.u32()?.iter().flatten().collect();
    let of_each = |name: &str, number: &dyn Fn(u32) -> u32| {
        Column::new(name.into(), series.iter().map(|series| number(*series)).collect::<Vec<_>>())
    };
    let known = known.hstack(&[of_each("line", &|series| numbers.line(series))])?;
    // One source has nobody to be held against, and looking through windows is the dearest part.
    if numbers.is_of_one_source(&series) {
        return known.sort(ORDER, SortMultipleOptions::default());
    }
    let rank = |series: &u32| {
        let SeriesKey { location, source, .. } = numbers.key(*series);
        i64::from(authority.rank_on(source, location, from))
    };
    let ranks: Vec<i64> = series.iter().map(rank).collect();
    let (of_family, of_source) = ([col("family")], [col("voice")]);
    let known = known
        .hstack(&[
            of_each("family", &|series| numbers.family_number(series)),
            of_each("voice", &|series| numbers.voice(series)),
            Column::new("rank".into(), ranks),
        ])?
        .lazy();
    let is_always = (from, to) == (NaiveDate::MIN, NaiveDate::MAX);
    let known = if is_always {
        known
    } else {
        let is_inside = col("date")
            .gt_eq(lit(to_days(from)))
            .and((col("date") - col("days") + lit(1)).lt_eq(lit(to_days(to))));
        let speaks = is_inside.cast(DataType::Int64).max().over(of_source)?;
        known.with_column((col("rank") + speaks * lit(SPEAKS)).alias("rank"))
    };
    known
        .filter(col("rank").eq(col("rank").max().over(of_family.clone())?))
        // Voices are numbered by the names of the sources: among equals the first in the alphabet.
        .filter(col("voice").eq(col("voice").min().over(of_family)?))
        .select(["series", "date", "days", "status", "value", "line"].map(col))
        .sort(ORDER, SortMultipleOptions::default())
        .collect()
}

fn all_vintages(figures: &[Numbered<'_>]) -> PolarsResult<DataFrame> {
    let whole = |name: &str, read: &dyn Fn(&Observation) -> i32| {
        Column::new(name.into(), figures.iter().map(|(o, _)| read(o)).collect::<Vec<_>>())
    };
    let code = |status: Status| STATUSES.iter().position(|other| *other == status).unwrap_or_default();
    let series: Vec<u32> = figures.iter().map(|(_, series)| *series).collect();
    let values: Vec<Option<f64>> = figures.iter().map(|(o, _)| o.value).collect();
    let known: Vec<i64> = figures.iter().map(|(o, _)| o.as_of.millis()).collect();
    DataFrame::new_infer_height(vec![
        Column::new("series".into(), series),
        whole("date", &|o| to_days(o.date)),
        whole("days", &|o| i32::try_from(o.days).unwrap_or(i32::MAX)),
        whole("status", &|o| i32::try_from(code(o.status)).unwrap_or(i32::MAX)),
        Column::new("value".into(), values),
        Column::new("as_of".into(), known),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Measure;
    use chrono_tz::Asia::Jakarta;

    fn figure(source: &str, measure: &str, date: &str, value: f64, as_of: &str) -> Observation {
        Observation {
            location: LocationId::new("3271"),
            unit_id: None,
            measure: measure.parse().unwrap(),
            source: source.to_owned(),
            date: date.parse().unwrap(),
            days: 1,
            value: Some(value),
            status: Status::Printed,
            as_of: Vintage::parse_known(as_of, Jakarta).unwrap(),
            note: String::new(),
            address: String::new(),
        }
    }

    #[test]
    fn the_last_vintage_known_by_the_moment_is_taken() {
        let figures = [
            figure("dinkes", "active", "2021-06-27", 3_003.0, "2021-06-28T17:00:00+07:00"),
            figure("dinkes", "active", "2021-06-27", 3_023.0, "2021-06-28T10:00:00+07:00"),
        ];
        let read = |as_of: &str| {
            let as_of = Vintage::parse_as_of(as_of, Jakarta).unwrap();
            let snapshot = Snapshot::new(&figures, Some(as_of), &Authority::default()).unwrap();
            let grids = snapshot.grids(None).unwrap();
            grids.first().map(|grid| grid.cells(Measure::Active)[0].unwrap().value)
        };
        assert_eq!(read("2021-06-28T12:00:00+07:00"), Some(3_023.0));
        assert_eq!(read("2021-06-28"), Some(3_003.0));
        assert_eq!(read("2021-06-27"), None);
    }

    #[test]
    fn a_units_figure_for_several_days_is_not_the_citys() {
        let week = Observation {
            unit_id: Some("dinkes".to_owned()),
            days: 7,
            ..figure("bkpsdm", "staff_cases", "2021-06-27", 6.0, "2021-06-28")
        };
        let grids = Snapshot::new(&[week], None, &Authority::default()).unwrap().grids(None).unwrap();
        assert!(!grids[0].has(Measure::StaffCases));
        assert_eq!(grids[0].unit_lumps["dinkes"][&Measure::StaffCases][0].cell.value, 6.0);
    }

    #[test]
    fn a_source_may_count_in_one_place_and_not_in_another() {
        let mut figures = [
            figure("city", "cases_total", "2021-06-22", 18_162.0, "2021-06-22"),
            figure("province", "cases_total", "2021-06-22", 3_908.0, "2021-06-22"),
        ];
        let authority =
            Authority::new([("province".to_owned(), 5)]).in_place("city", LocationId::new("3271"), 10);
        let total = |figures: &[Observation]| {
            let grids = Snapshot::new(figures, None, &authority).unwrap().grids(None).unwrap();
            grids[0].cells(Measure::CasesTotal)[0].unwrap().value
        };
        assert_eq!(total(&figures), 18_162.0);
        for figure in &mut figures {
            figure.location = LocationId::new("3201");
        }
        assert_eq!(total(&figures), 3_908.0);
    }

    #[test]
    fn two_sources_of_one_measure_are_never_mixed() {
        let figures = [
            figure("city", "cases_total", "2021-06-22", 18_162.0, "2021-06-22"),
            figure("province", "cases_total", "2021-06-29", 3_908.0, "2021-06-29"),
        ];
        let authority = Authority::new([("city".to_owned(), 10)]);
        let snapshot = Snapshot::new(&figures, None, &authority).unwrap();
        let grids = snapshot.grids(None).unwrap();
        assert_eq!((snapshot.len(), grids[0].len), (1, 1));
        assert_eq!(grids[0].first.to_string(), "2021-06-22");
    }
}
