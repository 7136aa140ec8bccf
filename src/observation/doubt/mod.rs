//! Doubts: what a person should look at before believing a figure. A doubt changes nothing and is never an accusation:
//! each kind was seen in figures that real publishers printed.

mod find;
mod kind;
mod latest;
mod place;
mod spike;
mod sum;

pub use find::doubts;
pub use kind::{Doubt, DoubtKind, UnknownDoubt};
pub(super) use latest::sibling;
pub use place::{Places, Unidentified};
