//! Bytes over HTTP/2 (or 1.1 where a proxy on the way speaks no more). Headers are few and small: what
//! travels for nothing is paid for by every phone, every time.

use super::{Courier, Letter, Reply, TransportError, tls};
use futures_util::future::BoxFuture;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use samspor_protocol::{hash::Hash32, version};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// How long a connection may take to be made.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long an idle connection is kept: a parked poll is renewed before.
const IDLE_TIMEOUT: Duration = Duration::from_secs(90);
/// How often a connection with a parked request is asked whether it lives.
const KEEP_ALIVE: Duration = Duration::from_secs(20);
/// How much may arrive before it is taken in: more than a page.
const WINDOW_BYTES: u32 = 4 * 1024 * 1024;

/// The road to one server.
pub(crate) struct HttpCourier {
    client: reqwest::Client,
    server: String,
    mismatch: Arc<AtomicBool>,
}

impl HttpCourier {
    /// A road to `server` (`https://host:port`). Nothing is sent yet.
    pub(crate) fn new(server: &str, pin: Option<Hash32>) -> Result<Self, TransportError> {
        let server = server.trim_end_matches('/').to_owned();
        let is_address = reqwest::Url::parse(&server).is_ok_and(|url| {
            url.scheme() == "https" && url.has_host() && matches!(url.path(), "" | "/")
        });
        if !is_address {
            return Err(TransportError::BadAddress);
        }
        let tls = tls::make(pin)?;
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(version::MEDIA_CBOR));
        headers.insert(
            HeaderName::from_static(version::HEADER),
            HeaderValue::from(version::CURRENT),
        );
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls.config)
            .default_headers(headers)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .retry(reqwest::retry::never())
            .connect_timeout(CONNECT_TIMEOUT)
            .pool_idle_timeout(IDLE_TIMEOUT)
            .tcp_nodelay(true)
            .http2_initial_stream_window_size(WINDOW_BYTES)
            .http2_initial_connection_window_size(WINDOW_BYTES)
            .http2_keep_alive_interval(KEEP_ALIVE)
            .http2_keep_alive_while_idle(false)
            .build()
            .map_err(|source| TransportError::Connection { source })?;
        Ok(Self {
            client,
            server,
            mismatch: tls.mismatch,
        })
    }

    async fn send(&self, letter: Letter) -> Result<Reply, TransportError> {
        let mut request = self
            .client
            .post(format!("{}{}", self.server, letter.path))
            .timeout(letter.timeout)
            .body(letter.body);
        if let Some(token) = letter.token {
            let mut value = HeaderValue::try_from(format!("Bearer {token}"))
                .map_err(|_| TransportError::BadAddress)?;
            value.set_sensitive(true);
            request = request.header(AUTHORIZATION, value);
        }
        let broken = |source: reqwest::Error| self.explain(source);
        let mut response = request.send().await.map_err(broken)?;
        let status = response.status().as_u16();
        let limit = letter.answer_bytes_max;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(broken)? {
            if body.len() + chunk.len() > limit {
                return Err(TransportError::TooLarge { limit });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Reply { status, body })
    }

    /// A wrong key shows as a failed connection; the verifier remembers that it was the key.
    fn explain(&self, source: reqwest::Error) -> TransportError {
        if self.mismatch.swap(false, Ordering::Relaxed) {
            TransportError::WrongPin
        } else {
            // The address may not stand in a log or message.
            TransportError::Connection {
                source: source.without_url(),
            }
        }
    }
}

impl Courier for HttpCourier {
    fn post(&self, letter: Letter) -> BoxFuture<'_, Result<Reply, TransportError>> {
        Box::pin(self.send(letter))
    }
}
