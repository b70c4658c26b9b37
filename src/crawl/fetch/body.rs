//! The body of an answer, within its bounds: so many bytes, not too slowly,
//! and no media.

use std::time::Duration;

use reqwest::Response;
use tokio::time::Instant;

use super::fault::fault;
use crate::crawl::fields::Fault;
use crate::crawl::media;
use crate::crawl::settings::Settings;
use crate::skip::SkipReason;

/// Most bytes of the header lines of an answer.
const MAX_HEADER_BYTES: usize = 64 << 10;

/// What is granted to one body.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// Most bytes, as received.
    max: u64,
    /// Least bytes a second, over `window`.
    rate: u64,
    window: Duration,
}

impl Bounds {
    pub(super) fn of(settings: &Settings) -> Self {
        Self {
            max: settings.max_page_bytes,
            rate: settings.min_rate,
            window: Duration::from_secs(settings.min_rate_window_s.max(1)),
        }
    }
}

/// Refuses an answer whose header is out of all bounds.
pub(super) fn check_header(response: &Response) -> Result<(), Fault> {
    let lines = response.headers().iter();
    let bytes: usize = lines
        .map(|(name, value)| name.as_str().len() + value.len() + 4)
        .sum();
    if bytes <= MAX_HEADER_BYTES {
        return Ok(());
    }
    let why = format!("a header of {bytes} bytes, more than {MAX_HEADER_BYTES}");
    Err((SkipReason::TooLong, why))
}

/// The body; a longer one than granted is refused, announced or not.
pub(super) async fn body(mut response: Response, bounds: Bounds) -> Result<Vec<u8>, Fault> {
    let Bounds { max, .. } = bounds;
    let too_long = || (SkipReason::TooLong, format!("longer than {max} bytes"));
    if response.content_length().is_some_and(|length| length > max) {
        return Err(too_long());
    }
    let is_packed = response.headers().contains_key("content-encoding");
    let mut body = Vec::new();
    let mut rate = Rate::new(bounds);
    while let Some(chunk) = response.chunk().await.map_err(|error| fault(&error))? {
        if (body.len() + chunk.len()) as u64 > max {
            return Err(too_long());
        }
        // Media are given up at their first bytes, not at their last.
        if body.is_empty()
            && !is_packed
            && let Some(kind) = media::sniff(&chunk)
        {
            return Err((SkipReason::NotText, format!("begins like {kind}")));
        }
        body.extend_from_slice(&chunk);
        rate.more(chunk.len() as u64)?;
    }
    Ok(body)
}

/// Whether bytes come fast enough. A server that sends one now and then is
/// never silent, and would be waited for to the end of the page's time.
struct Rate {
    bounds: Bounds,
    since: Instant,
    bytes: u64,
}

impl Rate {
    fn new(bounds: Bounds) -> Self {
        Self {
            bounds,
            since: Instant::now(),
            bytes: 0,
        }
    }

    fn more(&mut self, n: u64) -> Result<(), Fault> {
        self.bytes += n;
        let Bounds { rate, window, .. } = self.bounds;
        if self.since.elapsed() < window {
            return Ok(());
        }
        if self.bytes < rate.saturating_mul(window.as_secs()) {
            let why = format!(
                "slower than {rate} bytes a second over {} s",
                window.as_secs()
            );
            return Err((SkipReason::Timeout, why));
        }
        *self = Self::new(self.bounds);
        Ok(())
    }
}
