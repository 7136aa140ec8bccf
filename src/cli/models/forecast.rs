//! `siaga forecast`: the next two weeks, and how such forecasts did.

use super::args::ForecastArgs;
use super::figures::Figures;
use crate::account::Visitor;
use crate::cli::Failure;
use crate::cli::output::{self, Rows};
use crate::config::Config;
use crate::job::{Forecasting, forecast_columns, score_columns};
use crate::observation::Grid;

/// `siaga forecast`
pub async fn forecast(config: &Config, args: &ForecastArgs, visitor: &Visitor) -> Result<(), Failure> {
    let figures = Figures::read(config, (&args.input, "forecast"), visitor).await?;
    figures.check_days(&[args.date])?;
    let forecasting = Forecasting { date: args.date, method: &figures.method };
    let columns = if args.score { score_columns() } else { forecast_columns() };
    let mut out = Rows::open(columns, output::format_or_default(args.format))?;
    for grid in figures.grids()? {
        let known_on = |date| {
            if !args.as_of_each_week {
                return Some(grid.clone());
            }
            let grids = figures.grids_on(date).ok()?;
            grids.into_iter().find(|known: &Grid| known.location == grid.location)
        };
        let rows = match args.score {
            true => forecasting.scores(&grid, known_on),
            false => forecasting.rows(&grid),
        };
        rows.map_err(anyhow::Error::from)?.into_iter().try_for_each(|row| out.push(row))?;
    }
    Ok(out.finish()?)
}
