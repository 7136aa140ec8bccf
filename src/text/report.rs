//! An assessment as plain text, for a terminal and for paper.

use super::{Phrases, change_line, explain, rule_line, sensitivity_lines};
use crate::assessment::{Assessment, Policy};

/// An assessment for reading: the level, why, every rule, and what would change it.
#[must_use]
pub fn assessment_text(assessment: &Assessment, policy: &Policy, phrases: Phrases) -> String {
    let words = explain(assessment, policy, phrases);
    let mut lines = vec![
        format!(
            "{}  {}  ({} {}, {})",
            assessment.date,
            words.level,
            phrases.say(&format!("mode-{}", assessment.mode.as_str())),
            assessment.step,
            phrases.say(&format!("verdict-{}", assessment.verdict.as_str()))
        ),
        words.headline,
        words.recommendation,
        format!("{} {}", words.in_force.0, words.in_force.1.unwrap_or_default()).trim_end().to_owned(),
    ];
    lines.extend(words.decided);
    lines.push(String::new());
    for report in &assessment.rules {
        let line = rule_line(report, policy, phrases);
        let step = line.step.map_or_else(|| "-".to_owned(), |step| step.to_string());
        lines.push(
            format!(
                "{:<4}{step:<3}{:>12} {:>10}  {}: {} {}",
                line.id, line.value, line.threshold, line.title, line.says, line.note
            )
            .trim_end()
            .to_owned(),
        );
    }
    lines.push(String::new());
    lines.extend(assessment.would_change.iter().map(|change| change_line(change, policy, phrases)));
    lines.extend(sensitivity_lines(assessment, policy, phrases));
    lines.join("\n")
}
