//! What people take away: one shape of rows, several formats, each with its dictionary, its descriptor and the id by which the same
//! bytes are made again.
//!
//! `job` fills a [`Table`] or another [`Rowset`]; the writers here know nothing of where it came from.

mod about;
mod calendar;
mod csv;
mod form;
mod json;
mod mark;
mod pack;
mod package;
mod parquet;
mod part;
mod recipe;
mod table;
mod xlsx;

pub use about::{About, SourceNote};
pub use calendar::{CalendarDay, write_calendar};
pub use csv::{CsvRows, Dialect, write_csv};
pub use form::Form;
pub use json::{Object, objects, write_json};
pub use mark::{mark_png, mark_svg};
pub use pack::{MANIFEST, PackFile, fingerprint_of, pack};
pub use package::package;
pub use parquet::parquet;
pub use part::{ROWS, TextFormat, part, parts};
pub use recipe::{BUILD, NoRecipe, Recipe, fingerprint, hex};
pub use table::{Cell, Column, Kind, Rowset, Table, dictionary};
pub use xlsx::xlsx;
