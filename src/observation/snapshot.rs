//! Everything as known at one moment, as a polars frame; the only door into polars.
//!
//! Of each figure the last vintage known by `as_of` is taken; of several sources of one measure the one with
//! the higher authority, never a mixture. Where one source counts to a day and another from the next, the place has a layer a
//! period: all that the period's source reported. `indicator` reads the result location by location as grids.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use polars::prelude::*;
use thiserror::Error;

use super::{Authority, Cell, Grid, Layer, Lump, Marks, Measure, Observation};
use crate::epi::{LocationId, Status, Vintage};

/// Polars refused to build or query the frame.
#[derive(Debug, Error)]
#[error("build the table of figures: {0}")]
pub struct SnapshotError(#[from] PolarsError);

/// All figures as known at one moment.
#[derive(Debug, Clone)]
pub struct Snapshot {
    frame: DataFrame,
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

const DAY_ZERO: NaiveDate = NaiveDate::from_ymd_opt(1970, 1, 1).expect("1 January 1970 is a date");

/// What a source with a figure in the period has over those without, beyond any rank.
const SPEAKS: i64 = 1 << 33;

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
        let has_changes =
            |o: &&Observation| authority.has_periods() && !authority.changes(&o.location).is_empty();
        let (changing, steady): (Vec<_>, Vec<_>) = observations.iter().partition(has_changes);
        let mut frames = vec![counted(&steady, limit, (authority, NaiveDate::MIN, NaiveDate::MAX))?];
        let mut places: BTreeMap<&LocationId, Vec<&Observation>> = BTreeMap::new();
        for observation in changing {
            places.entry(&observation.location).or_default().push(observation);
        }
        let mut parts = BTreeMap::new();
        for (location, figures) in places {
            let mut own = Vec::new();
            for (from, to) in periods(&authority.changes(location)) {
                let frame = counted(&figures, limit, (authority, from, to))?;
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
            let order = ["location", "unit_id", "measure", "date"];
            frame = frame.sort(order, SortMultipleOptions::default().with_maintain_order(true))?;
        }
        Ok(Self { frame, marks: Marks::default(), parts })
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
        let location = self.frame.column("location").map_err(SnapshotError)?.str()?;
        let mut grids = Vec::new();
        let mut start = 0;
        while start < location.len() {
            let id = location.get(start);
            let rows = (start..location.len()).take_while(|row| location.get(*row) == id).count();
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
        let Some(mut grid) = empty_grid(part, until)? else { return Ok(None) };
        fill(&mut grid, part)?;
        if !self.parts.contains_key(&grid.location) {
            self.mark(&mut grid, part)?;
        }
        for Part { from, frame } in self.parts.get(&grid.location).into_iter().flatten() {
            let mut layer = Grid::new(grid.location.clone(), grid.first, grid.last());
            fill(&mut layer, frame)?;
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
        let (family, source) = (part.column("family")?.str()?, part.column("source")?.str()?);
        let unit = part.column("unit_id")?.str()?;
        let own = (0..part.height()).filter(|row| unit.get(*row).is_none_or(str::is_empty));
        let counts: BTreeMap<&str, &str> =
            own.filter_map(|row| Some((family.get(row)?, source.get(row)?))).collect();
        for (series, days) in self.marks.iter() {
            let is_of_grid = series.location == grid.location && series.unit_id.is_none();
            if is_of_grid && counts.get(series.measure.family()).is_none_or(|source| *source == series.source)
            {
                grid.marks.entry(series.measure).or_default().extend(days);
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
    observations: &[&Observation],
    limit: i64,
    (authority, from, to): (&Authority, NaiveDate, NaiveDate),
) -> PolarsResult<DataFrame> {
    let figure = ["location", "unit_id", "measure", "source", "date", "days"];
    let of_family = [col("location"), col("unit_id"), col("family")];
    let of_source = [col("location"), col("unit_id"), col("family"), col("source")];
    let is_inside = col("date")
        .gt_eq(lit(to_days(from)))
        .and((col("date") - col("days") + lit(1)).lt_eq(lit(to_days(to))));
    let known = all_vintages(observations, (authority, from))?
        .lazy()
        .filter(col("as_of").lt_eq(lit(limit)))
        .sort(["as_of"], SortMultipleOptions::default().with_maintain_order(true))
        .group_by(figure.map(col))
        .agg(["family", "rank", "status", "value", "as_of"].map(|name| col(name).last()))
        .filter(col("value").is_not_null());
    let order = ["location", "unit_id", "measure", "date"];
    let known = known.collect()?;
    // One source has nobody to be held against, and looking through windows is the dearest part.
    if speaks_alone(&known)? {
        return known.sort(order, SortMultipleOptions::default());
    }
    let known = known.lazy();
    let is_always = (from, to) == (NaiveDate::MIN, NaiveDate::MAX);
    let known = if is_always {
        known
    } else {
        let speaks = is_inside.cast(DataType::Int64).max().over(of_source)?;
        known.with_column((col("rank") + speaks * lit(SPEAKS)).alias("rank"))
    };
    known
        .filter(col("rank").eq(col("rank").max().over(of_family.clone())?))
        .filter(col("source").eq(col("source").min().over(of_family)?))
        .sort(order, SortMultipleOptions::default())
        .collect()
}

/// Whether each family of a place, or of a unit, has figures of one source only.
fn speaks_alone(known: &DataFrame) -> PolarsResult<bool> {
    let column = |name: &str| known.column(name)?.str();
    let (location, unit) = (column("location")?, column("unit_id")?);
    let (family, source) = (column("family")?, column("source")?);
    let mut speaking = HashMap::new();
    Ok((0..known.height()).all(|row| {
        let one = source.get(row);
        *speaking.entry((location.get(row), unit.get(row), family.get(row))).or_insert(one) == one
    }))
}

fn all_vintages(
    observations: &[&Observation],
    (authority, date): (&Authority, NaiveDate),
) -> PolarsResult<DataFrame> {
    let text = |name: &str, read: &dyn Fn(&Observation) -> String| {
        Column::new(name.into(), observations.iter().map(|o| read(o)).collect::<Vec<_>>())
    };
    let whole = |name: &str, read: &dyn Fn(&Observation) -> i32| {
        Column::new(name.into(), observations.iter().map(|o| read(o)).collect::<Vec<_>>())
    };
    let rank = |o: &&Observation| i64::from(authority.rank_on(&o.source, &o.location, date));
    let ranks: Vec<i64> = observations.iter().map(rank).collect();
    let values: Vec<Option<f64>> = observations.iter().map(|o| o.value).collect();
    let known: Vec<i64> = observations.iter().map(|o| o.as_of.millis()).collect();
    DataFrame::new_infer_height(vec![
        text("location", &|o| o.location.to_string()),
        text("unit_id", &|o| o.unit_id.clone().unwrap_or_default()),
        text("measure", &|o| o.measure.name().to_owned()),
        text("family", &|o| o.measure.family().to_owned()),
        text("source", &|o| o.source.clone()),
        Column::new("rank".into(), ranks),
        whole("date", &|o| to_days(o.date)),
        whole("days", &|o| i32::try_from(o.days).unwrap_or(i32::MAX)),
        text("status", &|o| o.status.as_str().to_owned()),
        Column::new("value".into(), values),
        Column::new("as_of".into(), known),
    ])
}

/// A grid for a place's figures, from the first day to the last, or to `until` if that is later.
fn empty_grid(part: &DataFrame, until: Option<NaiveDate>) -> PolarsResult<Option<Grid>> {
    let location = part.column("location")?.str()?;
    let (date, days) = (part.column("date")?.i32()?, part.column("days")?.i32()?);
    let (Some(first), Some(last), Some(id)) = (date.min(), date.max(), location.get(0)) else {
        return Ok(None);
    };
    let reach = date.iter().zip(days.iter()).filter_map(|(date, days)| Some(date? - days? + 1)).min();
    let last = from_days(last);
    let first = from_days(reach.unwrap_or(first).min(first));
    Ok(Some(Grid::new(LocationId::new(id), first, until.map_or(last, |until| until.max(last)))))
}

/// Puts a place's figures into its grid.
fn fill(grid: &mut Grid, part: &DataFrame) -> PolarsResult<()> {
    let unit = part.column("unit_id")?.str()?;
    let (measure, status) = (part.column("measure")?.str()?, part.column("status")?.str()?);
    let (date, days) = (part.column("date")?.i32()?, part.column("days")?.i32()?);
    let (value, source) = (part.column("value")?.f64()?, part.column("source")?.str()?);
    for row in 0..part.height() {
        let (Some(Ok(measure)), Some(status), Some(value), Some(date), Some(days)) = (
            measure.get(row).map(str::parse::<Measure>),
            status.get(row).and_then(Status::parse),
            value.get(row),
            date.get(row),
            days.get(row),
        ) else {
            continue;
        };
        let cell = Cell { value, status };
        let unit = unit.get(row).filter(|unit| !unit.is_empty());
        let (from, to) = (from_days(date - days + 1), from_days(date));
        if let (None, Some(source)) = (unit, source.get(row)) {
            grid.told_by(measure.family(), source, (from, to));
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

#[cfg(test)]
mod tests {
    use super::*;
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
