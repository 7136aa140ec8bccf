//! What surrounds figures that come by hand: an address that somebody gives, and what follows when something was taken in.

mod address;
mod continued;
mod follow;

pub use address::{ask_address, can_keep_like, keep_address, with_kept_sources};
pub use continued::{BY_HAND, continued};
pub use follow::follow;
