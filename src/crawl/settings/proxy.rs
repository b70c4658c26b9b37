//! `proxy` of `[crawl]`: which ones are used, and which are refused because
//! they would tell others where one reads.

use std::fmt;

use serde::Deserialize;
use url::Url;

/// A proxy that resolves the names it is given.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Proxy {
    url: Url,
}

/// Why a proxy is not used.
#[derive(Debug, thiserror::Error)]
pub enum ProxyError {
    /// Not an address.
    #[error(
        "proxy `{0}` is not an address; write such as `socks5h://127.0.0.1:9050` or \
         `http://proxy.example:3128`"
    )]
    Address(String),
    /// It would be given addresses, so that names are asked of the network
    /// here, where they can be read.
    #[error(
        "proxy `{0}`: with this scheme the names of the sites read would be looked up in the \
         open; write `socks5h://` so that the proxy does it"
    )]
    Leaks(String),
    /// Some other scheme.
    #[error("proxy `{0}`: only `http://` and `socks5h://` are used")]
    Scheme(String),
}

impl Proxy {
    /// The address, with user name and password where it has them.
    pub(in crate::crawl) fn url(&self) -> &Url {
        &self.url
    }

    /// Its host.
    pub(in crate::crawl) fn host(&self) -> &str {
        self.url.host_str().unwrap_or("")
    }
}

impl TryFrom<String> for Proxy {
    type Error = ProxyError;

    fn try_from(written: String) -> Result<Self, ProxyError> {
        let shown = match written.rsplit_once('@') {
            Some((_, host)) => host.to_owned(),
            None => written.clone(),
        };
        let url = match Url::parse(&written) {
            Ok(url) if url.host_str().is_some_and(|host| !host.is_empty()) => url,
            _ => return Err(ProxyError::Address(shown)),
        };
        match url.scheme() {
            "http" | "socks5h" => Ok(Self { url }),
            "socks5" | "socks4" => Err(ProxyError::Leaks(shown)),
            _ => Err(ProxyError::Scheme(shown)),
        }
    }
}

/// Without user name and password.
impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.url.scheme(), self.host())?;
        match self.url.port_or_known_default() {
            Some(port) => write!(f, ":{port}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proxy({self})")
    }
}
