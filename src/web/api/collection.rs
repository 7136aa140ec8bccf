//! The collections: their names, who may read them, what their rows hold.

use super::rows;
use crate::account::Permission;
use crate::export::Column;
use crate::job::Dataset;
use crate::web::door::{Rule, rule_of};

/// What is read a page at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum Collection {
    /// A dataset that can be taken away as a file too.
    Data(Dataset),
    /// Places with their residents.
    Locations,
    /// Publishers, and how they stand.
    Sources,
    /// Pulls and what became of them.
    Runs,
    /// The files that can be taken away.
    Exports,
}

impl Collection {
    /// All of them, in the order of the way of the data.
    pub(in crate::web) const ALL: [Self; 13] = [
        Self::Locations,
        Self::Data(Dataset::Observations),
        Self::Data(Dataset::Revisions),
        Self::Data(Dataset::Indicators),
        Self::Data(Dataset::Assessments),
        Self::Data(Dataset::Decisions),
        Self::Data(Dataset::Alerts),
        Self::Data(Dataset::Units),
        Self::Data(Dataset::Roster),
        Self::Data(Dataset::Attendance),
        Self::Sources,
        Self::Runs,
        Self::Exports,
    ];

    /// The name in addresses.
    pub(in crate::web) fn name(self) -> &'static str {
        match self {
            Self::Data(dataset) => dataset.name(),
            Self::Locations => "locations",
            Self::Sources => "sources",
            Self::Runs => "runs",
            Self::Exports => "exports",
        }
    }

    /// The address.
    pub(in crate::web) fn path(self) -> String {
        format!("/api/v1/{}", self.name())
    }

    /// Who may read it.
    pub(in crate::web) fn rule(self) -> Rule {
        match self {
            Self::Data(dataset) => rule_of(dataset),
            Self::Locations | Self::Exports => Rule::Open,
            Self::Sources | Self::Runs => Rule::May(Permission::ReadOfficials),
        }
    }

    /// What its rows hold.
    pub(super) fn columns(self) -> Vec<Column> {
        match self {
            Self::Data(dataset) => dataset.columns(),
            Self::Locations => rows::location_columns(),
            Self::Sources => rows::source_columns(),
            Self::Runs => rows::run_columns(),
            Self::Exports => rows::export_columns(),
        }
    }

    /// By what its rows may be chosen.
    pub(super) fn filters(self) -> &'static [&'static str] {
        match self {
            Self::Data(dataset) => dataset.filters(),
            _ => &[],
        }
    }

    /// One sentence on what it is.
    pub(super) fn summary(self) -> &'static str {
        match self {
            Self::Data(Dataset::Observations) => {
                "Figures as reported, every vintage known at the moment asked for"
            }
            Self::Data(Dataset::Revisions) => "How figures changed",
            Self::Data(Dataset::Indicators) => {
                "Indicators by day, each with its interval or the reason it is missing"
            }
            Self::Data(Dataset::Assessments) => "What the rules recommended, every evaluation",
            Self::Data(Dataset::Alerts) => "Lines that were crossed, and what else was told",
            Self::Data(Dataset::Decisions) => {
                "What people decided, each beside what the rules had recommended"
            }
            Self::Data(Dataset::Units) => "Work units (OPD)",
            Self::Data(Dataset::Roster) => "Turns on duty (piket), after every swap",
            Self::Data(Dataset::Attendance) => "Who was where and who reported, counted by unit and day",
            Self::Locations => "Places with their residents",
            Self::Sources => "Publishers: when they came last, and whether they are late",
            Self::Runs => "Pulls: received = accepted + unchanged + rejected + held",
            Self::Exports => "The files that can be taken away, with their fixed addresses",
        }
    }
}
