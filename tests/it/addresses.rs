//! One address, one spelling: the cases of the web platform tests.

use lentera::crawl::frontier::canonical;
use serde::Deserialize;
use url::Url;

/// A case; see `tests/data/url/README.md`.
#[derive(Deserialize)]
struct Case {
    input: String,
    base: Option<String>,
    /// What it means; none when it means nothing.
    href: Option<String>,
}

fn parse(case: &Case) -> Option<Url> {
    match &case.base {
        None => Url::parse(&case.input).ok(),
        Some(base) => Url::parse(base).ok()?.join(&case.input).ok(),
    }
}

/// An address as written, without what a server is not told: `user:name@` and
/// what follows `#`.
fn told(href: &str) -> String {
    let href = href.split('#').next().unwrap();
    let (scheme, rest) = href.split_once("://").unwrap();
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let host = rest[..end].rsplit('@').next().unwrap();
    [scheme, "://", host, &rest[end..]].concat()
}

#[test]
fn addresses_are_known_as_the_web_platform_tests_say() {
    let cases = include_str!("../data/url/wpt.jsonl");
    let (mut n, mut refused, mut faults) = (0, 0, Vec::new());
    for line in cases.lines() {
        let case: Case = serde_json::from_str(line).unwrap();
        let found = parse(&case).map(|url| canonical(&url));
        let again = found
            .as_ref()
            .map(|url| canonical(&Url::parse(url.as_str()).unwrap()));
        let expected = case.href.as_deref().map(told);
        let found = found.as_ref().map(Url::as_str);
        if found.is_none() && case.input.starts_with("///") {
            // The `url` crate does not take these three slashes for two yet.
            refused += 1;
        } else if found != expected.as_deref() || again.as_ref().map(Url::as_str) != found {
            faults.push(format!("{line}\n  {found:?}"));
        }
        n += 1;
    }
    assert_eq!(faults, [""; 0], "{}", faults.join("\n"));
    assert_eq!((n, refused), (432, 7));
}
