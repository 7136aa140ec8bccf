//! The share of the city's own staff (ASN) that was positive so far: each report a point with its interval.

use chrono::NaiveDate;

use super::plot::{Plot, PlotRow, interval, reason};
use super::unit::Unit;
use crate::chart::{Form, Series, SeriesPoint};
use crate::epi::{Estimate, IndicatorKind, Missing, Window};
use crate::observation::Measure;
use crate::text::date_medium;
use crate::web::figures::figure::Cell;
use crate::web::figures::{Asked, Subject};

const KIND: IndicatorKind = IndicatorKind::StaffPrevalenceTotalPct;

pub(super) fn plot(subject: Subject<'_>, asked: Asked) -> Plot {
    let t = subject.phrases;
    let mut plot = Plot::new(subject, (Measure::StaffCasesTotal.family(), asked), Unit::Share);
    plot.subtitle = t.say_with("chart-staff_prevalence-subtitle", &[("city", &subject.journey.city.name)]);
    plot.caption = t.say("chart-staff_prevalence-caption");
    plot.columns =
        ["chart-staff_prevalence-people", "chart-key-value", "chart-key-wide"].map(|key| t.say(key)).into();
    let window = Window { from: plot.range.0, to: plot.range.1 };
    let all: Vec<(NaiveDate, Estimate)> =
        window.days().map(|date| (date, subject.view.table.at(KIND, date))).collect();
    let known: Vec<&(NaiveDate, Estimate)> =
        all.iter().filter(|(_, estimate)| estimate.value().is_some()).collect();
    plot.rows = known.iter().map(|(date, estimate)| row(subject, *date, estimate)).collect();
    let withheld = all.iter().any(|(_, estimate)| estimate.reason() == Some(Missing::Withheld));
    let missing = match withheld {
        true => Some(Missing::Withheld),
        false => all.last().and_then(|(_, estimate)| estimate.reason()),
    };
    plot.nothing = reason(missing, t);
    plot.title = finding(subject, &known);
    let point = |(date, estimate): &&(NaiveDate, Estimate)| SeriesPoint {
        date: *date,
        value: estimate.value(),
        wide: interval(estimate),
        ..SeriesPoint::default()
    };
    let points = known.iter().map(point).collect();
    plot.series = vec![Series { name: t.say("chart-key-value"), form: Form::Reports, points }];
    plot.begin_at_first_value();
    plot
}

fn row(subject: Subject<'_>, date: NaiveDate, estimate: &Estimate) -> PlotRow {
    let t = subject.phrases;
    let grid = &subject.view.grid;
    let people =
        grid.index(date).and_then(|slot| grid.cells(Measure::StaffCasesTotal).get(slot).copied().flatten());
    let value = estimate.value();
    let shown = |value: f64| Unit::Share.value(value, t.locale);
    let said = Unit::Share.with_interval(value.unwrap_or_default(), interval(estimate), t);
    let said = match people {
        Some(cell) => t.say_with(
            "chart-staff_prevalence-day",
            &[("share", &said), ("people", &subject.number(cell.value))],
        ),
        None => said,
    };
    let band = interval(estimate).map(|(lower, upper)| format!("{}–{}", shown(lower), shown(upper)));
    PlotRow {
        date,
        days: 1,
        said,
        value,
        cells: vec![
            Cell::of(people.map(|cell| cell.value), |people| subject.number(people)),
            Cell::of(value, shown),
            Cell::said(band.unwrap_or_else(|| "–".to_owned())),
        ],
    }
}

fn finding(subject: Subject<'_>, known: &[&(NaiveDate, Estimate)]) -> String {
    let t = subject.phrases;
    let Some((date, estimate)) = known.last() else {
        let what = t.say("chart-staff_prevalence-caption");
        return t.say_with("chart-find-none", &[("what", &what)]);
    };
    let share = Unit::Share.with_interval(estimate.value().unwrap_or_default(), interval(estimate), t);
    let date = date_medium(*date, t.locale);
    let before = known.iter().rev().nth(1).and_then(|(date, estimate)| Some((*date, estimate.value()?)));
    match before {
        Some((earlier, before)) => {
            let (before, earlier) = (Unit::Share.value(before, t.locale), date_medium(earlier, t.locale));
            let args = [("share", &*share), ("date", &*date), ("before", &*before), ("earlier", &*earlier)];
            t.say_with("chart-staff_prevalence-title", &args)
        }
        None => t.say_with("chart-staff_prevalence-title-one", &[("share", &share), ("date", &date)]),
    }
}
