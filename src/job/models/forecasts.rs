//! The next two weeks as quantiles, by the model and by the baseline, and how such forecasts did on the past.

use chrono::{Duration, NaiveDate};

use crate::export::{Cell, Column, Table};
use crate::indicator::forecast::{
    Horizon, InvalidLogLinear, NoForecast, Quantiles, backtest, baseline, log_linear,
};
use crate::indicator::{CASES, CountedDays, MethodParameters};
use crate::observation::Grid;

/// Weeks of the past that a forecast looks at.
const WEEKS: usize = 26;

/// The columns of a forecast, a row for each location, model, week and quantile.
#[must_use]
pub fn forecast_columns() -> Vec<Column> {
    Table::new(&[
        ("date", "the last day that was known"),
        ("location", "code of the location"),
        ("model", "log_linear (goes on as the last fourteen days did, damped) or baseline (stays as it is)"),
        ("target_date", "the last day of the week that is forecast"),
        ("horizon_weeks", "how far ahead"),
        ("quantile", "the share of outcomes at or below the value"),
        ("cases_7d", "new cases in the seven days to target_date"),
        ("reason", "why there is no forecast: last_week_missing, week_before_missing, past_too_short"),
    ])
    .columns
}

/// The columns of scores, a row for each location and horizon.
#[must_use]
pub fn score_columns() -> Vec<Column> {
    Table::new(&[
        ("location", "code of the location"),
        ("horizon_weeks", "how far ahead"),
        ("forecasts", "forecasts that were made again, one a week"),
        ("wis", "mean weighted interval score, in cases; lower is better"),
        (
            "relative_wis",
            "over the baseline's: below 1 it was worth more than saying that things stay as they are",
        ),
        ("coverage_50_pct", "share of outcomes within the central 50%"),
        ("coverage_95_pct", "share of outcomes within the central 95%"),
    ])
    .columns
}

/// A forecast from some day on.
#[derive(Debug, Clone, Copy)]
pub struct Forecasting<'a> {
    /// The last day that counts as known; the location's last one if none is given.
    pub date: Option<NaiveDate>,
    /// Numbers of the methods.
    pub method: &'a MethodParameters,
}

impl Forecasting<'_> {
    /// Both models, both horizons, every quantile.
    ///
    /// # Errors
    /// [`InvalidLogLinear`] when the method's numbers allow no forecast.
    pub fn rows(&self, grid: &Grid) -> Result<Vec<Vec<Cell>>, InvalidLogLinear> {
        let settings = self.method.log_linear()?;
        let (last, weeks) = self.weeks(grid);
        let date = grid.date(last);
        let mut rows = Vec::new();
        for horizon in Horizon::ALL {
            let target = date + Duration::days(7 * i64::try_from(horizon.weeks()).unwrap_or(0));
            let models = [
                ("log_linear", log_linear(latest(&weeks), horizon, &settings)),
                ("baseline", baseline(latest(&weeks), horizon)),
            ];
            for (model, forecast) in models {
                let begin = || {
                    vec![
                        date.into(),
                        grid.location.as_str().into(),
                        model.into(),
                        target.into(),
                        whole(horizon.weeks()),
                    ]
                };
                rows.extend(told(&forecast).into_iter().map(|end| [begin(), end.to_vec()].concat()));
            }
        }
        Ok(rows)
    }

    /// How forecasts of every past week did, each made from the weeks before it, as `known_on` the week's last day.
    ///
    /// # Errors
    /// [`InvalidLogLinear`] when the method's numbers allow no forecast.
    pub fn scores(
        &self,
        grid: &Grid,
        known_on: impl Fn(NaiveDate) -> Option<Grid>,
    ) -> Result<Vec<Vec<Cell>>, InvalidLogLinear> {
        let settings = self.method.log_linear()?;
        let (last, weeks) = self.weeks(grid);
        let known_at = |week: usize| {
            let date = grid.date(last - 7 * (weeks.len() - 1 - week));
            let known = known_on(date).map(|known| Self { date: Some(date), ..*self }.weeks(&known).1);
            let known = known.unwrap_or_default();
            latest(&known).to_vec()
        };
        let past = backtest(known_at, &weeks, 1, &settings);
        let row = |horizon: Horizon| {
            let score = past.of(horizon)?;
            Some(vec![
                grid.location.as_str().into(),
                whole(horizon.weeks()),
                whole(score.forecasts),
                Cell::Number(score.score),
                score.relative_score.into(),
                Cell::Number(100.0 * score.coverage_50),
                Cell::Number(100.0 * score.coverage_95),
            ])
        };
        Ok(Horizon::ALL.into_iter().filter_map(row).collect())
    }

    /// The slot of the last day, and the weekly counts up to it, oldest first.
    fn weeks(&self, grid: &Grid) -> (usize, Vec<Option<f64>>) {
        let last = self.date.and_then(|date| grid.index(date)).unwrap_or(grid.len.saturating_sub(1));
        let cases = CountedDays::new(grid, CASES);
        let ends = (0..).map_while(|back: usize| last.checked_sub(7 * back));
        let mut weeks: Vec<Option<f64>> = ends.map(|end| cases.sum_ending(end, 7).value()).collect();
        weeks.reverse();
        (last, weeks)
    }
}

fn latest(weeks: &[Option<f64>]) -> &[Option<f64>] {
    &weeks[weeks.len().saturating_sub(WEEKS)..]
}

/// The quantiles of a forecast, or the reason why there is none.
fn told(forecast: &Result<Quantiles, NoForecast>) -> Vec<[Cell; 3]> {
    match forecast {
        Ok(forecast) => {
            let pairs = forecast.levels().iter().zip(forecast.values());
            pairs.map(|(level, value)| [Cell::Number(*level), Cell::Number(*value), Cell::Empty]).collect()
        }
        Err(reason) => vec![[Cell::Empty, Cell::Empty, reason_code(*reason).into()]],
    }
}

fn reason_code(reason: NoForecast) -> &'static str {
    match reason {
        NoForecast::LastWeekMissing => "last_week_missing",
        NoForecast::WeekBeforeMissing => "week_before_missing",
        NoForecast::PastTooShort => "past_too_short",
    }
}

fn whole(number: usize) -> Cell {
    Cell::Whole(i64::try_from(number).unwrap_or(i64::MAX))
}
