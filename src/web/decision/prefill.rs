//! What the form holds before anybody types: what the rules recommend, what the last decision said, the days that follow.

use chrono::Duration;

use crate::assessment::{Assessment, Mode, Step};
use crate::decision::{Answer, Decision, ReasonCode};
use crate::epi::IndicatorKind;
use crate::job::{Deciding, Journey};
use crate::text::{Locale, date_long};

/// The first filling of a form. `kind` and `changes` come from the address.
pub(super) fn answer(journey: &Journey, deciding: &Deciding, (kind, changes): (&str, &str)) -> Answer {
    let last = deciding.journal.entries().last();
    let changed = changes.parse().ok().and_then(|number| deciding.journal.get(number));
    let made = deciding.assessment().filter(|made| made.mode != Mode::NotAssessable);
    let answer = Answer {
        kind: kind.to_owned(),
        amends: changes.to_owned(),
        decided_on: date_long(deciding.today, Locale::Id),
        decided_by: last.map_or_else(String::new, |last| last.decided_by.clone()),
        office: last.map_or("mayor", |last| last.office.as_str()).to_owned(),
        place: last.map_or_else(String::new, |last| last.place.clone()),
        reasons: made.map_or_else(Vec::new, |made| reasons(made, changed.or(last))),
        ..Answer::default()
    };
    match (kind, changed) {
        ("extension", Some(changed)) => extension(journey, answer, changed),
        ("amendment" | "end", Some(changed)) => amendment(deciding, answer, changed),
        _ => decision(journey, deciding, answer, last),
    }
}

fn decision(journey: &Journey, deciding: &Deciding, answer: Answer, last: Option<&Decision>) -> Answer {
    let made = deciding.assessment().filter(|made| made.mode != Mode::NotAssessable);
    let calendar = &journey.city.calendar;
    let next = calendar.next_working_day(deciding.today);
    let start =
        made.and_then(|made| made.effective_from).filter(|from| *from >= deciding.today).unwrap_or(next);
    let list = last.map(|last| last.exemption_list.clone()).filter(|list| !list.is_empty());
    let newest = journey.city.exemption_lists.last().map(|list| list.id.clone());
    let step = made.map(|made| made.step);
    let ceiling = deciding.ceiling(start).map(|ceiling| ceiling.source);
    Answer {
        step: step.map_or_else(String::new, |step| step.to_string()),
        start: start.to_string(),
        last_day: (start + Duration::days(6)).to_string(),
        legal_basis: ceiling.into_iter().collect(),
        exemption_list: list.or(newest).filter(|_| step != Some(Step::NORMAL)).unwrap_or_default(),
        continues: last.map_or_else(Vec::new, |last| last.continues.clone()),
        ..answer
    }
}

fn extension(journey: &Journey, answer: Answer, changed: &Decision) -> Answer {
    let next = crate::decision::Period { start: changed.effective_from, ..changed.period };
    Answer {
        step: changed.step.to_string(),
        last_day: next.next(&journey.city.calendar).last_day.to_string(),
        legal_basis: changed.legal_basis.clone(),
        exemption_list: changed.exemption_list.clone(),
        continues: changed.continues.clone(),
        ..answer
    }
}

fn amendment(deciding: &Deciding, answer: Answer, changed: &Decision) -> Answer {
    let tomorrow = deciding.today + Duration::days(1);
    Answer {
        step: changed.step.to_string(),
        start: tomorrow.max(changed.effective_from).to_string(),
        last_day: changed.period.last_day.to_string(),
        departure: changed.departure.clone(),
        legal_basis: changed.legal_basis.clone(),
        exemption_list: changed.exemption_list.clone(),
        continues: changed.continues.clone(),
        ..answer
    }
}

/// The reason that the deciding rule itself is about; a person changes it as they see fit.
fn reasons(made: &Assessment, last: Option<&Decision>) -> Vec<(String, String)> {
    let deciding = made.rules.iter().find(|rule| Some(&rule.id) == made.deciding_rule.as_ref());
    let code = match deciding.map(|rule| rule.indicator) {
        _ if last.is_some_and(|last| made.step < last.step) => ReasonCode::CasesFell,
        Some(None) => ReasonCode::HigherOrder,
        Some(Some(IndicatorKind::BedOccupancyPct | IndicatorKind::IcuOccupancyPct)) => {
            ReasonCode::HospitalLoad
        }
        Some(Some(kind)) if crate::disclosure::is_about_staff(kind) => ReasonCode::StaffInfections,
        Some(Some(_)) => ReasonCode::CaseTrend,
        None => return Vec::new(),
    };
    vec![(code.to_string(), String::new())]
}
