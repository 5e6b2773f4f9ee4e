//! One line per request, and the form of its failures.
//!
//! Logged are the request id, the route's template (never the path), the method, the status, milliseconds, bytes
//! and the opaque device id. Never a body, a name, a query or a token. A fault of the server's own is logged once,
//! here, with its causes; its answer says nothing of them.

use crate::{
    problem::Failure,
    settings::{LogFormat, Settings},
    web,
};
use axum::{
    body::HttpBody as _,
    extract::{MatchedPath, Request},
    http::{HeaderValue, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use futures_util::FutureExt as _;
use samspor_documents::id::DeviceId;
use samspor_protocol::version;
use std::{error::Error, fmt, io::IsTerminal as _, panic::AssertUnwindSafe, time::Instant};
use tracing_subscriber::EnvFilter;

/// Set on an answer by its handler: the device it is for.
#[derive(Debug, Clone, Copy)]
pub struct ForDevice(pub DeviceId);

/// A subscriber is set already, or the filter is none.
#[derive(Debug, thiserror::Error)]
pub enum LoggingError {
    /// The filter cannot be read.
    #[error("log_filter must be a level or a filter of the tracing library")]
    Filter(#[source] tracing_subscriber::filter::ParseError),
    /// Something else in this process logs already.
    #[error("the log is set up already")]
    Twice,
}

/// Starts logging to standard error, for this whole process.
///
/// # Errors
/// The filter cannot be read, or logging was started before.
pub fn start(settings: &Settings) -> Result<(), LoggingError> {
    let filter = EnvFilter::try_new(&settings.log_filter).map_err(LoggingError::Filter)?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    let started = match settings.log_format {
        LogFormat::Text => builder.with_target(false).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
    started.map_err(|_| LoggingError::Twice)
}

/// An error and its causes, in one line.
struct Causes<'a>(&'a (dyn Error + 'static));

impl fmt::Display for Causes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

/// A handler panicked. Where, the panic's own line in the log says.
#[derive(Debug, thiserror::Error)]
#[error("the handler panicked")]
struct Panicked;

/// Who a path speaks to, and so the form of its failures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Speaks {
    /// A device: CBOR.
    Device,
    /// A page's script or another program: problem+json.
    Data,
    /// A person: a page.
    Person,
}

impl Speaks {
    fn of(path: &str) -> Self {
        if path.starts_with("/v1/") {
            Self::Device
        } else if path.starts_with("/api/") {
            Self::Data
        } else {
            Self::Person
        }
    }
}

fn formed(failure: &Failure, speaks: Speaks, request_id: &str, wishes: &web::Wishes) -> Response {
    match speaks {
        Speaks::Device => failure.for_device(request_id),
        Speaks::Data => failure.for_data(request_id),
        Speaks::Person => web::failure_page(failure, request_id, wishes),
    }
}

/// Wraps every request: gives it an id, gives its failure a form, writes its line.
pub async fn envelope(request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let request_id = uuid::Uuid::new_v4().as_simple().to_string();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let method = request.method().clone();
    let speaks = Speaks::of(request.uri().path());
    let bytes_in = request.body().size_hint().lower();
    let wishes = web::Wishes::of(request.headers(), request.uri().query());

    // A panic ends its own request, not the connection's others.
    let run = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    let mut response = run.unwrap_or_else(|_| Failure::internal(Panicked).into_response());
    if let Some(failure) = response.extensions_mut().remove::<Failure>() {
        if let Some(cause) = failure.cause() {
            tracing::error!(request_id, code = failure.code(), cause = %Causes(cause), "failed");
        }
        response = formed(&failure, speaks, &request_id, &wishes);
    }
    if speaks == Speaks::Device && !response.headers().contains_key(version::HEADER) {
        let current = HeaderValue::from(version::CURRENT);
        response.headers_mut().insert(version::HEADER, current);
    }
    if response.status().is_server_error() && !response.headers().contains_key(header::RETRY_AFTER)
    {
        let seconds = HeaderValue::from_static("2");
        response.headers_mut().insert(header::RETRY_AFTER, seconds);
    }
    let device = response.extensions().get::<ForDevice>();
    tracing::info!(
        request_id,
        method = %method,
        route = route.as_ref().map_or("-", |route| route.as_str()),
        status = response.status().as_u16(),
        ms = begun.elapsed().as_millis(),
        bytes_in,
        bytes_out = response.body().size_hint().exact(),
        device = device.map(|device| tracing::field::display(device.0)),
        "request"
    );
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failures_form_follows_the_path() {
        let rows = [
            ("/v1/push", Speaks::Device),
            ("/v1/", Speaks::Device),
            ("/api/v1/children", Speaks::Data),
            ("/", Speaks::Person),
            ("/children/1", Speaks::Person),
            ("/v11", Speaks::Person),
        ];
        for (path, speaks) in rows {
            assert_eq!(Speaks::of(path), speaks, "{path}");
        }
    }

    #[test]
    fn causes_stand_in_one_line() {
        let error = crate::store::StoreError::Query {
            source: sqlx::Error::RowNotFound,
        };
        let line = Causes(&error).to_string();
        assert!(
            line.starts_with("a database query failed: no rows"),
            "{line}"
        );
    }
}
