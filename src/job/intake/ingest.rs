//! One pull of one source: fetch, then the way that every payload takes ([`take_in`]).

use anyhow::ensure;
use futures_util::{FutureExt, StreamExt, stream};
use tokio::sync::Mutex;
use tracing::Instrument;

use super::take_in::{How, IngestReport, empty, save, take_in};
use crate::job::Journey;
use crate::source::{Fetched, Payload, SourceSpec, Validators};
use crate::store::{Outcome, Run, SourceState};

/// Sources asked at once.
const AT_ONCE: usize = 4;

/// Pulls every source that has an address, several at once; one that fails does not stop the others. Reports are in the
/// order of the specs.
///
/// # Errors
/// When the store does not answer.
pub async fn ingest_all(journey: &Journey) -> anyhow::Result<Vec<IngestReport>> {
    let pulled = journey.sources.iter().filter(|spec| spec.is_pulled());
    let taking = Mutex::new(());
    let pull = |spec| pull(journey, spec, false, &taking).instrument(span(spec)).boxed();
    let pulls = pulled.map(pull).collect::<Vec<_>>();
    let pulls: Vec<anyhow::Result<IngestReport>> = stream::iter(pulls).buffered(AT_ONCE).collect().await;
    journey.announce().await?;
    pulls.into_iter().collect()
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
    pull(journey, spec, is_dry, &Mutex::new(())).instrument(span(spec)).await
}

/// Whatever is logged of a pull says whose it is.
fn span(spec: &SourceSpec) -> tracing::Span {
    tracing::error_span!("source", source.id = %spec.id)
}

/// Asks, then takes in what came. Asking waits for the world and goes on beside others; taking in does not, as two
/// sources may speak of the same series.
async fn pull(
    journey: &Journey,
    spec: &SourceSpec,
    is_dry: bool,
    taking: &Mutex<()>,
) -> anyhow::Result<IngestReport> {
    let now = journey.clock.now();
    ensure!(spec.is_pulled(), "the source {} has no address", spec.id);
    // One pull of a source at a time: what it said last is read and written in it.
    let _turn = journey.fetcher.turn(&spec.id).await;
    let state = journey.store.source_state(&spec.id).await?;
    let known = known(journey, spec, &state).await?;
    let fetched = journey.fetcher.fetch(&spec.request(), &known).await;
    let _alone = taking.lock().await;
    let (report, state) = match fetched {
        Ok(Fetched::NotModified) => {
            (empty(spec, now, Outcome::Unchanged, ""), SourceState { failure: String::new(), ..state })
        }
        Ok(Fetched::Payload(payload)) => {
            let report = ingest_payload(journey, spec, &payload, is_dry).await?;
            let state = told_by(&report.run, payload.validators, state);
            (report, state)
        }
        Err(error) => {
            tracing::warn!(source.id = %spec.id, error = %error, "a source gave nothing");
            let message = error.reason().to_keep();
            (empty(spec, now, Outcome::Failed, &message), SourceState { failure: message, ..state })
        }
    };
    if !is_dry {
        if report.run.payload.is_empty() {
            save(journey, &report.run).await?;
        }
        // After the run: cut off in between, the next pull asks again instead of being told "not modified".
        let state = SourceState { checked_at: Some(now), ..state };
        journey.store.save_source_state(&spec.id, &state).await?;
        journey.tally.pulled(&spec.id, report.run.outcome.as_str());
    }
    Ok(report)
}

/// What the publisher may be told is known already: nothing, unless its last payload is kept here and was read by the same
/// spec. One that was changed since asks for everything, to read it anew.
async fn known(journey: &Journey, spec: &SourceSpec, state: &SourceState) -> anyhow::Result<Validators> {
    let last = journey.store.last_read(&spec.id).await?;
    if last.is_none_or(|(fingerprint, is_kept)| !is_kept || fingerprint != How::default().fingerprint(spec)) {
        return Ok(Validators::default());
    }
    Ok(Validators { etag: state.etag.clone(), last_modified: state.last_modified.clone() })
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
