//! Figures as they were known on a day, held against publishers' own archives of what they said when. The data are not part
//! of the project: `SIAGA_REFERENCE_DATA` says where they are; unset, each test says that it was skipped.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::{Days, NaiveDate};
use siaga::epi::{LocationId, Vintage};
use siaga::job::ingest_payload;
use siaga::observation::Observation;
use siaga::source::{Payload, SourceSpec};
use siaga::store::Filter;

use crate::support::year::next;
use crate::support::{journey, moment};

fn reference(file: &str) -> Option<PathBuf> {
    let Some(folder) = std::env::var_os("SIAGA_REFERENCE_DATA") else {
        println!("skipped: SIAGA_REFERENCE_DATA is not set");
        return None;
    };
    let path = PathBuf::from(folder).join(file);
    assert!(path.exists(), "SIAGA_REFERENCE_DATA is set, so {} must be there", path.display());
    Some(path)
}

/// The last thing said of each day among figures of one place.
fn last_said(figures: &[Observation]) -> BTreeMap<NaiveDate, (Vintage, Option<f64>)> {
    let mut said: BTreeMap<NaiveDate, (Vintage, Option<f64>)> = BTreeMap::new();
    for o in figures {
        let last = said.entry(o.date).or_insert((o.as_of, o.value));
        if last.0 <= o.as_of {
            *last = (o.as_of, o.value);
        }
    }
    said
}

const VERSIONS: &str = "id = \"archive\"\ntitle = \"archive\"\nany_location = true\n[columns]\ndate = \"time_value\"\n\
    location = \"geo_value\"\nas_of = \"version\"\n[values]\ncase_rate_7d_av = \"cases_mean_7d_per_100k\"\n";

type Versions = BTreeMap<(String, NaiveDate), BTreeMap<NaiveDate, f64>>;

/// What the archive itself says: place and day, and by version the figure. A rate below zero is refused.
fn versions(bytes: &[u8]) -> Versions {
    let mut versions = Versions::new();
    for row in csv::Reader::from_reader(bytes).deserialize::<(String, NaiveDate, NaiveDate, String, f64)>() {
        let (place, date, version, _, rate) = row.unwrap();
        if rate >= 0.0 {
            versions.entry((place, date)).or_default().insert(version, rate);
        }
    }
    versions
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_answers_are_the_last_version_said_by_then() {
    const SEED: u64 = 547;
    let Some(path) = reference("reference/delphi_vintages/archive_cases_dv_subset.csv") else {
        return;
    };
    let (folder, bytes) = (tempfile::tempdir().unwrap(), std::fs::read(path).unwrap());
    let (journey, clock) = journey(folder.path(), "2023-01-01").await;
    let spec = SourceSpec::parse(VERSIONS).unwrap();
    let payload = Payload::from_file("archive.csv", bytes.clone());
    let first = ingest_payload(&journey, &spec, &payload, false).await.unwrap().run;
    assert_eq!((first.received, first.rejected, first.held), (129_638, 0, 0), "{first:?}");
    assert_eq!(first.accepted + first.unchanged + first.rejected, first.received);

    // Read again, all of it, and not because it is the same file: one line more, that says what is known.
    clock.advance_to(moment("2023-01-02"));
    let mut more = bytes.clone();
    more.extend_from_slice(bytes.split(|byte| *byte == b'\n').nth(1).unwrap());
    more.push(b'\n');
    let payload = Payload::from_file("archive.csv", more);
    let second = ingest_payload(&journey, &spec, &payload, false).await.unwrap().run;
    assert_eq!((second.accepted, second.held), (0, 0), "{second:?}");

    let versions = versions(&bytes);
    let places: Vec<&(String, NaiveDate)> = versions.keys().collect();
    let told: Vec<NaiveDate> = versions.values().flat_map(BTreeMap::keys).copied().collect();
    let (earliest, latest) = (*told.iter().min().unwrap(), *told.iter().max().unwrap());
    let span = u64::try_from((latest - earliest).num_days()).unwrap() + 5;
    let (mut state, mut asked, mut known) = (SEED, 0, 0);
    while asked < 10_000 {
        let (place, _) = places[usize::try_from(next(&mut state)).unwrap() % places.len()];
        let day = earliest - Days::new(2) + Days::new(next(&mut state) % span);
        let filter = Filter { location: Some(LocationId::new(place)), as_of: Some(moment(&day.to_string())) };
        let answer = last_said(&journey.store.observations(&filter).await.unwrap());
        for _ in 0..50 {
            let (_, date) = places[usize::try_from(next(&mut state)).unwrap() % places.len()];
            let expected = versions
                .get(&(place.clone(), *date))
                .and_then(|said| said.range(..=day).next_back())
                .map(|(_, rate)| *rate);
            let found = answer.get(date).and_then(|(_, value)| *value);
            // Float noise is no revision and is not kept.
            let is_same = match (found, expected) {
                (Some(one), Some(other)) => (one - other).abs() <= 1e-8 * other.abs(),
                (one, other) => one == other,
            };
            assert!(is_same, "seed {SEED}: {place} {date} as of {day}: {found:?}, not {expected:?}");
            asked += 1;
            known += usize::from(expected.is_some());
        }
    }
    assert!(known > 2_000, "{known} of {asked} asked for something that was known");
}

const INCIDENCE: &str = "id = \"rki\"\ntitle = \"RKI\"\nlocation = \"DE\"\n[columns]\ndate = \"Meldedatum\"\n\
    as_of = \"commit_time\"\n[values]\n\"Inzidenz_7-Tage\" = \"incidence_7d_per_100k\"\n";

#[tokio::test(flavor = "multi_thread")]
async fn an_incidence_reads_as_it_was_known_on_each_later_day() {
    let name = "reference/rki_incidence_germany/de_incidence_vintages_2022-09-29_2022-11-30.csv";
    let Some(path) = reference(name) else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let (journey, _) = journey(folder.path(), "2023-01-01").await;
    let payload = Payload::from_file("rki.csv", std::fs::read(path).unwrap());
    let spec = SourceSpec::parse(INCIDENCE).unwrap();
    let run = ingest_payload(&journey, &spec, &payload, false).await.unwrap().run;
    assert_eq!((run.rejected, run.held), (0, 0), "{run:?}");
    let date: NaiveDate = "2022-10-10".parse().unwrap();
    // The 15th and the two days after said the same: nothing new was kept, and the answer stays.
    let told = [
        (10, None),
        (11, Some(685.9)),
        (12, Some(700.4)),
        (13, Some(705.3)),
        (14, Some(707.2)),
        (15, Some(708.2)),
        (16, Some(708.2)),
        (17, Some(708.2)),
        (18, Some(708.9)),
        (22, Some(710.5)),
        (31, Some(711.4)),
    ];
    for (day, expected) in told {
        // The end of the day in Berlin.
        let end = format!("2022-10-{day:02}T23:59:59+02:00");
        let filter = Filter { location: Some(LocationId::new("DE")), as_of: Some(moment(&end)) };
        let said = last_said(&journey.store.observations(&filter).await.unwrap());
        let found = said.get(&date).and_then(|(_, value)| *value);
        assert_eq!(found, expected, "as known on {day} October");
    }
}
