//! What is on now.

use std::collections::BTreeMap;

use super::answer::{answers_by_episode, held_silences};
use super::rows::episode;
use crate::account::Visitor;
use crate::alert::{
    About, Alert, AlertEvent, AlertRule, Memory, NoData, RuleMemory, Severity, Silence, Standing,
};
use crate::epi::Vintage;
use crate::job::Journey;
use crate::store::Answer;

/// Something that is on now.
#[derive(Debug, Clone)]
pub struct OpenAlert {
    /// The episode: what it is acknowledged by. Empty while it is pending.
    pub id: String,
    /// The alert rule.
    pub alert_rule: String,
    /// How severe.
    pub severity: Severity,
    /// What it is about.
    pub about: About,
    /// Since when it has been so.
    pub since: Vintage,
    /// When it fired; `None` while it is pending.
    pub fired_at: Option<Vintage>,
    /// Whether people were told.
    pub is_told: bool,
    /// Whether it went further.
    pub is_escalated: bool,
    /// Whether nobody can tell how it stands.
    pub is_no_data: bool,
    /// What was last done about it.
    pub answer: Option<Answer>,
    /// The silence that keeps it back.
    pub silence: Option<Silence>,
}

/// What is known of alerts beside the rules' memory.
struct Known<'a> {
    answers: BTreeMap<String, Answer>,
    silences: Vec<Silence>,
    location: &'a str,
}

impl Known<'_> {
    fn standing(
        &self,
        rule: &AlertRule,
        (subject, standing): (&str, &Standing),
        state: &RuleMemory,
    ) -> OpenAlert {
        let alert = Alert {
            about: About { rule: subject.to_owned(), ..standing.about.clone() },
            alert_rule: rule.id.clone(),
            event: AlertEvent::Fired,
            severity: rule.severity,
            began_at: standing.fired_at.unwrap_or_default(),
        };
        let is_no_data = state.no_data.get(subject).is_some_and(|lacking| lacking.is_told);
        OpenAlert {
            since: vintage(standing.since),
            fired_at: standing.fired_at.map(vintage),
            is_told: standing.is_told,
            is_escalated: standing.is_escalated,
            is_no_data,
            ..self.open(alert, standing.fired_at.is_some())
        }
    }

    fn unknown(&self, rule: &AlertRule, subject: &str, lacking: &NoData) -> OpenAlert {
        let about = About { kind: "no_data".to_owned(), rule: subject.to_owned(), ..About::default() };
        let alert = Alert {
            about,
            alert_rule: rule.id.clone(),
            event: AlertEvent::NoData,
            severity: rule.severity,
            began_at: lacking.since,
        };
        OpenAlert { is_no_data: true, ..self.open(alert, true) }
    }

    /// What began at its moment and was told, with its answer and its silence.
    fn open(&self, alert: Alert, has_begun: bool) -> OpenAlert {
        let id = if has_begun { episode(self.location, &alert) } else { String::new() };
        let is_silenced = |silence: &&Silence| silence.covers(&alert.alert_rule, &alert.about.rule);
        OpenAlert {
            answer: self.answers.get(&id).cloned(),
            silence: self.silences.iter().find(is_silenced).cloned(),
            id,
            since: vintage(alert.began_at),
            fired_at: Some(vintage(alert.began_at)),
            is_told: true,
            is_escalated: false,
            is_no_data: false,
            alert_rule: alert.alert_rule,
            severity: alert.severity,
            about: alert.about,
        }
    }
}

/// Everything that is on now, the gravest first; of a head of unit what concerns the own unit.
///
/// # Errors
/// When the store does not answer.
pub async fn open_alerts(journey: &Journey, visitor: &Visitor) -> anyhow::Result<Vec<OpenAlert>> {
    let Some((_, json)) = journey.store.alert_memory(&journey.city.location).await? else {
        return Ok(Vec::new());
    };
    let memory: Memory = serde_json::from_str(&json)?;
    let known = Known {
        answers: answers_by_episode(journey).await?,
        silences: held_silences(journey, journey.clock.now()).await?,
        location: journey.city.location.as_str(),
    };
    let mut open = Vec::new();
    for rule in &journey.alerting.rules.rules {
        let Some(state) = memory.rules.get(&rule.id) else { continue };
        let standing = state.standing.iter();
        open.extend(standing.map(|(subject, one)| known.standing(rule, (subject.as_str(), one), state)));
        // Where nothing fired and nobody can tell any more: not knowing is open too.
        let unknown = state
            .no_data
            .iter()
            .filter(|(subject, lacking)| lacking.is_told && !state.standing.contains_key(*subject));
        open.extend(unknown.map(|(subject, lacking)| known.unknown(rule, subject, lacking)));
    }
    if let Some(unit) = visitor.own_unit() {
        open.retain(|alert| alert.about.unit_id.is_empty() || alert.about.unit_id == unit);
    }
    open.sort_by(|one, other| {
        other
            .severity
            .cmp(&one.severity)
            .then(one.fired_at.is_none().cmp(&other.fired_at.is_none()))
            .then(other.since.cmp(&one.since))
    });
    Ok(open)
}

fn vintage(millis: i64) -> Vintage {
    Vintage::new(chrono::DateTime::from_timestamp_millis(millis).unwrap_or_default())
}
