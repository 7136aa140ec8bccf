//! One address for the cities of an installation: the host of a request picks the city (`hosts.rs`), each city has a place
//! where its pages are put (`slot.rs`), and a host that is nobody's gets the list of the cities (`own.rs`, `list.rs`).

mod hosts;
mod list;
mod own;
mod slot;

pub use hosts::Gate;
pub use slot::Slot;
