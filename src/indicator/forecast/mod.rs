//! The next one and two weeks, how well such forecasts did, and what the last days will be when late reports are in.
//!
//! [`baseline()`] says that things stay as they are, [`log_linear()`] goes on as the last fourteen days did;
//! [`weighted_interval_score`] judges both and [`backtest()`] does so on a city's own past. [`Reports`] complete the latest days
//! from the reporting triangle. See `docs/methods/forecast.md`.

mod absence;
mod backtest;
mod baseline;
mod log_linear;
mod nowcast;
mod quantiles;
mod score;

pub use absence::NoForecast;
pub use backtest::{Backtest, HorizonScore, ScoredForecast, backtest};
pub use baseline::baseline;
pub use log_linear::{InvalidLogLinear, LogLinear, log_linear};
pub use nowcast::{InvalidNowcasting, NoNowcast, Nowcast, Nowcasting, Reports};
pub use quantiles::{Horizon, InvalidQuantiles, LEVELS, Quantiles};
pub use score::{IntervalScore, interval_score, relative_score, weighted_interval_score};
