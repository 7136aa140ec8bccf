//! The number and the day of a circular, recorded once its office has given them.

use anyhow::Context;

use super::case::journal;
use super::sign::SignFault;
use crate::account::Visitor;
use crate::audit::{Action, Entry};
use crate::decision::{CircularNumber, CircularNumbers, NumberAnswer};
use crate::epi::Vintage;
use crate::job::{Journey, Viewing};
use crate::store::StoreError;

/// The numbers of the city's circulars, as they were recorded by a moment.
///
/// # Errors
/// When the store does not answer.
pub async fn circular_numbers(
    journey: &Viewing<'_>,
    as_of: Option<Vintage>,
) -> anyhow::Result<CircularNumbers> {
    let entries = journey.store.circular_numbers(&journey.city.location, as_of).await;
    Ok(CircularNumbers::new(entries.context("read the numbers of circulars")?))
}

/// Records the number of a signed decision's circular, or corrects it with a reason. What was recorded stays.
///
/// # Errors
/// [`SignFault::Refused`] with everything that is wrong, [`SignFault::Gone`] where no such decision is signed,
/// [`SignFault::Overtaken`] when somebody recorded one at the same moment.
pub async fn number_circular(
    journey: &Journey,
    (decision, answer): (u32, &NumberAnswer),
    (visitor, address): (&Visitor, &str),
) -> Result<CircularNumber, SignFault> {
    let book = journal(&journey.viewing(), None).await?;
    let signed = book.get(decision).ok_or_else(|| SignFault::Gone(decision.to_string()))?;
    let known = circular_numbers(&journey.viewing(), None).await?;
    let (number, dated, reason) = known.check(answer, signed, journey.today()).map_err(SignFault::Refused)?;
    let now = journey.clock.now();
    let by = visitor.name().to_owned();
    let mut number = CircularNumber { id: 0, decision, number, dated, reason, by, at: now };
    let detail = match known.last(decision) {
        Some(last) => {
            let (before, why) = (&last.number, &number.reason);
            format!("{} of {dated}, in place of {before} of {}: {why}", number.number, last.dated)
        }
        None => format!("{} of {dated}", number.number),
    };
    let object = format!("decision {decision}");
    let entry = Entry::new(now, (visitor.name(), visitor.role()), Action::CircularNumbered, &object)
        .detail(detail)
        .address(address);
    let row = (&number, known.last_id());
    number.id = match journey.store.add_circular_number(&journey.city.location, row, &entry).await {
        Ok(id) => id,
        Err(StoreError::Conflict { .. }) => return Err(SignFault::Overtaken),
        Err(error) => return Err(anyhow::Error::from(error).context("keep the number of a circular").into()),
    };
    journey.announce().await?;
    Ok(number)
}
