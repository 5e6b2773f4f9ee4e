//! Live sync, and the listener that is told how it goes. What a listener throws is logged by a code, and loses nothing: the
//! sync goes on, and the listener is told the next time.

use crate::{
    app::OfApp,
    device::{Device, Shared},
    error::SamsporError,
    runtime::hand_over,
};
use samspor_client_core::{self as client, Activity, Status, SyncProgress, SyncReport};
use std::{sync::Arc, time::Duration};
use tokio::sync::watch;

/// What happens meanwhile is told at once afterwards: no app draws faster.
const TELL_EVERY: Duration = Duration::from_millis(100);

/// An app's listener. It is called on a thread that may wait, never twice at once by one live sync.
#[uniffi::export(rust, foreign)]
pub trait SyncListener: Send + Sync {
    /// A sync under way has come further.
    fn progressed(&self, progress: SyncProgress) -> Result<(), ListenerError>;
    /// The device stands otherwise than last told.
    fn status_changed(&self, status: Status) -> Result<(), ListenerError>;
    /// Something was written here or came: what lists show may be another.
    fn records_changed(&self) -> Result<(), ListenerError>;
    /// So many fields wait for a person to choose, otherwise than last told.
    fn conflicts_changed(&self, waiting: u64) -> Result<(), ListenerError>;
    /// The live sync has ended: by a stop when there is no error.
    fn ended(&self, error: Option<SamsporError>) -> Result<(), ListenerError>;
}

/// A listener that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum ListenerError {
    /// It threw.
    #[error("the listener failed")]
    Failed,
}

impl From<uniffi::UnexpectedUniFFICallbackError> for ListenerError {
    /// What it threw may say anything: it is not repeated.
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Failed
    }
}

type Outcome = Option<Result<SyncReport, SamsporError>>;

/// A live sync. It goes on until it is stopped, or nobody holds it any more.
#[derive(uniffi::Object)]
pub struct LiveSync {
    stop: watch::Sender<bool>,
    outcome: watch::Receiver<Outcome>,
}

impl Drop for LiveSync {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

#[uniffi::export]
impl LiveSync {
    /// Stops it, and tells how it ended once everything that had come is kept.
    ///
    /// # Errors
    /// As [`Device::sync`], where it ended by an error.
    pub async fn stop(&self) -> Result<SyncReport, SamsporError> {
        self.stop.send_replace(true);
        self.ended().await
    }

    /// Waits until it has ended.
    ///
    /// # Errors
    /// As [`Device::sync`], where it ended by an error.
    pub async fn ended(&self) -> Result<SyncReport, SamsporError> {
        let mut outcome = self.outcome.clone();
        hand_over(async move {
            let ended = outcome.wait_for(Option::is_some).await;
            match ended.map(|ended| ended.clone()) {
                Ok(Some(outcome)) => outcome,
                _ => Err(SamsporError::failed()),
            }
        })
        .await
    }
}

#[uniffi::export]
impl Device {
    /// Syncs for as long as the live sync is held and not stopped: local work goes up as it is written, news come down as
    /// they are told, lost connections are taken up again.
    ///
    /// # Errors
    /// `Locked` (`closed`). What ends it later is told by the live sync and to the listener.
    pub async fn watch(
        &self,
        listener: Arc<dyn SyncListener>,
    ) -> Result<Arc<LiveSync>, SamsporError> {
        let shared = Arc::clone(&self.shared);
        let listener = OfApp::new(listener);
        hand_over(async move {
            shared.with(async |_| Ok(())).await?;
            let (stop, stopped) = watch::channel(false);
            let (tell, outcome) = watch::channel(None);
            tokio::spawn(async move {
                let ended = run(&shared, stopped, &listener).await;
                let error = ended.as_ref().err().cloned();
                tell.send_replace(Some(ended));
                told(&listener, |listener| listener.ended(error)).await;
            });
            Ok::<_, SamsporError>(Arc::new(LiveSync { stop, outcome }))
        })
        .await
    }
}

/// The sync, and beside it what is told of it.
async fn run(
    shared: &Arc<Shared>,
    mut stopped: watch::Receiver<bool>,
    listener: &OfApp<dyn SyncListener>,
) -> Result<SyncReport, SamsporError> {
    let mut stops = shared.stops();
    let shutdown = async move {
        tokio::select! {
            _ = stopped.wait_for(|stop| *stop) => {}
            _ = stops.changed() => {}
        }
    };
    let listener = listener.clone();
    shared
        .with(async move |device: client::Device| {
            tokio::select! {
                biased;
                ended = device.watch(shutdown) => ended,
                never = tell(device.clone(), listener) => match never {},
            }
        })
        .await
}

/// What a listener was told last.
#[derive(Default)]
struct Told {
    status: Option<Status>,
    progress: Option<SyncProgress>,
    conflicts: Option<u64>,
    records: (u64, u64, u64),
}

/// Tells the listener of every change on the device, until it is dropped.
async fn tell(
    device: client::Device,
    listener: OfApp<dyn SyncListener>,
) -> std::convert::Infallible {
    let mut activity = device.activity();
    let mut last = Told::default();
    loop {
        let now = *activity.borrow_and_update();
        last.tell(&device, &listener, now).await;
        tokio::time::sleep(TELL_EVERY).await;
        if activity.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

impl Told {
    async fn tell(
        &mut self,
        device: &client::Device,
        listener: &OfApp<dyn SyncListener>,
        activity: Activity,
    ) {
        let calls = self.calls(device, activity).await;
        for call in calls {
            told(listener, |listener| call.make(listener)).await;
        }
    }

    /// What is to be told, after what was told last. What cannot be read now is told the next time.
    async fn calls(&mut self, device: &client::Device, activity: Activity) -> Vec<Call> {
        let mut calls = Vec::new();
        let records = (activity.written, activity.pages, activity.indexed);
        if let Ok(status) = device.status().await {
            let progress = status.under_way;
            if let Some(progress) = progress.filter(|_| progress != self.progress) {
                calls.push(Call::Progress(progress));
            }
            self.progress = progress;
            let plain = Status {
                under_way: None,
                ..status.clone()
            };
            if self.status.as_ref() != Some(&plain) {
                calls.push(Call::Status(Box::new(status)));
                self.status = Some(plain);
            }
        }
        if records != self.records {
            self.records = records;
            calls.push(Call::Records);
            let waiting = device.conflicts().await.map(|list| list.len());
            let waiting = waiting.map(crate::values::count).ok();
            if let Some(waiting) = waiting.filter(|_| waiting != self.conflicts) {
                calls.push(Call::Conflicts(waiting));
                self.conflicts = Some(waiting);
            }
        }
        calls
    }
}

enum Call {
    Progress(SyncProgress),
    Status(Box<Status>),
    Records,
    Conflicts(u64),
}

impl Call {
    fn make(self, listener: &dyn SyncListener) -> Result<(), ListenerError> {
        match self {
            Self::Progress(progress) => listener.progressed(progress),
            Self::Status(status) => listener.status_changed(*status),
            Self::Records => listener.records_changed(),
            Self::Conflicts(waiting) => listener.conflicts_changed(waiting),
        }
    }
}

/// Tells the app one thing.
async fn told(
    listener: &OfApp<dyn SyncListener>,
    call: impl FnOnce(&(dyn SyncListener + 'static)) -> Result<(), ListenerError> + Send + 'static,
) {
    if !matches!(listener.call(call).await, Some(Ok(()))) {
        tracing::warn!("listener_failed");
    }
}
