//! Readers: bytes in, records out, one form of payload a file. They know nothing of dates, places or measures.

mod cell;
mod csv;
mod json;
mod unpack;
mod xlsx;

pub(super) use cell::{Cell, Record, Sink};
pub(super) use csv::read_csv;
pub(super) use json::{not_json, read_json};
pub(super) use xlsx::read_xlsx;
