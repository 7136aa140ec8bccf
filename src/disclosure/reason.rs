//! Why a figure is withheld: codes in files, sentences in `dashboards/text/`.

use crate::observation::WITHHELD;

/// Why a figure is withheld.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// It is from 1 up to below the threshold.
    SmallCell,
    /// It differs by less than the threshold from one that was shown.
    SmallChange,
    /// It could be worked out from, or would give away, another that is withheld.
    Complementary,
    /// The running total of the same people is shown, and its differences are these counts.
    DifferenceOfTotals,
    /// Nothing of this week can be shown without giving a unit away.
    WeekWithheld,
    /// It names a person.
    Person,
}

impl Reason {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::SmallCell,
        Self::SmallChange,
        Self::Complementary,
        Self::DifferenceOfTotals,
        Self::WeekWithheld,
        Self::Person,
    ];

    /// The code in files and as the key of its sentence, after `withheld-`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::SmallCell => "small_cell",
            Self::SmallChange => "small_change",
            Self::Complementary => "complementary",
            Self::DifferenceOfTotals => "difference_of_totals",
            Self::WeekWithheld => "week_withheld",
            Self::Person => "person",
        }
    }

    /// What stands in the `note` of a figure without its value.
    #[must_use]
    pub fn note(self) -> String {
        format!("{WITHHELD}{}", self.code())
    }
}
