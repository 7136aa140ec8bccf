//! Did earlier forecasts hold? Made again from what was known at each past week-end, and scored by what came.

use super::{
    Horizon, LogLinear, NoForecast, Quantiles, baseline, log_linear, relative_score, weighted_interval_score,
};

/// One forecast made from the past, with what came.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoredForecast {
    /// The last week that was known when it was made.
    pub made_at: usize,
    /// How far ahead.
    pub horizon: Horizon,
    /// The model's.
    pub forecast: Quantiles,
    /// The weekly count that came.
    pub observed: f64,
    /// The model's weighted interval score.
    pub score: f64,
    /// The baseline's, for the same target.
    pub baseline_score: f64,
}

/// How the forecasts of one horizon did.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HorizonScore {
    /// How far ahead.
    pub horizon: Horizon,
    /// Of how many forecasts.
    pub forecasts: usize,
    /// The mean weighted interval score.
    pub score: f64,
    /// Over the baseline's: below 1 it was worth more than saying that things stay as they are. `None` where the baseline was never wrong.
    pub relative_score: Option<f64>,
    /// The share of targets within the central 50%.
    pub coverage_50: f64,
    /// The share of targets within the central 95%.
    pub coverage_95: f64,
}

/// Past forecasts, each with its score.
#[derive(Debug, Clone, PartialEq)]
pub struct Backtest {
    /// Every forecast that could be made by both, in the order of weeks, the nearer horizon first.
    pub forecasts: Vec<ScoredForecast>,
}

impl Backtest {
    /// How one horizon did; `None` if it had no forecast.
    #[must_use]
    pub fn of(&self, horizon: Horizon) -> Option<HorizonScore> {
        let of: Vec<&ScoredForecast> = self.forecasts.iter().filter(|one| one.horizon == horizon).collect();
        let (scores, baseline): (Vec<f64>, Vec<f64>) =
            of.iter().map(|one| (one.score, one.baseline_score)).unzip();
        let count = f64::from(u32::try_from(of.len()).ok()?);
        let held = |share: f64| {
            let is_held = |one: &&&ScoredForecast| {
                let interval = one.forecast.interval(share);
                interval.is_some_and(|i| i.lower <= one.observed && one.observed <= i.upper)
            };
            of.iter().filter(is_held).map(|_| 1.0).sum::<f64>() / count
        };
        (count > 0.0).then(|| HorizonScore {
            horizon,
            forecasts: of.len(),
            score: scores.iter().sum::<f64>() / count,
            relative_score: relative_score(&scores, &baseline),
            coverage_50: held(0.5),
            coverage_95: held(0.95),
        })
    }
}

/// Makes the forecast of every past week-end again, one and two weeks ahead, and scores it.
///
/// `known_at(w)` is the weekly counts to week *w* as they were known at its end, week *w* last: it must say nothing that came later, and
/// what came later changes no forecast. `came` is the counts as they are known now. Weeks from `from` on are tried; those without a
/// forecast of both models or without a target are left out. Assumes that what is known now is final.
///
/// ```
/// use siaga::indicator::forecast::{Horizon, LogLinear, backtest};
/// // A tenth more each week, never revised: the model knows, the baseline is always too low.
/// let came: Vec<_> = (0..20).map(|week| Some(100.0 * 1.1_f64.powi(week))).collect();
/// let told = backtest(|week| came[..=week].to_vec(), &came, 5, &LogLinear::default());
/// let one_week = told.of(Horizon::OneWeek).unwrap();
/// assert_eq!(one_week.forecasts, 14);
/// assert!(one_week.relative_score.unwrap() < 1.0);
/// ```
#[must_use]
pub fn backtest(
    known_at: impl Fn(usize) -> Vec<Option<f64>>,
    came: &[Option<f64>],
    from: usize,
    settings: &LogLinear,
) -> Backtest {
    let mut forecasts = Vec::new();
    for made_at in from..came.len() {
        let known = known_at(made_at);
        for horizon in Horizon::ALL {
            let target = came.get(made_at + horizon.weeks()).copied().flatten();
            let Some(observed) = target.filter(|cases| *cases >= 0.0 && cases.is_finite()) else { continue };
            let made = scored(&known, horizon, observed, settings);
            forecasts.extend(made.ok().flatten().map(|(forecast, score, baseline_score)| ScoredForecast {
                made_at,
                horizon,
                forecast,
                observed,
                score,
                baseline_score,
            }));
        }
    }
    Backtest { forecasts }
}

/// The model's forecast with its score and the baseline's.
fn scored(
    known: &[Option<f64>],
    horizon: Horizon,
    observed: f64,
    settings: &LogLinear,
) -> Result<Option<(Quantiles, f64, f64)>, NoForecast> {
    let (ours, theirs) = (log_linear(known, horizon, settings)?, baseline(known, horizon)?);
    let score = |forecast: &Quantiles| weighted_interval_score(forecast, observed).map(|score| score.total());
    Ok(score(&ours).zip(score(&theirs)).map(|(score, baseline_score)| (ours, score, baseline_score)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn coverage_and_scores_are_those_of_the_forecasts() {
        let came: Vec<_> =
            [100, 120, 90, 130, 110, 150, 125, 160, 140, 180].map(|n| Some(f64::from(n))).into();
        let told = backtest(|week| came[..=week].to_vec(), &came, 4, &LogLinear::default());
        assert_eq!(told.forecasts.len(), 5 + 4);
        assert_eq!((told.forecasts[0].made_at, told.forecasts[0].observed), (4, 150.0));
        let two = told.of(Horizon::TwoWeeks).unwrap();
        let of: Vec<_> = told.forecasts.iter().filter(|one| one.horizon == Horizon::TwoWeeks).collect();
        let mean = of.iter().map(|one| one.score).sum::<f64>() / 4.0;
        assert!((two.score - mean).abs() < 1e-12 && two.forecasts == 4);
        let held = of.iter().filter(|one| {
            let i = one.forecast.interval(0.95).unwrap();
            i.lower <= one.observed && one.observed <= i.upper
        });
        assert_eq!(two.coverage_95 * 4.0, f64::from(u32::try_from(held.count()).unwrap()));
        assert!(two.coverage_50 <= two.coverage_95);
    }

    #[test]
    fn a_forecast_is_made_from_what_was_known_then() {
        // The last week was always known by half, and is final a week later.
        let came: Vec<_> = (0..12).map(|week| Some(100.0 + 10.0 * f64::from(week))).collect();
        let as_known = |week: usize| {
            let mut known = came[..=week].to_vec();
            known[week] = known[week].map(|cases| cases / 2.0);
            known
        };
        let late = backtest(as_known, &came, 5, &LogLinear::default());
        let whole = backtest(|week| came[..=week].to_vec(), &came, 5, &LogLinear::default());
        let (late, whole) = (late.of(Horizon::OneWeek).unwrap(), whole.of(Horizon::OneWeek).unwrap());
        assert!(late.score > 2.0 * whole.score, "{} {}", late.score, whole.score);
    }

    #[test]
    fn what_cannot_be_made_or_scored_is_left_out() {
        let mut came: Vec<_> = (0..8).map(|week| Some(100.0 + f64::from(week))).collect();
        let known = came.clone();
        came[6] = None;
        let told = backtest(|week| known[..=week].to_vec(), &came, 0, &LogLinear::default());
        // The baseline needs five weeks: made at week 4 (for 5) and 5 (for 7), at 6 (for 7).
        let made: Vec<_> = told.forecasts.iter().map(|one| (one.made_at, one.horizon.weeks())).collect();
        assert_eq!(made, [(4, 1), (5, 2), (6, 1)]);
        let none = backtest(|_| vec![], &came, 0, &LogLinear::default());
        assert_eq!(none.of(Horizon::OneWeek), None);
    }

    proptest! {
        #[test]
        fn weeks_that_came_later_change_no_forecast(
            weeks in prop::collection::vec(0.0_f64..2_000.0, 8..25), cut in 1_usize..4,
        ) {
            let came: Vec<_> = weeks.into_iter().map(Some).collect();
            let then = &came[..came.len() - cut];
            let now = backtest(|week| came[..=week].to_vec(), &came, 4, &LogLinear::default());
            let before = backtest(|week| came[..=week].to_vec(), then, 4, &LogLinear::default());
            for one in &before.forecasts {
                prop_assert!(now.forecasts.contains(one));
            }
        }
    }
}
