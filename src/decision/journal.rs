//! The journal of decisions: numbered, only ever added to. What is in force on a day follows from it.

use chrono::NaiveDate;
use thiserror::Error;

use super::record::{Decision, DecisionKind};

/// The city's decisions, by number.
///
/// Numbers tell in which order they were recorded. What counts on a day follows from their places, which are the same but for
/// decisions that were recorded from paper afterwards: each of those stands before the first entry that counts from a later day. As
/// it may only fill days on which nothing counted, it never changes what counted on any other:
/// whatever counts on a day after it either counts from a later day than it and stands behind it, or counted on its own days too.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Journal {
    entries: Vec<Decision>,
    /// Places in `entries`, in the order in which they take each other's place.
    order: Vec<usize>,
}

/// A journal that cannot be.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum JournalFault {
    /// A number that does not follow the one before it.
    #[error("decision {0} does not follow the one before it")]
    Number(u32),
    /// It changes an entry that is not there before it.
    #[error("decision {number} changes {amends}, which is not before it")]
    Amends {
        /// The entry.
        number: u32,
        /// What it says that it changes.
        amends: u32,
    },
}

/// Where an entry stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Signed; its first day is still to come.
    Upcoming,
    /// In force.
    InForce,
    /// Changed by a later entry.
    Amended(u32),
    /// Kept in force for longer by a later entry.
    Extended(u32),
    /// Ended before its last day by a later entry.
    Ended(u32),
    /// A later decision took its place while its period ran.
    Superseded(u32),
    /// Its last day has passed.
    Over,
}

impl State {
    /// The word in files and on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Upcoming => "upcoming",
            Self::InForce => "in_force",
            Self::Amended(_) => "amended",
            Self::Extended(_) => "extended",
            Self::Ended(_) => "ended",
            Self::Superseded(_) => "superseded",
            Self::Over => "over",
        }
    }

    /// The entry that made it so.
    #[must_use]
    pub fn by(self) -> Option<u32> {
        match self {
            Self::Amended(by) | Self::Extended(by) | Self::Ended(by) | Self::Superseded(by) => Some(by),
            Self::Upcoming | Self::InForce | Self::Over => None,
        }
    }
}

impl Journal {
    /// A journal of these entries.
    ///
    /// # Errors
    /// [`JournalFault`] when numbers do not follow each other, or an entry changes one that is not before it.
    pub fn new(entries: Vec<Decision>) -> Result<Self, JournalFault> {
        for (place, entry) in entries.iter().enumerate() {
            if usize::try_from(entry.number) != Ok(place + 1) {
                return Err(JournalFault::Number(entry.number));
            }
            if let Some(amends) = entry.amends.filter(|amends| *amends == 0 || *amends >= entry.number) {
                return Err(JournalFault::Amends { number: entry.number, amends });
            }
        }
        let mut order: Vec<usize> = Vec::with_capacity(entries.len());
        for (place, entry) in entries.iter().enumerate() {
            let before = order.iter().position(|known| entries[*known].effective_from > entry.effective_from);
            let at = before.filter(|_| entry.afterwards.is_some()).unwrap_or(order.len());
            order.insert(at, place);
        }
        Ok(Self { entries, order })
    }

    /// Every entry, oldest first.
    #[must_use]
    pub fn entries(&self) -> &[Decision] {
        &self.entries
    }

    /// The entry of a number.
    #[must_use]
    pub fn get(&self, number: u32) -> Option<&Decision> {
        self.entries.get(usize::try_from(number).ok()?.checked_sub(1)?)
    }

    /// The number that the next entry gets.
    #[must_use]
    pub fn next_number(&self) -> u32 {
        self.entries.last().map_or(1, |entry| entry.number + 1)
    }

    /// Every entry, each before those that take its place.
    fn in_order(&self) -> impl DoubleEndedIterator<Item = &Decision> {
        self.order.iter().filter_map(|place| self.entries.get(*place))
    }

    /// The last entry of those that count by a day, whether or not its last day has passed.
    pub(super) fn last_by(&self, date: NaiveDate) -> Option<&Decision> {
        self.in_order().rev().find(|entry| entry.effective_from <= date)
    }

    /// The entry that counts on a day: the last one of those that count by then, unless its last day has passed.
    #[must_use]
    pub fn in_force(&self, date: NaiveDate) -> Option<&Decision> {
        let last = self.last_by(date)?;
        (date <= last.period.last_day).then_some(last)
    }

    /// The entry that counts from some day after `date` on, if one is signed already.
    #[must_use]
    pub fn upcoming(&self, date: NaiveDate) -> Option<&Decision> {
        let is_to_come =
            |entry: &&Decision| entry.effective_from > date && entry.kind != DecisionKind::Extension;
        self.in_order().rev().find(is_to_come)
    }

    /// Where an entry stands on a day.
    #[must_use]
    pub fn state(&self, entry: &Decision, today: NaiveDate) -> State {
        if let Some(by) = self.changed_by(entry.number) {
            return match by.kind {
                DecisionKind::Extension => State::Extended(by.number),
                DecisionKind::End => State::Ended(by.number),
                DecisionKind::Decision | DecisionKind::Amendment => State::Amended(by.number),
            };
        }
        let behind = self.in_order().skip_while(|other| other.number != entry.number).skip(1);
        let later = behind.into_iter().find(|other| {
            other.amends.is_none()
                && other.effective_from <= entry.period.last_day
                && other.effective_from <= today
        });
        match later {
            Some(by) => State::Superseded(by.number),
            None if today < entry.effective_from => State::Upcoming,
            None if today <= entry.period.last_day => State::InForce,
            None => State::Over,
        }
    }

    /// The entry that changes this one.
    #[must_use]
    pub fn changed_by(&self, number: u32) -> Option<&Decision> {
        self.entries.iter().find(|entry| entry.amends == Some(number))
    }

    /// The decision that an entry belongs to, with everything that changed it up to that entry, oldest first.
    #[must_use]
    pub fn chain(&self, entry: &Decision) -> Vec<&Decision> {
        let mut chain: Vec<&Decision> =
            std::iter::successors(self.get(entry.number), |entry| self.get(entry.amends?)).collect();
        chain.reverse();
        chain
    }

    /// How many extensions a decision has had up to an entry.
    #[must_use]
    pub fn extensions(&self, entry: &Decision) -> usize {
        self.chain(entry).iter().filter(|entry| entry.kind == DecisionKind::Extension).count()
    }
}
