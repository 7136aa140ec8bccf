//! Small wordings that several panels share: moments in the city's time, levels as chips, ages of figures.

use askama::Template;
use chrono::{Datelike, NaiveDate};

use crate::assessment::{Mode, Policy, Step};
use crate::job::Journey;
use crate::text::{Locale, Phrases, date_short, told};
pub(super) use crate::text::{moment, moment_short};

/// A level by word, shape and colour.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "chip.html")]
pub(super) struct Chip {
    /// End of the class name: a step, or `unknown`.
    pub(super) class: String,
    /// ● normal, ◆ partial, ■ all at home, ? not assessable.
    pub(super) mark: &'static str,
    /// The level's name.
    pub(super) word: String,
}

impl Chip {
    /// A step of the ladder.
    pub(super) fn of(step: Step, policy: &Policy, phrases: Phrases) -> Self {
        Self {
            class: step.to_string(),
            mark: mark(Mode::of(step)),
            word: phrases.locale.of(&policy.step(step).name).to_owned(),
        }
    }

    /// What the rules recommend.
    pub(super) fn recommended((step, mode): (Step, Mode), policy: &Policy, phrases: Phrases) -> Self {
        if mode == Mode::NotAssessable {
            return Self::unknown(phrases.say("level-not_assessable"));
        }
        Self::of(step, policy, phrases)
    }

    /// No level, for this reason.
    pub(super) fn unknown(word: String) -> Self {
        Self { class: "unknown".to_owned(), mark: mark(Mode::NotAssessable), word }
    }

    /// Something to look at that is of no level.
    pub(super) fn notice(word: String) -> Self {
        Self { class: "unknown".to_owned(), mark: "!", word }
    }

    /// Something that is over.
    pub(super) fn over(word: String) -> Self {
        Self { class: "unknown".to_owned(), mark: "✓", word }
    }
}

fn mark(mode: Mode) -> &'static str {
    match mode {
        Mode::Normal => "●",
        Mode::Partial => "◆",
        Mode::Wfh => "■",
        Mode::NotAssessable => "?",
    }
}

/// "hari ini", "kemarin", "6 hari lalu"; a day ahead is "7 hari lagi".
pub(super) fn distance(date: NaiveDate, from: NaiveDate, phrases: Phrases) -> String {
    let days = (date - from).num_days();
    let count = days.unsigned_abs().to_string();
    match days {
        0 => phrases.say("today"),
        -1 => phrases.say("yesterday"),
        1 => phrases.say("tomorrow"),
        days if days < 0 => phrases.say_with("days-ago", &[("days", &count)]),
        _ => phrases.say_with("days-ahead", &[("days", &count)]),
    }
}

/// The same text with a capital first letter.
pub(super) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// "24–27 Jun", "30 Mei–2 Jun".
pub(super) fn span(from: NaiveDate, to: NaiveDate, locale: Locale) -> String {
    if (from.year(), from.month()) == (to.year(), to.month()) {
        return format!("{}–{}", from.day(), date_short(to, locale));
    }
    format!("{}–{}", date_short(from, locale), date_short(to, locale))
}

/// The most staff at the office: "paling banyak 25%"; the two ends need no "at most".
pub(super) fn cap(pct: u8, t: Phrases) -> String {
    match pct {
        0 | 100 => format!("{pct}%"),
        _ => t.say_with("cap-at-most", &[("pct", &pct.to_string())]),
    }
}

/// "Kebijakan Bawaan Kota Bogor, versi 1".
pub(super) fn policy_name(policy: &Policy, t: Phrases) -> String {
    t.say_with("policy-name", &[("title", t.locale.of(&policy.title)), ("version", &policy.version)])
}

/// What went wrong with a pull or a source, as a sentence; empty where nothing did.
pub(super) fn failure(kept: &str, t: Phrases) -> String {
    full_sentence(&told(kept, t))
}

/// The same text with a capital first letter and a full stop.
pub(super) fn full_sentence(text: &str) -> String {
    let text = sentence(text.trim());
    if text.is_empty() || text.ends_with(['.', '!', '?', '…']) { text } else { format!("{text}.") }
}

/// A source by its title; by its id once it has no spec any more.
pub(super) fn source_title(journey: &Journey, id: &str, t: Phrases) -> String {
    let spec = journey.sources.iter().find(|spec| spec.id == id);
    spec.map_or(id, |spec| spec.title_in(t.locale == Locale::En)).to_owned()
}

/// A count as it is kept.
pub(super) fn whole(count: u64, locale: Locale) -> String {
    crate::text::number(f64::from(u32::try_from(count).unwrap_or(u32::MAX)), locale)
}

/// A count of things.
pub(super) fn count(things: usize, locale: Locale) -> String {
    crate::text::number(f64::from(u32::try_from(things).unwrap_or(u32::MAX)), locale)
}
