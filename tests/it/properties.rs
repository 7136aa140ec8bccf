//! What must hold for any figures: counts add up, the past ignores the future, silence is never good news.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use siaga::assessment::{Orders, Standing, Step, assess};
use siaga::epi::{Estimate, IndicatorKind, Known, Status, Vintage};
use siaga::export::write_csv;
use siaga::indicator::{IndicatorTable, MethodParameters, compute_grid, recompute_grid_of};
use siaga::job::observation_table;
use siaga::observation::{
    Authority, Believing, EARLIEST, History, Observation, RawObservation, Snapshot, validate,
};

use crate::support::{bogor, case, locations, moment, parsed, policy, table, tidy};

const FIRST: NaiveDate = NaiveDate::from_ymd_opt(2021, 6, 1).unwrap();

fn day(offset: u64) -> NaiveDate {
    FIRST + Days::new(offset)
}

prop_compose! {
    fn figure()(
        measure in prop::sample::select(vec!["cases", "cases_total", "deaths", "active", "bed_occupancy_pct"]),
        offset in 0_u64..25,
        value in prop_oneof![(-5_i32..4000).prop_map(f64::from), Just(0.5)],
        known in 0_i64..40,
        days in prop_oneof![9 => Just(1_u32), 1 => Just(4_u32)],
    ) -> Observation {
        let as_of = moment("2021-06-01").moment() + chrono::Duration::hours(known * 24);
        Observation {
            location: bogor(),
            unit_id: None,
            measure: measure.parse().unwrap(),
            source: "dinkes".to_owned(),
            date: day(offset),
            days,
            value: Some(value),
            status: Status::Printed,
            as_of: Vintage::new(as_of),
            note: String::new(),
            address: String::new(),
        }
    }
}

/// How many figures there were, those that are believed, and what became of all.
fn believed(figures: Vec<Observation>) -> (usize, Vec<Observation>, siaga::observation::Validated) {
    let received = figures.len();
    let raw = |(observation, row)| RawObservation { row, observation };
    let rows = figures.into_iter().zip(2_u64..).map(raw).collect();
    let believing = Believing {
        received_at: moment("2021-07-20"),
        zone: chrono_tz::Asia::Jakarta,
        locations: &BTreeSet::new(),
        known_locations: None,
        known_units: None,
        residents: None,
        earliest: EARLIEST,
        may_fall: false,
    };
    let validated = validate(rows, &mut History::default(), &believing);
    (received, validated.accepted.iter().collect(), validated)
}

fn assessed(incidence: &[Option<f64>], beds: &[Option<f64>], standing: Option<&Standing>) -> (Step, Step) {
    let mut table = IndicatorTable::new(bogor(), FIRST, incidence.len());
    for (kind, values) in
        [(IndicatorKind::Incidence7dPer100k, incidence), (IndicatorKind::BedOccupancyPct, beds)]
    {
        for (index, value) in values.iter().enumerate() {
            if let Some(value) = value {
                let known = Known::plain(*value, Status::Printed, table.date(index));
                table.set(kind, index, Estimate::Known(known));
            }
        }
    }
    let (policy, orders, lineage) = (policy(), Orders::default(), [bogor()]);
    let (assessment, after) = assess(case(&policy, &table, &orders, &lineage), table.last(), standing);
    (assessment.step, after.target())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn received_is_accepted_and_unchanged_and_rejected(figures in prop::collection::vec(figure(), 0..60)) {
        let (received, accepted, validated) = believed(figures);
        let unchanged = usize::try_from(validated.unchanged).unwrap();
        prop_assert_eq!(received, accepted.len() + unchanged + validated.rejected.len());
    }

    #[test]
    fn an_exported_table_reads_back_and_changes_nothing(figures in prop::collection::vec(figure(), 1..40)) {
        let (_, accepted, _) = believed(figures);
        let mut csv = Vec::new();
        write_csv(&observation_table(&accepted), &mut csv).unwrap();
        let parsed = parsed(&csv, &tidy(), "2021-07-20").unwrap();
        prop_assert!(parsed.rejected.is_empty());
        let read: Vec<Observation> = parsed.rows.iter().collect();
        prop_assert_eq!(read, accepted);
    }

    #[test]
    fn as_of_the_past_ignores_the_future(figures in prop::collection::vec(figure(), 1..60)) {
        let as_of = moment("2021-06-15");
        let (_, all, _) = believed(figures.clone());
        let then: Vec<_> = figures.into_iter().filter(|figure| figure.as_of <= as_of).collect();
        prop_assume!(!then.is_empty());
        let (_, known, _) = believed(then);
        prop_assume!(!known.is_empty());
        let (whole, past) = (table(&all, Some(as_of)), table(&known, None));
        for kind in IndicatorKind::ALL {
            for index in 0..past.len {
                prop_assert_eq!(whole.at(*kind, past.date(index)), past.at(*kind, past.date(index)));
            }
        }
    }

    #[test]
    fn the_level_falls_by_one_step_at_most(
        incidence in prop::collection::vec(prop::option::weighted(0.8, 0.0_f64..300.0), 14),
        beds in prop::collection::vec(prop::option::weighted(0.5, 0.0_f64..110.0), 14),
        step in 0_u8..=4,
    ) {
        let standing = Standing::new(Step::try_from(step).unwrap(), FIRST);
        let (recommended, target) = assessed(&incidence, &beds, Some(&standing));
        prop_assert!(recommended >= policy().newest().lower(standing.step));
        prop_assert_eq!(recommended, target);
    }

    #[test]
    fn raising_an_adverse_indicator_never_lowers_the_step(
        incidence in prop::collection::vec(0.0_f64..300.0, 14),
        more in 0.0_f64..100.0,
        step in 0_u8..=4,
    ) {
        let standing = Standing::new(Step::try_from(step).unwrap(), FIRST);
        let known: Vec<_> = incidence.iter().copied().map(Some).collect();
        let worse: Vec<_> = incidence.iter().map(|value| Some(value + more)).collect();
        let nothing = vec![None; 14];
        let (before, _) = assessed(&known, &nothing, Some(&standing));
        let (after, _) = assessed(&worse, &nothing, Some(&standing));
        prop_assert!(after >= before);
    }

    #[test]
    fn silence_never_lowers_the_step_in_force(
        incidence in prop::collection::vec(prop::option::weighted(0.3, 0.0_f64..300.0), 11),
        step in 0_u8..=4,
    ) {
        // Nothing at all in the last three days.
        let mut silent = incidence;
        silent.extend([None, None, None]);
        let standing = Standing::new(Step::try_from(step).unwrap(), FIRST);
        let (recommended, _) = assessed(&silent, &vec![None; 14], Some(&standing));
        prop_assert!(recommended >= standing.step);
    }

    #[test]
    fn days_worked_out_anew_are_as_if_everything_were(
        figures in prop::collection::vec(figure(), 1..80),
        more in prop::collection::vec(figure(), 1..6),
    ) {
        let (_, then, _) = believed(figures.clone());
        let (_, now, _) = believed(figures.into_iter().chain(more).collect());
        let grid = |figures: &[Observation]| {
            let snapshot = Snapshot::new(figures, None, &Authority::default()).unwrap();
            snapshot.grids(None).unwrap().into_iter().next()
        };
        let (Some(before), Some(after)) = (grid(&then), grid(&now)) else { return Ok(()) };
        let (locations, method) = (locations(), MethodParameters::default());
        let kept = compute_grid(&before, &locations, &method);
        let again = recompute_grid_of((&before, &kept), &after, (&locations, &method), IndicatorKind::ALL);
        let whole = compute_grid(&after, &locations, &method);
        for kind in IndicatorKind::ALL {
            prop_assert_eq!(again.column(*kind), whole.column(*kind), "{}", kind);
        }
    }
}

#[test]
fn a_new_day_gives_the_day_before_its_ratio() {
    // The seven-day ratio of a day is told with the next day's figure.
    let cases = |days: u64| -> Vec<Observation> {
        let lines = (0..days).map(|offset| format!("{},3271,cases,{}\n", day(offset), 10 + offset));
        let csv = format!("date,location,measure,value\n{}", lines.collect::<String>());
        parsed(csv.as_bytes(), &tidy(), "2021-07-20").unwrap().rows.iter().collect()
    };
    let grid = |days: u64| {
        let snapshot = Snapshot::new(&cases(days), None, &Authority::default()).unwrap();
        snapshot.grids(None).unwrap().into_iter().next().unwrap()
    };
    let (locations, method) = (locations(), MethodParameters::default());
    let (before, after) = (grid(20), grid(21));
    let kept = compute_grid(&before, &locations, &method);
    let again = recompute_grid_of((&before, &kept), &after, (&locations, &method), IndicatorKind::ALL);
    assert!(matches!(kept.at(IndicatorKind::RtRatio, day(19)), Estimate::Missing(_)));
    assert!(matches!(again.at(IndicatorKind::RtRatio, day(19)), Estimate::Known(_)));
}
