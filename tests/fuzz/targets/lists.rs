//! The lists a city brings: places, units, orders. The first byte says which.
#![no_main]

use libfuzzer_sys::fuzz_target;
use siaga::city::{parse_locations, parse_orders, parse_units};

fuzz_target!(|text: &str| {
    let rest = text.get(1..).unwrap_or_default();
    match text.as_bytes().first() {
        Some(b'u') => drop(parse_units(rest)),
        Some(b'o') => drop(parse_orders(rest)),
        _ => drop(parse_locations(rest)),
    }
});
