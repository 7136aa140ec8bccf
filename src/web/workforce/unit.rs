//! One unit: everything that binds it, closures, head-counts, notes; and the forms by which it is kept.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use chrono::Duration;

use super::said::{Choice, Said, answered, day, entries, may, name, needed_day, number, refusal, visitor};
use super::units::{Told, cap, findings};
use crate::account::Permission;
use crate::epi::Window;
use crate::job::{
    Register, UnitStanding, WorkforceFault, close_unit, count_heads, reopen_unit, standings, write_note,
};
use crate::text::{Phrases, cap_words, date_medium};
use crate::web::entry::{Field, unkept};
use crate::web::error::WebError;
use crate::web::form::Fields;
use crate::web::guard::see_other;
use crate::web::page::{Frame, html};
use crate::web::visit::{Visit, encoded};
use crate::web::words::{full_sentence, moment_short, sentence, span, whole};
use crate::workforce::{Closure, HeadCount, LogEntry, LogKind, Tally, Unit};

/// Days of notes that are shown.
const NOTES: i64 = 60;

/// One reason that was weighed.
struct Weighed {
    ground: String,
    words: String,
    cap: String,
    until: String,
    decides: bool,
}

struct Shut {
    days: String,
    reason: String,
    service: String,
    by: String,
}

struct Counted {
    date: String,
    counts: String,
    known: String,
}

struct Noted {
    at: String,
    by: String,
    kind: String,
    subject: String,
    text: String,
    days: String,
}

/// The forms of those who keep the register.
struct Keeping {
    close: [Field; 4],
    reopen: Field,
    count: [Field; 4],
}

/// The form of those who note things down.
struct Noting {
    kinds: Vec<Choice>,
    fields: [Field; 4],
    text: String,
}

#[derive(Template)]
#[template(path = "workforce/unit.html")]
struct UnitPage {
    frame: Frame,
    said: Said,
    name: String,
    category: String,
    facts: Vec<(String, String)>,
    headline: String,
    duties: Vec<String>,
    weighed: Vec<Weighed>,
    told: Vec<Told>,
    closures: Vec<Shut>,
    counts: Vec<Counted>,
    notes: Vec<Noted>,
    here: String,
    roster: String,
    keeping: Option<Keeping>,
    noting: Option<Noting>,
}

/// The page of a unit.
pub(in crate::web) async fn unit(Path(id): Path<String>, mut visit: Visit) -> Result<Response, WebError> {
    visit.as_seen_with(Permission::ReadWorkforce).await?;
    page(&visit, &id, Said::asked(&visit)).await
}

async fn page(visit: &Visit, id: &str, said: Said) -> Result<Response, WebError> {
    let (t, journey) = (visit.phrases, visit.journey());
    let register = Register::of(journey).await.map_err(refusal)?;
    let unit = register.units.iter().find(|unit| unit.unit_id == id).ok_or(WebError::NotFound)?;
    if visitor(visit).own_unit().is_some_and(|own| own != id) {
        return Err(WebError::Forbidden(None));
    }
    let view = visit.view().await?;
    let all = standings(journey, (&register, &view), visitor(visit)).await.map_err(refusal)?;
    let own: Vec<UnitStanding> = all.into_iter().filter(|standing| standing.unit.unit_id == id).collect();
    let standing = own.first().ok_or(WebError::NotFound)?;
    let today = journey.today();
    let days = Window { from: today - Duration::days(NOTES), to: today + Duration::days(NOTES) };
    let notes = journey.store.log_entries(days, (Some(id), None)).await.map_err(anyhow::Error::from)?;
    let title = said.title(name(unit, t), t);
    let has_fault = said.fault.is_some();
    let page = html(&UnitPage {
        frame: Frame::plain(visit, (&title, "/units")),
        name: name(unit, t).to_owned(),
        category: t.say(&format!("category-{}", unit.category)),
        facts: facts(unit, standing, t),
        headline: full_sentence(&headline(standing, t)),
        duties: standing
            .measure
            .duties
            .iter()
            .map(|duty| t.say(&format!("unit-duty-{}", duty.code())))
            .collect(),
        weighed: weighed(standing, t),
        told: findings(visit, &own, view.date).await?,
        closures: register
            .closures
            .iter()
            .filter(|shut| shut.unit_id == id)
            .map(|shut| closure(shut, t))
            .collect(),
        counts: register
            .counts
            .iter()
            .filter(|count| count.unit_id == id)
            .map(|count| counted(visit, count))
            .collect(),
        notes: notes.iter().map(|entry| noted(visit, entry)).collect(),
        here: format!("/units/{}", encoded(id)),
        roster: format!("/roster?unit={}", encoded(id)),
        keeping: may(visit, Permission::KeepUnits).then(|| keeping(&said, t)),
        noting: may(visit, Permission::KeepWorkforce).then(|| noting(&said, t)),
        said,
    })?;
    Ok(answered(unkept(page), has_fault))
}

fn facts(unit: &Unit, standing: &UnitStanding, t: Phrases) -> Vec<(String, String)> {
    let staff = standing.staff.map(|staff| whole(staff.into(), t.locale)).unwrap_or_default();
    let aliases = unit.aliases.replace('|', ", ");
    let all = [
        ("workforce-staff", &staff),
        ("workforce-head", &unit.head),
        ("workforce-superior", &unit.superior),
        ("workforce-contact", &unit.contact),
        ("workforce-aliases", &aliases),
    ];
    let filled = all.into_iter().filter(|(_, text)| !text.is_empty());
    filled.map(|(key, text)| (t.say(key), text.clone())).collect()
}

/// "at most 0% at the office: closed, until 23 June 2021, service: online".
fn headline(standing: &UnitStanding, t: Phrases) -> String {
    let measure = &standing.measure;
    let until =
        measure.until.map(|day| t.say_with("measure-until", &[("date", &date_medium(day, t.locale))]));
    let service =
        measure.substitute.as_ref().map(|place| t.say_with("measure-service", &[("substitute", place)]));
    let why = [Some(t.say(&format!("ground-{}", measure.ground.code()))), until, service];
    format!("{}: {}", cap(measure, t), why.into_iter().flatten().collect::<Vec<_>>().join(", "))
}

fn weighed(standing: &UnitStanding, t: Phrases) -> Vec<Weighed> {
    let row = |proposal: &crate::workforce::Proposal| Weighed {
        ground: sentence(&t.say(&format!("ground-{}", proposal.ground.code()))),
        words: proposal.words.clone(),
        cap: cap_words((proposal.cap_pct, proposal.desk_pct), t),
        until: proposal.until.map(|day| date_medium(day, t.locale)).unwrap_or_default(),
        decides: proposal.decides,
    };
    standing.measure.weighed.iter().map(row).collect()
}

fn closure(closure: &Closure, t: Phrases) -> Shut {
    let days = match closure.last() {
        Some(last) if last >= closure.from => span(closure.from, last, t.locale),
        Some(_) => t.say("workforce-never-closed"),
        None => t.say_with("workforce-from", &[("date", &date_medium(closure.from, t.locale))]),
    };
    Shut { days, reason: closure.reason.clone(), service: closure.substitute.clone(), by: closure.by.clone() }
}

fn counted(visit: &Visit, count: &HeadCount) -> Counted {
    let t = visit.phrases;
    let counts = count.counts.iter().map(|(tally, people)| {
        format!("{} {}", t.say(&format!("tally-{}", tally.as_str())), whole((*people).into(), t.locale))
    });
    Counted {
        date: date_medium(count.date, t.locale),
        counts: counts.collect::<Vec<_>>().join(", "),
        known: moment_short(count.at, visit.journey().city.zone, t.locale),
    }
}

fn noted(visit: &Visit, entry: &LogEntry) -> Noted {
    let t = visit.phrases;
    let number = entry.number.map(|number| whole(number.into(), t.locale));
    let kind = t.say(&format!("note-{}", entry.kind));
    Noted {
        at: moment_short(entry.at, visit.journey().city.zone, t.locale),
        by: entry.by.clone(),
        kind: number.map_or_else(|| kind.clone(), |number| format!("{kind} ({number})")),
        subject: entry.subject.clone(),
        text: entry.text.clone(),
        days: match entry.to {
            Some(to) => span(entry.from, to, t.locale),
            None => date_medium(entry.from, t.locale),
        },
    }
}

fn keeping(said: &Said, t: Phrases) -> Keeping {
    let date = |name, label| Field::text(name, label, t).kind("date").value(said.value(name));
    let text = |name, label| Field::text(name, label, t).extra("maxlength=\"300\"").value(said.value(name));
    let people = |name, label| {
        Field::text(name, label, t)
            .optional()
            .extra("inputmode=\"numeric\" maxlength=\"7\"")
            .value(said.value(name))
    };
    Keeping {
        close: [
            date("close_from", "form-from"),
            date("close_to", "form-to").optional().hint(t.say("close-to-hint")),
            text("close_reason", "form-reason"),
            text("substitute", "close-substitute").hint(t.say("close-substitute-hint")),
        ],
        reopen: date("reopen_from", "reopen-from"),
        count: [
            date("count_date", "count-date"),
            people("asn", "tally-asn").hint(t.say("count-hint")),
            people("pns", "tally-pns"),
            people("pppk", "tally-pppk"),
        ],
    }
}

fn noting(said: &Said, t: Phrases) -> Noting {
    let kind = |kind: LogKind| Choice {
        value: kind.to_string(),
        label: sentence(&t.say(&format!("note-{kind}"))),
        is_chosen: said.value("kind") == kind.as_str(),
    };
    let date = |name, label| Field::text(name, label, t).kind("date").value(said.value(name));
    Noting {
        kinds: LogKind::ALL.into_iter().map(kind).collect(),
        fields: [
            Field::text("subject", "note-subject", t)
                .optional()
                .extra("maxlength=\"120\"")
                .hint(t.say("note-subject-hint"))
                .value(said.value("subject")),
            date("note_from", "form-from").optional().hint(t.say("note-from-hint")),
            date("note_to", "form-to").optional(),
            Field::text("number", "note-number", t)
                .optional()
                .extra("inputmode=\"numeric\" maxlength=\"5\"")
                .hint(t.say("note-number-hint"))
                .value(said.value("number")),
        ],
        text: said.value("text").to_owned(),
    }
}

/// Sees what a form came to: on to the page with a word of it, or the form again.
async fn ended(
    visit: &Visit,
    id: &str,
    (came, fields, done): (Result<(), WorkforceFault>, &Fields, &str),
) -> Result<Response, WebError> {
    match came {
        Ok(()) => Ok(see_other(&format!("/units/{}?done={done}", encoded(id)))),
        Err(fault @ WorkforceFault::NotYours(_)) => Err(refusal(fault)),
        Err(fault) => page(visit, id, Said::refused(visit, fault, fields)?).await,
    }
}

/// A visit that may see the pages, with what it sees made ready.
async fn ready(visit: &mut Visit) -> Result<(), WebError> {
    visit.as_seen_with(Permission::ReadWorkforce).await
}

/// Closes the unit.
pub(in crate::web) async fn close(
    Path(id): Path<String>,
    mut visit: Visit,
    fields: Fields,
) -> Result<Response, WebError> {
    ready(&mut visit).await?;
    let days = (needed_day(&visit, &fields, "close_from"), day(&visit, &fields, "close_to"));
    let (from, to) = match days {
        (Ok(from), Ok(to)) => (from, to),
        (Err(said), _) | (_, Err(said)) => return page(&visit, &id, said).await,
    };
    let closure = Closure {
        id: 0,
        unit_id: id.clone(),
        from,
        to,
        reopened: None,
        reason: fields.text("close_reason").to_owned(),
        substitute: fields.text("substitute").to_owned(),
        by: visitor(&visit).name().to_owned(),
    };
    let came = close_unit(visit.journey(), &closure, entries(&visit)).await;
    ended(&visit, &id, (came, &fields, "closed")).await
}

/// Opens the unit again.
pub(in crate::web) async fn reopen(
    Path(id): Path<String>,
    mut visit: Visit,
    fields: Fields,
) -> Result<Response, WebError> {
    ready(&mut visit).await?;
    let from = match needed_day(&visit, &fields, "reopen_from") {
        Ok(from) => from,
        Err(said) => return page(&visit, &id, said).await,
    };
    let came = reopen_unit(visit.journey(), (&id, from), entries(&visit)).await;
    ended(&visit, &id, (came, &fields, "reopened")).await
}

/// Notes a head-count.
pub(in crate::web) async fn count(
    Path(id): Path<String>,
    mut visit: Visit,
    fields: Fields,
) -> Result<Response, WebError> {
    ready(&mut visit).await?;
    let date = match needed_day(&visit, &fields, "count_date") {
        Ok(date) => date,
        Err(said) => return page(&visit, &id, said).await,
    };
    let mut counts = BTreeMap::new();
    for tally in [Tally::Asn, Tally::Pns, Tally::Pppk] {
        match number(&visit, &fields, tally.as_str()) {
            Ok(Some(people)) => drop(counts.insert(tally, people)),
            Ok(None) => {}
            Err(said) => return page(&visit, &id, said).await,
        }
    }
    let came = count_heads(visit.journey(), (&id, date), &counts, entries(&visit)).await.map(drop);
    ended(&visit, &id, (came, &fields, "counted")).await
}

/// Notes something down.
pub(in crate::web) async fn note(
    Path(id): Path<String>,
    mut visit: Visit,
    fields: Fields,
) -> Result<Response, WebError> {
    ready(&mut visit).await?;
    let kind = fields.text("kind").parse().map_err(|_| WebError::Field("kind"))?;
    let parts = (
        day(&visit, &fields, "note_from"),
        day(&visit, &fields, "note_to"),
        number(&visit, &fields, "number"),
    );
    let (from, to, number) = match parts {
        (Ok(from), Ok(to), Ok(number)) => (from, to, number),
        (Err(said), _, _) | (_, Err(said), _) | (_, _, Err(said)) => return page(&visit, &id, said).await,
    };
    let note = LogEntry {
        id: 0,
        at: visit.journey().clock.now(),
        by: String::new(),
        role: String::new(),
        kind,
        unit_id: id.clone(),
        from: from.unwrap_or_else(|| visit.journey().today()),
        to,
        subject: fields.text("subject").to_owned(),
        text: fields.text("text").to_owned(),
        number,
    };
    let came = write_note(visit.journey(), &note, (visitor(&visit), entries(&visit))).await.map(drop);
    ended(&visit, &id, (came, &fields, "noted")).await
}
