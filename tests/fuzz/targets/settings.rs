//! The settings file, with an environment that says nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use siaga::config::Config;

fuzz_target!(|text: &str| {
    let _ = Config::from_parts("siaga.toml", text, &|_| None);
});
