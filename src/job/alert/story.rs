//! The story of one alert: fired, sent to whom, acknowledged, over.

use std::collections::BTreeMap;

use super::shown::seen_by;
use crate::account::{Permission, Visitor};
use crate::alert::{Alert, Channel, Recipient};
use crate::epi::Vintage;
use crate::job::Journey;
use crate::store::{NoticeState, ReceiptRow};

/// One thing that became of an alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertTurn {
    /// When.
    pub at: Vintage,
    /// What: an event, `waiting`, `sent`, `retried`, `failed`, `acknowledged`, `handed_over`, `overtaken` …
    pub what: String,
    /// Who did it, if a person did.
    pub by: String,
    /// Who was told, where the reader may see that.
    pub to: String,
    /// Over which channel.
    pub channel: String,
    /// Why nobody was told, why it waits or failed, what somebody said.
    pub detail: String,
}

/// Whether a reader sees where people can be reached.
#[must_use]
pub fn sees_addresses(visitor: &Visitor) -> bool {
    visitor.may(Permission::Operate) || visitor.may(Permission::ManageAccounts)
}

/// Whom a message goes to, as a reader may see it: people by name, machines by theirs, bare addresses for those who keep them.
#[must_use]
pub fn told_to(journey: &Journey, (channel, address): (&str, &str), visitor: &Visitor) -> String {
    let mut known = journey.channels.recipients().iter();
    let found = known.find(|to| to.channel.name() == channel && to.name == address);
    found.map_or_else(|| hidden(address, visitor), |to| recipient_name(to, visitor))
}

pub(super) fn recipient_name(to: &Recipient, visitor: &Visitor) -> String {
    if !to.person.is_empty() {
        return to.person.clone();
    }
    match to.channel {
        Channel::Webhook(_) | Channel::Alertmanager(_) | Channel::Mailbox => to.name.clone(),
        _ => hidden(&to.name, visitor),
    }
}

fn hidden(address: &str, visitor: &Visitor) -> String {
    if sees_addresses(visitor) { address.to_owned() } else { String::new() }
}

/// The story of an alert, oldest first; nothing where there is none of that id that the reader may see.
///
/// # Errors
/// When the store does not answer.
pub async fn alert_story(
    journey: &Journey,
    id: &str,
    visitor: &Visitor,
) -> anyhow::Result<Option<Vec<AlertTurn>>> {
    let Some(row) = journey.store.alert(id).await? else { return Ok(None) };
    let alert: Alert = serde_json::from_str(&row.json)?;
    if seen_by(journey, &alert, visitor).is_none() {
        return Ok(None);
    }
    let notices = journey.store.notices_of(&row.episode).await?;
    let mut turns = Vec::new();
    for row in journey.store.alerts(None).await?.iter().filter(|other| other.episode == row.episode) {
        turns.push(AlertTurn {
            at: row.created_at,
            what: row.event.clone(),
            by: String::new(),
            to: String::new(),
            channel: String::new(),
            detail: row.kept.clone(),
        });
    }
    let waiting = notices.iter().filter(|known| known.state == "waiting");
    turns.extend(waiting.map(|known| AlertTurn {
        at: known.notice.due_at,
        what: "waiting".to_owned(),
        by: String::new(),
        to: told_to(journey, (&known.notice.channel, &known.notice.recipient), visitor),
        channel: known.notice.channel.clone(),
        detail: known.notice.wait.clone(),
    }));
    let by_message: BTreeMap<&str, &NoticeState> =
        notices.iter().map(|known| (known.message_id.as_str(), known)).collect();
    for receipt in journey.store.receipts_of(&row.episode).await? {
        let known = by_message.get(receipt.message_id.as_str()).filter(|_| !receipt.message_id.is_empty());
        turns.push(turn(journey, receipt, (known.copied(), visitor)));
    }
    turns.sort_by_key(|turn| turn.at);
    Ok(Some(turns))
}

fn turn(
    journey: &Journey,
    receipt: ReceiptRow,
    (known, visitor): (Option<&NoticeState>, &Visitor),
) -> AlertTurn {
    let notice = known.map(|known| &known.notice);
    let to = notice.map(|notice| told_to(journey, (&notice.channel, &notice.recipient), visitor));
    AlertTurn {
        at: receipt.at,
        what: receipt.outcome.clone(),
        by: receipt.by.clone(),
        to: to.unwrap_or_default(),
        channel: notice.map_or_else(String::new, |notice| notice.channel.clone()),
        detail: shown_detail(&receipt, visitor),
    }
}

/// What a receipt says beside its outcome. Of messages it holds addresses, and what the other side answered.
#[must_use]
pub fn shown_detail(receipt: &ReceiptRow, visitor: &Visitor) -> String {
    if receipt.message_id.is_empty() || sees_addresses(visitor) {
        return receipt.detail.clone();
    }
    receipt.detail.split_whitespace().next().unwrap_or_default().to_owned()
}
