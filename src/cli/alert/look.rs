//! What is on, what became of what, silences, receipts, the report card: as tables.

use std::collections::BTreeSet;

use chrono::{Duration, NaiveDate};

use super::args::{ListArgs, ReceiptArgs};
use super::command::refused;
use crate::account::Visitor;
use crate::alert::Silence;
use crate::cli::args::Format;
use crate::cli::input::in_order;
use crate::cli::{Failure, output, usage};
use crate::epi::{Vintage, Window};
use crate::export::{Cell, Table};
use crate::job::{
    AlertTurn, AnswerFault, Journey, Month, PastAlert, ShownAlert, alert_story, past_alerts, report_card,
    shown_detail, shown_open_alerts, silences,
};
use crate::store::{ReceiptFilter, ReceiptRow};

pub(super) fn write(table: &Table, format: Option<Format>) -> Result<(), Failure> {
    let bytes = output::rendered(table, output::format_or_default(format))?;
    Ok(output::print(&String::from_utf8_lossy(&bytes))?)
}

/// An empty text is no cell.
pub(super) fn text(text: &str) -> Cell {
    if text.is_empty() { Cell::Empty } else { text.into() }
}

pub(super) fn known_rule(journey: &Journey, rule: Option<&str>) -> Result<(), Failure> {
    match rule.filter(|rule| journey.alerting.rules.rule(rule).is_none()) {
        Some(rule) => Err(usage(anyhow::anyhow!(
            "--rule {rule}: there is no alert rule of that id: `siaga alert route` names them"
        ))),
        None => Ok(()),
    }
}

/// What is on, or what became of what.
pub(super) async fn list(journey: &Journey, args: &ListArgs, visitor: &Visitor) -> Result<(), Failure> {
    known_rule(journey, args.rule.as_deref())?;
    in_order(args.from, args.to)?;
    let t = journey.phrases();
    if args.all || args.from.is_some() || args.to.is_some() {
        let days =
            Window { from: args.from.unwrap_or(NaiveDate::MIN), to: args.to.unwrap_or(NaiveDate::MAX) };
        let past = past_alerts(journey, (days, args.rule.as_deref()), (visitor, t)).await?;
        return write(&past_table(&past), args.format);
    }
    let mut shown = shown_open_alerts(journey, (visitor, t)).await?;
    shown.alerts.retain(|alert| args.rule.as_ref().is_none_or(|rule| alert.open.alert_rule == *rule));
    write(&open_table(&shown.alerts, args.format), args.format)?;
    match shown.evaluated_at {
        Some(at) if shown.alerts.is_empty() => {
            output::say(&format!("siaga: nothing is on; last looked at {at}"))
        }
        Some(at) => output::say(&format!("siaga: last looked at {at}")),
        None => output::say("siaga: the rules were never looked at: there is no assessment yet"),
    }
    if shown.hidden > 0 {
        output::say(&format!("siaga: {} more are about what this role does not see", shown.hidden));
    }
    Ok(())
}

/// So much of an id is shown for reading; it is enough to name the alert by.
const SHORT: usize = 12;

fn open_table(alerts: &[ShownAlert], format: Option<Format>) -> Table {
    let mut table = Table::new(&[
        ("alert", "its id: the episode; empty while it is pending"),
        ("severity", "info, warning, critical"),
        ("state", "open, acknowledged, handed_over, silenced, kept_back, no_data, pending"),
        ("rule", "the alert rule"),
        ("subject", "the rule of the policy, the source, the unit"),
        ("since", "since when it has been so"),
        ("fired_at", "when it fired"),
        ("is_escalated", "whether it went further for want of an answer"),
        ("answered_by", "who acknowledged it or gave it away"),
        ("answered_at", "when"),
        ("to", "to whom it was given"),
        ("silence", "the silence that keeps it back"),
        ("what", "in one sentence"),
    ]);
    let is_read = output::format_or_default(format) == Format::Table;
    let row = |alert: &ShownAlert| {
        let open = &alert.open;
        let id = if is_read { open.id.get(..SHORT).unwrap_or(&open.id) } else { &open.id };
        let answer = open.answer.as_ref();
        vec![
            text(id),
            open.severity.as_str().into(),
            alert.state.into(),
            open.alert_rule.as_str().into(),
            text(&open.about.rule),
            open.since.into(),
            open.fired_at.map_or(Cell::Empty, Cell::Moment),
            if open.is_escalated { "yes".into() } else { Cell::Empty },
            answer.map_or(Cell::Empty, |answer| answer.by.as_str().into()),
            answer.map_or(Cell::Empty, |answer| Cell::Moment(answer.at)),
            answer.map_or(Cell::Empty, |answer| text(&answer.to)),
            open.silence.as_ref().map_or(Cell::Empty, |silence| Cell::Whole(silence.number)),
            alert.words.as_str().into(),
        ]
    };
    table.rows = alerts.iter().map(row).collect();
    table
}

fn past_table(past: &[PastAlert]) -> Table {
    let mut table = Table::new(&[
        ("at", "when it was seen"),
        ("event", "fired, raised, escalated, resolved, no_data, data_back"),
        ("severity", "info, warning, critical"),
        ("rule", "the alert rule"),
        ("subject", "the rule of the policy, the source, the unit"),
        ("kept", "why nobody was told: muted, silenced, known_false, never_told"),
        ("alert", "the id of what began it"),
        ("what", "in one sentence"),
    ]);
    let row = |past: &PastAlert| {
        let row = &past.row;
        vec![
            row.created_at.into(),
            row.event.as_str().into(),
            row.severity.as_str().into(),
            past.alert_rule.as_str().into(),
            text(&row.rule),
            text(&row.kept),
            row.episode.as_str().into(),
            past.words.as_str().into(),
        ]
    };
    table.rows = past.iter().map(row).collect();
    table
}

/// Every silence.
pub(super) async fn all_silences(journey: &Journey, format: Option<Format>) -> Result<(), Failure> {
    let mut table = Table::new(&[
        ("silence", "its number"),
        ("holds", "yes while it keeps anything back"),
        ("rule", "which alert rule; * for all"),
        ("subject", "which subject; * for all"),
        ("from", "from when on"),
        ("until", "until when"),
        ("by", "who"),
        ("role", "that person's role"),
        ("reason", "why"),
        ("lifted_at", "when it was lifted before its end"),
        ("lifted_by", "by whom"),
    ]);
    let now = journey.clock.now();
    let row = |silence: &Silence| {
        let lifted = silence.lifted.as_ref();
        vec![
            Cell::Whole(silence.number),
            if silence.holds_at(now) { "yes" } else { "no" }.into(),
            silence.rule.as_str().into(),
            silence.subject.as_str().into(),
            silence.from.into(),
            silence.until.into(),
            silence.by.as_str().into(),
            silence.role.as_str().into(),
            silence.reason.as_str().into(),
            lifted.map_or(Cell::Empty, |(at, _)| Cell::Moment(*at)),
            lifted.map_or(Cell::Empty, |(_, by)| by.as_str().into()),
        ]
    };
    table.rows = silences(journey).await?.iter().map(row).collect();
    write(&table, format)
}

/// Receipts by rule, outcome and day; or the story of one alert.
pub(super) async fn receipts(
    journey: &Journey,
    args: &ReceiptArgs,
    visitor: &Visitor,
) -> Result<(), Failure> {
    if let Some(id) = &args.alert {
        return story(journey, (id, args.format), visitor).await;
    }
    known_rule(journey, args.rule.as_deref())?;
    in_order(args.from, args.to)?;
    let zone = journey.city.zone;
    let start = |day: NaiveDate| Vintage::parse_known(&day.to_string(), zone).map_err(usage);
    let filter = ReceiptFilter {
        rule: args.rule.clone(),
        outcome: args.outcome.clone(),
        from: args.from.map(start).transpose()?,
        before: args.to.map(|day| start(day + Duration::days(1))).transpose()?,
        is_notable: !args.all && args.outcome.is_none(),
        limit: args.limit,
    };
    let found = journey.store.receipts(&filter).await.map_err(anyhow::Error::from)?;
    let mut table = Table::new(&[
        ("at", "when"),
        ("outcome", "what became of it: fired, held, muted, silenced, sent, failed, acknowledged …"),
        ("rule", "the alert rule, of an evaluation or an answer"),
        ("alert", "the alert, of an answer"),
        ("message", "the message, of a try to deliver"),
        ("by", "who did it, if a person did"),
        ("detail", "how many subjects of each outcome; where a message went and why it failed; a note"),
    ]);
    let everything = Window { from: NaiveDate::MIN, to: NaiveDate::MAX };
    let past = past_alerts(journey, (everything, None), (visitor, journey.phrases())).await?;
    let seen: BTreeSet<&str> = past.iter().map(|past| past.row.id.as_str()).collect();
    let row = |receipt: &ReceiptRow| {
        // What somebody noted about an alert that the reader may not see is not the reader's either.
        let is_seen = receipt.alert_id.is_empty() || seen.contains(receipt.alert_id.as_str());
        vec![
            receipt.at.into(),
            receipt.outcome.as_str().into(),
            text(&receipt.rule),
            text(&receipt.alert_id),
            text(&receipt.message_id),
            text(&receipt.by),
            if is_seen { text(&shown_detail(receipt, visitor)) } else { Cell::Empty },
        ]
    };
    table.rows = found.iter().map(row).collect();
    write(&table, args.format)?;
    if found.len() >= usize::try_from(args.limit).unwrap_or(usize::MAX) {
        output::say("siaga: there may be more; --limit, --from and --to choose");
    }
    Ok(())
}

async fn story(
    journey: &Journey,
    (id, format): (&str, Option<Format>),
    visitor: &Visitor,
) -> Result<(), Failure> {
    let none = || refused(journey, AnswerFault::NoAlert(id.to_owned()));
    let is_id = id.len() >= 6 && id.chars().all(|c| c.is_ascii_hexdigit());
    let alerts = journey.store.alerts(None).await.map_err(anyhow::Error::from)?;
    let mut named: Vec<String> =
        alerts.into_iter().map(|row| row.episode).filter(|it| it.starts_with(id)).collect();
    named.sort_unstable();
    named.dedup();
    let [episode] = named.as_slice() else { return Err(none()) };
    let turns = alert_story(journey, episode, visitor).await?.filter(|_| is_id).ok_or_else(none)?;
    let mut table = Table::new(&[
        ("at", "when"),
        (
            "what",
            "fired, raised, escalated, resolved; waiting, sent, retried, failed; acknowledged, handed_over …",
        ),
        ("by", "who did it, if a person did"),
        ("to", "who was told"),
        ("channel", "over which channel"),
        ("detail", "why nobody was told, why it waits or failed, a note"),
    ]);
    let row = |turn: &AlertTurn| {
        let [what, by, to, channel, detail] =
            [&turn.what, &turn.by, &turn.to, &turn.channel, &turn.detail].map(|cell| text(cell));
        vec![turn.at.into(), what, by, to, channel, detail]
    };
    table.rows = turns.iter().map(row).collect();
    write(&table, format)
}

/// The report card of a month.
pub(super) async fn report(
    journey: &Journey,
    (month, format): (Option<&str>, Option<Format>),
) -> Result<(), Failure> {
    let month = match month {
        Some(text) => Month::parse(text).map_err(|fault| usage(anyhow::anyhow!("--month: {fault}")))?,
        None => Month::before(journey.today()),
    };
    let card = report_card(journey, month).await?;
    write(&card.table(), format)?;
    output::say(&format!(
        "siaga: {month}: {} messages sent, {} failed; signs of life on {} days",
        card.sent, card.failed, card.heartbeats
    ));
    Ok(())
}
