//! What is counted: the measures a publisher may report, and what kind of number each is.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::epi::IndicatorKind;

/// No measure has this name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("'{0}' is not a measure")]
pub struct UnknownMeasure(pub String);

/// What kind of number a measure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    /// New in the day (or in the days of a lump).
    Flow,
    /// Running total.
    Total,
    /// The state at the end of the day.
    Stock,
    /// A ranked class.
    Ordinal,
    /// An indicator published ready-made.
    Published,
}

/// What was reported, per date and per location or unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the names are the field's own; NAMES spells them out")]
pub enum Measure {
    Cases,
    CasesTotal,
    /// Of the cases of the day, those infected elsewhere.
    CasesImported,
    Deaths,
    DeathsTotal,
    Recovered,
    RecoveredTotal,
    Tests,
    TestsTotal,
    TestsPositive,
    TestsPositiveTotal,
    Admissions,
    AdmissionsTotal,
    Active,
    BedsOccupied,
    BedsAvailable,
    IcuOccupied,
    IcuAvailable,
    Inpatients,
    Mobility,
    StaffCases,
    StaffCasesTotal,
    StaffHeadcount,
    /// An indicator that somebody publishes under the indicator's own name.
    Published(IndicatorKind),
}

const NAMES: [(Measure, &str, Nature); 23] = [
    (Measure::Cases, "cases", Nature::Flow),
    (Measure::CasesTotal, "cases_total", Nature::Total),
    (Measure::CasesImported, "cases_imported", Nature::Flow),
    (Measure::Deaths, "deaths", Nature::Flow),
    (Measure::DeathsTotal, "deaths_total", Nature::Total),
    (Measure::Recovered, "recovered", Nature::Flow),
    (Measure::RecoveredTotal, "recovered_total", Nature::Total),
    (Measure::Tests, "tests", Nature::Flow),
    (Measure::TestsTotal, "tests_total", Nature::Total),
    (Measure::TestsPositive, "tests_positive", Nature::Flow),
    (Measure::TestsPositiveTotal, "tests_positive_total", Nature::Total),
    (Measure::Admissions, "admissions", Nature::Flow),
    (Measure::AdmissionsTotal, "admissions_total", Nature::Total),
    (Measure::Active, "active", Nature::Stock),
    (Measure::BedsOccupied, "beds_occupied", Nature::Stock),
    (Measure::BedsAvailable, "beds_available", Nature::Stock),
    (Measure::IcuOccupied, "icu_occupied", Nature::Stock),
    (Measure::IcuAvailable, "icu_available", Nature::Stock),
    (Measure::Inpatients, "inpatients", Nature::Stock),
    (Measure::Mobility, "mobility", Nature::Stock),
    (Measure::StaffCases, "staff_cases", Nature::Flow),
    (Measure::StaffCasesTotal, "staff_cases_total", Nature::Total),
    (Measure::StaffHeadcount, "staff_headcount", Nature::Stock),
];

impl Measure {
    /// The name in files and columns.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Published(kind) => kind.name(),
            _ => NAMES.iter().find(|row| row.0 == self).map_or("", |row| row.1),
        }
    }

    /// What kind of number it is.
    #[must_use]
    pub fn nature(self) -> Nature {
        match self {
            Self::Published(IndicatorKind::Zone) => Nature::Ordinal,
            Self::Published(_) => Nature::Published,
            _ => NAMES.iter().find(|row| row.0 == self).map_or(Nature::Stock, |row| row.2),
        }
    }

    /// Whether only whole numbers make sense.
    #[must_use]
    pub fn is_count(self) -> bool {
        self.nature() != Nature::Published && self != Self::Mobility
    }

    /// The measures that must come from one source together: a count, its running total and its parts.
    /// The key is the name of the count.
    #[must_use]
    pub fn family(self) -> &'static str {
        match self {
            Self::CasesImported | Self::Published(IndicatorKind::Cases7d) => "cases",
            Self::BedsOccupied | Self::BedsAvailable | Self::Published(IndicatorKind::BedOccupancyPct) => {
                "beds"
            }
            Self::IcuOccupied | Self::IcuAvailable | Self::Published(IndicatorKind::IcuOccupancyPct) => "icu",
            other => {
                let name = other.name();
                name.strip_suffix("_total").unwrap_or(name)
            }
        }
    }

    /// Every measure that is not an indicator published ready-made.
    pub fn reported() -> impl Iterator<Item = Self> {
        NAMES.iter().map(|row| row.0)
    }
}

impl FromStr for Measure {
    type Err = UnknownMeasure;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        NAMES
            .iter()
            .find(|row| row.1 == text)
            .map(|row| row.0)
            .or_else(|| text.parse().ok().map(Self::Published))
            .ok_or_else(|| UnknownMeasure(text.to_owned()))
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_reads_back() {
        let published = IndicatorKind::ALL.iter().map(|kind| Measure::Published(*kind));
        for measure in Measure::reported().chain(published) {
            assert_eq!(measure.name().parse(), Ok(measure));
        }
        assert!("kasus".parse::<Measure>().is_err());
    }

    #[test]
    fn a_count_and_its_total_are_one_family() {
        assert_eq!(Measure::CasesTotal.family(), Measure::Cases.family());
        assert_eq!(Measure::CasesImported.family(), Measure::Cases.family());
        assert_ne!(Measure::StaffCasesTotal.family(), Measure::Cases.family());
    }
}
