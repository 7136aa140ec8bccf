//! The level, computed in one place: rules, memory, higher orders, and why.

use chrono::{Duration, NaiveDate};

use super::case::Case;
use super::condition::usable;
use super::distance::{leave_held, would_change};
use super::finding::{Finding, FindingStatus, findings};
use super::level::{Mode, Step};
use super::order::Order;
use super::policy::{Policy, RuleKind};
use super::report::{Assessment, Ceiling, InForce, IndicatorReport, PolicyId, RuleReport, Verdict};
use super::standing::Standing;
use crate::epi::{Estimate, IndicatorKind, Missing, next_working_day};
use crate::indicator::IndicatorTable;

/// How long a printed zone is carried: it is published weekly.
const ZONE_MAX_AGE_DAYS: u32 = 14;

/// What the city's own rules call for, before higher orders.
struct Own {
    verdict: Verdict,
    standing: Standing,
}

/// Everything a report is made of.
struct Weighed<'a> {
    order: Option<&'a Order>,
    forced: Option<Step>,
    findings: Vec<Finding>,
    before: Option<Standing>,
    own: Own,
    step: Step,
    verdict: Verdict,
}

/// Assesses one day, given what stands; returns the assessment and what stands after it.
#[must_use]
pub fn assess(case: Case<'_>, date: NaiveDate, standing: Option<&Standing>) -> (Assessment, Standing) {
    let weighed = weigh(case, date, standing);
    (report(case, date, &weighed), weighed.own.standing)
}

/// What stands after a day: all that the days before one need to leave behind.
#[must_use]
pub(super) fn standing_after(case: Case<'_>, date: NaiveDate, standing: Option<&Standing>) -> Standing {
    weigh(case, date, standing).own.standing
}

fn weigh<'a>(case: Case<'a>, date: NaiveDate, standing: Option<&Standing>) -> Weighed<'a> {
    let Case { policy, table, orders, lineage } = case;
    let zone = table.carried(IndicatorKind::Zone, date, ZONE_MAX_AGE_DAYS).value();
    let order = orders.in_force(lineage, date, zone);
    let forced = order.and_then(|order| order.step(policy));
    let findings = findings(policy, table, date, order);
    let before = standing.map(|standing| standing.on(date));
    let own = own_verdict(case, &findings, date, before.as_ref());
    let target = own.standing.target();
    let is_superseded = forced.is_some_and(|forced| forced >= target);
    Weighed {
        step: target.max(forced.unwrap_or(Step::NORMAL)),
        verdict: if is_superseded { Verdict::Superseded } else { own.verdict },
        order,
        forced,
        findings,
        before,
        own,
    }
}

fn report(case: Case<'_>, date: NaiveDate, weighed: &Weighed<'_>) -> Assessment {
    let Case { policy, table, .. } = case;
    let Weighed { order, forced, findings, before, own, step, verdict } = weighed;
    let (step, verdict) = (*step, *verdict);
    let assessable = Some(step).filter(|_| verdict != Verdict::NotAssessable);
    let (level, mode) = match assessable {
        Some(step) => (policy.step(step).level.clone(), Mode::of(step)),
        None => ("not_assessable".to_owned(), Mode::NotAssessable),
    };
    let is_restricted = step > Step::NORMAL;
    let rules = policy.rules.iter().zip(findings);
    Assessment {
        date,
        as_of: None,
        location: table.location.to_string(),
        policy: PolicyId { id: policy.id.clone(), version: policy.version.clone() },
        level,
        step,
        mode,
        verdict,
        own_verdict: own.verdict,
        deciding_rule: assessable.and_then(|step| deciding_rule(case, findings, date, &own.standing, step)),
        in_force: in_force(before.as_ref(), *order, *forced),
        effective_from: (is_restricted || own.standing.next.is_some()).then(|| own.standing.target_since()),
        evaluation_date: is_restricted.then(|| evaluation_date(policy, &own.standing)),
        rules: rules.map(|(rule, finding)| rule_report(rule.indicator, finding)).collect(),
        indicators: indicator_reports(case, date),
        would_change: would_change(case, findings, date, step),
        caps: policy.step(step).caps,
        ceiling: order.and_then(ceiling),
        open_doubts: open_doubts(policy, table, date),
    }
}

fn own_verdict(case: Case<'_>, findings: &[Finding], date: NaiveDate, before: Option<&Standing>) -> Own {
    let Case { policy, table, .. } = case;
    let orders: Vec<&str> = order_rules(policy);
    let own: Vec<&Finding> = findings.iter().filter(|f| !orders.contains(&f.rule.as_str())).collect();
    let called = own.iter().filter_map(|f| f.step).max().unwrap_or(Step::NORMAL);
    let current = before.cloned().unwrap_or_else(|| Standing::new(Step::NORMAL, date));
    let target = current.target();
    let support = |step: Step| {
        let calls = own.iter().filter(move |f| f.step.is_some_and(|s| s >= step));
        calls.map(|f| f.rule.clone())
    };
    if called > target {
        let standing = raised(&current, called, date, support(called).collect());
        return Own { verdict: Verdict::Raise, standing };
    }
    let mut kept = current.clone();
    kept.support.extend(support(target));
    let movement = &policy.movement;
    let primary = usable(table, movement.primary, date, movement.primary_max_age_days);
    let keeps = if matches!(primary, Estimate::Missing(_)) {
        Some(Verdict::NotAssessable)
    } else if current.next.is_some() {
        // Called for earlier and not in effect yet: said again, not "hold".
        Some(move_between(current.step, target))
    } else if target == Step::NORMAL || date < evaluation_date(policy, &current) {
        Some(Verdict::Hold)
    } else if !may_step_down(case, called, &kept, date) {
        Some(Verdict::Extend)
    } else {
        None
    };
    if let Some(verdict) = keeps {
        return Own { verdict, standing: kept };
    }
    let lower = target.down();
    let next = Some((lower, next_working_day(date)));
    let standing = Standing { next, support: support(lower).collect(), ..current };
    Own { verdict: move_between(target, lower), standing }
}

fn move_between(from: Step, to: Step) -> Verdict {
    match to {
        _ if to > from => Verdict::Raise,
        Step::NORMAL => Verdict::End,
        _ => Verdict::StepDown,
    }
}

/// A raise takes effect on the next working day, any number of steps at once.
fn raised(
    current: &Standing,
    to: Step,
    date: NaiveDate,
    support: std::collections::BTreeSet<String>,
) -> Standing {
    if to == current.step {
        // A step down that was about to take effect is called off.
        return Standing { next: None, support, ..current.clone() };
    }
    Standing { next: Some((to, next_working_day(date))), support, ..current.clone() }
}

fn order_rules(policy: &Policy) -> Vec<&str> {
    let is_order = |kind: &RuleKind| matches!(kind, RuleKind::Order);
    policy.rules.iter().filter(|rule| is_order(&rule.kind)).map(|rule| rule.id.as_str()).collect()
}

/// The last day of the minimum stay: from then on the step may be lowered or is to be extended.
fn evaluation_date(policy: &Policy, standing: &Standing) -> NaiveDate {
    standing.target_since() + Duration::days(i64::from(policy.movement.minimum_stay_days) - 1)
}

fn may_step_down(case: Case<'_>, called: Step, standing: &Standing, date: NaiveDate) -> bool {
    let Case { policy, table, .. } = case;
    let (movement, target) = (&policy.movement, standing.target());
    let growth = usable(table, IndicatorKind::GrowthRatio, date, movement.primary_max_age_days);
    let is_growing = growth.at_most().is_none_or(|growth| growth >= movement.leave_growth_below);
    called < target
        && !(target >= movement.leave_growth_from_step && is_growing)
        && open_doubts(policy, table, date).is_empty()
        && policy
            .rules
            .iter()
            .all(|rule| leave_held(case, rule, target, date).lets_go(movement, standing, &rule.id))
}

fn open_doubts(policy: &Policy, table: &IndicatorTable, date: NaiveDate) -> Vec<NaiveDate> {
    let from = date - Duration::days(i64::from(policy.movement.leave_days) - 1);
    table.flags.iter().map(|flag| flag.date).filter(|day| (from..=date).contains(day)).collect()
}

/// The first rule of the file that calls for the step, else the first that has not let go of it.
fn deciding_rule(
    case: Case<'_>,
    findings: &[Finding],
    date: NaiveDate,
    standing: &Standing,
    step: Step,
) -> Option<String> {
    if step == Step::NORMAL {
        return None;
    }
    let calls = findings.iter().find(|f| f.step.is_some_and(|called| called >= step));
    let holds = || {
        let movement = &case.policy.movement;
        let mut rules = case.policy.rules.iter();
        rules.find(|rule| !leave_held(case, rule, step, date).lets_go(movement, standing, &rule.id))
    };
    calls.map(|finding| finding.rule.clone()).or_else(|| holds().map(|rule| rule.id.clone()))
}

fn in_force(before: Option<&Standing>, order: Option<&Order>, forced: Option<Step>) -> InForce {
    let own = before.map_or(InForce { step: Step::NORMAL, since: None }, |standing| InForce {
        step: standing.step,
        since: Some(standing.since),
    });
    match (forced, order) {
        (Some(step), Some(order)) if step > own.step => InForce { step, since: Some(order.valid_from) },
        _ => own,
    }
}

fn ceiling(order: &Order) -> Option<Ceiling> {
    Some(Ceiling { pct: order.wfo_non_service_pct?, source: order.instrument.clone() })
}

fn rule_report(indicator: Option<IndicatorKind>, finding: &Finding) -> RuleReport {
    RuleReport {
        id: finding.rule.clone(),
        indicator,
        value: finding.estimate.value(),
        lower: finding.estimate.lower(),
        upper: finding.estimate.upper(),
        enter: finding.enter,
        leave: finding.leave,
        step: finding.step,
        status: finding.status,
        reason: match finding.status {
            FindingStatus::NotAssessed => finding.missing.map(|(_, reason)| reason),
            _ => finding.estimate.reason().filter(|reason| *reason == Missing::UnknownStart),
        },
        date: finding.estimate.date(),
    }
}

fn indicator_reports(case: Case<'_>, date: NaiveDate) -> std::collections::BTreeMap<String, IndicatorReport> {
    IndicatorKind::ALL
        .iter()
        .map(|kind| (kind.name().to_owned(), IndicatorReport::from(&case.table.at(*kind, date))))
        .collect()
}
