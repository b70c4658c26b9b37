//! Mentions of messengers and networks by name, and the accounts behind them.
//!
//! "line" and "tele" alone are ordinary words and count only with a colon, an
//! at sign or "id" beside them. What follows the colon is an account when it
//! looks like one: `ig: contoh_kerja`, `id line = contoh88`.

use super::Found;
use super::contact::account;
use super::cue::{Cue, Kind};
use super::words::{Beside, Word};
use crate::entity::Value;
use crate::span::Span;
use crate::text::NormalText;

/// Adds the messengers of a view, and accounts named behind them.
pub(super) fn messengers(view: &NormalText, cues: &[Cue], found: &mut Vec<Found>) {
    for cue in cues {
        let Kind::Word(Word::Messenger(network, beside)) = cue.kind else {
            continue;
        };
        let first = cue.token as usize;
        let Some(last) = last_word(view, first, beside) else {
            continue;
        };
        let tokens = view.tokens();
        let span = Span {
            start: tokens[first].start,
            end: tokens[last].end,
        };
        let value = Value::Messenger { network };
        found.push(Found { span, value });
        // Accounts of WhatsApp are telephone numbers.
        if network != "whatsapp" {
            found.extend(account_behind(view, last));
        }
    }
}

/// The last word of a messenger's name, when what stands beside allows it.
fn last_word(view: &NormalText, index: usize, beside: Beside) -> Option<usize> {
    let tokens = view.tokens();
    let word = |index: Option<usize>| {
        let token = index.and_then(|index| tokens.get(index));
        token.map_or("", |&token| view.word(token))
    };
    let (before, next) = (word(index.checked_sub(1)), word(Some(index + 1)));
    let rest = &view.as_str()[tokens[index].end as usize..];
    let has_sign = || rest.trim_start_matches(' ').starts_with([':', '@', '=']);
    match beside {
        Beside::Anything => Some(index),
        Beside::Next(words) => words.contains(&next).then_some(index + 1),
        Beside::Dotted => (next == "a" && rest.starts_with(".a")).then_some(index + 1),
        Beside::Id => (next == "id" || before == "id" || has_sign()).then_some(index),
        Beside::Sign => has_sign().then_some(index),
    }
}

/// The account behind the word `last`, perhaps an "id", and a sign.
fn account_behind(view: &NormalText, last: usize) -> Option<Found> {
    let (text, tokens) = (view.as_str(), view.tokens());
    let end = match tokens.get(last + 1) {
        Some(&next) if view.word(next) == "id" => next.end,
        _ => tokens[last].end,
    };
    let rest = &text[end as usize..];
    let signed = rest.trim_start_matches(' ').strip_prefix([':', '=', '@'])?;
    let name = signed.trim_start_matches(' ');
    let at = text.len() - name.len();
    let (end, name) = account(text, at)?;
    let value = Value::Handle { name };
    let span = Span::new(at, end);
    Some(Found { span, value })
}
