//! Indicators as rows: a day and a location each, a value with its bounds or the reason why there is none.

use chrono::NaiveDate;

use crate::epi::{Estimate, IndicatorKind};
use crate::export::{Cell, Column, Kind};
use crate::indicator::IndicatorTable;

/// Which days of the indicators are wanted.
#[derive(Debug, Clone, Copy, Default)]
pub struct IndicatorRows {
    /// First day.
    pub from: Option<NaiveDate>,
    /// Last day.
    pub to: Option<NaiveDate>,
}

/// Indicators that have bounds; the others have only a value.
const BOUNDED: [IndicatorKind; 19] = [
    IndicatorKind::GrowthRatio,
    IndicatorKind::GrowthPct,
    IndicatorKind::DoublingDays,
    IndicatorKind::Incidence7dPer100k,
    IndicatorKind::Incidence14dPer100k,
    IndicatorKind::Deaths7dPer100k,
    IndicatorKind::Admissions7dPer100k,
    IndicatorKind::Positivity7dPct,
    IndicatorKind::StaffCases7d,
    IndicatorKind::StaffCases14d,
    IndicatorKind::StaffPrevalence14dPct,
    IndicatorKind::StaffPrevalenceTotalPct,
    IndicatorKind::CasesMean7d,
    IndicatorKind::CasesMean7dPer100k,
    IndicatorKind::Rt,
    IndicatorKind::StaffRatio,
    IndicatorKind::NowcastCases7d,
    IndicatorKind::Cases7dAhead1w,
    IndicatorKind::Cases7dAhead2w,
];

/// The columns of the indicator table.
#[must_use]
pub fn indicator_columns() -> Vec<Column> {
    columns_of(IndicatorKind::ALL)
}

/// The columns of some indicators.
pub(super) fn columns_of(kinds: &[IndicatorKind]) -> Vec<Column> {
    let needed = |kind, name: &str, description: &str| Column {
        is_required: true,
        ..Column::of(kind, name, description)
    };
    let number = |name: &str, description: &str| Column::of(Kind::Number, name, description);
    let mut columns = vec![
        needed(Kind::Date, "date", "last day of the windows"),
        needed(Kind::Text, "location", "Kemendagri code without dots"),
    ];
    for kind in kinds {
        columns.push(number(kind.name(), kind.description()));
        if BOUNDED.contains(kind) {
            columns.push(number(&format!("{}_lower", kind.name()), "lower bound (95%), or at least"));
            columns.push(number(&format!("{}_upper", kind.name()), "upper bound (95%), or at most"));
        }
    }
    columns.push(Column::new("missing", "why a value is empty: indicator=reason, separated by spaces"));
    columns
}

/// One location's rows of [`indicator_columns`].
pub fn indicator_rows<'a>(
    table: &'a IndicatorTable,
    rows: &IndicatorRows,
) -> impl Iterator<Item = Vec<Cell>> + 'a {
    days_of(table, *rows).map(|date| row_of(table, date, IndicatorKind::ALL))
}

/// The days of a table that are wanted.
pub(super) fn days_of(table: &IndicatorTable, rows: IndicatorRows) -> impl Iterator<Item = NaiveDate> + '_ {
    let is_asked = move |date: &NaiveDate| {
        rows.from.is_none_or(|from| *date >= from) && rows.to.is_none_or(|to| *date <= to)
    };
    (0..table.len).map(|index| table.date(index)).filter(is_asked)
}

/// A day of some indicators.
pub(super) fn row_of(table: &IndicatorTable, date: NaiveDate, kinds: &[IndicatorKind]) -> Vec<Cell> {
    let mut row: Vec<Cell> = vec![date.into(), table.location.as_str().into()];
    let mut missing = Vec::new();
    for kind in kinds {
        let estimate = table.at(*kind, date);
        row.push(estimate.value().into());
        if BOUNDED.contains(kind) {
            row.push(estimate.lower().into());
            row.push(estimate.upper().filter(|upper| upper.is_finite()).into());
        }
        if let Estimate::Missing(reason) | Estimate::Range { reason, .. } = estimate {
            missing.push(format!("{}={}", kind.name(), reason.code()));
        }
    }
    row.push(missing.join(" ").into());
    row
}
