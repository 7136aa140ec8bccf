//! What is on now, as the page shows it: how severe, since when, who sees to it, and the forms of whoever may answer.

use crate::account::Permission;
use crate::alert::Silence;
use crate::job::{ShownAlert, ShownAlerts};
use crate::store::Answer;
use crate::text::Phrases;
use crate::web::visit::Visit;
use crate::web::words::{count, full_sentence, moment, sentence};
use crate::web::workforce::Said;

/// One thing that is on.
pub(super) struct Item {
    pub(super) id: String,
    pub(super) rule: String,
    pub(super) subject: String,
    /// `info`, `warning`, `critical`: the end of a class name.
    pub(super) severity: &'static str,
    pub(super) severity_word: String,
    pub(super) words: String,
    /// The rule and since when.
    pub(super) about: String,
    /// Who sees to it, or why nobody was told.
    pub(super) state: String,
    /// Whether somebody ought to do something.
    pub(super) is_waiting: bool,
    /// What whoever answered noted.
    pub(super) note: String,
    pub(super) may_answer: bool,
    pub(super) may_silence: bool,
    /// Whether a form of it was refused: it stays open, as it was filled in.
    pub(super) is_open: bool,
    pub(super) filled_note: String,
    pub(super) filled_reason: String,
}

/// One silence that holds.
pub(super) struct Quiet {
    pub(super) number: i64,
    pub(super) what: String,
    pub(super) until: String,
    pub(super) by: String,
}

/// Whether this visitor answers alerts, and whether of the whole city.
pub(super) fn answers(visit: &Visit) -> (bool, bool) {
    let visitor = &visit.guest.visitor;
    let may = visitor.may(Permission::Acknowledge);
    (may, may && visitor.own_unit().is_none())
}

/// What is on, the gravest first.
pub(super) fn items(visit: &Visit, shown: &ShownAlerts, said: &Said) -> Vec<Item> {
    shown.alerts.iter().map(|alert| item(visit, alert, said)).collect()
}

fn item(visit: &Visit, alert: &ShownAlert, said: &Said) -> Item {
    let (t, open) = (visit.phrases, &alert.open);
    let (may, may_all) = answers(visit);
    let own = visit.guest.visitor.own_unit();
    let is_theirs = own.is_none_or(|unit| unit == open.about.unit_id);
    let is_open = said.fault.is_some() && !open.id.is_empty() && said.value("alert") == open.id;
    let filled = |name: &str| if is_open { said.value(name).to_owned() } else { String::new() };
    let since = moment(open.fired_at.unwrap_or(open.since), visit.journey().city.zone, t.locale);
    Item {
        id: open.id.clone(),
        rule: open.alert_rule.clone(),
        subject: open.about.rule.clone(),
        severity: open.severity.as_str(),
        severity_word: t.say(&format!("severity-{}", open.severity)),
        words: full_sentence(&alert.words),
        about: about(t, (&sentence(&alert.title), &since), open.about.value.is_some()),
        state: state(visit, alert),
        is_waiting: matches!(alert.state, "open" | "no_data"),
        note: open.answer.as_ref().map_or_else(String::new, |answer| answer.note.clone()),
        may_answer: may && is_theirs && !open.id.is_empty(),
        may_silence: may_all && !open.id.is_empty(),
        is_open,
        filled_note: filled("note"),
        filled_reason: filled("reason"),
    }
}

/// The rule and since when. A value is the one it began with.
fn about(t: Phrases, (rule, since): (&str, &str), has_value: bool) -> String {
    let key = if has_value { "alerts-since-then" } else { "alerts-since" };
    t.say_with(key, &[("rule", rule), ("since", since)])
}

/// Who sees to it, since when; or why nobody was told.
fn state(visit: &Visit, alert: &ShownAlert) -> String {
    let (t, open) = (visit.phrases, &alert.open);
    let said = match (alert.state, &open.answer, &open.silence) {
        ("silenced", _, Some(silence)) => silenced(visit, silence),
        ("acknowledged", Some(answer), _) => answered(visit, "alerts-acknowledged", answer),
        ("handed_over", Some(answer), _) => answered(visit, "alerts-handed-over", answer),
        (state, ..) => t.say(&format!("alerts-state-{state}")),
    };
    match open.is_escalated && open.answer.is_none() {
        true => format!("{said} {}", t.say("alerts-escalated")),
        false => said,
    }
}

fn answered(visit: &Visit, key: &str, answer: &Answer) -> String {
    let t = visit.phrases;
    let at = moment(answer.at, visit.journey().city.zone, t.locale);
    t.say_with(key, &[("by", &answer.by), ("to", &answer.to), ("at", &at)])
}

fn silenced(visit: &Visit, silence: &Silence) -> String {
    let t = visit.phrases;
    let until = moment(silence.until, visit.journey().city.zone, t.locale);
    t.say_with("alerts-silenced", &[("by", &silence.by), ("until", &until), ("reason", &silence.reason)])
}

/// How many are on and when the rules were last looked at; that nothing is on is said only of what was looked at.
pub(super) fn summary(visit: &Visit, shown: &ShownAlerts) -> String {
    let t = visit.phrases;
    let Some(at) = shown.evaluated_at else { return t.say("alerts-never-evaluated") };
    let at = moment(at, visit.journey().city.zone, t.locale);
    let on = shown.alerts.iter().filter(|alert| alert.open.fired_at.is_some()).count();
    let waiting = shown.alerts.iter().filter(|alert| matches!(alert.state, "open" | "no_data")).count();
    let number = |things: usize| count(things, t.locale);
    match on {
        0 => t.say_with("alerts-none-on", &[("at", &at)]),
        _ => t.say_with("alerts-on", &[("on", &number(on)), ("waiting", &number(waiting)), ("at", &at)]),
    }
}

/// The silences that hold, those that end first on top.
pub(super) fn quiets(visit: &Visit, silences: &[Silence]) -> Vec<Quiet> {
    let (t, journey) = (visit.phrases, visit.journey());
    let (zone, now) = (journey.city.zone, journey.clock.now());
    let mut held: Vec<&Silence> = silences.iter().filter(|silence| silence.holds_at(now)).collect();
    held.sort_by_key(|silence| silence.until);
    let quiet = |silence: &&Silence| Quiet {
        number: silence.number,
        what: silenced_what(visit, silence, t),
        until: t.say_with("alerts-silence-until", &[("until", &moment(silence.until, zone, t.locale))]),
        by: t.say_with(
            "alerts-silence-by",
            &[
                ("by", &silence.by),
                ("at", &moment(silence.from, zone, t.locale)),
                ("reason", &silence.reason),
            ],
        ),
    };
    held.iter().map(quiet).collect()
}

fn silenced_what(visit: &Visit, silence: &Silence, t: Phrases) -> String {
    let rule = match silence.rule.as_str() {
        "*" => t.say("alerts-every-rule"),
        id => sentence(&crate::job::rule_title(visit.journey(), id, t)),
    };
    match silence.subject.as_str() {
        "*" => rule,
        "" => rule,
        subject => format!("{rule}: {subject}"),
    }
}
