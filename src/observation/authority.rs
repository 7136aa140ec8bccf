//! Which of several sources of one measure counts: everywhere, in one place, or in one place from a day to a day.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::epi::LocationId;

/// A rank that a source has in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
struct InPlace {
    source: String,
    /// The days it has it on; `None` for all that no period speaks of.
    period: Option<(NaiveDate, NaiveDate)>,
    rank: i32,
}

/// Which of several sources counts: the higher number wins, an unnamed source has 0; among equals the
/// first in the alphabet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Authority {
    ranks: BTreeMap<String, i32>,
    in_places: BTreeMap<LocationId, Vec<InPlace>>,
}

impl Authority {
    /// Ranks sources.
    #[must_use]
    pub fn new(ranks: impl IntoIterator<Item = (String, i32)>) -> Self {
        Self { ranks: ranks.into_iter().collect(), in_places: BTreeMap::new() }
    }

    /// A source's rank.
    #[must_use]
    pub fn rank(&self, source: &str) -> i32 {
        self.ranks.get(source).copied().unwrap_or(0)
    }

    /// With a rank that a source has in one place only.
    #[must_use]
    pub fn in_place(self, source: &str, location: LocationId, rank: i32) -> Self {
        self.with(location, InPlace { source: source.to_owned(), period: None, rank })
    }

    /// With a rank that a source has in one place from a day to a day.
    #[must_use]
    pub fn in_period(
        self,
        source: &str,
        location: LocationId,
        (from, to): (NaiveDate, NaiveDate),
        rank: i32,
    ) -> Self {
        self.with(location, InPlace { source: source.to_owned(), period: Some((from, to)), rank })
    }

    fn with(mut self, location: LocationId, own: InPlace) -> Self {
        self.in_places.entry(location).or_default().push(own);
        self
    }

    /// A source's rank in a place on a day: that of the period the day is in, else the place's own, else the source's.
    #[must_use]
    pub fn rank_on(&self, source: &str, location: &LocationId, date: NaiveDate) -> i32 {
        let own = || self.in_places.get(location).into_iter().flatten().filter(|own| own.source == source);
        let of_day = own().find(|own| own.period.is_some_and(|(from, to)| (from..=to).contains(&date)));
        let of_place = || own().find(|own| own.period.is_none());
        of_day.or_else(of_place).map_or_else(|| self.rank(source), |own| own.rank)
    }

    /// The first days of a place's periods but the first: from each on another source may count. Empty where one counts
    /// always.
    #[must_use]
    pub fn changes(&self, location: &LocationId) -> BTreeSet<NaiveDate> {
        let periods = self.in_places.get(location).into_iter().flatten().filter_map(|own| own.period);
        periods
            .flat_map(|(from, to)| [Some(from), to.succ_opt()])
            .flatten()
            .filter(|day| *day > NaiveDate::MIN)
            .collect()
    }

    /// Whether somewhere one source counts at one time and another at another.
    #[must_use]
    pub fn has_periods(&self) -> bool {
        self.in_places.values().flatten().any(|own| own.period.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_period_stands_over_the_place_and_the_place_over_the_source() {
        let bogor = LocationId::new("3271");
        let authority = Authority::new([("city".to_owned(), 1)])
            .in_place("city", bogor.clone(), 3)
            .in_period("city", bogor.clone(), (day("2021-06-01"), day("2021-06-30")), 20);
        let rank = |date: &str| authority.rank_on("city", &bogor, day(date));
        assert_eq!(["2021-05-31", "2021-06-01", "2021-06-30", "2021-07-01"].map(rank), [3, 20, 20, 3]);
        assert_eq!(authority.rank_on("city", &LocationId::new("3201"), day("2021-06-01")), 1);
        assert_eq!(authority.rank_on("province", &bogor, day("2021-06-01")), 0);
        let changes: Vec<String> = authority.changes(&bogor).iter().map(ToString::to_string).collect();
        assert_eq!(changes, ["2021-06-01", "2021-07-01"]);
        assert!(authority.has_periods() && authority.changes(&LocationId::new("3201")).is_empty());
    }

    #[test]
    fn a_period_without_an_end_changes_hands_once() {
        let bogor = LocationId::new("3271");
        let open =
            Authority::default().in_period("city", bogor.clone(), (day("2021-06-01"), NaiveDate::MAX), 20);
        assert_eq!(open.changes(&bogor).len(), 1);
        let always =
            Authority::default().in_period("city", bogor.clone(), (NaiveDate::MIN, NaiveDate::MAX), 20);
        assert!(always.changes(&bogor).is_empty());
    }
}
