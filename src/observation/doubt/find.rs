//! Every doubt about what is known.

use super::kind::Doubt;
use super::latest::{latest, new_by_day};
use super::{Places, place, spike, sum};
use crate::epi::Vintage;
use crate::observation::Observation;

/// Every doubt about the figures of single days as known at a moment (all vintages if `None`), in the order of series and day.
///
/// The rules, each seen in real figures (domain: late laboratories of Jakarta let out 488, 199 and 502 old cases on single
/// days; Kota Bogor's 4,457 of one week of January 2021; a third of West Java's cases suddenly of no place):
///
/// | kind | asks when |
/// | --- | --- |
/// | `backlog` | `n_t > 3·median(n_{t−7} … n_{t−1})` and `n_t ≥ 30`, at least four of the seven known; or the same of a week against the four weeks before |
/// | `outlier` | the same of a stock or a published rate; of a count after days of nothing (the median is 0); a count below zero |
/// | `total_disagrees` | `N_t − N_{t−1} ≠ n_t` of one source |
/// | `parts_disagree` | recovered + active + dead ≠ cases |
/// | `recovered_fell` | fewer recovered than on the last day known before |
/// | `places_disagree` | the places do not add up to theirs, and the source has no key for the unidentified |
/// | `unidentified_share` | more of the cases than usual are of no identified place |
/// | `zero_run` | nothing after days of at least 20, ended by a third of what was missed at once, or not ended |
/// | `flat_total` | a running total stands still for three days after rising by at least 20 a day |
///
/// ```
/// use siaga::epi::Locations;
/// use siaga::observation::{DoubtKind, Observation, Places, doubts};
/// # use siaga::epi::{LocationId, Status, Vintage};
/// # let figure = |(day, value): (u32, f64)| Observation {
/// #     location: LocationId::new("3271"), unit_id: None, measure: "cases".parse().unwrap(),
/// #     source: "dinkes".to_owned(), date: chrono::NaiveDate::from_ymd_opt(2021, 1, day).unwrap(), days: 1,
/// #     value: Some(value), status: Status::Printed, as_of: Vintage::from_millis(0).unwrap(),
/// #     note: String::new(), address: String::new(),
/// # };
/// let told: Vec<Observation> = [(22, 71.0), (23, 40.0), (24, 181.0), (25, 272.0), (26, 1_047.0)].map(figure).to_vec();
/// let places = Places { locations: &Locations::default(), unidentified: &Default::default() };
/// let found = doubts(&told, None, places);
/// assert_eq!((found[0].kind, found[0].detail.as_str()), (DoubtKind::Backlog, "1047 > 3 × 181"));
/// ```
#[must_use]
pub fn doubts(observations: &[Observation], as_of: Option<Vintage>, places: Places<'_>) -> Vec<Doubt> {
    let series = latest(observations, as_of);
    let mut found = Vec::new();
    for (key, new) in &new_by_day(&series) {
        found.extend(spike::days_that_jump(key, new));
        found.extend(spike::weeks_that_jump(key, new));
        found.extend(spike::silences(key, new));
    }
    for (key, days) in &series {
        found.extend(spike::states_that_jump(key, days));
        found.extend(spike::totals_that_stand_still(key, days));
        found.extend(sum::totals_that_disagree(key, days, &series));
        found.extend(sum::parts_that_disagree(key, days, &series));
        found.extend(sum::recovered_that_fell(key, days));
    }
    found.extend(place::places_that_disagree(&series, places));
    found.extend(place::cases_of_no_place(&series, places));
    found.sort_by(|one, other| {
        (&one.series, one.date, one.days, one.kind).cmp(&(&other.series, other.date, other.days, other.kind))
    });
    found
}

#[cfg(test)]
mod tests {
    use super::super::{DoubtKind, Unidentified};
    use super::*;
    use crate::epi::{Location, LocationId, Locations, Status};
    use crate::observation::Measure;
    use chrono::{Duration, NaiveDate};
    use std::collections::BTreeMap;

    fn series(location: &str, measure: Measure, values: &[f64]) -> Vec<Observation> {
        let first: NaiveDate = "2021-06-01".parse().unwrap();
        let figure = |(place, value): (usize, &f64)| Observation {
            location: LocationId::new(location),
            unit_id: None,
            measure,
            source: "dinkes".to_owned(),
            date: first + Duration::days(i64::try_from(place).unwrap()),
            days: 1,
            value: Some(*value).filter(|value| value.is_finite()),
            status: Status::Printed,
            as_of: Vintage::from_millis(0).unwrap(),
            note: String::new(),
            address: String::new(),
        };
        values.iter().enumerate().map(figure).collect()
    }

    fn found(
        observations: &[Observation],
        unidentified: Option<f64>,
    ) -> Vec<(DoubtKind, String, u32, String)> {
        let place = |id: &str, parent: Option<&str>| Location {
            parent: parent.map(LocationId::new),
            ..Locations::single(LocationId::new(id), 1e6)
                .at(&LocationId::new(id), NaiveDate::MAX)
                .cloned()
                .unwrap()
        };
        let locations =
            Locations::new(vec![place("32", None), place("3271", Some("32")), place("3201", Some("32"))]);
        let key = |at_most_pct| {
            ("dinkes".to_owned(), Unidentified { location: LocationId::new("0000"), at_most_pct })
        };
        let unidentified: BTreeMap<_, _> = unidentified.map(key).into_iter().collect();
        let doubts =
            doubts(observations, None, Places { locations: &locations, unidentified: &unidentified });
        doubts.into_iter().map(|d| (d.kind, d.date.to_string(), d.days, d.detail)).collect()
    }

    #[test]
    fn quiet_figures_ask_nothing() {
        let mut quiet =
            series("3271", Measure::Cases, &[204.0, 201.0, 188.0, 193.0, 197.0, 230.0, 310.0, 0.0, 300.0]);
        quiet.extend(series("3271", Measure::Active, &[1281.0, 1563.0, 1700.0, 1800.0, 1900.0, 2056.0]));
        assert_eq!(found(&quiet[..7], None), []);
        assert_eq!(found(&quiet[9..], None), []);
        // Small numbers jump all the time.
        assert_eq!(found(&series("3271", Measure::Cases, &[1.0, 0.0, 2.0, 1.0, 9.0, 0.0, 29.0]), None), []);
    }

    #[test]
    fn a_day_is_a_backlog_and_after_nothing_an_outlier() {
        let backlog = series("3271", Measure::Cases, &[40.0, 41.0, 38.0, 45.0, 40.0, 488.0]);
        assert_eq!(
            found(&backlog, None),
            [(DoubtKind::Backlog, "2021-06-06".to_owned(), 1, "488 > 3 × 40".to_owned())]
        );
        let after_nothing = series("3271", Measure::Cases, &[0.0, 0.0, 0.0, 0.0, 134.0]);
        assert_eq!(found(&after_nothing, None)[0].0, DoubtKind::Outlier);
        let below = series("3271", Measure::Cases, &[500.0, -8.0]);
        assert_eq!(found(&below, None)[0].3, "-8 < 0");
        let totals = series("3271", Measure::CasesTotal, &[0.0, 40.0, 81.0, 119.0, 164.0, 652.0]);
        assert_eq!(found(&totals, None)[0].3, "488 > 3 × 41", "also of a running total alone");
    }

    #[test]
    fn a_week_asks_although_no_day_does() {
        let mut days = vec![10.0; 28];
        days.extend([25.0; 7]);
        assert_eq!(found(&series("3271", Measure::Cases, &days), None), [], "175 are not over 3 × 70");
        days[28..].fill(29.0);
        assert_eq!(found(&series("3271", Measure::Cases, &days), None), []);
        let steps = [29.0, 29.0, 29.0, 29.0, 40.0, 40.0, 40.0];
        days[28..].copy_from_slice(&steps);
        let week = found(&series("3271", Measure::Cases, &days), None);
        assert_eq!(week, [(DoubtKind::Backlog, "2021-07-05".to_owned(), 7, "236 > 3 × 70".to_owned())]);
        days[20] = f64::NAN;
        assert_eq!(found(&series("3271", Measure::Cases, &days), None), [], "all days must be known");
    }

    #[test]
    fn a_bed_count_that_triples_is_an_outlier_and_mobility_may_be_anything() {
        let beds = series("3271", Measure::BedsOccupied, &[50.0, 52.0, 54.0, 55.0, 540.0]);
        assert_eq!(found(&beds, None)[0].0, DoubtKind::Outlier);
        assert_eq!(found(&series("3271", Measure::Mobility, &[5.0, 5.0, 5.0, 5.0, 60.0]), None), []);
    }

    #[test]
    fn totals_and_parts_that_do_not_add_up_are_named_with_their_figures() {
        let mut both = series("3271", Measure::CasesTotal, &[100.0, 147.0]);
        both.extend(series("3271", Measure::Cases, &[10.0, 45.0]));
        assert_eq!(found(&both, None)[0].3, "147 − 100 = 47 ≠ 45");
        let mut parts = series("3271", Measure::CasesTotal, &[26_487.0]);
        for (measure, value) in
            [(Measure::RecoveredTotal, 17_788.0), (Measure::Active, 8_399.0), (Measure::DeathsTotal, 299.0)]
        {
            parts.extend(series("3271", measure, &[value]));
        }
        assert_eq!(found(&parts, None)[0].0, DoubtKind::PartsDisagree);
        parts[3].value = Some(300.0);
        assert_eq!(found(&parts, None), []);
        let fell = series("3271", Measure::RecoveredTotal, &[16_995.0, f64::NAN, 8_399.0]);
        assert_eq!(found(&fell, None)[0].3, "8399 < 16995 (2021-06-01)");
        // Another source's count is another matter.
        both[3].source = "province".to_owned();
        assert_eq!(found(&both, None), []);
    }

    #[test]
    fn places_add_up_or_the_rest_is_unidentified() {
        let mut all = series("32", Measure::CasesTotal, &[1_000.0, 1_100.0]);
        all.extend(series("3271", Measure::CasesTotal, &[400.0, 440.0]));
        all.extend(series("3201", Measure::CasesTotal, &[600.0, 620.0]));
        let asked = found(&all, None);
        assert_eq!(
            asked,
            [(DoubtKind::PlacesDisagree, "2021-06-02".to_owned(), 1, "Σ 2 = 1060 ≠ 1100".to_owned())]
        );
        all.extend(series("0000", Measure::CasesTotal, &[0.0, 40.0]));
        assert_eq!(found(&all, Some(5.0)), []);
        let asked = found(&all, Some(3.0));
        assert_eq!(
            asked,
            [(DoubtKind::UnidentifiedShare, "2021-06-02".to_owned(), 1, "40 / 1100 = 3.6% > 3%".to_owned())]
        );
    }

    #[test]
    fn days_of_nothing_amid_many_end_in_what_was_missed() {
        let ended = series("3271", Measure::Cases, &[100.0, 110.0, 90.0, 100.0, 0.0, 0.0, 250.0, 100.0]);
        assert_eq!(
            found(&ended, None),
            [(DoubtKind::ZeroRun, "2021-06-07".to_owned(), 3, "0 × 2, 250 ≥ 167".to_owned())]
        );
        let holiday = series("3271", Measure::Cases, &[100.0, 110.0, 90.0, 100.0, 0.0, 95.0, 100.0]);
        assert_eq!(found(&holiday, None), [], "nothing was let out late");
        let open = series("3271", Measure::Cases, &[100.0, 110.0, 90.0, 100.0, 0.0, 0.0]);
        assert_eq!(found(&open, None)[0].3, "0 × 2 < 100");
        let few = series("3271", Measure::Cases, &[10.0, 11.0, 9.0, 10.0, 0.0, 0.0, 29.0]);
        assert_eq!(found(&few, None), []);
    }

    #[test]
    fn a_running_total_that_stands_still_is_seen_after_three_days() {
        let still = |days: usize| {
            let mut totals: Vec<f64> = (0..8).map(|day| 1_000.0 + 50.0 * f64::from(day)).collect();
            totals.extend(vec![1_350.0; days]);
            found(&series("3271", Measure::CasesTotal, &totals), None)
                .into_iter()
                .filter(|doubt| doubt.0 == DoubtKind::FlatTotal)
                .collect::<Vec<_>>()
        };
        assert_eq!(still(2), []);
        assert_eq!(still(3), [(DoubtKind::FlatTotal, "2021-06-11".to_owned(), 3, "+0 × 3 < +50".to_owned())]);
    }

    #[test]
    fn only_what_was_known_by_then_is_doubted() {
        let mut figures = series("3271", Measure::Cases, &[40.0, 41.0, 38.0, 45.0, 40.0, 488.0]);
        let corrected =
            Observation { value: Some(48.0), as_of: Vintage::from_millis(9).unwrap(), ..figures[5].clone() };
        figures.push(corrected);
        assert_eq!(found(&figures, None), []);
        let places = Places { locations: &Locations::default(), unidentified: &BTreeMap::new() };
        assert_eq!(doubts(&figures, Vintage::from_millis(5), places).len(), 1);
    }
}
