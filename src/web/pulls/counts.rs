//! The sum of a pull: received = accepted + unchanged + rejected + held.

use crate::store::Run;
use crate::text::Phrases;
use crate::web::words::whole;

/// The counts of a pull in the reader's form.
pub(in crate::web) struct Counts {
    pub(in crate::web) received: String,
    pub(in crate::web) accepted: String,
    pub(in crate::web) unchanged: String,
    pub(in crate::web) rejected: String,
    pub(in crate::web) held: String,
    /// Rows that are left out on purpose; not among those received.
    pub(in crate::web) skipped: Option<String>,
}

impl Counts {
    pub(in crate::web) fn of(run: &Run, t: Phrases) -> Self {
        let count = |count: u64| whole(count, t.locale);
        Self {
            received: count(run.received),
            accepted: count(run.accepted),
            unchanged: count(run.unchanged),
            rejected: count(run.rejected),
            held: count(run.held),
            skipped: (run.skipped > 0).then(|| count(run.skipped)),
        }
    }
}
