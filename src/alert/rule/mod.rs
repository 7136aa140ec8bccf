//! Alert rules: what is watched, from which value on, for how long, who is told. A file; see `data/alert/default.toml`.

mod definition;
mod file;
mod watch;

pub use definition::{AlertRule, AlertRules, Group, KnownFalse, Quiet};
pub use file::AlertRuleFault;
pub use watch::{Line, Side, Sign, Watch};
