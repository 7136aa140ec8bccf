//! Who may do what: roles, accounts, sessions, tokens. No SQL and no pages: `store` keeps them, `web` and `cli` ask.

mod role;
mod visitor;

pub use role::{Permission, Role, UnknownPermission, UnknownRole};
pub use visitor::Visitor;
