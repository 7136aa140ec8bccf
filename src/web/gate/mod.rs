//! One address for the cities of an installation: the host of a request picks the city (`hosts.rs`), each city has a place
//! (`slot.rs`), and a host that is nobody's gets the list of the cities (`own.rs`, `list.rs`). Where a city's pages stand, here and behind an
//! address of its own, is `stage.rs`; what is said where there are none, `away.rs`.

mod away;
mod hosts;
mod list;
mod own;
mod slot;
mod stage;

pub(super) use away::away;
pub use hosts::Gate;
pub use slot::Slot;
pub(super) use stage::Stage;
