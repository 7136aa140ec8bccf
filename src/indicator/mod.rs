//! What the figures mean: incidence, growth, occupancy, staff, each with its interval or its reason for absence.
//!
//! [`compute()`] groups with polars (through the snapshot) and hands plain slices to small functions that read
//! like the papers: [`reproduction`], [`detection`] and [`forecast`] have a file a method. An indicator does not know what it will
//! trigger: that is `assessment`.

mod compute;
pub mod detection;
pub mod forecast;
mod freshness;
mod growth;
mod method;
mod models;
pub mod reproduction;
mod seam;
mod share;
mod staff;
mod table;
mod weekly;

pub use compute::{compute, compute_grid, compute_grid_of, recompute_grid_of};
pub use growth::{doubling_days, growth_pct, growth_ratio};
pub use method::{InvalidMethod, MeanAndSd, MethodParameters, SerialIntervalFile};
pub use models::{WeeksAhead, add_nowcast, case_triangle, weeks_ahead};
pub use share::percent_of;
pub use staff::{UnitCases, unit_cases};
pub use table::{Carry, IndicatorTable};
pub use weekly::{CASES, Counted, CountedDays, daily_cases, sum_ending};
