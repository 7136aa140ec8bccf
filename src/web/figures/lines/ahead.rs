//! The next two weeks: the weekly cases so far, what they come to if they go on as they did, and if they stay as they are. A
//! forecast looks like one: dashed, widening, to the right of the last day known.

use chrono::{Duration, NaiveDate};

use super::plot::{Plot, PlotRow, reason};
use super::unit::Unit;
use crate::chart::{Form, Series, SeriesPoint};
use crate::epi::{IndicatorKind, Window};
use crate::indicator::forecast::{Horizon, Quantiles};
use crate::indicator::{WeeksAhead, weeks_ahead};
use crate::text::date_medium;
use crate::web::figures::figure::Cell;
use crate::web::figures::{Asked, Per, Subject};

/// Days of the past that are shown at most: what is to come must not be squeezed.
const PAST: u32 = 42;

pub(super) fn plot(subject: Subject<'_>, asked: Asked) -> Plot {
    let (t, view) = (subject.phrases, subject.view);
    let asked = Asked { days: asked.days.map(|days| days.min(PAST)), ..asked };
    let times = rate(subject, asked);
    let unit = if times.is_some() { Unit::Rate } else { Unit::Count };
    let times = times.unwrap_or(1.0);
    let mut plot = Plot::new(subject, ("cases", asked), unit);
    plot.values.is_whole = unit == Unit::Count;
    let city = &subject.journey.city.name;
    let key = if unit == Unit::Count { "chart-forecast-subtitle" } else { "chart-forecast-subtitle-rate" };
    plot.subtitle = t.say_with(key, &[("city", city)]);
    plot.caption = t.say("chart-forecast-caption");
    plot.columns = ["chart-key-value", "chart-key-near", "chart-key-wide", "chart-forecast-baseline"]
        .map(|key| t.say(key))
        .into();
    let ahead = weeks_ahead(&view.table, view.date, &subject.journey.method);
    plot.rows = past(subject, &plot, times);
    match ahead {
        Ok(ahead) => add_ahead(&mut plot, subject, (&ahead, times)),
        Err(missing) => {
            plot.nothing = reason(Some(missing), t);
            plot.title = t.say("chart-forecast-none");
            // Without what is to come, the past alone would pass for it.
            plot.rows.clear();
        }
    }
    plot
}

/// What brings people to people per 100,000, if that is asked for and residents are known.
fn rate(subject: Subject<'_>, asked: Asked) -> Option<f64> {
    let residents = subject.view.table.population.filter(|residents| *residents > 0.0)?;
    (asked.per == Some(Per::Residents)).then_some(100_000.0 / residents)
}

fn past(subject: Subject<'_>, plot: &Plot, times: f64) -> Vec<PlotRow> {
    let locale = subject.locale();
    let window = Window { from: plot.range.0, to: plot.range.1 };
    let row = |date: NaiveDate| {
        let estimate = subject.view.table.at(IndicatorKind::Cases7d, date);
        let value = estimate.value().map(|cases| cases * times);
        let said = value.map(|value| plot.unit.value(value, locale));
        let dash = || Cell::of(None, |_| String::new());
        PlotRow {
            date,
            days: 1,
            said: said.unwrap_or_else(|| reason(estimate.reason(), subject.phrases)),
            value,
            cells: vec![Cell::of(value, |value| plot.unit.value(value, locale)), dash(), dash(), dash()],
        }
    };
    window.days().map(row).collect()
}

fn add_ahead(plot: &mut Plot, subject: Subject<'_>, (ahead, times): (&WeeksAhead, f64)) {
    let t = subject.phrases;
    let from = ahead.from;
    plot.begin_at_first_value();
    plot.rows.retain(|row| row.date <= from);
    plot.range.1 = from + Duration::days(14);
    plot.now = Some((from, t.say("chart-forecast-after")));
    let point = |row: &PlotRow| SeriesPoint {
        date: row.date,
        value: row.value,
        is_open: subject.is_open(row.date) && row.value.is_some(),
        ..SeriesPoint::default()
    };
    let so_far = Series {
        name: t.say("chart-forecast-so-far"),
        form: Form::Main,
        points: plot.rows.iter().map(point).collect(),
    };
    let fan = Series {
        name: t.say("chart-forecast-model"),
        form: Form::Ahead,
        points: points(from, (ahead.cases, &ahead.model), times),
    };
    let still = Series {
        name: t.say("chart-forecast-baseline"),
        form: Form::Baseline,
        points: points(from, (ahead.cases, &ahead.baseline), times).split_off(1),
    };
    plot.title = finding(plot, subject, (ahead, times));
    plot.rows.extend(rows_ahead(plot, subject, (ahead, times)));
    plot.series = vec![fan, so_far];
    if still.points.iter().any(|point| point.value.is_some()) {
        plot.series.push(still);
    }
}

/// From the last week known, where all bands begin, to one and two weeks later.
fn points(from: NaiveDate, (cases, of): (f64, &[Option<Quantiles>; 2]), times: f64) -> Vec<SeriesPoint> {
    let at = |quantiles: &Quantiles, share: f64| {
        quantiles.interval(share).map(|band| (band.lower * times, band.upper * times))
    };
    let begin = (cases * times, cases * times);
    let first = SeriesPoint {
        date: from,
        value: Some(begin.0),
        wide: Some(begin),
        near: Some(begin),
        is_open: false,
    };
    let later = Horizon::ALL.iter().zip(of).map(|(horizon, quantiles)| SeriesPoint {
        date: day_of(from, *horizon),
        value: quantiles.as_ref().map(|quantiles| quantiles.median() * times),
        wide: quantiles.as_ref().and_then(|quantiles| at(quantiles, 0.95)),
        near: quantiles.as_ref().and_then(|quantiles| at(quantiles, 0.5)),
        is_open: false,
    });
    std::iter::once(first).chain(later).collect()
}

fn day_of(from: NaiveDate, horizon: Horizon) -> NaiveDate {
    from + Duration::days(7 * i64::try_from(horizon.weeks()).unwrap_or(1))
}

fn rows_ahead(plot: &Plot, subject: Subject<'_>, (ahead, times): (&WeeksAhead, f64)) -> Vec<PlotRow> {
    let t = subject.phrases;
    let shown = |value: f64| plot.unit.value(whole(value * times, plot.unit), t.locale);
    let between = |quantiles: &Quantiles, share: f64| {
        quantiles
            .interval(share)
            .map_or_else(String::new, |band| format!("{}–{}", shown(band.lower), shown(band.upper)))
    };
    let row = |(place, horizon): (usize, &Horizon)| {
        let model = ahead.model[place].as_ref()?;
        let still = ahead.baseline[place].as_ref();
        let still = still.map_or_else(
            || "–".to_owned(),
            |still| format!("{} ({})", shown(still.median()), between(still, 0.95)),
        );
        let args = [
            ("value", &*shown(model.median())),
            ("near", &*between(model, 0.5)),
            ("wide", &*between(model, 0.95)),
            ("still", &*still),
        ];
        Some(PlotRow {
            date: day_of(ahead.from, *horizon),
            days: 7,
            said: t.say_with("chart-forecast-day", &args),
            value: Some(model.median() * times),
            cells: vec![
                Cell {
                    text: t.say_with("chart-forecast-cell", &[("value", args[0].1)]),
                    value: (model.median() * times).to_string(),
                },
                Cell::said(args[1].1.to_owned()),
                Cell::said(args[2].1.to_owned()),
                Cell::said(still.clone()),
            ],
        })
    };
    Horizon::ALL.iter().enumerate().filter_map(row).collect()
}

/// People come whole.
fn whole(value: f64, unit: Unit) -> f64 {
    if unit == Unit::Count { value.round() } else { value }
}

fn finding(plot: &Plot, subject: Subject<'_>, (ahead, times): (&WeeksAhead, f64)) -> String {
    let t = subject.phrases;
    let Some(model) = &ahead.model[0] else { return t.say("chart-forecast-caption") };
    let shown = |value: f64| plot.unit.value(whole(value * times, plot.unit), t.locale);
    let band = model.interval(0.95);
    let (lower, upper) = band.map_or((model.median(), model.median()), |band| (band.lower, band.upper));
    let date = date_medium(day_of(ahead.from, Horizon::OneWeek), t.locale);
    let args = [
        ("date", &*date),
        ("value", &*shown(model.median())),
        ("lower", &*shown(lower)),
        ("upper", &*shown(upper)),
        ("now", &*shown(ahead.cases)),
    ];
    t.say_with("chart-forecast-title", &args)
}
