//! Single words: dates, numbers, moments, cron lines. What is read must be in the calendar, and finite.
#![no_main]

use chrono_tz::Asia::Jakarta;
use libfuzzer_sys::fuzz_target;
use siaga::epi::{Vintage, parse_indonesian_date};
use siaga::job::{JobName, Schedule};
use siaga::source::{NumberFormat, parse_number};

fuzz_target!(|text: &str| {
    let _ = parse_indonesian_date(text);
    let _ = Vintage::parse_as_of(text, Jakarta).map(|moment| moment.local_date(Jakarta));
    let _ = Vintage::parse_known(text, Jakarta).map(|moment| moment.local_date(Jakarta));
    let _ = Schedule::new(&[(JobName::Ingest, text)], Jakarta);
    for format in [NumberFormat::Plain, NumberFormat::Indonesian] {
        assert!(parse_number(text, format).is_none_or(f64::is_finite), "{text:?}");
    }
});
