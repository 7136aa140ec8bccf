//! Staff (ASN) figures: cases of the last days from running totals of unknown start, prevalence, unit clusters.

use std::collections::BTreeSet;

use crate::epi::{Estimate, Known, Missing, Status, Window};
use crate::indicator::weekly::{Counted, CountedDays};
use crate::observation::{Cell, Grid, Measure};

const STAFF: Counted = Counted { flow: Measure::StaffCases, total: Measure::StaffCasesTotal };

/// Staff cases of the `days` days that end on each slot.
///
/// From seven or fourteen single days, or two totals that far apart, a value. From a running total whose first
/// day is unknown, a range: at least the total less the oldest total inside the window, at most the total less
/// the last one before the window (or the whole total if there is none).
#[must_use]
pub fn staff_cases_by_day(grid: &Grid, days: usize) -> Vec<Estimate> {
    let counted = CountedDays::new(grid, STAFF);
    (0..grid.len).map(|index| staff_cases_of(&counted, grid, index, days)).collect()
}

fn staff_cases_of(counted: &CountedDays<'_>, grid: &Grid, index: usize, days: usize) -> Estimate {
    let exact = counted.sum_ending(index, days);
    if matches!(exact, Estimate::Known(_) | Estimate::Missing(Missing::NeverReported)) {
        return exact;
    }
    let totals = grid.cells(Measure::StaffCasesTotal);
    let Some(total) = totals.get(index).copied().flatten() else {
        return Estimate::Missing(Missing::NoFigure);
    };
    let window_start = (index + 1).saturating_sub(days);
    let oldest_inside = totals[window_start..=index].iter().flatten().next().map_or(0.0, |cell| cell.value);
    let last_before = totals[..window_start].iter().rev().flatten().next().map_or(0.0, |cell| cell.value);
    let (lower, upper) = (total.value - oldest_inside, total.value - last_before);
    if lower < 0.0 || upper < lower {
        return Estimate::Missing(Missing::TotalFell);
    }
    Estimate::Range {
        lower,
        upper,
        reason: Missing::UnknownStart,
        status: total.status.max(Status::Derived),
        date: grid.date(index),
    }
}

/// The running total of staff cases on each slot.
#[must_use]
pub fn staff_totals(grid: &Grid) -> Vec<Estimate> {
    let cells = grid.cells(Measure::StaffCasesTotal);
    let missing = if grid.has(Measure::StaffCasesTotal) { Missing::NoFigure } else { Missing::NeverReported };
    let of_day = |index| known(grid, cells, index).unwrap_or(Estimate::Missing(missing));
    (0..grid.len).map(of_day).collect()
}

/// The last head-count on or before each slot: it holds until the next one.
#[must_use]
pub fn headcounts(grid: &Grid) -> Vec<Estimate> {
    let cells = grid.cells(Measure::StaffHeadcount);
    let mut last = Estimate::Missing(Missing::NoHeadcount);
    let by_day = (0..grid.len).map(|index| {
        last = known(grid, cells, index).unwrap_or(last);
        last
    });
    by_day.collect()
}

fn known(grid: &Grid, cells: &[Option<Cell>], index: usize) -> Option<Estimate> {
    let cell = cells.get(index).copied().flatten()?;
    Some(Estimate::Known(Known::plain(cell.value, cell.status, grid.date(index))))
}

/// The cases of one unit in a window.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitCases {
    /// The unit (OPD).
    pub unit_id: String,
    /// Cases reported in the window; unreported days count as unknown, so this is "at least".
    pub cases: f64,
    /// The weakest status among them.
    pub status: Status,
}

/// Cases of every unit in the `days` days that end on slot `index`, units in order of their ids. A figure for several
/// days counts where all of them are inside.
#[must_use]
pub fn unit_cases(grid: &Grid, index: usize, days: usize) -> Vec<UnitCases> {
    let window_start = (index + 1).saturating_sub(days);
    let window = Window::between(grid.date(window_start), grid.date(index));
    let names: BTreeSet<&String> = grid.units.keys().chain(grid.unit_lumps.keys()).collect();
    let mut units = Vec::new();
    for unit_id in names {
        let cells = grid.units.get(unit_id).and_then(|measures| measures.get(&Measure::StaffCases));
        let cells = cells.map_or(&[][..], Vec::as_slice);
        let end = (index + 1).min(cells.len());
        let lumps = grid.unit_lumps.get(unit_id).and_then(|measures| measures.get(&Measure::StaffCases));
        let lumps = lumps.map_or(&[][..], Vec::as_slice).iter();
        let inside: Vec<&Cell> = cells[window_start.min(end)..end]
            .iter()
            .flatten()
            .chain(lumps.filter(|l| window.contains(l.from) && window.contains(l.to)).map(|lump| &lump.cell))
            .collect();
        if let Some(status) = inside.iter().map(|cell| cell.status).max() {
            let cases = inside.iter().map(|cell| cell.value).sum();
            units.push(UnitCases { unit_id: unit_id.clone(), cases, status });
        }
    }
    units
}

/// How many units have at least `cluster_cases` in the `days` days that end on each slot.
#[must_use]
pub fn unit_clusters_by_day(grid: &Grid, days: usize, cluster_cases: f64) -> Vec<Estimate> {
    if grid.units.is_empty() && grid.unit_lumps.is_empty() {
        return vec![Estimate::Missing(Missing::NoUnitFigures); grid.len];
    }
    (0..grid.len).map(|index| unit_clusters(grid, index, days, cluster_cases)).collect()
}

/// How many units have at least `cluster_cases` in the `days` days that end on slot `index`.
#[must_use]
pub fn unit_clusters(grid: &Grid, index: usize, days: usize, cluster_cases: f64) -> Estimate {
    let units = unit_cases(grid, index, days);
    let Some(status) = units.iter().map(|unit| unit.status).max() else {
        return Estimate::Missing(Missing::NoUnitFigures);
    };
    let clusters = units.iter().filter(|unit| unit.cases >= cluster_cases).count();
    let clusters = f64::from(u32::try_from(clusters).unwrap_or(u32::MAX));
    Estimate::Known(Known::plain(clusters, status.max(Status::Derived), grid.date(index)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epi::LocationId;

    fn asn() -> Grid {
        let mut grid =
            Grid::new(LocationId::new("3271"), "2021-06-01".parse().unwrap(), "2021-06-30".parse().unwrap());
        for (date, total) in [("2021-06-22", 27.0), ("2021-06-28", 42.0)] {
            let cell = Cell { value: total, status: Status::Printed };
            grid.put(None, Measure::StaffCasesTotal, date.parse().unwrap(), cell);
        }
        grid
    }

    #[test]
    fn a_total_of_unknown_start_gives_a_range() {
        let grid = asn();
        let fortnight = staff_cases_by_day(&grid, 14)[27];
        assert_eq!((fortnight.lower(), fortnight.upper()), (Some(15.0), Some(42.0)));
        assert_eq!(fortnight.reason(), Some(Missing::UnknownStart));
        assert_eq!(fortnight.value(), None);
        let first = staff_cases_by_day(&grid, 14)[21];
        assert_eq!((first.lower(), first.upper()), (Some(0.0), Some(27.0)));
        assert_eq!(staff_cases_by_day(&grid, 14)[26], Estimate::Missing(Missing::NoFigure));
    }

    #[test]
    fn the_last_total_before_the_window_caps_the_range() {
        let week = staff_cases_by_day(&asn(), 5)[27];
        assert_eq!((week.lower(), week.upper()), (Some(0.0), Some(15.0)));
        assert_eq!(staff_cases_by_day(&asn(), 6)[27].value(), Some(15.0));
    }

    #[test]
    fn exactly_the_units_with_two_cases_are_clusters() {
        let mut grid = asn();
        for (unit, day, cases) in
            [("dpmptsp", "2021-06-18", 1.0), ("dpmptsp", "2021-06-21", 2.0), ("setda", "2021-06-20", 1.0)]
        {
            let cell = Cell { value: cases, status: Status::Printed };
            grid.put(Some(unit), Measure::StaffCases, day.parse().unwrap(), cell);
        }
        assert_eq!(unit_clusters(&grid, 21, 14, 2.0).value(), Some(1.0));
        assert_eq!(unit_clusters(&grid, 5, 14, 2.0), Estimate::Missing(Missing::NoUnitFigures));
    }
}
