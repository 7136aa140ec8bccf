//! The form to be filled in with a spreadsheet: the last two weeks of the city, the measures in the reader's words.

use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::typed::GROUPS;
use crate::export::Form;
use crate::job::off_the_runtime;
use crate::web::entry::unkept;
use crate::web::error::WebError;
use crate::web::visit::Visit;

/// So many days stand in the form, today the last.
const DAYS: i64 = 14;
/// Lines of the sheet that says how to fill it in.
const HELP: [&str; 5] =
    ["template-help-1", "template-help-2", "template-help-3", "template-help-4", "template-help-5"];

/// The form as a workbook.
pub(in crate::web) async fn template_xlsx(visit: Visit) -> Result<Response, WebError> {
    let form = form(&visit);
    let bytes = off_the_runtime(move || form.xlsx()).await?;
    Ok(file(&visit, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", bytes))
}

/// The form as CSV, for a spreadsheet in Bahasa Indonesia.
pub(in crate::web) async fn template_csv(visit: Visit) -> Result<Response, WebError> {
    let bytes = form(&visit).csv();
    Ok(file(&visit, "csv", "text/csv; charset=utf-8", bytes))
}

fn form(visit: &Visit) -> Form {
    let (t, city, today) = (visit.phrases, &visit.journey().city, visit.journey().today());
    let measures =
        GROUPS.iter().flat_map(|(_, names)| names.iter()).map(|name| t.say(&format!("measure-{name}")));
    let heads = ["template-date", "template-location"].into_iter().map(|key| t.say(key));
    let days = (0..DAYS).rev().map(|back| today - chrono::Duration::days(back));
    let help = HELP
        .into_iter()
        .map(|key| t.say_with(key, &[("city", &city.name), ("code", city.location.as_str())]));
    Form {
        locale: t.locale,
        sheet: t.say("template-sheet"),
        heads: heads.chain(measures).collect(),
        days: days.collect(),
        place: city.name.clone(),
        wrong_number: t.say("template-wrong-number"),
        help: (t.say("template-help"), help.collect()),
    }
}

fn file(visit: &Visit, end: &str, kind: &'static str, bytes: Vec<u8>) -> Response {
    let city = &visit.journey().city;
    let name: String =
        city.name.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let saved_as = format!("attachment; filename=\"siaga-{name}-{}.{end}\"", visit.journey().today());
    let about = [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, saved_as)];
    unkept((about, bytes).into_response())
}
