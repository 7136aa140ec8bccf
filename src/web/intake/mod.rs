//! Figures that come by hand: typed, as a file, or from an address tried at once. All three are looked at first, with
//! every check, and only then taken in, by the same path as a pull. Start at `figures.rs`; `template.rs` hands out the form
//! that a spreadsheet fills in.

mod address;
mod choice;
mod commit;
mod days;
mod dropped;
mod figures;
mod file;
mod filled;
mod preview;
mod template;
mod typed;

pub(super) use address::try_address;
pub(super) use commit::take_in;
pub(super) use dropped::Dropped;
pub(super) use figures::figures;
pub(super) use file::drop_file;
pub(super) use preview::{measure_name, shown};
pub(super) use template::{template_csv, template_xlsx};
pub(super) use typed::take_typed;
