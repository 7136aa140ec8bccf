//! What two policies say differently: their ladders, how they move, their rules, thing by thing.

use super::rule::{Rule, RuleKind};
use super::{Combination, Policy, Settles};

/// One thing that two policies say differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The thing: `rule R1, step 2, enter`.
    pub what: String,
    /// What the first says of it; `None` if nothing.
    pub first: Option<String>,
    /// What the second says of it.
    pub second: Option<String>,
}

impl Policy {
    /// What another policy says differently, in the order of this one; what only the other says comes last.
    #[must_use]
    pub fn differences(&self, other: &Self) -> Vec<Difference> {
        let (own, others) = (facts(self), facts(other));
        let find = |facts: &[Fact], what: &str| {
            facts.iter().find(|(known, _)| known == what).map(|(_, said)| said.clone())
        };
        let mut differences: Vec<Difference> = Vec::new();
        for (what, said) in &own {
            let second = find(&others, what);
            if second.as_ref() != Some(said) {
                differences.push(Difference { what: what.clone(), first: Some(said.clone()), second });
            }
        }
        let only_other = others.into_iter().filter(|(what, _)| find(&own, what).is_none());
        differences.extend(only_other.map(|(what, said)| Difference {
            what,
            first: None,
            second: Some(said),
        }));
        differences
    }
}

type Fact = (String, String);

/// Everything a policy says, thing by thing. Titles and sources are no rules.
fn facts(policy: &Policy) -> Vec<Fact> {
    let mut facts: Vec<Fact> = Vec::new();
    let mut say = |what: String, said: String| facts.push((what, said));
    for step in &policy.steps {
        let caps = step.caps;
        say(format!("step {}, level", step.step), step.level.clone());
        say(
            format!("step {}, at the office at most", step.step),
            format!(
                "non-service {}%, essential {}%, critical {}% (desks {}%)",
                caps.non_service, caps.essential, caps.critical, caps.critical_desk
            ),
        );
    }
    if let Some(unknown) = &policy.unknown {
        say("unknown, level".to_owned(), unknown.level.clone());
    }
    let movement = format!("{:#?}", policy.movement);
    for line in movement.lines().skip(1) {
        if let Some((key, value)) = line.trim().trim_end_matches(',').split_once(": ") {
            say(format!("movement, {key}"), value.to_owned());
        }
    }
    for rule in &policy.rules {
        rule_facts(rule, &mut say);
    }
    say("combination".to_owned(), combined(policy));
    facts
}

fn rule_facts(rule: &Rule, say: &mut impl FnMut(String, String)) {
    let id = &rule.id;
    let reach = rule.reach;
    say(
        format!("rule {id}, reads"),
        format!(
            "up to {} days old, {} days earlier, {:?}; if missing: {:?}",
            reach.max_age_days, reach.lag_days, reach.carry, rule.if_missing
        ),
    );
    if rule.valid_from.is_some() || rule.valid_to.is_some() {
        let day = |day: Option<chrono::NaiveDate>| day.map_or_else(|| "…".to_owned(), |day| day.to_string());
        say(format!("rule {id}, valid"), format!("{} to {}", day(rule.valid_from), day(rule.valid_to)));
    }
    match &rule.kind {
        RuleKind::Order => say(format!("rule {id}"), "orders of the centre".to_owned()),
        RuleKind::Dated(step) => say(format!("rule {id}"), format!("step {step} while it is valid")),
        RuleKind::Above { rule: other, at_least, at_most, enter, leave } => {
            say(format!("rule {id}"), format!("one step above {other}, {at_least} to {at_most}"));
            say(format!("rule {id}, enter"), enter.to_string());
            say(format!("rule {id}, leave"), leave.to_string());
        }
        RuleKind::Steps(steps) => {
            for step in steps {
                say(format!("rule {id}, step {}, enter", step.step), step.enter.to_string());
                say(format!("rule {id}, step {}, leave", step.step), step.leave.to_string());
            }
        }
    }
}

fn combined(policy: &Policy) -> String {
    let Combination::Table(rows) = &policy.combination else {
        return "the highest of the rules".to_owned();
    };
    let id = |rule: &usize| policy.rules[*rule].id.clone();
    let row = |row: &super::CombinationRow| {
        let when: Vec<String> =
            row.when.iter().map(|(rule, words)| format!("{} {}", id(rule), words.join("|"))).collect();
        let then = match &row.then {
            Settles::Step(step) => policy.step(*step).level.clone(),
            Settles::Unknown => policy.unknown_word().to_owned(),
            Settles::HighestOf(rules) => {
                format!("highest of {}", rules.iter().map(id).collect::<Vec<_>>().join(", "))
            }
        };
        format!("{}: {then}", if when.is_empty() { "else".to_owned() } else { when.join(" and ") })
    };
    rows.iter().map(row).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: &str = include_str!("../../../data/policy/kota-bogor.toml");

    #[test]
    fn a_policy_does_not_differ_from_itself() {
        let policy = Policy::parse(SHIPPED).unwrap();
        assert_eq!(policy.differences(&policy), []);
    }

    #[test]
    fn a_moved_threshold_a_dropped_rule_and_a_longer_stay_are_told() {
        let policy = Policy::parse(SHIPPED).unwrap();
        let text = SHIPPED
            .replace(
                "enter = { indicator = \"incidence_7d_per_100k\", at_least = 50 }",
                "enter = { indicator = \"incidence_7d_per_100k\", at_least = 60 }",
            )
            .replace("minimum_stay_days = 7", "minimum_stay_days = 14");
        let mut other = Policy::parse(&text).unwrap();
        other.rules.retain(|rule| rule.id != "R8");
        let told = policy.differences(&other);
        let of = |what: &str| told.iter().find(|difference| difference.what == what).unwrap();
        let enter = of("rule R1, step 3, enter");
        assert_eq!(enter.first.as_deref(), Some("incidence_7d_per_100k ≥ 50"));
        assert_eq!(enter.second.as_deref(), Some("incidence_7d_per_100k ≥ 60"));
        assert_eq!(of("movement, minimum_stay_days").second.as_deref(), Some("14"));
        assert!(of("rule R8, step 1, enter").second.is_none());
    }
}
