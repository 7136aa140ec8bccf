//! The cities of an installation: `siaga cities`, and what is done for all of them at once: serving them, checking their
//! settings, bringing their tables up to date.

use std::collections::BTreeMap;

use clap::Args;
use futures_util::StreamExt;

use super::args::Format;
use super::{Failure, check, output, stored, usage};
use crate::app::{self, Standing};
use crate::assessment::Mode;
use crate::config::{Config, InstalledCity};
use crate::disclosure::Audience;
use crate::export::{Cell, Table};
use crate::job::{Focus, city_view};
use crate::text::Locale;
use crate::web::{self, Entrance, Gate};

/// So many stores are opened at a time at the start.
const OPENED_AT_ONCE: usize = 8;

/// `siaga cities`
#[derive(Debug, Args)]
pub struct CitiesArgs {
    /// How to write the list [default: table on a terminal, else csv]
    #[arg(long, value_enum)]
    pub format: Option<Format>,
}

/// `siaga serve`, for all cities: none is served unless each of them can be.
pub async fn serve(process: &Config, mut cities: Vec<InstalledCity>) -> Result<(), Failure> {
    let settings = web::Settings::of(process).map_err(usage)?;
    let listener = stored::listen(process).await?;
    prepare(&mut cities).await?;
    let scheme = if settings.tls.is_some() { "https" } else { "http" };
    let address = listener.local_addr().map_err(anyhow::Error::from)?;
    output::say(&format!("{} cities, each by its host, behind", cities.len()));
    output::say(&format!("{scheme}://{address}/"));
    stored::warn_in_the_clear(process);
    let title = process.installation.as_ref().map_or("", |installation| installation.title.as_str());
    let locale = Locale::parse(&process.city.language).unwrap_or_default();
    let gate = Gate::new((title, locale), &cities, settings.is_secure());
    let configs: BTreeMap<String, Config> = cities.into_iter().map(|city| (city.name, city.config)).collect();
    let behind = gate.clone();
    let run = move |slot: web::Slot| {
        let config = configs.get(slot.name()).cloned().unwrap_or_default();
        let entrance = Entrance::Host(behind.clone(), slot);
        async move { stored::serve_at(config, entrance).await.map_err(Failure::into_error) }
    };
    Ok(app::serve_cities(listener, (gate, &settings), run).await?)
}

/// What is known of a city once it was opened.
struct Opened {
    store: String,
    location: Option<String>,
}

/// Opens every city once, with what was answered at its first start.
async fn prepare(cities: &mut [InstalledCity]) -> Result<(), Failure> {
    let opening = cities.iter_mut().map(|city| async move { opened(&mut city.config).await });
    let found: Vec<_> = futures_util::stream::iter(opening).buffered(OPENED_AT_ONCE).collect().await;
    let (mut faults, mut stores, mut places) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
    for (city, found) in cities.iter().zip(found) {
        let found = match found {
            Ok(found) => found,
            Err(failure) => {
                faults.push(format!("{}: {:#}", city.file, failure.into_error()));
                continue;
            }
        };
        if let Some(other) = stores.insert(found.store, &city.file) {
            let store = city.config.database.shown();
            faults.push(format!("{other} and {}: both are kept in one store, {store}", city.file));
        }
        if let Some(location) = found.location
            && let Some(other) = places.insert(location.clone(), &city.file)
        {
            faults.push(format!("{other} and {}: both are the location {location}", city.file));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(check::refused(&faults)) }
}

async fn opened(config: &mut Config) -> Result<Opened, Failure> {
    app::answer(config).await?;
    let journey = stored::journey(config).await?;
    app::schedule(config, journey.city.zone).map_err(usage)?;
    web::check_dashboards(config.dashboards.folder.as_deref()).map_err(usage)?;
    let is_known = app::standing(config, &journey.store).await? == Standing::SetUp;
    let store = journey.store.identity().await.map_err(anyhow::Error::from)?;
    let location = is_known.then(|| journey.city.location.to_string());
    Ok(Opened { store, location })
}

/// `siaga check`, for all cities: every fault of every file, then what is in effect for each.
pub async fn check(mut cities: Vec<InstalledCity>) -> Result<(), Failure> {
    let (mut faults, mut shown) = (Vec::new(), Vec::new());
    for city in &mut cities {
        // What is wrong with the database is told by whoever needs it.
        let _ = app::answer(&mut city.config).await;
        let found = check::faults(&city.config).await?;
        faults.extend(found.iter().map(|fault| format!("{}: {fault}", city.file)));
        shown.push(format!("# {}\n{}", city.file, check::effective(&city.config)?));
    }
    if !faults.is_empty() {
        return Err(check::refused(&faults));
    }
    Ok(output::print(&shown.join("\n\n"))?)
}

/// `siaga migrate`, for all cities: one that fails does not keep the others from it.
pub async fn migrate(cities: &[InstalledCity]) -> Result<(), Failure> {
    let mut faults = Vec::new();
    for city in cities {
        match app::open_store(&city.config).await {
            Ok(_) => output::say(&format!("{}: the tables are up to date", city.name)),
            Err(error) => faults.push(format!("{}: {error:#}", city.name)),
        }
    }
    match faults.is_empty() {
        true => Ok(()),
        false => Err(Failure::Failed(anyhow::anyhow!(faults.join("\n       ")))),
    }
}

/// `siaga cities`
pub async fn list(cities: Vec<InstalledCity>, args: &CitiesArgs) -> Result<(), Failure> {
    let columns = ["name", "address", "location", "city", "policy", "store", "newest", "level", "state"];
    let mut table = Table::new(&columns.map(|column| (column, "")));
    for mut city in cities {
        let seen = seen(&mut city.config).await;
        table.rows.push(row(&city, seen));
    }
    let bytes = output::rendered(&table, output::format_or_default(args.format))?;
    Ok(output::print(&String::from_utf8_lossy(&bytes))?)
}

/// A city as anybody may see it.
#[derive(Default)]
struct Seen {
    location: String,
    name: String,
    newest: Option<String>,
    level: String,
    state: &'static str,
}

fn row(InstalledCity { name, config, .. }: &InstalledCity, seen: Result<Seen, Failure>) -> Vec<Cell> {
    let (seen, fault) = match seen {
        Ok(seen) => (seen, None),
        Err(failure) => (Seen::default(), Some(format!("{:#}", failure.into_error()))),
    };
    vec![
        name.as_str().into(),
        config.server.public_address().into(),
        seen.location.into(),
        seen.name.into(),
        config.city.policy.as_str().into(),
        config.database.shown().into(),
        seen.newest.map_or(Cell::Empty, Cell::Text),
        seen.level.into(),
        fault.unwrap_or_else(|| seen.state.to_owned()).into(),
    ]
}

async fn seen(config: &mut Config) -> Result<Seen, Failure> {
    app::answer(config).await?;
    let journey = stored::journey(config).await?;
    if app::standing(config, &journey.store).await? == Standing::New {
        return Ok(Seen { state: "not set up", ..Seen::default() });
    }
    let city = &journey.city;
    let seen = Seen { location: city.location.to_string(), name: city.name.clone(), ..Seen::default() };
    let view = city_view(&journey.viewing(), Focus::default(), &Audience::public()).await?;
    let Some(newest) = view.newest_day() else { return Ok(Seen { state: "no figures", ..seen }) };
    let (step, policy) = (view.assessment.step, journey.policies.on(view.date));
    let level = match view.assessment.mode {
        Mode::NotAssessable => journey.phrases().say("level-not_assessable"),
        _ => journey.locale.of(&policy.step(step).name).to_owned(),
    };
    Ok(Seen { newest: Some(newest.to_string()), level, state: "ok", ..seen })
}
