//! How a figure changed between vintages.

use chrono::NaiveDate;

use super::{Observation, SeriesKey};
use crate::epi::Vintage;

/// One change of one figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Revision {
    /// The series.
    pub series: SeriesKey,
    /// The day (of a lump: the last).
    pub date: NaiveDate,
    /// How many days the figure covers.
    pub days: u32,
    /// When the earlier figure became known.
    pub as_of_before: Vintage,
    /// The earlier figure.
    pub value_before: Option<f64>,
    /// When the later figure became known.
    pub as_of: Vintage,
    /// The later figure.
    pub value: Option<f64>,
}

/// Every change among these vintages, in the order of series, date and knowledge.
#[must_use]
pub fn revisions(observations: &[Observation]) -> Vec<Revision> {
    let mut sorted: Vec<(SeriesKey, &Observation)> =
        observations.iter().map(|o| (SeriesKey::of(o), o)).collect();
    sorted.sort_by(|(one_key, one), (other_key, other)| {
        (one_key, one.date, one.days, one.as_of).cmp(&(other_key, other.date, other.days, other.as_of))
    });
    sorted
        .windows(2)
        .filter(|pair| {
            let [(one_key, one), (other_key, other)] = pair else {
                return false;
            };
            one_key == other_key && one.date == other.date && one.days == other.days
        })
        .map(|pair| Revision {
            series: pair[1].0.clone(),
            date: pair[1].1.date,
            days: pair[1].1.days,
            as_of_before: pair[0].1.as_of,
            value_before: pair[0].1.value,
            as_of: pair[1].1.as_of,
            value: pair[1].1.value,
        })
        .collect()
}
