//! The numbers of the program as a monitor reads them: what was counted, what the process says, and what lies in the
//! store, if it answers in time. Names are in `telemetry/names.rs`.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::future::join_all;

use std::sync::atomic::Ordering;

use crate::epi::Vintage;
use crate::job::JobName;
use crate::store::{Reading, SourceReading, StandbyReading};
use crate::telemetry::{self as t, Exposition};
use crate::web::AppState;

/// Prometheus' text format.
const TEXT_FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Every number of a city, and those of the program.
pub(in crate::web) async fn scrape(State(state): State<AppState>) -> Response {
    let mut text = Exposition::behind(state.journey.tally.counted());
    text.gather(&[of_city(&state).await]);
    told(text)
}

/// Every number of every city.
pub(in crate::web) async fn scrape_all(cities: &[AppState]) -> Response {
    let mut text = Exposition::behind(t::counted());
    text.gather(&join_all(cities.iter().map(of_city)).await);
    told(text)
}

/// With what the program says of itself.
fn told(mut text: Exposition) -> Response {
    text.add_rows(&t::BUILD_INFO, [([env!("CARGO_PKG_VERSION"), env!("SIAGA_BUILD")], 1.0)]);
    t::write_process(&mut text);
    let about = [(header::CONTENT_TYPE, TEXT_FORMAT), (header::CACHE_CONTROL, "no-store")];
    (about, text.text()).into_response()
}

/// What a city's server and store say now.
async fn of_city(state: &AppState) -> String {
    let now = state.journey.clock.now();
    let reading = state.vitals.reading.ask(state.settings.limits.probe, read(state, now)).await;
    let mut text = Exposition::of_city(state.journey.tally.city());
    text.add(&t::HTTP_IN_FLIGHT, whole(state.vitals.open.load(Ordering::SeqCst)));
    if let Some(silence) = state.vitals.heartbeat.silence() {
        text.add(&t::TICK_AGE, silence.as_secs_f64());
        let running = state.vitals.heartbeat.running().unwrap_or_default();
        text.add(&t::TICK_RUNNING, running.as_secs_f64());
    }
    text.add(&t::STORE_UP, if reading.is_some() { 1.0 } else { 0.0 });
    if let Some(reading) = reading {
        write(&mut text, &reading, now);
    }
    let standbys = state.journey.store.standby_readings();
    let up = |it: &StandbyReading| if it.is_read { 1.0 } else { 0.0 };
    text.add_rows(&t::STANDBY_UP, standbys.iter().map(|it| ([it.name.as_str()], up(it))));
    let lag = |it: &StandbyReading| Some(it.lag?.as_secs_f64());
    text.add_rows(&t::STANDBY_LAG, standbys.iter().filter_map(|it| Some(([it.name.as_str()], lag(it)?))));
    text.text()
}

fn read(state: &AppState, now: Vintage) -> impl Future<Output = Option<Reading>> + Send + 'static {
    let journey = std::sync::Arc::clone(&state.journey);
    async move {
        let jobs = JobName::ALL.map(JobName::as_str);
        let reading = journey.store.reading(&jobs, &journey.city.location, now).await;
        let silent =
            |error: &_| tracing::warn!(error = %error, "a monitor asked and the store did not answer");
        reading.inspect_err(silent).ok()
    }
}

fn write(text: &mut Exposition, reading: &Reading, now: Vintage) {
    text.add(&t::STORE_SIZE, number(reading.size));
    text.add(&t::STORE_VERSION, number(reading.data_version));
    text.add_rows(
        &t::JOB_LAST_SUCCESS,
        reading.last_successes.iter().map(|(job, at)| ([*job], seconds(*at))),
    );
    write_sources(text, &reading.sources);
    text.add(&t::HELD_BATCHES, number(reading.held));
    if let Some((as_of, step)) = reading.evaluation {
        text.add(&t::LAST_EVALUATION, seconds(as_of));
        text.add(&t::RECOMMENDED_STEP, number(step));
    }
    text.add(&t::MESSAGES_WAITING, number(reading.waiting));
    let age = reading.oldest_waiting.map_or(0.0, |since| seconds(now) - seconds(since));
    text.add(&t::MESSAGE_AGE, age.max(0.0));
    text.add(&t::MESSAGES_GIVEN_UP, number(reading.given_up));
    text.add(&t::SESSIONS, number(reading.sessions));
}

fn write_sources(text: &mut Exposition, sources: &[SourceReading]) {
    let moment = |of: fn(&SourceReading) -> Option<Vintage>| {
        sources.iter().filter_map(move |source| Some(([source.id.as_str()], seconds(of(source)?))))
    };
    text.add_rows(&t::SOURCE_LAST_PULL, moment(|source| source.checked_at));
    text.add_rows(&t::SOURCE_LAST_CHANGE, moment(|source| source.changed_at));
    let failing = |source: &SourceReading| if source.is_failing { 1.0 } else { 0.0 };
    text.add_rows(&t::SOURCE_FAILING, sources.iter().map(|source| ([source.id.as_str()], failing(source))));
}

/// Seconds since 1970, as monitors tell time.
fn seconds(at: Vintage) -> f64 {
    number(at.millis()) / 1000.0
}

#[expect(clippy::cast_precision_loss, reason = "exact up to nine million billions")]
fn number(count: i64) -> f64 {
    count as f64
}

#[expect(clippy::cast_precision_loss, reason = "nobody has so many requests open")]
fn whole(count: usize) -> f64 {
    count as f64
}
