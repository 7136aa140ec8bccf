//! Why a decision is not taken down, as a sentence in the reader's language.

use super::{Phrases, date_long};
use crate::decision::{Found, Refusal};

/// A refusal as one sentence.
#[must_use]
pub fn refusal_sentence(refusal: &Refusal, phrases: Phrases) -> String {
    let found: Vec<(&'static str, String)> = refusal
        .found
        .iter()
        .map(|(name, found)| {
            let text = match found {
                Found::Day(day) => date_long(*day, phrases.locale),
                Found::Number(number) => number.to_string(),
                Found::Text(text) => text.clone(),
            };
            (*name, text)
        })
        .collect();
    let args: Vec<(&'static str, &str)> = found.iter().map(|(name, text)| (*name, text.as_str())).collect();
    phrases.say_with(&format!("decision-refused-{}", refusal.code), &args)
}
