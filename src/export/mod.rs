//! Tables that people take away: one shape, several formats, each with its dictionary.
//!
//! `job` fills a [`Table`]; the writers here know nothing of where it came from.

mod csv;
mod form;
mod json;
mod table;

pub use csv::{CsvRows, write_csv};
pub use form::Form;
pub use json::write_json;
pub use table::{Cell, Column, Table};
