//! Where the state is kept: a file of this machine, or a server that several
//! machines share.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use postgres::config::{Host, SslMode};
use postgres::{Client, Config, NoTls};
use rustls::ClientConfig;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls_platform_verifier::BuilderVerifierExt as _;
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{State, StateError};

/// Longest time to reach a server.
const REACH: Duration = Duration::from_secs(10);
/// A line that was cut is found out after about so long.
const SILENCE: Duration = Duration::from_secs(10);

/// Where the state is kept.
#[derive(Clone, Debug)]
pub enum Place {
    /// In this file.
    File(PathBuf),
    /// On this server.
    Server(Address),
}

/// A PostgreSQL server and a database on it. It prints without a password.
#[derive(Clone)]
pub struct Address {
    config: Box<Config>,
    /// Certificates to trust instead of the system's.
    roots: Option<PathBuf>,
    name: String,
}

impl Place {
    /// The server of an address such as `postgres://crawler@db.example/lentera`.
    ///
    /// The line is encrypted and the server's certificate checked, unless the
    /// server is this machine or the address says `sslmode=disable`.
    /// `sslrootcert=FILE` names certificates to trust instead of the system's.
    /// `password` is taken when the address holds none.
    ///
    /// # Errors
    ///
    /// [`StateError::Address`]; it never repeats the address.
    pub fn server(url: &str, password: Option<&str>) -> Result<Self, StateError> {
        Address::parse(url, password).map(Self::Server)
    }

    /// Opens the state there.
    ///
    /// # Errors
    ///
    /// As [`State::open`] and [`State::connect`].
    pub fn open(&self) -> Result<State, StateError> {
        match self {
            Self::File(path) => State::open(path),
            Self::Server(address) => State::connect(address),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Server(address) => address.name.fmt(f),
        }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Address").field(&self.name).finish()
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.name.fmt(f)
    }
}

impl Address {
    fn parse(url: &str, password: Option<&str>) -> Result<Self, StateError> {
        let wrong = |detail: String| StateError::Address { detail };
        if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            return Err(wrong("it does not begin with postgres://".to_owned()));
        }
        let (front, query) = url.split_once('?').unwrap_or((url, ""));
        let (mut mode, mut roots, mut rest) = (None, None, Vec::new());
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=') {
                Some(("sslmode", word)) => mode = Some(word),
                Some(("sslrootcert", file)) => {
                    roots = Some(PathBuf::from(file.replace("%2F", "/")));
                }
                _ => rest.push(pair),
            }
        }
        if let Some(file) = &roots
            && certificates(file).is_empty()
        {
            let file = file.display();
            return Err(wrong(format!(
                "sslrootcert: `{file}` holds no certificate that can be read"
            )));
        }
        let mut config: Config = format!("{front}?{}", rest.join("&"))
            .parse()
            .map_err(|_| wrong("it cannot be read".to_owned()))?;
        config.ssl_mode(match mode {
            Some("disable") => SslMode::Disable,
            // "If you can" is as much as nothing to somebody on the line.
            Some("require" | "verify-ca" | "verify-full") => SslMode::Require,
            None if is_this_machine(&config) && roots.is_none() => SslMode::Disable,
            None => SslMode::Require,
            Some(_) => {
                let why = "sslmode can be disable, require, verify-ca or verify-full";
                return Err(wrong(why.to_owned()));
            }
        });
        if config.get_hosts().is_empty() {
            return Err(wrong("it names no host".to_owned()));
        }
        if config.get_password().is_none()
            && let Some(password) = password
        {
            config.password(password);
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(REACH);
        }
        config
            .tcp_user_timeout(SILENCE)
            .keepalives_idle(SILENCE / 2)
            .keepalives_interval(Duration::from_secs(2))
            .keepalives_retries(3)
            .application_name("lentera");
        let name = name(&config);
        Ok(Self {
            config: Box::new(config),
            roots,
            name,
        })
    }

    /// The same, under another name for the server's own lists.
    pub(super) fn called(&self, name: &str) -> Self {
        let mut other = self.clone();
        other.config.application_name(name);
        other
    }

    /// Opens a line.
    pub(super) fn connect(&self) -> Result<Client, postgres::Error> {
        if self.config.get_ssl_mode() == SslMode::Disable {
            return self.config.connect(NoTls);
        }
        self.config.connect(MakeRustlsConnect::new(self.tls()))
    }

    /// What is trusted. Without anything to trust no certificate holds.
    fn tls(&self) -> ClientConfig {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("ring knows the versions rustls asks for");
        let roots = match &self.roots {
            Some(file) => certificates(file),
            None => match builder.clone().with_platform_verifier() {
                Ok(builder) => return builder.with_no_client_auth(),
                Err(_) => rustls::RootCertStore::empty(),
            },
        };
        builder.with_root_certificates(roots).with_no_client_auth()
    }
}

fn certificates(file: &Path) -> rustls::RootCertStore {
    let mut roots = rustls::RootCertStore::empty();
    let found = CertificateDer::pem_file_iter(file).into_iter().flatten();
    roots.add_parsable_certificates(found.filter_map(Result::ok));
    roots
}

fn is_this_machine(config: &Config) -> bool {
    config.get_hosts().iter().all(|host| match host {
        Host::Tcp(host) => {
            let address: Option<std::net::IpAddr> = host.parse().ok();
            host == "localhost" || address.is_some_and(|address| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    })
}

/// Where it is, for people.
fn name(config: &Config) -> String {
    let hosts: Vec<String> = config
        .get_hosts()
        .iter()
        .map(|host| match host {
            Host::Tcp(host) => host.clone(),
            #[cfg(unix)]
            Host::Unix(path) => path.display().to_string(),
        })
        .collect();
    let port = config.get_ports().first().unwrap_or(&5432);
    let database = config.get_dbname().or(config.get_user()).unwrap_or("?");
    format!("postgres://{}:{port}/{database}", hosts.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(url: &str) -> Address {
        Address::parse(url, Some("rahasia-2")).unwrap()
    }

    #[test]
    fn a_line_is_never_weaker_than_asked() {
        let mode = |url| address(url).config.get_ssl_mode();
        for bare in [
            "postgres://a@127.0.0.1/b",
            "postgres://a@localhost/b",
            "postgresql://a@db.example/b?sslmode=disable",
        ] {
            assert_eq!(mode(bare), SslMode::Disable, "{bare}");
        }
        for checked in [
            "postgres://a@db.example/b",
            "postgres://a@127.0.0.1,db.example/b",
            "postgres://a@127.0.0.1/b?sslmode=require",
            "postgres://a@127.0.0.1/b?sslmode=verify-full&connect_timeout=3",
        ] {
            assert_eq!(mode(checked), SslMode::Require, "{checked}");
        }
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("ca.pem");
        let own = rcgen::generate_simple_self_signed(["db.example".to_owned()]).unwrap();
        std::fs::write(&file, own.cert.pem()).unwrap();
        let file = file.display().to_string().replace('/', "%2F");
        let trusting = format!("postgres://a@127.0.0.1/b?sslrootcert={file}");
        assert_eq!(mode(&trusting), SslMode::Require);
    }

    #[test]
    fn certificates_that_are_not_there_are_named_before_anybody_is_asked() {
        let url = "postgres://a@db.example/b?sslrootcert=/no/such/ca.pem";
        let said = Address::parse(url, None).unwrap_err().to_string();
        assert!(
            said.contains("`/no/such/ca.pem` holds no certificate"),
            "{said}"
        );
    }

    #[test]
    fn a_password_is_never_told() {
        let one = address("postgres://a:rahasia-1@db.example:5433/b");
        let told = format!("{one} {one:?} {:?}", Place::Server(one.clone()));
        assert!(!told.contains("rahasia"), "{told}");
        assert_eq!(one.to_string(), "postgres://db.example:5433/b");
        assert_eq!(one.config.get_password(), Some(b"rahasia-1".as_slice()));
        let other = address("postgres://a@db.example/b");
        assert_eq!(other.config.get_password(), Some(b"rahasia-2".as_slice()));
    }

    #[test]
    fn what_is_no_address_is_refused_without_repeating_it() {
        for bad in [
            "mysql://a:rahasia@db.example/b",
            "postgres://",
            "postgres://a:rahasia@db.example:x/b",
            "postgres://a:rahasia@db.example/b?sslmode=prefer",
            "postgres://a:rahasia@db.example/b?unknown=1",
        ] {
            let said = Address::parse(bad, None).unwrap_err().to_string();
            assert!(said.contains("postgres://USER@HOST/DATABASE"), "{said}");
            assert!(!said.contains("rahasia"), "{said}");
        }
    }
}
