//! The stories of `tests/scenarios/`: indicator values in, step and reasons out. A policy dispute becomes a new file.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Deserialize;
use siaga::assessment::{Assessment, FindingStatus, Order, Orders, Standing, Step, assess};
use siaga::epi::{Estimate, IndicatorKind, Interval, Known, Spread, Status};
use siaga::indicator::{IndicatorTable, growth_ratio};

use crate::support::{bogor, case, checkout, policy};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Scenario {
    story: String,
    /// The day assessed.
    date: NaiveDate,
    /// The first day of the table.
    from: NaiveDate,
    in_force: Option<InForce>,
    /// Values on every day up to the last one known.
    #[serde(default)]
    every_day: BTreeMap<String, f64>,
    /// Values from this day back are known; later ones are not.
    last_known: Option<NaiveDate>,
    /// Values of single days, over the others.
    #[serde(default)]
    on: BTreeMap<String, BTreeMap<String, f64>>,
    /// Days on which nothing is known.
    #[serde(default)]
    unknown: Vec<NaiveDate>,
    #[serde(default)]
    order: Vec<OrderFile>,
    expect: Expect,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct InForce {
    step: u8,
    since: NaiveDate,
    /// Called for already, in effect later.
    next: Option<u8>,
    next_from: Option<NaiveDate>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OrderFile {
    instrument: String,
    from: NaiveDate,
    to: NaiveDate,
    at_the_office_pct: u8,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    step: u8,
    verdict: String,
    own_verdict: Option<String>,
    decides: Option<String>,
    #[serde(default)]
    fires: Vec<String>,
    #[serde(default)]
    not_assessed: Vec<String>,
    effective_from: Option<NaiveDate>,
}

const POPULATION: f64 = 1_043_070.0;

fn known(value: f64, date: NaiveDate, interval: Option<Interval>) -> Estimate {
    let spread = interval.map_or(Spread::None, Spread::Bounds);
    Estimate::Known(Known { value, spread, status: Status::Printed, date })
}

/// Sets a day's values; what follows from two of them by arithmetic is worked out as the program does.
fn set_day(table: &mut IndicatorTable, index: usize, values: &BTreeMap<String, f64>) {
    let date = table.date(index);
    for (name, value) in values {
        let kind: IndicatorKind = name.parse().unwrap_or_else(|error| panic!("{error}"));
        table.set(kind, index, known(*value, date, None));
    }
    let given = |kind: IndicatorKind| values.get(kind.name()).copied();
    if let Some(cases) = given(IndicatorKind::Cases7d) {
        table.set(IndicatorKind::Incidence7dPer100k, index, known(1e5 * cases / POPULATION, date, None));
        if let Some(before) = given(IndicatorKind::CasesPrev7d) {
            let growth = growth_ratio(&known(cases, date, None), &known(before, date, None), 5.0);
            table.set(IndicatorKind::GrowthRatio, index, growth);
        }
    }
    if let (Some(incidence), Some(growth)) =
        (given(IndicatorKind::Incidence7dPer100k), given(IndicatorKind::GrowthRatio))
    {
        let cases = incidence * POPULATION / 1e5;
        let week = growth_ratio(&known(cases, date, None), &known(cases / growth, date, None), 5.0);
        table.set(IndicatorKind::Cases7d, index, known(cases, date, None));
        table.set(
            IndicatorKind::GrowthRatio,
            index,
            known(
                growth,
                date,
                week.lower().zip(week.upper()).map(|(lower, upper)| Interval { lower, upper }),
            ),
        );
    }
}

fn told(scenario: &Scenario) -> Assessment {
    let length = usize::try_from((scenario.date - scenario.from).num_days()).unwrap() + 1;
    let mut table = IndicatorTable::new(bogor(), scenario.from, length);
    table.population = Some(POPULATION);
    let last_known = scenario.last_known.unwrap_or(scenario.date);
    for index in 0..length {
        let date = table.date(index);
        if date > last_known || scenario.unknown.contains(&date) {
            continue;
        }
        let mut values = scenario.every_day.clone();
        values.extend(scenario.on.get(&date.to_string()).cloned().unwrap_or_default());
        set_day(&mut table, index, &values);
    }
    let orders = scenario.order.iter().map(|order| Order {
        id: order.instrument.clone(),
        location: bogor(),
        valid_from: order.from,
        valid_to: Some(order.to),
        zones: Vec::new(),
        wfo_non_service_pct: Some(order.at_the_office_pct),
        wfo_essential_pct: None,
        wfo_critical_pct: None,
        instrument: order.instrument.clone(),
        source: String::new(),
    });
    let (policy, orders, lineage) = (policy(), Orders::new(orders.collect()), [bogor()]);
    let step = |number: u8| Step::try_from(number).unwrap();
    let standing = scenario.in_force.as_ref().map(|s| Standing {
        next: s.next.map(step).zip(s.next_from),
        ..Standing::new(step(s.step), s.since)
    });
    assess(case(&policy, &table, &orders, &lineage), scenario.date, standing.as_ref()).0
}

fn check(name: &str, scenario: &Scenario) {
    let (got, expect) = (told(scenario), &scenario.expect);
    let about = format!("{name}: {}", scenario.story);
    assert_eq!(got.step.number(), expect.step, "step of {about}");
    assert_eq!(got.verdict.as_str(), expect.verdict, "verdict of {about}");
    if let Some(own) = &expect.own_verdict {
        assert_eq!(got.own_verdict.as_str(), own, "own verdict of {about}");
    }
    if expect.decides.is_some() {
        assert_eq!(got.deciding_rule, expect.decides, "deciding rule of {about}");
    }
    if expect.effective_from.is_some() {
        assert_eq!(got.effective_from, expect.effective_from, "first day of {about}");
    }
    let with = |status: FindingStatus| -> Vec<&str> {
        got.rules.iter().filter(|rule| rule.status == status).map(|rule| rule.id.as_str()).collect()
    };
    for rule in &expect.fires {
        assert!(with(FindingStatus::Fires).contains(&rule.as_str()), "{rule} fires in {about}");
    }
    for rule in &expect.not_assessed {
        assert!(
            with(FindingStatus::NotAssessed).contains(&rule.as_str()),
            "{rule} is not assessed in {about}"
        );
    }
}

#[test]
fn every_story_ends_as_it_says() {
    let mut files: Vec<_> =
        std::fs::read_dir(checkout("tests/scenarios")).unwrap().map(|f| f.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|end| end == "toml"));
    files.sort();
    assert!(files.len() >= 16, "the stories are there: {}", files.len());
    for path in files {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let scenario: Scenario = toml::from_str(&std::fs::read_to_string(&path).unwrap())
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        check(&name, &scenario);
    }
}
