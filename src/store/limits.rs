//! How many connections a process holds to a server, and how patient it is with it.

use std::time::Duration;

use super::Store;

/// For so long a reader waits for a connection: a database that was started again is found within that, and a page that waits
/// for one that is away says so before its reader gives up.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// How a connection behaves that carries many rows: a statement takes its time, but a transaction that is left alone for five
/// minutes is its process's mistake, and holds up others.
pub(super) const UNHURRIED: &str =
    "set statement_timeout = 0; set idle_in_transaction_session_timeout = 300000";

/// The same in seconds for all others.
const IDLE_SECONDS: u32 = 60;

/// How many connections, and how patient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreLimits {
    /// Most connections to a PostgreSQL server.
    pub connections: u32,
    /// The server gives up a statement after so long.
    pub statement_timeout: Duration,
    /// How often it is looked for what other processes wrote.
    pub poll: Duration,
    /// For how long a claim holds that is not renewed.
    pub lease: Duration,
}

impl Default for StoreLimits {
    fn default() -> Self {
        Self {
            connections: 16,
            statement_timeout: Duration::from_secs(60),
            poll: Duration::from_secs(5),
            lease: Duration::from_secs(30),
        }
    }
}

impl StoreLimits {
    /// What each connection to PostgreSQL begins with.
    pub(super) fn session(&self) -> String {
        let (statement, idle) = (self.statement_timeout.as_millis(), IDLE_SECONDS * 1_000);
        format!("set statement_timeout = {statement}; set idle_in_transaction_session_timeout = {idle}")
    }
}

impl Store {
    /// How patient it is.
    #[must_use]
    pub fn limits(&self) -> &StoreLimits {
        &self.limits
    }
}
