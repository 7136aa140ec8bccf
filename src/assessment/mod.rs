//! What the rules say: a policy over indicators, with memory, explained as data.
//!
//! The level is computed in one place, [`assess()`]; pages, alerts, exports and [`backtest()`] all call it. Rules see
//! indicators, never raw figures. Nothing here makes a decision: that is a person's.

mod assess;
mod backtest;
mod board;
mod case;
mod compare;
mod condition;
mod distance;
mod finding;
mod ledger;
mod level;
mod memory;
mod order;
mod policy;
mod report;
mod requirement;
mod sensitivity;
mod standing;
mod weigh;

pub use assess::assess;
pub use backtest::{DayLevel, assess_level, assess_on, backtest, backtest_levels, backtest_steps};
pub use case::Case;
pub use compare::{Comparison as PolicyComparison, DayStep, Left, PolicySummary, Shift, compare, summarise};
pub use condition::{Bound, Comparison, Condition, Reach, Truth};
pub use finding::FindingStatus;
pub use ledger::{Evaluation, Ledger};
pub use level::{Caps, InvalidStep, Mode, Step};
pub use order::{Order, Orders};
pub use policy::{
    Combination, CombinationRow, Counting, Difference, Effect, IfMissing, Knob, LevelShown, Movement, Policy,
    PolicyBook, PolicyBookError, PolicyFault, Rule, RuleKind, RuleStep, Settles, Side, StepDefinition, Text,
    Turn, UnknownLevel, told_of_toml, unknown_name,
};
pub use report::{
    Assessment, Ceiling, Change, Compared, Direction, InForce, IndicatorReport, LateReports, MOVEMENT,
    PolicyId, Requirement, RuleReport, Sensitivity, Verdict,
};
pub use standing::Standing;
