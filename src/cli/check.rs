//! `siaga check`: the faults of settings, certificate, policies, sources and dashboards with file and line, then what is
//! in effect, without passwords.

use super::{Failure, document, output};
use crate::app;
use crate::city::City;
use crate::config::Config;
use crate::job::{load_policies, shipped_policies};
use crate::web;

/// The commented settings file.
pub const EXAMPLE: &str = include_str!("../../siaga.example.toml");

/// Runs the check.
pub async fn run(config: &Config, example: bool) -> Result<(), Failure> {
    if example {
        return Ok(output::print(EXAMPLE)?);
    }
    let faults = faults(config).await?;
    if !faults.is_empty() {
        return Err(refused(&faults));
    }
    Ok(output::print(&effective(config)?)?)
}

/// All faults in one failure.
pub(super) fn refused(faults: &[String]) -> Failure {
    Failure::Usage(anyhow::anyhow!(faults.join("\n       ")))
}

/// Everything that is wrong.
pub(super) async fn faults(config: &Config) -> anyhow::Result<Vec<String>> {
    let mut faults = Vec::new();
    let mut note = |result: anyhow::Result<()>| faults.extend(result.err().map(|error| format!("{error:#}")));
    let city = City::load(config);
    let zone = city.as_ref().map_or(chrono_tz::Asia::Jakarta, |city| city.zone);
    note(city.and_then(|city| document::check(config, &city)));
    note(app::schedule(config, zone).map(|_| ()));
    note(load_policies(&config.city.policy).map(|_| ()));
    for id in shipped_policies() {
        note(load_policies(&id).map(|_| ()));
    }
    note(app::source_specs(config).map(|_| ()));
    match web::check_dashboards(config.dashboards.folder.as_deref()) {
        Ok(found) => faults.extend(found.iter().map(ToString::to_string)),
        Err(error) => faults.push(format!("{error:#}")),
    }
    let settings = web::Settings::of(config)?;
    if let Some(Err(error)) = tls(&settings).await {
        faults.push(format!("server.tls_certificate, server.tls_key: {error}"));
    }
    Ok(faults)
}

/// What is in effect, each key with where it comes from, without passwords.
pub(super) fn effective(config: &Config) -> anyhow::Result<String> {
    let mut shown = config.clone();
    shown.database = config.database.in_public();
    Ok(with_origins(&toml::to_string_pretty(&shown)?, config))
}

/// Beside each value where it comes from: the file, a variable, the first start, or built in.
fn with_origins(effective: &str, config: &Config) -> String {
    let mut section = String::new();
    let line = |line: &str| {
        if let Some(name) = line.strip_prefix('[') {
            section = name.trim_matches(['[', ']']).to_owned();
            return line.to_owned();
        }
        let Some((key, _)) = line.split_once(" = ").filter(|(key, _)| !key.contains([' ', '"'])) else {
            return line.to_owned();
        };
        let origin = config.origins.of(&format!("{section}.{key}"));
        format!("{line}  # {}", origin.map_or_else(|| "built in".to_owned(), ToString::to_string))
    };
    effective.lines().map(line).collect::<Vec<_>>().join("\n")
}

async fn tls(settings: &web::Settings) -> Option<std::io::Result<()>> {
    match &settings.tls {
        Some(files) => Some(web::check_tls(files).await),
        None => None,
    }
}
