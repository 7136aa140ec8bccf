//! `siaga runs`: what came, what was refused and why, what waits for a person's word, and that word.

mod command;
mod show;

pub use command::{RunsCommand, run};
