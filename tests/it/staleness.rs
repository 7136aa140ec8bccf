//! Sources that come late, say nothing new or cannot be pulled: on pages, in messages, on the command line.

use std::path::Path;
use std::sync::Arc;

use siaga::alert::{Channel, Channels, Office, Recipient};
use siaga::clock::SteppedClock;
use siaga::job::{Journey, SourceStanding, assess, ingest_source, source_freshness};
use siaga::source::{FetchLimits, Fetcher, SourceSpec};
use siaga::store::Outcome;
use siaga::web::{self, AppState};

use crate::support::{journey, moment, stdout};

const SPEC: &str = "id = \"dinkes\"\ntitle = \"Dinkes: kasus harian\"\ntitle_en = \"Health office: daily cases\"\n\
    path = \"kasus.csv\"\nlocations = [\"3271\"]\n\
    [cadence]\nby = \"17:00\"\nlate_after = \"6h\"\nstalled_after_days = 3\n";

struct City {
    journey: Journey,
    clock: Arc<SteppedClock>,
    folder: tempfile::TempDir,
}

impl City {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (mut journey, clock) = journey(folder.path(), "2021-06-01").await;
        let limits =
            FetchLimits { folder: Some(folder.path().to_owned()), tries: 1, ..FetchLimits::default() };
        journey.fetcher = Fetcher::new(limits).unwrap();
        // A form that nobody used yet stands before the source that is asked.
        let form = "id = \"form\"\ntitle = \"Formulir\"\nlocations = [\"3271\"]\n";
        journey.sources = [form, SPEC].map(|spec| SourceSpec::parse(spec).unwrap()).into();
        Self { journey, clock, folder }
    }

    /// The publisher writes these totals, one a day from 21 June 2021 on.
    fn publish(&self, totals: &[u32]) {
        let rows = totals.iter().enumerate();
        let rows: String =
            rows.map(|(day, total)| format!("2021-06-{},3271,cases_total,{total}\n", 21 + day)).collect();
        let text = format!("date,location,measure,value\n{rows}");
        std::fs::write(self.folder.path().join("kasus.csv"), text).unwrap();
    }

    fn withdraw(&self) {
        std::fs::remove_file(self.folder.path().join("kasus.csv")).unwrap();
    }

    async fn pull(&self, at: &str) -> Outcome {
        self.clock.advance_to(moment(at));
        ingest_source(&self.journey, &self.journey.sources[1], false).await.unwrap().run.outcome
    }

    async fn standing(&self, at: &str) -> SourceStanding {
        source_freshness(&self.journey.viewing(), moment(at)).await.unwrap()[0].standing
    }

    /// What the evaluation of an evening tells of sources.
    async fn told(&self, at: &str) -> Vec<String> {
        self.clock.advance_to(moment(at));
        let before = self.journey.store.alerts(None).await.unwrap().len();
        assess(&self.journey, self.journey.today()).await.unwrap();
        let alerts = self.journey.store.alerts(None).await.unwrap();
        let new = alerts.iter().take(alerts.len() - before).filter(|alert| alert.rule == "dinkes");
        new.map(|alert| format!("{} {}", alert.event, alert.kind)).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_is_late_failing_and_stalled_as_known_at_each_moment() {
    let city = City::new().await;
    assert_eq!(city.standing("2021-06-02").await, SourceStanding::Never);
    city.publish(&[100, 110, 120, 130, 140, 150, 160, 170]);
    assert_eq!(city.pull("2021-06-28T15:00:00+07:00").await, Outcome::Changed);
    let expected = moment("2021-06-29T17:00:00+07:00");
    let freshness =
        source_freshness(&city.journey.viewing(), moment("2021-06-28T16:00:00+07:00")).await.unwrap();
    assert_eq!(freshness[0].expected, Some(expected));
    assert_eq!(city.pull("2021-06-29T15:00:00+07:00").await, Outcome::Unchanged);
    assert_eq!(city.standing("2021-06-29T16:00:00+07:00").await, SourceStanding::Fresh);
    assert_eq!(city.standing("2021-06-29T20:00:00+07:00").await, SourceStanding::Due);
    assert_eq!(city.standing("2021-06-30").await, SourceStanding::Late(expected));
    city.withdraw();
    assert_eq!(city.pull("2021-06-30T09:00:00+07:00").await, Outcome::Failed);
    assert_eq!(city.pull("2021-06-30T10:00:00+07:00").await, Outcome::Failed);
    let failing = SourceStanding::Failing(moment("2021-06-30T09:00:00+07:00"));
    assert_eq!(city.standing("2021-06-30T11:00:00+07:00").await, failing);
    assert_eq!(city.standing("2021-06-29T16:00:00+07:00").await, SourceStanding::Fresh, "as known then");
    // The file comes again, with three more days and not one case more.
    city.publish(&[100, 110, 120, 130, 140, 150, 160, 170, 170, 170]);
    assert_eq!(city.pull("2021-06-30T17:00:00+07:00").await, Outcome::Changed);
    assert_eq!(city.standing("2021-06-30T18:00:00+07:00").await, SourceStanding::Fresh);
    city.publish(&[100, 110, 120, 130, 140, 150, 160, 160, 160, 160]);
    city.pull("2021-07-01T10:00:00+07:00").await;
    city.publish(&[100, 110, 120, 130, 140, 150, 170, 170, 170, 170]);
    assert_eq!(city.pull("2021-07-01T16:00:00+07:00").await, Outcome::Changed);
    let since = "2021-06-27".parse().unwrap();
    assert_eq!(city.standing("2021-07-01T18:00:00+07:00").await, SourceStanding::Stalled(since));
}

#[tokio::test(flavor = "multi_thread")]
async fn lateness_is_told_once_and_so_is_its_end() {
    let city = City::new().await;
    city.publish(&[100, 110, 120, 130, 140, 150, 160, 170]);
    city.pull("2021-06-28T15:00:00+07:00").await;
    assert!(city.told("2021-06-28T20:00:00+07:00").await.is_empty());
    assert!(city.told("2021-06-29T20:00:00+07:00").await.is_empty(), "expected just now");
    assert_eq!(city.told("2021-06-30T20:00:00+07:00").await, ["fired source_late"]);
    let messages = city.journey.store.messages(100).await.unwrap();
    let words =
        "Sumber Dinkes: kasus harian terlambat: angkanya ditunggu paling lambat Selasa, 29 Juni 2021.";
    assert!(messages.iter().any(|message| message.body.contains(words)), "{messages:#?}");
    assert!(city.told("2021-07-01T20:00:00+07:00").await.is_empty(), "the same episode");
    city.publish(&[100, 110, 120, 130, 140, 150, 160, 170, 180, 190]);
    city.pull("2021-07-02T15:00:00+07:00").await;
    assert_eq!(city.told("2021-07-02T20:00:00+07:00").await, ["resolved source_late"]);
    city.withdraw();
    city.pull("2021-07-03T15:00:00+07:00").await;
    assert!(city.told("2021-07-03T16:00:00+07:00").await.is_empty(), "it may be well again at the next turn");
    assert_eq!(city.told("2021-07-03T20:00:00+07:00").await, ["fired source_failing"]);
    // A source that promised nothing is late on pages and in no message.
    let silent = SPEC.split("[cadence]").next().unwrap().replace("\"dinkes\"", "\"quiet\"");
    let mut city = city;
    city.journey.sources.push(SourceSpec::parse(&silent).unwrap());
    city.told("2021-07-20T20:00:00+07:00").await;
    assert!(city.journey.store.alerts(None).await.unwrap().iter().all(|alert| alert.rule != "quiet"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_data_officer_is_told_of_sources_and_of_nothing_else() {
    let mut city = City::new().await;
    let holds = |name: &str, office: Office| Recipient {
        offices: vec![office],
        ..Recipient::of_everything(name, Channel::Mailbox)
    };
    city.journey.channels =
        Channels::new(vec![holds("sekda", Office::Secretary), holds("data", Office::DataOfficer)]);
    city.publish(&[100, 110, 120, 130, 140, 150, 160, 170]);
    city.pull("2021-06-28T15:00:00+07:00").await;
    assert!(city.told("2021-06-28T20:00:00+07:00").await.is_empty());
    assert_eq!(city.told("2021-06-30T20:00:00+07:00").await, ["fired source_late"]);
    city.publish(&[100, 110, 120, 130, 140, 150, 160, 170, 4_000, 8_000, 12_000]);
    city.pull("2021-07-01T15:00:00+07:00").await;
    assert_eq!(city.told("2021-07-01T20:00:00+07:00").await, ["resolved source_late"]);
    // Every alert is told once, to the one it is for: lines of a message that begin with a dash.
    let messages = city.journey.store.messages(100).await.unwrap();
    let lines = |name: &str| {
        let own = messages.iter().filter(|message| message.recipient == name);
        own.flat_map(|message| message.body.lines().filter(|line| line.starts_with("- "))).collect::<Vec<_>>()
    };
    let about_sources = |line: &&&str| line.starts_with("- Sumber ");
    assert_eq!(lines("data").len(), 2, "late, and back");
    assert_eq!(lines("data").iter().filter(about_sources).count(), 2);
    assert!(!lines("sekda").is_empty(), "the week crossed lines");
    assert_eq!(lines("sekda").iter().filter(about_sources).count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_says_what_is_late_and_by_when_it_was_expected() {
    let city = City::new().await;
    city.publish(&[100, 110, 120, 130, 140, 150, 160, 170]);
    city.pull("2021-06-28T15:00:00+07:00").await;
    city.told("2021-06-30T20:00:00+07:00").await;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let state = AppState::new(Arc::new(city.journey)).unwrap();
    tokio::spawn(web::serve(listener, state, std::future::pending()));
    for (lang, words, column) in [
        (
            "id",
            "Kasus harian: 2 hari lalu, terlambat, ditunggu paling lambat 29 Jun 17.00 WIB",
            "Ditunggu paling lambat",
        ),
        ("en", "Daily cases: 2 days ago, late, expected by 29 Jun 17:00 WIB", "Expected by"),
    ] {
        for path in ["/", "/officials", "/analyst"] {
            let page =
                reqwest::get(format!("{address}{path}?lang={lang}")).await.unwrap().text().await.unwrap();
            assert!(page.contains(words), "{path} {lang}: {page}");
        }
        let officials =
            reqwest::get(format!("{address}/officials?lang={lang}")).await.unwrap().text().await.unwrap();
        assert!(officials.contains(column), "{officials}");
    }
}

fn list(folder: &Path, format: &str) -> String {
    stdout(folder, &["--config", "siaga.toml", "source", "list", "--format", format])
}

#[test]
fn the_list_of_sources_says_how_each_stands() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("own")).unwrap();
    std::fs::write(folder.path().join("own/dinkes.toml"), SPEC).unwrap();
    std::fs::write(folder.path().join("siaga.toml"), "[source]\nfolder = \"own\"\n").unwrap();
    let table = list(folder.path(), "csv");
    let row = |table: &str, id: &str| {
        table
            .lines()
            .find(|line| line.starts_with(&format!("{id},")))
            .unwrap_or_else(|| panic!("{table}"))
            .to_owned()
    };
    assert!(table.starts_with("id,title,state,changed_at,expected,checked_at,failure"), "{table}");
    assert!(row(&table, "dinkes").starts_with("dinkes,Dinkes: kasus harian,never,,,"), "{table}");
    assert!(!table.contains("\ntidy,"), "nobody has used it: {table}");
    std::fs::write(
        folder.path().join("own/kasus.csv"),
        "date,location,measure,value\n2021-06-28,3271,cases,447\n",
    )
    .unwrap();
    stdout(folder.path(), &["--config", "siaga.toml", "ingest", "--source", "dinkes"]);
    assert!(row(&list(folder.path(), "csv"), "dinkes").contains(",stalled,"), "its newest figure is of 2021");
    let json: serde_json::Value = serde_json::from_str(&list(folder.path(), "json")).unwrap();
    assert!(json.to_string().contains("\"dinkes\""));
}
