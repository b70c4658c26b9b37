//! Contacts made unreadable.
//!
//! Masking replaces character by character with `•`, so code-point offsets of
//! a text hold on its masked form. It protects against leaks and casual
//! reading, not against someone who can still open the live post; and whoever
//! holds the key can try telephone numbers against the digests.
//!
//! Beside the contacts that were recognised, any other run of nine or more
//! digits is masked too: a number the recogniser missed is still a number.

mod line;
mod runs;
mod styles;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::key::Key;
use crate::entity::{Entity, Value};
use crate::id::Digest;
use crate::post::FieldName;
use crate::span::{CodePointSpan, CodePoints, Span};

pub use self::line::{FreeText, defang_url};
pub use self::styles::{account, phone_display};

/// What stands where something was masked.
pub const MASK: char = '•';

/// Masks contacts and gives them keyed digests.
#[derive(Clone, Debug)]
pub struct Masker {
    key: Key,
}

impl Masker {
    /// A masker with the key of a workspace.
    pub fn new(key: Key) -> Self {
        Self { key }
    }

    /// Names the key, without giving it away.
    pub fn key_id(&self) -> &str {
        self.key.id()
    }

    /// The keyed digest of a contact, `hmac-sha256:KEYID:` and 32 hexadecimal
    /// digits; `None` for values that are no contact.
    ///
    /// The kind is part of what is digested, so that a handle and an address
    /// of the same letters stay apart.
    pub fn contact(&self, value: &Value) -> Option<String> {
        let (kind, text) = match value {
            Value::Phone { e164, .. } => ("phone", e164),
            Value::Handle { name } => ("handle", name),
            Value::Email { address } => ("email", address),
            Value::Link { address, .. } => ("link", address),
            Value::Messenger { .. }
            | Value::Price { .. }
            | Value::Age { .. }
            | Value::Born { .. }
            | Value::School { .. }
            | Value::Place { .. }
            | Value::Disguise { .. } => return None,
        };
        let digest = self.hmac(&[kind, ":", text]).short(32);
        Some(format!("hmac-sha256:{}:{digest}", self.key_id()))
    }

    /// The keyed digest of a text as published.
    pub fn text_digest(&self, text: &str) -> Digest {
        self.hmac(&["text:", text])
    }

    fn hmac(&self, parts: &[&str]) -> Digest {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.key.bytes())
            .expect("HMAC takes keys of any length");
        for part in parts {
            mac.update(part.as_bytes());
        }
        Digest(mac.finalize().into_bytes().into())
    }
}

/// One field of a post, masked.
#[derive(Clone, Debug)]
pub struct MaskedField<'t> {
    points: CodePoints<'t>,
    chars: Vec<char>,
    changed: bool,
}

impl<'t> MaskedField<'t> {
    /// Masks `text`, field `field` of a post with these entities.
    pub fn new(text: &'t str, field: FieldName, entities: &[Entity]) -> Self {
        let points = CodePoints::new(text);
        let original: Vec<char> = text.chars().collect();
        let mut chars = original.clone();
        // Digits of sums and ages are no telephone numbers, however many of
        // them stand in a row.
        let mut counted = vec![false; original.len()];
        for entity in entities.iter().filter(|entity| entity.field == field) {
            let at = points.span(entity.span);
            let range = at.start as usize..at.end as usize;
            match &entity.value {
                Value::Price { .. } | Value::Age { .. } | Value::Born { .. } => {
                    counted[range].fill(true);
                }
                value => {
                    if let Some(masked) = styles::masked(value, &original[range.clone()]) {
                        lay_over(&mut chars[range.clone()], &original[range], &masked);
                    }
                }
            }
        }
        for run in runs::long_runs(&original, &counted) {
            let masked = styles::phone(&original[run.clone()]);
            lay_over(&mut chars[run.clone()], &original[run], &masked);
        }
        styles::defang(&mut chars);
        let changed = chars != original;
        Self {
            points,
            chars,
            changed,
        }
    }

    /// The whole masked text.
    pub fn text(&self) -> String {
        self.chars.iter().collect()
    }

    /// Length in code points, of the masked and of the published text.
    pub fn len(&self) -> usize {
        self.chars.len()
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.chars.is_empty()
    }

    /// Whether anything was masked.
    pub fn is_changed(&self) -> bool {
        self.changed
    }

    /// A byte span of the published text in code points.
    pub fn place(&self, span: Span) -> CodePointSpan {
        self.points.span(span)
    }

    /// A byte span of the published text in code points, and the masked text
    /// there.
    pub fn quote(&self, span: Span) -> (CodePointSpan, String) {
        let at = self.place(span);
        let quote = self.chars[at.start as usize..at.end as usize].iter();
        (at, quote.collect())
    }
}

/// Where contacts overlap, a character stays readable only if every one of
/// them leaves it so.
fn lay_over(under: &mut [char], original: &[char], masked: &[char]) {
    for ((under, original), masked) in under.iter_mut().zip(original).zip(masked) {
        if masked != original {
            *under = *masked;
        }
    }
}

#[cfg(test)]
mod tests;
