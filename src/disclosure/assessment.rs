//! An assessment as an audience may see it: the level stays; staff figures that the audience may not see go, and with
//! them what the rules on them call for.

use super::{Audience, is_about_staff};
use crate::assessment::{Assessment, FindingStatus, Policy, Requirement, Rule};
use crate::epi::{IndicatorKind, Missing};

/// Whether values of an indicator are shown to an audience as the rules saw them.
#[must_use]
pub fn is_shown(kind: IndicatorKind, audience: &Audience) -> bool {
    let is_of_units = kind == IndicatorKind::UnitClusters;
    !is_about_staff(kind) || if is_of_units { audience.threshold.is_none() } else { audience.sees_staff() }
}

/// Whether an audience is told what a rule calls for. A rule on staff figures that fires is an inequality about them:
/// only those who decide on them, and those who see them anyhow, are told.
#[must_use]
pub fn is_rule_shown(rule: &Rule, audience: &Audience) -> bool {
    audience.sees_staff() || !rule.indicators().into_iter().any(is_about_staff)
}

/// The assessment without what the audience may not see: values of staff figures, and what rules on them call for.
/// The level stays, and with it the rule that decides it.
#[must_use]
pub fn disclose_assessment(mut assessment: Assessment, policy: &Policy, audience: &Audience) -> Assessment {
    let is_of_policy = (&assessment.policy.id, &assessment.policy.version) == (&policy.id, &policy.version);
    let is_hidden = |id: &str, indicator: Option<IndicatorKind>| {
        match policy.rules.iter().find(|rule| rule.id == id).filter(|_| is_of_policy) {
            Some(rule) => !is_rule_shown(rule, audience),
            // A rule of another policy, or of another version, may be on anything: only what it names itself is known.
            None => !audience.sees_staff() && indicator.is_none_or(is_about_staff),
        }
    };
    for rule in &mut assessment.rules {
        let is_rule_hidden = is_hidden(&rule.id, rule.indicator);
        if is_rule_hidden || rule.indicator.is_some_and(|kind| !is_shown(kind, audience)) {
            let had_value = rule.value.or(rule.lower).or(rule.upper).is_some();
            (rule.value, rule.lower, rule.upper) = (None, None, None);
            rule.reason = if had_value || is_rule_hidden { Some(Missing::Withheld) } else { rule.reason };
        }
        if is_rule_hidden {
            (rule.status, rule.step) = (FindingStatus::NotAssessed, None);
            (rule.enter, rule.leave, rule.date) = (None, None, None);
        }
    }
    for (name, report) in &mut assessment.indicators {
        if name.parse().is_ok_and(|kind| !is_shown(kind, audience)) {
            let had_value = report.value.or(report.lower).or(report.upper).is_some();
            (report.value, report.lower, report.upper) = (None, None, None);
            report.reason = if had_value { Some(Missing::Withheld) } else { report.reason };
        }
    }
    // What the ends of intervals would call for may rest on staff figures.
    assessment.sensitivity = assessment.sensitivity.filter(|_| audience.sees_staff());
    assessment.would_change.retain(|change| {
        let others = change.conditions.iter().flat_map(Requirement::indicators);
        !others.chain([change.indicator]).any(|kind| is_hidden(&change.rule, Some(kind)))
    });
    for change in &mut assessment.would_change {
        if !is_shown(change.indicator, audience) {
            (change.value, change.lower, change.upper, change.cases_more) = (None, None, None, None);
        }
        for condition in &mut change.conditions {
            condition.withhold(&|kind| !is_shown(kind, audience));
        }
    }
    assessment
}
