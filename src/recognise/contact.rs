//! Handles, e-mail addresses, links, and mentions of messengers.

use std::sync::LazyLock;

use regex::Regex;

use super::Found;
use crate::entity::Value;
use crate::span::Span;
use crate::text::NormalText;

/// Hosts that open a conversation.
const MESSENGER_HOSTS: [&str; 8] = [
    "wa.me",
    "api.whatsapp.com",
    "chat.whatsapp.com",
    "t.me",
    "telegram.me",
    "line.me",
    "lin.ee",
    "m.me",
];

static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?P<email>[a-z0-9._%+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*\.[a-z]{2,})",
        r"|(?P<link>(?:https?://|www\.)[^\s<>]{3,}",
        r"|(?-u:\b)(?:wa\.me|(?:api|chat)\.whatsapp\.com|t\.me|telegram\.me|line\.me|lin\.ee|m\.me)/[^\s<>]+)",
        r"|@(?P<handle>[a-z0-9_][a-z0-9_.]{2,29})",
    ))
    .expect("a fixed pattern")
});

/// Adds e-mail addresses, links and `@handles`.
pub(super) fn addresses(view: &NormalText, found: &mut Vec<Found>) {
    for captures in ADDRESS.captures_iter(view.as_str()) {
        let whole = captures.get(0).expect("group 0 always takes part");
        let mut end = whole.end();
        let value = if let Some(email) = captures.name("email") {
            Value::Email {
                address: email.as_str().to_owned(),
            }
        } else if let Some(link) = captures.name("link") {
            let address = link
                .as_str()
                .trim_end_matches(['.', ',', ')', '!', '?', '"', '\'']);
            end = link.start() + address.len();
            link_value(address)
        } else {
            let name = captures["handle"].trim_end_matches('.');
            end = whole.start() + 1 + name.len();
            // "a@b" without a dot is not a handle but a broken address.
            if view.as_str()[..whole.start()].ends_with(|ch: char| ch.is_alphanumeric()) {
                continue;
            }
            Value::Handle {
                name: name.to_owned(),
            }
        };
        found.push(Found {
            span: Span::new(whole.start(), end),
            value,
        });
    }
}

fn link_value(address: &str) -> Value {
    let bare = address
        .trim_start_matches("https://")
        .trim_start_matches("http://");
    let host = bare.split(['/', '?', '#', ':']).next().unwrap_or(bare);
    let host = host.trim_start_matches("www.");
    Value::Link {
        address: bare.to_owned(),
        messenger: MESSENGER_HOSTS.contains(&host),
    }
}

/// Adds mentions of messengers by name.
///
/// "line" and "tele" alone are ordinary words and count only with a colon, an
/// at sign or "id" beside them.
pub(super) fn messengers(view: &NormalText, found: &mut Vec<Found>) {
    let tokens = view.tokens();
    for (index, &token) in tokens.iter().enumerate() {
        let next = tokens.get(index + 1).map_or("", |&token| view.word(token));
        let before = index
            .checked_sub(1)
            .map_or("", |index| view.word(tokens[index]));
        let network = match view.word(token) {
            "wa" | "whatsapp" | "whatsap" | "wasap" | "wassap" | "watsap" | "watsapp" | "whats" => {
                "whatsapp"
            }
            "telegram" => "telegram",
            "michat" => "michat",
            "mi" if next == "chat" => "michat",
            "line" if next == "id" || before == "id" => "line",
            "tele" | "tg" if follows_with(view, token.end as usize) => "telegram",
            _ => continue,
        };
        let span = Span {
            start: token.start,
            end: token.end,
        };
        found.push(Found {
            span,
            value: Value::Messenger { network },
        });
    }
}

fn follows_with(view: &NormalText, end: usize) -> bool {
    view.as_str()[end..]
        .trim_start_matches(' ')
        .starts_with([':', '@', '='])
}
