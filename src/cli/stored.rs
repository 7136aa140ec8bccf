//! Commands on the store: demo, serve, migrate.

use std::sync::Arc;

use anyhow::Context;
use tokio::net::TcpListener;

use super::args::DemoArgs;
use super::{Failure, output, usage};
use crate::access::{Access, AccessError};
use crate::account::Token;
use crate::app::{self, Ended, Front, Pace, Standing, Wiring};
use crate::city::City;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::demo::{self, DemoOptions, FIRST_DAY, LAST_DAY};
use crate::job::{CatchUp, Journey, record_start, resumed_from, with_kept};
use crate::store::Store;
use crate::web::{Entrance, SetUp};

/// A journey on the store of the settings.
pub async fn journey(config: &Config) -> Result<Journey, Failure> {
    let city = City::load(config).map_err(usage)?;
    wired(config, (city, app::open_store(config).await?)).await
}

/// A journey on a store that is open.
async fn wired(config: &Config, (city, store): (City, Store)) -> Result<Journey, Failure> {
    let wired = app::wire(config, Wiring { city, store, clock: Arc::new(SystemClock), is_demo: false });
    Ok(with_kept(wired.map_err(usage)?).await?)
}

/// `siaga demo`
pub async fn demo(config: &Config, args: &DemoArgs, quiet: bool) -> Result<(), Failure> {
    if !(FIRST_DAY..=LAST_DAY).contains(&args.until) {
        return Err(usage(anyhow::anyhow!(
            "--until {}: the demonstration runs from {FIRST_DAY} to {LAST_DAY}",
            args.until
        )));
    }
    if !(0.01..=1000.0).contains(&args.days_per_second) {
        return Err(usage(anyhow::anyhow!("--days-per-second {}: write 0.01 to 1000", args.days_per_second)));
    }
    let options = DemoOptions {
        until: args.until,
        days_per_second: args.days_per_second,
        no_wait: args.no_wait,
        fresh: args.fresh,
    };
    let say = |text: &str| {
        if !quiet {
            output::say(text);
        }
    };
    if let Some(summary) = demo::run(config, &options, &say).await? {
        output::print(&summary)?;
        let url = demo::demo_database_url(config);
        say(&format!(
            "The store stays: SIAGA_DATABASE_URL={url} siaga assess --date {} --format json",
            args.until
        ));
    }
    Ok(())
}

/// `siaga serve`, for one city.
pub async fn serve(config: &Config) -> Result<(), Failure> {
    let listener = listen(config).await?;
    warn_in_the_clear(config);
    let entrance = app::own_entrance(listener, config).map_err(usage)?;
    serve_at(config.clone(), entrance).await
}

/// The listener of the settings.
pub(super) async fn listen(config: &Config) -> Result<TcpListener, Failure> {
    // From here on a stop is heard, before anybody is told an address.
    let _ = app::told_to_stop();
    let listen = &config.server.listen;
    let listener = TcpListener::bind(listen).await;
    Ok(listener.with_context(|| format!("listen on {listen} (server.listen)"))?)
}

/// Serves a city where its visitors come in, until the process is told to stop. A database that was there and goes away is waited for.
pub(super) async fn serve_at(config: Config, entrance: Entrance) -> Result<(), Failure> {
    let (mut config, store) = match answered(config, &entrance).await? {
        Some(ready) => ready,
        None => return Ok(()),
    };
    let city = City::load(&config).map_err(usage)?;
    let first = wired(&config, (city, store)).await?;
    record_start(&first, "serve", &app::settings_fingerprint(&config)?).await?;
    let (mut is_renewed, mut first) = (false, Some(first));
    loop {
        let served = async {
            if is_renewed {
                // What was answered meanwhile counts from here on.
                app::answer(&mut config).await?;
            }
            let next = match first.take() {
                Some(first) => first,
                None => journey(&config).await?,
            };
            serve_once((&config, next), entrance.clone()).await
        };
        match served.await {
            Ok(Ended::Stopped) => return Ok(()),
            Ok(Ended::Renewed) => is_renewed = true,
            // Whoever serves several cities tries this one again.
            Err(failure) if entrance.stopping().is_some() => return Err(failure),
            Err(failure) => {
                entrance.close();
                if app::is_stopped_waiting(failure.into_error()).await? {
                    return Ok(entrance.end().await.map_err(anyhow::Error::from)?);
                }
            }
        }
    }
}

/// One journey, from its start until the process is told to stop, a source was added, or the installation was set up.
async fn serve_once((config, mut journey): (&Config, Journey), entrance: Entrance) -> Result<Ended, Failure> {
    journey.store = app::with_standbys(config, journey.store).await?;
    let schedule = app::schedule(config, journey.city.zone).map_err(usage)?;
    let now = journey.clock.now();
    let last = journey.store.last_finished().await.map_err(anyhow::Error::from)?;
    let clock = Arc::clone(&journey.clock);
    let pace = Pace {
        from: resumed_from(last.map(|run| run.due_at), now),
        catch_up: CatchUp::Latest,
        target: Box::new(move || clock.now()),
        at: Box::new(|_| {}),
    };
    let mut front = Front::new(entrance, config, &journey.city.name).map_err(usage)?;
    output::say(&format!("{}/", front.settings.public_url));
    if app::standing(config, &journey.store).await? == Standing::Unasked {
        let set_up = unasked(config, (&journey, &front.settings.public_url))?;
        front.set_up = Some(set_up.without(front.entrance.taken()));
    } else {
        invite_owner(&journey, &front).await?;
    }
    Ok(app::serve(Arc::new(journey), schedule, pace, front).await?)
}

/// The questions of a first start, beside the pages: figures came in before anybody answered them.
fn unasked(config: &Config, (journey, url): (&Journey, &str)) -> Result<SetUp, Failure> {
    let link = Token::random().map_err(anyhow::Error::from)?;
    output::say(&format!(
        "Figures came in before siaga was set up: it runs for {}, the city that is built in. This link asks for city, \
         policy and owner; nothing that came in is lost:",
        journey.city.name
    ));
    output::hand_over(&format!("{url}/set-up/{}", link.reveal()));
    Ok(SetUp::new(&link, config.clone()))
}

async fn invite_owner(journey: &Journey, front: &Front) -> Result<(), Failure> {
    let access = Access::new(journey.store.clone(), Arc::clone(&journey.clock), front.access.clone());
    if let Some(invitation) = access.first_owner_invitation().await.map_err(AccessError::into_error)? {
        output::say("Nobody has an account yet. This link makes you the owner, once, within three days:");
        output::hand_over(&format!("{}/invitation/{}", front.settings.public_url, invitation.token.reveal()));
    }
    Ok(())
}

pub(super) fn warn_in_the_clear(config: &Config) {
    if config.server.is_in_the_clear() {
        output::say(
            "siaga: warning: other hosts are answered without TLS: passwords can be read on the way. Set \
             server.tls_certificate and server.tls_key, or server.trusted_proxies for the proxy that has them",
        );
    }
}

/// The settings with what the first start asks, and their store. `None` when told to stop first.
async fn answered(mut config: Config, entrance: &Entrance) -> Result<Option<(Config, Store)>, Failure> {
    let store = app::open_store(&config).await?;
    if app::standing(&config, &store).await? != Standing::New {
        return Ok(Some((config, store)));
    }
    // Made with what is built in: what is wrong with the machine shows now, not after all questions.
    let city = City::load(&config).map_err(usage)?;
    let journey = wired(&config, (city, store.clone())).await?;
    record_start(&journey, "serve", &app::settings_fingerprint(&config)?).await?;
    let front = Front::new(entrance.clone(), &config, "").map_err(usage)?;
    let link = Token::random().map_err(anyhow::Error::from)?;
    output::say(
        "siaga is not set up yet. This link does it, in a few minutes; it is for whoever stands here:",
    );
    output::hand_over(&format!("{}/set-up/{}", front.settings.public_url, link.reveal()));
    let answers = app::set_up(Arc::new(journey), front, config.clone(), &link).await?;
    Ok(answers.map(|answers| {
        config.answer(&answers);
        (config, store)
    }))
}

/// `siaga migrate`
pub async fn migrate(config: &Config) -> Result<(), Failure> {
    app::open_store(config).await?;
    output::say("the tables are up to date");
    Ok(())
}
