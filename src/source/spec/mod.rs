//! A publisher as a file: where its figures are, in what form, how its words map to ours. A new publisher is a new
//! file in `data/source/`, not new code.
//!
//! [`mod@file`] is what can be written, [`check`] what must fit together, the others are its parts.

mod check;
mod file;
mod form;
mod part;

pub(super) use file::plain_name;
pub use file::{AuthorityIn, Columns, SourceSpec, SpecFault};
pub use form::{BareName, DateFormat, Encoding, LookedUpBy, PayloadFormat};
pub use part::{DateParts, DatesAcross, Figure};
