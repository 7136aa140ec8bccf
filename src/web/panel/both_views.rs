//! What the rules said as known then, beside what they say on these figures, when the two differ. Both are right.

use askama::Template;

use super::Context;
use crate::text::{Phrases, date_medium};
use crate::web::words::{Chip, moment};

#[derive(Template)]
#[template(path = "panel/both_views.html")]
pub(super) struct BothViewsPanel {
    t: Phrases,
    title: String,
    as_known: String,
    as_known_chip: Chip,
    on_these: String,
    on_these_chip: Chip,
}

pub(super) fn panel(context: Context<'_>) -> Option<BothViewsPanel> {
    let (view, t, policy) = (context.view, context.t, context.journey().policy());
    let (then, now) = (view.ledger.on(view.date)?, &view.on_these_figures);
    if then.step == now.step && then.mode == now.mode {
        return None;
    }
    let zone = context.journey().city.zone;
    let at = |key, as_of| t.say_with(key, &[("as_of", &moment(as_of, zone, t.locale))]);
    Some(BothViewsPanel {
        t,
        title: t.say_with("both-title", &[("date", &date_medium(view.date, t.locale))]),
        as_known: at("both-as-known", then.as_of),
        as_known_chip: Chip::recommended((then.step, then.mode), policy, t),
        on_these: at("both-on-these", view.as_of),
        on_these_chip: Chip::recommended((now.step, now.mode), policy, t),
    })
}
