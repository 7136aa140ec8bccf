//! Figures that a person brings: a file dropped or figures typed, shown first with every check, then taken in.
//!
//! What is shown is archived; what is taken in is what was shown, by its hash. Sent twice, it is taken in once.

use anyhow::{Context, bail};
use chrono::NaiveDate;

use super::take_in::{How, IngestReport, archive, take_in};
use crate::account::Visitor;
use crate::audit::{Action, Entry};
use crate::epi::Vintage;
use crate::job::{Continuing, Journey};
use crate::source::{Payload, SourceSpec};
use crate::store::{ArchivedPayload, SourceState};

/// A file, or figures typed, as they came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// The file's name.
    pub name: String,
    /// Its bytes.
    pub body: Vec<u8>,
    /// The source it is of.
    pub source: String,
    /// What was told of it by hand.
    pub told: Told,
}

/// What a person told of a payload besides its bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// The day of its figures.
    pub date: Option<NaiveDate>,
    /// Since when they were known.
    pub as_of: Option<Vintage>,
    /// Whose series they go on with.
    pub series: Continuing,
}

/// Shows what would become of an upload. The payload is archived, nothing else is kept.
///
/// # Errors
/// When there is no such source, or the store does not answer.
pub async fn preview(journey: &Journey, upload: &Upload) -> anyhow::Result<IngestReport> {
    let spec = spec_of(journey, &upload.source)?;
    let payload = Payload::from_file(&upload.name, upload.body.clone());
    archive(journey, spec, &payload).await?;
    let how = How { is_dry: true, ..How::told(&upload.told) };
    take_in(journey, spec, &payload, &how).await
}

/// Takes in what was shown, as what the source of its address brought if that is kept. A second time it changes nothing.
///
/// # Errors
/// When nothing of that hash was shown, or the store does not answer.
pub async fn commit(
    journey: &Journey,
    (source, sha256): (&str, &str),
    told: &Told,
    kept: Option<&SourceSpec>,
    (visitor, address): (&Visitor, &str),
) -> anyhow::Result<IngestReport> {
    let spec = kept.map_or_else(|| spec_of(journey, source), Ok)?;
    let Some(archived) = journey.store.archived(source, sha256).await? else {
        bail!("nothing of this hash was shown for {source}: drop the file again");
    };
    let payload = payload(archived);
    let report = take_in(journey, spec, &payload, &How::told(told)).await?;
    if kept.is_some() {
        // It was asked just now, and what it holds is new to those who wait for it.
        let now = Some(journey.clock.now());
        let state = SourceState { checked_at: now, changed_at: now, ..SourceState::default() };
        journey.store.save_source_state(&spec.id, &state).await?;
    }
    let run = &report.run;
    let detail = format!(
        "{}: {} received, {} accepted ({} taken away), {} unchanged, {} rejected, {} held; {}",
        run.outcome.as_str(),
        run.received,
        run.accepted,
        report.changes.taken_away,
        run.unchanged,
        run.rejected,
        run.held,
        run.id
    );
    let entry =
        Entry::new(journey.clock.now(), (visitor.name(), visitor.role()), Action::FiguresTaken, &spec.id)
            .detail(detail)
            .address(address);
    journey.store.record(&entry).await?;
    journey.announce().await?;
    Ok(report)
}

/// An archived payload as it came.
pub(super) fn payload(archived: ArchivedPayload) -> Payload {
    Payload { content_type: archived.content_type, ..Payload::from_file(&archived.address, archived.body) }
}

pub(super) fn spec_of<'a>(journey: &'a Journey, source: &str) -> anyhow::Result<&'a SourceSpec> {
    journey
        .sources
        .iter()
        .find(|spec| spec.id == source)
        .with_context(|| format!("there is no source '{source}': `siaga source list` names them"))
}
