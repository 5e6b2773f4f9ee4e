//! How far a sync has come, for whoever looks while it runs, and what it tells the server of the device.

use super::Run;
use crate::{
    device::Device,
    error::DeviceError,
    transport::exchange::Exchange,
    views::{SyncProgress, SyncReport},
};
use samspor_documents::time::UnixMillis;
use samspor_protocol::feed::{FeedRequest, Tells};
use std::sync::{MutexGuard, PoisonError, atomic::Ordering};

/// A sync under way. However it ends, dropped as well, nobody sees it any more.
pub(super) struct UnderWay<'a>(&'a Device);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        *self.0.progress() = None;
    }
}

impl Device {
    fn progress(&self) -> MutexGuard<'_, Option<SyncProgress>> {
        self.inner
            .progress
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// How far the sync under way has come.
    pub(in crate::device) fn sync_progress(&self) -> Option<SyncProgress> {
        *self.progress()
    }

    /// A sync begins, its bytes counted from nothing.
    pub(super) async fn begin_progress(
        &self,
        exchange: &Exchange,
    ) -> Result<UnderWay<'_>, DeviceError> {
        let first = !self.inner.gate.behind().was_synced().await?;
        exchange.bytes_up.store(0, Ordering::Relaxed);
        exchange.bytes_down.store(0, Ordering::Relaxed);
        *self.progress() = Some(SyncProgress {
            first,
            ..SyncProgress::default()
        });
        Ok(UnderWay(self))
    }

    /// It has come so far.
    pub(super) fn note_progress(&self, report: &SyncReport, exchange: &Exchange) {
        if let Some(progress) = self.progress().as_mut() {
            progress.sent = report.pushed;
            progress.received = report.received;
            progress.bytes_up = exchange.bytes_up.load(Ordering::Relaxed);
            progress.bytes_down = exchange.bytes_down.load(Ordering::Relaxed);
        }
    }
}

impl Run {
    /// What is asked for, with what the device says of itself. A store that cannot be read says nothing; whatever is
    /// wrong with it shows where something is kept.
    pub(super) async fn question(&self, cursor: Option<Vec<u8>>, wait_millis: u32) -> FeedRequest {
        let now = self.device.inner.options.token_clock.now();
        FeedRequest {
            cursor: cursor.map(Into::into),
            wait_millis,
            bytes_max: u32::try_from(self.page_bytes_max).unwrap_or(u32::MAX),
            tells: self.tells(now).await.ok(),
        }
    }

    async fn tells(&self, now: UnixMillis) -> Result<Tells, DeviceError> {
        let waiting = self.device.inner.gate.behind().waiting().await?;
        let age = |since: UnixMillis| u64::try_from(now.since(since)).unwrap_or(0);
        Ok(Tells {
            waiting: u32::try_from(waiting.count).unwrap_or(u32::MAX),
            oldest_millis: waiting.since.map(age),
            clock_offset_millis: self.who.exchange.offset.load(Ordering::Relaxed),
        })
    }
}
