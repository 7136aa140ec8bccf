//! The number and the day that an office gave the circular of a decision. Nothing of it is ever changed: a correction is an entry
//! of its own with its reason, and the last one counts.

use chrono::NaiveDate;

use super::record::Decision;
use super::refusal::Refusal;
use super::typed::{one_line, said_day};
use crate::epi::Vintage;

/// The longest number.
const LONGEST_NUMBER: usize = 100;
/// The longest reason of a correction.
const LONGEST_REASON: usize = 300;
/// What stands in numbers besides letters and digits: "188.65/504/ORG/2020", "800/1104-BKPSDM Tahun 2020".
const MARKS: [char; 8] = [' ', '/', '.', '-', '(', ')', '_', '&'];

/// What somebody typed of a circular's number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NumberAnswer {
    /// The number.
    pub number: String,
    /// The day that the circular bears.
    pub dated: String,
    /// Why it is otherwise than it was recorded; of the first entry empty.
    pub reason: String,
}

/// The number of a decision's circular, as somebody recorded it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CircularNumber {
    /// Its place among all of them; 0 before it is kept.
    pub id: i64,
    /// The decision.
    pub decision: u32,
    /// As the circular bears it.
    pub number: String,
    /// The day that the circular bears.
    pub dated: NaiveDate,
    /// Why it is otherwise than it was recorded before; of the first one empty.
    pub reason: String,
    /// Who recorded it.
    pub by: String,
    /// When.
    pub at: Vintage,
}

/// The numbers of a city's circulars, in the order in which they were recorded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CircularNumbers(Vec<CircularNumber>);

impl CircularNumbers {
    /// Those entries, oldest first.
    #[must_use]
    pub fn new(entries: Vec<CircularNumber>) -> Self {
        Self(entries)
    }

    /// Every entry, oldest first.
    #[must_use]
    pub fn entries(&self) -> &[CircularNumber] {
        &self.0
    }

    /// All that was recorded of a decision's circular, oldest first.
    pub fn of(&self, decision: u32) -> impl DoubleEndedIterator<Item = &CircularNumber> {
        self.0.iter().filter(move |entry| entry.decision == decision)
    }

    /// The number that counts for a decision.
    #[must_use]
    pub fn last(&self, decision: u32) -> Option<&CircularNumber> {
        self.of(decision).next_back()
    }

    /// The place of the last entry; 0 where there is none.
    #[must_use]
    pub fn last_id(&self) -> i64 {
        self.0.last().map_or(0, |entry| entry.id)
    }

    /// The other decision whose circular has this number, however it is spaced.
    fn taken_by(&self, number: &str, decision: u32) -> Option<u32> {
        let bare = |text: &str| {
            text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect::<String>()
        };
        let is_same = |entry: &&CircularNumber| {
            entry.decision != decision
                && bare(&entry.number) == bare(number)
                && self.last(entry.decision).is_some_and(|last| last.id == entry.id)
        };
        self.0.iter().find(is_same).map(|entry| entry.decision)
    }

    /// Holds what was typed against the decision and every other circular.
    ///
    /// # Errors
    /// Everything that is wrong, in the order of the form.
    pub fn check(
        &self,
        answer: &NumberAnswer,
        decision: &Decision,
        today: NaiveDate,
    ) -> Result<(String, NaiveDate, String), Vec<Refusal>> {
        let mut refused = Vec::new();
        let (number, reason) = (one_line(&answer.number), one_line(&answer.reason));
        if !is_number(&number) {
            refused.push(Refusal::new("number", "circular-number").text("text", number.as_str()));
        } else if let Some(other) = self.taken_by(&number, decision.number) {
            let known = Refusal::new("number", "circular-known").text("text", number.as_str());
            refused.push(known.number("by", other));
        }
        let dated = match said_day("dated", &answer.dated) {
            Ok(day) => Some(day),
            Err(refusal) => {
                refused.push(refusal);
                None
            }
        };
        let said = |code, day| Refusal::new("dated", code).day("day", day);
        match dated {
            Some(day) if day < decision.decided_on => {
                refused.push(said("circular-before", day).day("decided", decision.decided_on));
            }
            Some(day) if day > today => refused.push(said("postdated", day).day("today", today)),
            _ => {}
        }
        if let Some(last) = self.last(decision.number) {
            if last.number == number && Some(last.dated) == dated {
                refused.push(Refusal::new("number", "circular-same").text("text", number.as_str()));
            } else if reason.is_empty() {
                refused.push(Refusal::new("reason", "circular-reason"));
            }
        }
        if reason.chars().count() > LONGEST_REASON {
            refused.push(Refusal::new("reason", "too-much-text").number("most", LONGEST_REASON));
        }
        match dated {
            Some(dated) if refused.is_empty() => Ok((number, dated, reason)),
            _ => Err(refused),
        }
    }
}

/// Whether a text can be the number of a circular: a row of dots is the gap of a form that nobody filled in.
fn is_number(text: &str) -> bool {
    text.chars().count() <= LONGEST_NUMBER
        && text.chars().any(|c| c.is_ascii_digit())
        && text.chars().all(|c| c.is_alphanumeric() || MARKS.contains(&c))
        && !text.contains("..")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_offices_are_numbers_and_gaps_of_forms_are_none() {
        for number in ["800/1104-BKPSDM", "188.65/504/ORG/2020", "800/3214 - BKPSDM Tahun 2021", "7"] {
            assert!(is_number(number), "{number}");
        }
        let long = "1".repeat(101);
        for none in ["", "BKPSDM", "800/........-BKPSDM", "800/1104<b>", "800;1104", "800\u{7}", &long] {
            assert!(!is_number(none), "{none}");
        }
    }
}
