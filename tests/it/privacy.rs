//! An attacker who takes everything that is published, of every day, and solves for what was withheld.
//!
//! What the attacker knows is read from the files as they are handed out: running totals and daily counts of the
//! city's staff, counts by unit and period, sums of seven and fourteen days, the reasons of what is withheld. Each
//! becomes a linear equation or inequality over the unknown counts by unit, day and day of report; a linear program
//! then tells the least and the most that a withheld count can be. If the two are one number, it was given away.

use std::collections::BTreeMap;

use chrono::{Duration, NaiveDate};
use microlp::{ComparisonOp, OptimizationDirection, Problem, SolveOutcome, Variable};
use siaga::city::Unit;
use siaga::disclosure::{Audience, Rules, UnitView};
use siaga::epi::Vintage;
use siaga::export::{Cell, Table};
use siaga::job::{Dataset, Journey, ingest_payload};
use siaga::source::Payload;

use crate::support::{bogor, journey, tidy};

const DAYS: i64 = 28;
/// Days between a case and its report: at once, or four days later.
const DELAYS: [i64; 2] = [0, 4];
const BASE: i64 = 30;

fn first_day() -> NaiveDate {
    "2021-06-07".parse().expect("a Monday")
}

/// Numbers that look like chance and are the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// Cases of one unit (empty: staff of no listed unit) by day and delay of the report.
type Truth = BTreeMap<(String, i64, usize), i64>;

struct City {
    units: Vec<Unit>,
    truth: Truth,
}

impl City {
    fn new(seed: u64) -> Self {
        let mut dice = Dice(seed);
        let unit = |place: u64, headcount: f64, parent: Option<&str>| Unit {
            unit_id: format!("u{place}"),
            location: bogor(),
            name: format!("Unit {place}"),
            name_en: String::new(),
            category: "N".to_owned(),
            parent: parent.map(str::to_owned),
            headcount: Some(headcount),
            headcount_date: None,
            headcount_status: "synthetic".to_owned(),
            source: String::new(),
            aliases: String::new(),
            head: String::new(),
            superior: String::new(),
            contact: String::new(),
        };
        let many = 2 + dice.below(4);
        let mut units: Vec<Unit> = (0..many)
            .map(|place| unit(place, 25.0 + 20.0 * f64::from(u32::try_from(place).unwrap()), None))
            .collect();
        units.push(unit(90, 12.0, Some("u0")));
        let mut truth = Truth::new();
        for day in 0..DAYS {
            for name in units.iter().map(|unit| unit.unit_id.clone()).chain([String::new()]) {
                // Most days nothing, some days one or two, now and then an outbreak.
                let cases = match dice.below(20) {
                    0..14 => 0,
                    14..18 => 1 + dice.below(2),
                    _ => 4 + dice.below(5),
                };
                // Every second city has no staff outside its units, and the attacker knows.
                let cases = if name.is_empty() { cases * (seed % 2) / 3 } else { cases };
                let delay = usize::from(dice.below(6) == 0 && day + DELAYS[1] < DAYS);
                if cases > 0 {
                    truth.insert((name, day, delay), i64::try_from(cases).unwrap());
                }
            }
        }
        Self { units, truth }
    }

    /// Week after week seven cases in one unit, two in another, none elsewhere, and the city's total of every day.
    fn of_the_textbook() -> Self {
        let mut city = Self::new(0);
        city.truth.clear();
        for (day, unit, cases) in (0..DAYS).flat_map(|day| match day % 7 {
            1 => vec![(day, "u0", 6)],
            2 => vec![(day, "u0", 1), (day, "u1", 2)],
            _ => Vec::new(),
        }) {
            city.truth.insert((unit.to_owned(), day, 0), cases);
        }
        city
    }

    /// Cases up to `day` that are known on `known`.
    fn count(&self, is_of: &dyn Fn(&str) -> bool, (from, to): (i64, i64), known: i64) -> i64 {
        self.truth
            .iter()
            .filter(|((unit, day, delay), _)| {
                is_of(unit) && (from..=to).contains(day) && day + DELAYS[*delay] <= known
            })
            .map(|(_, cases)| cases)
            .sum()
    }

    /// What the personnel agency publishes: the city's running total and each unit's cases, with every correction.
    fn csv(&self) -> String {
        let mut text = "date,location,measure,value,as_of,source,unit_id\n".to_owned();
        let mut row = |day: i64, measure: &str, value: i64, known: i64, unit: &str| {
            let (date, as_of) = (first_day() + Duration::days(day), first_day() + Duration::days(known));
            text +=
                &format!("{date},3271,{measure},{value},{as_of}T19:00:00+07:00,bkpsdm-kota-bogor,{unit}\n");
        };
        for known in 0..DAYS {
            for day in 0..=known {
                let now = self.count(&|_| true, (0, day), known);
                let before = self.count(&|_| true, (0, day), known - 1);
                if day == known || now != before {
                    row(day, "staff_cases_total", BASE + now, known, "");
                }
                for unit in self.units.iter().map(|unit| unit.unit_id.as_str()) {
                    let now = self.count(&|of| of == unit, (day, day), known);
                    if day == known || now != self.count(&|of| of == unit, (day, day), known - 1) {
                        row(day, "staff_cases", now, known, unit);
                    }
                }
            }
        }
        text
    }

    async fn journey(&self, folder: &std::path::Path, is_complementary: bool) -> Journey {
        let last = first_day() + Duration::days(DAYS + 8);
        let (mut journey, _) = journey(folder, &last.to_string()).await;
        journey.is_demo = false;
        journey.city.units.clone_from(&self.units);
        journey.disclosure = Rules { is_complementary, ..Rules::default() };
        let payload = Payload::from_file("asn.csv", self.csv().into_bytes());
        let report = ingest_payload(&journey, &tidy(), &payload, false).await.unwrap();
        assert_eq!((report.run.rejected, report.run.accepted > 100), (0, true), "{}", report.run.message);
        journey
    }
}

/// One thing that is known: the sum of these counts lies between two numbers.
#[derive(Debug, Clone, PartialEq)]
struct Fact {
    /// Unit (`None`: any), days from and to, known on. A running total also holds what was before the first day.
    unit: Option<Vec<String>>,
    days: (i64, i64),
    /// Known on this day.
    known: i64,
    /// Of a period its first day: the day on whose evening the one before it was counted.
    before: Option<i64>,
    has_base: bool,
    bounds: (f64, f64),
}

impl Fact {
    fn is_number(&self) -> bool {
        (self.bounds.1 - self.bounds.0).abs() < 0.5
    }

    fn is_true(&self, city: &City) -> bool {
        let inside =
            city.truth.iter().filter(|((unit, day, delay), _)| Attack::is_in(self, unit, *day, *delay));
        let sum = inside.map(|(_, cases)| cases).sum::<i64>() + if self.has_base { BASE } else { 0 };
        (self.bounds.0..=self.bounds.1).contains(&f64::from(i32::try_from(sum).unwrap()))
    }
}

fn text(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Number(value) => value.to_string(),
        Cell::Whole(value) => value.to_string(),
        Cell::Text(text) => text.clone(),
        Cell::Date(date) => date.to_string(),
        Cell::Moment(moment) => moment.to_string(),
    }
}

fn rows(table: &Table) -> Vec<BTreeMap<String, String>> {
    let names: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
    let named = |row: &Vec<Cell>| names.iter().zip(row).map(|(n, c)| ((*n).to_owned(), text(c))).collect();
    table.rows.iter().map(named).collect()
}

fn day_of(date: &str) -> i64 {
    (date.parse::<NaiveDate>().unwrap() - first_day()).num_days()
}

/// Facts of an export of observations. `row_of` tells which units a row of the published table stands for.
fn facts_of_observations(
    table: &Table,
    threshold: f64,
    row_of: &dyn Fn(&str) -> Vec<String>,
    as_reported: bool,
) -> Vec<Fact> {
    let mut facts = Vec::new();
    for row in rows(table) {
        let (day, unit) = (day_of(&row["date"]), row["unit_id"].clone());
        let known = Vintage::parse_known(&row["as_of"], chrono_tz::Asia::Jakarta).unwrap();
        let known = (known.local_date(chrono_tz::Asia::Jakarta) - first_day()).num_days();
        let from = if row["date_from"].is_empty() { day } else { day_of(&row["date_from"]) };
        let bounds = match (row["value"].parse::<f64>(), row["note"].as_str()) {
            (Ok(value), _) => (value, value),
            (_, "withheld: small_cell") if !unit.is_empty() => (1.0, threshold - 1.0),
            (_, "withheld: complementary") => (1.0, f64::INFINITY),
            _ => continue,
        };
        let is_total = row["measure"] == "staff_cases_total";
        if !["staff_cases", "staff_cases_total"].contains(&row["measure"].as_str()) {
            continue;
        }
        let is_period = !unit.is_empty() && !as_reported;
        facts.push(Fact {
            unit: (!unit.is_empty()).then(|| if is_period { row_of(&unit) } else { vec![unit.clone()] }),
            days: if is_total || is_period { (0, day) } else { (from, day) },
            known,
            before: is_period.then_some(from),
            has_base: is_total,
            bounds,
        });
    }
    facts
}

/// Facts of an export of indicators, as known on a day.
fn facts_of_indicators(table: &Table, known: i64) -> Vec<Fact> {
    let mut facts = Vec::new();
    for row in rows(table) {
        let day = day_of(&row["date"]);
        assert!(
            row["staff_prevalence_14d_pct"].is_empty() || !row["staff_cases_14d"].is_empty(),
            "no percentage of a count that is withheld: {row:?}"
        );
        for (name, length) in [("staff_cases_7d", 7), ("staff_cases_14d", 14)] {
            let number = |key: &str| row[key].parse::<f64>().ok();
            let bounds =
                match (number(name), number(&format!("{name}_lower")), number(&format!("{name}_upper"))) {
                    (Some(value), ..) => (value, value),
                    (None, Some(lower), Some(upper)) => (lower, upper),
                    _ => continue,
                };
            // The window reaches back before the first day: what was then is not among the unknowns.
            if day - length + 1 >= 0 && (0..DAYS).contains(&day) {
                let days = (day - length + 1, day);
                facts.push(Fact { unit: None, days, known, before: None, has_base: false, bounds });
            }
        }
    }
    facts
}

/// What the facts leave open.
struct Attack {
    facts: Vec<Fact>,
    names: Vec<String>,
}

impl Attack {
    /// Which unknown counts a fact adds up.
    fn is_in(fact: &Fact, unit: &str, day: i64, delay: usize) -> bool {
        let is_of = fact.unit.as_ref().is_none_or(|units| units.iter().any(|of| of == unit));
        let reported = day + DELAYS[delay];
        // A period: up to its last day as counted then, less up to the day before it as counted then.
        let was_counted = fact.before.is_some_and(|from| day < from && reported <= from);
        is_of && (fact.days.0..=fact.days.1).contains(&day) && reported <= fact.known && !was_counted
    }

    /// The least and the most that the sum of these counts can be.
    fn bounds(&self, target: &dyn Fn(&str, i64, usize) -> bool) -> (f64, f64) {
        let solve = |direction: OptimizationDirection| {
            let mut problem = Problem::new(direction);
            let mut variables: Vec<(String, i64, usize, Variable)> = Vec::new();
            for name in &self.names {
                for day in 0..DAYS {
                    for delay in 0..DELAYS.len() {
                        let weight = if target(name, day, delay) { 1.0 } else { 0.0 };
                        let variable = problem.add_var(weight, (0.0, 1_000.0));
                        variables.push((name.clone(), day, delay, variable));
                    }
                }
            }
            let base = problem.add_var(0.0, (0.0, 1_000.0));
            for fact in &self.facts {
                let within =
                    variables.iter().filter(|(name, day, delay, _)| Self::is_in(fact, name, *day, *delay));
                let mut sum: Vec<(Variable, f64)> = within.map(|found| (found.3, 1.0)).collect();
                if fact.has_base {
                    sum.push((base, 1.0));
                }
                if fact.is_number() {
                    problem.add_constraint(sum, ComparisonOp::Eq, fact.bounds.0);
                    continue;
                }
                problem.add_constraint(sum.clone(), ComparisonOp::Ge, fact.bounds.0);
                if fact.bounds.1.is_finite() {
                    problem.add_constraint(sum, ComparisonOp::Le, fact.bounds.1);
                }
            }
            match problem.solve() {
                Ok(SolveOutcome::Solution(solution)) => solution.objective(),
                // Nothing bounds it.
                Err(microlp::Error::Unbounded) => f64::INFINITY,
                other => panic!("what is published contradicts itself: {other:?}"),
            }
        };
        (solve(OptimizationDirection::Minimize), solve(OptimizationDirection::Maximize))
    }

    fn is_one_number(&self, target: &dyn Fn(&str, i64, usize) -> bool) -> bool {
        let (least, most) = self.bounds(target);
        (most + 1e-6).floor() - (least - 1e-6).ceil() < 1.0
    }
}

/// Everything these audiences are handed out on every day: what is one's own, and what others can get hold of.
async fn published(city: &City, journey: &Journey, audiences: &[Audience]) -> Attack {
    let row_of = |row: &str| {
        let own = |unit: &&Unit| unit.unit_id == row || unit.parent.as_deref() == Some(row);
        city.units.iter().filter(own).map(|unit| unit.unit_id.clone()).collect::<Vec<_>>()
    };
    let mut facts = Vec::new();
    for (day, audience) in (0..DAYS + 8).flat_map(|day| audiences.iter().map(move |audience| (day, audience)))
    {
        let threshold = f64::from(audience.threshold.expect("something is withheld"));
        let as_of = Some(Vintage::end_of(first_day() + Duration::days(day), chrono_tz::Asia::Jakarta));
        let table = Dataset::Observations.table(&journey.viewing(), as_of, audience).await.unwrap();
        let as_reported = matches!(audience.units, UnitView::Own(_));
        facts.extend(facts_of_observations(&table, threshold, &row_of, as_reported));
        if day % 5 == 4 {
            let table = Dataset::Indicators.table(&journey.viewing(), as_of, audience).await.unwrap();
            facts.extend(facts_of_indicators(&table, day));
        }
    }
    let mut different: Vec<Fact> = Vec::new();
    for fact in facts {
        // A sum of days made from a total whose later correction is withheld is not quite true: it would only mislead.
        if !different.contains(&fact) && fact.is_true(city) {
            different.push(fact);
        }
    }
    let has_others = city.truth.keys().any(|(unit, ..)| unit.is_empty());
    let mut names: Vec<String> = city.units.iter().map(|unit| unit.unit_id.clone()).collect();
    names.extend(has_others.then(String::new));
    let about_periods = different.iter().filter(|fact| fact.before.is_some()).count();
    let sees_periods = audiences.iter().any(|audience| audience.units == UnitView::Weekly);
    assert_eq!(about_periods > 0, sees_periods, "{about_periods} counts of units by week for {audiences:?}");
    Attack { facts: different, names }
}

/// Small counts that were given away: of a unit in a period, of a unit on a day, of the city on a day.
fn given_away(city: &City, attack: &Attack, audience: &Audience) -> Vec<String> {
    let threshold = i64::from(audience.threshold.expect("something is withheld"));
    let mut found = Vec::new();
    let periods: Vec<&Fact> =
        attack.facts.iter().filter(|fact| fact.before.is_some() && !fact.is_number()).collect();
    for fact in periods {
        if attack.is_one_number(&|unit, day, delay| Attack::is_in(fact, unit, day, delay)) {
            found.push(format!("{:?} in the period to day {}", fact.unit, fact.days.1));
        }
    }
    let is_own = |unit: &str| {
        matches!(&audience.units, UnitView::Own(own)
        if own == unit || city.units.iter().any(|it| it.unit_id == unit && it.parent.as_ref() == Some(own)))
    };
    for ((unit, day, delay), cases) in &city.truth {
        let is_this = |of: &str, on: i64, after: usize| of == unit && on == *day && after == *delay;
        if *cases < threshold && !is_own(unit) && attack.is_one_number(&is_this) {
            found.push(format!("{cases} of '{unit}' on day {day}"));
        }
    }
    if !audience.has_staff_totals {
        for (day, length) in (0..DAYS).flat_map(|day| (1..=4).map(move |length| (day, length))) {
            let cases = city.count(&|_| true, (day, day + length - 1), DAYS + 8);
            let is_this = |_: &str, on: i64, _: usize| (day..day + length).contains(&on);
            if (1..threshold).contains(&cases) && attack.is_one_number(&is_this) {
                found.push(format!("{cases} of the city in {length} days from day {day}"));
            }
        }
    }
    found
}

/// Attacks as the first of these audiences, with what the others are handed out besides.
async fn attacked(city: City, names: &[&str], is_complementary: bool) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let journey = city.journey(folder.path(), is_complementary).await;
    let audiences: Vec<Audience> = names.iter().map(|name| name.parse().unwrap()).collect();
    let attack = published(&city, &journey, &audiences).await;
    assert!(attack.facts.len() >= 3, "something is published: {}", attack.facts.len());
    given_away(&city, &attack, &audiences[0])
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_withheld_can_be_solved_for_from_everything_published() {
    for seed in 1..=4 {
        for names in [
            &["public"][..],
            &["government", "public"],
            &["executive", "government", "public"],
            &["unit:u1", "government", "public"],
        ] {
            let found = attacked(City::new(seed), names, true).await;
            assert!(found.is_empty(), "city {seed}, {names:?}: {found:#?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_complementary_suppression_the_same_attack_succeeds() {
    let found = attacked(City::of_the_textbook(), &["executive"], false).await;
    let in_periods =
        found.iter().filter(|what| what.contains("u1") && what.contains("in the period")).count();
    assert!(in_periods >= 3, "{found:#?}");
    assert_eq!(attacked(City::of_the_textbook(), &["executive"], true).await, Vec::<String>::new());
    let mut by_chance = Vec::new();
    for seed in [2, 4, 6, 8] {
        by_chance.extend(attacked(City::new(seed), &["executive"], false).await);
    }
    assert!(!by_chance.is_empty());
}
