//! The audit log as data: who did what when, and the chain of hashes that shows whether it is still as it was written.
//! Pure; `store` keeps the rows. No row holds a secret or a figure that points at a person.

mod chain;
mod entry;
mod fault;
mod head;

pub use chain::{FIRST, Link, Walk, canonical, link_hash, verify};
pub use entry::{Action, Entry, UnknownAction};
pub use fault::{ChainFault, FaultKind};
pub use head::{ChainKey, Head, SHORTEST_KEY, WeakKey};
