//! The operator's settings: built-in defaults, then what was answered at the first start, then the file, then `SIAGA_*`.
//! The only reader of the environment.
//!
//! Unknown keys are errors. Secrets come from the environment only and never show in `Debug`.

mod account;
mod address;
mod alert;
mod alert_check;
mod answers;
mod database;
mod documents;
mod fault;
mod installation;
mod layer;
mod load;
mod network;
mod origin;
mod settings;

pub use account::{Account, Oidc};
pub use alert::{Alertmanager, Alerts, NoQuietHours, Person, QuietHours, Smtp, Telegram, Webhook, WhatsApp};
pub use answers::Answers;
pub use database::Database;
pub use documents::Documents;
pub use fault::{ConfigFault, Secret};
pub use installation::{CityFiles, Installation, InstalledCity};
pub use load::source_secret;
pub use network::{Network, NotANetwork};
pub use origin::{Origin, Origins};
pub use settings::{Audit, City, Config, Dashboards, Retention, Schedule, Server, Sources, host_of};
