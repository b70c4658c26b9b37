//! Serves invented sites on loopback, and nowhere else.

use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::http::Uri;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::FixtureSite;

/// Serves one site until `shutdown` is ready.
///
/// # Errors
///
/// When the listener fails.
pub async fn serve(
    site: FixtureSite,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let site = Arc::new(site);
    let app = Router::new().fallback(move |uri: Uri| {
        let site = Arc::clone(&site);
        async move { site.answer(uri.path_and_query().map_or("/", |target| target.as_str())) }
    });
    axum::serve(listener, app)
        .with_graceful_shutdown(shutdown)
        .await
}

/// Sites being served; they end when this is dropped.
#[derive(Debug)]
pub struct Served {
    /// Where each host is reached: the `resolve` table of `[crawl]`.
    pub resolve: BTreeMap<String, SocketAddr>,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<io::Result<()>>>,
}

impl Served {
    /// Serves every site on a free loopback port of its own.
    ///
    /// # Errors
    ///
    /// When no port is to be had.
    pub async fn start(sites: Vec<FixtureSite>) -> io::Result<Self> {
        let (stop, stopped) = watch::channel(false);
        let mut resolve = BTreeMap::new();
        let mut tasks = Vec::new();
        for site in sites {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
            resolve.insert(site.host.clone(), listener.local_addr()?);
            let mut stopped = stopped.clone();
            tasks.push(tokio::spawn(serve(site, listener, async move {
                // A dropped sender ends the sites as well.
                let _ = stopped.wait_for(|stop| *stop).await;
            })));
        }
        Ok(Self {
            resolve,
            stop,
            tasks,
        })
    }

    /// Ends the sites and waits for it.
    ///
    /// # Errors
    ///
    /// When one of them failed while it was served.
    pub async fn stop(self) -> io::Result<()> {
        self.stop.send_replace(true);
        for task in self.tasks {
            task.await.map_err(io::Error::other)??;
        }
        Ok(())
    }
}
