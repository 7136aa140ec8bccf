//! Templates, and paper set from them: the data is a file beside the template, never pasted into it, so that no word of
//! a person is read as a command. The world that the typesetter sees holds these files and the document's day, and nothing else.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::Value;
use thiserror::Error;

/// The template of circulars.
pub const CIRCULAR: &str = "circular.typ";
/// The template of briefings.
pub const BRIEFING: &str = "briefing.typ";

/// A document that could not be made.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DocumentError {
    /// This program was built without PDF.
    #[error("this siaga was built without PDF (the feature 'pdf'); write a .docx instead")]
    NoPdf,
    /// A template is not there.
    #[error("there is no template '{0}'")]
    NoTemplate(String),
    /// A template does not work.
    #[error("{file}, line {line}: {message}")]
    Template {
        /// The file.
        file: String,
        /// Its line, counted from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// The file could not be put together.
    #[error("put the document together: {0}")]
    Pack(String),
}

/// The templates in use, with their fonts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Templates {
    /// Files by name: templates, what they import, pictures.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Fonts (TTF or OTF).
    pub fonts: Vec<Vec<u8>>,
}

/// One document to set.
#[derive(Debug)]
pub(super) struct Job<'a> {
    /// The template.
    pub template: &'static str,
    /// What it reads as `data.json`.
    pub data: Value,
    /// What it finds beside itself.
    pub pictures: Vec<(&'static str, Vec<u8>)>,
    /// The document's day.
    pub date: NaiveDate,
    /// Which document it is: the same one has the same identity.
    pub identity: &'a str,
}

/// A PDF and how many pages it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Set {
    /// The file.
    pub bytes: Vec<u8>,
    /// Its pages.
    pub pages: usize,
}

impl Templates {
    /// Sets a document. The same data gives the same bytes.
    #[cfg(feature = "pdf")]
    pub(super) fn set(&self, job: &Job<'_>) -> Result<Set, DocumentError> {
        super::world::set(self, job)
    }

    /// Sets nothing: there is no typesetter in this program.
    #[cfg(not(feature = "pdf"))]
    pub(super) fn set(&self, job: &Job<'_>) -> Result<Set, DocumentError> {
        let _ = (&job.data, &job.pictures, job.template, job.date, job.identity);
        Err(DocumentError::NoPdf)
    }
}
