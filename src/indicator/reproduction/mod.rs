//! The effective reproduction number: how many people one case infects, on average, now.
//!
//! [`reproduction_numbers`] is the method of Cori and others with its posterior; [`ratio_7d`] and [`ratio_4d`] are the Robert Koch
//! Institute's quotients. All of them lag by the days from infection to report, and none triggers a level on its own.
//! See `docs/methods/reproduction.md`.

mod absence;
mod cori;
mod ratio;
mod serial_interval;

pub use absence::NoReproduction;
pub use cori::{CaseSeries, InvalidPrior, Posterior, Prior, reproduction_numbers};
pub use ratio::{ratio_4d, ratio_7d};
pub use serial_interval::{InvalidSerialInterval, SerialInterval, discretised_gamma};
