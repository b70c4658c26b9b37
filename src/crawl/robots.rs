//! robots.txt: what a site lets this program read, and how slowly.
//!
//! Matching is `texting_robots`; the rules for what an answer *means* are
//! RFC 9309's, and stricter than it where a doubt is left: a file that cannot
//! be decided closes the site for the run. There is no switch to ignore it.

use std::time::Duration;

use texting_robots::Robot;
use url::Url;

use super::page::Page;
use super::settings::AGENT;

/// Most bytes of a robots.txt that are read, as RFC 9309 asks for at least.
pub const MAX_BYTES: usize = 500 << 10;
/// Longest pause a site can ask for before it counts as a refusal.
pub const MAX_DELAY: Duration = Duration::from_mins(5);
/// Wildcards of one rule; more make matching slow enough to be an attack.
const MAX_WILDCARDS: usize = 8;
/// Rules of one file; beyond that it is not decided.
const MAX_RULES: usize = 5000;

/// What a site's robots.txt says to this program.
#[derive(Debug)]
pub enum Robots {
    /// There is none, so everything may be read.
    Absent,
    /// There is one.
    Rules(Box<Robot>),
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
        match page.status {
            200..300 => Self::from_bytes(page.content()),
            // RFC 9309 reads every 4xx as "no such file"; too many requests
            // and a request that took too long are not that.
            408 | 425 | 429 => Self::Undecided(format!("robots.txt answered {}", page.status)),
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
                .rposition(|&b| b == b'\n')
                .unwrap_or(0);
            &text[..whole]
        } else {
            text
        };
        let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
        let mut rules = 0;
        let tamed: Vec<Vec<u8>> = text
            .split(|&b| matches!(b, b'\n' | b'\r' | 0))
            .filter_map(|line| tame(line, &mut rules))
            .collect();
        if rules > MAX_RULES {
            return Self::Undecided(format!("robots.txt has more than {MAX_RULES} rules"));
        }
        match Robot::new(AGENT, &tamed.join(&b'\n')) {
            Ok(robot) => Self::Rules(Box::new(robot)),
            Err(error) => Self::Undecided(format!("robots.txt cannot be read: {error}")),
        }
    }

    /// Whether `url` may be read.
    pub fn verdict(&self, url: &Url) -> Verdict {
        match self {
            Self::Absent => Verdict::Allowed(Duration::ZERO),
            Self::Undecided(why) => Verdict::Unavailable(why.clone()),
            Self::Rules(robot) => {
                let asked = robot
                    .delay
                    .map(|seconds| Duration::try_from_secs_f32(seconds.max(0.0)));
                match asked {
                    // Faster than asked is never an answer to "slower, please".
                    Some(Err(_)) => {
                        Verdict::Denied("its Crawl-delay is beyond any wait".to_owned())
                    }
                    Some(Ok(delay)) if delay > MAX_DELAY => Verdict::Denied(format!(
                        "its Crawl-delay of {} s is longer than the {} s this program waits",
                        delay.as_secs(),
                        MAX_DELAY.as_secs()
                    )),
                    _ if !robot.allowed(url.as_str()) => {
                        Verdict::Denied("robots.txt forbids it".to_owned())
                    }
                    Some(Ok(delay)) => Verdict::Allowed(delay),
                    None => Verdict::Allowed(Duration::ZERO),
                }
            }
        }
    }
}

/// One line with its wildcards limited, so that no file can make matching
/// slow. A forbidding rule is shortened, which forbids more; an allowing rule
/// is dropped, which allows less.
fn tame(line: &[u8], rules: &mut usize) -> Option<Vec<u8>> {
    let colon = line.iter().position(|&b| b == b':').unwrap_or(line.len());
    let key = line[..colon].trim_ascii().to_ascii_lowercase();
    if key == b"user-agent" {
        return Some(named_agent(line, colon));
    }
    if !matches!(key.as_slice(), b"allow" | b"disallow") {
        return Some(line.to_vec());
    }
    *rules += 1;
    let mut line = line.to_vec();
    line.dedup_by(|a, b| *a == b'*' && *b == b'*');
    let ninth = line
        .iter()
        .enumerate()
        .filter(|(_, byte)| **byte == b'*')
        .nth(MAX_WILDCARDS)
        .map(|(at, _)| at);
    match ninth {
        None => Some(line),
        Some(_) if key == b"allow" => None,
        Some(at) => {
            line.truncate(at);
            Some(line)
        }
    }
}

/// A `User-agent` line cut to the product name: who writes `Lentera/1.0`
/// means this program, and the matcher compares whole values.
fn named_agent(line: &[u8], colon: usize) -> Vec<u8> {
    let Some(value) = line.get(colon + 1..) else {
        return line.to_vec();
    };
    let name = value.trim_ascii_start();
    let is_name = |b: &u8| b.is_ascii_alphabetic() || matches!(b, b'-' | b'_');
    let end = name.iter().position(|b| !is_name(b)).unwrap_or(name.len());
    if end == 0 {
        return line.to_vec();
    }
    [b"User-agent: ", &name[..end]].concat()
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
    fn a_file_made_to_be_slow_forbids_rather_more() {
        let line = format!("Disallow: /{}b$\n", "*a".repeat(100));
        let text = format!("User-agent: *\n{}", line.repeat(2000));
        assert!(matches!(
            verdict(&text, &format!("/{}", "a".repeat(2000))),
            Verdict::Denied(_)
        ));
        let many = format!("User-agent: *\n{}", "Disallow: /x\n".repeat(MAX_RULES + 1));
        assert!(matches!(verdict(&many, "/"), Verdict::Unavailable(_)));
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
