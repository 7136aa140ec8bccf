//! A decision as a message for a chat: plain text of at most [`LONGEST_MESSAGE`] characters. Lists give way first, then reasons;
//! the level, the days and the address stay. No word is cut.

use std::collections::BTreeMap;

use super::dossier::{common_cap, name_of};
use crate::assessment::Step;
use crate::decision::{Decision, DecisionKind, Exemption, ReasonCode};
use crate::text::{Phrases, date_long};

/// The most characters of a message, counted as telephones count them.
pub const LONGEST_MESSAGE: usize = 1_000;
/// Words of one reason of a person's own, before they give way.
const OWN_WORDS: usize = 160;

/// What a message is made from.
#[derive(Debug, Clone, Copy)]
pub struct MessageInput<'a> {
    /// The decision.
    pub decision: &'a Decision,
    /// The level's name: "WFH 100%".
    pub level: &'a str,
    /// The city.
    pub city: &'a str,
    /// Names of units by id.
    pub unit_names: &'a BTreeMap<String, String>,
    /// Where the decision is found.
    pub link: &'a str,
    /// In whose words.
    pub phrases: Phrases,
}

/// How much of each list is told.
#[derive(Debug, Clone, Copy)]
struct Room {
    units: usize,
    posts: usize,
    own_words: usize,
    reasons: usize,
    has_duties: bool,
}

/// The message.
#[must_use]
pub fn message(input: &MessageInput<'_>) -> String {
    let decision = input.decision;
    let all = Room {
        units: decision.exemptions.len(),
        posts: decision.positions.len(),
        own_words: OWN_WORDS,
        reasons: decision.reasons.len(),
        has_duties: true,
    };
    // What gives way first is what the circular says as well.
    let mut rooms = vec![all, Room { own_words: 0, ..all }];
    let tight = Room { own_words: 0, ..all };
    rooms.extend((0..all.units).rev().map(|units| Room { units, ..tight }));
    rooms.extend((0..all.posts).rev().map(|posts| Room { units: 0, posts, ..tight }));
    let bare = Room { units: 0, posts: 0, has_duties: false, ..tight };
    rooms.extend((0..=all.reasons).rev().map(|reasons| Room { reasons, ..bare }));
    rooms
        .into_iter()
        .map(|room| lines(input, room).join("\n"))
        .find(|text| length(text) <= LONGEST_MESSAGE)
        .unwrap_or_else(|| shortest(input))
}

/// Characters as telephones count them: UTF-16 units.
fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

fn lines(input: &MessageInput<'_>, room: Room) -> Vec<String> {
    let (decision, phrases) = (input.decision, input.phrases);
    let mut lines = head(input);
    if decision.kind != DecisionKind::End {
        lines.extend(exempt(input, room.units));
        lines.extend(posts(decision, phrases, room.posts));
    }
    lines.extend(reasons(decision, phrases, room));
    if decision.kind != DecisionKind::End {
        if room.has_duties && decision.step > Step::NORMAL {
            lines.push(phrases.say("message-duties"));
        }
        let day = date_long(decision.evaluation_date, phrases.locale);
        lines.push(phrases.say_with("message-evaluation", &[("day", &day)]));
    }
    lines.push(phrases.say_with("message-link", &[("link", input.link)]));
    lines
}

/// The level and the days.
fn head(input: &MessageInput<'_>) -> Vec<String> {
    let (decision, phrases) = (input.decision, input.phrases);
    let (period, day) = (decision.period, |date| date_long(date, phrases.locale));
    let head = phrases.say_with(
        &format!("message-head-{}", decision.kind),
        &[("level", input.level), ("city", input.city)],
    );
    let start = match decision.kind {
        DecisionKind::Extension | DecisionKind::End => decision.effective_from,
        DecisionKind::Decision | DecisionKind::Amendment => period.start,
    };
    let back = day(period.first_day_back);
    if decision.kind == DecisionKind::End {
        let days = phrases.say_with("message-ended", &[("start", &day(start)), ("back", &back)]);
        return vec![head, days];
    }
    let days = ((period.last_day - start).num_days() + 1).to_string();
    let gaps = [("start", day(start)), ("last", day(period.last_day)), ("days", days), ("back", back)];
    let gaps: Vec<(&'static str, &str)> = gaps.iter().map(|(name, text)| (*name, text.as_str())).collect();
    vec![head, phrases.say_with("message-days", &gaps)]
}

fn exempt(input: &MessageInput<'_>, told: usize) -> Option<String> {
    let (units, phrases) = (&input.decision.exemptions, input.phrases);
    if units.is_empty() {
        return None;
    }
    let names: Vec<String> = units.iter().map(|unit| name(unit, input.unit_names)).collect();
    let names = some_of(&names, told, "message-units", phrases);
    Some(match common_cap(units) {
        Some(cap) => phrases.say_with("message-exempt-cap", &[("cap", &cap.to_string()), ("units", &names)]),
        None => phrases.say_with("message-exempt", &[("units", &names)]),
    })
}

fn posts(decision: &Decision, phrases: Phrases, told: usize) -> Option<String> {
    if decision.positions.is_empty() {
        return None;
    }
    let titles: Vec<String> = decision.positions.iter().map(|post| post.title.clone()).collect();
    let titles = some_of(&titles, told, "message-posts", phrases);
    Some(phrases.say_with("message-stay", &[("posts", &titles)]))
}

fn name(unit: &Exemption, names: &BTreeMap<String, String>) -> String {
    let name = name_of(unit, names);
    if unit.service.is_empty() { name.to_owned() } else { format!("{name} ({})", unit.service) }
}

/// "A, B, dan 5 unit lain"; of none told only how many.
fn some_of(names: &[String], told: usize, phrase: &str, phrases: Phrases) -> String {
    let more = names.len().saturating_sub(told);
    match (told, more) {
        (0, _) => phrases.say_with(&format!("{phrase}-only"), &[("count", &names.len().to_string())]),
        (_, 0) => names.join(", "),
        (told, more) => {
            let (names, more) = (names[..told].join(", "), more.to_string());
            phrases.say_with(&format!("{phrase}-more"), &[("names", &names), ("more", &more)])
        }
    }
}

fn reasons(decision: &Decision, phrases: Phrases, room: Room) -> Option<String> {
    let said: Vec<String> = decision
        .reasons
        .iter()
        .take(room.reasons)
        .filter_map(|reason| {
            let own = whole_words(&reason.text, room.own_words);
            match (reason.code, own.is_empty()) {
                (ReasonCode::Other, true) => None,
                (ReasonCode::Other, false) => Some(own),
                (code, true) => Some(phrases.say(&format!("document-reason-{code}"))),
                (code, false) => Some(format!("{}: {own}", phrases.say(&format!("document-reason-{code}")))),
            }
        })
        .collect();
    (!said.is_empty()).then(|| phrases.say_with("message-reasons", &[("reasons", &said.join("; "))]))
}

/// As many whole words of a text as fit, on one line; what is left out shows as an ellipsis.
fn whole_words(text: &str, longest: usize) -> String {
    let mut kept = String::new();
    for word in text.split_whitespace() {
        let with_word = if kept.is_empty() { word.to_owned() } else { format!("{kept} {word}") };
        if length(&with_word) + 1 > longest {
            return if kept.is_empty() { kept } else { format!("{kept}…") };
        }
        kept = with_word;
    }
    kept
}

/// Where a name is longer than any city's or level's: as many whole words as fit, and the address if it does.
fn shortest(input: &MessageInput<'_>) -> String {
    let link = input.phrases.say_with("message-link", &[("link", input.link)]);
    let left = LONGEST_MESSAGE.saturating_sub(length(&link) + 1);
    let head = whole_words(&head(input).join(" "), left);
    match length(&link) <= LONGEST_MESSAGE {
        true if head.is_empty() => link,
        true => format!("{head}\n{link}"),
        false => whole_words(&head, LONGEST_MESSAGE),
    }
}
