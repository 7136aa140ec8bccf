//! What every journey needs: the store, the clock, the city, its rules, its publishers, its channels.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use anyhow::Context;
use chrono::NaiveDate;
use tokio::sync::watch;

use super::alert::Alerting;
use crate::alert::Channels;
use crate::assessment::{Case, Policy, PolicyBook};
use crate::assets;
use crate::city::{City, Unit};
use crate::clock::Clock;
use crate::disclosure::{Audience, Disclosed, Rules, Setting, UnitSize, disclose};
use crate::epi::Vintage;
use crate::indicator::{IndicatorTable, MethodParameters};
use crate::observation::{Authority, Observation};
use crate::source::{Fetcher, SourceSpec};
use crate::store::Store;
use crate::telemetry::Tally;
use crate::text::{Locale, Phrases};

/// Every version of a policy: by its shipped name, a file, or a folder of files.
///
/// # Errors
/// When there is none of that name, or one cannot be used: with file and every fault's line.
pub fn load_policies(name: &str) -> anyhow::Result<PolicyBook> {
    let mut versions = Vec::new();
    for (file, text) in policy_texts(name)? {
        let policy = Policy::read(&text).map_err(|faults| {
            let lines: Vec<String> = faults.iter().map(|fault| format!("{file}, {fault}")).collect();
            anyhow::anyhow!(lines.join("\n"))
        })?;
        versions.push(policy);
    }
    PolicyBook::new(versions).with_context(|| format!("read the policy {name}"))
}

/// The file of a policy's newest version, as it is written.
///
/// # Errors
/// As [`load_policies`].
pub fn policy_file(name: &str) -> anyhow::Result<String> {
    let newest = load_policies(name)?.newest().version.clone();
    let is_it = |text: &String| Policy::read(text).is_ok_and(|policy| policy.version == newest);
    let file = policy_texts(name)?.into_iter().map(|(_, text)| text).find(is_it);
    file.with_context(|| format!("find the file of {name} {newest}"))
}

/// Names and texts of the files of a policy.
fn policy_texts(name: &str) -> anyhow::Result<Vec<(String, String)>> {
    let path = std::path::Path::new(name);
    let read = |file: &std::path::Path| {
        let text = std::fs::read_to_string(file);
        text.with_context(|| format!("read the policy {}", file.display()))
            .map(|text| (file.display().to_string(), text))
    };
    if path.is_dir() {
        let entries = std::fs::read_dir(path).with_context(|| format!("read the folder {name}"))?;
        let mut files: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        files.retain(|file| file.extension().is_some_and(|end| end == "toml"));
        files.sort();
        return files.iter().map(|file| read(file)).collect();
    }
    if name.ends_with(".toml") {
        return Ok(vec![read(path)?]);
    }
    // A version after the first is a file of its own: kota-bogor@2.toml.
    let is_of_name = |file: &String| {
        let own = file.trim_start_matches("policy/").trim_end_matches(".toml");
        own == name || own.split_once('@').is_some_and(|(id, _)| id == name)
    };
    let files: Vec<String> = assets::data_files("policy/").into_iter().filter(is_of_name).collect();
    if files.is_empty() {
        anyhow::bail!(
            "find the policy '{name}': `siaga policy list` names those that ship; a file ends in .toml, a folder holds the versions of one policy"
        );
    }
    let texts = files.into_iter().map(|file| {
        let text = assets::data(&file).with_context(|| format!("find data/{file}"))?;
        Ok((format!("data/{file}"), text))
    });
    texts.collect()
}

/// The ids of the policies that ship.
#[must_use]
pub fn shipped_policies() -> Vec<String> {
    let names = assets::data_files("policy/").into_iter().map(|file| {
        let own = file.trim_start_matches("policy/").trim_end_matches(".toml");
        own.split_once('@').map_or(own, |(id, _)| id).to_owned()
    });
    let mut names: Vec<String> = names.collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Which source counts, from the specs.
#[must_use]
pub fn authority(specs: &[SourceSpec]) -> Authority {
    let everywhere = Authority::new(specs.iter().map(|spec| (spec.id.clone(), spec.authority)));
    let in_places =
        specs.iter().flat_map(|spec| spec.authority_in.iter().map(move |place| (&spec.id, place)));
    in_places.fold(everywhere, |authority, (source, place)| match place.period() {
        None => authority.in_place(source, place.location.clone(), place.authority),
        Some(days) => authority.in_period(source, place.location.clone(), days, place.authority),
    })
}

/// What every journey takes along: all that it needs but the store.
#[derive(Debug)]
pub struct Gear {
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Who asks publishers.
    pub fetcher: Fetcher,
    /// The publishers.
    pub sources: Vec<SourceSpec>,
    /// The city.
    pub city: City,
    /// The rules, in every version.
    pub policies: PolicyBook,
    /// The epidemiologist's settings.
    pub method: MethodParameters,
    /// How much is withheld from whom.
    pub disclosure: Rules,
    /// How people are reached.
    pub channels: Channels,
    /// What they are told of, and how it looks.
    pub alerting: Alerting,
    /// How many days logs are kept.
    pub log_days: u16,
    /// The first language.
    pub locale: Locale,
    /// Whether this is the demonstration.
    pub is_demo: bool,
    /// For whom it is counted what happens.
    pub tally: Tally,
    /// Tells pages that something is new: a number that only rises.
    pub changed: watch::Sender<i64>,
    /// Which sources were kept when the journey began; `None` where nobody watches for others.
    pub kept: Option<String>,
    /// Tells the program that a source was kept: it goes on with a new journey, without a restart.
    pub renewed: watch::Sender<bool>,
}

/// Everything a journey needs.
#[derive(Debug)]
pub struct Journey {
    /// Where figures are kept.
    pub store: Store,
    /// All else.
    pub gear: Gear,
}

impl Deref for Journey {
    type Target = Gear;

    fn deref(&self) -> &Gear {
        &self.gear
    }
}

impl DerefMut for Journey {
    fn deref_mut(&mut self) -> &mut Gear {
        &mut self.gear
    }
}

impl Gear {
    /// Today, in the city.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.clock.now().local_date(self.city.zone)
    }

    /// The rules in force today.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        self.policies.on(self.today())
    }

    /// The phrases of the first language.
    #[must_use]
    pub fn phrases(&self) -> Phrases {
        Phrases::new(self.locale)
    }

    /// Which source counts, from the specs.
    #[must_use]
    pub fn authority(&self) -> Authority {
        authority(&self.sources)
    }

    /// What the rules assess.
    #[must_use]
    pub fn case<'a>(&'a self, table: &'a IndicatorTable) -> Case<'a> {
        let City { orders, lineage, calendar, .. } = &self.city;
        Case { policies: &self.policies, table, orders, lineage, calendar }
    }

    /// What an audience may see of these figures.
    pub(super) fn disclose(
        &self,
        observations: Vec<Observation>,
        as_of: Vintage,
        audience: &Audience,
    ) -> Disclosed {
        let size = |unit: &Unit| UnitSize {
            unit_id: unit.unit_id.clone(),
            parent: unit.parent.clone(),
            headcount: unit.headcount,
        };
        let units: Vec<UnitSize> = self.city.units.iter().map(size).collect();
        let (locations, authority) = (&self.city.locations, self.authority());
        // A moment to come knows no more than now, and no week is over before its end.
        let as_of = as_of.min(self.clock.now());
        let setting =
            Setting { locations, units: &units, authority: &authority, zone: self.city.zone, as_of };
        disclose(observations, setting, audience, &self.disclosure)
    }

    /// The first day for which there are rules, of whichever version.
    #[must_use]
    pub fn ruled_since(&self) -> NaiveDate {
        let versions = self.policies.versions().iter().map(|policy| policy.valid_from);
        versions.min().unwrap_or(self.policy().valid_from)
    }
}

impl Journey {
    /// Tells pages that something is new, those of this process and those of every other on the same database.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn announce(&self) -> anyhow::Result<()> {
        self.look().await?;
        // Whoever does not hear it looks for itself a little later.
        if let Err(error) = self.store.tell_news().await {
            tracing::warn!(error = %error, "other processes could not be told that something is new");
        }
        Ok(())
    }

    /// Looks whether something is new, and tells the pages of this process.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn look(&self) -> anyhow::Result<()> {
        let newest = self.store.newest().await?;
        if newest.known_at.is_some() {
            // A standby says what there is, not what is new.
            return Ok(());
        }
        let version = newest.version;
        self.changed.send_if_modified(|known| {
            // Of two who look at once the slower one may bring the older number.
            let is_new = *known < version;
            *known = version.max(*known);
            is_new
        });
        Ok(())
    }
}
