//! Who may do what: roles, names, passwords, second steps, tokens. Computes only: no SQL, no pages, no clock. `store`
//! keeps them, `access` uses them.

mod name;
mod password;
mod record;
mod recovery;
mod role;
mod token;
mod totp;
mod visitor;

pub use name::{InvalidName, account_name};
pub use password::{Verdict, Weakness, check_password, dummy_hash, hash_password, verify_password};
pub use record::{Account, ApiToken, NewAccount, NewToken, Session, SessionState};
pub use recovery::{RECOVERY_CODES, normal_recovery_code, recovery_codes};
pub use role::{Permission, Role, UnknownPermission, UnknownRole};
pub use token::{API_PREFIX, NoRandom, Token, fingerprint};
pub use totp::{Enrolment, TotpKey};
pub use visitor::Visitor;
