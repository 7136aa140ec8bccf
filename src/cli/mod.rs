//! The command line: results on standard output, talk on standard error, exit 0 done, 1 failed, 2 wrong usage or
//! settings.

mod account;
mod alert;
mod args;
mod args_account;
mod audit;
mod backtest;
mod check;
mod cities;
mod dashboard;
mod decision;
mod document;
mod door;
mod export;
mod ingest;
mod input;
mod models;
mod output;
mod policy;
mod publish;
mod run;
mod runs;
mod source;
mod stateless;
mod store;
mod stored;
mod workforce;

pub use args::{Cli, Command};
use run::usage;
pub use run::{Failure, main};
