//! Refused rows in words: row, column, reason, and what stood there for those who may see it.

use crate::account::Permission;
use crate::store::RunRejection;
use crate::web::visit::Visit;
use crate::web::words::{count, whole};

/// So many refused rows are shown.
const SHOWN: usize = 100;

/// One refused row.
pub(in crate::web) struct Refusal {
    pub(in crate::web) line: String,
    pub(in crate::web) column: String,
    pub(in crate::web) reason: String,
    pub(in crate::web) detail: String,
}

/// Whether the reader sees values before they are made ready: those who take figures in, and those who see them as
/// reported.
pub(in crate::web) fn sees_values(visit: &Visit) -> bool {
    let visitor = &visit.guest.visitor;
    visitor.audience().threshold.is_none() || visitor.may(Permission::Ingest)
}

/// The first refused rows, and how many more there are.
pub(in crate::web) fn refusals(visit: &Visit, all: &[RunRejection]) -> (Vec<Refusal>, Option<String>) {
    let t = visit.phrases;
    let sees_values = sees_values(visit);
    let row = |refused: &RunRejection| Refusal {
        line: whole(refused.line, t.locale),
        column: refused.column.clone(),
        reason: t.say(&format!("reject-{}", refused.reason)),
        detail: if sees_values { refused.detail.clone() } else { String::new() },
    };
    let left = all.len().saturating_sub(SHOWN);
    let more = (left > 0).then(|| t.say_with("runs-more", &[("count", &count(left, t.locale))]));
    (all.iter().take(SHOWN).map(row).collect(), more)
}
