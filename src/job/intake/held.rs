//! What a held batch would change, as it is kept beside the hold and shown by pages and commands.

use anyhow::anyhow;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::take_in::How;
use super::upload::Told;
use crate::epi::{LocationId, Vintage};
use crate::job::NotContinuing;
use crate::observation::{Batch, HoldReason, Mover, Validated};
use crate::store::NewHold;

/// Letters of a text from a payload that are kept.
const SHOWN: usize = 300;

/// Why a batch is held: a code, and what it was held against in no language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HeldFor {
    /// The code.
    pub code: String,
    /// What was found.
    pub detail: String,
}

/// A figure that a batch tells otherwise than it was known.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct HeldFigure {
    /// Where.
    pub location: String,
    /// Of which work unit, if any.
    pub unit_id: Option<String>,
    /// What is counted.
    pub measure: String,
    /// By whom.
    pub source: String,
    /// The day.
    pub date: String,
    /// As known.
    pub before: Option<f64>,
    /// As told now; nothing where it is reported as missing.
    pub now: Option<f64>,
}

/// What a held batch would change. A part that an earlier version did not keep is empty.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct HeldDiff {
    /// The day of its figures, told by hand.
    pub date: Option<String>,
    /// Since when they were known, told by hand.
    pub as_of: Option<String>,
    /// Whose series they go on with, told by hand.
    pub series: Option<String>,
    /// Rows of the last good batch.
    pub rows_before: Option<u64>,
    /// Rows of this one.
    pub rows: Option<u64>,
    /// Figures that are new.
    pub new: Option<u64>,
    /// Figures of days that were known.
    pub known: Option<u64>,
    /// Of these told otherwise.
    pub changed: Option<u64>,
    /// Of these reported as missing.
    pub taken_away: Option<u64>,
    /// Running totals that fall.
    pub totals_fallen: Option<u64>,
    /// The city's own totals that fall.
    pub own: Vec<HeldFigure>,
    /// The largest changes, the largest first.
    pub movers: Vec<HeldFigure>,
    /// The first of the figures reported as missing.
    pub taken: Vec<HeldFigure>,
}

impl HeldFigure {
    fn of(mover: &Mover) -> Self {
        Self {
            location: mover.series.location.to_string(),
            unit_id: mover.series.unit_id.clone(),
            measure: mover.series.measure.name().to_owned(),
            source: mover.series.source.clone(),
            date: mover.date.to_string(),
            before: Some(mover.before),
            now: mover.now,
        }
    }

    /// Figures as they are shown.
    #[must_use]
    pub fn all_of(movers: &[Mover]) -> Vec<Self> {
        movers.iter().map(Self::of).collect()
    }
}

impl HeldDiff {
    fn of(city: &LocationId, batch: &Batch, (validated, how): (&Validated, &How<'_>)) -> Self {
        let changes = &validated.changes;
        let count = |length: usize| u64::try_from(length).unwrap_or(u64::MAX);
        let falls = changes.lowered.values().chain(changes.fallen.values());
        let own = falls.filter(|fall| fall.series.location == *city && fall.series.unit_id.is_none());
        Self {
            date: how.date.map(|date| date.to_string()),
            as_of: how.as_of.map(|as_of| as_of.to_string()),
            series: how.series.filter(|series| !series.is_empty()).map(ToString::to_string),
            rows_before: batch.received_before,
            rows: Some(batch.received),
            new: Some(count(validated.accepted.len()).saturating_sub(changes.changed)),
            known: Some(validated.unchanged + changes.changed),
            changed: Some(changes.changed),
            taken_away: Some(changes.taken_away),
            totals_fallen: Some(count(changes.lowered.len() + changes.fallen.len())),
            own: own.map(HeldFigure::of).collect(),
            movers: HeldFigure::all_of(&changes.movers),
            taken: HeldFigure::all_of(&changes.taken),
        }
    }
}

impl HeldDiff {
    /// What was told by hand when the batch came.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) fn told(&self, zone: Tz) -> anyhow::Result<Told> {
        let as_of = self.as_of.as_deref().map(|text| Vintage::parse_known(text, zone)).transpose()?;
        let series = self.series.as_deref().unwrap_or_default().parse();
        let series =
            series.map_err(|NotContinuing| anyhow!("whose series it goes on with cannot be read"))?;
        Ok(Told { date: self.date.as_deref().and_then(|date| date.parse().ok()), as_of, series })
    }
}

/// A hold as it is kept.
pub(super) fn new_hold(
    city: &LocationId,
    (batch, reasons): (&Batch, &[(HoldReason, String)]),
    judged: (&Validated, &How<'_>),
) -> NewHold {
    let told = |(reason, detail): &(HoldReason, String)| HeldFor {
        code: reason.code().to_owned(),
        detail: shortened(detail),
    };
    let reasons: Vec<HeldFor> = reasons.iter().map(told).collect();
    let json = |kept: serde_json::Result<Value>| kept.unwrap_or_default().to_string();
    NewHold {
        reasons: json(serde_json::to_value(&reasons)),
        diff: json(serde_json::to_value(HeldDiff::of(city, batch, judged))),
    }
}

/// Reads what was kept of a hold, to be shown; what cannot be read is not told.
#[must_use]
pub fn read_hold(reasons: &str, diff: &str) -> (Vec<HeldFor>, HeldDiff) {
    (serde_json::from_str(reasons).unwrap_or_default(), serde_json::from_str(diff).unwrap_or_default())
}

/// A text from a payload, cut: a cell may be a million long.
pub(super) fn shortened(text: &str) -> String {
    if text.chars().nth(SHOWN).is_none() {
        return text.to_owned();
    }
    text.chars().take(SHOWN).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_earlier_version_kept_reads_and_what_it_lacks_is_empty() {
        let diff = "{\"rows_before\":90,\"rows\":60,\"new\":0,\"changed\":60,\"movers\":[{\"location\":\"3271\",\
            \"unit_id\":null,\"measure\":\"cases\",\"source\":\"tidy\",\"date\":\"2021-06-01\",\"before\":12.0,\"now\":5.0}]}";
        let (reasons, diff) = read_hold("[{\"code\":\"rows_gone\",\"detail\":\"90 → 60\"}]", diff);
        assert_eq!((reasons[0].code.as_str(), reasons[0].detail.as_str()), ("rows_gone", "90 → 60"));
        assert_eq!((diff.rows_before, diff.rows, diff.taken_away), (Some(90), Some(60), None));
        assert_eq!((diff.movers[0].before, diff.movers[0].now, diff.taken.len()), (Some(12.0), Some(5.0), 0));
        assert_eq!(read_hold("", "{"), (Vec::new(), HeldDiff::default()));
    }
}
