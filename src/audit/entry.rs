//! One entry of the audit log: who did what to which thing, when, from where.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::epi::Vintage;

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// The program was started.
    Start,
    /// Somebody signed in.
    SignIn,
    /// Somebody tried to sign in and was refused.
    SignInFailed,
    /// Somebody signed out.
    SignOut,
    /// A session was ended by somebody else or by its age.
    SessionEnded,
    /// An account was added.
    AccountAdded,
    /// An account's role or unit was changed.
    AccountChanged,
    /// An account was disabled.
    AccountDisabled,
    /// An account was enabled again.
    AccountEnabled,
    /// An account was given a link to come back with.
    AccountRecovered,
    /// A password was set.
    PasswordSet,
    /// The second step of signing in was set up or removed.
    SecondStepSet,
    /// A token was made.
    TokenMade,
    /// A token was revoked.
    TokenRevoked,
    /// Figures were looked at that not everybody may see.
    FiguresViewed,
    /// Figures were taken away.
    FiguresExported,
    /// Figures were taken in.
    FiguresTaken,
    /// A held batch was released.
    BatchReleased,
    /// A held batch was refused.
    BatchRefused,
    /// A doubtful figure was judged.
    FigureJudged,
    /// The first settings were given on the pages, or a source was added there.
    SetUp,
    /// A decision was recorded.
    DecisionMade,
    /// The number of a circular was recorded, or corrected.
    CircularNumbered,
    /// An order of the centre or the province was added, or given its last day.
    OrderKept,
    /// The settings are no longer those of the last start.
    SettingsChanged,
    /// Old rows were deleted.
    RetentionRan,
    /// The register of units was changed, or a unit was closed or opened again.
    UnitsChanged,
    /// Officers or their turns on duty were changed.
    RosterChanged,
    /// Attendance or reports were taken in.
    AttendanceTaken,
    /// A unit noted something down.
    UnitLogWritten,
    /// Somebody said whether cases of a unit belong together.
    CasesLinked,
    /// An alert was acknowledged or handed over.
    AlertAnswered,
    /// Alerts were silenced, or a silence was lifted.
    AlertSilenced,
    /// The store was written into a file.
    BackupMade,
    /// The store was filled from a backup.
    StoreRestored,
    /// The audit log was read.
    AuditRead,
}

impl Action {
    /// All of them.
    pub const ALL: [Self; 36] = [
        Self::Start,
        Self::SignIn,
        Self::SignInFailed,
        Self::SignOut,
        Self::SessionEnded,
        Self::AccountAdded,
        Self::AccountChanged,
        Self::AccountDisabled,
        Self::AccountEnabled,
        Self::AccountRecovered,
        Self::PasswordSet,
        Self::SecondStepSet,
        Self::TokenMade,
        Self::TokenRevoked,
        Self::FiguresViewed,
        Self::FiguresExported,
        Self::FiguresTaken,
        Self::BatchReleased,
        Self::BatchRefused,
        Self::FigureJudged,
        Self::SetUp,
        Self::DecisionMade,
        Self::CircularNumbered,
        Self::OrderKept,
        Self::SettingsChanged,
        Self::RetentionRan,
        Self::UnitsChanged,
        Self::RosterChanged,
        Self::AttendanceTaken,
        Self::UnitLogWritten,
        Self::CasesLinked,
        Self::AlertAnswered,
        Self::AlertSilenced,
        Self::BackupMade,
        Self::StoreRestored,
        Self::AuditRead,
    ];

    /// The name in the log and on the command line.
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
            Self::BatchRefused => "batch_refused",
            Self::FigureJudged => "figure_judged",
            Self::SetUp => "set_up",
            Self::DecisionMade => "decision_made",
            Self::CircularNumbered => "circular_numbered",
            Self::OrderKept => "order_kept",
            Self::SettingsChanged => "settings_changed",
            Self::RetentionRan => "retention_ran",
            Self::UnitsChanged => "units_changed",
            Self::RosterChanged => "roster_changed",
            Self::AttendanceTaken => "attendance_taken",
            Self::UnitLogWritten => "unit_log_written",
            Self::CasesLinked => "cases_linked",
            Self::AlertAnswered => "alert_answered",
            Self::AlertSilenced => "alert_silenced",
            Self::BackupMade => "backup_made",
            Self::StoreRestored => "store_restored",
            Self::AuditRead => "audit_read",
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// No action has this name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("'{0}' is not an action of the audit log: start, sign_in, figures_exported, decision_made …")]
pub struct UnknownAction(pub String);

impl FromStr for Action {
    type Err = UnknownAction;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|action| action.as_str() == text)
            .ok_or_else(|| UnknownAction(text.to_owned()))
    }
}

/// One entry. Texts are kept as given: no secret goes in, and no figure small enough to point at a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: Vintage,
    /// Who: an account's name, `public`, or `siaga` for the program itself.
    pub actor: String,
    /// What their work is: a role, `operator`, `public`, or `system`.
    pub role: String,
    /// What was done.
    pub action: Action,
    /// To what: an account, a dataset, a page.
    pub object: String,
    /// More about it: JSON or a short text; empty for nothing.
    pub detail: String,
    /// The network address it was asked from; empty for the machine itself.
    pub address: String,
}

impl Entry {
    /// An entry without detail and address; `(actor, role)` is a visitor's name and role.
    #[must_use]
    pub fn new(at: Vintage, (actor, role): (&str, &str), action: Action, object: &str) -> Self {
        Self {
            at,
            actor: actor.to_owned(),
            role: role.to_owned(),
            action,
            object: object.to_owned(),
            detail: String::new(),
            address: String::new(),
        }
    }

    /// An entry of the program's own doing.
    #[must_use]
    pub fn system(at: Vintage, action: Action, object: &str) -> Self {
        Self::new(at, ("siaga", "system"), action, object)
    }

    /// With more about it.
    #[must_use]
    pub fn detail(self, detail: impl Into<String>) -> Self {
        Self { detail: detail.into(), ..self }
    }

    /// With the network address it was asked from.
    #[must_use]
    pub fn address(self, address: impl Into<String>) -> Self {
        Self { address: address.into(), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_reads_back_and_has_a_name_of_its_own() {
        let mut names: Vec<&str> = Action::ALL.iter().map(|action| action.as_str()).collect();
        for action in Action::ALL {
            assert_eq!(action.as_str().parse(), Ok(action));
        }
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Action::ALL.len());
        assert!("Start".parse::<Action>().is_err() && "".parse::<Action>().is_err());
    }
}
