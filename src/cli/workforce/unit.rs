//! `siaga unit`: the register, what binds each unit, closures, notes.

use std::collections::BTreeMap;

use chrono::{Duration, NaiveDate};

use super::args::{CloseArgs, HeadCountArgs, LinkArgs, LogArgs, NoteArgs, UnitCommand, UnitListArgs};
use super::shared::{entries, list, refused, standing, told, window, write};
use crate::account::Visitor;
use crate::cli::stored::journey;
use crate::cli::{Failure, output};
use crate::config::Config;
use crate::epi::Window;
use crate::export::{Cell, Table};
use crate::job::{
    Journey, Register, UnitStanding, case_links, close_unit, count_heads, import_units, link_cases,
    reopen_unit, write_note,
};
use crate::text::{Locale, Phrases, cap_words, date_medium};
use crate::workforce::{CaseLink, Closure, LogEntry, Measure, Tally, Unit};

/// Runs `siaga unit …`.
pub async fn unit(config: &Config, command: &UnitCommand, visitor: &Visitor) -> Result<(), Failure> {
    let journey = journey(config).await?;
    let entry = entries(&journey, visitor);
    let not = |fault| refused(&journey, fault);
    match command {
        UnitCommand::Import { file, date } => {
            let (name, bytes) = list(file)?;
            let handed = import_units(&journey, (&name, &bytes), *date, entry).await.map_err(not)?;
            told(&journey, &handed)
        }
        UnitCommand::List(args) => all(&journey, args, visitor).await,
        UnitCommand::Show { unit, date } => show(&journey, (unit, *date), visitor).await,
        UnitCommand::HeadCount(args) => {
            let is_new =
                count_heads(&journey, (&args.unit, args.date), &counts(args), entry).await.map_err(not)?;
            output::say(if is_new { "noted" } else { "known already" });
            Ok(())
        }
        UnitCommand::Close(args) => {
            close_unit(&journey, &closure(args, visitor), entry).await.map_err(not)?;
            output::say(&format!("{} is closed from {}; service: {}", args.unit, args.from, args.substitute));
            Ok(())
        }
        UnitCommand::Reopen { unit, from } => {
            reopen_unit(&journey, (unit, *from), entry).await.map_err(not)?;
            output::say(&format!("{unit} is open again from {from}"));
            Ok(())
        }
        UnitCommand::Note(args) => {
            let note = note(&journey, args);
            let id = write_note(&journey, &note, (visitor, entry)).await.map_err(not)?;
            output::say(&format!("noted as {id}"));
            Ok(())
        }
        UnitCommand::Link(args) => {
            let id = link_cases(&journey, &link(&journey, args), (visitor, entry)).await.map_err(not)?;
            output::say(&format!("kept as {id}"));
            Ok(())
        }
        UnitCommand::Links { format } => {
            let said = case_links(&journey, None, visitor).await.map_err(not)?;
            write(&link_table(&said), *format)
        }
        UnitCommand::Log(args) => log(&journey, args, visitor).await,
    }
}

fn counts(args: &HeadCountArgs) -> BTreeMap<Tally, u32> {
    let given = [
        (Tally::Asn, args.asn),
        (Tally::Pns, args.pns),
        (Tally::Pppk, args.pppk),
        (Tally::Tkd, args.tkd),
        (Tally::Bumd, args.bumd),
    ];
    given.into_iter().filter_map(|(tally, people)| Some((tally, people?))).collect()
}

fn closure(args: &CloseArgs, visitor: &Visitor) -> Closure {
    Closure {
        id: 0,
        unit_id: args.unit.clone(),
        from: args.from,
        to: args.to,
        reopened: None,
        reason: args.reason.trim().to_owned(),
        substitute: args.substitute.trim().to_owned(),
        by: visitor.name().to_owned(),
    }
}

fn link(journey: &Journey, args: &LinkArgs) -> CaseLink {
    CaseLink {
        id: 0,
        unit_id: args.unit.clone(),
        days: args.days.iter().copied().collect(),
        says: args.says,
        generations: args.generations,
        reason: args.reason.clone(),
        by: String::new(),
        at: journey.clock.now(),
    }
}

fn link_table(said: &[CaseLink]) -> Table {
    let mut table = Table::new(&[
        ("id", "its number"),
        ("unit_id", "work unit (OPD)"),
        ("days", "days of the cases"),
        ("says", "linked, not_linked or unknown"),
        ("generations", "in how many generations one gave it to the next"),
        ("reason", "how that is known"),
        ("by", "who says it"),
        ("at", "when"),
    ]);
    let row = |link: &CaseLink| {
        let days: Vec<String> = link.days.iter().map(ToString::to_string).collect();
        vec![
            Cell::Whole(link.id),
            link.unit_id.as_str().into(),
            days.join(" ").into(),
            link.says.as_str().into(),
            Cell::Whole(link.generations.into()),
            link.reason.as_str().into(),
            link.by.as_str().into(),
            link.at.into(),
        ]
    };
    table.rows = said.iter().map(row).collect();
    table
}

fn note(journey: &Journey, args: &NoteArgs) -> LogEntry {
    LogEntry {
        id: 0,
        at: journey.clock.now(),
        by: String::new(),
        role: String::new(),
        kind: args.kind,
        unit_id: args.unit.clone(),
        from: args.from.unwrap_or_else(|| journey.today()),
        to: args.to,
        subject: args.subject.trim().to_owned(),
        text: args.text.trim().to_owned(),
        number: args.number,
    }
}

/// A unit's name in the reader's language.
pub(super) fn name(unit: &Unit, t: Phrases) -> &str {
    unit.name_in(t.locale == Locale::En)
}

async fn all(journey: &Journey, args: &UnitListArgs, visitor: &Visitor) -> Result<(), Failure> {
    let t = journey.phrases();
    let (_, _, units) = standing(journey, args.date, visitor).await?;
    let mut table = Table::new(&[
        ("unit_id", "work unit (OPD)"),
        ("name", "its name"),
        ("category", "N non-service, E essential, K critical"),
        ("staff", "ASN on that day"),
        ("cap_pct", "the most of the staff at the office; of a critical unit, in the field"),
        ("desk_pct", "the most at the desks of a critical unit"),
        ("ground", "why: order, closure, cluster, exemption, category, own-choice"),
        ("until", "the last day, if known"),
        ("substitute", "where the service is meanwhile"),
        ("duties", "what else it must do"),
    ]);
    table.rows = units.iter().map(|standing| row(standing, t)).collect();
    write(&table, args.format)
}

fn row(standing: &UnitStanding, t: Phrases) -> Vec<Cell> {
    let UnitStanding { unit, staff, measure, .. } = standing;
    let whole = |number: Option<u32>| number.map_or(Cell::Empty, |number| Cell::Whole(i64::from(number)));
    let duties: Vec<&str> = measure.duties.iter().map(|duty| duty.code()).collect();
    vec![
        unit.unit_id.as_str().into(),
        name(unit, t).into(),
        unit.category.as_str().into(),
        whole(*staff),
        whole(Some(measure.cap_pct.into())),
        whole(measure.desk_pct.map(u32::from)),
        measure.ground.code().into(),
        measure.until.map_or(Cell::Empty, Cell::from),
        measure.substitute.clone().map_or(Cell::Empty, Cell::from),
        if duties.is_empty() { Cell::Empty } else { duties.join(" ").into() },
    ]
}

async fn show(
    journey: &Journey,
    (asked, date): (&str, Option<NaiveDate>),
    visitor: &Visitor,
) -> Result<(), Failure> {
    let t = journey.phrases();
    let (register, view, units) = standing(journey, date, visitor).await?;
    let unit = register.unit(asked).map_err(|fault| refused(journey, fault))?;
    let known = units.iter().find(|standing| standing.unit.unit_id == unit.unit_id);
    let not_yours = || refused(journey, crate::job::WorkforceFault::NotYours(unit.unit_id.clone()));
    let standing = known.ok_or_else(not_yours)?;
    let mut lines =
        vec![format!("{} ({}), {}", name(unit, t), unit.unit_id, date_medium(view.date, t.locale))];
    let filled = [
        ("head", &unit.head),
        ("superior", &unit.superior),
        ("contact", &unit.contact),
        ("aliases", &unit.aliases),
    ];
    lines.extend(
        filled.into_iter().filter(|(_, text)| !text.is_empty()).map(|(what, text)| format!("{what}: {text}")),
    );
    if let Some(staff) = standing.staff {
        lines.push(format!("staff: {staff}"));
    }
    lines.push(sentence(&standing.measure, t));
    lines.extend(standing.measure.duties.iter().map(|duty| t.say(&format!("unit-duty-{}", duty.code()))));
    for weighed in &standing.measure.weighed {
        let mark = if weighed.decides { "*" } else { " " };
        let ground = t.say(&format!("ground-{}", weighed.ground.code()));
        let words = if weighed.words.is_empty() { String::new() } else { format!(" ({})", weighed.words) };
        lines.push(format!("{mark} {ground}{words}: {}", cap_words((weighed.cap_pct, weighed.desk_pct), t)));
    }
    lines.extend(heads(&register, unit, t));
    Ok(output::print(&lines.join("\n"))?)
}

/// "at most 25% at the office, closed, until 23 June 2021, service: online".
fn sentence(measure: &Measure, t: Phrases) -> String {
    let until =
        measure.until.map(|day| t.say_with("measure-until", &[("date", &date_medium(day, t.locale))]));
    let service =
        measure.substitute.as_ref().map(|place| t.say_with("measure-service", &[("substitute", place)]));
    let parts = [
        Some(cap_words((measure.cap_pct, measure.desk_pct), t)),
        Some(t.say(&format!("ground-{}", measure.ground.code()))),
        until,
        service,
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The head-counts of a unit, one line a day.
fn heads(register: &Register, unit: &Unit, t: Phrases) -> Vec<String> {
    let own = register.counts.iter().filter(|count| count.unit_id == unit.unit_id);
    own.map(|count| {
        let counted: Vec<String> =
            count.counts.iter().map(|(tally, people)| format!("{} {people}", tally.as_str())).collect();
        format!("{}: {} (known {})", date_medium(count.date, t.locale), counted.join(", "), count.at)
    })
    .collect()
}

async fn log(journey: &Journey, args: &LogArgs, visitor: &Visitor) -> Result<(), Failure> {
    let today = journey.today();
    let days = window((args.from, args.to), Window { from: today - Duration::days(30), to: today })?;
    let register = Register::of(journey).await.map_err(|fault| refused(journey, fault))?;
    let unit = match (&args.unit, visitor.own_unit()) {
        (Some(name), own) => {
            let unit = register.unit(name).map_err(|fault| refused(journey, fault))?;
            if own.is_some_and(|own| own != unit.unit_id) {
                return Err(refused(journey, crate::job::WorkforceFault::NotYours(unit.unit_id.clone())));
            }
            Some(unit.unit_id.as_str())
        }
        (None, own) => own,
    };
    let entries = journey.store.log_entries(days, (unit, args.kind)).await.map_err(anyhow::Error::from)?;
    let mut table = Table::new(&[
        ("id", "number of the entry"),
        ("at", "when it was noted down"),
        ("by", "by whom"),
        ("kind", "field_permit, recall, coordination, programme, referral, own_cap"),
        ("unit_id", "work unit (OPD)"),
        ("from", "first day"),
        ("to", "last day"),
        ("subject", "what it is about"),
        ("text", "why, or how it stands"),
        ("number", "people, or percent of an own cap"),
    ]);
    table.rows = entries
        .iter()
        .map(|entry| {
            vec![
                Cell::Whole(entry.id),
                entry.at.to_string().into(),
                entry.by.as_str().into(),
                entry.kind.as_str().into(),
                entry.unit_id.as_str().into(),
                entry.from.into(),
                entry.to.map_or(Cell::Empty, Cell::from),
                entry.subject.as_str().into(),
                entry.text.as_str().into(),
                entry.number.map_or(Cell::Empty, |number| Cell::Whole(i64::from(number))),
            ]
        })
        .collect();
    write(&table, args.format)
}
