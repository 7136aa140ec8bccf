//! What was known each day when the level was worked out, against what is known of the same days now.

use chrono::NaiveDate;

use super::plot::{Plot, PlotRow, reason};
use super::unit::Unit;
use crate::chart::{Form, Series, SeriesPoint};
use crate::epi::{IndicatorKind, Window};
use crate::text::date_medium;
use crate::web::figures::figure::Cell;
use crate::web::figures::{Asked, Per, Subject};

pub(super) fn plot(subject: Subject<'_>, asked: Asked) -> Plot {
    let t = subject.phrases;
    let (kind, unit) = match asked.per {
        Some(Per::Residents) => (IndicatorKind::Incidence7dPer100k, Unit::Rate),
        _ => (IndicatorKind::Cases7d, Unit::Count),
    };
    let mut plot = Plot::new(subject, ("cases", asked), unit);
    let key = if unit == Unit::Count { "chart-revisions-subtitle" } else { "chart-revisions-subtitle-rate" };
    plot.subtitle = t.say_with(key, &[("city", &subject.journey.city.name)]);
    plot.caption = t.say("chart-revisions-caption");
    plot.columns = ["chart-revisions-then", "chart-revisions-now", "chart-revisions-change"]
        .map(|key| t.say(key))
        .into();
    let window = Window { from: plot.range.0, to: plot.range.1 };
    let days: Vec<Day> = window.days().map(|date| Day::new(subject, kind, date)).collect();
    plot.rows = days.iter().map(|day| day.row(subject, unit)).collect();
    plot.nothing = days.last().map(|day| day.missing.clone()).unwrap_or_default();
    plot.title = finding(subject, unit, &days);
    plot.begin_at_first_value();
    let shown: Vec<&Day> = days.iter().filter(|day| day.date >= plot.range.0).collect();
    let points = |of: fn(&Day) -> Option<f64>| {
        shown
            .iter()
            .map(|day| SeriesPoint { date: day.date, value: of(day), ..SeriesPoint::default() })
            .collect()
    };
    plot.series = vec![
        Series { name: t.say("chart-revisions-now"), form: Form::Main, points: points(|day| day.now) },
        Series { name: t.say("chart-revisions-then"), form: Form::Beside, points: points(|day| day.then) },
    ];
    plot
}

struct Day {
    date: NaiveDate,
    /// As it was when the day was assessed.
    then: Option<f64>,
    now: Option<f64>,
    missing: String,
}

impl Day {
    fn new(subject: Subject<'_>, kind: IndicatorKind, date: NaiveDate) -> Self {
        let report = subject.view.known_then(kind, date);
        // A value carried from an earlier day is not what was known of this one.
        let own = report.filter(|report| report.date.is_none_or(|of| of == date));
        let now = subject.view.table.at(kind, date);
        Self {
            date,
            then: own.and_then(|report| report.value),
            now: now.value(),
            missing: reason(now.reason(), subject.phrases),
        }
    }

    /// By how much it differs, where both are known and read differently.
    fn change(&self) -> Option<f64> {
        let change = self.now? - self.then?;
        Some(if change.abs() < 0.05 { 0.0 } else { change })
    }

    fn row(&self, subject: Subject<'_>, unit: Unit) -> PlotRow {
        let (t, locale) = (subject.phrases, subject.locale());
        let shown = |value: f64| unit.value(value, locale);
        let text = |value: Option<f64>| value.map_or_else(|| t.say("chart-key-no-figure"), shown);
        let said = match (self.then, self.now) {
            (None, None) => self.missing.clone(),
            _ => {
                let args = [("then", &*text(self.then)), ("now", &*text(self.now))];
                t.say_with("chart-revisions-day", &args)
            }
        };
        let signed = |value: f64| if value > 0.0 { format!("+{}", shown(value)) } else { shown(value) };
        PlotRow {
            date: self.date,
            days: 1,
            said,
            value: self.now.or(self.then),
            cells: vec![
                Cell::of(self.then, shown),
                Cell::of(self.now, shown),
                Cell::of(self.change(), signed),
            ],
        }
    }
}

/// The day that changed most; a day of which nothing was known then is told only where no other changed.
fn finding(subject: Subject<'_>, unit: Unit, days: &[Day]) -> String {
    let t = subject.phrases;
    let shown = |value: Option<f64>| value.map(|value| unit.value(value, t.locale)).unwrap_or_default();
    let changed = days.iter().filter_map(|day| Some((day, day.change()?)));
    let both = changed.clone().count();
    let most = changed
        .filter(|(_, change)| *change != 0.0)
        .max_by(|one, other| one.1.abs().total_cmp(&other.1.abs()));
    if let Some((day, _)) = most {
        let date = date_medium(day.date, t.locale);
        let args = [("date", &*date), ("then", &*shown(day.then)), ("now", &*shown(day.now))];
        return t.say_with("chart-revisions-title", &args);
    }
    let later = days.iter().filter(|day| day.then.is_none() && day.now.is_some()).count();
    match (both, later) {
        (0, _) => t.say("chart-revisions-none"),
        (_, 0) => t.say("chart-revisions-same"),
        (_, later) => {
            let count = crate::web::words::count(later, t.locale);
            let key = if later == 1 { "chart-revisions-later-one" } else { "chart-revisions-later" };
            t.say_with(key, &[("days", &count)])
        }
    }
}
