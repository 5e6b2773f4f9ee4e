//! The sync core as one thing to start and to stop: the log's writer, the projector, and what they share.

use crate::{
    certifier::Certifier,
    log::{Secret, Seq, begin},
    projector::{self, Heads, Projector},
    push::{Desk, Writer},
    store::{Store, StoreError},
};
use samspor_documents::{
    id::{DeviceId, OrganisationId, PractitionerId},
    time::UnixMillis,
};
use samspor_protocol::{problem::code, wire::WireError};
use std::{fmt, sync::Arc, time::Duration};
use tokio::{sync::watch, time::timeout};
use tokio_util::sync::CancellationToken;

/// How long a reader waits for the projector, at most. Behind by more (a bulk load), what is projected is told.
const PROJECTION_WAIT: Duration = Duration::from_secs(2);

/// Commits in a row that end what is due, each many of them.
const DUE_ROUNDS_MAX: usize = 100;

/// What tells the time: [`crate::clock::now`], or a test's own.
pub type Clock = Arc<dyn Fn() -> UnixMillis + Send + Sync>;

/// Who asks: an enrolled device, authenticated, and its practitioner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    /// The device.
    pub device: DeviceId,
    /// Whose it is.
    pub practitioner: PractitionerId,
}

/// A request that gets no answer of its own kind.
#[derive(Debug, thiserror::Error)]
pub enum CoreError {
    /// The body is not of this protocol.
    #[error("{0}")]
    Malformed(#[source] WireError),
    /// The cursor is none that a server of this protocol made.
    #[error("the cursor is not one of this protocol: send none to begin anew")]
    Cursor,
    /// The body is over its limit.
    #[error("{0}")]
    TooLarge(#[source] WireError),
    /// The server cannot keep or read anything now: nothing of this request was acknowledged.
    #[error("the server cannot answer now: try again later, nothing was lost")]
    Unavailable,
    /// The server's own fault.
    #[error("the server failed; its log has the cause")]
    Internal(#[source] Option<StoreError>),
}

impl CoreError {
    /// The code of the problem to answer with.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) | Self::Cursor => code::MALFORMED,
            Self::TooLarge(_) => code::TOO_LARGE,
            Self::Unavailable => code::UNAVAILABLE,
            Self::Internal(_) => code::INTERNAL,
        }
    }
}

impl From<StoreError> for CoreError {
    fn from(error: StoreError) -> Self {
        if error.is_unavailable() {
            tracing::warn!(%error, "the database cannot be used");
            Self::Unavailable
        } else {
            Self::Internal(Some(error))
        }
    }
}

impl From<WireError> for CoreError {
    fn from(error: WireError) -> Self {
        match error {
            WireError::TooLarge { .. } => Self::TooLarge(error),
            _ => Self::Malformed(error),
        }
    }
}

/// The sync core of one organisation.
pub struct Core {
    pub(crate) store: Store,
    pub(crate) organisation: OrganisationId,
    pub(crate) secret: Secret,
    pub(crate) clock: Clock,
    /// What devices are told of how long they may be out of contact.
    pub(crate) lease_millis: Option<i64>,
    pub(crate) writer: Writer,
    pub(crate) heads: watch::Receiver<Arc<Heads>>,
    logged: watch::Sender<Seq>,
    pub(crate) stopping: CancellationToken,
    projector: Projector,
}

impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Core")
            .field("organisation", &self.organisation)
            .finish_non_exhaustive()
    }
}

impl Core {
    /// Begins the organisation's log where there is none, and starts the writer and the projector.
    ///
    /// # Errors
    /// `Unavailable` or `Query`; `Damaged` when the database is another organisation's.
    pub async fn start(
        store: Store,
        organisation: OrganisationId,
        secret: Secret,
        certifier: Certifier,
        clock: Clock,
    ) -> Result<Self, StoreError> {
        let mut epoch = [0; 16];
        getrandom::fill(&mut epoch).map_err(|_| StoreError::Damaged {
            what: "source of random numbers",
        })?;
        let mut tx = store.write().await?;
        begin(&mut tx, organisation, epoch).await?;
        tx.commit().await?;
        let (logged, watched) = watch::channel(Seq::ZERO);
        let stopping = CancellationToken::new();
        let projector = projector::start(store.clone(), secret.clone(), watched).await?;
        let desk = Desk {
            store: store.clone(),
            secret: secret.clone(),
            certifier: Arc::new(certifier),
            clock: clock.clone(),
        };
        let writer = Writer::start(desk, logged.clone());
        Ok(Self {
            store,
            organisation,
            secret,
            clock,
            lease_millis: None,
            writer,
            heads: projector.heads(),
            logged,
            stopping,
            projector,
        })
    }

    /// Tells every device with each page how long it may be out of contact.
    #[must_use]
    pub fn with_lease(mut self, lease: Duration) -> Self {
        self.lease_millis = i64::try_from(lease.as_millis()).ok();
        self
    }

    /// The database, for queries of other parts of the server.
    #[must_use]
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// The organisation.
    #[must_use]
    pub const fn organisation(&self) -> OrganisationId {
        self.organisation
    }

    /// What was projected last; changes whenever something new can be read.
    #[must_use]
    pub fn heads(&self) -> watch::Receiver<Arc<Heads>> {
        self.heads.clone()
    }

    /// The log's head as this process knows it: another process may have appended since.
    pub(crate) fn logged(&self) -> Seq {
        *self.logged.borrow()
    }

    /// Waits until the log is projected up to here: at most [`PROJECTION_WAIT`], and not while the server stops. A
    /// projector that does not know of the entries yet (another process appended them) is told.
    pub(crate) async fn projected(&self, upto: Seq) {
        let mut heads = self.heads();
        if heads.borrow().position >= upto {
            return;
        }
        self.logged.send_if_modified(|logged| {
            let is_news = *logged < upto;
            *logged = (*logged).max(upto);
            is_news
        });
        tokio::select! {
            _ = timeout(PROJECTION_WAIT, heads.wait_for(|heads| heads.position >= upto)) => {}
            () = self.stopping.cancelled() => {}
        }
    }

    /// When the next share ends by itself, as far as is projected.
    pub(crate) fn due(&self) -> Option<UnixMillis> {
        self.heads.borrow().due
    }

    /// Ends what ends by the clock: before anything is read on the ground of it. Costs nothing while nothing is due.
    ///
    /// # Errors
    /// `Unavailable` or `Internal`: then what is over may still stand, and nothing may be told.
    pub(crate) async fn end_due(&self) -> Result<(), CoreError> {
        for _ in 0..DUE_ROUNDS_MAX {
            if self.due().is_none_or(|due| due > (self.clock)()) {
                return Ok(());
            }
            self.writer.end_due().await?;
            self.projected(self.logged()).await;
        }
        Err(CoreError::Unavailable)
    }

    /// Answers waiting feed requests at once, commits the pushes that wait, lets the projector finish what
    /// it has begun. What it does not reach it does at the next start.
    pub async fn stop(&self) {
        self.stopping.cancel();
        self.writer.stop().await;
        self.projector.stop().await;
    }
}
