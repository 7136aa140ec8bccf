//! `siaga source list`: every source with how it stands, when it last had something new, and when the next is expected.

use crate::cli::args::Format;
use crate::cli::{Failure, output, stored};
use crate::config::Config;
use crate::epi::Vintage;
use crate::export::{Cell, Table};
use crate::job::{Journey, SourceFreshness, source_freshness};
use crate::source::SourceSpec;
use crate::text::{Locale, told};

/// Writes the list.
pub async fn list(config: &Config, (format, is_all): (Option<Format>, bool)) -> Result<(), Failure> {
    let journey = stored::journey(config).await?;
    let found = source_freshness(&journey.viewing(), journey.clock.now()).await?;
    let columns = ["id", "title", "state", "changed_at", "expected", "checked_at", "failure"];
    let mut table = Table::new(&columns.map(|column| (column, "")));
    for about in &found {
        table.rows.push(row(&journey, about).await?);
    }
    let others = journey.sources.iter().filter(|spec| found.iter().all(|about| about.id != spec.id));
    if is_all {
        let title = |spec: &SourceSpec| spec.title_in(journey.locale == Locale::En).to_owned();
        table.rows.extend(others.map(|spec| {
            let empty = || Cell::Empty;
            let (id, title) = (spec.id.as_str().into(), title(spec).into());
            vec![id, title, "unused".into(), empty(), empty(), empty(), empty()]
        }));
    } else {
        output::say(&format!("siaga: {} more can be read and were never used: --all", others.count()));
    }
    let bytes = output::rendered(&table, output::format_or_default(format))?;
    Ok(output::print(&String::from_utf8_lossy(&bytes))?)
}

async fn row(journey: &Journey, about: &SourceFreshness) -> anyhow::Result<Vec<Cell>> {
    let state = journey.store.source_state(&about.id).await?;
    let spec = journey.sources.iter().find(|spec| spec.id == about.id);
    let title = spec.map_or("", |spec| spec.title_in(journey.locale == Locale::En));
    let moment = |at: Option<Vintage>| at.map_or(Cell::Empty, |at| Cell::Text(at.to_string()));
    // One that nobody asks and that has brought nothing yet is not late: its file has not come.
    let is_waiting = about.changed_at.is_none() && !about.is_pulled;
    let standing = if is_waiting { "by_hand" } else { about.standing.as_str() };
    Ok(vec![
        about.id.as_str().into(),
        title.into(),
        standing.into(),
        moment(about.changed_at),
        moment(about.expected),
        moment(state.checked_at),
        told(&state.failure, journey.phrases()).into(),
    ])
}
