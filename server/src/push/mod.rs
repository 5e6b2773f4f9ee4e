//! Push: operations from a device into the log.
//!
//! 1. `parse`: the body, within its limits. 2. `stage`: every change's facts, before any lock.
//! 3. `writer`: waits its turn; one group commit takes what is waiting. 4. `state`: under the log's lock, what
//! admission needs, read in sets. 5. `admission`: decides, operation by operation, without I/O.
//! 6. `commit`: the rows. Answers leave only after the commit.

mod admission;
mod batch;
mod commit;
mod stage;
mod state;
mod writer;

pub use writer::Writer;

use crate::sync::{Caller, Core, CoreError};
use samspor_protocol::push::{PushRequest, PushResponse};

/// Answers one push: a list of answers per group. What is `accepted` is durable.
///
/// # Errors
/// `Malformed` or `TooLarge` for the body as a whole; `Unavailable` when nothing can be kept now, then
/// nothing is acknowledged and the same push may come again.
pub async fn push(core: &Core, caller: &Caller, body: &[u8]) -> Result<PushResponse, CoreError> {
    let request = PushRequest::from_body(body)?;
    let room = core.writer.reserve(body.len()).await?;
    let groups = stage::stage(request).await?;
    let groups = core.writer.submit(*caller, groups, room).await?;
    Ok(PushResponse {
        groups,
        server_time: (core.clock)(),
    })
}

#[cfg(test)]
mod tests;
