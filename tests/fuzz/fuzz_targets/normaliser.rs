//! See `checks::normaliser`.
#![no_main]

#[path = "../checks.rs"]
#[expect(dead_code, reason = "each target asks one of the questions")]
mod checks;

libfuzzer_sys::fuzz_target!(|input: &str| checks::normaliser(input));
