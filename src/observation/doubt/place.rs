//! Places that should add up to the place they lie in, and cases that belong to no place.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::kind::{Doubt, DoubtKind};
use super::latest::{Days, Series};
use crate::epi::{LocationId, Locations};
use crate::observation::{Measure, SeriesKey};

/// The key under which a source keeps cases of no identified place, and how many of them are usual.
#[derive(Debug, Clone, PartialEq)]
pub struct Unidentified {
    /// The key.
    pub location: LocationId,
    /// The largest share that asks nothing, in percent.
    pub at_most_pct: f64,
}

/// What has to be known of places.
#[derive(Debug, Clone, Copy)]
pub struct Places<'a> {
    /// Which place lies in which.
    pub locations: &'a Locations,
    /// By source.
    pub unidentified: &'a BTreeMap<String, Unidentified>,
}

/// Shares of fewer cases than this say nothing.
const LEAST: f64 = 30.0;

impl<'a> Places<'a> {
    fn parent(&self, place: &LocationId) -> Option<&'a LocationId> {
        self.locations.at(place, NaiveDate::MAX)?.parent.as_ref()
    }
}

/// One measure of one source in all its places.
struct Everywhere<'a> {
    source: &'a str,
    measure: Measure,
    places: BTreeMap<&'a LocationId, &'a Days>,
}

fn everywhere(series: &Series) -> Vec<Everywhere<'_>> {
    let mut found: BTreeMap<(&str, Measure), BTreeMap<&LocationId, &Days>> = BTreeMap::new();
    for (key, days) in series.iter().filter(|(key, _)| key.unit_id.is_none()) {
        found.entry((&key.source, key.measure)).or_default().insert(&key.location, days);
    }
    found.into_iter().map(|((source, measure), places)| Everywhere { source, measure, places }).collect()
}

impl<'a> Everywhere<'a> {
    /// What lies in which place, in order. Gathered once: a country's places looked through for each of them would be their
    /// number squared.
    fn parts<'p>(&self, places: Places<'p>) -> BTreeMap<&'p LocationId, Vec<&'a Days>> {
        let mut parts: BTreeMap<&LocationId, Vec<&Days>> = BTreeMap::new();
        for (place, days) in &self.places {
            if let Some(parent) = places.parent(place) {
                parts.entry(parent).or_default().push(days);
            }
        }
        parts
    }

    fn key(&self, place: &LocationId) -> SeriesKey {
        SeriesKey {
            location: place.clone(),
            unit_id: None,
            measure: self.measure,
            source: self.source.to_owned(),
        }
    }
}

/// Places that do not add up to theirs, on days on which the source tells of all of them that it ever tells of. A source with
/// a key for the unidentified is not asked: the rest is there.
pub(super) fn places_that_disagree(series: &Series, places: Places<'_>) -> Vec<Doubt> {
    let mut found = Vec::new();
    for all in everywhere(series) {
        if !all.measure.is_count()
            || places.unidentified.get(all.source).is_some_and(|key| all.places.contains_key(&key.location))
        {
            continue;
        }
        let inside = all.parts(places);
        for (parent, whole) in &all.places {
            let Some(parts) = inside.get(parent).filter(|parts| parts.len() >= 2) else { continue };
            let asks = |(date, whole): (&NaiveDate, &f64)| {
                let parts: Vec<f64> =
                    parts.iter().map(|days| days.get(date).copied()).collect::<Option<_>>()?;
                let sum: f64 = parts.iter().sum();
                ((sum - whole).abs() > 1e-6).then(|| Doubt {
                    series: all.key(parent),
                    date: *date,
                    days: 1,
                    kind: DoubtKind::PlacesDisagree,
                    detail: format!("Σ {} = {sum} ≠ {whole}", parts.len()),
                })
            };
            found.extend(whole.iter().filter_map(asks));
        }
    }
    found
}

/// Days on which the unidentified hold more than their usual share of the source's cases: of the place that all lie in if the
/// source tells of it, else of the sum. Days that follow each other are one doubt.
pub(super) fn cases_of_no_place(series: &Series, places: Places<'_>) -> Vec<Doubt> {
    let mut found = Vec::new();
    let all = everywhere(series);
    for (source, unidentified) in places.unidentified {
        // Of running totals where there are any: the share of one day's cases swings.
        let of = |measure| all.iter().find(|all| all.source == source && all.measure == measure);
        let Some(all) = of(Measure::CasesTotal).or_else(|| of(Measure::Cases)) else { continue };
        let Some(days) = all.places.get(&unidentified.location) else { continue };
        found.extend(too_large_shares(all, days, unidentified, places));
    }
    found
}

fn too_large_shares(
    all: &Everywhere<'_>,
    days: &Days,
    unidentified: &Unidentified,
    places: Places<'_>,
) -> Vec<Doubt> {
    let parents: BTreeSet<&LocationId> = all.places.keys().filter_map(|place| places.parent(place)).collect();
    let whole_of = |date: &NaiveDate| {
        let whole =
            parents.iter().filter_map(|parent| all.places.get(*parent)?.get(date)).copied().reduce(f64::max);
        let parts = || all.places.iter().filter(|(place, _)| !parents.contains(*place));
        whole.unwrap_or_else(|| parts().filter_map(|(_, days)| days.get(date)).sum())
    };
    let mut found: Vec<Doubt> = Vec::new();
    for (date, value) in days {
        let whole = whole_of(date);
        if whole < LEAST || 100.0 * value <= unidentified.at_most_pct * whole {
            continue;
        }
        let detail =
            format!("{value} / {whole} = {:.1}% > {}%", 100.0 * value / whole, unidentified.at_most_pct);
        match found.last_mut().filter(|last| last.date + chrono::Duration::days(1) == *date) {
            Some(last) => *last = Doubt { date: *date, days: last.days + 1, detail, ..last.clone() },
            None => found.push(Doubt {
                series: all.key(&unidentified.location),
                date: *date,
                days: 1,
                kind: DoubtKind::UnidentifiedShare,
                detail,
            }),
        }
    }
    found
}
