//! Where a workspace keeps its state: in its own file, or on a server that
//! several machines share.

use std::fmt;

use serde::Deserialize;

use super::Workspace;
use crate::store::state::{Place, State, StateError};

/// `[store]`: where the state is kept.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sharing {
    /// A PostgreSQL server and database, such as
    /// `postgres://crawler@db.example/lentera`; without it, `state.db`.
    pub url: Option<String>,
    /// The password, when the address holds none. Never read from the file.
    #[serde(skip)]
    pub password: Option<String>,
}

impl fmt::Debug for Sharing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The address may hold a password.
        let url = self.url.as_ref().map(|_| "…");
        f.debug_struct("Sharing")
            .field("url", &url)
            .finish_non_exhaustive()
    }
}

impl Workspace {
    /// Where its state is kept.
    ///
    /// # Errors
    ///
    /// When the address of the server cannot be one.
    pub fn place(&self) -> Result<Place, StateError> {
        let store = &self.config.store;
        match &store.url {
            Some(url) => Place::server(url, store.password.as_deref()),
            None => Ok(Place::File(self.state())),
        }
    }

    /// Opens its state: the one way in for every command.
    ///
    /// # Errors
    ///
    /// As [`Place::open`].
    pub fn open_state(&self) -> Result<State, StateError> {
        self.place()?.open()
    }
}
