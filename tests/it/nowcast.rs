//! The nowcast against what Germany's incidence became, from the publisher's own archive of what it said when. The data are not
//! part of the project: `SIAGA_REFERENCE_DATA` says where they are (see `reference.rs`).

use chrono::{Days, NaiveDate};
use siaga::epi::{LocationId, Status, Vintage};
use siaga::indicator::forecast::{NoNowcast, Nowcasting, Reports};
use siaga::observation::{Measure, Observation, TriangleRow, reporting_triangle};

use crate::reference::reference;

const FILE: &str = "reference/rki_incidence_germany/de_incidence_vintages_2022-09-29_2022-11-30.csv";
const ZONE: chrono_tz::Tz = chrono_tz::Europe::Berlin;

/// Cases by day of report to the local health office, each with when the federal institute first said so.
fn told() -> Option<Vec<Observation>> {
    let mut reader = csv::Reader::from_path(reference(FILE)?).unwrap();
    let observation = |row: std::collections::HashMap<String, String>| Observation {
        location: LocationId::new("DE"),
        unit_id: None,
        measure: Measure::Cases,
        source: "rki".to_owned(),
        date: row["Meldedatum"].parse().unwrap(),
        days: 1,
        value: Some(row["Faelle_neu"].parse().unwrap()),
        status: Status::Printed,
        as_of: Vintage::new(row["commit_time"].parse().unwrap()),
        note: String::new(),
        address: String::new(),
    };
    Some(reader.deserialize().map(|row| observation(row.unwrap())).collect())
}

fn triangle(told: &[Observation], day: NaiveDate) -> Vec<TriangleRow> {
    let as_of = Vintage::parse_as_of(&day.to_string(), ZONE).unwrap();
    reporting_triangle(told, as_of, ZONE, 28)
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// What became of the seven days that end on a day, by the last archive, of 29 November.
fn became(last: &[TriangleRow], week_end: NaiveDate) -> f64 {
    let inside = |row: &&TriangleRow| row.date <= week_end && row.date + Days::new(7) > week_end;
    last.iter().filter(inside).map(|row| row.last.unwrap()).sum()
}

/// How nowcasts of the seven days to `delay` days ago did.
#[derive(Debug, Default)]
struct Record {
    nowcasts: f64,
    held: f64,
    error: f64,
    error_as_told: f64,
    bias: f64,
    bias_as_told: f64,
    half_width: f64,
}

fn record(told: &[Observation], delay: u64) -> Record {
    let last = triangle(told, day("2022-11-29"));
    let mut record = Record::default();
    // Four weeks after the archive begins; at least ten days before it ends, when nothing more of note comes.
    for today in
        day("2022-10-25").iter_days().take_while(|today| *today <= day("2022-11-19") + Days::new(delay))
    {
        let week_end = today - Days::new(delay);
        let reports = Reports::new(&triangle(told, today), today, Nowcasting::default());
        let Ok(now) = reports.week_ending(week_end) else { continue };
        let became = became(&last, week_end);
        let (off, off_as_told) = (now.value / became - 1.0, now.reported / became - 1.0);
        record.nowcasts += 1.0;
        record.held += f64::from(u8::from(now.interval.lower <= became && became <= now.interval.upper));
        record.error += off.abs();
        record.error_as_told += off_as_told.abs();
        record.bias += off;
        record.bias_as_told += off_as_told;
        record.half_width += (now.interval.upper / now.interval.lower).ln() / 2.0;
    }
    let count = record.nowcasts;
    for sum in [
        &mut record.held,
        &mut record.error,
        &mut record.error_as_told,
        &mut record.bias,
        &mut record.bias_as_told,
        &mut record.half_width,
    ] {
        *sum /= count;
    }
    record
}

#[test]
fn germanys_weeks_are_nowcast_better_than_they_were_told() {
    let Some(told) = told() else { return };
    for (delay, least_nowcasts) in [(0, 20.0), (1, 25.0), (2, 25.0), (3, 25.0)] {
        let record = record(&told, delay);
        println!("{delay} days later: {record:?}");
        assert!(record.nowcasts >= least_nowcasts, "{delay}: {record:?}");
        assert!(record.error < 0.8 * record.error_as_told, "{delay}: {record:?}");
        assert!(
            record.bias.abs() < 0.02 && record.bias.abs() < record.bias_as_told.abs(),
            "{delay}: {record:?}"
        );
        assert!((0.90..=1.0).contains(&record.held), "{delay}: {record:?}");
        assert!(record.half_width < 0.2, "{delay}: {record:?}");
    }
    // The day after, when the week is looked at: less than half of the error.
    let next_day = record(&told, 1);
    assert!(next_day.error < 0.5 * next_day.error_as_told, "{next_day:?}");
}

#[test]
fn an_archive_that_has_just_begun_has_no_nowcast() {
    let Some(told) = told() else { return };
    let today = day("2022-10-08");
    let reports = Reports::new(&triangle(&told, today), today, Nowcasting::default());
    assert_eq!(reports.week_ending(today - Days::new(1)), Err(NoNowcast::PastTooShort));
}

#[test]
fn what_was_said_later_changes_no_nowcast() {
    let Some(told) = told() else { return };
    let today = day("2022-11-10");
    let as_of = Vintage::parse_as_of("2022-11-10", ZONE).unwrap();
    let then: Vec<Observation> = told.iter().filter(|o| o.as_of <= as_of).cloned().collect();
    for earlier in 0..14 {
        let date = today - Days::new(earlier);
        let nowcast = |told: &[Observation]| {
            let reports = Reports::new(&triangle(told, today), today, Nowcasting::default());
            (reports.day(date), reports.week_ending(date))
        };
        assert_eq!(nowcast(&told), nowcast(&then), "{date}");
    }
}
