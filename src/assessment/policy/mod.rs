//! A policy: a versioned file of rules, steps and how to move between them. Never edited once in force.
//!
//! What a policy says is in `definition`, how its file is read and checked in `file` and `check`. What it makes of a day is not
//! here: that is `assess`.

mod book;
mod check;
mod combination;
mod definition;
mod diff;
mod file;
mod movement;
mod rule;
mod what_if;
mod written;

pub use book::{PolicyBook, PolicyBookError};
pub use check::{told as told_of_toml, unknown_name};
pub use combination::{Combination, CombinationRow, Settles};
pub use definition::{Policy, PolicyFault, StepDefinition, Text, UnknownLevel};
pub use diff::Difference;
pub use movement::{Counting, Effect, LevelShown, Movement};
pub use rule::{IfMissing, Rule, RuleKind, RuleStep};
pub use what_if::{Knob, Side, Turn};
