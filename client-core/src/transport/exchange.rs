//! Requests signed by the device and answers read: what the sync and the enrolment ask for, in types.

use super::{Courier, Letter, TransportError};
use crate::{engine::Failure, error::DeviceError, key::DeviceKey, store::meta::Enrolment};
use samspor_documents::{id::DocumentId, time::UnixMillis};
use samspor_protocol::{
    enrol::{EnrolRequest, EnrolResponse},
    evidence::EvidenceRequest,
    feed::{FeedRequest, Page},
    frame, limits,
    problem::{Problem, code},
    push::{PushRequest, PushResponse},
    quarantine::Receipt,
    repair::{ItemId, RepairRequest, Tags},
    sign::{SignatureStatement, TextSignature},
    token::{self, Speaker},
    version::path,
    wire,
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

/// How long any answer may take beyond what the server was asked to wait.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(60);
/// How long handing over everything may take, over a poor connection.
const DELIVERY_TIMEOUT: Duration = Duration::from_secs(10 * 60);
/// A frame's or an answer's own bytes beyond its content's limit.
const SLACK_BYTES: usize = 64 * 1024;

/// An exchange that failed: what the engine does about it, and what a person is told.
#[derive(Debug)]
pub(crate) struct Failed {
    /// For the engine.
    pub(crate) failure: Failure,
    /// For a person.
    pub(crate) error: Box<DeviceError>,
}

impl From<TransportError> for Failed {
    fn from(source: TransportError) -> Self {
        let fatal = |error| Self {
            failure: Failure::Fatal,
            error: Box::new(error),
        };
        match source {
            TransportError::BadAddress => fatal(DeviceError::BadAddress),
            TransportError::WrongPin => fatal(DeviceError::WrongPin),
            TransportError::Tls { .. } | TransportError::TooLarge { .. } => {
                fatal(DeviceError::Unreachable { source })
            }
            source => Self {
                failure: Failure::Retry,
                error: Box::new(DeviceError::Unreachable { source }),
            },
        }
    }
}

impl From<wire::WireError> for Failed {
    fn from(source: wire::WireError) -> Self {
        Self {
            failure: Failure::Fatal,
            error: Box::new(DeviceError::Wire { source }),
        }
    }
}

/// Asks the server as this device.
pub(crate) struct Exchange {
    courier: Arc<dyn Courier>,
    speaker: Speaker,
    key: DeviceKey,
    /// To be added to the machine's clock, in milliseconds.
    pub(crate) offset: AtomicI64,
    pub(crate) bytes_up: AtomicU64,
    pub(crate) bytes_down: AtomicU64,
}

impl Exchange {
    /// As an enrolled device, by this road.
    pub(crate) fn new(
        enrolment: &Enrolment,
        key: DeviceKey,
        courier: Arc<dyn Courier>,
        install: [u8; 16],
        offset: i64,
    ) -> Self {
        Self {
            courier,
            speaker: Speaker {
                device: enrolment.device,
                organisation: enrolment.organisation,
                install,
            },
            key,
            offset: AtomicI64::new(offset),
            bytes_up: AtomicU64::new(0),
            bytes_down: AtomicU64::new(0),
        }
    }

    /// Sends operations.
    pub(crate) async fn push(
        &self,
        now: UnixMillis,
        request: &PushRequest,
    ) -> Result<PushResponse, Failed> {
        let body = packed(wire::encode(request)).await?;
        let reply = self
            .signed(
                now,
                path::PUSH,
                body,
                limits::PUSH_BYTES_MAX,
                ANSWER_TIMEOUT,
            )
            .await?;
        Ok(wire::decode("push answer", &reply)?)
    }

    /// Asks for a page.
    pub(crate) async fn feed(&self, now: UnixMillis, request: FeedRequest) -> Result<Page, Failed> {
        let timeout = ANSWER_TIMEOUT + Duration::from_millis(request.wait_millis.into());
        let limit = limits::PAGE_COMPRESSED_BYTES_MAX
            .max(limits::DOCUMENT_BYTES_MAX)
            .saturating_add(SLACK_BYTES);
        let body = wire::encode(&request);
        let frame = self.signed(now, path::FEED, body, limit, timeout).await?;
        decode_page(frame).await
    }

    /// Asks for the tags after an item.
    pub(crate) async fn tags(
        &self,
        now: UnixMillis,
        after: Option<ItemId>,
    ) -> Result<Tags, Failed> {
        let body = wire::encode(&RepairRequest::Tags(after));
        let limit = limits::PAGE_COMPRESSED_BYTES_MAX;
        let reply = self
            .signed(now, path::REPAIR, body, limit, ANSWER_TIMEOUT)
            .await?;
        Ok(wire::decode("list of tags", &reply)?)
    }

    /// Asks for items whole.
    pub(crate) async fn whole(&self, now: UnixMillis, items: Vec<ItemId>) -> Result<Page, Failed> {
        let body = wire::encode(&RepairRequest::Whole(items));
        let limit = limits::PAGE_DECODED_BYTES_MAX;
        let frame = self
            .signed(now, path::REPAIR, body, limit, ANSWER_TIMEOUT)
            .await?;
        decode_page(frame).await
    }

    /// Asks for what proves a signed text: the bytes of a file, not looked at.
    pub(crate) async fn evidence(
        &self,
        now: UnixMillis,
        document: DocumentId,
    ) -> Result<Vec<u8>, Failed> {
        let body = wire::encode(&EvidenceRequest { document });
        let limit = limits::SIGNED_RECORD_BYTES_MAX;
        self.signed(now, path::EVIDENCE, body, limit, ANSWER_TIMEOUT)
            .await
    }

    /// Hands over, as a revoked device, what could not be delivered.
    pub(crate) async fn quarantine(
        &self,
        now: UnixMillis,
        delivery: Vec<u8>,
    ) -> Result<Receipt, Failed> {
        let body = packed(delivery).await?;
        let limit = limits::REQUEST_BYTES_MAX;
        let reply = self
            .signed(now, path::QUARANTINE, body, limit, DELIVERY_TIMEOUT)
            .await?;
        Ok(wire::decode("receipt", &reply)?)
    }

    /// The request of another device of this store, which takes this one's place.
    pub(crate) fn succeeded_by(&self, request: EnrolRequest) -> EnrolRequest {
        request.succeeding(self.speaker.device, &self.key.0)
    }

    /// Signs a text with the device's key.
    pub(crate) fn sign_text(&self, statement: &SignatureStatement<'_>) -> TextSignature {
        statement.sign(&self.key.0)
    }

    async fn signed(
        &self,
        now: UnixMillis,
        path: &'static str,
        body: Vec<u8>,
        answer_bytes_max: usize,
        timeout: Duration,
    ) -> Result<Vec<u8>, Failed> {
        let request = token::Request {
            method: "POST",
            path,
            body: &body,
        };
        let time = now.plus(self.offset.load(Ordering::Relaxed));
        let token = token::make(&self.speaker, &self.key.0, time, &request);
        add(&self.bytes_up, body.len());
        let letter = Letter {
            path,
            token: Some(token),
            body,
            answer_bytes_max,
            timeout,
        };
        let reply = self.courier.post(letter).await?;
        add(&self.bytes_down, reply.body.len());
        read(reply.status, reply.body)
    }
}

/// Asks to be enrolled. Signed by the device's new key inside the request, so it needs no token.
pub(crate) async fn enrol(
    courier: &dyn Courier,
    request: &EnrolRequest,
) -> Result<EnrolResponse, Failed> {
    let letter = Letter {
        path: path::ENROL,
        token: None,
        body: wire::encode(request),
        answer_bytes_max: limits::REQUEST_BYTES_MAX,
        timeout: ANSWER_TIMEOUT,
    };
    let reply = courier.post(letter).await?;
    let body = read(reply.status, reply.body)?;
    Ok(wire::decode("enrolment answer", &body)?)
}

fn add(counter: &AtomicU64, bytes: usize) {
    counter.fetch_add(u64::try_from(bytes).unwrap_or(0), Ordering::Relaxed);
}

/// A small body costs microseconds to compress; a large one is not compressed on the thread that serves the network.
async fn packed(body: Vec<u8>) -> Result<Vec<u8>, Failed> {
    const SMALL_BYTES: usize = 32 * 1024;
    if body.len() <= SMALL_BYTES {
        return Ok(frame::pack(body));
    }
    let packing = tokio::task::spawn_blocking(move || frame::pack(body));
    packing
        .await
        .map_err(|_| wire::WireError::Compression { what: "push" }.into())
}

/// Inflating and decoding a full page takes some milliseconds: not on the thread that serves the network.
async fn decode_page(frame: Vec<u8>) -> Result<Page, Failed> {
    const SMALL_BYTES: usize = 16 * 1024;
    if frame.len() <= SMALL_BYTES {
        return Ok(frame::decode_page(&frame)?);
    }
    let decoded = tokio::task::spawn_blocking(move || frame::decode_page(&frame)).await;
    match decoded {
        Ok(page) => Ok(page?),
        Err(_) => Err(wire::WireError::Compression { what: "page" }.into()),
    }
}

/// The body of a good answer, or what its problem means.
fn read(status: u16, body: Vec<u8>) -> Result<Vec<u8>, Failed> {
    if status == 200 {
        return Ok(body);
    }
    let problem: Problem = wire::decode("problem", &body).unwrap_or_else(|_| Problem {
        code: status.to_string(),
        detail: String::new(),
        request_id: String::new(),
        server_time: None,
    });
    Err(explain(status, problem))
}

fn explain(status: u16, problem: Problem) -> Failed {
    let (failure, error) = match problem.code.as_str() {
        code::CLOCK => (
            problem
                .server_time
                .map_or(Failure::Fatal, |time| Failure::Clock(UnixMillis(time))),
            DeviceError::NotAccepted,
        ),
        code::UNAUTHENTICATED => (Failure::Fatal, DeviceError::NotAccepted),
        code::REVOKED => (Failure::Fatal, DeviceError::Revoked),
        code::HANDED_OVER => (Failure::Fatal, DeviceError::HandedOverBefore),
        code::NOT_FOUND => (Failure::Fatal, DeviceError::NoEvidence),
        code::OTHER_INSTALLATION => (Failure::Fatal, DeviceError::CopiedStore),
        code::REPLACED => (Failure::Fatal, DeviceError::Replaced),
        code::OTHER_PRACTITIONER => (Failure::Fatal, DeviceError::OtherPractitioner),
        code::BAD_CODE => (Failure::Fatal, DeviceError::CodeRefused),
        code::VERSION => (Failure::Fatal, DeviceError::Version),
        code::RATE | code::UNAVAILABLE => (Failure::Retry, DeviceError::Busy),
        _ => (
            if status >= 500 || status == 429 || status == 408 {
                Failure::Retry
            } else {
                Failure::Fatal
            },
            DeviceError::Server {
                code: problem.code,
                request_id: problem.request_id,
            },
        ),
    };
    Failed {
        failure,
        error: Box::new(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(code: &str, server_time: Option<i64>) -> Vec<u8> {
        wire::encode(&Problem {
            code: code.to_owned(),
            detail: "detail".to_owned(),
            request_id: "1".to_owned(),
            server_time,
        })
    }

    #[test]
    fn each_problem_is_either_waited_for_corrected_or_told() {
        let cases = [
            (
                401,
                problem(code::CLOCK, Some(7)),
                Failure::Clock(UnixMillis(7)),
            ),
            (401, problem(code::CLOCK, None), Failure::Fatal),
            (401, problem(code::REVOKED, None), Failure::Fatal),
            (401, problem(code::UNAUTHENTICATED, None), Failure::Fatal),
            (426, problem(code::VERSION, None), Failure::Fatal),
            (400, problem(code::MALFORMED, None), Failure::Fatal),
            (429, problem(code::RATE, None), Failure::Retry),
            (503, problem(code::UNAVAILABLE, None), Failure::Retry),
            (500, problem(code::INTERNAL, None), Failure::Retry),
            (502, b"<html>".to_vec(), Failure::Retry),
            (404, b"<html>".to_vec(), Failure::Fatal),
            (404, problem(code::NOT_FOUND, None), Failure::Fatal),
        ];
        for (status, body, expected) in cases {
            let failed = read(status, body).expect_err("a problem");
            assert_eq!(
                failed.failure, expected,
                "status {status}: {}",
                failed.error
            );
        }
        assert_eq!(read(200, vec![1]).expect("good"), vec![1]);
    }
}
