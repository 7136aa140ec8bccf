//! Sums over rolling days that survive gaps, and the daily series behind the curve.
//!
//! A sum is taken from running totals when both ends are known, else from the single days (and lumps that lie
//! wholly inside), else it is missing. Nothing is spread over days it was not reported for.
//!
//! Where somebody judged a day (its figure is spread over several days, or counts as missing) the running totals still hold
//! what was reported: they are not taken over that day, only over the stretches between judged days. So a gap in the days
//! does not blank a week there either.

use std::borrow::Cow;
use std::ops::Range;

use chrono::NaiveDate;

use super::seam::days_across;
use crate::epi::{Estimate, Known, Missing, Status};
use crate::observation::{Cell, Grid, Lump, Mark, Measure};

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
    CountedDays::new(grid, counted).sum_ending(index, days)
}

/// The daily new cases: as reported, else the difference of two totals on neighbouring days.
#[must_use]
pub fn daily_cases(grid: &Grid) -> Vec<Option<Cell>> {
    days_across(grid, daily_cases).unwrap_or_else(|| CountedDays::new(grid, CASES).daily.into_owned())
}

/// A count of one location, laid out once so that every sum over it is cheap.
#[derive(Debug)]
pub struct CountedDays<'a> {
    grid: &'a Grid,
    counted: Counted,
    totals: &'a [Option<Cell>],
    lumps: &'a [Lump],
    /// The new count of each day: as reported or judged, else the difference of neighbouring totals.
    pub daily: Cow<'a, [Option<Cell>]>,
    /// The days whose new count is not what was reported.
    judged: Vec<bool>,
    is_reported: bool,
}

impl<'a> CountedDays<'a> {
    /// Lays a count out.
    #[must_use]
    pub fn new(grid: &'a Grid, counted: Counted) -> Self {
        let flows = grid.cells(counted.flow);
        let totals = grid.cells(counted.total);
        let mut judged = Vec::new();
        for (date, mark) in grid.marks.get(&counted.flow).into_iter().flatten() {
            if let (Some(index), Mark::Spread | Mark::Excluded) = (grid.index(*date), mark) {
                judged.resize(grid.len, false);
                judged[index] = true;
            }
        }
        let is_judged = |index: usize| judged.get(index).copied().unwrap_or(false);
        let told_or_counted = |index: usize| {
            let told = slot(flows, index);
            if told.is_some() || is_judged(index) { told } else { difference(totals, index) }
        };
        let daily = if totals.is_empty() && flows.len() == grid.len {
            Cow::Borrowed(flows)
        } else {
            (0..grid.len).map(told_or_counted).collect()
        };
        Self {
            grid,
            counted,
            totals,
            lumps: grid.lumps(counted.flow),
            daily,
            is_reported: grid.has(counted.flow) || grid.has(counted.total),
            judged,
        }
    }

    /// The sums of `days` days that end on each of some slots.
    #[must_use]
    pub fn sums(&self, days: usize, slots: Range<usize>) -> Vec<Estimate> {
        let dates = self.grid.date(slots.start).iter_days();
        if !self.is_of_single_days() {
            return slots.zip(dates).map(|(index, date)| self.sum_on((index, date), days)).collect();
        }
        let first = slots.start.saturating_sub(days - 1);
        let (sums, weakest) = windows(&self.daily[first..slots.end], days);
        let dates: Vec<NaiveDate> = dates.take(slots.len()).collect();
        // Slices of one length: the column is laid out once and filled in place.
        let skipped = slots.start - first;
        let found = sums[skipped..].iter().zip(&weakest[skipped..]);
        let told = |((index, date), (sum, status)): ((usize, &NaiveDate), (&f64, &Status))| {
            let sum = (!sum.is_nan()).then_some((*sum, *status));
            self.known((index, *date), sum, days)
        };
        slots.zip(&dates).zip(found).map(told).collect()
    }

    /// Whether every sum is one of single days: no running total, no lump, nothing judged.
    fn is_of_single_days(&self) -> bool {
        self.grid.has(self.counted.flow)
            && !self.grid.has(self.counted.total)
            && self.lumps.is_empty()
            && self.judged.is_empty()
    }

    /// The sum of the `days` days that end on slot `index`.
    #[must_use]
    pub fn sum_ending(&self, index: usize, days: usize) -> Estimate {
        self.sum_on((index, self.grid.date(index)), days)
    }

    fn sum_on(&self, (index, date): (usize, NaiveDate), days: usize) -> Estimate {
        if !self.is_reported {
            return Estimate::Missing(Missing::NeverReported);
        }
        let first = (index + 1).saturating_sub(days);
        if !self.judged.is_empty() && (first..=index).any(|slot| self.is_judged(slot)) {
            return self.known((index, date), self.sum_around_judged(first, index), days);
        }
        let ends =
            (slot(self.totals, index), index.checked_sub(days).and_then(|from| slot(self.totals, from)));
        let sum = match ends {
            (Some(to), Some(from)) if to.value < from.value => {
                return Estimate::Missing(Missing::TotalFell);
            }
            (Some(to), Some(from)) => Some((to.value - from.value, to.status.max(from.status))),
            _ => self.sum_of_days(index, days),
        };
        self.known((index, date), sum, days)
    }

    #[inline]
    fn known(&self, (index, date): (usize, NaiveDate), sum: Option<(f64, Status)>, days: usize) -> Estimate {
        match sum {
            Some((value, status)) => Estimate::Known(Known::plain(value, status.max(Status::Derived), date)),
            None => Estimate::Missing(self.missing(index, days)),
        }
    }

    /// Why there is no sum: somebody excluded a figure that it needs, or days are not known.
    #[cold]
    fn missing(&self, index: usize, days: usize) -> Missing {
        if self.grid.marks.is_empty() {
            return Missing::WeekIncomplete;
        }
        let excluded = |measure, slot| self.grid.mark(measure, slot) == Some(Mark::Excluded);
        let first = (index + 1).saturating_sub(days);
        let is_day_excluded = (first..=index).any(|slot| excluded(self.counted.flow, slot));
        let ends = [Some(index), index.checked_sub(days)];
        let is_end_excluded = ends.into_iter().flatten().any(|slot| excluded(self.counted.total, slot));
        if is_day_excluded || is_end_excluded { Missing::Excluded } else { Missing::WeekIncomplete }
    }

    fn is_judged(&self, index: usize) -> bool {
        self.judged.get(index).copied().unwrap_or(false)
    }

    /// The sum of the slots `first..=last`: judged days as judged, the stretches between them from running totals where both
    /// ends are known, else from their days.
    fn sum_around_judged(&self, first: usize, last: usize) -> Option<(f64, Status)> {
        let mut day = first;
        let (mut sum, mut status) = (0.0, Status::Printed);
        while day <= last {
            let stretch = if self.is_judged(day) { None } else { self.between_totals(day, last) };
            let (cell, length) = stretch
                .or_else(|| slot(&self.daily, day).map(|cell| (cell, 1)))
                .or_else(|| self.lump_inside(day, last))?;
            sum += cell.value;
            status = status.max(cell.status);
            day += length;
        }
        Some((sum, status))
    }

    /// The longest stretch of days from `day` on that nobody judged and that lies between two known running totals.
    fn between_totals(&self, day: usize, last: usize) -> Option<(Cell, usize)> {
        let before = slot(self.totals, day.checked_sub(1)?)?;
        let reach = (day..=last).take_while(|slot| !self.is_judged(*slot));
        let (end, after) = reach.filter_map(|end| Some((end, slot(self.totals, end)?))).last()?;
        (after.value >= before.value).then_some((
            Cell { value: after.value - before.value, status: after.status.max(before.status) },
            end - day + 1,
        ))
    }

    fn sum_of_days(&self, index: usize, days: usize) -> Option<(f64, Status)> {
        let mut day = (index + 1).checked_sub(days)?;
        let (mut sum, mut status) = (0.0, Status::Printed);
        if self.lumps.is_empty() {
            for cell in &self.daily[day..=index] {
                let cell = cell.as_ref()?;
                sum += cell.value;
                status = status.max(cell.status);
            }
            return Some((sum, status));
        }
        while day <= index {
            let (cell, length) =
                slot(&self.daily, day).map(|cell| (cell, 1)).or_else(|| self.lump_inside(day, index))?;
            sum += cell.value;
            status = status.max(cell.status);
            day += length;
        }
        Some((sum, status))
    }

    /// A lump that starts on slot `from` and ends by slot `to`: its figure and its length.
    fn lump_inside(&self, from: usize, to: usize) -> Option<(Cell, usize)> {
        self.lumps
            .iter()
            .filter(|lump| self.grid.index(lump.from) == Some(from))
            .filter_map(|lump| Some((lump.cell, self.grid.index(lump.to)?)))
            .filter(|(_, end)| *end <= to)
            .max_by_key(|(_, end)| *end)
            .map(|(cell, end)| (cell, end - from + 1))
    }
}

/// The sums of the `days` cells up to each, with the weakest status in them; no number where one is not known.
///
/// A pass over all days for each day of the window, in the order in which one window would be added up: so many are added at
/// once, and every sum is the same to the last digit.
fn windows(cells: &[Option<Cell>], days: usize) -> (Vec<f64>, Vec<Status>) {
    let values: Vec<f64> = cells.iter().map(|cell| cell.map_or(f64::NAN, |cell| cell.value)).collect();
    let statuses: Vec<Status> =
        cells.iter().map(|cell| cell.map_or(Status::Printed, |cell| cell.status)).collect();
    let mut sums = vec![0.0; cells.len()];
    let mut weakest = vec![Status::Printed; cells.len()];
    for back in (0..days).rev() {
        for (sum, value) in sums.iter_mut().skip(back).zip(&values) {
            *sum += value;
        }
        for (weakest, status) in weakest.iter_mut().skip(back).zip(&statuses) {
            *weakest = (*weakest).max(*status);
        }
    }
    let incomplete = days.saturating_sub(1).min(sums.len());
    sums[..incomplete].fill(f64::NAN);
    (sums, weakest)
}

fn slot(cells: &[Option<Cell>], index: usize) -> Option<Cell> {
    cells.get(index).copied().flatten()
}

/// The new count of a day from the totals of it and the day before.
fn difference(totals: &[Option<Cell>], index: usize) -> Option<Cell> {
    let (to, from) = (slot(totals, index)?, slot(totals, index.checked_sub(1)?)?);
    (to.value >= from.value).then_some(Cell {
        value: to.value - from.value,
        status: to.status.max(from.status).max(Status::Derived),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epi::LocationId;

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
    fn a_week_with_judged_days_is_theirs_and_totals_bridge_only_what_lies_between() {
        // The total of every day is known but 25 June, the count of no day but the judged ones.
        let mut june = grid("2021-06-20", "2021-06-28");
        for (day, total) in
            [(20, 1000.0), (21, 1010.0), (22, 1020.0), (23, 1030.0), (24, 1330.0), (26, 1350.0), (27, 1360.0)]
        {
            june.put(None, Measure::CasesTotal, format!("2021-06-{day}").parse().unwrap(), cell(total));
        }
        assert_eq!(sum_ending(&june, CASES, 7, 7).value(), Some(360.0));
        // The 300 of the 24th are spread over the 22nd to the 24th, with the ten that each of the others had.
        for (day, value) in [(22, 110.0), (23, 110.0), (24, 100.0)] {
            let date: chrono::NaiveDate = format!("2021-06-{day}").parse().unwrap();
            june.put(None, Measure::Cases, date, cell(value));
            june.marks.entry(Measure::Cases).or_default().insert(date, Mark::Spread);
        }
        assert_eq!(
            sum_ending(&june, CASES, 7, 7).value(),
            Some(360.0),
            "the sum stays, over the gap of the 25th"
        );
        assert_eq!(sum_ending(&june, CASES, 3, 3).value(), Some(10.0 + 110.0 + 110.0));
        assert_eq!(daily_cases(&june)[4].map(|cell| cell.value), Some(100.0));
        // Excluded, the day is missing although totals on both sides are known.
        let date = june.date(3);
        june.measures.get_mut(&Measure::Cases).unwrap()[3] = None;
        june.marks.entry(Measure::Cases).or_default().insert(date, Mark::Excluded);
        assert_eq!(sum_ending(&june, CASES, 7, 7), Estimate::Missing(Missing::Excluded));
        assert_eq!(daily_cases(&june)[3], None);
        assert_eq!(sum_ending(&june, CASES, 7, 3).value(), Some(30.0), "days outside are as reported");
        // A confirmed figure is as reported.
        june.marks.get_mut(&Measure::Cases).unwrap().clear();
        june.marks.get_mut(&Measure::Cases).unwrap().insert(date, Mark::Confirmed);
        assert_eq!(sum_ending(&june, CASES, 7, 7).value(), Some(360.0));
    }

    #[test]
    fn an_excluded_total_is_the_reason_where_it_was_needed() {
        let mut june = grid("2021-06-20", "2021-06-28");
        for (day, total) in [(20, 17_735.0), (21, 17_800.0), (28, 20_015.0)] {
            june.put(None, Measure::CasesTotal, format!("2021-06-{day}").parse().unwrap(), cell(total));
        }
        let date = june.date(7);
        june.marks.entry(Measure::CasesTotal).or_default().insert(date, Mark::Excluded);
        assert_eq!(sum_ending(&june, CASES, 7, 7), Estimate::Missing(Missing::Excluded));
        assert_eq!(sum_ending(&june, CASES, 8, 7).value(), Some(2_215.0));
        assert_eq!(sum_ending(&june, CASES, 6, 5), Estimate::Missing(Missing::WeekIncomplete));
    }

    #[test]
    fn sums_of_many_days_at_once_are_those_of_one_day_at_a_time() {
        let mut june = grid("2021-06-01", "2021-06-30");
        for day in (1..=30).filter(|day| *day != 12) {
            let status = if day == 20 { Status::Reconstructed } else { Status::Printed };
            let cell = Cell { value: 0.1 * f64::from(day), status };
            june.put(None, Measure::Cases, format!("2021-06-{day:02}").parse().unwrap(), cell);
        }
        let days = CountedDays::new(&june, CASES);
        assert!(days.is_of_single_days());
        for from in [0, 3, 6, 17] {
            let one_by_one: Vec<Estimate> = (from..june.len).map(|slot| days.sum_ending(slot, 7)).collect();
            assert_eq!(days.sums(7, from..june.len), one_by_one, "from slot {from}");
        }
        assert_eq!(days.sums(7, 12..13), [Estimate::Missing(Missing::WeekIncomplete)]);
    }

    #[test]
    fn a_total_that_fell_gives_no_week() {
        let mut june = grid("2021-06-20", "2021-06-27");
        june.put(None, Measure::CasesTotal, "2021-06-20".parse().unwrap(), cell(19_568.0));
        june.put(None, Measure::CasesTotal, "2021-06-27".parse().unwrap(), cell(10_760.0));
        assert_eq!(sum_ending(&june, CASES, 7, 7), Estimate::Missing(Missing::TotalFell));
    }
}
