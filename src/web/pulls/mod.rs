//! What came in: every pull, what each refused and why, batches that are held, and the sources with their data cards.

mod counts;
mod decide;
mod held;
mod refusals;
mod run;
mod runs;
mod sources;
mod who;

pub(super) use counts::Counts;
pub(super) use decide::{refuse_batch, release_batch};
pub(super) use held::{Diff, Taken};
pub(super) use refusals::sees_values;
pub(super) use refusals::{Refusal, refusals};
pub(super) use run::run;
pub(super) use runs::runs;
pub(super) use sources::sources;
pub(super) use who::Who;
