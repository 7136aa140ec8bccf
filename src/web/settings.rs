//! What the pages need of the settings: their own address, TLS, the proxies that are believed, and how patient the
//! server is. Tests make the limits small.

use std::path::PathBuf;
use std::time::Duration;

use crate::config::{Config, Documents, Network, NotANetwork};

/// What the pages need of the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The address people use, without a slash at its end.
    pub public_url: String,
    /// Certificate and key; without them there is no TLS here.
    pub tls: Option<TlsFiles>,
    /// Proxies whose word about a visitor's address is believed.
    pub proxies: Vec<Network>,
    /// Whom staff may ask about their data.
    pub contact: Option<String>,
    /// A folder of the operator's own dashboards.
    pub dashboards: Option<PathBuf>,
    /// Sites that may show a chart in a frame.
    pub embed_origins: Vec<String>,
    /// Letterhead and templates of letters and briefings.
    pub documents: Documents,
    /// How patient the server is.
    pub limits: Limits,
    /// Whether what most ask for is made before they ask.
    pub is_kept_warm: bool,
}

/// Where the certificate and its key lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// Certificate chain, PEM.
    pub certificate: PathBuf,
    /// Private key, PEM.
    pub key: PathBuf,
}

/// What a form may add to a file, in bytes.
const FORM_AROUND: usize = 16 * 1024;

/// How patient the server is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Longest time until the head of a request has come.
    pub head: Duration,
    /// Longest time until its body has come.
    pub body: Duration,
    /// Longest time until its answer begins.
    pub answer: Duration,
    /// Largest body of a form, in bytes.
    pub form_bytes: usize,
    /// Longest time until a file has come and its answer begins.
    pub file: Duration,
    /// Largest file of figures, in bytes, with the form around it.
    pub file_bytes: usize,
    /// Most streams of live changes at once.
    pub streams: usize,
    /// Most of them for one visitor: a person who signed in, or an address. A whole office may share one address.
    pub streams_each: usize,
    /// For how long what the database said of its newest version is believed; what this process writes counts at once.
    pub newest: Duration,
    /// For how long a check or a monitor waits for the store.
    pub probe: Duration,
    /// How long the scheduler may be silent.
    pub tick: Duration,
    /// For how long visitors are let in yet after the program was told to stop, if requests are open.
    pub drain: Duration,
    /// How often it is looked whether the certificate has changed.
    pub certificate_check: Duration,
    /// How often it is looked whether a dashboard's file has changed.
    pub dashboard_check: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            body: Duration::from_secs(20),
            answer: Duration::from_secs(30),
            form_bytes: 64 * 1024,
            file: Duration::from_secs(300),
            file_bytes: 64 * 1024 * 1024 + FORM_AROUND,
            streams: 512,
            streams_each: 32,
            newest: Duration::ZERO,
            probe: Duration::from_secs(2),
            tick: Duration::from_secs(60),
            drain: Duration::from_secs(5),
            certificate_check: Duration::from_secs(60),
            dashboard_check: Duration::from_secs(1),
        }
    }
}

impl Default for Settings {
    /// Those of loopback.
    fn default() -> Self {
        Self {
            public_url: "http://127.0.0.1:8080".to_owned(),
            tls: None,
            proxies: Vec::new(),
            contact: None,
            dashboards: None,
            embed_origins: Vec::new(),
            documents: Documents::default(),
            limits: Limits::default(),
            is_kept_warm: false,
        }
    }
}

impl Settings {
    /// Those of the settings file.
    ///
    /// # Errors
    /// [`NotANetwork`] when a proxy is neither an address nor a network.
    pub fn of(config: &Config) -> Result<Self, NotANetwork> {
        let server = &config.server;
        let mut limits = Limits { newest: super::ready::IN_SERVICE, ..Limits::default() };
        if let Ok(most) = config.fetch_max_bytes() {
            limits.file_bytes = most.saturating_add(FORM_AROUND);
        }
        let tls = server.tls_certificate.clone().zip(server.tls_key.clone());
        Ok(Self {
            public_url: server.public_address(),
            tls: tls.map(|(certificate, key)| TlsFiles { certificate, key }),
            proxies: server.proxies()?,
            contact: config.city.contact.clone(),
            dashboards: config.dashboards.folder.clone(),
            embed_origins: server.embed_origins.clone(),
            documents: config.documents.clone(),
            limits,
            is_kept_warm: true,
        })
    }

    /// Whether visitors reach the pages over TLS, here or at a proxy.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.tls.is_some() || self.public_url.starts_with("https://")
    }
}
