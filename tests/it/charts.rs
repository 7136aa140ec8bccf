//! Charts as a reader meets them: the finding that each title says, in both languages, and what a program finds in the picture.

use std::fmt::Write as _;

use chrono::{Duration, NaiveDate};
use siaga::chart::{Chart, Theme};
use siaga::disclosure::Audience;
use siaga::job::{CityView, Focus, Journey, city_view, ingest_payload};
use siaga::source::Payload;
use siaga::text::{Locale, Phrases};
use siaga::web::figures::{Asked, NAMES, Per, Subject, draw};

use crate::support::{journey, tidy};

const LAST: &str = "2021-06-28";

/// A city with these daily cases, the last on 28 June; `None` is a day of which nothing was told.
struct City {
    journey: Journey,
    view: CityView,
    _folder: tempfile::TempDir,
}

impl City {
    async fn with(cases: &[Option<u32>]) -> Self {
        Self::told(&rows_of(cases), &Audience::unsuppressed()).await
    }

    async fn told(rows: &str, audience: &Audience) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (journey, _) = journey(folder.path(), "2021-06-28T20:00:00+07:00").await;
        if !rows.is_empty() {
            let text = format!("date,location,measure,value,as_of,source,unit_id\n{rows}");
            let payload = Payload::from_file("figures.csv", text.into_bytes());
            let report = ingest_payload(&journey, &tidy(), &payload, false).await.unwrap();
            assert!(report.rejections.is_empty(), "{:?}", report.rejections);
        }
        let focus = Focus { date: Some(LAST.parse().unwrap()), as_of: None };
        let view = city_view(&journey.viewing(), focus, audience).await.unwrap();
        Self { journey, view, _folder: folder }
    }

    fn draw(&self, name: &str, (locale, asked): (Locale, Asked)) -> Chart {
        let subject = Subject { view: &self.view, journey: &self.journey, phrases: Phrases::new(locale) };
        draw(name, subject, asked, Theme::Light, (960, 420)).expect("a chart of this name")
    }

    fn svg(&self, name: &str) -> String {
        self.draw(name, (Locale::En, Asked::days(56))).svg
    }

    /// The titles in both languages.
    fn titles(&self, name: &str) -> [String; 2] {
        [Locale::Id, Locale::En].map(|locale| {
            let svg = self.draw(name, (locale, Asked::days(56))).svg;
            let title = svg.split("<title id=").nth(1).and_then(|rest| rest.split_once('>')).unwrap().1;
            title.split("</title>").next().unwrap().to_owned()
        })
    }
}

fn rows_of(cases: &[Option<u32>]) -> String {
    let last: NaiveDate = LAST.parse().unwrap();
    let days = i64::try_from(cases.len()).unwrap();
    let mut rows = String::new();
    for (day, cases) in (0..days).zip(cases) {
        let date = last - Duration::days(days - 1 - day);
        if let Some(cases) = cases {
            let _ = writeln!(rows, "{date},3271,cases,{cases},{date}T18:00:00+07:00,dinkes-kota-bogor,");
        }
    }
    rows
}

/// So many days that grow (or fall) by this factor a day.
fn growing(days: u16, first: f64, factor: f64) -> Vec<Option<u32>> {
    (0..days)
        .map(|day| {
            let cases = (first * factor.powf(f64::from(day))).round();
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small count")]
            Some(cases as u32)
        })
        .collect()
}

/// The groups of a part of a picture.
fn parts<'a>(svg: &'a str, name: &str) -> Vec<&'a str> {
    let mark = format!("<g class=\"part-{name}\">");
    svg.split(&mark).skip(1).filter_map(|rest| rest.split("</g>").next()).collect()
}

#[tokio::test]
async fn rising_cases_are_said_to_rise() {
    let city = City::with(&growing(70, 20.0, 1.04)).await;
    let [id, en] = city.titles("incidence");
    assert_eq!(
        id,
        "Kasus per 100.000 dalam 7 hari naik ke 179,2 pada 28 Juni 2021, dari 136,2 sepekan sebelumnya; di atas ambang 150"
    );
    assert_eq!(
        en,
        "Cases per 100,000 in 7 days rose to 179.2 on 28 June 2021, from 136.2 a week earlier; above the threshold of 150"
    );
    let [id, en] = city.titles("growth");
    assert!(id.starts_with("Kasus sepekan naik 32% (95%: +") && id.ends_with(" sampai 28 Juni 2021"), "{id}");
    assert!(en.starts_with("Weekly cases up 32% (95%: +") && en.ends_with(" to 28 June 2021"), "{en}");
    let [id, en] = city.titles("rt");
    assert!(id.starts_with("Rt 1,") && id.ends_with(": penularan meluas"), "{id}");
    assert!(en.starts_with("Rt 1.") && en.ends_with(": infection is spreading"), "{en}");
    let [id, en] = city.titles("forecast");
    assert!(id.starts_with("Perkiraan sampai 5 Juli 2021: ") && id.ends_with("; kini 1.869"), "{id}");
    assert!(en.starts_with("Forecast to 5 July 2021: ") && en.ends_with("; now 1,869"), "{en}");
}

#[tokio::test]
async fn falling_and_flat_cases_are_said_to_fall_and_to_stay() {
    let falling = City::with(&growing(70, 300.0, 0.97)).await;
    assert!(falling.titles("incidence")[0].contains(" turun ke "), "{:?}", falling.titles("incidence"));
    assert!(falling.titles("growth")[1].starts_with("Weekly cases down 19% (95%: −"));
    assert!(falling.titles("rt")[0].ends_with(": penularan menyusut"));
    let flat = City::with(&[Some(40); 70]).await;
    assert_eq!(
        flat.titles("incidence"),
        [
            "Kasus per 100.000 dalam 7 hari tetap 26,8 pada 28 Juni 2021, seperti sepekan sebelumnya; di atas ambang 20",
            "Cases per 100,000 in 7 days stayed at 26.8 on 28 June 2021, as a week earlier; above the threshold of 20",
        ]
    );
    assert!(flat.titles("growth")[0].starts_with("Kasus sepekan tidak berubah"));
    assert!(flat.titles("rt")[1].ends_with(": not clear whether spreading or receding"));
}

#[tokio::test]
async fn small_numbers_are_shown_as_numbers_and_never_as_percentages() {
    let mut few = vec![Some(0); 70];
    for day in [58, 60, 64, 66, 68] {
        few[day] = Some(2);
    }
    let city = City::with(&few).await;
    assert_eq!(
        city.titles("growth"),
        ["Pertumbuhan mingguan: belum dapat ditunjukkan", "Weekly growth: cannot be shown yet"]
    );
    let svg = city.svg("growth");
    assert!(svg.contains("data-label=\"Monday, 28 June 2021: 4 cases, then 6: too few for a percentage\""));
    assert!(parts(&svg, "line").is_empty(), "no line is drawn");
    assert_eq!(parts(&svg, "gaps").len(), 1, "the axis says that days are without a value");
}

#[tokio::test]
async fn missing_days_break_the_line_and_are_never_zero() {
    let mut cases = growing(70, 30.0, 1.01);
    for day in cases.iter_mut().take(52).skip(48) {
        *day = None;
    }
    let city = City::with(&cases).await;
    let svg = city.svg("incidence");
    let line = parts(&svg, "line").concat();
    // Each run is drawn twice: its rim and itself.
    assert_eq!(line.matches("<polyline").count(), 2 * 2, "{line}");
    assert_eq!(parts(&svg, "gaps").len(), 1);
    assert!(svg.contains("the single days of the week are not complete"), "the days say why");
    let curve = city.svg("epicurve");
    assert!(curve.contains("no figure"));
}

#[tokio::test]
async fn one_day_only_is_one_bar_and_no_trend() {
    let city = City::with(&[Some(17)]).await;
    assert_eq!(
        city.titles("epicurve"),
        ["Hari tertinggi 17 kasus, pada 28 Juni 2021", "Highest day: 17 cases on 28 June 2021"]
    );
    let bars = city.svg("epicurve");
    let points = parts(&bars, "bars")[0].split("points=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(points.split_whitespace().count(), 4, "one bar of four corners");
    assert_eq!(city.titles("forecast"), ["Perkiraan belum dapat dibuat", "No forecast can be made yet"]);
    assert!(parts(&city.svg("forecast"), "ahead").is_empty());
}

#[tokio::test]
async fn without_data_every_chart_says_so_and_draws_no_mark() {
    let city = City::told("", &Audience::unsuppressed()).await;
    assert_eq!(city.titles("epicurve"), ["Belum ada angka kasus harian", "No daily case figures yet"]);
    assert_eq!(
        city.titles("icu_occupancy"),
        ["Keterisian ICU: belum dapat ditunjukkan", "ICU occupancy: cannot be shown yet"]
    );
    for name in NAMES {
        let svg = city.svg(name);
        for part in ["bars", "line", "reports", "ahead", "band"] {
            let marks: String = parts(&svg, part).concat();
            let has_shape = ["<polyline", "<polygon", "<rect"].iter().any(|shape| marks.contains(shape));
            assert!(!has_shape, "{name}: {part}: {marks}");
        }
    }
}

#[tokio::test]
async fn what_is_withheld_is_not_drawn_and_the_reason_is_said() {
    let staff = "2021-06-22,3271,staff_cases_total,3,2021-06-22T18:00:00+07:00,bkpsdm-kota-bogor,\n\
                 2021-06-22,3271,staff_headcount,6365,2021-06-22T18:00:00+07:00,bkpsdm-kota-bogor,\n\
                 2021-06-20,3271,staff_cases,2,2021-06-20T18:00:00+07:00,demo-synthetic,setda\n\
                 2021-06-21,3271,staff_cases,2,2021-06-21T18:00:00+07:00,demo-synthetic,bapenda\n";
    let rows = rows_of(&growing(40, 40.0, 1.02)) + staff;
    let seen = City::told(&rows, &Audience::unsuppressed()).await;
    assert!(!parts(&seen.svg("staff_prevalence"), "reports").is_empty());
    assert_eq!(
        seen.titles("unit_clusters"),
        [
            "2 unit dengan klaster per 28 Juni 2021, sama dengan sepekan sebelumnya",
            "2 units with a cluster on 28 June 2021, the same as a week earlier",
        ]
    );
    let public = City::told(&rows, &Audience::public()).await;
    for name in ["staff_prevalence", "unit_clusters"] {
        let svg = public.svg(name);
        assert!(parts(&svg, "reports").is_empty() && parts(&svg, "bars").is_empty(), "{name}");
        assert!(svg.contains("Withheld: too small a count"), "{name}");
    }
}

#[tokio::test]
async fn late_reports_are_said_and_hatched() {
    let last: NaiveDate = LAST.parse().unwrap();
    let mut rows = String::new();
    for (back, cases) in (0..80_i64).zip(growing(80, 260.0, 0.98)) {
        let date = last - Duration::days(back);
        let whole = cases.unwrap();
        for (lag, share) in [(0, 70), (1, 90), (2, 100)] {
            let known = date + Duration::days(lag);
            if known <= last {
                let _ = writeln!(
                    rows,
                    "{date},3271,cases,{},{known}T18:00:00+07:00,dinkes-kota-bogor,",
                    whole * share / 100
                );
            }
        }
    }
    let city = City::told(&rows, &Audience::public()).await;
    let curve = city.svg("epicurve");
    assert!(curve.contains("not complete yet") && parts(&curve, "bars")[0].contains("hatch"));
    let [id, en] = city.titles("nowcast");
    assert!(id.contains("kasus sepekan sampai 28 Juni 2021; setelah laporan lengkap diperkirakan "), "{id}");
    assert!(
        en.contains("cases in the week to 28 June 2021; ")
            && en.ends_with("expected when reports are complete"),
        "{en}"
    );
    assert!(!parts(&city.svg("nowcast"), "ahead").is_empty());
}

#[tokio::test]
async fn every_chart_has_its_name_its_text_and_its_days_for_programs() {
    let beds: String = (0..56)
        .map(|back| {
            let date = LAST.parse::<NaiveDate>().unwrap() - Duration::days(back);
            format!(
                "{date},3271,beds_occupied,{},{date}T18:00:00+07:00,dinkes-kota-bogor,\n\
                 {date},3271,beds_available,800,{date}T18:00:00+07:00,dinkes-kota-bogor,\n",
                640 - back * 9
            )
        })
        .collect();
    let city = City::told(&(rows_of(&growing(90, 15.0, 1.04)) + &beds), &Audience::unsuppressed()).await;
    for name in NAMES {
        for locale in [Locale::Id, Locale::En] {
            let chart = city.draw(name, (locale, Asked::default()));
            let svg = &chart.svg;
            assert!(svg.contains(" role=\"img\" aria-labelledby=") && svg.contains("<desc id="), "{name}");
            assert!(!chart.alt.is_empty() && !chart.alt.contains("chart-"), "{name}: {}", chart.alt);
            assert!(!svg.contains("style=") && !svg.contains("NaN") && !svg.contains("#5A"), "{name}");
            assert!(!svg.contains(">chart-") && !svg.contains("\nchart-"), "{name}: a word is missing");
            assert_eq!(svg.matches("<g ").count(), svg.matches("</g>").count(), "{name}");
        }
    }
    for (name, days) in
        [("epicurve", 56), ("incidence", 56), ("growth", 56), ("rt", 56), ("bed_occupancy", 56)]
    {
        let svg = city.svg(name);
        assert_eq!(svg.matches("data-date=").count(), days, "{name}: a target a day");
        assert_eq!(svg.matches("data-value=").count(), days, "{name}: with its figure");
        assert!(parts(&svg, "line").len() + parts(&svg, "bars").len() >= 1, "{name}");
    }
    let forecast = city.svg("forecast");
    assert_eq!(parts(&forecast, "ahead").len(), 2, "the model, and the baseline beside it");
    assert!(forecast.contains("if it stays as it is") && forecast.contains("forecast of "));
    let beds = city.svg("bed_occupancy");
    assert!(beds.contains("80%: Partial 25") && beds.contains("60%: Partial 50"));
}

#[tokio::test]
async fn scale_and_unit_are_as_asked() {
    let city = City::with(&growing(70, 10.0, 1.05)).await;
    let asked = |is_log, per| Asked { days: Some(56), is_log, per };
    let en = |name: &str, asked| city.draw(name, (Locale::En, asked)).svg;
    let plain = en("epicurve", asked(false, None));
    let log = en("epicurve", asked(true, None));
    let rate = en("epicurve", asked(false, Some(Per::Residents)));
    assert!(
        plain.contains("New cases a day, people") && rate.contains("New cases a day per 100,000 residents")
    );
    let ticks = |svg: &str| parts(svg, "axis")[0].to_owned();
    assert_ne!(ticks(&plain), ticks(&log));
    assert!(ticks(&log).contains("\n1\n") && ticks(&log).contains("\n100\n"), "powers of ten");
    assert!(en("incidence", asked(false, Some(Per::Count))).contains("Cases in 7 days, people"));
    // What may fall below zero has no logarithm.
    assert_eq!(en("growth", asked(true, None)), en("growth", asked(false, None)));
}
