//! The page of alerts: what is on and who sees to it, silences, what became of what, the report card, the rules in force; and the
//! story of one alert.
//!
//! Who may acknowledge alerts fills in its forms; what is refused is told where it was filled in.

mod answer;
mod now;
mod page;
mod past;
mod rules;
mod story;

pub(super) use answer::{acknowledge, hand_over, lift, silence};
pub(super) use page::alerts;
pub(super) use story::story;
