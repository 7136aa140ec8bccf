//! What can be doubtful about a figure.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use thiserror::Error;

use crate::observation::SeriesKey;

/// Why a figure is doubted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DoubtKind {
    /// New counts of a day above three times the median of the seven days before, or of a week above three times the
    /// median of the four weeks before: late reports let out at once?
    Backlog,
    /// The same jump where "late reports" is no explanation (a stock, a published rate), or out of days of nothing, or
    /// below zero.
    Outlier,
    /// The running total did not rise by the new counts of the same source.
    TotalDisagrees,
    /// Recovered, active and dead do not add up to all cases.
    PartsDisagree,
    /// Fewer recovered than before.
    RecoveredFell,
    /// The places do not add up to the place they lie in, and none is "not identified".
    PlacesDisagree,
    /// Too large a share of the cases belongs to no identified place.
    UnidentifiedShare,
    /// Nothing on days between many, then what was missed at once, or nothing since.
    ZeroRun,
    /// A running total that stands still for days while it used to rise.
    FlatTotal,
}

impl DoubtKind {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Backlog,
        Self::Outlier,
        Self::TotalDisagrees,
        Self::PartsDisagree,
        Self::RecoveredFell,
        Self::PlacesDisagree,
        Self::UnidentifiedShare,
        Self::ZeroRun,
        Self::FlatTotal,
    ];

    /// The code in files and as the key of its sentence, after `doubt-`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Backlog => "backlog",
            Self::Outlier => "outlier",
            Self::TotalDisagrees => "total_disagrees",
            Self::PartsDisagree => "parts_disagree",
            Self::RecoveredFell => "recovered_fell",
            Self::PlacesDisagree => "places_disagree",
            Self::UnidentifiedShare => "unidentified_share",
            Self::ZeroRun => "zero_run",
            Self::FlatTotal => "flat_total",
        }
    }
}

impl fmt::Display for DoubtKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// No doubt has this name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("'{0}' is not a kind of doubt: backlog, outlier, total_disagrees …")]
pub struct UnknownDoubt(pub String);

impl FromStr for DoubtKind {
    type Err = UnknownDoubt;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|kind| kind.code() == text).ok_or_else(|| UnknownDoubt(text.to_owned()))
    }
}

/// A doubt about one figure, or about those of several days.
#[derive(Debug, Clone, PartialEq)]
pub struct Doubt {
    /// The series.
    pub series: SeriesKey,
    /// The day; of several days, the last.
    pub date: NaiveDate,
    /// How many days it is about.
    pub days: u32,
    /// Why.
    pub kind: DoubtKind,
    /// The figures and what they were held against, in no language: `1047 > 3 × 3`.
    pub detail: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_reads_back() {
        for kind in DoubtKind::ALL {
            assert_eq!(kind.code().parse(), Ok(kind));
        }
        assert!("Backlog".parse::<DoubtKind>().is_err());
    }
}
