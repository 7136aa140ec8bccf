//! One address for the cities of an installation: the host of a request picks the city (`hosts.rs`), each city has a place
//! (`slot.rs`), and a host that is nobody's gets the list of the cities (`own.rs`, `list.rs`).
//! The pages themselves stand on the city's stage, as those of a city with an address of its own do (`server/stage.rs`).

mod hosts;
mod list;
mod own;
mod slot;

pub use hosts::Gate;
pub use slot::Slot;
