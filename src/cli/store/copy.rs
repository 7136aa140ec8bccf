//! `siaga store`: the store into another database.

use super::StoreCommand;
use crate::app;
use crate::cli::args::Format;
use crate::cli::{Failure, output, usage};
use crate::config::Config;
use crate::export::{Cell, Table};
use crate::store::{CopiedTable, StoreError};

/// Runs a store command.
pub async fn run(config: &Config, command: &StoreCommand) -> Result<(), Failure> {
    match command {
        StoreCommand::Copy { to, format } => copy(config, to, *format).await,
    }
}

/// Copies, then walks the chains of the copy: what cannot be verified there is no copy.
async fn copy(config: &Config, to: &str, format: Option<Format>) -> Result<(), Failure> {
    let store = app::open_store(config).await?;
    let target = app::open_store_at(config, to).await?;
    let copied = store.copy_to(&target).await.map_err(|error| match error {
        StoreError::Filled { .. } => usage(anyhow::anyhow!("--to: {error}")),
        error => Failure::Failed(error.into()),
    })?;
    let reports = target.verify_chains().await.map_err(anyhow::Error::from)?;
    let faults: Vec<String> =
        reports.iter().filter_map(|report| report.fault.as_ref()).map(ToString::to_string).collect();
    let bytes = output::rendered(&table(&copied), output::format_or_default(format))?;
    output::print(&String::from_utf8_lossy(&bytes))?;
    if !faults.is_empty() {
        let faults = faults.join("\n       ");
        return Err(Failure::Failed(anyhow::anyhow!("the chains of the copy are not whole: {faults}")));
    }
    output::say("every row is there, and the chains are whole; now set database.url to the new one");
    Ok(())
}

fn table(copied: &[CopiedTable]) -> Table {
    let mut table = Table::new(&[("table", "name of the table"), ("rows", "rows in both stores")]);
    for CopiedTable { name, rows } in copied {
        table.rows.push(vec![name.as_str().into(), Cell::Whole(i64::try_from(*rows).unwrap_or(i64::MAX))]);
    }
    table
}
