//! The number that an office gave a circular: recorded once, corrected beside it, printed and cited; refused in one sentence.

use std::path::Path;

use siaga::account::Role;
use siaga::config::Documents;
use siaga::decision::{Answer, NumberAnswer};
use siaga::document::{CircularContent, Form, Letterhead};
use siaga::job::{DocumentFiles, Journey, SignFault, circular_numbers, dossier, draft, number_circular};
use siaga::store::{AuditFilter, Store};

use crate::audit::{does, intruder};
use crate::decisions::{assessed, bogor, mayor, of_28_june, said_in_both, signed, sqlite};
use crate::support::house::{House, Plan};
use crate::support::{fresh_postgres, moment, siaga, stdout};

fn answer(number: &str, dated: &str, reason: &str) -> NumberAnswer {
    NumberAnswer { number: number.to_owned(), dated: dated.to_owned(), reason: reason.to_owned() }
}

async fn record(journey: &Journey, decision: u32, answer: &NumberAnswer) -> Result<i64, SignFault> {
    let given = number_circular(journey, (decision, answer), (&mayor(), "127.0.0.1")).await?;
    Ok(given.id)
}

/// Fields and codes of what is wrong.
async fn refused(
    journey: &Journey,
    decision: u32,
    answer: &NumberAnswer,
) -> Vec<(&'static str, &'static str)> {
    match record(journey, decision, answer).await {
        Err(SignFault::Refused(refused)) => {
            refused.iter().for_each(said_in_both);
            refused.iter().map(|refusal| (refusal.field, refusal.code)).collect()
        }
        other => panic!("{answer:?}: {other:?}"),
    }
}

async fn printed(journey: &Journey, number: u32) -> CircularContent {
    let found = dossier(journey, number, Form::Circular).await.unwrap().unwrap();
    let letterhead =
        Letterhead::new(&Documents::default(), ("Kota Bogor", Some("Jawa Barat")), None).unwrap();
    let words = DocumentFiles::read(None, None).unwrap().words;
    CircularContent::new(&found, &letterhead, &words, "https://siaga.example.org/decisions/1")
}

/// The extension of a decision to 12 July.
fn extension(of: &str) -> Answer {
    Answer {
        kind: "extension".to_owned(),
        amends: of.to_owned(),
        decided_on: String::new(),
        start: String::new(),
        last_day: "2021-07-12".to_owned(),
        exemption_list: String::new(),
        step: String::new(),
        ..of_28_june()
    }
}

async fn recorded_printed_and_cited(url: &str) {
    let (journey, clock) = bogor(url, "2021-06-28T18:00:00+07:00").await;
    assessed(&journey, &["2021-06-28"], &clock).await;
    signed(&journey, &of_28_june()).await;
    // Before it has a number the circular shows the gap and the place alone.
    let bare = printed(&journey, 1).await;
    assert_eq!((bare.number.as_str(), bare.place.as_str()), ("NOMOR: ........................", "Bogor,"));
    assert_eq!(bare.draft.1, "belum diberi nomor, tanggal, dan tanda tangan");

    let day = "Senin, 28 Juni 2021";
    for (what, wrong, expected) in [
        ("nothing", answer("", "", ""), &[("number", "circular-number"), ("dated", "day-none")][..]),
        ("a gap", answer("800/........-BKPSDM", day, ""), &[("number", "circular-number")]),
        ("no digit", answer("BKPSDM", day, ""), &[("number", "circular-number")]),
        ("markup", answer("800/<b>1", day, ""), &[("number", "circular-number")]),
        ("weekday", answer("800/3214-Bkpsdm", "Selasa, 28 Juni 2021", ""), &[("dated", "weekday")]),
        ("no date", answer("800/3214-Bkpsdm", "kemarin", ""), &[("dated", "day-unreadable")]),
        ("before", answer("800/3214-Bkpsdm", "2021-06-27", ""), &[("dated", "circular-before")]),
        ("after", answer("800/3214-Bkpsdm", "2021-06-29", ""), &[("dated", "postdated")]),
        ("reason", answer("800/3214-Bkpsdm", day, &"x".repeat(301)), &[("reason", "too-much-text")]),
    ] {
        assert_eq!(refused(&journey, 1, &wrong).await, expected, "{what}");
    }
    let good = answer("  800/3214-Bkpsdm ", day, "");
    assert!(matches!(record(&journey, 2, &good).await, Err(SignFault::Gone(_))), "no such decision");
    assert_eq!(circular_numbers(&journey.viewing(), None).await.unwrap().entries(), &[]);

    assert_eq!(record(&journey, 1, &good).await.unwrap(), 1);
    let with = printed(&journey, 1).await;
    assert_eq!(
        (with.number.as_str(), with.place.as_str()),
        ("NOMOR: 800/3214-Bkpsdm", "Bogor, 28 Juni 2021")
    );
    assert_eq!(with.draft, ("KONSEP".to_owned(), "belum ditandatangani".to_owned()));

    // The same again changes nothing; another one needs a reason and stands beside it.
    assert_eq!(refused(&journey, 1, &good).await, [("number", "circular-same")]);
    let other = |reason: &str| answer("800/3124-Bkpsdm", day, reason);
    assert_eq!(refused(&journey, 1, &other("")).await, [("reason", "circular-reason")]);
    clock.advance_to(moment("2021-06-30T09:00:00+07:00"));
    assert_eq!(record(&journey, 1, &other("dua angka tertukar")).await.unwrap(), 2);
    let all = circular_numbers(&journey.viewing(), None).await.unwrap();
    let told: Vec<_> = all.of(1).map(|entry| (entry.number.as_str(), entry.reason.as_str())).collect();
    assert_eq!(told, [("800/3214-Bkpsdm", ""), ("800/3124-Bkpsdm", "dua angka tertukar")]);
    let then = circular_numbers(&journey.viewing(), Some(moment("2021-06-29T09:00:00+07:00"))).await.unwrap();
    assert_eq!(then.last(1).unwrap().number, "800/3214-Bkpsdm", "as it was known then");

    // An extension cites the first circular by the number that counts; it cannot take that number, but the one given up.
    signed(&journey, &extension("1")).await;
    let cited = printed(&journey, 2).await;
    assert!(
        cited.subject.contains("Surat Edaran Wali Kota Bogor Nomor 800/3124-Bkpsdm"),
        "{}",
        cited.subject
    );
    assert!(cited.basis.1.iter().any(|line| line.contains("Nomor 800/3124-Bkpsdm")), "{:?}", cited.basis);
    let today = "2021-06-30";
    assert_eq!(
        refused(&journey, 2, &answer("800 / 3124-BKPSDM", today, "")).await,
        [("number", "circular-known")]
    );
    record(&journey, 2, &answer("800/3214-Bkpsdm", today, "")).await.unwrap();
    let filter = AuditFilter { text: Some("800/3124".to_owned()), ..AuditFilter::default() };
    let lines = journey.store.audit(&filter).await.unwrap().rows;
    let told: Vec<&str> = lines.iter().map(|row| row.entry.detail.as_str()).collect();
    assert_eq!(
        told,
        ["800/3124-Bkpsdm of 2021-06-28, in place of 800/3214-Bkpsdm of 2021-06-28: dua angka tertukar"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_recorded_once_corrected_beside_it_printed_and_cited() {
    let folder = tempfile::tempdir().unwrap();
    recorded_printed_and_cited(&sqlite(folder.path())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_postgres_a_number_is_recorded_once_corrected_beside_it_printed_and_cited() {
    recorded_printed_and_cited(&fresh_postgres()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_number_at_once_one_is_told_to_look_again_and_nothing_is_half_kept() {
    let folder = tempfile::tempdir().unwrap();
    let url = sqlite(folder.path());
    let (journey, clock) = bogor(&url, "2021-06-28T18:00:00+07:00").await;
    assessed(&journey, &["2021-06-28"], &clock).await;
    signed(&journey, &of_28_june()).await;
    does(
        &mut intruder(&url).await,
        "create trigger refuse before insert on circular_number begin select raise(abort, 'no room'); end",
    )
    .await;
    let good = answer("800/3214-BKPSDM", "2021-06-28", "");
    assert!(matches!(record(&journey, 1, &good).await, Err(SignFault::Failed(_))));
    let told = |rows: Vec<siaga::store::AuditRow>| {
        rows.iter().filter(|row| row.entry.action.as_str() == "circular_numbered").count()
    };
    assert_eq!(told(journey.store.audit(&AuditFilter::default()).await.unwrap().rows), 0);
    does(&mut intruder(&url).await, "drop trigger refuse").await;
    // Both were held against the same list of numbers.
    let other = Store::connect(&url).await.unwrap();
    let known = circular_numbers(&journey.viewing(), None).await.unwrap();
    record(&journey, 1, &good).await.unwrap();
    let mut late = circular_numbers(&journey.viewing(), None).await.unwrap().last(1).unwrap().clone();
    late.number = "800/1-X".to_owned();
    let entry = siaga::audit::Entry::system(journey.clock.now(), siaga::audit::Action::CircularNumbered, "x");
    let location = &journey.city.location;
    other.add_circular_number(location, (&late, known.last_id()), &entry).await.unwrap_err();
    assert_eq!(circular_numbers(&journey.viewing(), None).await.unwrap().entries().len(), 1);
    assert_eq!(told(journey.store.audit(&AuditFilter::default()).await.unwrap().rows), 1);
}

/// Everything of a process's answer that people read.
fn said(folder: &Path, args: &[&str]) -> (Option<i32>, String) {
    let output = siaga(folder).args(args).output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(text).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_recorded_by_the_command_and_a_draft_has_none() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    {
        let url = format!("sqlite://{}/var/siaga.sqlite", path.display());
        let (journey, clock) = bogor(&url, "2021-06-28T18:00:00+07:00").await;
        assessed(&journey, &["2021-06-28"], &clock).await;
        signed(&journey, &of_28_june()).await;
        let waiting = draft(&journey, &extension("1"), &mayor(), None).await.unwrap();
        let of_draft = ["decision", "letter", &waiting, "--number", "1/2", "--date", "2021-06-28"];
        let (code, told) = said(path, &of_draft);
        assert!(code == Some(1) && told.contains("konsep yang belum ditandatangani"), "{told}");
    }
    let letter = |number: &str, date: &str, more: &[&str]| {
        let args = ["decision", "letter", "1", "--number", number, "--date", date];
        said(path, &[&args[..], more].concat())
    };
    let (code, told) = said(path, &["decision", "letter", "9", "--number", "1/2", "--date", "2021-06-28"]);
    assert!(code == Some(1) && told.contains("Tidak ada keputusan '9'"), "{told}");
    let (code, told) = letter("800/....-BKPSDM", "Selasa, 28 Juni 2021", &["--lang", "en"]);
    assert_eq!(code, Some(2), "{told}");
    assert!(told.contains("--number: ") && told.contains("--date: "), "each at its flag: {told}");
    assert_eq!(letter("800/3214-BKPSDM", "2021-06-28", &[]).0, Some(0));
    let (code, told) = letter("800/3214-BKPSDM", "2021-06-29", &[]);
    assert!(code == Some(2) && told.contains("--reason: "), "{told}");
    assert_eq!(letter("800/3214-BKPSDM", "2021-06-29", &["--reason", "salah tanggal"]).0, Some(0));
    let letters = stdout(path, &["decision", "letters", "--format", "csv"]);
    let rows: Vec<&str> = letters.lines().collect();
    assert_eq!(rows[0], "decision,number,dated,reason,by,at");
    assert!(rows[1].starts_with("1,800/3214-BKPSDM,2021-06-28,,"), "{letters}");
    assert!(rows[2].starts_with("1,800/3214-BKPSDM,2021-06-29,salah tanggal,"), "{letters}");
    for args in [&["decision", "list", "--format", "csv"][..], &["-q", "export", "decisions"]] {
        let table = stdout(path, args);
        let (head, row) = (table.lines().next().unwrap(), table.lines().nth(1).unwrap());
        assert!(head.ends_with(",circular_number,circular_date"), "{head}");
        assert!(row.ends_with(",800/3214-BKPSDM,2021-06-29"), "{row}");
    }
    let shown = stdout(path, &["decision", "show", "1", "--format", "json"]);
    let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(shown["circular"], serde_json::json!({ "number": "800/3214-BKPSDM", "date": "2021-06-29" }));
}

#[tokio::test(flavor = "multi_thread")]
async fn those_who_decide_record_it_on_the_page_and_everybody_reads_it() {
    let house = House::built(Plan { has_figures: true, ..Plan::default() }).await;
    let mayor = house.signed_in("wali-kota", Role::Mayor).await.cookie;
    let analyst = house.signed_in("analis", Role::Analyst).await.cookie;
    let form = "action=\"/decisions/2/letter\"";
    let of = async |cookie: &str| {
        house.get("/decisions/2", &[("cookie", cookie), ("accept-language", "id")]).await
    };
    assert!(of(&mayor).await.body.contains(form));
    assert!(!of(&analyst).await.body.contains(form), "who may not decide records no number");
    let post = async |cookie: &str, fields: &[(&str, &str)]| {
        house.post("/decisions/2/letter", &[("cookie", cookie), ("accept-language", "id")], fields).await
    };
    let good = [("number", "800/3214-BKPSDM"), ("dated", "2021-06-28"), ("reason", "")];
    assert_eq!(post(&analyst, &good).await.status, 403);
    let wrong = post(&mayor, &[("number", "800/....-BKPSDM <b>"), ("dated", "2021-06-28")]).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.body.contains("bukan nomor surat") && !wrong.body.contains("BKPSDM <b>"), "{}", wrong.body);
    assert!(wrong.body.contains("id=\"letter\" open"), "the form comes back open, as it was sent");
    let done = post(&mayor, &good).await;
    assert_eq!((done.status, done.header("location")), (303, "/decisions/2?done=numbered"));
    let read = house.get("/decisions/2", &[("accept-language", "en")]).await.body;
    assert!(read.contains("Circular number 800/3214-BKPSDM, Monday, 28 June 2021"), "{read}");
    let corrected = [("number", "800/3124-BKPSDM"), ("dated", "2021-06-28"), ("reason", "tertukar")];
    assert_eq!(post(&mayor, &corrected).await.status, 303);
    let read = of(&analyst).await.body;
    assert!(read.contains("Semula Nomor 800/3214-BKPSDM") && read.contains("tertukar"), "{read}");
    let anybody = house.get("/decisions/2", &[("accept-language", "id")]).await.body;
    assert!(anybody.contains("800/3124-BKPSDM") && !anybody.contains("Semula"), "{anybody}");
    let missing = house.post("/decisions/9/letter", &[("cookie", &mayor)], &good).await;
    assert_eq!(missing.status, 404);
}
