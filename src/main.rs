//! The `lentera` program. Everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    lentera::cli::run(std::env::args_os())
}
