//! See `checks::extractor`.
#![no_main]

#[path = "../checks.rs"]
#[expect(dead_code, reason = "each target asks one of the questions")]
mod checks;

libfuzzer_sys::fuzz_target!(|input: &[u8]| checks::extractor(input));
