//! Why somebody is not let in, or a change to accounts is not made. Never says which of name, password and code is wrong.

use thiserror::Error;

use crate::account::{NoRandom, Weakness};
use crate::epi::Vintage;
use crate::store::StoreError;

/// Why not.
#[derive(Debug, Error)]
pub enum AccessError {
    /// Wrong name, password, code, link or token, or a disabled account: one and the same to whoever asks.
    #[error("the name, the password or the code is not right")]
    Refused,
    /// Too many wrong tries for this account; right ones are refused too until then.
    #[error("too many wrong tries for this account; try again after {until}")]
    Locked {
        /// When it may be tried again.
        until: Vintage,
    },
    /// Too many wrong tries from this address.
    #[error("too many wrong tries from this address; try again after {until}")]
    TooMany {
        /// When it may be tried again.
        until: Vintage,
    },
    /// The link or the session is used up or too old: start again.
    #[error("the link or the session has expired")]
    Expired,
    /// The new password is refused.
    #[error("the password is refused: {}", .0.key())]
    Weak(Weakness),
    /// The change cannot be made.
    #[error("{0}")]
    Conflict(Conflict),
    /// The visitor may not do this.
    #[error("that is not permitted")]
    Forbidden,
    /// Not their doing: the store, the provider or the machine.
    #[error(transparent)]
    Unavailable(anyhow::Error),
}

impl AccessError {
    /// The same among other errors. What is not their doing stays what it was: whoever looks for the store's error finds it.
    #[must_use]
    pub fn into_error(self) -> anyhow::Error {
        match self {
            Self::Unavailable(error) => error,
            other => other.into(),
        }
    }
}

/// Why a change to accounts is not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Conflict {
    /// The name is no name.
    #[error(
        "a name has 3 to 40 letters a to z, digits, dots, underscores or hyphens, and begins with a letter or digit"
    )]
    NameInvalid,
    /// The name is taken.
    #[error("there is an account of that name already")]
    NameTaken,
    /// The name at the provider is another account's.
    #[error("another account has that name at the provider")]
    OidcNameTaken,
    /// There is no such account.
    #[error("there is no account of that name")]
    NoSuchAccount,
    /// A head of unit needs a unit.
    #[error("a head of unit needs a unit")]
    UnitNeeded,
    /// Only a head of unit has a unit.
    #[error("only a head of unit has a unit")]
    UnitNotForRole,
    /// Nobody could keep the accounts.
    #[error("it is the last owner who can sign in: add another first")]
    LastOwner,
    /// The account has a second step already.
    #[error("the account has a second step already")]
    SecondStepThere,
    /// A token may do no more than its account.
    #[error("a token may do no more than its account's role, and something")]
    ScopesTooWide,
    /// A token lasts 1 to 366 days.
    #[error("a token lasts 1 to 366 days")]
    DaysOutOfRange,
    /// A title has at most 100 characters, a token's at least one.
    #[error("a title has at most 100 characters; a token needs one")]
    TitleInvalid,
    /// A full name and a name at the provider have at most 100 characters each.
    #[error("a full name, and a name at the provider, has at most 100 characters")]
    PersonInvalid,
    /// There is no such token or session.
    #[error("there is none of that id")]
    NoSuchId,
    /// The account is disabled.
    #[error("the account is disabled: enable it first")]
    Disabled,
    /// No provider is set up.
    #[error("no provider is set up under [account.oidc]")]
    NoProvider,
}

impl Conflict {
    /// The phrase that says so to a person.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::NameInvalid => "access-name-invalid",
            Self::NameTaken => "access-name-taken",
            Self::OidcNameTaken => "access-oidc-name-taken",
            Self::NoSuchAccount => "access-no-such-account",
            Self::UnitNeeded => "access-unit-needed",
            Self::UnitNotForRole => "access-unit-not-for-role",
            Self::LastOwner => "access-last-owner",
            Self::SecondStepThere => "access-second-step-there",
            Self::ScopesTooWide => "access-scopes-too-wide",
            Self::DaysOutOfRange => "access-days-out-of-range",
            Self::TitleInvalid => "access-title-invalid",
            Self::PersonInvalid => "access-person-invalid",
            Self::NoSuchId => "access-no-such-id",
            Self::Disabled => "access-disabled",
            Self::NoProvider => "access-no-provider",
        }
    }
}

impl AccessError {
    /// The phrase that says so to a person.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Self::Refused => "access-refused",
            Self::Locked { .. } => "access-locked",
            Self::TooMany { .. } => "access-too-many",
            Self::Expired => "access-expired",
            Self::Weak(weakness) => weakness.key(),
            Self::Conflict(conflict) => conflict.key(),
            Self::Forbidden => "access-forbidden",
            Self::Unavailable(_) => "access-unavailable",
        }
    }
}

impl From<StoreError> for AccessError {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error.into())
    }
}

impl From<NoRandom> for AccessError {
    fn from(error: NoRandom) -> Self {
        Self::Unavailable(error.into())
    }
}

impl From<Weakness> for AccessError {
    fn from(weakness: Weakness) -> Self {
        Self::Weak(weakness)
    }
}

impl From<Conflict> for AccessError {
    fn from(conflict: Conflict) -> Self {
        Self::Conflict(conflict)
    }
}
