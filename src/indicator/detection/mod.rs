//! Is this more than was to be expected? Early notice at low counts and for single offices, never the trigger of a level.
//!
//! [`c1`], [`c2`] and [`c3`] look at the days just before (EARS), [`cusum()`] adds up small excesses, [`excess()`] holds a count against
//! what the city's rate would give, and [`excesses`] does so for many units at once. See `docs/methods/detection.md`.

mod cusum;
mod ears;
mod excess;

pub use cusum::{Cusum, CusumDay, InvalidCusum, Standardised, cusum};
pub use ears::{AlarmLimit, CLASSIC_C3_LIMIT, Ears, InvalidEars, NoLimit, c1, c2, c3, c3_classic};
pub use excess::{ComparedUnit, Excess, Unit, benjamini_hochberg, excess, excesses, expected_cases};
