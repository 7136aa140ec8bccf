//! One indicator over days with its interval: incidence, growth, reproduction number, occupancy, deaths.

use chrono::{Duration, NaiveDate};

use super::plot::{Plot, PlotRow, interval, reason};
use super::thresholds::{grounds, of_policy};
use super::unit::Unit;
use crate::chart::{Baseline, Form, IndicatorThreshold, Series, SeriesPoint, ThresholdSide};
use crate::epi::{Estimate, IndicatorKind, Window};
use crate::text::date_medium;
use crate::web::figures::figure::Cell;
use crate::web::figures::{Asked, Per, Subject};
use crate::web::words::sentence;

/// Below this many cases in either week no percentage is shown, only the two counts.
const PERCENT_FROM: f64 = 10.0;

/// How one indicator is shown.
#[derive(Clone, Copy)]
struct Shown {
    name: &'static str,
    kind: IndicatorKind,
    unit: Unit,
    /// The measures it is made of, for the source line.
    family: &'static str,
}

const SHOWN: [Shown; 6] = [
    Shown { name: "incidence", kind: IndicatorKind::Incidence7dPer100k, unit: Unit::Rate, family: "cases" },
    Shown { name: "growth", kind: IndicatorKind::GrowthPct, unit: Unit::Change, family: "cases" },
    Shown { name: "rt", kind: IndicatorKind::Rt, unit: Unit::Ratio, family: "cases" },
    Shown {
        name: "bed_occupancy",
        kind: IndicatorKind::BedOccupancyPct,
        unit: Unit::Percent,
        family: "beds",
    },
    Shown { name: "icu_occupancy", kind: IndicatorKind::IcuOccupancyPct, unit: Unit::Percent, family: "icu" },
    Shown { name: "deaths", kind: IndicatorKind::Deaths7dPer100k, unit: Unit::Rate, family: "deaths" },
];

/// The chart of one indicator; `None` for another name.
pub(super) fn plot(name: &str, subject: Subject<'_>, asked: Asked) -> Option<Plot> {
    let shown = of_unit(*SHOWN.iter().find(|shown| shown.name == name)?, asked);
    let t = subject.phrases;
    let mut plot = Plot::new(subject, (shown.family, asked), shown.unit);
    let window = Window { from: plot.range.0, to: plot.range.1 };
    let days: Vec<Day> = window.days().map(|date| day(subject, shown, date)).collect();
    plot.subtitle = subtitle(subject, shown);
    plot.caption = sentence(&t.say(&format!("indicator-{}", shown.kind.name())));
    let bounds = t.say("chart-key-band");
    plot.columns = vec![t.say("chart-key-value"), bounds];
    plot.nothing = days.last().map(|day| day.said.clone()).unwrap_or_default();
    plot.rows = days.iter().map(|day| day.row(shown, subject)).collect();
    if let Shown { kind: IndicatorKind::GrowthPct | IndicatorKind::Rt, .. } = shown {
        plot.values.cuts_bands = true;
    }
    if shown.kind == IndicatorKind::Rt {
        plot.values.baseline = Baseline::Data;
    }
    plot.thresholds = thresholds(subject, shown);
    plot.grounds = grounds(&plot.thresholds);
    plot.title = finding(subject, shown, &days);
    plot.begin_at_first_value();
    let points = days.iter().filter(|day| day.date >= plot.range.0).map(Day::point).collect();
    plot.series = vec![Series { name: t.say("chart-key-value"), form: Form::Main, points }];
    Some(plot)
}

/// The incidence may be asked for in people.
fn of_unit(shown: Shown, asked: Asked) -> Shown {
    match (shown.kind, asked.per) {
        (IndicatorKind::Incidence7dPer100k, Some(Per::Count)) => {
            Shown { kind: IndicatorKind::Cases7d, unit: Unit::Count, ..shown }
        }
        _ => shown,
    }
}

/// One day: the estimate as it is shown.
struct Day {
    date: NaiveDate,
    value: Option<f64>,
    interval: Option<(f64, f64)>,
    /// Whether late reports will still change it.
    is_open: bool,
    /// The value with its interval, or why there is none.
    said: String,
}

impl Day {
    fn point(&self) -> SeriesPoint {
        SeriesPoint {
            date: self.date,
            value: self.value,
            wide: self.interval.filter(|_| self.value.is_some()),
            near: None,
            is_open: self.is_open,
        }
    }

    fn row(&self, shown: Shown, subject: Subject<'_>) -> PlotRow {
        let locale = subject.locale();
        let value = match self.value {
            None => Cell::said(self.said.clone()),
            value => Cell::of(value, |value| shown.unit.value(value, locale)),
        };
        let bounds = self.interval.filter(|_| self.value.is_some()).map(|(lower, upper)| {
            format!("{}–{}", shown.unit.value(lower, locale), shown.unit.value(upper, locale))
        });
        let bounds = bounds.unwrap_or_else(|| "–".to_owned());
        PlotRow {
            date: self.date,
            days: 1,
            said: match self.is_open {
                true => format!("{}, {}", self.said, subject.phrases.say("chart-key-incomplete")),
                false => self.said.clone(),
            },
            value: self.value,
            cells: vec![value, Cell::said(bounds)],
        }
    }
}

fn day(subject: Subject<'_>, shown: Shown, date: NaiveDate) -> Day {
    let table = &subject.view.table;
    let estimate = table.at(shown.kind, date);
    if shown.kind == IndicatorKind::GrowthPct
        && let (Some(now), Some(before)) = (
            table.at(IndicatorKind::Cases7d, date).value(),
            table.at(IndicatorKind::CasesPrev7d, date).value(),
        )
        && (now < PERCENT_FROM || before < PERCENT_FROM)
    {
        let args = [("before", &*subject.number(before)), ("cases", &*subject.number(now))];
        let said = subject.phrases.say_with("chart-growth-small", &args);
        return Day { date, value: None, interval: None, is_open: false, said };
    }
    let said = said(subject, shown, &estimate);
    // Measured for cases; of other figures it is not known.
    let is_open = shown.family == "cases" && estimate.value().is_some() && subject.is_open(date);
    Day { date, value: estimate.value(), interval: interval(&estimate), is_open, said }
}

fn said(subject: Subject<'_>, shown: Shown, estimate: &Estimate) -> String {
    let t = subject.phrases;
    match (estimate.value(), estimate.lower(), estimate.upper()) {
        (Some(value), ..) => shown.unit.with_interval(value, interval(estimate), t),
        (None, Some(lower), Some(upper)) => {
            format!("{}–{}", shown.unit.value(lower, t.locale), shown.unit.value(upper, t.locale))
        }
        _ => reason(estimate.reason(), t),
    }
}

fn subtitle(subject: Subject<'_>, shown: Shown) -> String {
    let (t, city) = (subject.phrases, &subject.journey.city.name);
    let method = &subject.journey.method;
    let key = match shown.kind {
        IndicatorKind::Cases7d => "chart-cases_7d-subtitle".to_owned(),
        _ => format!("chart-{}-subtitle", shown.name),
    };
    let interval = method.serial_interval.distribution();
    let mean = interval.map(|interval| interval.mean()).unwrap_or_default();
    let days = method.rt_window_days.to_string();
    let mean = crate::text::decimal(mean, 1, t.locale);
    t.say_with(&key, &[("city", city), ("mean", &mean), ("days", &days)])
}

/// The policy's values on it, and the mark at which nothing changes.
fn thresholds(subject: Subject<'_>, shown: Shown) -> Vec<IndicatorThreshold> {
    let t = subject.phrases;
    let mark = |value: f64, key: &str| IndicatorThreshold {
        value,
        name: t.say(key),
        side: ThresholdSide::Mark,
        step: None,
    };
    match shown.kind {
        IndicatorKind::GrowthPct => {
            let to_percent = |ratio: f64| 100.0 * (ratio - 1.0);
            let mut lines = of_policy(subject, IndicatorKind::GrowthRatio, (shown.unit, to_percent));
            lines.insert(0, mark(0.0, "chart-growth-mark"));
            lines
        }
        IndicatorKind::Rt => {
            let mut lines = of_policy(subject, shown.kind, (shown.unit, |value| value));
            lines.insert(0, mark(1.0, "chart-rt-mark"));
            lines
        }
        IndicatorKind::Cases7d => match subject.view.table.population {
            Some(residents) => {
                let to_cases = |rate: f64| rate * residents / 100_000.0;
                of_policy(subject, IndicatorKind::Incidence7dPer100k, (shown.unit, to_cases))
            }
            None => Vec::new(),
        },
        kind => of_policy(subject, kind, (shown.unit, |value| value)),
    }
}

/// The last value, which way it went in a week, and over which value of the policy it stands.
fn finding(subject: Subject<'_>, shown: Shown, days: &[Day]) -> String {
    let t = subject.phrases;
    let what = sentence(&t.say(&format!("indicator-{}", shown.kind.name())));
    let Some((last, value)) = days.iter().rev().find_map(|day| Some((day, day.value?))) else {
        return t.say_with("chart-find-none", &[("what", &what)]);
    };
    let date = date_medium(last.date, t.locale);
    let with_interval = shown.unit.with_interval(value, last.interval, t);
    match shown.kind {
        IndicatorKind::GrowthPct => return of_growth(subject, (value, last), &date),
        IndicatorKind::Rt => {
            let key = match last.interval {
                Some((lower, _)) if lower > 1.0 => "chart-rt-grows",
                Some((_, upper)) if upper < 1.0 => "chart-rt-shrinks",
                _ => "chart-rt-even",
            };
            return t.say_with(key, &[("value", &with_interval), ("date", &date)]);
        }
        _ => {}
    }
    let value_said = shown.unit.value(value, t.locale);
    let before = days.iter().find(|day| day.date == last.date - Duration::days(7)).and_then(|day| day.value);
    let before_said = before.map(|before| shown.unit.value(before, t.locale)).unwrap_or_default();
    let way = match before {
        None => "only",
        Some(_) if before_said == value_said => "same",
        Some(before) if value > before => "rise",
        Some(_) => "fall",
    };
    let args = [("what", &*what), ("value", &*value_said), ("before", &*before_said), ("date", &*date)];
    let finding = t.say_with(&format!("chart-find-{way}"), &args);
    let over = thresholds(subject, shown).into_iter().rfind(|line| value >= line.value);
    match over {
        Some(line) => {
            let threshold = shown.unit.tick(line.value.round(), t.locale);
            t.say_with("chart-find-over", &[("finding", &finding), ("threshold", &threshold)])
        }
        None => finding,
    }
}

fn of_growth(subject: Subject<'_>, (value, day): (f64, &Day), date: &str) -> String {
    let t = subject.phrases;
    let key = match value.round() {
        rounded if rounded > 0.0 => "chart-growth-rise",
        rounded if rounded < 0.0 => "chart-growth-fall",
        _ => "chart-growth-same",
    };
    let pct = format!("{}%", crate::text::number(value.abs(), t.locale));
    let bounds = day.interval.map(|(lower, upper)| {
        let [lower, upper] = [lower, upper].map(|bound| Unit::Change.value(bound, t.locale));
        t.say_with("chart-between", &[("lower", &lower), ("upper", &upper)])
    });
    let bounds = bounds.map(|bounds| format!(" ({bounds})")).unwrap_or_default();
    t.say_with(key, &[("pct", &pct), ("bounds", &bounds), ("date", date)])
}
