//! The epidemic curve: which days, which figures for several days, and the thresholds brought to cases a day.
//! The drawing itself is in `chart/epicurve.rs`.

use chrono::NaiveDate;

use super::{Look, Subject};
use crate::chart::{Chart, Epicurve, EpicurveDay, EpicurveWords, Lump, Scale, ThresholdLine, epicurve};
use crate::epi::{IndicatorKind, Status, Window};
use crate::observation::Measure;
use crate::text::{date_long, date_medium};
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
    /// Per 100,000 in seven days, and the same in cases a day.
    thresholds: Vec<(f64, f64)>,
    scale: Scale,
}

impl Curve {
    pub(in crate::web) fn new(subject: Subject<'_>, settings: &CurveSettings) -> Self {
        let view = subject.view;
        let window = subject.window(settings.days);
        let lumps = lumps(subject, window);
        // A figure for several days that begins before the window is shown whole.
        let from = lumps.iter().map(|lump| lump.from).fold(window.from, NaiveDate::min);
        let range = (from, window.to);
        let days: Vec<EpicurveDay> =
            Window { from, to: window.to }.days().map(|date| day(subject, date, &lumps)).collect();
        let per_day = |threshold: f64, residents: f64| threshold / 7.0 * residents / 100_000.0;
        let thresholds = settings.thresholds_per_100k.iter();
        Self {
            title: super::finding::of_cases(subject, range),
            subtitle: subject
                .phrases
                .say_with("chart-cases-subtitle", &[("city", &subject.journey.city.name)]),
            description: description(subject, &days),
            source_line: subject.source_line("cases", range),
            thresholds: thresholds
                .filter_map(|threshold| Some((*threshold, per_day(*threshold, view.table.population?))))
                .collect(),
            days,
            lumps,
            range,
            scale: if settings.is_log { Scale::Log } else { Scale::Linear },
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
                    &[("threshold", &subject.number(*threshold)), ("per_day", &subject.number(*per_day))],
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
            format: &|value| subject.number(value),
            format_date: &|date| subject.short(date),
            scale: self.scale,
        };
        epicurve(&chart, look.theme)
    }
}

/// Figures for several days, where none of their days has one of its own; of two that overlap, the finer.
fn lumps(subject: Subject<'_>, window: Window) -> Vec<Lump> {
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
            let label = format!("{days}: {}", subject.number(lump.cell.value));
            kept.push(Lump { from: lump.from, to: lump.to, total: lump.cell.value, label });
        }
    }
    kept
}

fn day(subject: Subject<'_>, date: NaiveDate, lumps: &[Lump]) -> EpicurveDay {
    let (view, t) = (subject.view, subject.phrases);
    let cell = view.grid.index(date).and_then(|slot| view.daily.get(slot).copied().flatten());
    let mean_7d = view.table.at(IndicatorKind::CasesMean7d, date).value();
    let lump = lumps.iter().find(|lump| (lump.from..=lump.to).contains(&date));
    let figure = match (cell, lump) {
        (Some(cell), _) => t.say_with("chart-day-cases", &[("cases", &subject.number(cell.value))]),
        (None, Some(lump)) => {
            let days = span(lump.from, lump.to, t.locale);
            t.say_with("chart-day-lump", &[("cases", &subject.number(lump.total)), ("days", &days)])
        }
        (None, None) => t.say("chart-key-no-figure"),
    };
    let mut label = format!("{}: {figure}", date_long(date, t.locale));
    if let Some(mean) = mean_7d {
        label.push_str(", ");
        label.push_str(&t.say_with("chart-day-mean", &[("mean", &subject.number(mean))]));
    }
    EpicurveDay {
        date,
        cases: cell.map(|cell| cell.value),
        mean_7d,
        is_reconstructed: cell.is_some_and(|cell| cell.status == Status::Reconstructed),
        is_incomplete: false,
        label,
    }
}

fn description(subject: Subject<'_>, days: &[EpicurveDay]) -> String {
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
        text.push_str(&t.say_with("chart-cases-peak", &[("cases", &subject.number(cases)), ("date", &date)]));
    }
    text
}
