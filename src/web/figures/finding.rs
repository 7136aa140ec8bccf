//! What a chart says, in words: its title. A title never claims more than the figures that are drawn.

use chrono::NaiveDate;

use super::Subject;
use crate::epi::IndicatorKind;
use crate::text::{date_medium, number};

/// Below this many cases in either week no percentage is given.
const PERCENT_FROM: f64 = 10.0;
/// A daily figure this many days old is no news any more.
const NEWS_DAYS: i64 = 3;

/// The finding of the epidemic curve: a record, else the trend of the week, else the highest day shown.
pub(super) fn of_cases(subject: Subject<'_>, range: (NaiveDate, NaiveDate)) -> String {
    let t = subject.phrases;
    record(subject)
        .or_else(|| trend(subject))
        .or_else(|| highest(subject, range))
        .unwrap_or_else(|| t.say("chart-title-none"))
}

fn daily(subject: Subject<'_>) -> Vec<(NaiveDate, f64)> {
    let view = subject.view;
    let cells = view.daily.iter().enumerate();
    let known = cells.filter_map(|(slot, cell)| Some((view.grid.date(slot), cell.as_ref()?.value)));
    known.filter(|(date, _)| *date <= view.date).collect()
}

/// The latest day is the highest of all that are known.
fn record(subject: Subject<'_>) -> Option<String> {
    let known = daily(subject);
    let ((first, _), (last, cases)) = (*known.first()?, *known.last()?);
    let is_news = (subject.view.date - last).num_days() <= NEWS_DAYS;
    let is_highest = known.iter().all(|(_, value)| *value <= cases) && known.len() > 14;
    (is_news && is_highest).then(|| {
        let (since, date) = (date_medium(first, subject.locale()), date_medium(last, subject.locale()));
        let args = [("cases", &*subject.number(cases)), ("since", &*since), ("date", &*date)];
        subject.phrases.say_with("chart-title-record", &args)
    })
}

fn trend(subject: Subject<'_>) -> Option<String> {
    let (table, date) = (&subject.view.table, subject.view.date);
    let cases = table.carried(IndicatorKind::Cases7d, date, 2);
    let before = table.carried(IndicatorKind::CasesPrev7d, date, 2).value()?;
    let growth = table.carried(IndicatorKind::GrowthPct, date, 2).value()?;
    let value = cases.value()?;
    if value < PERCENT_FROM || before < PERCENT_FROM {
        return None;
    }
    let key = match growth.round() {
        rounded if rounded > 0.0 => "chart-title-rise",
        rounded if rounded < 0.0 => "chart-title-fall",
        _ => "chart-title-same",
    };
    let (locale, until) = (subject.locale(), cases.date().unwrap_or(date));
    let args = [
        ("cases", &*subject.number(value)),
        ("pct", &*format!("{}%", number(growth.abs(), locale))),
        ("date", &*date_medium(until, locale)),
    ];
    Some(subject.phrases.say_with(key, &args))
}

fn highest(subject: Subject<'_>, (from, to): (NaiveDate, NaiveDate)) -> Option<String> {
    let shown = daily(subject).into_iter().filter(|(date, _)| (from..=to).contains(date));
    let (date, cases) = shown.max_by(|one, other| one.1.total_cmp(&other.1))?;
    let date = date_medium(date, subject.locale());
    Some(
        subject
            .phrases
            .say_with("chart-title-highest", &[("cases", &subject.number(cases)), ("date", &date)]),
    )
}
