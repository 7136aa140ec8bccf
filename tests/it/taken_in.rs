//! Every publisher's files, taken in by the program as its scheduler would, into a store: nothing is lost on the way, and
//! what is known to be wrong with these files is caught by name. The data are not part of the project; see `publishers`.

use std::collections::BTreeMap;

use siaga::disclosure::Audience;
use siaga::epi::LocationId;
use siaga::job::{FigureReport, FiguresWanted, How, IngestReport, Journey, release, take_in};
use siaga::source::Payload;
use siaga::store::{Filter, Outcome};

use super::publishers::{SETS, filled, reference};
use crate::support::{journey, moment};

async fn taken(journey: &Journey, spec: &str, file: &str, how: &How<'_>) -> Option<IngestReport> {
    let body = std::fs::read(reference(file)?).unwrap();
    let spec =
        journey.sources.iter().find(|known| known.id == spec).unwrap_or_else(|| panic!("{spec} ships"));
    let report = take_in(journey, spec, &Payload::from_file(file, body), how).await.unwrap();
    let run = &report.run;
    assert_eq!(run.received, run.accepted + run.unchanged + run.rejected + run.held, "{file}: {run:?}");
    Some(report)
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_of_any_publisher() {
    let mut told: BTreeMap<String, u64> = BTreeMap::new();
    for set in SETS {
        let folder = tempfile::tempdir().unwrap();
        let (journey, _) = journey(folder.path(), "2026-01-01").await;
        let Some(report) = taken(&journey, set.spec, set.file, &How::default()).await else { continue };
        let run = &report.run;
        let in_file = filled(set.file, set.columns).unwrap();
        assert_eq!(run.received, in_file as u64, "{}: every filled cell is received", set.file);
        let mut reasons: BTreeMap<&str, u64> = BTreeMap::new();
        for rejection in &report.rejections {
            *reasons.entry(&rejection.reason).or_default() += 1;
        }
        println!(
            "{} {}: received {} accepted {} unchanged {} rejected {} held {} {reasons:?} {}",
            set.spec,
            set.file,
            run.received,
            run.accepted,
            run.unchanged,
            run.rejected,
            run.held,
            run.message
        );
        let name = format!("{} {}", set.spec, set.file.rsplit('/').next().unwrap_or_default());
        told.insert(name, run.rejected + run.held);
        let stored = journey.store.observations(&Filter::default()).await.unwrap().len();
        assert_eq!(stored as u64, run.accepted, "{}: what is accepted is stored, and nothing else", set.file);
        let again =
            taken(&journey, set.spec, set.file, &How { is_again: true, ..How::default() }).await.unwrap();
        assert_eq!(again.run.accepted, 0, "{}: read a second time it changes nothing", set.file);
    }
}

const FIRST: &str = "indonesia/jabar-kab-daily-to-2021-06-02/Data COVID-19 Jawa Barat.csv";
const SECOND: &str = "indonesia/jabar-kab-daily-to-2022-02-11/Data COVID-19 Jawa Barat.csv";

#[tokio::test(flavor = "multi_thread")]
async fn the_false_drop_and_the_lost_attribution_are_held_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let (journey, _) = journey(folder.path(), "2026-01-01").await;
    let known = |as_of: &str| How { as_of: Some(moment(as_of)), ..How::default() };
    let Some(first) = taken(&journey, "pikobar-jabar", FIRST, &known("2021-06-03")).await else { return };
    assert_eq!(first.run.outcome, Outcome::Changed, "{}", first.run.message);
    let second = taken(&journey, "pikobar-jabar", SECOND, &known("2022-02-12")).await.unwrap();
    assert_eq!(second.run.outcome, Outcome::Held);
    let codes: Vec<&str> =
        second.run.message.split("; ").filter_map(|found| found.split(' ').next()).collect();
    assert_eq!(codes, ["totals_fell", "many_changed", "unidentified"], "{}", second.run.message);
    let hold = journey.store.hold(&second.run.id).await.unwrap().unwrap();
    let diff: serde_json::Value = serde_json::from_str(&hold.diff).unwrap();
    let own = diff["own"].as_array().unwrap().iter().find(|mover| mover["measure"] == "cases_total").unwrap();
    let drop = own["before"].as_f64().unwrap() - own["now"].as_f64().unwrap();
    assert!((8_800.0..9_000.0).contains(&drop), "the city's own: {own}");
    let total = |as_of: &'static str| {
        let journey = &journey;
        async move {
            let filter = Filter { location: Some(LocationId::new("3271")), as_of: Some(moment(as_of)) };
            let figures = journey.store.observations(&filter).await.unwrap();
            let day = |o: &&siaga::observation::Observation| {
                o.measure.name() == "cases_total" && o.date.to_string() == "2021-05-31"
            };
            figures.iter().rfind(day).and_then(|o| o.value)
        }
    };
    assert_eq!(total("2025-12-31").await, Some(15_792.0), "the last good figures keep serving");
    let officer = siaga::account::Visitor::Operator { name: "sari".to_owned() };
    let reason = "asked the province: cases without an address were taken out";
    release(&journey, &second.run.id, reason, (&officer, "test")).await.unwrap();
    assert_eq!(total("2022-02-11").await, Some(15_792.0), "as known then");
    assert_eq!(total("2025-12-31").await, Some(6_956.0), "as known now");
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_files_are_caught_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let (journey, clock) = journey(folder.path(), "2026-01-01").await;
    let jhu = |name: &str| format!("reference/jhu_us_county/{name}.csv");
    let how = How::default();
    let Some(good) = taken(&journey, "jhu-wide-us-confirmed", &jhu("small_confirmed"), &how).await else {
        return;
    };
    assert_eq!((good.run.outcome, good.run.rejected), (Outcome::Changed, 0), "{}", good.run.message);
    for (file, says) in [
        ("bad_confirmed_extra_cols", "schema_changed (+extra)"),
        ("bad_confirmed_missing_cols", "schema_changed (-iso2)"),
        ("bad_confirmed_missing_days", "2020-03-06"),
    ] {
        clock.advance_to(siaga::epi::Vintage::from_millis(journey.clock.now().millis() + 60_000).unwrap());
        let broken = taken(&journey, "jhu-wide-us-confirmed", &jhu(file), &how).await.unwrap();
        let told: Vec<&str> = broken.rejections.iter().map(|rejection| &*rejection.detail).collect();
        let all = format!("{} {}", broken.run.message, told.join(" "));
        println!("{file}: {} {all}", broken.run.outcome.as_str());
        assert!(all.contains(says), "{file}: {all}");
        assert_eq!(broken.run.accepted, 0, "{file}: nothing of it is believed unasked");
    }
}

/// Every open doubt, without its sentence: how many, and the SHA-256 of the list.
async fn doubted(journey: &Journey) -> (usize, String) {
    let wanted = FiguresWanted {
        source: None,
        as_of: None,
        audience: Audience::executive(),
        complete_pct: 95.0,
        with_internal_notes: false,
    };
    let table = FigureReport::Doubts.table(journey, &wanted).await.unwrap();
    let mut csv = Vec::new();
    siaga::export::write_csv(&table, &mut csv).unwrap();
    let (mut list, mut count) = (String::new(), 0);
    for record in csv::Reader::from_reader(&*csv).records() {
        let record = record.unwrap();
        let told = [0, 1, 2, 3, 5, 6].map(|place| &record[place]).join(",");
        (list, count) = (list + &told + "\n", count + 1);
    }
    (count, siaga::source::sha256_hex(list.as_bytes()))
}

/// The list as it was before it was made fast: no doubt may come or go unseen.
#[tokio::test(flavor = "multi_thread")]
async fn the_doubts_about_both_exports_are_the_same_one_by_one() {
    let folder = tempfile::tempdir().unwrap();
    let (journey, _) = journey(folder.path(), "2026-01-01").await;
    let known = |as_of: &str| How { as_of: Some(moment(as_of)), ..How::default() };
    if taken(&journey, "pikobar-jabar", FIRST, &known("2021-06-03")).await.is_none() {
        return;
    }
    let list = "734253531bb39e4c0ffed186a896f70654e1801d08317e016d1477d6231ca916";
    assert_eq!(doubted(&journey).await, (1_767, list.to_owned()));
    let second = taken(&journey, "pikobar-jabar", SECOND, &known("2022-02-12")).await.unwrap();
    let officer = siaga::account::Visitor::Operator { name: "sari".to_owned() };
    release(&journey, &second.run.id, "asked the province", (&officer, "test")).await.unwrap();
    let list = "3631b1d5f46d00ef695291de7dc8fd629d9f4781b19bb9b989f7cc0612090bb1";
    assert_eq!(doubted(&journey).await, (2_812, list.to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn workbooks_and_lists_without_names_take_the_same_way() {
    let folder = tempfile::tempdir().unwrap();
    let (journey, _) = journey(folder.path(), "2026-01-01").await;
    let zones = "indonesia/zonasi-risiko-kabkota-2020-11/data.txt";
    let how = How { date: "2020-11-05".parse().ok(), ..How::default() };
    let Some(report) = taken(&journey, "covid19goid-zonasi", zones, &how).await else { return };
    assert_eq!((report.run.received, report.run.accepted), (514, 514), "{:?}", report.rejections);
    let workbook = "indonesia/jabar-prov-daily-2021-jun-sep-xlsx/data covid 19 jabar 2021.xlsx";
    let report = taken(&journey, "jabar-workbook", workbook, &How::default()).await.unwrap();
    let swapped =
        report.rejections.iter().filter(|rejection| rejection.reason == "day_month_swapped").count();
    assert!(swapped >= 48 && report.run.accepted + report.run.held > 0, "{:?}", report.run);
    let capacity = "indonesia/city-reports-news/kota_bogor_capacity_2021.csv";
    let report = taken(&journey, "city-reports-news-capacity", capacity, &How::default()).await.unwrap();
    assert!(report.run.accepted > 0, "{:?}", report.rejections);
}
