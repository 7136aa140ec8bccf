//! Decisions that were taken on paper on an earlier day: recorded as what they are, never taken for one that was signed here, and
//! never changing what counted on a day.

use chrono::NaiveDate;
use siaga::account::Role;
use siaga::decision::{Afterwards, Answer, Decision, Journal, State};
use siaga::document::Dossier;
use siaga::epi::Window;
use siaga::job::{Journey, SignFault, deciding, draft, evidence_of, journal};
use siaga::store::AuditFilter;

use crate::audit::verify;
use crate::decision_pages::{filled, with};
use crate::decisions::{assessed, bogor, mayor, of_28_june, said_in_both, signed, sqlite};
use crate::support::house::{House, Plan};
use crate::support::{checkout, fresh_postgres, moment};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn text(text: &str) -> String {
    text.to_owned()
}

/// The circular of March 2020, as somebody enters it sixteen months later.
fn of_march_2020() -> Answer {
    Answer {
        step: text("4"),
        decided_by: text("Dedie A. Rachim"),
        office: text("deputy_mayor"),
        decided_on: text("Jumat, 20 Maret 2020"),
        paper: text("Surat Edaran Nomor 800/1104-BKPSDM Tahun 2020"),
        start: text("2020-03-21"),
        last_day: text("31 Maret 2020"),
        reasons: vec![(text("single_event"), text("wali kota terkonfirmasi positif"))],
        exemption_list: text("kota-bogor-2020"),
        ..Answer::default()
    }
}

async fn refused(journey: &Journey, answer: &Answer) -> Vec<(&'static str, &'static str)> {
    match draft(journey, answer, &mayor(), None).await {
        Err(SignFault::Refused(refused)) => {
            refused.iter().for_each(said_in_both);
            refused.iter().map(|refusal| (refusal.field, refusal.code)).collect()
        }
        other => panic!("{answer:?}: {other:?}"),
    }
}

/// What counts on each day of two years.
fn calendar(book: &Journal) -> Vec<(NaiveDate, Option<u32>)> {
    let days = Window { from: day("2020-01-01"), to: day("2021-12-31") };
    days.days().map(|day| (day, book.in_force(day).map(|entry| entry.number))).collect()
}

/// Records one, and sees that it fills days on which nothing counted and changes no other.
async fn recorded(journey: &Journey, answer: &Answer, replaced: Option<u32>) -> Decision {
    let before = calendar(&journal(&journey.viewing(), None).await.unwrap());
    let made = signed(journey, answer).await;
    let after = calendar(&journal(&journey.viewing(), None).await.unwrap());
    for ((day, was), (_, is)) in before.into_iter().zip(after) {
        let is_filled = (was.is_none() || was == replaced) && is == Some(made.number);
        assert!(was == is || is_filled, "{day}: {was:?} became {is:?}");
    }
    made
}

async fn papers_of_the_past(url: &str) -> Journey {
    let (journey, clock) = bogor(url, "2021-06-27T20:00:00+07:00").await;
    assessed(&journey, &["2021-06-28"], &clock).await;
    signed(&journey, &of_28_june()).await;
    assessed(&journey, &["2021-07-05", "2021-07-08"], &clock).await;

    // Without a paper it is backdated, as ever; with one it is what it is.
    let without = Answer { paper: String::new(), departure: text("lama"), ..of_march_2020() };
    assert_eq!(
        refused(&journey, &without).await[..2],
        [("decided_on", "backdated"), ("start", "start-past")]
    );
    let march = recorded(&journey, &of_march_2020(), None).await;
    let paper = text("Surat Edaran Nomor 800/1104-BKPSDM Tahun 2020");
    assert_eq!(march.afterwards, Some(Afterwards { paper }));
    assert_eq!((march.number, march.decided_on, &*march.recorded_by), (2, day("2020-03-20"), "wali-kota"));
    assert_eq!(march.signed_at, journey.clock.now().to_string(), "recorded today");
    assert_eq!((march.recommended.clone(), march.departure.as_str()), (None, ""), "no rules then");
    assert_eq!(evidence_of(&journey.viewing(), &march).await.unwrap().assessment, None);
    assert_eq!(march.exemptions.len(), 11);
    let book = journal(&journey.viewing(), None).await.unwrap();
    assert_eq!(book.in_force(day("2020-03-25")).unwrap().number, 2);
    assert_eq!(book.in_force(day("2021-07-05")).unwrap().number, 1, "what was signed counts as it did");
    assert_eq!(book.state(&march, day("2021-07-08")), State::Over);
    assert_eq!(book.entries().iter().map(|entry| entry.number).collect::<Vec<_>>(), [1, 2]);
    let known = journal(&journey.viewing(), Some(moment("2021-07-05T20:00:00+07:00"))).await.unwrap();
    assert_eq!(known.in_force(day("2020-03-25")), None, "it was not known then");
    let now = deciding(&journey.viewing()).await.unwrap();
    assert_eq!(now.clock(&journey).unwrap().decision.number, 1, "the clock runs by days, not by numbers");
    journey
}

async fn as_they_were(url: &str) {
    let journey = papers_of_the_past(url).await;
    let good = of_march_2020;
    for (what, answer, expected) in [
        ("twice", good(), ("start", "afterwards-overlap")),
        ("today", Answer { decided_on: text("2021-07-08"), ..good() }, ("paper", "afterwards-today")),
        ("tomorrow", Answer { decided_on: text("2021-07-09"), ..good() }, ("decided_on", "postdated")),
        ("no day", Answer { decided_on: String::new(), ..good() }, ("decided_on", "day-none")),
        ("weekday", Answer { decided_on: text("Senin, 20 Maret 2020"), ..good() }, ("decided_on", "weekday")),
        ("start", Answer { start: text("2020-03-19"), ..good() }, ("start", "afterwards-start")),
        ("long paper", Answer { paper: "x".repeat(301), ..good() }, ("paper", "too-much-text")),
        (
            "over what was signed",
            Answer {
                decided_on: text("2021-06-30"),
                start: text("2021-07-05"),
                last_day: text("2021-07-07"),
                ..good()
            },
            ("start", "afterwards-overlap"),
        ),
        (
            "an amendment of what was signed",
            Answer {
                kind: text("amendment"),
                amends: text("1"),
                decided_on: text("2021-07-01"),
                start: text("2021-07-02"),
                last_day: text("2021-07-05"),
                ..good()
            },
            ("amends", "afterwards-changes"),
        ),
    ] {
        let codes = refused(&journey, &answer).await;
        assert!(codes.contains(&expected), "{what}: {codes:?}");
    }
    assert_eq!(journal(&journey.viewing(), None).await.unwrap().entries().len(), 2);

    // A paper of the day on which the signed one ran out, entered while its own days run: it is in force now.
    let july = Answer {
        decided_on: text("Senin, 5 Juli 2021"),
        start: text("2021-07-06"),
        last_day: text("2021-07-12"),
        paper: text("Surat Edaran Nomor 800/3400-BKPSDM"),
        ..good()
    };
    let july = recorded(&journey, &july, None).await;
    assert_eq!((july.number, july.recommended.as_ref().map(|said| said.date)), (3, Some(day("2021-07-05"))));
    let rested = evidence_of(&journey.viewing(), &july).await.unwrap().assessment.unwrap();
    assert_eq!(rested.date, day("2021-07-05"), "what the rules had said by the end of its day");
    // The paper that prolonged the first one.
    let april = Answer {
        kind: text("extension"),
        amends: text("2"),
        decided_on: text("2020-03-30"),
        last_day: text("2020-04-21"),
        paper: text("Surat Edaran kedua"),
        start: String::new(),
        step: String::new(),
        exemption_list: String::new(),
        ..good()
    };
    let april = recorded(&journey, &april, None).await;
    let book = journal(&journey.viewing(), None).await.unwrap();
    assert_eq!((april.number, april.effective_from), (4, day("2020-04-01")));
    assert_eq!(book.state(book.get(2).unwrap(), day("2021-07-08")), State::Extended(4));
    assert_eq!(book.in_force(day("2021-07-08")).unwrap().number, 3);
    // From now on it is changed by what is signed here.
    let amending = Answer {
        kind: text("amendment"),
        amends: text("3"),
        decided_on: String::new(),
        start: text("2021-07-09"),
        last_day: text("2021-07-12"),
        departure: text("unit kesehatan"),
        exempt_also: vec![text("disdukcapil=25")],
        ..of_28_june()
    };
    let amendment = recorded(&journey, &amending, Some(3)).await;
    assert_eq!((amendment.number, amendment.afterwards), (5, None));
    let filter = AuditFilter { text: Some(text("recorded afterwards")), ..AuditFilter::default() };
    let rows = journey.store.audit(&filter).await.unwrap().rows;
    assert_eq!(rows.len(), 3);
    let told = &rows[2].entry.detail;
    assert!(told.contains("decided on 2020-03-20, from Surat Edaran Nomor 800/1104-BKPSDM"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn papers_of_the_past_fill_days_and_change_none() {
    let folder = tempfile::tempdir().unwrap();
    let url = sqlite(folder.path());
    as_they_were(&url).await;
    assert_eq!(verify(folder.path(), &url, &[]).0, Some(0), "the chain has them in the order of recording");
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_postgres_papers_of_the_past_fill_days_and_change_none() {
    as_they_were(&fresh_postgres()).await;
}

/// Any journal, any paper that overlaps nothing: what counted on a day counts on it still.
#[test]
fn no_paper_that_overlaps_nothing_changes_what_counted_on_a_day() {
    let sample = std::fs::read_to_string(checkout("data/sample/kota_bogor_decision.json")).unwrap();
    let sample = serde_json::from_str::<Dossier>(&sample).unwrap().decision;
    let first = day("2021-03-01");
    let (mut chance, mut tried) = (86_u64, 0);
    let mut draw = |below: u64| i64::try_from(crate::support::year::next(&mut chance) % below).unwrap();
    for round in 0..400 {
        let mut entries: Vec<Decision> = Vec::new();
        for _ in 0..8 {
            let start = first + chrono::Duration::days(draw(60));
            let mut entry = Decision { number: u32::try_from(entries.len()).unwrap() + 1, ..sample.clone() };
            (entry.effective_from, entry.period.start) = (start, start);
            entry.period.last_day = start + chrono::Duration::days(draw(12));
            let before = Journal::new(entries.clone()).unwrap();
            let days = Window { from: start, to: entry.period.last_day };
            if draw(2) == 0 && days.days().all(|day| before.in_force(day).is_none()) {
                entry.afterwards = Some(Afterwards { paper: "naskah".to_owned() });
            }
            let is_recorded = entry.afterwards.is_some();
            entries.push(entry);
            let after = Journal::new(entries.clone()).unwrap();
            let all = Window { from: first, to: first + chrono::Duration::days(90) };
            for day in all.days().filter(|_| is_recorded) {
                let number = |book: &Journal| book.in_force(day).map(|entry| entry.number);
                let (was, is) = (number(&before), number(&after));
                assert!(
                    was == is || (was.is_none() && days.contains(day)),
                    "round {round}, {day}: {was:?}, {is:?}"
                );
                tried += usize::from(was.is_some());
            }
        }
    }
    assert!(tried > 5_000, "{tried}");
}

#[tokio::test(flavor = "multi_thread")]
async fn on_pages_and_in_files_it_is_never_taken_for_one_that_was_signed() {
    let house = House::built(Plan { has_figures: true, ..Plan::default() }).await;
    let mayor = house.signed_in("wali-kota", Role::Mayor).await.cookie;
    let get = async |path: &str| house.get(path, &[("cookie", &mayor), ("accept-language", "id")]).await;
    let post = async |path: &str, fields: &[(String, String)]| {
        let fields: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        house.post(path, &[("cookie", &mayor), ("accept-language", "id")], &fields).await
    };
    let fields = with(
        &filled(&get("/decisions/new").await.body),
        &[
            ("decided_on", "Senin, 10 Mei 2021"),
            ("start", "2021-05-11"),
            ("last_day", "2021-05-14"),
            ("legal_basis", ""),
        ],
    );
    let backdated = post("/decisions/write", &fields).await;
    assert_eq!(backdated.status, 422);
    assert!(backdated.body.contains("tidak dapat ditanggali mundur"), "{}", backdated.body);
    let kept = post("/decisions/write", &with(&fields, &[("paper", "SE 800/2000 <b>")])).await;
    assert_eq!(kept.status, 303, "{}", kept.body);
    let path = kept.header("location").to_owned();
    let review = get(&path).await.body;
    for told in ["Dicatat kemudian", "Catat dari naskah", "SE 800/2000 &#60;b&#62;", "Senin, 10 Mei 2021"] {
        assert!(review.contains(told), "{told}: {review}");
    }
    assert!(!review.contains(">Tandatangani<"), "nobody signs it");
    let edited = get(&format!("/decisions/new?draft={}", path.rsplit('/').next().unwrap())).await.body;
    assert!(edited.contains("<details open>") && edited.contains("value=\"SE 800/2000"), "{edited}");
    let done = post(&format!("{path}/sign"), &[]).await;
    assert_eq!((done.status, done.header("location")), (303, "/decisions/3?done=recorded"));
    let record = house.get("/decisions/3", &[("accept-language", "en")]).await.body;
    for told in ["Recorded afterwards", "not signed here", "Recorded afterwards at", "Monday, 10 May 2021"] {
        assert!(record.contains(told), "{told}: {record}");
    }
    assert!(!record.contains("Signed at"), "{record}");
    let other = house.get("/decisions/2", &[("accept-language", "en")]).await.body;
    assert!(other.contains("Signed at") && !other.contains("Recorded afterwards"));
    let list = house.get("/decisions", &[("accept-language", "id")]).await.body;
    assert_eq!(list.matches("class=\"afterwards\"").count(), 1, "{list}");
    let csv = house.get("/exports/decisions.csv", &[]).await.body;
    let rows: Vec<&str> = csv.lines().collect();
    assert!(rows[0].contains(",signed_here,paper,"), "{csv}");
    assert!(rows[2].contains(",yes,,") && rows[3].contains(",no,SE 800/2000 <b>,"), "{csv}");
    // The strip has it on its own days, with its own mark.
    let picture = get("/charts/level_strip.svg?date=2021-05-20").await.body;
    assert!(picture.contains("dicatat kemudian dari naskah"), "each of its days says so");
}
