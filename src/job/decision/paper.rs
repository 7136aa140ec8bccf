//! What letters and briefings are made from: the record with its evidence, what it changes, the programmes, the roster of its days.

use std::collections::BTreeMap;

use anyhow::Context;
use chrono::{Duration, NaiveDate};

use super::case::journal;
use super::circular_number::circular_numbers;
use super::sign::evidence_of;
use crate::assessment::PolicyBook;
use crate::city::City;
use crate::config::Documents;
use crate::decision::Decision;
use crate::disclosure::{Audience, disclose_assessment};
use crate::document::{Dossier, DutyDay, Earlier, Form, Letterhead, MessageInput, Programme, message};
use crate::epi::Window;
use crate::job::Journey;
use crate::text::{Locale, Phrases, date_long};
use crate::workforce::{LogKind, gaps};

/// For so many days an entry about a programme is still how it stands.
const PROGRAMME_DAYS: i64 = 92;

/// A decision with everything its circular is made from; `None` where there is no decision of that number. A letter leaves the building:
/// it tells what those who decide may see, no more.
///
/// # Errors
/// When the store does not answer, or the evidence is no longer what was signed.
pub async fn dossier(journey: &Journey, number: u32, form: Form) -> anyhow::Result<Option<Dossier>> {
    let book = journal(&journey.viewing(), None).await?;
    let Some(decision) = book.get(number) else { return Ok(None) };
    let policy = journey.policies.on(decision.decided_on);
    let said = evidence_of(&journey.viewing(), decision).await?.assessment;
    let chain = book.chain(decision);
    let numbers = circular_numbers(&journey.viewing(), None).await?;
    let earlier = chain.iter().filter(|entry| entry.number != number).map(|entry| {
        let given = numbers.last(entry.number);
        Earlier {
            decision: (*entry).clone(),
            number: given.map(|given| given.number.clone()),
            title: None,
            dated: given.map(|given| given.dated),
        }
    });
    let given = numbers.last(number);
    let list = journey.city.exemption_lists.iter().find(|list| list.id == decision.exemption_list);
    Ok(Some(Dossier {
        form,
        number: given.map(|given| given.number.clone()),
        dated: given.map(|given| given.dated),
        earlier: earlier.collect(),
        assessment: said.map(|said| disclose_assessment(said, policy, &Audience::executive())),
        unit_names: journey.city.unit_names(),
        also: list.map(|list| list.also.clone()).unwrap_or_default(),
        programmes: programmes(journey, decision.decided_on).await?,
        roster: roster(journey, decision).await?,
        ..Dossier::from(decision.clone())
    }))
}

/// How the priority programmes stand on a day: of each the last entry.
///
/// # Errors
/// When the store does not answer.
pub async fn programmes(journey: &Journey, date: NaiveDate) -> anyhow::Result<Vec<Programme>> {
    let days = Window { from: date - Duration::days(PROGRAMME_DAYS), to: date };
    let entries = journey.store.log_entries(days, (None, Some(LogKind::Programme))).await;
    let mut entries = entries.context("read the priority programmes")?;
    entries.sort_by_key(|entry| (entry.from, entry.at));
    let names = journey.city.unit_names();
    let mut last: BTreeMap<String, Programme> = BTreeMap::new();
    for entry in entries {
        let unit = names.get(&entry.unit_id).cloned().unwrap_or(entry.unit_id);
        last.insert(entry.subject.clone(), Programme { name: entry.subject, unit, status: entry.text });
    }
    Ok(last.into_values().collect())
}

/// The duty roster of a decision's days.
async fn roster(journey: &Journey, decision: &Decision) -> anyhow::Result<Vec<DutyDay>> {
    let days = Window { from: decision.effective_from, to: decision.period.last_day };
    let duties = journey.store.duties(days, None).await.context("read the duty roster")?;
    let officers = journey.store.officers(None).await.context("read the officers")?;
    let names = journey.city.unit_names();
    let day = |duty: crate::workforce::Duty| {
        let officer = officers.iter().find(|officer| officer.id == duty.officer_id);
        DutyDay {
            date: duty.date,
            unit: names.get(&duty.unit_id).cloned().unwrap_or(duty.unit_id),
            officer: officer.map_or(duty.officer_id, |officer| officer.name.clone()),
            contact: officer.map_or_else(String::new, |officer| officer.phone.clone()),
        }
    };
    Ok(duties.into_iter().map(day).collect())
}

/// The days ahead on which somebody is missing from the duty roster; `None` where no roster is kept.
///
/// # Errors
/// When the store does not answer.
pub async fn duty_gaps(
    journey: &Journey,
    date: NaiveDate,
    t: Phrases,
) -> anyhow::Result<Option<Vec<String>>> {
    let days = Window { from: date, to: date + Duration::days(7) };
    let plans = journey.store.plans(days).await.context("read the duty roster")?;
    if plans.is_empty() {
        return Ok(None);
    }
    let duties = journey.store.duties(days, None).await.context("read the duty roster")?;
    let holes = gaps(&journey.store.duty_holes(days, None).await?, &duties);
    let names = journey.city.unit_names();
    let line = |hole: &crate::workforce::Hole| {
        let unit = names.get(&hole.unit_id).unwrap_or(&hole.unit_id);
        let (found, required) = (hole.found.to_string(), hole.required.to_string());
        let date = date_long(hole.date, t.locale);
        let args = [("unit", &**unit), ("date", &*date), ("found", &*found), ("required", &*required)];
        t.say_with("brief-duty-gap", &args)
    };
    Ok(Some(holes.iter().map(line).collect()))
}

/// The letterhead of the settings.
///
/// # Errors
/// When the emblem is no PNG.
pub fn letterhead(settings: &Documents, city: &City, logo: Option<Vec<u8>>) -> anyhow::Result<Letterhead> {
    let province = city.lineage.get(1).and_then(|place| city.locations.at(place, NaiveDate::MAX));
    let province = province.filter(|place| place.level == "province").map(|place| place.name.as_str());
    Letterhead::new(settings, (&city.name, province), logo).context("documents.logo")
}

/// The message of a decision, with the level in the words of the policy that it was decided by.
#[must_use]
pub fn said(
    (city, policies): (&str, &PolicyBook),
    dossier: &Dossier,
    (link, locale): (&str, Locale),
) -> String {
    let decision = &dossier.decision;
    let level = locale.of(&policies.on(decision.decided_on).step(decision.step).name);
    message(&MessageInput {
        decision,
        level,
        city,
        unit_names: &dossier.unit_names,
        link,
        phrases: Phrases::new(locale),
    })
}
