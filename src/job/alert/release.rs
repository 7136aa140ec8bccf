//! What is due becomes messages: one for each recipient, in that recipient's language and the channel's form.

use std::collections::BTreeMap;

use super::rows::hash;
use crate::alert::{Alert, Composed, Form, Recipient, Telling, compose};
use crate::assessment::Assessment;
use crate::disclosure::{Audience, disclose_assessment, is_shown};
use crate::epi::Vintage;
use crate::job::Journey;
use crate::store::{DueNotice, Message, MessageState, ReceiptRow};
use crate::text::Phrases;

/// Puts everything that is due now into messages; returns how many.
///
/// # Errors
/// When the store does not answer.
pub async fn release(journey: &Journey) -> anyhow::Result<usize> {
    let now = journey.clock.now();
    let mut by_recipient: BTreeMap<(String, String), Vec<DueNotice>> = BTreeMap::new();
    for due in journey.store.notices_due(now).await? {
        let to = (due.notice.channel.clone(), due.notice.recipient.clone());
        by_recipient.entry(to).or_default().push(due);
    }
    let mut made = 0;
    for ((channel, name), due) in by_recipient {
        let is_meant = |to: &&Recipient| to.channel.name() == channel && to.name == name;
        let ids: Vec<String> = due.iter().map(|due| due.notice.id.clone()).collect();
        let message = match journey.channels.recipients().iter().find(is_meant) {
            Some(recipient) => tell(journey, recipient, &due, now).await?,
            // Taken out of the settings since: what was for them is told by the failure.
            None => gone(&due, (&channel, &name), now),
        };
        made += usize::from(journey.store.release(&ids, &message).await?);
    }
    Ok(made)
}

/// The id of the message that tells of some notices: the same notices give the same.
fn message_id(due: &[DueNotice]) -> String {
    let mut ids: Vec<&str> = due.iter().map(|due| due.notice.id.as_str()).collect();
    ids.sort_unstable();
    hash(&ids)
}

fn gone(due: &[DueNotice], (channel, name): (&str, &str), now: Vintage) -> Message {
    Message {
        state: MessageState::Failed,
        failure: "the recipient is not in the settings any more".to_owned(),
        ..blank((message_id(due), "alert"), (channel, name), now)
    }
}

/// A message without words.
pub(super) fn blank((id, kind): (String, &str), (channel, name): (&str, &str), now: Vintage) -> Message {
    Message {
        id,
        kind: kind.to_owned(),
        assessment_id: String::new(),
        created_at: now,
        channel: channel.to_owned(),
        recipient: name.to_owned(),
        subject: String::new(),
        body: String::new(),
        html: String::new(),
        picture: String::new(),
        state: MessageState::Pending,
        attempts: 0,
        next_attempt_at: now,
        sent_at: None,
        failure: String::new(),
    }
}

async fn tell(
    journey: &Journey,
    recipient: &Recipient,
    due: &[DueNotice],
    now: Vintage,
) -> anyhow::Result<Message> {
    let last = journey.store.last_assessment(&journey.city.location, Some(now)).await?;
    let last = last.ok_or_else(|| anyhow::anyhow!("there is an alert and no assessment that it rests on"))?;
    let mut alerts = Vec::with_capacity(due.len());
    for one in due {
        alerts.push(serde_json::from_str::<Alert>(&one.alert.json)?);
    }
    let composed = composed(journey, recipient.language, (&alerts, None), &last.assessment)?;
    let message = blank((message_id(due), "alert"), (recipient.channel.name(), &recipient.name), now);
    Ok(Message { assessment_id: last.id, ..in_form(message, composed, recipient.channel.form()) })
}

/// The words of alerts, behind what somebody says about them, as those who decide may see them.
pub(super) fn composed(
    journey: &Journey,
    language: crate::text::Locale,
    (alerts, lead): (&[Alert], Option<&str>),
    assessment: &Assessment,
) -> anyhow::Result<Composed> {
    // Messages leave the building: they say what those who decide may see, no more.
    let audience = if journey.is_demo { Audience::unsuppressed() } else { Audience::executive() };
    let policy = journey.policies.on(assessment.date);
    let shown = disclose_assessment(assessment.clone(), policy, &audience);
    let alerts: Vec<Alert> = alerts.iter().map(|alert| shown_alert(alert, assessment, &audience)).collect();
    let link = journey.alerting.link();
    Ok(compose(&Telling {
        alerts: &alerts,
        lead,
        rules: &journey.alerting.rules,
        assessment: &shown,
        policy,
        city: &journey.city.name,
        is_demo: journey.is_demo,
        phrases: Phrases::new(language),
        zone: journey.city.zone,
        link: link.as_deref(),
    })?)
}

/// The message as its channel takes it.
pub(super) fn in_form(message: Message, composed: Composed, form: Form) -> Message {
    let picture = |has: bool| if has { "cases".to_owned() } else { String::new() };
    let Composed { subject, body, html, short, json, alertmanager } = composed;
    match form {
        Form::Mail => Message { subject, body, html, picture: picture(true), ..message },
        Form::Short => Message { subject, body: short, picture: picture(true), ..message },
        Form::Json => Message { subject, body: json, ..message },
        Form::Alertmanager => Message { subject, body: alertmanager, ..message },
    }
}

/// An alert without the value of an indicator that its reader may not see.
fn shown_alert(alert: &Alert, assessment: &Assessment, audience: &Audience) -> Alert {
    let rule = assessment.rules.iter().find(|rule| rule.id == alert.about.rule);
    let is_seen = rule.and_then(|rule| rule.indicator).is_none_or(|kind| is_shown(kind, audience));
    let mut shown = alert.clone();
    shown.about.value = alert.about.value.filter(|_| is_seen);
    shown
}

/// A receipt of what became of a message.
pub(super) fn receipt(message: &Message, outcome: &str, now: Vintage) -> ReceiptRow {
    let to = if message.recipient.is_empty() {
        String::new()
    } else {
        format!("{} {}", message.channel, message.recipient)
    };
    let detail = if message.failure.is_empty() { to.clone() } else { format!("{to}: {}", message.failure) };
    ReceiptRow::of_message(now, &message.id, outcome, detail)
}
