//! A batch that is held back: why, what it would change, and what became of it.

use crate::store::Run;
use crate::web::error::WebError;
use crate::web::visit::Visit;

/// One of the figures that would change most.
pub(super) struct Mover {
    pub(super) what: String,
    pub(super) date: String,
    pub(super) before: String,
    pub(super) after: String,
}

/// A held batch in words.
pub(super) struct Held {
    pub(super) is_open: bool,
    pub(super) reasons: Vec<String>,
    pub(super) rows_before: String,
    pub(super) rows_after: String,
    pub(super) changed: String,
    pub(super) movers: Vec<Mover>,
    /// Who decided, when and why.
    pub(super) decided: Option<String>,
}

/// The batch that a pull holds back, if it does.
pub(super) async fn held(visit: &Visit, run: &Run) -> Result<Option<Held>, WebError> {
    let _ = (visit, run);
    Ok(None)
}
