//! Datasets as files: whole or failed, named by what they are and when they were known, each with its dictionary.

use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::asset::is_known;
use super::error::WebError;
use super::visit::Visit;
use crate::account::Permission;
use crate::audit::Action;
use crate::export::{write_csv, write_json};
use crate::job::{Dataset, off_the_runtime};

/// A form in which a dataset is taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Csv,
    Json,
    /// What the columns mean.
    Dictionary,
}

impl Form {
    pub(super) const ALL: [Self; 3] = [Self::Csv, Self::Json, Self::Dictionary];

    /// How the file's name ends.
    pub(super) fn end(self) -> &'static str {
        match self {
            Self::Csv => ".csv",
            Self::Json => ".json",
            Self::Dictionary => ".dictionary.csv",
        }
    }
}

/// What a file carries along: who took it, as known when, and what was withheld.
const TAKEN_BY: HeaderName = HeaderName::from_static("siaga-taken-by");
const AS_OF: HeaderName = HeaderName::from_static("siaga-as-of");
const SUPPRESSION: HeaderName = HeaderName::from_static("siaga-suppression");

/// `/exports/observations.csv`, `/exports/observations.json`, `/exports/observations.dictionary.csv`.
pub(super) async fn export(
    (dataset, form): (Dataset, Form),
    mut visit: Visit,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    visit.as_seen_with(Permission::Export).await?;
    let (name, end) = (dataset.name(), form.end());
    let journey = visit.journey();
    let as_of = visit.as_of();
    let version = journey.store.data_version().await.map_err(anyhow::Error::from)?;
    let moment = visit.focus.as_of.map_or(0, crate::epi::Vintage::millis);
    let tag = format!("\"{version}-{moment}-{name}{end}-{:08x}\"", visit.audience.fingerprint());
    let about = [
        (header::ETAG, tag.clone()),
        (header::CACHE_CONTROL, "no-cache".to_owned()),
        (header::VARY, "cookie, authorization".to_owned()),
    ];
    if is_known(&headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, about).into_response());
    }
    let table = dataset.table(journey, Some(as_of), &visit.audience).await?;
    let made = format!("{}; as of {as_of}; {} rows", visit.audience, table.rows.len());
    if form != Form::Dictionary {
        visit.note(Action::FiguresExported, &format!("{name}{end}"), &made).await?;
    }
    let bytes = off_the_runtime(move || {
        let mut bytes = Vec::new();
        match form {
            Form::Csv => write_csv(&table, &mut bytes)?,
            Form::Json => write_json(&table, &mut bytes)?,
            Form::Dictionary => write_csv(&table.dictionary(), &mut bytes)?,
        }
        Ok(bytes)
    })
    .await?;
    let content_type = match form {
        Form::Csv | Form::Dictionary => "text/csv; charset=utf-8",
        Form::Json => "application/json",
    };
    let day = as_of.local_date(journey.city.zone);
    let saved_as =
        format!("attachment; filename=\"siaga_{}_{name}_{day}{end}\"", ascii(journey.city.location.as_str()));
    let file = [(header::CONTENT_TYPE, content_type.to_owned()), (header::CONTENT_DISPOSITION, saved_as)];
    let taken = [
        (TAKEN_BY, visit.guest.visitor.name().to_owned()),
        (AS_OF, as_of.to_string()),
        (SUPPRESSION, visit.audience.to_string()),
    ];
    Ok((about, file, taken, bytes).into_response())
}

/// A declared location may hold any letter; a header may not.
fn ascii(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }).collect()
}
