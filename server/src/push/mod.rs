//! Push: operations from a device into the log.
//!
//! In steps: the body is read within its limits; `stage` finds every change's facts before any lock; `render` asks
//! whether a document says what was signed, and what is disclosed waits for the projector (`disclosures`); `writer` has
//! it wait its turn, and `batch` says what goes into one group commit; under the log's lock `state` reads what admission
//! needs, in sets; `admission` and `signing` decide operation by operation, without I/O; `commit` gathers what is
//! admitted and writes its rows. Answers leave only after the commit.

mod administered;
mod admission;
mod assignments;
mod batch;
mod circles;
mod commit;
mod disclosures;
mod lineage;
mod render;
mod restrictions;
mod shares;
mod signatures;
mod signing;
mod stage;
mod state;
mod writer;

pub(crate) use administered::{Ending, end_share};
pub(crate) use disclosures::signatures_in;
pub(crate) use signatures::split as split_heads;
pub use writer::{Desk, Writer};

use crate::sync::{Caller, Core, CoreError};
use samspor_protocol::{
    frame, limits,
    push::{PushRequest, PushResponse},
};

/// Answers one push, its body in a frame or not: a list of answers per group. What is `accepted` is durable.
///
/// # Errors
/// `Malformed` or `TooLarge` for the body as a whole; `Unavailable` when nothing can be kept now, then
/// nothing is acknowledged and the same push may come again.
pub async fn push(core: &Core, caller: &Caller, body: &[u8]) -> Result<PushResponse, CoreError> {
    let body = frame::unpack(body, limits::PUSH_BYTES_MAX)?;
    let request = PushRequest::from_body(&body)?;
    let room = core.writer.reserve(body.len()).await?;
    let mut groups = stage::stage(request).await?;
    render::render(core, caller, &mut groups).await?;
    disclosures::wait(core, &mut groups).await?;
    let groups = core.writer.submit(*caller, groups, room).await?;
    Ok(PushResponse {
        groups,
        server_time: (core.clock)(),
    })
}

#[cfg(test)]
mod tests;
