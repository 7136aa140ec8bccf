//! Counting where things happen: one call a place, which costs nothing in a command that no monitor reads.

use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use metrics::{Counter, Label, Recorder, SharedString};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use super::names::{
    ALERTS, EVALUATIONS, FIGURES, HTTP_DURATION, HTTP_REQUESTS, JOB_DURATION, JOBS, Kind, MESSAGES, METRICS,
    Metric, PULLS, READINGS,
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

/// A request was answered. `route` is the pattern of its address, never the address. In an installation with several cities it
/// is counted for all together: routes times cities would be too many rows.
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

/// For whom it is counted: one city of several, whose rows bear its name, or the only one.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    city: Option<String>,
}

impl Tally {
    /// Counts for a city of an installation.
    #[must_use]
    pub fn of_city(name: &str) -> Self {
        Self { city: Some(name.to_owned()) }
    }

    /// The city's name, where there are several.
    #[must_use]
    pub fn city(&self) -> Option<&str> {
        self.city.as_deref()
    }

    /// What was counted for this city, and for all together.
    #[must_use]
    pub fn counted(&self) -> String {
        let Some(city) = &self.city else { return counted() };
        let own = format!("city=\"{city}\"");
        let text = counted();
        let is_shown =
            |line: &&str| line.starts_with('#') || !line.contains("city=\"") || line.contains(&own);
        text.lines().filter(is_shown).flat_map(|line| [line, "\n"]).collect()
    }

    /// Makes rows of zero of what may be counted one day, so that its first rise is seen.
    pub fn expect(
        &self,
        jobs: &[&'static str],
        (sources, outcomes): (&[&str], &[&'static str]),
        alert_rules: &[&str],
    ) {
        for job in jobs {
            for outcome in ["done", "failed"] {
                self.counter(&JOBS, &[job, outcome]).absolute(0);
            }
        }
        for source in sources {
            for outcome in outcomes {
                self.counter(&PULLS, &[source, outcome]).absolute(0);
            }
            self.figures_taken(source, 0, 0);
        }
        for rule in alert_rules {
            self.counter(&ALERTS, &[rule, "fired"]).absolute(0);
        }
        self.counter(&EVALUATIONS, &[]).absolute(0);
    }

    /// A scheduled job ended, well or not.
    pub fn job_ended(&self, job: &'static str, is_done: bool, took: Duration) {
        let outcome = if is_done { "done" } else { "failed" };
        self.counter(&JOBS, &[job, outcome]).increment(1);
        metrics::histogram!(JOB_DURATION.name, self.labels(&JOB_DURATION, &[job])).record(took);
    }

    /// A pull of a source ended.
    pub fn pulled(&self, source: &str, outcome: &'static str) {
        self.counter(&PULLS, &[source, outcome]).increment(1);
    }

    /// Figures of a source came in, pulled or by hand.
    pub fn figures_taken(&self, source: &str, accepted: u64, rejected: u64) {
        for (outcome, figures) in [("accepted", accepted), ("rejected", rejected)] {
            self.counter(&FIGURES, &[source, outcome]).increment(figures);
        }
    }

    /// Alert rules were evaluated; what became of alerts, by rule and event.
    pub fn evaluated<'a>(&self, alerts: impl Iterator<Item = (&'a str, &'static str)>) {
        self.counter(&EVALUATIONS, &[]).increment(1);
        for (rule, event) in alerts {
            self.counter(&ALERTS, &[rule, event]).increment(1);
        }
    }

    /// A view or a file is gathered from a server.
    pub fn gathered(&self, server: &str) {
        self.counter(&READINGS, &[server]).increment(1);
    }

    /// A message was tried; `state` is where it stands now: sent, pending or failed.
    pub fn message_tried(&self, channel: &str, state: &str) {
        let outcome = match state {
            "sent" => "sent",
            "failed" => "given_up",
            _ => "retried",
        };
        self.counter(&MESSAGES, &[channel, outcome]).increment(1);
    }

    fn counter(&self, metric: &Metric, values: &[&str]) -> Counter {
        metrics::counter!(metric.name, self.labels(metric, values))
    }

    /// The labels of a row: the number's own, then the city.
    fn labels(&self, metric: &Metric, values: &[&str]) -> Vec<Label> {
        let own =
            metric.labels.iter().zip(values).map(|(name, value)| Label::new(*name, (*value).to_owned()));
        own.chain(self.city.as_ref().map(|city| Label::new("city", city.clone()))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happened_is_counted_under_its_name_with_help_and_type() {
        start_counting();
        start_counting();
        let (all, bogor) = (Tally::default(), Tally::of_city("kota-bogor"));
        for tally in [&all, &bogor] {
            tally.expect(&["ingest"], (&["dinkes"], &["changed"]), &["unit_cluster"]);
        }
        request_ended("/runs/{id}", "GET", 404, Duration::from_millis(3));
        all.job_ended("ingest", true, Duration::from_secs(2));
        all.pulled("dinkes", "changed");
        bogor.pulled("dinkes", "changed");
        Tally::of_city("kota-depok").pulled("dinkes", "changed");
        all.figures_taken("dinkes", 27, 1);
        all.evaluated([("source_trouble", "fired"), ("source_trouble", "fired")].into_iter());
        all.gathered("primary");
        for state in ["sent", "pending", "failed"] {
            all.message_tried("email", state);
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
        let row = |city: &str| {
            format!("siaga_pulls_total{{source=\"dinkes\",outcome=\"changed\",city=\"{city}\"}} 1")
        };
        let own = bogor.counted();
        assert!(text.contains(&row("kota-depok")) && !own.contains("kota-depok"), "another city's");
        for line in [
            row("kota-bogor").as_str(),
            "siaga_jobs_total{job=\"ingest\",outcome=\"failed\",city=\"kota-bogor\"} 0",
        ] {
            assert!(own.lines().any(|known| known == line), "{line}: {own}");
        }
        assert!(
            own.contains("siaga_http_requests_total{route=\"/runs/{id}\",method=\"GET\",status=\"4xx\"} 1")
        );
    }
}
