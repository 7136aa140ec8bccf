//! What can be typed about the store as a whole.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::cli::args::Format;

/// `siaga store`
#[derive(Debug, Subcommand)]
pub enum StoreCommand {
    /// Copy every row into an empty database, all or nothing, and check the copy
    #[command(after_help = "\
Examples:
  siaga store copy --to postgres://siaga@db.kota.example/siaga
  SIAGA_STORE_COPY_TO=postgres://… siaga store copy     keeps a password out of the list of processes")]
    Copy {
        /// Where to: sqlite://PATH or postgres://…
        #[arg(long, value_name = "URL", env = "SIAGA_STORE_COPY_TO", hide_env_values = true)]
        to: String,
        /// How to write the result [default: table on a terminal, else csv]
        #[arg(long, value_enum)]
        format: Option<Format>,
    },
}

/// `siaga backup`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  siaga backup --to /mnt/backup                      a file of its own, named by the moment
  siaga backup --to last.sqlite --replace --format json

It may run at any time, beside siaga serve, on SQLite and on PostgreSQL alike: one file holds the store as it was at one moment.")]
pub struct BackupArgs {
    /// Where to: a file, or a folder in which the file is named by the moment
    #[arg(long, value_name = "FILE|DIR")]
    pub to: PathBuf,
    /// Write over a file that is there
    #[arg(long)]
    pub replace: bool,
    /// How to write what was made [default: table on a terminal, else csv]
    #[arg(long, value_enum)]
    pub format: Option<Format>,
}

/// `siaga restore`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  SIAGA_DATABASE_URL=sqlite://var/restored.sqlite siaga restore --from /mnt/backup/siaga-2021-06-28T130000Z.sqlite
  SIAGA_DATABASE_URL=postgres://… siaga restore --from last.sqlite --sha256 1a2b…

The database of the settings has to be empty; it is filled all at once or not at all. The backup is only read.")]
pub struct RestoreArgs {
    /// The backup
    #[arg(long, value_name = "FILE")]
    pub from: PathBuf,
    /// Refuse a file that has not this SHA-256, as it was told when the backup was made
    #[arg(long, value_name = "HEX")]
    pub sha256: Option<String>,
    /// How to write what was restored [default: table on a terminal, else csv]
    #[arg(long, value_enum)]
    pub format: Option<Format>,
}
