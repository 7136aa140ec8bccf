//! What vintages tell of real sources, what is doubted, and what a person's word does to the figures.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use chrono::{Duration, NaiveDate};
use siaga::account::{Permission, Role, Visitor};
use siaga::audit::Action;
use siaga::disclosure::Audience;
use siaga::epi::{IndicatorKind, Location, LocationId, Locations, Missing, Status, Vintage};
use siaga::export::Table;
use siaga::indicator::{MethodParameters, compute};
use siaga::job::{
    Dataset, FigureReport, FiguresWanted, Focus, JudgeFault, Judging, NOTE_LENGTH, city_view, judge,
};
use siaga::observation::{
    Authority, Doubt, DoubtKind, Judgement, Measure, NOISE, Observation, Places, SeriesKey, Settling,
    Snapshot, Unidentified, Verdict, apply, completeness, disagreements, doubts, first_shares,
    last_complete_day, reporting_triangle, revision_statistics,
};
use siaga::store::{AuditFilter, Store};

use crate::support::{bogor, fresh_postgres, journey, moment, pulled, run, sample, save_run, siaga, stdout};

const FIRST_EXPORT: &str = "indonesia/jabar-kab-daily-to-2021-06-02/Data COVID-19 Jawa Barat.csv";
const SECOND_EXPORT: &str = "indonesia/jabar-kab-daily-to-2022-02-11/Data COVID-19 Jawa Barat.csv";
const RKI: &str = "reference/rki_incidence_germany/de_incidence_vintages_2022-09-29_2022-11-30.csv";
const DELPHI: &str = "reference/delphi_vintages/archive_cases_dv_subset.csv";
const OUTLIERS: &str = "reference/delphi_vintages/covid_incidence_outliers.csv";
const FILES: [&str; 5] = [FIRST_EXPORT, SECOND_EXPORT, RKI, DELPHI, OUTLIERS];

/// The rows of a reference file; `None` where there are none.
fn reference(file: &str) -> Option<Vec<HashMap<String, String>>> {
    assert!(FILES.contains(&file), "{file} is counted");
    let path = PathBuf::from(std::env::var_os("SIAGA_REFERENCE_DATA")?).join(file);
    assert!(path.exists(), "SIAGA_REFERENCE_DATA is set, so {} must be there", path.display());
    Some(csv::Reader::from_path(path).unwrap().deserialize().map(Result::unwrap).collect())
}

#[test]
fn skipped_sets_are_counted() {
    let used = FILES.iter().filter(|file| reference(file).is_some()).count();
    assert!(used == 0 || used == FILES.len());
    println!("reference data of vintages: {used} files used, {} skipped", FILES.len() - used);
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn figure(location: &str, measure: &str, date: &str, value: f64, as_of: Vintage) -> Observation {
    Observation {
        location: LocationId::new(location),
        unit_id: None,
        measure: measure.parse().unwrap(),
        source: "pikobar".to_owned(),
        date: day(date),
        days: 1,
        value: Some(value),
        status: Status::Printed,
        as_of,
        note: String::new(),
        address: String::new(),
    }
}

/// The cases of an export of West Java, by day and running, as known at one moment.
fn export(file: &str, as_of: &str) -> Option<Vec<Observation>> {
    let mut told = Vec::new();
    for row in reference(file)? {
        for (column, measure) in [("confirmation", "cases_total"), ("pertumbuhan_confirmation", "cases")] {
            let value = row[column].parse().unwrap();
            told.push(figure(&row["kode_kab"], measure, &row["tanggal"], value, moment(as_of)));
        }
    }
    Some(told)
}

fn asked(told: &[Observation], at_most_pct: f64) -> Vec<Doubt> {
    let unidentified = Unidentified { location: LocationId::new("0000"), at_most_pct };
    let unidentified = BTreeMap::from([("pikobar".to_owned(), unidentified)]);
    doubts(told, None, Places { locations: &Locations::default(), unidentified: &unidentified })
}

#[test]
fn the_backlog_of_january_2021_is_asked_about_by_day_and_by_week() {
    let Some(told) = export(FIRST_EXPORT, "2021-06-03") else { return };
    let all = asked(&told, 5.0);
    let found: Vec<&Doubt> =
        all.iter().filter(|d| d.series.location == bogor() && d.kind == DoubtKind::Backlog).collect();
    for (date, value) in [("2021-01-26", "1047 "), ("2021-01-27", "1031 "), ("2021-01-28", "1165 ")] {
        let is_it = |d: &&&Doubt| d.date == day(date) && d.days == 1 && d.detail.starts_with(value);
        assert!(found.iter().any(|d| is_it(&d)), "{date}: {found:?}");
    }
    let week = found.iter().find(|d| d.days == 7 && d.date == day("2021-01-31")).unwrap();
    assert_eq!(week.detail, "4457 > 3 × 25.5");
    let of_january = found.iter().filter(|d| d.days == 7 && d.date.to_string().starts_with("2021-0"));
    assert_eq!(of_january.count(), 1, "one question for one backlog");
    assert!(all.iter().all(|d| d.kind != DoubtKind::TotalDisagrees), "the export's totals are its own sums");
}

#[test]
fn the_collapse_of_attribution_is_asked_about_and_the_first_export_is_not() {
    let (Some(first), Some(second)) =
        (export(FIRST_EXPORT, "2021-06-03"), export(SECOND_EXPORT, "2022-02-12"))
    else {
        return;
    };
    let share = |told: &[Observation], at_most: f64, date: &str| {
        let found = asked(told, at_most);
        let of_date = |d: &&Doubt| {
            d.kind == DoubtKind::UnidentifiedShare
                && (d.date - Duration::days(i64::from(d.days) - 1)..=d.date).contains(&day(date))
        };
        found.iter().find(of_date).map(|d| d.detail.clone())
    };
    assert_eq!(share(&first, 5.0, "2021-05-31"), None);
    assert!(share(&first, 0.5, "2021-05-31").unwrap().contains("= 0.7% "));
    assert!(share(&second, 5.0, "2022-02-10").unwrap().contains("= 32.0% > 5%"));
    // Joined, nearly every figure is told otherwise, and the running total seems to fall by 8,836.
    let joined: Vec<Observation> = first.iter().chain(&second).cloned().collect();
    let totals = |o: &&Observation| o.measure == Measure::CasesTotal && o.date < day("2021-06-03");
    let totals: Vec<Observation> = joined.iter().filter(totals).cloned().collect();
    let found = &revision_statistics(&totals, None, NOISE)[0];
    assert_eq!((found.figures, found.changed), (8_568, 8_568 - 29));
    assert!(found.share_changed_much() > 0.95);
    let of_bogor = |o: &&Observation| o.location == bogor() && o.date == day("2021-05-31");
    let values: Vec<_> = totals.iter().filter(of_bogor).map(|o| o.value.unwrap()).collect();
    assert_eq!(values, [15_792.0, 6_956.0]);
}

#[test]
fn the_spike_the_zeros_and_the_negatives_of_two_states_are_asked_about() {
    let Some(rows) = reference(OUTLIERS) else { return };
    let told: Vec<Observation> = rows
        .iter()
        .map(|row| {
            let value = row["cases"].parse().unwrap();
            figure(&row["geo_value"], "cases", &row["time_value"], value, moment("2021-06-05"))
        })
        .collect();
    let found = asked(&told, 5.0);
    let covers = |d: &Doubt, place: &str, date: &str| {
        let first = d.date - Duration::days(i64::from(d.days) - 1);
        d.series.location.as_str() == place && (first..=d.date).contains(&day(date))
    };
    let kinds = |place: &str, date: &str| -> Vec<DoubtKind> {
        found.iter().filter(|d| covers(d, place, date)).map(|d| d.kind).collect()
    };
    // Every day of nothing in Florida, the 31,518 of 2 January after one, and the days of nothing at the end.
    for row in rows.iter().filter(|row| row["geo_value"] == "fl" && row["cases"] == "0") {
        assert_eq!(kinds("fl", &row["time_value"]), [DoubtKind::ZeroRun], "{}", row["time_value"]);
    }
    assert_eq!(kinds("fl", "2021-01-02"), [DoubtKind::ZeroRun]);
    for date in ["2020-07-19", "2021-04-26", "2021-05-08"] {
        assert!(kinds("nj", date).contains(&DoubtKind::Outlier), "{date}");
    }
    assert!(found.len() < 20, "two years of days give few questions: {}", found.len());
}

#[test]
fn rki_incidence_settles_as_its_vintages_say() {
    let Some(rows) = reference(RKI) else { return };
    let zone = chrono_tz::Europe::Berlin;
    let mut told = Vec::new();
    // Computed here by hand, without the program: the first value told within two days, and the last within 28.
    let mut by_day: BTreeMap<NaiveDate, Vec<(NaiveDate, f64)>> = BTreeMap::new();
    for row in &rows {
        let value: f64 = row["Inzidenz_7-Tage"].parse().unwrap();
        let as_of = Vintage::parse_known(&row["commit_time"], zone).unwrap();
        told.push(figure("de", "incidence_7d_per_100k", &row["Meldedatum"], value, as_of));
        by_day.entry(day(&row["Meldedatum"])).or_default().push((day(&row["commit_time"][..10]), value));
    }
    let as_of = told.iter().map(|o| o.as_of).max().unwrap();
    let (started, ended) = (day("2022-09-30"), as_of.local_date(zone));
    let mut by_hand = Vec::new();
    for (date, mut vintages) in by_day {
        vintages.sort_by_key(|vintage| vintage.0);
        let final_day = date + Duration::days(28);
        let first = vintages.iter().find(|vintage| vintage.0 <= date + Duration::days(2));
        let last = vintages.iter().rev().find(|vintage| vintage.0 <= final_day);
        if date >= started
            && final_day <= ended
            && let (Some(first), Some(last)) = (first, last)
        {
            by_hand.push((date, first.1 / last.1));
        }
    }
    let rows = reporting_triangle(&told, as_of, zone, 28);
    let settling = Settling::default();
    assert_eq!(first_shares(&rows, &settling, 2), by_hand);
    let mean = by_hand.iter().map(|(_, share)| share).sum::<f64>()
        / f64::from(u32::try_from(by_hand.len()).unwrap());
    assert!(by_hand.len() >= 28 && (0.90..0.96).contains(&mean), "{mean} of {} days", by_hand.len());
    // The tenth of October as the publisher's own vintages print it.
    let tenth = rows.iter().find(|row| row.date == day("2022-10-10")).unwrap();
    assert_eq!(tenth.values[..5], [None, Some(685.9), Some(700.4), Some(705.3), Some(707.2)]);
    assert_eq!((tenth.values[8], tenth.last), (Some(708.9), Some(713.5)));
    // What is known rises with the days, and the day to evaluate lies behind today.
    let table = completeness(&rows, &settling);
    let all: Vec<f64> = table.iter().filter(|c| c.weekday.is_none()).map(|c| c.median).collect();
    assert!(all.windows(2).all(|pair| pair[0] <= pair[1]), "{all:?}");
    assert!(all.len() == 15 && (0.85..0.95).contains(&all[0]) && all[2] > 0.98 && all[14] > 0.998, "{all:?}");
    assert!(table.iter().all(|c| c.p10 <= c.median && c.median <= c.p90));
    let evaluate =
        |share: f64| last_complete_day(&table, ended, share, &settling).map(|day| (ended - day).num_days());
    assert!(
        evaluate(0.98) >= Some(1) && evaluate(0.5) == Some(0) && evaluate(0.98) <= evaluate(0.995),
        "{table:?}"
    );
    assert_eq!(evaluate(2.0), None);
}

#[test]
fn delphi_archive_changes_as_its_authors_say() {
    let Some(rows) = reference(DELPHI) else { return };
    let told: Vec<Observation> = rows
        .iter()
        .filter_map(|row| {
            let value = row["case_rate_7d_av"].parse().ok()?;
            let as_of = Vintage::parse_known(&row["version"], chrono_tz::UTC).unwrap();
            Some(figure(&row["geo_value"], "incidence_7d_per_100k", &row["time_value"], value, as_of))
        })
        .collect();
    let found = &revision_statistics(&told, None, NOISE)[0];
    assert_eq!(found.figures, 2_192);
    assert!((found.share_changed() - 0.681).abs() < 0.001, "{}", found.share_changed());
    assert!((found.share_changed_much() - 0.176).abs() < 0.001, "{}", found.share_changed_much());
    let steps = f64::from(u32::try_from(found.changes + found.noise).unwrap());
    let noise = f64::from(u32::try_from(found.noise).unwrap()) / steps;
    assert!((noise - 0.102).abs() < 0.001, "{noise}");
    assert_eq!(found.changes + found.noise, 7_057);
}

#[test]
fn city_and_province_disagree_and_the_city_counts() {
    let told = sample("kota_bogor_cases.csv");
    let authority = Authority::new([("dinkes-kota-bogor".to_owned(), 10)]);
    let found = disagreements(&told, moment("2021-07-31"), &authority);
    let totals = |d: &&siaga::observation::Disagreement| {
        d.measure == Measure::CasesTotal && d.other == "pikobar-jabar" && d.date == day("2021-06-29")
    };
    let total = found.iter().find(totals).unwrap();
    assert_eq!(
        (total.authority.as_str(), total.value, total.other_value),
        ("dinkes-kota-bogor", 20_235.0, 3_908.0)
    );
    assert_eq!((total.difference, total.agreed_on), (-16_327.0, None));
    assert!((total.relative.unwrap() + 0.807).abs() < 0.001);
    assert!(
        disagreements(&told, moment("2021-06-28"), &authority).iter().all(|d| d.date <= day("2021-06-28"))
    );
    let Some(province) = export(SECOND_EXPORT, "2022-02-12") else { return };
    let both: Vec<Observation> = told.into_iter().chain(province).collect();
    let found = disagreements(&both, moment("2022-02-12"), &authority);
    let of_day = |d: &&siaga::observation::Disagreement| {
        d.measure == Measure::CasesTotal && d.date == day("2021-06-28") && d.other == "pikobar"
    };
    let total = found.iter().find(of_day).unwrap();
    assert_eq!((total.value, total.other_value), (20_015.0, 7_107.0));
}

fn spread(told: &[Observation], date: &str, from: &str) -> Judgement {
    let meant =
        told.iter().find(|o| o.measure == Measure::Cases && o.location == bogor() && o.date == day(date));
    Judgement {
        id: 1,
        at: moment("2021-06-04"),
        by: "sari".to_owned(),
        role: "data_officer".to_owned(),
        series: SeriesKey::of(meant.unwrap()),
        date: day(date),
        days: 1,
        verdict: Verdict::Spread,
        spread_from: Some(day(from)),
        public_note: "late reports".to_owned(),
        internal_note: String::new(),
    }
}

#[test]
fn the_january_backlog_spread_over_its_month_keeps_every_case_and_the_growth_makes_sense() {
    let Some(told) = export(FIRST_EXPORT, "2021-06-03") else { return };
    let told: Vec<Observation> = told.into_iter().filter(|o| o.location == bogor()).collect();
    let said = ["2021-01-26", "2021-01-27", "2021-01-28"].map(|date| spread(&told, date, "2021-01-01"));
    let as_of = moment("2021-06-05");
    let table = |said: &[Judgement]| {
        let judged = apply(told.clone(), said, as_of);
        let snapshot = Snapshot::new(&judged.observations, Some(as_of), &Authority::default()).unwrap();
        let places = Locations::single(bogor(), 1_043_070.0);
        compute(&snapshot.judged(judged.marks), &places, &MethodParameters::default(), None)
            .unwrap()
            .remove(0)
    };
    let (reported, judged) = (table(&[]), table(&said));
    let week = |table: &siaga::indicator::IndicatorTable, date: &str| {
        table.at(IndicatorKind::Cases7d, day(date)).value()
    };
    assert_eq!(week(&reported, "2021-01-31"), Some(4_457.0));
    // 272, 672 and 270 as reported, and of the three spread 119, 119, 79 and 41 on the 25th to the 28th.
    assert_eq!(week(&judged, "2021-01-31"), Some(1_214.0 + 358.0));
    // The weeks to 3 and to 31 January and those between have what the whole month had.
    let sum = |table: &siaga::indicator::IndicatorTable| {
        ["2021-01-03", "2021-01-10", "2021-01-17", "2021-01-24", "2021-01-31"]
            .map(|date| week(table, date).unwrap())
            .iter()
            .sum::<f64>()
    };
    assert!((sum(&judged) - sum(&reported)).abs() < 1e-9);
    let growth = |table: &siaga::indicator::IndicatorTable| {
        table.at(IndicatorKind::GrowthPct, day("2021-01-31")).value().unwrap()
    };
    assert!(
        growth(&reported) > 1_500.0 && growth(&judged) < 50.0,
        "{} {}",
        growth(&reported),
        growth(&judged)
    );
    // Before and long after, nothing is other than reported.
    for date in ["2020-12-31", "2021-02-07", "2021-05-31"] {
        assert_eq!(week(&judged, date), week(&reported, date), "{date}");
    }
    let flagged = |table: &siaga::indicator::IndicatorTable| {
        table.flags.iter().any(|flag| flag.date == day("2021-01-27"))
    };
    assert!(flagged(&reported) && !flagged(&judged));
}

/// A journey with three weeks of the city's counts; on 20 June a backlog.
async fn city(folder: &std::path::Path) -> (siaga::job::Journey, std::sync::Arc<siaga::clock::SteppedClock>) {
    let (journey, clock) = journey(folder, "2021-06-28T12:00:00+07:00").await;
    fill(&journey.store).await;
    (journey, clock)
}

async fn fill(store: &Store) {
    let mut told: Vec<Observation> = (1..=24)
        .map(|on| {
            let value = if on == 20 { 500.0 } else { 100.0 };
            let date = format!("2021-06-{on:02}");
            Observation {
                source: "dinkes-kota-bogor".to_owned(),
                ..figure("3271", "cases", &date, value, moment("2021-06-25"))
            }
        })
        .collect();
    let total = 2_400.0 + 400.0;
    told.push(Observation { measure: Measure::CasesTotal, value: Some(total), ..told[23].clone() });
    told.push(Observation { measure: Measure::StaffCasesTotal, value: Some(42.0), ..told[23].clone() });
    let run = siaga::store::Run {
        received: 26,
        accepted: 26,
        payload: "abc".to_owned(),
        ..pulled("r1", "dinkes-kota-bogor", "2021-06-25")
    };
    save_run(store, &run, &[], &told).await.unwrap();
}

fn officer() -> Visitor {
    Visitor::Operator { name: "sari".to_owned() }
}

fn judging(verdict: Verdict, date: &str) -> Judging {
    Judging {
        location: bogor(),
        measure: Measure::Cases,
        source: "dinkes-kota-bogor".to_owned(),
        date: day(date),
        days: 1,
        verdict,
        spread_from: (verdict == Verdict::Spread).then(|| day("2021-06-11")),
        public_note: "late reports of one laboratory".to_owned(),
        internal_note: "Ibu Ratna of the laboratory called".to_owned(),
    }
}

fn wanted(as_of: Option<Vintage>) -> FiguresWanted {
    FiguresWanted {
        source: None,
        as_of,
        audience: Audience::executive(),
        complete_pct: 95.0,
        with_internal_notes: false,
    }
}

fn csv_of(table: &Table) -> String {
    let mut out = Vec::new();
    siaga::export::write_csv(table, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

async fn week(journey: &siaga::job::Journey, date: &str, as_of: Option<&str>) -> siaga::epi::Estimate {
    let focus = Focus { date: Some(day(date)), as_of: as_of.map(moment) };
    city_view(&journey.viewing(), focus, &Audience::executive())
        .await
        .unwrap()
        .table
        .at(IndicatorKind::Cases7d, day(date))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_persons_word_changes_what_is_worked_out_and_nothing_that_was_reported() {
    let folder = tempfile::tempdir().unwrap();
    let (journey, clock) = city(folder.path()).await;
    let executive = Audience::executive();
    let viewing = journey.viewing();
    let table = |dataset: Dataset| dataset.table(&viewing, None, &executive);
    assert_eq!(week(&journey, "2021-06-24", None).await.value(), Some(1_100.0));
    let doubted = csv_of(&FigureReport::Doubts.table(&journey, &wanted(None)).await.unwrap());
    assert!(doubted.contains("2021-06-20,1,3271,cases,dinkes-kota-bogor,backlog,500 > 3 × 100"), "{doubted}");
    let (observations, revisions) =
        (table(Dataset::Observations).await.unwrap(), table(Dataset::Revisions).await.unwrap());
    let version = journey.store.data_version().await.unwrap();

    let said =
        judge(&journey, judging(Verdict::Spread, "2021-06-20"), (&officer(), "192.0.2.7")).await.unwrap();
    assert_eq!((said.id, said.by.as_str(), said.role.as_str()), (1, "sari", "operator"));
    assert!(journey.store.data_version().await.unwrap() > version, "open pages hear of it");
    // 500 over ten days: 50 a day; the week to the 24th has seven of its days as judged.
    assert_eq!(week(&journey, "2021-06-24", None).await.value(), Some(50.0 + 2.0 * 150.0 + 4.0 * 100.0));
    assert_eq!(week(&journey, "2021-06-17", None).await.value(), Some(7.0 * 150.0));
    // As known before, nothing was said.
    assert_eq!(week(&journey, "2021-06-24", Some("2021-06-27")).await.value(), Some(1_100.0));
    let doubted = csv_of(&FigureReport::Doubts.table(&journey, &wanted(None)).await.unwrap());
    assert!(!doubted.contains("backlog"), "{doubted}");

    // Files have what was reported, with the public note; the internal one is in none of them.
    let now = table(Dataset::Observations).await.unwrap();
    let note = now.columns.iter().position(|column| column.name == "note").unwrap();
    let differing: Vec<_> =
        now.rows.iter().zip(&observations.rows).filter(|(now, then)| now != then).collect();
    assert_eq!((now.rows.len(), differing.len()), (observations.rows.len(), 1));
    let expected = "spread over 2021-06-11 to 2021-06-20: late reports of one laboratory";
    assert_eq!(differing[0].0[note], expected.into());
    assert_eq!(table(Dataset::Revisions).await.unwrap(), revisions);
    let view = city_view(&journey.viewing(), Focus::default(), &executive).await.unwrap();
    assert!(view.observations.iter().any(|o| o.status == Status::Derived && o.note == expected));
    let listed = csv_of(&FigureReport::Judgements.table(&journey, &wanted(None)).await.unwrap());
    assert!(listed.contains("late reports of one laboratory") && !listed.contains("Ratna"), "{listed}");
    assert!(!csv_of(&now).contains("Ratna") && !view.observations.iter().any(|o| o.note.contains("Ratna")));
    let with_notes = FiguresWanted { with_internal_notes: true, ..wanted(None) };
    assert!(csv_of(&FigureReport::Judgements.table(&journey, &with_notes).await.unwrap()).contains("Ratna"));

    // Each word stands in the audit log.
    let filter = AuditFilter { action: Some(Action::FigureJudged), ..AuditFilter::default() };
    let entry = journey.store.audit(&filter).await.unwrap().rows.remove(0).entry;
    assert_eq!((entry.actor.as_str(), entry.address.as_str()), ("sari", "192.0.2.7"));
    assert_eq!(entry.object, "spread 3271 cases 2021-06-20 dinkes-kota-bogor");
    assert_eq!(entry.detail, expected);

    // Withdrawn, it is as if nothing had been said, and the doubt is asked again.
    clock.advance_to(moment("2021-06-28T13:00:00+07:00"));
    judge(&journey, judging(Verdict::Withdraw, "2021-06-20"), (&officer(), "")).await.unwrap();
    assert_eq!(week(&journey, "2021-06-24", None).await.value(), Some(1_100.0));
    assert_eq!(table(Dataset::Observations).await.unwrap(), observations);
    assert!(csv_of(&FigureReport::Doubts.table(&journey, &wanted(None)).await.unwrap()).contains("backlog"));
    assert_eq!(week(&journey, "2021-06-17", Some("2021-06-28T12:30:00+07:00")).await.value(), Some(1_050.0));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_excluded_figure_is_missing_with_its_reason_and_a_confirmed_one_blocks_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (journey, clock) = city(folder.path()).await;
    judge(&journey, judging(Verdict::Exclude, "2021-06-20"), (&officer(), "")).await.unwrap();
    assert_eq!(week(&journey, "2021-06-24", None).await.reason(), Some(Missing::Excluded));
    assert_eq!(week(&journey, "2021-06-19", None).await.value(), Some(700.0));
    let table = Dataset::Indicators.table(&journey.viewing(), None, &Audience::executive()).await.unwrap();
    let row = csv_of(&table).lines().find(|line| line.starts_with("2021-06-24,")).unwrap().to_owned();
    assert!(row.contains("cases_7d=excluded"), "{row}");
    clock.advance_to(moment("2021-06-28T13:00:00+07:00"));
    let flags = async || {
        city_view(&journey.viewing(), Focus::default(), &Audience::executive())
            .await
            .unwrap()
            .table
            .flags
            .len()
    };
    assert_eq!(flags().await, 0, "what is missing is not doubted");
    judge(&journey, judging(Verdict::Withdraw, "2021-06-20"), (&officer(), "")).await.unwrap();
    assert_eq!(flags().await, 1);
    clock.advance_to(moment("2021-06-28T14:00:00+07:00"));
    let confirmed = Judging { public_note: String::new(), ..judging(Verdict::Confirm, "2021-06-20") };
    judge(&journey, confirmed, (&officer(), "")).await.unwrap();
    assert_eq!(flags().await, 0);
    assert_eq!(week(&journey, "2021-06-24", None).await.value(), Some(1_100.0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_meant_is_refused_with_what_to_write() {
    let folder = tempfile::tempdir().unwrap();
    let (journey, clock) = city(folder.path()).await;
    let spread = || judging(Verdict::Spread, "2021-06-20");
    let exclude = || judging(Verdict::Exclude, "2021-06-20");
    let refused = async |judging: Judging| {
        let fault = judge(&journey, judging, (&officer(), "")).await.expect_err("it is refused");
        assert!(!matches!(fault, JudgeFault::Store(_) | JudgeFault::Other(_)), "{fault}");
        fault.to_string()
    };
    let told = refused(Judging { public_note: " ".to_owned(), ..exclude() }).await;
    assert!(told.contains("a public note must say why"), "{told}");
    refused(Judging { public_note: String::new(), ..spread() }).await;
    refused(Judging { public_note: "é".repeat(NOTE_LENGTH + 1), ..exclude() }).await;
    refused(Judging { internal_note: "one\ntwo".to_owned(), ..exclude() }).await;
    refused(Judging { spread_from: None, ..spread() }).await;
    refused(Judging { spread_from: Some(day("2021-06-20")), ..spread() }).await;
    refused(Judging { spread_from: Some(day("2021-06-21")), ..spread() }).await;
    refused(Judging { spread_from: Some(day("2021-04-01")), ..spread() }).await;
    refused(Judging { spread_from: Some(day("2021-06-11")), ..exclude() }).await;
    refused(Judging { measure: Measure::CasesTotal, date: day("2021-06-24"), ..spread() }).await;
    let staff = Judging { measure: Measure::StaffCasesTotal, date: day("2021-06-24"), ..exclude() };
    assert!(refused(staff).await.contains("figure of staff"));
    assert!(refused(Judging { date: day("2021-06-26"), ..exclude() }).await.contains("has no figure"));
    refused(Judging { source: "nobody".to_owned(), ..exclude() }).await;
    refused(Judging { location: LocationId::new("3201"), ..exclude() }).await;
    refused(Judging { days: 7, ..exclude() }).await;
    refused(judging(Verdict::Withdraw, "2021-06-20")).await;
    // A share that would be lost.
    judge(&journey, judging(Verdict::Exclude, "2021-06-15"), (&officer(), "")).await.unwrap();
    assert!(refused(spread()).await.contains("2021-06-15 is excluded"));
    clock.advance_to(moment("2021-06-28T13:00:00+07:00"));
    judge(&journey, judging(Verdict::Withdraw, "2021-06-15"), (&officer(), "")).await.unwrap();
    judge(&journey, spread(), (&officer(), "")).await.unwrap();
    assert!(refused(judging(Verdict::Exclude, "2021-06-15")).await.contains("is spread over this day"));
    // Nobody without the permission, whatever they send.
    let account =
        |role: Role| Visitor::Account { name: "budi".to_owned(), role, unit_id: None, scopes: None };
    for role in Role::ALL.into_iter().filter(|role| !role.may(Permission::JudgeFigures)) {
        let fault = judge(&journey, exclude(), (&account(role), "")).await.expect_err("it is refused");
        assert!(matches!(fault, JudgeFault::NotPermitted(_)), "{role}: {fault}");
    }
    let fault = judge(&journey, exclude(), (&Visitor::Demo, "")).await.expect_err("it is refused");
    assert!(matches!(fault, JudgeFault::NotPermitted(_)));
    assert_eq!(journey.store.judgements(None, None).await.unwrap().len(), 3, "what is refused is not kept");
    let filter = AuditFilter { action: Some(Action::FigureJudged), ..AuditFilter::default() };
    assert_eq!(journey.store.audit(&filter).await.unwrap().rows.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reports_have_no_figure_of_staff_and_none_that_the_reader_may_not_see() {
    let folder = tempfile::tempdir().unwrap();
    let (journey, _clock) = city(folder.path()).await;
    // A place so small that every count may be one's own.
    let small: Vec<Observation> = (1..=20)
        .map(|on| figure("desa-kecil", "cases", &format!("2021-06-{on:02}"), 3.0, moment("2021-06-25")))
        .collect();
    let run = siaga::store::Run {
        received: 20,
        accepted: 20,
        payload: "def".to_owned(),
        ..pulled("r2", "pikobar", "2021-06-25")
    };
    save_run(&journey.store, &run, &[], &small).await.unwrap();
    let triangle = async |audience: Audience| {
        let wanted = FiguresWanted { audience, ..wanted(None) };
        csv_of(&FigureReport::Triangle.table(&journey, &wanted).await.unwrap())
    };
    for audience in
        [Audience::public(), Audience::government(), Audience::executive(), Audience::unsuppressed()]
    {
        let told = triangle(audience).await;
        assert!(told.contains(",3271,cases,") && !told.contains("staff"));
    }
    assert!(triangle(Audience::unsuppressed()).await.contains(",desa-kecil,cases,pikobar,24,3,3"));
    let told = triangle(Audience::public()).await;
    assert!(
        !told.contains(",desa-kecil,cases,pikobar,24,3,3"),
        "{}",
        told.lines().filter(|l| l.contains("desa-kecil")).collect::<Vec<_>>().join("\n")
    );
    for report in FigureReport::ALL {
        let table = report.table(&journey, &wanted(None)).await.unwrap();
        assert!(table.rows.iter().all(|row| row.len() == table.columns.len()), "{report}");
        assert_eq!(report.as_str().parse::<FigureReport>().unwrap(), report);
    }
    let unknown = FiguresWanted { source: Some("nobody".to_owned()), ..wanted(None) };
    assert!(
        FigureReport::Doubts.table(&journey, &unknown).await.unwrap_err().to_string().contains("'nobody'")
    );
}

async fn judgements_are_kept(store: &Store) {
    let judgement = |at: &str, verdict: Verdict, unit: Option<&str>| Judgement {
        id: 0,
        at: moment(at),
        by: "sari".to_owned(),
        role: "data_officer".to_owned(),
        series: SeriesKey {
            location: bogor(),
            unit_id: unit.map(str::to_owned),
            measure: Measure::Cases,
            source: "dinkes".to_owned(),
        },
        date: day("2021-06-20"),
        days: 1,
        verdict,
        spread_from: (verdict == Verdict::Spread).then(|| day("2021-06-11")),
        public_note: "it's \"late\", 100%".to_owned(),
        internal_note: String::new(),
    };
    let entry = |at: &str| {
        siaga::audit::Entry::new(moment(at), ("sari", "data_officer"), Action::FigureJudged, "cases")
    };
    let made = [
        judgement("2021-06-27", Verdict::Spread, None),
        judgement("2021-06-28", Verdict::Withdraw, Some("setda")),
    ];
    let version = store.data_version().await.unwrap();
    for (number, judgement) in (1..).zip(&made) {
        let at = judgement.at.local_date(chrono_tz::Asia::Jakarta).to_string();
        assert_eq!(store.add_judgement(judgement, &entry(&at)).await.unwrap(), number);
    }
    assert_eq!(store.data_version().await.unwrap(), version + 2);
    let expected: Vec<Judgement> =
        (1..).zip(made).map(|(id, judgement)| Judgement { id, ..judgement }).collect();
    assert_eq!(store.judgements(None, None).await.unwrap(), expected);
    assert_eq!(store.judgements(Some(&bogor()), Some(moment("2021-06-27"))).await.unwrap(), expected[..1]);
    assert_eq!(store.judgements(Some(&LocationId::new("3201")), None).await.unwrap(), []);
    assert_eq!(store.judgements(None, Some(moment("2021-06-26"))).await.unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn judgements_are_kept_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    judgements_are_kept(
        &Store::connect(&format!("sqlite://{}/s.sqlite", folder.path().display())).await.unwrap(),
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_postgres_judgements_are_kept_on_postgresql() {
    judgements_are_kept(&Store::connect(&fresh_postgres()).await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_commands_report_and_judge_as_typed() {
    let folder = tempfile::tempdir().unwrap();
    let address = format!("sqlite://{}/siaga.sqlite", folder.path().display());
    fill(&Store::connect(&address).await.unwrap()).await;
    std::fs::write(folder.path().join("siaga.toml"), format!("[database]\nurl = \"{address}\"\n")).unwrap();
    let report = |kind: &str| stdout(folder.path(), &["source", "report", kind, "--format", "csv"]);
    assert!(report("doubts").contains("2021-06-20,1,3271,cases,dinkes-kota-bogor,backlog"));
    assert!(
        stdout(folder.path(), &["source", "report", "doubts", "--format", "json"]).contains("\"backlog\"")
    );
    let judge = [
        "source",
        "judge",
        "spread",
        "--location",
        "3271",
        "--measure",
        "cases",
        "--source",
        "dinkes-kota-bogor",
        "--date",
        "2021-06-20",
    ];
    let ended = |more: &[&str]| {
        let output = run(folder.path(), &[&judge[..], more].concat());
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, told) = ended(&["--from", "2021-06-11"]);
    assert!(code == Some(2) && told.contains("public note"), "{told}");
    let (code, told) = ended(&["--from", "2021-06-11", "--public-note", "late"]);
    assert!(
        code == Some(0) && told.contains("judgement 1: spread over 2021-06-11 to 2021-06-20: late"),
        "{told}"
    );
    assert!(!report("doubts").contains("backlog"));
    assert!(report("judgements").contains(",operator,operator,spread,2021-06-20,1,3271,cases,"));
    for wrong in [
        &["source", "report", "guesses"][..],
        &["source", "report", "doubts", "--complete", "101"],
        &["source", "report", "doubts", "--as-of", "yesterday"],
        &["source", "judge", "forget", "--location", "3271"],
    ] {
        assert_eq!(run(folder.path(), wrong).status.code(), Some(2), "{wrong:?}");
    }
    let nobody = run(folder.path(), &["source", "report", "doubts", "--source", "nobody"]);
    assert_eq!(nobody.status.code(), Some(1));
    // A token may do what its account may, and an unknown one nothing.
    let output = siaga(folder.path()).args(judge).env("SIAGA_TOKEN", "siaga_nobodys").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
}

/// A parent place with two districts that do not add up.
#[test]
fn the_shipped_locations_can_be_asked_whether_they_add_up() {
    let place = |id: &str, parent: Option<&str>| Location {
        parent: parent.map(LocationId::new),
        ..Locations::single(LocationId::new(id), 1e6)
            .at(&LocationId::new(id), NaiveDate::MAX)
            .cloned()
            .unwrap()
    };
    let locations =
        Locations::new(vec![place("32", None), place("3271", Some("32")), place("3201", Some("32"))]);
    let known = moment("2021-06-28");
    let told: Vec<Observation> = [("32", 100.0), ("3271", 40.0), ("3201", 50.0)]
        .map(|(id, value)| figure(id, "cases_total", "2021-06-27", value, known))
        .to_vec();
    let none = BTreeMap::new();
    let found = doubts(&told, None, Places { locations: &locations, unidentified: &none });
    assert_eq!(found[0].kind, DoubtKind::PlacesDisagree);
}
