//! Who may do what: roles and what each is permitted, in one table. Least privilege: a role has what its work needs.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::disclosure::Audience;

/// Something that can be permitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// Read the mayor's dashboard.
    ReadCity,
    /// Read the officials' dashboard: alerts, units as the role may see them, sources.
    ReadOfficials,
    /// Read the analyst's dashboard: figures, revisions, the dictionary.
    ReadAnalysis,
    /// Take datasets away, as the role may see them.
    Export,
    /// Pull sources, take in files.
    Ingest,
    /// Release a held batch.
    Release,
    /// Judge a doubtful figure: confirm, spread, exclude it.
    JudgeFigures,
    /// Record decisions.
    Decide,
    /// Acknowledge alerts.
    Acknowledge,
    /// Read the audit log.
    ReadAudit,
    /// Add, change and disable accounts.
    ManageAccounts,
    /// See units with what binds them, the duty roster, attendance and reports; the head of a unit those of the own one.
    ReadWorkforce,
    /// Keep roster, attendance, reports and what units note down; the head of a unit those of the own one.
    KeepWorkforce,
    /// Keep the register of units and their head-counts, close units and open them again.
    KeepUnits,
    /// Bring tables up to date, copy, back up: what the operator does at the machine.
    Operate,
}

impl Permission {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::ReadCity,
        Self::ReadOfficials,
        Self::ReadAnalysis,
        Self::Export,
        Self::Ingest,
        Self::Release,
        Self::JudgeFigures,
        Self::Decide,
        Self::Acknowledge,
        Self::ReadAudit,
        Self::ManageAccounts,
        Self::ReadWorkforce,
        Self::KeepWorkforce,
        Self::KeepUnits,
        Self::Operate,
    ];

    /// The name in tokens' scopes, on the command line and in the audit log.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ReadCity => "read_city",
            Self::ReadOfficials => "read_officials",
            Self::ReadAnalysis => "read_analysis",
            Self::Export => "export",
            Self::Ingest => "ingest",
            Self::Release => "release",
            Self::JudgeFigures => "judge_figures",
            Self::Decide => "decide",
            Self::Acknowledge => "acknowledge",
            Self::ReadAudit => "read_audit",
            Self::ManageAccounts => "manage_accounts",
            Self::ReadWorkforce => "read_workforce",
            Self::KeepWorkforce => "keep_workforce",
            Self::KeepUnits => "keep_units",
            Self::Operate => "operate",
        }
    }
}

/// What somebody's work is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Keeps the accounts, and takes in the first figures. Sees figures like an analyst.
    Owner,
    /// Wali kota, Sekda and their office: city and unit aggregates; decides.
    Mayor,
    /// Kepala unit: the own unit.
    UnitHead,
    /// Epidemiolog of the health office (Dinkes): unit counts as reported.
    Epidemiologist,
    /// BKPSDM: attendance, duty roster, reports; not test results.
    Personnel,
    /// Analis: suppressed files.
    Analyst,
    /// Admin data: imports; takes nothing away.
    DataOfficer,
    /// Auditor: logs.
    Auditor,
}

/// No role has this name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "'{0}' is not a role: owner, mayor, unit_head, epidemiologist, personnel, analyst, data_officer, auditor"
)]
pub struct UnknownRole(pub String);

impl Role {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Owner,
        Self::Mayor,
        Self::UnitHead,
        Self::Epidemiologist,
        Self::Personnel,
        Self::Analyst,
        Self::DataOfficer,
        Self::Auditor,
    ];

    /// The name in the store, on the command line and in the audit log.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Mayor => "mayor",
            Self::UnitHead => "unit_head",
            Self::Epidemiologist => "epidemiologist",
            Self::Personnel => "personnel",
            Self::Analyst => "analyst",
            Self::DataOfficer => "data_officer",
            Self::Auditor => "auditor",
        }
    }

    /// What it is permitted.
    #[must_use]
    pub fn permissions(self) -> &'static [Permission] {
        use Permission as P;
        match self {
            Self::Owner => {
                &[P::ReadCity, P::ReadOfficials, P::ReadAnalysis, P::Ingest, P::ReadAudit, P::ManageAccounts]
            }
            Self::Mayor => &[
                P::ReadCity,
                P::ReadOfficials,
                P::ReadAnalysis,
                P::Export,
                P::Decide,
                P::Acknowledge,
                P::ReadWorkforce,
                P::KeepUnits,
            ],
            Self::UnitHead => {
                &[P::ReadCity, P::ReadOfficials, P::Acknowledge, P::ReadWorkforce, P::KeepWorkforce]
            }
            Self::Epidemiologist => &[
                P::ReadCity,
                P::ReadOfficials,
                P::ReadAnalysis,
                P::Export,
                P::Release,
                P::JudgeFigures,
                P::Acknowledge,
            ],
            Self::Personnel => &[
                P::ReadCity,
                P::ReadOfficials,
                P::Acknowledge,
                P::ReadWorkforce,
                P::KeepWorkforce,
                P::KeepUnits,
            ],
            Self::Analyst => &[P::ReadCity, P::ReadAnalysis, P::Export],
            Self::DataOfficer => &[
                P::ReadCity,
                P::ReadOfficials,
                P::ReadAnalysis,
                P::Ingest,
                P::Release,
                P::JudgeFigures,
                P::Acknowledge,
            ],
            Self::Auditor => &[P::ReadAudit],
        }
    }

    /// Whether it is permitted this.
    #[must_use]
    pub fn may(self, permission: Permission) -> bool {
        self.permissions().contains(&permission)
    }

    /// Whether signing in takes a second step: those who decide, and those who could make themselves such.
    #[must_use]
    pub fn needs_second_step(self) -> bool {
        self.may(Permission::Decide) || self.may(Permission::Release) || self.may(Permission::ManageAccounts)
    }

    /// What it may see of the figures; `unit_id` is the unit of a head of unit.
    #[must_use]
    pub fn audience(self, unit_id: Option<&str>) -> Audience {
        match self {
            Self::Mayor => Audience::executive(),
            Self::Epidemiologist => Audience::unsuppressed(),
            Self::UnitHead => unit_id.map_or_else(Audience::government, Audience::unit_head),
            Self::Owner | Self::Analyst | Self::DataOfficer | Self::Personnel => Audience::government(),
            Self::Auditor => Audience::public(),
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|role| role.as_str() == text).ok_or_else(|| UnknownRole(text.to_owned()))
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Permission {
    type Err = UnknownPermission;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|permission| permission.as_str() == text);
        found.ok_or_else(|| UnknownPermission(text.to_owned()))
    }
}

/// No permission has this name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("'{0}' is not something that can be permitted")]
pub struct UnknownPermission(pub String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_reads_back() {
        for role in Role::ALL {
            assert_eq!(role.as_str().parse(), Ok(role));
        }
        for permission in Permission::ALL {
            assert_eq!(permission.as_str().parse(), Ok(permission));
        }
        assert!("Owner".parse::<Role>().is_err() && "all".parse::<Permission>().is_err());
    }

    #[test]
    fn nobody_has_more_than_the_work_needs() {
        let who = |permission| Role::ALL.into_iter().filter(|role| role.may(permission)).collect::<Vec<_>>();
        assert_eq!(who(Permission::ManageAccounts), [Role::Owner]);
        assert_eq!(who(Permission::ReadAudit), [Role::Owner, Role::Auditor]);
        assert_eq!(who(Permission::Decide), [Role::Mayor]);
        assert_eq!(who(Permission::Ingest), [Role::Owner, Role::DataOfficer]);
        assert_eq!(who(Permission::Export), [Role::Mayor, Role::Epidemiologist, Role::Analyst]);
        assert_eq!(who(Permission::JudgeFigures), [Role::Epidemiologist, Role::DataOfficer]);
        assert_eq!(who(Permission::ReadWorkforce), [Role::Mayor, Role::UnitHead, Role::Personnel]);
        assert_eq!(who(Permission::KeepWorkforce), [Role::UnitHead, Role::Personnel]);
        assert_eq!(who(Permission::KeepUnits), [Role::Mayor, Role::Personnel]);
        assert_eq!(who(Permission::Operate), []);
    }

    #[test]
    fn only_the_epidemiologist_sees_every_unit_as_reported() {
        let recorded: Vec<Role> =
            Role::ALL.into_iter().filter(|role| role.audience(Some("setda")).is_recorded()).collect();
        assert_eq!(recorded, [Role::UnitHead, Role::Epidemiologist]);
        assert!(!Role::UnitHead.audience(None).is_recorded());
    }
}
