//! A swap of turns that a person asks for, held against the rules of the roster.

use chrono::NaiveDate;
use thiserror::Error;

use super::duty::Duty;
use crate::epi::Calendar;
use crate::workforce::officer::Officer;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Swap {
    /// The unit.
    pub unit_id: String,
    /// The day.
    pub date: NaiveDate,
    /// Who is relieved; nobody where a hole is filled.
    pub relieved: Option<String>,
    /// Who comes.
    pub comes: String,
    /// Why.
    pub reason: String,
}

/// Why it cannot be.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SwapFault {
    /// Nobody said why.
    #[error("say why: a reason of 3 to 300 letters")]
    NoReason,
    /// Who comes is no officer of the unit.
    #[error("{0} is no officer of the unit")]
    NoOfficer(String),
    /// Who comes is not available.
    #[error("{0} is not available on that day")]
    Away(String),
    /// Who is to be relieved is not on duty.
    #[error("{0} is not on duty on that day")]
    NotOnDuty(String),
    /// Who comes is on duty already.
    #[error("{0} is on duty on that day already")]
    OnDutyAlready(String),
    /// The day has all its officers.
    #[error("the day has its officers: say who is relieved")]
    NoHole,
    /// Who comes would be on duty three working days running.
    #[error("{0} would be on duty three working days running")]
    ThreeRunning(String),
}

impl SwapFault {
    /// The code; its sentence is `swap-` and the code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoReason => "no-reason",
            Self::NoOfficer(_) => "no-officer",
            Self::Away(_) => "away",
            Self::NotOnDuty(_) => "not-on-duty",
            Self::OnDutyAlready(_) => "on-duty-already",
            Self::NoHole => "no-hole",
            Self::ThreeRunning(_) => "three-running",
        }
    }

    /// The officer it is about, if it is about one.
    #[must_use]
    pub fn officer(&self) -> &str {
        match self {
            Self::NoOfficer(id)
            | Self::Away(id)
            | Self::NotOnDuty(id)
            | Self::OnDutyAlready(id)
            | Self::ThreeRunning(id) => id,
            Self::NoReason | Self::NoHole => "",
        }
    }
}

/// Letters of a reason.
const REASON: std::ops::RangeInclusive<usize> = 3..=300;

/// Whether a swap can be. `duties` are the unit's turns two working days before and after at least; `has_hole` says whether
/// the day lacks officers.
///
/// # Errors
/// [`SwapFault`].
pub fn check_swap(
    swap: &Swap,
    officers: &[Officer],
    (duties, has_hole): (&[Duty], bool),
    calendar: &Calendar,
) -> Result<(), SwapFault> {
    if !REASON.contains(&swap.reason.trim().chars().count()) {
        return Err(SwapFault::NoReason);
    }
    let is_on = |officer: &str, date: NaiveDate| {
        duties
            .iter()
            .any(|duty| duty.unit_id == swap.unit_id && duty.date == date && duty.officer_id == officer)
    };
    let comes = &swap.comes;
    let officer = officers.iter().find(|officer| officer.id == *comes && officer.unit_id == swap.unit_id);
    let officer = officer.ok_or_else(|| SwapFault::NoOfficer(comes.clone()))?;
    if is_on(comes, swap.date) {
        return Err(SwapFault::OnDutyAlready(comes.clone()));
    }
    if !officer.is_available(swap.date) {
        return Err(SwapFault::Away(comes.clone()));
    }
    match &swap.relieved {
        Some(relieved) if !is_on(relieved, swap.date) => return Err(SwapFault::NotOnDuty(relieved.clone())),
        None if !has_hole => return Err(SwapFault::NoHole),
        _ => {}
    }
    let (before, after) = neighbours(swap.date, calendar);
    let is_there = |day: NaiveDate| is_on(comes, day);
    let run = before.into_iter().take_while(|day| is_there(*day)).count()
        + after.into_iter().take_while(|day| is_there(*day)).count();
    if run >= 2 { Err(SwapFault::ThreeRunning(comes.clone())) } else { Ok(()) }
}

/// The two working days before a day and after it, nearest first.
fn neighbours(date: NaiveDate, calendar: &Calendar) -> ([NaiveDate; 2], [NaiveDate; 2]) {
    let after = calendar.next_working_day(date);
    let before = calendar.last_working_day(date);
    ([before, calendar.last_working_day(before)], [after, calendar.next_working_day(after)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epi::Window;
    use crate::workforce::Position;

    fn officer(id: &str) -> Officer {
        Officer {
            id: id.to_owned(),
            unit_id: "setda".to_owned(),
            name: id.to_owned(),
            title: String::new(),
            position: Position::Staff,
            phone: "0811".to_owned(),
            away: Vec::new(),
        }
    }

    fn duty(date: &str, officer: &str) -> Duty {
        Duty {
            date: date.parse().unwrap(),
            unit_id: "setda".to_owned(),
            officer_id: officer.to_owned(),
            substitute: None,
        }
    }

    fn swap(date: &str, relieved: Option<&str>, comes: &str) -> Swap {
        Swap {
            unit_id: "setda".to_owned(),
            date: date.parse().unwrap(),
            relieved: relieved.map(str::to_owned),
            comes: comes.to_owned(),
            reason: "a meeting".to_owned(),
        }
    }

    #[test]
    fn a_swap_keeps_the_rules_of_the_roster() {
        let mut officers = vec![officer("a"), officer("b"), officer("c")];
        officers[2].away = vec![Window::ending("2021-07-01".parse().unwrap(), 1)];
        // 25 June is a Friday, 28 June a Monday.
        let duties = [
            duty("2021-06-25", "b"),
            duty("2021-06-28", "a"),
            duty("2021-06-29", "b"),
            duty("2021-06-30", "a"),
            duty("2021-07-01", "b"),
        ];
        let asked = |swap: &Swap, has_hole: bool| {
            check_swap(swap, &officers, (&duties, has_hole), &Calendar::default())
        };
        let c = || "c".to_owned();
        let b = || "b".to_owned();
        assert_eq!(asked(&swap("2021-06-29", Some("b"), "c"), false), Ok(()));
        assert_eq!(asked(&swap("2021-06-28", None, "c"), true), Ok(()), "a hole is filled");
        let refused = |wanted: Swap| asked(&wanted, false).unwrap_err();
        let over_a_weekend = refused(swap("2021-06-28", Some("a"), "b"));
        assert_eq!(over_a_weekend, SwapFault::ThreeRunning(b()), "Friday, Monday, Tuesday");
        assert_eq!(refused(swap("2021-06-28", None, "c")), SwapFault::NoHole);
        assert_eq!(refused(swap("2021-07-01", Some("b"), "c")), SwapFault::Away(c()));
        assert_eq!(refused(swap("2021-06-28", Some("b"), "c")), SwapFault::NotOnDuty(b()));
        assert_eq!(refused(swap("2021-06-29", Some("b"), "b")), SwapFault::OnDutyAlready(b()));
        assert_eq!(refused(swap("2021-06-29", Some("b"), "z")), SwapFault::NoOfficer("z".to_owned()));
        let silent = Swap { reason: "  ".to_owned(), ..swap("2021-06-29", Some("b"), "c") };
        assert_eq!(refused(silent), SwapFault::NoReason);
        let holiday = Calendar::new(["2021-06-28".parse().unwrap()]);
        let next_to_holiday = swap("2021-06-30", Some("a"), "b");
        let asked = check_swap(&next_to_holiday, &officers, (&duties, false), &holiday);
        assert_eq!(asked, Err(SwapFault::ThreeRunning(b())), "Tuesday, Wednesday, Thursday");
    }
}
