//! Tables of `state.db` and their version.
//!
//! Columns are words and RFC 3339 times, so that the file reads well in any
//! SQLite tool. A version is never changed once released: it gets a successor.

use rusqlite::Connection;

/// The newest version this program knows, kept in `user_version`.
pub(super) const VERSION: i64 = 4;

/// `Lent`: marks the file as ours.
const APPLICATION: i64 = 0x4c65_6e74;

/// Version 1: posts, findings, runs.
pub(super) const FIRST: &str = "
CREATE TABLE post (
    platform   TEXT NOT NULL,
    native_id  TEXT NOT NULL,
    content    BLOB NOT NULL,   -- SHA-256 of what a reader sees
    ruleset    BLOB NOT NULL,   -- SHA-256 of the rules that judged it last
    first_seen TEXT NOT NULL,
    last_seen  TEXT NOT NULL,
    revision   INTEGER NOT NULL,
    PRIMARY KEY (platform, native_id)
) WITHOUT ROWID;
CREATE TABLE finding (
    id         TEXT NOT NULL,
    revision   INTEGER NOT NULL,
    standing   TEXT NOT NULL CHECK (standing IN ('current', 'superseded', 'cleared')),
    platform   TEXT NOT NULL,
    native_id  TEXT NOT NULL,
    level      TEXT NOT NULL,
    route      TEXT NOT NULL,
    points     INTEGER NOT NULL,
    gates      TEXT NOT NULL,   -- ids, separated by commas
    scanned_at TEXT NOT NULL,
    run_id     TEXT NOT NULL,
    json       TEXT NOT NULL,
    PRIMARY KEY (id, revision)
) WITHOUT ROWID;
CREATE INDEX finding_of_post ON finding (platform, native_id);
CREATE INDEX finding_standing ON finding (standing, route, level);
CREATE TABLE run (
    id            TEXT PRIMARY KEY,
    command       TEXT NOT NULL,
    started_at    TEXT NOT NULL,
    ended_at      TEXT,
    posts         INTEGER,
    new           INTEGER,
    changed       INTEGER,
    rules_changed INTEGER,
    unchanged     INTEGER,
    findings      INTEGER,
    skips         INTEGER
) WITHOUT ROWID;
";

/// Version 2: what is still to be fetched, and how far evidence is safe.
const SECOND: &str = "
ALTER TABLE post ADD COLUMN round INTEGER;  -- round of its source that met it last
CREATE TABLE round (              -- the newest way through each source
    source     TEXT PRIMARY KEY,
    number     INTEGER NOT NULL,
    began_at   TEXT NOT NULL,
    ended_at   TEXT,              -- empty: the next run goes on with it
    ruleset    BLOB NOT NULL,     -- SHA-256 of the rules of reading and judging
    last_turn  INTEGER NOT NULL,  -- last place given in the queue
    waiting    INTEGER NOT NULL,  -- addresses in the queue
    pages      INTEGER NOT NULL,  -- answers received in this round
    bytes      INTEGER NOT NULL   -- body bytes received in this round
) WITHOUT ROWID;
CREATE TABLE address (
    id              INTEGER PRIMARY KEY,
    source          TEXT NOT NULL,
    url             TEXT NOT NULL,
    kind            TEXT NOT NULL CHECK (kind IN ('detail', 'listing')),
    round           INTEGER NOT NULL,            -- round that met it last
    turn            INTEGER,                     -- place in the queue; empty: not waiting
    barren          INTEGER NOT NULL DEFAULT 0,  -- listings before it that brought nothing new
    visits          INTEGER NOT NULL DEFAULT 0,
    visited_at      TEXT,
    outcome         TEXT CHECK (outcome IN ('read', 'unchanged', 'repeated', 'failed', 'gone')),
    due             TEXT,                        -- when to look again, to the second
    again_after_s   INTEGER,
    etag            TEXT,
    last_modified   TEXT,
    content         BLOB,                        -- SHA-256 of what was read there
    next            TEXT,                        -- next page of the chain
    evidence        TEXT,                        -- WARC file of the last whole capture
    evidence_offset INTEGER,
    record_id       TEXT,
    payload         BLOB,                        -- SHA-256 of the body as kept
    captured_at     TEXT
);
CREATE UNIQUE INDEX address_url ON address (source, url);
CREATE INDEX address_waiting ON address (source, round DESC, kind, turn) WHERE turn IS NOT NULL;
CREATE INDEX address_due ON address (source, due)
    WHERE due IS NOT NULL AND turn IS NULL AND kind = 'detail';
CREATE TABLE evidence_mark (      -- how far a run that goes on refers to evidence
    one    INTEGER PRIMARY KEY CHECK (one = 1),
    file   TEXT NOT NULL,
    length INTEGER NOT NULL
);
";

/// Version 4: what a run tells about itself, what hosts allow, and how far a
/// source that counts its posts was read.
const FOURTH: &str = "
ALTER TABLE run ADD COLUMN summary TEXT;  -- JSON
CREATE TABLE robots (
    origin     TEXT PRIMARY KEY,  -- scheme, host and port
    fetched_at TEXT NOT NULL,
    status     INTEGER NOT NULL,  -- HTTP status it was answered with
    body       BLOB NOT NULL      -- as read, at most 500 KiB
) WITHOUT ROWID;
CREATE TABLE bookmark (
    source TEXT PRIMARY KEY,
    since  TEXT NOT NULL,         -- the newest id that was read
    at     TEXT NOT NULL
) WITHOUT ROWID;
";

/// Whose file it is.
pub(super) enum Version {
    /// Ours, of this version; 0 is an empty file.
    Ours(i64),
    Foreign,
}

/// Reads the version without changing anything.
pub(super) fn version(connection: &Connection) -> rusqlite::Result<Version> {
    let pragma = |name: &str| {
        connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0))
    };
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let (application, version) = (pragma("application_id")?, pragma("user_version")?);
    Ok(match (application, tables) {
        (APPLICATION, _) => Version::Ours(version),
        (0, 0) => Version::Ours(0),
        _ => Version::Foreign,
    })
}

/// Brings the file to [`VERSION`] and sets how it is written.
pub(super) fn upgrade(connection: &mut Connection) -> rusqlite::Result<()> {
    // The answer is the mode now set; on a disk without shared memory it stays
    // the old one, which is as safe.
    connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    connection.execute_batch("PRAGMA synchronous = FULL")?;
    let group = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    // Read again: another process may have been faster.
    if let Version::Ours(found @ ..VERSION) = version(&group)? {
        if found < 1 {
            group.execute_batch(FIRST)?;
            group.pragma_update(None, "application_id", APPLICATION)?;
        }
        if found < 2 {
            group.execute_batch(SECOND)?;
        }
        if found < 3 {
            // What each source gave in each run.
            group.execute_batch(super::fills::TABLE)?;
        }
        group.execute_batch(FOURTH)?;
        group.pragma_update(None, "user_version", VERSION)?;
    }
    group.commit()
}
