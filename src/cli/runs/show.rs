//! `siaga runs show`: one pull as its page shows it, as tables to read, as one table, or as JSON.

use anyhow::Context;
use serde_json::{Value, json};

use crate::account::{Permission, Visitor};
use crate::cli::args::Format;
use crate::cli::{Failure, output};
use crate::export::{Cell, Table};
use crate::job::{HeldDiff, HeldFigure, HeldFor, Journey, read_hold};
use crate::store::{Hold, HoldState, Run, RunRejection};
use crate::text::{Phrases, told};

/// A pull with all that belongs to it.
struct Shown {
    run: Run,
    held: Option<Held>,
    refused: Vec<RunRejection>,
    phrases: Phrases,
}

/// A batch that is or was held.
struct Held {
    hold: Hold,
    found: Vec<HeldFor>,
    diff: HeldDiff,
}

/// Shows a pull.
pub(super) async fn show(
    journey: &Journey,
    id: &str,
    (format, visitor): (Option<Format>, &Visitor),
) -> Result<(), Failure> {
    let shown = gathered(journey, id, visitor).await?;
    shown.talk();
    let text = match output::format_or_default(format) {
        Format::Json => serde_json::to_string_pretty(&shown.json()).map_err(anyhow::Error::from)?,
        Format::Csv => rendered(&shown.table(), Format::Csv)?,
        Format::Table => shown.tables()?,
    };
    Ok(output::print(&text)?)
}

async fn gathered(journey: &Journey, id: &str, visitor: &Visitor) -> Result<Shown, Failure> {
    let run = journey.store.run(id).await.map_err(anyhow::Error::from)?;
    let run = run.with_context(|| format!("there is no run {id}: `siaga runs list` names them"))?;
    // What was refused, or would change, may be a figure that not everybody may see.
    let sees_figures = visitor.may(Permission::Ingest) || visitor.may(Permission::Release);
    let hold = journey.store.hold(id).await.map_err(anyhow::Error::from)?;
    let held = hold.map(|hold| {
        let (found, diff) = read_hold(&hold.reasons, &hold.diff);
        let none = Vec::new;
        match sees_figures {
            true => Held { hold, found, diff },
            false => {
                Held { hold, found, diff: HeldDiff { own: none(), movers: none(), taken: none(), ..diff } }
            }
        }
    });
    let mut refused = journey.store.rejections(id).await.map_err(anyhow::Error::from)?;
    if !sees_figures {
        refused.iter_mut().for_each(|row| row.detail.clear());
    }
    Ok(Shown { run, held, refused, phrases: journey.phrases() })
}

fn rendered(table: &Table, format: Format) -> anyhow::Result<String> {
    Ok(String::from_utf8_lossy(&output::rendered(table, format)?).into_owned())
}

impl Shown {
    /// What is said beside the result.
    fn talk(&self) {
        let run = &self.run;
        output::say(&format!(
            "{}: {} at {}; received {} = accepted {} + unchanged {} + rejected {} + held {}; left out {}; payload {}",
            run.id,
            run.outcome.as_str(),
            run.started_at,
            run.received,
            run.accepted,
            run.unchanged,
            run.rejected,
            run.held,
            run.skipped,
            if run.payload.is_empty() { "none" } else { &run.payload }
        ));
        let Some(Held { hold, .. }) = &self.held else {
            if !run.message.is_empty() {
                output::say(&told(&run.message, self.phrases));
            }
            return;
        };
        match hold.state {
            HoldState::Open => output::say(&format!(
                "held: `siaga runs release {0}` lets it in, `siaga runs refuse {0}` does not; both take --reason",
                run.id
            )),
            HoldState::Superseded => output::say(&format!("superseded by {}", hold.next_run)),
            state => {
                output::say(&format!("{} by {} ({}): {}", state.as_str(), hold.by, hold.role, hold.reason));
            }
        }
    }

    /// Why a batch is held, in a sentence.
    fn sentence(&self, found: &HeldFor) -> String {
        self.phrases.say_with(&format!("hold-reason-{}", found.code), &[("detail", &found.detail)])
    }

    /// For reading: each part as a table of its own.
    fn tables(&self) -> anyhow::Result<String> {
        let mut parts = Vec::new();
        if let Some(Held { found, diff, .. }) = &self.held {
            let why: Vec<String> = found.iter().map(|found| format!("- {}", self.sentence(found))).collect();
            parts.push(why.join("\n"));
            let mut counts = Table::new(&COUNTS.map(|(name, _)| (name, "")));
            counts.rows.push(COUNTS.iter().map(|(_, count)| counted(count(diff))).collect());
            parts.push(rendered(&counts, Format::Table)?);
            let taken = diff.taken_away.unwrap_or(0).to_string();
            for (title, figures) in [
                (self.phrases.say("hold-movers"), &diff.movers),
                (self.phrases.say_with("taken-title", &[("count", &taken)]), &diff.taken),
            ] {
                if !figures.is_empty() {
                    let mut table = Table::new(&FIGURE.map(|name| (name, "")));
                    table.rows = figures.iter().map(figure).collect();
                    parts.push(format!("{title}\n{}", rendered(&table, Format::Table)?));
                }
            }
        }
        if !self.refused.is_empty() {
            let mut table = Table::new(&REFUSED.map(|name| (name, "")));
            table.rows = self.refused.iter().map(refused).collect();
            let title = self.phrases.say("runs-refused");
            parts.push(format!("{title}\n{}", rendered(&table, Format::Table)?));
        }
        if parts.is_empty() {
            parts.push(self.phrases.say("runs-refused-none"));
        }
        Ok(parts.join("\n\n"))
    }

    /// For spreadsheets: one table, whose first column says what a row is.
    fn table(&self) -> Table {
        let columns: Vec<&str> = ["part"].into_iter().chain(FIGURE).chain(REFUSED).collect();
        let mut table = Table::new(&columns.iter().map(|name| (*name, "")).collect::<Vec<_>>());
        let blank = |length: usize| vec![Cell::Empty; length];
        let mut add = |part: &str, figure: Vec<Cell>, refused: Vec<Cell>| {
            table.rows.push([vec![part.into()], figure, refused].concat());
        };
        if let Some(Held { found, diff, .. }) = &self.held {
            for found in found {
                let why = [blank(2), vec![found.code.as_str().into(), self.sentence(found).into()]].concat();
                add("found", blank(FIGURE.len()), why);
            }
            diff.movers.iter().for_each(|row| add("change", figure(row), blank(REFUSED.len())));
            diff.taken.iter().for_each(|row| add("taken_away", figure(row), blank(REFUSED.len())));
        }
        self.refused.iter().for_each(|row| add("refused", blank(FIGURE.len()), refused(row)));
        table
    }

    /// For programs.
    fn json(&self) -> Value {
        let run = &self.run;
        let held = self.held.as_ref().map(|Held { hold, found, diff }| {
            let found = found.iter().map(|found| {
                json!({ "code": found.code, "detail": found.detail, "sentence": self.sentence(found) })
            });
            json!({
                "state": hold.state.as_str(),
                "by": hold.by,
                "role": hold.role,
                "decided_at": hold.decided_at.map(|at| at.to_string()),
                "reason": hold.reason,
                "next_run": hold.next_run,
                "found": found.collect::<Vec<_>>(),
                "would_change": diff,
            })
        });
        let refused = self.refused.iter().map(|row| {
            json!({ "row": row.line, "column": row.column, "reason": row.reason, "detail": row.detail })
        });
        json!({
            "run": run.id,
            "source": run.source,
            "started_at": run.started_at.to_string(),
            "outcome": run.outcome.as_str(),
            "received": run.received,
            "accepted": run.accepted,
            "unchanged": run.unchanged,
            "rejected": run.rejected,
            "held_rows": run.held,
            "skipped": run.skipped,
            "payload": run.payload,
            "message": told(&run.message, self.phrases),
            "held": held,
            "refused": refused.collect::<Vec<_>>(),
        })
    }
}

type Count = fn(&HeldDiff) -> Option<u64>;

/// What is counted of a held batch.
const COUNTS: [(&str, Count); 6] = [
    ("rows_before", |diff| diff.rows_before),
    ("rows", |diff| diff.rows),
    ("new", |diff| diff.new),
    ("changed", |diff| diff.changed),
    ("taken_away", |diff| diff.taken_away),
    ("totals_fallen", |diff| diff.totals_fallen),
];

/// Columns of a figure that would change.
const FIGURE: [&str; 7] = ["measure", "location", "unit_id", "source", "date", "before", "now"];
/// Columns of a row that was refused.
const REFUSED: [&str; 4] = ["row", "column", "reason", "detail"];

fn counted(count: Option<u64>) -> Cell {
    count.and_then(|count| i64::try_from(count).ok()).map_or(Cell::Empty, Cell::Whole)
}

fn figure(figure: &HeldFigure) -> Vec<Cell> {
    vec![
        figure.measure.as_str().into(),
        figure.location.as_str().into(),
        figure.unit_id.as_deref().unwrap_or_default().into(),
        figure.source.as_str().into(),
        figure.date.as_str().into(),
        figure.before.into(),
        figure.now.into(),
    ]
}

fn refused(row: &RunRejection) -> Vec<Cell> {
    let line = counted(Some(row.line));
    vec![line, row.column.as_str().into(), row.reason.as_str().into(), row.detail.as_str().into()]
}
