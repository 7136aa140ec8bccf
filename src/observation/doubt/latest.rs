//! The figures of single days as last known, series by series.

use std::collections::BTreeMap;

use chrono::{Duration, NaiveDate};

use crate::epi::Vintage;
use crate::observation::{Measure, Nature, Observation, SeriesKey};

/// Figures by day.
pub(super) type Days = BTreeMap<NaiveDate, f64>;
/// Every series.
pub(super) type Series = BTreeMap<SeriesKey, Days>;

/// The last vintage of each single day that was known by a moment; one told as missing is left out.
pub(super) fn latest(observations: &[Observation], as_of: Option<Vintage>) -> Series {
    let mut last: BTreeMap<SeriesKey, BTreeMap<NaiveDate, (Vintage, Option<f64>)>> = BTreeMap::new();
    let is_known = |o: &&Observation| o.days == 1 && as_of.is_none_or(|as_of| o.as_of <= as_of);
    for o in observations.iter().filter(is_known) {
        let days = last.entry(SeriesKey::of(o)).or_default();
        if days.get(&o.date).is_none_or(|known| known.0 <= o.as_of) {
            days.insert(o.date, (o.as_of, o.value));
        }
    }
    let with_value = |days: BTreeMap<NaiveDate, (Vintage, Option<f64>)>| {
        days.into_iter().filter_map(|(date, (_, value))| Some((date, value?))).collect::<Days>()
    };
    last.into_iter().map(|(key, days)| (key, with_value(days))).filter(|(_, days)| !days.is_empty()).collect()
}

/// The running total of a count, and the count of a running total.
pub(in crate::observation) fn sibling(key: &SeriesKey) -> Option<SeriesKey> {
    let name = key.measure.name();
    let other = match key.measure.nature() {
        Nature::Flow => format!("{name}_total"),
        Nature::Total => name.strip_suffix("_total")?.to_owned(),
        _ => return None,
    };
    let measure: Measure = other.parse().ok()?;
    Some(SeriesKey { measure, ..key.clone() })
}

/// New counts by day: as reported, and of a running total whose source reports no counts the differences of days that
/// follow each other. The key is that of the series as reported.
pub(super) fn new_by_day(series: &Series) -> Series {
    let mut new = Series::new();
    for (key, days) in series {
        match key.measure.nature() {
            Nature::Flow => drop(new.insert(key.clone(), days.clone())),
            Nature::Total if sibling(key).is_none_or(|flow| !series.contains_key(&flow)) => {
                drop(new.insert(key.clone(), differences(days)));
            }
            _ => {}
        }
    }
    new
}

/// Day by day, what a running total rose since the day before; days without a day before are left out.
pub(super) fn differences(days: &Days) -> Days {
    let rose =
        |(date, value): (&NaiveDate, &f64)| Some((*date, value - days.get(&(*date - Duration::days(1)))?));
    days.iter().filter_map(rose).collect()
}

/// The known figures among the `most` days before one.
pub(super) fn before(days: &Days, date: NaiveDate, most: i64) -> Vec<f64> {
    days.range(date - Duration::days(most)..date).map(|(_, value)| *value).collect()
}

/// The middle one; of an even number the upper of the two.
pub(super) fn middle(mut numbers: Vec<f64>) -> Option<f64> {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied()
}
