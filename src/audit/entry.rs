//! One line of the audit log.
// placeholder

use crate::epi::Vintage;

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "placeholder")]
pub enum Action {
    Start,
    SignIn,
    SignInFailed,
    SignOut,
    SessionEnded,
    AccountAdded,
    AccountChanged,
    AccountDisabled,
    AccountEnabled,
    AccountRecovered,
    PasswordSet,
    SecondStepSet,
    TokenMade,
    TokenRevoked,
    FiguresViewed,
    FiguresExported,
    FiguresTaken,
    BatchReleased,
    DecisionMade,
    SettingsChanged,
    RetentionRan,
    AuditRead,
}

impl Action {
    /// The word in the log.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::SignIn => "sign_in",
            Self::SignInFailed => "sign_in_failed",
            Self::SignOut => "sign_out",
            Self::SessionEnded => "session_ended",
            Self::AccountAdded => "account_added",
            Self::AccountChanged => "account_changed",
            Self::AccountDisabled => "account_disabled",
            Self::AccountEnabled => "account_enabled",
            Self::AccountRecovered => "account_recovered",
            Self::PasswordSet => "password_set",
            Self::SecondStepSet => "second_step_set",
            Self::TokenMade => "token_made",
            Self::TokenRevoked => "token_revoked",
            Self::FiguresViewed => "figures_viewed",
            Self::FiguresExported => "figures_exported",
            Self::FiguresTaken => "figures_taken",
            Self::BatchReleased => "batch_released",
            Self::DecisionMade => "decision_made",
            Self::SettingsChanged => "settings_changed",
            Self::RetentionRan => "retention_ran",
            Self::AuditRead => "audit_read",
        }
    }
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "placeholder")]
pub struct Entry {
    pub at: Vintage,
    pub actor: String,
    pub role: String,
    pub action: Action,
    pub object: String,
    pub detail: String,
    pub address: String,
}

impl Entry {
    /// A line without detail and address.
    #[must_use]
    pub fn new(at: Vintage, (actor, role): (&str, &str), action: Action, object: &str) -> Self {
        let (actor, role, object) = (actor.to_owned(), role.to_owned(), object.to_owned());
        Self { at, actor, role, action, object, detail: String::new(), address: String::new() }
    }

    /// With detail.
    #[must_use]
    pub fn detail(mut self, detail: &str) -> Self {
        self.detail = detail.to_owned();
        self
    }

    /// With the address it came from.
    #[must_use]
    pub fn address(mut self, address: &str) -> Self {
        self.address = address.to_owned();
        self
    }
}
