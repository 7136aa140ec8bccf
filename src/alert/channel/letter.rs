//! A message as a letter by mail: text, the same as HTML with its chart inside, and what tells other machines that a
//! machine wrote it.

use lettre::Message;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};

use super::Outgoing;

/// How somebody who does not want these letters says so.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Unsubscribe {
    /// The address that is written to; without one the address that sends.
    pub mail: Option<String>,
    /// An https address that takes one click.
    pub url: Option<String>,
}

/// The letter that carries a message.
///
/// # Errors
/// What of it cannot be written.
pub(super) fn letter(
    (from, to): (&Mailbox, Mailbox),
    out: &Outgoing<'_>,
    unsubscribe: &Unsubscribe,
) -> Result<Message, lettre::error::Error> {
    let written_to = unsubscribe.mail.clone().unwrap_or_else(|| from.email.to_string());
    let mut ways = format!("<mailto:{written_to}?subject=unsubscribe>");
    if let Some(url) = &unsubscribe.url {
        ways = format!("<{url}>, {ways}");
    }
    let mut builder = Message::builder()
        .from(from.clone())
        .to(to)
        .subject(out.subject)
        // The idempotency key: a mail server can tell a second delivery.
        .message_id(Some(format!("<{}@{}>", out.id, from.email.domain())))
        .date_now()
        .raw_header(raw("Auto-Submitted", "auto-generated".to_owned()))
        .raw_header(raw("List-Unsubscribe", ways));
    if unsubscribe.url.is_some() {
        builder = builder.raw_header(raw("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()));
    }
    let text = SinglePart::plain(out.body.to_owned());
    match (out.html, out.picture) {
        (None, None) => builder.singlepart(text),
        (None, Some(picture)) => {
            let chart = Attachment::new("chart.png".to_owned()).body(picture.to_vec(), png());
            builder.multipart(MultiPart::mixed().singlepart(text).singlepart(chart))
        }
        (Some(html), None) => builder.multipart(
            MultiPart::alternative().singlepart(text).singlepart(SinglePart::html(html.to_owned())),
        ),
        (Some(html), Some(picture)) => {
            let chart = Attachment::new_inline_with_name("chart".to_owned(), "chart.png".to_owned());
            let page = MultiPart::related()
                .singlepart(SinglePart::html(html.to_owned()))
                .singlepart(chart.body(picture.to_vec(), png()));
            builder.multipart(MultiPart::alternative().singlepart(text).multipart(page))
        }
    }
}

fn png() -> ContentType {
    ContentType::parse("image/png").unwrap_or(ContentType::TEXT_PLAIN)
}

fn raw(name: &'static str, value: String) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value)
}
