//! Where from a day on another source counts: every indicator is one source's, and none is a difference of two.
//!
//! Each period has a layer with all that its source reported ([`Layer`]). A day's indicators are worked out on the layer of its
//! period, weeks that reach back before it too. Where that source has not got the whole week, one of the periods before
//! is asked for it and for all that is worked out from it; where none has, the week is missing, because the source changed.

use chrono::{Duration, NaiveDate};

use super::table::IndicatorTable;
use crate::epi::{Estimate, IndicatorKind as Kind, Missing};
use crate::observation::{Cell, Grid, Layer};

/// The indicators of a place with several periods, each period's worked out by `compute`; `None` where one source counts always.
pub(super) fn across(grid: &Grid, compute: impl Fn(&Grid) -> IndicatorTable) -> Option<IndicatorTable> {
    if grid.layers.is_empty() {
        return None;
    }
    let tables: Vec<(NaiveDate, IndicatorTable)> =
        grid.layers.iter().map(|Layer { from, grid }| (*from, compute(grid))).collect();
    let mut whole = IndicatorTable::new(grid.location.clone(), grid.first, grid.len);
    whole.population = tables.last().and_then(|(_, table)| table.population);
    for (place, (from, table)) in tables.iter().enumerate() {
        let end = tables.get(place + 1).map(|(next, _)| *next);
        let is_of_period = |date: NaiveDate| date >= *from && end.is_none_or(|end| date < end);
        whole.flags.extend(table.flags.iter().filter(|flag| is_of_period(flag.date)).cloned());
        for index in (0..grid.len).filter(|index| is_of_period(grid.date(*index))) {
            for kind in Kind::ALL.iter().copied() {
                whole.set(kind, index, of_one_source(&tables[..=place], kind, grid.date(index)));
            }
        }
    }
    Some(whole)
}

/// An indicator of a day in the last of these periods.
fn of_one_source(tables: &[(NaiveDate, IndicatorTable)], kind: Kind, date: NaiveDate) -> Estimate {
    let Some(((from, own), earlier)) = tables.split_last() else {
        return Estimate::Missing(Missing::NeverReported);
    };
    let reaches_back = |kind| date - Duration::days(reach_days(kind) - 1) < *from;
    let lacks = |table: &IndicatorTable, kind| {
        matches!(table.at(kind, date), Estimate::Missing(Missing::WeekIncomplete | Missing::NoPreviousWeek))
    };
    // What is worked out from a count goes with it: a week of one source is not held against the week of another.
    let count = counted(kind);
    let has_count =
        |(_, table): &&(NaiveDate, IndicatorTable)| !matches!(table.at(count, date), Estimate::Missing(_));
    let table = match earlier.iter().rev().find(has_count) {
        Some((_, whole)) if lacks(own, count) && reaches_back(count) => whole,
        _ => own,
    };
    if lacks(table, kind) && reaches_back(kind) && !earlier.is_empty() {
        return Estimate::Missing(Missing::SourceChanged);
    }
    table.at(kind, date)
}

/// The count that an indicator is worked out from.
fn counted(kind: Kind) -> Kind {
    match kind {
        Kind::CasesPrev7d
        | Kind::GrowthRatio
        | Kind::GrowthPct
        | Kind::DoublingDays
        | Kind::Incidence7dPer100k
        | Kind::Incidence14dPer100k
        | Kind::CasesMean7d
        | Kind::CasesMean7dPer100k
        | Kind::Cases7dAhead1w
        | Kind::Cases7dAhead2w => Kind::Cases7d,
        Kind::StaffPrevalence14dPct | Kind::StaffRatio => Kind::StaffCases14d,
        other => other,
    }
}

/// Over how many days an indicator looks.
fn reach_days(kind: Kind) -> i64 {
    match kind {
        Kind::CasesPrev7d
        | Kind::GrowthRatio
        | Kind::GrowthPct
        | Kind::DoublingDays
        | Kind::Incidence14dPer100k
        | Kind::StaffCases14d
        | Kind::StaffPrevalence14dPct
        | Kind::StaffRatio
        | Kind::RtRatio
        | Kind::Cases7dAhead1w
        | Kind::Cases7dAhead2w => 14,
        _ => 7,
    }
}

/// What is drawn and told by day: each day's by the source that counts on it, its difference to the day before too.
pub(super) fn days_across(
    grid: &Grid,
    daily: impl Fn(&Grid) -> Vec<Option<Cell>>,
) -> Option<Vec<Option<Cell>>> {
    let layers: Vec<(NaiveDate, Vec<Option<Cell>>)> =
        grid.layers.iter().map(|Layer { from, grid }| (*from, daily(grid))).collect();
    let of_day = |index: usize| {
        let (_, days) = layers.iter().rev().find(|(from, _)| *from <= grid.date(index))?;
        days.get(index).copied().flatten()
    };
    (!layers.is_empty()).then(|| (0..grid.len).map(of_day).collect())
}
