//! The doors: signing in, second steps, sessions, one-time links, API tokens. Use-cases over `store`, `account` and
//! `audit`; pages and the command line both come through here. Start at [`Access::sign_in`].

mod enrol;
mod error;
mod invitation;
mod limit;
mod oidc;
mod people;
mod provider;
mod session;
mod settings;
mod shared;
mod sign_in;
mod token;
mod types;

pub use error::{AccessError, Conflict};
pub use settings::{AccessSettings, OidcSettings};
pub use shared::Access;
pub use types::{Client, Invitation, Invited, OidcAnswer, OidcStart, Recognised, SignIn, Ticket};
