//! Why a source gives nothing: what may pass, what will not, what cannot be read.

use thiserror::Error;

use crate::text::Reason;

/// Why a source gives nothing. As text it is said in English; [`SourceError::reason`] says it in either language.
#[derive(Debug, Error)]
pub enum SourceError {
    /// May pass: try again at the next turn.
    #[error("fetch {address}: {reason}")]
    Retry {
        /// The address asked, without its query.
        address: String,
        /// What happened.
        reason: Reason,
    },
    /// Will not pass by itself.
    #[error("fetch {address}: {reason}")]
    GiveUp {
        /// The address asked, without its query.
        address: String,
        /// What happened.
        reason: Reason,
    },
    /// The payload is not what the spec describes.
    #[error("read the payload of {spec}: {reason}")]
    Unreadable {
        /// The spec's id.
        spec: String,
        /// What is wrong with it.
        reason: Reason,
    },
}

impl SourceError {
    /// The whole of it as data: what was tried, and why it gave nothing under the name `reason`.
    #[must_use]
    pub fn reason(&self) -> Reason {
        match self {
            Self::Retry { address, reason } | Self::GiveUp { address, reason } => {
                Reason::new("fetch").text("address", address).because("reason", reason.clone())
            }
            Self::Unreadable { spec, reason } => {
                Reason::new("read").text("spec", spec).because("reason", reason.clone())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_and_the_data_say_the_same_in_english() {
        let (address, spec) = ("https://example.org/a".to_owned(), "tidy".to_owned());
        let reason = || Reason::new("not-address");
        for error in [
            SourceError::Retry { address: address.clone(), reason: reason() },
            SourceError::GiveUp { address, reason: reason() },
            SourceError::Unreadable { spec, reason: reason() },
        ] {
            assert_eq!(error.to_string(), error.reason().to_string());
        }
    }
}
