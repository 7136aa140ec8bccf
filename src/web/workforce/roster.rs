//! The duty roster: who is on duty, what is open, and the forms by which it is kept. On paper it is a page to pin up.

use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;
use chrono::{Duration, NaiveDate};

use super::said::{
    Choice, Said, answered, entries, may, name, needed_day, number, refusal, shown_days, unit_choices,
    visitor,
};
use crate::account::Permission;
use crate::epi::Window;
use crate::job::{
    Handed, Register, RosterAsk, RosterView, WorkforceFault, import_away, import_officers, lay_out,
    roster_view, swap_duty,
};
use crate::text::{Phrases, date_long, date_medium};
use crate::web::entry::{Field, unkept};
use crate::web::error::WebError;
use crate::web::form::Fields;
use crate::web::guard::see_other;
use crate::web::intake::Dropped;
use crate::web::page::{Frame, html};
use crate::web::visit::{Visit, encoded};
use crate::web::words::{count, moment_short, span};
use crate::workforce::{Hole, Swap};

/// Days that are shown where nobody says otherwise.
const DAYS: i64 = 13;
/// Open unit-days that are listed.
const LISTED: usize = 60;

/// A turn in the table.
struct Turn {
    unit: String,
    name: String,
    phone: String,
    substitute: String,
}

/// A day with its turns.
struct Day {
    date: String,
    turns: Vec<Turn>,
}

struct Open {
    date: String,
    unit: String,
    missing: String,
    reason: String,
}

struct Changed {
    date: String,
    unit: String,
    what: String,
    by: String,
    reason: String,
}

/// The forms of those who keep the roster.
struct Keeping {
    plan: [Field; 3],
    swap: [Field; 4],
    units: Vec<Choice>,
    swap_units: Vec<Choice>,
    officers: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "workforce/roster.html")]
struct RosterPage {
    frame: Frame,
    said: Said,
    from: String,
    to: String,
    units: Vec<Choice>,
    is_one_unit: bool,
    caption: String,
    days: Vec<Day>,
    open: Vec<Open>,
    more_open: String,
    changes: Vec<Changed>,
    calendar: String,
    csv: String,
    keeping: Option<Keeping>,
}

/// The page.
pub(in crate::web) async fn roster(visit: Visit) -> Result<Response, WebError> {
    page(&visit, Said::asked(&visit)).await
}

/// The days and the unit that the address asks for.
pub(super) fn asked(visit: &Visit) -> Result<(Window, Option<String>), WebError> {
    let today = visit.journey().today();
    let days = shown_days(visit, Window { from: today, to: today + Duration::days(DAYS) })?;
    Ok((days, visit.parameter("unit").map(str::to_owned)))
}

async fn page(visit: &Visit, said: Said) -> Result<Response, WebError> {
    let (t, journey) = (visit.phrases, visit.journey());
    let (days, unit) = asked(visit)?;
    let register = Register::of(journey).await.map_err(refusal)?;
    let view = roster_view(journey, (days, unit.as_deref()), visitor(visit)).await.map_err(refusal)?;
    let names: BTreeMap<&str, &str> =
        register.units.iter().map(|unit| (unit.unit_id.as_str(), name(unit, t))).collect();
    let named = |id: &str| names.get(id).map_or_else(|| id.to_owned(), |name| (*name).to_owned());
    let open = open_days(&view, &named, t);
    let more = open.len().saturating_sub(LISTED);
    let title = said.title(&t.say("roster-title"), t);
    let chosen = unit.clone().unwrap_or_default();
    let has_fault = said.fault.is_some();
    let asked = [("from", days.from.to_string()), ("to", days.to.to_string()), ("unit", chosen.clone())];
    let page = html(&RosterPage {
        frame: Frame::plain(visit, (&title, "/roster")),
        from: days.from.to_string(),
        to: days.to.to_string(),
        units: unit_choices(register.seen_by(visitor(visit)), &chosen, t),
        is_one_unit: visitor(visit).own_unit().is_some(),
        caption: t.say_with("roster-caption", &[("days", &span(days.from, days.to, t.locale))]),
        days: by_day(&view, &named, t),
        open: open.into_iter().take(LISTED).collect(),
        more_open: if more > 0 {
            t.say_with("runs-more", &[("count", &count(more, t.locale))])
        } else {
            String::new()
        },
        changes: changes(visit, &view, &named),
        calendar: address("/calendar.ics", &asked),
        csv: address("/roster.csv", &asked),
        keeping: may(visit, Permission::KeepWorkforce).then(|| keeping(visit, (&said, &register, &view))),
        said,
    })?;
    Ok(answered(unkept(page), has_fault))
}

fn address(path: &str, asked: &[(&str, String)]) -> String {
    let said = asked.iter().filter(|(_, value)| !value.is_empty());
    let said: Vec<String> = said.map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    format!("{path}?{}", said.join("&"))
}

fn by_day(view: &RosterView, named: &dyn Fn(&str) -> String, t: Phrases) -> Vec<Day> {
    let mut days: BTreeMap<NaiveDate, Vec<Turn>> = BTreeMap::new();
    for duty in &view.duties {
        let officer = view.officer(&duty.officer_id);
        let substitute = duty.substitute.as_deref();
        let called =
            |id: &str| view.officer(id).map_or_else(|| id.to_owned(), |officer| officer.name.clone());
        days.entry(duty.date).or_default().push(Turn {
            unit: named(&duty.unit_id),
            name: called(&duty.officer_id),
            phone: officer.map(|officer| officer.phone.clone()).unwrap_or_default(),
            substitute: substitute.map(called).unwrap_or_default(),
        });
    }
    days.into_iter().map(|(date, turns)| Day { date: date_long(date, t.locale), turns }).collect()
}

/// Days without enough officers, then days that nobody laid out.
fn open_days(view: &RosterView, named: &dyn Fn(&str) -> String, t: Phrases) -> Vec<Open> {
    let holes = view.holes.iter().map(|hole| Open {
        date: date_medium(hole.date, t.locale),
        unit: named(&hole.unit_id),
        missing: hole.required.saturating_sub(hole.found).to_string(),
        reason: why(hole, t),
    });
    let unplanned = view.unplanned.iter().map(|(unit, date)| Open {
        date: date_medium(*date, t.locale),
        unit: named(unit),
        missing: "–".to_owned(),
        reason: t.say("hole-unplanned"),
    });
    holes.chain(unplanned).collect()
}

fn why(hole: &Hole, t: Phrases) -> String {
    let [officers, away, resting] =
        [hole.gap.officers, hole.gap.away, hole.gap.resting].map(|number| number.to_string());
    match hole.gap.officers {
        0 => t.say("hole-none"),
        _ => t.say_with("hole-why", &[("officers", &officers), ("away", &away), ("resting", &resting)]),
    }
}

fn changes(visit: &Visit, view: &RosterView, named: &dyn Fn(&str) -> String) -> Vec<Changed> {
    let (t, zone) = (visit.phrases, visit.journey().city.zone);
    let called = |id: &str| view.officer(id).map_or_else(|| id.to_owned(), |officer| officer.name.clone());
    let changed = view.changes.iter().rev().map(|change| Changed {
        date: date_medium(change.date, t.locale),
        unit: named(&change.unit_id),
        what: match &change.relieved {
            Some(relieved) => t.say_with(
                "roster-for",
                &[("comes", &called(&change.comes)), ("relieved", &called(relieved))],
            ),
            None => t.say_with("roster-fills", &[("comes", &called(&change.comes))]),
        },
        by: format!("{}, {}", change.by, moment_short(change.at, zone, t.locale)),
        reason: change.reason.clone(),
    });
    changed.collect()
}

fn keeping(visit: &Visit, (said, register, view): (&Said, &Register, &RosterView)) -> Keeping {
    let t = visit.phrases;
    let date = |name, label| Field::text(name, label, t).kind("date").value(said.value(name));
    let officer = |officer: &crate::workforce::Officer| Choice {
        value: officer.id.clone(),
        label: format!("{} ({})", officer.name, officer.id),
        is_chosen: false,
    };
    Keeping {
        plan: [
            date("plan_from", "form-from"),
            date("plan_to", "form-to"),
            Field::text("officers", "roster-officers", t)
                .optional()
                .extra("inputmode=\"numeric\" maxlength=\"1\"")
                .hint(t.say("roster-officers-hint"))
                .value(said.value("officers")),
        ],
        swap: [
            date("swap_date", "roster-swap-date"),
            Field::text("relieved", "roster-relieved", t)
                .optional()
                .extra("list=\"officers-list\" maxlength=\"40\"")
                .hint(t.say("roster-relieved-hint"))
                .value(said.value("relieved")),
            Field::text("comes", "roster-comes", t)
                .extra("list=\"officers-list\" maxlength=\"40\"")
                .value(said.value("comes")),
            Field::text("swap_reason", "form-reason", t)
                .extra("maxlength=\"300\"")
                .value(said.value("swap_reason")),
        ],
        units: unit_choices(register.seen_by(visitor(visit)), said.value("plan_unit"), t),
        swap_units: unit_choices(register.seen_by(visitor(visit)), said.value("swap_unit"), t),
        officers: view.officers.iter().map(officer).collect(),
    }
}

/// Sees what a form came to.
async fn ended(
    visit: &Visit,
    (came, fields, done): (Result<(), WorkforceFault>, &Fields, &str),
) -> Result<Response, WebError> {
    match came {
        Ok(()) => Ok(see_other(&format!("/roster?done={done}"))),
        Err(fault @ WorkforceFault::NotYours(_)) => Err(refusal(fault)),
        Err(fault) => page(visit, Said::refused(visit, fault, fields)?).await,
    }
}

/// Lays out days.
pub(in crate::web) async fn lay(visit: Visit, fields: Fields) -> Result<Response, WebError> {
    let parts = (
        needed_day(&visit, &fields, "plan_from"),
        needed_day(&visit, &fields, "plan_to"),
        number(&visit, &fields, "officers"),
    );
    let (from, to, required) = match parts {
        (Ok(from), Ok(to), Ok(required)) => (from, to, required),
        (Err(said), _, _) | (_, Err(said), _) | (_, _, Err(said)) => return page(&visit, said).await,
    };
    let unit = fields.text("plan_unit").to_owned();
    let ask = RosterAsk {
        units: if unit.is_empty() { Vec::new() } else { vec![unit] },
        days: Window { from, to },
        required,
        positions: Vec::new(),
        seed: 0,
    };
    let came = lay_out(visit.journey(), &ask, (visitor(&visit), entries(&visit))).await.map(drop);
    ended(&visit, (came, &fields, "laid")).await
}

/// Puts somebody else on duty.
pub(in crate::web) async fn swap(visit: Visit, fields: Fields) -> Result<Response, WebError> {
    let date = match needed_day(&visit, &fields, "swap_date") {
        Ok(date) => date,
        Err(said) => return page(&visit, said).await,
    };
    let swap = Swap {
        unit_id: fields.text("swap_unit").to_owned(),
        date,
        relieved: Some(fields.text("relieved").to_owned()).filter(|id| !id.is_empty()),
        comes: fields.text("comes").to_owned(),
        reason: fields.text("swap_reason").to_owned(),
    };
    let came = swap_duty(visit.journey(), &swap, (visitor(&visit), entries(&visit))).await;
    ended(&visit, (came, &fields, "swapped")).await
}

/// Takes in officers, or days on which they are away.
pub(in crate::web) async fn take_officers(visit: Visit, dropped: Dropped) -> Result<Response, WebError> {
    let Dropped { fields, file } = dropped;
    let Some((called, body)) = file.filter(|(_, body)| !body.is_empty()) else {
        return page(&visit, Said::slip(visit.phrases.say("figures-file-missing"), &fields)).await;
    };
    let by = (visitor(&visit), entries(&visit));
    let handed: Result<Handed, WorkforceFault> = match fields.text("list") {
        "officers" => import_officers(visit.journey(), (&called, &body), by).await,
        "away" => import_away(visit.journey(), (&called, &body), by).await,
        _ => return Err(WebError::Field("list")),
    };
    let said = match handed {
        Ok(handed) => Said::handed(&visit, &handed, &fields),
        Err(fault) => Said::refused(&visit, fault, &fields)?,
    };
    page(&visit, said).await
}
