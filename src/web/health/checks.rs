//! Is the program alive, and can it answer? One line a check, or JSON for whoever asks for it; 503 if one of them fails.

use std::borrow::Cow;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::future::join_all;

use crate::store::Schema;
use crate::web::{AppState, error};

/// A check, and the sentence that says what is wrong.
struct Check {
    name: Cow<'static, str>,
    fault: Option<String>,
}

/// Alive: it answers at all, and the scheduler, if it has one, ticks. Who is not is best started again.
pub(in crate::web) async fn alive(State(state): State<AppState>, headers: HeaderMap) -> Response {
    told(("alive", "not alive"), &scheduler(&state).into_iter().collect::<Vec<_>>(), &headers)
}

/// Ready: the store answers in time (a standby, while the primary is away), its tables are this program's, it has room, the
/// scheduler ticks, nobody told it to stop. Who is not is sent no visitors for now.
pub(in crate::web) async fn ready(State(state): State<AppState>, headers: HeaderMap) -> Response {
    told(("ready", "not ready"), &of_ready(&state).await, &headers)
}

async fn of_ready(state: &AppState) -> Vec<Check> {
    let [store, schema] = store(state).await;
    let mut checks = vec![store, schema];
    checks.extend(room(state).await);
    checks.extend(scheduler(state));
    let is_stopping = state.vitals.draining.is_cancelled();
    let fault = is_stopping.then(|| "the program was told to stop and finishes what is open".to_owned());
    checks.push(Check { name: "stopping".into(), fault });
    checks
}

/// Whether the scheduler of every city ticks, one line a city.
pub(in crate::web) fn all_alive(cities: &[(String, Option<AppState>)], headers: &HeaderMap) -> Response {
    let fault = |state: &AppState| scheduler(state).and_then(|check| check.fault);
    let check = |(name, state): &(String, Option<AppState>)| Check {
        name: name.clone().into(),
        fault: state.as_ref().and_then(fault),
    };
    told(("alive", "not alive"), &cities.iter().map(check).collect::<Vec<_>>(), headers)
}

/// One line a city. It is ready as long as one of them is: whoever sends visitors elsewhere for one city's sake would take the
/// others away; each city's own address says how it is.
pub(in crate::web) async fn all_ready(
    cities: &[(String, Option<AppState>)],
    headers: &HeaderMap,
) -> Response {
    let check = async |(name, state): &(String, Option<AppState>)| {
        let faults = match state {
            Some(state) if state.is_being_set_up() => {
                vec![Check {
                    name: "set-up".into(),
                    fault: Some("open the link that was printed".to_owned()),
                }]
            }
            Some(state) => of_ready(state).await,
            None => vec![Check { name: "city".into(), fault: Some("it is not there now".to_owned()) }],
        };
        let said = |check: Check| Some(format!("{}: {}", check.name, check.fault?));
        let faults: Vec<String> = faults.into_iter().filter_map(said).collect();
        Check { name: name.clone().into(), fault: (!faults.is_empty()).then(|| faults.join("; ")) }
    };
    let checks: Vec<Check> = join_all(cities.iter().map(check)).await;
    let ready = checks.iter().filter(|check| check.fault.is_none()).count();
    let word = match ready {
        0 => "not ready",
        _ if ready == checks.len() => "ready",
        _ => "ready, but not all",
    };
    answer((word, ready > 0), &checks, headers)
}

/// None where no scheduler was started.
fn scheduler(state: &AppState) -> Option<Check> {
    let silence = state.vitals.heartbeat.silence()?;
    let is_stuck = silence > state.settings.limits.tick;
    let fault = is_stuck.then(|| {
        format!("the scheduler has not ticked for {} s: start the program again", silence.as_secs())
    });
    Some(Check { name: "scheduler".into(), fault })
}

async fn store(state: &AppState) -> [Check; 2] {
    let (store, patience) = (state.journey.store.clone(), state.settings.limits.probe);
    let asked = async move {
        let schema = match store.without_primary() {
            // Pages go on: whoever sends visitors elsewhere would send them nowhere.
            Some(newest) => store.source(newest).await.reads().schema().await,
            None => store.schema().await,
        };
        schema
            .inspect_err(|error| tracing::warn!(error = %error, "not ready: the store does not answer"))
            .ok()
    };
    let schema = state.vitals.schema.ask(patience, asked).await;
    let silent = || format!("the store does not answer within {} ms", patience.as_millis());
    let fault = match schema.as_deref() {
        Some(Schema { found, needed }) if found < needed => Some(format!(
            "the tables are at version {found} and this program needs {needed}: run siaga migrate"
        )),
        Some(Schema { found, needed }) if found > needed => Some(format!(
            "the tables are at version {found} and this program knows {needed}: put the newer program in its place"
        )),
        Some(_) => None,
        None => Some("unknown: the store does not answer".to_owned()),
    };
    let is_silent = schema.is_none();
    [
        Check { name: "store".into(), fault: is_silent.then(silent) },
        Check { name: "migrations".into(), fault },
    ]
}

/// So many bytes have to be left: the largest pull, and what SQLite writes beside its file.
const LEAST_ROOM: u64 = 4 << 20;

/// None for a server, which knows its disks itself.
async fn room(state: &AppState) -> Option<Check> {
    let left = state.journey.store.room().await.unwrap_or_else(|error| {
        tracing::warn!(error = %error, "nobody can tell how much room is left");
        None
    });
    let left = left?;
    let fault = (left < LEAST_ROOM).then(|| {
        format!(
            "the disk of the database has {} KiB left: make room; pages are served, nothing new may be kept",
            left >> 10
        )
    });
    Some(Check { name: "room".into(), fault })
}

fn told((sound, unsound): (&str, &str), checks: &[Check], headers: &HeaderMap) -> Response {
    let is_sound = checks.iter().all(|check| check.fault.is_none());
    answer((if is_sound { sound } else { unsound }, is_sound), checks, headers)
}

fn answer((word, is_sound): (&str, bool), checks: &[Check], headers: &HeaderMap) -> Response {
    let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut response = if accepts.contains("json") {
        let one = |check: &Check| {
            let mut told = serde_json::json!({ "name": &*check.name, "ok": check.fault.is_none() });
            if let Some(fault) = &check.fault {
                told["reason"] = fault.as_str().into();
            }
            told
        };
        let checks: Vec<serde_json::Value> = checks.iter().map(one).collect();
        let body = serde_json::json!({ "status": word, "checks": checks });
        ([(header::CONTENT_TYPE, "application/json")], format!("{body}\n")).into_response()
    } else {
        let one = |check: &Check| format!("{}: {}\n", check.name, check.fault.as_deref().unwrap_or("ok"));
        (word.to_owned() + "\n" + &checks.iter().map(one).collect::<String>()).into_response()
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // The page says itself what is wrong.
    if is_sound { response } else { error::told(StatusCode::SERVICE_UNAVAILABLE, response) }
}
