//! Feed: finite pages of what a device may see and does not have yet.
//!
//! In steps: `cursor` (how far the device has come), `plan` (what is to be told, without I/O), `select` (which
//! items fit), `content` (what they hold), `page` (all of it from one snapshot of the database). Here stand
//! the wait until there is something to tell, and the frame.
//!
//! Nothing is told before the projector has applied it: pages read the projector's tables only. So that "up to date"
//! means what it says, a page that is asked for waits for what was logged before it was asked for.

mod content;
mod cursor;
mod page;
mod part;
mod plan;
pub(crate) mod receipt;
mod select;

pub(crate) use content::{Span, documents, facts};
pub use cursor::Cursor;
pub(crate) use part::{Part, parts};
pub(crate) use select::Item;

use crate::{
    projector::Heads,
    sync::{Caller, Core, CoreError},
};
use page::Made;
use samspor_protocol::{
    feed::{FeedRequest, Page},
    frame, limits, wire,
};
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::watch,
    time::{Instant, sleep, timeout_at},
};

/// Decoded bytes that a compressed one stands for, when a page is planned: open documents compress to a
/// third or less; a page that does not is made again with half.
const RATIO: usize = 3;
/// No page is planned larger, decoded: room below the limit for one more document.
const DECODED_BYTES_MAX: usize =
    limits::PAGE_DECODED_BYTES_MAX - limits::DOCUMENT_BYTES_MAX - 1024 * 1024;
/// A page below this is compressed where it stands; a larger one apart from the threads that answer.
const INLINE_BYTES_MAX: usize = 32 * 1024;

/// A feed request's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The page as one frame.
    pub frame: Vec<u8>,
    /// Whether it says that there is nothing more.
    pub up_to_date: bool,
}

/// Answers one feed request: a page as one frame. Holds the answer up to the wait asked for, until there is
/// something to tell; ends at once when the server stops.
///
/// # Errors
/// `Malformed` or `Cursor` for the request, `Unavailable` when the database cannot be read now.
pub async fn feed(core: &Core, caller: &Caller, body: &[u8]) -> Result<Answer, CoreError> {
    let request: FeedRequest = wire::decode("feed request", body)?;
    let cursor = request
        .cursor
        .as_ref()
        .map(|bytes| Cursor::from_bytes(bytes).ok_or(CoreError::Cursor))
        .transpose()?;
    let compressed_max = usize::try_from(request.bytes_max)
        .unwrap_or(usize::MAX)
        .min(limits::PAGE_COMPRESSED_BYTES_MAX);
    let mut bytes_max = compressed_max.saturating_mul(RATIO).min(DECODED_BYTES_MAX);
    let wait = Duration::from_millis(u64::from(request.wait_millis.min(limits::WAIT_MILLIS_MAX)));
    let deadline = Instant::now() + wait;
    let mut heads = core.heads();
    core.projected(core.logged()).await;
    let mut is_first_look = true;
    loop {
        core.end_due().await?;
        heads.mark_unchanged();
        let made = page::make(core, caller, cursor.as_ref(), bytes_max).await?;
        // Another process has appended, and this one's projector had not looked yet.
        if std::mem::take(&mut is_first_look) && made.head > made.position {
            core.projected(made.head).await;
            continue;
        }
        let may_wait = made.is_quiet && cursor.is_some() && Instant::now() < deadline;
        if may_wait && wait_for_news(core, &mut heads, &made, deadline).await {
            continue;
        }
        let items = made.page.documents.len() + made.page.facts.len();
        let frame = encode_page(&made.page).await?;
        if frame.len() <= compressed_max || items <= 1 {
            let up_to_date = made.page.end.up_to_date;
            return Ok(Answer { frame, up_to_date });
        }
        bytes_max /= 2;
    }
}

/// Waits until something was projected that this reader may see, or the time is up; whether to look again:
/// always but when the server stops or nothing at all was projected. A wait that passed others' entries by
/// ends with one more look, so that the cursor advances.
async fn wait_for_news(
    core: &Core,
    heads: &mut watch::Receiver<Arc<Heads>>,
    made: &Made,
    deadline: Instant,
) -> bool {
    let looked_at = made.position;
    let concerns = |heads: &Heads| {
        heads.grants > looked_at || heads.newest(made.grounds.iter().copied()) > looked_at
    };
    let (is_stopping, is_due) = tokio::select! {
        _ = timeout_at(deadline, heads.wait_for(|heads| concerns(heads))) => (false, false),
        () = sleep(until_due(core)) => (false, true),
        () = core.stopping.cancelled() => (true, false),
    };
    !is_stopping && (is_due || heads.borrow().position > looked_at)
}

/// How long until something ends by the clock; longer than any wait when nothing does.
fn until_due(core: &Core) -> Duration {
    let left = core.due().map(|due| due.since((core.clock)()).max(0));
    left.map_or(Duration::MAX, |millis| {
        Duration::from_millis(millis.unsigned_abs())
    })
}

/// A page as one frame, compressed apart from the threads that answer when it is large.
pub(crate) async fn encode_page(page: &Page) -> Result<Vec<u8>, CoreError> {
    let plain = wire::encode(page);
    if plain.len() <= INLINE_BYTES_MAX {
        return Ok(frame::compress(&plain)?);
    }
    let compressing = tokio::task::spawn_blocking(move || frame::compress(&plain));
    Ok(compressing.await.map_err(|_| CoreError::Internal(None))??)
}

#[cfg(test)]
mod tests;
