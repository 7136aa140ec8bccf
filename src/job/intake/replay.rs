//! Reading the archive again: after a spec was mended, or a place was added to a list, payloads of the past are judged as
//! they would have been when they came.

use super::take_in::{How, IngestReport, take_in};
use super::upload::payload;
use crate::job::Journey;
use crate::source::SourceSpec;
use crate::store::Outcome;

/// Reads every archived payload of a source again, in the order in which they came. What is known already is unchanged;
/// what was refused or unreadable then, and is not now, becomes known since it came.
///
/// # Errors
/// When the store does not answer.
pub async fn replay_archive(
    journey: &Journey,
    spec: &SourceSpec,
    is_dry: bool,
) -> anyhow::Result<Vec<IngestReport>> {
    let mut reports = Vec::new();
    for (sha256, received_at) in journey.store.payloads(&spec.id).await? {
        let Some(archived) = journey.store.archived(&spec.id, &sha256).await? else {
            continue;
        };
        // One that a person refused stays refused.
        if journey.store.is_payload_refused(&spec.id, &sha256).await? {
            continue;
        }
        let before = journey.store.last_run(&spec.id, &Outcome::ALL, Some(&sha256)).await?;
        let told = before.map(|run| How::told_in(&run.spec)).unwrap_or_default();
        let how = How { is_dry, received_at: Some(received_at), is_again: true, ..How::told(&told) };
        reports.push(take_in(journey, spec, &payload(archived), &how).await?);
    }
    journey.announce().await?;
    Ok(reports)
}
