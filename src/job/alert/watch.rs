//! One evaluation of all alert rules: after each assessment, and on the hour for what only time brings.

use std::collections::BTreeSet;

use anyhow::Context;
use chrono::Datelike;

use super::answer::{acknowledged, held_silences};
use super::figures::figures_of;
use super::release::release;
use super::rows::saved_evaluation;
use super::sight::{held, workforce};
use crate::alert::{Answered, Evaluation, Memory, Moment, Sight, evaluate};
use crate::epi::Vintage;
use crate::job::Journey;
use crate::job::decision::{decision_clock, journal};
use crate::job::freshness::watched;
use crate::store::SavedAssessment;

/// Holds the rules against what there is to see now, remembers it, and puts what is due into messages. Returns how many things
/// happened that people are told of. Before the first assessment there is nothing to hold them against.
///
/// # Errors
/// When the store does not answer; nothing is saved then.
pub async fn watch(journey: &Journey) -> anyhow::Result<usize> {
    let at = journey.clock.now();
    let mut told = 0;
    if let Some(last) = journey.store.last_assessment(&journey.city.location, Some(at)).await? {
        told = judge(journey, &last, at).await?;
    }
    release(journey).await?;
    Ok(told)
}

/// Whether there is an assessment that the alert rules have not been held against.
///
/// # Errors
/// When the store does not answer.
pub async fn is_behind(journey: &Journey) -> anyhow::Result<bool> {
    let location = &journey.city.location;
    let Some(last) = journey.store.last_assessment(location, None).await? else { return Ok(false) };
    let seen = journey.store.alert_memory(location).await?;
    Ok(seen.is_none_or(|(as_of, _)| as_of < last.as_of))
}

async fn judge(journey: &Journey, last: &SavedAssessment, at: Vintage) -> anyhow::Result<usize> {
    let Some(memory) = remembered(journey, last, at).await? else { return Ok(0) };
    let evaluation = evaluated(journey, (last, at), memory).await?;
    let happened: BTreeSet<&str> = evaluation
        .happenings
        .iter()
        .filter(|one| one.kept.is_none())
        .map(|one| one.alert.alert_rule.as_str())
        .collect();
    let told = evaluation.happenings.iter().filter(|one| one.kept.is_none()).count();
    let saved = saved_evaluation(journey, (last, at), &evaluation)?;
    let is_new = journey.store.save_evaluation(&saved).await?;
    if is_new {
        let alerts = evaluation.happenings.iter().filter(|one| one.is_new).map(|one| &one.alert);
        journey.tally.evaluated(alerts.map(|alert| (alert.alert_rule.as_str(), alert.event.as_str())));
    }
    tracing::info!(evaluation.id = %saved.id, told, rules = ?happened, notices = saved.notices.len(), is_new, "alert rules evaluated");
    if is_new && !saved.alerts.is_empty() {
        journey.announce().await?;
    }
    Ok(if is_new { told } else { 0 })
}

/// What an evaluation at a moment would give; nothing is kept. `None` before the first assessment.
pub(super) async fn would(journey: &Journey, at: Vintage) -> anyhow::Result<Option<Evaluation>> {
    let location = &journey.city.location;
    let Some(last) = journey.store.last_assessment(location, Some(at)).await? else { return Ok(None) };
    let kept = journey.store.alert_memory(location).await?.map(|(_, json)| json);
    let memory = memory(kept.as_deref(), &last)?;
    evaluated(journey, (&last, at), memory).await.map(Some)
}

/// Holds the rules against what there is to see.
async fn evaluated(
    journey: &Journey,
    (last, at): (&SavedAssessment, Vintage),
    mut memory: Memory,
) -> anyhow::Result<Evaluation> {
    if memory.figures.as_ref().is_none_or(|figures| figures.assessment_id != last.id) {
        memory.figures = Some(figures_of(journey, last).await?);
    }
    let (zone, rules) = (journey.city.zone, &journey.alerting.rules);
    let today = at.local_date(zone);
    let book = journal(&journey.viewing(), Some(at)).await?;
    let workforce = workforce(journey, at).await?;
    let (findings, open_turns) = workforce.map(|seen| (seen.findings, seen.open_turns)).unzip();
    let figures = memory.figures.clone();
    let sight = Sight {
        today,
        assessment: Some(&last.assessment),
        figures: figures.as_ref(),
        sources: Some(watched(journey, at).await?),
        held: Some(held(journey).await?),
        clock: decision_clock(journey, &book, today, Some(&last.assessment)),
        findings,
        open_turns,
    };
    let silences = held_silences(journey, at).await?;
    let answered = Answered { silences: &silences, acknowledged: acknowledged(journey).await? };
    let local = at.moment().with_timezone(&zone);
    let now = Moment { at: at.millis(), date: today, weekday: local.weekday(), time: local.time() };
    Ok(evaluate(rules, &memory, &|rule| sight.readings(rule), &answered, now))
}

/// What the rules remember; nothing where the moment was evaluated already.
async fn remembered(
    journey: &Journey,
    last: &SavedAssessment,
    at: Vintage,
) -> anyhow::Result<Option<Memory>> {
    match journey.store.alert_memory(&journey.city.location).await? {
        Some((seen, _)) if seen >= at => Ok(None),
        Some((_, json)) => memory(Some(&json), last).map(Some),
        None => memory(None, last).map(Some),
    }
}

fn memory(kept: Option<&str>, last: &SavedAssessment) -> anyhow::Result<Memory> {
    match kept {
        Some(json) => serde_json::from_str(json).context("read what alert rules remember"),
        // Before alert rules had a memory of their own it went with the recommendations.
        None => Memory::of_earlier(&last.memory, last.as_of.millis()).context("read what was told"),
    }
}
