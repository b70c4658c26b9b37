//! Stores to test with: a file, and a fresh database of the PostgreSQL of this
//! machine where one lets us in.

use postgres::{Client, NoTls};
use tempfile::TempDir;

use super::{Place, State};

/// Whoever may make databases here.
const SERVER: &str = "postgres://postgres@127.0.0.1:5432";

/// An empty store; gone when dropped.
pub(crate) enum Kit {
    /// A file.
    File(TempDir),
    /// A database of this name.
    Database(String),
}

impl Kit {
    pub(crate) fn file() -> Self {
        Self::File(tempfile::tempdir().unwrap())
    }

    /// `None` where no server lets us in; the test says so.
    pub(crate) fn database() -> Option<Self> {
        static NEXT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let n = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let name = format!("lentera_test_{}_{n}", std::process::id());
        admin(&format!("CREATE DATABASE {name}")).then_some(Self::Database(name))
    }

    /// Runs a test on a file, and on a server where there is one.
    pub(crate) fn each(test: impl Fn(&Self)) {
        test(&Self::file());
        if let Some(database) = Self::database() {
            test(&database);
        }
    }

    pub(crate) fn place(&self) -> Place {
        match self {
            Self::File(dir) => Place::File(dir.path().join("state.db")),
            Self::Database(_) => Place::server(&self.url(), None).unwrap(),
        }
    }

    pub(crate) fn open(&self) -> State {
        self.place().open().unwrap()
    }

    /// The address of the database.
    pub(crate) fn url(&self) -> String {
        match self {
            Self::File(_) => unreachable!("a file has none"),
            Self::Database(name) => format!("{SERVER}/{name}"),
        }
    }

    /// A line of one's own to the database.
    pub(crate) fn client(&self) -> Client {
        Client::connect(&self.url(), NoTls).unwrap()
    }
}

impl Drop for Kit {
    fn drop(&mut self) {
        if let Self::Database(name) = self {
            admin(&format!("DROP DATABASE {name} WITH (FORCE)"));
        }
    }
}

/// Whether a server did this. Its client may not wait where tasks run.
fn admin(sql: &str) -> bool {
    let sql = sql.to_owned();
    let done = std::thread::spawn(move || {
        match Client::connect(&format!("{SERVER}/postgres?connect_timeout=2"), NoTls) {
            Ok(mut client) => {
                client.batch_execute(&sql).unwrap();
                true
            }
            Err(error) => {
                eprintln!("passed over: no PostgreSQL at 127.0.0.1:5432 ({error})");
                false
            }
        }
    });
    done.join().unwrap()
}
