//! The numbers of circulars at the command line.

use super::command::ADDRESS;
use super::write::failure;
use crate::account::Visitor;
use crate::cli::args::Format;
use crate::cli::{Failure, output};
use crate::decision::NumberAnswer;
use crate::export::{Cell, Column, Kind, Table};
use crate::job::{Journey, SignFault, circular_numbers, number_circular};

/// Records the number of a decision's circular, or corrects it.
pub(super) async fn number(
    journey: &Journey,
    (decision, answer): (&str, &NumberAnswer),
    visitor: &Visitor,
) -> Result<(), Failure> {
    let unknown = |phrase: &str| {
        Failure::Failed(anyhow::anyhow!(journey.phrases().say_with(phrase, &[("text", decision)])))
    };
    let drafts = journey.store.drafts(&journey.city.location).await.map_err(anyhow::Error::from)?;
    if drafts.iter().any(|draft| draft.id == decision) {
        return Err(unknown("circular-number-draft"));
    }
    let Ok(number) = decision.parse() else { return Err(unknown("circular-number-unknown")) };
    match number_circular(journey, (number, answer), (visitor, ADDRESS)).await {
        Ok(given) => {
            output::say(&format!(
                "siaga: the circular of decision {number}: {} of {}",
                given.number, given.dated
            ));
            Ok(())
        }
        Err(SignFault::Gone(_)) => Err(unknown("circular-number-unknown")),
        Err(SignFault::Overtaken) => Err(unknown("circular-number-overtaken")),
        Err(fault) => Err(failure(journey, fault)),
    }
}

/// Every number that was recorded, oldest first.
pub(super) async fn numbers(journey: &Journey, format: Option<Format>) -> Result<(), Failure> {
    let numbers = circular_numbers(&journey.viewing(), None).await?;
    let columns = vec![
        Column::needed(Kind::Whole, "decision", "the decision"),
        Column::needed(Kind::Text, "number", "the circular's number"),
        Column::needed(Kind::Date, "dated", "the day that it bears"),
        Column::new("reason", "why it is otherwise than it was recorded before"),
        Column::needed(Kind::Text, "by", "who recorded it"),
        Column::needed(Kind::Moment, "at", "when"),
    ];
    let row = |entry: &crate::decision::CircularNumber| {
        vec![
            Cell::Whole(entry.decision.into()),
            entry.number.as_str().into(),
            entry.dated.into(),
            entry.reason.as_str().into(),
            entry.by.as_str().into(),
            entry.at.into(),
        ]
    };
    let table = Table { columns, rows: numbers.entries().iter().map(row).collect() };
    let bytes = output::rendered(&table, output::format_or_default(format))?;
    Ok(output::print(&String::from_utf8_lossy(&bytes))?)
}
