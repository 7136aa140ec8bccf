//! The operator's settings: built-in defaults, then the file, then `SIAGA_*`. The only reader of the environment.
//!
//! Unknown keys are errors. Secrets come from the environment only and never show in `Debug`.

mod account;
mod fault;
mod load;
mod network;
mod settings;

pub use account::{Account, Oidc};
pub use fault::{ConfigFault, Secret};
pub use load::source_secret;
pub use network::{Network, NotANetwork};
pub use settings::{
    Alerts, Audit, City, Config, Database, Retention, Schedule, Server, Smtp, Sources, Webhook,
};
