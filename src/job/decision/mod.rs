//! Decisions: what a draft is held against, how one is signed, where the clock stands, the numbers
//! of circulars, the orders of others. Pages and commands
//! come in here alike.

mod case;
mod circular_number;
mod order;
mod paper;
mod sign;

pub use case::{Deciding, deciding, deciding_of, decision_clock, journal};
pub use circular_number::{circular_numbers, number_circular};
pub(super) use order::ORDERS;
pub use order::{KeptOrder, OrderAnswer, OrderRefusal, end_order, keep_order, kept_orders, with_kept_orders};
pub use paper::{dossier, duty_gaps, letterhead, programmes, said};
pub use sign::{Evidence, SignFault, discard, draft, evidence_of, sign};
