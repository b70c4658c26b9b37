//! Mentions of messengers by name.
//!
//! "line" and "tele" alone are ordinary words and count only with a colon, an
//! at sign or "id" beside them.

use super::Found;
use super::cue::{Cue, Kind};
use super::words::{Beside, Word};
use crate::entity::Value;
use crate::span::Span;
use crate::text::NormalText;

/// Adds the messengers of a view.
pub(super) fn messengers(view: &NormalText, cues: &[Cue], found: &mut Vec<Found>) {
    for cue in cues {
        let Kind::Word(Word::Messenger(network, beside)) = cue.kind else {
            continue;
        };
        let index = cue.token as usize;
        if is_there(view, index, beside) {
            let token = view.tokens()[index];
            let span = Span {
                start: token.start,
                end: token.end,
            };
            let value = Value::Messenger { network };
            found.push(Found { span, value });
        }
    }
}

fn is_there(view: &NormalText, index: usize, beside: Beside) -> bool {
    let tokens = view.tokens();
    let word = |index: Option<usize>| {
        let token = index.and_then(|index| tokens.get(index));
        token.map_or("", |&token| view.word(token))
    };
    let (before, next) = (word(index.checked_sub(1)), word(Some(index + 1)));
    match beside {
        Beside::Anything => true,
        Beside::Chat => next == "chat",
        Beside::Id => next == "id" || before == "id",
        Beside::Sign => {
            let rest = &view.as_str()[tokens[index].end as usize..];
            rest.trim_start_matches(' ').starts_with([':', '@', '='])
        }
    }
}
