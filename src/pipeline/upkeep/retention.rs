//! `[retention]`: for how many days what is kept.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use crate::level::{Level, Route};

/// `[retention]` of `lentera.toml`. What is not set is kept for good.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Retention {
    /// Days that alerts of this level are kept, from when the finding's newest
    /// revision was written.
    pub critical: Option<NonZeroU32>,
    /// The same.
    pub high: Option<NonZeroU32>,
    /// The same.
    pub medium: Option<NonZeroU32>,
    /// The same.
    pub low: Option<NonZeroU32>,
    /// Days that pleas for help are kept, whatever their level.
    pub help_request: Option<NonZeroU32>,
    /// Days that missing-person notices are kept.
    pub missing_person: Option<NonZeroU32>,
    /// Days that a post without a finding is remembered, from when it was last
    /// seen.
    pub unflagged_posts: Option<NonZeroU32>,
    /// Days that captured pages are kept that no finding refers to, from when
    /// their file was ended; pages saved for repair too.
    pub evidence_unreferenced: Option<NonZeroU32>,
    /// Ids of findings that stay whatever their age, with their evidence.
    pub hold: Vec<String>,
}

/// Key of captured pages.
pub(super) const EVIDENCE: &str = "evidence_unreferenced";
/// Key of posts without a finding.
pub(super) const POSTS: &str = "unflagged_posts";

impl Retention {
    /// The key for findings of a route and level.
    pub fn rule(route: Route, level: Level) -> &'static str {
        match (route, level) {
            (Route::HelpRequest, _) => "help_request",
            (Route::MissingPerson, _) => "missing_person",
            (_, Level::Critical) => "critical",
            (_, Level::High) => "high",
            (_, Level::Medium) => "medium",
            (_, Level::Low | Level::None) => "low",
        }
    }

    /// Every key that is set, with its days.
    pub fn days(&self) -> BTreeMap<String, u64> {
        let set = self.keys().filter_map(|(key, days)| {
            let days = u64::from(days?.get());
            Some((key.to_owned(), days))
        });
        set.collect()
    }

    fn keys(&self) -> impl Iterator<Item = (&'static str, Option<NonZeroU32>)> {
        let all = [
            ("critical", self.critical),
            ("high", self.high),
            ("medium", self.medium),
            ("low", self.low),
            ("help_request", self.help_request),
            ("missing_person", self.missing_person),
            (POSTS, self.unflagged_posts),
            (EVIDENCE, self.evidence_unreferenced),
        ];
        all.into_iter()
    }

    /// What is of this time or earlier is past its time by `key`; with it, the
    /// days it says. `None` where the key is not set.
    pub(super) fn limit(&self, key: &str, now: Timestamp) -> Option<(Timestamp, u64)> {
        let (_, days) = self.keys().find(|(of, _)| *of == key)?;
        let days = u64::from(days?.get());
        let hours = i64::try_from(days).ok()?.checked_mul(24)?;
        let before = now.checked_sub(SignedDuration::from_hours(hours)).ok()?;
        Some((before, days))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_set_is_kept_and_what_is_set_has_its_day() {
        let now = "2026-11-03T12:00:00Z".parse().unwrap();
        let none: Retention = toml::from_str("").unwrap();
        assert_eq!(none.limit("critical", now), None);
        assert!(none.days().is_empty());
        let some: Retention = toml::from_str("low = 30\nhelp_request = 365").unwrap();
        let before = "2026-10-04T12:00:00Z".parse().unwrap();
        assert_eq!(some.limit("low", now), Some((before, 30)));
        assert_eq!(some.days().len(), 2);
        let rule = Retention::rule(Route::HelpRequest, Level::Critical);
        assert_eq!(rule, "help_request");
        assert_eq!(Retention::rule(Route::ContextOnly, Level::None), "low");
        // More days than there were.
        let long: Retention = toml::from_str("low = 4000000000").unwrap();
        assert_eq!(long.limit("low", now), None);
    }

    #[test]
    fn no_days_and_unknown_keys_are_refused() {
        assert!(toml::from_str::<Retention>("low = 0").is_err());
        assert!(toml::from_str::<Retention>("lows = 3").is_err());
    }
}
