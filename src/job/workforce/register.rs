//! The register of units as it stands: the city's list, with what was imported over it; closures and head-counts.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::attendance::Handed;
use super::fault::WorkforceFault;
use crate::account::Visitor;
use crate::audit::{Action, Entry};
use crate::job::{Journey, Viewing};
use crate::source::sheet_of;
use crate::workforce::{
    Closure, ClosureFault, HeadCount, StaffScope, Tally, Unit, UnitRow, called, head_count_at, read_units,
};

/// The units with their head-counts and closures.
#[derive(Debug, Clone)]
pub struct Register {
    /// The units, those of the city's list first.
    pub units: Vec<Unit>,
    /// Head-counts that were imported.
    pub counts: Vec<HeadCount>,
    /// Closures, in order of days.
    pub closures: Vec<Closure>,
}

impl Register {
    /// As it is kept now.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn of(journey: &Journey) -> Result<Self, WorkforceFault> {
        Self::seen(&journey.viewing()).await
    }

    /// The same for whoever only looks.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn seen(journey: &Viewing<'_>) -> Result<Self, WorkforceFault> {
        let store = &journey.store;
        let kept: BTreeMap<String, Unit> =
            store.registered_units(&journey.city.location).await?.into_iter().collect();
        let mut units: Vec<Unit> = journey.city.units.clone();
        for unit in &mut units {
            if let Some(kept) = kept.get(&unit.unit_id) {
                *unit = Unit {
                    headcount: unit.headcount,
                    headcount_date: unit.headcount_date,
                    headcount_status: unit.headcount_status.clone(),
                    ..kept.clone()
                };
            }
        }
        let is_new = |unit: &Unit| !journey.city.units.iter().any(|known| known.unit_id == unit.unit_id);
        units.extend(kept.into_values().filter(is_new));
        Ok(Self { units, counts: store.head_counts().await?, closures: store.closures().await? })
    }

    /// A unit by its id, one of its names or an alias.
    ///
    /// # Errors
    /// [`WorkforceFault::UnknownUnit`].
    pub fn unit(&self, name: &str) -> Result<&Unit, WorkforceFault> {
        called(&self.units, name).ok_or_else(|| WorkforceFault::UnknownUnit(name.to_owned()))
    }

    /// The units a visitor may see: the head of a unit the own one.
    pub fn seen_by<'a>(&'a self, visitor: &Visitor) -> impl Iterator<Item = &'a Unit> {
        let own = visitor.own_unit().map(str::to_owned);
        self.units.iter().filter(move |unit| own.as_ref().is_none_or(|own| *own == unit.unit_id))
    }

    /// The staff of a unit on a day: what was imported by then, else what the city's list says of that day or before.
    #[must_use]
    pub fn staff(&self, unit: &Unit, date: NaiveDate) -> Option<u32> {
        let imported =
            head_count_at(&self.counts, &unit.unit_id, date).and_then(|count| count.staff(StaffScope::Asn));
        imported.or_else(|| {
            let listed =
                unit.headcount.filter(|_| unit.headcount_date.is_none_or(|counted| counted <= date))?;
            (0.0..=1_000_000.0).contains(&listed).then(|| whole(listed))
        })
    }

    /// The closures of a unit.
    #[must_use]
    pub fn closures_of(&self, unit_id: &str) -> Vec<Closure> {
        self.closures.iter().filter(|closure| closure.unit_id == unit_id).cloned().collect()
    }
}

/// A head-count of the city's list as a whole number.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "held to 0 to a million by whoever calls"
)]
fn whole(listed: f64) -> u32 {
    listed as u32
}

/// Takes in a list of units of the personnel system; `day` is the day of its head-counts where it does not say.
///
/// # Errors
/// When the file is no list or the store does not answer; rows that cannot be taken are in the answer.
pub async fn import_units(
    journey: &Journey,
    (name, bytes): (&str, &[u8]),
    day: Option<NaiveDate>,
    entry: impl Fn(Action, &str) -> Entry,
) -> Result<Handed, WorkforceFault> {
    let sheet = sheet_of(bytes).map_err(WorkforceFault::File)?;
    let register = Register::of(journey).await?;
    let today = journey.today();
    let read = read_units(&sheet, (&register.units, &journey.city.location), (day.unwrap_or(today), today));
    let entry = entry(Action::UnitsChanged, name).detail(format!("{} rows", read.rows.len()));
    let new = match read.rows.is_empty() {
        true => 0,
        false => journey.store.add_units(&read.rows, &entry).await?,
    };
    let rows = read.rows.len();
    Ok(Handed { lines: rows + read.faults.len(), new, unchanged: rows - new, faults: read.faults })
}

/// Notes the head-count of one unit on a day.
///
/// # Errors
/// When the unit is not known, nothing is counted, or the day lies ahead.
pub async fn count_heads(
    journey: &Journey,
    (unit, date): (&str, NaiveDate),
    counts: &BTreeMap<Tally, u32>,
    entry: impl Fn(Action, &str) -> Entry,
) -> Result<bool, WorkforceFault> {
    let register = Register::of(journey).await?;
    let unit = register.unit(unit)?;
    if counts.is_empty() {
        return Err(WorkforceFault::HeadCount);
    }
    if date > journey.today() {
        return Err(WorkforceFault::Ahead(date));
    }
    let row = UnitRow { unit: unit.clone(), date, counts: counts.clone(), is_new: false };
    let told: Vec<String> =
        counts.iter().map(|(tally, people)| format!("{} {people}", tally.as_str())).collect();
    let entry = entry(Action::UnitsChanged, &unit.unit_id).detail(format!("{date}: {}", told.join(", ")));
    Ok(journey.store.add_units(std::slice::from_ref(&row), &entry).await? > 0)
}

/// Closes a unit.
///
/// # Errors
/// Why it cannot be closed so.
pub async fn close_unit(
    journey: &Journey,
    closure: &Closure,
    entry: impl Fn(Action, &str) -> Entry,
) -> Result<(), WorkforceFault> {
    let register = Register::of(journey).await?;
    let unit = register.unit(&closure.unit_id)?;
    let closure = Closure { unit_id: unit.unit_id.clone(), ..closure.clone() };
    closure.check(unit, &register.closures)?;
    let until = closure.to.map_or_else(String::new, |to| format!(" to {to}"));
    let detail = format!("closed from {}{until}; service: {}", closure.from, closure.substitute);
    let entry = entry(Action::UnitsChanged, &closure.unit_id).detail(detail);
    journey.store.add_closure(&closure, &entry).await?;
    Ok(())
}

/// Opens a closed unit again from a day on.
///
/// # Errors
/// When it is not closed on that day.
pub async fn reopen_unit(
    journey: &Journey,
    (unit, day): (&str, NaiveDate),
    entry: impl Fn(Action, &str) -> Entry,
) -> Result<(), WorkforceFault> {
    let register = Register::of(journey).await?;
    let unit = register.unit(unit)?;
    let closed = register.closures.iter().find(|closure| {
        closure.unit_id == unit.unit_id && closure.reopened.is_none() && closure.holds_on(day)
    });
    let closed = closed.ok_or(ClosureFault::NotClosed(day))?;
    let entry = entry(Action::UnitsChanged, &unit.unit_id).detail(format!("opened again from {day}"));
    Ok(journey.store.reopen(closed.id, day, &entry).await?)
}
