//! What every engine looks like from outside.

/// One hit, in bytes of the text as given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Found {
    /// Number of the pattern, in the order given.
    pub(crate) pattern: u32,
    /// Its first byte.
    pub(crate) start: u32,
    /// One past its last byte.
    pub(crate) end: u32,
}

/// A built set of patterns, shared by threads.
pub(crate) trait Engine: Send + Sync {
    /// What one thread scans with: scratch and lazily built caches.
    fn worker(&self) -> Box<dyn Worker + '_>;
}

/// One thread's use of an engine.
pub(crate) trait Worker: Send {
    /// Appends the hits of one text. All engines report spans, so that none is
    /// spared the work.
    fn scan(&mut self, text: &str, found: &mut Vec<Found>);
}

/// An engine that can be built.
#[derive(Clone, Copy)]
pub(crate) struct Kind {
    /// What tables call it.
    pub(crate) name: &'static str,
    /// Most patterns it is asked to hold: beyond, it takes minutes or gigabytes.
    pub(crate) most: usize,
    /// Whether each round begins with empty caches.
    pub(crate) cold: bool,
    /// It reads one post in so many of a round's text: the slowest would take
    /// most of the run.
    pub(crate) part: usize,
    /// Whether its spans can be compared with others'.
    pub(crate) exact: bool,
    /// Builds it, or tells why it cannot.
    pub(crate) build: Build,
}

/// Builds an engine of patterns.
pub(crate) type Build = fn(&[String]) -> Result<Box<dyn Engine>, String>;

impl Kind {
    /// A kind without limits.
    pub(crate) const fn new(name: &'static str, build: Build) -> Self {
        Self {
            name,
            most: usize::MAX,
            cold: false,
            part: 1,
            exact: true,
            build,
        }
    }
}

/// Whether a hit stands between word bounds, which peers are filtered by.
///
/// A byte beyond ASCII counts as part of a word: that spares every peer the
/// work of decoding, and a few hits with it.
#[inline]
pub(crate) fn is_bounded(text: &[u8], start: usize, end: usize) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte >= 0x80;
    (start == 0 || !is_word(text[start - 1])) && text.get(end).is_none_or(|&byte| !is_word(byte))
}
