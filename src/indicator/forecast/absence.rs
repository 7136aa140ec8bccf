//! Why there is no forecast.

/// Why no forecast can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NoForecast {
    /// The last week is not known.
    LastWeekMissing,
    /// The week before the last is not known.
    WeekBeforeMissing,
    /// Too few weeks are known to say how much a week differs from the next.
    PastTooShort,
}
