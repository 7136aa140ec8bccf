//! Letters and the briefing as files: each made from the record when it is asked for, marked as a draft.

use std::sync::Arc;

use anyhow::Context;
use askama::Template;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::account::Permission;
use crate::audit::Action;
use crate::document::{Briefing, CircularContent, Form};
use crate::job::{DocumentFiles, dossier, letterhead, off_the_runtime, said};
use crate::text::Locale;
use crate::web::entry::unkept;
use crate::web::error::WebError;
use crate::web::export::{BriefingBesides, ID, briefing};
use crate::web::figures::Subject;
use crate::web::page::{Frame, html};
use crate::web::visit::Visit;

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const PDF: &str = "application/pdf";

/// What a letter can be taken away as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum Letter {
    /// To edit.
    Docx,
    /// To read.
    Pdf,
    /// The message for a chat.
    Message,
}

impl Letter {
    /// All of them.
    pub(in crate::web) const ALL: [Self; 3] = [Self::Docx, Self::Pdf, Self::Message];

    /// The end of its address below the decision's.
    pub(in crate::web) fn file(self) -> &'static str {
        match self {
            Self::Docx => "circular.docx",
            Self::Pdf => "circular.pdf",
            Self::Message => "message.txt",
        }
    }
}

/// The draft of a decision's circular, or its message.
pub(in crate::web) async fn letter(
    letter: Letter,
    Path(number): Path<String>,
    visit: Visit,
) -> Result<Response, WebError> {
    let number: u32 = number.parse().map_err(|_| WebError::NotFound)?;
    let journey = &visit.state.journey;
    let found = dossier(journey, number, Form::Circular).await?.ok_or(WebError::NotFound)?;
    let settings = &visit.state.settings;
    let link = format!("{}/decisions/{number}", settings.public_url);
    if letter == Letter::Message {
        let text =
            said((&journey.city.name, &journey.policies), &found, (&link, visit.phrases.locale)) + "\n";
        let about =
            [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
        return Ok((about, text).into_response());
    }
    let _place = visit.state.place().await?;
    let (documents, journey) = (settings.documents.clone(), Arc::clone(journey));
    let bytes = off_the_runtime(move || {
        let files = DocumentFiles::read(documents.folder.as_deref(), documents.logo.as_deref())?;
        let letterhead = letterhead(&documents, &journey.city, files.logo.clone())?;
        let content = CircularContent::new(&found, &letterhead, &files.words, &link);
        let made = match letter {
            Letter::Pdf => content.pdf(&files.templates),
            Letter::Docx | Letter::Message => content.docx(),
        };
        made.context("make the circular")
    })
    .await?;
    visit.note(Action::FiguresExported, &format!("decision {number}"), letter.file()).await?;
    let kind = if letter == Letter::Pdf { PDF } else { DOCX };
    Ok(file(bytes, kind, &format!("siaga_{number}_{}", letter.file())))
}

#[derive(Template)]
#[template(path = "decision/brief.html")]
struct BriefPage {
    frame: Frame,
    told: Briefing,
    /// End of the class name of the level: a step, or `unknown`.
    class: String,
    /// The same as paper.
    pdf: String,
}

/// The briefing of the day that is looked at, on the screen of a meeting: what the paper says.
pub(in crate::web) async fn brief_page(mut visit: Visit) -> Result<Response, WebError> {
    visit.as_seen_with(Permission::ReadCity).await?;
    let view = visit.view().await?;
    if view.observations.is_empty() {
        return Err(WebError::NotFound);
    }
    let subject = Subject { view: &view, journey: visit.journey(), phrases: visit.phrases };
    let besides = BriefingBesides::of(subject).await?;
    let (_, told) = briefing(subject, &besides)?;
    let title = visit.phrases.say("brief-title");
    let page = html(&BriefPage {
        frame: Frame::of(&visit, &view, (&title, "/brief")),
        class: told.level.step.map_or_else(|| "unknown".to_owned(), |step| step.to_string()),
        pdf: visit.to("/brief.pdf"),
        told,
    })?;
    Ok(unkept(page))
}

/// The same as one page of paper.
pub(in crate::web) async fn brief(mut visit: Visit) -> Result<Response, WebError> {
    visit.as_seen_with(Permission::ReadCity).await?;
    let view = visit.view().await?;
    if view.observations.is_empty() {
        return Err(WebError::NotFound);
    }
    let journey = Arc::clone(&visit.state.journey);
    let subject = Subject { view: &view, journey: &journey, phrases: visit.phrases };
    let besides = BriefingBesides::of(subject).await?;
    let _place = visit.state.place().await?;
    let (recipe, told) = briefing(subject, &besides)?;
    let documents = visit.state.settings.documents.clone();
    let bytes = off_the_runtime(move || {
        let files = DocumentFiles::read(documents.folder.as_deref(), None)?;
        told.pdf(&files.templates).context("make the briefing")
    })
    .await?;
    visit.note(Action::FiguresExported, "briefing", &recipe.to_string()).await?;
    let word = if visit.phrases.locale == Locale::Id { "ringkasan" } else { "briefing" };
    let mut answer = file(bytes, PDF, &format!("siaga_{word}_{}.pdf", view.date));
    if let Ok(id) = recipe.to_string().parse() {
        answer.headers_mut().insert(ID, id);
    }
    Ok(answer)
}

fn file(bytes: Vec<u8>, kind: &'static str, name: &str) -> Response {
    let about = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (about, bytes).into_response()
}
