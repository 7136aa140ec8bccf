//! What an evaluation gives, as rows of the store.

use std::collections::BTreeMap;

use crate::alert::{Alert, AlertEvent, Evaluation, Happening, Kept, Receipt, Recipient, Wait, due, hears};
use crate::epi::Vintage;
use crate::job::Journey;
use crate::source::sha256_hex;
use crate::store::{AlertRow, Notice, ReceiptRow, SavedAssessment, SavedEvaluation};

/// A fingerprint of some words.
pub(super) fn hash(parts: &[&str]) -> String {
    sha256_hex(parts.join("\u{1f}").as_bytes())[..32].to_owned()
}

/// What belongs together: begun, raised, gone further, over. No data is an episode of its own.
pub(super) fn episode(location: &str, alert: &Alert) -> String {
    let is_no_data = matches!(alert.event, AlertEvent::NoData | AlertEvent::DataBack);
    let kind = if is_no_data { "no_data" } else { "fired" };
    let (began, about) = (alert.began_at.to_string(), &alert.about);
    hash(&[location, &alert.alert_rule, &about.rule, kind, &began])
}

/// The rows of an evaluation.
pub(super) fn saved_evaluation(
    journey: &Journey,
    (last, at): (&SavedAssessment, Vintage),
    evaluation: &Evaluation,
) -> anyhow::Result<SavedEvaluation> {
    let location = journey.city.location.as_str();
    let id = format!("{location}@{}", at.millis());
    let mut saved = SavedEvaluation {
        id: id.clone(),
        location: location.to_owned(),
        as_of: at,
        assessment_id: last.id.clone(),
        memory: serde_json::to_string(&evaluation.memory)?,
        alerts: Vec::new(),
        notices: Vec::new(),
        ends: Vec::new(),
        receipts: evaluation.receipts.iter().map(|receipt| receipt_row(receipt, (&id, at))).collect(),
    };
    for happening in &evaluation.happenings {
        let row = alert_row(journey, (last, at), happening)?;
        if happening.kept.is_none() {
            let notices = notices(journey, happening, (&row.id, &row.episode, at));
            if happening.alert.event.is_end() {
                saved.ends.extend(notices);
            } else {
                saved.notices.extend(notices);
            }
        }
        if happening.is_new {
            saved.alerts.push(row);
        }
    }
    Ok(saved)
}

fn alert_row(
    journey: &Journey,
    (last, at): (&SavedAssessment, Vintage),
    happening: &Happening,
) -> anyhow::Result<AlertRow> {
    let (location, alert) = (journey.city.location.as_str(), &happening.alert);
    let episode = episode(location, alert);
    let is_beginning = matches!(alert.event, AlertEvent::Fired | AlertEvent::NoData);
    let event = alert.event.as_str();
    let kept = match &happening.kept {
        None => "",
        Some(Kept::Muted(_)) => "muted",
        Some(Kept::Silenced(_)) => "silenced",
        Some(Kept::KnownFalse(_)) => "known_false",
        Some(Kept::NeverTold) => "never_told",
    };
    Ok(AlertRow {
        id: if is_beginning { episode.clone() } else { hash(&[&episode, event, &at.millis().to_string()]) },
        assessment_id: last.id.clone(),
        kind: alert.about.kind.clone(),
        rule: alert.about.rule.clone(),
        location: location.to_owned(),
        date: at.local_date(journey.city.zone),
        step: alert.about.step.number(),
        created_at: at,
        json: serde_json::to_string(alert)?,
        event: event.to_owned(),
        episode,
        severity: alert.severity.as_str().to_owned(),
        kept: kept.to_owned(),
    })
}

/// A notice for each recipient that hears of it; of an end, for everybody, told only to those who heard of the beginning.
pub(super) fn notices(
    journey: &Journey,
    happening: &Happening,
    (alert_id, episode, at): (&str, &str, Vintage),
) -> Vec<Notice> {
    let rules = &journey.alerting.rules;
    let alert = &happening.alert;
    let Some(rule) = rules.rule(&alert.alert_rule) else { return Vec::new() };
    let is_told = |recipient: &&Recipient| alert.event.is_end() || hears(recipient, rule, alert);
    let notice = |recipient: &Recipient| {
        let due = due(rules, recipient, alert, (at.moment(), journey.city.zone));
        Notice {
            id: hash(&[alert_id, recipient.channel.name(), &recipient.name]),
            alert_id: alert_id.to_owned(),
            episode: episode.to_owned(),
            channel: recipient.channel.name().to_owned(),
            recipient: recipient.name.clone(),
            due_at: if due.wait == Wait::No { at } else { Vintage::new(due.at) },
            wait: due.wait.as_str().to_owned(),
        }
    };
    journey.channels.recipients().iter().filter(is_told).map(notice).collect()
}

fn receipt_row(receipt: &Receipt, (evaluation_id, at): (&str, Vintage)) -> ReceiptRow {
    let counts: BTreeMap<&str, usize> =
        receipt.counts.iter().map(|(outcome, count)| (outcome.as_str(), *count)).collect();
    let detail = if counts.is_empty() { String::new() } else { serde_json::json!(counts).to_string() };
    ReceiptRow {
        evaluation_id: evaluation_id.to_owned(),
        rule: receipt.rule.clone(),
        ..ReceiptRow::of_alert(at, "", receipt.outcome.as_str(), detail)
    }
}
