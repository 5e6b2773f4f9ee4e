//! The devices' side of HTTP: bounded raw bodies, the protocol's version, who asks; then the step itself.

use crate::{
    app::App,
    auth, clock, enrol, evidence, feed,
    logging::ForDevice,
    problem::Failure,
    push,
    quarantine::{self, Quarantine},
    repair::{self, RepairAnswer},
    sync::Caller,
};
use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, header},
    middleware::Next,
    response::Response,
};
use bytes::Bytes;
use samspor_documents::id::DeviceId;
use samspor_protocol::{enrol::EnrolRequest, feed::FeedRequest, limits, token, version, wire};
use std::{sync::Arc, time::Duration};

/// How long a body may take to arrive.
const BODY_MAX: Duration = Duration::from_secs(60);
/// How long all that a revoked device hands over may take to arrive, over a poor connection.
const DELIVERY_MAX: Duration = Duration::from_secs(10 * 60);

/// Refuses a protocol version that is not spoken here.
///
/// # Errors
/// `Version` when the header is absent or names another.
pub async fn speaks(request: Request, next: Next) -> Result<Response, Failure> {
    let asked = request.headers().get(version::HEADER);
    let asked = asked
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.trim().parse().ok());
    if asked.is_some_and(version::speaks) {
        Ok(next.run(request).await)
    } else {
        Err(Failure::Version)
    }
}

/// The whole body, never more than `bytes_max`.
async fn body(headers: &HeaderMap, body: Body, bytes_max: usize) -> Result<Bytes, Failure> {
    body_within(headers, body, bytes_max, BODY_MAX).await
}

/// The whole body, never more than `bytes_max`, if it arrives in time.
async fn body_within(
    headers: &HeaderMap,
    body: Body,
    bytes_max: usize,
    time_max: Duration,
) -> Result<Bytes, Failure> {
    let told = headers.get(header::CONTENT_LENGTH);
    let told = told
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.parse::<usize>().ok());
    if told.is_some_and(|told| told > bytes_max) {
        return Err(Failure::TooLarge);
    }
    let whole = tokio::time::timeout(time_max, to_bytes(body, bytes_max)).await;
    let whole = whole.map_err(|_| Failure::Malformed("the body did not arrive in time"))?;
    whole.map_err(|error| {
        let limit = std::error::Error::source(&error)
            .is_some_and(<dyn std::error::Error>::is::<http_body_util::LengthLimitError>);
        if limit {
            Failure::TooLarge
        } else {
            Failure::Malformed("the body did not arrive whole")
        }
    })
}

/// A signed request: its body, and who sent it.
async fn signed(app: &App, request: Request, bytes_max: usize) -> Result<(Caller, Bytes), Failure> {
    let (parts, stream) = request.into_parts();
    let body = body(&parts.headers, stream, bytes_max).await?;
    let signed = token::Request {
        method: parts.method.as_str(),
        path: parts.uri.path(),
        body: &body,
    };
    let caller =
        auth::authenticate(&app.devices, app.organisation, &parts.headers, &signed).await?;
    Ok((caller, body))
}

fn answer(media: &'static str, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// `POST /v1/enrol`
///
/// # Errors
/// `BadCode` for whatever is wrong with the code; `Malformed`, `TooLarge`.
pub async fn enrol(State(app): State<Arc<App>>, request: Request) -> Result<Response, Failure> {
    let (parts, stream) = request.into_parts();
    let body = body(&parts.headers, stream, limits::REQUEST_BYTES_MAX).await?;
    let request: EnrolRequest = wire::decode("enrolment request", &body)
        .map_err(|_| Failure::Malformed("the body is not an enrolment request"))?;
    let enrolment = enrol::Enrolment {
        store: &app.store,
        keys: &app.keys,
        organisation: app.organisation,
        lease_millis: i64::try_from(app.settings.lease.as_millis()).unwrap_or(i64::MAX),
    };
    let response = enrol::enrol(&enrolment, &request, clock::now()).await?;
    if request.succeeds.is_some() {
        // The device whose place was taken is refused from now on, here at once.
        app.devices.refresh().await?;
    }
    let mut answer = answer(version::MEDIA_CBOR, wire::encode(&response));
    answer.extensions_mut().insert(ForDevice(request.device));
    Ok(answer)
}

/// `POST /v1/push`
///
/// # Errors
/// Of the request as a whole; an operation that is refused is an answer, not an error.
pub async fn push(State(app): State<Arc<App>>, request: Request) -> Result<Response, Failure> {
    let (caller, body) = signed(&app, request, limits::PUSH_BYTES_MAX).await?;
    let response = push::push(&app.core, &caller, &body).await?;
    app.devices.contacts.note_push(caller.device, clock::now());
    Ok(for_device(
        &caller,
        answer(version::MEDIA_CBOR, wire::encode(&response)),
    ))
}

/// The request with no longer a wait than this server's setting allows; what the device says of itself is noted.
fn asked(app: &App, device: DeviceId, body: Bytes) -> Bytes {
    let most = u32::try_from(app.settings.wait_max.as_millis()).unwrap_or(u32::MAX);
    let Ok(request) = wire::decode::<FeedRequest>("feed request", &body) else {
        return body;
    };
    let contacts = &app.devices.contacts;
    contacts.note_asked(device, clock::now(), request.tells);
    if request.wait_millis <= most {
        return body;
    }
    wire::encode(&FeedRequest {
        wait_millis: most,
        ..request
    })
    .into()
}

/// `POST /v1/feed`
///
/// # Errors
/// As [`signed`]; as [`feed::feed`].
pub async fn feed(State(app): State<Arc<App>>, request: Request) -> Result<Response, Failure> {
    let (caller, body) = signed(&app, request, limits::REQUEST_BYTES_MAX).await?;
    let body = asked(&app, caller.device, body);
    // A parked poll ends at once when its device is revoked or replaced.
    let page = tokio::select! {
        page = feed::feed(&app.core, &caller, &body) => page?,
        barred = app.devices.barred(caller.device) => return Err(barred),
    };
    let contacts = &app.devices.contacts;
    contacts.note_page(caller.device, clock::now(), page.up_to_date);
    Ok(for_device(&caller, answer(version::MEDIA_PAGE, page.frame)))
}

/// `POST /v1/repair`
///
/// # Errors
/// As [`signed`]; as [`repair::repair`].
pub async fn repair(State(app): State<Arc<App>>, request: Request) -> Result<Response, Failure> {
    let (caller, body) = signed(&app, request, limits::REQUEST_BYTES_MAX).await?;
    let response = match repair::repair(&app.core, &caller, &body).await? {
        RepairAnswer::Tags(tags) => answer(version::MEDIA_CBOR, tags),
        RepairAnswer::Page(page) => answer(version::MEDIA_PAGE, page),
    };
    Ok(for_device(&caller, response))
}

/// `POST /v1/evidence`
///
/// # Errors
/// As [`signed`]; `NotFound` for what is not signed, not visible, or not there.
pub async fn evidence(State(app): State<Arc<App>>, request: Request) -> Result<Response, Failure> {
    let (caller, body) = signed(&app, request, limits::REQUEST_BYTES_MAX).await?;
    let file = evidence::evidence(&app, &caller, &body).await?;
    Ok(for_device(&caller, answer(version::MEDIA_CBOR, file)))
}

/// `POST /v1/quarantine`
///
/// # Errors
/// `Unauthenticated` for every device that is not revoked, before its body is taken in; `Unavailable` while as many
/// deliveries arrive as may at once; as [`quarantine::receive`].
pub async fn quarantine(
    State(app): State<Arc<App>>,
    request: Request,
) -> Result<Response, Failure> {
    let (parts, stream) = request.into_parts();
    auth::may_hand_over(&app.devices, &parts.headers).await?;
    let turn = app.deliveries.try_acquire();
    let _turn = turn.map_err(|_| Failure::Unavailable(None))?;
    let limit = limits::QUARANTINE_BYTES_MAX;
    let body = body_within(&parts.headers, stream, limit, DELIVERY_MAX).await?;
    let signed = token::Request {
        method: parts.method.as_str(),
        path: parts.uri.path(),
        body: &body,
    };
    let (devices, organisation) = (&app.devices, app.organisation);
    let caller = auth::authenticate_revoked(devices, organisation, &parts.headers, &signed).await?;
    let quarantine = Quarantine {
        store: &app.store,
        keys: &app.keys,
        keep: app.settings.quarantine,
    };
    let receipt = quarantine::receive(&quarantine, &caller, &body, clock::now()).await?;
    Ok(for_device(
        &caller,
        answer(version::MEDIA_CBOR, wire::encode(&receipt)),
    ))
}

fn for_device(caller: &Caller, mut response: Response) -> Response {
    response.extensions_mut().insert(ForDevice(caller.device));
    response
}
