//! The levels on Kota Bogor's printed figures: the table of docs/levels-june-2021.md, day by day.

use chrono::NaiveDate;
use siaga::assessment::{Assessment, Orders, Verdict, assess, assess_on};
use siaga::city::parse_orders;
use siaga::epi::{IndicatorKind, Missing};

use crate::support::{bogor, case, checkout, moment, policy, printed, table};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// On everything known today, the days before assessed first, no higher order loaded.
fn on_final_data(date: &str) -> Assessment {
    let (policy, table, orders, lineage) = (policy(), table(&printed(), None), Orders::default(), [bogor()]);
    assess_on(case(&policy, &table, &orders, &lineage), day(date))
}

fn value(assessment: &Assessment, name: &str) -> Option<f64> {
    assessment.indicators[name].value
}

fn firing(assessment: &Assessment, step: u8) -> Vec<&str> {
    let called = |s: siaga::assessment::Step| s.number() == step;
    assessment.rules.iter().filter(|r| r.step.is_some_and(called)).map(|r| r.id.as_str()).collect()
}

#[test]
fn the_printed_totals_give_the_weeks_and_steps_worked_out_by_hand() {
    for (date, cases, per_100k, step, decides) in [
        ("2021-06-20", 1_030.0, 98.7, 3, "R1"),
        ("2021-06-21", 1_153.0, 110.5, 3, "R1"),
        ("2021-06-22", 1_310.0, 125.6, 3, "R1"),
        ("2021-06-23", 1_523.0, 146.0, 3, "R1"),
        ("2021-06-27", 1_833.0, 175.7, 4, "R2"),
        ("2021-06-28", 2_083.0, 199.7, 4, "R2"),
        ("2021-07-05", 2_649.0, 254.0, 4, "R2"),
        ("2021-07-13", 3_402.0, 326.2, 4, "R2"),
    ] {
        let assessment = on_final_data(date);
        assert_eq!(value(&assessment, "cases_7d"), Some(cases), "{date}");
        let incidence = value(&assessment, "incidence_7d_per_100k").unwrap();
        assert!((incidence - per_100k).abs() < 0.05, "{date}: {incidence}");
        assert_eq!(assessment.step.number(), step, "{date}");
        assert_eq!(assessment.deciding_rule.as_deref(), Some(decides), "{date}");
    }
}

#[test]
fn on_18_may_with_nothing_in_force_before_the_step_is_1() {
    let (policy, table, orders, lineage) = (policy(), table(&printed(), None), Orders::default(), [bogor()]);
    let (assessment, _) = assess(case(&policy, &table, &orders, &lineage), day("2021-05-18"), None);
    assert_eq!(value(&assessment, "cases_7d"), Some(129.0));
    assert!((value(&assessment, "incidence_7d_per_100k").unwrap() - 12.4).abs() < 0.05);
    assert_eq!((assessment.step.number(), assessment.deciding_rule.as_deref()), (1, Some("R1")));
}

#[test]
fn growth_of_the_weeks_to_27_and_28_june_is_the_one_reported() {
    let (seventy_eight, eighty_one) = (on_final_data("2021-06-27"), on_final_data("2021-06-28"));
    assert_eq!(value(&seventy_eight, "growth_pct").map(f64::round), Some(78.0));
    assert_eq!(value(&eighty_one, "growth_pct").map(f64::round), Some(81.0));
    assert_eq!(
        firing(&seventy_eight, 4),
        ["R2", "R3"],
        "all that tie are named, the first in the file decides"
    );
}

#[test]
fn days_without_a_total_are_missing_with_the_reason_and_hold_the_step() {
    for date in ["2021-06-24", "2021-06-25", "2021-06-26"] {
        let assessment = on_final_data(date);
        assert_eq!(value(&assessment, "cases_7d"), None, "{date}");
        assert_eq!(assessment.indicators["cases_7d"].reason, Some(Missing::WeekIncomplete), "{date}");
        assert_eq!((assessment.step.number(), assessment.verdict), (3, Verdict::NotAssessable), "{date}");
        assert_eq!(assessment.level, "not_assessable");
    }
}

#[test]
fn on_the_day_itself_27_june_was_not_yet_assessable() {
    let (policy, orders, lineage) = (policy(), Orders::default(), [bogor()]);
    let known_then = table(&printed(), Some(moment("2021-06-27")));
    let assessment = assess_on(case(&policy, &known_then, &orders, &lineage), day("2021-06-27"));
    assert_eq!((assessment.step.number(), assessment.verdict), (3, Verdict::NotAssessable));
    let known_later = table(&printed(), Some(moment("2021-06-28")));
    let assessment = assess_on(case(&policy, &known_later, &orders, &lineage), day("2021-06-27"));
    assert_eq!((assessment.step.number(), assessment.verdict), (4, Verdict::Raise));
}

#[test]
fn on_5_july_the_centre_supersedes_and_our_own_verdict_is_extend() {
    let text = std::fs::read_to_string(checkout("data/order/indonesia.csv")).unwrap();
    let (policy, table, orders, lineage) =
        (policy(), table(&printed(), None), parse_orders(&text).unwrap(), [bogor()]);
    let assessment = assess_on(case(&policy, &table, &orders, &lineage), day("2021-07-05"));
    assert_eq!((assessment.verdict, assessment.own_verdict), (Verdict::Superseded, Verdict::Extend));
    assert_eq!((assessment.step.number(), assessment.deciding_rule.as_deref()), (4, Some("R2")));
    assert!(assessment.ceiling.is_some_and(|ceiling| ceiling.pct == 0 && ceiling.source.contains("15/2021")));
}

#[test]
fn the_printed_week_of_september_is_normal_by_our_rules_and_superseded_by_level_3() {
    let (policy, table, lineage) = (policy(), table(&printed(), None), [bogor()]);
    let (date, none) = (day("2021-09-26"), Orders::default());
    let (own, _) = assess(case(&policy, &table, &none, &lineage), date, None);
    assert_eq!(value(&own, "cases_7d"), Some(43.0));
    assert!((value(&own, "incidence_7d_per_100k").unwrap() - 4.1).abs() < 0.05);
    assert_eq!((own.step.number(), own.deciding_rule), (0, None));
    let text = std::fs::read_to_string(checkout("data/order/indonesia.csv")).unwrap();
    let orders = parse_orders(&text).unwrap();
    let (bound, _) = assess(case(&policy, &table, &orders, &lineage), date, None);
    assert_eq!((bound.step.number(), bound.verdict), (4, Verdict::Superseded));
    assert_eq!(bound.deciding_rule.as_deref(), Some("R7"));
}

#[test]
fn asn_is_a_range_with_its_reason_on_28_june() {
    let assessment = on_final_data("2021-06-28");
    let fortnight = &assessment.indicators["staff_cases_14d"];
    assert_eq!((fortnight.value, fortnight.lower, fortnight.upper), (None, Some(15.0), Some(42.0)));
    assert_eq!(fortnight.reason, Some(Missing::UnknownStart));
    let total = &assessment.indicators["staff_prevalence_total_pct"];
    assert!((total.value.unwrap() - 0.660).abs() < 5e-4);
    assert!((total.lower.unwrap() - 0.489).abs() < 5e-4 && (total.upper.unwrap() - 0.891).abs() < 5e-4);
}

#[test]
fn the_correction_of_27_june_reads_as_it_was_known() {
    let active = |as_of: &str| {
        let as_of = moment(as_of);
        let known: Vec<_> = printed()
            .into_iter()
            .filter(|o| o.measure.name() == "active" && o.date == day("2021-06-27") && o.as_of <= as_of)
            .collect();
        known.iter().max_by_key(|o| o.as_of).and_then(|o| o.value)
    };
    assert_eq!(active("2021-06-28T12:00:00+07:00"), Some(3_023.0));
    assert_eq!(active("2021-06-28"), Some(3_003.0));
    assert_eq!(active("2021-06-27"), None);
}

#[test]
fn every_indicator_has_a_value_or_a_reason() {
    let assessment = on_final_data("2021-06-28");
    assert_eq!(assessment.indicators.len(), IndicatorKind::ALL.len());
    for (name, report) in &assessment.indicators {
        assert!(report.value.is_some() != report.reason.is_some(), "{name}");
    }
}
