//! Why one try brought nothing, and whether another may.

use std::time::Duration;

use crate::source::SourceError;
use crate::text::Reason;

/// Why one try brought nothing.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) reason: Reason,
    /// Whether another try may bring it.
    pub(super) may_pass: bool,
    /// How long the publisher asks to be left alone.
    pub(super) after: Option<Duration>,
}

impl Fault {
    /// May pass: no answer, an answer that broke off, a publisher in trouble.
    pub(super) fn passing(reason: Reason) -> Self {
        Self { reason, may_pass: true, after: None }
    }

    /// Will not pass by itself.
    pub(super) fn lasting(reason: Reason) -> Self {
        Self { reason, may_pass: false, after: None }
    }

    /// The same with the page it happened at, counted from 1.
    pub(super) fn at_page(self, nth: u64) -> Self {
        Self { reason: Reason::new("page").count("nth", nth).because("reason", self.reason), ..self }
    }

    pub(super) fn told(self, address: String) -> SourceError {
        let reason = self.reason;
        if self.may_pass {
            SourceError::Retry { address, reason }
        } else {
            SourceError::GiveUp { address, reason }
        }
    }
}
