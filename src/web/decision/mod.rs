//! What people decide: the journal, one decision as anybody may read it, the form, the draft before its signature, orders of
//! the centre. Decisions themselves are made in `job`.

mod form;
mod list;
mod numbering;
mod orders;
mod paper;
mod prefill;
mod record;
mod review;
mod words;

pub(super) use form::{new, write};
pub(super) use list::list;
pub(super) use numbering::number;
pub(super) use orders::{add_order, end_order, orders};
pub(super) use paper::{Letter, brief, brief_page, letter};
pub(super) use record::record;
pub(super) use review::{discard, review, sign};
pub(super) use words::{Line, in_force_line};
