//! Decisions: the days of 2020 and 2021 as they went, everything that is refused, and what nobody can do to one that is signed.

use std::path::Path;
use std::sync::Arc;

use siaga::account::Visitor;
use siaga::alert::{Channel, Channels, Recipient};
use siaga::app::{self, Wiring};
use siaga::assessment::Verdict;
use siaga::audit::Action;
use siaga::city::City;
use siaga::clock::SteppedClock;
use siaga::config::Config;
use siaga::decision::{Answer, Decision, DueKind, ListChange, Outlook, Refusal, State, diff_lists};
use siaga::job::{
    Journey, OrderAnswer, SignFault, assess, deciding, decision_clock, discard, draft, end_order,
    evidence_of, journal, keep_order, kept_orders, sign,
};
use siaga::store::{AuditFilter, Store};
use siaga::text::{Locale, Phrases, refusal_sentence};

use crate::audit::{does, intruder, verify};
use crate::support::{fresh_postgres, journey_on, moment, printed, pulled, save_run, siaga, stdout};

pub fn mayor() -> Visitor {
    Visitor::Operator { name: "wali-kota".to_owned() }
}

fn text(text: &str) -> String {
    text.to_owned()
}

/// The decision of 28 June 2021 as the mayor's office would fill it in.
pub fn of_28_june() -> Answer {
    Answer {
        step: text("4"),
        decided_by: text("Bima Arya"),
        office: text("mayor"),
        decided_on: text("Senin, 28 Juni 2021"),
        place: text("Balai Kota"),
        start: text("Selasa, 29 Juni 2021"),
        last_day: text("Senin, 5 Juli 2021"),
        reasons: vec![
            (text("case_trend"), String::new()),
            (text("protect_staff"), text("ASN adalah garda terdepan pelayanan")),
            (text("reduce_mobility"), String::new()),
            (text("set_example"), String::new()),
        ],
        legal_basis: vec![text("Inmendagri Nomor 14 Tahun 2021")],
        exemption_list: text("kota-bogor-2021-06-28"),
        continues: vec![text("Lelang Suryakencana"), text("Masjid Agung"), text("Alun-alun Kota Bogor")],
        ..Answer::default()
    }
}

/// Kota Bogor with its printed figures, at a moment.
pub async fn bogor(url: &str, now: &str) -> (Journey, Arc<SteppedClock>) {
    let store = Store::connect(url).await.unwrap();
    let (journey, clock) = journey_on(store, now);
    let sources = ["dinkes-kota-bogor", "bkpsdm-kota-bogor", "pikobar-jabar"];
    for source in sources {
        let figures: Vec<_> = printed().into_iter().filter(|figure| figure.source == source).collect();
        let run = pulled(&format!("{source}@1"), source, "2021-05-01");
        save_run(&journey.store, &run, &[], &figures).await.unwrap();
    }
    (journey, clock)
}

pub fn sqlite(folder: &Path) -> String {
    format!("sqlite://{}/siaga.sqlite", folder.display())
}

pub async fn signed(journey: &Journey, answer: &Answer) -> Decision {
    let id = draft(journey, answer, &mayor(), None).await.unwrap();
    sign(journey, &id, (&mayor(), "127.0.0.1")).await.unwrap()
}

/// What is wrong with an answer: fields and codes.
async fn refused(journey: &Journey, answer: &Answer) -> Vec<(&'static str, &'static str)> {
    match draft(journey, answer, &mayor(), None).await {
        Err(SignFault::Refused(refused)) => refused.iter().map(|r| (r.field, r.code)).collect(),
        other => panic!("{answer:?}: {other:?}"),
    }
}

pub async fn assessed(journey: &Journey, days: &[&str], clock: &SteppedClock) {
    for day in days {
        clock.advance_to(moment(&format!("{day}T20:00:00+07:00")));
        assess(journey, journey.today()).await.unwrap();
    }
}

async fn june_and_july(url: &str) {
    let (journey, clock) = bogor(url, "2021-06-27T20:00:00+07:00").await;
    assessed(&journey, &["2021-06-27", "2021-06-28"], &clock).await;
    let decision = signed(&journey, &of_28_june()).await;
    assert_eq!((decision.number, decision.level.as_str()), (1, "wfh_100"));
    assert_eq!(decision.period.start.to_string(), "2021-06-29");
    assert_eq!(decision.period.last_day.to_string(), "2021-07-05");
    assert_eq!(decision.period.first_day_back.to_string(), "2021-07-06", "Tuesday 6 July");
    assert_eq!(decision.period.days(), 7);
    assert_eq!(decision.exemptions.len(), 12);
    assert!(decision.exemptions.iter().all(|unit| unit.cap_pct == Some(25)));
    // The instruction of the centre allowed half of the staff at the office; the mayor went below it.
    let ceiling = decision.ceiling.clone().unwrap();
    assert_eq!(ceiling.pct, 50, "{ceiling:?}");
    assert!(decision.caps.non_service < ceiling.pct && ceiling.source.contains("14/2021"));
    assert_eq!(decision.follows(), Some(true));
    let evidence = evidence_of(&journey.viewing(), &decision).await.unwrap();
    let known = evidence.assessment.unwrap();
    assert!((known.indicators["cases_7d"].value.unwrap() - 2_083.0).abs() < 0.5);

    // The journal of a moment before the signature is empty; after it the decision is to come, then in force.
    let before = journal(&journey.viewing(), Some(moment("2021-06-28T19:00:00+07:00"))).await.unwrap();
    assert_eq!(before.entries(), &[]);
    let book = journal(&journey.viewing(), None).await.unwrap();
    let day = |text: &str| text.parse().unwrap();
    assert_eq!(book.in_force(day("2021-06-28")), None);
    assert_eq!(book.state(&decision, day("2021-06-28")), State::Upcoming);
    assert_eq!(book.in_force(day("2021-06-29")), Some(&decision));
    assert_eq!(book.in_force(day("2021-07-05")), Some(&decision));
    assert_eq!(book.state(&decision, day("2021-07-06")), State::Over);

    // 5 July: the emergency restrictions of 3 July have taken its place; the city's own rules would extend.
    assessed(
        &journey,
        &["2021-06-29", "2021-06-30", "2021-07-01", "2021-07-02", "2021-07-03", "2021-07-04", "2021-07-05"],
        &clock,
    )
    .await;
    let now = deciding(&journey.viewing()).await.unwrap();
    assert_eq!(now.assessment().unwrap().verdict, Verdict::Superseded);
    let state = now.clock(&journey).unwrap();
    assert_eq!((state.outlook, state.own_outlook), (Some(Outlook::Superseded), Some(Outlook::Extend)));
    assert_eq!((state.day, state.days_left), (7, 0));
    let due: Vec<(DueKind, String)> = state.due.iter().map(|due| (due.kind, due.date.to_string())).collect();
    for (kind, date) in [
        (DueKind::Reminder, "2021-07-03"),
        (DueKind::Ready, "2021-07-03"),
        (DueKind::Evaluation, "2021-07-05"),
        (DueKind::Escalation, "2021-07-05"),
        (DueKind::Lapse, "2021-07-06"),
        (DueKind::FirstDayBack, "2021-07-06"),
    ] {
        assert!(due.contains(&(kind, date.to_owned())), "{kind:?} {date}: {due:?}");
    }
    assert_eq!(state.extension.start.to_string(), "2021-07-06");
    assert_eq!(state.extension.last_day.to_string(), "2021-07-12");

    // The extension keeps level and units, and both last days are told.
    let extension = signed(
        &journey,
        &Answer {
            kind: text("extension"),
            amends: text("1"),
            decided_on: String::new(),
            start: String::new(),
            last_day: text("2021-07-12"),
            exemption_list: String::new(),
            step: String::new(),
            ..of_28_june()
        },
    )
    .await;
    assert_eq!((extension.number, extension.amends, extension.step.number()), (2, Some(1), 4));
    assert_eq!(extension.exemptions, decision.exemptions);
    assert_eq!(extension.period.start, decision.period.start);
    assert_eq!(extension.effective_from.to_string(), "2021-07-06");
    let book = journal(&journey.viewing(), None).await.unwrap();
    assert_eq!(book.state(&decision, day("2021-07-05")), State::Extended(2));
    assert_eq!(book.in_force(day("2021-07-05")).unwrap().number, 1);
    assert_eq!(book.in_force(day("2021-07-12")).unwrap().number, 2);
    // Nobody decides for the 13th: it lapses, and that is told.
    let lapsed = decision_clock(&journey, &book, day("2021-07-14"), None).unwrap();
    assert_eq!(lapsed.lapsed_since, Some(day("2021-07-13")));
    assert_eq!(decision_clock(&journey, &book, day("2021-08-14"), None), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn june_and_july_2021_as_they_went_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    june_and_july(&sqlite(folder.path())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_postgres_june_and_july_2021_as_they_went() {
    june_and_july(&fresh_postgres()).await;
}

/// SE 800/1104-BKPSDM: at home until 31 March, called for by one event and not by a rate, before any figure was kept.
#[tokio::test(flavor = "multi_thread")]
async fn bogor_in_march_2020_decided_on_a_single_event_without_figures() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::connect(&sqlite(folder.path())).await.unwrap();
    let (journey, _) = journey_on(store, "2020-03-21T09:00:00+07:00");
    let answer = Answer {
        step: text("4"),
        decided_by: text("Dedie A. Rachim"),
        office: text("deputy_mayor"),
        start: text("2020-03-21"),
        last_day: text("31 Maret 2020"),
        reasons: vec![(text("single_event"), text("wali kota terkonfirmasi positif pada 20 Maret 2020"))],
        departure: text("belum ada angka yang dapat dinilai"),
        legal_basis: vec![
            text("SE Menteri PANRB Nomor 19 Tahun 2020"),
            text("Instruksi Wali Kota, 17 Maret 2020"),
            text("Surat Edaran Nomor 800/1104-BKPSDM Tahun 2020"),
        ],
        exemption_list: text("kota-bogor-2020"),
        ..Answer::default()
    };
    let without = Answer { departure: String::new(), ..answer.clone() };
    assert_eq!(refused(&journey, &without).await, [("departure", "departure-unknown")]);
    let decision = signed(&journey, &answer).await;
    assert_eq!((decision.recommended.clone(), decision.follows()), (None, None));
    assert_eq!(decision.exemptions.len(), 11);
    assert!(decision.exemptions.iter().all(|unit| unit.minimum_presence == Some(1)), "representatives");
    assert_eq!(decision.period.first_day_back.to_string(), "2020-04-01");
    let statuses = journey.city.statuses.on(&journey.city.lineage, journey.today());
    assert_eq!(statuses.iter().map(|status| status.status.as_str()).collect::<Vec<_>>(), ["klb"]);
}

/// Nobody has held the rules against new figures for more than a week: they say nothing of a decision any more.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_evaluated_more_than_a_week_ago_is_no_recommendation() {
    let folder = tempfile::tempdir().unwrap();
    let (journey, clock) = bogor(&sqlite(folder.path()), "2021-06-28T18:00:00+07:00").await;
    assessed(&journey, &["2021-06-28"], &clock).await;
    let later = |start: &str, last_day: &str| Answer {
        decided_on: String::new(),
        start: text(start),
        last_day: text(last_day),
        ..of_28_june()
    };
    clock.advance_to(moment("2021-07-05T20:00:00+07:00"));
    draft(&journey, &later("2021-07-06", "2021-07-12"), &mayor(), None).await.unwrap();
    clock.advance_to(moment("2021-07-06T08:00:00+07:00"));
    assert_eq!(
        refused(&journey, &later("2021-07-07", "2021-07-13")).await,
        [("departure", "departure-unknown")]
    );
}

async fn bontang(folder: &Path, now: &str) -> (Journey, Arc<SteppedClock>) {
    let store = Store::connect(&sqlite(folder)).await.unwrap();
    let mut config = Config::default();
    (config.city.location, config.city.policy) = (text("6474"), text("kota-bontang-2020"));
    let clock = Arc::new(SteppedClock::new(moment(now)));
    let city = City::load(&config).unwrap();
    let wiring = Wiring { city, store, clock: Arc::clone(&clock), is_demo: true };
    let mut journey = app::wire(&config, wiring).unwrap();
    journey.channels = Channels::new(vec![Recipient::of_everything("kotak-surat", Channel::Mailbox)]);
    (journey, clock)
}

/// The list of March 2020 against that of June 2021: what was taken in, what fell out, what changed its terms.
#[test]
fn both_lists_of_bogor_are_loaded_and_held_against_each_other() {
    let lists = City::load(&Config::default()).unwrap().exemption_lists;
    let units = |id: &str| lists.iter().find(|list| list.id == id).unwrap().units.clone();
    let changes = diff_lists(&units("kota-bogor-2020"), &units("kota-bogor-2021-06-28"));
    let names = |is: fn(&ListChange) -> Option<&str>| changes.iter().filter_map(is).collect::<Vec<_>>();
    let removed = names(|change| match change {
        ListChange::Removed(unit) => Some(&unit.unit_id),
        _ => None,
    });
    let added = names(|change| match change {
        ListChange::Added(unit) => Some(&unit.unit_id),
        _ => None,
    });
    let kept = changes.iter().filter(|change| matches!(change, ListChange::Changed(..))).count();
    assert_eq!(removed, ["disdukcapil", "puskesmas", "dlh", "disperumkim"]);
    assert_eq!(added, ["bpbd", "pemakaman", "pertamanan", "persampahan", "setda-pbj"]);
    assert_eq!(kept, 7, "a cap of 25% in place of representatives: {changes:?}");
}

/// SE 188.65/504/ORG/2020 and its amendment 527, in Bontang's own time zone (UTC+8).
#[tokio::test(flavor = "multi_thread")]
async fn bontang_in_2020_and_its_amendment_cite_each_other() {
    let folder = tempfile::tempdir().unwrap();
    // 00:30 in Bontang is still the day before in Bogor.
    let (journey, clock) = bontang(folder.path(), "2020-03-23T00:30:00+08:00").await;
    assert_eq!(journey.today().to_string(), "2020-03-23");
    assess(&journey, journey.today()).await.unwrap();
    let first = signed(
        &journey,
        &Answer {
            step: text("4"),
            decided_by: text("Neni Moerniaeni"),
            office: text("mayor"),
            decided_on: text("Senin, 23 Maret 2020"),
            start: text("Senin, 23 Maret 2020"),
            last_day: text("Sabtu, 4 April 2020"),
            reasons: vec![(text("national_situation"), String::new())],
            legal_basis: vec![text("SE Wali Kota Bontang Nomor 188.65/504/ORG/2020")],
            exemption_list: text("kota-bontang-2020"),
            ..Answer::default()
        },
    )
    .await;
    assert_eq!(first.period.first_day_back.to_string(), "2020-04-06", "the 4th is a Saturday");
    let posts: Vec<&str> = first.positions.iter().map(|post| post.title.as_str()).collect();
    assert!(posts.contains(&"Lurah") && posts.contains(&"Kepala Bidang") && posts.len() == 9, "{posts:?}");
    clock.advance_to(moment("2020-03-30T19:58:00+08:00"));
    assess(&journey, journey.today()).await.unwrap();
    let amendment = signed(
        &journey,
        &Answer {
            kind: text("extension"),
            amends: text("1"),
            decided_by: text("Neni Moerniaeni"),
            office: text("mayor"),
            last_day: text("Selasa, 21 April 2020"),
            reasons: vec![(text("national_situation"), text("penyebaran di Indonesia makin luas"))],
            legal_basis: vec![text("SE Wali Kota Bontang Nomor 188.65/527/ORG/2020")],
            ..Answer::default()
        },
    )
    .await;
    let book = journal(&journey.viewing(), None).await.unwrap();
    let chain: Vec<u32> = book.chain(&amendment).iter().map(|entry| entry.number).collect();
    assert_eq!(chain, [1, 2]);
    assert_eq!(
        (first.period.last_day.to_string(), amendment.period.last_day.to_string()),
        ("2020-04-04".to_owned(), "2020-04-21".to_owned())
    );
    assert_eq!(book.in_force("2020-04-05".parse().unwrap()).unwrap().number, 2);
    assert_eq!(book.in_force("2020-04-22".parse().unwrap()), None);
}

/// What is tried, the answer, and each field with the reason for which it is refused.
type Broken = (&'static str, Answer, &'static [(&'static str, &'static str)]);

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_decided_is_refused_in_both_languages_and_nothing_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let (journey, clock) = bogor(&sqlite(folder.path()), "2021-06-28T18:00:00+07:00").await;
    assessed(&journey, &["2021-06-28"], &clock).await;
    let good = of_28_june;
    let cases: Vec<Broken> = vec![
        (
            "weekday",
            Answer { decided_on: text("Senin 26 Juni 2021"), ..good() },
            &[("decided_on", "weekday")],
        ),
        ("backdated", Answer { decided_on: text("2021-06-27"), ..good() }, &[("decided_on", "backdated")]),
        ("postdated", Answer { decided_on: text("2021-06-29"), ..good() }, &[("decided_on", "postdated")]),
        ("start past", Answer { start: text("2021-06-27"), ..good() }, &[("start", "start-past")]),
        ("no reason", Answer { reasons: vec![], ..good() }, &[("reasons", "reason-none")]),
        (
            "a reason that is none",
            Answer { reasons: vec![(text("karena"), String::new())], ..good() },
            &[("reasons", "reason-unknown")],
        ),
        (
            "other without words",
            Answer { reasons: vec![(text("other"), text(" "))], ..good() },
            &[("reasons", "reason-other")],
        ),
        (
            "unnamed list",
            Answer { exemption_list: text(" "), ..good() },
            &[("exemption_list", "exemptions-unnamed")],
        ),
        (
            "unknown list",
            Answer { exemption_list: text("semua"), ..good() },
            &[("exemption_list", "list-unknown")],
        ),
        (
            "unknown unit",
            Answer { exempt_also: vec![text("dinas-x=25")], ..good() },
            &[("exempt_also", "unit-unknown")],
        ),
        ("cap", Answer { exempt_cap: text("101"), ..good() }, &[("exempt_cap", "cap")]),
        (
            "cap of one",
            Answer { exempt_also: vec![text("dinsos=banyak")], ..good() },
            &[("exempt_also", "cap")],
        ),
        (
            "not in the list",
            Answer { not_exempt: vec![text("disdukcapil")], ..good() },
            &[("not_exempt", "unit-not-listed")],
        ),
        ("nobody", Answer { decided_by: text("  "), ..good() }, &[("decided_by", "who")]),
        ("office", Answer { office: text("camat"), ..good() }, &[("office", "office")]),
        ("no step", Answer { step: String::new(), ..good() }, &[("step", "step-none")]),
        ("step", Answer { step: text("5"), ..good() }, &[("step", "step-unknown")]),
        (
            "order",
            Answer { last_day: text("2021-06-28"), ..good() },
            &[("last_day", "last-before-first"), ("evaluation_date", "evaluation-outside")],
        ),
        ("long", Answer { last_day: text("2021-07-30"), ..good() }, &[("last_day", "too-long")]),
        ("no day", Answer { last_day: String::new(), ..good() }, &[("last_day", "day-none")]),
        ("no date", Answer { start: text("besok"), ..good() }, &[("start", "day-unreadable")]),
        (
            "evaluation",
            Answer { evaluation_date: text("2021-07-06"), ..good() },
            &[("evaluation_date", "evaluation-outside")],
        ),
        // Step 3 is a quarter at the office, the rules recommend step 4: allowed, with words.
        ("departure", Answer { step: text("3"), ..good() }, &[("departure", "departure")]),
        // Step 1 is more at the office than the centre allowed.
        ("ceiling", Answer { step: text("1"), departure: text("ekonomi"), ..good() }, &[("step", "ceiling")]),
        ("kind", Answer { kind: text("fatwa"), ..good() }, &[("kind", "kind")]),
        (
            "amends",
            Answer { kind: text("amendment"), amends: text("9"), ..good() },
            &[("amends", "amends-unknown")],
        ),
        ("amends nothing", Answer { amends: text("1"), ..good() }, &[("amends", "amends-nothing")]),
        ("long name", Answer { decided_by: "x".repeat(301), ..good() }, &[("decided_by", "too-much-text")]),
        (
            "lines",
            Answer { legal_basis: vec![text("x"); 41], ..good() },
            &[("legal_basis", "too-many-lines")],
        ),
    ];
    for (what, answer, expected) in &cases {
        assert_eq!(refused(&journey, answer).await, *expected, "{what}");
        let deciding = deciding(&journey.viewing()).await.unwrap();
        let refusals = deciding.check(&journey, answer).unwrap_err();
        for refusal in &refusals {
            said_in_both(refusal);
        }
    }
    assert_eq!(journey.store.drafts(&journey.city.location).await.unwrap(), []);
    assert_eq!(journal(&journey.viewing(), None).await.unwrap().entries(), &[]);
}

/// One sentence in each language, with nothing left open.
pub fn said_in_both(refusal: &Refusal) {
    let [id, en] = [Locale::Id, Locale::En].map(|locale| refusal_sentence(refusal, Phrases::new(locale)));
    for said in [&id, &en] {
        assert!(
            said.ends_with('.') && !said.contains('{') && !said.starts_with("decision-refused"),
            "{said}"
        );
    }
    assert_ne!(id, en);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_in_force_is_amended_and_never_changed() {
    let folder = tempfile::tempdir().unwrap();
    let url = sqlite(folder.path());
    let (journey, clock) = bogor(&url, "2021-06-28T18:00:00+07:00").await;
    assessed(&journey, &["2021-06-28"], &clock).await;
    let id = draft(&journey, &of_28_june(), &mayor(), None).await.unwrap();
    let first = sign(&journey, &id, (&mayor(), "127.0.0.1")).await.unwrap();
    // There is no way back to the draft, and none to sign or throw it away again.
    assert!(matches!(sign(&journey, &id, (&mayor(), "")).await, Err(SignFault::Gone(_))));
    assert!(!discard(&journey, &id).await.unwrap());
    // An amendment may loosen one unit and keep the rest; who would amend the first again is told of the second.
    clock.advance_to(moment("2021-06-30T09:00:00+07:00"));
    let amending = Answer {
        kind: text("amendment"),
        amends: text("1"),
        decided_on: String::new(),
        start: text("2021-07-01"),
        not_exempt: vec![text("dpmptsp")],
        exempt_also: vec![text("disdukcapil=25")],
        ..of_28_june()
    };
    let amendment = signed(&journey, &amending).await;
    assert_eq!(refused(&journey, &amending).await, [("amends", "amends-changed")]);
    let changes: Vec<String> = diff_lists(&first.exemptions, &amendment.exemptions)
        .into_iter()
        .filter_map(|change| match change {
            ListChange::Added(unit) | ListChange::Removed(unit) => Some(unit.unit_id),
            _ => None,
        })
        .collect();
    assert_eq!(changes, ["dpmptsp", "disdukcapil"]);
    let book = journal(&journey.viewing(), None).await.unwrap();
    let day = |text: &str| text.parse().unwrap();
    assert_eq!(book.in_force(day("2021-06-30")).unwrap().number, 1);
    assert_eq!(book.in_force(day("2021-07-01")).unwrap().number, 2);
    // Ended early: the last day is shorter, nothing else.
    let end = signed(
        &journey,
        &Answer {
            kind: text("end"),
            amends: text("2"),
            decided_by: text("Bima Arya"),
            office: text("mayor"),
            last_day: text("2021-07-02"),
            reasons: vec![(text("higher_order"), String::new())],
            ..Answer::default()
        },
    )
    .await;
    let book = journal(&journey.viewing(), None).await.unwrap();
    assert_eq!(book.in_force(day("2021-07-03")), None);
    assert_eq!(book.state(&amendment, day("2021-07-01")), State::Ended(end.number));
    // The database itself refuses a second entry that changes the same one, and a changed row shows.
    assert_eq!(verify(folder.path(), &url, &[]).0, Some(0));
    does(
        &mut intruder(&url).await,
        "update decision set json = replace(json, '2021-07-05', '2021-07-15') where number = 1",
    )
    .await;
    let (code, said) = verify(folder.path(), &url, &[]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("decision"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_sign_at_once_one_is_told_to_look_again() {
    let folder = tempfile::tempdir().unwrap();
    let (journey, clock) = bogor(&sqlite(folder.path()), "2021-06-28T18:00:00+07:00").await;
    assessed(&journey, &["2021-06-28"], &clock).await;
    let journey = Arc::new(journey);
    let mut all = Vec::new();
    for round in 0..10 {
        let mut ids = Vec::new();
        for who in 0..2 {
            let answer = Answer { place: format!("ruang {round}-{who}"), ..of_28_june() };
            ids.push(draft(&journey, &answer, &mayor(), None).await.unwrap());
        }
        let tasks: Vec<_> = ids
            .into_iter()
            .map(|id| {
                let journey = Arc::clone(&journey);
                tokio::spawn(async move { sign(&journey, &id, (&mayor(), "")).await })
            })
            .collect();
        let mut numbers = Vec::new();
        for task in tasks {
            match task.await.unwrap() {
                Ok(decision) => numbers.push(decision.number),
                Err(SignFault::Overtaken) => {}
                Err(fault) => panic!("{fault:?}"),
            }
        }
        assert!(!numbers.is_empty(), "round {round}");
        for left in journey.store.drafts(&journey.city.location).await.unwrap() {
            assert!(discard(&journey, &left.id).await.unwrap());
        }
        let book = journal(&journey.viewing(), None).await.unwrap();
        all.extend(numbers);
        all.sort_unstable();
        let kept: Vec<u32> = book.entries().iter().map(|entry| entry.number).collect();
        assert_eq!(
            kept, all,
            "round {round}: what was told to be signed is in the journal, once, and nothing else"
        );
    }
}

/// Runs a command and kills it at a moment drawn from the time that it takes as a whole. Returns the moment.
fn killed(
    path: &Path,
    args: &[&str],
    (whole, chance): (std::time::Duration, &mut u64),
) -> std::time::Duration {
    let most = u64::try_from(whole.as_micros()).unwrap();
    let pause = std::time::Duration::from_micros(crate::support::year::next(chance) % most);
    let mut child = siaga(path)
        .args(args)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let started = std::time::Instant::now();
    while started.elapsed() < pause && child.try_wait().unwrap().is_none() {
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    pause
}

/// A signature that is cut off anywhere leaves the draft as it was, or the decision in force; never both, never neither.
#[test]
fn a_signature_killed_at_any_moment_is_whole_or_still_a_draft() {
    const KILLS: u32 = 40;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let drafted = || {
        let args = [
            "-q",
            "decision",
            "draft",
            "--step",
            "4",
            "--start",
            "HARI",
            "--last-day",
            "HARI",
            "--by",
            "Bima Arya",
            "--office",
            "mayor",
            "--reason",
            "case_trend",
            "--exempt",
            "none",
            "--departure",
            "percobaan",
        ];
        let today = chrono::Utc::now().with_timezone(&chrono_tz::Asia::Jakarta).date_naive().to_string();
        let args: Vec<&str> =
            args.iter().map(|arg| if *arg == "HARI" { today.as_str() } else { arg }).collect();
        stdout(path, &args).trim().to_owned()
    };
    let started = std::time::Instant::now();
    stdout(path, &["-q", "decision", "sign", &drafted()]);
    let whole = started.elapsed();
    let (mut chance, mut seen) = (4_711_u64, [0, 0]);
    for round in 1..=KILLS {
        let id = drafted();
        let pause = killed(path, &["-q", "decision", "sign", &id], (whole, &mut chance));
        let drafts = stdout(path, &["decision", "drafts", "--format", "csv"]);
        let decisions = stdout(path, &["decision", "list", "--format", "csv"]);
        let signed = decisions.lines().count() - 1;
        let is_signed = !drafts.contains(&id);
        assert_eq!(signed, 1 + seen[1] + usize::from(is_signed), "kill {round} after {pause:?}");
        seen[usize::from(is_signed)] += 1;
        if !is_signed {
            stdout(path, &["-q", "decision", "discard", &id]);
        }
    }
    assert!(seen[0] > 0, "never killed before the end");
    assert!(
        String::from_utf8_lossy(&siaga(path).args(["audit", "verify"]).output().unwrap().stdout)
            .contains("decision")
    );
}

/// An order that is cut off anywhere is bound by and told of, or neither.
#[test]
fn an_order_killed_at_any_moment_is_kept_and_told_of_or_neither() {
    const KILLS: u32 = 20;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let order = |place: u32| {
        let instrument = format!("Inmendagri {place}/2021");
        let more = ["--source", "Mendagri", "--from", "2021-07-03", "--non-service", "0"];
        let start = ["-q", "decision", "order", "--instrument", &instrument];
        start.iter().chain(&more).map(|arg| (*arg).to_owned()).collect::<Vec<_>>()
    };
    let args = order(0);
    let started = std::time::Instant::now();
    stdout(path, &args.iter().map(String::as_str).collect::<Vec<_>>());
    let whole = started.elapsed();
    let (mut chance, mut seen) = (88_u64, 1);
    for round in 1..=KILLS {
        let args = order(round);
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let pause = killed(path, &args, (whole, &mut chance));
        let orders = stdout(path, &["decision", "orders", "--all", "--format", "csv"]);
        let kept = orders.lines().filter(|line| line.starts_with("order,kept-")).count();
        let log = stdout(path, &["audit", "list", "--action", "order_kept", "--format", "csv"]);
        assert_eq!(log.lines().count() - 1, kept, "kill {round} after {pause:?}: {log}");
        assert!(kept == seen || kept == seen + 1, "kill {round}: {orders}");
        seen = kept;
    }
    assert!(seen <= usize::try_from(KILLS).unwrap(), "never killed before the end");
    assert!(siaga(path).args(["audit", "verify"]).output().unwrap().status.success());
}

/// Where the order cannot be kept, the log does not tell of one; where the log cannot be written, no order binds.
#[tokio::test(flavor = "multi_thread")]
async fn an_order_and_its_line_in_the_log_are_one_transaction() {
    let folder = tempfile::tempdir().unwrap();
    let url = sqlite(folder.path());
    let (journey, _) = journey_on(Store::connect(&url).await.unwrap(), "2021-07-02T18:00:00+07:00");
    let answer = OrderAnswer {
        instrument: text("Inmendagri 15/2021"),
        source: text("Mendagri"),
        valid_from: text("2021-07-03"),
        non_service_pct: text("0"),
        ..OrderAnswer::default()
    };
    let filter = AuditFilter { action: Some(Action::OrderKept), ..AuditFilter::default() };
    let by = mayor();
    for table in ["meta", "audit"] {
        let refuse = format!(
            "create trigger refuse before insert on {table} begin select raise(abort, 'no room'); end"
        );
        does(&mut intruder(&url).await, &refuse).await;
        keep_order(&journey, &answer, (&by, "127.0.0.1")).await.unwrap_err();
        assert_eq!(kept_orders(&journey).await.unwrap(), [], "{table}");
        assert_eq!(journey.store.audit(&filter).await.unwrap().rows, [], "{table}");
        does(&mut intruder(&url).await, "drop trigger refuse").await;
    }
    let kept = keep_order(&journey, &answer, (&by, "127.0.0.1")).await.unwrap().unwrap();
    let last_day = "2021-07-20".parse().unwrap();
    end_order(&journey, &kept.id, last_day, (&by, "127.0.0.1")).await.unwrap();
    let orders = kept_orders(&journey).await.unwrap();
    assert_eq!(orders.iter().map(|order| order.valid_to).collect::<Vec<_>>(), [Some(last_day)]);
    let told = journey.store.audit(&filter).await.unwrap().rows;
    let told: Vec<&str> = told.iter().map(|row| row.entry.detail.split(':').next().unwrap()).collect();
    assert_eq!(told, ["ended", "added"]);
}
