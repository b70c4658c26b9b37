//! Ctrl-C: the first asks the run to end well, the second ends it.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::watch;

use super::message::talk;

static STOP: AtomicBool = AtomicBool::new(false);
static WATCH: OnceLock<watch::Sender<bool>> = OnceLock::new();

/// Becomes true when the run should end.
pub(super) fn flag() -> &'static AtomicBool {
    install();
    &STOP
}

/// The same for async code.
pub(super) fn watched() -> watch::Receiver<bool> {
    install();
    WATCH.get().expect("set by install").subscribe()
}

fn install() {
    WATCH.get_or_init(|| {
        let handled = ctrlc::set_handler(|| {
            if STOP.swap(true, Ordering::Relaxed) {
                // Asked twice: leave at once. Files are renamed only when
                // whole, so nothing half-written stays behind.
                #[expect(clippy::exit, reason = "the second Ctrl-C means now")]
                std::process::exit(130);
            }
            talk("stopping; what is finished is kept (Ctrl-C again to leave at once)");
            if let Some(sender) = WATCH.get() {
                sender.send_replace(true);
            }
        });
        if handled.is_err() {
            talk("warning: Ctrl-C cannot be caught here");
        }
        watch::channel(false).0
    });
}
