//! `siaga roster`: officers, turns on duty, swaps, holes, files.

use std::path::Path;

use chrono::Duration;

use super::args::{PlanArgs, RosterCommand, RosterDays};
use super::shared::{entries, list, refused, told, window, write};
use crate::account::Visitor;
use crate::audit::Action;
use crate::cli::door::note;
use crate::cli::stored::journey;
use crate::cli::{Failure, output, usage};
use crate::config::Config;
use crate::epi::Window;
use crate::export::{Cell, Table, write_csv};
use crate::job::{
    Journey, RosterAsk, RosterView, calendar_of, forget_officer, import_away, import_officers, lay_out,
    roster_table, roster_view, swap_duty,
};
use crate::text::Phrases;
use crate::workforce::Swap;

/// Runs `siaga roster …`.
pub async fn roster(config: &Config, command: &RosterCommand, visitor: &Visitor) -> Result<(), Failure> {
    let journey = journey(config).await?;
    let entry = entries(&journey, visitor);
    let not = |fault| refused(&journey, fault);
    match command {
        RosterCommand::Officers { file } => {
            let (name, bytes) = list(file)?;
            let handed = import_officers(&journey, (&name, &bytes), (visitor, entry)).await.map_err(not)?;
            told(&journey, &handed)
        }
        RosterCommand::Away { file } => {
            let (name, bytes) = list(file)?;
            let handed = import_away(&journey, (&name, &bytes), (visitor, entry)).await.map_err(not)?;
            told(&journey, &handed)
        }
        RosterCommand::Forget { officer } => {
            forget_officer(&journey, officer, (visitor, entry)).await.map_err(not)?;
            output::say(&format!("{officer} is forgotten; turns stay under the id"));
            Ok(())
        }
        RosterCommand::Plan(args) => lay(&journey, args, visitor).await,
        RosterCommand::Show(days) => {
            let view = view(&journey, days, visitor).await?;
            write(&roster_table(&view), days.format)
        }
        RosterCommand::Swap(args) => {
            let swap = Swap {
                unit_id: args.unit.clone(),
                date: args.date,
                relieved: args.relieved.clone(),
                comes: args.comes.clone(),
                reason: args.reason.clone(),
            };
            swap_duty(&journey, &swap, (visitor, entry)).await.map_err(not)?;
            output::say(&format!("{} is on duty at {} on {}", args.comes, args.unit, args.date));
            Ok(())
        }
        RosterCommand::Holes(days) => {
            let view = view(&journey, days, visitor).await?;
            write(&holes(&view, journey.phrases()), days.format)
        }
        RosterCommand::Export { days, out } => export(&journey, (days, out), visitor).await,
    }
}

async fn lay(journey: &Journey, args: &PlanArgs, visitor: &Visitor) -> Result<(), Failure> {
    let ask = RosterAsk {
        units: args.unit.clone(),
        days: Window { from: args.from, to: args.to },
        required: args.officers,
        positions: args.positions.clone(),
        seed: args.seed,
    };
    let laid = lay_out(journey, &ask, (visitor, entries(journey, visitor))).await;
    let laid = laid.map_err(|fault| refused(journey, fault))?;
    for (unit, last) in &laid.skipped {
        output::say(&format!("{unit} is laid out already, up to {last}"));
    }
    let duties: usize = laid.plans.iter().map(|plan| plan.roster.duties.len()).sum();
    let holes: usize = laid.plans.iter().map(|plan| plan.roster.holes.len()).sum();
    output::say(&format!(
        "{} units, {duties} turns, {holes} unit-days without enough officers{}",
        laid.plans.len(),
        if holes > 0 { ": `siaga roster holes` tells which and why" } else { "" }
    ));
    Ok(())
}

async fn view(journey: &Journey, asked: &RosterDays, visitor: &Visitor) -> Result<RosterView, Failure> {
    let today = journey.today();
    let days = window((asked.from, asked.to), Window { from: today, to: today + Duration::days(13) })?;
    let view = roster_view(journey, (days, asked.unit.as_deref()), visitor).await;
    view.map_err(|fault| refused(journey, fault))
}

fn holes(view: &RosterView, t: Phrases) -> Table {
    let mut table = Table::new(&[
        ("date", "the day"),
        ("unit_id", "work unit (OPD)"),
        ("required", "officers it needs"),
        ("found", "officers it has"),
        ("reason", "what is in the way"),
    ]);
    let whole = |number: u32| Cell::Whole(i64::from(number));
    let open = view.holes.iter().map(|hole| {
        let gap = hole.gap;
        let [officers, away, resting] =
            [gap.officers, gap.away, gap.resting].map(|number| number.to_string());
        let reason = match gap.officers {
            0 => t.say("hole-none"),
            _ => t.say_with("hole-why", &[("officers", &officers), ("away", &away), ("resting", &resting)]),
        };
        vec![
            hole.date.into(),
            hole.unit_id.as_str().into(),
            whole(hole.required),
            whole(hole.found),
            reason.into(),
        ]
    });
    table.rows = open.collect();
    let unplanned = view.unplanned.iter().map(|(unit, date)| {
        vec![(*date).into(), unit.as_str().into(), Cell::Empty, whole(0), t.say("hole-unplanned").into()]
    });
    table.rows.extend(unplanned);
    table
}

async fn export(
    journey: &Journey,
    (days, out): (&RosterDays, &Path),
    visitor: &Visitor,
) -> Result<(), Failure> {
    let ending = out.extension().map(|end| end.to_string_lossy().to_lowercase());
    let view = match ending.as_deref() {
        Some("csv" | "ics") => view(journey, days, visitor).await?,
        _ => {
            return Err(usage(anyhow::anyhow!(
                "--out {}: write a file that ends in .csv or .ics",
                out.display()
            )));
        }
    };
    note(
        journey,
        visitor,
        (Action::FiguresExported, "roster"),
        &format!("{} to {}", view.days.from, view.days.to),
    )
    .await?;
    if ending.as_deref() == Some("ics") {
        let text = calendar_of(journey, &view, journey.phrases());
        return Ok(output::write_whole(out, |file| file.write_all(text.as_bytes()))?);
    }
    let table = roster_table(&view);
    Ok(output::write_whole(out, |file| write_csv(&table, file))?)
}
