//! The roster as a calendar, and findings in words.

use std::collections::BTreeMap;

use super::roster::RosterView;
use crate::export::{CalendarDay, write_calendar};
use crate::job::Journey;
use crate::text::{Locale, Phrases, date_medium, decimal};
use crate::workforce::{Finding, FindingKind, Unit};

/// The roster as a calendar: a day for each turn and for each hole.
#[must_use]
pub fn calendar_of(journey: &Journey, view: &RosterView, t: Phrases) -> String {
    let city = &journey.city;
    let names: BTreeMap<&str, &str> =
        city.units.iter().map(|unit| (unit.unit_id.as_str(), name(unit, t))).collect();
    let named = |id: &str| names.get(id).map_or_else(|| id.to_owned(), |name| (*name).to_owned());
    let officer = |id: &str| view.officer(id).map_or_else(|| id.to_owned(), |officer| officer.name.clone());
    let turns = view.duties.iter().map(|duty| {
        let phone = view
            .officer(&duty.officer_id)
            .map(|known| t.say_with("duty-event-phone", &[("phone", &known.phone)]));
        let substitute = duty.substitute.as_deref();
        let stands_in = substitute.map(|id| t.say_with("duty-event-substitute", &[("name", &officer(id))]));
        let (unit, who) = (named(&duty.unit_id), officer(&duty.officer_id));
        CalendarDay {
            id: format!("{}/{}/{}@siaga.{}", duty.date, duty.unit_id, duty.officer_id, city.location),
            date: duty.date,
            title: t.say_with("duty-event", &[("unit", &unit), ("name", &who)]),
            lines: [phone, stands_in].into_iter().flatten().collect(),
        }
    });
    let holes = view.holes.iter().map(|hole| CalendarDay {
        id: format!("{}/{}@siaga.{}", hole.date, hole.unit_id, city.location),
        date: hole.date,
        title: t.say_with("duty-event-hole", &[("unit", &named(&hole.unit_id))]),
        lines: Vec::new(),
    });
    let days: Vec<CalendarDay> = turns.chain(holes).collect();
    let title = t.say_with("duty-event-calendar", &[("city", &city.name)]);
    write_calendar((&title, city.zone.name()), &days, journey.clock.now())
}

/// A unit's name in the reader's language.
fn name(unit: &Unit, t: Phrases) -> &str {
    if t.locale == Locale::En && !unit.name_en.is_empty() { &unit.name_en } else { &unit.name }
}

/// What is the matter, in the reader's words.
#[must_use]
pub fn finding_sentence(finding: &Finding, t: Phrases) -> String {
    let share = |share: f64| decimal(share, 1, t.locale);
    let (since, date) = (date_medium(finding.since, t.locale), date_medium(finding.date, t.locale));
    let key = format!("finding-{}", finding.kind.code());
    match finding.kind {
        FindingKind::AboveCap { share_pct, cap_pct } => t.say_with(
            &key,
            &[("share", &share(share_pct)), ("cap", &cap_pct.to_string()), ("since", &since)],
        ),
        FindingKind::NobodyPlanned { minimum } => t.say_with(&key, &[("minimum", &minimum.to_string())]),
        FindingKind::TooFewPresent { present, minimum } => {
            t.say_with(&key, &[("present", &present.to_string()), ("minimum", &minimum.to_string())])
        }
        FindingKind::ReportsMissing { share_pct } | FindingKind::ReportsReferred { share_pct } => {
            t.say_with(&key, &[("share", &share(share_pct)), ("since", &since)])
        }
        FindingKind::NoAttendance | FindingKind::NoReports => t.say_with(&key, &[("date", &date)]),
    }
}
