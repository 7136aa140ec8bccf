//! A publisher on loopback, as an honest one would be: each file holds what was known by the clock's now, with
//! ETag and Last-Modified, and answers 304 when nothing is new.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use chrono_tz::Tz;
use thiserror::Error;

use crate::clock::Clock;
use crate::epi::Vintage;
use crate::source::sha256_hex;

/// A sample file cannot be published.
#[derive(Debug, Error)]
#[error("publish {file}, line {line}: {reason}")]
pub struct FeedFault {
    /// The file.
    pub file: String,
    /// Its line.
    pub line: u64,
    /// What is wrong.
    pub reason: String,
}

#[derive(Debug)]
struct Sheet {
    header: csv::StringRecord,
    rows: Vec<(Vintage, csv::StringRecord)>,
}

/// The files and the clock that says how much of them is known.
#[derive(Debug, Clone)]
pub struct Feed {
    sheets: Arc<BTreeMap<String, Sheet>>,
    clock: Arc<dyn Clock>,
}

impl Feed {
    /// Takes files by their published name; each has a column `as_of`.
    ///
    /// # Errors
    /// [`FeedFault`] with file and line.
    pub fn new(files: &[(&str, String)], clock: Arc<dyn Clock>, zone: Tz) -> Result<Self, FeedFault> {
        let mut sheets = BTreeMap::new();
        for (name, text) in files {
            sheets.insert((*name).to_owned(), sheet(name, text, zone)?);
        }
        Ok(Self { sheets: Arc::new(sheets), clock })
    }

    /// The feed's routes.
    #[expect(clippy::disallowed_methods, reason = "the publisher of the demonstration is no door of siaga's")]
    pub fn router(self) -> Router {
        Router::new().route("/{file}", get(publish)).with_state(self)
    }

    /// One file as known now, and when it last changed.
    fn known(&self, file: &str) -> Option<(Vec<u8>, Option<Vintage>)> {
        let sheet = self.sheets.get(file)?;
        let now = self.clock.now();
        let mut writer = csv::Writer::from_writer(Vec::new());
        let mut changed = None;
        writer.write_record(&sheet.header).ok()?;
        for (as_of, row) in sheet.rows.iter().filter(|(as_of, _)| *as_of <= now) {
            changed = changed.max(Some(*as_of));
            writer.write_record(row).ok()?;
        }
        Some((writer.into_inner().ok()?, changed))
    }
}

fn sheet(name: &str, text: &str, zone: Tz) -> Result<Sheet, FeedFault> {
    let fault = |line: u64, reason: String| FeedFault { file: name.to_owned(), line, reason };
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().cloned().map_err(|error| fault(1, error.to_string()))?;
    let place = header.iter().position(|column| column == "as_of");
    let place = place.ok_or_else(|| fault(1, "it has no column as_of".to_owned()))?;
    let mut rows = Vec::new();
    for row in reader.records() {
        let row =
            row.map_err(|error| fault(error.position().map_or(0, csv::Position::line), error.to_string()))?;
        let line = row.position().map_or(0, csv::Position::line);
        let as_of = Vintage::parse_known(row.get(place).unwrap_or_default(), zone);
        rows.push((as_of.map_err(|error| fault(line, error.to_string()))?, row));
    }
    Ok(Sheet { header, rows })
}

async fn publish(State(feed): State<Feed>, Path(file): Path<String>, headers: HeaderMap) -> Response {
    let Some((body, changed)) = feed.known(&file) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let etag = format!("\"{}\"", &sha256_hex(&body)[..16]);
    let asked = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if asked == Some(etag.as_str()) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, etag)]).into_response();
    }
    let changed =
        changed.map_or_else(String::new, |v| v.moment().format("%a, %d %b %Y %H:%M:%S GMT").to_string());
    let head = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::ETAG, etag),
        (header::LAST_MODIFIED, changed),
    ];
    (head, body).into_response()
}
