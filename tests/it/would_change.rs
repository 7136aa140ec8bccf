//! What would change the level: every condition is told with its value, and when all of them hold the level does move.

use std::collections::BTreeMap;

use chrono::{Duration, NaiveDate};
use proptest::prelude::*;
use siaga::assessment::{
    Assessment, Bound, Change, Compared, Direction, FindingStatus, Orders, Policy, PolicyBook, Requirement,
    Rule, RuleKind, Standing, Step, Verdict, assess, assess_on,
};
use siaga::disclosure::{Audience, disclose_assessment};
use siaga::epi::{Estimate, IndicatorKind, Interval, Known, Spread, Status};
use siaga::indicator::IndicatorTable;
use siaga::job::load_policies;
use siaga::text::{Locale, Phrases, change_line};

use crate::support::{bogor, case, policy, printed, table};

/// A Tuesday: the only day on which some policies move.
const DAY: NaiveDate = NaiveDate::from_ymd_opt(2021, 6, 22).unwrap();
/// Long enough for every policy to look back.
const DAYS: usize = 60;

fn said(assessment: &Assessment, policies: &PolicyBook, locale: Locale) -> Vec<String> {
    let policy = policies.on(assessment.date);
    let line = |change: &Change| change_line(change, policy, Phrases::new(locale));
    assessment.would_change.iter().map(line).collect()
}

/// On the printed figures, everything known today.
fn in_june(date: &str) -> Assessment {
    let (policy, table, orders, lineage) = (policy(), table(&printed(), None), Orders::default(), [bogor()]);
    assess_on(case(&policy, &table, &orders, &lineage), date.parse().unwrap())
}

/// What is known of an indicator: value, lower and upper bound.
type Told = (f64, Option<Interval>);

/// The same values on every day.
fn steady(values: &BTreeMap<IndicatorKind, Told>) -> IndicatorTable {
    let first = DAY - Duration::days(i64::try_from(DAYS).unwrap() - 1);
    let mut table = IndicatorTable::new(bogor(), first, DAYS);
    table.population = Some(1_043_070.0);
    for (kind, (value, bounds)) in values {
        for index in 0..DAYS {
            let spread = bounds.map_or(Spread::None, Spread::Bounds);
            let known = Known { value: *value, spread, status: Status::Printed, date: table.date(index) };
            table.set(*kind, index, Estimate::Known(known));
        }
    }
    table
}

fn of_values(
    policies: &PolicyBook,
    values: &BTreeMap<IndicatorKind, Told>,
    standing: Option<&Standing>,
) -> (Assessment, Standing) {
    let (table, orders, lineage) = (steady(values), Orders::default(), [bogor()]);
    assess(case(policies, &table, &orders, &lineage), DAY, standing)
}

fn plain(values: &[(IndicatorKind, f64)]) -> BTreeMap<IndicatorKind, Told> {
    values.iter().map(|(kind, value)| (*kind, (*value, None))).collect()
}

#[test]
fn the_sentences_of_june_name_every_condition_with_its_value() {
    let june = |day: u32, locale| said(&in_june(&format!("2021-06-{day}")), &policy(), locale);
    assert_eq!(
        june(20, Locale::Id),
        [
            "R2: naik ke WFH 100% bila kasus per 100.000 dalam 7 hari sedikitnya 150 (kini 98,7, kurang 535 kasus pekan ini) dan pertumbuhan mingguan (rasio) tidak diketahui (memang demikian)",
            "R3: naik ke WFH 100% bila keterisian tempat tidur (BOR) di atas 80% (kini 77,6%) dan kasus per 100.000 dalam 7 hari sedikitnya 100 (kini 98,7, kurang 14 kasus pekan ini)",
            "R6: naik ke WFH 100% bila unit dengan klaster sedikitnya 5 (tidak diketahui) dan ASN positif 14 hari sedikitnya 0,50% (tidak diketahui) dan kasus per 100.000 dalam 7 hari sedikitnya 50 (sudah 98,7)",
            "R9: naik ke WFH 100% bila salah satu dari kematian per 100.000 dalam 7 hari sedikitnya 5 (tidak diketahui) atau rawat inap baru per 100.000 dalam 7 hari sedikitnya 30 (tidak diketahui), dan kasus per 100.000 dalam 7 hari sedikitnya 100 (kini 98,7, kurang 14 kasus pekan ini)",
            "R1: untuk turun ke Parsial 50 perlu kasus per 100.000 dalam 7 hari di bawah 40 (kini 98,7) selama 7 hari berturut-turut (sudah 0)",
            "R2: untuk turun ke Parsial 50 perlu kasus per 100.000 dalam 7 hari di bawah 120 (sudah 98,7) selama 7 hari berturut-turut (sudah 1)",
            "R3: untuk turun ke Parsial 50 perlu keterisian tempat tidur (BOR) di bawah 75% (kini 77,6%) selama 7 hari berturut-turut (sudah 0)",
            "untuk turun ke Parsial 50 perlu pertumbuhan mingguan (rasio) di bawah 1,00 (tidak diketahui)",
        ]
    );
    assert_eq!(
        june(22, Locale::En)[..3],
        [
            "R2: up to WFH 100% if cases per 100,000 in 7 days at least 150 (now 125.6, 255 cases short this week) and weekly growth (ratio) unknown (as it is)",
            "R3: up to WFH 100% if bed occupancy (BOR) above 80% (now 78%) and cases per 100,000 in 7 days at least 100 (already 125.6)",
            "R6: up to WFH 100% if units with a cluster at least 5 (not known) and staff positive, 14 days at least 0.50% (now 0.00%–0.42%) and cases per 100,000 in 7 days at least 50 (already 125.6)",
        ]
    );
    assert_eq!(
        june(22, Locale::Id)[1],
        "R3: naik ke WFH 100% bila keterisian tempat tidur (BOR) di atas 80% (kini 78%) dan kasus per 100.000 dalam 7 hari sedikitnya 100 (sudah 125,6)"
    );
    assert_eq!(
        june(28, Locale::En),
        [
            "R2: down to Partial 25 takes cases per 100,000 in 7 days below 120 (now 199.7) and weekly growth (ratio) below 1.00 (now 1.81), for 7 days in a row (0 so far)",
            "R3: down to Partial 25 takes bed occupancy (BOR) below 75% (now 81.6%) or cases per 100,000 in 7 days below 80 (now 199.7), for 7 days in a row (0 so far)",
            "down to Partial 25 takes weekly growth (ratio) below 1.00 (now 1.81)",
        ]
    );
    assert_eq!(
        june(28, Locale::Id)[0],
        "R2: untuk turun ke Parsial 25 perlu kasus per 100.000 dalam 7 hari di bawah 120 (kini 199,7) dan pertumbuhan mingguan (rasio) di bawah 1,00 (kini 1,81) selama 7 hari berturut-turut (sudah 0)"
    );
}

#[test]
fn packs_of_other_authorities_say_their_alternatives_and_their_days() {
    use IndicatorKind as K;
    let values = plain(&[
        (K::CasesMean7dPer100k, 5.0),
        (K::Incidence7dPer100k, 35.0),
        (K::Incidence14dPer100k, 60.0),
        (K::Rt, 1.05),
        (K::Positivity7dPct, 0.5),
        (K::IcuOccupancyPct, 60.0),
        (K::BedOccupancyPct, 8.0),
        (K::Admissions7dPer100k, 6.0),
    ]);
    let of = |id: &str, locale| {
        let policies = load_policies(id).unwrap();
        said(&of_values(&policies, &values, None).0, &policies, locale)
    };
    // Intensive care has no say in the level: it is not named. 1.05 is not told as 1.1.
    assert_eq!(
        of("covid-act-now", Locale::En),
        [
            "cases_mean_7d_per_100k: up to High if 7-day mean per 100,000 above 10 (now 5)",
            "rt: up to High if reproduction number (Rt) above 1.1 (now 1.050)",
            "positivity_7d_pct: up to High if test positivity above 10% (now 0.5%)",
        ]
    );
    assert_eq!(
        of("cdc-community-levels-2022", Locale::Id),
        [
            "admissions_7d_per_100k: naik ke Sedang bila rawat inap baru per 100.000 dalam 7 hari sedikitnya 10 (kini 6) atau kasus per 100.000 dalam 7 hari sedikitnya 200 (kini 35, kurang 1722 kasus pekan ini)",
            "bed_occupancy_pct: naik ke Sedang bila keterisian tempat tidur (BOR) sedikitnya 10% (kini 8%) atau kasus per 100.000 dalam 7 hari sedikitnya 200 (kini 35, kurang 1722 kasus pekan ini)",
        ]
    );
    assert_eq!(
        of("ecdc-traffic-light", Locale::En),
        [
            "colour: up to Orange if cases per 100,000 in 14 days at least 75 (now 60) and test positivity known (as it is), or cases per 100,000 in 14 days at least 50 (already 60) and test positivity at least 1% (now 0.5%), or test positivity at least 4% (now 0.5%)",
        ]
    );
    let california = load_policies("california-blueprint-2020").unwrap();
    let standing = Standing::new(Step::try_from(3).unwrap(), DAY - Duration::days(50));
    assert_eq!(
        said(&of_values(&california, &values, Some(&standing)).0, &california, Locale::En),
        [
            "cases_mean_7d_per_100k: up to Purple: widespread if 7-day mean per 100,000 above 7 (now 5), for 2 days of evaluation in a row",
            "positivity_7d_pct: up to Purple: widespread if test positivity above 8% (now 0.5%), for 2 days of evaluation in a row",
            "cases_mean_7d_per_100k: down to Orange: moderate takes 7-day mean per 100,000 below 4 (now 5), for 2 days of evaluation in a row (0 so far)",
        ]
    );
}

/// A policy of one rule.
fn of_rule(enter: &str) -> PolicyBook {
    let text = format!(
        "id = \"nested\"\nversion = \"1\"\nvalid_from = \"2020-01-01\"\ntitle = {{ id = \"n\", en = \"n\" }}\n\
         [[step]]\nstep = 0\nlevel = \"low\"\nname = {{ id = \"Rendah\", en = \"Low\" }}\n\
         [[step]]\nstep = 2\nlevel = \"high\"\nname = {{ id = \"Tinggi\", en = \"High\" }}\n\
         [movement]\nmemory = false\n\
         [[rule]]\nid = \"N1\"\ntitle = {{ id = \"n\", en = \"n\" }}\nsource = \"own\"\nindicator = \"rt\"\n\
         [[rule.step]]\nstep = 2\nenter = {enter}\n"
    );
    PolicyBook::new(vec![Policy::parse(&text).unwrap()]).unwrap()
}

#[test]
fn conditions_within_conditions_are_bracketed_and_never_read_in_two_ways() {
    use IndicatorKind as K;
    let policies = of_rule(
        "{ all = [ { indicator = \"rt\", above = 1 }, { any = [ { indicator = \"zone\", at_least = 3 }, \
         { all = [ { known = \"positivity_7d_pct\" }, { any = [ { indicator = \"growth_ratio\", bound = \"lower\", above = 1.1 }, \
         { indicator = \"cases_7d\", at_most = 2 } ] } ] } ] } ] }",
    );
    let values = plain(&[(K::Rt, 1.2), (K::Zone, 2.0), (K::Cases7d, 5.0)]);
    assert_eq!(
        said(&of_values(&policies, &values, None).0, &policies, Locale::En),
        [
            "N1: up to High if reproduction number (Rt) above 1 (already 1.2), and either official risk zone at least red (now orange), \
             or [test positivity known (not so now), and [either lower bound of weekly growth (ratio) above 1.10 (not known) or cases in 7 days at most 2 (now 5)]]"
        ]
    );
    // Of alternatives the one that holds is enough, and says the rest.
    let values = plain(&[(K::Rt, 0.8), (K::Zone, 3.0), (K::Cases7d, 5.0)]);
    assert_eq!(
        said(&of_values(&policies, &values, None).0, &policies, Locale::Id),
        [
            "N1: naik ke Tinggi bila angka reproduksi (Rt) di atas 1 (kini 0,8) dan zona risiko resmi sedikitnya merah (sudah merah)"
        ]
    );
    // The key that older readers know tells what is left, not what is met.
    let values = plain(&[(K::Rt, 1.2), (K::Zone, 2.0)]);
    let left = &of_values(&policies, &values, None).0.would_change[0];
    assert_eq!((left.indicator, left.threshold, left.value), (K::Zone, 3.0, Some(2.0)));
}

#[test]
fn a_rule_whose_own_value_is_over_its_threshold_still_says_what_else_it_asks() {
    use IndicatorKind as K;
    let values = plain(&[(K::Incidence7dPer100k, 90.0), (K::BedOccupancyPct, 85.0)]);
    let (made, _) = of_values(&policy(), &values, None);
    let change = made.would_change.iter().find(|change| change.rule == "R3").unwrap();
    assert_eq!((change.indicator, change.threshold, change.step.number()), (K::Incidence7dPer100k, 100.0, 4));
    let met: Vec<Option<bool>> = change.conditions.iter().map(Requirement::met).collect();
    assert_eq!(met, [Some(true), Some(false)]);
    // One week of fast growth takes R4 with it: the next step of R1 is not the nearest that it may come to.
    let values = plain(&[(K::Incidence7dPer100k, 15.0), (K::GrowthRatio, 1.6), (K::Cases7d, 156.0)]);
    let bounds = Some(Interval { lower: 1.3, upper: 1.9 });
    let values = values.into_iter().map(|(kind, (value, _))| (kind, (value, bounds))).collect();
    let (made, _) = of_values(&policy(), &values, None);
    let change = made.would_change.iter().find(|change| change.rule == "R1").unwrap();
    assert_eq!((made.step.number(), change.step.number(), change.threshold), (2, 3, 20.0));
}

#[test]
fn what_a_reader_may_not_see_of_staff_is_in_no_condition() {
    use IndicatorKind as K;
    let values =
        plain(&[(K::Incidence7dPer100k, 60.0), (K::UnitClusters, 4.0), (K::StaffPrevalence14dPct, 0.3)]);
    let policies = policy();
    let (made, _) = of_values(&policies, &values, None);
    let shown = |audience: &Audience| disclose_assessment(made.clone(), policies.on(DAY), audience);
    let to = |assessment: &Assessment| -> Vec<String> {
        said(assessment, &policies, Locale::En)
            .into_iter()
            .filter(|line| line.starts_with("R6: up"))
            .collect()
    };
    let whole = "R6: up to WFH 100% if units with a cluster at least 5 (now 4) and staff positive, 14 days at least 0.50% (now 0.30%) \
                 and cases per 100,000 in 7 days at least 50 (already 60)";
    assert_eq!(to(&shown(&Audience::unsuppressed())), [whole]);
    assert_eq!(to(&shown(&Audience::executive())), [whole.replace("now 4)", "withheld)")]);
    assert_eq!(to(&shown(&Audience::government())), [""; 0]);
    // In rows of another version of the policy nothing but the conditions says what a rule is about.
    let mut earlier = made.clone();
    earlier.policy.version = "0".to_owned();
    let kept = disclose_assessment(earlier, policies.on(DAY), &Audience::public());
    let is_of_staff = |change: &Change| change.rule == "R6";
    assert!(!kept.would_change.iter().any(is_of_staff), "{:?}", kept.would_change);
}

#[test]
fn an_evaluation_kept_before_conditions_were_told_is_read_and_said() {
    let made = in_june("2021-06-22");
    let mut kept = serde_json::to_value(&made).unwrap();
    for change in kept["would_change"].as_array_mut().unwrap() {
        assert!(change.as_object_mut().unwrap().remove("conditions").is_some());
    }
    let read: Assessment = serde_json::from_value(kept).unwrap();
    assert!(read.would_change.iter().all(|change| change.conditions.is_empty()));
    assert_eq!(
        said(&read, &policy(), Locale::En)[0],
        "R2: 255 more cases this week would raise it to WFH 100% (cases per 100,000 in 7 days at least 150)"
    );
    let whole: Assessment = serde_json::from_str(&serde_json::to_string(&made).unwrap()).unwrap();
    assert_eq!(whole, made, "and what is kept now reads back whole");
}

/// Moves values until a condition holds, and no farther than needed; of alternatives the `nth`.
fn satisfy(condition: &Requirement, values: &mut BTreeMap<IndicatorKind, Told>, nth: usize) {
    match condition {
        Requirement::All { all, .. } => all.iter().for_each(|part| satisfy(part, values, nth)),
        Requirement::Any { any, .. } => satisfy(&any[nth % any.len()], values, nth),
        Requirement::Known { indicator, known: true, .. } => {
            values.entry(*indicator).or_insert((0.0, None));
        }
        Requirement::Known { indicator, known: false, .. } => {
            values.remove(indicator);
        }
        Requirement::Compare(compared) => reach(compared, values),
    }
}

fn reach(compared: &Compared, values: &mut BTreeMap<IndicatorKind, Told>) {
    let (is_upward, to) = match compared.sign.as_str() {
        "≥" => (true, compared.threshold),
        ">" => (true, compared.threshold + 0.01),
        "<" => (false, compared.threshold - 0.01),
        _ => (false, compared.threshold),
    };
    let (value, bounds) = values.get(&compared.indicator).copied().unwrap_or((to, None));
    let moved = |from: f64| if is_upward { from.max(to) } else { from.min(to) };
    let mut end = bounds.unwrap_or(Interval { lower: value, upper: value });
    let value = match compared.bound {
        Bound::Value => moved(value),
        Bound::Lower => {
            end.lower = moved(end.lower);
            value.max(end.lower)
        }
        Bound::Upper => {
            end.upper = moved(end.upper);
            value.min(end.upper)
        }
    };
    let bounds = Interval { lower: end.lower.min(value), upper: end.upper.max(value) };
    values.insert(compared.indicator, (value, Some(bounds)));
}

const PACKS: [&str; 11] = [
    "austin-2020",
    "bundesnotbremse-2021",
    "california-blueprint-2020",
    "cdc-community-levels-2022",
    "cdc-transmission-2021",
    "covid-act-now",
    "ecdc-traffic-light",
    "harvard-2020",
    "kmk-4805-2021",
    "kota-bogor",
    "se-menpanrb",
];

/// Values of what a policy reads: so many times the highest threshold that it holds them against.
fn scaled(policies: &PolicyBook, factors: &[Option<f64>]) -> BTreeMap<IndicatorKind, Told> {
    let conditions = |rule: &Rule| match &rule.kind {
        RuleKind::Steps(steps) => steps.iter().map(|step| step.enter.clone()).collect(),
        RuleKind::Above { enter, .. } => vec![enter.clone()],
        RuleKind::Order | RuleKind::Dated(_) => Vec::new(),
    };
    let policy = policies.on(DAY);
    let all: Vec<_> = policy.rules.iter().flat_map(conditions).flat_map(|c| c.comparisons()).collect();
    let top =
        |kind| all.iter().filter(|(own, _)| *own == kind).map(|(_, c)| c.threshold()).fold(1.0, f64::max);
    let kinds = policy.indicators().into_iter().zip(factors.iter().cycle());
    kinds.filter_map(|(kind, factor)| Some((kind, ((*factor)? * top(kind), None)))).collect()
}

/// Those of them whose level stays until it may be lowered.
const WITH_MEMORY: [&str; 4] =
    ["austin-2020", "bundesnotbremse-2021", "california-blueprint-2020", "kota-bogor"];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(128) })]

    #[test]
    fn when_every_condition_of_a_raise_holds_the_rule_fires_and_the_level_is_there(
        pack in prop::sample::select(&PACKS[..]),
        factors in prop::collection::vec(prop::option::weighted(0.8, 0.0_f64..1.2), 13),
        nth in 0_usize..4,
    ) {
        let policies = load_policies(pack).unwrap();
        let values = scaled(&policies, &factors);
        let (before, standing) = of_values(&policies, &values, None);
        for change in before.would_change.iter().filter(|change| change.direction == Direction::Raise) {
            let mut met = values.clone();
            change.conditions.iter().for_each(|condition| satisfy(condition, &mut met, nth));
            prop_assert!(met != values, "{pack} {}: it holds already", change.rule);
            let (then, after) = of_values(&policies, &met, Some(&standing));
            let rule = then.rules.iter().find(|rule| rule.id == change.rule).unwrap();
            prop_assert_eq!(rule.status, FindingStatus::Fires, "{} {}", pack, rule.id);
            prop_assert!(after.target().max(then.step) >= change.step, "{pack} {change:?}: {}", then.step);
        }
    }

    #[test]
    fn when_everything_holds_that_a_lower_level_takes_it_is_lowered(
        pack in prop::sample::select(&WITH_MEMORY[..]),
        factors in prop::collection::vec(prop::option::weighted(0.8, 0.0_f64..0.9), 13),
        step in 2_u8..=4,
        nth in 0_usize..4,
    ) {
        let policies = load_policies(pack).unwrap();
        let standing = Standing::new(Step::try_from(step).unwrap(), DAY - Duration::days(50));
        let step = policies.on(DAY).step(standing.step).step;
        let values = scaled(&policies, &factors);
        let (before, after) = of_values(&policies, &values, Some(&standing));
        // A level that cannot be told is not lowered whatever else holds, and one that moves today is weighed anew.
        let is_held = after.target() == step && before.verdict != Verdict::NotAssessable;
        let lowers: Vec<&Change> =
            before.would_change.iter().filter(|change| change.direction == Direction::Lower).collect();
        prop_assume!(is_held && !lowers.is_empty());
        let mut met = values.clone();
        lowers.iter().flat_map(|change| &change.conditions).for_each(|condition| satisfy(condition, &mut met, nth));
        let (_, then) = of_values(&policies, &met, Some(&Standing { since: standing.since, ..after }));
        prop_assert!(then.target() <= lowers[0].step, "{pack} {lowers:#?}: {}", then.target());
    }
}
