//! How the device stands as a whole, from counts and from what its syncs noted.

use super::{Store, meta, sql};
use crate::{
    error::DeviceError,
    views::{LastFailure, Left, Lock, Status},
};
use samspor_documents::time::UnixMillis;
use sqlx::Row as _;

/// What waits to be sent, by an index of what waits.
const WAITING: &str = "SELECT count(*), coalesce(sum(bytes), 0), min(queued_at), min(written_at) FROM outbox WHERE state = 0";

/// What waits to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Waiting {
    /// How many operations.
    pub(crate) count: u64,
    /// Their size.
    pub(crate) bytes: u64,
    /// Since when the oldest waits, by the machine's clock.
    pub(crate) since: Option<UnixMillis>,
    /// When the oldest was written, by the writer's clock.
    pub(crate) written: Option<UnixMillis>,
}

async fn waiting<'e>(
    db: impl sqlx::Executor<'e, Database = sqlx::Sqlite>,
) -> Result<Waiting, DeviceError> {
    let row = sqlx::query(WAITING).fetch_one(db).await?;
    Ok(Waiting {
        count: sql::count(&row, 0)?,
        bytes: sql::count(&row, 1)?,
        since: row.try_get::<Option<i64>, _>(2)?.map(UnixMillis),
        written: row.try_get::<Option<i64>, _>(3)?.map(UnixMillis),
    })
}

impl Store {
    /// What waits to be sent.
    pub(crate) async fn waiting(&self) -> Result<Waiting, DeviceError> {
        waiting(self.read()).await
    }

    /// How the device stands.
    pub(crate) async fn status(&self) -> Result<Status, DeviceError> {
        let mut tx = self.snapshot().await?;
        let waiting = waiting(&mut *tx).await?;
        let row = sqlx::query(
            "SELECT (SELECT count(*) FROM outbox WHERE state = 2), (SELECT count(*) FROM documents WHERE aside IS NOT NULL),
               d.here, (SELECT count(*) FROM documents WHERE stamp <> indexed),
               (SELECT count(*) FROM facts), d.told,
               (SELECT count(*) FROM signatures WHERE received = 0)
             FROM (SELECT count(*) AS here, count(seq) AS told FROM documents) d",
        )
        .fetch_one(&mut *tx)
        .await?;
        let history: meta::History = meta::get_cbor(&mut *tx, meta::name::HISTORY)
            .await?
            .unwrap_or_default();
        let progress: meta::Progress = meta::get_cbor(&mut *tx, meta::name::PROGRESS)
            .await?
            .unwrap_or_default();
        let documents = sql::count(&row, 2)?;
        Ok(Status {
            last_attempt: history.last_attempt,
            last_success: history.last_success,
            last_failure: history
                .last_failed_at
                .zip(history.last_error_code)
                .map(|(at, code)| LastFailure { at, code }),
            last_error: history.last_error,
            under_way: None,
            in_sync: history.in_sync,
            repairs: history.repairs,
            waiting: waiting.count,
            waiting_bytes: waiting.bytes,
            oldest_waiting: waiting.since,
            oldest_written: waiting.written,
            not_delivered: sql::count(&row, 0)?,
            signatures_waiting: sql::count(&row, 6)?,
            set_aside: sql::count(&row, 1)?,
            documents,
            to_index: sql::count(&row, 3)?,
            visible: progress.visible,
            held: sql::count(&row, 4)? + sql::count(&row, 5)?,
            clock_offset: history.clock_offset,
            lock: Lock::default(),
        })
    }

    /// What a sync left that was stopped.
    pub(crate) async fn left(&self) -> Result<Left, DeviceError> {
        let status = self.status().await?;
        Ok(Left {
            to_send: status.waiting,
            to_send_bytes: status.waiting_bytes,
            to_receive: status.visible.saturating_sub(status.held),
            to_index: status.to_index,
        })
    }
}
