//! How the level moves between steps: which days count, how many must agree, when it takes effect.

use chrono::{Datelike, Duration, NaiveDate, Weekday};

use crate::assessment::level::Step;
use crate::epi::{Calendar, IndicatorKind};

/// Which days count when days in a row are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counting {
    /// Every day.
    Calendar,
    /// Monday to Friday without holidays.
    Working,
    /// Monday to Saturday without holidays (the German Werktage).
    MondayToSaturday,
    /// Days of evaluation: one reading a week.
    Evaluations,
}

/// When a called step takes effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// On the next working day.
    NextWorkingDay,
    /// So many days later; 0 is the same day.
    AfterDays(u32),
}

/// Which level of a day is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LevelShown {
    /// What is recommended on the evidence of the day, in force later.
    Recommended,
    /// What is in force on the day: where a law switches by itself.
    InForce,
}

/// How the level moves between steps.
#[derive(Debug, Clone, PartialEq)]
pub struct Movement {
    /// Whether a day remembers the days before it. Without memory every day stands alone.
    pub has_memory: bool,
    /// The indicator without which the level is not assessable, if there is one.
    pub primary: Option<IndicatorKind>,
    /// How old it may be when today's report has not come yet.
    pub primary_max_age_days: u32,
    /// The only weekday on which the level may move.
    pub evaluate_on: Option<Weekday>,
    /// How many counted days in a row must call for a step before it is raised.
    pub enter_days: u32,
    /// Which days count for it.
    pub enter_counts: Counting,
    /// Whether it rises by one step at a time.
    pub is_one_step_up: bool,
    /// When a raise takes effect.
    pub raise_effect: Effect,
    /// Days a step stays at least, the first day included.
    pub minimum_stay_days: u32,
    /// Counted days in a row on which every leave value must have held.
    pub leave_days: u32,
    /// How many of those days must be known.
    pub leave_valid_days: u32,
    /// Which days count for it.
    pub leave_counts: Counting,
    /// Whether it falls by one step at a time.
    pub is_one_step_down: bool,
    /// When a lower step takes effect.
    pub lower_effect: Effect,
    /// From this step on, leaving also needs weekly growth below the value.
    pub leave_growth: Option<(Step, f64)>,
    /// Which level of a day is told.
    pub shown: LevelShown,
    /// Holidays of its own in place of the city's.
    pub holidays: Option<Calendar>,
}

impl Movement {
    /// Indicators that it reads itself.
    pub(super) fn indicators(&self) -> Vec<IndicatorKind> {
        let growth = self.leave_growth.map(|_| IndicatorKind::GrowthRatio);
        self.primary.into_iter().chain(growth).collect()
    }

    /// Whether the level may move on a day.
    #[must_use]
    pub fn is_evaluation(&self, date: NaiveDate) -> bool {
        self.evaluate_on.is_none_or(|weekday| date.weekday() == weekday)
    }

    /// Whether a day counts.
    #[must_use]
    pub fn counts(&self, counting: Counting, date: NaiveDate, city: &Calendar) -> bool {
        let calendar = self.holidays.as_ref().unwrap_or(city);
        match counting {
            Counting::Calendar => true,
            Counting::Working => calendar.is_working_day(date),
            Counting::MondayToSaturday => date.weekday() != Weekday::Sun && !calendar.is_holiday(date),
            Counting::Evaluations => self.is_evaluation(date),
        }
    }

    /// The first day of a step called for on `date`.
    #[must_use]
    pub fn takes_effect(&self, effect: Effect, date: NaiveDate, city: &Calendar) -> NaiveDate {
        match effect {
            Effect::NextWorkingDay => self.holidays.as_ref().unwrap_or(city).next_working_day(date),
            Effect::AfterDays(days) => date + Duration::days(i64::from(days)),
        }
    }

    /// How many calendar days before a day may have a say in what it says.
    #[must_use]
    pub fn looks_back_days(&self) -> u32 {
        // A week of holidays and a weekday of evaluation at the most lie between two days that count.
        let of = |days: u32, counting: Counting| match counting {
            Counting::Calendar => days,
            Counting::Working | Counting::MondayToSaturday => 3 * days + 14,
            Counting::Evaluations => 7 * (days + 1),
        };
        // Days that are not known are passed over when a raise is confirmed.
        let enter = if self.enter_days > 1 { 3 * of(self.enter_days, self.enter_counts) } else { 1 };
        enter.max(of(self.leave_days, self.leave_counts))
    }
}
