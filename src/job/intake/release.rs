//! A person's word on a held batch: let it in, or refuse it. Either takes a reason, and stands in the audit log.

use anyhow::{Context, bail};

use super::held::HeldDiff;
use super::take_in::{How, IngestReport, take_in};
use super::upload::{payload, spec_of};
use crate::account::Visitor;
use crate::audit::{Action, Entry};
use crate::job::Journey;
use crate::store::{Hold, HoldDecision, HoldState};

/// Characters of a reason, at least and at most.
pub const REASON_LENGTH: std::ops::RangeInclusive<usize> = 5..=1000;

/// Lets a held batch in: its payload is read again from the archive and judged row by row against what is known now;
/// running totals may fall in it.
///
/// # Errors
/// When it is no longer held, the reason is too short or too long, or the store does not answer.
pub async fn release(
    journey: &Journey,
    run_id: &str,
    reason: &str,
    (visitor, address): (&Visitor, &str),
) -> anyhow::Result<IngestReport> {
    let reason = checked(reason)?;
    let hold = open(journey, run_id).await?;
    let spec = spec_of(journey, &hold.source)?;
    let run = journey.store.run(run_id).await?.with_context(|| format!("there is no run {run_id}"))?;
    let archived = journey.store.archived(&hold.source, &run.payload).await?;
    let archived = archived.with_context(|| format!("the payload of {run_id} is not in the archive"))?;
    let payload = payload(archived);
    let decision = decision(journey, &hold, HoldState::Released, (reason, visitor));
    // What was told by hand when it came is told again.
    let kept: HeldDiff = serde_json::from_str(&hold.diff).context("read what is held")?;
    let told = kept.told(journey.city.zone)?;
    let how = How { received_at: Some(run.started_at), decision: Some(&decision), ..How::told(&told) };
    let report = take_in(journey, spec, &payload, &how).await?;
    tell(journey, Action::BatchReleased, (&hold, reason), (visitor, address)).await?;
    journey.announce().await?;
    Ok(report)
}

/// Refuses a held batch: the last good figures stay, and the same payload is not asked about again.
///
/// # Errors
/// As [`release`].
pub async fn refuse(
    journey: &Journey,
    run_id: &str,
    reason: &str,
    (visitor, address): (&Visitor, &str),
) -> anyhow::Result<()> {
    let reason = checked(reason)?;
    let hold = open(journey, run_id).await?;
    let decision = decision(journey, &hold, HoldState::Refused, (reason, visitor));
    if !journey.store.decide_hold(&decision).await? {
        bail!("{run_id} is decided already");
    }
    tell(journey, Action::BatchRefused, (&hold, reason), (visitor, address)).await?;
    journey.announce().await
}

fn checked(reason: &str) -> anyhow::Result<&str> {
    let reason = reason.trim();
    if !REASON_LENGTH.contains(&reason.chars().count()) || reason.chars().any(char::is_control) {
        bail!(
            "write a reason of {} to {} characters on one line: it is kept beside the figures",
            REASON_LENGTH.start(),
            REASON_LENGTH.end()
        );
    }
    Ok(reason)
}

async fn open(journey: &Journey, run_id: &str) -> anyhow::Result<Hold> {
    match journey.store.hold(run_id).await? {
        None => bail!("{run_id} is not held: `siaga runs list --outcome held` names those that are"),
        Some(hold) if hold.state != HoldState::Open => {
            bail!("{run_id} is no longer held: it is {}", hold.state.as_str())
        }
        Some(hold) => Ok(hold),
    }
}

fn decision<'a>(
    journey: &Journey,
    hold: &'a Hold,
    state: HoldState,
    (reason, visitor): (&'a str, &'a Visitor),
) -> HoldDecision<'a> {
    HoldDecision {
        run_id: &hold.run_id,
        state,
        by: visitor.name(),
        role: visitor.role(),
        at: journey.clock.now(),
        reason,
        next_run: "",
    }
}

async fn tell(
    journey: &Journey,
    action: Action,
    (hold, reason): (&Hold, &str),
    (visitor, address): (&Visitor, &str),
) -> anyhow::Result<()> {
    let entry = Entry::new(journey.clock.now(), (visitor.name(), visitor.role()), action, &hold.run_id)
        .detail(reason)
        .address(address);
    Ok(journey.store.record(&entry).await?)
}
