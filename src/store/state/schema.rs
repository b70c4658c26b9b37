//! Tables of the state and their version.
//!
//! Columns are words and RFC 3339 times, so that a file reads well in any
//! SQLite tool. They are written for SQLite; `db::dialect` puts them into
//! PostgreSQL's words. A version is never changed once released: it gets a
//! successor, for both.

use rusqlite::Connection;

use super::db::postgres::Server;
use super::db::{Db, Fault, Value, dialect, values};

/// What each version adds to the one before.
const STEPS: [&str; 5] = [FIRST, SECOND, super::fills::TABLE, FOURTH, FIFTH];

/// The newest version this program knows: in `user_version` of a file, in the
/// table `about` on a server.
pub(super) const VERSION: i64 = 5;
const _: () = assert!(STEPS.len() == 5, "a version is a step");

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

/// Version 5: machines that share a server each have runs and evidence of
/// their own. The worker of a file has no name.
const FIFTH: &str = "
ALTER TABLE run ADD COLUMN worker TEXT NOT NULL DEFAULT '';
CREATE TABLE evidence_end (   -- how far a run that goes on refers to evidence
    worker TEXT PRIMARY KEY,
    file   TEXT NOT NULL,
    length INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO evidence_end (worker, file, length) SELECT '', file, length FROM evidence_mark;
DROP TABLE evidence_mark;
";

/// What only a server has: whose it is, and a word SQLite has and it has not.
const ABOUT: &str = "
CREATE SCHEMA IF NOT EXISTS lentera;
CREATE TABLE about (program TEXT NOT NULL, version BIGINT NOT NULL, key_mark TEXT);
INSERT INTO about VALUES ('lentera', 0, NULL);
CREATE FUNCTION instr(whole TEXT, part TEXT) RETURNS INTEGER
    LANGUAGE sql IMMUTABLE AS 'SELECT strpos($1, $2)';
";

/// Keeps two machines from making the tables at once: `lent`.
const MAKING: i64 = 0x6c65_6e74;

/// Whose file or schema it is.
pub(super) enum Version {
    /// Ours, of this version; 0 is empty.
    Ours(i64),
    Foreign,
}

/// Reads the version without changing anything.
pub(super) fn version(db: &Db) -> Result<Version, Fault> {
    match db {
        Db::File(file) => Ok(file_version(&file.connection)?),
        Db::Server(_) => server_version(db),
    }
}

fn file_version(connection: &Connection) -> rusqlite::Result<Version> {
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

fn server_version(db: &Db) -> Result<Version, Fault> {
    let tables = "SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname = 'lentera'";
    if db.one(tables, &[])? == Some(0_i64) {
        return Ok(Version::Ours(0));
    }
    let about = "SELECT count(*) FROM pg_catalog.pg_tables
                 WHERE schemaname = 'lentera' AND tablename = 'about'";
    if db.one(about, &[])? == Some(0_i64) {
        return Ok(Version::Foreign);
    }
    let row = db.row("SELECT program, version FROM lentera.about", &[])?;
    Ok(match row {
        Some(row) if row.text(0)? == "lentera" => Version::Ours(row.get(1)?),
        _ => Version::Foreign,
    })
}

/// Brings the tables to [`VERSION`] and sets how they are written.
pub(super) fn upgrade(db: &Db) -> Result<(), Fault> {
    match db {
        Db::File(file) => upgrade_file(&file.connection).map_err(Fault::from),
        Db::Server(server) => upgrade_server(db, server),
    }
}

fn upgrade_file(connection: &Connection) -> rusqlite::Result<()> {
    // The answer is the mode now set; on a disk without shared memory it stays
    // the old one, which is as safe.
    connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    connection.execute_batch("PRAGMA synchronous = FULL; BEGIN IMMEDIATE")?;
    let steps = || {
        // Read again: another process may have been faster.
        let Version::Ours(found @ ..VERSION) = file_version(connection)? else {
            return Ok(());
        };
        for step in missing(found) {
            connection.execute_batch(step)?;
        }
        connection.pragma_update(None, "application_id", APPLICATION)?;
        connection.pragma_update(None, "user_version", VERSION)
    };
    match steps() {
        Ok(()) => connection.execute_batch("COMMIT"),
        Err(error) => {
            // The error before is the one to tell.
            let _ = connection.execute_batch("ROLLBACK");
            Err(error)
        }
    }
}

fn upgrade_server(db: &Db, server: &Server) -> Result<(), Fault> {
    if let Version::Ours(VERSION) = server_version(db)? {
        return Ok(());
    }
    db.begin()?;
    // Until the end of the group; whoever comes second finds it done.
    db.rows("SELECT pg_advisory_xact_lock(?1)::text", values![MAKING])?;
    if let Version::Ours(found @ ..VERSION) = server_version(db)? {
        if found < 1 {
            server.batch(ABOUT)?;
            server.batch(super::leases::TABLES)?;
        }
        for step in missing(found) {
            server.batch(&dialect::tables(step))?;
        }
        db.execute("UPDATE about SET version = ?1", &[Value::Int(VERSION)])?;
    }
    db.commit()
}

/// What a file or schema of this version lacks, in order.
fn missing(found: i64) -> impl Iterator<Item = &'static str> {
    STEPS.into_iter().skip(usize::try_from(found).unwrap_or(0))
}
