//! What staff are told about their data: what is collected, why, who sees it, how long it is kept, whom to ask.

use askama::Template;
use axum::response::Response;

use crate::disclosure::{GOVERNMENT_THRESHOLD, PUBLIC_THRESHOLD};
use crate::web::error::WebError;
use crate::web::page::{Frame, html};
use crate::web::visit::Visit;

#[derive(Template)]
#[template(path = "entry/privacy.html")]
struct PrivacyPage {
    frame: Frame,
    lead: String,
    /// A heading, and what stands under it.
    parts: Vec<(String, Vec<String>)>,
    contact: String,
}

/// Headings in their order, and how many paragraphs stand under each.
const PARTS: [(&str, usize); 6] =
    [("what", 4), ("not", 2), ("why", 2), ("who", 3), ("long", 3), ("rights", 2)];

/// The page.
pub(in crate::web) async fn privacy(visit: Visit) -> Result<Response, WebError> {
    let t = visit.phrases;
    let inside = GOVERNMENT_THRESHOLD.to_string();
    let outside = PUBLIC_THRESHOLD.to_string();
    let city = visit.journey().city.name.as_str();
    let args = [("city", city), ("inside", inside.as_str()), ("outside", outside.as_str())];
    let part = |(name, paragraphs): (&str, usize)| {
        let paragraphs = (1..=paragraphs).map(|nth| t.say_with(&format!("privacy-{name}-{nth}"), &args));
        (t.say(&format!("privacy-{name}")), paragraphs.collect())
    };
    let contact = visit.state.settings.contact.clone();
    html(&PrivacyPage {
        frame: Frame::plain(&visit, (&t.say("privacy-title"), "/privacy")),
        lead: t.say_with("privacy-lead", &args),
        parts: PARTS.into_iter().map(part).collect(),
        contact: contact.unwrap_or_else(|| t.say("privacy-contact-none")),
    })
}
