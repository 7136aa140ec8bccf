//! A publisher's file: read, or refused with a line that it has.
#![no_main]

use libfuzzer_sys::fuzz_target;
use siaga::source::SourceSpec;

fuzz_target!(|text: &str| {
    if let Err(fault) = SourceSpec::parse(text) {
        assert!(fault.line >= 1 && fault.line <= text.matches('\n').count() + 1, "{fault}");
    }
});
