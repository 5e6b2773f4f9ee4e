//! Starting and stopping: what has to hold before the first request, and what is finished before the last.

use crate::{
    app::App,
    clock,
    devices::Devices,
    logging::LoggingError,
    names::Directory,
    organisation::{self, OpenError, Opened},
    router,
    settings::Settings,
    store::{Store, StoreError},
    sync::Core,
    tls::{self, TlsError},
    web,
};
use axum_server::{
    Handle,
    accept::{TcpConfigAcceptor, TcpKeepaliveConfig, TcpSocketConfig},
    tls_rustls::{RustlsAcceptor, RustlsConfig},
};
use samspor_documents::id::OrganisationId;
use samspor_protocol::hash::Hash32;
use std::{
    fs::File,
    io,
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio::{sync::Semaphore, task::JoinHandle};

mod background;

/// The file whose lock says that a server runs on this folder.
const LOCK_FILE: &str = "server.lock";
/// A connection whose other end is silent for so long is probed.
const KEEPALIVE: Duration = Duration::from_secs(60);
/// How long a connection may take to its first request.
const FIRST_REQUEST: Duration = Duration::from_secs(30);
/// Streams that one connection may have open at once.
const STREAMS_MAX: u32 = 128;
/// Deliveries of revoked devices taken in at once: each may be large.
const DELIVERIES_MAX: usize = 2;
/// What a client may send ahead on one stream: most pushes fit.
const STREAM_WINDOW: u32 = 1024 * 1024;
/// What a client may send ahead on one connection.
const CONNECTION_WINDOW: u32 = 5 * 1024 * 1024;

/// Why the server does not start. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Folder, keys or database.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Another server runs on the folder.
    #[error(
        "another server is running on the folder {path}: stop it, or give this one another folder"
    )]
    Running {
        /// The folder.
        path: PathBuf,
    },
    /// The lock file cannot be made.
    #[error("cannot lock the folder {path}: see that this user may write in it")]
    Lock {
        /// The folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Certificate or key.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The port is taken.
    #[error("{address} is taken by another program: stop it, or set listen to another port")]
    PortTaken {
        /// The address.
        address: SocketAddr,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The address cannot be listened on.
    #[error(
        "cannot listen on {address}: set listen to an address of this machine and a port above 1023"
    )]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The organisation's name cannot stand.
    #[error("organisation must be a name of 1 to 120 characters on one line")]
    OrganisationName,
    /// The log cannot be started.
    #[error(transparent)]
    Logging(#[from] LoggingError),
}

/// The service.
#[derive(Debug, Clone, Copy)]
pub struct Server;

/// A server that answers. Dropped without `stop` it ends at once, as by a power cut: nothing acknowledged is lost.
pub struct RunningServer {
    address: SocketAddr,
    app: Arc<App>,
    pin: Hash32,
    handle: Handle<SocketAddr>,
    serving: Option<JoinHandle<io::Result<()>>>,
    background: Vec<JoinHandle<()>>,
    // Held as long as the server runs.
    _lock: File,
}

fn lock(folder: &Path) -> Result<File, StartError> {
    let failed = |source| StartError::Lock {
        path: folder.to_owned(),
        source,
    };
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(folder.join(LOCK_FILE))
        .map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(StartError::Running {
            path: folder.to_owned(),
        }),
        Err(std::fs::TryLockError::Error(source)) => Err(failed(source)),
    }
}

fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let failed = |source: io::Error| {
        if source.kind() == io::ErrorKind::AddrInUse {
            StartError::PortTaken { address, source }
        } else {
            StartError::Listen { address, source }
        }
    };
    let listener = TcpListener::bind(address).map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    Ok((listener, bound))
}

/// The address people and devices use when none is set.
fn derived_url(address: SocketAddr) -> String {
    let ip = address.ip();
    if ip.is_loopback() || ip.is_unspecified() {
        format!("https://localhost:{}", address.port())
    } else {
        format!("https://{address}")
    }
}

async fn keep_address(store: &Store, url: &str, pin: Option<Hash32>) -> Result<(), StoreError> {
    let mut tx = store.write().await?;
    sqlx::query(
        "INSERT INTO server_address (one, url, pin) VALUES (1, ?, ?)
         ON CONFLICT (one) DO UPDATE SET url = excluded.url, pin = excluded.pin",
    )
    .bind(url)
    .bind(pin.map(|pin| pin.0.to_vec()))
    .execute(&mut *tx)
    .await?;
    Ok(tx.commit().await?)
}

fn serve(
    listener: TcpListener,
    tls: &tls::ServerTls,
    handle: Handle<SocketAddr>,
    app: Arc<App>,
) -> io::Result<JoinHandle<io::Result<()>>> {
    let socket = TcpSocketConfig::new()
        .nodelay(true)
        .keepalive(TcpKeepaliveConfig::new().time(KEEPALIVE));
    let acceptor = RustlsAcceptor::new(RustlsConfig::from_config(Arc::clone(&tls.config)))
        .acceptor(TcpConfigAcceptor::new(socket));
    let mut server = axum_server::from_tcp(listener)?
        .acceptor(acceptor)
        .first_request_timeout(FIRST_REQUEST)
        .handle(handle);
    server
        .http_builder()
        .http2()
        .max_concurrent_streams(STREAMS_MAX)
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW);
    let service = router::router(app).into_make_service();
    Ok(tokio::spawn(server.serve(service)))
}

impl Server {
    /// Starts the service: folder, lock, keys, database, certificate, port, in this order, so that what is wrong
    /// is said before anything is changed by it.
    ///
    /// # Errors
    /// See [`StartError`]; nothing keeps running then.
    pub async fn start(settings: Settings) -> Result<RunningServer, StartError> {
        let name = crate::admin::checked_organisation_name(&settings.organisation)
            .ok_or(StartError::OrganisationName)?;
        organisation::make_folder(&settings.folder)?;
        let lock = lock(&settings.folder)?;
        let opened = organisation::open(&settings.folder).await?;
        let tls = tls::open(&settings, &opened.keys)?;
        let (listener, address) = listen(settings.listen)?;
        let organisation = organisation::ensure(&opened, &name).await?;
        let url = settings.url.clone().unwrap_or_else(|| derived_url(address));
        let pin = (!settings.tls_public_authority).then_some(tls.pin);
        keep_address(&opened.store, &url, pin).await?;

        let Opened {
            store,
            keys,
            secret,
        } = opened;
        let certifier = keys.certifier(organisation);
        let clock = Arc::new(clock::now);
        let core = Core::start(store.clone(), organisation, secret, certifier, clock)
            .await?
            .with_lease(settings.lease);
        let app = Arc::new(App {
            settings,
            url,
            devices: Devices::new(store.clone()),
            store,
            keys,
            organisation,
            stopping: core.stopping.clone(),
            core,
            directory: Directory::default(),
            deliveries: Semaphore::new(DELIVERIES_MAX),
            streams: Arc::new(Semaphore::new(web::STREAMS_MAX)),
        });
        let background = background::start(&app);
        let handle = Handle::new();
        let serving = serve(listener, &tls, handle.clone(), Arc::clone(&app))
            .map_err(|source| StartError::Listen { address, source })?;
        tracing::info!(%address, url = app.url, "listening");
        Ok(RunningServer {
            address,
            app,
            pin: tls.pin,
            handle,
            serving: Some(serving),
            background,
            _lock: lock,
        })
    }
}

impl RunningServer {
    /// Where it listens, with the port it got.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address that devices and browsers use.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.app.url
    }

    /// SHA-256 of the server key's SubjectPublicKeyInfo.
    #[must_use]
    pub const fn pin(&self) -> Hash32 {
        self.pin
    }

    /// The organisation it serves.
    #[must_use]
    pub fn organisation(&self) -> OrganisationId {
        self.app.organisation
    }

    /// The organisation's public key.
    #[must_use]
    pub fn organisation_key(&self) -> [u8; 32] {
        self.app.keys.public()
    }

    /// The core, to wait for its projector.
    #[cfg(test)]
    pub(crate) fn core(&self) -> &Core {
        &self.app.core
    }

    /// Takes the database away, as a failed disk would.
    #[cfg(test)]
    pub(crate) async fn close_database(&self) {
        self.app.store.close().await;
    }

    /// Stops: no new connections, parked requests are answered, those in flight finish within `stop_max`, then
    /// what was gathered is written and the database is closed.
    pub async fn stop(mut self) {
        self.app.stopping.cancel();
        self.handle
            .graceful_shutdown(Some(self.app.settings.stop_max));
        if let Some(serving) = self.serving.take() {
            match serving.await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::error!(%error, "the listener failed"),
                Err(error) => tracing::error!(%error, "the listener ended"),
            }
        }
        self.app.core.stop().await;
        for task in self.background.drain(..) {
            let _ = task.await;
        }
        if let Err(error) = self.app.devices.contacts.write().await {
            tracing::warn!(%error, "the devices' last contacts were not kept");
        }
        self.app.store.close().await;
        tracing::info!("stopped");
    }
}

impl Drop for RunningServer {
    fn drop(&mut self) {
        self.app.stopping.cancel();
        self.handle.shutdown();
        for task in self.background.drain(..) {
            task.abort();
        }
    }
}
