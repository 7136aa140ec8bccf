//! The pages: what a view says, put into words and pictures for one reader. No arithmetic, no SQL: values come
//! from `job::city_view`, sentences from `text`. Start at `router.rs`, where every path stands; a dashboard is a
//! file (`dashboard.rs`), a panel of it one file in `panel/`, a chart one file in `figures/`.

mod asset;
mod chart;
mod dashboard;
mod error;
mod events;
mod export;
pub mod figures;
mod health;
mod locale;
mod page;
mod panel;
mod router;
mod serve;
mod state;
mod visit;
mod words;

pub use dashboard::{Dashboard, Fault, check, check_dashboard};
pub use router::router;
pub use serve::serve;
pub use state::AppState;
