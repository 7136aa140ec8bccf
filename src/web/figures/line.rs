//! One indicator over time with its interval and the policy's thresholds.

use super::{Look, Subject};
use crate::assessment::{Direction, Step};
use crate::chart::{
    Baseline, Chart, IndicatorThreshold, LineChart, LinePoint, LineWords, ThresholdSide, line_chart,
};
use crate::epi::{Estimate, IndicatorKind};
use crate::text::{date_long, date_medium, indicator_value};
use crate::web::words::sentence;

/// A chart holds three thresholds at most: the highest ones, because those decide.
const MOST_THRESHOLDS: usize = 3;

/// The charts of one indicator, by name.
const LINES: [(&str, IndicatorKind); 4] = [
    ("incidence", IndicatorKind::Incidence7dPer100k),
    ("growth", IndicatorKind::GrowthRatio),
    ("bed_occupancy", IndicatorKind::BedOccupancyPct),
    ("deaths", IndicatorKind::Deaths7dPer100k),
];

/// The names of the charts of one indicator.
pub(in crate::web) fn names() -> impl Iterator<Item = &'static str> {
    LINES.iter().map(|(name, _)| *name)
}

/// The indicator of a chart.
pub(in crate::web) fn kind_of(name: &str) -> Option<IndicatorKind> {
    LINES.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
}

/// What the chart shows.
pub(in crate::web) struct Line {
    pub(in crate::web) title: String,
    subtitle: String,
    description: String,
    source_line: String,
    pub(in crate::web) kind: IndicatorKind,
    pub(in crate::web) points: Vec<LinePoint>,
    thresholds: Vec<IndicatorThreshold>,
}

impl Line {
    pub(in crate::web) fn new(subject: Subject<'_>, kind: IndicatorKind, days: u32) -> Self {
        let (view, t) = (subject.view, subject.phrases);
        let window = subject.window(days);
        let points: Vec<LinePoint> = window
            .days()
            .map(|date| {
                let estimate = view.table.at(kind, date);
                let label = format!("{}: {}", date_long(date, t.locale), words(kind, &estimate, subject));
                LinePoint {
                    date,
                    value: estimate.value(),
                    lower: estimate.lower(),
                    upper: estimate.upper(),
                    label,
                }
            })
            .collect();
        let name = sentence(&t.say(&format!("indicator-{}", kind.name())));
        let last = points.iter().rfind(|point| point.value.is_some());
        let title = match last.and_then(|point| Some((point.date, point.value?))) {
            Some((date, value)) => {
                let (value, date) = (indicator_value(Some(kind), value, t), date_medium(date, t.locale));
                t.say_with("chart-line-title", &[("indicator", &name), ("value", &value), ("date", &date)])
            }
            None => t.say_with("chart-line-title-none", &[("indicator", &name)]),
        };
        Self {
            subtitle: t.say_with("chart-line-subtitle", &[("city", &subject.journey.city.name)]),
            description: last.map_or_else(String::new, |point| point.label.clone()),
            source_line: subject.source_line(family(kind), (window.from, window.to)),
            thresholds: thresholds(subject, kind),
            title,
            kind,
            points,
        }
    }

    pub(in crate::web) fn readout(&self) -> String {
        let known = self.points.iter().rfind(|point| point.value.is_some()).or(self.points.last());
        known.map_or_else(String::new, |point| point.label.clone())
    }

    pub(in crate::web) fn draw(&self, subject: Subject<'_>, look: Look<'_>) -> Chart {
        let t = subject.phrases;
        let (value, band) = (t.say("chart-key-value"), t.say("chart-key-band"));
        let chart = LineChart {
            slug: look.slug,
            title: &self.title,
            subtitle: &self.subtitle,
            description: &self.description,
            points: &self.points,
            thresholds: &self.thresholds,
            source_line: &self.source_line,
            words: LineWords { value: &value, band: &band },
            baseline: Baseline::Zero,
            size: look.size,
            format: &|value| indicator_value(Some(self.kind), value, t),
            format_date: &|date| subject.short(date),
        };
        line_chart(&chart, look.theme)
    }
}

/// The value with its interval, or why there is none.
fn words(kind: IndicatorKind, estimate: &Estimate, subject: Subject<'_>) -> String {
    let t = subject.phrases;
    let shown = |value: f64| indicator_value(Some(kind), value, t);
    match (estimate.value(), estimate.lower(), estimate.upper(), estimate.reason()) {
        (Some(value), Some(lower), Some(upper), _) => {
            format!("{} ({}–{})", shown(value), shown(lower), shown(upper))
        }
        (Some(value), ..) => shown(value),
        (None, .., Some(reason)) => t.say(&format!("missing-{}", reason.code())),
        _ => t.say("chart-key-no-figure"),
    }
}

/// The measures an indicator is made of, for the source line.
fn family(kind: IndicatorKind) -> &'static str {
    match kind {
        IndicatorKind::BedOccupancyPct => "beds",
        IndicatorKind::Deaths7dPer100k => "deaths",
        _ => "cases",
    }
}

/// The thresholds of the rules on this indicator: those that were crossed on some day, and the next ones up.
fn thresholds(subject: Subject<'_>, kind: IndicatorKind) -> Vec<IndicatorThreshold> {
    let days = subject.view.backtest.iter();
    let crossed = days.flat_map(|made| &made.rules).filter(|rule| rule.indicator == Some(kind));
    let crossed = crossed.filter_map(|rule| Some((rule.enter?, rule.step?)));
    let next = subject.view.on_these_figures.would_change.iter();
    let next = next.filter(|change| change.direction == Direction::Raise && change.indicator == kind);
    let mut found: Vec<(f64, Step)> = Vec::new();
    for (value, step) in crossed.chain(next.map(|change| (change.threshold, change.step))) {
        if found.iter().all(|(known, _)| (known - value).abs() > f64::EPSILON) {
            found.push((value, step));
        }
    }
    found.sort_by(|one, other| one.0.total_cmp(&other.0));
    let highest = found.split_off(found.len().saturating_sub(MOST_THRESHOLDS));
    let line = |(value, step): (f64, Step)| {
        let level = subject.locale().of(&subject.journey.policy().step(step).name);
        let name = format!("{}: {level}", indicator_value(Some(kind), value, subject.phrases));
        IndicatorThreshold { value, name, side: ThresholdSide::Enter }
    };
    highest.into_iter().map(line).collect()
}
