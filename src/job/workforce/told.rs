//! The roster as a calendar and a table, attendance as a table, and findings in words.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::register::Register;
use super::roster::RosterView;
use crate::export::{CalendarDay, Cell, Table, write_calendar};
use crate::job::Journey;
use crate::text::{Locale, Phrases, date_medium, decimal};
use crate::workforce::{DayCounts, Finding, FindingKind, Mode, ReportCounts, Unit, completeness};

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
    unit.name_in(t.locale == Locale::En)
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

/// Turns on duty, one row each.
#[must_use]
pub fn roster_table(view: &RosterView) -> Table {
    let mut table = Table::new(&[
        ("date", "the day"),
        ("unit_id", "work unit (OPD)"),
        ("officer_id", "who is on duty"),
        ("name", "the officer's name"),
        ("phone", "the telephone that is not switched off"),
        ("substitute_id", "who stands in"),
        ("substitute", "that officer's name"),
    ]);
    let text = |text: Option<&str>| text.map_or(Cell::Empty, Cell::from);
    table.rows = view
        .duties
        .iter()
        .map(|duty| {
            let officer = view.officer(&duty.officer_id);
            let substitute = duty.substitute.as_deref();
            vec![
                duty.date.into(),
                duty.unit_id.as_str().into(),
                duty.officer_id.as_str().into(),
                text(officer.map(|officer| officer.name.as_str())),
                text(officer.map(|officer| officer.phone.as_str())),
                text(substitute),
                text(substitute.and_then(|id| view.officer(id)).map(|officer| officer.name.as_str())),
            ]
        })
        .collect();
    table
}

/// What a unit handed in of a day.
type Handed<'a> = (Option<&'a DayCounts>, Option<&'a ReportCounts>);

/// Presence and reports, one row a unit and day.
#[must_use]
pub fn attendance_table(register: &Register, attendance: &[DayCounts], reports: &[ReportCounts]) -> Table {
    let mut columns = vec![("date", "the day"), ("unit_id", "work unit (OPD)"), ("staff", "ASN on that day")];
    columns.extend(Mode::ALL.map(|mode| (mode.as_str(), "people")));
    columns.extend([
        ("office_pct", "share of the staff at the office"),
        ("reports_expected", "daily reports that were to come"),
        ("reports_received", "daily reports that came"),
        ("reports_pct", "share of the reports that came"),
    ]);
    let mut table = Table::new(&columns);
    let mut days: BTreeMap<(NaiveDate, &str), Handed<'_>> = BTreeMap::new();
    for day in attendance {
        days.entry((day.date, &day.unit_id)).or_default().0 = Some(day);
    }
    for day in reports {
        days.entry((day.date, &day.unit_id)).or_default().1 = Some(day);
    }
    let whole = |number: Option<u32>| number.map_or(Cell::Empty, |number| Cell::Whole(i64::from(number)));
    for ((date, unit_id), (day, report)) in days {
        let unit = register.units.iter().find(|unit| unit.unit_id == unit_id);
        let staff = unit.and_then(|unit| register.staff(unit, date));
        let mut row = vec![date.into(), unit_id.into(), whole(staff)];
        row.extend(Mode::ALL.map(|mode| whole(day.map(|day| day.of(mode)))));
        row.push(day.and_then(|day| day.office_share(staff)).into());
        row.push(whole(report.map(|report| report.expected)));
        row.push(whole(report.map(|report| report.received)));
        row.push(report.and_then(completeness).into());
        table.rows.push(row);
    }
    table
}
