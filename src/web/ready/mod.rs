//! Answers that are the same for anybody are made once, compressed once, and given out as bytes until something changes.
//!
//! `key.rs` says what makes two requests the same, `answers.rs` keeps the bytes, `version.rs` knows what is newest, `serve.rs` stands
//! round everything else, `aside.rs` leaves what is further in alone meanwhile, and `warm.rs` makes what most ask for before they ask.

mod answers;
mod aside;
mod key;
mod serve;
mod version;
mod warm;

pub(super) use answers::Answers;
pub(super) use aside::Aside;
pub(super) use serve::serve;
pub(super) use version::IN_SERVICE;
pub(super) use warm::keep_warm;
