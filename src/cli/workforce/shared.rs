//! What commands of the workforce share: files, entries of the audit log, refusals, what became of a list.

use std::path::Path;

use anyhow::Context;
use chrono::NaiveDate;

use crate::account::Visitor;
use crate::audit::{Action, Entry};
use crate::cli::args::Format;
use crate::cli::{Failure, output, usage};
use crate::epi::Window;
use crate::export::Table;
use crate::job::{
    CityView, Focus, Handed, Journey, Register, UnitStanding, WorkforceFault, city_view, standings, told_rows,
};

/// The largest list that is read: a year of a large city's people by day.
const LARGEST: u64 = 64 << 20;

/// A file and its own name.
pub(super) fn list(path: &Path) -> Result<(String, Vec<u8>), Failure> {
    let named = path.display();
    let size = std::fs::metadata(path).with_context(|| format!("read {named}")).map_err(usage)?.len();
    if size > LARGEST {
        return Err(usage(anyhow::anyhow!(
            "read {named}: it is larger than 64 MiB; hand in a month at a time"
        )));
    }
    let bytes = std::fs::read(path).with_context(|| format!("read {named}")).map_err(usage)?;
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    Ok((name, bytes))
}

/// Entries of the audit log about what somebody does here.
pub(super) fn entries<'a>(journey: &'a Journey, visitor: &'a Visitor) -> impl Fn(Action, &str) -> Entry + 'a {
    |action, object| Entry::new(journey.clock.now(), (visitor.name(), visitor.role()), action, object)
}

/// A refusal in the words of the settings' language; what was typed wrongly is wrong usage.
pub(super) fn refused(journey: &Journey, fault: WorkforceFault) -> Failure {
    match fault {
        WorkforceFault::Unavailable(error) => Failure::Failed(error),
        fault @ (WorkforceFault::NotYours(_) | WorkforceFault::Meanwhile | WorkforceFault::Planned(_)) => {
            Failure::Failed(anyhow::anyhow!(fault.say(journey.phrases())))
        }
        fault => usage(anyhow::anyhow!(fault.say(journey.phrases()))),
    }
}

/// Tells what became of a list. Rows that were refused are told one by one; if nothing was taken, that is a failure.
pub(super) fn told(journey: &Journey, handed: &Handed) -> Result<(), Failure> {
    for line in told_rows(&handed.faults, journey.phrases()) {
        output::say(&line);
    }
    let Handed { lines, new, unchanged, faults } = handed;
    let sum = format!("{lines} rows: {new} new, {unchanged} unchanged, {} rows refused", faults.len());
    if new + unchanged == 0 {
        return Err(Failure::Failed(anyhow::anyhow!("nothing was taken in: {sum}")));
    }
    output::say(&sum);
    Ok(())
}

pub(super) fn write(table: &Table, format: Option<Format>) -> Result<(), Failure> {
    let bytes = output::rendered(table, output::format_or_default(format))?;
    Ok(output::print(&String::from_utf8_lossy(&bytes))?)
}

/// Days with their ends put in: `length` days from the first, or up to the last.
pub(super) fn window(
    (from, to): (Option<NaiveDate>, Option<NaiveDate>),
    usual: Window,
) -> Result<Window, Failure> {
    let length = usual.to - usual.from;
    let days = match (from, to) {
        (Some(from), Some(to)) => Window { from, to },
        (Some(from), None) => Window { from, to: usual.to.max(from + length) },
        (None, Some(to)) => Window { from: usual.from.min(to - length), to },
        (None, None) => usual,
    };
    crate::cli::input::in_order(Some(days.from), Some(days.to))?;
    Ok(days)
}

/// How units stand on a day, as the visitor may see it.
pub(super) async fn standing(
    journey: &Journey,
    date: Option<NaiveDate>,
    visitor: &Visitor,
) -> Result<(Register, CityView, Vec<UnitStanding>), Failure> {
    let audience = visitor.audience();
    let view = city_view(&journey.viewing(), Focus { date, as_of: None }, &audience).await?;
    let register = Register::of(journey).await.map_err(|fault| refused(journey, fault))?;
    let units =
        standings(journey, (&register, &view), visitor).await.map_err(|fault| refused(journey, fault))?;
    Ok((register, view, units))
}
