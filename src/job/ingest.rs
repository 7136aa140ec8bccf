//! One pull of one source: fetch → archive → parse → validate → save. Files and uploads take the same way from
//! the archive on.

use std::collections::BTreeSet;

use anyhow::Context;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::Journey;
use crate::epi::Vintage;
use crate::observation::{Believing, History, Observation, Rejection, SeriesKey, Validated, validate};
use crate::source::{Fetched, Parsed, Payload, SourceError, SourceSpec, Validators, parse};
use crate::store::{Outcome, Run, RunRejection, SourceState};

/// What became of a pull.
#[derive(Debug, Clone)]
pub struct IngestReport {
    /// The run as kept.
    pub run: Run,
    /// What was refused.
    pub rejections: Vec<RunRejection>,
    /// What was accepted.
    pub accepted: Vec<Observation>,
}

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
            journey.store.save_run(&report.run, &[], &[]).await?;
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

/// Takes in one payload: archives it, then believes what can be believed and saves it, all or nothing.
///
/// # Errors
/// When the store does not answer. A payload that cannot be read is a report, not an error.
pub async fn ingest_payload(
    journey: &Journey,
    spec: &SourceSpec,
    payload: &Payload,
    is_dry: bool,
) -> anyhow::Result<IngestReport> {
    let now = journey.clock.now();
    if !is_dry {
        let about = (payload.address.as_str(), payload.content_type.as_str());
        let body = STANDARD.encode(&payload.body);
        journey.store.archive((&spec.id, &payload.sha256), now, about, &body).await?;
    }
    let mut report = match parse(&payload.body, spec, now, journey.city.zone) {
        Err(error @ SourceError::Unreadable { .. }) => empty(spec, now, Outcome::Failed, &error.to_string()),
        Err(error) => return Err(error.into()),
        Ok(parsed) => {
            let series: BTreeSet<SeriesKey> =
                parsed.rows.iter().map(|raw| SeriesKey::of(&raw.observation)).collect();
            let mut history = journey.store.history(&series).await?;
            let received = parsed.received();
            let validated = believe(spec, parsed, &mut history, (now, journey.city.zone));
            report(spec, now, received, validated)
        }
    };
    report.run.payload.clone_from(&payload.sha256);
    // Two files of one source may come in the same moment.
    report.run.id = format!("{}-{}", report.run.id, payload.sha256.get(..8).unwrap_or_default());
    if !is_dry {
        journey.store.save_run(&report.run, &report.rejections, &report.accepted).await?;
    }
    tracing::info!(
        source.id = %spec.id,
        rows.accepted = report.run.accepted,
        rows.rejected = report.run.rejected,
        "ingested"
    );
    Ok(report)
}

/// Holds parsed rows against the checks; rows the parser refused are refused here too.
#[must_use]
pub fn believe(
    spec: &SourceSpec,
    parsed: Parsed,
    history: &mut History,
    (received_at, zone): (Vintage, chrono_tz::Tz),
) -> Validated {
    let believing = Believing { received_at, zone, locations: &spec.locations };
    let mut validated = validate(parsed.rows, history, &believing);
    validated.rejected.extend(parsed.rejected);
    validated.rejected.sort_by_key(|rejection| rejection.row);
    validated
}

fn report(spec: &SourceSpec, now: Vintage, received: usize, validated: Validated) -> IngestReport {
    let count = |length: usize| u64::try_from(length).unwrap_or(u64::MAX);
    let outcome = if validated.accepted.is_empty() { Outcome::Unchanged } else { Outcome::Changed };
    let mut report = empty(spec, now, outcome, "");
    report.run.received = count(received);
    report.run.accepted = count(validated.accepted.len());
    report.run.unchanged = validated.unchanged;
    report.run.rejected = count(validated.rejected.len());
    report.rejections = validated.rejected.into_iter().map(kept).collect();
    report.accepted = validated.accepted;
    report
}

fn kept(rejection: Rejection) -> RunRejection {
    RunRejection {
        line: rejection.row,
        column: rejection.column,
        reason: rejection.reason.code().to_owned(),
        detail: rejection.detail,
    }
}

fn empty(spec: &SourceSpec, now: Vintage, outcome: Outcome, message: &str) -> IngestReport {
    IngestReport {
        run: Run {
            id: format!("{}@{}", spec.id, now.millis()),
            source: spec.id.clone(),
            started_at: now,
            finished_at: now,
            outcome,
            received: 0,
            accepted: 0,
            unchanged: 0,
            rejected: 0,
            payload: String::new(),
            message: message.to_owned(),
        },
        rejections: Vec::new(),
        accepted: Vec::new(),
    }
}
