//! `siaga alert`: what is on, what people do about it, who is told of what, and whether they can be reached.

mod args;
mod command;
mod look;
mod rules;

pub use args::AlertCommand;
pub use command::run;
