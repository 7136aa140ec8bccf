//! A unit that is closed for some days: since when, why, and who serves the public meanwhile.

use chrono::NaiveDate;
use thiserror::Error;

use super::unit::{Service, Unit};

/// A closure. It is kept for ever; opening the unit again is added to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closure {
    /// Its number; 0 before it is kept.
    pub id: i64,
    /// The unit.
    pub unit_id: String,
    /// First day.
    pub from: NaiveDate,
    /// Last day, if it was said.
    pub to: Option<NaiveDate>,
    /// The day it was opened again, if it was before its end.
    pub reopened: Option<NaiveDate>,
    /// Why.
    pub reason: String,
    /// Where the service is meanwhile: "kecamatan", "online", "Mal Pelayanan Publik".
    pub substitute: String,
    /// Who closed it.
    pub by: String,
}

/// Why a unit cannot be closed so.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ClosureFault {
    /// A critical service is never closed.
    #[error("a critical unit is never closed: split its teams and send its desks home")]
    Critical,
    /// Nobody said where the service is meanwhile.
    #[error("name the substitute: where the public is served meanwhile")]
    NoSubstitute,
    /// Nobody said why.
    #[error("say why: a reason of 3 to 300 letters")]
    NoReason,
    /// It ends before it begins.
    #[error("the last day lies before the first")]
    EndBeforeStart,
    /// It is closed on some of these days already.
    #[error("it is closed already from {0}")]
    Overlaps(NaiveDate),
    /// It is not closed on that day.
    #[error("it is not closed on {0}")]
    NotClosed(NaiveDate),
}

impl ClosureFault {
    /// The code; its sentence is `closure-` and the code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::NoSubstitute => "no-substitute",
            Self::NoReason => "no-reason",
            Self::EndBeforeStart => "end-before-start",
            Self::Overlaps(_) => "overlaps",
            Self::NotClosed(_) => "not-closed",
        }
    }
}

/// Letters of a reason.
const REASON: std::ops::RangeInclusive<usize> = 3..=300;

impl Closure {
    /// Whether the unit is closed on a day.
    #[must_use]
    pub fn holds_on(&self, date: NaiveDate) -> bool {
        self.from <= date && self.last().is_none_or(|last| date <= last)
    }

    /// The last day it is closed, as far as is known.
    #[must_use]
    pub fn last(&self) -> Option<NaiveDate> {
        let before = self.reopened.and_then(|day| day.pred_opt());
        match (self.to, before) {
            (Some(to), Some(before)) => Some(to.min(before)),
            (to, before) => to.or(before),
        }
    }

    /// Whether it can be kept beside those of the unit that are there.
    ///
    /// # Errors
    /// [`ClosureFault`].
    pub fn check(&self, unit: &Unit, others: &[Self]) -> Result<(), ClosureFault> {
        if unit.service() == Service::Critical {
            return Err(ClosureFault::Critical);
        }
        if !REASON.contains(&self.reason.trim().chars().count()) {
            return Err(ClosureFault::NoReason);
        }
        if !REASON.contains(&self.substitute.trim().chars().count()) {
            return Err(ClosureFault::NoSubstitute);
        }
        if self.to.is_some_and(|to| to < self.from) {
            return Err(ClosureFault::EndBeforeStart);
        }
        let is_beside = |other: &&Self| {
            other.unit_id == self.unit_id
                && self.last().is_none_or(|last| other.from <= last)
                && other.last().is_none_or(|last| self.from <= last)
        };
        match others.iter().find(is_beside) {
            Some(other) => Err(ClosureFault::Overlaps(other.from)),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::unit::tests::unit;
    use super::*;

    /// A closure as the city ordered them in June 2021.
    pub(in crate::workforce) fn closed(
        unit_id: &str,
        from: &str,
        to: Option<&str>,
        substitute: &str,
    ) -> Closure {
        Closure {
            id: 0,
            unit_id: unit_id.to_owned(),
            from: from.parse().unwrap(),
            to: to.map(|to| to.parse().unwrap()),
            reopened: None,
            reason: "positive staff".to_owned(),
            substitute: substitute.to_owned(),
            by: "sekda".to_owned(),
        }
    }

    #[test]
    fn june_2021_two_offices_close_and_their_service_goes_elsewhere() {
        let registry = closed("disdukcapil", "2021-06-22", None, "kecamatan");
        let permits = closed("dpmptsp", "2021-06-21", Some("2021-06-23"), "online or the service mall");
        assert_eq!(registry.check(&unit("disdukcapil", "E"), std::slice::from_ref(&permits)), Ok(()));
        let on = |closure: &Closure, day: &str| closure.holds_on(day.parse().unwrap());
        assert!(!on(&registry, "2021-06-21") && on(&registry, "2021-06-22") && on(&registry, "2021-07-31"));
        assert!(on(&permits, "2021-06-23") && !on(&permits, "2021-06-24"));
        let reopened = Closure { reopened: Some("2021-06-28".parse().unwrap()), ..registry };
        assert!(on(&reopened, "2021-06-27") && !on(&reopened, "2021-06-28"));
    }

    #[test]
    fn what_cannot_be_is_refused_by_name() {
        let sound = closed("dpmptsp", "2021-06-21", Some("2021-06-23"), "online");
        let essential = unit("dpmptsp", "E");
        assert_eq!(sound.check(&unit("dpmptsp", "K"), &[]), Err(ClosureFault::Critical));
        let said = |closure: Closure| closure.check(&essential, &[]).unwrap_err();
        assert_eq!(said(Closure { substitute: " ".to_owned(), ..sound.clone() }), ClosureFault::NoSubstitute);
        assert_eq!(said(Closure { reason: String::new(), ..sound.clone() }), ClosureFault::NoReason);
        let backwards = Closure { to: Some("2021-06-20".parse().unwrap()), ..sound.clone() };
        assert_eq!(said(backwards), ClosureFault::EndBeforeStart);
        let others = [closed("dpmptsp", "2021-06-23", None, "online")];
        assert_eq!(
            sound.check(&essential, &others),
            Err(ClosureFault::Overlaps("2021-06-23".parse().unwrap()))
        );
        let after =
            [closed("dpmptsp", "2021-06-24", None, "online"), closed("setda", "2021-06-21", None, "online")];
        assert_eq!(sound.check(&essential, &after), Ok(()));
    }
}
