//! How many of a unit's staff may be at the office, as words.

use super::Phrases;

/// "paling banyak 25% di kantor"; with desks apart "paling banyak 100% di lapangan, 25% di meja"; nobody is plain "0% di kantor".
#[must_use]
pub fn cap_words((cap, desk): (u8, Option<u8>), phrases: Phrases) -> String {
    let cap_pct = cap.to_string();
    match desk {
        Some(desk) => {
            phrases.say_with("measure-cap-field", &[("cap", &cap_pct), ("desk", &desk.to_string())])
        }
        None if cap == 0 => phrases.say("measure-cap-none"),
        None => phrases.say_with("measure-cap", &[("cap", &cap_pct)]),
    }
}
