//! The main path: from what is known now to a level, and to the people who must hear of it.

use anyhow::Context;
use chrono::NaiveDate;

use super::Journey;
use super::decision::{decision_clock, journal};
use super::freshness::watched;
use super::policy::hold_to_policy;
use crate::alert::{
    Alert, Form, Memory, Office, Recipient, Topic, compose, detect, detect_due, detect_sources,
};
use crate::assessment::{Assessment, assess as apply_rules};
use crate::disclosure::{Audience, disclose_assessment, is_shown};
use crate::epi::Vintage;
use crate::indicator::{IndicatorTable, add_nowcast, case_triangle, compute};
use crate::observation::{Judged, Snapshot};
use crate::source::sha256_hex;
use crate::store::{AlertRow, Message, MessageState, SavedAssessment};

/// Takes what is known now, computes the indicators, applies the policy given what stands, saves the assessment,
/// and tells people what changed. Returns the assessment and how many alerts it caused.
///
/// # Errors
/// When the store does not answer; nothing is saved then.
pub async fn assess(journey: &Journey, date: NaiveDate) -> anyhow::Result<(Assessment, usize)> {
    let as_of = journey.clock.now();
    hold_to_policy(journey, journey.policies.on(date)).await?;
    let table = indicators_as_of(journey, as_of, date).await?;
    let last = journey.store.last_assessment(&journey.city.location, Some(as_of)).await?;
    let (mut assessment, standing) =
        apply_rules(journey.case(&table), date, last.as_ref().map(|saved| &saved.standing));
    assessment.as_of = Some(as_of.to_string());
    let memory =
        last.map(|saved| serde_json::from_str(&saved.memory)).transpose().context("read what was told")?;
    let (mut alerts, mut memory) = detect(&memory.unwrap_or_default(), &assessment);
    alerts.extend(detect_sources(&mut memory, &watched(journey, as_of).await?, assessment.step));
    let book = journal(journey, Some(as_of)).await?;
    let clock = decision_clock(journey, &book, date, Some(&assessment));
    alerts.extend(detect_due(&mut memory, clock.as_ref(), date, assessment.step));
    let saved = SavedAssessment {
        id: format!("{}@{}", assessment.location, as_of.millis()),
        as_of,
        assessment: assessment.clone(),
        standing,
        memory: serde_json::to_string::<Memory>(&memory)?,
    };
    let is_new = save_and_tell(journey, &saved, &alerts).await?;
    journey.announce().await?;
    Ok((assessment, if is_new { alerts.len() } else { 0 }))
}

/// The city's indicators as known at a moment; an empty table for the day when nothing is known.
pub(super) async fn indicators_as_of(
    journey: &Journey,
    as_of: Vintage,
    until: NaiveDate,
) -> anyhow::Result<IndicatorTable> {
    let judged = journey.observations(as_of).await?;
    Ok(indicators_of(journey, judged, as_of, until).await?.1)
}

/// The city's indicators from these figures, which are given back.
pub(super) async fn indicators_of(
    journey: &Journey,
    judged: Judged,
    as_of: Vintage,
    until: NaiveDate,
) -> anyhow::Result<(Judged, IndicatorTable)> {
    let (authority, method) = (journey.authority(), journey.method.clone());
    let (locations, location) = (journey.city.locations.clone(), journey.city.location.clone());
    let zone = journey.city.zone;
    super::off_the_runtime(move || {
        let snapshot =
            Snapshot::new(&judged.observations, Some(as_of), &authority)?.judged(judged.marks.clone());
        let tables = compute(&snapshot, &locations, &method, Some(until))?;
        let own = tables.into_iter().find(|table| table.location == location);
        let mut table = own.unwrap_or_else(|| IndicatorTable::new(location.clone(), until, 1));
        let triangle = case_triangle(&judged.observations, (&location, &authority), (as_of, zone));
        add_nowcast(&mut table, &triangle, as_of.local_date(zone), &method);
        Ok((judged, table))
    })
    .await
}

async fn save_and_tell(journey: &Journey, saved: &SavedAssessment, alerts: &[Alert]) -> anyhow::Result<bool> {
    let rows: Vec<AlertRow> = alerts.iter().map(|alert| alert_row(saved, alert)).collect::<Result<_, _>>()?;
    let messages = if alerts.is_empty() { Vec::new() } else { messages(journey, saved, alerts) };
    let is_new = journey.store.save_assessment(saved, &rows, &messages).await?;
    if is_new {
        crate::telemetry::evaluated(alerts.iter().map(|alert| alert.kind.as_str()));
    }
    tracing::info!(
        location = %saved.assessment.location,
        as_of = %saved.as_of,
        policy.version = %saved.assessment.policy.version,
        assessment.id = %saved.id,
        step = saved.assessment.step.number(),
        alerts = alerts.len(),
        "assessed"
    );
    Ok(is_new)
}

fn alert_row(saved: &SavedAssessment, alert: &Alert) -> anyhow::Result<AlertRow> {
    let parts = [&saved.id, alert.kind.as_str(), &alert.rule];
    Ok(AlertRow {
        id: sha256_hex(parts.join("\u{1f}").as_bytes()),
        assessment_id: saved.id.clone(),
        kind: alert.kind.as_str().to_owned(),
        rule: alert.rule.clone(),
        location: saved.assessment.location.clone(),
        date: saved.assessment.date,
        step: alert.step.number(),
        created_at: saved.as_of,
        json: serde_json::to_string(alert)?,
    })
}

/// One message for each recipient, telling everything this evaluation has to tell of what the recipient hears of.
fn messages(journey: &Journey, saved: &SavedAssessment, alerts: &[Alert]) -> Vec<Message> {
    let about = (journey.city.name.as_str(), journey.is_demo);
    // Messages leave the building: they say what those who decide may see, no more.
    let audience = if journey.is_demo { Audience::unsuppressed() } else { Audience::executive() };
    let assessment = disclose_assessment(saved.assessment.clone(), journey.policy(), &audience);
    let alerts: Vec<Alert> =
        alerts.iter().map(|alert| shown_alert(alert, &saved.assessment, &audience)).collect();
    let message = |recipient: &Recipient| {
        let heard = alerts.iter().filter(|alert| hears(recipient, alert.kind.topic()));
        let heard: Vec<Alert> = heard.cloned().collect();
        if heard.is_empty() {
            return None;
        }
        let composed = compose(&heard, &assessment, journey.policy(), about, journey.phrases());
        let (channel, name) = (&recipient.channel, recipient.name.as_str());
        let summary = composed.subject.clone();
        Some(Message {
            id: sha256_hex([&saved.id, channel.name(), name].join("\u{1f}").as_bytes())[..32].to_owned(),
            assessment_id: saved.id.clone(),
            channel: channel.name().to_owned(),
            recipient: name.to_owned(),
            subject: composed.subject,
            body: match channel.form() {
                Form::Mail | Form::Short => composed.body,
                Form::Json => composed.json,
                Form::Alertmanager => for_alertmanager(saved, &heard, &summary),
            },
            state: MessageState::Pending,
            attempts: 0,
            next_attempt_at: saved.as_of,
            sent_at: None,
            failure: String::new(),
        })
    };
    journey.channels.recipients().iter().filter_map(message).collect()
}

/// The level is the work of those who decide and of those who carry it out, sources are the data officer's.
fn hears(recipient: &Recipient, topic: Topic) -> bool {
    let whose: &[Office] = match topic {
        Topic::Level => &[Office::Mayor, Office::Secretary, Office::HealthOffice, Office::PersonnelAgency],
        Topic::Sources => &[Office::DataOfficer],
    };
    whose.iter().any(|office| recipient.offices.contains(office))
}

/// The alerts as Prometheus Alertmanager takes them.
fn for_alertmanager(saved: &SavedAssessment, alerts: &[Alert], summary: &str) -> String {
    let alerts = alerts.iter().map(|alert| {
        serde_json::json!({
            "labels": {
                "alertname": format!("siaga_{}", alert.kind.as_str()),
                "rule": alert.rule,
                "location": saved.assessment.location,
            },
            "annotations": { "summary": summary },
            "startsAt": saved.as_of.to_string(),
        })
    });
    serde_json::Value::from_iter(alerts).to_string()
}

/// An alert without the value of an indicator that its reader may not see.
fn shown_alert(alert: &Alert, assessment: &Assessment, audience: &Audience) -> Alert {
    let rule = assessment.rules.iter().find(|rule| rule.id == alert.rule);
    let is_shown = rule.and_then(|rule| rule.indicator).is_none_or(|kind| is_shown(kind, audience));
    Alert { value: alert.value.filter(|_| is_shown), ..alert.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::Channel;

    #[test]
    fn every_office_but_the_head_of_a_unit_hears_of_its_own_topic() {
        let hearing = |topic| {
            let hears = |office: &Office| {
                let recipient = Recipient {
                    offices: vec![*office],
                    ..Recipient::of_everything("a@b.example", Channel::Mailbox)
                };
                hears(&recipient, topic)
            };
            Office::ALL.into_iter().filter(hears).collect::<Vec<_>>()
        };
        let level = [Office::Mayor, Office::Secretary, Office::HealthOffice, Office::PersonnelAgency];
        assert_eq!(hearing(Topic::Level), level);
        assert_eq!(hearing(Topic::Sources), [Office::DataOfficer]);
    }
}
