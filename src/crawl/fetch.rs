//! One request, one answer.
//!
//! Redirects are not followed here, cookies are never kept, proxies of the
//! environment are ignored, and a body is not read before its type and length
//! have been looked at. Packed bodies are asked for, because the lines this runs
//! on are slow; `inflate` undoes them.

mod body;
mod client;
mod fault;
mod meter;

use std::net::IpAddr;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::{Client, Response};
use tokio::time::Instant;
use url::Url;

pub use meter::Used;

use super::address;
use super::fields::Fault;
use super::frontier::Visit;
use super::inflate;
use super::media;
use super::offline::Line;
use super::pace::{HostLimit, Pace, PaceRule};
use super::page::{Head, Page};
use super::settings::Settings;
use super::visit::SiteRules;
use crate::skip::{Skip, SkipReason};
use body::Bounds;
use client::Clients;
use fault::fault;
use meter::Meter;

const ACCEPTED: &str = "text/html, application/xhtml+xml, application/json, \
                        application/xml;q=0.9, text/xml;q=0.9, text/plain;q=0.8";

/// What all sources of a run share: the connection pool, the pauses of each
/// host and what its robots.txt says.
#[derive(Debug)]
pub struct Fetcher {
    clients: Clients,
    meter: Meter,
    pub(super) settings: Settings,
    pub(super) pace: Pace,
    pub(super) rules: SiteRules,
    pub(super) line: Line,
}

/// Why no request can be made at all.
#[derive(Debug, thiserror::Error)]
pub enum FetcherError {
    /// The HTTP client could not be built.
    #[error("cannot prepare for requests: {0}")]
    Client(String),
}

/// A header: its name and its value.
type Named = (String, String);

/// What kinds of answers are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// HTML, XML, JSON or plain text, by declared type and by first bytes.
    Words,
    /// robots.txt, whose declared type is often wrong.
    Robots,
}

/// What came of a request.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) page: Result<Page, Skip>,
    /// Time until the answer began; `None` when none did.
    pub(super) first_byte: Option<Duration>,
}

impl Fetcher {
    /// Prepares for requests as `settings` say. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// When the HTTP client cannot be built.
    pub fn new(settings: Settings) -> Result<Self, FetcherError> {
        let settings = settings.worked_in();
        Ok(Self {
            clients: Clients::new(&settings)?,
            meter: Meter::new(),
            pace: Pace::new(PaceRule::of(&settings)),
            settings,
            rules: SiteRules::default(),
            line: Line::default(),
        })
    }

    /// The settings it was made with.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What was used so far.
    pub fn used(&self) -> Used {
        self.meter.used()
    }

    /// What limits each host asked so far.
    pub fn limits(&self) -> Vec<HostLimit> {
        self.pace.limits()
    }

    /// Asks the host of `url` once for its robots.txt, to see whether it answers.
    ///
    /// # Errors
    ///
    /// A skip that says why no answer came.
    pub async fn robots(&self, url: &Url) -> Result<Page, Skip> {
        let url = super::robots::Robots::url_for(url);
        self.ask(&url, Wanted::Robots, None).await.page
    }

    /// The pause the host of `url` is given now.
    pub(super) fn pause(&self, url: &Url) -> Duration {
        let limit = self.pace.limit(address::host_key(url));
        limit.map_or(Duration::ZERO, |limit| limit.pause)
    }

    /// Which budget of the run is used up.
    pub(super) fn spent(&self) -> Option<String> {
        self.meter.spent(&self.settings)
    }

    /// Asks once. An answer with an error status is a page too.
    /// With what an earlier visit left, the answer may be that nothing changed.
    pub(super) async fn ask(&self, url: &Url, wanted: Wanted, before: Option<&Visit>) -> Answer {
        let mut first_byte = None;
        let limit = Duration::from_secs(self.settings.page_timeout_s);
        let page = match self.way(url) {
            Err(why) => Err(why),
            Ok(client) => {
                let asked = self.asked(url, before);
                let exchange = self.exchange(client, url, wanted, asked, &mut first_byte);
                match tokio::time::timeout(limit, exchange).await {
                    Ok(page) => page,
                    Err(_) => {
                        let why = format!("no whole answer within {} s", limit.as_secs());
                        Err((SkipReason::Timeout, why))
                    }
                }
            }
        };
        if let Ok(page) = &page {
            self.meter.page(page);
        }
        let page = page.map_err(|(reason, why)| Skip::whole(url.as_str(), reason, why));
        Answer { page, first_byte }
    }

    /// The client that may ask for `url`. Hosts of `resolve` are reached
    /// straight; all others through the proxy, where there is one.
    fn way(&self, url: &Url) -> Result<&Client, Fault> {
        let host = url.host_str().unwrap_or("");
        let own = self.settings.resolve.contains_key(host);
        let (client, checked) = match &self.clients.proxied {
            Some(proxied) if !own => (proxied, address::check_proxied(url)),
            _ => (
                &self.clients.direct,
                address::check(url, &self.settings.resolve),
            ),
        };
        checked.map_err(|error| (SkipReason::ForbiddenAddress, error.to_string()))?;
        if !self.settings.may_ask(host) {
            let why = "no `contact` in [crawl], so its operator could not find out who asks";
            return Err((SkipReason::ForbiddenAddress, why.to_owned()));
        }
        Ok(client)
    }

    /// The headers of a request, for the record, and how many of them, the last
    /// ones, ask for the page only if it changed.
    fn asked(&self, url: &Url, before: Option<&Visit>) -> (Vec<Named>, usize) {
        let mut headers = self.sent_headers(url);
        let own = headers.len();
        for (name, value) in before.into_iter().flat_map(Visit::conditions) {
            headers.push((name.to_owned(), value.to_owned()));
        }
        let conditions = headers.len() - own;
        (headers, conditions)
    }

    async fn exchange(
        &self,
        client: &Client,
        url: &Url,
        wanted: Wanted,
        (request_headers, conditions): (Vec<Named>, usize),
        first_byte: &mut Option<Duration>,
    ) -> Result<Page, Fault> {
        let fetched_at = Timestamp::now();
        let began = Instant::now();
        let mut request = client.get(url.clone());
        let own = request_headers.len() - conditions;
        for (name, value) in &request_headers[own..] {
            request = request.header(name, value);
        }
        let request = request.build().map_err(|error| fault(&error))?;
        self.meter.request();
        let response = client
            .execute(request)
            .await
            .map_err(|error| fault(&error))?;
        *first_byte = Some(began.elapsed());
        let head = Head {
            url: url.clone(),
            status: response.status().as_u16(),
            reason: response.status().canonical_reason().unwrap_or(""),
            request: request_headers,
            headers: response
                .headers()
                .iter()
                .map(|(name, value)| (name.to_string(), value.as_bytes().to_vec()))
                .collect(),
            fetched_at,
            remote: self.remote(url, &response),
        };
        self.check_head(&head, &response, wanted)?;
        let body = body::body(response, Bounds::of(&self.settings)).await?;
        head.with_body(body, self.settings.max_page_bytes)
    }

    /// Who answered; nobody knows behind a proxy.
    fn remote(&self, url: &Url, response: &Response) -> Option<IpAddr> {
        let own = url
            .host_str()
            .is_some_and(|host| self.settings.resolve.contains_key(host));
        let straight = own || self.clients.proxied.is_none();
        let address = response.remote_addr().filter(|_| straight)?;
        Some(address.ip())
    }

    /// What is refused before a byte of the body is read.
    fn check_head(&self, head: &Head, response: &Response, wanted: Wanted) -> Result<(), Fault> {
        if let Some(remote) = head.remote {
            let host = head.url.host_str().unwrap_or("");
            address::check_dialled(host, remote, &self.settings.resolve)
                .map_err(|error| (SkipReason::ForbiddenAddress, error.to_string()))?;
        }
        body::check_header(response)?;
        let content_type = head.header("content-type").unwrap_or("");
        if wanted == Wanted::Words
            && !response.status().is_redirection()
            && !media::is_text_type(content_type)
            && !media::is_packed_name(&head.url)
        {
            return Err((SkipReason::NotText, format!("served as {content_type:?}")));
        }
        Ok(())
    }

    /// The request as it goes out, for the record. The HTTP library writes it;
    /// these are the headers it is given, and the host it adds.
    fn sent_headers(&self, url: &Url) -> Vec<Named> {
        let host = match (url.host_str(), url.port()) {
            (Some(host), Some(port)) => format!("{host}:{port}"),
            (host, _) => host.unwrap_or("").to_owned(),
        };
        [
            ("user-agent", self.settings.user_agent()),
            ("accept", ACCEPTED.to_owned()),
            ("accept-encoding", inflate::ACCEPTED.to_owned()),
            ("host", host),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec()
    }
}
