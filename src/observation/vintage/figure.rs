//! One figure with all it was ever said to be.

use chrono::NaiveDate;
use chrono_tz::Tz;

use crate::epi::Vintage;
use crate::observation::{Observation, SeriesKey};

/// What a figure was said to be, and when.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ToldFigure {
    /// When it became known.
    pub as_of: Vintage,
    /// The figure, or `None` for "reported as missing".
    pub value: Option<f64>,
}

/// Every vintage of one figure, in the order in which they became known; never empty.
#[derive(Debug, Clone, PartialEq)]
pub struct FigureHistory {
    /// The series.
    pub series: SeriesKey,
    /// The day; of a figure for several days, the last.
    pub date: NaiveDate,
    /// How many days it covers.
    pub days: u32,
    /// What was said, and when.
    pub vintages: Vec<ToldFigure>,
}

impl FigureHistory {
    /// What was known of it at the end of a day in the city; `None` if nothing was, or it was told as missing.
    #[must_use]
    pub fn known_by(&self, day: NaiveDate, zone: Tz) -> Option<f64> {
        let known = self.vintages.iter().rev().find(|known| known.as_of.local_date(zone) <= day);
        known.and_then(|known| known.value)
    }

    /// The first vintage with a value.
    #[must_use]
    pub fn first(&self) -> Option<(Vintage, f64)> {
        self.vintages.iter().find_map(|known| Some((known.as_of, known.value?)))
    }

    /// The last vintage with a value.
    #[must_use]
    pub fn last(&self) -> Option<(Vintage, f64)> {
        self.vintages.iter().rev().find_map(|known| Some((known.as_of, known.value?)))
    }
}

/// Every figure that was known by a moment (all vintages if `None`), in the order of series and day.
#[must_use]
pub fn figures(observations: &[Observation], as_of: Option<Vintage>) -> Vec<FigureHistory> {
    let is_known = |o: &&Observation| as_of.is_none_or(|as_of| o.as_of <= as_of);
    let mut sorted: Vec<(SeriesKey, &Observation)> =
        observations.iter().filter(is_known).map(|o| (SeriesKey::of(o), o)).collect();
    sorted.sort_by(|(one_key, one), (other_key, other)| {
        (one_key, one.date, one.days, one.as_of).cmp(&(other_key, other.date, other.days, other.as_of))
    });
    let mut figures: Vec<FigureHistory> = Vec::new();
    for (series, o) in sorted {
        let known = ToldFigure { as_of: o.as_of, value: o.value };
        match figures.last_mut() {
            Some(last) if last.series == series && last.date == o.date && last.days == o.days => {
                last.vintages.push(known);
            }
            _ => figures.push(FigureHistory { series, date: o.date, days: o.days, vintages: vec![known] }),
        }
    }
    figures
}
