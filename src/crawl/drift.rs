//! Drift: a source that no longer gives what it used to.
//!
//! A site that was rebuilt answers as before, and its selectors find nothing.
//! Without an alarm that looks like a quiet week. Pure: counts in, alarms out.

use crate::post::Post;

/// Runs looked back at.
pub const LOOK_BACK: usize = 5;
/// Fewest posts of a run in which a missing field says something.
const ENOUGH: u64 = 5;
/// Fewest posts a run usually gave for which none is an alarm.
const USUAL: u64 = 3;
/// Share of posts, in percent, that used to have a field which is now missed.
const MOST: u64 = 60;
/// Share of posts, in percent, that is too small for such a field.
const FEW: u64 = 20;

/// The fields that are counted, in the order of [`Fill::filled`].
pub const FIELDS: [&str; 5] = ["title", "text", "author", "published", "place"];

/// How full the posts of one source were in one run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fill {
    /// Posts read.
    pub posts: u64,
    /// Pages and items that were no posts although they should have been.
    pub unread: u64,
    /// Posts with each of [`FIELDS`].
    pub filled: [u64; FIELDS.len()],
}

impl Fill {
    /// Counts a post.
    pub fn add(&mut self, post: &Post) {
        self.posts += 1;
        let has = |text: Option<&str>| text.is_some_and(|text| !text.trim().is_empty());
        let is_filled = [
            has(post.title.as_deref()),
            has(Some(&post.text)),
            has(post.author.as_deref()),
            post.published.is_some(),
            has(post.place_hint.as_deref()),
        ];
        for (count, is_filled) in self.filled.iter_mut().zip(is_filled) {
            *count += u64::from(is_filled);
        }
    }
}

/// What a run saw of a source besides its posts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Pages that were answered.
    pub pages: u64,
    /// Posts that were known, and pages that were as before: nothing was to be
    /// read there.
    pub unchanged: u64,
}

/// What is wrong with a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Alarm {
    /// It gave posts, and gives none.
    NoPosts {
        /// How many it usually gives.
        usual: u64,
    },
    /// Most of what should be posts cannot be read.
    Unread {
        /// How many.
        unread: u64,
        /// How many could be read.
        posts: u64,
    },
    /// A field that most posts had is empty on most.
    FieldLost {
        /// Which one.
        field: &'static str,
        /// Percent of posts that had it.
        was: u64,
        /// Percent of posts that have it.
        is: u64,
    },
}

impl Alarm {
    /// A stable word, for records and scripts.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::NoPosts { .. } => "no_posts",
            Self::Unread { .. } => "unread",
            Self::FieldLost { .. } => "field_lost",
        }
    }
}

impl std::fmt::Display for Alarm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoPosts { usual } => {
                write!(f, "it gave no posts; it usually gives {usual}")
            }
            Self::Unread { unread, posts } => {
                write!(
                    f,
                    "{unread} pages or items could not be read, only {posts} could"
                )
            }
            Self::FieldLost { field, was, is } => {
                write!(
                    f,
                    "`{field}` is filled on {is} % of posts; it was on {was} %"
                )
            }
        }
    }
}

/// What is wrong with a source, from its earlier runs, newest first, and this
/// one.
pub fn alarms(earlier: &[Fill], now: &Fill, seen: &Seen) -> Vec<Alarm> {
    let before = || earlier.iter().take(LOOK_BACK);
    let mut alarms = Vec::new();
    let mut given: Vec<u64> = before()
        .map(|fill| fill.posts)
        .filter(|posts| *posts > 0)
        .collect();
    given.sort_unstable();
    let usual = given.get(given.len() / 2).copied().unwrap_or(0);
    // A few pages never can be read; more than ever before are news.
    let broken = before().map(|fill| fill.unread).max().unwrap_or(0);
    let is_broken = now.unread > broken && now.unread >= USUAL;
    // A site that does not answer is told of elsewhere.
    let is_read = seen.pages > 0 && (is_broken || seen.unchanged == 0);
    if now.posts == 0 && is_read && usual >= USUAL {
        alarms.push(Alarm::NoPosts { usual });
    } else if now.unread >= ENOUGH && now.unread > now.posts * 4 {
        let sum = |of: fn(&Fill) -> u64| before().map(of).sum::<u64>();
        // Some sites never give more than a few posts among many pages.
        if sum(|fill| fill.unread) <= sum(|fill| fill.posts) * 2 {
            let (unread, posts) = (now.unread, now.posts);
            alarms.push(Alarm::Unread { unread, posts });
        }
    }
    if now.posts < ENOUGH {
        return alarms;
    }
    let posts: u64 = before().map(|fill| fill.posts).sum();
    if posts < ENOUGH {
        return alarms;
    }
    for (n, field) in FIELDS.iter().enumerate() {
        let was = before().map(|fill| fill.filled[n]).sum::<u64>() * 100 / posts;
        let is = now.filled[n] * 100 / now.posts;
        if was >= MOST && is <= FEW {
            alarms.push(Alarm::FieldLost { field, was, is });
        }
    }
    alarms
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(posts: u64, unread: u64, filled: [u64; 5]) -> Fill {
        Fill {
            posts,
            unread,
            filled,
        }
    }

    const ANSWERED: Seen = Seen {
        pages: 9,
        unchanged: 0,
    };

    #[test]
    fn a_source_that_falls_silent_is_an_alarm_and_a_quiet_one_is_not() {
        let earlier = [
            fill(40, 0, [40; 5]),
            fill(38, 0, [38; 5]),
            fill(0, 0, [0; 5]),
        ];
        let none = Fill::default();
        assert_eq!(
            alarms(&earlier, &none, &ANSWERED),
            [Alarm::NoPosts { usual: 40 }]
        );
        let known = Seen {
            pages: 1,
            unchanged: 40,
        };
        assert_eq!(alarms(&earlier, &none, &known), []);
        // Its listing works, and none of the new posts can be read.
        assert_eq!(
            alarms(&earlier, &fill(0, 3, [0; 5]), &known),
            [Alarm::NoPosts { usual: 40 }]
        );
        assert_eq!(
            alarms(&earlier, &none, &Seen::default()),
            [],
            "no answer is no drift"
        );
        assert_eq!(alarms(&[], &none, &ANSWERED), []);
        assert_eq!(alarms(&[fill(2, 0, [2; 5])], &none, &ANSWERED), []);
    }

    #[test]
    fn a_field_that_is_lost_is_an_alarm() {
        let earlier = [fill(20, 0, [20, 20, 19, 2, 14])];
        let now = fill(10, 0, [10, 10, 0, 0, 2]);
        let lost = |field, was, is| Alarm::FieldLost { field, was, is };
        assert_eq!(
            alarms(&earlier, &now, &ANSWERED),
            [lost("author", 95, 0), lost("place", 70, 20)]
        );
        let few = fill(4, 0, [0; 5]);
        assert_eq!(
            alarms(&earlier, &few, &ANSWERED),
            [],
            "four posts say nothing"
        );
        assert_eq!(alarms(&earlier[..0], &now, &ANSWERED), []);
    }

    #[test]
    fn pages_that_cannot_be_read_are_an_alarm_unless_they_never_could() {
        let now = fill(1, 30, [1; 5]);
        let unread = Alarm::Unread {
            unread: 30,
            posts: 1,
        };
        assert_eq!(alarms(&[fill(20, 1, [20; 5])], &now, &ANSWERED), [unread]);
        assert_eq!(alarms(&[fill(2, 30, [2; 5])], &now, &ANSWERED), []);
    }
}
