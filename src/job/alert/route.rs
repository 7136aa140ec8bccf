//! Who would hear of what: the way of every rule and event to those who are told.

use super::story::recipient_name;
use crate::account::Visitor;
use crate::alert::{About, Alert, AlertEvent, AlertRule, Recipient, Severity, Wait, due, hears};
use crate::epi::Vintage;
use crate::job::Journey;

/// One way from a rule to somebody; without anybody where nobody hears.
#[derive(Debug, Clone)]
pub struct Route {
    /// The rule.
    pub rule: String,
    /// How severe it is.
    pub severity: Severity,
    /// What would be told.
    pub event: AlertEvent,
    /// Who: a person, a machine, an address; empty where nobody hears or the reader may not see it.
    pub to: String,
    /// Over which channel; empty where nobody hears.
    pub channel: &'static str,
    /// Where, exactly.
    pub address: String,
    /// Of which unit only; empty for all.
    pub unit: String,
    /// When, if it happened now.
    pub at: Vintage,
    /// Why not at once.
    pub wait: Wait,
}

impl Route {
    /// Whether anybody is at its end.
    #[must_use]
    pub fn is_heard(&self) -> bool {
        !self.channel.is_empty()
    }
}

/// What a rule can tell. Ends go to whoever heard of the beginning.
fn events(rule: &AlertRule) -> Vec<AlertEvent> {
    let mut events = vec![AlertEvent::Fired];
    let is_of_policy = rule.watch == crate::alert::Watch::PolicyRules;
    events.extend(is_of_policy.then_some(AlertEvent::Raised));
    events.extend(rule.escalate.is_some().then_some(AlertEvent::Escalated));
    events.extend((!rule.watch.is_momentary()).then_some(AlertEvent::Resolved));
    if rule.no_data_after.is_some() {
        events.extend([AlertEvent::NoData, AlertEvent::DataBack]);
    }
    events
}

/// Every way from these rules, in the order of the file; a rule and event that reach nobody have one without an end.
#[must_use]
pub fn routes(journey: &Journey, rules: &[&AlertRule], visitor: &Visitor) -> Vec<Route> {
    let mut found = Vec::new();
    for rule in rules {
        for event in events(rule) {
            let before = found.len();
            for to in journey.channels.recipients() {
                found.extend(ways(journey, (rule, event), (to, visitor)));
            }
            if found.len() == before {
                found.push(nobody(journey, (rule, event)));
            }
        }
    }
    found
}

/// The ways to one recipient: for everything, or for the units that the person heads.
fn ways(
    journey: &Journey,
    (rule, event): (&AlertRule, AlertEvent),
    (to, visitor): (&Recipient, &Visitor),
) -> Vec<Route> {
    // An end goes to those who were told that it began.
    let asked = match event {
        AlertEvent::Resolved => AlertEvent::Fired,
        AlertEvent::DataBack => AlertEvent::NoData,
        event => event,
    };
    let alert = |unit: &str| Alert {
        about: About { unit_id: unit.to_owned(), ..About::default() },
        alert_rule: rule.id.clone(),
        event: asked,
        severity: rule.severity,
        began_at: 0,
    };
    let hears_of = |unit: &str| hears(to, rule, &alert(unit));
    let units: Vec<&str> = match hears_of("") {
        true => vec![""],
        false => to.units.iter().map(String::as_str).filter(|unit| hears_of(unit)).collect(),
    };
    let now = journey.clock.now();
    let due = due(&journey.alerting.rules, to, &alert(""), (now.moment(), journey.city.zone));
    let way = |unit: &str| Route {
        to: recipient_name(to, visitor),
        channel: to.channel.name(),
        address: to.name.clone(),
        unit: unit.to_owned(),
        at: Vintage::new(due.at),
        wait: due.wait,
        ..nobody(journey, (rule, event))
    };
    units.into_iter().map(way).collect()
}

fn nobody(journey: &Journey, (rule, event): (&AlertRule, AlertEvent)) -> Route {
    Route {
        rule: rule.id.clone(),
        severity: rule.severity,
        event,
        to: String::new(),
        channel: "",
        address: String::new(),
        unit: String::new(),
        at: journey.clock.now(),
        wait: Wait::No,
    }
}
