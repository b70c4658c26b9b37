//! See `checks::warc`.
#![no_main]

#[path = "../checks.rs"]
#[expect(dead_code, reason = "each target asks one of the questions")]
mod checks;
#[path = "../../it/oracle.rs"]
#[allow(dead_code, reason = "asked by the matcher target")]
mod oracle;

libfuzzer_sys::fuzz_target!(|input: &[u8]| checks::warc(input));
