//! A panel that this reader may not read says for whom it is, instead of being silently away.

use askama::Template;

use crate::account::Permission;
use crate::web::error::roles_that_may;
use crate::web::panel::Context;

#[derive(Template)]
#[template(path = "panel/not_for.html")]
pub(in crate::web::panel) struct NotForPanel {
    title: String,
    roles: String,
}

pub(in crate::web::panel) fn panel(context: Context<'_>, permission: Permission) -> NotForPanel {
    NotForPanel { title: context.t.say("not-for"), roles: roles_that_may(permission, context.t) }
}
