//! The versions of one policy: a past day is assessed under the rule then in force.

use chrono::NaiveDate;
use thiserror::Error;

use super::Policy;

/// Versions that do not make a book.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PolicyBookError {
    /// There is no version at all.
    #[error("a policy needs at least one version")]
    Empty,
    /// Two policies in one book.
    #[error("'{0}' and '{1}' are not versions of one policy: their ids differ")]
    TwoPolicies(String, String),
    /// Two versions of one name or from one day.
    #[error("versions {0} and {1} of '{2}' have the same name or begin on the same day")]
    Twice(String, String, String),
}

/// Every version of one policy, earliest first.
#[derive(Debug, Clone, PartialEq)]
pub struct PolicyBook(Vec<Policy>);

impl PolicyBook {
    /// Puts versions in the order of their first days.
    ///
    /// # Errors
    /// [`PolicyBookError`] when they are none, of several policies, or cannot be told apart.
    pub fn new(mut versions: Vec<Policy>) -> Result<Self, PolicyBookError> {
        versions.sort_by_key(|policy| policy.valid_from);
        if versions.is_empty() {
            return Err(PolicyBookError::Empty);
        }
        for pair in versions.windows(2) {
            let (one, other) = (&pair[0], &pair[1]);
            if one.id != other.id {
                return Err(PolicyBookError::TwoPolicies(one.id.clone(), other.id.clone()));
            }
            if one.version == other.version || one.valid_from == other.valid_from {
                let names = (one.version.clone(), other.version.clone(), one.id.clone());
                return Err(PolicyBookError::Twice(names.0, names.1, names.2));
            }
        }
        Ok(Self(versions))
    }

    /// The version in force on a day: the last that has begun, and before the first of all the first.
    #[must_use]
    pub fn on(&self, date: NaiveDate) -> &Policy {
        self.0.iter().rev().find(|policy| policy.valid_from <= date).unwrap_or(&self.0[0])
    }

    /// Every version, earliest first.
    #[must_use]
    pub fn versions(&self) -> &[Policy] {
        &self.0
    }

    /// The policy's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.0[0].id
    }

    /// The newest version.
    #[must_use]
    pub fn newest(&self) -> &Policy {
        &self.0[self.0.len() - 1]
    }
}

impl From<Policy> for PolicyBook {
    fn from(policy: Policy) -> Self {
        Self(vec![policy])
    }
}
