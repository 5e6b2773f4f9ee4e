//! At the end of the two weeks everybody signs, without cover, what they wrote in the first of them and nobody waits for:
//! from then on its text is the record. The newest entries are left open, as they are in life.

use super::{
    error::DemoError,
    journal::What,
    plan::Plan,
    world::{Worker, World},
};
use samspor_client_core::{CaseFilter, EntryState, TimelinePage, TimelineRow};
use samspor_documents::{
    id::{DocumentId, PractitionerId},
    time::Moment,
};
use std::collections::BTreeSet;

/// What occurred this long ago has been read by those whom it concerns.
const RIPE_AFTER_MILLIS: i64 = 5 * 24 * 60 * 60 * 1000;
/// Entries read at once.
const PAGE: u32 = 200;

/// Signs on each practitioner's first device. It arrives with the sync that follows.
pub async fn sign(world: &mut World, plan: &Plan) -> Result<(), DemoError> {
    let Some(now) = plan.acts.iter().map(|act| act.at).max_by_key(|at| at.at) else {
        return Ok(());
    };
    let mut signed: BTreeSet<(DocumentId, PractitionerId)> = BTreeSet::new();
    for worker in &world.workers {
        worker.clock.set(now);
        for document in ripe(worker, now).await? {
            let by = (document, worker.practitioner);
            if !signed.contains(&by) {
                worker.device.sign(document).await?;
                signed.insert(by);
            }
        }
    }
    for (document, by) in signed {
        world
            .journal
            .note(Some(by), now.at, What::Signed { document })?;
    }
    Ok(())
}

/// The entries that a device's owner began, that are old enough, and in which nothing waits for a choice.
async fn ripe(worker: &Worker, now: Moment) -> Result<BTreeSet<DocumentId>, DemoError> {
    let all = CaseFilter {
        closed: true,
        limit: u32::MAX,
        ..CaseFilter::default()
    };
    let is_ripe = |row: &&TimelineRow| {
        row.authors.first() == Some(&worker.practitioner)
            && row.state == EntryState::Delivered
            && (row.conflicts, row.invalid) == (0, 0)
            && now.at.since(row.occurred_at.at) > RIPE_AFTER_MILLIS
    };
    let mut ripe = BTreeSet::new();
    for case in worker.device.cases(all).await? {
        let mut page = TimelinePage {
            before: None,
            limit: PAGE,
            restricted: false,
        };
        loop {
            let rows = worker.device.timeline(case.case, page).await?;
            ripe.extend(rows.iter().filter(is_ripe).map(|row| row.document));
            let Some(last) = rows.last() else { break };
            page.before = Some(last.position());
        }
    }
    Ok(ripe)
}
