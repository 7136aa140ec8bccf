//! What would raise the level and what is needed to lower it.

use askama::Template;

use super::Context;
use crate::assessment::{Direction, Step, Verdict};
use crate::text::{Phrases, change_line, sensitivity_lines};

#[derive(Template)]
#[template(path = "panel/would_change.html")]
pub(super) struct WouldChangePanel {
    t: Phrases,
    raise: Vec<String>,
    lower: Vec<String>,
    /// What to say when no rule is named that would have to let go.
    no_lower: &'static str,
    /// How firmly the level stands.
    firm: Vec<String>,
}

pub(super) fn panel(context: Context<'_>, most: usize) -> Option<WouldChangePanel> {
    let (t, policy) = (context.t, context.journey().policy());
    let lines = |direction| -> Vec<String> {
        let changes =
            context.view.assessment.would_change.iter().filter(|change| change.direction == direction);
        changes.take(most).map(|change| change_line(change, policy, t)).collect()
    };
    let firm = sensitivity_lines(&context.view.assessment, policy, t);
    let no_lower = match &context.view.assessment {
        made if made.verdict == Verdict::Superseded => "would-lower-order",
        made if made.step > Step::NORMAL && !policy.movement.has_memory => "would-lower-at-once",
        _ => "would-lower-none",
    };
    let (raise, lower) = (lines(Direction::Raise), lines(Direction::Lower));
    let panel = WouldChangePanel { t, raise, lower, no_lower, firm };
    (!panel.raise.is_empty() || !panel.lower.is_empty()).then_some(panel)
}
