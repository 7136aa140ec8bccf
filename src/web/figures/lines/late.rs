//! The last weeks' cases as reported, against what they are expected to be when late reports are in.

use chrono::NaiveDate;

use super::plot::{Plot, PlotRow, interval, reason};
use super::unit::Unit;
use crate::chart::{Form, Series, SeriesPoint};
use crate::epi::{IndicatorKind, Missing, Window};
use crate::text::date_medium;
use crate::web::figures::figure::Cell;
use crate::web::figures::{Asked, Subject};

/// Days that are shown at most: late reports change the last two weeks.
const DAYS: u32 = 28;

pub(super) fn plot(subject: Subject<'_>, asked: Asked) -> Plot {
    let t = subject.phrases;
    let asked = Asked { days: asked.days.map(|days| days.min(DAYS)), ..asked };
    let mut plot = Plot::new(subject, ("cases", asked), Unit::Count);
    plot.subtitle = t.say_with("chart-nowcast-subtitle", &[("city", &subject.journey.city.name)]);
    plot.caption = t.say("chart-nowcast-caption");
    plot.columns =
        ["chart-nowcast-reported", "chart-nowcast-expected", "chart-key-wide"].map(|key| t.say(key)).into();
    let window = Window { from: plot.range.0, to: plot.range.1 };
    let days: Vec<Day> = window.days().map(|date| Day::new(subject, date)).collect();
    plot.rows = days.iter().map(|day| day.row(subject)).collect();
    plot.nothing = days.last().map(|day| reason(day.missing, t)).unwrap_or_default();
    plot.title = finding(subject, &days);
    plot.begin_at_first_value();
    let shown: Vec<&Day> = days.iter().filter(|day| day.date >= plot.range.0).collect();
    let reported =
        shown.iter().map(|day| SeriesPoint { date: day.date, value: day.reported, ..SeriesPoint::default() });
    // Where nothing is still to come the two are one; the dashed line starts where they part, from the last common day.
    let parts = |index: usize| {
        let differs = |day: &&&Day| day.is_expected_to_change();
        shown[index..].iter().take(2).any(|day| differs(&day))
    };
    let expected = shown.iter().enumerate().filter(|(index, _)| parts(*index)).map(|(_, day)| SeriesPoint {
        date: day.date,
        value: day.expected,
        wide: day.interval,
        near: None,
        is_open: false,
    });
    plot.series = vec![
        Series { name: t.say("chart-nowcast-expected"), form: Form::Ahead, points: expected.collect() },
        Series { name: t.say("chart-nowcast-reported"), form: Form::Main, points: reported.collect() },
    ];
    plot.series.retain(|series| series.points.iter().any(|point| point.value.is_some()));
    plot
}

struct Day {
    date: NaiveDate,
    reported: Option<f64>,
    expected: Option<f64>,
    interval: Option<(f64, f64)>,
    missing: Option<Missing>,
}

impl Day {
    fn new(subject: Subject<'_>, date: NaiveDate) -> Self {
        let table = &subject.view.table;
        let (reported, expected) =
            (table.at(IndicatorKind::Cases7d, date), table.at(IndicatorKind::NowcastCases7d, date));
        Self {
            date,
            reported: reported.value(),
            expected: expected.value(),
            interval: interval(&expected),
            missing: expected.reason().or(reported.reason()),
        }
    }

    /// Whether late reports are expected to move it by a case or more.
    fn is_expected_to_change(&self) -> bool {
        let by = |(reported, expected): (f64, f64)| (expected - reported).abs() >= 0.5;
        self.reported.zip(self.expected).is_some_and(by)
            || self.interval.is_some_and(|(lower, upper)| upper - lower >= 1.0)
    }

    fn row(&self, subject: Subject<'_>) -> PlotRow {
        let t = subject.phrases;
        let shown = |value: f64| subject.number(value);
        let band = self.interval.map(|(lower, upper)| format!("{}–{}", shown(lower), shown(upper)));
        let reported = self.reported.map_or_else(|| reason(self.missing, t), shown);
        let said = match self.expected.filter(|_| self.is_expected_to_change()) {
            Some(expected) => {
                let expected = Unit::Count.with_interval(expected.round(), self.interval.map(rounded), t);
                t.say_with("chart-nowcast-day", &[("reported", &reported), ("expected", &expected)])
            }
            None => reported,
        };
        PlotRow {
            date: self.date,
            days: 1,
            said,
            value: self.reported,
            cells: vec![
                Cell::of(self.reported, shown),
                match self.expected {
                    None => Cell::said(reason(self.missing, t)),
                    expected => Cell::of(expected, shown),
                },
                Cell::said(band.unwrap_or_else(|| "–".to_owned())),
            ],
        }
    }
}

fn rounded((lower, upper): (f64, f64)) -> (f64, f64) {
    (lower.round(), upper.round())
}

fn finding(subject: Subject<'_>, days: &[Day]) -> String {
    let t = subject.phrases;
    let Some(last) = days.iter().rfind(|day| day.reported.is_some()) else {
        return t.say("chart-nowcast-none");
    };
    let date = date_medium(last.date, t.locale);
    let reported = subject.number(last.reported.unwrap_or_default());
    let Some(expected) = last.expected else {
        return t.say("chart-nowcast-none");
    };
    if !last.is_expected_to_change() {
        return t.say_with("chart-nowcast-whole", &[("reported", &reported), ("date", &date)]);
    }
    let expected = Unit::Count.with_interval(expected.round(), last.interval.map(rounded), t);
    let args = [("reported", &*reported), ("expected", &*expected), ("date", &*date)];
    t.say_with("chart-nowcast-title", &args)
}
