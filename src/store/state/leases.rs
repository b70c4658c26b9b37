//! Which machine may ask which host, on a server that several machines share.
//!
//! A lease is a value in a row, never a lock that is held while pages are
//! fetched. It is on hosts, not on addresses, so that two machines never ask
//! one host at a time: politeness is a property of the store. Times are the
//! server's own; what clocks elsewhere say does not matter. Each lease has a
//! number that only grows; whoever writes shows it in the same group, so that a
//! machine that was away while its lease was given to another one writes
//! nothing.

use std::collections::BTreeSet;
use std::time::Duration;

use super::db::{Db, Fault, values};
use super::{State, StateError};

/// What only a server has. Times are its own, in milliseconds since 1970.
pub(super) const TABLES: &str = "
CREATE FUNCTION clock_ms() RETURNS BIGINT
    LANGUAGE sql VOLATILE AS 'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint';
CREATE SEQUENCE fence;
CREATE TABLE host (
    host        TEXT COLLATE \"C\" PRIMARY KEY,
    lease_until BIGINT NOT NULL DEFAULT 0,
    delay_ms    BIGINT NOT NULL DEFAULT 0,  -- pause behind whoever asked it last
    fence       BIGINT NOT NULL DEFAULT 0,  -- number of the lease
    holder      TEXT NOT NULL DEFAULT '',   -- worker
    source      TEXT NOT NULL DEFAULT ''
) WITH (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.01);
CREATE TABLE source_end (
    source   TEXT COLLATE \"C\" PRIMARY KEY,
    ended_at BIGINT NOT NULL               -- when its newest round ended
);
";

/// A source that a machine wants to read.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'w> {
    /// The source's id.
    pub source: &'w str,
    /// Every host it may ask.
    pub hosts: &'w BTreeSet<String>,
    /// Least pause between two requests to one of them.
    pub delay: Duration,
}

/// How a machine leases.
#[derive(Clone, Debug)]
pub struct Terms {
    /// How long a lease lasts.
    pub lease: Duration,
    /// When the run began, by the server's clock; see [`State::server_ms`].
    pub since: u64,
    /// Leases of this very run before its line was cut: it kept its pauses,
    /// so it may take them up again at once.
    pub own: Vec<i64>,
}

/// Whether a source can be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leased {
    /// It is leased, by this number.
    Given(i64),
    /// Another machine reads it or asks one of its hosts, for at most so long.
    Busy(Duration),
    /// It was read to its end since the run began.
    Over,
}

impl State {
    /// Whether other machines may write here too.
    pub fn is_shared(&self) -> bool {
        matches!(self.db, Db::Server(_))
    }

    /// Has the server end this line when a group stays open for so long without
    /// a word.
    ///
    /// # Errors
    ///
    /// When the server does not answer.
    pub fn limit_silence(&mut self, most: Duration) -> Result<(), StateError> {
        let set = "SELECT set_config('idle_in_transaction_session_timeout', ?1, false)";
        self.read(|db| db.rows(set, values![format!("{}ms", ms(most))]))
            .map(drop)
    }

    /// The server's clock, in milliseconds since 1970.
    ///
    /// # Errors
    ///
    /// When the server does not answer.
    pub fn server_ms(&self) -> Result<u64, StateError> {
        self.read(|db| Ok(db.one("SELECT clock_ms()", &[])?.unwrap_or(0)))
    }

    /// Leases every host of a source at once, or none of them.
    ///
    /// # Errors
    ///
    /// When the server cannot be written.
    pub fn lease(&mut self, wanted: &Wanted<'_>, terms: &Terms) -> Result<Leased, StateError> {
        if self.read(|db| is_over(db, wanted, terms))? {
            return Ok(Leased::Over);
        }
        let busy = self.read(|db| busy(db, wanted, terms))?;
        if busy > 0 {
            return Ok(Leased::Busy(Duration::from_millis(busy)));
        }
        let worker = self.worker.clone();
        self.atomically(|db| take(db, wanted, terms, &worker))
    }

    /// Whether the lease of this number still holds for all its hosts. In a
    /// group, nobody else gets them before the group ends.
    ///
    /// # Errors
    ///
    /// When the server does not answer.
    pub fn holds_lease(
        &mut self,
        hosts: &BTreeSet<String>,
        fence: i64,
    ) -> Result<bool, StateError> {
        // Never waits: whoever has the row just now is about to take it.
        let sql = "SELECT host FROM host WHERE host = ANY(string_to_array(?1, ',')) AND fence = ?2
                   ORDER BY host FOR UPDATE SKIP LOCKED";
        let held = self.read(|db| db.rows(sql, values![joined(hosts), fence]))?;
        Ok(held.len() == hosts.len())
    }

    /// Renews leases, and notes the pauses their hosts now have. Those that
    /// still hold.
    ///
    /// # Errors
    ///
    /// When the server cannot be written.
    pub fn renew(
        &mut self,
        fences: &[i64],
        lease: Duration,
        pauses: &[(String, Duration)],
    ) -> Result<BTreeSet<i64>, StateError> {
        let fences: Vec<String> = fences.iter().map(i64::to_string).collect();
        let fences = fences.join(",");
        self.atomically(|db| {
            note_pauses(db, &fences, pauses)?;
            let held = db.rows(
                "UPDATE host SET lease_until = clock_ms() + ?2
                 WHERE fence = ANY(string_to_array(?1, ',')::bigint[]) RETURNING fence",
                values![&fences, ms(lease)],
            )?;
            held.iter().map(|row| row.get(0)).collect()
        })
    }

    /// Gives a lease back: its hosts are free when their pause is over. `ended`
    /// when the source was read to its end.
    ///
    /// # Errors
    ///
    /// When the server cannot be written.
    pub fn release(
        &mut self,
        (source, fence): (&str, i64),
        pauses: &[(String, Duration)],
        ended: bool,
    ) -> Result<(), StateError> {
        self.atomically(|db| {
            note_pauses(db, &fence.to_string(), pauses)?;
            db.execute(
                "UPDATE host SET lease_until = clock_ms() WHERE fence = ?1",
                values![fence],
            )?;
            if ended {
                db.execute(
                    "INSERT INTO source_end (source, ended_at) VALUES (?1, clock_ms())
                     ON CONFLICT (source) DO UPDATE SET ended_at = clock_ms()",
                    values![source],
                )?;
            }
            Ok(())
        })
    }

    /// Makes sure that every machine here ties equal contacts together with
    /// one key: `mark` names the key, and gives nothing of it away.
    ///
    /// # Errors
    ///
    /// [`StateError::OtherKey`]; or when the server cannot be written.
    pub fn agree_on_key(&mut self, mark: &str) -> Result<(), StateError> {
        let kept: Option<Option<String>> = self.atomically(|db| {
            db.execute(
                "UPDATE about SET key_mark = ?1 WHERE key_mark IS NULL",
                values![mark],
            )?;
            db.one("SELECT key_mark FROM about", &[])
        })?;
        if kept.flatten().as_deref() == Some(mark) {
            return Ok(());
        }
        let path = self.path.clone();
        Err(StateError::OtherKey { path })
    }
}

fn ms(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// Hosts never hold a comma.
fn joined(hosts: &BTreeSet<String>) -> String {
    let hosts: Vec<&str> = hosts.iter().map(String::as_str).collect();
    hosts.join(",")
}

fn own(terms: &Terms) -> String {
    let own: Vec<String> = terms.own.iter().map(i64::to_string).collect();
    own.join(",")
}

fn is_over(db: &Db, wanted: &Wanted<'_>, terms: &Terms) -> Result<bool, Fault> {
    let sql = "SELECT 1 FROM source_end WHERE source = ?1 AND ended_at >= ?2";
    let over = db.row(sql, values![wanted.source, terms.since])?;
    Ok(over.is_some())
}

/// Milliseconds until the last of the hosts is free, unless somebody goes on.
fn busy(db: &Db, wanted: &Wanted<'_>, terms: &Terms) -> Result<u64, Fault> {
    let left: Option<Option<i64>> = db.one(
        "SELECT max(lease_until + greatest(delay_ms, ?2) - clock_ms()) FROM host
         WHERE host = ANY(string_to_array(?1, ','))
         AND NOT fence = ANY(string_to_array(?3, ',')::bigint[])",
        values![joined(wanted.hosts), ms(wanted.delay), own(terms)],
    )?;
    Ok(left.flatten().map_or(0, |left| left.max(0).unsigned_abs()))
}

fn take(db: &Db, wanted: &Wanted<'_>, terms: &Terms, worker: &str) -> Result<Leased, Fault> {
    let hosts = joined(wanted.hosts);
    db.execute(
        "INSERT INTO host (host) SELECT unnest(string_to_array(?1, ',')) ON CONFLICT (host) DO NOTHING",
        values![&hosts],
    )?;
    let free = db.rows(
        "SELECT host FROM host WHERE host = ANY(string_to_array(?1, ','))
         AND (lease_until + greatest(delay_ms, ?2) <= clock_ms()
              OR fence = ANY(string_to_array(?3, ',')::bigint[]))
         ORDER BY host FOR UPDATE SKIP LOCKED",
        values![&hosts, ms(wanted.delay), own(terms)],
    )?;
    if free.len() < wanted.hosts.len() {
        // Somebody else was faster, and will be for a moment.
        return Ok(Leased::Busy(Duration::from_millis(100)));
    }
    // Asked again: whoever had it until now may have ended it.
    if is_over(db, wanted, terms)? {
        return Ok(Leased::Over);
    }
    let fence: i64 = db.one("SELECT nextval('fence')", &[])?.unwrap_or(0);
    db.execute(
        "UPDATE host SET lease_until = clock_ms() + ?2, delay_ms = ?3, fence = ?4, holder = ?5,
         source = ?6 WHERE host = ANY(string_to_array(?1, ','))",
        values![
            hosts,
            ms(terms.lease),
            ms(wanted.delay),
            fence,
            worker,
            wanted.source
        ],
    )?;
    Ok(Leased::Given(fence))
}

fn note_pauses(db: &Db, fences: &str, pauses: &[(String, Duration)]) -> Result<(), Fault> {
    for (host, pause) in pauses {
        db.execute(
            "UPDATE host SET delay_ms = ?3
             WHERE host = ?2 AND fence = ANY(string_to_array(?1, ',')::bigint[])",
            values![fences, host, ms(*pause)],
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::state::kit::Kit;

    fn hosts(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn wanted<'w>(source: &'w str, hosts: &'w BTreeSet<String>) -> Wanted<'w> {
        let delay = Duration::ZERO;
        Wanted {
            source,
            hosts,
            delay,
        }
    }

    fn terms(lease_ms: u64) -> Terms {
        Terms {
            lease: Duration::from_millis(lease_ms),
            since: 0,
            own: Vec::new(),
        }
    }

    fn given(leased: Leased) -> i64 {
        match leased {
            Leased::Given(fence) => fence,
            other => panic!("{other:?}"),
        }
    }

    fn worker(kit: &Kit, name: &str) -> State {
        match kit.place() {
            super::super::Place::Server(address) => State::connect_as(&address, name).unwrap(),
            super::super::Place::File(_) => unreachable!("a database"),
        }
    }

    #[test]
    fn sources_that_share_a_host_are_never_given_to_two() {
        let Some(kit) = Kit::database() else { return };
        let (mut one, mut two) = (worker(&kit, "w1"), worker(&kit, "w2"));
        let (ab, bc, c) = (hosts(&["a", "b"]), hosts(&["b", "c"]), hosts(&["c"]));
        let long = terms(60_000);
        let fence = given(one.lease(&wanted("x", &ab), &long).unwrap());
        let refused = two.lease(&wanted("y", &bc), &long).unwrap();
        assert!(matches!(refused, Leased::Busy(left) if left > Duration::from_secs(50)));
        given(two.lease(&wanted("z", &c), &long).unwrap());
        one.release(("x", fence), &[], true).unwrap();
        assert_eq!(two.lease(&wanted("x", &ab), &long).unwrap(), Leased::Over);
        let later = Terms {
            since: one.server_ms().unwrap() + 1,
            ..long
        };
        given(two.lease(&wanted("x", &ab), &later).unwrap());
    }

    #[test]
    fn the_pause_of_a_host_holds_for_whoever_comes_next() {
        let Some(kit) = Kit::database() else { return };
        let (mut one, mut two) = (worker(&kit, "w1"), worker(&kit, "w2"));
        let a = hosts(&["a"]);
        let fence = given(one.lease(&wanted("x", &a), &terms(60_000)).unwrap());
        let pauses = [("a".to_owned(), Duration::from_mins(5))];
        one.renew(&[fence], Duration::from_mins(1), &pauses)
            .unwrap();
        one.release(("x", fence), &pauses, false).unwrap();
        let refused = two.lease(&wanted("x", &a), &terms(60_000)).unwrap();
        assert!(matches!(refused, Leased::Busy(left) if left > Duration::from_secs(200)));
        // The very run that asked it last knows how long ago that was.
        let terms = Terms {
            own: vec![fence],
            ..terms(60_000)
        };
        given(one.lease(&wanted("x", &a), &terms).unwrap());
    }

    #[test]
    fn a_lease_that_ran_out_holds_until_another_has_it() {
        let Some(kit) = Kit::database() else { return };
        let (mut one, mut two) = (worker(&kit, "w1"), worker(&kit, "w2"));
        let a = hosts(&["a"]);
        let old = given(one.lease(&wanted("x", &a), &terms(0)).unwrap());
        assert!(one.holds_lease(&a, old).unwrap());
        let new = given(two.lease(&wanted("x", &a), &terms(60_000)).unwrap());
        assert!(new > old);
        assert!(!one.holds_lease(&a, old).unwrap() && two.holds_lease(&a, new).unwrap());
        let renewed = one.renew(&[old], Duration::from_mins(1), &[]).unwrap();
        assert!(renewed.is_empty());
        one.release(("x", old), &[], false).unwrap();
        assert!(two.holds_lease(&a, new).unwrap());
    }

    #[test]
    fn nobody_gets_a_host_while_a_group_that_showed_its_lease_is_open() {
        let Some(kit) = Kit::database() else { return };
        let (mut one, mut two) = (worker(&kit, "w1"), worker(&kit, "w2"));
        let a = hosts(&["a"]);
        let old = given(one.lease(&wanted("x", &a), &terms(0)).unwrap());
        one.begin().unwrap();
        assert!(one.holds_lease(&a, old).unwrap());
        let refused = two.lease(&wanted("x", &a), &terms(0)).unwrap();
        assert!(matches!(refused, Leased::Busy(_)));
        one.commit().unwrap();
        given(two.lease(&wanted("x", &a), &terms(0)).unwrap());
    }

    #[test]
    fn machines_with_another_key_are_turned_away() {
        let Some(kit) = Kit::database() else { return };
        let mut one = worker(&kit, "w1");
        one.agree_on_key("k1").unwrap();
        one.agree_on_key("k1").unwrap();
        let said = worker(&kit, "w2").agree_on_key("k2").unwrap_err();
        assert!(said.to_string().contains("keys/hmac.key"), "{said}");
    }

    #[test]
    fn a_worker_that_comes_back_ends_what_it_left_open() {
        let Some(kit) = Kit::database() else { return };
        let mut left = worker(&kit, "w1");
        left.begin().unwrap();
        left.begin_run("r1", "crawl", jiff::Timestamp::UNIX_EPOCH)
            .unwrap();
        let mut back = worker(&kit, "w1");
        back.begin_run("r1", "crawl", jiff::Timestamp::UNIX_EPOCH)
            .unwrap();
        assert!(matches!(left.commit(), Err(StateError::Lost { .. })));
    }
}
