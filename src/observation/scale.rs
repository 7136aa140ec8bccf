//! What a measure can be: bounds that no figure passes, some of them by how many people live in its place.
//!
//! A bound is where a figure becomes impossible, not where it becomes strange: for that there are doubts.

use super::{Measure, Nature, RejectReason, SeriesKey};
use crate::epi::IndicatorKind as Kind;

/// Beyond this nothing is counted.
const MOST: f64 = 1e10;
/// Occupancy above 100% is real (beds in corridors); 300% is a typing error.
const MOST_OCCUPIED_PCT: f64 = 300.0;
/// A part is at most its whole.
const WHOLE_PCT: f64 = 100.0;
/// Everybody once.
const ALL_PER_100K: f64 = 1e5;
/// Everybody on each day of a week.
const ALL_A_WEEK_PER_1000: f64 = 7e3;
/// The highest zone.
const MOST_ZONE: f64 = 3.0;
/// Beds for so large a share of the residents, seven times as many as any country has, or so many: a district may have the
/// hospital of its whole region.
const BEDS: (f64, f64) = (0.1, 2_000.0);
/// The same of beds in intensive care.
const ICU_BEDS: (f64, f64) = (0.01, 500.0);

/// What a measure counts.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Counts {
    /// People, each once.
    People,
    /// People, each once a day at most: the same person comes again.
    PeopleADay,
    /// Beds: at most this share of the residents, or so many.
    Beds((f64, f64)),
    Other,
}

impl Counts {
    fn of(measure: Measure) -> Self {
        match measure {
            Measure::Cases
            | Measure::CasesTotal
            | Measure::CasesImported
            | Measure::Deaths
            | Measure::DeathsTotal
            | Measure::Recovered
            | Measure::RecoveredTotal
            | Measure::Active
            | Measure::Inpatients
            | Measure::StaffCases
            | Measure::StaffCasesTotal
            | Measure::StaffHeadcount
            | Measure::Published(
                Kind::Cases7d | Kind::CasesPrev7d | Kind::StaffCases7d | Kind::StaffCases14d,
            ) => Self::People,
            Measure::Tests | Measure::TestsPositive | Measure::Admissions => Self::PeopleADay,
            Measure::BedsOccupied | Measure::BedsAvailable => Self::Beds(BEDS),
            Measure::IcuOccupied | Measure::IcuAvailable => Self::Beds(ICU_BEDS),
            _ => Self::Other,
        }
    }
}

/// What the figures of a series can be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    counts: Counts,
    /// Of its place, where they are known.
    residents: Option<f64>,
    may_be_negative: bool,
    is_whole: bool,
    most: f64,
}

impl Scale {
    /// The scale of a series in a place of so many residents.
    pub(super) fn of(key: &SeriesKey, residents: Option<f64>) -> Self {
        let measure = key.measure;
        Self {
            counts: Counts::of(measure),
            residents,
            may_be_negative: measure == Measure::Mobility
                || matches!(measure, Measure::Published(kind) if kind.may_be_negative()),
            is_whole: measure.is_count(),
            most: most(measure),
        }
    }

    /// Why a figure for so many days cannot be, with what it was held against.
    pub(super) fn refuse(&self, value: f64, days: u32) -> Option<(RejectReason, String)> {
        let said = |reason| Some((reason, value.to_string()));
        if !value.is_finite() || value.abs() > MOST {
            return said(RejectReason::OutOfRange);
        }
        if value < 0.0 && !self.may_be_negative {
            return said(RejectReason::Negative);
        }
        if self.is_whole && value.fract().abs() > f64::EPSILON {
            return said(RejectReason::Fraction);
        }
        if value > self.most {
            return said(RejectReason::OutOfRange);
        }
        self.refuse_among(value, days)
    }

    /// More than can be among the residents.
    fn refuse_among(&self, value: f64, days: u32) -> Option<(RejectReason, String)> {
        let residents = self.residents?;
        let (most, reason) = match self.counts {
            Counts::People => (residents, RejectReason::MoreThanResidents),
            Counts::PeopleADay => (residents * f64::from(days), RejectReason::MoreThanResidents),
            Counts::Beds((share, least)) => {
                ((residents * share).floor().max(least), RejectReason::TooManyBeds)
            }
            Counts::Other => return None,
        };
        (value > most).then(|| (reason, format!("{value} > {most}")))
    }
}

/// The largest a measure can be anywhere.
fn most(measure: Measure) -> f64 {
    let Measure::Published(kind) = measure else {
        return if measure.nature() == Nature::Ordinal { MOST_ZONE } else { MOST };
    };
    match kind {
        Kind::Zone => MOST_ZONE,
        Kind::BedOccupancyPct | Kind::IcuOccupancyPct => MOST_OCCUPIED_PCT,
        Kind::Positivity7dPct
        | Kind::StaffPrevalence14dPct
        | Kind::StaffPrevalenceTotalPct
        | Kind::CompletenessPct => WHOLE_PCT,
        Kind::Incidence7dPer100k
        | Kind::Incidence14dPer100k
        | Kind::CasesMean7dPer100k
        | Kind::Deaths7dPer100k
        | Kind::Admissions7dPer100k => ALL_PER_100K,
        Kind::Tests7dPer1000 => ALL_A_WEEK_PER_1000,
        _ => MOST,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epi::LocationId;

    const BOGOR: f64 = 1_043_070.0;

    fn refused(measure: &str, residents: Option<f64>, value: f64, days: u32) -> Option<String> {
        let key = SeriesKey {
            location: LocationId::new("3271"),
            unit_id: None,
            measure: measure.parse().unwrap(),
            source: "dinkes".to_owned(),
        };
        let refusal = Scale::of(&key, residents).refuse(value, days);
        refusal.map(|(reason, detail)| format!("{} {detail}", reason.code()))
    }

    #[test]
    fn nobody_is_counted_who_does_not_live_there() {
        for measure in
            ["cases", "cases_total", "deaths_total", "active", "inpatients", "staff_cases", "cases_7d"]
        {
            assert_eq!(refused(measure, Some(BOGOR), BOGOR, 1), None, "{measure}");
            let said = format!("more_than_residents {} > {BOGOR}", BOGOR + 1.0);
            assert_eq!(refused(measure, Some(BOGOR), BOGOR + 1.0, 1), Some(said), "{measure}");
            assert_eq!(
                refused(measure, None, BOGOR + 1.0, 1),
                None,
                "{measure}: nobody knows how many live there"
            );
        }
    }

    #[test]
    fn whoever_comes_again_is_counted_again_on_another_day() {
        assert_eq!(refused("tests", Some(1_000.0), 7_000.0, 7), None);
        let said = Some("more_than_residents 7001 > 7000".to_owned());
        assert_eq!(refused("tests", Some(1_000.0), 7_001.0, 7), said);
        assert_eq!(refused("tests_total", Some(1_000.0), 20_000.0, 1), None, "some were tested twenty times");
    }

    #[test]
    fn a_district_may_have_the_hospital_of_its_region_but_not_beds_for_all() {
        assert_eq!(refused("beds_available", Some(5_000.0), 1_229.0, 1), None);
        let said = |most: f64, than: f64| Some(format!("too_many_beds {most} > {than}"));
        assert_eq!(refused("beds_available", Some(5_000.0), 2_001.0, 1), said(2_001.0, 2_000.0));
        assert_eq!(refused("beds_occupied", Some(BOGOR), 104_308.0, 1), said(104_308.0, 104_307.0));
        assert_eq!(refused("icu_available", Some(BOGOR), 10_431.0, 1), said(10_431.0, 10_430.0));
        assert_eq!(refused("icu_available", Some(BOGOR), 10_430.0, 1), None);
    }

    #[test]
    fn a_share_is_of_a_whole_and_a_rate_of_all() {
        let out = |value: f64| Some(format!("out_of_range {value}"));
        assert_eq!(refused("bed_occupancy_pct", None, 131.0, 1), None);
        assert_eq!(refused("bed_occupancy_pct", None, 816.0, 1), out(816.0));
        assert_eq!(refused("positivity_7d_pct", None, 100.0, 1), None);
        assert_eq!(refused("positivity_7d_pct", None, 101.0, 1), out(101.0));
        assert_eq!(refused("incidence_7d_per_100k", None, 100_001.0, 1), out(100_001.0));
        assert_eq!(refused("tests_7d_per_1000", None, 7_001.0, 1), out(7_001.0));
        assert_eq!(refused("zone", None, 4.0, 1), out(4.0));
        assert_eq!(refused("growth_pct", None, -40.0, 1), None);
        assert_eq!(refused("growth_ratio", None, -0.4, 1), Some("negative -0.4".to_owned()));
        assert_eq!(refused("cases", None, f64::NAN, 1), Some("out_of_range NaN".to_owned()));
    }
}
