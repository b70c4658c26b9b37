//! See `checks::matcher`.
#![no_main]

#[path = "../checks.rs"]
#[expect(dead_code, reason = "each target asks one of the questions")]
mod checks;
#[path = "../../it/oracle.rs"]
mod oracle;

libfuzzer_sys::fuzz_target!(|input: &str| checks::matcher(input));
