//! The city: its code, time zone and lists of places, work units and orders that bind it.
//!
//! Everything here is read once at the start. Figures come from `source`, rules from `assessment`.

mod lists;
mod load;
mod places;

pub use crate::workforce::Unit;
pub use lists::{ListFault, parse_holidays, parse_locations, parse_orders, parse_units};
pub use load::City;
pub use places::{Place, places};
