//! The daily sign of life: silence is proof of health only where somebody says every day that he is there.

use chrono::Duration;

use super::release::blank;
use super::rows::hash;
use super::sight::program;
use super::told::open_alerts;
use crate::alert::{Form, Recipient};
use crate::epi::Vintage;
use crate::job::Journey;
use crate::store::{Message, ReceiptRow};
use crate::text::{Phrases, date_long};

/// What is said each day.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Sign {
    evaluations: i64,
    open: usize,
    acknowledged: usize,
    waiting: i64,
    failed: i64,
    silences: Vec<String>,
}

/// Tells data officers, and whoever wants it, that siaga is there; leaves a receipt whether anybody is told or not. Returns
/// how many messages that is. For the moment at which it was due it is told once, however often it is run.
///
/// # Errors
/// When the store does not answer.
pub async fn heartbeat(journey: &Journey, due_at: Vintage) -> anyhow::Result<usize> {
    let now = journey.clock.now();
    let sign = sign(journey, now).await?;
    let hears = |to: &&Recipient| to.hears_of_health() && to.channel.form() != Form::Alertmanager;
    let messages: Vec<Message> = journey
        .channels
        .recipients()
        .iter()
        .filter(hears)
        .map(|recipient| message(journey, recipient, &sign, (due_at, now)))
        .collect();
    let detail = format!("evaluations {}, open {}, messages {}", sign.evaluations, sign.open, messages.len());
    let key = hash(&[journey.city.location.as_str(), "heartbeat", &due_at.millis().to_string()]);
    let receipt = ReceiptRow::of_message(now, &key, "heartbeat", detail);
    let is_new = journey.store.send_once(&messages, &receipt).await?;
    Ok(if is_new { messages.len() } else { 0 })
}

async fn sign(journey: &Journey, now: Vintage) -> anyhow::Result<Sign> {
    let open = open_alerts(journey, &program()).await?;
    let day_before = Vintage::new(now.moment() - Duration::days(1));
    let (counts, _) = journey.store.outbox_counts().await?;
    let count = |state: &str| counts.iter().find(|(known, _)| known == state).map_or(0, |(_, count)| *count);
    let silences = super::answer::held_silences(journey, now).await?;
    Ok(Sign {
        evaluations: journey.store.evaluations_between((day_before, now)).await?,
        open: open.iter().filter(|alert| alert.fired_at.is_some()).count(),
        acknowledged: open.iter().filter(|alert| alert.answer.is_some()).count(),
        waiting: count("pending"),
        failed: count("failed"),
        silences: silences
            .iter()
            .map(|s| format!("{} {} ({}, {})", s.rule, s.subject, s.by, s.until))
            .collect(),
    })
}

fn message(
    journey: &Journey,
    recipient: &Recipient,
    sign: &Sign,
    (due_at, now): (Vintage, Vintage),
) -> Message {
    let t = Phrases::new(recipient.language);
    let city = journey.city.name.as_str();
    let day = date_long(now.local_date(journey.city.zone), t.locale);
    let number = |count: i64| count.to_string();
    let mut lines = vec![
        t.say_with("heartbeat-what", &[("city", city), ("date", &day)]),
        t.say_with("heartbeat-evaluations", &[("count", &number(sign.evaluations))]),
        t.say_with(
            "heartbeat-open",
            &[("open", &sign.open.to_string()), ("acknowledged", &sign.acknowledged.to_string())],
        ),
        t.say_with(
            "heartbeat-messages",
            &[("waiting", &number(sign.waiting)), ("failed", &number(sign.failed))],
        ),
    ];
    if !sign.silences.is_empty() {
        lines.push(t.say_with("heartbeat-silences", &[("silences", &sign.silences.join("; "))]));
    }
    let (channel, name) = (recipient.channel.name(), recipient.name.as_str());
    let id =
        hash(&[journey.city.location.as_str(), "heartbeat", &due_at.millis().to_string(), channel, name]);
    let body = match recipient.channel.form() {
        Form::Json | Form::Alertmanager => serde_json::json!({
            "kind": "heartbeat", "city": city, "at": now.to_string(), "evaluations": sign.evaluations, "open": sign.open,
            "acknowledged": sign.acknowledged, "waiting": sign.waiting, "failed": sign.failed, "silences": sign.silences,
        })
        .to_string(),
        Form::Mail | Form::Short => lines.join("\n"),
    };
    let subject = t.say_with("heartbeat-subject", &[("city", city), ("date", &day)]);
    Message { subject, body, ..blank((id, "heartbeat"), (channel, name), now) }
}
