//! One request, one answer.
//!
//! Redirects are not followed here, cookies are never kept, proxies of the
//! environment are ignored, and a body is not read before its type and length
//! have been looked at. gzip is asked for, because the lines this runs on are
//! slow; it is inflated by us and not by the HTTP library, so that evidence
//! holds the bytes as they came and a bomb cannot go off unbounded.

use std::error::Error as _;
use std::sync::{Arc, Once};
use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, HeaderMap, HeaderValue, USER_AGENT};
use reqwest::{Client, ClientBuilder, Response, redirect};
use url::Url;

use super::address::{self, Forbidden, GuardedResolver};
use super::media;
use super::pace::Pace;
use super::page::{Head, Page};
use super::settings::Settings;
use super::visit::SiteRules;
use crate::skip::{Skip, SkipReason};

const ACCEPTED: &str = "text/html, application/xhtml+xml, application/json, \
                        application/xml;q=0.9, text/xml;q=0.9, text/plain;q=0.8";

/// What all sources of a run share: the connection pool, the pauses of each
/// host and what its robots.txt says.
#[derive(Debug)]
pub struct Fetcher {
    client: Client,
    pub(super) settings: Settings,
    pub(super) pace: Pace,
    pub(super) rules: SiteRules,
}

/// Why no request can be made at all.
#[derive(Debug, thiserror::Error)]
pub enum FetcherError {
    /// The HTTP client could not be built.
    #[error("cannot prepare for requests: {0}")]
    Client(String),
}

/// What kinds of answers are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// HTML, XML, JSON or plain text, by declared type and by first bytes.
    Words,
    /// robots.txt, whose declared type is often wrong.
    Robots,
}

impl Fetcher {
    /// Prepares for requests as `settings` say. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// When the HTTP client cannot be built.
    pub fn new(settings: Settings) -> Result<Self, FetcherError> {
        install_tls();
        let mut headers = HeaderMap::new();
        let agent = HeaderValue::from_str(&settings.user_agent())
            .map_err(|error| FetcherError::Client(error.to_string()))?;
        headers.insert(USER_AGENT, agent);
        headers.insert(ACCEPT, HeaderValue::from_static(ACCEPTED));
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        let builder = || client_builder(&settings, headers.clone());
        // A machine without certificates can still read http, and the
        // demonstration; with none to trust, every https page is refused.
        let client = builder()
            .build()
            .or_else(|_| builder().tls_certs_only([]).build())
            .map_err(|error| FetcherError::Client(chain(&error)))?;
        Ok(Self {
            client,
            settings,
            pace: Pace::default(),
            rules: SiteRules::default(),
        })
    }

    /// The settings it was made with.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Asks once. An answer with an error status is a page too.
    pub(super) async fn ask(&self, url: &Url, wanted: Wanted) -> Result<Page, Skip> {
        address::check(url, &self.settings.resolve)
            .map_err(|error| Skip::whole(url.as_str(), SkipReason::ForbiddenAddress, error))?;
        let limit = Duration::from_secs(self.settings.page_timeout_s);
        let answer = tokio::time::timeout(limit, self.exchange(url, wanted)).await;
        answer
            .unwrap_or_else(|_| {
                let why = format!("no whole answer within {} s", limit.as_secs());
                Err((SkipReason::Timeout, why))
            })
            .map_err(|(reason, why)| Skip::whole(url.as_str(), reason, why))
    }

    async fn exchange(&self, url: &Url, wanted: Wanted) -> Result<Page, (SkipReason, String)> {
        let fetched_at = Timestamp::now();
        let request = self
            .client
            .get(url.clone())
            .build()
            .map_err(|error| fault(&error))?;
        let sent = self.sent_headers(url);
        let response = self
            .client
            .execute(request)
            .await
            .map_err(|error| fault(&error))?;
        let headers = response.headers().iter();
        let head = Head {
            url: url.clone(),
            status: response.status().as_u16(),
            reason: response.status().canonical_reason().unwrap_or(""),
            request: sent,
            headers: headers
                .map(|(name, value)| (name.to_string(), value.as_bytes().to_vec()))
                .collect(),
            fetched_at,
            remote: response.remote_addr().map(|address| address.ip()),
        };
        let content_type = head.header("content-type").unwrap_or("");
        if wanted == Wanted::Words
            && !response.status().is_redirection()
            && !media::is_text_type(content_type)
        {
            return Err((SkipReason::NotText, format!("served as {content_type:?}")));
        }
        let max = self.settings.max_page_bytes;
        let body = body(response, max).await?;
        head.with_body(body, max)
    }

    /// The request as it goes out, for the record. The HTTP library writes it;
    /// these are the headers it is given, and the host it adds.
    fn sent_headers(&self, url: &Url) -> Vec<(String, String)> {
        let host = match (url.host_str(), url.port()) {
            (Some(host), Some(port)) => format!("{host}:{port}"),
            (host, _) => host.unwrap_or("").to_owned(),
        };
        [
            ("user-agent", self.settings.user_agent()),
            ("accept", ACCEPTED.to_owned()),
            ("accept-encoding", "gzip".to_owned()),
            ("host", host),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec()
    }
}

fn client_builder(settings: &Settings, headers: HeaderMap) -> ClientBuilder {
    let silence = Duration::from_secs(settings.timeout_s);
    Client::builder()
        .default_headers(headers)
        .dns_resolver(GuardedResolver {
            fixed: Arc::new(settings.resolve.clone()),
        })
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .no_proxy()
        .http1_only()
        .connect_timeout(silence)
        .read_timeout(silence)
        .pool_max_idle_per_host(1)
}

/// The body up to `max` bytes; a longer one is refused, announced or not.
async fn body(mut response: Response, max: u64) -> Result<Vec<u8>, (SkipReason, String)> {
    let too_long = || (SkipReason::TooLong, format!("longer than {max} bytes"));
    if response.content_length().is_some_and(|length| length > max) {
        return Err(too_long());
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| fault(&error))? {
        if (body.len() + chunk.len()) as u64 > max {
            return Err(too_long());
        }
        // Media are given up at their first bytes, not at their last.
        if body.is_empty()
            && response.headers().get("content-encoding").is_none()
            && let Some(kind) = media::sniff(&chunk)
        {
            return Err((SkipReason::NotText, format!("begins like {kind}")));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// What went wrong on the line, in the words of a skip.
fn fault(error: &reqwest::Error) -> (SkipReason, String) {
    let mut cause = error.source();
    while let Some(inner) = cause {
        if let Some(forbidden) = inner.downcast_ref::<Forbidden>() {
            return (SkipReason::ForbiddenAddress, forbidden.to_string());
        }
        cause = inner.source();
    }
    let reason = if error.is_timeout() {
        SkipReason::Timeout
    } else {
        SkipReason::Connection
    };
    (reason, chain(error))
}

/// An error with its causes. The address is left out: the skip names it.
fn chain(error: &reqwest::Error) -> String {
    let mut causes = Vec::new();
    let mut cause = error.source();
    while let Some(inner) = cause {
        causes.push(inner.to_string());
        cause = inner.source();
    }
    causes.dedup();
    if causes.is_empty() {
        return error.to_string();
    }
    causes.join(": ")
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
