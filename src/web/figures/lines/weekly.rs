//! Work units with a cluster, week by week: how many there were on each Sunday; the week that runs is hatched.

use chrono::{Datelike, Duration, NaiveDate};

use super::plot::{Plot, PlotRow, reason};
use super::unit::Unit;
use crate::chart::{Form, Series, SeriesPoint};
use crate::epi::{IndicatorKind, Missing, Window};
use crate::observation::Measure;
use crate::text::date_medium;
use crate::web::figures::figure::Cell;
use crate::web::figures::{Asked, Subject};
use crate::web::words::span;

const KIND: IndicatorKind = IndicatorKind::UnitClusters;
const WEEK: i64 = 7;

pub(super) fn plot(subject: Subject<'_>, asked: Asked) -> Plot {
    let t = subject.phrases;
    let mut plot = Plot::new(subject, (Measure::StaffCases.family(), asked), Unit::Count);
    let method = &subject.journey.method;
    let args = [
        ("city", subject.journey.city.name.as_str()),
        ("cases", &*subject.number(method.cluster_cases)),
        ("days", &*method.cluster_days.to_string()),
    ];
    plot.subtitle = t.say_with("chart-unit_clusters-subtitle", &args);
    plot.caption = t.say("chart-unit_clusters-caption");
    plot.columns = vec![t.say("chart-unit_clusters-caption")];
    let (weeks, missing) = weeks(subject, (plot.range.0, plot.range.1));
    plot.nothing = reason(missing, t);
    plot.title = finding(subject, &weeks);
    plot.range = (monday(plot.range.0), sunday(plot.range.1));
    plot.rows = weeks.iter().map(|week| week.row(subject)).collect();
    let point = |week: &Week| SeriesPoint {
        date: week.sunday,
        value: week.units,
        is_open: week.is_running && week.units.is_some(),
        ..SeriesPoint::default()
    };
    let points = weeks.iter().map(point).collect();
    plot.series = vec![Series { name: t.say("chart-unit_clusters-caption"), form: Form::Bars(7), points }];
    plot
}

struct Week {
    sunday: NaiveDate,
    /// Units with a cluster on its last day, or on the last day known of it.
    units: Option<f64>,
    is_running: bool,
}

fn monday(date: NaiveDate) -> NaiveDate {
    date - Duration::days(i64::from(date.weekday().num_days_from_monday()))
}

fn sunday(date: NaiveDate) -> NaiveDate {
    monday(date) + Duration::days(WEEK - 1)
}

/// The weeks, and why there is no number where there is none.
fn weeks(subject: Subject<'_>, (from, to): (NaiveDate, NaiveDate)) -> (Vec<Week>, Option<Missing>) {
    let table = &subject.view.table;
    let days = Window { from: monday(from), to: sunday(to) };
    let week = |sunday: NaiveDate| {
        let last = sunday.min(subject.view.date);
        let of = Window { from: monday(sunday), to: last };
        Week {
            sunday,
            units: of.days().rev().find_map(|date| table.at(KIND, date).value()),
            is_running: last < sunday,
        }
    };
    let sundays = days.days().filter(|date| date.weekday() == chrono::Weekday::Sun);
    let withheld = days.days().any(|date| table.at(KIND, date).reason() == Some(Missing::Withheld));
    let missing = if withheld { Some(Missing::Withheld) } else { table.at(KIND, subject.view.date).reason() };
    (sundays.map(week).collect(), missing)
}

impl Week {
    fn row(&self, subject: Subject<'_>) -> PlotRow {
        let t = subject.phrases;
        let week = span(monday(self.sunday), self.sunday, t.locale);
        let said = match self.units {
            Some(units) => counted(subject, units),
            None => t.say("chart-key-no-figure"),
        };
        let running = if self.is_running && self.units.is_some() { "-running" } else { "" };
        let key = format!("chart-unit_clusters-week{running}");
        PlotRow {
            date: self.sunday,
            days: 7,
            said: t.say_with(&key, &[("units", &said), ("week", &week)]),
            value: self.units,
            cells: vec![Cell::of(self.units, |units| subject.number(units))],
        }
    }
}

/// "1 unit", "9 units".
fn counted(subject: Subject<'_>, units: f64) -> String {
    let key = if (units - 1.0).abs() < 0.5 { "chart-units-one" } else { "chart-units" };
    subject.phrases.say_with(key, &[("units", &subject.number(units))])
}

fn finding(subject: Subject<'_>, weeks: &[Week]) -> String {
    let t = subject.phrases;
    let mut known = weeks.iter().rev().filter_map(|week| Some((week, week.units?)));
    let Some((week, units)) = known.next() else {
        let what = t.say("chart-unit_clusters-caption");
        return t.say_with("chart-find-none", &[("what", &what)]);
    };
    let date = date_medium(week.sunday.min(subject.view.date), t.locale);
    let units_said = counted(subject, units);
    let before = known.next().filter(|(earlier, _)| week.sunday - earlier.sunday == Duration::days(WEEK));
    let before_said = before.map(|(_, before)| subject.number(before)).unwrap_or_default();
    let way = match before {
        None => "only",
        Some((_, before)) if (before - units).abs() < 0.5 => "same",
        Some((_, before)) if units > before => "rise",
        Some(_) => "fall",
    };
    let args = [("units", &*units_said), ("date", &*date), ("before", &*before_said)];
    t.say_with(&format!("chart-unit_clusters-{way}"), &args)
}
