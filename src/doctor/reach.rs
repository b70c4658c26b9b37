//! Whether the hosts of sources can be reached: their robots.txt is asked for,
//! as a crawl asks, and nothing else.

use std::collections::BTreeMap;

use jiff::Timestamp;
use url::Url;

use super::Check;
use crate::crawl::{Fetcher, Settings};
use crate::pipeline::Workspace;

/// Seconds a clock may differ from that of a server.
const SLACK: i64 = 120;

/// Asks every host at which a source starts for its robots.txt, once. When
/// none answers, the machine is offline: a state, not a failure.
pub async fn reach(workspace: &Workspace, settings: Settings) -> Vec<Check> {
    const NAME: &str = "reach";
    let mut hosts: BTreeMap<String, &Url> = BTreeMap::new();
    for url in workspace.config.sources.iter().flat_map(|one| &one.start) {
        let host = url.host_str().unwrap_or("").to_owned();
        hosts.entry(host).or_insert(url);
    }
    if hosts.is_empty() {
        return Vec::new();
    }
    let fetcher = match Fetcher::new(settings) {
        Ok(fetcher) => fetcher,
        Err(error) => {
            let todo = "see `[crawl]` of lentera.toml";
            return vec![Check::problem(NAME, error.to_string(), todo)];
        }
    };
    let (mut silent, mut answered) = (Vec::new(), 0);
    let mut off = None;
    for (host, url) in &hosts {
        match fetcher.robots(url).await {
            Ok(page) => {
                answered += 1;
                off = off.or_else(|| differs(page.fetched_at, page.header("date")?));
            }
            Err(skip) => silent.push(format!("{host}: {skip}")),
        }
    }
    let mut checks = vec![if answered == 0 {
        let what = format!(
            "no host answers ({}): offline, so nothing is held against them",
            silent[0]
        );
        Check::note(NAME, what)
    } else if silent.is_empty() {
        Check::ok(NAME, format!("{answered} hosts answer"))
    } else {
        Check::problem(
            NAME,
            format!(
                "{answered} hosts answer, these do not: {}",
                silent.join("; ")
            ),
            "see that the address is still right; a site may be down for a day",
        )
    }];
    if let Some(seconds) = off {
        checks.push(Check::problem(
            "clock",
            format!("it is {seconds} s away from that of a server"),
            "set the clock, and let the system keep it (NTP): times are evidence",
        ));
    }
    checks
}

/// Seconds between this clock and the `Date` of an answer, when they are many.
pub(super) fn differs(here: Timestamp, date: &str) -> Option<i64> {
    let there = jiff::fmt::rfc2822::parse(date).ok()?.timestamp();
    let seconds = here.duration_since(there).as_secs();
    (seconds.abs() > SLACK).then_some(seconds)
}
