//! Against what others published. The data are not part of the project: `SIAGA_REFERENCE_DATA` says where they are.
//! Unset, each test says that it was skipped; set, a file that is not there is a failure.

use std::path::PathBuf;

use siaga::epi::{LocationId, Status};
use siaga::indicator::{MethodParameters, compute};
use siaga::observation::{Authority, Measure, Observation, Snapshot};
use siaga::source::SourceSpec;

use crate::support::{locations, moment, parsed, printed};

/// Every file a test asks for, of this module and of those that compare methods.
const FILES: [&str; 20] = [
    "indonesia/city-reports-news/kota_bogor_2021_05_09.csv",
    "reference/rki_landkreise/landkreise_snapshots_2021.csv",
    "indonesia/jabar-kab-daily-to-2021-06-02/Data COVID-19 Jawa Barat.csv",
    "reference/epiestim/published_outputs/Example1_expected_rds.csv",
    "reference/epiestim/published_outputs/Example1_incidence.csv",
    "reference/epiestim/published_outputs/Example1_si_distr.csv",
    "reference/epiestim/published_outputs/Example1_snapshot.csv",
    "reference/epiestim/published_outputs/Example2_expected_rds.csv",
    "reference/epiestim/published_outputs/Example2_incidence.csv",
    "reference/epiestim/published_outputs/Example2_si_distr.csv",
    "reference/epiestim/published_outputs/Example2_snapshot.csv",
    "reference/epiestim/published_outputs/Example3_expected_rds.csv",
    "reference/epiestim/published_outputs/Example3_si_distr.csv",
    "reference/epiestim/published_outputs/Example3_snapshot.csv",
    "reference/epiestim/published_outputs/Example4_expected_rds.csv",
    "reference/epiestim/published_outputs/backcompat_x1_Flu2009.csv",
    "reference/epiestim/published_outputs/backcompat_x2_Flu2009.csv",
    "reference/epiestim/published_outputs/backcompat_x3_Flu2009.csv",
    "reference/rki_incidence_germany/de_incidence_vintages_2022-09-29_2022-11-30.csv",
    "reference/who_global/WHO-COVID-19-global-data_asof_2021-02-16.csv",
];

/// A file of the reference data; `None` where there are none.
pub fn reference(file: &str) -> Option<PathBuf> {
    assert!(FILES.contains(&file), "{file} is counted");
    let path = PathBuf::from(std::env::var_os("SIAGA_REFERENCE_DATA")?).join(file);
    assert!(path.exists(), "SIAGA_REFERENCE_DATA is set, so {} must be there", path.display());
    Some(path)
}

#[test]
fn skipped_sets_are_counted() {
    let used = FILES.iter().filter(|file| reference(file).is_some()).count();
    assert!(used == 0 || used == FILES.len());
    match FILES.len() - used {
        0 => println!("reference data: {used} files compared with, 0 skipped"),
        skipped => println!("reference data: {skipped} files skipped, SIAGA_REFERENCE_DATA is not set"),
    }
}

#[test]
fn every_printed_case_figure_of_the_city_is_carried() {
    let Some(path) = reference("indonesia/city-reports-news/kota_bogor_2021_05_09.csv") else {
        return;
    };
    let ours = printed();
    let mut reader = csv::Reader::from_path(path).unwrap();
    let mut compared = 0;
    for row in reader.deserialize::<std::collections::HashMap<String, String>>() {
        let row = row.unwrap();
        for (column, measure) in [
            ("new_positive", "cases"),
            ("cum_positive", "cases_total"),
            ("cum_recovered", "recovered_total"),
            ("active", "active"),
        ] {
            let Ok(value) = row[column].parse::<f64>() else {
                continue;
            };
            let is_same = |o: &&Observation| {
                o.measure.name() == measure && o.date.to_string() == row["date"] && o.value == Some(value)
            };
            assert!(ours.iter().any(|o| is_same(&o)), "{} {measure} {value}", row["date"]);
            compared += 1;
        }
    }
    assert_eq!(compared, 100, "the figures of the first transcription");
}

#[test]
fn rki_districts_have_the_published_incidence() {
    let Some(path) = reference("reference/rki_landkreise/landkreise_snapshots_2021.csv") else {
        return;
    };
    let mut reader = csv::Reader::from_path(path).unwrap();
    let (mut compared, mut furthest) = (0, 0.0_f64);
    for row in reader.deserialize::<std::collections::HashMap<String, String>>() {
        let row = row.unwrap();
        let number = |name: &str| row[name].parse::<f64>().unwrap();
        let (cases, population) = (number("cases7_lk"), number("EWZ"));
        let id = LocationId::new("district");
        let figure = Observation {
            location: id.clone(),
            unit_id: None,
            measure: Measure::Published(siaga::epi::IndicatorKind::Cases7d),
            source: "rki".to_owned(),
            date: row["snapshot_date"].parse().unwrap(),
            days: 1,
            value: Some(cases),
            status: Status::Printed,
            as_of: moment("2021-05-01"),
            note: String::new(),
            address: String::new(),
        };
        let snapshot = Snapshot::new(std::slice::from_ref(&figure), None, &Authority::default()).unwrap();
        let places = siaga::epi::Locations::single(id, population);
        let tables = compute(&snapshot, &places, &MethodParameters::default(), None).unwrap();
        let ours = tables[0].at(siaga::epi::IndicatorKind::Incidence7dPer100k, figure.date).value().unwrap();
        furthest = furthest.max((ours - number("cases7_per_100k")).abs());
        compared += 1;
        if compared == 1_648 {
            break;
        }
    }
    assert_eq!(compared, 1_648, "four of the twenty days");
    assert!(furthest < 1e-9, "furthest {furthest}");
}

#[test]
fn a_province_count_never_enters_a_city_week() {
    let Some(path) = reference("indonesia/jabar-kab-daily-to-2021-06-02/Data COVID-19 Jawa Barat.csv") else {
        return;
    };
    let spec = SourceSpec::parse(
        "id = \"pikobar-jabar\"\ntitle = \"Pikobar\"\nlocations = [\"3271\"]\n\
         [columns]\ndate = \"tanggal\"\nlocation = \"kode_kab\"\n[values]\nconfirmation = \"cases_total\"\n",
    )
    .unwrap();
    let parsed = parsed(&std::fs::read(path).unwrap(), &spec, "2021-07-31").unwrap();
    assert!(parsed.rejected.iter().all(|rejected| rejected.column == "kode_kab"), "other places only");
    let mut both: Vec<Observation> = parsed.rows.iter().collect();
    both.retain(|o| o.location.as_str() == "3271");
    assert_eq!(both.len(), 306, "a row a day for the city");
    both.extend(printed());
    let authority = Authority::new([("dinkes-kota-bogor".to_owned(), 10)]);
    let snapshot = Snapshot::new(&both, None, &authority).unwrap();
    let tables = compute(&snapshot, &locations(), &MethodParameters::default(), None).unwrap();
    let day = "2021-05-18".parse().unwrap();
    assert_eq!(tables[0].at(siaga::epi::IndicatorKind::Cases7d, day).value(), Some(129.0));
}
