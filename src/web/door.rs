//! Every door of the program: method, path, who may pass, and the handler behind it. A route is added here or not at
//! all (`clippy.toml` refuses axum's own ways elsewhere), so that none is without a rule. The rules themselves are kept
//! in `guard.rs`, round each handler and not inside it.

use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, get, post};

use super::export::Form;
use super::{AppState, asset, chart, entry, error, events, export, figures, guard, health, page};
use crate::account::Permission;
use crate::job::Dataset;

/// Who may pass a door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Anybody. What is behind it shows each visitor what that visitor may see.
    Open,
    /// Whoever has signed in, whatever the role; not a program with a token.
    SignedIn,
    /// Whoever is permitted this.
    May(Permission),
}

/// A method at a path, and its rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Door {
    /// The method; whoever may GET may HEAD.
    pub method: Method,
    /// The path as axum writes it, with `{name}` for a part.
    pub path: String,
    /// Who may pass.
    pub rule: Rule,
}

struct Row {
    door: Door,
    handler: MethodRouter<AppState>,
}

/// Every door, in the order of the table.
#[must_use]
pub fn doors() -> Vec<Door> {
    rows().into_iter().map(|row| row.door).collect()
}

/// The rule of a dataset's files. What anybody may take has been made ready for anybody.
pub(super) fn rule_of(dataset: Dataset) -> Rule {
    match dataset {
        Dataset::Observations | Dataset::Indicators | Dataset::Assessments => Rule::Open,
        Dataset::Revisions | Dataset::Alerts | Dataset::Units => Rule::May(Permission::Export),
    }
}

/// All doors with their guards, and the pages of those who find none.
#[expect(clippy::disallowed_methods, reason = "the one place where routes are added: each has a rule here")]
pub(super) fn hung() -> Router<AppState> {
    rows()
        .into_iter()
        .fold(Router::new(), |router, Row { door, handler }| {
            router.route(&door.path, handler.route_layer(from_fn_with_state(door.rule, guard::keep)))
        })
        .fallback(error::not_found)
        .method_not_allowed_fallback(error::not_allowed)
}

fn rows() -> Vec<Row> {
    let mut rows = dashboards();
    rows.extend(files());
    rows.extend(way_in());
    rows.extend(accounts());
    rows.extend(machinery());
    rows
}

fn dashboards() -> Vec<Row> {
    vec![
        read("/", Rule::Open, page::home),
        read("/public", Rule::Open, page::public),
        read("/officials", Rule::May(Permission::ReadOfficials), page::officials),
        read("/analyst", Rule::May(Permission::ReadAnalysis), page::analyst),
        read("/mailbox", Rule::May(Permission::ReadOfficials), page::mailbox),
        read("/dictionary", Rule::Open, page::dictionary),
    ]
}

/// One door for each file of each dataset, and for each chart in both forms.
fn files() -> Vec<Row> {
    let mut rows = Vec::new();
    for dataset in Dataset::ALL {
        for form in Form::ALL {
            let path = format!("/exports/{}{}", dataset.name(), form.end());
            rows.push(read(&path, rule_of(dataset), move |visit, headers| {
                export::export((dataset, form), visit, headers)
            }));
        }
    }
    for name in figures::NAMES {
        for is_png in [false, true] {
            let path = format!("/charts/{name}.{}", if is_png { "png" } else { "svg" });
            rows.push(read(&path, Rule::Open, move |visit, headers| {
                chart::chart((name, is_png), visit, headers)
            }));
        }
    }
    rows
}

/// Open by their nature: whoever signs in has not signed in yet. Each asks for what it takes.
fn way_in() -> Vec<Row> {
    vec![
        read("/sign-in", Rule::Open, entry::sign_in),
        send("/sign-in", Rule::Open, entry::try_sign_in),
        read("/sign-in/second-step", Rule::Open, entry::ask_code),
        send("/sign-in/second-step", Rule::Open, entry::check_code),
        read("/sign-in/enrol", Rule::Open, entry::enrol),
        send("/sign-in/enrol", Rule::Open, entry::finish_enrolment),
        read("/sign-in/oidc", Rule::Open, entry::oidc_start),
        read("/sign-in/oidc/callback", Rule::Open, entry::oidc_callback),
        send("/sign-out", Rule::Open, entry::leave),
        read("/invitation/{token}", Rule::Open, entry::invitation),
        send("/invitation/{token}", Rule::Open, entry::accept),
        read("/privacy", Rule::Open, entry::privacy),
    ]
}

fn accounts() -> Vec<Row> {
    vec![
        read("/account", Rule::SignedIn, entry::account),
        send("/account/password", Rule::SignedIn, entry::change_password),
        send("/account/session/end", Rule::SignedIn, entry::end_session),
        send("/account/token", Rule::SignedIn, entry::make_token),
        send("/account/token/revoke", Rule::SignedIn, entry::revoke_token),
        read("/accounts", Rule::May(Permission::ManageAccounts), entry::accounts),
        send("/accounts", Rule::May(Permission::ManageAccounts), entry::add_account),
        send("/accounts/change", Rule::May(Permission::ManageAccounts), entry::change_account),
        read("/audit", Rule::May(Permission::ReadAudit), entry::audit),
        read("/audit.csv", Rule::May(Permission::ReadAudit), entry::audit_csv),
    ]
}

fn machinery() -> Vec<Row> {
    vec![
        read("/events", Rule::Open, events::events),
        read("/assets/{*path}", Rule::Open, asset::asset),
        read("/healthz", Rule::Open, health::alive),
        read("/readyz", Rule::Open, health::ready),
    ]
}

fn read<H, T>(path: &str, rule: Rule, handler: H) -> Row
where
    H: Handler<T, AppState>,
    T: 'static,
{
    Row { door: Door { method: Method::GET, path: path.to_owned(), rule }, handler: get(handler) }
}

fn send<H, T>(path: &str, rule: Rule, handler: H) -> Row
where
    H: Handler<T, AppState>,
    T: 'static,
{
    Row { door: Door { method: Method::POST, path: path.to_owned(), rule }, handler: post(handler) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_doors_are_the_same() {
        let mut seen: Vec<String> =
            doors().iter().map(|door| format!("{} {}", door.method, door.path)).collect();
        let all = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), all);
    }

    #[test]
    fn nothing_is_changed_through_an_open_door_but_by_signing_in() {
        for door in doors().iter().filter(|door| door.method != Method::GET && door.rule == Rule::Open) {
            assert!(
                door.path.starts_with("/sign-") || door.path.starts_with("/invitation/"),
                "{}",
                door.path
            );
        }
    }
}
