//! The names of the indicators: one word for one thing in types, columns, pages and files.
//!
//! They stand here, not in `indicator`, because a publisher may feed one ready-made under its own name.
//! How each is computed: `indicator`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// No indicator has this name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("'{0}' is not an indicator")]
pub struct UnknownIndicator(pub String);

macro_rules! indicator_kinds {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal,)+) => {
        /// What an indicator measures; the unit is in the name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum IndicatorKind { $($(#[doc = $doc])+ $variant,)+ }

        impl IndicatorKind {
            /// Every kind, in the order of columns.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The name in files, columns and policies.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// What it is, in one English line (the dictionary of exports).
            #[must_use]
            pub fn description(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc,)+),)+ }.trim()
            }
        }
    };
}

indicator_kinds! {
    /// Confirmed cases of the last seven days, by report date.
    Cases7d = "cases_7d",
    /// Confirmed cases of the seven days before those.
    CasesPrev7d = "cases_prev_7d",
    /// Cases of the last seven days over those of the seven days before.
    GrowthRatio = "growth_ratio",
    /// The same as a percentage: 100 × (ratio − 1).
    GrowthPct = "growth_pct",
    /// Days until the weekly cases double at this ratio; negative while they halve.
    DoublingDays = "doubling_days",
    /// Cases of the last seven days per 100,000 residents.
    Incidence7dPer100k = "incidence_7d_per_100k",
    /// Cases of the last fourteen days per 100,000 residents.
    Incidence14dPer100k = "incidence_14d_per_100k",
    /// Mean of the last seven days' cases, per day.
    CasesMean7d = "cases_mean_7d",
    /// The same per 100,000 residents.
    CasesMean7dPer100k = "cases_mean_7d_per_100k",
    /// Deaths of the last seven days per 100,000 residents.
    Deaths7dPer100k = "deaths_7d_per_100k",
    /// Hospital admissions of the last seven days per 100,000 residents.
    Admissions7dPer100k = "admissions_7d_per_100k",
    /// Mean of the last seven days' hospital admissions, per day.
    AdmissionsMean7d = "admissions_mean_7d",
    /// Positive tests among the tests of the last seven days, in percent.
    Positivity7dPct = "positivity_7d_pct",
    /// Tests of the last seven days per 1,000 residents.
    Tests7dPer1000 = "tests_7d_per_1000",
    /// Occupied COVID-19 beds among those in service, in percent (BOR).
    BedOccupancyPct = "bed_occupancy_pct",
    /// Occupied intensive-care beds among those in service, in percent.
    IcuOccupancyPct = "icu_occupancy_pct",
    /// Reproduction number: posterior mean of Cori's method over the window that ends on the day.
    Rt = "rt",
    /// Reproduction number as a ratio: cases of seven days over those of the seven days that ended four days earlier.
    RtRatio = "rt_ratio",
    /// Staff (ASN) cases of the last seven days.
    StaffCases7d = "staff_cases_7d",
    /// Staff (ASN) cases of the last fourteen days.
    StaffCases14d = "staff_cases_14d",
    /// Staff cases of the last fourteen days among the head-count, in percent.
    StaffPrevalence14dPct = "staff_prevalence_14d_pct",
    /// Staff cases in all, as a running total, among the head-count, in percent.
    StaffPrevalenceTotalPct = "staff_prevalence_total_pct",
    /// Staff cases of the last fourteen days over those expected at the city's rate in the same days.
    StaffRatio = "staff_ratio",
    /// Work units with two or more cases in fourteen days.
    UnitClusters = "unit_clusters",
    /// Official risk zone: 0 hijau (green), 1 kuning (yellow), 2 oranye (orange), 3 merah (red).
    Zone = "zone",
    /// Days between the date and the last day with a case figure.
    DataAgeDays = "data_age_days",
    /// Share of the last seven days with a case figure, in percent.
    CompletenessPct = "completeness_pct",
    /// Cases of the last seven days as they will be known in the end, by how late figures usually come.
    NowcastCases7d = "nowcast_cases_7d",
    /// Forecast of the cases of the seven days to one week later: the median.
    Cases7dAhead1w = "cases_7d_ahead_1w",
    /// Forecast of the cases of the seven days to two weeks later: the median.
    Cases7dAhead2w = "cases_7d_ahead_2w",
}

impl IndicatorKind {
    /// Whether a published value below zero can be meant: changes, and sums of a week in which more was taken back than came (the
    /// European Centre for Disease Prevention and Control published such weeks for Belgium, Spain and others).
    #[must_use]
    pub fn may_be_negative(self) -> bool {
        matches!(self, Self::GrowthPct | Self::DoublingDays) || self.is_net_count()
    }

    /// A count of a week, or what is made from one: below zero it is a correction, and no rule may rest on it.
    #[must_use]
    pub fn is_net_count(self) -> bool {
        matches!(
            self,
            Self::Cases7d
                | Self::CasesPrev7d
                | Self::Incidence7dPer100k
                | Self::Incidence14dPer100k
                | Self::CasesMean7d
                | Self::CasesMean7dPer100k
                | Self::Deaths7dPer100k
                | Self::Admissions7dPer100k
                | Self::AdmissionsMean7d
        )
    }

    /// A stock holds until it is reported again, so the last report may be carried over a gap; a flow may not.
    #[must_use]
    pub fn is_stock(self) -> bool {
        matches!(self, Self::BedOccupancyPct | Self::IcuOccupancyPct | Self::Zone)
    }
}

impl FromStr for IndicatorKind {
    type Err = UnknownIndicator;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .iter()
            .copied()
            .find(|kind| kind.name() == text)
            .ok_or_else(|| UnknownIndicator(text.to_owned()))
    }
}

impl fmt::Display for IndicatorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for IndicatorKind {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for IndicatorKind {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
