//! Alerts as a reader may see them, in the reader's words.

use chrono::NaiveDate;

use super::told::{OpenAlert, open_alerts};
use crate::account::{Role, Visitor};
use crate::alert::{Alert, AlertEvent, Office, Sayer};
use crate::epi::{Vintage, Window};
use crate::job::Journey;
use crate::job::view::shown_alert;
use crate::store::{AlertRow, AnswerKind};
use crate::text::Phrases;

/// Something that is on, as its reader may see it.
#[derive(Debug, Clone)]
pub struct ShownAlert {
    /// What is on.
    pub open: OpenAlert,
    /// What it is, in one sentence.
    pub words: String,
    /// The name of its rule.
    pub title: String,
    /// Where it stands: `pending`, `no_data`, `silenced`, `kept_back`, `handed_over`, `acknowledged` or `open`.
    pub state: &'static str,
}

/// What is on, and how much of it the reader may not see.
#[derive(Debug, Clone, Default)]
pub struct ShownAlerts {
    /// The gravest first.
    pub alerts: Vec<ShownAlert>,
    /// So many concern units or figures that are not for this reader.
    pub hidden: usize,
    /// When the rules were last held against what there is to see; `None` if never.
    pub evaluated_at: Option<Vintage>,
}

/// Everything that is on now, for a reader.
///
/// # Errors
/// When the store does not answer.
pub async fn shown_open_alerts(
    journey: &Journey,
    (visitor, t): (&Visitor, Phrases),
) -> anyhow::Result<ShownAlerts> {
    let open = open_alerts(journey, visitor).await?;
    let evaluated = journey.store.alert_memory(&journey.city.location).await?;
    let all = open.len();
    let shown = open.into_iter().filter_map(|open| shown(journey, open, (visitor, t)));
    let alerts: Vec<ShownAlert> = shown.collect();
    let hidden = all - alerts.len();
    Ok(ShownAlerts { alerts, hidden, evaluated_at: evaluated.map(|(at, _)| at) })
}

fn shown(journey: &Journey, open: OpenAlert, (visitor, t): (&Visitor, Phrases)) -> Option<ShownAlert> {
    let is_only_lacking = open.about.kind == "no_data";
    let alert = Alert {
        about: open.about.clone(),
        alert_rule: open.alert_rule.clone(),
        event: if is_only_lacking { AlertEvent::NoData } else { AlertEvent::Fired },
        severity: open.severity,
        began_at: open.fired_at.map_or(0, Vintage::millis),
    };
    let seen = seen_by(journey, &alert, visitor)?;
    Some(ShownAlert {
        words: words(journey, &seen, t),
        title: rule_title(journey, &open.alert_rule, t),
        state: state(&open),
        open: OpenAlert { about: seen.about, ..open },
    })
}

/// The name of an alert rule; its id once the rule is gone.
#[must_use]
pub fn rule_title(journey: &Journey, id: &str, t: Phrases) -> String {
    let rule = journey.alerting.rules.rule(id);
    rule.map_or(id, |rule| t.locale.of(&rule.title)).to_owned()
}

fn state(open: &OpenAlert) -> &'static str {
    let kind = open.answer.as_ref().map(|answer| answer.kind);
    match (open.fired_at, &open.silence, kind) {
        (None, ..) => "pending",
        (_, Some(_), _) => "silenced",
        (_, _, Some(AnswerKind::HandedOver)) => "handed_over",
        (_, _, Some(AnswerKind::Acknowledged)) => "acknowledged",
        _ if open.is_no_data => "no_data",
        _ if !open.is_told => "kept_back",
        _ => "open",
    }
}

/// An alert as a reader may see it. What a rule tells the reader's own office by message is not kept back on a page, nor is
/// what concerns people at work from those who see the workforce; a head of unit hears of the own unit only.
pub(super) fn seen_by(journey: &Journey, alert: &Alert, visitor: &Visitor) -> Option<Alert> {
    let seen = shown_alert(journey, alert, &visitor.audience());
    if seen.is_some() || alert.about.unit_id.is_empty() || visitor.own_unit().is_some() {
        return seen;
    }
    let is_case = alert.about.kind == "unit_cluster";
    let rule = journey.alerting.rules.rule(&alert.alert_rule);
    let is_told = rule.is_some_and(|rule| office(visitor).is_some_and(|own| rule.offices.contains(&own)));
    let is_of_work = !is_case && visitor.workforce_audience().is_some();
    (is_told || is_of_work).then(|| alert.clone())
}

/// The office that somebody's work is done in.
fn office(visitor: &Visitor) -> Option<Office> {
    let Visitor::Account { role, .. } = visitor else { return None };
    match role {
        Role::Mayor => Some(Office::Mayor),
        Role::UnitHead => Some(Office::UnitHead),
        Role::Epidemiologist => Some(Office::HealthOffice),
        Role::Personnel => Some(Office::PersonnelAgency),
        Role::DataOfficer => Some(Office::DataOfficer),
        Role::Owner | Role::Analyst | Role::Auditor => None,
    }
}

pub(super) fn words(journey: &Journey, alert: &Alert, t: Phrases) -> String {
    Sayer { rules: &journey.alerting.rules, policy: journey.policy(), phrases: t }.line(alert)
}

/// One thing that became of something.
#[derive(Debug, Clone)]
pub struct PastAlert {
    /// As it is kept.
    pub row: AlertRow,
    /// The alert rule.
    pub alert_rule: String,
    /// In one sentence.
    pub words: String,
}

/// What became of what on some days, newest first, as a reader may see it.
///
/// # Errors
/// When the store does not answer.
pub async fn past_alerts(
    journey: &Journey,
    (days, rule): (Window, Option<&str>),
    (visitor, t): (&Visitor, Phrases),
) -> anyhow::Result<Vec<PastAlert>> {
    let zone = journey.city.zone;
    let is_in = |day: NaiveDate| days.from <= day && day <= days.to;
    let mut past = Vec::new();
    for row in journey.store.alerts(None).await? {
        if !is_in(row.created_at.local_date(zone)) {
            continue;
        }
        let alert: Alert = serde_json::from_str(&row.json)?;
        // Before there were alert rules each kind was one.
        let alert_rule =
            if alert.alert_rule.is_empty() { row.kind.clone() } else { alert.alert_rule.clone() };
        if rule.is_some_and(|rule| rule != alert_rule) {
            continue;
        }
        if let Some(seen) = seen_by(journey, &alert, visitor) {
            past.push(PastAlert { words: words(journey, &seen, t), alert_rule, row });
        }
    }
    Ok(past)
}
