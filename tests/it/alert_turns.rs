//! A turn on duty that nobody takes tomorrow: at three in the afternoon the head of that unit hears of it and no other head, two
//! hours later the secretary; and the head that it is over.

use std::path::Path;

use chrono::NaiveDate;
use siaga::alert::{Channel, Channels, Office, Recipient};
use siaga::audit::{Action, Entry};
use siaga::clock::SteppedClock;
use siaga::epi::Window;
use siaga::job::{Journey, assess, deliver, watch};
use siaga::store::{NewPlan, Store};
use siaga::workforce::{Away, Change, Officer, Past, Planning, Position, PositionRule, plan};

use crate::alerts::filled;
use crate::support::{journey_on, moment};

const UNIT: &str = "dinkes";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn entry() -> Entry {
    Entry::new(moment("2021-06-28"), ("siti", "personnel"), Action::RosterChanged, "test")
}

/// One officer, who is away on the second of two days.
async fn laid_out(store: &Store) {
    let officer = |id: &str| Officer {
        id: id.to_owned(),
        unit_id: UNIT.to_owned(),
        name: format!("Petugas {id}"),
        title: "Kasi".to_owned(),
        position: Position::Eselon4,
        phone: "0811 000000".to_owned(),
        away: Vec::new(),
    };
    store.save_officers(&[officer("p-1")], &entry()).await.unwrap();
    let second = Window { from: day("2021-06-30"), to: day("2021-06-30") };
    store.save_away(&[Away { officer_id: "p-1".to_owned(), days: second }], &entry()).await.unwrap();
    let known = store.officers(Some(UNIT)).await.unwrap();
    let roster = plan(&Planning {
        unit_id: UNIT,
        officers: &known,
        rule: &PositionRule::default(),
        required: 1,
        days: &[day("2021-06-29"), day("2021-06-30")],
        past: &Past::default(),
        seed: 1,
    });
    assert_eq!(roster.holes.len(), 1, "nobody is there on the second day");
    let new = NewPlan {
        unit_id: UNIT.to_owned(),
        days: Window { from: day("2021-06-29"), to: day("2021-06-30") },
        required: 1,
        seed: 1,
        positions: String::new(),
        roster,
    };
    store.save_plans(std::slice::from_ref(&new), &entry()).await.unwrap();
    store.save_officers(&[officer("p-2")], &entry()).await.unwrap();
}

async fn city(folder: &Path) -> (Journey, std::sync::Arc<SteppedClock>) {
    let store = filled(folder).await;
    laid_out(&store).await;
    let (mut journey, clock) = journey_on(store, "2021-06-28T20:00:00+07:00");
    let person = |name: &str, office: Office, units: &[&str]| Recipient {
        person: name.to_owned(),
        offices: vec![office],
        units: units.iter().map(ToString::to_string).collect(),
        ..Recipient::of_everything(name, Channel::Mailbox)
    };
    journey.channels = Channels::new(vec![
        person("kadinkes", Office::UnitHead, &[UNIT]),
        person("kadishub", Office::UnitHead, &["dishub"]),
        person("sekda", Office::Secretary, &[]),
    ]);
    assess(&journey, day("2021-06-28")).await.unwrap();
    (journey, clock)
}

/// What somebody was told of the turn of this unit.
async fn told(journey: &Journey, name: &str) -> Vec<String> {
    deliver(journey).await.unwrap();
    let mut messages = journey.store.messages(500).await.unwrap();
    messages.sort_by_key(|message| message.created_at);
    let own = messages.iter().filter(|message| message.recipient == name);
    let lines = own.flat_map(|message| message.body.lines());
    let of_the_turn = |line: &&str| {
        line.contains("Dinas Kesehatan: belum ada petugas piket untuk")
            || line.contains("piket kosong (Dinas Kesehatan)")
    };
    lines.filter(of_the_turn).map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_turn_that_nobody_takes_is_told_to_the_head_of_that_unit_then_to_the_secretary() {
    let folder = tempfile::tempdir().unwrap();
    let (journey, clock) = city(folder.path()).await;
    for (at, heads, secretary) in [
        ("2021-06-29T14:59:59+07:00", 0, 0),
        ("2021-06-29T15:00:00+07:00", 1, 0),
        ("2021-06-29T16:00:00+07:00", 1, 0),
        ("2021-06-29T17:00:00+07:00", 1, 1),
        ("2021-06-29T18:00:00+07:00", 1, 1),
    ] {
        clock.advance_to(moment(at));
        watch(&journey).await.unwrap();
        assert_eq!(told(&journey, "kadinkes").await.len(), heads, "{at}");
        assert_eq!(told(&journey, "sekda").await.len(), secretary, "{at}");
        assert_eq!(told(&journey, "kadishub").await, Vec::<String>::new(), "{at}: another unit");
    }
    let change = Change {
        id: 0,
        at: moment("2021-06-29"),
        by: "siti".to_owned(),
        role: "personnel".to_owned(),
        reason: "steps in".to_owned(),
        unit_id: UNIT.to_owned(),
        date: day("2021-06-30"),
        relieved: None,
        comes: "p-2".to_owned(),
    };
    journey.store.add_duty_change(&change, &entry()).await.unwrap();
    clock.advance_to(moment("2021-06-29T18:30:00+07:00"));
    watch(&journey).await.unwrap();
    let head = told(&journey, "kadinkes").await;
    assert_eq!(head.len(), 2, "and that it is over: {head:?}");
    assert!(head[1].starts_with("- Selesai"), "{head:?}");
}
