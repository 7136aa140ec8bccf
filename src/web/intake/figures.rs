//! The page where figures come in by hand: three ways, one form each. What is typed is of one day, or of several in a table
//! where the address asks for one (`?days=14`).

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::choice::{Choice, file_forms, forms, series};
use super::days::{Days, MOST_DAYS, NoSpan, Span};
use super::filled::{Filled, Unread};
use super::typed::{Group, groups};
use crate::job::BY_HAND;
use crate::web::entry::{Field, unkept};
use crate::web::error::{WebError, told};
use crate::web::page::{Frame, html};
use crate::web::visit::Visit;

/// What is typed.
struct Typing {
    /// Of one day: which.
    date: Field,
    groups: Vec<Group>,
    /// Of several.
    days: Option<Days>,
    most_days: u32,
    publisher: Field,
    series: Vec<Choice>,
    /// Whether one was chosen that is not the usual.
    is_series_chosen: bool,
    fault: String,
}

/// What is dropped.
struct Dropping {
    forms: Vec<Choice>,
    fault: String,
    date: Field,
    as_of: Field,
    /// How large a file may be: in words, and in bytes.
    most: String,
    most_bytes: usize,
}

#[derive(Template)]
#[template(path = "intake/figures.html")]
struct FiguresPage {
    frame: Frame,
    lead: String,
    typing: Typing,
    dropping: Dropping,
    address: Field,
    address_forms: Vec<Choice>,
    is_first: bool,
    /// A file that could not be recognised, and why.
    unread: Option<Unread>,
}

/// The three forms.
pub(in crate::web) async fn figures(visit: Visit) -> Result<Response, WebError> {
    page(&visit, Filled::default()).await
}

/// The page again, with what is wrong beside the fields.
pub(super) async fn again(visit: &Visit, filled: Filled) -> Result<Response, WebError> {
    Ok(told(StatusCode::UNPROCESSABLE_ENTITY, page(visit, filled).await?))
}

async fn page(visit: &Visit, mut filled: Filled) -> Result<Response, WebError> {
    let (t, journey) = (visit.phrases, visit.journey());
    let title = t.say("figures-title");
    let title = if filled.has_fault() { t.say_with("title-fault", &[("title", &title)]) } else { title };
    let unread = filled.unread.take();
    let is_first = journey.store.runs(1).await.map_err(anyhow::Error::from)?.is_empty();
    let typing = typing(visit, &mut filled).await?;
    let like = if filled.value("spec").is_empty() { BY_HAND } else { filled.value("spec") };
    Ok(unkept(html(&FiguresPage {
        frame: Frame::plain(visit, (&title, "/figures")),
        lead: t.say_with("figures-what", &[("city", &journey.city.name)]),
        typing,
        dropping: dropping(visit, &filled),
        address: Field::text("address", "figures-address", t)
            .kind("url")
            .hint(t.say("figures-address-hint"))
            .extra("maxlength=\"2000\" spellcheck=\"false\"")
            .value(filled.value("address"))
            .fault(filled.fault_of("address")),
        address_forms: forms(visit, like),
        is_first,
        unread,
    })?))
}

async fn typing(visit: &Visit, filled: &mut Filled) -> Result<Typing, WebError> {
    let (t, today) = (visit.phrases, visit.journey().today());
    let look = |name: &str| match filled.value(name) {
        "" => visit.parameter(name).unwrap_or_default().to_owned(),
        value => value.to_owned(),
    };
    let span = match Span::asked(&look, today) {
        Ok(span) => span,
        Err(NoSpan::Days) => return Err(WebError::Parameter { name: "days" }),
        Err(NoSpan::Last) => {
            filled.fault("to", t.say("figures-date-wrong"));
            Some(Span::usual(today))
        }
    };
    let days = match &span {
        Some(span) => Some(Days::of(visit, span, filled).await?),
        None => None,
    };
    let date = match filled.value("date") {
        "" => today.to_string(),
        date => date.to_owned(),
    };
    Ok(Typing {
        date: Field::text("date", "figures-date", t).kind("date").value(&date).fault(filled.fault_of("date")),
        groups: groups(filled, t),
        days,
        most_days: MOST_DAYS,
        publisher: Field::text("publisher", "figures-publisher", t)
            .hint(t.say("figures-publisher-hint"))
            .extra("maxlength=\"200\"")
            .value(filled.value("publisher"))
            .fault(filled.fault_of("publisher")),
        series: series(visit, filled.value("series")).await?,
        is_series_chosen: !filled.value("series").is_empty(),
        fault: filled.fault_of("typed").unwrap_or_default().to_owned(),
    })
}

fn dropping(visit: &Visit, filled: &Filled) -> Dropping {
    let (t, most_bytes) = (visit.phrases, visit.state.settings.limits.file_bytes);
    let day = |name: &'static str, key: &str| {
        Field::text(name, key, t)
            .kind("date")
            .optional()
            .value(filled.value(name))
            .fault(filled.fault_of(name))
    };
    Dropping {
        forms: file_forms(visit, filled.value("spec")),
        fault: filled.fault_of("file").unwrap_or_default().to_owned(),
        date: day("file_date", "figures-file-date").hint(t.say("figures-file-date-hint")),
        as_of: day("as_of", "figures-as-of").hint(t.say("figures-as-of-hint")),
        most: (most_bytes / (1024 * 1024)).to_string(),
        most_bytes,
    }
}
