//! Failures as answers: RFC 9457 problem details, in CBOR for devices, in JSON for the pages' data, as a page
//! for people.
//!
//! A handler returns a [`Failure`]; which form it takes, the request id and the one log line of a fault of the
//! server's own are added in one place, `logging`. A failure never says what it does not have to.

use crate::{store::StoreError, sync::CoreError};
use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use samspor_documents::time::UnixMillis;
use samspor_protocol::{
    problem::{Problem, code},
    version, wire,
};
use std::{error::Error, sync::Arc};

/// Why a request as a whole is not answered as asked: one variant per answer a client can act on.
#[derive(Debug, Clone)]
pub enum Failure {
    /// 400: the body is not of this protocol.
    Malformed(&'static str),
    /// 401: no token, or not one of an enrolled device for exactly this request.
    Unauthenticated,
    /// 401: the token's time is not the server's.
    Clock(UnixMillis),
    /// 401: this device was revoked.
    Revoked,
    /// 401: another installation speaks with this device's key.
    OtherInstallation,
    /// 401: another device took this one's place.
    Replaced,
    /// 403: the code is another practitioner's than the device whose place is to be taken.
    OtherPractitioner,
    /// 403: the enrolment code cannot be used; all reasons look the same.
    BadCode,
    /// 403: a page's form without the session's own token.
    Forged,
    /// 404: no such page, or not for this reader.
    NotFound,
    /// 405: the page is there, but not for this method.
    Method,
    /// 409: this revoked device has handed over something else before.
    HandedOver,
    /// 413: the body is over its limit.
    TooLarge,
    /// 426: the protocol version is not spoken here.
    Version,
    /// 500: the server's own fault.
    Internal(Arc<dyn Error + Send + Sync>),
    /// 503: nothing can be kept now.
    Unavailable(Option<Arc<dyn Error + Send + Sync>>),
}

impl Failure {
    /// A fault of the server's own.
    pub fn internal(cause: impl Error + Send + Sync + 'static) -> Self {
        Self::Internal(Arc::new(cause))
    }

    /// Its HTTP status.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::Unauthenticated
            | Self::Clock(_)
            | Self::Revoked
            | Self::OtherInstallation
            | Self::Replaced => StatusCode::UNAUTHORIZED,
            Self::BadCode | Self::OtherPractitioner | Self::Forged => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::HandedOver => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Version => StatusCode::UPGRADE_REQUIRED,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// Its stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) => code::MALFORMED,
            Self::Unauthenticated => code::UNAUTHENTICATED,
            Self::Clock(_) => code::CLOCK,
            Self::Revoked => code::REVOKED,
            Self::OtherInstallation => code::OTHER_INSTALLATION,
            Self::Replaced => code::REPLACED,
            Self::OtherPractitioner => code::OTHER_PRACTITIONER,
            Self::BadCode => code::BAD_CODE,
            Self::Forged => "forged",
            Self::NotFound => code::NOT_FOUND,
            Self::Method => "method",
            Self::HandedOver => code::HANDED_OVER,
            Self::TooLarge => code::TOO_LARGE,
            Self::Version => code::VERSION,
            Self::Internal(_) => code::INTERNAL,
            Self::Unavailable(_) => code::UNAVAILABLE,
        }
    }

    /// What to do about it.
    #[must_use]
    pub const fn detail(&self) -> &'static str {
        match self {
            Self::Malformed(detail) => detail,
            Self::Unauthenticated => {
                "sign this very request with the key of an enrolled device, or sign in"
            }
            Self::Clock(_) => {
                "the token's time is not the server's: correct it by server_time and ask again"
            }
            Self::Revoked => {
                "this device was revoked: it can hand over what it has not sent, nothing else"
            }
            Self::OtherInstallation => {
                "this store was copied from another installation: enrol it again with a new code"
            }
            Self::Replaced => {
                "another device took this one's place: enrol again with a new code to go on"
            }
            Self::OtherPractitioner => "this code is for another practitioner than this store",
            Self::BadCode => "this enrolment code cannot be used: ask for a new one",
            Self::Forged => "the form is too old: load the page again",
            Self::NotFound => "there is no such page, or not for this reader",
            Self::Method => "this address is not asked by this method",
            Self::HandedOver => {
                "this device has handed over something else before: nothing of this was kept"
            }
            Self::TooLarge => "the body is over its limit: send less at once",
            Self::Version => "this protocol version is not spoken here: update the app",
            Self::Internal(_) => "the server failed: support finds the cause by the request id",
            Self::Unavailable(_) => "the server cannot keep anything now: try again later",
        }
    }

    /// What failed inside, for the log.
    #[must_use]
    pub fn cause(&self) -> Option<&(dyn Error + Send + Sync + 'static)> {
        match self {
            Self::Internal(cause) | Self::Unavailable(Some(cause)) => Some(cause.as_ref()),
            _ => None,
        }
    }

    fn problem(&self, request_id: &str) -> Problem {
        Problem {
            code: self.code().to_owned(),
            detail: self.detail().to_owned(),
            request_id: request_id.to_owned(),
            server_time: match self {
                Self::Clock(now) => Some(now.0),
                _ => None,
            },
        }
    }

    fn answer(&self, media: &'static str, body: impl Into<Body>) -> Response {
        let mut response = Response::new(body.into());
        *response.status_mut() = self.status();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }

    /// For a device: CBOR.
    #[must_use]
    pub fn for_device(&self, request_id: &str) -> Response {
        let body = wire::encode(&self.problem(request_id));
        let mut response = self.answer(version::MEDIA_CBOR, body);
        if matches!(self, Self::Version) {
            let range = format!("{}-{}", version::OLDEST, version::CURRENT);
            if let Ok(range) = HeaderValue::from_str(&range) {
                response.headers_mut().insert(version::HEADER, range);
            }
        }
        response
    }

    /// For a page's data: problem+json with `type`, `title` and `status` beside the problem's own members.
    #[must_use]
    pub fn for_data(&self, request_id: &str) -> Response {
        let status = self.status();
        let body = serde_json::json!({
            "type": format!("urn:samspor:problem:{}", self.code()),
            "title": status.canonical_reason().unwrap_or_default(),
            "status": status.as_u16(),
            "code": self.code(),
            "detail": self.detail(),
            "request_id": request_id,
        });
        self.answer("application/problem+json", body.to_string())
    }
}

impl IntoResponse for Failure {
    /// A bare answer that carries the failure: `logging` gives it its form.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        if error.is_unavailable() {
            Self::Unavailable(Some(Arc::new(error)))
        } else {
            Self::internal(error)
        }
    }
}

impl From<CoreError> for Failure {
    fn from(error: CoreError) -> Self {
        match error {
            CoreError::Malformed(_) => Self::Malformed("the body is not of this protocol"),
            CoreError::Cursor => {
                Self::Malformed("the cursor is not one of this protocol: send none to begin anew")
            }
            CoreError::TooLarge(_) => Self::TooLarge,
            CoreError::Unavailable => Self::Unavailable(None),
            CoreError::Internal(_) => Self::internal(error),
        }
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        StoreError::from(error).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_failure_has_a_code_and_says_what_to_do_without_its_cause() {
        let cause = || Arc::new(std::io::Error::other("Freja Holm"));
        let failures = [
            Failure::Malformed("the body is not a push"),
            Failure::Unauthenticated,
            Failure::Clock(UnixMillis(5)),
            Failure::Revoked,
            Failure::OtherInstallation,
            Failure::Replaced,
            Failure::OtherPractitioner,
            Failure::BadCode,
            Failure::Forged,
            Failure::NotFound,
            Failure::Method,
            Failure::HandedOver,
            Failure::TooLarge,
            Failure::Version,
            Failure::Internal(cause()),
            Failure::Unavailable(Some(cause())),
        ];
        for failure in failures {
            let problem = failure.problem("r-1");
            assert!(!problem.detail.is_empty() && !problem.detail.contains("Freja"));
            assert_eq!(problem.request_id, "r-1");
            assert_eq!(problem.server_time.is_some(), problem.code == "clock");
            assert!(
                failure.for_device("r").status().is_client_error() || failure.cause().is_some()
            );
        }
    }

    #[test]
    fn an_unknown_version_is_told_the_range() {
        let response = Failure::Version.for_device("r");
        assert_eq!(response.headers()[version::HEADER], "1-1");
    }
}
