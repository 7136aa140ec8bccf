//! Dashboards as data. What one is stands in `definition`, how its file is read and checked in `file` and `panel_file`, and
//! which ones there are, the shipped and the operator's own, in `shelf`. What a panel looks like is not here: that is
//! `web/panel`.

mod definition;
mod file;
mod panel_file;
mod shelf;

pub(super) use definition::{Attention, CurveSettings, Fact, Panel};
pub use definition::{Dashboard, Fault};
pub use file::check;
pub(super) use file::{NAMES, load};
pub use shelf::check_dashboards;
pub(super) use shelf::{Board, Shelf, Shelves};
