//! What a dashboard is, once its file has been read.

use serde::Deserialize;
use thiserror::Error;

use crate::account::Permission;
use crate::assessment::Text;
use crate::epi::IndicatorKind;

/// A dashboard file that cannot be used: where and why.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{file}, line {line}: {message}")]
pub struct Fault {
    /// The file.
    pub file: String,
    /// Line, counted from 1.
    pub line: usize,
    /// What is wrong and what was expected.
    pub message: String,
}

/// A dashboard.
#[derive(Debug, Clone, PartialEq)]
pub struct Dashboard {
    /// Its title, also its name in the menu.
    pub title: Text,
    /// A sentence under the title; without one the title is not shown on the page.
    pub lead: Option<Text>,
    /// Who may open it.
    pub(in crate::web) opens: Opens,
    /// Whether it hangs on a wall: large, without menu, one screen.
    pub(in crate::web) is_wall: bool,
    /// Its panels, from top to bottom and from left to right.
    pub(in crate::web) panels: Vec<Panel>,
    /// How many of them stand side by side, row by row.
    pub(in crate::web) rows: Vec<usize>,
}

/// Who may open a dashboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::web) enum Opens {
    /// Anybody, with figures as anybody may see them.
    Public,
    /// Whoever may read the city's.
    #[default]
    City,
    /// Whoever may read the officials'.
    Officials,
    /// Whoever may read the analysts'.
    Analysis,
}

impl Opens {
    /// What it takes; nothing for what anybody may open.
    pub(in crate::web) fn permission(self) -> Option<Permission> {
        match self {
            Self::Public => None,
            Self::City => Some(Permission::ReadCity),
            Self::Officials => Some(Permission::ReadOfficials),
            Self::Analysis => Some(Permission::ReadAnalysis),
        }
    }

    /// The word in the file.
    pub(in crate::web) fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::City => "city",
            Self::Officials => "officials",
            Self::Analysis => "analysis",
        }
    }
}

/// One panel.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::web) enum Panel {
    Level,
    BothViews,
    Sentence,
    Epicurve(CurveSettings),
    Strip {
        days: u32,
    },
    Staff {
        days: u32,
    },
    Line {
        figure: String,
        days: u32,
    },
    /// Any other chart, by its name.
    Chart {
        figure: String,
    },
    Facts(Vec<Fact>),
    WouldChange {
        most: usize,
    },
    Attention(Vec<Attention>),
    Countdown,
    Freshness,
    Alerts {
        most: usize,
    },
    Units,
    Sources,
    Runs {
        most: usize,
    },
    Filters {
        days: u32,
    },
    Indicators {
        days: u32,
        columns: Vec<IndicatorKind>,
    },
    Table {
        indicators: Vec<IndicatorKind>,
    },
    Revisions {
        most: usize,
    },
    Downloads,
    Text {
        title: Option<Text>,
        text: Text,
    },
}

impl Panel {
    /// What a reader must be permitted besides the page itself.
    pub(in crate::web) fn needs(&self) -> Option<Permission> {
        match self {
            Self::Alerts { .. } | Self::Units | Self::Runs { .. } => Some(Permission::ReadOfficials),
            Self::Filters { .. } | Self::Revisions { .. } => Some(Permission::ReadAnalysis),
            _ => None,
        }
    }
}

/// What the epidemic curve shows.
#[derive(Debug, Clone, PartialEq, Default)]
pub(in crate::web) struct CurveSettings {
    /// How many days up to the day shown.
    pub(in crate::web) days: u32,
    /// Cases per 100,000 residents in seven days, lowest first.
    pub(in crate::web) thresholds_per_100k: Vec<f64>,
    /// Whether the level strip stands under it.
    pub(in crate::web) has_strip: bool,
    /// Equal ratios instead of equal steps.
    pub(in crate::web) is_log: bool,
}

/// One of the numbers beside the level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::web) enum Fact {
    Staff,
    Beds,
    Zone,
}

/// One of the things to keep in mind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::web) enum Attention {
    Evaluation,
    Clusters,
    Ceiling,
    Doubts,
    Sources,
    /// Batches that wait for a person's word; not named while there are none.
    Held,
    /// Turns on duty of the coming week that nobody takes; not named where no roster is kept, nor to those who may not see it.
    Duty,
}
