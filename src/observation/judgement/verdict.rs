//! What can be said of a figure, and by whom it was said.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use thiserror::Error;

use crate::epi::Vintage;
use crate::observation::SeriesKey;

/// What is done with a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// It is right as it stands: its doubts are answered.
    Confirm,
    /// Its cases are of several days: it is shared out evenly over them.
    Spread,
    /// It is wrong: it counts as missing.
    Exclude,
    /// The last judgement of it no longer holds.
    Withdraw,
}

impl Verdict {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Confirm, Self::Spread, Self::Exclude, Self::Withdraw];

    /// The name in the store and on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Spread => "spread",
            Self::Exclude => "exclude",
            Self::Withdraw => "withdraw",
        }
    }

    /// Whether readers must be told why: it changes what they see.
    #[must_use]
    pub fn needs_public_note(self) -> bool {
        matches!(self, Self::Spread | Self::Exclude)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// No verdict has this name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("'{0}' is not a judgement: confirm, spread, exclude, withdraw")]
pub struct UnknownVerdict(pub String);

impl FromStr for Verdict {
    type Err = UnknownVerdict;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|verdict| verdict.as_str() == text);
        found.ok_or_else(|| UnknownVerdict(text.to_owned()))
    }
}

/// What a named person said of one figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// Its number: later ones are higher.
    pub id: i64,
    /// When.
    pub at: Vintage,
    /// Who: an account's name.
    pub by: String,
    /// What their work is.
    pub role: String,
    /// The series.
    pub series: SeriesKey,
    /// The day; of a figure for several days, the last.
    pub date: NaiveDate,
    /// How many days the figure covers.
    pub days: u32,
    /// What is done with it.
    pub verdict: Verdict,
    /// The first of the days it is spread over.
    pub spread_from: Option<NaiveDate>,
    /// Why, for every reader.
    pub public_note: String,
    /// Why, for those who judge.
    pub internal_note: String,
}

impl Judgement {
    /// What stands in the `note` of a figure: `excluded: typed twice`.
    #[must_use]
    pub fn note(&self) -> String {
        let what = match (self.verdict, self.spread_from) {
            (Verdict::Confirm, _) => "confirmed".to_owned(),
            (Verdict::Spread, Some(from)) => format!("spread over {from} to {}", self.date),
            (Verdict::Spread, None) => "spread".to_owned(),
            (Verdict::Exclude, _) => "excluded".to_owned(),
            (Verdict::Withdraw, _) => "withdrawn".to_owned(),
        };
        if self.public_note.is_empty() { what } else { format!("{what}: {}", self.public_note) }
    }
}
