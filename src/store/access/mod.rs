//! What the doors keep: accounts, sessions, one-time links, API tokens, and how often was tried.

mod account;
mod api_token;
mod attempt;
mod once;
mod session;

pub use account::{Changed, Credentials, Link};
pub use api_token::KnownToken;
pub use attempt::{LONGEST_WINDOW, Limit, Reached};
pub use once::KnownLink;
pub use session::{KnownSession, NewSession, Proof};
