//! Counting where things happen: one call a place, which costs nothing in a command that no monitor reads.

use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use metrics::{Recorder, SharedString};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use super::names::{
    ALERTS, EVALUATIONS, FIGURES, HTTP_DURATION, HTTP_REQUESTS, JOB_DURATION, JOBS, Kind, MESSAGES, METRICS,
    PULLS, READINGS,
};

/// Answers take from a fraction of a millisecond (ready ones) to half a minute (the limit).
const ANSWER_SECONDS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0];
/// Jobs take from a tenth of a second to minutes, where a publisher is slow.
const JOB_SECONDS: [f64; 8] = [0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0];

static COUNTED: OnceLock<PrometheusHandle> = OnceLock::new();
static STARTING: Mutex<()> = Mutex::new(());

/// Begins to count, once a process; before that nothing is counted.
pub fn start_counting() {
    let _alone = STARTING.lock().unwrap_or_else(PoisonError::into_inner);
    if COUNTED.get().is_some() {
        return;
    }
    let builder = PrometheusBuilder::new();
    let buckets = |builder: PrometheusBuilder, name: &str, bounds: &[f64]| {
        // Refused are bounds that are empty, which these are not.
        builder.set_buckets_for_metric(Matcher::Full(name.to_owned()), bounds).unwrap_or_default()
    };
    let builder = buckets(builder, HTTP_DURATION.name, &ANSWER_SECONDS);
    let builder = buckets(builder, JOB_DURATION.name, &JOB_SECONDS);
    let recorder = builder.build_recorder();
    for metric in METRICS {
        let (name, help) = (metric.name.into(), SharedString::const_str(metric.help));
        match metric.kind {
            Kind::Counter => recorder.describe_counter(name, None, help),
            Kind::Gauge => recorder.describe_gauge(name, None, help),
            Kind::Histogram => recorder.describe_histogram(name, None, help),
        }
    }
    let handle = recorder.handle();
    if metrics::set_global_recorder(recorder).is_ok() {
        handle.run_upkeep();
        let _ = COUNTED.set(handle);
    }
}

/// Everything counted so far, in the text format.
#[must_use]
pub fn counted() -> String {
    COUNTED.get().map(PrometheusHandle::render).unwrap_or_default()
}

/// Adds up what histograms have gathered: where no monitor asks, they would grow for ever.
pub fn upkeep() {
    if let Some(handle) = COUNTED.get() {
        handle.run_upkeep();
    }
}

/// Makes rows of zero of what may be counted one day, so that its first rise is seen.
pub fn expect(jobs: &[&'static str], (sources, outcomes): (&[&str], &[&'static str]), alert_rules: &[&str]) {
    for job in jobs {
        for outcome in ["done", "failed"] {
            metrics::counter!(JOBS.name, "job" => *job, "outcome" => outcome).absolute(0);
        }
    }
    for source in sources {
        for outcome in outcomes {
            metrics::counter!(PULLS.name, "source" => (*source).to_owned(), "outcome" => *outcome)
                .absolute(0);
        }
        figures_taken(source, 0, 0);
    }
    for rule in alert_rules {
        metrics::counter!(ALERTS.name, "alert_rule" => (*rule).to_owned(), "event" => "fired").absolute(0);
    }
    metrics::counter!(EVALUATIONS.name).absolute(0);
}

/// A request was answered. `route` is the pattern of its address, never the address.
pub fn request_ended(route: &str, method: &'static str, status: u16, took: Duration) {
    let class = match status / 100 {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    };
    let route = SharedString::from(route.to_owned());
    metrics::counter!(HTTP_REQUESTS.name, "route" => route.clone(), "method" => method, "status" => class)
        .increment(1);
    metrics::histogram!(HTTP_DURATION.name, "route" => route).record(took);
}

/// A scheduled job ended, well or not.
pub fn job_ended(job: &'static str, is_done: bool, took: Duration) {
    let outcome = if is_done { "done" } else { "failed" };
    metrics::counter!(JOBS.name, "job" => job, "outcome" => outcome).increment(1);
    metrics::histogram!(JOB_DURATION.name, "job" => job).record(took);
}

/// A pull of a source ended.
pub fn pulled(source: &str, outcome: &'static str) {
    metrics::counter!(PULLS.name, "source" => source.to_owned(), "outcome" => outcome).increment(1);
}

/// Figures of a source came in, pulled or by hand.
pub fn figures_taken(source: &str, accepted: u64, rejected: u64) {
    for (outcome, figures) in [("accepted", accepted), ("rejected", rejected)] {
        metrics::counter!(FIGURES.name, "source" => source.to_owned(), "outcome" => outcome)
            .increment(figures);
    }
}

/// Alert rules were evaluated; what became of alerts, by rule and event.
pub fn evaluated<'a>(alerts: impl Iterator<Item = (&'a str, &'static str)>) {
    metrics::counter!(EVALUATIONS.name).increment(1);
    for (rule, event) in alerts {
        metrics::counter!(ALERTS.name, "alert_rule" => rule.to_owned(), "event" => event).increment(1);
    }
}

/// A view or a file is gathered from a server.
pub fn gathered(server: &str) {
    metrics::counter!(READINGS.name, "server" => server.to_owned()).increment(1);
}

/// A message was tried; `state` is where it stands now: sent, pending or failed.
pub fn message_tried(channel: &str, state: &str) {
    let outcome = match state {
        "sent" => "sent",
        "failed" => "given_up",
        _ => "retried",
    };
    metrics::counter!(MESSAGES.name, "channel" => channel.to_owned(), "outcome" => outcome).increment(1);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happened_is_counted_under_its_name_with_help_and_type() {
        start_counting();
        start_counting();
        expect(&["ingest"], (&["dinkes"], &["changed"]), &["unit_cluster"]);
        request_ended("/runs/{id}", "GET", 404, Duration::from_millis(3));
        job_ended("ingest", true, Duration::from_secs(2));
        pulled("dinkes", "changed");
        figures_taken("dinkes", 27, 1);
        evaluated([("source_trouble", "fired"), ("source_trouble", "fired")].into_iter());
        gathered("primary");
        for state in ["sent", "pending", "failed"] {
            message_tried("email", state);
        }
        upkeep();
        let text = counted();
        for line in [
            "# TYPE siaga_http_requests_total counter",
            "siaga_http_requests_total{route=\"/runs/{id}\",method=\"GET\",status=\"4xx\"} 1",
            "siaga_http_request_duration_seconds_bucket{route=\"/runs/{id}\",le=\"0.005\"} 1",
            "siaga_jobs_total{job=\"ingest\",outcome=\"done\"} 1",
            "siaga_jobs_total{job=\"ingest\",outcome=\"failed\"} 0",
            "siaga_job_duration_seconds_bucket{job=\"ingest\",le=\"1\"} 0",
            "siaga_pulls_total{source=\"dinkes\",outcome=\"changed\"} 1",
            "siaga_figures_total{source=\"dinkes\",outcome=\"accepted\"} 27",
            "siaga_figures_total{source=\"dinkes\",outcome=\"rejected\"} 1",
            "siaga_evaluations_total 1",
            "siaga_readings_total{server=\"primary\"} 1",
            "siaga_alerts_total{alert_rule=\"source_trouble\",event=\"fired\"} 2",
            "siaga_alerts_total{alert_rule=\"unit_cluster\",event=\"fired\"} 0",
            "siaga_messages_total{channel=\"email\",outcome=\"given_up\"} 1",
            "siaga_messages_total{channel=\"email\",outcome=\"retried\"} 1",
        ] {
            assert!(text.lines().any(|known| known == line), "{line}: {text}");
        }
        assert!(text.contains(&format!("# HELP {} {}", JOBS.name, JOBS.help)), "{text}");
    }
}
