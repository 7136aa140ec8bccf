//! A forecast as quantiles, and how far ahead it looks.

use thiserror::Error;

use crate::epi::Interval;

/// The levels of every forecast here: the median and the bounds of the central 50%, 80% and 95%.
pub const LEVELS: [f64; 7] = [0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975];

/// Two levels that stand for one interval add up to one within this.
const SYMMETRY: f64 = 1e-9;

/// How far ahead. Nothing further is published: at turning points everybody's forecasts of cases were poor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Horizon {
    /// The next seven days.
    OneWeek,
    /// The seven days after those.
    TwoWeeks,
}

impl Horizon {
    /// Both, the nearer first.
    pub const ALL: [Self; 2] = [Self::OneWeek, Self::TwoWeeks];

    /// The number of weeks.
    #[must_use]
    pub fn weeks(self) -> usize {
        match self {
            Self::OneWeek => 1,
            Self::TwoWeeks => 2,
        }
    }
}

/// Why quantiles are refused.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum InvalidQuantiles {
    /// Not one value for each level.
    #[error("a forecast has {levels} levels and {values} values; give one value for each level")]
    Length {
        /// How many levels.
        levels: usize,
        /// How many values.
        values: usize,
    },
    /// Levels that are not the median and pairs around it.
    #[error(
        "the levels of a forecast must rise from above 0 to below 1, be symmetric, and have 0.5 in the middle"
    )]
    Levels,
    /// Values that are no numbers, or fall.
    #[error("the values of a forecast must be numbers that never fall from one level to the next")]
    Values,
}

/// What is forecast, as values at rising levels that are symmetric about the median.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantiles {
    levels: Vec<f64>,
    values: Vec<f64>,
}

impl Quantiles {
    /// Levels with their values.
    ///
    /// ```
    /// use siaga::indicator::forecast::Quantiles;
    /// let forecast = Quantiles::new(&[0.25, 0.5, 0.75], &[90.0, 100.0, 120.0]).unwrap();
    /// assert_eq!(forecast.median(), 100.0);
    /// assert_eq!(forecast.interval(0.5).map(|i| (i.lower, i.upper)), Some((90.0, 120.0)));
    /// assert!(Quantiles::new(&[0.25, 0.5, 0.75], &[90.0, 100.0, 80.0]).is_err());
    /// ```
    ///
    /// # Errors
    /// [`InvalidQuantiles`] unless there is a value for each level, the levels are symmetric about 0.5, and the values do not fall.
    pub fn new(levels: &[f64], values: &[f64]) -> Result<Self, InvalidQuantiles> {
        if levels.len() != values.len() {
            return Err(InvalidQuantiles::Length { levels: levels.len(), values: values.len() });
        }
        let is_inside = levels.iter().all(|level| *level > 0.0 && *level < 1.0);
        let is_rising = levels.windows(2).all(|pair| pair[0] < pair[1]);
        let mirrored = levels.iter().zip(levels.iter().rev());
        let is_symmetric = levels.len() % 2 == 1
            && mirrored.into_iter().all(|(one, other)| (one + other - 1.0).abs() <= SYMMETRY);
        if !is_inside || !is_rising || !is_symmetric {
            return Err(InvalidQuantiles::Levels);
        }
        let is_sound =
            values.iter().all(|value| value.is_finite()) && values.windows(2).all(|p| p[0] <= p[1]);
        if !is_sound {
            return Err(InvalidQuantiles::Values);
        }
        Ok(Self { levels: levels.to_vec(), values: values.to_vec() })
    }

    /// At [`LEVELS`], of a function of the level that does not fall; bounds that rounding turned round are made equal.
    pub(super) fn at_levels(value: impl Fn(f64) -> f64) -> Self {
        let mut values: Vec<f64> = LEVELS.iter().map(|level| value(*level)).collect();
        for place in 1..values.len() {
            values[place] = values[place].max(values[place - 1]);
        }
        Self { levels: LEVELS.to_vec(), values }
    }

    /// At [`LEVELS`], symmetric about a middle: `off` says how far from it, for levels above one half. Nothing below 0.
    pub(super) fn around(middle: f64, off: impl Fn(f64) -> f64) -> Self {
        let above: Vec<f64> = LEVELS[LEVELS.len() / 2 + 1..].iter().map(|level| off(*level)).collect();
        let below = above.iter().rev().map(|off| -off);
        let all = below.chain(std::iter::once(0.0)).chain(above.iter().copied());
        let values = all.map(|off| (middle + off).max(0.0)).collect();
        Self { levels: LEVELS.to_vec(), values }
    }

    /// The levels, rising.
    #[must_use]
    pub fn levels(&self) -> &[f64] {
        &self.levels
    }

    /// The values, one a level.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The value that is as likely exceeded as not.
    #[must_use]
    pub fn median(&self) -> f64 {
        self.values[self.values.len() / 2]
    }

    /// The central interval that holds this share (0.5, 0.8, 0.95); `None` where its levels are not among ours.
    #[must_use]
    pub fn interval(&self, share: f64) -> Option<Interval> {
        self.intervals()
            .find(|(alpha, _)| (1.0 - share - alpha).abs() <= SYMMETRY)
            .map(|(_, interval)| interval)
    }

    /// Every central interval, widest first, with the share α that lies outside.
    pub fn intervals(&self) -> impl Iterator<Item = (f64, Interval)> + '_ {
        let last = self.values.len() - 1;
        (0..self.values.len() / 2).map(move |place| {
            let interval = Interval { lower: self.values[place], upper: self.values[last - place] };
            (2.0 * self.levels[place], interval)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_that_make_no_interval_are_refused() {
        let refused = |levels: &[f64], values: &[f64]| Quantiles::new(levels, values).unwrap_err();
        assert_eq!(refused(&[0.5], &[]), InvalidQuantiles::Length { levels: 1, values: 0 });
        for levels in [
            &[][..],
            &[0.25, 0.75],
            &[0.25, 0.5, 0.8],
            &[0.75, 0.5, 0.25],
            &[0.0, 0.5, 1.0],
            &[0.4],
            &[f64::NAN, 0.5, 0.75],
        ] {
            assert_eq!(refused(levels, &vec![1.0; levels.len()]), InvalidQuantiles::Levels, "{levels:?}");
        }
        assert_eq!(refused(&[0.25, 0.5, 0.75], &[1.0, 3.0, 2.0]), InvalidQuantiles::Values);
        assert_eq!(refused(&[0.5], &[f64::NAN]), InvalidQuantiles::Values);
        assert_eq!(
            refused(&[0.5], &[]).to_string(),
            "a forecast has 1 levels and 0 values; give one value for each level"
        );
    }

    #[test]
    fn every_interval_is_found_by_its_share() {
        let forecast = Quantiles::new(&LEVELS, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]).unwrap();
        let bounds = |share| forecast.interval(share).map(|i| (i.lower, i.upper));
        assert_eq!(bounds(0.95), Some((1.0, 7.0)));
        assert_eq!(bounds(0.8), Some((2.0, 6.0)));
        assert_eq!(bounds(0.5), Some((3.0, 5.0)));
        assert_eq!(bounds(0.9), None);
        assert_eq!(forecast.median(), 4.0);
    }
}
