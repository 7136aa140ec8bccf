//! A value, a range, or the reason there is none.
//!
//! Missing is a value here, never an error and never a NaN that travels. Reasons are codes; the words for
//! them, in both languages, are in `dashboards/text/`.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Spread;

/// How a figure came about. Of several that are combined the weakest counts, so the order matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Printed or published as it stands.
    Printed,
    /// Arithmetic on printed figures.
    Derived,
    /// Filled in by an assumption (or made for a demonstration); never passed off as printed.
    Reconstructed,
}

impl Status {
    /// The word in files and JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Printed => "printed",
            Self::Derived => "derived",
            Self::Reconstructed => "reconstructed",
        }
    }

    /// Reads the word back.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Printed, Self::Derived, Self::Reconstructed].into_iter().find(|status| status.as_str() == text)
    }
}

/// Why a figure cannot be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// Nobody has reported this measure for the location.
    NeverReported,
    /// There is no figure for this very day.
    NoFigure,
    /// No total on the day or seven days before, and the seven single days are not complete.
    WeekIncomplete,
    /// The total is lower than seven days before.
    TotalFell,
    /// The week before cannot be had.
    NoPreviousWeek,
    /// The week before had no case, so there is no ratio.
    PreviousWeekZero,
    /// Neither rising nor falling, so there is no doubling time.
    NoChange,
    /// The population of the location is not known.
    NoPopulation,
    /// The head-count of staff is not known.
    NoHeadcount,
    /// Fewer than one test per 1,000 residents in the week.
    TooFewTests,
    /// A running total whose first day is unknown: only a range can be given.
    UnknownStart,
    /// No figures by work unit.
    NoUnitFigures,
    /// The last figure is too old to be used.
    TooOld,
    /// The figure is a reconstruction, which no rule may rest on.
    OnlyReconstructed,
    /// Beds in service were reported as zero.
    NoBeds,
    /// A part that is larger than its whole: more positive tests than tests.
    PartExceedsWhole,
    /// No order of the centre or the province is loaded for the day.
    NoOrder,
    /// Known, but too small a count for this reader to see.
    Withheld,
    /// Somebody excluded the figure: it counts as missing.
    Excluded,
    /// The series has only just begun: its cases have had no time to infect.
    TooEarly,
    /// A day before the window, on which its cases may have been infected, is not known.
    EarlierDayMissing,
    /// The earlier days had no case, so there is no ratio.
    NoEarlierCases,
    /// The past is too short to tell how figures come or go on.
    PastTooShort,
    /// It is not known when figures came: they were not followed from day to day.
    NotFollowed,
    /// So little is usually known by now that the rest would be guessed.
    TooLittleKnown,
    /// From a day in it on another source counts, and neither has the whole of it.
    SourceChanged,
}

impl Missing {
    /// The code used in files, JSON and as the key of its sentence.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NeverReported => "never_reported",
            Self::NoFigure => "no_figure",
            Self::WeekIncomplete => "week_incomplete",
            Self::TotalFell => "total_fell",
            Self::NoPreviousWeek => "no_previous_week",
            Self::PreviousWeekZero => "previous_week_zero",
            Self::NoChange => "no_change",
            Self::NoPopulation => "no_population",
            Self::NoHeadcount => "no_headcount",
            Self::TooFewTests => "too_few_tests",
            Self::UnknownStart => "unknown_start",
            Self::NoUnitFigures => "no_unit_figures",
            Self::TooOld => "too_old",
            Self::OnlyReconstructed => "only_reconstructed",
            Self::NoBeds => "no_beds",
            Self::PartExceedsWhole => "part_exceeds_whole",
            Self::NoOrder => "no_order",
            Self::Withheld => "withheld",
            Self::Excluded => "excluded",
            Self::TooEarly => "too_early",
            Self::EarlierDayMissing => "earlier_day_missing",
            Self::NoEarlierCases => "no_earlier_cases",
            Self::PastTooShort => "past_too_short",
            Self::NotFollowed => "not_followed",
            Self::TooLittleKnown => "too_little_known",
            Self::SourceChanged => "source_changed",
        }
    }
}

/// A figure that is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Known {
    /// The value, in the unit that the indicator's name says.
    pub value: f64,
    /// Where its 95% interval comes from.
    pub spread: Spread,
    /// The weakest status among the figures it rests on.
    pub status: Status,
    /// The day the figure stands on: earlier than the day asked for when it was carried forward.
    pub date: NaiveDate,
}

impl Known {
    /// A figure without an interval.
    #[must_use]
    pub fn plain(value: f64, status: Status, date: NaiveDate) -> Self {
        Self { value, spread: Spread::None, status, date }
    }
}

/// A value, a range between two bounds, or the reason there is neither.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Estimate {
    /// The value is known.
    Known(Known),
    /// Only bounds are known: at least `lower`, at most `upper`.
    Range {
        /// The value is at least this.
        lower: f64,
        /// The value is at most this.
        upper: f64,
        /// Why no single value can be given.
        reason: Missing,
        /// The weakest status among the figures it rests on.
        status: Status,
        /// The day the range stands on.
        date: NaiveDate,
    },
    /// Nothing can be said, because of this.
    Missing(Missing),
}

impl Estimate {
    /// The single value, if there is one.
    #[must_use]
    pub fn value(&self) -> Option<f64> {
        match self {
            Self::Known(known) => Some(known.value),
            _ => None,
        }
    }

    /// The lower bound: of the interval, or of the range.
    #[must_use]
    pub fn lower(&self) -> Option<f64> {
        match self {
            Self::Known(known) => known.spread.interval().map(|i| i.lower),
            Self::Range { lower, .. } => Some(*lower),
            Self::Missing(_) => None,
        }
    }

    /// The upper bound: of the interval, or of the range.
    #[must_use]
    pub fn upper(&self) -> Option<f64> {
        match self {
            Self::Known(known) => known.spread.interval().map(|i| i.upper),
            Self::Range { upper, .. } => Some(*upper),
            Self::Missing(_) => None,
        }
    }

    /// Why there is no single value.
    #[must_use]
    pub fn reason(&self) -> Option<Missing> {
        match self {
            Self::Known(_) => None,
            Self::Range { reason, .. } | Self::Missing(reason) => Some(*reason),
        }
    }

    /// How the figures behind it came about.
    #[must_use]
    pub fn status(&self) -> Option<Status> {
        match self {
            Self::Known(known) => Some(known.status),
            Self::Range { status, .. } => Some(*status),
            Self::Missing(_) => None,
        }
    }

    /// The day the figure stands on.
    #[must_use]
    pub fn date(&self) -> Option<NaiveDate> {
        match self {
            Self::Known(known) => Some(known.date),
            Self::Range { date, .. } => Some(*date),
            Self::Missing(_) => None,
        }
    }

    /// The value a rule may fire on: the value itself, or the lower bound of a range.
    #[must_use]
    pub fn at_least(&self) -> Option<f64> {
        match self {
            Self::Known(known) => Some(known.value),
            Self::Range { lower, .. } => Some(*lower),
            Self::Missing(_) => None,
        }
    }

    /// The value a rule may leave on: the value itself, or the upper bound of a range.
    #[must_use]
    pub fn at_most(&self) -> Option<f64> {
        match self {
            Self::Known(known) => Some(known.value),
            Self::Range { upper, .. } => Some(*upper),
            Self::Missing(_) => None,
        }
    }
}
