//! Every section of the settings file with its built-in defaults. A section is one struct.

use std::net::SocketAddr;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{Account, Alerts, Database, Documents, Installation, Network, NotANetwork, Origins, Secret};

/// All settings.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where figures are kept.
    pub database: Database,
    /// Which city.
    pub city: City,
    /// The web server.
    pub server: Server,
    /// Where figures come from.
    pub source: Sources,
    /// The operator's own dashboards.
    pub dashboards: Dashboards,
    /// Circulars and briefings.
    pub documents: Documents,
    /// When jobs run.
    pub schedule: Schedule,
    /// Whom to tell, and how.
    pub alert: Alerts,
    /// Accounts and sessions.
    pub account: Account,
    /// Who types the command: the account of the operating system, from the environment.
    #[serde(skip)]
    pub operator: String,
    /// What a command may do, from `SIAGA_TOKEN`; without one the operator's at the machine.
    #[serde(skip)]
    pub token: Secret,
    /// How the audit log is guarded.
    pub audit: Audit,
    /// How long things are kept.
    pub retention: Retention,
    /// That these are the settings of an installation with several cities.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub installation: Option<Installation>,
    /// The name of the city whose settings these are, in an installation with several.
    #[serde(skip)]
    pub installed_as: Option<String>,
    /// Where each key comes from that is not as built in.
    #[serde(skip)]
    pub origins: Origins,
}

/// Which city.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct City {
    /// Its code in the locations file.
    pub location: String,
    /// The first language of pages and messages: `id` or `en`.
    pub language: String,
    /// The policy in force: a shipped name or a file.
    pub policy: String,
    /// A locations file instead of the shipped one.
    pub locations: Option<PathBuf>,
    /// A list of units instead of the shipped one.
    pub units: Option<PathBuf>,
    /// A list of orders instead of the shipped one.
    pub orders: Option<PathBuf>,
    /// A list of public holidays instead of the shipped one.
    pub holidays: Option<PathBuf>,
    /// A list of what the city was declared to be (KLB, PSBB, PPKM) instead of the shipped one.
    pub statuses: Option<PathBuf>,
    /// A folder of lists of exempt units beside the shipped ones.
    pub exemptions: Option<PathBuf>,
    /// Whom staff may ask about their data: a name, a mail address, a telephone number. Stands on `/privacy`.
    pub contact: Option<String>,
    /// Its residents, instead of the number of the locations file.
    pub population: Option<u64>,
    /// Where that number comes from.
    pub population_source: Option<String>,
    /// Its time zone, instead of the one of the locations file: `Asia/Makassar`.
    pub time_zone: Option<String>,
}

/// The web server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Server {
    /// Address and port to listen on; port 0 takes a free one.
    pub listen: String,
    /// The address people use, where it is not that of `listen`: `https://siaga.example.org`.
    pub public_url: Option<String>,
    /// Certificate chain (PEM) for TLS; with `tls_key` or not at all.
    pub tls_certificate: Option<PathBuf>,
    /// Its private key (PEM).
    pub tls_key: Option<PathBuf>,
    /// Proxies whose word about a visitor's address (`X-Forwarded-For`) is believed: addresses or networks.
    pub trusted_proxies: Vec<String>,
    /// Sites that may show a chart of `/embed/` in a frame: `https://www.example.org`. None unless named.
    pub embed_origins: Vec<String>,
}

impl Server {
    /// Whether other hosts are answered without TLS, and nothing says that a proxy stands before.
    #[must_use]
    pub fn is_in_the_clear(&self) -> bool {
        let is_here = self.listen.parse::<SocketAddr>().is_ok_and(|address| address.ip().is_loopback());
        !is_here && self.tls_certificate.is_none() && self.trusted_proxies.is_empty()
    }

    /// The proxies that are believed.
    ///
    /// # Errors
    /// [`NotANetwork`] when one of them is neither an address nor a network.
    pub fn proxies(&self) -> Result<Vec<Network>, NotANetwork> {
        self.trusted_proxies.iter().map(|text| text.parse()).collect()
    }

    /// The host of the address people use, without its port: it tells the cities of an installation apart.
    #[must_use]
    pub fn host(&self) -> Option<String> {
        let (_, rest) = self.public_url.as_deref()?.split_once("://")?;
        Some(host_of(rest.trim_end_matches('/'))).filter(|host| !host.is_empty())
    }

    /// The address people use, without a slash at its end.
    #[must_use]
    pub fn public_address(&self) -> String {
        match &self.public_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None if self.tls_certificate.is_some() => format!("https://{}", self.listen),
            None => format!("http://{}", self.listen),
        }
    }
}

/// A host as a request names it, perhaps with a port: in small letters, without the port and the dot at the end of a whole name.
#[must_use]
pub fn host_of(authority: &str) -> String {
    let host = match authority.rsplit_once(':') {
        // In brackets the address of version 6 has colons of its own.
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    };
    host.trim_end_matches('.').to_ascii_lowercase()
}

/// Where figures come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sources {
    /// A folder of source specs of the operator's own.
    pub folder: Option<PathBuf>,
    /// Longest time of one request: `30s`.
    pub timeout: String,
    /// Largest payload: `64 MiB`.
    pub max_size: String,
    /// Tries in all.
    pub tries: usize,
    /// What inside the network may be asked: hosts, addresses and networks.
    pub private_hosts: Vec<String>,
    /// The key of before, which opened the whole network.
    #[serde(skip_serializing, deserialize_with = "no_longer")]
    pub allow_private: (),
}

/// The operator's own dashboards.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Dashboards {
    /// A folder of dashboard files.
    pub folder: Option<PathBuf>,
}

/// When jobs run: cron lines with seconds, in the city's time zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Schedule {
    /// Pull every source.
    pub ingest: String,
    /// Assess the day.
    pub assess: String,
    /// Hold the alert rules against what only time brings: what waits, what is late, what nobody answered.
    pub watch: String,
    /// Say that siaga is there.
    pub heartbeat: String,
    /// Send the report card of the month before.
    pub report_card: String,
    /// Delete what has been kept long enough.
    pub retain: String,
}

/// How the audit log is guarded.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Audit {
    /// A file outside the database that remembers every head of a chain.
    pub anchor: Option<PathBuf>,
    /// From the environment: `SIAGA_AUDIT_KEY`, which signs the heads.
    #[serde(skip)]
    pub key: Secret,
}

/// How long things are kept. Figures, recommendations and decisions are kept for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Retention {
    /// The audit log, pulls with what they refused, messages that are done with, runs of jobs: `730d`.
    pub logs: String,
}

fn no_longer<'de, D: serde::Deserializer<'de>>(_: D) -> Result<(), D::Error> {
    Err(serde::de::Error::custom(
        "allow_private opened the whole network and is gone: name what may be asked, \
         private_hosts = [\"dinkes.local\", \"10.1.2.3\", \"192.168.0.0/24\"], or leave it out",
    ))
}

impl Sources {
    /// What inside the network may be asked: names of hosts, and networks.
    ///
    /// # Errors
    /// The entry that is neither.
    pub fn private(&self) -> Result<(Vec<String>, Vec<Network>), String> {
        let (mut names, mut networks) = (Vec::new(), Vec::new());
        for entry in &self.private_hosts {
            let is_letter = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
            let is_name = !entry.is_empty() && entry.chars().all(is_letter);
            match entry.parse::<Network>() {
                Ok(network) => networks.push(network),
                // 10.1.2 and 10.1.2.999 are slips of addresses.
                Err(_) if is_name && entry.contains(|c: char| c.is_ascii_alphabetic()) => {
                    names.push(entry.clone());
                }
                Err(_) => return Err(entry.clone()),
            }
        }
        Ok((names, networks))
    }
}

impl Default for City {
    fn default() -> Self {
        Self {
            location: "3271".to_owned(),
            language: "id".to_owned(),
            policy: "kota-bogor".to_owned(),
            locations: None,
            units: None,
            orders: None,
            holidays: None,
            statuses: None,
            exemptions: None,
            contact: None,
            population: None,
            population_source: None,
            time_zone: None,
        }
    }
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8080".to_owned(),
            public_url: None,
            tls_certificate: None,
            tls_key: None,
            trusted_proxies: Vec::new(),
            embed_origins: Vec::new(),
        }
    }
}

impl Default for Sources {
    fn default() -> Self {
        Self {
            folder: None,
            timeout: "30s".to_owned(),
            max_size: "64 MiB".to_owned(),
            tries: 3,
            private_hosts: Vec::new(),
            allow_private: (),
        }
    }
}

impl Default for Schedule {
    fn default() -> Self {
        Self {
            ingest: "0 30 * * * *".to_owned(),
            assess: "0 0 20 * * *".to_owned(),
            watch: "0 0 * * * *".to_owned(),
            heartbeat: "0 0 7 * * *".to_owned(),
            report_card: "0 30 7 1 * *".to_owned(),
            retain: "0 10 3 * * *".to_owned(),
        }
    }
}

impl Default for Retention {
    fn default() -> Self {
        Self { logs: "730d".to_owned() }
    }
}
