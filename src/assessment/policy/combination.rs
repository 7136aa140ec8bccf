//! How the rules make the level: the highest step that any of them calls for, or a table over what each of them says.

use crate::assessment::level::Step;

/// How the rules make the level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Combination {
    /// The highest step that any rule calls for.
    Highest,
    /// The first row that fits what the rules say.
    Table(Vec<CombinationRow>),
}

/// One row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CombinationRow {
    /// For some rules (by their place in the policy) the words of which each must say one; none means it always fits.
    pub when: Vec<(usize, Vec<String>)>,
    /// What it settles.
    pub then: Settles,
}

/// What a row of the table settles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settles {
    /// This step.
    Step(Step),
    /// That the level cannot be told.
    Unknown,
    /// The highest step of these rules (by their place); unknown when none of them can be assessed.
    HighestOf(Vec<usize>),
}
