//! A file, read as one of the known forms, perhaps of an earlier day.

use axum::response::Response;
use chrono::NaiveDate;

use super::dropped::Dropped;
use super::figures::again;
use super::filled::{Filled, Unread};
use super::preview::{Looked, look};
use super::typed::day;
use crate::epi::Vintage;
use crate::job::{Continuing, Told, Upload, recognise};
use crate::text::Reason;
use crate::web::error::WebError;
use crate::web::visit::Visit;
use crate::web::words::full_sentence;

/// Reads a file and shows what would become of it.
pub(in crate::web) async fn drop_file(visit: Visit, dropped: Dropped) -> Result<Response, WebError> {
    let Dropped { fields, file } = dropped;
    let t = visit.phrases;
    let chosen = fields.text("spec").to_owned();
    if !chosen.is_empty() && !visit.journey().sources.iter().any(|spec| spec.id == chosen) {
        return Err(WebError::Field("spec"));
    }
    let mut filled = Filled::of(fields.all());
    let (date, as_of) = about(&visit, (fields.text("file_date"), fields.text("as_of")));
    if date.is_err() {
        filled.fault("file_date", t.say("figures-date-wrong"));
    }
    if as_of.is_err() {
        filled.fault("as_of", t.say("figures-date-wrong"));
    }
    let file = file.filter(|(_, body)| !body.is_empty());
    if file.is_none() {
        filled.fault("file", t.say("figures-file-missing"));
    }
    let (Ok(date), Ok(as_of), Some((name, body))) = (date, as_of, file) else {
        return again(&visit, filled).await;
    };
    let mut told = Told { date, as_of, ..Told::default() };
    let spec = match chosen.is_empty() {
        false => {
            visit.journey().sources.iter().find(|spec| spec.id == chosen).ok_or(WebError::Field("spec"))?
        }
        true => match recognise(visit.journey(), (&name, &body), &told) {
            Ok(spec) => spec,
            Err(reason) => return unread(&visit, filled, (&name, &reason)).await,
        },
    };
    told.series = Continuing::of(visit.journey(), spec).await?;
    let upload = Upload { name, body, source: spec.id.clone(), told };
    look(&visit, Looked { upload, address: None, is_recognised: chosen.is_empty() }).await
}

/// The page again: the file is none of those that are recognised, and what can be done.
async fn unread(
    visit: &Visit,
    mut filled: Filled,
    (name, reason): (&str, &Reason),
) -> Result<Response, WebError> {
    let t = visit.phrases;
    filled.unread = Some(Unread {
        title: t.say_with("figures-unread", &[("name", name)]),
        reason: full_sentence(&reason.say(t)),
    });
    again(visit, filled).await
}

/// The day of a file's figures, and since when they are known: both may be left out, and neither lies ahead.
pub(super) fn about(
    visit: &Visit,
    (date, as_of): (&str, &str),
) -> (Result<Option<NaiveDate>, ()>, Result<Option<Vintage>, ()>) {
    let (today, zone) = (visit.journey().today(), visit.journey().city.zone);
    let read = |text: &str| match text {
        "" => Ok(None),
        text => day(text, today).map(Some).ok_or(()),
    };
    let known = |date: NaiveDate| Vintage::parse_known(&date.to_string(), zone).ok();
    (read(date), read(as_of).map(|date| date.and_then(known)))
}
