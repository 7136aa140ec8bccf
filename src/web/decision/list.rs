//! The journal: what is in force, what is due when, every decision, drafts that wait.

use askama::Template;
use axum::response::Response;

use super::words::{Line, name, period, state, who};
use crate::account::Permission;
use crate::decision::{ClockState, Outlook, Recommended};
use crate::job::deciding;
use crate::text::{date_long, date_medium};
use crate::web::door::Rule;
use crate::web::entry::unkept;
use crate::web::error::WebError;
use crate::web::page::{Frame, html};
use crate::web::visit::{Visit, encoded};
use crate::web::words::{Chip, distance, moment};

struct DueRow {
    what: String,
    date: String,
    when: String,
    is_past: bool,
}

struct Clock {
    line: Line,
    day: String,
    outlook: String,
    own: String,
    lapsed: String,
    due: Vec<DueRow>,
    extension: String,
    extend: Option<String>,
    amend: Option<String>,
    end: Option<String>,
    needs_words: String,
}

struct Row {
    href: String,
    name: String,
    kind: String,
    chip: Chip,
    period: String,
    who: String,
    decided_on: String,
    is_recorded: bool,
    recommended: Option<Chip>,
    state: String,
}

struct DraftRow {
    href: String,
    what: String,
    by: String,
    at: String,
}

#[derive(Template)]
#[template(path = "decision/list.html")]
struct ListPage {
    frame: Frame,
    statuses: Vec<String>,
    clock: Option<Clock>,
    rows: Vec<Row>,
    drafts: Vec<DraftRow>,
    may_decide: bool,
    done: Option<String>,
}

/// Every decision.
pub(in crate::web) async fn list(visit: Visit) -> Result<Response, WebError> {
    let (t, journey) = (visit.phrases, visit.journey());
    let may_decide = visit.may_pass(Rule::May(Permission::Decide));
    let newest = visit.state.newest().await?;
    let found = visit.state.gathered(Some(newest), |viewing| async move { deciding(&viewing).await });
    let deciding = found.await?;
    let (book, today) = (&deciding.journal, deciding.today);
    let rows = book.entries().iter().rev().map(|entry| {
        let policy = journey.policies.on(entry.decided_on);
        let recommended = entry.recommended.as_ref().and_then(Recommended::assessed_step);
        Row {
            href: format!("/decisions/{}", entry.number),
            name: name(entry.number, t),
            kind: t.say(&format!("decision-kind-{}", entry.kind)),
            chip: Chip::of(entry.step, policy, t),
            period: period(entry, t),
            who: who(entry, t),
            decided_on: date_medium(entry.decided_on, t.locale),
            is_recorded: entry.afterwards.is_some(),
            recommended: recommended.map(|step| Chip::of(step, policy, t)),
            state: state(book.state(entry, today), t),
        }
    });
    let drafts = if may_decide {
        journey.store.drafts(&journey.city.location).await.map_err(anyhow::Error::from)?
    } else {
        Vec::new()
    };
    let drafts = drafts.into_iter().map(|draft| DraftRow {
        href: format!("/decisions/drafts/{}", encoded(&draft.id)),
        what: t.say_with(
            "decision-draft-what",
            &[("step", &draft.answer.step), ("from", &draft.answer.start), ("to", &draft.answer.last_day)],
        ),
        by: draft.by,
        at: moment(draft.changed_at, journey.city.zone, t.locale),
    });
    let statuses = journey.city.statuses.on(&journey.city.lineage, today);
    let done = visit.parameter("done").filter(|done| ["discarded"].contains(done));
    let clock = deciding.clock(journey).map(|state| clock(&visit, &state, may_decide));
    let title = t.say("decisions-title");
    let page = html(&ListPage {
        frame: Frame::plain(&visit, (&title, "/decisions")),
        statuses: statuses.iter().map(|status| t.say(&format!("status-{}", status.status))).collect(),
        clock,
        rows: rows.collect(),
        drafts: drafts.collect(),
        may_decide,
        done: done.map(|done| t.say(&format!("decision-done-{done}"))),
    })?;
    Ok(unkept(page))
}

fn clock(visit: &Visit, state: &ClockState<'_>, may_decide: bool) -> Clock {
    let (t, journey) = (visit.phrases, visit.journey());
    let today = journey.today();
    let outlook = |outlook: Outlook| t.say(&format!("decision-outlook-{}", outlook.as_str()));
    let decision = state.decision;
    let number = decision.number;
    let to = |kind: &str| may_decide.then(|| format!("/decisions/new?kind={kind}&changes={number}"));
    Clock {
        line: Line::of(journey, decision, t),
        day: t.say_with(
            "decision-day",
            &[("day", &state.day.to_string()), ("days", &decision.period.days().to_string())],
        ),
        outlook: state.outlook.map_or_else(|| "–".to_owned(), outlook),
        own: match (state.outlook, state.own_outlook) {
            (Some(Outlook::Superseded), Some(own)) => t.say_with("decision-own", &[("own", &outlook(own))]),
            _ => String::new(),
        },
        lapsed: state.lapsed_since.map_or_else(String::new, |since| {
            t.say_with("decision-lapsed", &[("date", &date_long(since, t.locale))])
        }),
        due: state
            .due
            .iter()
            .map(|due| DueRow {
                what: t.say(&format!("decision-due-{}", due.kind.as_str())),
                date: date_long(due.date, t.locale),
                when: distance(due.date, today, t),
                is_past: due.date < today,
            })
            .collect(),
        extension: t.say_with(
            "decision-extension",
            &[
                ("from", &date_long(state.extension.start, t.locale)),
                ("to", &date_long(state.extension.last_day, t.locale)),
                ("count", &state.extensions.to_string()),
            ],
        ),
        extend: to("extension").filter(|_| state.lapsed_since.is_none()),
        amend: to("amendment").filter(|_| state.lapsed_since.is_none()),
        end: to("end").filter(|_| state.lapsed_since.is_none()),
        needs_words: if state.needs_words { t.say("decision-needs-words") } else { String::new() },
    }
}
