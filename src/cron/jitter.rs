//! A delay that is spread over sources and days, and the same each time it is
//! asked for.

use jiff::SignedDuration;
use jiff::civil::Date;

use crate::id::Digest;

/// Most minutes of delay: beyond, a night's run would slip into the next.
pub const MOST_MINUTES: u64 = 720;

/// How much later than its time a source is read on a day: below `minutes`,
/// to the second. Within a day it is always the same, so the order of times
/// is kept.
pub fn delay(source: &str, day: Date, minutes: u64) -> SignedDuration {
    let seconds = minutes.min(MOST_MINUTES) * 60;
    if seconds == 0 {
        return SignedDuration::ZERO;
    }
    let digest = Digest::of_parts([source.as_bytes(), day.to_string().as_bytes()]);
    let number = digest
        .0
        .iter()
        .take(8)
        .fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    SignedDuration::from_secs(i64::try_from(number % seconds).unwrap_or(0))
}
