//! `siaga detect`: days and units that stand out.

use super::args::DetectArgs;
use super::figures::Figures;
use crate::account::Visitor;
use crate::cli::output::{self, Rows};
use crate::cli::{Failure, input, usage};
use crate::config::Config;
use crate::export::Cell;
use crate::indicator::detection::Ears;
use crate::job::{StandingOut, day_columns, unit_columns};
use crate::observation::{Measure, Nature};

/// EARS takes no standard deviation below this: after a week without cases two are an alarm and one is not.
const LEAST_SD: f64 = 0.5;

/// `siaga detect`
pub async fn detect(config: &Config, args: &DetectArgs, visitor: &Visitor) -> Result<(), Failure> {
    let days = (args.date.or(args.from), args.date.or(args.to));
    input::in_order(days.0, days.1)?;
    let measure = measure(args)?;
    let ears = Ears::new(usize::from(args.baseline_days), LEAST_SD).map_err(usage)?;
    let figures = Figures::read(config, (&args.input, "detect"), visitor).await?;
    figures.check_days(&[days.0, days.1])?;
    let looking = StandingOut { days, measure, ears, locations: &figures.locations, method: &figures.method };
    let columns = if args.units { unit_columns() } else { day_columns() };
    let alarms = columns.iter().position(|column| column.name == "alarms");
    let stands_out = |row: &Vec<Cell>| alarms.is_none_or(|place| row[place] != Cell::Empty);
    let mut out = Rows::open(columns, output::format_or_default(args.format))?;
    for grid in figures.grids()? {
        let rows = if args.units { looking.unit_rows(&grid) } else { looking.day_rows(&grid) };
        let told = rows.into_iter().filter(|row| !args.alarms || stands_out(row));
        told.into_iter().try_for_each(|row| out.push(row))?;
    }
    Ok(out.finish()?)
}

/// A count that is new in the day.
fn measure(args: &DetectArgs) -> Result<Measure, Failure> {
    let name = args.measure.as_deref().unwrap_or(if args.units { "staff_cases" } else { "cases" });
    match name.parse::<Measure>() {
        Ok(measure) if measure.nature() == Nature::Flow => Ok(measure),
        _ => {
            let flows = Measure::reported().filter(|measure| measure.nature() == Nature::Flow);
            let names: Vec<&str> = flows.map(Measure::name).collect();
            Err(usage(anyhow::anyhow!(
                "--measure {name}: write a count that is new in the day: {}",
                names.join(", ")
            )))
        }
    }
}
