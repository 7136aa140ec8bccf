//! The page where figures come in by hand: three ways, one form each.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::typed::{Group, groups};
use crate::job::{BY_HAND, FORM};
use crate::text::{Locale, Phrases};
use crate::web::entry::{Field, unkept};
use crate::web::error::{WebError, told};
use crate::web::page::{Frame, html};
use crate::web::visit::Visit;

/// Something to choose.
#[derive(Clone)]
pub(super) struct Choice {
    value: String,
    label: String,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "intake/figures.html")]
struct FiguresPage {
    frame: Frame,
    lead: String,
    typed_date: Field,
    publisher: Field,
    groups: Vec<Group>,
    typed_fault: String,
    specs: Vec<Choice>,
    file_fault: String,
    file_date: Field,
    as_of: Field,
    /// How large a file may be: in words, and in bytes.
    most: String,
    most_bytes: usize,
    address: Field,
    address_specs: Vec<Choice>,
    is_first: bool,
    /// A file that could not be recognised, and why.
    unread: Option<Unread>,
}

/// A file that nothing could be read from.
pub(super) struct Unread {
    pub(super) title: String,
    pub(super) reason: String,
}

/// What was filled in and what is wrong with it, field by field.
#[derive(Default)]
pub(super) struct Filled {
    values: Vec<(String, String)>,
    faults: Vec<(&'static str, String)>,
    /// A file that could not be recognised.
    pub(super) unread: Option<Unread>,
}

impl Filled {
    pub(super) fn of(values: Vec<(String, String)>) -> Self {
        Self { values, faults: Vec::new(), unread: None }
    }

    pub(super) fn fault(&mut self, name: &'static str, text: String) {
        self.faults.push((name, text));
    }

    pub(super) fn has_fault(&self) -> bool {
        !self.faults.is_empty()
    }

    pub(super) fn value(&self, name: &str) -> &str {
        self.values.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    pub(super) fn fault_of(&self, name: &str) -> Option<&str> {
        self.faults.iter().find(|(known, _)| *known == name).map(|(_, text)| text.as_str())
    }
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
    let unread = filled.unread.take();
    let filled = &filled;
    let (t, journey) = (visit.phrases, visit.journey());
    let today = journey.today().to_string();
    let title = t.say("figures-title");
    let title = if filled.has_fault() || unread.is_some() {
        t.say_with("title-fault", &[("title", &title)])
    } else {
        title
    };
    let is_first = journey.store.runs(1).await.map_err(anyhow::Error::from)?.is_empty();
    let date = match filled.value("date") {
        "" => today,
        date => date.to_owned(),
    };
    let most = visit.state.settings.limits.file_bytes / (1024 * 1024);
    let day = |name: &'static str, key: &str| {
        Field::text(name, key, t)
            .kind("date")
            .optional()
            .value(filled.value(name))
            .fault(filled.fault_of(name))
    };
    let like = if filled.value("spec").is_empty() { BY_HAND } else { filled.value("spec") };
    Ok(unkept(html(&FiguresPage {
        frame: Frame::plain(visit, (&title, "/figures")),
        lead: t.say_with("figures-what", &[("city", &journey.city.name)]),
        typed_date: Field::text("date", "figures-date", t)
            .kind("date")
            .value(&date)
            .fault(filled.fault_of("date")),
        publisher: Field::text("publisher", "figures-publisher", t)
            .hint(t.say("figures-publisher-hint"))
            .extra("maxlength=\"200\"")
            .value(filled.value("publisher"))
            .fault(filled.fault_of("publisher")),
        groups: groups(filled, t),
        typed_fault: filled.fault_of("typed").unwrap_or_default().to_owned(),
        specs: file_choices(visit, filled.value("spec"), t),
        file_fault: filled.fault_of("file").unwrap_or_default().to_owned(),
        file_date: day("file_date", "figures-file-date").hint(t.say("figures-file-date-hint")),
        as_of: day("as_of", "figures-as-of").hint(t.say("figures-as-of-hint")),
        most: most.to_string(),
        most_bytes: visit.state.settings.limits.file_bytes,
        address: Field::text("address", "figures-address", t)
            .kind("url")
            .hint(t.say("figures-address-hint"))
            .extra("maxlength=\"2000\" spellcheck=\"false\"")
            .value(filled.value("address"))
            .fault(filled.fault_of("address")),
        address_specs: choices(visit, like, t),
        is_first,
        unread,
    })?))
}

/// The ways of reading a file: recognised, or chosen.
fn file_choices(visit: &Visit, chosen: &str, t: Phrases) -> Vec<Choice> {
    let label = t.say("figures-spec-recognised");
    let recognised = Choice { value: String::new(), label, is_chosen: chosen.is_empty() };
    [vec![recognised], choices(visit, chosen, t)].concat()
}

/// Every way of reading a payload, the tidy file first; typed figures are no file.
fn choices(visit: &Visit, chosen: &str, t: Phrases) -> Vec<Choice> {
    let city = &visit.journey().city.location;
    let speaks_of_city =
        |spec: &&crate::job::SourceSpec| spec.locations.is_empty() || spec.locations.contains(city);
    let mut specs: Vec<_> = visit.journey().sources.iter().filter(speaks_of_city).collect();
    specs.retain(|spec| spec.id != super::typed::SOURCE);
    let label = |spec: &crate::job::SourceSpec| spec.title_in(t.locale == Locale::En).to_owned();
    let own = [BY_HAND, FORM, "tidy-table"];
    let rank = |spec: &crate::job::SourceSpec| own.iter().position(|id| *id == spec.id).unwrap_or(own.len());
    specs.sort_by_key(|spec| (rank(spec), label(spec)));
    let choice = |spec: &crate::job::SourceSpec| Choice {
        value: spec.id.clone(),
        label: label(spec),
        is_chosen: spec.id == chosen,
    };
    specs.into_iter().map(choice).collect()
}
