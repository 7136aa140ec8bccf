//! Accounts, sessions and API tokens as they are kept and shown. Never a password, a code or a token.

use super::role::{Permission, Role};
use crate::epi::Vintage;

/// An account as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its name.
    pub name: String,
    /// The person's full name; may be empty.
    pub title: String,
    /// What its work is.
    pub role: Role,
    /// The unit of a head of unit.
    pub unit_id: Option<String>,
    /// Whether it has a password: false until the one-time link was used.
    pub has_password: bool,
    /// Whether it has a second step.
    pub has_second_step: bool,
    /// The name the city's own provider knows it by; empty for none.
    pub oidc_name: String,
    /// Since when it is disabled.
    pub disabled_at: Option<Vintage>,
    /// When it was added.
    pub created_at: Vintage,
}

impl Account {
    /// Whether somebody can sign in with it.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        self.disabled_at.is_none() && (self.has_password || !self.oidc_name.is_empty())
    }
}

/// What is told of an account to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAccount {
    /// Its name.
    pub name: String,
    /// The person's full name; may be empty.
    pub title: String,
    /// What its work is.
    pub role: Role,
    /// The unit of a head of unit.
    pub unit_id: Option<String>,
    /// The name the city's own provider knows it by; empty for none.
    pub oidc_name: String,
}

/// How far signing in has come. Only a full session may do anything but go on with that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionState {
    /// Signed in.
    Full,
    /// The second step is missing.
    SecondStep,
    /// The role needs a second step and the account has none yet.
    Enrol,
}

impl SessionState {
    /// The word in the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::SecondStep => "second_step",
            Self::Enrol => "enrol",
        }
    }

    /// The state of that word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Full, Self::SecondStep, Self::Enrol].into_iter().find(|state| state.as_str() == text)
    }
}

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id, which is not its token: it may be shown, and opens nothing.
    pub id: String,
    /// The account's name.
    pub account: String,
    /// What the account's work is.
    pub role: Role,
    /// The unit of a head of unit.
    pub unit_id: Option<String>,
    /// How far signing in has come.
    pub state: SessionState,
    /// When it began.
    pub signed_in_at: Vintage,
    /// When it was last used, to the minute.
    pub seen_at: Vintage,
    /// When it ends at the latest.
    pub ends_at: Vintage,
    /// The address it began from.
    pub address: String,
    /// What the browser called itself.
    pub agent: String,
}

/// An API token, without the token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiToken {
    /// Its id, which is not the token.
    pub id: String,
    /// Whose it is.
    pub account: String,
    /// What it is for.
    pub title: String,
    /// What it is limited to.
    pub scopes: Vec<Permission>,
    /// When it was made.
    pub created_at: Vintage,
    /// From when on it is refused.
    pub expires_at: Vintage,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Vintage>,
    /// Since when it is revoked.
    pub revoked_at: Option<Vintage>,
}

/// What is told of an API token to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewToken {
    /// Whose it is to be.
    pub account: String,
    /// What it is for.
    pub title: String,
    /// What it is limited to: a part of what the role is permitted.
    pub scopes: Vec<Permission>,
    /// How long it lasts, in days: 1 to 366.
    pub days: u16,
}
