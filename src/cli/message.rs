//! Text on the terminal: data to stdout, talk to stderr, errors with what to
//! do next.

use std::fmt;
use std::io::Write as _;

use super::exit::Exit;
use crate::report::inert;

/// An error that ends a command, with its exit status and a hint.
#[derive(Debug)]
pub(super) struct Stop {
    pub(super) exit: Exit,
    pub(super) hint: Option<String>,
    message: String,
}

impl Stop {
    pub(super) fn new(exit: Exit, message: impl fmt::Display) -> Self {
        Self {
            exit,
            hint: None,
            message: message.to_string(),
        }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Stop {}

/// Tells why a command stopped and gives its exit status.
pub(super) fn failure(error: &anyhow::Error) -> Exit {
    // A reader that closed early (`| head`) is not a failure of ours.
    let broken_pipe = error.chain().any(|cause| {
        cause
            .downcast_ref::<std::io::Error>()
            .is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
    });
    if broken_pipe {
        return Exit::Success;
    }
    talk(&format!("error: {error:#}"));
    let stop = error.downcast_ref::<Stop>();
    if let Some(hint) = stop.and_then(|stop| stop.hint.as_deref()) {
        talk(&format!("hint: {hint}"));
    }
    stop.map_or(Exit::Usage, |stop| stop.exit)
}

/// One line or more for a person, on stderr, harmless to a terminal.
pub(super) fn talk(line: &str) {
    let mut stderr = anstream::stderr().lock();
    // File names, parsers' messages and typed words may be hostile. Nobody is
    // left to tell when stderr is gone.
    let _ = writeln!(stderr, "{}", inert(line));
}

/// Data, on stdout.
///
/// # Errors
///
/// When stdout cannot be written, such as a closed pipe.
pub(super) fn data(text: &str) -> std::io::Result<()> {
    let mut stdout = anstream::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()
}

/// Whether stdout takes colour: a terminal, unless `NO_COLOR` or `TERM=dumb`.
pub(super) fn takes_color() -> bool {
    anstream::AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never
}
