//! The audit log: who did what, when and from where; found by person, action, day and text, taken away as CSV.
//! Reading it is itself recorded.

use askama::Template;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::field::Field;
use crate::account::Visitor;
use crate::audit::{Action, Entry};
use crate::epi::Vintage;
use crate::export::{Cell, Table, write_csv};
use crate::job::off_the_runtime;
use crate::store::{AuditFilter, AuditRow};
use crate::text::Phrases;
use crate::web::error::WebError;
use crate::web::page::{Frame, html};
use crate::web::visit::Visit;
use crate::web::words::moment_short;

/// Rows of a page.
const PAGE: u32 = 50;
/// Rows of a file.
const FILE: u32 = 50_000;

struct Row {
    seq: i64,
    at: String,
    actor: String,
    role: String,
    action: String,
    object: String,
    detail: String,
    address: String,
}

struct Choice {
    value: &'static str,
    label: String,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "entry/audit.html")]
struct AuditPageShown {
    frame: Frame,
    actor: Field,
    from: Field,
    to: Field,
    text: Field,
    actions: Vec<Choice>,
    is_filtered: bool,
    rows: Vec<Row>,
    older: Option<String>,
    newest: Option<String>,
    csv: String,
}

/// A page of the log, newest first.
pub(in crate::web) async fn audit(visit: Visit) -> Result<Response, WebError> {
    let filter = AuditFilter { limit: PAGE, ..filter(&visit)? };
    let found = visit.journey().store.audit(&filter).await.map_err(anyhow::Error::from)?;
    record(&visit, "page").await?;
    let t = visit.phrases;
    let asked = |name: &str| visit.parameter(name).unwrap_or_default().to_owned();
    let own = ["actor", "action", "from", "to", "text"];
    html(&AuditPageShown {
        frame: Frame::plain(&visit, (&t.say("audit-title"), "/audit")),
        actor: Field::text("actor", "audit-actor", t)
            .optional()
            .value(&asked("actor"))
            .extra("autocapitalize=\"none\" spellcheck=\"false\" maxlength=\"60\""),
        from: Field::text("from", "audit-from", t).optional().kind("date").value(&asked("from")),
        to: Field::text("to", "audit-to", t).optional().kind("date").value(&asked("to")),
        text: Field::text("text", "audit-text", t)
            .optional()
            .value(&asked("text"))
            .extra("maxlength=\"100\""),
        actions: actions(filter.action, t),
        is_filtered: own.iter().any(|name| visit.parameter(name).is_some()),
        rows: found.rows.into_iter().map(|row| shown(&visit, row)).collect(),
        older: found.next.map(|seq| visit.with("before", &seq.to_string())),
        newest: filter.before_seq.map(|_| visit.without("before")),
        csv: visit.at("/audit.csv", &own),
    })
}

/// The rows found, as a file: the newest if they are too many.
pub(in crate::web) async fn audit_csv(visit: Visit) -> Result<Response, WebError> {
    let filter = AuditFilter { limit: FILE, before_seq: None, ..filter(&visit)? };
    let found = visit.journey().store.audit(&filter).await.map_err(anyhow::Error::from)?;
    record(&visit, "csv").await?;
    let bytes = off_the_runtime(move || {
        let mut bytes = Vec::new();
        write_csv(&table(found.rows), &mut bytes)?;
        Ok(bytes)
    })
    .await?;
    let day = visit.journey().today();
    let about = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"siaga_audit_{day}.csv\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((about, bytes).into_response())
}

fn filter(visit: &Visit) -> Result<AuditFilter, WebError> {
    let zone = visit.journey().city.zone;
    let action = match visit.parameter("action") {
        None => None,
        Some(name) => Some(name.parse::<Action>().map_err(|_| WebError::Parameter { name: "action" })?),
    };
    let before_seq = match visit.parameter("before") {
        None => None,
        Some(seq) => Some(seq.parse::<i64>().map_err(|_| WebError::Parameter { name: "before" })?),
    };
    let from = visit
        .day("from")?
        .map(|day| Vintage::from_millis(Vintage::end_of(day - chrono::Duration::days(1), zone).millis() + 1));
    Ok(AuditFilter {
        actor: visit.parameter("actor").map(str::to_lowercase),
        action,
        from: from.flatten(),
        to: visit.day("to")?.map(|day| Vintage::end_of(day, zone)),
        text: visit.parameter("text").map(|text| text.chars().take(100).collect()),
        before_seq,
        limit: PAGE,
    })
}

fn actions(chosen: Option<Action>, t: Phrases) -> Vec<Choice> {
    let choice = |action: Action| Choice {
        value: action.as_str(),
        label: t.say(&format!("action-{action}")),
        is_chosen: chosen == Some(action),
    };
    Action::ALL.into_iter().map(choice).collect()
}

fn shown(visit: &Visit, AuditRow { seq, entry, .. }: AuditRow) -> Row {
    let (t, zone) = (visit.phrases, visit.journey().city.zone);
    let role = format!("role-{}", entry.role);
    Row {
        seq,
        at: moment_short(entry.at, zone, t.locale),
        role: if t.has(&role) { t.say(&role) } else { entry.role },
        actor: entry.actor,
        action: t.say(&format!("action-{}", entry.action)),
        object: entry.object,
        detail: readable(&entry.detail),
        address: entry.address,
    }
}

/// JSON as people read it: `role: mayor, was: analyst`.
fn readable(detail: &str) -> String {
    let Ok(serde_json::Value::Object(parts)) = serde_json::from_str(detail) else {
        return detail.to_owned();
    };
    let part = |(name, value): (&String, &serde_json::Value)| match value {
        serde_json::Value::String(text) => format!("{name}: {text}"),
        value => format!("{name}: {value}"),
    };
    parts.iter().map(part).collect::<Vec<_>>().join(", ")
}

fn table(rows: Vec<AuditRow>) -> Table {
    let columns = ["seq", "at", "actor", "role", "action", "object", "detail", "address", "hash"];
    let mut table = Table::new(&columns.map(|name| (name, "")));
    for AuditRow { seq, entry, hash } in rows {
        table.rows.push(vec![
            Cell::Whole(seq),
            entry.at.to_string().into(),
            entry.actor.into(),
            entry.role.into(),
            entry.action.as_str().into(),
            entry.object.into(),
            entry.detail.into(),
            entry.address.into(),
            hash.into(),
        ]);
    }
    table
}

/// Reading the log stands in the log; in the demonstration nobody is there whose name could stand there.
async fn record(visit: &Visit, form: &str) -> Result<(), WebError> {
    let visitor = &visit.guest.visitor;
    if *visitor == Visitor::Demo {
        return Ok(());
    }
    let now = visit.journey().clock.now();
    let entry = Entry::new(now, (visitor.name(), visitor.role()), Action::AuditRead, form);
    let entry = entry.address(visit.guest.client.address.clone());
    Ok(visit.journey().store.record(&entry).await.map_err(anyhow::Error::from)?)
}
