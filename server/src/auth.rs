//! Who asks: the bearer token of a signed request, checked against the enrolled device's key.
//!
//! Only who holds the key learns more than "no": the signature is checked first, then whether the token is for
//! this method, path and body, then its time, and only then whether the device was revoked.

use crate::{clock, devices::Devices, problem::Failure, sync::Caller};
use axum::http::{HeaderMap, header};
use samspor_documents::id::OrganisationId;
use samspor_protocol::token::{Request, TokenError, Unchecked};

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| token.trim_start())
}

/// The caller of a request with this raw body.
///
/// # Errors
/// `Unauthenticated`, `Clock` or `Revoked`; `Internal` or `Unavailable` when the database cannot be read.
pub async fn authenticate(
    devices: &Devices,
    organisation: OrganisationId,
    headers: &HeaderMap,
    request: &Request<'_>,
) -> Result<Caller, Failure> {
    let token = bearer(headers).ok_or(Failure::Unauthenticated)?;
    let token = Unchecked::parse(token).map_err(|_| Failure::Unauthenticated)?;
    let known = devices.find(token.speaker.device).await?;
    let device = known.ok_or(Failure::Unauthenticated)?;
    let now = clock::now();
    let checked = token.check(&device.public_key, organisation, now, request);
    match checked {
        Ok(()) | Err(TokenError::Clock) if device.revoked_at.is_some() => Err(Failure::Revoked),
        Err(TokenError::Clock) => Err(Failure::Clock(now)),
        Err(_) => Err(Failure::Unauthenticated),
        // A copied store: it has to be enrolled as a device of its own.
        Ok(()) if token.speaker.install != device.install => Err(Failure::Unauthenticated),
        Ok(()) => Ok(Caller {
            device: device.device,
            practitioner: device.practitioner,
        }),
    }
}
