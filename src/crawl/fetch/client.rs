//! The two ways out: straight to the hosts, or through the proxy.

use std::sync::{Arc, Once};
use std::time::Duration;

use reqwest::header::{ACCEPT, ACCEPT_ENCODING, HeaderMap, HeaderValue, USER_AGENT};
use reqwest::{Certificate, Client, ClientBuilder, redirect};

use super::{ACCEPTED, FetcherError, fault};
use crate::crawl::address::{GuardedResolver, ProxyResolver};
use crate::crawl::inflate;
use crate::crawl::settings::{Proxy, Settings};

/// Most header lines of an answer.
const MAX_HEADERS: usize = 200;

/// The clients of a run. With a proxy, only the hosts of `resolve` are
/// reached without it.
#[derive(Debug)]
pub(super) struct Clients {
    pub(super) direct: Client,
    pub(super) proxied: Option<Client>,
}

impl Clients {
    pub(super) fn new(settings: &Settings) -> Result<Self, FetcherError> {
        install_tls();
        let headers = headers(settings)?;
        let direct = || {
            builder(settings, headers.clone()).dns_resolver(GuardedResolver {
                fixed: Arc::new(settings.resolve.clone()),
            })
        };
        let proxied = match &settings.proxy {
            Some(proxy) => Some(finished(|| through(settings, &headers, proxy))?),
            None => None,
        };
        Ok(Self {
            direct: finished(|| Ok(direct()))?,
            proxied,
        })
    }
}

fn headers(settings: &Settings) -> Result<HeaderMap, FetcherError> {
    let mut headers = HeaderMap::new();
    let agent = HeaderValue::from_str(&settings.user_agent())
        .map_err(|error| FetcherError::Client(error.to_string()))?;
    headers.insert(USER_AGENT, agent);
    headers.insert(ACCEPT, HeaderValue::from_static(ACCEPTED));
    let encodings = HeaderValue::from_static(inflate::ACCEPTED);
    headers.insert(ACCEPT_ENCODING, encodings);
    Ok(headers)
}

/// Builds a client. A machine without certificates can still read http, and
/// the demonstration; with none to trust, every https page is refused.
fn finished(
    builder: impl Fn() -> Result<ClientBuilder, FetcherError>,
) -> Result<Client, FetcherError> {
    let built = match builder()?.build() {
        Ok(client) => Ok(client),
        Err(_) => builder()?.tls_certs_only([]).build(),
    };
    built.map_err(|error| FetcherError::Client(fault::chain(&error)))
}

fn through(
    settings: &Settings,
    headers: &HeaderMap,
    proxy: &Proxy,
) -> Result<ClientBuilder, FetcherError> {
    let way = reqwest::Proxy::all(proxy.url().as_str())
        .map_err(|error| FetcherError::Client(format!("proxy `{proxy}`: {error}")))?;
    Ok(builder(settings, headers.clone())
        .dns_resolver(ProxyResolver {
            host: proxy.host().into(),
        })
        .proxy(way))
}

/// What both have in common: the environment names no proxy, redirects are not
/// followed, nothing is tried twice unseen.
fn builder(settings: &Settings, headers: HeaderMap) -> ClientBuilder {
    let builder = Client::builder()
        .default_headers(headers)
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .no_proxy()
        .http1_only()
        .http1_max_headers(MAX_HEADERS)
        .connect_timeout(Duration::from_secs(settings.connect_timeout_s))
        .read_timeout(Duration::from_secs(settings.timeout_s))
        .pool_max_idle_per_host(1);
    if settings.trusted.is_empty() {
        return builder;
    }
    let certificates = settings.trusted.iter();
    builder.tls_certs_merge(certificates.filter_map(|der| Certificate::from_der(der).ok()))
}

/// Makes ring the TLS library of this process, once; a host program that
/// already chose one keeps it.
fn install_tls() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Fails only when one is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}
