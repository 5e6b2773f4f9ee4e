//! The way between a demo device and the server, as bad as a mobile network: it can have no cover, and break a
//! connection after so many bytes. TCP only.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::SeqCst},
    },
};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinHandle,
};

/// Bytes read at once.
const CHUNK_BYTES: usize = 16 * 1024;

#[derive(Default)]
struct State {
    covered: AtomicBool,
    /// Bytes, both ways, that the next connection lets through; 0 = all.
    breaks_after: AtomicU64,
    broken: AtomicU64,
}

/// A running relay. Dropping it ends it and every connection on it.
pub struct Relay {
    address: SocketAddr,
    state: Arc<State>,
    cut: watch::Sender<()>,
    accepting: JoinHandle<()>,
}

impl Relay {
    /// Listens on a port of loopback and passes everything on to `target`.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start(target: SocketAddr) -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let state = Arc::new(State::default());
        state.covered.store(true, SeqCst);
        let (cut, _) = watch::channel(());
        let accepting = tokio::spawn(accept(listener, target, state.clone(), cut.clone()));
        Ok(Self {
            address,
            state,
            cut,
            accepting,
        })
    }

    /// Where the device connects.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Breaks what is open and refuses what comes, until covered again.
    pub fn set_cover(&self, covered: bool) {
        self.state.covered.store(covered, SeqCst);
        if !covered {
            self.cut.send_replace(());
        }
    }

    /// Breaks what is open; the next connection breaks once so many bytes have passed on it.
    pub fn break_next_after(&self, bytes: u64) {
        self.state.breaks_after.store(bytes, SeqCst);
        self.cut.send_replace(());
    }

    /// Connections broken on the way since the start.
    pub fn broken(&self) -> u64 {
        self.state.broken.load(SeqCst)
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.accepting.abort();
        self.cut.send_replace(());
    }
}

async fn accept(
    listener: TcpListener,
    target: SocketAddr,
    state: Arc<State>,
    cut: watch::Sender<()>,
) {
    while let Ok((device, _)) = listener.accept().await {
        if state.covered.load(SeqCst) {
            let budget = match state.breaks_after.swap(0, SeqCst) {
                0 => u64::MAX,
                bytes => bytes,
            };
            tokio::spawn(connection(
                device,
                target,
                budget,
                state.clone(),
                cut.subscribe(),
            ));
        }
    }
}

async fn connection(
    mut device: TcpStream,
    target: SocketAddr,
    budget: u64,
    state: Arc<State>,
    mut cut: watch::Receiver<()>,
) {
    let Ok(mut server) = TcpStream::connect(target).await else {
        return;
    };
    let left = AtomicU64::new(budget);
    let (device_read, device_write) = device.split();
    let (server_read, server_write) = server.split();
    tokio::select! {
        // Either direction at its end closes both, as a lost radio link does.
        () = pass(device_read, server_write, &left) => {}
        () = pass(server_read, device_write, &left) => {}
        _ = cut.changed() => {}
    }
    if left.load(SeqCst) == 0 {
        state.broken.fetch_add(1, SeqCst);
    }
}

/// Passes bytes on until the end, an error, or until nothing is left of the connection's bytes.
async fn pass(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin, left: &AtomicU64) {
    let mut buffer = vec![0; CHUNK_BYTES];
    while let Ok(read) = from.read(&mut buffer).await {
        let before = left.load(SeqCst);
        let allowed = usize::try_from(before).unwrap_or(usize::MAX).min(read);
        let Some(chunk) = buffer.get(..allowed).filter(|_| read > 0) else {
            return;
        };
        if to.write_all(chunk).await.is_err() || to.flush().await.is_err() {
            return;
        }
        let spent = |left: u64| Some(left.saturating_sub(read as u64));
        if left
            .fetch_update(SeqCst, SeqCst, spent)
            .is_ok_and(|before| before <= read as u64)
        {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn echo() -> SocketAddr {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let (mut read, mut write) = stream.split();
                    tokio::io::copy(&mut read, &mut write).await
                });
            }
        });
        address
    }

    async fn ask(address: SocketAddr, text: &[u8]) -> std::io::Result<Vec<u8>> {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(text).await?;
        let mut answer = vec![0; text.len()];
        stream.read_exact(&mut answer).await?;
        Ok(answer)
    }

    #[tokio::test]
    async fn only_the_next_connection_breaks_and_only_after_its_bytes() {
        let relay = Relay::start(echo().await).await.unwrap();
        relay.break_next_after(6);
        assert!(ask(relay.address(), b"hello").await.is_err());
        assert_eq!(relay.broken(), 1);
        assert_eq!(ask(relay.address(), b"hello").await.unwrap(), b"hello");
    }

    #[tokio::test]
    async fn without_cover_nothing_passes() {
        let relay = Relay::start(echo().await).await.unwrap();
        relay.set_cover(false);
        assert!(ask(relay.address(), b"hello").await.is_err());
        relay.set_cover(true);
        assert_eq!(ask(relay.address(), b"hello").await.unwrap(), b"hello");
    }
}
