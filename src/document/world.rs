//! What the typesetter sees: the templates, the data, the fonts, the document's day. No disk, no network, no clock.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World, WorldExt};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, Timestamp};

use super::typeset::{DocumentError, Job, Set, Templates};

/// The file that a template reads.
const DATA: &str = "data.json";

struct Desk {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    main: FileId,
    /// By their names in the project.
    files: BTreeMap<String, Bytes>,
    date: Option<Datetime>,
}

/// Sets a document.
pub(super) fn set(templates: &Templates, job: &Job<'_>) -> Result<Set, DocumentError> {
    let desk = Desk::new(templates, job)?;
    let document: PagedDocument = typst::compile(&desk).output.map_err(|errors| desk.fault(&errors))?;
    let options = PdfOptions {
        ident: Smart::Custom(job.identity.to_owned()),
        creator: Smart::Custom(Some("siaga".to_owned())),
        timestamp: desk.date.map(Timestamp::new_utc),
        ..PdfOptions::default()
    };
    let bytes = typst_pdf::pdf(&document, &options).map_err(|errors| desk.fault(&errors))?;
    let pages = document.pages().len();
    // What was remembered of this document helps no other.
    typst::comemo::evict(0);
    Ok(Set { bytes, pages })
}

impl Desk {
    fn new(templates: &Templates, job: &Job<'_>) -> Result<Self, DocumentError> {
        if !templates.files.contains_key(job.template) {
            return Err(DocumentError::NoTemplate(job.template.to_owned()));
        }
        let wrong = |error: &dyn std::fmt::Display| DocumentError::Pack(error.to_string());
        let main = VirtualPath::new(job.template).map_err(|error| wrong(&error))?;
        let data = serde_json::to_vec(&job.data).map_err(|error| wrong(&error))?;
        let shared = templates.files.iter().map(|(name, bytes)| (name.clone(), Bytes::new(bytes.clone())));
        let mut files: BTreeMap<String, Bytes> = shared.collect();
        files
            .extend(job.pictures.iter().map(|(name, bytes)| ((*name).to_owned(), Bytes::new(bytes.clone()))));
        files.insert(DATA.to_owned(), Bytes::new(data));
        let fonts: Vec<Font> =
            templates.fonts.iter().flat_map(|bytes| Font::iter(Bytes::new(bytes.clone()))).collect();
        Ok(Self {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            main: RootedPath::new(VirtualRoot::Project, main).intern(),
            files,
            date: moment(job.date),
        })
    }

    /// The first fault, with its file and line.
    fn fault(&self, errors: &[SourceDiagnostic]) -> DocumentError {
        let Some(error) = errors.first() else {
            return DocumentError::Pack("it cannot be set".to_owned());
        };
        let file = error.span.id().unwrap_or(self.main);
        let line = self.source(file).ok().and_then(|source| {
            let start = self.range(error.span)?.start;
            source.lines().byte_to_line(start)
        });
        let hints: Vec<&str> = error.hints.iter().map(|hint| hint.v.as_str()).collect();
        let message = [vec![error.message.as_str()], hints].concat().join("; ");
        let file = file.get().vpath().get_without_slash().to_owned();
        DocumentError::Template { file, line: line.map_or(1, |line| line + 1), message }
    }
}

/// The first moment of a day.
fn moment(date: NaiveDate) -> Option<Datetime> {
    let part = |number: u32| u8::try_from(number).ok();
    Datetime::from_ymd_hms(date.year(), part(date.month())?, part(date.day())?, 0, 0, 0)
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let bytes = self.file(id)?;
        let text = std::str::from_utf8(&bytes).map_err(|_| FileError::InvalidUtf8)?;
        Ok(Source::new(id, text.trim_start_matches('\u{feff}').to_owned()))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let path = id.get();
        let name = path.vpath().get_without_slash();
        let found = self.files.get(name).filter(|_| matches!(path.root(), VirtualRoot::Project));
        found.cloned().ok_or_else(|| FileError::NotFound(name.into()))
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        self.date
    }
}
