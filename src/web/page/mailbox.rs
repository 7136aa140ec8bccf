//! The mailbox of the demonstration: what would have been sent, and what became of it.

use askama::Template;
use axum::response::Response;

use super::{Frame, html};
use crate::account::Permission;
use crate::store::{Message, MessageState};
use crate::web::error::WebError;
use crate::web::visit::Visit;
use crate::web::words::{moment, moment_short};

/// So many messages, the newest first.
const MOST: u32 = 100;

struct Mail {
    id: String,
    subject: String,
    /// Paragraphs and lists as the channel got them.
    body: String,
    channel: String,
    recipient: String,
    sent: String,
    sent_short: String,
    state: String,
    is_failed: bool,
    failure: String,
}

#[derive(Template)]
#[template(path = "mailbox.html")]
struct Mailbox {
    frame: Frame,
    mails: Vec<Mail>,
}

/// Only in the demonstration: elsewhere a message belongs to whom it is sent.
pub(in crate::web) async fn mailbox(mut visit: Visit) -> Result<Response, WebError> {
    if !visit.journey().is_demo {
        return Err(WebError::NotFound);
    }
    visit.as_seen_with(Permission::ReadOfficials).await?;
    let view = visit.view().await?;
    let title = visit.phrases.say("mailbox-title");
    let frame = Frame::of(&visit, &view, (&title, "/mailbox"));
    let messages = visit.journey().store.messages(MOST).await.map_err(anyhow::Error::from)?;
    let mails = messages.iter().map(|message| mail(&visit, message)).collect();
    html(&Mailbox { frame, mails })
}

fn mail(visit: &Visit, message: &Message) -> Mail {
    let (t, zone) = (visit.phrases, visit.journey().city.zone);
    let at = message.sent_at.unwrap_or(message.next_attempt_at);
    Mail {
        id: format!("m-{}", message.id),
        subject: message.subject.clone(),
        body: message.body.clone(),
        channel: t.say(&format!("channel-{}", message.channel)),
        recipient: message.recipient.clone(),
        sent: moment(at, zone, t.locale),
        sent_short: moment_short(at, zone, t.locale),
        state: t.say(&format!("message-{}", message.state.as_str())),
        is_failed: message.state == MessageState::Failed,
        failure: message.failure.clone(),
    }
}
