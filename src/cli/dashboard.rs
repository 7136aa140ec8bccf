//! `siaga dashboard`: a dashboard as a folder of pages.

use std::sync::Arc;

use super::args::DashboardArgs;
use super::{Failure, door, input, output, stored, usage};
use crate::access::{Access, AccessSettings};
use crate::account::Visitor;
use crate::audit::Action;
use crate::config::Config;
use crate::job::Focus;
use crate::web::{self, AppState, PaperAsk};

/// The file by which a folder is known as one of this command's.
const MARK: &str = "siaga.css";

/// Runs the command.
pub async fn run(config: &Config, args: &DashboardArgs, visitor: &Visitor) -> Result<(), Failure> {
    let settings = web::Settings::of(config).map_err(anyhow::Error::from)?;
    let journey = Arc::new(stored::journey(config).await?);
    let as_of = input::moment(args.as_of.as_deref(), journey.city.zone)?;
    super::stateless::check_stored_day(&journey, args.date).await?;
    let audience = door::audience(visitor, Some(&args.audience))?;
    let access = Access::new(journey.store.clone(), Arc::clone(&journey.clock), AccessSettings::default());
    let state = AppState::with(Arc::clone(&journey), access, settings).map_err(usage)?;
    state.refuse_unknown_board(&args.name).map_err(usage)?;
    let ask = PaperAsk {
        name: args.name.clone(),
        focus: Focus { date: args.date, as_of },
        audience,
        visitor: visitor.clone(),
    };
    let files = web::paper(&state, &ask).await?;
    let known = as_of.unwrap_or_else(|| journey.clock.now());
    let detail = format!("{}; as of {known}; {} files", ask.audience, files.len());
    door::note(&journey, visitor, (Action::FiguresExported, &format!("dashboard {}", args.name)), &detail)
        .await?;
    output::write_folder(&args.out, &files, MARK)?;
    output::say(&format!("{} files in {}; open index.html", files.len(), args.out.display()));
    Ok(())
}
