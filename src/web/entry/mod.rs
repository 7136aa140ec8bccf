//! The way in and what belongs to it: signing in, second steps, one-time links, one's own account, everybody's
//! accounts, the audit log, and what staff are told about their data. What is decided is decided in `access`.

mod account;
mod accounts;
mod audit;
mod field;
mod invitation;
mod privacy;
mod second_step;
mod shared;
mod sign_in;

pub(super) use account::{account, change_password, end_session, make_token, revoke_token};
pub(super) use accounts::{accounts, add_account, change_account};
pub(super) use audit::{audit, audit_csv};
pub(super) use field::Field;
pub(super) use invitation::{accept, invitation};
pub(super) use privacy::privacy;
pub(super) use second_step::{ask_code, check_code, enrol, finish_enrolment};
pub(super) use shared::{Said, go_on, said, unkept, with_fault};
pub(super) use sign_in::{leave, oidc_callback, oidc_start, sign_in, try_sign_in};
