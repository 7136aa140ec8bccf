//! The rules in force, and who hears of what.

use crate::alert::{AlertEvent, AlertRule};
use crate::job::{Route, routes};
use crate::text::Phrases;
use crate::web::visit::Visit;
use crate::web::words::sentence;

/// One rule.
pub(super) struct RuleRow {
    pub(super) title: String,
    pub(super) severity: &'static str,
    pub(super) severity_word: String,
    /// Who hears of it first.
    pub(super) hears: Vec<String>,
    /// Who hears of it when nobody acknowledged it in time.
    pub(super) further: String,
    /// What it mutes.
    pub(super) mutes: String,
}

/// Every rule, in the order of the file.
pub(super) fn rules(visit: &Visit) -> Vec<RuleRow> {
    let all = &visit.journey().alerting.rules.rules;
    all.iter().map(|rule| row(visit, rule)).collect()
}

/// When people are left in peace; nothing where they never are.
pub(super) fn quiet_hours(visit: &Visit) -> Option<String> {
    let t = visit.phrases;
    let quiet = visit.journey().alerting.rules.quiet?;
    let severity = t.say(&format!("severity-{}", quiet.spares));
    let form = if t.locale == crate::text::Locale::Id { "%H.%M" } else { "%H:%M" };
    let [from, until] = [quiet.from, quiet.until].map(|time| time.format(form).to_string());
    Some(t.say_with("alerts-quiet", &[("from", &from), ("until", &until), ("severity", &severity)]))
}

fn row(visit: &Visit, rule: &AlertRule) -> RuleRow {
    let (t, journey) = (visit.phrases, visit.journey());
    let ways = routes(journey, &[rule], &visit.guest.visitor);
    let further = rule.escalate.as_ref().map(|(after, _)| {
        let names = named(&ways, AlertEvent::Escalated, t);
        let names = if names.is_empty() { t.say("alerts-nobody") } else { names.join(", ") };
        t.say_with("alerts-further", &[("hours", &after.num_hours().to_string()), ("names", &names)])
    });
    let mutes = rule.mutes.iter().map(|id| crate::job::rule_title(journey, id, t)).collect::<Vec<_>>();
    RuleRow {
        title: sentence(t.locale.of(&rule.title)),
        severity: rule.severity.as_str(),
        severity_word: t.say(&format!("severity-{}", rule.severity)),
        hears: named(&ways, AlertEvent::Fired, t),
        further: further.unwrap_or_default(),
        mutes: if mutes.is_empty() {
            String::new()
        } else {
            t.say_with("alerts-mutes", &[("rules", &mutes.join(", "))])
        },
    }
}

/// Who hears of an event: each once, with the channels.
fn named(ways: &[Route], event: AlertEvent, t: Phrases) -> Vec<String> {
    let mut named: Vec<(String, Vec<String>)> = Vec::new();
    for way in ways.iter().filter(|way| way.event == event && way.is_heard()) {
        let channel = t.say(&format!("channel-{}", way.channel));
        // An address that is not for this reader: one of several that get it.
        let name = if way.to.is_empty() { t.say("alerts-an-address") } else { way.to.clone() };
        match named.iter_mut().find(|(known, _)| *known == name) {
            Some((_, channels)) if channels.contains(&channel) => {}
            Some((_, channels)) => channels.push(channel),
            None => named.push((name, vec![channel])),
        }
    }
    named.into_iter().map(|(name, channels)| format!("{name} ({})", channels.join(", "))).collect()
}
