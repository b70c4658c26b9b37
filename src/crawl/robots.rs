//! robots.txt: what a site lets this program read, and how slowly.
//!
//! What an answer *means* is RFC 9309's, and stricter where a doubt is left: a
//! file that cannot be had closes the site. What a file *says* agrees with
//! Google's parser (`tests/data/robots` holds its verdicts) but for places
//! where this one allows less:
//!
//! - percent-encoding is compared as RFC 9309 says and as that parser does,
//!   and the reading that forbids counts;
//! - allowing `/dir/index.html` does not allow `/dir/`, which RFC 9309 does
//!   not know;
//! - an allowing rule on a line too long to be read whole is passed over;
//! - UTF-16 is read.
//!
//! There is no switch to ignore it.

mod pattern;
mod rules;

use std::time::Duration;

use url::{Position, Url};

pub use rules::Rules;

use super::page::Page;
use super::settings::AGENT;

/// Most bytes of a robots.txt that are read, as RFC 9309 asks for at least.
pub const MAX_BYTES: usize = 500 << 10;
/// Longest pause a site can ask for before it counts as a refusal.
pub const MAX_DELAY: Duration = Duration::from_mins(5);

/// What a site's robots.txt says to this program.
#[derive(Debug)]
pub enum Robots {
    /// There is none, so everything may be read.
    Absent,
    /// There is one.
    Rules(Box<Rules>),
    /// It could not be decided, so nothing may be read; the reason.
    Undecided(String),
}

/// Whether a page may be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It may, after a pause of at least this long since the last answer.
    Allowed(Duration),
    /// It may not; the reason.
    Denied(String),
    /// Nobody can say, so it may not; the reason.
    Unavailable(String),
}

impl Robots {
    /// Where the robots.txt that speaks for `url` stands.
    pub fn url_for(url: &Url) -> Url {
        let mut robots = url.clone();
        robots.set_path("/robots.txt");
        robots.set_query(None);
        robots.set_fragment(None);
        robots
    }

    /// What an answer to the request for robots.txt means.
    pub fn from_page(page: &Page) -> Self {
        Self::from_answer(page.status, page.content())
    }

    /// What an answer with this status and body means.
    pub fn from_answer(status: u16, body: &[u8]) -> Self {
        match status {
            200..300 => Self::from_bytes(body),
            // RFC 9309 reads every 4xx as "no such file"; too many requests
            // and a request that took too long are not that.
            408 | 425 | 429 => Self::Undecided(format!("robots.txt answered {status}")),
            400..500 => Self::Absent,
            status => Self::Undecided(format!("robots.txt answered {status}")),
        }
    }

    /// Reads the text of a robots.txt.
    pub fn from_bytes(text: &[u8]) -> Self {
        let text = if text.len() > MAX_BYTES {
            // A rule cut in two would mean something else.
            let whole = text[..MAX_BYTES]
                .iter()
                .rposition(|byte| matches!(byte, b'\n' | b'\r'))
                .unwrap_or(0);
            &text[..whole]
        } else {
            text
        };
        Self::Rules(Box::new(Rules::read(text, AGENT)))
    }

    /// Whether `url` may be read.
    pub fn verdict(&self, url: &Url) -> Verdict {
        let rules = match self {
            Self::Absent => return Verdict::Allowed(Duration::ZERO),
            Self::Undecided(why) => return Verdict::Unavailable(why.clone()),
            Self::Rules(rules) => rules,
        };
        // Faster than asked is never an answer to "slower, please".
        let Ok(delay) = Duration::try_from_secs_f64(rules.delay.unwrap_or(0.0)) else {
            return Verdict::Denied("its Crawl-delay is beyond any wait".to_owned());
        };
        if delay > MAX_DELAY {
            return Verdict::Denied(format!(
                "its Crawl-delay of {} s is longer than the {} s this program waits",
                delay.as_secs(),
                MAX_DELAY.as_secs()
            ));
        }
        let target = &url[Position::BeforePath..Position::AfterQuery];
        match rules.forbidding(target) {
            Some(rule) => Verdict::Denied(format!("robots.txt forbids it (Disallow: {rule})")),
            None => Verdict::Allowed(delay),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(text: &str, path: &str) -> Verdict {
        let url = Url::parse("http://a.example/").unwrap().join(path).unwrap();
        Robots::from_bytes(text.as_bytes()).verdict(&url)
    }

    fn status(status: u16) -> Verdict {
        let mut page = Page::for_test("http://a.example/robots.txt", "text/plain", b"Disallow:");
        page.status = status;
        Robots::from_page(&page).verdict(&page.url)
    }

    #[test]
    fn rules_for_this_program_come_before_rules_for_all() {
        let text = "User-agent: *\nDisallow: /\n\nUser-agent: Lentera\nDisallow: /admin\n";
        assert_eq!(verdict(text, "/iklan"), Verdict::Allowed(Duration::ZERO));
        assert!(matches!(verdict(text, "/admin/x"), Verdict::Denied(_)));
    }

    #[test]
    fn this_program_is_meant_by_its_name_however_it_is_written() {
        for name in [
            "Lentera/0.1",
            "LENTERA",
            "lentera (+https://a.example)",
            " lentera # bot",
        ] {
            let text =
                format!("\u{FEFF}User-agent: {name}\nDisallow: /\n\nUser-agent: *\nAllow: /\n");
            assert!(matches!(verdict(&text, "/"), Verdict::Denied(_)), "{name}");
        }
        let other = "User-agent: lenterabot\nDisallow: /\n";
        assert_eq!(verdict(other, "/"), Verdict::Allowed(Duration::ZERO));
    }

    #[test]
    fn the_query_is_part_of_what_is_matched() {
        let text = "User-agent: *\nDisallow: /*?sort=\n";
        assert!(matches!(
            verdict(text, "/cari?sort=harga"),
            Verdict::Denied(_)
        ));
        assert_eq!(verdict(text, "/cari?p=2"), Verdict::Allowed(Duration::ZERO));
    }

    #[test]
    fn a_missing_file_opens_the_site_and_a_broken_server_closes_it() {
        for open in [401, 403, 404, 410] {
            assert_eq!(status(open), Verdict::Allowed(Duration::ZERO), "{open}");
        }
        for closed in [429, 500, 503, 599, 301, 304] {
            assert!(
                matches!(status(closed), Verdict::Unavailable(_)),
                "{closed}"
            );
        }
    }

    #[test]
    fn a_pause_is_honoured_and_an_absurd_one_is_a_refusal() {
        let text = |delay| format!("User-agent: *\nCrawl-delay: {delay}\nDisallow:\n");
        assert_eq!(
            verdict(&text("2.5"), "/"),
            Verdict::Allowed(Duration::from_millis(2500))
        );
        assert!(matches!(verdict(&text("86400"), "/"), Verdict::Denied(_)));
        assert!(matches!(verdict(&text("1e30"), "/"), Verdict::Denied(_)));
    }

    #[test]
    fn a_file_made_to_be_slow_is_read_and_obeyed_to_its_end() {
        let line = format!("Disallow: /{}b$\n", "*a".repeat(100));
        let n = MAX_BYTES / line.len() - 1;
        let text = format!("User-agent: *\n{}Disallow: /*?x\n", line.repeat(n));
        let long = format!("/{}", "a".repeat(2000));
        assert_eq!(verdict(&text, &long), Verdict::Allowed(Duration::ZERO));
        assert!(matches!(
            verdict(&text, &format!("{long}?x")),
            Verdict::Denied(_)
        ));
        assert!(matches!(
            verdict(&text, &format!("{long}b")),
            Verdict::Denied(_)
        ));
    }

    #[test]
    fn a_refusal_names_the_rule() {
        let text = "User-agent: *\nDisallow: /admin*x$\n";
        let told = Verdict::Denied("robots.txt forbids it (Disallow: /admin*x$)".to_owned());
        assert_eq!(verdict(text, "/admin/x"), told);
    }

    #[test]
    fn a_file_beyond_the_limit_is_cut_between_lines() {
        let filler = format!("# {}\n", "x".repeat(97)).repeat(MAX_BYTES / 100 - 1);
        let text = format!(
            "User-agent: *\nDisallow: /admin\n{filler}Disallow: /{}",
            "y".repeat(1000)
        );
        assert_eq!(verdict(&text, "/yyy"), Verdict::Allowed(Duration::ZERO));
        assert!(matches!(verdict(&text, "/admin"), Verdict::Denied(_)));
    }
}
