//! What the rules say: a policy over indicators, with memory, explained as data.
//!
//! The level is computed in one place, [`assess()`]; pages, alerts, exports and [`backtest()`] all call it. Rules see
//! indicators, never raw figures. Nothing here makes a decision: that is a person's.

mod assess;
mod backtest;
mod case;
mod condition;
mod distance;
mod finding;
mod level;
mod order;
mod policy;
mod report;
mod standing;

pub use assess::assess;
pub use backtest::{assess_on, backtest};
pub use case::Case;
pub use condition::{Comparison, Condition, Truth};
pub use finding::{Finding, FindingStatus};
pub use level::{Caps, InvalidStep, Mode, Step};
pub use order::{Order, Orders};
pub use policy::{Movement, Policy, PolicyFault, Rule, RuleKind, RuleStep, StepDefinition, Text};
pub use report::{
    Assessment, Ceiling, Change, Direction, InForce, IndicatorReport, PolicyId, RuleReport, Verdict,
};
pub use standing::Standing;
