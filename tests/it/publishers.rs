//! Every publisher's files, read by the shipped source files alone, and counted a second time without our readers. The data
//! are not part of the project: `SIAGA_REFERENCE_DATA` says where they are. Unset, each test says that it was skipped.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use calamine::{Data, Reader, Xlsx, open_workbook};
use chrono::NaiveDate;
use siaga::city::parse_locations;
use siaga::epi::Locations;
use siaga::observation::{Observation, RejectReason};
use siaga::source::{Parsed, Received, SourceError, SourceSpec, parse};

use crate::support::{checkout, moment, siaga};

/// A set of one publisher: spec, file, the columns with figures, words for missing ones, refused ones by reason.
pub struct Set {
    pub spec: &'static str,
    pub file: &'static str,
    pub columns: &'static [&'static str],
    refused: &'static [(RejectReason, usize)],
}

const fn set(spec: &'static str, file: &'static str, columns: &'static [&'static str]) -> Set {
    Set { spec, file, columns, refused: &[] }
}

const PIKOBAR: &[&str] = &[
    "confirmation",
    "confirmation_selesai",
    "confirmation_meninggal",
    "pertumbuhan_confirmation",
    "pertumbuhan_confirmation_selesai",
    "pertumbuhan_confirmation_meninggal",
];
const MONTHLY: &[&str] = &["CONFIRMATION", "confirmation_sembuh", "confirmation_meninggal"];
const GOID: &[&str] =
    &["confirmed", "total_confirmed", "recover", "total_recover", "death", "total_death", "total_active"];
const RKI: &[&str] = &["cases", "deaths", "cases7_lk", "cases7_per_100k"];
const INCIDENCE: &[&str] = &["Faelle_gesamt", "Faelle_neu", "Faelle_7-Tage", "Inzidenz_7-Tage"];
const CITY: &[&str] =
    &["new_positive", "new_recovered", "new_deaths", "cum_positive", "cum_recovered", "cum_deaths", "active"];
const ASN: &[&str] = &["asn_positive_total", "asn_new"];

/// Tables with a line of names, commas, several figures a row.
pub const SETS: &[Set] = &[
    set("pikobar-jabar", "indonesia/jabar-kab-daily-to-2021-06-02/Data COVID-19 Jawa Barat.csv", PIKOBAR),
    set("pikobar-jabar", "indonesia/jabar-kab-daily-to-2022-02-11/Data COVID-19 Jawa Barat.csv", PIKOBAR),
    set("pikobar-jabar-monthly", "indonesia/jabar-kab-monthly-2020-2022/kab_monthly.csv", MONTHLY),
    set("pikobar-jabar-province", "indonesia/jabar-kab-monthly-2020-2022/prov_daily.csv", MONTHLY),
    set(
        "covid19goid-jabar",
        "indonesia/jabar-prov-daily-covid19goid/covid19_jabar_clean.csv",
        &["kasus", "meninggal", "sembuh", "akumulasi_kasus", "akumulasi_sembuh", "akumulasi_meninggal"],
    ),
    set("covid19goid-csv-national", "indonesia/covid19goid-prov-2020/NATIONAL.csv", GOID),
    set("covid19goid-csv-jawa-barat", "indonesia/covid19goid-prov-2020/JAWA_BARAT.csv", GOID),
    set("covid19goid-csv-kalimantan-timur", "indonesia/covid19goid-prov-2020/KALIMANTAN_TIMUR.csv", GOID),
    set("covid19goid-csv-dki-jakarta", "indonesia/covid19goid-prov-2020/DKI_JAKARTA.csv", GOID),
    set("covid19goid-csv-banten", "indonesia/covid19goid-prov-2020/BANTEN.csv", GOID),
    set(
        "bersatu-lawan-covid-kerawanan",
        "indonesia/kecamatan-kerawanan-2020-08/rawan.csv",
        &["level_kerawanan"],
    ),
    set("city-reports-news", "indonesia/city-reports-news/city_reports.csv", CITY),
    set("city-reports-news", "indonesia/city-reports-news/kota_bogor_2021_05_09.csv", CITY),
    set("asn-reports-news", "indonesia/asn-reports-news/asn_reports.csv", ASN),
    set("asn-reports-news", "indonesia/asn-reports-news/asn_reports_2021_more.csv", ASN),
    set(
        "jhu-countries",
        "indonesia/indonesia-national-jhu/indonesia_countries-aggregated.csv",
        &["Confirmed", "Recovered", "Deaths"],
    ),
    set(
        "jhu-long-us",
        "reference/jhu_us_county/jhu_us_county_long_2020-09-15_2020-10.csv",
        &["cumulative_counts", "new_counts"],
    ),
    set(
        "who-daily",
        "reference/who_global/WHO-COVID-19-global-data_asof_2021-02-16.csv",
        &["New_cases", "Cumulative_cases", "New_deaths", "Cumulative_deaths"],
    ),
    set(
        "ecdc-weekly",
        "reference/ecdc_weekly/ecdc_weekly_2021-02-16_74c36e7.csv",
        &["cases_weekly", "deaths_weekly", "notification_rate_per_100000_population_14-days"],
    ),
    set("rki-landkreise", "reference/rki_landkreise/raw_RKI_COVID19__2021-04-19__landkreise.csv", RKI),
    set("rki-landkreise-snapshots", "reference/rki_landkreise/landkreise_snapshots_2021.csv", RKI),
    set(
        "rki-bundeslaender-snapshots",
        "reference/rki_landkreise/bundeslaender_snapshots_2021.csv",
        &["Fallzahl", "Death", "cases7_bl", "cases7_bl_per_100k"],
    ),
    set(
        "rki-incidence-vintages",
        "reference/rki_incidence_germany/de_incidence_vintages_2022-09-29_2022-11-30.csv",
        INCIDENCE,
    ),
    set("delphi-archive", "reference/delphi_vintages/archive_cases_dv_subset.csv", &["case_rate_7d_av"]),
    set("delphi-outliers", "reference/delphi_vintages/covid_incidence_outliers.csv", &["cases"]),
    set("marshall-staff-cases", "reference/staff_marshall/covid_prison_cases.csv", &["total_staff_cases"]),
    set(
        "marshall-staff-vintages",
        "reference/staff_marshall/staff_cases_vintages_last8w.csv",
        &["total_staff_cases"],
    ),
    set("marshall-staff-populations", "reference/staff_marshall/staff_populations.csv", &["pop"]),
    set(
        "marshall-rates",
        "reference/staff_marshall/covid_prison_rates.csv",
        &["cumulative_staff_cases", "staff_cases_pct"],
    ),
];

/// Files of the other tests.
const OTHERS: [&str; 8] = [
    "indonesia/zonasi-risiko-kabkota-2020-11/data.txt",
    "indonesia/city-reports-news/kota_bogor_capacity_2021.csv",
    "indonesia/jabar-prov-daily-2021-jun-sep-xlsx/data covid 19 jabar 2021.xlsx",
    "reference/jhu_us_county/small_confirmed.csv",
    "reference/jhu_us_county/small_deaths.csv",
    "reference/jhu_us_county/bad_confirmed_missing_cols.csv",
    "reference/jhu_us_county/bad_confirmed_extra_cols.csv",
    "reference/jhu_us_county/bad_confirmed_missing_days.csv",
];

pub fn reference(file: &str) -> Option<PathBuf> {
    let is_counted = OTHERS.contains(&file) || SETS.iter().any(|set| set.file == file);
    assert!(is_counted, "{file} is counted");
    let path = PathBuf::from(std::env::var_os("SIAGA_REFERENCE_DATA")?).join(file);
    assert!(path.exists(), "SIAGA_REFERENCE_DATA is set, so {} must be there", path.display());
    Some(path)
}

#[test]
fn skipped_files_are_counted() {
    let files: BTreeSet<&str> = SETS.iter().map(|set| set.file).chain(OTHERS).collect();
    let used = files.iter().filter(|file| reference(file).is_some()).count();
    assert!(used == 0 || used == files.len());
    match files.len() - used {
        0 => println!("publishers: {used} files read, 0 skipped"),
        skipped => println!("publishers: {skipped} files skipped, SIAGA_REFERENCE_DATA is not set"),
    }
}

fn places() -> Locations {
    let list = |file: &str| {
        parse_locations(&std::fs::read_to_string(checkout(&format!("data/location/{file}"))).unwrap())
            .unwrap()
    };
    list("locations.csv").and_others(list("indonesia.csv"))
}

fn spec(name: &str) -> SourceSpec {
    let text = std::fs::read_to_string(checkout(&format!("data/source/{name}.toml"))).unwrap();
    SourceSpec::parse(&text).unwrap_or_else(|fault| panic!("{name}, {fault}"))
}

fn read_as(spec: &SourceSpec, bytes: &[u8], name: &str, date: Option<&str>) -> Result<Parsed, SourceError> {
    let (locations, units) =
        (places(), BTreeMap::from([("dinas perhubungan".to_owned(), "dishub".to_owned())]));
    let received = Received {
        at: moment("2026-01-01"),
        zone: chrono_tz::Asia::Jakarta,
        name,
        date: date.map(|date| date.parse().unwrap()),
        locations: &locations,
        units: &units,
    };
    parse(bytes, spec, &received)
}

fn read(name: &str, file: &str, date: Option<&str>) -> Option<Parsed> {
    let bytes = std::fs::read(reference(file)?).unwrap();
    Some(read_as(&spec(name), &bytes, file, date).unwrap_or_else(|error| panic!("{file}: {error}")))
}

/// Cells that hold something, in some columns, counted without our readers.
pub fn filled(file: &str, columns: &[&str]) -> Option<usize> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(reference(file)?).unwrap();
    let header: Vec<String> =
        reader.headers().unwrap().iter().map(|name| name.replace('\u{feff}', "")).collect();
    let place = |name: &&str| {
        header.iter().position(|column| column == name).unwrap_or_else(|| panic!("{file}: {name}"))
    };
    let places: Vec<usize> = columns.iter().map(place).collect();
    let rows = reader.records().map(Result::unwrap);
    Some(
        rows.map(|row| places.iter().filter(|place| !["", "NA"].contains(&row[**place].trim())).count())
            .sum(),
    )
}

fn reasons(parsed: &Parsed) -> BTreeMap<RejectReason, usize> {
    let mut reasons = BTreeMap::new();
    for rejection in &parsed.rejected {
        *reasons.entry(rejection.reason).or_default() += 1;
    }
    reasons
}

fn values(parsed: &Parsed, location: &str, measure: &str, date: &str) -> Vec<f64> {
    let date: NaiveDate = date.parse().unwrap();
    let is_it =
        |o: &Observation| o.location.as_str() == location && o.measure.name() == measure && o.date == date;
    parsed.rows.iter().filter(is_it).filter_map(|o| o.value).collect()
}

#[test]
fn every_figure_of_every_publisher_is_read() {
    for set in SETS {
        let Some(expected) = filled(set.file, set.columns) else { return };
        let parsed = read(set.spec, set.file, Some("2020-08-10")).unwrap();
        let refused: BTreeMap<RejectReason, usize> = set.refused.iter().copied().collect();
        assert_eq!(reasons(&parsed), refused, "{}: {:?}", set.file, parsed.rejected.first());
        assert_eq!(parsed.received(), expected, "{}", set.file);
        assert!(expected > 20 || set.spec == "asn-reports-news", "{}: {expected}", set.file);
    }
}

#[test]
fn figures_stand_where_they_were_published() {
    /// Spec, file, location, measure, day, figure.
    type Spot = (&'static str, &'static str, &'static str, &'static str, &'static str, f64);
    let spots: [Spot; 16] = [
        ("pikobar-jabar", "jabar-kab-daily-to-2021-06-02/", "3271", "cases_total", "2021-05-31", 15_792.0),
        ("pikobar-jabar", "jabar-kab-daily-to-2022-02-11/", "3271", "cases_total", "2021-05-31", 6_956.0),
        ("pikobar-jabar-monthly", "kab_monthly", "3271", "cases", "2021-06-30", 3_133.0),
        ("pikobar-jabar-province", "prov_daily", "32", "cases", "2021-06-26", 3_787.0),
        ("covid19goid-jabar", "covid19_jabar", "32", "cases_total", "2021-06-28", 376_285.0),
        ("covid19goid-csv-kalimantan-timur", "KALIMANTAN", "64", "active", "2020-09-21", 2_153.0),
        ("bersatu-lawan-covid-kerawanan", "rawan", "327103", "zone", "2020-08-10", 2.0),
        ("city-reports-news", "city_reports.csv", "3271", "cases", "2021-06-28", 447.0),
        ("asn-reports-news", "asn_reports_2021", "3271", "staff_cases_total", "2021-01-19", 183.0),
        ("jhu-countries", "countries-aggregated", "ID", "cases_total", "2021-06-27", 2_115_304.0),
        ("jhu-long-us", "county_long", "US-01000", "cases_total", "2020-09-15", 13_347.0),
        ("who-daily", "WHO-COVID", "ID", "cases", "2020-05-13", 689.0),
        ("ecdc-weekly", "ecdc_weekly", "AF", "cases_7d", "2021-02-07", 238.0),
        ("rki-landkreise", "raw_RKI", "DE-01001", "cases_total", "2021-04-19", 2_133.0),
        ("rki-bundeslaender-snapshots", "bundeslaender", "DE-02", "cases_total", "2021-01-19", 43_077.0),
        ("marshall-staff-cases", "prison_cases", "US-AL", "staff_cases_total", "2021-06-25", 1_058.0),
    ];
    for (spec, file, location, measure, date, value) in spots {
        let set = SETS.iter().find(|set| set.spec == spec && set.file.contains(file)).unwrap();
        let Some(parsed) = read(set.spec, set.file, Some("2020-08-10")) else { return };
        let found = values(&parsed, location, measure, date);
        assert!(found.contains(&value), "{spec}: {location} {measure} {date}: {found:?}");
    }
}

#[test]
fn what_a_figure_is_for_and_since_when_is_kept() {
    let file = "indonesia/jabar-kab-monthly-2020-2022/kab_monthly.csv";
    let Some(monthly) = read("pikobar-jabar-monthly", file, None) else { return };
    assert!(monthly.rows.iter().all(|o| (28..=31).contains(&o.days)));
    // One figure, told many times, each time with the moment.
    let file = "reference/rki_incidence_germany/de_incidence_vintages_2022-09-29_2022-11-30.csv";
    let vintages = read("rki-incidence-vintages", file, None).unwrap();
    let told: BTreeMap<String, f64> = vintages
        .rows
        .iter()
        .filter(|o| o.measure.name() == "incidence_7d_per_100k" && o.date.to_string() == "2022-10-10")
        .map(|o| (o.as_of.to_string(), o.value.unwrap()))
        .collect();
    let first: Vec<f64> = told.values().take(4).copied().collect();
    assert_eq!(first, [685.9, 700.4, 705.3, 707.2]);
    // Nobody's cases are kept apart.
    let file = "indonesia/jabar-kab-daily-to-2022-02-11/Data COVID-19 Jawa Barat.csv";
    let pikobar = read("pikobar-jabar", file, None).unwrap();
    let ids: BTreeSet<&str> = pikobar.rows.series_in_use().map(|key| key.location.as_str()).collect();
    assert_eq!(ids.len(), 28);
    assert!(ids.contains("32-unidentified") && !ids.contains("0000"));
    // Months without a day are months.
    let asn = read("asn-reports-news", "indonesia/asn-reports-news/asn_reports.csv", None).unwrap();
    let march = asn.rows.iter().find(|o| o.days == 31).unwrap();
    assert_eq!((march.date.to_string().as_str(), march.value), ("2020-03-31", Some(9.0)));
}

#[test]
fn the_german_text_column_is_the_same_incidence() {
    let file = "reference/rki_landkreise/raw_RKI_COVID19__2021-04-19__landkreise.csv";
    let Some(path) = reference(file) else { return };
    let mut text = spec("rki-landkreise");
    let mut figure = text.values.remove("cases7_per_100k").unwrap();
    figure.numbers = Some(siaga::source::NumberFormat::Indonesian);
    text.values.insert("cases7_per_100k_txt".to_owned(), figure);
    let printed = read_as(&text, &std::fs::read(path).unwrap(), file, None).unwrap();
    assert!(printed.rejected.is_empty());
    let exact = read("rki-landkreise", file, None).unwrap();
    let mut compared = 0;
    for o in exact.rows.iter().filter(|o| o.measure.name() == "incidence_7d_per_100k") {
        let said = values(&printed, o.location.as_str(), "incidence_7d_per_100k", "2021-04-19");
        assert!((said[0] - o.value.unwrap()).abs() <= 0.05 + 1e-9, "{}", o.location);
        compared += 1;
    }
    assert_eq!(compared, 412, "Berlin is twelve districts");
}

#[test]
fn every_city_and_regency_has_its_zone() {
    let file = "indonesia/zonasi-risiko-kabkota-2020-11/data.txt";
    let Some(parsed) = read("covid19goid-zonasi", file, Some("2020-11-05")) else { return };
    assert_eq!((parsed.rows.len(), parsed.rejected.first()), (514, None));
    let ids: BTreeSet<&str> = parsed.rows.series_in_use().map(|key| key.location.as_str()).collect();
    assert_eq!(ids.len(), 514, "each once");
    // Zones counted as words in the text.
    let text = std::fs::read_to_string(reference(file).unwrap()).unwrap();
    for (words, zone) in
        [(&["TIDAK ADA", "TIDAK TER"][..], 0.0), (&["RENDAH"], 1.0), (&["SEDANG"], 2.0), (&["TINGGI"], 3.0)]
    {
        let printed = text
            .lines()
            .filter(|line| words.iter().any(|word| line.rsplit('\t').next().unwrap().contains(word)))
            .count();
        assert_eq!(parsed.rows.iter().filter(|o| o.value == Some(zone)).count(), printed, "{words:?}");
    }
    assert_eq!(values(&parsed, "6474", "zone", "2020-11-05"), [2.0]);
    assert_eq!(values(&parsed, "3271", "zone", "2020-11-05"), [2.0]);
}

#[test]
fn printed_capacities_are_read_by_word() {
    let file = "indonesia/city-reports-news/kota_bogor_capacity_2021.csv";
    let Some(parsed) = read("city-reports-news-capacity", file, None) else { return };
    let mut reader = csv::Reader::from_path(reference(file).unwrap()).unwrap();
    let words: Vec<String> = reader.records().map(|row| row.unwrap()[2].to_owned()).collect();
    let ours = ["beds_occupied", "beds_total", "bor_pct", "zone", "tests"];
    let expected = words.iter().filter(|word| ours.contains(&word.as_str()) || is_days(word)).count();
    assert_eq!((parsed.rows.len(), parsed.rejected.first()), (expected, None));
    assert_eq!(usize::try_from(parsed.skipped).unwrap(), words.len() - expected);
    assert_eq!(values(&parsed, "3271", "beds_available", "2021-06-11"), [737.0]);
    assert_eq!(values(&parsed, "3271", "zone", "2021-06-15"), [2.0]);
    let week = parsed.rows.iter().find(|o| o.value == Some(102.0)).unwrap();
    assert_eq!((week.days, week.date_from().to_string().as_str()), (7, "2021-09-13"));
}

fn is_days(word: &str) -> bool {
    word.strip_prefix("new_positive_").is_some_and(|days| days.ends_with('d') && days.len() == 2)
}

#[test]
fn exchanged_days_and_months_of_the_workbook_are_refused_by_name() {
    let file = "indonesia/jabar-prov-daily-2021-jun-sep-xlsx/data covid 19 jabar 2021.xlsx";
    let Some(parsed) = read("jabar-workbook", file, None) else { return };
    let mut book: Xlsx<_> = open_workbook(reference(file).unwrap()).unwrap();
    let range = book.worksheet_range("Sheet1").unwrap();
    let names: Vec<String> = range.rows().next().unwrap().iter().map(ToString::to_string).collect();
    let place = |name: &str| names.iter().position(|column| column == name).unwrap();
    let columns =
        ["Daily New Cases", "Active Cases", "cummulative_recovered", "cummulative_death"].map(place);
    let (mut texts, mut days) = (0, 0);
    for row in range.rows().skip(1) {
        let cells = columns.iter().filter(|column| row[**column] != Data::Empty).count();
        match &row[place("Tanggal")] {
            Data::String(_) => texts += cells,
            _ => days += cells,
        }
    }
    assert_eq!(texts, 256, "64 days after the twelfth");
    assert_eq!(
        (parsed.rows.len(), reasons(&parsed)),
        (texts, BTreeMap::from([(RejectReason::DayMonthSwapped, days)]))
    );
    // Row 13 is 12 June, stored as 6 December.
    let last = parsed.rejected.iter().find(|rejection| rejection.row == 13).unwrap();
    assert_eq!(last.detail, "2021-12-06 ↔ 2021-06-12");
    assert_eq!(values(&parsed, "32", "cases", "2021-06-13"), [1_242.0]);
}

#[test]
fn broken_tables_of_days_are_seen_by_name() {
    let folder = "reference/jhu_us_county";
    let Some(good) = read("jhu-wide-us-confirmed", &format!("{folder}/small_confirmed.csv"), None) else {
        return;
    };
    assert_eq!((good.rows.len(), good.rejected.first()), (1_100, None));
    assert!(values(&good, "US-37037", "cases_total", "2020-03-06") == [1.0]);
    let deaths = read("jhu-wide-us-deaths", &format!("{folder}/small_deaths.csv"), None).unwrap();
    assert_eq!((deaths.rows.len(), deaths.rejected.first()), (1_100, None));
    assert!(deaths.rows.iter().any(|o| o.location.as_str() == "US-01017"), "the zero is back");
    let bad = |name: &str| {
        read("jhu-wide-us-confirmed", &format!("{folder}/bad_confirmed_{name}.csv"), None).unwrap()
    };
    let (missing, extra, days) = (bad("missing_cols"), bad("extra_cols"), bad("missing_days"));
    let gone: Vec<&String> = good.columns.iter().filter(|name| !missing.columns.contains(name)).collect();
    assert_eq!(gone, ["iso2"]);
    let new: Vec<&String> = extra.columns.iter().filter(|name| !good.columns.contains(name)).collect();
    assert_eq!(new, ["extra"]);
    assert_eq!(days.columns, good.columns);
    let seen = &days.rejected[0];
    assert_eq!((days.rejected.len(), seen.row, seen.reason), (1, 1, RejectReason::ColumnMissing));
    assert_eq!((days.rows.len(), seen.column.as_str()), (700, "2020-03-06 … 2020-03-09"));
}

#[test]
fn every_shipped_source_has_its_card() {
    let mut count = 0;
    for file in std::fs::read_dir(checkout("data/source")).unwrap() {
        let path = file.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let spec = SourceSpec::parse(&text).unwrap_or_else(|fault| panic!("{}, {fault}", path.display()));
        assert_eq!(path.file_stem().unwrap().to_str(), Some(spec.id.as_str()));
        assert!(spec.title_in(true) != spec.title_in(false), "{}: both languages", spec.id);
        assert!(!spec.licence.is_empty() && spec.last_answered == "never", "{}", spec.id);
        assert!(spec.address.is_none(), "{}: nobody is asked unless the operator says so", spec.id);
        assert!(text.starts_with("# "), "{}: a remark at the top", spec.id);
        count += 1;
    }
    assert!(count >= 45, "{count}");
}

#[test]
fn interfaces_are_read_in_the_shape_that_is_documented() {
    let of = |name: &str, payload: &str| read_as(&spec(name), payload.as_bytes(), "x.json", None).unwrap();
    let pikobar = of(
        "pikobar-jabar-api",
        r#"{"status_code": 200, "data": {"metadata": {"last_update": "x"}, "content": [
            {"tanggal": "2021-06-28", "kode_kab": "3271", "nama_kab": "Kota Bogor", "kode_prov": "32", "nama_prov": "Jawa Barat",
             "SUSPECT": 5, "CLOSECONTACT": 1, "PROBABLE": 0, "CONFIRMATION": 447, "confirmation_sembuh": 54, "confirmation_meninggal": 5},
            {"tanggal": "2021-06-28", "kode_kab": "0000", "nama_kab": "BELUM TERIDENTIFIKASI", "kode_prov": "32", "nama_prov": "Jawa Barat",
             "SUSPECT": 5, "CLOSECONTACT": 1, "PROBABLE": 0, "CONFIRMATION": 9, "confirmation_sembuh": 0, "confirmation_meninggal": null}]}}"#,
    );
    assert_eq!((pikobar.rows.len(), pikobar.rejected.len()), (5, 0));
    assert_eq!(values(&pikobar, "32-unidentified", "cases", "2021-06-28"), [9.0]);
    let detail = of(
        "covid19goid-prov-detail",
        r#"{"last_date": "2022-04-26", "provinsi": "JAWA BARAT", "kasus_total": 1, "list_perkembangan": [
            {"tanggal": 1583193600000, "KASUS": 1, "MENINGGAL": 1, "SEMBUH": 0, "DIRAWAT_OR_ISOLASI": -1,
             "AKUMULASI_KASUS": 1, "AKUMULASI_SEMBUH": 0, "AKUMULASI_MENINGGAL": 1, "AKUMULASI_DIRAWAT_OR_ISOLASI": 0}]}"#,
    );
    assert_eq!(values(&detail, "32", "cases_total", "2020-03-03"), [1.0]);
    let update = of(
        "covid19goid-update",
        r#"{"data": {}, "update": {"penambahan": {"jumlah_positif": 1}, "total": {}, "harian": [
            {"key_as_string": "2020-03-02T00:00:00.000Z", "key": 1583107200000, "doc_count": 34,
             "jumlah_meninggal": {"value": 0}, "jumlah_sembuh": {"value": 0}, "jumlah_positif": {"value": 2}, "jumlah_dirawat": {"value": 2},
             "jumlah_positif_kum": {"value": 2}, "jumlah_sembuh_kum": {"value": 0}, "jumlah_meninggal_kum": {"value": 0}, "jumlah_dirawat_kum": {"value": 2}}]}}"#,
    );
    assert_eq!((update.rows.len(), values(&update, "ID", "active", "2020-03-02")), (7, vec![2.0]));
    let provinces = of(
        "covid19goid-prov",
        r#"{"last_date": "2020-11-05", "current_data": 99.9, "tanpa_provinsi": 0, "list_data": [
            {"key": "DKI JAKARTA", "doc_count": 25.6, "jumlah_kasus": 108620, "jumlah_sembuh": 97000, "jumlah_meninggal": 2300, "jumlah_dirawat": 9320,
             "jenis_kelamin": [], "lokasi": {"lon": 106.8, "lat": -6.2}, "penambahan": {"positif": 500, "sembuh": 1, "meninggal": 2}},
            {"key": "PAPUA  BARAT", "doc_count": 0.1, "jumlah_kasus": 1, "jumlah_sembuh": 0, "jumlah_meninggal": 0, "jumlah_dirawat": 1,
             "jenis_kelamin": [], "lokasi": null, "penambahan": {"positif": 0, "sembuh": 0, "meninggal": 0}},
            {"key": "TANPA PROVINSI", "jumlah_kasus": 1, "penambahan": {}}]}"#,
    );
    assert_eq!(values(&provinces, "31", "cases", "2020-11-05"), [500.0]);
    assert_eq!(values(&provinces, "92", "cases_total", "2020-11-05"), [1.0]);
    assert_eq!(reasons(&provinces), BTreeMap::from([(RejectReason::UnknownLocation, 1)]));
    let owid = of(
        "owid-json",
        r#"{"IDN": {"location": "Indonesia", "data": [{"date": "2021-06-28", "total_cases": 2135998.0, "new_cases": 20694.0, "total_deaths": 57561.0, "new_deaths": 423.0}]}}"#,
    );
    assert_eq!(values(&owid, "ID", "cases", "2021-06-28"), [20_694.0]);
    let table = "iso_code,location,date,total_cases,new_cases,total_deaths,new_deaths,icu_patients,hosp_patients,total_tests,new_tests\n\
        IDN,Indonesia,2021-06-28,2135998.0,20694.0,57561.0,423.0,,,,\nDEU,Germany,2021-06-28,3734830,,,,,,,\n";
    assert_eq!(of("owid", table).rows.len(), 5);
    let compact = table.replace("iso_code,location,", "code,country,");
    assert_eq!(values(&of("owid-compact", &compact), "owid-DEU", "cases_total", "2021-06-28"), [3_734_830.0]);
}

#[test]
fn files_of_the_city_s_own_agencies_are_read() {
    let of = |name: &str, bytes: &[u8], file: &str| read_as(&spec(name), bytes, file, None).unwrap();
    let csv = "tanggal;unit;kasus_baru;kasus_total\n28/6/2021;Dinas Perhubungan;2;5\nTOTAL;;2;5\n";
    let units = of("asn-units-csv", csv.as_bytes(), "asn.csv");
    assert_eq!((units.rows.len(), units.skipped, units.rejected.len()), (2, 1, 0));
    assert_eq!(units.rows.series()[0].unit_id.as_deref(), Some("dishub"));
    let sheet = "tanggal,unit,kasus_baru,kasus_total\n28-06-2021,DINAS PERHUBUNGAN,2,1.005\n28-06-2021,Dinas Lain,1,1\n";
    let units = of("asn-units-sheet", sheet.as_bytes(), "asn.csv");
    assert_eq!(values(&units, "3271", "staff_cases_total", "2021-06-28"), [1_005.0]);
    assert_eq!(reasons(&units), BTreeMap::from([(RejectReason::UnknownUnit, 2)]));
    let beds = "tanggal,isolasi_terisi,isolasi_tersedia,icu_terisi,icu_tersedia,pasien_baru,pasien_dirawat\n\
        28/6/2021,750,\"1.229\",36,65,-,\n";
    let beds = of("hospital-beds", beds.as_bytes(), "beds.csv");
    assert_eq!((beds.rows.len(), values(&beds, "3271", "beds_available", "2021-06-28")), (4, vec![1_229.0]));

    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().set_name("Catatan").unwrap();
    let sheet = book.add_worksheet().set_name("ASN Juni").unwrap();
    for (column, name) in (0..).zip(["tanggal", "unit", "kasus_baru", "kasus_total"]) {
        sheet.write(0, column, name).unwrap();
    }
    let day = rust_xlsxwriter::Format::new().set_num_format("dd/mm/yyyy");
    sheet.write_number_with_format(1, 0, 44_375, &day).unwrap();
    sheet.write(2, 0, "29/6/2021").unwrap();
    for (row, count) in [(1, 3), (2, 4)] {
        sheet.write(row, 1, "Dinas  Perhubungan").unwrap();
        sheet.write(row, 2, count).unwrap();
    }
    sheet.write(3, 0, "Jumlah").unwrap();
    let units = of("asn-units-xlsx", &book.save_to_buffer().unwrap(), "asn.xlsx");
    assert_eq!((units.rows.len(), units.skipped, units.rejected.len()), (2, 1, 0));
    assert_eq!(values(&units, "3271", "staff_cases", "2021-06-28"), [3.0]);

    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (row, (name, count)) in
        (0..).zip([("Unit Kerja", "Jumlah Pegawai"), ("Dinas Perhubungan", "240"), ("TOTAL", "240")])
    {
        sheet.write(row, 0, name).unwrap();
        sheet.write(row, 1, count).unwrap();
    }
    let staff = of("simpeg-headcounts", &book.save_to_buffer().unwrap(), "pegawai_20210531.xlsx");
    assert_eq!(values(&staff, "3271", "staff_headcount", "2021-05-31"), [240.0]);
    assert_eq!((staff.rows.len(), staff.skipped), (1, 1));
}

#[test]
fn a_source_file_is_tried_before_it_is_trusted() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let spec = file(
        "dinas.toml",
        "id = \"dinas\"\ntitle = \"Dinas\"\ndates = \"day_first\"\nlocations_by = \"name\"\n\
         [columns]\ndate = \"Tanggal\"\nlocation = \"Wilayah\"\n[values]\nBaru = \"cases\"\n",
    );
    let sample = file(
        "juni.csv",
        "Tanggal,Wilayah,Baru,Lain\n28/6/2021,KOTA BOGOR,447,\n29/6/2021,Kab. Bogor,220,\n30/6/2021,KOTA BOGGOR,9,\n31/6/2021,KOTA BOGOR,9,\n",
    );
    let check = |spec: &std::path::Path, sample: &std::path::Path, more: &[&str]| {
        let mut command = siaga(folder.path());
        command.args(["source", "check"]).arg(spec).arg("--sample").arg(sample);
        let out = command.args(more).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        (out.status.code(), text(&out.stdout), text(&out.stderr))
    };
    let (code, told, _) = check(&spec, &sample, &["--format", "csv"]);
    assert_eq!(code, Some(0));
    for line in [
        "total,figures,2,",
        "total,refused,2,",
        "column,Lain,",
        "refused,unknown_location,,4,Wilayah,KOTA BOGGOR,",
        "refused,not_a_day,,5,Tanggal,'31/6/2021' ≠ 28/6/2021,",
        "location,3271,1,,,,,,2021-06-28,2021-06-28",
        "measure,cases,2,,,,220,447,2021-06-28,2021-06-29",
        "figure,3271 cases,,2,,",
    ] {
        assert!(told.lines().any(|told| told.starts_with(line)), "{line}: {told}");
    }
    assert!(check(&spec, &sample, &[]).1.contains("unknown_location"));
    assert!(check(&spec, &sample, &["--format", "json"]).1.contains("\"unknown_location\""));
    let page = file("page.csv", "<html>");
    let (code, _, said) = check(&spec, &page, &[]);
    assert_eq!(code, Some(1));
    assert!(said.contains("isinya halaman web, bukan tabel CSV"), "{said}");
    let (_, _, said) = check(&spec, &page, &["--lang", "en"]);
    assert!(said.contains("read the payload of dinas: it is a web page, not a CSV table"), "{said}");
    let none = file("none.csv", "Tanggal,Wilayah,Baru\n31/6/2021,KOTA BOGOR,9\n");
    assert_eq!(check(&spec, &none, &[]).0, Some(1));
    let broken = file("broken.toml", "id = \"x\"\ntitle = \"x\"\nadress = \"y\"\n");
    let (code, _, said) = check(&broken, &sample, &[]);
    assert_eq!(code, Some(2));
    assert!(said.contains("broken.toml, line 3: unknown field `adress`"), "{said}");
}
