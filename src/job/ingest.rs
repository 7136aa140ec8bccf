//! One pull of one source: fetch, then the way that every payload takes ([`take_in`]).

use anyhow::Context;

use super::Journey;
use super::take_in::{How, IngestReport, empty, save, take_in};
use crate::source::{Fetched, Payload, SourceSpec, Validators};
use crate::store::{Outcome, Pull, Run, SourceState};

/// Pulls every source that has an address; one that fails does not stop the others.
///
/// # Errors
/// When the store does not answer.
pub async fn ingest_all(journey: &Journey) -> anyhow::Result<Vec<IngestReport>> {
    let mut reports = Vec::new();
    for spec in journey.sources.iter().filter(|spec| spec.address.is_some()) {
        reports.push(ingest_source(journey, spec, false).await?);
    }
    journey.announce().await?;
    Ok(reports)
}

/// Pulls one source; a dry run keeps nothing.
///
/// # Errors
/// When the store does not answer. A source that fails is a report, not an error.
pub async fn ingest_source(
    journey: &Journey,
    spec: &SourceSpec,
    is_dry: bool,
) -> anyhow::Result<IngestReport> {
    let now = journey.clock.now();
    let address =
        spec.address.as_deref().with_context(|| format!("the source {} has no address", spec.id))?;
    let state = journey.store.source_state(&spec.id).await?;
    let known = Validators { etag: state.etag.clone(), last_modified: state.last_modified.clone() };
    let (report, state) = match journey.fetcher.fetch(address, &known).await {
        Ok(Fetched::NotModified) => {
            (empty(spec, now, Outcome::Unchanged, ""), SourceState { failure: String::new(), ..state })
        }
        Ok(Fetched::Payload(payload)) => {
            let report = ingest_payload(journey, spec, &payload, is_dry).await?;
            let state = told_by(&report.run, payload.validators, state);
            (report, state)
        }
        Err(error) => {
            let message = error.to_string();
            tracing::warn!(source.id = %spec.id, error = %message, "a source gave nothing");
            (empty(spec, now, Outcome::Failed, &message), SourceState { failure: message, ..state })
        }
    };
    if !is_dry {
        if report.run.payload.is_empty() {
            let pull = Pull { run: &report.run, rejections: &[], accepted: &[], hold: None, decision: None };
            save(journey, &pull).await?;
        }
        // After the run: cut off in between, the next pull asks again instead of being told "not modified".
        let state = SourceState { checked_at: Some(now), ..state };
        journey.store.save_source_state(&spec.id, &state).await?;
    }
    Ok(report)
}

/// What is remembered of a source after a payload. One that could not be read is asked for again: its validators
/// are not kept.
fn told_by(run: &Run, validators: Validators, before: SourceState) -> SourceState {
    if run.outcome == Outcome::Failed {
        return SourceState { failure: run.message.clone(), ..before };
    }
    let is_new = run.outcome == Outcome::Changed;
    SourceState {
        etag: validators.etag,
        last_modified: validators.last_modified,
        changed_at: if is_new { Some(run.started_at) } else { before.changed_at },
        failure: String::new(),
        ..before
    }
}

/// Takes in one payload that came now.
///
/// # Errors
/// As [`take_in`].
pub async fn ingest_payload(
    journey: &Journey,
    spec: &SourceSpec,
    payload: &Payload,
    is_dry: bool,
) -> anyhow::Result<IngestReport> {
    take_in(journey, spec, payload, &How { is_dry, ..How::default() }).await
}
