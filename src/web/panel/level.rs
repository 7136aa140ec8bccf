//! The level card: what is advised, what is in force, how bad, and why.

use askama::Template;

use super::Context;
use crate::account::{Permission, Visitor};
use crate::assessment::{Mode, Policy, Step};
use crate::text::{Phrases, date_long, explain, rule_line};
use crate::web::decision::{Line, in_force_line};
use crate::web::door::Rule;
use crate::web::words::{Chip, cap, distance, moment, policy_name};

/// One step of the scale under the level's name.
struct Rung {
    word: String,
    is_current: bool,
}

/// One rule's row in the table of reasons.
struct Reason {
    id: String,
    title: String,
    value: String,
    threshold: String,
    chip: Option<Chip>,
    /// Why it says nothing, or the policy's remark.
    remark: String,
    is_deciding: bool,
}

#[derive(Template)]
#[template(path = "panel/level.html")]
pub(super) struct LevelPanel {
    t: Phrases,
    chip: Chip,
    in_force: Chip,
    since: String,
    recommendation: String,
    headline: String,
    decided: String,
    evaluation: Option<String>,
    /// What a person decided; the rules only recommend.
    line: Option<Line>,
    /// On the wall one line has room: what was decided, where something was.
    is_wall: bool,
    /// Whether there is anything decided at all: a city that records nothing is not told so every day.
    has_journal: bool,
    may_decide: bool,
    /// The briefing of this day, for those inside.
    brief: Option<String>,
    scale: Vec<Rung>,
    reasons: Vec<Reason>,
    caps: Vec<(String, String)>,
    assessed: String,
    policy: String,
}

pub(super) fn panel(context: Context<'_>) -> LevelPanel {
    let (view, t, policy) = (context.view, context.t, context.journey().policy());
    let made = &view.assessment;
    let words = explain(made, policy, t);
    let mut decided = words.decided;
    if made.ceiling.is_some() && decided.len() > 1 {
        // The order of the centre comes last here: the reader asks first why this level.
        decided.rotate_left(1);
    }
    let zone = context.journey().city.zone;
    let evaluation = made.evaluation_date.map(|date| {
        let args = [("date", &*date_long(date, t.locale)), ("when", &*distance(date, view.date, t))];
        t.say_with("level-evaluation", &args)
    });
    let as_of = view.ledger.on(view.date).map_or(view.as_of, |evening| evening.as_of);
    let assessed_key = if view.is_as_made { "level-assessed" } else { "level-assessed-now" };
    LevelPanel {
        t,
        chip: Chip::recommended((made.step, made.mode), policy, t),
        in_force: Chip::of(made.in_force.step, policy, t),
        since: words.in_force.1.unwrap_or_default(),
        recommendation: words.recommendation,
        headline: words.headline,
        decided: decided.join(" "),
        evaluation,
        line: in_force_line(context.journey(), &view.journal, view.date, t),
        is_wall: context.is_wall,
        has_journal: !view.journal.entries().is_empty(),
        may_decide: may_decide(context),
        brief: (!context.is_wall && context.visit.may_pass(Rule::May(Permission::ReadCity)))
            .then(|| context.visit.to("/brief")),
        scale: scale(context),
        reasons: reasons(context),
        caps: caps(context),
        assessed: t.say_with(
            assessed_key,
            &[("date", &date_long(made.date, t.locale)), ("as_of", &moment(as_of, zone, t.locale))],
        ),
        policy: policy_name(policy, t),
    }
}

/// Whether the reader may record a decision here: whoever signed in for it, on the page of now.
fn may_decide(context: Context<'_>) -> bool {
    let is_person = matches!(context.visit.guest.visitor, Visitor::Account { .. });
    is_person && !context.visit.is_past() && context.visit.may_pass(Rule::May(Permission::Decide))
}

/// The steps from normal to all at home, in few letters: between the ends the share at the office.
fn scale(context: Context<'_>) -> Vec<Rung> {
    let made = &context.view.assessment;
    let is_current = |step| made.mode != Mode::NotAssessable && made.step == step;
    Step::all()
        .map(|step| Rung {
            word: short(step, context.journey().policy(), context.t),
            is_current: is_current(step),
        })
        .collect()
}

fn short(step: Step, policy: &Policy, t: Phrases) -> String {
    let definition = policy.step(step);
    let name = t.locale.of(&definition.name);
    match Mode::of(step) {
        Mode::Partial => format!("{}%", definition.caps.non_service),
        _ => name.split(' ').next().unwrap_or(name).to_owned(),
    }
}

fn reasons(context: Context<'_>) -> Vec<Reason> {
    let (made, t, policy) = (&context.view.assessment, context.t, context.journey().policy());
    let reason = |report| {
        let line = rule_line(report, policy, t);
        Reason {
            is_deciding: made.deciding_rule.as_ref() == Some(&line.id),
            chip: line.step.map(|step| Chip::of(step, policy, t)),
            remark: if line.step.is_some() { line.note } else { line.says },
            id: line.id,
            title: line.title,
            value: line.value,
            threshold: line.threshold,
        }
    };
    let mut reasons: Vec<(Option<Step>, Reason)> =
        made.rules.iter().map(|report| (report.step, reason(report))).collect();
    // The deciding rule first, then by what is called for; the file's order within.
    reasons.sort_by_key(|(step, reason)| (!reason.is_deciding, std::cmp::Reverse(*step)));
    reasons.into_iter().map(|(_, reason)| reason).collect()
}

fn caps(context: Context<'_>) -> Vec<(String, String)> {
    let (caps, t) = (context.view.assessment.caps, context.t);
    vec![
        (t.say("category-N"), cap(caps.non_service, t)),
        (t.say("category-E"), cap(caps.essential, t)),
        (t.say("category-K-field"), cap(caps.critical, t)),
        (t.say("category-K-desk"), cap(caps.critical_desk, t)),
    ]
}
