//! The journal, the clock and the lists of exempt units at the command line.

use anyhow::Context;
use chrono::NaiveDate;
use serde_json::json;

use crate::account::Visitor;
use crate::assessment::Assessment;
use crate::cli::args::Format;
use crate::cli::{Failure, output};
use crate::decision::{Decision, Exemption, Journal, ListChange, diff_lists};
use crate::disclosure::disclose_assessment;
use crate::export::{Cell, Table};
use crate::job::{Journey, circular_numbers, decision_clock, decision_table, evidence_of, journal};

/// Every decision.
pub(super) async fn list(journey: &Journey, format: Option<Format>) -> Result<(), Failure> {
    let journal = journal(&journey.viewing(), None).await?;
    let numbers = circular_numbers(&journey.viewing(), None).await?;
    write(&decision_table(&journal, &numbers, journey.today()), format)
}

/// One decision, with what the rules said then as this reader may see it.
pub(super) async fn show(
    journey: &Journey,
    number: u32,
    (format, visitor): (Option<Format>, &Visitor),
) -> Result<(), Failure> {
    let journal = journal(&journey.viewing(), None).await?;
    let decision = journal.get(number).with_context(|| {
        format!("there is no decision {number}: `siaga decision list` names those that are signed")
    })?;
    let evidence = evidence_of(&journey.viewing(), decision).await?;
    let numbers = circular_numbers(&journey.viewing(), None).await?;
    let given = numbers.last(number);
    if output::format_or_default(format) == Format::Json {
        let said = evidence.assessment.map(|said| {
            disclose_assessment(said, journey.policies.on(decision.decided_on), &visitor.audience())
        });
        let shown = json!({
            "decision": decision,
            "state": journal.state(decision, journey.today()).as_str(),
            "circular": given.map(|given| json!({ "number": given.number, "date": given.dated })),
            "evidence": { "sha256": decision.evidence, "at": evidence.at, "assessment": said },
        });
        let text = serde_json::to_string_pretty(&shown).map_err(anyhow::Error::from)?;
        return Ok(output::print(&text)?);
    }
    let mut table = Table::new(&[("what", ""), ("value", "")]);
    let circular = given
        .map(|given| [("circular_number", given.number.clone()), ("circular_date", given.dated.to_string())]);
    table.rows = facts(&journal, decision, journey.today())
        .into_iter()
        .chain(circular.into_iter().flatten())
        .map(|(what, value)| vec![what.into(), value.as_str().into()])
        .collect();
    write(&table, format)
}

fn facts(journal: &Journal, decision: &Decision, today: NaiveDate) -> Vec<(&'static str, String)> {
    let state = journal.state(decision, today);
    let number = |number: Option<u32>| number.map_or_else(String::new, |number| number.to_string());
    let reasons: Vec<String> = decision.reasons.iter().map(ToString::to_string).collect();
    let caps = decision.caps;
    let mut facts = vec![
        ("number", decision.number.to_string()),
        ("state", state.as_str().to_owned()),
        ("by_decision", number(state.by())),
        ("kind", decision.kind.to_string()),
        ("changes", number(decision.amends)),
        ("decided_by", decision.decided_by.clone()),
        ("office", decision.office.to_string()),
        ("decided_on", decision.decided_on.to_string()),
        ("paper", decision.afterwards.as_ref().map_or_else(String::new, |from| from.paper.clone())),
        ("place", decision.place.clone()),
        ("signed_at", decision.signed_at.clone()),
        ("step", decision.step.to_string()),
        ("level", decision.level.clone()),
        ("start", decision.period.start.to_string()),
        ("last_day", decision.period.last_day.to_string()),
        ("first_day_back", decision.period.first_day_back.to_string()),
        ("effective_from", decision.effective_from.to_string()),
        ("evaluation_date", decision.evaluation_date.to_string()),
        ("cap_non_service_pct", caps.non_service.to_string()),
        ("cap_essential_pct", caps.essential.to_string()),
        ("cap_critical_pct", caps.critical.to_string()),
        ("reasons", reasons.join("; ")),
        ("departure", decision.departure.clone()),
        ("legal_basis", decision.legal_basis.join("; ")),
        ("exemption_list", decision.exemption_list.clone()),
    ];
    facts.extend(decision.exemptions.iter().map(|unit| ("exempt", exemption(unit))));
    facts.extend(decision.positions.iter().map(|post| ("stays", post.title.clone())));
    facts.extend(decision.continues.iter().map(|line| ("continues", line.clone())));
    if let Some(said) = &decision.recommended {
        facts.push(("recommended_step", said.step.to_string()));
        facts.push(("recommended_verdict", said.verdict.as_str().to_owned()));
        facts.push(("deciding_rule", said.deciding_rule.clone().unwrap_or_default()));
        facts.push(("policy", format!("{} {}", said.policy.id, said.policy.version)));
    }
    if let Some(ceiling) = &decision.ceiling {
        facts.push(("ceiling", format!("{}% ({})", ceiling.pct, ceiling.source)));
    }
    facts.push(("evidence", decision.evidence.clone()));
    facts
}

fn exemption(unit: &Exemption) -> String {
    let service = if unit.service.is_empty() { String::new() } else { format!(", {}", unit.service) };
    format!("{}{service}{}", unit.name, terms(unit))
}

/// " (at most 25%, at least 1)".
fn terms(unit: &Exemption) -> String {
    let cap = unit.cap_pct.map(|cap| format!("at most {cap}%"));
    let least = unit.minimum_presence.map(|least| format!("at least {least}"));
    let told: Vec<String> = cap.into_iter().chain(least).collect();
    if told.is_empty() { String::new() } else { format!(" ({})", told.join(", ")) }
}

/// Where the clock stands.
pub(super) async fn clock(
    journey: &Journey,
    date: Option<NaiveDate>,
    format: Option<Format>,
) -> Result<(), Failure> {
    let (date, journal) = (date.unwrap_or_else(|| journey.today()), journal(&journey.viewing(), None).await?);
    let said = journey.store.assessments(&journey.city.location, None).await.map_err(anyhow::Error::from)?;
    let assessment: Option<&Assessment> =
        said.iter().rev().map(|saved| &saved.assessment).find(|assessment| assessment.date <= date);
    let Some(state) = decision_clock(journey, &journal, date, assessment) else {
        output::say(&format!("siaga: no decision is in force on {date}"));
        return Ok(());
    };
    let mut table = Table::new(&[("what", ""), ("value", "")]);
    let outlook = |outlook: Option<crate::decision::Outlook>| {
        outlook.map_or_else(String::new, |outlook| outlook.as_str().to_owned())
    };
    let mut facts = vec![
        ("decision", state.decision.number.to_string()),
        ("step", state.decision.step.to_string()),
        ("day", format!("{} of {}", state.day, state.decision.period.days())),
        ("days_left", state.days_left.to_string()),
        ("verdict", outlook(state.outlook)),
        ("own_verdict", outlook(state.own_outlook)),
        ("extension", format!("{} to {}", state.extension.start, state.extension.last_day)),
        ("extensions", state.extensions.to_string()),
        ("lapsed_since", state.lapsed_since.map_or_else(String::new, |day| day.to_string())),
    ];
    facts.extend(state.due.iter().map(|due| (due.kind.as_str(), due.date.to_string())));
    table.rows = facts.into_iter().map(|(what, value)| vec![what.into(), value.as_str().into()]).collect();
    write(&table, format)
}

/// The lists of exempt units.
pub(super) fn lists(journey: &Journey, format: Option<Format>) -> Result<(), Failure> {
    let columns = ["list", "title", "document", "units", "posts", "is_complete", "source"];
    let mut table = Table::new(&columns.map(|name| (name, "")));
    let count = |count: usize| Cell::Whole(i64::try_from(count).unwrap_or(i64::MAX));
    table.rows = journey
        .city
        .exemption_lists
        .iter()
        .map(|list| {
            vec![
                list.id.as_str().into(),
                list.title.as_str().into(),
                list.document.as_str().into(),
                count(list.units.len()),
                count(list.positions.len()),
                if list.is_complete { "yes" } else { "no" }.into(),
                list.source.as_str().into(),
            ]
        })
        .collect();
    write(&table, format)
}

/// One list held against another.
pub(super) async fn compare(
    journey: &Journey,
    (one, other): (&str, &str),
    format: Option<Format>,
) -> Result<(), Failure> {
    let journal = journal(&journey.viewing(), None).await?;
    let (one, other) = (units(journey, &journal, one)?, units(journey, &journal, other)?);
    let mut table = Table::new(&[("change", ""), ("unit", ""), ("first", ""), ("second", "")]);
    let exempt = |unit: &Exemption| format!("exempt{}", terms(unit));
    let row = |change: &ListChange| {
        let (word, name, first, second) = match change {
            ListChange::Added(unit) => ("added", &unit.name, String::new(), exempt(unit)),
            ListChange::Removed(unit) => ("removed", &unit.name, exempt(unit), String::new()),
            ListChange::Changed(was, now) => ("changed", &now.name, exempt(was), exempt(now)),
            ListChange::Same(unit) => ("same", &unit.name, exempt(unit), exempt(unit)),
        };
        [word, name.as_str(), first.as_str(), second.as_str()].map(Cell::from).to_vec()
    };
    table.rows = diff_lists(&one, &other).iter().map(row).collect();
    write(&table, format)
}

/// The exempt units of a list or of a decision.
fn units(journey: &Journey, journal: &Journal, name: &str) -> anyhow::Result<Vec<Exemption>> {
    if let Ok(number) = name.parse() {
        let decision = journal.get(number).with_context(|| format!("there is no decision {number}"))?;
        return Ok(decision.exemptions.clone());
    }
    let list = journey.city.exemption_lists.iter().find(|list| list.id == name);
    let list = list.with_context(|| {
        format!("there is no list '{name}': `siaga decision lists` names them; a number means a decision")
    })?;
    Ok(list.units.clone())
}

fn write(table: &Table, format: Option<Format>) -> Result<(), Failure> {
    let bytes = output::rendered(table, output::format_or_default(format))?;
    Ok(output::print(&String::from_utf8_lossy(&bytes))?)
}
