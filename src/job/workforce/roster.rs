//! The duty roster: officers, days that are laid out, swaps, and the roster as it stands.

use std::collections::BTreeMap;

use chrono::{Duration, NaiveDate};

use super::attendance::Handed;
use super::fault::{WorkforceFault, is_theirs};
use super::register::Register;
use crate::account::Visitor;
use crate::audit::{Action, Entry};
use crate::epi::Window;
use crate::job::Journey;
use crate::source::sheet_of;
use crate::store::NewPlan;
use crate::workforce::{
    Change, Duty, Hole, MOST_OFFICERS, Officer, Past, Planning, Position, PositionRule, Swap, Unit,
    check_swap, default_officers, gaps, plan, read_away, read_officers,
};

/// Days that can be laid out at once.
const LONGEST: i64 = 366;

/// Takes in a list of officers.
///
/// # Errors
/// When the file is no list or the store does not answer.
pub async fn import_officers(
    journey: &Journey,
    (name, bytes): (&str, &[u8]),
    (visitor, entry): (&Visitor, impl Fn(Action, &str) -> Entry),
) -> Result<Handed, WorkforceFault> {
    let sheet = sheet_of(bytes).map_err(WorkforceFault::File)?;
    let register = Register::of(journey).await?;
    let units: Vec<Unit> = register.seen_by(visitor).cloned().collect();
    let read = read_officers(&sheet, &units);
    // An officer of another unit cannot be taken over by naming the id.
    let known = journey.store.officers(None).await?;
    for officer in &read.rows {
        if let Some(known) = known.iter().find(|known| known.id == officer.id) {
            is_theirs(visitor, &known.unit_id)?;
        }
    }
    let is_same = |officer: &&Officer| {
        known.iter().any(|known| Officer { away: Vec::new(), ..known.clone() } == **officer)
    };
    let unchanged = read.rows.iter().filter(is_same).count();
    let new = read.rows.len() - unchanged;
    if new > 0 {
        let entry = entry(Action::RosterChanged, name).detail(format!("{} officers", read.rows.len()));
        journey.store.save_officers(&read.rows, &entry).await?;
    }
    Ok(Handed { lines: sheet.len(), new, unchanged, faults: read.faults })
}

/// Takes in days on which officers are not available.
///
/// # Errors
/// As [`import_officers`].
pub async fn import_away(
    journey: &Journey,
    (name, bytes): (&str, &[u8]),
    (visitor, entry): (&Visitor, impl Fn(Action, &str) -> Entry),
) -> Result<Handed, WorkforceFault> {
    let sheet = sheet_of(bytes).map_err(WorkforceFault::File)?;
    let officers = journey.store.officers(visitor.own_unit()).await?;
    let read = read_away(&sheet, &officers);
    let is_known = |away: &&crate::workforce::Away| {
        officers.iter().any(|officer| officer.id == away.officer_id && officer.away.contains(&away.days))
    };
    let unchanged = read.rows.iter().filter(is_known).count();
    let new = read.rows.len() - unchanged;
    if new > 0 {
        let entry = entry(Action::RosterChanged, name).detail(format!("{new} periods away"));
        journey.store.save_away(&read.rows, &entry).await?;
    }
    Ok(Handed { lines: sheet.len(), new, unchanged, faults: read.faults })
}

/// Forgets an officer.
///
/// # Errors
/// When nobody is known by the id, or the officer is another unit's.
pub async fn forget_officer(
    journey: &Journey,
    id: &str,
    (visitor, entry): (&Visitor, impl Fn(Action, &str) -> Entry),
) -> Result<(), WorkforceFault> {
    let unknown = || WorkforceFault::UnknownOfficer(id.to_owned());
    let officers = journey.store.officers(None).await?;
    let officer = officers.iter().find(|officer| officer.id == id).ok_or_else(unknown)?;
    is_theirs(visitor, &officer.unit_id)?;
    let entry = entry(Action::RosterChanged, &officer.unit_id).detail(format!("{id} forgotten"));
    match journey.store.forget_officer(id, &entry).await? {
        true => Ok(()),
        false => Err(unknown()),
    }
}

/// What is to be laid out.
#[derive(Debug, Clone)]
pub struct RosterAsk {
    /// The units; empty for all.
    pub units: Vec<String>,
    /// The days.
    pub days: Window,
    /// Officers on a day, instead of one, or two from fifty staff on.
    pub required: Option<u32>,
    /// Who takes turns; empty for everybody.
    pub positions: Vec<Position>,
    /// Decides between equals.
    pub seed: u64,
}

/// What was laid out.
#[derive(Debug, Clone)]
pub struct Laid {
    /// The units with their turns.
    pub plans: Vec<NewPlan>,
    /// Units whose days were laid out before, with the last of them.
    pub skipped: Vec<(String, NaiveDate)>,
}

/// Lays out the days of units that are not laid out yet. Days before the last one that is stay as they are.
///
/// # Errors
/// Why nothing can be laid out.
pub async fn lay_out(
    journey: &Journey,
    ask: &RosterAsk,
    (visitor, entry): (&Visitor, impl Fn(Action, &str) -> Entry),
) -> Result<Laid, WorkforceFault> {
    if ask.days.to < ask.days.from || (ask.days.to - ask.days.from).num_days() >= LONGEST {
        return Err(WorkforceFault::Days);
    }
    if let Some(count) = ask.required.filter(|count| !(1..=MOST_OFFICERS).contains(count)) {
        return Err(WorkforceFault::Required(count));
    }
    let register = Register::of(journey).await?;
    let units = asked_units(&register, &ask.units, visitor)?;
    let ahead = Window { from: ask.days.from, to: NaiveDate::MAX };
    let known = journey.store.plans(Window { to: ahead.from + Duration::days(3_660), ..ahead }).await?;
    let mut laid = Laid { plans: Vec::new(), skipped: Vec::new() };
    let mut by_start: BTreeMap<NaiveDate, Vec<&Unit>> = BTreeMap::new();
    for unit in units {
        let last = known.iter().filter(|plan| plan.unit_id == unit.unit_id).map(|plan| plan.days.to).max();
        let from = last.map_or(ask.days.from, |last| ask.days.from.max(last + Duration::days(1)));
        match last.filter(|_| from > ask.days.to) {
            Some(last) => laid.skipped.push((unit.unit_id.clone(), last)),
            None => by_start.entry(from).or_default().push(unit),
        }
    }
    let officers = journey.store.officers(None).await?;
    for (from, units) in by_start {
        let past = past_before(journey, from).await?;
        let days = Window { from, to: ask.days.to };
        for unit in units {
            let staff = register.staff(unit, from);
            let required = ask.required.unwrap_or_else(|| default_officers(staff));
            let past = past.get(&unit.unit_id).cloned().unwrap_or_default();
            laid.plans.push(laid_out(journey, (unit, days, required), (ask, &officers), &past));
        }
    }
    if laid.plans.is_empty() {
        let last = laid.skipped.iter().map(|(_, last)| *last).min();
        return Err(last.map_or(WorkforceFault::Days, WorkforceFault::Planned));
    }
    let entry = entry(Action::RosterChanged, "roster").detail(format!(
        "{} units from {} to {}",
        laid.plans.len(),
        ask.days.from,
        ask.days.to
    ));
    journey.store.save_plans(&laid.plans, &entry).await?;
    Ok(laid)
}

/// The units asked for, or all that the visitor may.
fn asked_units<'a>(
    register: &'a Register,
    names: &[String],
    visitor: &Visitor,
) -> Result<Vec<&'a Unit>, WorkforceFault> {
    if names.is_empty() {
        return Ok(register.seen_by(visitor).collect());
    }
    let mut units = Vec::new();
    for name in names {
        let unit = register.unit(name)?;
        is_theirs(visitor, &unit.unit_id)?;
        units.push(unit);
    }
    units.sort_by(|one, other| one.unit_id.cmp(&other.unit_id));
    units.dedup_by(|one, other| one.unit_id == other.unit_id);
    Ok(units)
}

async fn past_before(journey: &Journey, from: NaiveDate) -> Result<BTreeMap<String, Past>, WorkforceFault> {
    let last = journey.city.calendar.last_working_day(from);
    let before = journey.city.calendar.last_working_day(last);
    Ok(journey.store.past_turns(from, [last, before]).await?)
}

fn laid_out(
    journey: &Journey,
    (unit, days, required): (&Unit, Window, u32),
    (ask, officers): (&RosterAsk, &[Officer]),
    past: &Past,
) -> NewPlan {
    let worked: Vec<NaiveDate> =
        days.days().filter(|day| journey.city.calendar.is_working_day(*day)).collect();
    let rule = PositionRule { titles: Vec::new(), classes: ask.positions.clone() };
    let roster = plan(&Planning {
        unit_id: &unit.unit_id,
        officers,
        rule: &rule,
        required,
        days: &worked,
        past,
        seed: ask.seed,
    });
    let positions: Vec<&str> = ask.positions.iter().map(|position| position.as_str()).collect();
    let (unit_id, seed, positions) = (unit.unit_id.clone(), ask.seed, positions.join(","));
    NewPlan { unit_id, days, required, seed, positions, roster }
}

/// Puts somebody else on duty, or fills a hole; the plan stays as it was.
///
/// # Errors
/// Why it cannot be.
pub async fn swap_duty(
    journey: &Journey,
    swap: &Swap,
    (visitor, entry): (&Visitor, impl Fn(Action, &str) -> Entry),
) -> Result<(), WorkforceFault> {
    let register = Register::of(journey).await?;
    let unit_id = register.unit(&swap.unit_id)?.unit_id.clone();
    is_theirs(visitor, &unit_id)?;
    let swap = Swap { unit_id: unit_id.clone(), ..swap.clone() };
    let (store, unit) = (&journey.store, Some(unit_id.as_str()));
    let officers = store.officers(unit).await?;
    // Two working days before and after lie well inside a month, whatever holidays are between.
    let around = Window { from: swap.date - Duration::days(31), to: swap.date + Duration::days(31) };
    let duties = store.duties(around, unit).await?;
    let holes = store.duty_holes(Window { from: swap.date, to: swap.date }, unit).await?;
    let has_hole = !gaps(&holes, &duties).is_empty();
    check_swap(&swap, &officers, (&duties, has_hole), &journey.city.calendar)
        .map_err(WorkforceFault::Swap)?;
    let detail = format!(
        "{}: {} for {}: {}",
        swap.date,
        swap.comes,
        swap.relieved.as_deref().unwrap_or("nobody"),
        swap.reason
    );
    let entry = entry(Action::RosterChanged, &unit_id).detail(detail);
    let change = Change {
        id: 0,
        at: entry.at,
        by: entry.actor.clone(),
        role: entry.role.clone(),
        reason: swap.reason.trim().to_owned(),
        unit_id,
        date: swap.date,
        relieved: swap.relieved,
        comes: swap.comes,
    };
    store.add_duty_change(&change, &entry).await?;
    Ok(())
}

/// The roster as it stands.
#[derive(Debug, Clone)]
pub struct RosterView {
    /// The days.
    pub days: Window,
    /// Turns after every change.
    pub duties: Vec<Duty>,
    /// Days without enough officers.
    pub holes: Vec<Hole>,
    /// Working days of units that nobody laid out: unit and day.
    pub unplanned: Vec<(String, NaiveDate)>,
    /// What people changed.
    pub changes: Vec<Change>,
    /// The officers, in order of ids.
    pub officers: Vec<Officer>,
}

impl RosterView {
    /// An officer by id; one who left is known by the id alone.
    #[must_use]
    pub fn officer(&self, id: &str) -> Option<&Officer> {
        let place = self.officers.binary_search_by(|officer| officer.id.as_str().cmp(id)).ok()?;
        self.officers.get(place)
    }
}

/// The roster of some days, of one unit or of all the visitor may see.
///
/// # Errors
/// When the unit is another's or the store does not answer.
pub async fn roster_view(
    journey: &Journey,
    (days, unit): (Window, Option<&str>),
    visitor: &Visitor,
) -> Result<RosterView, WorkforceFault> {
    let register = Register::of(journey).await?;
    let unit = match unit {
        Some(name) => Some(register.unit(name)?.unit_id.clone()),
        None => visitor.own_unit().map(str::to_owned),
    };
    if let Some(unit) = &unit {
        is_theirs(visitor, unit)?;
    }
    let (store, unit) = (&journey.store, unit.as_deref());
    let duties = store.duties(days, unit).await?;
    let holes = gaps(&store.duty_holes(days, unit).await?, &duties);
    let plans = store.plans(days).await?;
    let worked: Vec<NaiveDate> =
        days.days().filter(|day| journey.city.calendar.is_working_day(*day)).collect();
    let mut unplanned = Vec::new();
    for known in register.units.iter().filter(|known| unit.is_none_or(|unit| unit == known.unit_id)) {
        let own: Vec<Window> =
            plans.iter().filter(|plan| plan.unit_id == known.unit_id).map(|plan| plan.days).collect();
        let open = worked.iter().filter(|day| !own.iter().any(|days| days.contains(**day)));
        unplanned.extend(open.map(|day| (known.unit_id.clone(), *day)));
    }
    let (changes, officers) = (store.duty_changes(days, unit).await?, store.officers(unit).await?);
    Ok(RosterView { days, duties, holes, unplanned, changes, officers })
}
