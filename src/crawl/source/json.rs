//! `[source.json]`: where the fields of a JSON answer stand.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{self, Deserializer, SeqAccess, Visitor};

use super::SourceError;
use super::paging::Template;

/// Field paths of a JSON API.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Written")]
pub struct JsonFields {
    /// How a page of posts is read; with `detail`, a page of topics.
    pub items: JsonItems,
    /// What leads to the next page.
    pub paging: JsonPaging,
    /// The answers about single items.
    pub detail: Option<JsonDetail>,
}

/// The answer about one item of a listing, such as all that was said in one
/// talk.
#[derive(Clone, Debug)]
pub struct JsonDetail {
    /// Its address.
    pub address: Paths,
    /// How its posts are read.
    pub items: JsonItems,
    /// The query parameter that counts its pages, and how many posts a full
    /// page has.
    pub pages: Option<(String, usize)>,
}

/// Where the posts of an answer stand, and the fields of each.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JsonItems {
    /// The array of posts; empty when the answer itself is the array, or the
    /// one post.
    #[serde(default)]
    pub items: String,
    /// The post's own id, text or number.
    pub id: Paths,
    /// Headline.
    pub title: Option<Paths>,
    /// Body.
    pub text: Paths,
    /// Account that published it.
    pub author: Option<Paths>,
    /// When it was published.
    pub published: Option<Paths>,
    /// Place named beside the text.
    pub place: Option<Paths>,
    /// The post's public address.
    pub link: Option<Paths>,
    /// Whether the body is HTML.
    #[serde(default)]
    pub text_is_html: bool,
    /// Anything else worth keeping beside the post, by name; not weighed.
    #[serde(default)]
    pub extra: BTreeMap<String, Paths>,
}

/// What leads from one page of an API to the next.
#[derive(Clone, Debug, Default)]
pub enum JsonPaging {
    /// Nothing: the start addresses are all there is.
    #[default]
    None,
    /// The next address stands in the answer.
    Next(Paths),
    /// The next address stands in the `Link` header (RFC 8288).
    LinkHeader,
    /// A page number, counted up until a page has no items.
    Page {
        /// Name of the query parameter.
        param: String,
        /// Number of the page that does not name one.
        first: u64,
    },
    /// How many items to pass over: counted up by the items of each page.
    Offset {
        /// Name of the query parameter.
        param: String,
    },
    /// A mark in the answer that the next address carries.
    Cursor {
        /// Where the mark stands.
        path: Paths,
        /// Name of the query parameter.
        param: String,
    },
    /// The id of the last item, for `max_id` and `since_id`.
    LastId {
        /// Name of the query parameter.
        param: String,
    },
}

/// Where a value stands: keys joined by dots, such as
/// `attributes.author.handle`; a number picks from an array, `$.` begins at the
/// whole answer, and `/t/{id}` fills in values of others. Of several paths the
/// first one that leads to words counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paths(pub Vec<String>);

impl fmt::Display for Paths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("` or `"))
    }
}

impl<'de> Deserialize<'de> for Paths {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMore;
        impl<'de> Visitor<'de> for OneOrMore {
            type Value = Paths;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a path such as `author.name`, or a list of such")
            }

            fn visit_str<E: de::Error>(self, path: &str) -> Result<Paths, E> {
                Ok(Paths(vec![path.to_owned()]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Paths, A::Error> {
                let mut paths = Vec::new();
                while let Some(path) = list.next_element()? {
                    paths.push(path);
                }
                if paths.is_empty() {
                    return Err(de::Error::custom("a list of paths needs at least one"));
                }
                Ok(Paths(paths))
            }
        }
        deserializer.deserialize_any(OneOrMore)
    }
}

/// `[source.json]` as it stands in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    items: String,
    next: Option<Paths>,
    page_param: Option<String>,
    first_page: Option<u64>,
    offset_param: Option<String>,
    cursor: Option<Paths>,
    cursor_param: Option<String>,
    last_id_param: Option<String>,
    detail: Option<Paths>,
    detail_page_param: Option<String>,
    detail_page_size: Option<usize>,
    post: Option<JsonItems>,
    id: Option<Paths>,
    title: Option<Paths>,
    text: Option<Paths>,
    author: Option<Paths>,
    published: Option<Paths>,
    place: Option<Paths>,
    link: Option<Paths>,
    #[serde(default)]
    text_is_html: bool,
    #[serde(default)]
    extra: BTreeMap<String, Paths>,
}

/// The next address in the `Link` header, as `next` is written.
pub(super) const LINK_HEADER: &str = "header:link";

impl TryFrom<Written> for JsonFields {
    type Error = SourceError;

    fn try_from(mut written: Written) -> Result<Self, SourceError> {
        let paging = paging(&mut written)?;
        let missing = |key| SourceError::Json(format!("needs `{key}`"));
        let pages = match (written.detail_page_param, written.detail_page_size) {
            (None, None) => None,
            (Some(param), Some(size)) if written.detail.is_some() => Some((param, size)),
            _ => {
                let problem =
                    "takes `detail_page_param` and `detail_page_size` together, beside `detail`";
                return Err(SourceError::Json(problem.to_owned()));
            }
        };
        let detail = match (written.detail, written.post) {
            (None, None) => None,
            (Some(address), Some(items)) => Some(JsonDetail {
                address,
                items,
                pages,
            }),
            _ => {
                let problem = "takes `detail` and the table [source.json.post] together";
                return Err(SourceError::Json(problem.to_owned()));
            }
        };
        // Topics need no fields: their posts have them.
        let spare = detail.as_ref().map(|_| Paths::default());
        let id = written.id.or(spare.clone()).ok_or_else(|| missing("id"))?;
        let text = written.text.or(spare).ok_or_else(|| missing("text"))?;
        Ok(Self {
            items: JsonItems {
                items: written.items,
                id,
                title: written.title,
                text,
                author: written.author,
                published: written.published,
                place: written.place,
                link: written.link,
                text_is_html: written.text_is_html,
                extra: written.extra,
            },
            paging,
            detail,
        })
    }
}

fn paging(written: &mut Written) -> Result<JsonPaging, SourceError> {
    let refuse = |problem: &str| Err(SourceError::Json(problem.to_owned()));
    let mut ways = Vec::new();
    if let Some(path) = written.next.take() {
        ways.push(if path.0 == [LINK_HEADER] {
            JsonPaging::LinkHeader
        } else {
            JsonPaging::Next(path)
        });
    }
    let first = written.first_page.take();
    if let Some(param) = written.page_param.take() {
        let first = first.unwrap_or(1);
        ways.push(JsonPaging::Page { param, first });
    } else if first.is_some() {
        return refuse("takes `first_page` only with `page_param`");
    }
    if let Some(param) = written.offset_param.take() {
        ways.push(JsonPaging::Offset { param });
    }
    match (written.cursor.take(), written.cursor_param.take()) {
        (None, None) => {}
        (Some(path), Some(param)) => ways.push(JsonPaging::Cursor { path, param }),
        _ => return refuse("takes `cursor` and `cursor_param` together"),
    }
    if let Some(param) = written.last_id_param.take() {
        ways.push(JsonPaging::LastId { param });
    }
    match ways.len() {
        0 => Ok(JsonPaging::None),
        1 => Ok(ways.remove(0)),
        _ => refuse(
            "takes one way to the next page, not both or more: `next`, `page_param`, `offset_param`, `cursor` or `last_id_param`",
        ),
    }
}

/// Refuses an address template that cannot be one.
pub(super) fn template(written: &str) -> Result<Template, SourceError> {
    Template::parse(written, &["{page}", "{cursor}"])
}
