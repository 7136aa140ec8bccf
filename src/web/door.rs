//! Every door of the program: method, path, who may pass, and the handler behind it. A route is added here or not at
//! all (`clippy.toml` refuses axum's own ways elsewhere), so that none is without a rule. The rules themselves are kept
//! in `guard.rs`, round each handler and not inside it.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::http::{Method, StatusCode};
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, get, post};
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::{RequestBodyDeadlineLayer, TimeoutLayer};

use super::export::{Picture, PictureForm};
use super::{
    AppState, alert, api, asset, backtest, chart, decision, entry, error, events, export, figures, guard,
    health, intake, page, pulls, set_up, workforce,
};
use crate::account::Permission;
use crate::job::{Dataset, Ending};

/// Who may pass a door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Anybody. What is behind it shows each visitor what that visitor may see.
    Open,
    /// Whoever holds the link that was printed at the first start, and only while the installation is being set up.
    Link,
    /// Whoever has signed in, whatever the role; not a program with a token.
    SignedIn,
    /// Whoever is permitted this.
    May(Permission),
    /// Whoever the dashboard's own file lets in (`audience`).
    Board,
    /// A program with a token, whatever it may, or whoever asks from this machine itself and speaks for nobody else.
    Near,
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
    takes: Takes,
}

/// What may be sent to a door.
#[derive(Clone, Copy)]
enum Takes {
    /// A form: small and quick.
    Form,
    /// A file of figures: as large as a source's payload may be.
    File,
}

/// Every door, in the order of the table.
#[must_use]
pub fn doors() -> Vec<Door> {
    rows().into_iter().map(|row| row.door).collect()
}

/// The rule of a dataset's files. What anybody may take has been made ready for anybody.
pub(super) fn rule_of(dataset: Dataset) -> Rule {
    match dataset {
        Dataset::Observations | Dataset::Indicators | Dataset::Assessments | Dataset::Decisions => Rule::Open,
        Dataset::Revisions | Dataset::Alerts | Dataset::Units => Rule::May(Permission::Export),
        Dataset::Roster | Dataset::Attendance => Rule::May(Permission::ReadWorkforce),
    }
}

/// All doors with their guards, and the pages of those who find none.
#[expect(clippy::disallowed_methods, reason = "the pages of those who find no door")]
pub(super) fn hung(state: &AppState) -> Router<AppState> {
    hang(rows(), state).fallback(error::not_found).method_not_allowed_fallback(error::not_allowed)
}

/// Each route with its guard, and round that how much may be sent and how long it may take.
#[expect(clippy::disallowed_methods, reason = "the one place where routes are added: each has a rule here")]
fn hang(rows: Vec<Row>, state: &AppState) -> Router<AppState> {
    let limits = &state.settings.limits;
    rows.into_iter().fold(Router::new(), |router, Row { door, handler, takes }| {
        let guarded = handler.route_layer(from_fn_with_state((door.rule, state.clone()), guard::keep));
        let (bytes, body, answer) = match takes {
            Takes::Form => (limits.form_bytes, limits.body, limits.answer),
            Takes::File => (limits.file_bytes, limits.file, limits.file),
        };
        let limited: MethodRouter<AppState> = guarded
            .layer::<_, std::convert::Infallible>(DefaultBodyLimit::max(bytes))
            .layer::<_, std::convert::Infallible>(RequestBodyLimitLayer::new(bytes))
            .layer::<_, std::convert::Infallible>(RequestBodyDeadlineLayer::new(body))
            .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, answer));
        router.route(&door.path, limited)
    })
}

/// The doors of an installation that is being set up; it has no others.
#[must_use]
pub fn set_up_doors() -> Vec<Door> {
    setting_up().into_iter().map(|row| row.door).collect()
}

/// All doors, and those of the set-up beside them, behind their link.
#[expect(
    clippy::disallowed_methods,
    reason = "the same routes with rules, for an installation that runs and was never set up"
)]
pub(super) fn hung_with_set_up(state: &AppState) -> Router<AppState> {
    let is_question = |row: &Row| row.door.rule == Rule::Link;
    let questions = hang(setting_up().into_iter().filter(is_question).collect(), state)
        .layer(from_fn_with_state(state.clone(), set_up::keep_beside));
    let others = rows().into_iter().filter(|row| !row.door.path.starts_with("/set-up/")).collect();
    hang(others, state)
        .merge(questions)
        .fallback(error::not_found)
        .method_not_allowed_fallback(error::not_allowed)
}

/// Those doors, behind the link.
#[expect(
    clippy::disallowed_methods,
    reason = "the same routes with rules, while the installation is being set up"
)]
pub(super) fn hung_for_set_up(state: &AppState) -> Router<AppState> {
    hang(setting_up(), state)
        .fallback(error::not_found)
        .method_not_allowed_fallback(error::not_allowed)
        .layer(from_fn_with_state(state.clone(), set_up::keep))
}

fn setting_up() -> Vec<Row> {
    vec![
        read("/set-up/{token}", Rule::Link, set_up::begin),
        read("/set-up/{token}/city", Rule::Link, set_up::city),
        send("/set-up/{token}/city", Rule::Link, set_up::choose_city),
        read("/set-up/{token}/policy", Rule::Link, set_up::policy),
        send("/set-up/{token}/policy", Rule::Link, set_up::choose_policy),
        read("/set-up/{token}/account", Rule::Link, set_up::account),
        send("/set-up/{token}/account", Rule::Link, set_up::finish),
        read("/assets/{*path}", Rule::Open, asset::asset),
        read("/healthz", Rule::Open, health::alive),
    ]
}

fn rows() -> Vec<Row> {
    let mut rows = dashboards();
    rows.extend(files());
    rows.extend(for_programs());
    rows.extend(way_in());
    rows.extend(accounts());
    rows.extend(figures_in());
    rows.extend(decisions());
    rows.extend(of_the_workforce());
    rows.extend(alerts());
    rows.extend(machinery());
    rows
}

fn dashboards() -> Vec<Row> {
    vec![
        read("/", Rule::Open, page::home),
        read("/public", Rule::Open, page::public),
        read("/officials", Rule::May(Permission::ReadOfficials), page::officials),
        read("/analyst", Rule::May(Permission::ReadAnalysis), page::analyst),
        read("/wall", Rule::Board, page::wall),
        read("/dashboard/{name}", Rule::Board, page::own),
        read("/backtest", Rule::May(Permission::ReadAnalysis), backtest::backtest),
        read("/mailbox", Rule::May(Permission::ReadOfficials), page::mailbox),
        read("/dictionary", Rule::Open, page::dictionary),
    ]
}

/// One door for each file of each dataset, for evidence, for each chart in every form, and for each chart alone on a page.
fn files() -> Vec<Row> {
    let mut rows = Vec::new();
    for dataset in Dataset::ALL {
        for ending in Ending::ALL {
            let path = format!("/exports/{}.{ending}", dataset.name());
            rows.push(read(&path, rule_of(dataset), move |visit, headers| {
                export::export((dataset, ending), visit, headers)
            }));
        }
    }
    for name in figures::embedded_names() {
        let path = format!("/embed/{name}");
        rows.push(read(&path, Rule::Open, move |visit| page::embed(name, visit)));
    }
    let evidence = Rule::May(Permission::Export);
    rows.push(read("/exports/evidence/{file}", evidence, export::evidence_file));
    for name in figures::NAMES {
        for form in PictureForm::ALL.into_iter().filter(|form| Picture::has(name, *form)) {
            let path = format!("/charts/{name}.{form}");
            rows.push(read(&path, Rule::Open, move |visit, headers| {
                chart::chart((name, form), visit, headers)
            }));
        }
    }
    rows
}

/// What programs read, the document that describes it, and the feed.
fn for_programs() -> Vec<Row> {
    let mut rows = vec![
        read("/api", Rule::Open, api::reading),
        read("/api/openapi.json", Rule::Open, api::openapi),
        read("/api/v1/assessments/latest", Rule::Open, api::latest),
        read("/feed.atom", Rule::Open, api::feed),
    ];
    for collection in api::Collection::ALL {
        rows.push(read(&collection.path(), collection.rule(), move |visit, headers| {
            api::collection(collection, visit, headers)
        }));
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
        read("/set-up/{token}", Rule::Open, set_up::over),
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

fn figures_in() -> Vec<Row> {
    let (ingest, release) = (Rule::May(Permission::Ingest), Rule::May(Permission::Release));
    let officials = Rule::May(Permission::ReadOfficials);
    vec![
        read("/figures", ingest, intake::figures),
        read("/figures/template.xlsx", ingest, intake::template_xlsx),
        read("/figures/template.csv", ingest, intake::template_csv),
        send("/figures/typed", ingest, intake::take_typed),
        drop_in("/figures/file", ingest, intake::drop_file),
        send("/figures/address", ingest, intake::try_address),
        send("/figures/commit", ingest, intake::take_in),
        read("/runs", officials, pulls::runs),
        read("/runs/{id}", officials, pulls::run),
        send("/runs/{id}/release", release, pulls::release_batch),
        send("/runs/{id}/refuse", release, pulls::refuse_batch),
        read("/sources", officials, pulls::sources),
    ]
}

/// What was signed is a public record; who may decide, writes and signs.
fn decisions() -> Vec<Row> {
    let decide = Rule::May(Permission::Decide);
    let inside = Rule::May(Permission::ReadCity);
    let mut rows = vec![
        read("/brief", inside, decision::brief_page),
        read("/brief.pdf", inside, decision::brief),
        read("/decisions", Rule::Open, decision::list),
        read("/decisions/new", decide, decision::new),
        send("/decisions/write", decide, decision::write),
        read("/decisions/drafts/{id}", decide, decision::review),
        send("/decisions/drafts/{id}/sign", decide, decision::sign),
        send("/decisions/drafts/{id}/discard", decide, decision::discard),
        read("/decisions/{number}", Rule::Open, decision::record),
        send("/decisions/{number}/letter", decide, decision::number),
        read("/orders", Rule::Open, decision::orders),
        send("/orders", decide, decision::add_order),
        send("/orders/end", decide, decision::end_order),
    ];
    for letter in decision::Letter::ALL {
        let path = format!("/decisions/{{number}}/{}", letter.file());
        rows.push(read(&path, inside, move |number, visit| decision::letter(letter, number, visit)));
    }
    rows
}

fn of_the_workforce() -> Vec<Row> {
    let (see, keep) = (Rule::May(Permission::ReadWorkforce), Rule::May(Permission::KeepWorkforce));
    let (register, cases) = (Rule::May(Permission::KeepUnits), Rule::May(Permission::JudgeFigures));
    vec![
        read("/units", see, workforce::units),
        drop_in("/units/register", register, workforce::take_register),
        read("/units/{id}", see, workforce::unit),
        send("/units/{id}/close", register, workforce::close),
        send("/units/{id}/reopen", register, workforce::reopen),
        send("/units/{id}/count", register, workforce::count),
        send("/units/{id}/note", keep, workforce::note),
        read("/links", cases, workforce::links),
        send("/links", cases, workforce::link),
        read("/roster", see, workforce::roster),
        send("/roster/plan", keep, workforce::lay),
        send("/roster/swap", keep, workforce::swap),
        drop_in("/roster/officers", keep, workforce::take_officers),
        read("/roster.csv", see, workforce::roster_csv),
        read("/calendar.ics", see, workforce::calendar),
        read("/attendance", see, workforce::attendance),
        drop_in("/attendance/list", keep, workforce::take_list),
        read("/attendance.csv", see, workforce::attendance_csv),
    ]
}

/// What is on is for officials, answering it for whoever acknowledges alerts.
fn alerts() -> Vec<Row> {
    let (see, answer) = (Rule::May(Permission::ReadOfficials), Rule::May(Permission::Acknowledge));
    vec![
        read("/alerts", see, alert::alerts),
        read("/alerts/{id}", see, alert::story),
        send("/alerts/acknowledge", answer, alert::acknowledge),
        send("/alerts/hand-over", answer, alert::hand_over),
        send("/alerts/silence", answer, alert::silence),
        send("/alerts/lift", answer, alert::lift),
    ]
}

fn machinery() -> Vec<Row> {
    vec![
        read("/events", Rule::Open, events::events),
        read("/assets/{*path}", Rule::Open, asset::asset),
        read("/healthz", Rule::Open, health::alive),
        read("/readyz", Rule::Open, health::ready),
        read("/metrics", Rule::Near, health::scrape),
    ]
}

fn read<H, T>(path: &str, rule: Rule, handler: H) -> Row
where
    H: Handler<T, AppState>,
    T: 'static,
{
    Row {
        door: Door { method: Method::GET, path: path.to_owned(), rule },
        handler: get(handler),
        takes: Takes::Form,
    }
}

/// A form with a file in it.
fn drop_in<H, T>(path: &str, rule: Rule, handler: H) -> Row
where
    H: Handler<T, AppState>,
    T: 'static,
{
    Row { takes: Takes::File, ..send(path, rule, handler) }
}

fn send<H, T>(path: &str, rule: Rule, handler: H) -> Row
where
    H: Handler<T, AppState>,
    T: 'static,
{
    Row {
        door: Door { method: Method::POST, path: path.to_owned(), rule },
        handler: post(handler),
        takes: Takes::Form,
    }
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
