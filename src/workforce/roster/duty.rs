//! Turns on duty as they were planned, as people changed them, and the unit-days that lack officers.

use chrono::NaiveDate;

use crate::epi::Vintage;

/// Somebody's turn on a day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duty {
    /// The day.
    pub date: NaiveDate,
    /// The unit.
    pub unit_id: String,
    /// The officer.
    pub officer_id: String,
    /// Who stands in if the officer cannot.
    pub substitute: Option<String>,
}

/// A change that a person made. The plan stays as it was; changes are added to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its number; 0 before it is kept.
    pub id: i64,
    /// When.
    pub at: Vintage,
    /// Who.
    pub by: String,
    /// Their role.
    pub role: String,
    /// Why.
    pub reason: String,
    /// The unit.
    pub unit_id: String,
    /// The day.
    pub date: NaiveDate,
    /// Who is relieved; nobody where a hole is filled.
    pub relieved: Option<String>,
    /// Who comes.
    pub comes: String,
}

/// What keeps a unit-day from having enough officers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Gap {
    /// Officers of the unit who may take turns.
    pub officers: u32,
    /// Of them, how many are away.
    pub away: u32,
    /// Of them, how many were on duty the two working days before.
    pub resting: u32,
}

/// A unit-day without enough officers, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hole {
    /// The day.
    pub date: NaiveDate,
    /// The unit.
    pub unit_id: String,
    /// Officers it needs.
    pub required: u32,
    /// Officers it has.
    pub found: u32,
    /// What is in the way.
    pub gap: Gap,
}

/// The turns after every change, in order of day, unit and officer. Whoever comes keeps the substitute of the one relieved,
/// unless that is themselves.
#[must_use]
pub fn applied(planned: &[Duty], changes: &[Change]) -> Vec<Duty> {
    let mut duties = planned.to_vec();
    for change in changes {
        let is_theirs = |duty: &Duty| {
            duty.unit_id == change.unit_id
                && duty.date == change.date
                && Some(&duty.officer_id) == change.relieved.as_ref()
        };
        let relieved = duties.iter().position(is_theirs).map(|place| duties.remove(place));
        let substitute = relieved.and_then(|duty| duty.substitute).filter(|id| *id != change.comes);
        duties.push(Duty {
            date: change.date,
            unit_id: change.unit_id.clone(),
            officer_id: change.comes.clone(),
            substitute,
        });
    }
    duties.sort();
    duties
}

/// What is left of the holes after every change.
#[must_use]
pub fn gaps(holes: &[Hole], duties: &[Duty]) -> Vec<Hole> {
    let left = holes.iter().filter_map(|hole| {
        let on_duty = duties.iter().filter(|duty| duty.unit_id == hole.unit_id && duty.date == hole.date);
        let found = u32::try_from(on_duty.count()).unwrap_or(u32::MAX);
        (found < hole.required).then(|| Hole { found, ..hole.clone() })
    });
    left.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn duty(officer: &str, substitute: &str) -> Duty {
        Duty {
            date: "2021-06-29".parse().unwrap(),
            unit_id: "setda".to_owned(),
            officer_id: officer.to_owned(),
            substitute: Some(substitute.to_owned()),
        }
    }

    fn change(relieved: Option<&str>, comes: &str) -> Change {
        Change {
            id: 0,
            at: Vintage::parse_as_of("2021-06-28", chrono_tz::Asia::Jakarta).unwrap(),
            by: "bkpsdm".to_owned(),
            role: "personnel".to_owned(),
            reason: "a meeting in Bandung".to_owned(),
            unit_id: "setda".to_owned(),
            date: "2021-06-29".parse().unwrap(),
            relieved: relieved.map(str::to_owned),
            comes: comes.to_owned(),
        }
    }

    #[test]
    fn changes_come_over_the_plan_one_after_the_other() {
        let planned = [duty("a", "b")];
        let after = applied(&planned, &[change(Some("a"), "b"), change(Some("b"), "c")]);
        assert_eq!(after.len(), 1);
        assert_eq!((after[0].officer_id.as_str(), after[0].substitute.as_deref()), ("c", None));
        let hole = Hole {
            date: planned[0].date,
            unit_id: "setda".to_owned(),
            required: 2,
            found: 1,
            gap: Gap { officers: 3, away: 1, resting: 1 },
        };
        assert_eq!(gaps(std::slice::from_ref(&hole), &after), std::slice::from_ref(&hole));
        let filled = applied(&planned, &[change(None, "c")]);
        assert_eq!(filled.iter().map(|duty| duty.officer_id.as_str()).collect::<Vec<_>>(), ["a", "c"]);
        assert!(gaps(&[hole], &filled).is_empty());
    }
}
