//! Statistical disclosure control: what each audience may see of the figures. Every output (page, chart, file,
//! message, document) is made from what this module leaves of them, never from the figures themselves.

mod audience;

pub use audience::{Audience, GOVERNMENT_THRESHOLD, PUBLIC_THRESHOLD, UnitView};
