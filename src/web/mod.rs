//! The pages: what a view says, put into words and pictures for one reader. No arithmetic, no SQL: values come
//! from `job::city_view`, sentences from `text`. Start at `door.rs`, where every path stands with its rule; a dashboard is a
//! file (`dashboard/`), a panel of it one file in `panel/`, a chart one file in `figures/`.

mod alert;
mod api;
mod asset;
mod backtest;
mod chart;
mod dashboard;
mod decision;
mod door;
mod entry;
mod error;
mod events;
pub mod export;
pub mod figures;
mod form;
mod gate;
mod gathered;
mod guard;
mod health;
mod intake;
mod locale;
mod page;
mod panel;
mod paper;
mod pulls;
mod ready;
mod router;
mod server;
mod set_up;
mod settings;
mod state;
mod visit;
mod visitor;
mod words;
mod workforce;

pub use dashboard::{Dashboard, Fault, check, check_dashboards};
pub use door::{Door, Rule, doors, set_up_doors};
pub use export::mail_chart;
pub use gate::{Gate, Slot};
pub use paper::{LIST, PaperAsk, Published, paper, published};
pub use router::router;
pub use server::{Entrance, Listening, check_tls, serve, serve_cities};
pub use set_up::{SetUp, Taken};
pub use settings::{Limits, Settings, TlsFiles};
pub use state::AppState;
