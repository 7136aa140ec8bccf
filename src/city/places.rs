//! The cities and regencies of the lists, for somebody who looks for their own.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::lists::parse_locations;
use crate::assets;
use crate::config::Config;
use crate::epi::{Location, LocationId};

/// The shipped lists, the first that has a place first.
const LISTS: [&str; 2] = ["location/locations.csv", "location/indonesia.csv"];

/// A city or regency that somebody may choose.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// Its row of the list that is valid last.
    pub location: Location,
    /// The name of the province, if the list has it.
    pub province: String,
}

/// Every city and regency, by name.
///
/// # Errors
/// When a list cannot be used: with its line.
pub fn places(config: &Config) -> anyhow::Result<Vec<Place>> {
    let mut texts: Vec<String> = LISTS.iter().filter_map(|list| assets::data(list)).collect();
    if let Some(own) = &config.city.locations {
        texts.insert(0, std::fs::read_to_string(own)?);
    }
    let mut found: BTreeMap<LocationId, Location> = BTreeMap::new();
    for text in texts {
        let locations = parse_locations(&text)?;
        for id in locations.ids() {
            if let Some(row) = locations.at(id, NaiveDate::MAX) {
                let known = found.entry(id.clone()).or_insert_with(|| row.clone());
                known.population = known.population.or(row.population);
            }
        }
    }
    let is_city = |row: &&Location| ["city", "regency"].contains(&row.level.as_str());
    let province =
        |row: &Location| row.parent.as_ref().and_then(|id| found.get(id)).map(|row| row.name.clone());
    let mut places: Vec<Place> = found
        .values()
        .filter(is_city)
        .map(|row| Place { location: row.clone(), province: province(row).unwrap_or_default() })
        .collect();
    places.sort_by(|one, other| one.location.name.cmp(&other.location.name));
    Ok(places)
}

impl Place {
    /// Whether each word of a search begins a word of its name, its province or its code, in any order and any case.
    #[must_use]
    pub fn is_meant(&self, search: &str) -> bool {
        let text = format!("{} {} {}", self.location.name, self.province, self.location.id).to_lowercase();
        let begins = |word: &str| text.split_whitespace().any(|known| known.starts_with(word));
        search.to_lowercase().split_whitespace().all(|word| begins(word.trim_matches([',', '(', ')'])))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_city_is_found_by_any_words_of_its_name_its_province_or_its_code() {
        let places = places(&Config::default()).unwrap();
        for search in
            ["bontang", "Kota Bontang", "kalimantan TIMUR bontang", "6474", "Kota Bontang, Kalimantan Timur"]
        {
            let found: Vec<_> = places.iter().filter(|place| place.is_meant(search)).collect();
            assert_eq!(found.len(), 1, "{search}");
            assert_eq!(found[0].location.id.as_str(), "6474");
        }
        assert!(places.iter().all(|place| place.location.level != "district"));
        assert!(
            places.iter().filter(|place| place.is_meant("bogor")).count() >= 2,
            "the city and the regency"
        );
    }
}
