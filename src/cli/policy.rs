//! `siaga policy`: what ships, what one says, whether a file can be used.

use anyhow::Context;

use super::args::PolicyCommand;
use super::{Failure, output, usage};
use crate::assessment::{Policy, RuleKind};
use crate::assets;
use crate::job::load_policy;

/// Runs a policy command.
pub fn run(command: &PolicyCommand) -> Result<(), Failure> {
    match command {
        PolicyCommand::List => list(),
        PolicyCommand::Show { policy } => Ok(output::print(&shown(&load_policy(policy).map_err(usage)?))?),
        PolicyCommand::Check { file } => {
            let name = file.display().to_string();
            let text = std::fs::read_to_string(file).with_context(|| format!("read {name}"))?;
            let policy = Policy::parse(&text).map_err(|fault| anyhow::anyhow!("{name}, {fault}"))?;
            output::say(&format!(
                "{name}: {} {} can be used, {} rules",
                policy.id,
                policy.version,
                policy.rules.len()
            ));
            Ok(())
        }
    }
}

fn list() -> Result<(), Failure> {
    let mut lines = Vec::new();
    for file in assets::data_files("policy/") {
        let name = file.trim_start_matches("policy/").trim_end_matches(".toml");
        let policy = load_policy(name)?;
        lines.push(format!(
            "{:<16}{:<4}from {}  {}",
            policy.id, policy.version, policy.valid_from, policy.title.en
        ));
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
        lines.push(format!("    source: {}", rule.source));
    }
    lines.join("\n")
}
