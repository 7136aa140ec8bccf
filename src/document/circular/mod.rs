//! The circular, its amendment and extension, its revocation, the mayor's instruction: `content.rs` says what they say, as
//! data; `docx.rs` sets it for an office to go on writing in; the PDF is set by `typeset.rs` from `circular.typ`.

mod citation;
mod clauses;
mod content;
mod docx;
mod figures;
mod paragraph;
mod pdf;

pub use content::{CircularContent, CircularKind, Part, Signatory, Table};
pub use paragraph::{Figure, Paragraph};
