//! The vocabulary everybody shares: days, places, quantities, and how a value can be missing.
//!
//! Nothing here knows what is reported, derived or decided. Start at [`Estimate`]: a value with its
//! interval, a range, or the reason there is none.

mod calendar;
mod day;
mod distribution;
mod estimate;
mod indicator_kind;
mod interval;
mod location;
mod spread;
mod vintage;

pub use calendar::Calendar;
pub use day::{InvalidDate, Window, parse_indonesian_date};
pub use distribution::{
    GammaQuantiles, beta_quantile, beta_share_below, gamma_quantile, gamma_share_above, gamma_share_below,
    normal_quantile, normal_share_below, poisson_at_least, poisson_at_most, student_quantile,
};
pub use estimate::{Estimate, Known, Missing, Status};
pub use indicator_kind::{IndicatorKind, UnknownIndicator};
pub use interval::Interval;
pub use location::{Location, LocationId, Locations};
pub use spread::{RatioForm, Spread};
pub use vintage::{InvalidVintage, Vintage};
