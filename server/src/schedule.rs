//! The visit schedule that this server reads with: the organisation's own where it has set one, else the one that ships.

use crate::{
    log,
    store::{StoreError, Tx},
};
use samspor_documents::visit::schedule::Schedule;
use samspor_protocol::{
    fact::{FactBody, ScheduleFile},
    wire,
};
use std::borrow::Cow;

/// The file of the organisation's own as it stands; none where the schedule that ships holds.
///
/// # Errors
/// The database cannot be read.
pub(crate) async fn file(tx: &mut Tx) -> Result<Option<String>, StoreError> {
    let id = log::fact_id(&FactBody::VisitSchedule(ScheduleFile { text: None }));
    let newest: Option<Vec<u8>> =
        sqlx::query_scalar("SELECT body FROM facts WHERE fact = ? ORDER BY version DESC LIMIT 1")
            .bind(id.as_bytes().to_vec())
            .fetch_optional(&mut **tx)
            .await?;
    match newest.map(|body| wire::decode("fact", &body)) {
        None => Ok(None),
        Some(Ok(FactBody::VisitSchedule(file))) => Ok(file.text),
        Some(_) => Err(StoreError::Damaged {
            what: "visit schedule",
        }),
    }
}

/// The schedule in force. One that cannot be used (a newer program set it) is logged, and the one that ships holds, as on
/// a device.
///
/// # Errors
/// The database cannot be read.
pub(crate) async fn in_force(tx: &mut Tx) -> Result<Cow<'static, Schedule>, StoreError> {
    let (schedule, aside) = Schedule::in_force(file(tx).await?.as_deref());
    if let Some(error) = aside {
        tracing::error!(%error, "the visit schedule cannot be used");
    }
    Ok(schedule)
}
