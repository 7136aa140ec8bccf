//! What can be wrong with a chain, and where.

use std::fmt;

use thiserror::Error;

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// The row no longer says what was hashed.
    Changed,
    /// The row is not there, and later ones are.
    Missing,
    /// The row and all after it are not there.
    Cut,
    /// The row is whole, and stands where another was written.
    OutOfOrder,
    /// The row stands outside the chain: before its first or after its last.
    Added,
    /// The head of the chain does not fit its last row.
    ForgedHead,
    /// The place where the chain begins does not fit its first row.
    ForgedBase,
    /// The head is not signed with the key.
    Unsigned,
    /// The chain holds another row than the anchor file remembers.
    Rewritten,
    /// The anchor file does not hold the head.
    Unanchored,
}

impl FaultKind {
    /// The code, for programs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Missing => "missing",
            Self::Cut => "cut",
            Self::OutOfOrder => "out_of_order",
            Self::Added => "added",
            Self::ForgedHead => "forged_head",
            Self::ForgedBase => "forged_base",
            Self::Unsigned => "unsigned",
            Self::Rewritten => "rewritten",
            Self::Unanchored => "unanchored",
        }
    }
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Changed => "the row was changed after it was written",
            Self::Missing => "the row is missing",
            Self::Cut => "the chain was cut: this row and all after it are gone",
            Self::OutOfOrder => "the row is out of order: another was written here",
            Self::Added => "the row was added from outside",
            Self::ForgedHead => "the head of the chain is forged: it does not fit the last row",
            Self::ForgedBase => "the beginning of the chain is forged: it does not fit the first row",
            Self::Unsigned => "the head of the chain is not signed with the key in SIAGA_AUDIT_KEY",
            Self::Rewritten => "the chain was written anew: the anchor file remembers another row",
            Self::Unanchored => "the anchor file does not hold this row: it was cut or could not be written",
        })
    }
}

/// The first fault of a chain.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("chain {chain}, sequence number {seq}: {kind}")]
pub struct ChainFault {
    /// The chain.
    pub chain: String,
    /// The row.
    pub seq: i64,
    /// What is wrong with it.
    pub kind: FaultKind,
}
