//! How firmly a level stands: what it would be at the ends of the figures' intervals, and with late reports of the usual size.

use chrono::{Duration, NaiveDate};

use super::board::{Board, Tilt};
use super::case::Case;
use super::memory::Memory;
use super::policy::Policy;
use super::report::{LateReports, Sensitivity};
use crate::epi::{IndicatorKind, Window};

/// So many weeks are looked back on.
const WEEKS: u32 = 10;

/// What the level of a day would be if its figures were others within their uncertainty.
///
/// Every figure of the day is put at the upper end of its 95% interval at once, then at the lower: a joint bound, wider than 95%.
/// The days before stay as they are, and so does what stands. Late reports: the counts of the last week are multiplied by what
/// the nowcast says is still to come (`nowcast_cases_7d / cases_7d`), on the day and on the same weekday of the weeks before.
pub(super) fn sensitivity(
    case: Case<'_>,
    policy: &Policy,
    date: NaiveDate,
    memory: Option<&Memory>,
) -> Sensitivity {
    let step = |tilt: Tilt| {
        let board = Board::tilted(case, policy, Window { from: date, to: date }, tilt);
        board.weigh(board.place(date), memory).step
    };
    Sensitivity {
        step_at_lower: step(Tilt::Lower),
        step_at_upper: step(Tilt::Upper),
        late_reports: late_reports(case, policy, date),
    }
}

fn late_reports(case: Case<'_>, policy: &Policy, date: NaiveDate) -> Option<LateReports> {
    let value = |kind| case.table.at(kind, date).value().filter(|value| *value > 0.0);
    let factor = value(IndicatorKind::NowcastCases7d)? / value(IndicatorKind::Cases7d)?;
    let (mut weeks, mut raised_weeks) = (0, 0);
    let week = |back: u32| date - Duration::days(7 * i64::from(back));
    let known = Board::new(case, policy, Window { from: week(WEEKS - 1), to: date });
    for day in (0..WEEKS).map(week) {
        let as_known = known.called(known.place(day));
        let late = Board::tilted(case, policy, Window { from: day, to: day }, Tilt::Times(factor));
        let with_late = late.called(late.place(day));
        if as_known.is_known {
            weeks += 1;
            raised_weeks += u32::from(with_late.at_least > as_known.at_least);
        }
    }
    Some(LateReports { factor, raised_weeks, weeks })
}
