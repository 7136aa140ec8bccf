//! What an evaluation now would do: nothing is kept, nobody is told.

use super::rows::{episode, notices};
use super::shown::{seen_by, words};
use super::story::told_to;
use super::watch::would;
use crate::account::Visitor;
use crate::alert::{Alert, AlertEvent, Evaluation, Happening, Kept, Receipt};
use crate::epi::Vintage;
use crate::job::Journey;
use crate::store::{Notice, NoticeState};
use crate::text::Phrases;

/// One line of a rehearsal: something that would be told to somebody or kept back, or how a rule stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rehearsed {
    /// The alert rule.
    pub rule: String,
    /// What would become of it: an event; or how it stands: `firing`, `held`, `kept_back`, `quiet`, `not_judged` …
    pub what: String,
    /// Its subject; empty for the city or a rule as a whole.
    pub subject: String,
    /// In one sentence.
    pub words: String,
    /// Who would be told.
    pub to: String,
    /// Over which channel.
    pub channel: String,
    /// When, if somebody would be.
    pub at: Option<Vintage>,
    /// Why nobody is told, or why it waits.
    pub why: String,
}

/// What the rules would make of now; nothing before the first assessment.
///
/// # Errors
/// When the store does not answer.
pub async fn rehearse(
    journey: &Journey,
    (visitor, t): (&Visitor, Phrases),
) -> anyhow::Result<Option<Vec<Rehearsed>>> {
    let now = journey.clock.now();
    let Some(evaluation) = would(journey, now).await? else { return Ok(None) };
    let mut lines = Vec::new();
    for receipt in &evaluation.receipts {
        let own = evaluation.happenings.iter().filter(|one| one.alert.alert_rule == receipt.rule);
        let before = lines.len();
        for happening in own {
            lines.extend(happened(journey, (happening, now), (visitor, t)).await?);
        }
        lines.extend(standing(journey, (receipt, &evaluation), (visitor, t)));
        if lines.len() == before {
            lines.push(Rehearsed { what: receipt.outcome.as_str().to_owned(), ..of_rule(&receipt.rule) });
        }
    }
    Ok(Some(lines))
}

fn of_rule(rule: &str) -> Rehearsed {
    let none = String::new;
    Rehearsed {
        rule: rule.to_owned(),
        what: none(),
        subject: none(),
        words: none(),
        to: none(),
        channel: none(),
        at: None,
        why: none(),
    }
}

/// Something that would happen: a line for each who would be told, or one that says why nobody is.
async fn happened(
    journey: &Journey,
    (happening, now): (&Happening, Vintage),
    (visitor, t): (&Visitor, Phrases),
) -> anyhow::Result<Vec<Rehearsed>> {
    let Some(seen) = seen_by(journey, &happening.alert, visitor) else { return Ok(Vec::new()) };
    let line = Rehearsed {
        what: happening.alert.event.as_str().to_owned(),
        subject: seen.about.rule.clone(),
        words: words(journey, &seen, t),
        ..of_rule(&seen.alert_rule)
    };
    if let Some(kept) = &happening.kept {
        return Ok(vec![Rehearsed { why: why(kept), ..line }]);
    }
    let episode = episode(journey.city.location.as_str(), &happening.alert);
    let heard = journey.store.notices_of(&episode).await?;
    // Of an end hears whoever was told of the beginning.
    let hears_of_end = |notice: &Notice| {
        let is_same = |known: &NoticeState| {
            (&known.notice.channel, &known.notice.recipient) == (&notice.channel, &notice.recipient)
        };
        heard.iter().any(|known| known.state == "sent" && is_same(known))
    };
    let is_end = happening.alert.event.is_end();
    let told: Vec<Rehearsed> = notices(journey, happening, ("", &episode, now))
        .into_iter()
        .filter(|notice| !is_end || hears_of_end(notice))
        .map(|notice| Rehearsed {
            to: told_to(journey, (&notice.channel, &notice.recipient), visitor),
            channel: notice.channel,
            at: Some(notice.due_at),
            why: notice.wait,
            ..line.clone()
        })
        .collect();
    Ok(if told.is_empty() { vec![Rehearsed { why: "nobody".to_owned(), ..line }] } else { told })
}

fn why(kept: &Kept) -> String {
    match kept {
        Kept::Muted(rule) => format!("muted by {rule}"),
        Kept::Silenced(number) => format!("silence {number}"),
        Kept::KnownFalse(reason) => format!("known false: {reason}"),
        Kept::NeverTold => "never told".to_owned(),
    }
}

/// What goes on as it was.
fn standing(
    journey: &Journey,
    (receipt, evaluation): (&Receipt, &Evaluation),
    (visitor, t): (&Visitor, Phrases),
) -> Vec<Rehearsed> {
    let Some(state) = evaluation.memory.rules.get(&receipt.rule) else { return Vec::new() };
    let Some(rule) = journey.alerting.rules.rule(&receipt.rule) else { return Vec::new() };
    let is_new = |subject: &str| {
        let mut all = evaluation.happenings.iter();
        all.any(|one| one.alert.alert_rule == receipt.rule && one.alert.about.rule == subject)
    };
    let mut lines = Vec::new();
    for (subject, standing) in state.standing.iter().filter(|(subject, _)| !is_new(subject)) {
        let alert = Alert {
            about: standing.about.clone(),
            alert_rule: rule.id.clone(),
            event: AlertEvent::Fired,
            severity: rule.severity,
            began_at: standing.fired_at.unwrap_or_default(),
        };
        let Some(seen) = seen_by(journey, &alert, visitor) else { continue };
        let what = match standing.fired_at {
            None => "held",
            Some(_) if standing.is_told => "firing",
            Some(_) => "kept_back",
        };
        lines.push(Rehearsed {
            what: what.to_owned(),
            subject: subject.clone(),
            words: words(journey, &seen, t),
            why: evaluation.kept.get(&(rule.id.clone(), subject.clone())).map(why).unwrap_or_default(),
            ..of_rule(&rule.id)
        });
    }
    lines
}
