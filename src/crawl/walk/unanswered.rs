//! Tasks that got no answer: whose fault it is, and what becomes of them.

use std::time::Duration;

use super::{Gathered, Next, Walk, host};
use crate::crawl::CrawlError;
use crate::crawl::frontier::Lease;
use crate::crawl::offline::Down;
use crate::crawl::visit::{self, Refusal};
use crate::skip::{Skip, SkipReason};

impl Walk<'_> {
    /// Deals with a task that got no answer. When that is because of the line,
    /// the task is given back, and the run waits. `unasked`: not even what the
    /// host allows could be asked.
    pub(super) async fn failed(
        &mut self,
        lease: Lease,
        skip: Skip,
        unasked: bool,
    ) -> Result<Next, CrawlError> {
        let url = lease.task.url.clone();
        let settings = &self.visitor.fetcher.settings;
        let mut down = Down::No;
        if unasked || skip.reason == SkipReason::Unreachable {
            let first = Duration::from_millis(settings.retry_wait_ms);
            let limit = Duration::from_secs(settings.offline_wait_s);
            down = self.visitor.fetcher.line.failed(host(&url), first, limit);
        }
        let pause = match down {
            Down::No | Down::Unclear if !unasked => {
                let broken = visit::is_the_hosts_fault(skip.reason);
                let mut page = Gathered::failed(lease.before.as_ref());
                page.skips.push(skip);
                self.finish(lease, page).await?;
                return Ok(self.after(broken, &url).await);
            }
            Down::No | Down::Unclear => {
                return self.unasked(lease, skip, down == Down::Unclear).await;
            }
            Down::Wait(pause) => Some(pause),
            Down::TooLong => None,
        };
        self.frontier.give_back(self.source, lease).await?;
        if let Some(pause) = pause {
            self.visitor.rest(pause).await;
            return Ok(Next::Task);
        }
        let why = "no host can be reached; the next run goes on here";
        self.skip(Skip::whole(url.as_str(), SkipReason::Offline, why))
            .await;
        self.tally.stopped = true;
        Ok(Next::Stop)
    }

    /// Deals with a task whose host cannot be asked what it allows. While it
    /// may be the line, nothing is held against the host: the run ends here for
    /// this source, and the next goes on.
    async fn unasked(
        &mut self,
        lease: Lease,
        skip: Skip,
        may_be_the_line: bool,
    ) -> Result<Next, CrawlError> {
        if may_be_the_line {
            self.frontier.give_back(self.source, lease).await?;
            let detail = format!("{}; the next run goes on here", skip.detail);
            self.skip(Skip { detail, ..skip }).await;
            self.tally.stopped = true;
            return Ok(Next::Stop);
        }
        let closed = self.visitor.close(&lease.task.url, &skip.detail).await;
        if let Err(Refusal::Stopped) = closed {
            self.frontier.give_back(self.source, lease).await?;
            self.tally.stopped = true;
            return Ok(Next::Stop);
        }
        let mut page = Gathered::failed(lease.before.as_ref());
        page.skips.push(skip);
        self.finish(lease, page).await?;
        Ok(Next::Task)
    }
}
