//! Who asks: the bearer token of a signed request, checked against the enrolled device's key.
//!
//! Only who holds the key learns more than "no": the signature is checked first, then whether the token is for
//! this method, path and body, then its time, and only then whether the device was revoked or replaced, or its store copied.

use crate::{
    clock,
    devices::{Device, Devices},
    problem::Failure,
    sync::Caller,
};
use axum::http::{HeaderMap, header};
use samspor_documents::id::OrganisationId;
use samspor_protocol::token::{Request, TokenError, Unchecked};
use std::sync::Arc;

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| token.trim_start())
}

/// A token of a device that is known, not yet checked.
async fn known<'a>(
    devices: &Devices,
    headers: &'a HeaderMap,
) -> Result<(Unchecked<'a>, Arc<Device>), Failure> {
    let token = bearer(headers).ok_or(Failure::Unauthenticated)?;
    let token = Unchecked::parse(token).map_err(|_| Failure::Unauthenticated)?;
    let device = devices.find(token.speaker.device).await?;
    Ok((token, device.ok_or(Failure::Unauthenticated)?))
}

/// The caller of a request with this raw body.
///
/// # Errors
/// `Unauthenticated`, `Clock`, `Revoked`, `Replaced` or `OtherInstallation`; `Internal` or `Unavailable` when the
/// database cannot be read.
pub async fn authenticate(
    devices: &Devices,
    organisation: OrganisationId,
    headers: &HeaderMap,
    request: &Request<'_>,
) -> Result<Caller, Failure> {
    let (token, device) = known(devices, headers).await?;
    let now = clock::now();
    let checked = token.check(&device.public_key, organisation, now, request);
    if let (Ok(()) | Err(TokenError::Clock), Some(barred)) = (&checked, device.barred()) {
        return Err(barred);
    }
    match checked {
        Err(TokenError::Clock) => Err(Failure::Clock(now)),
        Err(_) => Err(Failure::Unauthenticated),
        // A copied store: it has to be enrolled as a device of its own.
        Ok(()) if token.speaker.install != device.install => Err(Failure::OtherInstallation),
        Ok(()) => Ok(caller(&device)),
    }
}

fn caller(device: &Device) -> Caller {
    Caller {
        device: device.device,
        practitioner: device.practitioner,
    }
}

/// Whether a request comes from a revoked device, by its headers alone: before a large body is taken in. Whether its
/// token is for that body is asked afterwards.
///
/// # Errors
/// `Unauthenticated` for everybody else.
pub async fn may_hand_over(devices: &Devices, headers: &HeaderMap) -> Result<(), Failure> {
    let (token, device) = known(devices, headers).await?;
    let nothing = Request {
        method: "",
        path: "",
        body: b"",
    };
    let organisation = token.speaker.organisation;
    let checked = token.check(&device.public_key, organisation, clock::now(), &nothing);
    // The signature is looked at first: who passes it holds the key.
    match checked {
        Ok(()) | Err(TokenError::OtherRequest | TokenError::Clock)
            if device.revoked_at.is_some() =>
        {
            Ok(())
        }
        _ => Err(Failure::Unauthenticated),
    }
}

/// The revoked device that makes a request with this raw body. Its installation is not asked for: a copy of the store
/// may be all that is left of its work.
///
/// # Errors
/// `Unauthenticated`, also for a device that is not revoked, or `Clock`; `Internal` or `Unavailable` when the database
/// cannot be read.
pub async fn authenticate_revoked(
    devices: &Devices,
    organisation: OrganisationId,
    headers: &HeaderMap,
    request: &Request<'_>,
) -> Result<Caller, Failure> {
    let (token, device) = known(devices, headers).await?;
    let now = clock::now();
    match token.check(&device.public_key, organisation, now, request) {
        Err(TokenError::Clock) => Err(Failure::Clock(now)),
        Ok(()) if device.revoked_at.is_some() => Ok(caller(&device)),
        _ => Err(Failure::Unauthenticated),
    }
}
