//! The card of the city for messages and social pages.

use chrono::NaiveDate;

use super::epicurve::Curve;
use super::strip::mark;
use super::{Asked, Subject};
use crate::chart::{Card, Chart, Theme, card};
use crate::epi::IndicatorKind;
use crate::text::{date_medium, explain};
use crate::web::dashboard::CurveSettings;

/// Days of the sketched curve.
const DAYS: u32 = 56;

pub(super) fn draw(subject: Subject<'_>, theme: Theme) -> Chart {
    let (view, t) = (subject.view, subject.phrases);
    let words = explain(&view.assessment, subject.journey.policy(), t);
    let window = subject.window(DAYS);
    let days: Vec<Option<f64>> = window
        .days()
        .map(|date| view.grid.index(date).and_then(|slot| Some(view.daily.get(slot)?.as_ref()?.value)))
        .collect();
    let curve =
        Curve::new(subject, &CurveSettings { days: DAYS, ..CurveSettings::default() }, Asked::default());
    let place = |date: NaiveDate| u32::try_from((date - window.from).num_days().max(0)).unwrap_or_default();
    let lumps: Vec<(u32, u32, f64)> =
        curve.lumps.iter().map(|lump| (place(lump.from), place(lump.to), lump.per_day())).collect();
    let means: Vec<Option<f64>> =
        window.days().map(|date| view.table.at(IndicatorKind::CasesMean7d, date).value()).collect();
    let date = date_medium(view.date, t.locale);
    let as_of = match subject.journey.is_demo {
        true => t.say_with("card-as-of-demo", &[("date", &date)]),
        false => t.say_with("card-as-of", &[("date", &date)]),
    };
    let made = Card {
        brand: &format!("siaga · {}", subject.journey.city.name),
        mark: mark((view.assessment.step, view.assessment.mode)),
        level: &words.level,
        sentence: &words.headline,
        as_of: &as_of,
        days: &days,
        lumps: &lumps,
        means: &means,
    };
    card(&made, theme)
}
