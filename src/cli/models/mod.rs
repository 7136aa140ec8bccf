//! `siaga detect` and `siaga forecast`: what the models say that no level rests on.

mod args;
mod detect;
mod figures;
mod forecast;

pub use args::{DetectArgs, ForecastArgs};
pub use detect::detect;
pub use forecast::forecast;
