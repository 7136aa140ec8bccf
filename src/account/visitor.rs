//! Who asks: a person who signed in, a program with a token, the operator at the machine, or anybody.

use super::role::{Permission, Role};
use crate::disclosure::Audience;

/// Who asks, and what that lets them do and see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Visitor {
    /// Anybody.
    Public,
    /// Anybody, in the demonstration: all figures may be read.
    Demo,
    /// The operator at the machine, who has the database and the settings in hand.
    Operator {
        /// The account of the operating system.
        name: String,
    },
    /// A person who signed in or a program with a token.
    Account {
        /// The account's name.
        name: String,
        /// What its work is.
        role: Role,
        /// The unit of a head of unit.
        unit_id: Option<String>,
        /// What a token is limited to; `None` for a person.
        scopes: Option<Vec<Permission>>,
    },
}

impl Visitor {
    /// Whether this is permitted.
    #[must_use]
    pub fn may(&self, permission: Permission) -> bool {
        match self {
            Self::Public => false,
            Self::Demo => matches!(
                permission,
                Permission::ReadCity
                    | Permission::ReadOfficials
                    | Permission::ReadAnalysis
                    | Permission::Export
                    | Permission::ReadAudit
                    | Permission::ReadWorkforce
            ),
            Self::Operator { .. } => true,
            Self::Account { role, scopes, .. } => {
                role.may(permission) && scopes.as_ref().is_none_or(|scopes| scopes.contains(&permission))
            }
        }
    }

    /// What they may see of the figures. The operator sees them like those who decide, unless more is asked for
    /// by name.
    #[must_use]
    pub fn audience(&self) -> Audience {
        match self {
            Self::Public => Audience::public(),
            Self::Demo => Audience::unsuppressed(),
            Self::Operator { .. } => Audience::executive(),
            Self::Account { role, unit_id, .. } => role.audience(unit_id.as_deref()),
        }
    }

    /// For whom files about people at work are made: all of it for those who see the workforce, the own unit for its head;
    /// nobody else has any.
    #[must_use]
    pub fn workforce_audience(&self) -> Option<Audience> {
        let all = || self.own_unit().map_or_else(Audience::unsuppressed, Audience::unit_head);
        self.may(Permission::ReadWorkforce).then(all)
    }

    /// The one unit they work for, of a head of unit: what they may of the workforce they may of that unit only.
    #[must_use]
    pub fn own_unit(&self) -> Option<&str> {
        match self {
            Self::Account { role: Role::UnitHead, unit_id, .. } => {
                Some(unit_id.as_deref().unwrap_or_default())
            }
            _ => None,
        }
    }

    /// The name in the audit log.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Public | Self::Demo => "public",
            Self::Operator { name } | Self::Account { name, .. } => name,
        }
    }

    /// The role in the audit log.
    #[must_use]
    pub fn role(&self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Demo => "demo",
            Self::Operator { .. } => "operator",
            Self::Account { role, .. } => role.as_str(),
        }
    }
}
