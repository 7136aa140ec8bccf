//! What can be typed of accounts, tokens and the audit log.

use clap::{Args, Subcommand};

use super::args::Format;
use crate::account::{Permission, Role};
use crate::audit::Action;

/// `siaga user`
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Add an account and print its one-time link
    Add(UserAddArgs),
    /// Every account
    List {
        /// How to write the list [default: table on a terminal, else csv]
        #[arg(long, value_enum)]
        format: Option<Format>,
    },
    /// Print a one-time link for somebody who lost the password or the telephone
    Recover {
        /// The account
        name: String,
    },
    /// Disable an account: its sessions end at once
    Disable {
        /// The account
        name: String,
    },
    /// Enable an account again
    Enable {
        /// The account
        name: String,
    },
    /// Give an account another role: its sessions end at once
    Role {
        /// The account
        name: String,
        /// owner, mayor, unit_head, epidemiologist, personnel, analyst, data_officer, auditor
        role: Role,
        /// The unit of a head of unit
        #[arg(long, value_name = "UNIT")]
        unit: Option<String>,
    },
}

/// `siaga user add`
#[derive(Debug, Args)]
pub struct UserAddArgs {
    /// The account: 3 to 40 of a-z, 0-9, dot, underscore, hyphen
    pub name: String,
    /// owner, mayor, unit_head, epidemiologist, personnel, analyst, data_officer, auditor
    #[arg(long)]
    pub role: Role,
    /// The unit of a head of unit
    #[arg(long, value_name = "UNIT")]
    pub unit: Option<String>,
    /// The person's full name
    #[arg(long, value_name = "NAME", default_value = "")]
    pub title: String,
    /// The name or verified mail address that the city's own provider knows the person by
    #[arg(long, value_name = "NAME", default_value = "")]
    pub oidc: String,
}

/// `siaga token`
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Make a token for a program and print it, once
    Add(TokenAddArgs),
    /// Every token, without the tokens themselves
    List {
        /// Only this account's
        #[arg(long, value_name = "NAME")]
        user: Option<String>,
        /// How to write the list [default: table on a terminal, else csv]
        #[arg(long, value_enum)]
        format: Option<Format>,
    },
    /// Revoke a token at once
    Revoke {
        /// Its id, from `siaga token list`
        id: String,
    },
}

/// `siaga token add`
#[derive(Debug, Args)]
pub struct TokenAddArgs {
    /// Whose token it is: it may do no more than this account
    #[arg(long, value_name = "NAME")]
    pub user: String,
    /// What it is for
    #[arg(long)]
    pub title: String,
    /// What it may do (may be repeated): export, read_city, …
    #[arg(long, required = true)]
    pub scope: Vec<Permission>,
    /// How many days it lasts: 1 to 366
    #[arg(long, value_name = "N")]
    pub days: u16,
}

/// `siaga audit`
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Walk every chain of hashes: exit 0 if each is as it was written, else 1 with the first fault
    #[command(after_help = "\
Examples:
  siaga audit verify
  SIAGA_AUDIT_KEY=… siaga --config siaga.toml audit verify     also the heads' signatures and the anchor file")]
    Verify,
    /// Rows of the audit log, newest first
    #[command(after_help = "\
Examples:
  siaga audit list --from 2021-06-21 --to 2021-06-27
  siaga audit list --actor sekda --action decision_made --format csv
  siaga audit list --text 10.20.30.40 --before 4711           the page that goes on from row 4711")]
    List(AuditListArgs),
    /// What retention deleted, newest first
    Deletions {
        /// How to write the result [default: table on a terminal, else csv]
        #[arg(long, value_enum)]
        format: Option<Format>,
    },
    /// Sign chains that are whole with a key that is new, and tell a new anchor file where they end
    #[command(after_help = "\
Examples:
  SIAGA_AUDIT_KEY=… siaga audit seal     once, after the key or the anchor file was set or changed")]
    Seal,
}

/// `siaga audit list`
#[derive(Debug, Args)]
pub struct AuditListArgs {
    /// Only this account's
    #[arg(long, value_name = "NAME")]
    pub actor: Option<String>,
    /// Only this action: start, sign_in, figures_exported, decision_made, …
    #[arg(long, value_name = "ACTION")]
    pub action: Option<Action>,
    /// Not before: a day (its start) or a moment with an offset
    #[arg(long, value_name = "MOMENT")]
    pub from: Option<String>,
    /// Not after: a day (its end) or a moment with an offset
    #[arg(long, value_name = "MOMENT")]
    pub to: Option<String>,
    /// Only rows with this text
    #[arg(long, value_name = "TEXT")]
    pub text: Option<String>,
    /// Only rows before this sequence number
    #[arg(long, value_name = "N")]
    pub before: Option<i64>,
    /// How many at most
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub limit: u32,
    /// How to write the result [default: table on a terminal, else csv]
    #[arg(long, value_enum)]
    pub format: Option<Format>,
}
