//! What a rule watches.

use serde::Deserialize;

use crate::epi::IndicatorKind;

/// What a rule watches. What it is about (a rule of the policy, a source, a unit) is the subject: each has its own state.
#[derive(Debug, Clone, PartialEq)]
pub enum Watch {
    /// Each rule of the policy: on from its entry value until it has let go.
    PolicyRules,
    /// Each rule of the policy that is quiet and near its entry value while cases grow.
    NearPolicyRules {
        /// Near: at least this share of the entry value.
        share: f64,
        /// Growing: weekly growth of at least this ratio.
        growth: f64,
    },
    /// The recommended step; told at each change.
    Recommendation,
    /// The rules allow a step down, or the end.
    StepDown,
    /// The level cannot be assessed.
    NotAssessable,
    /// Indicators of the city: on while all lines are crossed.
    Indicators(Vec<Line>),
    /// Staff cases of the city in seven days: on from so many, where they also stand out against the days before (EARS C2).
    StaffSignal {
        /// New staff cases in seven days, at least.
        cases: f64,
    },
    /// Each source that promised when it comes: late, stalled, failing.
    Sources,
    /// Each source of which something is held back until a person has looked at it.
    HeldFigures,
    /// What falls due of the decision in force; each told once.
    DecisionDue,
    /// Each unit: on from so many staff cases in the days of a cluster.
    UnitCluster,
    /// The official risk zone asks for another step than the rules recommend.
    ZoneDiffers,
    /// Each unit of which attendance or reports say this (the code of a finding).
    Attendance(String),
    /// Each unit with a turn on duty that nobody takes on the next working day.
    OpenTurns,
}

impl Watch {
    /// The word in a file.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::PolicyRules => "policy_rules",
            Self::NearPolicyRules { .. } => "near_policy_rules",
            Self::Recommendation => "recommendation",
            Self::StepDown => "step_down",
            Self::NotAssessable => "not_assessable",
            Self::Indicators(_) => "indicators",
            Self::StaffSignal { .. } => "staff_signal",
            Self::Sources => "sources",
            Self::HeldFigures => "held_figures",
            Self::DecisionDue => "decision_due",
            Self::UnitCluster => "unit_cluster",
            Self::ZoneDiffers => "zone_differs",
            Self::Attendance(_) => "attendance",
            Self::OpenTurns => "open_turns",
        }
    }

    /// Whether its subjects are units.
    #[must_use]
    pub fn is_of_units(&self) -> bool {
        matches!(self, Self::UnitCluster | Self::Attendance(_) | Self::OpenTurns)
    }

    /// Whether it tells what happened, not what lasts: nothing of it is ever over.
    #[must_use]
    pub fn is_momentary(&self) -> bool {
        matches!(self, Self::Recommendation | Self::DecisionDue)
    }
}

/// Where a line is crossed. On the line itself `at_least` and `at_most` are on, `above` and `below` are not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sign {
    /// On from the value on.
    AtLeast,
    /// On beyond the value.
    Above,
    /// On down from the value.
    AtMost,
    /// On below the value.
    Below,
}

/// One line of an indicator: a value to enter and, to let go, one it must come back past.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// What is held against it.
    pub indicator: IndicatorKind,
    /// On which side it is on.
    pub sign: Sign,
    /// Where it comes on.
    pub enter: f64,
    /// Where it lets go: back past this value. Between the two it stays as it was.
    pub leave: f64,
}

/// On which side of a line a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// It has let go.
    Off,
    /// Between leaving and entering: as it was.
    Between,
    /// It is on.
    On,
}

impl Line {
    /// On which side a value is.
    #[must_use]
    pub fn side(&self, value: f64) -> Side {
        let (is_on, is_off) = match self.sign {
            Sign::AtLeast => (value >= self.enter, value < self.leave),
            Sign::Above => (value > self.enter, value <= self.leave),
            Sign::AtMost => (value <= self.enter, value > self.leave),
            Sign::Below => (value < self.enter, value >= self.leave),
        };
        match (is_on, is_off) {
            (true, _) => Side::On,
            (false, true) => Side::Off,
            (false, false) => Side::Between,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn on_the_line_itself_the_word_decides() {
        let side = |sign, value| {
            let line = Line { indicator: IndicatorKind::GrowthRatio, sign, enter: 2.0, leave: 2.0 };
            line.side(value)
        };
        assert_eq!([1.9, 2.0, 2.1].map(|v| side(Sign::AtLeast, v)), [Side::Off, Side::On, Side::On]);
        assert_eq!([1.9, 2.0, 2.1].map(|v| side(Sign::Above, v)), [Side::Off, Side::Off, Side::On]);
        assert_eq!([1.9, 2.0, 2.1].map(|v| side(Sign::AtMost, v)), [Side::On, Side::On, Side::Off]);
        assert_eq!([1.9, 2.0, 2.1].map(|v| side(Sign::Below, v)), [Side::On, Side::Off, Side::Off]);
    }

    #[test]
    fn between_leaving_and_entering_it_stays_as_it_was() {
        let up =
            Line { indicator: IndicatorKind::GrowthRatio, sign: Sign::AtLeast, enter: 50.0, leave: 40.0 };
        assert_eq!(
            [39.9, 40.0, 49.9, 50.0].map(|v| up.side(v)),
            [Side::Off, Side::Between, Side::Between, Side::On]
        );
        let down = Line { sign: Sign::AtMost, enter: 40.0, leave: 50.0, ..up };
        assert_eq!(
            [50.1, 50.0, 40.1, 40.0].map(|v| down.side(v)),
            [Side::Off, Side::Between, Side::Between, Side::On]
        );
    }
}
