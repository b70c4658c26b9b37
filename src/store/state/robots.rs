//! What hosts allow, so that the next run need not ask again.

use jiff::Timestamp;

use super::db::values;
use super::rows::time;
use super::{State, StateError};

/// The answer of a site to the request for its robots.txt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RobotsRow {
    /// Scheme, host and port.
    pub origin: String,
    /// When it was asked for.
    pub fetched_at: Timestamp,
    /// Its status code.
    pub status: u16,
    /// Its body, unpacked.
    pub body: Vec<u8>,
}

impl State {
    /// Keeps an answer in the place of the one before.
    ///
    /// # Errors
    ///
    /// When the store cannot be written.
    pub fn put_robots(&mut self, robots: &RobotsRow) -> Result<(), StateError> {
        self.atomically(|db| {
            db.execute(
                "INSERT INTO robots (origin, fetched_at, status, body) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (origin) DO UPDATE SET fetched_at = ?2, status = ?3, body = ?4",
                values![
                    &robots.origin,
                    robots.fetched_at.to_string(),
                    robots.status,
                    robots.body.as_slice()
                ],
            )
        })
        .map(drop)
    }

    /// The answer of a site that was kept last.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub fn robots(&self, origin: &str) -> Result<Option<RobotsRow>, StateError> {
        self.read(|db| {
            let row = db.row(
                "SELECT origin, fetched_at, status, body FROM robots WHERE origin = ?1",
                values![origin],
            )?;
            let Some(row) = row else { return Ok(None) };
            Ok(Some(RobotsRow {
                origin: row.get(0)?,
                fetched_at: time(&row, 1)?,
                status: row.get(2)?,
                body: row.get(3)?,
            }))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::state::kit::Kit;

    #[test]
    fn the_newest_answer_of_each_site_is_kept() {
        Kit::each(|kit| {
            let mut state = kit.open();
            let row = |fetched_at: &str, status, body: &[u8]| RobotsRow {
                origin: "https://papan.example".to_owned(),
                fetched_at: fetched_at.parse().unwrap(),
                status,
                body: body.to_vec(),
            };
            let first = row("2026-11-03T00:00:00Z", 200, b"Disallow: /\xff\0");
            state.put_robots(&first).unwrap();
            assert_eq!(state.robots("https://papan.example").unwrap(), Some(first));
            let second = row("2026-11-04T00:00:00Z", 404, b"");
            state.put_robots(&second).unwrap();
            assert_eq!(state.robots("https://papan.example").unwrap(), Some(second));
            assert_eq!(state.robots("http://papan.example").unwrap(), None);
        });
    }
}
