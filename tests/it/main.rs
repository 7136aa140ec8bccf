//! The one integration binary: it links once. Each module is a journey tried as a user would try it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test may stop where it fails"
)]

mod alerts;
mod cli;
mod demo;
mod fetching;
mod levels;
mod properties;
mod reference;
mod scenarios;
mod store_contract;
mod support;
