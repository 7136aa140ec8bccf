//! Sums over rolling days that survive gaps, and the daily series behind the curve.
//!
//! A sum is taken from running totals when both ends are known, else from the single days (and lumps that lie
//! wholly inside), else it is missing. Nothing is spread over days it was not reported for.

use crate::epi::{Estimate, Known, Missing, Status};
use crate::observation::{Cell, Grid, Measure};

/// A count with its running total: which two measures belong together.
#[derive(Debug, Clone, Copy)]
pub struct Counted {
    /// New in the day.
    pub flow: Measure,
    /// Running total.
    pub total: Measure,
}

/// Cases and their running total.
pub const CASES: Counted = Counted { flow: Measure::Cases, total: Measure::CasesTotal };

/// The sum of the `days` days that end on slot `index`.
///
/// # Example
/// Totals of 17,735 on 20 June and 19,568 on 27 June 2021 give 1,833 for the week to 27 June, although no
/// day between was reported (see the tests below).
#[must_use]
pub fn sum_ending(grid: &Grid, counted: Counted, index: usize, days: usize) -> Estimate {
    if !grid.has(counted.flow) && !grid.has(counted.total) {
        return Estimate::Missing(Missing::NeverReported);
    }
    let totals = grid.cells(counted.total);
    let ends = (slot(totals, index), index.checked_sub(days).and_then(|from| slot(totals, from)));
    let sum = match ends {
        (Some(to), Some(from)) if to.value < from.value => {
            return Estimate::Missing(Missing::TotalFell);
        }
        (Some(to), Some(from)) => Some((to.value - from.value, to.status.max(from.status))),
        _ => sum_of_days(grid, counted, index, days),
    };
    sum.map_or(Estimate::Missing(Missing::WeekIncomplete), |(value, status)| {
        Estimate::Known(Known {
            value,
            interval: None,
            status: status.max(Status::Derived),
            date: grid.date(index),
        })
    })
}

/// The daily new cases: as reported, else the difference of two totals on neighbouring days.
#[must_use]
pub fn daily_cases(grid: &Grid) -> Vec<Option<Cell>> {
    (0..grid.len).map(|index| daily(grid, CASES, index)).collect()
}

fn slot(cells: &[Option<Cell>], index: usize) -> Option<Cell> {
    cells.get(index).copied().flatten()
}

fn daily(grid: &Grid, counted: Counted, index: usize) -> Option<Cell> {
    slot(grid.cells(counted.flow), index).or_else(|| {
        let totals = grid.cells(counted.total);
        let (to, from) = (slot(totals, index)?, slot(totals, index.checked_sub(1)?)?);
        (to.value >= from.value).then_some(Cell {
            value: to.value - from.value,
            status: to.status.max(from.status).max(Status::Derived),
        })
    })
}

fn sum_of_days(grid: &Grid, counted: Counted, index: usize, days: usize) -> Option<(f64, Status)> {
    let mut day = (index + 1).checked_sub(days)?;
    let (mut sum, mut status) = (0.0, Status::Printed);
    while day <= index {
        let (cell, length) = daily(grid, counted, day)
            .map(|cell| (cell, 1))
            .or_else(|| lump_inside(grid, counted.flow, day, index))?;
        sum += cell.value;
        status = status.max(cell.status);
        day += length;
    }
    Some((sum, status))
}

/// A lump that starts on slot `from` and ends by slot `to`: its figure and its length.
fn lump_inside(grid: &Grid, flow: Measure, from: usize, to: usize) -> Option<(Cell, usize)> {
    grid.lumps(flow)
        .iter()
        .filter(|lump| grid.index(lump.from) == Some(from))
        .filter_map(|lump| Some((lump.cell, grid.index(lump.to)?)))
        .filter(|(_, end)| *end <= to)
        .max_by_key(|(_, end)| *end)
        .map(|(cell, end)| (cell, end - from + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epi::LocationId;
    use crate::observation::Lump;

    fn grid(from: &str, to: &str) -> Grid {
        Grid::new(LocationId::new("3271"), from.parse().unwrap(), to.parse().unwrap())
    }

    fn cell(value: f64) -> Cell {
        Cell { value, status: Status::Printed }
    }

    #[test]
    fn two_totals_seven_days_apart_give_the_week_and_invent_no_day() {
        let mut june = grid("2021-06-20", "2021-06-27");
        june.put(None, Measure::CasesTotal, "2021-06-20".parse().unwrap(), cell(17_735.0));
        june.put(None, Measure::CasesTotal, "2021-06-27".parse().unwrap(), cell(19_568.0));
        assert_eq!(sum_ending(&june, CASES, 7, 7).value(), Some(1_833.0));
        assert_eq!(sum_ending(&june, CASES, 6, 7), Estimate::Missing(Missing::WeekIncomplete));
        assert!(daily_cases(&june).iter().all(Option::is_none));
    }

    #[test]
    fn a_lump_bounds_a_sum_only_when_it_lies_wholly_inside() {
        let mut june = grid("2021-06-18", "2021-06-28");
        for (day, value) in [(21, 197.0), (22, 230.0), (23, 310.0), (28, 447.0)] {
            june.put(None, Measure::Cases, format!("2021-06-{day}").parse().unwrap(), cell(value));
        }
        let lump = Lump {
            from: "2021-06-24".parse().unwrap(),
            to: "2021-06-27".parse().unwrap(),
            cell: cell(1_096.0),
        };
        june.lumps.insert(Measure::Cases, vec![lump]);
        let week_to =
            |day: &str| sum_ending(&june, CASES, june.index(day.parse().unwrap()).unwrap(), 7).value();
        assert_eq!(week_to("2021-06-27"), Some(1_833.0));
        assert_eq!(week_to("2021-06-28"), Some(230.0 + 310.0 + 1_096.0 + 447.0));
        assert_eq!(week_to("2021-06-26"), None);
    }

    #[test]
    fn a_total_that_fell_gives_no_week() {
        let mut june = grid("2021-06-20", "2021-06-27");
        june.put(None, Measure::CasesTotal, "2021-06-20".parse().unwrap(), cell(19_568.0));
        june.put(None, Measure::CasesTotal, "2021-06-27".parse().unwrap(), cell(10_760.0));
        assert_eq!(sum_ending(&june, CASES, 7, 7), Estimate::Missing(Missing::TotalFell));
    }
}
