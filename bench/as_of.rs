//! How long a city's whole history takes to read as it was known at a moment: a thousand places and moments by chance.
//!
//!   `cargo run --release --example as_of -- sqlite://PATH PLACES DAYS`, after `bench/import.sh` filled the store.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a measurement prints what it measured, or stops"
)]

use std::time::Instant;

use siaga::epi::{LocationId, Vintage};
use siaga::store::{Filter, Store};

#[tokio::main]
async fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [url, places, days] = args.as_slice() else {
        println!("as_of URL PLACES DAYS");
        return;
    };
    let (places, days): (u64, i64) = (places.parse().unwrap(), days.parse().unwrap());
    let store = Store::connect(url).await.unwrap();
    let now = Vintage::from_millis(i64::MAX / 2_000_000).unwrap();
    let (mut state, mut took, mut rows) = (4_711_u64, Vec::new(), 0);
    for _ in 0..1_000 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let chance = state >> 33;
        let location = LocationId::new(&format!("P{:05}", chance % places));
        let started = Instant::now();
        let read = store.observations(&Filter { location: Some(location), as_of: Some(now) }).await.unwrap();
        took.push(started.elapsed());
        rows += read.len();
    }
    took.sort_unstable();
    let millis = |place: usize| took[place].as_secs_f64() * 1e3;
    println!(
        "as of, a place's {days} days: p50 {:.2} ms  p99 {:.2} ms  longest {:.2} ms  ({} rows each)",
        millis(500),
        millis(990),
        millis(999),
        rows / 1_000
    );
}
