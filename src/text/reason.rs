//! Why something gave nothing, as data: a code and what was found. The sentences are in `reason.ftl` of either language,
//! under `why-` and the code; what is kept is the data, so that each reader reads it in their own words.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Locale, Phrases, number};

/// Letters of a text from elsewhere that are kept: a cell may be a million long.
const LONGEST: usize = 300;

/// Why something gave nothing. As text it is its English sentence, a fragment that goes on after "failed to".
///
/// ```
/// use siaga::text::{Locale, Phrases, Reason};
/// let reason = Reason::new("not-utf8").count("byte", 5);
/// assert_eq!(reason.to_string(), "it is not UTF-8 text (byte 5)");
/// let read_back = Reason::kept(&reason.to_keep()).unwrap();
/// assert_eq!(read_back.say(Phrases::new(Locale::Id)), "isinya bukan teks UTF-8 (bita 5)");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    code: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    found: BTreeMap<String, Found>,
}

/// What was found: a number, a text as it came, or a reason of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
enum Found {
    Count(u64),
    Text(String),
    Reason(Reason),
}

impl Reason {
    /// A reason by its code.
    #[must_use]
    pub fn new(code: &str) -> Self {
        Self { code: code.to_owned(), found: BTreeMap::new() }
    }

    /// With a text as it came; a long one is cut.
    #[must_use]
    pub fn text(self, name: &str, text: impl fmt::Display) -> Self {
        self.with(name, Found::Text(shortened(&text.to_string())))
    }

    /// With a number.
    #[must_use]
    pub fn count(self, name: &str, count: impl TryInto<u64>) -> Self {
        self.with(name, Found::Count(count.try_into().unwrap_or(u64::MAX)))
    }

    /// With the reason of a part of it.
    #[must_use]
    pub fn because(self, name: &str, reason: Self) -> Self {
        self.with(name, Found::Reason(reason))
    }

    fn with(mut self, name: &str, found: Found) -> Self {
        self.found.insert(name.to_owned(), found);
        self
    }

    /// Its code.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// A text that was found, if there is one under this name.
    #[must_use]
    pub fn found(&self, name: &str) -> Option<&str> {
        match self.found.get(name) {
            Some(Found::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The reason of a part of it, if it has one under this name.
    #[must_use]
    pub fn part(&self, name: &str) -> Option<&Self> {
        match self.found.get(name) {
            Some(Found::Reason(reason)) => Some(reason),
            _ => None,
        }
    }

    /// The sentence in the reader's words: a fragment without a capital and without a full stop.
    #[must_use]
    pub fn say(&self, phrases: Phrases) -> String {
        let key = format!("why-{}", self.code);
        let said = self.found.iter().map(|(name, found)| (name.clone(), found.say(phrases)));
        phrases.say_found(&key, said).unwrap_or_else(|| self.bare(phrases))
    }

    /// A code that a later version has no sentence for any more: itself and what was found.
    fn bare(&self, phrases: Phrases) -> String {
        let found: Vec<String> = self.found.values().map(|found| found.say(phrases)).collect();
        [vec![self.code.clone()], found].concat().join(" ")
    }

    /// As it is kept.
    #[must_use]
    pub fn to_keep(&self) -> String {
        serde_json::to_string(self).unwrap_or_else(|_| self.code.clone())
    }

    /// Reads what was kept; a sentence that was kept as such is none.
    #[must_use]
    pub fn kept(text: &str) -> Option<Self> {
        text.starts_with('{').then(|| serde_json::from_str(text).ok()).flatten()
    }
}

impl Found {
    fn say(&self, phrases: Phrases) -> String {
        match self {
            // A number that no whole number of a float is exact for is shown as it is.
            Self::Count(count) => u32::try_from(*count)
                .map_or_else(|_| count.to_string(), |n| number(f64::from(n), phrases.locale)),
            Self::Text(text) => text.clone(),
            Self::Reason(reason) => reason.say(phrases),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say(Phrases::new(Locale::En)))
    }
}

impl std::error::Error for Reason {}

/// What was kept, in the reader's words; what was kept as a sentence stays that sentence.
///
/// ```
/// use siaga::text::{Locale, Phrases, told};
/// let id = Phrases::new(Locale::Id);
/// assert_eq!(told("{\"code\":\"not-utf8\",\"found\":{\"byte\":5}}", id), "isinya bukan teks UTF-8 (bita 5)");
/// assert_eq!(told("it answered 503", id), "it answered 503");
/// ```
#[must_use]
pub fn told(kept: &str, phrases: Phrases) -> String {
    Reason::kept(kept).map_or_else(|| kept.to_owned(), |reason| reason.say(phrases))
}

fn shortened(text: &str) -> String {
    if text.chars().nth(LONGEST).is_none() {
        return text.to_owned();
    }
    text.chars().take(LONGEST).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_inside_a_reason_is_said_in_the_same_language() {
        let inner = Reason::new("no-column").text("wanted", "date").text("found", "tanggal, nilai");
        let reason = Reason::new("read").text("spec", "tidy").because("reason", inner.clone());
        assert_eq!(
            reason.to_string(),
            "read the payload of tidy: it has no column date; it has tanggal, nilai"
        );
        let id = reason.say(Phrases::new(Locale::Id));
        assert_eq!(id, "berkas tidy tidak terbaca: tidak ada kolom date; yang ada tanggal, nilai");
        assert_eq!(reason.part("reason"), Some(&inner));
        assert_eq!(Reason::kept(&reason.to_keep()), Some(reason));
    }

    #[test]
    fn long_texts_are_cut_and_numbers_are_the_readers() {
        let reason = Reason::new("no-sheet").text("name", "x".repeat(10_000)).text("found", "");
        assert!(reason.to_keep().len() < 1_000);
        let reason = Reason::new("too-large").count("most", 67_108_864_usize);
        assert_eq!(reason.to_string(), "it is larger than 67,108,864 bytes (source.max_size)");
        assert!(reason.say(Phrases::new(Locale::Id)).contains("67.108.864"));
    }

    #[test]
    fn what_no_version_knows_is_shown_as_it_is() {
        let id = Phrases::new(Locale::Id);
        assert_eq!(told("{\"code\":\"of-another-time\",\"found\":{\"a\":\"x\"}}", id), "of-another-time x");
        for text in ["", "{", "{\"data\": []}", "it answered 404 Not Found"] {
            assert_eq!(told(text, id), text);
        }
    }
}
