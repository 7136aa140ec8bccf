//! What the models say that no level rests on: days and units that stand out, forecasts and how they did.

mod forecasts;
mod standing_out;

pub use forecasts::{Forecasting, forecast_columns, score_columns};
pub use standing_out::{StandingOut, day_columns, unit_columns};
