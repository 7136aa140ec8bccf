//! Every indicator of one location, a slot a day: the result of the stage.

use std::sync::OnceLock;

use chrono::NaiveDate;

use crate::epi::{Estimate, IndicatorKind, LocationId, Missing};
use crate::observation::QualityFlag;

/// The indicators of one location by day.
#[derive(Debug, Clone)]
pub struct IndicatorTable {
    /// Where.
    pub location: LocationId,
    /// The day of slot 0.
    pub first: NaiveDate,
    /// How many days.
    pub len: usize,
    /// Residents used for rates on the last day, if known.
    pub population: Option<f64>,
    /// Open doubts about daily figures; they block a step down.
    pub flags: Vec<QualityFlag>,
    /// By the place of the kind in [`IndicatorKind::ALL`].
    columns: Vec<Option<Column>>,
}

/// Whether a value that is not given for a day may be taken from an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Carry {
    /// Only at the end of what is known: today's report has not come yet.
    AtTheEnd,
    /// Over gaps too: it holds until it is reported again.
    OverGaps,
}

const NOTHING: Estimate = Estimate::Missing(Missing::NeverReported);

/// One indicator by day, and for each day the last one up to it that has a value (worked out once, when asked).
#[derive(Debug, Clone)]
struct Column {
    values: Vec<Estimate>,
    last: OnceLock<Vec<Option<u32>>>,
}

impl Column {
    fn new(values: Vec<Estimate>) -> Self {
        Self { values, last: OnceLock::new() }
    }

    /// Of each slot the last one up to it that has a value.
    fn last(&self) -> &[Option<u32>] {
        self.last.get_or_init(|| {
            let mut last = None;
            let seen = self.values.iter().enumerate().map(|(slot, estimate)| {
                last = if is_given(estimate) { u32::try_from(slot).ok() } else { last };
                last
            });
            seen.collect()
        })
    }

    /// The first slot that has a value.
    fn first(&self) -> Option<usize> {
        let slot = self.last().partition_point(Option::is_none);
        (slot < self.values.len()).then_some(slot)
    }

    /// The last slot up to `index` that has a value.
    fn last_up_to(&self, index: usize) -> Option<usize> {
        let last = self.last();
        last.get(index.min(last.len().saturating_sub(1))).copied().flatten().map(|slot| slot as usize)
    }
}

impl IndicatorTable {
    /// A table without columns.
    #[must_use]
    pub fn new(location: LocationId, first: NaiveDate, len: usize) -> Self {
        Self {
            location,
            first,
            len,
            population: None,
            flags: Vec::new(),
            columns: vec![None; IndicatorKind::ALL.len()],
        }
    }

    /// The last day.
    #[must_use]
    pub fn last(&self) -> NaiveDate {
        self.date(self.len.saturating_sub(1))
    }

    /// The day of a slot.
    #[must_use]
    pub fn date(&self, index: usize) -> NaiveDate {
        self.first + chrono::Duration::days(i64::try_from(index).unwrap_or(0))
    }

    /// The slot of a day, if the table has it.
    #[must_use]
    pub fn index(&self, date: NaiveDate) -> Option<usize> {
        let offset = usize::try_from((date - self.first).num_days()).ok()?;
        (offset < self.len).then_some(offset)
    }

    /// Sets one value; outside the table it is left out.
    pub fn set(&mut self, kind: IndicatorKind, index: usize, estimate: Estimate) {
        let len = self.len;
        let column = self.columns[kind as usize]
            .get_or_insert_with(|| Column::new(vec![Estimate::Missing(Missing::NeverReported); len]));
        if let Some(slot) = column.values.get_mut(index) {
            *slot = estimate;
            column.last = OnceLock::new();
        }
    }

    /// Sets the values of every day.
    pub fn set_column(&mut self, kind: IndicatorKind, values: Vec<Estimate>) {
        debug_assert_eq!(values.len(), self.len);
        self.columns[kind as usize] = Some(Column::new(values));
    }

    /// The values of every day; `None` if there is no column.
    #[must_use]
    pub fn column(&self, kind: IndicatorKind) -> Option<&[Estimate]> {
        self.columns[kind as usize].as_ref().map(|column| column.values.as_slice())
    }

    /// The value of the very day: nothing is carried.
    #[must_use]
    pub fn at(&self, kind: IndicatorKind, date: NaiveDate) -> Estimate {
        let missing = Estimate::Missing(Missing::NeverReported);
        let Some(column) = &self.columns[kind as usize] else { return missing };
        match self.index(date) {
            Some(index) => column.values[index],
            None if column.last_up_to(usize::MAX).is_some() => Estimate::Missing(Missing::NoFigure),
            None => missing,
        }
    }

    /// The value of the day, or the last one not older than `max_age_days`.
    ///
    /// A stock (beds, zone) holds until it is reported again, so it is carried over gaps. A flow is carried
    /// only at the end of what is known ("today's report has not come yet"): a gap with later figures behind
    /// it stays a gap, and its own reason is given.
    #[must_use]
    pub fn carried(&self, kind: IndicatorKind, date: NaiveDate, max_age_days: u32) -> Estimate {
        let carry = if kind.is_stock() { Carry::OverGaps } else { Carry::AtTheEnd };
        match self.slot_of((kind, carry), self.offset(date), max_age_days) {
            Ok(slot) => self.column(kind).map_or(NOTHING, |column| column[slot]),
            Err(missing) => Estimate::Missing(missing),
        }
    }

    /// Days from the first of the table to `date`; negative before it.
    #[must_use]
    pub fn offset(&self, date: NaiveDate) -> i64 {
        (date - self.first).num_days()
    }

    /// The slot whose value is used for the day `offset` days after the first, or why there is none.
    ///
    /// # Errors
    /// The reason why no value may be used.
    pub fn slot_of(
        &self,
        (kind, carry): (IndicatorKind, Carry),
        offset: i64,
        max_age_days: u32,
    ) -> Result<usize, Missing> {
        let Some(column) = &self.columns[kind as usize] else { return Err(Missing::NeverReported) };
        let own = usize::try_from(offset).ok().filter(|slot| *slot < self.len);
        let reason = match own.map(|slot| &column.values[slot]) {
            Some(Estimate::Missing(reason)) => *reason,
            Some(_) => return Ok(own.unwrap_or(0)),
            None if column.last_up_to(usize::MAX).is_some() => Missing::NoFigure,
            None => Missing::NeverReported,
        };
        let is_carried_at_the_end = || {
            let last = column.last_up_to(usize::MAX).and_then(|last| i64::try_from(last).ok());
            last.is_none_or(|last| last <= offset)
        };
        if max_age_days == 0 || (carry == Carry::AtTheEnd && !is_carried_at_the_end()) {
            return Err(reason);
        }
        let Some(earlier) = usize::try_from(offset).ok().and_then(|slot| column.last_up_to(slot)) else {
            return Err(reason);
        };
        let age = offset - i64::try_from(earlier).unwrap_or(0);
        match age <= i64::from(max_age_days) {
            true => Ok(earlier),
            false if carry == Carry::OverGaps => Err(Missing::TooOld),
            false => Err(reason),
        }
    }

    /// The first day on which an indicator has a value.
    #[must_use]
    pub fn first_given(&self, kind: IndicatorKind) -> Option<NaiveDate> {
        let slot = self.columns[kind as usize].as_ref()?.first()?;
        Some(self.date(slot))
    }

    /// The last day on which an indicator has a value, up to `date`.
    #[must_use]
    pub fn last_given(&self, kind: IndicatorKind, date: NaiveDate) -> Option<NaiveDate> {
        let column = self.columns[kind as usize].as_ref()?;
        let offset = usize::try_from((date - self.first).num_days()).ok()?;
        column.last_up_to(offset).map(|slot| self.date(slot))
    }
}

fn is_given(estimate: &Estimate) -> bool {
    !matches!(estimate, Estimate::Missing(_))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epi::{Known, Status};

    fn table(kind: IndicatorKind, values: &[Option<f64>]) -> IndicatorTable {
        let first: NaiveDate = "2021-06-20".parse().unwrap();
        let mut table = IndicatorTable::new(LocationId::new("3271"), first, values.len());
        for (index, value) in values.iter().enumerate() {
            let estimate = value.map_or(Estimate::Missing(Missing::NoFigure), |value| {
                Estimate::Known(Known::plain(value, Status::Printed, table.date(index)))
            });
            table.set(kind, index, estimate);
        }
        table
    }

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2021, 6, day).unwrap()
    }

    #[test]
    fn a_flow_is_carried_at_the_end_of_what_is_known_and_not_over_a_gap() {
        let kind = IndicatorKind::Incidence7dPer100k;
        let live = table(kind, &[Some(98.7), None, None, None]);
        assert_eq!(live.carried(kind, day(22), 2).value(), Some(98.7));
        assert_eq!(live.carried(kind, day(22), 2).date(), Some(day(20)));
        assert_eq!(live.carried(kind, day(23), 2), Estimate::Missing(Missing::NoFigure));
        let later = table(kind, &[Some(98.7), None, None, Some(146.0)]);
        assert_eq!(later.carried(kind, day(21), 2), Estimate::Missing(Missing::NoFigure));
    }

    #[test]
    fn a_stock_is_carried_over_a_gap() {
        let kind = IndicatorKind::BedOccupancyPct;
        let beds = table(kind, &[Some(77.6), None, None, Some(78.0)]);
        assert_eq!(beds.carried(kind, day(22), 7).value(), Some(77.6));
        assert_eq!(beds.carried(kind, day(30), 7).value(), Some(78.0));
        assert_eq!(beds.carried(kind, day(30), 5), Estimate::Missing(Missing::TooOld));
    }

    #[test]
    fn the_first_and_the_last_day_with_a_value_are_told_also_after_a_change() {
        let kind = IndicatorKind::Cases7d;
        let mut gaps = table(kind, &[None, Some(1.0), None, Some(2.0), None]);
        assert_eq!((gaps.first_given(kind), gaps.last_given(kind, day(22))), (Some(day(21)), Some(day(21))));
        gaps.set(kind, 1, Estimate::Missing(Missing::Withheld));
        assert_eq!((gaps.first_given(kind), gaps.last_given(kind, day(22))), (Some(day(23)), None));
        assert_eq!(table(kind, &[None, None]).first_given(kind), None);
        assert_eq!(gaps.first_given(IndicatorKind::Rt), None);
    }
}
