//! The rules: whether a file can be used, who hears of what, what they would make of now.

use std::path::Path;

use anyhow::Context;

use super::args::RouteArgs;
use super::look::{known_rule, text, write};
use crate::account::Visitor;
use crate::alert::{AlertRule, AlertRules};
use crate::cli::args::Format;
use crate::cli::{Failure, output};
use crate::export::{Cell, Table};
use crate::job::{Journey, Rehearsed, Route, rehearse, routes, sees_addresses};

/// Checks a file.
pub(super) fn check(file: &Path) -> Result<(), Failure> {
    let name = file.display().to_string();
    let written = std::fs::read_to_string(file).with_context(|| format!("read {name}"))?;
    let rules = AlertRules::read(&written).map_err(|faults| {
        let lines: Vec<String> = faults.iter().map(|fault| format!("{name}, {fault}")).collect();
        anyhow::anyhow!(lines.join("\n"))
    })?;
    output::say(&format!(
        "{name}: version {} can be used, {} rules, {} known false alarms, {}",
        rules.version,
        rules.rules.len(),
        rules.known.len(),
        rules.quiet.map_or_else(
            || "no quiet hours".to_owned(),
            |quiet| format!("quiet {} to {}", quiet.from.format("%H:%M"), quiet.until.format("%H:%M"))
        )
    ));
    Ok(())
}

/// What the rules would make of now.
pub(super) async fn dry_run(
    journey: &Journey,
    (format, visitor): (Option<Format>, &Visitor),
) -> Result<(), Failure> {
    let Some(lines) = rehearse(journey, (visitor, journey.phrases())).await? else {
        return Err(Failure::Failed(anyhow::anyhow!(
            "there is no assessment yet that the rules could be held against: take in figures first (`siaga ingest`)"
        )));
    };
    let mut table = Table::new(&[
        ("rule", "the alert rule"),
        (
            "state",
            "what would be told (fired, raised …), or how it stands: firing, held, kept_back, quiet, not_judged",
        ),
        ("subject", "the rule of the policy, the source, the unit"),
        ("to", "who would be told"),
        ("channel", "over which channel"),
        ("at", "when"),
        ("why", "why nobody is told, or why it waits"),
        ("what", "in one sentence"),
    ]);
    let row = |line: &Rehearsed| {
        vec![
            line.rule.as_str().into(),
            line.what.as_str().into(),
            text(&line.subject),
            text(&line.to),
            text(&line.channel),
            line.at.map_or(Cell::Empty, Cell::Moment),
            text(&line.why),
            text(&line.words),
        ]
    };
    table.rows = lines.iter().map(row).collect();
    write(&table, format)?;
    output::say("siaga: this was a rehearsal: nothing is kept, nobody was told");
    Ok(())
}

/// Who hears of what.
pub(super) fn route(journey: &Journey, args: &RouteArgs, visitor: &Visitor) -> Result<(), Failure> {
    known_rule(journey, args.rule.as_deref())?;
    let is_meant = |rule: &&AlertRule| {
        args.rule.as_ref().is_none_or(|id| rule.id == *id)
            && args.severity.is_none_or(|least| rule.severity >= least)
    };
    let rules: Vec<&AlertRule> = journey.alerting.rules.rules.iter().filter(is_meant).collect();
    let found = routes(journey, &rules, visitor);
    let mut table = Table::new(&[
        ("rule", "the alert rule"),
        ("severity", "info, warning, critical"),
        ("event", "fired, raised, escalated, resolved, no_data, data_back"),
        ("to", "who hears; nobody where the way has no end"),
        ("channel", "over which channel"),
        ("address", "where exactly, for those who keep the settings"),
        ("unit", "of this unit only"),
        ("at", "when, if it happened now"),
        ("wait", "why not at once: group, quiet"),
    ]);
    let is_seen = sees_addresses(visitor);
    let row = |way: &Route| {
        vec![
            way.rule.as_str().into(),
            way.severity.as_str().into(),
            way.event.as_str().into(),
            if way.is_heard() { text(&way.to) } else { "nobody".into() },
            text(way.channel),
            if is_seen { text(&way.address) } else { Cell::Empty },
            text(&way.unit),
            if way.is_heard() { way.at.into() } else { Cell::Empty },
            text(way.wait.as_str()),
        ]
    };
    table.rows = found.iter().map(row).collect();
    write(&table, args.format)?;
    let dead =
        found.iter().filter(|way| !way.is_heard() && way.event == crate::alert::AlertEvent::Fired).count();
    if dead > 0 {
        output::say(&format!(
            "siaga: nobody hears of {dead} of {} rules: `alert.person` of the settings names who does",
            rules.len()
        ));
    }
    Ok(())
}
