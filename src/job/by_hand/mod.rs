//! What surrounds figures that come by hand: an address that somebody gives, and what follows when something was taken in.

mod address;
mod continued;
mod follow;
mod recognise;

pub use address::{
    Hour, Keeping, NoHour, ask_address, can_keep_like, keep_address, renew_if_kept, with_kept,
};
pub use continued::{BY_HAND, Continuing, NotContinuing, continued};
pub use follow::follow;
pub use recognise::{FORM, recognise};
