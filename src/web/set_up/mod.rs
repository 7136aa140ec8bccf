//! The first start: city, policy and owner asked for one after the other, by whoever holds the link that the program
//! printed. Answers are kept in the database as they come, so that a start that was cut off goes on where it was.
//! Begin at `keep.rs`, which stands round everything while the installation is being set up.

mod account;
mod city;
mod keep;
mod policy;
mod progress;
mod state;

pub(super) use account::{account, finish};
pub(super) use city::{choose_city, city};
pub(super) use keep::{begin, keep, keep_beside, over};
pub(super) use policy::{choose_policy, policy};
pub use state::{SetUp, Taken};
