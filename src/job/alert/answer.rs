//! What people do about alerts: acknowledge, hand over, silence, lift a silence. Each is named, dated and in the audit log.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Duration, NaiveDateTime, TimeZone};
use thiserror::Error;

use super::release::{blank, composed, in_form};
use super::rows::hash;
use crate::account::{Permission, Visitor};
use crate::alert::{Alert, Episode, Recipient, Silence, SilenceFault};
use crate::audit::{Action, Entry};
use crate::epi::Vintage;
use crate::job::Journey;
use crate::store::{AlertRow, Answer, AnswerKind, Message, ReceiptRow, SilenceRow, StoreError};
use crate::text::Phrases;

/// Characters of a note at most.
const NOTE_LENGTH: usize = 500;

/// Why what somebody does about an alert is not taken.
#[derive(Debug, Error)]
pub enum AnswerFault {
    /// The person's work is another.
    #[error(
        "{0} may not answer alerts: it takes the permission acknowledge, and a head of unit answers those of the own unit"
    )]
    NotPermitted(String),
    /// There is no such alert.
    #[error("there is no alert '{0}': `siaga alert list` names those that are open")]
    NoAlert(String),
    /// There is no such message among those that were given up.
    #[error("no message '{0}' was given up: `siaga alert receipts --outcome failed` names those that were")]
    NoMessage(String),
    /// A note that cannot be kept.
    #[error("note: write at most {NOTE_LENGTH} characters on one line")]
    Note,
    /// Nobody of that name is in the settings.
    #[error("there is no person '{0}' in alert.person of the settings: {1}")]
    NoPerson(String, String),
    /// A silence that cannot be meant.
    #[error(transparent)]
    Silence(#[from] SilenceFault),
    /// No silence of that number holds.
    #[error("no silence {0} holds: `siaga alert silences` lists them")]
    NoSilence(i64),
    /// The store does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Something else.
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

impl AnswerFault {
    /// One sentence in a reader's language.
    #[must_use]
    pub fn say(&self, t: Phrases) -> String {
        match self {
            Self::NotPermitted(name) => t.say_with("answer-not-permitted", &[("name", name)]),
            Self::NoAlert(id) => t.say_with("answer-no-alert", &[("id", id)]),
            Self::NoMessage(id) => t.say_with("answer-no-message", &[("id", id)]),
            Self::Note => t.say_with("answer-note", &[("most", &NOTE_LENGTH.to_string())]),
            Self::NoPerson(name, known) if known.is_empty() => {
                t.say_with("answer-no-person-yet", &[("name", name)])
            }
            Self::NoPerson(name, known) => {
                t.say_with("answer-no-person", &[("name", name), ("known", known)])
            }
            Self::Silence(fault) => {
                t.say_with(&format!("silence-{}", fault.code()), &[("why", &fault.to_string())])
            }
            Self::NoSilence(number) => t.say_with("answer-no-silence", &[("number", &number.to_string())]),
            Self::Store(_) | Self::Other(_) => t.say("answer-store"),
        }
    }
}

/// The alert that an id or its beginning names.
///
/// # Errors
/// [`AnswerFault::NoAlert`].
pub async fn alert_named(journey: &Journey, id: &str, visitor: &Visitor) -> Result<AlertRow, AnswerFault> {
    let none = || AnswerFault::NoAlert(id.to_owned());
    if id.len() < 6 || !id.chars().all(|c| c.is_ascii_hexdigit()) {
        return Err(none());
    }
    let row = match journey.store.alert(id).await? {
        Some(row) => row,
        None => {
            let alerts = journey.store.alerts(None).await?;
            let mut named = alerts.into_iter().filter(|row| row.id.starts_with(id));
            match (named.next(), named.next()) {
                (Some(row), None) => row,
                _ => return Err(none()),
            }
        }
    };
    let begun = journey.store.alert(&row.episode).await?.unwrap_or(row);
    let about: Alert = serde_json::from_str(&begun.json).map_err(anyhow::Error::from)?;
    let is_theirs = visitor.own_unit().is_none_or(|unit| unit == about.about.unit_id);
    if !visitor.may(Permission::Acknowledge) || !is_theirs {
        return Err(AnswerFault::NotPermitted(visitor.name().to_owned()));
    }
    Ok(begun)
}

fn noted(note: &str) -> Result<String, AnswerFault> {
    let note = note.trim();
    if note.chars().count() > NOTE_LENGTH || note.chars().any(char::is_control) {
        return Err(AnswerFault::Note);
    }
    Ok(note.to_owned())
}

/// Says that somebody sees to an alert: it goes no further.
///
/// # Errors
/// [`AnswerFault`]; nothing is kept then.
pub async fn acknowledge(
    journey: &Journey,
    (id, note): (&str, &str),
    (visitor, address): (&Visitor, &str),
) -> Result<AlertRow, AnswerFault> {
    let row = alert_named(journey, id, visitor).await?;
    let answer = answer(journey, &row, (AnswerKind::Acknowledged, "", noted(note)?), visitor);
    keep(journey, (&answer, &row), &[], (visitor, address)).await?;
    Ok(row)
}

/// Gives an alert to a person of the settings, who is told of it at once.
///
/// # Errors
/// [`AnswerFault`]; nothing is kept then.
pub async fn hand_over(
    journey: &Journey,
    (id, to, note): (&str, &str, &str),
    (visitor, address): (&Visitor, &str),
) -> Result<AlertRow, AnswerFault> {
    let row = alert_named(journey, id, visitor).await?;
    let recipients = journey.channels.recipients();
    let theirs: Vec<&Recipient> =
        recipients.iter().filter(|one| !to.is_empty() && one.person == to).collect();
    if theirs.is_empty() {
        let mut known: Vec<&str> =
            recipients.iter().map(|one| one.person.as_str()).filter(|name| !name.is_empty()).collect();
        known.sort_unstable();
        known.dedup();
        return Err(AnswerFault::NoPerson(to.to_owned(), known.join(", ")));
    }
    let answer = answer(journey, &row, (AnswerKind::HandedOver, to, noted(note)?), visitor);
    let messages = handed_over(journey, &row, &answer, &theirs).await?;
    keep(journey, (&answer, &row), &messages, (visitor, address)).await?;
    Ok(row)
}

/// What the person an alert was given to is told, at each of the person's addresses.
async fn handed_over(
    journey: &Journey,
    row: &AlertRow,
    answer: &Answer,
    theirs: &[&Recipient],
) -> anyhow::Result<Vec<Message>> {
    let alert: Alert = serde_json::from_str(&row.json)?;
    let last = journey.store.last_assessment(&journey.city.location, None).await?;
    let Some(last) = last else { return Ok(Vec::new()) };
    let mut messages = Vec::new();
    for recipient in theirs {
        let lead = Phrases::new(recipient.language)
            .say_with("mail-handed-over", &[("by", &answer.by), ("note", &answer.note)]);
        let told = (std::slice::from_ref(&alert), Some(lead.trim()));
        let words = composed(journey, recipient.language, told, &last.assessment)?;
        let (channel, name) = (recipient.channel.name(), recipient.name.as_str());
        let id = hash(&[&row.id, "handed_over", &answer.at.millis().to_string(), channel, name]);
        let message = blank((id, "handed_over"), (channel, name), answer.at);
        messages.push(in_form(message, words, recipient.channel.form()));
    }
    Ok(messages)
}

fn answer(
    journey: &Journey,
    row: &AlertRow,
    (kind, to, note): (AnswerKind, &str, String),
    visitor: &Visitor,
) -> Answer {
    Answer {
        episode: row.episode.clone(),
        at: journey.clock.now(),
        kind,
        by: visitor.name().to_owned(),
        role: visitor.role().to_owned(),
        to: to.to_owned(),
        note,
    }
}

async fn keep(
    journey: &Journey,
    (answer, row): (&Answer, &AlertRow),
    messages: &[Message],
    (visitor, address): (&Visitor, &str),
) -> Result<(), AnswerFault> {
    let outcome = answer.kind.as_str();
    let detail = [answer.to.as_str(), answer.note.as_str()].join(" ").trim().to_owned();
    let receipt = ReceiptRow {
        by: answer.by.clone(),
        rule: alert_rule(row),
        ..ReceiptRow::of_alert(answer.at, &row.id, outcome, detail.clone())
    };
    let object = format!("{outcome} {} {}", row.kind, row.rule);
    let entry = Entry::new(answer.at, (visitor.name(), visitor.role()), Action::AlertAnswered, object.trim())
        .detail(&detail)
        .address(address);
    journey.store.add_answer(answer, (&receipt, &entry), messages).await?;
    journey.announce().await?;
    Ok(())
}

fn alert_rule(row: &AlertRow) -> String {
    serde_json::from_str::<Alert>(&row.json).map(|alert| alert.alert_rule).unwrap_or_default()
}

/// A silence as somebody asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Silencing {
    /// Which rule; `*` for all.
    pub rule: String,
    /// Which subject; `*` for all.
    pub subject: String,
    /// Until when.
    pub until: Vintage,
    /// Why.
    pub reason: String,
}

/// Until when a silence is to hold: so long from now (`90m`, `4h`, `2d`), a day (its end), a moment, or one of the city's clock
/// (`2021-06-29T07:00`).
///
/// # Errors
/// [`SilenceFault::Until`].
pub fn silence_end(journey: &Journey, text: &str) -> Result<Vintage, AnswerFault> {
    let (text, zone) = (text.trim(), journey.city.zone);
    let length = || {
        let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
        let number: i64 = number.parse().ok().filter(|number| (1..=60_000).contains(number))?;
        let length = match unit {
            "m" => Duration::minutes(number),
            "h" => Duration::hours(number),
            "d" => Duration::days(number),
            _ => return None,
        };
        Some(Vintage::new(journey.clock.now().moment() + length))
    };
    let local = || {
        let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").ok()?;
        Some(Vintage::new(zone.from_local_datetime(&local).earliest()?.to_utc()))
    };
    let end = length().or_else(local).or_else(|| Vintage::parse_as_of(text, zone).ok());
    end.ok_or_else(|| SilenceFault::Until(text.to_owned()).into())
}

/// Keeps alerts back from now until an end.
///
/// # Errors
/// [`AnswerFault`]; nothing is kept then.
pub async fn silence(
    journey: &Journey,
    silencing: &Silencing,
    (visitor, address): (&Visitor, &str),
) -> Result<i64, AnswerFault> {
    if !visitor.may(Permission::Acknowledge) || visitor.own_unit().is_some() {
        return Err(AnswerFault::NotPermitted(visitor.name().to_owned()));
    }
    let now = journey.clock.now();
    let row = SilenceRow {
        number: 0,
        location: journey.city.location.to_string(),
        rule: silencing.rule.trim().to_owned(),
        subject: silencing.subject.trim().to_owned(),
        from: now,
        until: silencing.until,
        by: visitor.name().to_owned(),
        role: visitor.role().to_owned(),
        reason: silencing.reason.trim().to_owned(),
        lifted: None,
    };
    as_silence(row.clone()).check(&journey.alerting.rules)?;
    let object = format!("silence {} {} until {}", row.rule, row.subject, row.until);
    let entry = Entry::new(now, (visitor.name(), visitor.role()), Action::AlertSilenced, &object)
        .detail(&row.reason)
        .address(address);
    let number = journey.store.add_silence(&row, &entry).await?;
    journey.announce().await?;
    Ok(number)
}

/// Ends a silence before its time.
///
/// # Errors
/// [`AnswerFault`]; nothing is changed then.
pub async fn lift(
    journey: &Journey,
    number: i64,
    (visitor, address): (&Visitor, &str),
) -> Result<(), AnswerFault> {
    if !visitor.may(Permission::Acknowledge) || visitor.own_unit().is_some() {
        return Err(AnswerFault::NotPermitted(visitor.name().to_owned()));
    }
    let now = journey.clock.now();
    let object = format!("silence {number} lifted");
    let entry =
        Entry::new(now, (visitor.name(), visitor.role()), Action::AlertSilenced, &object).address(address);
    if !journey.store.lift_silence(number, (now, visitor.name()), &entry).await? {
        return Err(AnswerFault::NoSilence(number));
    }
    journey.announce().await?;
    Ok(())
}

fn as_silence(row: SilenceRow) -> Silence {
    Silence {
        number: row.number,
        rule: row.rule,
        subject: row.subject,
        from: row.from,
        until: row.until,
        by: row.by,
        role: row.role,
        reason: row.reason,
        lifted: row.lifted,
    }
}

/// Every silence, newest first.
///
/// # Errors
/// When the store does not answer.
pub async fn silences(journey: &Journey) -> anyhow::Result<Vec<Silence>> {
    Ok(journey.store.silences(&journey.city.location).await?.into_iter().map(as_silence).collect())
}

pub(super) async fn held_silences(journey: &Journey, at: Vintage) -> anyhow::Result<Vec<Silence>> {
    let mut held = silences(journey).await?;
    held.retain(|silence| silence.holds_at(at));
    Ok(held)
}

/// Episodes that somebody acknowledged or took over.
pub(super) async fn acknowledged(journey: &Journey) -> anyhow::Result<BTreeSet<Episode>> {
    let mut episodes = BTreeSet::new();
    for id in
        journey.store.answers(None).await?.into_iter().map(|answer| answer.episode).collect::<BTreeSet<_>>()
    {
        let Some(row) = journey.store.alert(&id).await? else { continue };
        let alert: Alert = serde_json::from_str(&row.json)?;
        episodes.insert((alert.alert_rule, alert.about.rule, alert.began_at));
    }
    Ok(episodes)
}

/// What was last done about each episode.
pub(super) async fn answers_by_episode(journey: &Journey) -> anyhow::Result<BTreeMap<String, Answer>> {
    let answers = journey.store.answers(None).await?;
    Ok(answers.into_iter().map(|answer| (answer.episode.clone(), answer)).collect())
}
