//! From a device to its server: HTTP/2 over TLS to the key that the enrolment code named.
//!
//! `http` carries bytes, `tls` decides whom to talk to, `exchange` signs requests and reads answers.
//! Nothing is sent before the server's key was checked.

pub(crate) mod exchange;
mod http;
mod tls;

pub(crate) use http::HttpCourier;

use futures_util::future::BoxFuture;
use std::time::Duration;

/// Why no answer came.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// The address is not `https://host:port`.
    #[error("not an https address")]
    BadAddress,
    /// The server's key is not the pinned one.
    #[error("the server's key is not the one in the enrolment code")]
    WrongPin,
    /// TLS could not be set up on this machine.
    #[error("TLS cannot be set up")]
    Tls {
        /// Why.
        #[source]
        source: rustls::Error,
    },
    /// No connection, or it broke.
    #[error("no connection to the server, or it broke")]
    Connection {
        /// Why.
        #[source]
        source: reqwest::Error,
    },
    /// The answer is over its limit.
    #[error("the server's answer is over its limit of {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
    /// No such road in this test.
    #[cfg(test)]
    #[error("cut")]
    Cut,
}

/// One request.
#[derive(Debug)]
pub(crate) struct Letter {
    /// Its path.
    pub(crate) path: &'static str,
    /// Its token, where one is needed.
    pub(crate) token: Option<String>,
    /// Its body.
    pub(crate) body: Vec<u8>,
    /// How many bytes the answer may have.
    pub(crate) answer_bytes_max: usize,
    /// How long to wait for the answer.
    pub(crate) timeout: Duration,
}

/// One answer.
#[derive(Debug)]
pub(crate) struct Reply {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The body.
    pub(crate) body: Vec<u8>,
}

/// Carries a request to the server and its answer back. The engine's tests have one without a network.
pub(crate) trait Courier: Send + Sync {
    /// Sends and waits.
    fn post(&self, letter: Letter) -> BoxFuture<'_, Result<Reply, TransportError>>;
}
