//! How bad and which way, in one sentence, and what decided the level.

use askama::Template;

use crate::text::explain;
use crate::web::panel::Context;

#[derive(Template)]
#[template(path = "panel/sentence.html")]
pub(in crate::web::panel) struct SentencePanel {
    headline: String,
    decided: String,
}

pub(in crate::web::panel) fn panel(context: Context<'_>) -> SentencePanel {
    let made = &context.view.assessment;
    let mut words = explain(made, context.journey().policy(), context.t);
    if made.ceiling.is_some() && words.decided.len() > 1 {
        // The order of the centre comes last here: the reader asks first why this level.
        words.decided.rotate_left(1);
    }
    // On a wall there is room for the first reason only.
    let most = if context.is_wall { 1 } else { words.decided.len() };
    let decided: Vec<String> = words.decided.into_iter().take(most).collect();
    SentencePanel { headline: words.headline, decided: decided.join(" ") }
}
