//! Messages that were given up, sent again because a person says so.

use super::answer::AnswerFault;
use super::deliver::deliver;
use crate::job::Journey;
use crate::store::{Message, ReceiptRow};

/// So much of an id names a message.
const SHORTEST: usize = 6;

/// Tries messages again that were given up, under their own keys: a receiver that had one after all can tell. Those that are named, by
/// their ids or the beginnings of them, or all of them; the receipts say who wanted it. Returns them as they are after the first try.
///
/// # Errors
/// [`AnswerFault::NoMessage`] for the first name that is of none or of several; nothing is sent then.
pub async fn send_again(
    journey: &Journey,
    named: Option<&[String]>,
    by: &str,
) -> Result<Vec<Message>, AnswerFault> {
    let given_up = journey.store.messages_given_up().await?;
    let wanted: Vec<&Message> = match named {
        Some(names) => names.iter().map(|name| one_of(&given_up, name)).collect::<Result<_, _>>()?,
        None => given_up.iter().collect(),
    };
    let now = journey.clock.now();
    for message in &wanted {
        let detail = format!("{} {}", message.channel, message.recipient);
        let receipt =
            ReceiptRow { by: by.to_owned(), ..ReceiptRow::of_message(now, &message.id, "resent", detail) };
        journey.store.send_again(&message.id, &receipt).await?;
    }
    deliver(journey).await?;
    let mut after = Vec::with_capacity(wanted.len());
    for message in wanted {
        after.extend(journey.store.message(&message.id).await?);
    }
    Ok(after)
}

fn one_of<'a>(given_up: &'a [Message], name: &str) -> Result<&'a Message, AnswerFault> {
    let mut found = given_up.iter().filter(|message| name.len() >= SHORTEST && message.id.starts_with(name));
    match (found.next(), found.next()) {
        (Some(message), None) => Ok(message),
        _ => Err(AnswerFault::NoMessage(name.to_owned())),
    }
}
