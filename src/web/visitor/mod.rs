//! Who asks: from where, with which cookie or token, and as whom that is recognised.

mod client;
mod cookie;
mod guest;

pub(super) use client::is_here;
pub(super) use cookie::{BINDING, brings_cookie, clear, read, set, set_for_minutes};
pub(super) use guest::{Guest, recognise};
