//! Several sources of one measure side by side: where they disagree, by how much, since when.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Authority, Measure, Observation};
use crate::epi::{LocationId, Vintage};

/// One place and day on which another source tells something else than the one that counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Disagreement {
    /// Where.
    pub location: LocationId,
    /// What is counted.
    pub measure: Measure,
    /// The day.
    pub date: NaiveDate,
    /// The source that counts.
    pub authority: String,
    /// What it tells.
    pub value: f64,
    /// The other source.
    pub other: String,
    /// What that one tells.
    pub other_value: f64,
    /// `other − value`.
    pub difference: f64,
    /// `(other − value) / value`; none if the value is 0.
    pub relative: Option<f64>,
    /// The last earlier day on which the two told the same.
    pub agreed_on: Option<NaiveDate>,
}

type Told = BTreeMap<NaiveDate, f64>;
/// One measure of one place.
type Place = (LocationId, Measure);

/// Every day on which two sources tell different figures of one place and measure, as known at a moment, held against the
/// source that counts there on that day. Days that only one of them tells of say nothing, and figures of work units are left out.
///
/// ```
/// use siaga::observation::{Authority, Observation, disagreements};
/// # use siaga::epi::{LocationId, Status, Vintage};
/// # let known = Vintage::from_millis(0).unwrap();
/// # let total = |source: &str, value: f64| Observation {
/// #     location: LocationId::new("3271"), unit_id: None, measure: "cases_total".parse().unwrap(),
/// #     source: source.to_owned(), date: "2021-06-28".parse().unwrap(), days: 1, value: Some(value),
/// #     status: Status::Printed, as_of: known, note: String::new(), address: String::new(),
/// # };
/// // Kota Bogor, 28 June 2021: the city's total and the province's.
/// let told = [total("city", 20_015.0), total("province", 7_107.0)];
/// let found = &disagreements(&told, known, &Authority::new([("city".to_owned(), 10)]))[0];
/// assert_eq!((found.authority.as_str(), found.difference), ("city", -12_908.0));
/// ```
#[must_use]
pub fn disagreements(
    observations: &[Observation],
    as_of: Vintage,
    authority: &Authority,
) -> Vec<Disagreement> {
    let mut found = Vec::new();
    for ((location, measure), sources) in by_source(observations, as_of) {
        let changes = authority.changes(&location);
        let mut begins: Vec<NaiveDate> = changes.iter().copied().collect();
        begins.insert(0, NaiveDate::MIN);
        for (place, from) in begins.iter().enumerate() {
            let end = begins.get(place + 1).copied();
            let is_inside = |date: NaiveDate| date >= *from && end.is_none_or(|end| date < end);
            // As in the snapshot: who speaks in the period, then the highest rank, among equals the first in the alphabet.
            let weight = |source: &&&str| {
                let speaks = sources[**source].keys().any(|date| is_inside(*date));
                (speaks, authority.rank_on(source, &location, *from))
            };
            let Some(best) = sources.keys().rev().max_by_key(weight).copied() else { continue };
            for other in sources.keys().filter(|other| **other != best) {
                let differ =
                    differences((&location, measure), (best, &sources[best]), (other, &sources[*other]));
                found.extend(differ.filter(|found| is_inside(found.date)));
            }
        }
    }
    found.sort_by(|one, other| {
        let key = |d: &Disagreement| (d.location.clone(), d.measure, d.date, d.other.clone());
        key(one).cmp(&key(other))
    });
    found
}

/// Each day on which two sources tell different figures of a place and measure.
fn differences<'a>(
    (location, measure): (&'a LocationId, Measure),
    (authority, told): (&'a str, &'a Told),
    (other, theirs): (&'a str, &'a Told),
) -> impl Iterator<Item = Disagreement> + 'a {
    let mut agreed_on = None;
    theirs.iter().filter_map(move |(date, other_value)| {
        let value = told.get(date)?;
        let difference = other_value - value;
        if difference == 0.0 {
            agreed_on = Some(*date);
            return None;
        }
        Some(Disagreement {
            location: location.clone(),
            measure,
            date: *date,
            authority: authority.to_owned(),
            value: *value,
            other: other.to_owned(),
            other_value: *other_value,
            difference,
            relative: (*value != 0.0).then(|| difference / value),
            agreed_on,
        })
    })
}

fn by_source(observations: &[Observation], as_of: Vintage) -> BTreeMap<Place, BTreeMap<&str, Told>> {
    type Last<'a> = BTreeMap<NaiveDate, &'a Observation>;
    let mut last: BTreeMap<Place, BTreeMap<&str, Last<'_>>> = BTreeMap::new();
    let is_meant = |o: &&Observation| o.unit_id.is_none() && o.days == 1 && o.as_of <= as_of;
    for o in observations.iter().filter(is_meant) {
        let days = last.entry((o.location.clone(), o.measure)).or_default().entry(&o.source).or_default();
        if days.get(&o.date).is_none_or(|known| known.as_of <= o.as_of) {
            days.insert(o.date, o);
        }
    }
    let values =
        |days: Last<'_>| days.into_iter().filter_map(|(date, o)| Some((date, o.value?))).collect::<Told>();
    let told = |sources: BTreeMap<_, _>| {
        sources
            .into_iter()
            .map(|(source, days)| (source, values(days)))
            .filter(|(_, told)| !told.is_empty())
            .collect()
    };
    last.into_iter().map(|(key, sources)| (key, told(sources))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epi::Status;

    fn figure(source: &str, day: u32, value: f64, known: i64) -> Observation {
        Observation {
            location: LocationId::new("3271"),
            unit_id: None,
            measure: Measure::CasesTotal,
            source: source.to_owned(),
            date: NaiveDate::from_ymd_opt(2021, 6, day).unwrap(),
            days: 1,
            value: Some(value),
            status: Status::Printed,
            as_of: Vintage::from_millis(known).unwrap(),
            note: String::new(),
            address: String::new(),
        }
    }

    fn found(told: &[Observation], as_of: i64) -> Vec<(String, u32, f64, Option<String>)> {
        let authority = Authority::new([("city".to_owned(), 10)]);
        let as_of = Vintage::from_millis(as_of).unwrap();
        disagreements(told, as_of, &authority)
            .into_iter()
            .map(|d| {
                (
                    d.other,
                    chrono::Datelike::day(&d.date),
                    d.difference,
                    d.agreed_on.map(|day| day.to_string()),
                )
            })
            .collect()
    }

    #[test]
    fn each_day_says_by_how_much_and_when_they_last_agreed() {
        let told = [
            figure("city", 1, 100.0, 0),
            figure("city", 2, 110.0, 0),
            figure("city", 3, 120.0, 0),
            figure("province", 1, 100.0, 0),
            figure("province", 2, 104.0, 0),
            figure("province", 4, 130.0, 0),
        ];
        assert_eq!(found(&told, 9), [("province".to_owned(), 2, -6.0, Some("2021-06-01".to_owned()))]);
    }

    #[test]
    fn the_last_figure_known_by_then_counts_and_the_first_of_equal_sources() {
        let told = [figure("b", 1, 7.0, 0), figure("a", 1, 5.0, 0), figure("b", 1, 5.0, 4)];
        assert_eq!(found(&told, 1), [("b".to_owned(), 1, 2.0, None)]);
        assert_eq!(found(&told, 5), []);
    }

    #[test]
    fn the_source_that_counts_is_that_of_the_day() {
        let told: Vec<Observation> = (1..=4)
            .flat_map(|day| [figure("city", day, 100.0, 0), figure("province", day, 90.0, 0)])
            .collect();
        let from = |day: u32| NaiveDate::from_ymd_opt(2021, 6, day).unwrap();
        let authority = Authority::new([("province".to_owned(), 5)]).in_period(
            "city",
            LocationId::new("3271"),
            (from(2), from(3)),
            10,
        );
        let found = disagreements(&told, Vintage::from_millis(9).unwrap(), &authority);
        let found: Vec<(&str, f64)> = found.iter().map(|d| (&*d.authority, d.difference)).collect();
        assert_eq!(found, [("province", 10.0), ("city", -10.0), ("city", -10.0), ("province", 10.0)]);
    }

    #[test]
    fn a_figure_told_as_missing_and_one_of_a_unit_disagree_with_nobody() {
        let mut told = [figure("city", 1, 5.0, 0), figure("province", 1, 7.0, 0)];
        told[1].value = None;
        assert_eq!(found(&told, 1), []);
        told[1].value = Some(7.0);
        told[1].unit_id = Some("setda".to_owned());
        assert_eq!(found(&told, 1), []);
    }
}
