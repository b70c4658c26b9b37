//! From a post and its assessment to the record.
//!
//! Pure: the same post, assessment, run and key give the same bytes. Nothing
//! here decides anything; it writes down what was decided.

mod care;
mod judged;
mod values;

use jiff::Timestamp;
use uuid::Uuid;

use super::{Content, ContentDigest, Finding, Integrity, Language, Match, Review, SCHEMA, Source};
use crate::assessment::{Assessment, Evidence};
use crate::id::Digest;
use crate::post::{FieldName, Post};
use crate::store::mask::{FreeText, MaskedField, Masker, account, defang_url};

/// What all findings of one run share.
#[derive(Clone, Debug, PartialEq)]
pub struct RunFacts {
    /// Version of this program.
    pub engine_version: String,
    /// Its build, such as `git:abc1234`.
    pub engine_build: String,
    /// Name of the rule pack.
    pub ruleset_name: String,
    /// Version of the rule pack.
    pub ruleset_version: String,
    /// Digest of the rule pack's files.
    pub ruleset_digest: Digest,
    /// The run.
    pub scan_id: Uuid,
    /// When the run began; retention counts from here.
    pub scanned_at: Timestamp,
    /// Which folding the matching ran on, such as `nfkc+deobfuscate/1`.
    pub normalization: String,
}

/// What a record says besides the post, its assessment and the run. Given here
/// and not added later, so that a record is sealed once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Particulars<'p> {
    /// Shares of languages in the post's text, in percent, by tag.
    pub languages: &'p [(&'p str, u8)],
    /// Which writing of the post's finding this is, from 1.
    pub revision: u32,
}

impl Default for Particulars<'_> {
    fn default() -> Self {
        Self {
            languages: &[],
            revision: 1,
        }
    }
}

/// Writes the record of one post, masked and sealed.
///
/// Any post can be written, flagged or not; one that is not has level `none`.
pub fn finding(
    post: &Post,
    assessment: &Assessment,
    particulars: &Particulars<'_>,
    run: &RunFacts,
    masker: &Masker,
) -> Finding {
    let masks = Masks::new(post, assessment);
    let entities = values::entities(&assessment.entities, &masks, masker);
    let source = source(post, &masks);
    let content = content(post, &masks, particulars.languages, run, masker);
    let privacy = care::privacy(post, assessment, run, &source, &masks);
    Finding {
        schema: SCHEMA.to_owned(),
        record_type: "finding".to_owned(),
        id: id(post, &source.native_id, masker).to_string(),
        revision: particulars.revision,
        source,
        content,
        assessment: judged::assessed(assessment, run, &masks),
        indicators: assessment
            .hits
            .iter()
            .map(|hit| judged::indicator(hit, &masks))
            .collect(),
        entities,
        cluster: None,
        provenance: care::provenance(post, run),
        privacy,
        review: Review::new(),
        referrals: Vec::new(),
        integrity: Integrity {
            canonicalization: String::new(),
            sha256: String::new(),
        },
        ext: std::collections::BTreeMap::new(),
    }
    .sealed()
}

/// The masked forms of a post's texts.
struct Masks<'p> {
    title: MaskedField<'p>,
    text: MaskedField<'p>,
    free: FreeText,
}

impl<'p> Masks<'p> {
    fn new(post: &'p Post, assessment: &Assessment) -> Self {
        let mask = |name| MaskedField::new(post.field(name), name, &assessment.entities);
        Self {
            title: mask(FieldName::Title),
            text: mask(FieldName::Text),
            free: FreeText::new(&assessment.entities),
        }
    }

    fn field(&self, name: FieldName) -> &MaskedField<'p> {
        match name {
            FieldName::Title => &self.title,
            FieldName::Text => &self.text,
        }
    }

    fn matches(&self, evidence: &[Evidence]) -> Vec<Match> {
        let one = |evidence: &Evidence| {
            let (at, quote) = self.field(evidence.field).quote(evidence.span);
            Match {
                field: evidence.field.as_str().to_owned(),
                start: at.start,
                end: at.end,
                quote,
                kind: evidence.kind.as_str().to_owned(),
            }
        };
        evidence.iter().map(one).collect()
    }
}

/// UUIDv5 of platform and native id.
///
/// A native id that holds a telephone number goes in as a keyed digest: a
/// version-5 UUID is a plain SHA-1 and would give the number back.
fn id(post: &Post, shown_id: &str, masker: &Masker) -> Uuid {
    let namespace = Uuid::new_v5(&Uuid::NAMESPACE_URL, SCHEMA_NAMESPACE.as_bytes());
    let hidden = masker.text_digest(&post.native_id).to_string();
    let native = if shown_id == post.native_id {
        &post.native_id
    } else {
        &hidden
    };
    // A platform is a short name without control characters, so the separator
    // keeps every pair apart.
    Uuid::new_v5(
        &namespace,
        format!("{}\u{1F}{native}", post.platform).as_bytes(),
    )
}

/// Never changes, so that the id of a post never does.
const SCHEMA_NAMESPACE: &str = "https://lentera.example/ns/finding";

fn source(post: &Post, masks: &Masks<'_>) -> Source {
    let url = post.url.as_deref().map(defang_url);
    let url_state = match &url {
        None => "absent",
        Some(None) => "withheld",
        Some(Some(_)) => "defanged",
    };
    let free = &masks.free;
    Source {
        platform: post.platform.clone(),
        platform_kind: post.platform_kind.as_str().to_owned(),
        native_id: free.known_phones(&post.native_id),
        url: url.flatten().map(|url| free.known_phones(&url)),
        url_state: url_state.to_owned(),
        title: post.title.as_ref().map(|_| masks.title.text()),
        author_handle: post.author.as_deref().map(account),
        place: post
            .place_hint
            .as_deref()
            .map(|place| free.any_contact(place)),
        published_at: post.published.map(|published| published.at.to_string()),
        published_precision: post
            .published
            .map_or("unknown", |published| published.precision.as_str())
            .to_owned(),
        collected_at: post.collected.map(|at| at.to_string()),
        access: "public".to_owned(),
        extra: post
            .extra
            .iter()
            .map(|(key, value)| (free.any_contact(key), free.json(value)))
            .collect(),
    }
}

fn content(
    post: &Post,
    masks: &Masks<'_>,
    languages: &[(&str, u8)],
    run: &RunFacts,
    masker: &Masker,
) -> Content {
    Content {
        text: Some(masks.text.text()),
        text_state: "masked".to_owned(),
        offset_unit: "unicode_code_points".to_owned(),
        length: masks.text.len() as u32,
        languages: languages
            .iter()
            .map(|(tag, percent)| Language {
                tag: (*tag).to_owned(),
                share: f64::from(*percent) / 100.0,
            })
            .collect(),
        digest: ContentDigest {
            algorithm: "hmac-sha256".to_owned(),
            key_id: Some(masker.key_id().to_owned()),
            value: masker.text_digest(&post.text).to_string(),
        },
        normalization: run.normalization.clone(),
    }
}
