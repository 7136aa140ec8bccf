//! For whoever watches the program: whether it is alive and ready (`checks.rs`), its numbers (`scrape.rs`), and what
//! stands round every request for that (`watch.rs`). What is asked of the store is asked once at a time (`once.rs`).

mod checks;
mod once;
mod scrape;
mod vitals;
mod watch;

pub(super) use checks::{alive, all_alive, all_ready, ready};
pub(super) use scrape::{scrape, scrape_all};
pub(super) use vitals::Vitals;
pub(super) use watch::{trace, watch};
