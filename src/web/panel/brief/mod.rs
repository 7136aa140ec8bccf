//! Panels of few words: the sentence, the countdown, how fresh the sources are, named indicators, a text of the operator's
//! own, and that something is for others.

mod countdown;
mod fresh;
mod not_for;
mod sentence;
mod table;
mod text;

pub(super) use countdown::panel as countdown;
pub(super) use fresh::panel as fresh;
pub(super) use not_for::panel as not_for;
pub(super) use sentence::panel as sentence;
pub(super) use table::panel as table;
pub(super) use text::panel as text;
