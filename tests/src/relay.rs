//! A relay between a device and a server: counts what passes, delays it, captures it, cuts it.
//!
//! It stands where a mobile network would. It is TCP only: what it sees is what anybody on the way sees.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering::SeqCst},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::{mpsc, watch},
    task::JoinHandle,
    time::{Instant, sleep, sleep_until},
};

/// How much of each direction is kept when capturing, in bytes.
const CAPTURE_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Chunks on their way in one direction of one connection.
const QUEUE_MAX: usize = 1024;

/// What passed since the relay started or was reset. Bytes are TCP payload.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Passed {
    /// From device to server.
    pub bytes_up: u64,
    /// From server to device.
    pub bytes_down: u64,
    /// Connections opened.
    pub connections: u64,
    /// How often the device spoke after the server had: round trips, the handshakes' included.
    pub turns: u64,
}

#[derive(Default)]
struct Counters {
    bytes_up: AtomicU64,
    bytes_down: AtomicU64,
    connections: AtomicU64,
    turns: AtomicU64,
    /// Bytes after which every connection is cut once; 0 = never.
    cut_after: AtomicU64,
    capturing: AtomicBool,
    /// Whether the next bytes down are lost, with their connection.
    losing: AtomicBool,
    captured: Mutex<Vec<u8>>,
}

/// A running relay. Dropping it ends it.
pub struct Relay {
    address: SocketAddr,
    target: watch::Sender<SocketAddr>,
    counters: Arc<Counters>,
    cut: watch::Sender<u64>,
    open: watch::Sender<bool>,
    accepting: JoinHandle<()>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Up,
    Down,
}

impl Relay {
    /// Listens on a port of loopback and passes everything on to `target`, each way after half of `rtt`.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start(target: SocketAddr, rtt: Duration) -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let counters = Arc::new(Counters::default());
        let (cut, _) = watch::channel(0);
        let (open, _) = watch::channel(true);
        let (target, _) = watch::channel(target);
        let accepting = tokio::spawn(accept(
            listener,
            target.subscribe(),
            rtt,
            counters.clone(),
            cut.clone(),
            open.clone(),
        ));
        Ok(Self {
            address,
            target,
            counters,
            cut,
            open,
            accepting,
        })
    }

    /// Where devices connect.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where connections lead from now on: a server that was started again has another port.
    pub fn lead_to(&self, target: SocketAddr) {
        self.target.send_replace(target);
    }

    /// Forgets what has passed; what is open stays open.
    pub fn reset(&self) {
        let counters = &self.counters;
        for counter in [
            &counters.bytes_up,
            &counters.bytes_down,
            &counters.connections,
            &counters.turns,
        ] {
            counter.store(0, SeqCst);
        }
    }

    /// What has passed.
    #[must_use]
    pub fn passed(&self) -> Passed {
        Passed {
            bytes_up: self.counters.bytes_up.load(SeqCst),
            bytes_down: self.counters.bytes_down.load(SeqCst),
            connections: self.counters.connections.load(SeqCst),
            turns: self.counters.turns.load(SeqCst),
        }
    }

    /// Breaks every open connection now.
    pub fn cut(&self) {
        self.cut.send_modify(|generation| *generation += 1);
    }

    /// Breaks each connection once so many bytes (both ways) have passed on it.
    pub fn cut_after(&self, bytes: u64) {
        self.counters.cut_after.store(bytes, SeqCst);
    }

    /// Loses the next thing that a server says, and breaks that connection: done, but never heard of.
    pub fn lose_next_answer(&self) {
        self.counters.losing.store(true, SeqCst);
    }

    /// Whether what was to be lost has been said and lost.
    #[must_use]
    pub fn has_lost(&self) -> bool {
        !self.counters.losing.load(SeqCst)
    }

    /// No cover: breaks what is open and refuses what comes, until `true` again.
    pub fn set_cover(&self, covered: bool) {
        self.open.send_replace(covered);
        if !covered {
            self.cut();
        }
    }

    /// Keeps a copy of everything that passes from now on.
    pub fn capture(&self) {
        self.counters.capturing.store(true, SeqCst);
    }

    /// What was captured, both directions in one.
    #[must_use]
    pub fn captured(&self) -> Vec<u8> {
        self.counters
            .captured
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.accepting.abort();
        self.cut();
    }
}

async fn accept(
    listener: TcpListener,
    target: watch::Receiver<SocketAddr>,
    rtt: Duration,
    counters: Arc<Counters>,
    cut: watch::Sender<u64>,
    open: watch::Sender<bool>,
) {
    while let Ok((device, _)) = listener.accept().await {
        if !*open.borrow() {
            continue;
        }
        counters.connections.fetch_add(1, SeqCst);
        let target = *target.borrow();
        tokio::spawn(connection(
            device,
            target,
            rtt,
            counters.clone(),
            cut.subscribe(),
        ));
    }
}

async fn connection(
    device: TcpStream,
    target: SocketAddr,
    rtt: Duration,
    counters: Arc<Counters>,
    mut cut: watch::Receiver<u64>,
) {
    // The TCP handshake of the emulated link: one round trip before the first byte.
    if !rtt.is_zero() {
        sleep(rtt).await;
    }
    let Ok(server) = TcpStream::connect(target).await else {
        return;
    };
    if device
        .set_nodelay(true)
        .and(server.set_nodelay(true))
        .is_err()
    {
        return;
    }
    let (device_read, device_write) = device.into_split();
    let (server_read, server_write) = server.into_split();
    let last_spoke = Arc::new(AtomicU8::new(0));
    let own_bytes = Arc::new(AtomicU64::new(0));
    let pipe = |direction| Pipe {
        direction,
        delay: rtt / 2,
        counters: counters.clone(),
        last_spoke: last_spoke.clone(),
        own_bytes: own_bytes.clone(),
    };
    tokio::select! {
        () = both(pipe(Direction::Up).run(device_read, server_write), pipe(Direction::Down).run(server_read, device_write)) => {}
        _ = cut.changed() => {}
    }
}

/// The connection was to be broken: neither side hears more.
struct Cut;

async fn both(
    up: impl Future<Output = Result<(), Cut>>,
    down: impl Future<Output = Result<(), Cut>>,
) {
    // A cut ends both at once; an end of one side lets the other finish.
    let _ = tokio::try_join!(up, down);
}

struct Pipe {
    direction: Direction,
    delay: Duration,
    counters: Arc<Counters>,
    last_spoke: Arc<AtomicU8>,
    own_bytes: Arc<AtomicU64>,
}

impl Pipe {
    async fn run(self, mut from: OwnedReadHalf, to: OwnedWriteHalf) -> Result<(), Cut> {
        let (queue, arrivals) = mpsc::channel(QUEUE_MAX);
        let writing = deliver(arrivals, to);
        let reading = async move {
            let mut buffer = vec![0; 64 * 1024];
            while let Ok(read) = from.read(&mut buffer).await {
                let Some(chunk) = buffer.get(..read).filter(|chunk| !chunk.is_empty()) else {
                    break;
                };
                if !self.count(chunk) {
                    return Err(Cut);
                }
                let due = Instant::now() + self.delay;
                if queue.send((due, chunk.to_vec())).await.is_err() {
                    break;
                }
            }
            Ok(())
        };
        let writing = async {
            writing.await;
            Ok::<(), Cut>(())
        };
        tokio::try_join!(reading, writing).map(|_| ())
    }

    /// Counts a chunk; false when the connection is to be cut before it.
    fn count(&self, chunk: &[u8]) -> bool {
        if self.direction == Direction::Down && self.counters.losing.swap(false, SeqCst) {
            return false;
        }
        let bytes = chunk.len() as u64;
        let speaker = if self.direction == Direction::Up {
            1
        } else {
            2
        };
        let spoke_before = self.last_spoke.swap(speaker, SeqCst);
        if self.direction == Direction::Up {
            self.counters.bytes_up.fetch_add(bytes, SeqCst);
            if spoke_before != 1 {
                self.counters.turns.fetch_add(1, SeqCst);
            }
        } else {
            self.counters.bytes_down.fetch_add(bytes, SeqCst);
        }
        if self.counters.capturing.load(SeqCst) {
            let mut captured = self
                .counters
                .captured
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            if captured.len() < CAPTURE_BYTES_MAX {
                captured.extend_from_slice(chunk);
            }
        }
        let cut_after = self.counters.cut_after.load(SeqCst);
        cut_after == 0 || self.own_bytes.fetch_add(bytes, SeqCst) + bytes <= cut_after
    }
}

async fn deliver(mut arrivals: mpsc::Receiver<(Instant, Vec<u8>)>, mut to: OwnedWriteHalf) {
    while let Some((at, chunk)) = arrivals.recv().await {
        sleep_until(at).await;
        if to.write_all(&chunk).await.is_err() {
            break;
        }
    }
    // The other side may have closed already: then there is nobody to tell.
    let _ = to.shutdown().await;
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

    async fn ask(stream: &mut TcpStream, text: &[u8]) -> std::io::Result<Vec<u8>> {
        stream.write_all(text).await?;
        let mut answer = vec![0; text.len()];
        stream.read_exact(&mut answer).await?;
        Ok(answer)
    }

    #[tokio::test]
    async fn it_counts_and_captures_what_passes() {
        let relay = Relay::start(echo().await, Duration::ZERO).await.unwrap();
        relay.capture();
        let mut stream = TcpStream::connect(relay.address()).await.unwrap();
        assert_eq!(ask(&mut stream, b"first").await.unwrap(), b"first");
        assert_eq!(ask(&mut stream, b"second").await.unwrap(), b"second");
        let expected = Passed {
            bytes_up: 11,
            bytes_down: 11,
            connections: 1,
            turns: 2,
        };
        assert_eq!(relay.passed(), expected);
        assert_eq!(relay.captured(), b"firstfirstsecondsecond");
    }

    #[tokio::test]
    async fn a_cut_breaks_what_is_open_and_lets_the_next_through() {
        let relay = Relay::start(echo().await, Duration::ZERO).await.unwrap();
        let mut stream = TcpStream::connect(relay.address()).await.unwrap();
        ask(&mut stream, b"heard").await.unwrap();
        relay.cut();
        let mut byte = [0];
        assert!(matches!(stream.read(&mut byte).await, Ok(0) | Err(_)));
        let mut next = TcpStream::connect(relay.address()).await.unwrap();
        assert_eq!(ask(&mut next, b"again").await.unwrap(), b"again");
    }

    #[tokio::test]
    async fn an_answer_is_lost_with_its_connection_and_the_next_one_is_heard() {
        let relay = Relay::start(echo().await, Duration::ZERO).await.unwrap();
        relay.lose_next_answer();
        let mut stream = TcpStream::connect(relay.address()).await.unwrap();
        assert!(ask(&mut stream, b"lost").await.is_err());
        assert!(relay.has_lost());
        let mut next = TcpStream::connect(relay.address()).await.unwrap();
        assert_eq!(ask(&mut next, b"heard").await.unwrap(), b"heard");
    }

    #[tokio::test]
    async fn a_relay_leads_to_another_target_when_told() {
        let nobody = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let relay = Relay::start(nobody.local_addr().unwrap(), Duration::ZERO)
            .await
            .unwrap();
        relay.lead_to(echo().await);
        let mut stream = TcpStream::connect(relay.address()).await.unwrap();
        assert_eq!(ask(&mut stream, b"here").await.unwrap(), b"here");
        relay.reset();
        assert_eq!(relay.passed(), Passed::default());
    }

    #[tokio::test]
    async fn without_cover_nothing_passes() {
        let relay = Relay::start(echo().await, Duration::ZERO).await.unwrap();
        relay.set_cover(false);
        let mut stream = TcpStream::connect(relay.address()).await.unwrap();
        assert!(ask(&mut stream, b"hello").await.is_err());
        relay.set_cover(true);
        let mut stream = TcpStream::connect(relay.address()).await.unwrap();
        assert_eq!(ask(&mut stream, b"hello").await.unwrap(), b"hello");
    }

    #[tokio::test]
    async fn a_connection_is_cut_when_its_bytes_are_used_up() {
        let relay = Relay::start(echo().await, Duration::ZERO).await.unwrap();
        relay.cut_after(8);
        let mut stream = TcpStream::connect(relay.address()).await.unwrap();
        ask(&mut stream, b"four").await.unwrap();
        assert!(ask(&mut stream, b"more").await.is_err());
    }
}
