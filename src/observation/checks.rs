//! Which batches nobody may believe without a person's word: the limits of a source, and what was found beyond them.

use serde::Deserialize;

use crate::epi::LocationId;

/// The limits of a source; 0 switches a check off. Shares are in percent.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Checks {
    /// Whether other columns than last time hold a batch.
    pub schema: bool,
    /// So many fewer figures than the last batch hold it.
    pub rows_gone_pct: f64,
    /// A running total that falls by more than this share is a broken one…
    pub total_fall_pct: f64,
    /// …if it falls by at least this much.
    pub total_fall_least: f64,
    /// More than this share of the running totals with a row refused for it holds a batch; one that is told lower than
    /// it was known always does.
    pub fallen_pct: f64,
    /// More than this share of the figures that were known told otherwise holds a batch.
    pub changed_pct: f64,
    /// More than this share of the rows refused holds the rest.
    pub rejected_pct: f64,
    /// The place whose rows nobody could attribute.
    pub unidentified: Option<LocationId>,
    /// More than this share of the newest day's cases there holds a batch.
    pub unidentified_pct: f64,
    /// Batches of fewer figures are not judged by shares.
    pub least_rows: u64,
}

impl Default for Checks {
    fn default() -> Self {
        Self {
            schema: true,
            rows_gone_pct: 33.0,
            total_fall_pct: 5.0,
            total_fall_least: 100.0,
            fallen_pct: 33.0,
            changed_pct: 50.0,
            rejected_pct: 50.0,
            unidentified: None,
            unidentified_pct: 10.0,
            least_rows: 20,
        }
    }
}

impl Checks {
    /// The first limit that cannot be meant: its key and what to write.
    ///
    /// # Errors
    /// The key and what to write instead.
    pub fn check(&self) -> Result<(), (&'static str, &'static str)> {
        let shares = [
            ("rows_gone_pct", self.rows_gone_pct),
            ("total_fall_pct", self.total_fall_pct),
            ("fallen_pct", self.fallen_pct),
            ("changed_pct", self.changed_pct),
            ("rejected_pct", self.rejected_pct),
            ("unidentified_pct", self.unidentified_pct),
        ];
        if let Some((key, _)) = shares.into_iter().find(|(_, share)| !(0.0..=100.0).contains(share)) {
            return Err((key, "write a share in percent, 0 to 100"));
        }
        if !(self.total_fall_least >= 0.0 && self.total_fall_least.is_finite()) {
            return Err(("total_fall_least", "write a number of cases, at least 0"));
        }
        Ok(())
    }
}

/// Why a batch is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HoldReason {
    /// It has other columns than last time.
    SchemaChanged,
    /// Many figures of last time are gone.
    RowsGone,
    /// Running totals fell by more than a slip of the pen.
    TotalsFell,
    /// Most of what was known is told otherwise.
    ManyChanged,
    /// Most rows were refused: the rest is doubtful.
    ManyRejected,
    /// Too many cases belong to no place.
    Unidentified,
    /// Nothing in it is of this city: another city's file.
    OtherPlaces,
}

impl HoldReason {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::SchemaChanged,
        Self::RowsGone,
        Self::TotalsFell,
        Self::ManyChanged,
        Self::ManyRejected,
        Self::Unidentified,
        Self::OtherPlaces,
    ];

    /// The code used in reports and as the key of its sentence.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::SchemaChanged => "schema_changed",
            Self::RowsGone => "rows_gone",
            Self::TotalsFell => "totals_fell",
            Self::ManyChanged => "many_changed",
            Self::ManyRejected => "many_rejected",
            Self::Unidentified => "unidentified",
            Self::OtherPlaces => "other_places",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_between_none_and_all() {
        assert_eq!(Checks::default().check(), Ok(()));
        let wrong = Checks { changed_pct: 101.0, ..Checks::default() };
        assert_eq!(wrong.check().map_err(|(key, _)| key), Err("changed_pct"));
        let wrong = Checks { total_fall_least: f64::NAN, ..Checks::default() };
        assert_eq!(wrong.check().map_err(|(key, _)| key), Err("total_fall_least"));
    }
}
