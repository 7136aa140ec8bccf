//! The epidemic curve: which days, which figures for several days, and the thresholds brought to cases a day.
//! The drawing itself is in `chart/epicurve.rs`.

use chrono::NaiveDate;

use super::figure::{Cell, Row, Table};
use super::{Asked, Look, Per, Subject};
use crate::chart::{Chart, Epicurve, EpicurveDay, EpicurveWords, Lump, Scale, ThresholdLine, epicurve};
use crate::epi::{IndicatorKind, Status, Window};
use crate::observation::Measure;
use crate::text::{date_long, date_medium, decimal};
use crate::web::dashboard::CurveSettings;
use crate::web::words::span;

/// Charts narrower than this are set for a phone, where names are short.
const NARROW: u32 = 520;

/// What the curve shows.
pub(in crate::web) struct Curve {
    pub(in crate::web) title: String,
    pub(in crate::web) subtitle: String,
    pub(in crate::web) description: String,
    pub(in crate::web) source_line: String,
    /// Every day of the range, with or without a figure.
    pub(in crate::web) days: Vec<EpicurveDay>,
    pub(in crate::web) lumps: Vec<Lump>,
    pub(in crate::web) range: (NaiveDate, NaiveDate),
    /// Per 100,000 in seven days, and the same in the unit of the axis.
    thresholds: Vec<(f64, f64)>,
    unit: Daily,
    scale: Scale,
}

/// The unit of the axis.
#[derive(Debug, Clone, Copy)]
enum Daily {
    /// People a day.
    Cases,
    /// People a day per 100,000 of so many residents.
    Rate(f64),
}

impl Daily {
    /// As asked for; without a population only people can be shown.
    fn asked(subject: Subject<'_>, asked: Asked) -> Self {
        let residents = subject.view.table.population.filter(|residents| *residents > 0.0);
        match residents.filter(|_| asked.per == Some(Per::Residents)) {
            Some(residents) => Self::Rate(residents),
            None => Self::Cases,
        }
    }

    fn of(self, cases: f64) -> f64 {
        match self {
            Self::Cases => cases,
            Self::Rate(residents) => cases / residents * 100_000.0,
        }
    }

    fn shown(self, value: f64, subject: Subject<'_>) -> String {
        match self {
            Self::Cases => subject.number(value),
            Self::Rate(_) => decimal(value, usize::from(value.fract().abs() > 1e-9), subject.locale()),
        }
    }
}

impl Curve {
    pub(in crate::web) fn new(subject: Subject<'_>, settings: &CurveSettings, asked: Asked) -> Self {
        let view = subject.view;
        let window = subject.window(settings.days);
        let unit = Daily::asked(subject, asked);
        let lumps = lumps(subject, window, unit);
        // A figure for several days that begins before the window is shown whole.
        let from = lumps.iter().map(|lump| lump.from).fold(window.from, NaiveDate::min);
        let range = (from, window.to);
        let days: Vec<EpicurveDay> =
            Window { from, to: window.to }.days().map(|date| day(subject, date, (&lumps, unit))).collect();
        let per_day = |threshold: f64, residents: f64| unit.of(threshold / 7.0 * residents / 100_000.0);
        let thresholds = settings.thresholds_per_100k.iter();
        Self {
            title: super::finding::of_cases(subject, range),
            subtitle: subject.phrases.say_with(
                match unit {
                    Daily::Cases => "chart-cases-subtitle",
                    Daily::Rate(_) => "chart-cases-subtitle-rate",
                },
                &[("city", &subject.journey.city.name)],
            ),
            description: description(subject, &days, unit),
            source_line: subject.source_line("cases", range),
            thresholds: thresholds
                .filter_map(|threshold| Some((*threshold, per_day(*threshold, view.table.population?))))
                .collect(),
            days,
            lumps,
            range,
            unit,
            scale: if settings.is_log { Scale::Log } else { asked.scale() },
        }
    }

    /// The days of the curve, newest first.
    pub(super) fn table(&self, subject: Subject<'_>) -> Table {
        let t = subject.phrases;
        let rows = self.days.iter().rev().map(|day| {
            let lump = self.lumps.iter().find(|lump| (lump.from..=lump.to).contains(&day.date));
            let shown = |value: f64| self.unit.shown(value, subject);
            let cases = match (day.cases, lump) {
                (None, Some(lump)) => Cell::said(lump.label.clone()),
                (cases, _) => Cell::of(cases, shown),
            };
            Row::of(day.date, subject, vec![cases, Cell::of(day.mean_7d, shown)])
        });
        Table {
            caption: t.say("figure-cases-caption"),
            unit: t.say(match self.unit {
                Daily::Cases => "figure-cases-unit",
                Daily::Rate(_) => "figure-cases-unit-rate",
            }),
            columns: vec![t.say("column-cases"), t.say("column-mean")],
            rows: rows.collect(),
        }
    }

    /// What is read out before anybody points at a day.
    pub(in crate::web) fn readout(&self) -> String {
        self.days.last().map_or_else(String::new, |day| day.label.clone())
    }

    pub(in crate::web) fn draw(&self, subject: Subject<'_>, look: Look<'_>) -> Chart {
        let t = subject.phrases;
        let words = ["cases", "mean", "reconstructed", "incomplete", "lump", "no-figure"];
        let [cases, mean, reconstructed, incomplete, lump, no_figure] =
            words.map(|word| t.say(&format!("chart-key-{word}")));
        let key = if look.size.0 < NARROW { "chart-threshold-narrow" } else { "chart-threshold" };
        let thresholds: Vec<ThresholdLine> = self
            .thresholds
            .iter()
            .map(|(threshold, per_day)| ThresholdLine {
                value_per_day: *per_day,
                name: t.say_with(
                    key,
                    &[
                        ("threshold", &subject.number(*threshold)),
                        ("per_day", &self.unit.shown(*per_day, subject)),
                    ],
                ),
            })
            .collect();
        let chart = Epicurve {
            slug: look.slug,
            title: &self.title,
            subtitle: &self.subtitle,
            description: &self.description,
            days: &self.days,
            lumps: &self.lumps,
            thresholds: &thresholds,
            markers: &[],
            source_line: &self.source_line,
            words: EpicurveWords {
                cases: &cases,
                mean: &mean,
                reconstructed: &reconstructed,
                incomplete: &incomplete,
                lump: &lump,
                no_figure: &no_figure,
            },
            size: look.size,
            format: &|value| self.unit.shown(value, subject),
            format_date: &|date| subject.short(date),
            scale: self.scale,
            is_whole: matches!(self.unit, Daily::Cases),
        };
        epicurve(&chart, look.theme)
    }
}

/// Figures for several days, where none of their days has one of its own; of two that overlap, the finer.
fn lumps(subject: Subject<'_>, window: Window, unit: Daily) -> Vec<Lump> {
    let view = subject.view;
    let is_daily =
        |date: NaiveDate| view.grid.index(date).and_then(|slot| view.daily.get(slot)?.as_ref()).is_some();
    let mut all: Vec<_> = view.grid.lumps(Measure::Cases).iter().collect();
    all.retain(|lump| lump.to >= window.from && lump.to <= window.to);
    all.retain(|lump| !(Window { from: lump.from, to: lump.to }).days().any(is_daily));
    all.sort_by_key(|lump| lump.to - lump.from);
    let mut kept: Vec<Lump> = Vec::new();
    for lump in all {
        if kept.iter().all(|other| lump.to < other.from || other.to < lump.from) {
            let days = span(lump.from, lump.to, subject.locale());
            let total = unit.of(lump.cell.value);
            let label = format!("{days}: {}", unit.shown(total, subject));
            kept.push(Lump { from: lump.from, to: lump.to, total, label });
        }
    }
    kept
}

fn day(subject: Subject<'_>, date: NaiveDate, (lumps, unit): (&[Lump], Daily)) -> EpicurveDay {
    let (view, t) = (subject.view, subject.phrases);
    let cell = view.grid.index(date).and_then(|slot| view.daily.get(slot).copied().flatten());
    let mean_7d = view.table.at(IndicatorKind::CasesMean7d, date).value().map(|mean| unit.of(mean));
    let lump = lumps.iter().find(|lump| (lump.from..=lump.to).contains(&date));
    let figure = match (cell, lump) {
        (Some(cell), _) => {
            t.say_with("chart-day-cases", &[("cases", &unit.shown(unit.of(cell.value), subject))])
        }
        (None, Some(lump)) => {
            let days = span(lump.from, lump.to, t.locale);
            t.say_with("chart-day-lump", &[("cases", &unit.shown(lump.total, subject)), ("days", &days)])
        }
        (None, None) => t.say("chart-key-no-figure"),
    };
    let mut label = format!("{}: {figure}", date_long(date, t.locale));
    if let Some(mean) = mean_7d {
        label.push_str(", ");
        label.push_str(&t.say_with("chart-day-mean", &[("mean", &unit.shown(mean, subject))]));
    }
    let is_incomplete = subject.is_open(date);
    if is_incomplete && cell.is_some() {
        label.push_str(", ");
        label.push_str(&t.say("chart-key-incomplete"));
    }
    EpicurveDay {
        date,
        cases: cell.map(|cell| unit.of(cell.value)),
        mean_7d,
        is_reconstructed: cell.is_some_and(|cell| cell.status == Status::Reconstructed),
        is_incomplete,
        label,
    }
}

fn description(subject: Subject<'_>, days: &[EpicurveDay], unit: Daily) -> String {
    let t = subject.phrases;
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return String::new() };
    let peak = days
        .iter()
        .filter_map(|day| Some((day.cases?, day.date)))
        .max_by(|one, other| one.0.total_cmp(&other.0));
    let span = [
        ("from", &*date_medium(first.date, t.locale)),
        ("to", &*date_medium(last.date, t.locale)),
        ("last", &*last.label),
    ];
    let mut text = t.say_with("chart-cases-description", &span);
    if let Some((cases, date)) = peak {
        let date = date_medium(date, t.locale);
        text.push(' ');
        text.push_str(
            &t.say_with("chart-cases-peak", &[("cases", &unit.shown(cases, subject)), ("date", &date)]),
        );
    }
    text
}
