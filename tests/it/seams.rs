//! June 2021: the province counts 7,107 cases in Kota Bogor where the city counts 20,015. Until some day the one counts, from
//! then on the other, and no week is made of both.

use chrono::NaiveDate;
use siaga::epi::{Estimate, IndicatorKind as Kind, LocationId, Missing, Status, Vintage};
use siaga::indicator::{IndicatorTable, MethodParameters, compute, daily_cases};
use siaga::job::authority;
use siaga::observation::{Authority, Grid, Measure, Observation, Snapshot, disagreements};
use siaga::source::SourceSpec;

use crate::support::{bogor, locations, moment, sample};

/// The province's running totals of the city, 5 June to 6 July 2021.
const PROVINCE: [f64; 32] = [
    6960.0, 6967.0, 6968.0, 6970.0, 6972.0, 6975.0, 6977.0, 6983.0, 6986.0, 6986.0, 6987.0, 6990.0, 6992.0,
    6998.0, 7011.0, 7024.0, 7029.0, 7031.0, 7035.0, 7038.0, 7064.0, 7073.0, 7078.0, 7107.0, 7118.0, 7126.0,
    7141.0, 7145.0, 7153.0, 7171.0, 7195.0, 7215.0,
];

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// What city and province told of June and July.
fn told() -> Vec<Observation> {
    let mut told = sample("kota_bogor_cases.csv");
    told.retain(|o| o.source == "dinkes-kota-bogor" && o.date >= day("2021-06-13"));
    let days = day("2021-06-05").iter_days();
    told.extend(days.zip(PROVINCE).map(|(date, total)| Observation {
        location: bogor(),
        unit_id: None,
        measure: Measure::CasesTotal,
        source: "pikobar-jabar".to_owned(),
        date,
        days: 1,
        value: Some(total),
        status: Status::Printed,
        as_of: moment(&format!("{date}T18:00:00+07:00")),
        note: String::new(),
        address: String::new(),
    }));
    told
}

/// The city's source counts more from 19 to 30 June, as its file says.
fn from_19_to_30_june() -> Authority {
    let city = "id = \"dinkes-kota-bogor\"\ntitle = \"t\"\n[[authority_in]]\nlocation = \"3271\"\nauthority = 20\n\
                from = \"2021-06-19\"\nto = \"2021-06-30\"\n";
    let province = "id = \"pikobar-jabar\"\ntitle = \"t\"\nauthority = 5\n";
    authority(&[city, province].map(|text| SourceSpec::parse(text).unwrap()))
}

fn grid(told: &[Observation], as_of: Option<Vintage>) -> Grid {
    let snapshot = Snapshot::new(told, as_of, &from_19_to_30_june()).unwrap();
    snapshot.grids(None).unwrap().into_iter().find(|grid| grid.location == bogor()).unwrap()
}

fn table(told: &[Observation], as_of: Option<&str>) -> IndicatorTable {
    let snapshot = Snapshot::new(told, as_of.map(moment), &from_19_to_30_june()).unwrap();
    let mut tables = compute(&snapshot, &locations(), &MethodParameters::default(), None).unwrap();
    assert_eq!(tables.len(), 1);
    tables.remove(0)
}

fn week(table: &IndicatorTable, date: &str) -> Option<f64> {
    table.at(Kind::Cases7d, day(date)).value()
}

#[test]
fn each_day_has_the_figure_of_the_source_that_counts_on_it() {
    let grid = grid(&told(), None);
    let total =
        |date: &str| grid.cells(Measure::CasesTotal)[grid.index(day(date)).unwrap()].map(|cell| cell.value);
    assert_eq!([total("2021-06-18"), total("2021-06-19")], [Some(6_998.0), Some(17_542.0)]);
    assert_eq!([total("2021-06-28"), total("2021-06-30")], [Some(20_015.0), Some(20_555.0)]);
    assert_eq!(
        [total("2021-06-24"), total("2021-07-01")],
        [None, Some(7_141.0)],
        "a gap is not filled by another"
    );
    // The rise of a day is its own source's, also on the day on which another begins to count.
    let daily = daily_cases(&grid);
    let rise = |date: &str| daily[grid.index(day(date)).unwrap()].map(|cell| cell.value);
    assert_eq!([rise("2021-06-18"), rise("2021-06-19")], [Some(6.0), Some(188.0)]);
    assert_eq!([rise("2021-06-30"), rise("2021-07-01")], [Some(320.0), Some(15.0)]);
    let told_by: Vec<&str> = grid.sources["cases"].iter().map(|told| told.source.as_str()).collect();
    assert_eq!(told_by.len(), 2, "{told_by:?}");
}

#[test]
fn a_week_is_one_sources_whoever_counts_before() {
    let table = table(&told(), None);
    assert_eq!(week(&table, "2021-06-18"), Some(21.0), "the province's");
    assert_eq!(week(&table, "2021-06-28"), Some(2_083.0), "the city's: 20,015 less 17,932");
    // The city has the whole week to the 20th, with days before it counts: 17,735 less 16,705.
    assert_eq!(week(&table, "2021-06-20"), Some(1_030.0));
    // Of the week to the 19th it lacks the 13th; the province has it whole.
    assert_eq!(week(&table, "2021-06-19"), Some(28.0));
    assert_eq!(
        table.at(Kind::GrowthRatio, day("2021-06-19")).value(),
        Some(28.0 / 23.0),
        "and the week before"
    );
    assert_eq!(week(&table, "2021-07-01"), Some(103.0), "the province's again");
    let growth = table.at(Kind::GrowthRatio, day("2021-06-27")).value().unwrap();
    assert!((growth - 1_833.0 / 1_030.0).abs() < 1e-12);
    // The week to the 20th is the city's, and of the week before it has nothing: not held against the province's.
    for kind in [Kind::CasesPrev7d, Kind::GrowthRatio, Kind::DoublingDays, Kind::Incidence14dPer100k] {
        let found = table.at(kind, day("2021-06-20"));
        assert_eq!(found, Estimate::Missing(Missing::SourceChanged), "{}", kind.name());
    }
    assert!(table.flags.is_empty(), "from 6 to 188 is no backlog: {:?}", table.flags);
}

#[test]
fn a_week_that_neither_has_is_missing_because_the_source_changed() {
    let mut told = told();
    told.retain(|o| o.source != "pikobar-jabar" || o.date < day("2021-06-19"));
    let table = table(&told, None);
    assert_eq!(table.at(Kind::Cases7d, day("2021-06-19")), Estimate::Missing(Missing::SourceChanged));
    assert_eq!(
        table.at(Kind::Incidence7dPer100k, day("2021-06-19")),
        Estimate::Missing(Missing::SourceChanged)
    );
    assert_eq!(week(&table, "2021-06-18"), Some(21.0));
    // Inside the period a gap is a gap.
    assert_eq!(table.at(Kind::Cases7d, day("2021-06-26")), Estimate::Missing(Missing::WeekIncomplete));
}

#[test]
fn as_known_then_each_source_is_what_it_had_told_by_then() {
    let told = told();
    let then = table(&told, Some("2021-06-19T20:00:00+07:00"));
    assert_eq!(week(&then, "2021-06-19"), Some(28.0), "the city had told three days");
    let then = table(&told, Some("2021-06-20"));
    assert_eq!(week(&then, "2021-06-20"), Some(1_030.0), "on the next evening its week");
    // The province speaks first: until the city does, what is known is the province's.
    let early = grid(&told, Some(moment("2021-06-18T20:00:00+07:00")));
    let last = early.index(day("2021-06-18")).unwrap();
    assert_eq!(early.cells(Measure::CasesTotal)[last].map(|cell| cell.value), Some(6_998.0));
}

#[test]
fn the_report_says_who_counts_on_which_day_and_by_how_much_the_other_differs() {
    let found = disagreements(&told(), moment("2021-07-31"), &from_19_to_30_june());
    let on = |date: &str| {
        let found = found.iter().find(|d| d.measure == Measure::CasesTotal && d.date == day(date)).unwrap();
        (found.authority.as_str(), found.other.as_str(), found.difference)
    };
    assert_eq!(on("2021-06-18"), ("pikobar-jabar", "dinkes-kota-bogor", 10_356.0));
    assert_eq!(on("2021-06-28"), ("dinkes-kota-bogor", "pikobar-jabar", -12_908.0));
}

#[test]
fn a_place_without_periods_is_as_ever() {
    let always = Authority::new([("pikobar-jabar".to_owned(), 5)]).in_place("dinkes-kota-bogor", bogor(), 20);
    let elsewhere = from_19_to_30_june().in_period(
        "dinkes-kota-bogor",
        LocationId::new("3201"),
        (day("2021-06-01"), day("2021-06-02")),
        1,
    );
    let told: Vec<Observation> = told().into_iter().filter(|o| o.source == "dinkes-kota-bogor").collect();
    let grids = |authority: &Authority| Snapshot::new(&told, None, authority).unwrap().grids(None).unwrap();
    let (one, other) = (grids(&always), grids(&elsewhere));
    assert!(one[0].layers.is_empty() && other[0].layers.len() == 3);
    assert_eq!(one[0].measures, other[0].measures, "one source is itself in every period");
    assert_eq!(one[0].lumps, other[0].lumps);
}
