//! Why there is no reproduction number for a day.

/// Why a day has no reproduction number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NoReproduction {
    /// The window, or the days it is set against, would begin before the series does.
    TooEarly,
    /// The window ends no later than the mean serial interval: its cases have had no time to infect.
    BeforeSerialInterval,
    /// A day of the window is missing, or not a count.
    DayMissing,
    /// A day before the window that its cases may have been infected on is missing, or not a count.
    EarlierDayMissing,
    /// The earlier days had no case, so there is no ratio.
    NoEarlierCases,
}
