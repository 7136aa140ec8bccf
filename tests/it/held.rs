//! Batches that contradict what was known: held, released or refused by a person, superseded by a better one; payloads
//! that come again, and payloads read again from the archive.

use std::fmt::Write as _;
use std::sync::Arc;

use siaga::account::Visitor;
use siaga::clock::SteppedClock;
use siaga::job::{How, IngestReport, Journey, ingest_payload, refuse, release, replay_archive, take_in};
use siaga::observation::Observation;
use siaga::source::{Payload, SourceSpec};
use siaga::store::{Filter, HoldState, Outcome, RunFilter, Store};

use crate::support::{fresh_postgres, journey_on, moment};

const SPEC: &str = "id = \"pikobar\"\ntitle = \"Pikobar\"\nany_location = true\nexpected_lag_days = 1\n\
    [columns]\ndate = \"tanggal\"\nlocation = \"kode\"\n[values]\ntotal = \"cases_total\"\n[checks]\nunidentified = \"0000\"\n";

/// An export: thirty days of three places, each total as told by `total`, under a header.
fn export(header: &str, total: impl Fn(usize, usize) -> usize) -> Payload {
    let mut text = format!("{header}\n");
    for day in 0..30 {
        for place in 0..3 {
            let date = moment("2021-05-02").local_date(chrono_tz::UTC) + chrono::Days::new(day as u64);
            writeln!(text, "{date},{},{}", ["3271", "kota-a", "kota-b"][place], total(place, day)).unwrap();
        }
    }
    Payload::from_file("export.csv", text.into_bytes())
}

const HEADER: &str = "tanggal,kode,total";

fn first() -> Payload {
    export(HEADER, |place, day| 10_000 * (place + 1) + 50 * day)
}

/// The same under the same name, but most cases are no longer attributed.
fn collapsed() -> Payload {
    export(HEADER, |place, day| 4_000 * (place + 1) + 50 * day)
}

fn officer() -> Visitor {
    Visitor::Operator { name: "sari".to_owned() }
}

async fn figures(journey: &Journey) -> Vec<Observation> {
    journey.store.observations(&Filter::default()).await.unwrap()
}

async fn taken(journey: &Journey, payload: &Payload) -> IngestReport {
    let report = ingest_payload(journey, &journey.sources[0], payload, false).await.unwrap();
    let run = &report.run;
    assert_eq!(run.received, run.accepted + run.unchanged + run.rejected + run.held, "{run:?}");
    report
}

async fn outcomes(journey: &Journey) -> Vec<Outcome> {
    let page = journey.store.run_page(&RunFilter { limit: 100, ..RunFilter::default() }).await.unwrap();
    page.rows.iter().rev().map(|run| run.outcome).collect()
}

async fn journey(url: &str) -> (Journey, Arc<SteppedClock>) {
    let store = Store::connect(url).await.unwrap();
    let (mut journey, clock) = journey_on(store, "2021-06-28");
    journey.sources = vec![SourceSpec::parse(SPEC).unwrap()];
    (journey, clock)
}

/// Each pull a minute after the last, as a scheduler would.
async fn next(journey: &Journey, clock: &SteppedClock, payload: &Payload) -> IngestReport {
    use siaga::clock::Clock;
    clock.advance_to(siaga::epi::Vintage::from_millis(clock.now().millis() + 60_000).unwrap());
    taken(journey, payload).await
}

async fn a_false_drop_waits_for_a_person(url: &str) {
    let (journey, clock) = journey(url).await;
    assert_eq!(taken(&journey, &first()).await.run.accepted, 90);
    let good = figures(&journey).await;

    let held = next(&journey, &clock, &collapsed()).await;
    assert_eq!((held.run.outcome, held.run.held, held.run.accepted), (Outcome::Held, 90, 0));
    assert_eq!(held.run.message, "totals_fell; many_changed (90 / 90)");
    assert_eq!(figures(&journey).await, good, "the last good figures keep serving");
    let hold = journey.store.hold(&held.run.id).await.unwrap().unwrap();
    assert!(hold.reasons.contains("30000 → 12000 (kota-b 2021-05-02), 3"), "{}", hold.reasons);
    assert!(
        hold.diff.contains("\"rows_before\":90,\"rows\":90,\"new\":0,\"known\":90,\"changed\":90"),
        "{}",
        hold.diff
    );

    // The publisher goes on printing it: it goes on waiting, and is asked about once.
    let again = next(&journey, &clock, &collapsed()).await;
    assert_eq!((again.run.outcome, again.run.held, again.hold), (Outcome::Held, 90, None));
    assert_eq!(journey.store.open_holds().await.unwrap().len(), 1);

    for too_little in ["", "  ok ", "line\nbreak here"] {
        assert!(
            refuse(&journey, &held.run.id, too_little, (&officer(), "test")).await.is_err(),
            "{too_little:?}"
        );
    }
    refuse(&journey, &held.run.id, "attribution collapsed", (&officer(), "test")).await.unwrap();
    let refused = journey.store.hold(&held.run.id).await.unwrap().unwrap();
    assert_eq!(
        (refused.state, &*refused.by, &*refused.reason),
        (HoldState::Refused, "sari", "attribution collapsed")
    );
    let twice = release(&journey, &held.run.id, "changed my mind", (&officer(), "test")).await.unwrap_err();
    assert!(twice.to_string().contains("no longer held: it is refused"), "{twice}");
    for _ in 0..2 {
        assert_eq!(next(&journey, &clock, &collapsed()).await.run.outcome, Outcome::Refused);
    }
    assert_eq!(figures(&journey).await, good);
    assert_eq!(next(&journey, &clock, &first()).await.run.outcome, Outcome::Unchanged);
    let told = outcomes(&journey).await;
    use Outcome::{Changed, Held, Refused, Unchanged};
    assert_eq!(told, [Changed, Held, Held, Refused, Refused, Unchanged]);
}

async fn what_is_released_is_believed_and_the_past_stays(url: &str) {
    let (journey, clock) = journey(url).await;
    taken(&journey, &first()).await;
    let before = figures(&journey).await;
    let held = next(&journey, &clock, &collapsed()).await;
    let reason = "the province re-assigned its cases";
    let released = release(&journey, &held.run.id, reason, (&officer(), "test")).await.unwrap();
    assert_eq!((released.run.accepted, released.run.rejected), (90, 0));
    assert_eq!(released.run.released_from, held.run.id);
    let hold = journey.store.hold(&held.run.id).await.unwrap().unwrap();
    assert_eq!((hold.state, &*hold.next_run), (HoldState::Released, &*released.run.id));
    let now = figures(&journey).await;
    assert_eq!(now.len(), 180);
    assert!(before.iter().all(|figure| now.contains(figure)), "history is not overwritten");
    let late = now.iter().filter(|figure| !before.contains(figure));
    assert!(late.clone().all(|figure| figure.as_of == held.run.started_at), "known since it came");
    // From now on it is the measure of what comes.
    assert_eq!(next(&journey, &clock, &collapsed()).await.run.outcome, Outcome::Unchanged);
    assert_eq!(next(&journey, &clock, &first()).await.run.outcome, Outcome::Held);
    assert!(journey.store.verify_chains().await.unwrap().iter().all(|chain| chain.fault.is_none()));
}

async fn a_better_batch_takes_the_place_of_a_held_one(url: &str) {
    let (journey, clock) = journey(url).await;
    taken(&journey, &first()).await;
    let gone = Payload::from_file("x.csv", b"tanggal,kode,total\n2021-06-01,3271,12000\n".to_vec());
    let held = next(&journey, &clock, &gone).await;
    assert_eq!((held.run.outcome, &*held.run.message), (Outcome::Held, "rows_gone (90 → 1)"));
    let whole = export(HEADER, |place, day| 10_000 * (place + 1) + 50 * day + usize::from(day == 29));
    assert_eq!(next(&journey, &clock, &whole).await.run.accepted, 3);
    let hold = journey.store.hold(&held.run.id).await.unwrap().unwrap();
    assert_eq!((hold.state, hold.by.as_str()), (HoldState::Superseded, ""));
    let columns = export("tanggal,kode,total,extra", |place, day| 10_000 * (place + 1) + 50 * day);
    let text = String::from_utf8(columns.body).unwrap();
    let text = text.replace('\n', ",9\n").replacen("extra,9", "extra", 1);
    let more = next(&journey, &clock, &Payload::from_file("y.csv", text.into_bytes())).await;
    assert_eq!(
        (more.run.outcome, &*more.run.message),
        (Outcome::Held, "schema_changed (+extra)"),
        "{:?}",
        more.rejections
    );
    let nobody = export(HEADER, |_, day| 10_000 + 50 * day);
    let mut text = String::from_utf8(nobody.body).unwrap();
    text.push_str("2021-05-31,0000,15000\n");
    let mut journey = journey;
    journey.sources = vec![SourceSpec::parse(&SPEC.replace("pikobar", "fresh")).unwrap()];
    let lost = next(&journey, &clock, &Payload::from_file("z.csv", text.into_bytes())).await;
    assert_eq!((lost.run.outcome, &*lost.run.message), (Outcome::Held, "unidentified (30.4%)"));
}

async fn the_archive_is_read_again_after_a_spec_was_mended(url: &str) {
    let (mut journey, clock) = journey(url).await;
    let wrong = SPEC.replace("total = \"cases_total\"", "total = \"deaths\"");
    journey.sources = vec![
        SourceSpec::parse(
            &wrong.replace("any_location = true\n", "").replace("[checks]\n", "[checks]\nrejected_pct = 0\n"),
        )
        .unwrap(),
    ];
    let as_of = moment("2021-06-02");
    let how = How { as_of: Some(as_of), ..How::default() };
    let refused = take_in(&journey, &journey.sources[0], &first(), &how).await.unwrap();
    assert_eq!((refused.run.accepted, refused.run.rejected), (30, 60), "two places are in no list");
    clock.advance_to(moment("2021-07-28"));
    journey.sources = vec![SourceSpec::parse(SPEC).unwrap()];
    let spec = &journey.sources[0];
    assert_eq!(replay_archive(&journey, spec, true).await.unwrap()[0].run.accepted, 90);
    let again = replay_archive(&journey, spec, false).await.unwrap();
    assert_eq!((again.len(), again[0].run.accepted), (1, 90));
    let known = figures(&journey).await;
    let totals: Vec<_> = known.iter().filter(|o| o.measure.name() == "cases_total").collect();
    assert!(totals.len() == 90 && totals.iter().all(|o| o.as_of == as_of), "known since what was told then");
    assert_eq!(
        replay_archive(&journey, spec, false).await.unwrap()[0].run.accepted,
        0,
        "and no more a second time"
    );
}

async fn another_citys_file_is_held_whoever_brings_it(url: &str) {
    let (mut journey, _) = journey(url).await;
    journey.sources = vec![crate::support::tidy()];
    let file = |text: &str| {
        Payload::from_file("kasus.csv", format!("date,location,measure,value\n{text}").into_bytes())
    };
    let other = taken(&journey, &file("2021-06-27,3201,cases,102\n2021-06-26,3201,cases,98\n")).await;
    assert_eq!((other.run.outcome, &*other.run.message), (Outcome::Held, "other_places (3201)"));
    assert_eq!(figures(&journey).await, []);
    let both = taken(&journey, &file("2021-06-27,3201,cases,102\n2021-06-27,3271,cases,262\n")).await;
    assert_eq!(
        (both.run.outcome, both.run.accepted),
        (Outcome::Changed, 2),
        "a neighbour beside the city is kept"
    );
    let district = taken(&journey, &file("2021-06-27,327103,cases,40\n")).await;
    assert_ne!(district.run.outcome, Outcome::Held, "{}", district.run.message);
}

async fn all(url: impl AsyncFn() -> String) {
    a_false_drop_waits_for_a_person(&url().await).await;
    what_is_released_is_believed_and_the_past_stays(&url().await).await;
    a_better_batch_takes_the_place_of_a_held_one(&url().await).await;
    the_archive_is_read_again_after_a_spec_was_mended(&url().await).await;
    another_citys_file_is_held_whoever_brings_it(&url().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_are_held_released_and_refused_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let number = std::sync::atomic::AtomicU32::new(0);
    all(async || {
        let nth = number.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        format!("sqlite://{}/{nth}.sqlite", folder.path().display())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_postgres_batches_are_held_released_and_refused() {
    all(async || fresh_postgres()).await;
}
