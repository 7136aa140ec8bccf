//! The one way in for every payload, pulled, dropped or typed: archive → parse → validate → hold or save.
//!
//! A payload that is the same as the source's last one, read by the same spec, changes nothing and is not read again. A
//! batch that differs from what was known by more than the source's limits is held for a person's word; the last good
//! figures keep serving.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::bail;
use chrono::NaiveDate;
use chrono_tz::Tz;

use super::held::{new_hold, shortened};
use super::upload::Told;
use crate::city::City;
use crate::epi::{LocationId, Vintage};
use crate::job::{Continuing, Journey};
use crate::observation::{
    Batch, Believing, Changes, EARLIEST, Figures, History, HoldReason, Nature, Rejection, SeriesKey,
    Validated, hold_reasons, unidentified_pct, validate,
};
use crate::source::{Parsed, Payload, Received, SourceError, SourceSpec, parse};
use crate::store::{ArchivedPayload, HoldDecision, NewHold, Outcome, Pull, Run, RunRejection, Saved};

/// What became of a payload.
#[derive(Debug, Clone)]
pub struct IngestReport {
    /// The run as kept.
    pub run: Run,
    /// What was refused.
    pub rejections: Vec<RunRejection>,
    /// What was taken in; of a held batch, what would be.
    pub accepted: Figures,
    /// What it tells otherwise than it was known.
    pub changes: Changes,
    /// Why it is held, if it is.
    pub hold: Option<NewHold>,
}

/// How a payload is taken in.
#[derive(Debug, Clone, Copy, Default)]
pub struct How<'a> {
    /// Keep nothing.
    pub is_dry: bool,
    /// The day of its figures, told by hand.
    pub date: Option<NaiveDate>,
    /// Since when its figures were known, told by hand.
    pub as_of: Option<Vintage>,
    /// Whose series they go on with, told by hand.
    pub series: Option<&'a Continuing>,
    /// When it was received, if not now: a payload from the archive is judged as it would have been then.
    pub received_at: Option<Vintage>,
    /// Read it even if it is the last one again.
    pub is_again: bool,
    /// The word of the person who lets it in although it was held: running totals may fall, nothing is held.
    pub decision: Option<&'a HoldDecision<'a>>,
}

impl<'a> How<'a> {
    /// As somebody told by hand.
    #[must_use]
    pub fn told(told: &'a Told) -> Self {
        Self { date: told.date, as_of: told.as_of, series: Some(&told.series), ..Self::default() }
    }

    /// What "read the same way" means: the spec, the program, and what was told by hand.
    pub(super) fn fingerprint(&self, spec: &SourceSpec) -> String {
        let told = |text: Option<String>| text.unwrap_or_default();
        let (date, as_of) = (told(self.date.map(|d| d.to_string())), told(self.as_of.map(|a| a.to_string())));
        let series = told(self.series.map(ToString::to_string));
        [&spec.fingerprint, env!("CARGO_PKG_VERSION"), &date, &as_of, &series].join(" ").trim_end().to_owned()
    }
}

impl How<'static> {
    /// What was told by hand of a payload that was read before, from its run.
    #[must_use]
    pub fn told_in(fingerprint: &str) -> Told {
        let mut parts = fingerprint.split(' ').skip(2);
        let date = parts.next().and_then(|text| text.parse().ok());
        let as_of = parts.next().and_then(|text| Vintage::parse_known(text, Tz::UTC).ok());
        let series = parts.next().and_then(|text| text.parse().ok()).unwrap_or_default();
        Told { date, as_of, series }
    }
}

/// So often a payload is judged anew because another process was quicker.
const TRIES: usize = 8;

/// Takes in one payload: archives it, then believes what can be believed and saves it, all or nothing.
///
/// # Errors
/// When the store does not answer. A payload that cannot be read is a report, not an error.
pub async fn take_in(
    journey: &Journey,
    spec: &SourceSpec,
    payload: &Payload,
    how: &How<'_>,
) -> anyhow::Result<IngestReport> {
    if !how.is_dry {
        archive(journey, spec, payload).await?;
    }
    for _ in 0..TRIES {
        // Before anything known is read: whoever saves in between makes it old.
        let revision = journey.store.source_revision(&spec.id).await?;
        let mut report = match as_before(journey, spec, payload, how).await? {
            Some(report) => report,
            None => judge(journey, spec, payload, how).await?,
        };
        report.run.payload.clone_from(&payload.sha256);
        report.run.spec = how.fingerprint(spec);
        // Two files of one source may come in the same moment.
        let suffix = if how.decision.is_some() { "-released" } else { "" };
        report.run.id = format!("{}-{}{suffix}", report.run.id, payload.sha256.get(..8).unwrap_or_default());
        if how.is_dry || saved(journey, &report, how, revision).await? {
            tracing::info!(
                source.id = %spec.id,
                run.outcome = report.run.outcome.as_str(),
                rows.accepted = report.run.accepted,
                rows.rejected = report.run.rejected,
                rows.held = report.run.held,
                "ingested"
            );
            tell_monitor(journey, &report, how);
            return Ok(report);
        }
        if let Some(decision) = how.decision
            && journey.store.hold(decision.run_id).await?.is_none_or(|hold| hold.decided_at.is_some())
        {
            bail!("{} is decided already", decision.run_id);
        }
    }
    bail!("take in a payload of {}: others write figures of this source all the time; try again", spec.id)
}

/// Counts what came in. A payload that is the last one again brings nothing, and was counted when it came first.
fn tell_monitor(journey: &Journey, IngestReport { run, .. }: &IngestReport, how: &How<'_>) {
    if !how.is_dry && run.outcome != Outcome::Unchanged {
        journey.tally.figures_taken(&run.source, run.accepted, run.rejected);
    }
}

/// Keeps a payload as it came, before anybody reads it.
///
/// # Errors
/// When the store does not answer.
pub(super) async fn archive(journey: &Journey, spec: &SourceSpec, payload: &Payload) -> anyhow::Result<()> {
    let archived = ArchivedPayload {
        source: spec.id.clone(),
        sha256: payload.sha256.clone(),
        received_at: journey.clock.now(),
        address: payload.address.clone(),
        content_type: payload.content_type.clone(),
        body: payload.body.clone(),
    };
    Ok(journey.store.archive(&archived).await?)
}

async fn saved(
    journey: &Journey,
    report: &IngestReport,
    how: &How<'_>,
    revision: i64,
) -> anyhow::Result<bool> {
    let is_held = report.run.outcome == Outcome::Held;
    let decision = how.decision.map(|decision| HoldDecision { next_run: &report.run.id, ..decision.clone() });
    let nothing = Figures::default();
    let pull = Pull {
        run: &report.run,
        rejections: &report.rejections,
        accepted: if is_held { &nothing } else { &report.accepted },
        hold: report.hold.as_ref(),
        decision: decision.as_ref(),
    };
    Ok(journey.store.save_run(&pull, revision).await? == Saved::Done)
}

/// Saves a run that brought no payload.
///
/// # Errors
/// When the store does not answer.
pub(super) async fn save(journey: &Journey, run: &Run) -> anyhow::Result<()> {
    let pull = Pull { run, rejections: &[], accepted: &Figures::default(), hold: None, decision: None };
    for _ in 0..TRIES {
        let revision = journey.store.source_revision(&run.source).await?;
        if journey.store.save_run(&pull, revision).await? == Saved::Done {
            return Ok(());
        }
    }
    bail!("save the report of {}: others write figures of this source all the time", run.source)
}

/// What a payload says that is the last one again: nothing new, and what became of it then.
async fn as_before(
    journey: &Journey,
    spec: &SourceSpec,
    payload: &Payload,
    how: &How<'_>,
) -> anyhow::Result<Option<IngestReport>> {
    if how.is_dry || how.is_again || how.decision.is_some() {
        return Ok(None);
    }
    let judged = [Outcome::Changed, Outcome::Unchanged, Outcome::Held, Outcome::Refused];
    let Some(last) = journey.store.last_run(&spec.id, &judged, None).await? else {
        return Ok(None);
    };
    if last.payload != payload.sha256 || last.spec != how.fingerprint(spec) {
        return Ok(None);
    }
    let mut report = empty(spec, journey.clock.now(), Outcome::Unchanged, "");
    report.run.received = last.received;
    report.run.rejected = last.rejected;
    report.run.skipped = last.skipped;
    report.run.shape.clone_from(&last.shape);
    if last.held == 0 {
        report.run.unchanged = last.accepted + last.unchanged;
        return Ok(Some(report));
    }
    // A held batch stays what it is until a person has spoken, or the publisher says something else.
    let is_refused = last.outcome == Outcome::Refused || is_refused(journey, &last).await?;
    report.run.outcome = if is_refused { Outcome::Refused } else { Outcome::Held };
    report.run.unchanged = last.unchanged;
    report.run.held = last.held;
    Ok(Some(report))
}

async fn is_refused(journey: &Journey, run: &Run) -> anyhow::Result<bool> {
    use crate::store::HoldState;
    let hold = journey.store.hold(&run.id).await?;
    Ok(match hold {
        Some(hold) => hold.state == HoldState::Refused,
        None => journey.store.is_payload_refused(&run.source, &run.payload).await?,
    })
}

async fn judge(
    journey: &Journey,
    spec: &SourceSpec,
    payload: &Payload,
    how: &How<'_>,
) -> anyhow::Result<IngestReport> {
    let now = journey.clock.now();
    let received_at = how.received_at.unwrap_or(now);
    let units = unit_names(&journey.city);
    let received = Received {
        at: how.as_of.unwrap_or(received_at),
        zone: journey.city.zone,
        name: &payload.address,
        date: how.date,
        locations: &journey.city.locations,
        units: &units,
    };
    let parsed = match parse(&payload.body, spec, &received) {
        Err(error @ SourceError::Unreadable { .. }) => {
            return Ok(empty(spec, now, Outcome::Failed, &error.reason().to_keep()));
        }
        Err(error) => return Err(error.into()),
        Ok(parsed) => parsed,
    };
    let mut parsed = parsed;
    if let Some(continuing) = how.series.filter(|series| !series.is_empty()) {
        parsed.rows = parsed.rows.renamed(|key| continuing.place(journey, spec, key));
    }
    let series: BTreeSet<SeriesKey> = parsed.rows.series_in_use().cloned().collect();
    let mut history = journey.store.history(&series).await?;
    // The last good batch came later than one from the archive.
    let mut batch = match how.received_at {
        None => before(journey, spec).await?,
        Some(_) => Batch::default(),
    };
    batch.received = count(parsed.received());
    batch.columns.clone_from(&parsed.columns);
    batch.totals = series.iter().filter(|key| key.measure.nature() == Nature::Total).count();
    batch.is_elsewhere = is_elsewhere(journey, spec, &parsed);
    batch.unidentified_pct =
        spec.checks.unidentified.as_ref().and_then(|place| unidentified_pct(&parsed.rows, place));
    let known_locations = known_locations(journey, spec);
    let known_units: BTreeSet<String> = journey.city.units.iter().map(|unit| unit.unit_id.clone()).collect();
    let believing = Believing {
        received_at,
        zone: journey.city.zone,
        locations: &spec.locations,
        known_locations: known_locations.as_ref(),
        known_units: Some(&known_units).filter(|units| !units.is_empty()),
        residents: Some(&journey.city.locations),
        earliest: EARLIEST,
        may_fall: how.decision.is_some(),
    };
    let (skipped, columns) = (parsed.skipped, parsed.columns.join(BETWEEN));
    let validated = held_against(parsed, &mut history, &believing);
    let reasons = match how.decision {
        Some(_) => Vec::new(),
        None => hold_reasons(&batch, &validated, &spec.checks),
    };
    let mut report = report(journey, spec, (&batch, &reasons), (validated, how));
    report.run.skipped = skipped;
    report.run.shape = columns;
    report.run.released_from = how.decision.map_or_else(String::new, |decision| decision.run_id.to_owned());
    Ok(report)
}

/// Whether a payload that may speak of any place speaks of none of this city's: the city, what it is part of, and its parts.
fn is_elsewhere(journey: &Journey, spec: &SourceSpec, parsed: &Parsed) -> bool {
    let city = &journey.city;
    let is_ours = |place: &LocationId| {
        place.as_str().starts_with(city.location.as_str()) || city.lineage.contains(place)
    };
    let is_told =
        spec.any_location || (spec.location.is_some() && !spec.is_of_city) || !spec.locations.is_empty();
    !is_told && !parsed.rows.is_empty() && parsed.rows.series_in_use().all(|key| !is_ours(&key.location))
}

/// What stands between column names in a run's shape.
const BETWEEN: &str = "\u{1f}";

/// What the source's last good batch was like.
async fn before(journey: &Journey, spec: &SourceSpec) -> anyhow::Result<Batch> {
    // One that brought nothing may be anything: a file with a header and no row, another city's.
    let last = journey.store.last_run(&spec.id, &[Outcome::Changed], None).await?;
    Ok(last.map_or_else(Batch::default, |last| Batch {
        received_before: Some(last.received),
        columns_before: (!last.shape.is_empty())
            .then(|| last.shape.split(BETWEEN).map(str::to_owned).collect()),
        ..Batch::default()
    }))
}

/// The places a source may speak of: those of the city's list and those that its spec names.
fn known_locations(journey: &Journey, spec: &SourceSpec) -> Option<BTreeSet<LocationId>> {
    if spec.any_location {
        return None;
    }
    let named = spec.locations.iter().chain(spec.location.iter()).chain(spec.location_names.values());
    Some(journey.city.locations.ids().chain(named).cloned().collect())
}

/// The ids of a city's units by their names, in lower case and with single blanks.
#[must_use]
pub fn unit_names(city: &City) -> BTreeMap<String, String> {
    let plain = |name: &str| name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let units = city.units.iter();
    units
        .flat_map(|u| [(plain(&u.name), u.unit_id.clone()), (plain(&u.name_en), u.unit_id.clone())])
        .collect()
}

/// Holds parsed rows against the checks; rows the parser refused are refused here too.
fn held_against(parsed: Parsed, history: &mut History, believing: &Believing<'_>) -> Validated {
    let mut validated = validate(parsed.rows, history, believing);
    validated.rejected.extend(parsed.rejected);
    validated.rejected.sort_by_key(|rejection| rejection.row);
    validated
}

/// A file that is only read may be of an epidemic long past: the published examples go back to 1861.
const EARLIEST_OF_A_FILE: NaiveDate = NaiveDate::from_ymd_opt(1800, 1, 1).expect("1 January 1800 is a date");

/// As [`take_in`] believes, of a file given instead of the store: any place and any unit may stand in it.
#[must_use]
pub fn believe(
    spec: &SourceSpec,
    parsed: Parsed,
    history: &mut History,
    (received_at, zone): (Vintage, Tz),
) -> Validated {
    let believing = Believing {
        received_at,
        zone,
        locations: &spec.locations,
        known_locations: None,
        known_units: None,
        residents: None,
        earliest: EARLIEST_OF_A_FILE,
        may_fall: false,
    };
    held_against(parsed, history, &believing)
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

fn report(
    journey: &Journey,
    spec: &SourceSpec,
    (batch, reasons): (&Batch, &[(HoldReason, String)]),
    (validated, how): (Validated, &How<'_>),
) -> IngestReport {
    // Where nothing would be taken in there is nothing to hold; what is doubtful is told all the same.
    let is_held = !reasons.is_empty() && !validated.accepted.is_empty();
    let outcome = match (is_held, validated.accepted.is_empty()) {
        (true, _) => Outcome::Held,
        (false, true) => Outcome::Unchanged,
        (false, false) => Outcome::Changed,
    };
    let mut report = empty(spec, journey.clock.now(), outcome, "");
    report.run.received = batch.received;
    let new = count(validated.accepted.len());
    report.run.accepted = if is_held { 0 } else { new };
    report.run.held = if is_held { new } else { 0 };
    report.run.unchanged = validated.unchanged;
    report.run.rejected = count(validated.rejected.len());
    // Running totals may be figures that not everybody may see: what was found of them is for those who decide.
    let found = reasons.iter().map(|(reason, detail)| match reason {
        HoldReason::TotalsFell => reason.code().to_owned(),
        _ => format!("{} ({})", reason.code(), shortened(detail)),
    });
    report.run.message = found.collect::<Vec<_>>().join("; ");
    report.hold = is_held.then(|| new_hold(&journey.city.location, (batch, reasons), (&validated, how)));
    report.changes = validated.changes;
    report.rejections = validated.rejected.into_iter().map(kept).collect();
    report.accepted = validated.accepted;
    report
}

fn kept(rejection: Rejection) -> RunRejection {
    RunRejection {
        line: rejection.row,
        column: rejection.column,
        reason: rejection.reason.code().to_owned(),
        detail: shortened(&rejection.detail),
    }
}

/// A report of nothing; what went wrong as it is kept ([`crate::text::Reason`]), if anything did.
pub(super) fn empty(spec: &SourceSpec, now: Vintage, outcome: Outcome, message: &str) -> IngestReport {
    let id = format!("{}@{}", spec.id, now.millis());
    let run = Run::new((&id, &spec.id), now, outcome);
    IngestReport {
        run: Run { message: message.to_owned(), ..run },
        rejections: Vec::new(),
        accepted: Figures::default(),
        changes: Changes::default(),
        hold: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_told_by_hand_reads_back() {
        let spec = SourceSpec::parse("id = \"t\"\ntitle = \"t\"").unwrap();
        let as_of = Vintage::from_millis(1_624_900_000_000);
        let date = NaiveDate::from_ymd_opt(2021, 6, 28);
        let own: Continuing = "cases=dinkes".parse().unwrap();
        for series in [Continuing::default(), own] {
            for (date, as_of) in [(None, None), (date, None), (None, as_of), (date, as_of)] {
                let told = Told { date, as_of, series: series.clone() };
                assert_eq!(How::told_in(&How::told(&told).fingerprint(&spec)), told);
            }
        }
    }
}
