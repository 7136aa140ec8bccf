//! Places with population by year: `Location`, `Locations`, and the file they come from.
//!
//! A location is written as a Kemendagri code without dots (`3271` Kota Bogor) or any text key the operator
//! declares. Kabupaten Bogor (`3201`) is another government than Kota Bogor: nothing here maps by likeness.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Code of a location. Every figure carries one, so that a copy costs no memory of its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct LocationId(Arc<str>);

impl From<String> for LocationId {
    /// The text as it is.
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<LocationId> for String {
    fn from(id: LocationId) -> Self {
        id.0.as_ref().to_owned()
    }
}

impl LocationId {
    /// Takes the code as written, without surrounding blanks; a Kemendagri code loses its dots.
    ///
    /// ```
    /// use siaga::epi::LocationId;
    /// assert_eq!(LocationId::new("32.71").as_str(), "3271");
    /// assert_eq!(LocationId::new(" kota-x.1 ").as_str(), "kota-x.1");
    /// ```
    #[must_use]
    pub fn new(text: &str) -> Self {
        let text = text.trim();
        let is_code = text.chars().all(|c| c.is_ascii_digit() || c == '.');
        Self(if is_code { text.replace('.', "").into() } else { text.into() })
    }

    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for LocationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A location as of one date: the row of the locations file that is valid then.
#[derive(Debug, Clone, PartialEq)]
pub struct Location {
    /// Its code.
    pub id: LocationId,
    /// Its name, with its kind: "Kota Bogor".
    pub name: String,
    /// city, regency, district, province, country.
    pub level: String,
    /// The location it is part of.
    pub parent: Option<LocationId>,
    /// Residents, if known.
    pub population: Option<f64>,
    /// IANA name of its time zone.
    pub time_zone: String,
    /// First day this row is valid.
    pub valid_from: NaiveDate,
    /// Where the population comes from.
    pub source: String,
}

/// All locations, each with its rows by date. A copy is the same map: a country has thousands.
#[derive(Debug, Clone, Default)]
pub struct Locations(Arc<BTreeMap<LocationId, Vec<Location>>>);

impl Locations {
    /// Groups rows by location and sorts each by date.
    #[must_use]
    pub fn new(rows: Vec<Location>) -> Self {
        let mut map: BTreeMap<LocationId, Vec<Location>> = BTreeMap::new();
        for row in rows {
            map.entry(row.id.clone()).or_default().push(row);
        }
        for rows in map.values_mut() {
            rows.sort_by_key(|row| row.valid_from);
        }
        Self(Arc::new(map))
    }

    /// These, and of `others` those whose code is not among them.
    #[must_use]
    pub fn and_others(mut self, others: Self) -> Self {
        let own = Arc::make_mut(&mut self.0);
        for (id, rows) in Arc::unwrap_or_clone(others.0) {
            own.entry(id).or_insert(rows);
        }
        self
    }

    /// The newest row of every location.
    pub fn newest(&self) -> impl Iterator<Item = &Location> {
        self.0.values().filter_map(|rows| rows.last())
    }

    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// One location with one population, for a figure given on the command line.
    #[must_use]
    pub fn single(id: LocationId, population: f64) -> Self {
        Self::new(vec![Location {
            name: id.to_string(),
            id,
            level: "city".to_owned(),
            parent: None,
            population: Some(population),
            time_zone: "Asia/Jakarta".to_owned(),
            valid_from: NaiveDate::MIN,
            source: "command line".to_owned(),
        }])
    }

    /// The same with one row for a location instead of those it has.
    #[must_use]
    pub fn with(mut self, row: Location) -> Self {
        Arc::make_mut(&mut self.0).insert(row.id.clone(), vec![row]);
        self
    }

    /// The row valid on `date`; before the first row's date, the first row.
    #[must_use]
    pub fn at(&self, id: &LocationId, date: NaiveDate) -> Option<&Location> {
        row_on(self.0.get(id)?, date)
    }

    /// Whether the location is known at all.
    #[must_use]
    pub fn contains(&self, id: &LocationId) -> bool {
        self.0.contains_key(id)
    }

    /// Every location's id, in order.
    pub fn ids(&self) -> impl Iterator<Item = &LocationId> {
        self.0.keys()
    }

    /// A place and what it is part of, nearest first.
    #[must_use]
    pub fn lineage(&self, id: &LocationId) -> Vec<LocationId> {
        let mut lineage = vec![id.clone()];
        while let Some(parent) = lineage.last().and_then(|id| self.at(id, NaiveDate::MAX)?.parent.clone()) {
            if lineage.contains(&parent) {
                break;
            }
            lineage.push(parent);
        }
        lineage
    }

    /// The most residents of any of its rows, if one says how many.
    #[must_use]
    pub fn most_residents(&self, id: &LocationId) -> Option<f64> {
        self.0.get(id)?.iter().filter_map(|row| row.population).reduce(f64::max)
    }

    /// Residents on `date`, if known.
    #[must_use]
    pub fn population(&self, id: &LocationId, date: NaiveDate) -> Option<f64> {
        self.at(id, date)?.population
    }

    /// Residents on each of so many days from `first` on; the location is looked up once.
    #[must_use]
    pub fn populations(&self, id: &LocationId, first: NaiveDate, days: usize) -> Vec<Option<f64>> {
        let rows = self.0.get(id).map_or(&[][..], Vec::as_slice);
        if rows.len() < 2 {
            return vec![rows.first().and_then(|row| row.population); days];
        }
        first.iter_days().take(days).map(|date| row_on(rows, date)?.population).collect()
    }
}

/// The row valid on `date`; before the first row's date, the first row.
fn row_on(rows: &[Location], date: NaiveDate) -> Option<&Location> {
    rows.iter().rev().find(|row| row.valid_from <= date).or_else(|| rows.first())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(valid_from: &str, population: f64) -> Location {
        Location {
            valid_from: valid_from.parse().unwrap(),
            ..Locations::single(LocationId::new("3271"), population)
                .at(&LocationId::new("3271"), NaiveDate::MIN)
                .cloned()
                .unwrap()
        }
    }

    #[test]
    fn the_population_of_the_year_is_used() {
        let locations = Locations::new(vec![row("2024-01-01", 1_132_548.0), row("2020-01-01", 1_043_070.0)]);
        let id = LocationId::new("3271");
        let at = |date: &str| locations.population(&id, date.parse().unwrap());
        assert_eq!(at("2021-06-28"), Some(1_043_070.0));
        assert_eq!(at("2024-06-28"), Some(1_132_548.0));
        let turn = locations.populations(&id, "2023-12-31".parse().unwrap(), 2);
        assert_eq!(turn, [Some(1_043_070.0), Some(1_132_548.0)]);
        assert_eq!(
            locations.populations(&LocationId::new("32"), "2023-12-31".parse().unwrap(), 2),
            [None; 2]
        );
        assert_eq!(at("2019-01-01"), Some(1_043_070.0));
        assert_eq!(locations.population(&LocationId::new("3201"), NaiveDate::MIN), None);
        assert_eq!(locations.most_residents(&id), Some(1_132_548.0));
        assert_eq!(locations.most_residents(&LocationId::new("3201")), None);
    }
}
