//! The level, computed in one place: rules, memory, higher orders, and why.

use chrono::NaiveDate;

use super::board::Board;
use super::case::Case;
use super::distance::would_change;
use super::finding::{Finding, FindingStatus, findings};
use super::level::{Mode, Step};
use super::memory::Memory;
use super::order::Order;
use super::report::{Assessment, Ceiling, InForce, IndicatorReport, PolicyId, RuleReport, Verdict};
use super::sensitivity::sensitivity;
use super::standing::Standing;
use super::weigh::Weighed;
use crate::epi::{IndicatorKind, Missing, Window};
use crate::indicator::IndicatorTable;

/// Assesses one day, given what stands; returns the assessment and what stands after it.
#[must_use]
pub fn assess(case: Case<'_>, date: NaiveDate, standing: Option<&Standing>) -> (Assessment, Standing) {
    let policy = case.policies.on(date);
    let board = Board::new(case, policy, Window { from: date, to: date });
    let memory = standing.map(|standing| Memory::of(standing, policy));
    let place = board.place(date);
    let weighed = board.weigh(place, memory.as_ref());
    let sensitivity = Some(sensitivity(case, policy, date, memory.as_ref()));
    let assessment = Assessment { sensitivity, ..reported(&board, place, &weighed) };
    (assessment, weighed.own.memory.standing(policy))
}

/// Everything that is told of a weighed day.
pub(super) fn reported(board: &Board<'_>, place: usize, weighed: &Weighed<'_>) -> Assessment {
    let (policy, table, date) = (board.policy, board.case.table, board.date(place));
    let findings = findings(board, place, weighed.forced);
    let Weighed { order, forced, before, own, step, verdict } = weighed;
    let (step, verdict) = (*step, *verdict);
    let is_told = verdict != Verdict::NotAssessable;
    let is_restricted = step > Step::NORMAL;
    let rules = policy.rules.iter().zip(&findings);
    Assessment {
        date,
        as_of: None,
        location: table.location.to_string(),
        policy: PolicyId { id: policy.id.clone(), version: policy.version.clone() },
        level: if is_told { policy.step(step).level.clone() } else { policy.unknown_word().to_owned() },
        step,
        mode: if is_told { Mode::of(step) } else { Mode::NotAssessable },
        verdict,
        own_verdict: own.verdict,
        deciding_rule: board
            .deciding_rule(place, weighed)
            .filter(|_| is_told)
            .map(|rule| policy.rules[rule].id.clone()),
        in_force: in_force(before.as_ref(), *order, *forced),
        effective_from: (is_restricted || own.memory.next.is_some()).then(|| own.memory.target_since()),
        evaluation_date: is_restricted.then(|| board.evaluation_date(&own.memory)),
        rules: rules.map(|(rule, finding)| rule_report(rule.indicator, finding)).collect(),
        indicators: indicator_reports(table, date),
        would_change: would_change(board, place, weighed),
        caps: order.map_or(policy.step(step).caps, |order| order.capped(policy.step(step).caps)),
        ceiling: order.and_then(ceiling),
        open_doubts: board.open_doubts(date).collect(),
        sensitivity: None,
    }
}

fn in_force(before: Option<&Memory>, order: Option<&Order>, forced: Option<Step>) -> InForce {
    let own = before.map_or(InForce { step: Step::NORMAL, since: None }, |memory| InForce {
        step: memory.step,
        since: Some(memory.since),
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
        level: finding.word.clone(),
        status: finding.status,
        reason: match finding.status {
            FindingStatus::NotAssessed => finding.missing.map(|(_, reason)| reason),
            _ => finding.estimate.reason().filter(|reason| *reason == Missing::UnknownStart),
        },
        date: finding.estimate.date(),
    }
}

fn indicator_reports(
    table: &IndicatorTable,
    date: NaiveDate,
) -> std::collections::BTreeMap<String, IndicatorReport> {
    IndicatorKind::ALL
        .iter()
        .map(|kind| (kind.name().to_owned(), IndicatorReport::from(&table.at(*kind, date))))
        .collect()
}
