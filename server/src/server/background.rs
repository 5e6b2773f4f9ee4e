//! What runs beside the requests: looking for revocations, writing contacts, sweeping what has ended.

use crate::{app::App, clock, quarantine, store::StoreError, web::session};
use std::{sync::Arc, time::Duration};
use tokio::{task::JoinHandle, time::MissedTickBehavior};

/// How often the revision of devices is looked at.
const REVOCATIONS: Duration = Duration::from_millis(250);
/// How often contacts are written.
const CONTACTS: Duration = Duration::from_secs(10);
/// How often ended links, sessions and codes are deleted.
const SWEEP: Duration = Duration::from_secs(10 * 60);

/// Runs `step` every `period` until the server stops. A failed step is logged and tried again in its turn.
fn every<F, Fut, E>(app: &Arc<App>, what: &'static str, period: Duration, step: F) -> JoinHandle<()>
where
    F: Fn(Arc<App>) -> Fut + Send + 'static,
    Fut: Future<Output = Result<(), E>> + Send,
    E: std::error::Error + Send,
{
    let app = Arc::clone(app);
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(period);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while app
            .stopping
            .run_until_cancelled(ticks.tick())
            .await
            .is_some()
        {
            if let Err(error) = step(Arc::clone(&app)).await {
                tracing::warn!(what, %error, "a background step failed; it is tried again");
            }
        }
    })
}

pub(super) fn start(app: &Arc<App>) -> Vec<JoinHandle<()>> {
    vec![
        every(app, "revocations", REVOCATIONS, async |app: Arc<App>| {
            app.devices.refresh().await
        }),
        every(app, "contacts", CONTACTS, async |app: Arc<App>| {
            app.devices.contacts.write().await
        }),
        every(app, "sweep", SWEEP, async |app: Arc<App>| {
            session::sweep(&app.store, clock::now()).await
        }),
        every(app, "quarantine", SWEEP, async |app: Arc<App>| {
            let expired = quarantine::expire(&app.store, clock::now()).await?;
            if expired > 0 {
                tracing::info!(
                    expired,
                    "parcels in quarantine were deleted: their time was over"
                );
            }
            Ok::<(), StoreError>(())
        }),
    ]
}
