//! `siaga publish`: what anybody may see, as a folder for any web server.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::{Failure, door, output, stored, usage};
use crate::access::{Access, AccessSettings};
use crate::account::Visitor;
use crate::audit::Action;
use crate::config::Config;
use crate::web::{self, AppState};

/// `siaga publish`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  siaga publish --to /var/www/siaga
  */15 * * * *  siaga -q publish --to /var/www/siaga     follows new figures; what did not change keeps its time")]
pub struct PublishArgs {
    /// Where to: a folder that is not there yet, is empty, or was written by this command
    #[arg(long, value_name = "DIR")]
    pub to: PathBuf,
}

/// Runs the command.
pub async fn run(config: &Config, args: &PublishArgs, visitor: &Visitor) -> Result<(), Failure> {
    let settings = web::Settings::of(config).map_err(anyhow::Error::from)?;
    let journey = Arc::new(stored::journey(config).await?);
    let access = Access::new(journey.store.clone(), Arc::clone(&journey.clock), AccessSettings::default());
    let state = AppState::with(Arc::clone(&journey), access, settings).map_err(usage)?;
    let made = web::published(&state).await?;
    output::write_folder(&args.to, &made.files, web::LIST)?;
    let (count, version) = (made.files.len(), made.data_version);
    let detail = format!("public; data version {version}; {count} files");
    door::note(&journey, visitor, (Action::FiguresExported, "published pages"), &detail).await?;
    output::say(&format!("{count} files in {}, of data version {version}", args.to.display()));
    Ok(())
}
