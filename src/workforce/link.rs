//! Whether a unit's cases belong together, as people say it: of days on which cases were reported, never of persons. Entries are added,
//! never changed; of two that are about the same days the newer one counts.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use chrono::{Duration, NaiveDate};
use thiserror::Error;

use super::cluster::{CaseDay, Links};
use crate::epi::Vintage;

/// Days that cases are looked back at together.
const WINDOW: i64 = 14;
/// The most generations that are told apart.
const MOST_GENERATIONS: u32 = 9;

/// What somebody says of cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkSays {
    /// They belong together.
    Linked,
    /// They have nothing to do with each other.
    NotLinked,
    /// Nobody knows: it counts as if they belonged together.
    Unknown,
}

/// Nothing is said so.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("'{0}' says nothing of cases: linked, not_linked, unknown")]
pub struct UnknownLink(pub String);

impl LinkSays {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Linked, Self::NotLinked, Self::Unknown];

    /// The word in the store and on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Linked => "linked",
            Self::NotLinked => "not_linked",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for LinkSays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for LinkSays {
    type Err = UnknownLink;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|says| says.as_str() == text).ok_or_else(|| UnknownLink(text.to_owned()))
    }
}

/// What somebody says of the cases of some days: of one day that of its cases among themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseLink {
    /// Its number; 0 before it is kept.
    pub id: i64,
    /// The unit.
    pub unit_id: String,
    /// The days, in order.
    pub days: BTreeSet<NaiveDate>,
    /// What is said of them.
    pub says: LinkSays,
    /// In how many generations one gave it to the next; 1 where all have it from outside, or nobody knows.
    pub generations: u32,
    /// How that is known; nothing of a person.
    pub reason: String,
    /// Who says it.
    pub by: String,
    /// When.
    pub at: Vintage,
}

/// Why it cannot be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum LinkFault {
    /// Who says it does not see units' cases.
    #[error("cases of units are not for this role")]
    NotSeen,
    /// No day is named.
    #[error("name the days of the cases, one or more")]
    NoDays,
    /// On a day no case is known.
    #[error("no case of this unit is known on {0}, in the five weeks before today")]
    NoCase(NaiveDate),
    /// Of one day with one case there is nothing to say.
    #[error("on {0} there is one case only: name another day")]
    OneCase(NaiveDate),
    /// Cases so far apart are no cluster anyway.
    #[error("these days are more than fourteen days apart")]
    TooFar,
    /// It does not say how that is known.
    #[error("say how that is known, without naming anybody: 3 to 300 letters")]
    NoReason,
    /// More generations than can be told apart, or of cases that are not linked.
    #[error("generations are 1 to 9, and more than 1 only of linked cases")]
    Generations,
}

impl LinkFault {
    /// The code; its sentence is `link-` and the code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NotSeen => "not-seen",
            Self::NoDays => "no-days",
            Self::NoCase(_) => "no-case",
            Self::OneCase(_) => "one-case",
            Self::TooFar => "too-far",
            Self::NoReason => "no-reason",
            Self::Generations => "generations",
        }
    }

    /// The day it is about.
    #[must_use]
    pub fn day(self) -> Option<NaiveDate> {
        match self {
            Self::NoCase(day) | Self::OneCase(day) => Some(day),
            _ => None,
        }
    }
}

impl CaseLink {
    /// Holds it against the cases that are known of the unit.
    ///
    /// # Errors
    /// [`LinkFault`].
    pub fn check(&self, known: &[CaseDay]) -> Result<(), LinkFault> {
        let (Some(first), Some(last)) = (self.days.first(), self.days.last()) else {
            return Err(LinkFault::NoDays);
        };
        let cases = |day: NaiveDate| -> u32 {
            known.iter().filter(|known| known.date == day).map(|known| known.cases).sum()
        };
        if let Some(day) = self.days.iter().find(|day| cases(**day) == 0) {
            return Err(LinkFault::NoCase(*day));
        }
        if first == last && cases(*first) < 2 {
            return Err(LinkFault::OneCase(*first));
        }
        if (*last - *first).num_days() >= WINDOW {
            return Err(LinkFault::TooFar);
        }
        if !(3..=300).contains(&self.reason.trim().chars().count()) {
            return Err(LinkFault::NoReason);
        }
        let most = if self.says == LinkSays::Linked { MOST_GENERATIONS } else { 1 };
        if (1..=most).contains(&self.generations) { Ok(()) } else { Err(LinkFault::Generations) }
    }
}

/// How the cases of the fourteen days that end on `date` belong together, by what people said of them. Of pairs of days that nobody
/// spoke of nothing is known, and they count as if they belonged together.
#[must_use]
pub fn links_on(said: &[CaseLink], days: &[CaseDay], date: NaiveDate) -> Links {
    let first = date - Duration::days(WINDOW - 1);
    let near: Vec<CaseDay> =
        days.iter().filter(|day| first <= day.date && day.date <= date && day.cases > 0).copied().collect();
    let of_window = |link: &&CaseLink| near.iter().any(|day| link.days.contains(&day.date));
    let said: Vec<&CaseLink> = said.iter().filter(of_window).collect();
    if said.is_empty() {
        return Links::Unknown;
    }
    let last = |one: NaiveDate, other: NaiveDate| {
        said.iter().rev().find(|link| {
            let is_of_one = one == other && link.days.len() == 1;
            link.days.contains(&one) && link.days.contains(&other) && (one != other || is_of_one)
        })
    };
    let is_together = |one: NaiveDate, other: NaiveDate| {
        last(one, other).is_none_or(|link| link.says != LinkSays::NotLinked)
    };
    // Groups of days that belong together, each day by its cases: those of a day that is said to be apart count singly.
    let mut groups: Vec<Vec<CaseDay>> = Vec::new();
    for day in &near {
        let (joined, apart): (Vec<_>, Vec<_>) =
            groups.into_iter().partition(|group| group.iter().any(|known| is_together(known.date, day.date)));
        groups = apart;
        groups.push(joined.into_iter().flatten().chain([*day]).collect());
    }
    let size = |group: &Vec<CaseDay>| -> u32 {
        let cases = |day: &CaseDay| if is_together(day.date, day.date) { day.cases } else { 1 };
        group.iter().map(cases).sum()
    };
    let counts = |link: &&&CaseLink| {
        let dates: Vec<NaiveDate> = link.days.iter().copied().collect();
        let is_last =
            |one: NaiveDate, other: NaiveDate| last(one, other).is_some_and(|last| last.id == link.id);
        match dates.as_slice() {
            [one] => is_last(*one, *one),
            dates => dates.windows(2).any(|pair| is_last(pair[0], pair[1])),
        }
    };
    Links::Known {
        largest: groups.iter().map(size).max().unwrap_or(0),
        generations: said.iter().filter(counts).map(|link| link.generations).max().unwrap_or(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn cases(counts: &[(&str, u32)]) -> Vec<CaseDay> {
        counts.iter().map(|(date, cases)| CaseDay { date: day(date), cases: *cases }).collect()
    }

    fn link(id: i64, days: &[&str], says: LinkSays) -> CaseLink {
        CaseLink {
            id,
            unit_id: "bapenda".to_owned(),
            days: days.iter().map(|text| day(text)).collect(),
            says,
            generations: 1,
            reason: "asked by Dinkes".to_owned(),
            by: "epi".to_owned(),
            at: Vintage::parse_as_of("2021-06-28", chrono_tz::Asia::Jakarta).unwrap(),
        }
    }

    fn largest(said: &[CaseLink], days: &[CaseDay]) -> Option<u32> {
        match links_on(said, days, day("2021-06-28")) {
            Links::Known { largest, .. } => Some(largest),
            Links::Unknown => None,
        }
    }

    #[test]
    fn what_nobody_spoke_of_counts_as_together_and_the_newer_word_counts() {
        let two = cases(&[("2021-06-20", 1), ("2021-06-22", 1)]);
        assert_eq!(largest(&[], &two), None);
        let apart = link(1, &["2021-06-20", "2021-06-22"], LinkSays::NotLinked);
        assert_eq!(largest(std::slice::from_ref(&apart), &two), Some(1));
        let unknown = link(2, &["2021-06-20", "2021-06-22"], LinkSays::Unknown);
        assert_eq!(largest(&[apart.clone(), unknown], &two), Some(2), "not knowing is never good news");
        let again = link(3, &["2021-06-20", "2021-06-22"], LinkSays::Linked);
        assert_eq!(largest(&[apart.clone(), again], &two), Some(2));
        // A third day that nobody spoke of joins both.
        let three = cases(&[("2021-06-20", 1), ("2021-06-22", 1), ("2021-06-25", 1)]);
        assert_eq!(largest(std::slice::from_ref(&apart), &three), Some(3));
        let all = link(4, &["2021-06-20", "2021-06-22", "2021-06-25"], LinkSays::NotLinked);
        assert_eq!(largest(&[apart, all], &three), Some(1));
        // Two cases of one day have a word of their own.
        let same = cases(&[("2021-06-22", 2)]);
        assert_eq!(largest(&[link(5, &["2021-06-22"], LinkSays::NotLinked)], &same), Some(1));
        // Words about days that are too long ago say nothing of these.
        let old = link(6, &["2021-06-01", "2021-06-02"], LinkSays::NotLinked);
        assert_eq!(largest(&[old], &two), None);
    }

    #[test]
    fn generations_are_those_of_the_words_that_count() {
        let two = cases(&[("2021-06-20", 1), ("2021-06-22", 1)]);
        let passed_on =
            CaseLink { generations: 2, ..link(1, &["2021-06-20", "2021-06-22"], LinkSays::Linked) };
        let on = |said: &[CaseLink]| links_on(said, &two, day("2021-06-28"));
        assert_eq!(on(std::slice::from_ref(&passed_on)), Links::Known { largest: 2, generations: 2 });
        let taken_back = link(2, &["2021-06-20", "2021-06-22"], LinkSays::NotLinked);
        assert_eq!(on(&[passed_on, taken_back]), Links::Known { largest: 1, generations: 1 });
    }

    #[test]
    fn what_cannot_be_said_is_refused() {
        let known = cases(&[("2021-06-01", 1), ("2021-06-20", 1), ("2021-06-22", 2)]);
        let check = |link: CaseLink| link.check(&known);
        assert_eq!(check(link(0, &["2021-06-20", "2021-06-22"], LinkSays::Linked)), Ok(()));
        assert_eq!(check(link(0, &["2021-06-22"], LinkSays::NotLinked)), Ok(()));
        assert_eq!(check(link(0, &[], LinkSays::Linked)), Err(LinkFault::NoDays));
        assert_eq!(
            check(link(0, &["2021-06-20"], LinkSays::Linked)),
            Err(LinkFault::OneCase(day("2021-06-20")))
        );
        let missing = link(0, &["2021-06-20", "2021-06-21"], LinkSays::Linked);
        assert_eq!(check(missing), Err(LinkFault::NoCase(day("2021-06-21"))));
        assert_eq!(check(link(0, &["2021-06-01", "2021-06-20"], LinkSays::Linked)), Err(LinkFault::TooFar));
        let silent = CaseLink { reason: " ".to_owned(), ..link(0, &["2021-06-22"], LinkSays::Linked) };
        assert_eq!(check(silent), Err(LinkFault::NoReason));
        let of = |says, generations| CaseLink { generations, ..link(0, &["2021-06-22"], says) };
        assert_eq!(check(of(LinkSays::NotLinked, 2)), Err(LinkFault::Generations));
        assert_eq!(check(of(LinkSays::Linked, 10)), Err(LinkFault::Generations));
        assert!(check(of(LinkSays::Linked, 9)).is_ok());
        for says in LinkSays::ALL {
            assert_eq!(says.as_str().parse(), Ok(says));
        }
        assert!("maybe".parse::<LinkSays>().is_err());
    }
}
