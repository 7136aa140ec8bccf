//! `siaga policy`: what ships, what one says, whether a file can be used.

use anyhow::Context;

use super::args::{Format, PolicyCommand, PolicyDiffArgs};
use super::{Failure, output, usage};
use crate::account::Visitor;
use crate::assessment::{Policy, RuleKind};
use crate::config::Config;
use crate::export::{Cell, Table};
use crate::job::{load_policies, policy_file, shipped_policies};

/// Runs a policy command.
pub async fn run(config: &Config, command: &PolicyCommand, visitor: &Visitor) -> Result<(), Failure> {
    match command {
        PolicyCommand::List => list(),
        PolicyCommand::Show { policy, file: true } => {
            Ok(output::print(&policy_file(policy).map_err(usage)?)?)
        }
        PolicyCommand::Show { policy, file: false } => {
            let book = load_policies(policy).map_err(usage)?;
            let versions: Vec<String> = book.versions().iter().map(shown).collect();
            Ok(output::print(&versions.join("\n\n"))?)
        }
        PolicyCommand::Check { file } => {
            let name = file.display().to_string();
            let text = std::fs::read_to_string(file).with_context(|| format!("read {name}"))?;
            let policy = Policy::read(&text).map_err(|faults| {
                let lines: Vec<String> = faults.iter().map(|fault| format!("{name}, {fault}")).collect();
                anyhow::anyhow!(lines.join("\n"))
            })?;
            output::say(&format!(
                "{name}: {} {} can be used, {} rules",
                policy.id,
                policy.version,
                policy.rules.len()
            ));
            Ok(())
        }
        PolicyCommand::Diff(args) => diff(config, args, visitor).await,
    }
}

/// What two policies say differently; and what that would have done, where there are figures.
async fn diff(config: &Config, args: &PolicyDiffArgs, visitor: &Visitor) -> Result<(), Failure> {
    let one = load_policies(&args.one).map_err(usage)?;
    let other = load_policies(&args.other).map_err(usage)?;
    let mut table = Table::new(&[("what", ""), ("first", ""), ("second", "")]);
    for difference in one.newest().differences(other.newest()) {
        let said = |said: Option<String>| said.map_or(Cell::Empty, Cell::Text);
        table.rows.push(vec![difference.what.into(), said(difference.first), said(difference.second)]);
    }
    let told = match table.rows.is_empty() {
        true => "they say the same".to_owned(),
        false => String::from_utf8_lossy(&output::rendered(&table, Format::Table)?).into_owned(),
    };
    output::print(&told)?;
    match super::backtest::compared(config, args, visitor).await {
        Ok(comparison) => Ok(output::print(&format!("\n{comparison}"))?),
        // Without figures the rules are all there is to tell.
        Err(Failure::Failed(error)) if args.input.input.is_none() => {
            output::say(&format!("siaga: what it would have done is not told: {error:#}"));
            Ok(())
        }
        Err(failure) => Err(failure),
    }
}

fn list() -> Result<(), Failure> {
    let mut lines = Vec::new();
    for id in shipped_policies() {
        for policy in load_policies(&id)?.versions() {
            lines.push(format!(
                "{:<28}{:<4}from {}  {}",
                policy.id, policy.version, policy.valid_from, policy.title.en
            ));
        }
    }
    Ok(output::print(&lines.join("\n"))?)
}

fn shown(policy: &Policy) -> String {
    let mut lines = vec![
        format!("{} {} from {}: {}", policy.id, policy.version, policy.valid_from, policy.title.en),
        String::new(),
    ];
    for step in &policy.steps {
        let caps = step.caps;
        lines.push(format!(
            "step {}  {:<12} at the office at most: non-service {}%, essential {}%, critical {}% (desks {}%)",
            step.step, step.level, caps.non_service, caps.essential, caps.critical, caps.critical_desk
        ));
    }
    for rule in &policy.rules {
        lines.push(String::new());
        lines.push(format!("{}  {}", rule.id, rule.title.en));
        match &rule.kind {
            RuleKind::Dated(step) => lines.push(format!("    step {step} while it is valid")),
            RuleKind::Order => lines.push("    the step that an order in force asks for".to_owned()),
            RuleKind::Above { rule, at_least, at_most, enter, leave } => {
                lines.push(format!(
                    "    one step above {rule}, {at_least} to {at_most}: enter {enter}; leave {leave}"
                ));
            }
            RuleKind::Steps(steps) => {
                lines.extend(
                    steps
                        .iter()
                        .map(|s| format!("    step {}: enter {}; leave {}", s.step, s.enter, s.leave)),
                );
            }
        }
        if rule.valid_from.is_some() || rule.valid_to.is_some() {
            let day = |day: Option<chrono::NaiveDate>| day.map_or_else(|| "…".to_owned(), |d| d.to_string());
            lines.push(format!("    valid from {} to {}", day(rule.valid_from), day(rule.valid_to)));
        }
        let unverified = if rule.is_unverified { " (unverified)" } else { "" };
        lines.push(format!("    source: {}{unverified}", rule.source));
    }
    lines.join("\n")
}
