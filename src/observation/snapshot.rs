//! Everything as known at one moment, as a polars frame; the only door into polars.
//!
//! Of each figure the last vintage known by `as_of` is taken; of several sources of one measure the one with
//! the higher authority, never a mixture. Where one source counts to a day and another from the next, the place has a layer a
//! period: all that the period's source reported. `indicator` reads the result location by location as grids.
//!
//! The frame knows places, units, measures and sources by number (`numbers.rs`): texts in every row would cost more than all that is done with them.

use std::cmp::Reverse;
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

/// So many rows and more are sorted on all cores; of fewer, waking other threads costs more than they save.
const ON_ALL_CORES: usize = 100_000;

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
        let mut frame = counted(&known(&steady, limit)?, &numbers, always)?;
        let mut places: BTreeMap<&LocationId, Vec<Numbered<'_>>> = BTreeMap::new();
        for figure in changing {
            places.entry(&figure.0.location).or_default().push(figure);
        }
        let mut parts = BTreeMap::new();
        for (location, figures) in places {
            let known = known(&figures, limit)?;
            let mut own = Vec::new();
            for (from, to) in periods(&authority.changes(location)) {
                let of_period = counted(&known, &numbers, (authority, from, to))?;
                let inside = to_days(from)..=to_days(to);
                let is_inside: BooleanChunked =
                    of_each(of_period.column("date")?.i32()?, |date| inside.contains(&date));
                frame.vstack_mut_owned(of_period.filter_seq(&is_inside)?)?;
                own.push(Part { from, frame: of_period });
            }
            parts.insert(location.clone(), own);
        }
        if !parts.is_empty() {
            // Sources that take turns stand in one line, in the order of their days.
            let series = frame.column("series")?.u32()?;
            let line: UInt32Chunked = of_each(series, |series| numbers.line(series));
            frame = frame.hstack(&[line.with_name("line".into()).into_column()])?;
            frame = frame.sort(["line", "date", "days"], stable(frame.height()))?;
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

/// How so many rows are sorted: equals stay in their order.
fn stable(rows: usize) -> SortMultipleOptions {
    SortMultipleOptions::default().with_maintain_order(true).with_multithreaded(rows >= ON_ALL_CORES)
}

/// Of each figure its last vintage known by the limit, in the order of series, day and days; without those that were withdrawn.
fn known(figures: &[Numbered<'_>], limit: i64) -> PolarsResult<DataFrame> {
    let mut vintages = all_vintages(figures, limit)?;
    let order = stable(vintages.height());
    // What was sorted before stays in order among equals.
    for by in ["as_of", "days", "date", "series"] {
        vintages.sort_in_place([by], order.clone())?;
    }
    let (series, date) = (vintages.column("series")?.u32()?, vintages.column("date")?.i32()?);
    let (days, value) = (vintages.column("days")?.i32()?, vintages.column("value")?.f64()?);
    let is_last = series.not_equal_missing(&series.shift(-1))
        | date.not_equal_missing(&date.shift(-1))
        | days.not_equal_missing(&days.shift(-1));
    vintages
        .filter_seq(&(is_last & value.is_not_null()))?
        .select(["series", "date", "days", "status", "value"])
}

/// Of each family of measures the figures of the source that counts in a period. A source that has no figure in the period counts
/// only where none has.
fn counted(
    known: &DataFrame,
    numbers: &Numbers,
    (authority, from, to): (&Authority, NaiveDate, NaiveDate),
) -> PolarsResult<DataFrame> {
    let (series, days) = (known.column("series")?.u32()?, known.column("days")?.i32()?);
    let (date, first, last) = (known.column("date")?.i32()?, to_days(from), to_days(to));
    // Of each series that has figures: whether one is of the period.
    let mut speaks: Vec<Option<bool>> = vec![None; numbers.len()];
    for ((series, date), days) in series.iter().zip(date.iter()).zip(days.iter()) {
        let (Some(series), Some(date), Some(days)) = (series, date, days) else { continue };
        let is_inside = date >= first && date - days < last;
        *speaks[series as usize].get_or_insert(false) |= is_inside;
    }
    // A source speaks of a whole family if it speaks of any of its measures.
    let mut voices: BTreeMap<(u32, u32), (bool, i32)> = BTreeMap::new();
    for (series, speaks) in numbers.all().filter_map(|series| Some((series, speaks[series as usize]?))) {
        let SeriesKey { location, source, .. } = numbers.key(series);
        let rank = authority.rank_on(source, location, from);
        let voice = voices.entry((numbers.family_number(series), numbers.voice(series)));
        voice.and_modify(|(known, _)| *known |= speaks).or_insert((speaks, rank));
    }
    // Voices are numbered by the names of the sources: among equals the first in the alphabet.
    let mut heard: BTreeMap<u32, ((bool, i32), Reverse<u32>)> = BTreeMap::new();
    for ((family, voice), weight) in voices {
        let best = heard.entry(family).or_insert((weight, Reverse(voice)));
        *best = (*best).max((weight, Reverse(voice)));
    }
    let is_heard = |series: u32| {
        let best = heard.get(&numbers.family_number(series));
        best.is_some_and(|(_, voice)| voice.0 == numbers.voice(series))
    };
    let is_heard: Vec<bool> = numbers.all().map(is_heard).collect();
    if is_heard.iter().all(|heard| *heard) {
        return Ok(known.clone());
    }
    known.filter_seq(&of_each(series, |series| is_heard[series as usize]))
}

/// What is true of each value of a column, all of which have one.
fn of_each<T: PolarsNumericType, R, C: FromIterator<Option<R>>>(
    column: &ChunkedArray<T>,
    of: impl Fn(T::Native) -> R,
) -> C {
    column.iter().map(|value| value.map(&of)).collect()
}

fn all_vintages(figures: &[Numbered<'_>], limit: i64) -> PolarsResult<DataFrame> {
    let known = || figures.iter().filter(|(o, _)| o.as_of.millis() <= limit);
    let whole = |name: &str, read: &dyn Fn(&Observation) -> i32| {
        Column::new(name.into(), known().map(|(o, _)| read(o)).collect::<Vec<_>>())
    };
    let code = |status: Status| STATUSES.iter().position(|other| *other == status).unwrap_or_default();
    DataFrame::new_infer_height(vec![
        Column::new("series".into(), known().map(|(_, series)| *series).collect::<Vec<_>>()),
        whole("date", &|o| to_days(o.date)),
        whole("days", &|o| i32::try_from(o.days).unwrap_or(i32::MAX)),
        whole("status", &|o| i32::try_from(code(o.status)).unwrap_or(i32::MAX)),
        Column::new("value".into(), known().map(|(o, _)| o.value).collect::<Vec<_>>()),
        Column::new("as_of".into(), known().map(|(o, _)| o.as_of.millis()).collect::<Vec<_>>()),
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

    #[test]
    fn the_higher_rank_counts_below_nought_too_and_the_alphabet_among_equals() {
        let figures = [
            figure("city", "cases_total", "2021-06-22", 18_162.0, "2021-06-22"),
            figure("province", "cases_total", "2021-06-22", 3_908.0, "2021-06-22"),
        ];
        let total = |city: i32, province: i32| {
            let authority = Authority::new([("city".to_owned(), city), ("province".to_owned(), province)]);
            let grids = Snapshot::new(&figures, None, &authority).unwrap().grids(None).unwrap();
            grids[0].cells(Measure::CasesTotal)[0].unwrap().value
        };
        assert_eq!(total(-5, -1), 3_908.0);
        assert_eq!(total(-1, -5), 18_162.0);
        assert_eq!(total(-1, -1), 18_162.0);
    }

    #[test]
    fn a_figure_that_was_withdrawn_is_gone_and_one_of_a_week_stands_beside_that_of_its_last_day() {
        let day = figure("dinkes", "cases", "2021-06-27", 300.0, "2021-06-28");
        let week = Observation { days: 7, value: Some(1_900.0), ..day.clone() };
        let gone = Observation { value: None, ..figure("dinkes", "cases", "2021-06-27", 0.0, "2021-06-29") };
        let read = |figures: &[Observation]| {
            let grids = Snapshot::new(figures, None, &Authority::default()).unwrap().grids(None).unwrap();
            let lumps = grids[0].lumps.get(&Measure::Cases).map_or(0, Vec::len);
            (grids[0].cells(Measure::Cases).last().copied().flatten().map(|cell| cell.value), lumps)
        };
        assert_eq!(read(&[week.clone(), day.clone()]), (Some(300.0), 1));
        assert_eq!(
            read(&[gone.clone(), week.clone(), day.clone()]),
            (None, 1),
            "whatever order they come in"
        );
        assert!(Snapshot::new(&[gone, day], None, &Authority::default()).unwrap().is_empty());
    }
}
