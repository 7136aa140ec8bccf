//! Days with more cases than the days before let expect, and units with more than the city's rate does.

use chrono::NaiveDate;

use crate::epi::{IndicatorKind, Locations};
use crate::export::{Cell, Column, Table};
use crate::indicator::detection::{
    AlarmLimit, ComparedUnit, Cusum, CusumDay, Ears, NoLimit, Unit, c1, c2, c3, cusum, excesses,
    expected_cases,
};
use crate::indicator::{Counted, CountedDays, MethodParameters, compute_grid_of, unit_cases};
use crate::observation::{Grid, Measure};

/// The expectation of the cumulative sum: the mean of so many days …
const USUAL_DAYS: usize = 28;
/// … that end so many days before, so that an outbreak's first days do not count as usual …
const USUAL_GAP: usize = 7;
/// … of which so many must be known.
const USUAL_KNOWN: usize = 21;

/// The columns of a day that is looked at.
#[must_use]
pub fn day_columns() -> Vec<Column> {
    Table::new(&[
        ("date", "the day"),
        ("location", "code of the location"),
        ("unit_id", "work unit; empty for the location itself"),
        ("measure", "what is counted"),
        ("count", "new in the day"),
        ("c1_limit", "EARS C1: more than this stands out against the seven days before"),
        ("c2_limit", "EARS C2: the same against the seven days that end two days earlier"),
        ("c3_limit", "EARS C3: the same, with what the two days before had too many"),
        ("cusum", "cumulative sum of what is beyond the mean of four weeks that end a week earlier, in standard deviations"),
        ("alarms", "which of ears_c1, ears_c2, ears_c3, cusum stand out"),
        ("reason", "why there is no EARS limit: too_early, day_missing, baseline_missing"),
    ])
    .columns
}

/// The columns of a unit that is held against the city.
#[must_use]
pub fn unit_columns() -> Vec<Column> {
    Table::new(&[
        ("date", "the last of the fourteen days"),
        ("location", "code of the location"),
        ("unit_id", "work unit"),
        ("observed", "staff cases of the unit in fourteen days"),
        ("expected", "what the city's rate in the same days gives for its head-count"),
        ("ratio", "observed over expected; empty where nothing is expected"),
        ("ratio_lower", "lower bound of its exact 95% Poisson interval"),
        ("ratio_upper", "upper bound of its exact 95% Poisson interval"),
        ("p", "chance of so many or more at the expected rate"),
        ("p_adjusted", "the same for all units looked at (Benjamini-Hochberg): below 0.05 stands out"),
        ("reason", "why nothing can be said: no_headcount, or why the city's rate is not known"),
    ])
    .columns
}

/// What is looked at, and with which settings.
#[derive(Debug, Clone, Copy)]
pub struct StandingOut<'a> {
    /// Days that are told.
    pub days: (Option<NaiveDate>, Option<NaiveDate>),
    /// What is counted.
    pub measure: Measure,
    /// The EARS baseline.
    pub ears: Ears,
    /// Populations.
    pub locations: &'a Locations,
    /// Numbers of the methods.
    pub method: &'a MethodParameters,
}

impl StandingOut<'_> {
    /// A location's days, and those of its units where the measure is told of units.
    #[must_use]
    pub fn day_rows(&self, grid: &Grid) -> Vec<Vec<Cell>> {
        let counted = Counted { flow: self.measure, total: running_total(self.measure) };
        let value = |cells: &[Option<crate::observation::Cell>]| -> Vec<Option<f64>> {
            cells.iter().map(|cell| cell.map(|cell| cell.value)).collect()
        };
        let own = value(&CountedDays::new(grid, counted).daily);
        let mut rows = self.series_rows(grid, "", &own);
        for (unit, measures) in &grid.units {
            if let Some(cells) = measures.get(&self.measure) {
                rows.extend(self.series_rows(grid, unit, &value(cells)));
            }
        }
        rows
    }

    fn series_rows(&self, grid: &Grid, unit: &str, counts: &[Option<f64>]) -> Vec<Vec<Cell>> {
        if counts.iter().all(Option::is_none) {
            return Vec::new();
        }
        let limits = [c1(counts, &self.ears), c2(counts, &self.ears), c3(counts, &self.ears)];
        let sums = cusum(counts, &usual(counts), &Cusum::default());
        let is_told = |index: &usize| {
            let date = grid.date(*index);
            self.days.0.is_none_or(|from| date >= from) && self.days.1.is_none_or(|to| date <= to)
        };
        let row = |index: usize| {
            let of_day = limits.each_ref().map(|limits| limits[index]);
            let mut row = vec![
                grid.date(index).into(),
                grid.location.as_str().into(),
                unit.into(),
                self.measure.name().into(),
                counts[index].into(),
            ];
            row.extend(of_day.map(|limit| Cell::from(limit.ok().map(|limit| limit.limit))));
            row.push(sums[index].map(|day| day.sum).into());
            row.push(alarms(&of_day, sums[index]).into());
            row.push(of_day[0].err().map_or(Cell::Empty, |reason| reason_code(reason).into()));
            row
        };
        (0..counts.len()).filter(is_told).map(row).collect()
    }

    /// The units of a location on the last day told: fourteen days of each against the city's rate in the same days.
    #[must_use]
    pub fn unit_rows(&self, grid: &Grid) -> Vec<Vec<Cell>> {
        let last = self.days.1.and_then(|to| grid.index(to)).unwrap_or(grid.len.saturating_sub(1));
        let kind = IndicatorKind::Incidence14dPer100k;
        let table = compute_grid_of(grid, self.locations, self.method, &[kind]);
        let rate = table.at(kind, grid.date(last));
        let headcount = |unit: &str| {
            let cells = grid.units.get(unit)?.get(&Measure::StaffHeadcount)?;
            cells[..=last].iter().rev().flatten().next().map(|cell| cell.value)
        };
        let units = unit_cases(grid, last, 14);
        let expected = |unit: &str| Some(expected_cases(headcount(unit)?, rate.value()?));
        let told: Vec<(usize, Unit)> = units
            .iter()
            .enumerate()
            .filter_map(|(place, unit)| {
                Some((place, Unit { observed: unit.cases, expected: expected(&unit.unit_id)? }))
            })
            .collect();
        let compared = excesses(&told.iter().map(|(_, unit)| *unit).collect::<Vec<_>>());
        let of_place = |place: usize| {
            let at = told.iter().position(|(own, _)| *own == place)?;
            compared[at]
        };
        let row = |(place, unit): (usize, &crate::indicator::UnitCases)| {
            let mut row = vec![
                grid.date(last).into(),
                grid.location.as_str().into(),
                unit.unit_id.as_str().into(),
                Cell::Number(unit.cases),
            ];
            row.extend(compared_cells(of_place(place)));
            row.push(match (headcount(&unit.unit_id), rate.reason()) {
                (None, _) => "no_headcount".into(),
                (Some(_), Some(reason)) => reason.code().into(),
                (Some(_), None) => Cell::Empty,
            });
            row
        };
        units.iter().enumerate().map(row).collect()
    }
}

fn compared_cells(unit: Option<ComparedUnit>) -> [Cell; 6] {
    let Some(ComparedUnit { excess, adjusted_p }) = unit else { return [const { Cell::Empty }; 6] };
    let (ratio, interval) = (excess.ratio.map(|ratio| ratio.0), excess.ratio.map(|ratio| ratio.1));
    [
        Cell::Number(excess.expected),
        ratio.into(),
        interval.map(|i| i.lower).into(),
        interval.map(|i| i.upper).into(),
        Cell::Number(excess.p),
        Cell::Number(adjusted_p),
    ]
}

/// What a day's count is held against by the cumulative sum; nothing where too little of it is known.
fn usual(counts: &[Option<f64>]) -> Vec<f64> {
    let of_day = |day: usize| {
        let end = (day + 1).saturating_sub(USUAL_GAP);
        let known: Vec<f64> = counts[end.saturating_sub(USUAL_DAYS)..end].iter().flatten().copied().collect();
        let number = f64::from(u32::try_from(known.len()).unwrap_or(u32::MAX));
        if known.len() < USUAL_KNOWN { f64::NAN } else { known.iter().sum::<f64>() / number }
    };
    (0..counts.len()).map(of_day).collect()
}

fn alarms(limits: &[Result<AlarmLimit, NoLimit>; 3], sum: Option<CusumDay>) -> String {
    let names = ["ears_c1", "ears_c2", "ears_c3"];
    let ears = names.iter().zip(limits).filter(|(_, limit)| limit.is_ok_and(|limit| limit.is_alarm));
    let mut told: Vec<&str> = ears.map(|(name, _)| *name).collect();
    told.extend(sum.filter(|day| day.is_alarm).map(|_| "cusum"));
    told.join(" ")
}

fn reason_code(reason: NoLimit) -> &'static str {
    match reason {
        NoLimit::TooEarly => "too_early",
        NoLimit::DayMissing => "day_missing",
        NoLimit::BaselineMissing => "baseline_missing",
    }
}

/// The running total that belongs to a count; the count itself where there is none.
fn running_total(flow: Measure) -> Measure {
    format!("{flow}_total").parse().unwrap_or(flow)
}
