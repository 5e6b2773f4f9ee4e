//! Enrolment: a one-time code makes this store one practitioner's device, for ever.

use super::{Device, Lease};
use crate::{
    error::DeviceError,
    key::{DeviceKey, random_bytes},
    store::meta::Enrolment,
    transport::{Courier, HttpCourier, exchange},
    views::Identity,
};
use samspor_documents::id::DeviceId;
use samspor_protocol::{
    enrol::{CodeSecret, EnrolRequest, EnrolResponse, EnrolmentCode},
    hash::Hash32,
};
use std::sync::Arc;

/// Below this the clock is taken to be right, in milliseconds: an answer takes time, too.
const CLOCK_TOLERANCE_MILLIS: i64 = 20_000;

/// The road to a server.
pub(super) fn road(server: &str, pin: Option<Hash32>) -> Result<Arc<dyn Courier>, DeviceError> {
    let courier =
        HttpCourier::new(server, pin).map_err(|error| *exchange::Failed::from(error).error)?;
    Ok(Arc::new(courier))
}

impl Device {
    /// Enrols this store with a code. The same code again, after an answer was lost, gets the same answer.
    ///
    /// # Errors
    /// `AlreadyEnrolled`, `CodeRefused`, `WrongPin` (nothing was sent), `NotVouched`, `Unreachable`, `Busy`.
    pub async fn enrol(&self, code: &EnrolmentCode) -> Result<Identity, DeviceError> {
        let courier = road(&code.server, code.pin)?;
        self.enrol_by(code, courier).await
    }

    pub(super) async fn enrol_by(
        &self,
        code: &EnrolmentCode,
        courier: Arc<dyn Courier>,
    ) -> Result<Identity, DeviceError> {
        if self.who().is_ok() {
            return Err(DeviceError::AlreadyEnrolled);
        }
        let clock = &self.inner.options.token_clock;
        let now = clock.now();
        let (device, key) = self
            .inner
            .gate
            .behind()
            .device_key(|| Ok((DeviceId::make(now, random_bytes()?), DeviceKey::make()?)))
            .await?;
        let secret = CodeSecret(code.secret.0);
        let request = EnrolRequest::sign(secret, device, self.inner.install, now, &key.0);
        let response = exchange::enrol(courier.as_ref(), &request)
            .await
            .map_err(|failed| *failed.error)?;
        check(&response, &request, code)?;
        let offset = response.server_time.since(clock.now());
        let offset = if offset.abs() > CLOCK_TOLERANCE_MILLIS {
            offset
        } else {
            0
        };
        let enrolment = Enrolment {
            server: code.server.clone(),
            pin: code.pin,
            organisation_key: code.organisation_key,
            organisation: response.organisation,
            practitioner: response.practitioner,
            device,
            certificate: response.certificate,
            lease_millis: response.lease_millis,
        };
        let lease = Lease::begin(response.lease_millis, response.server_time, clock.now());
        let gate = &self.inner.gate;
        gate.behind().keep_enrolment(&enrolment, &lease).await?;
        gate.renew_kept(lease);
        self.inner
            .gate
            .behind()
            .note(|history| history.clock_offset = offset)
            .await?;
        self.become_enrolled(enrolment, key, courier, offset)?;
        self.identity().await?.ok_or(DeviceError::NotEnrolled)
    }
}

/// Whether the organisation of the code vouches for exactly this device.
fn check(
    response: &EnrolResponse,
    request: &EnrolRequest,
    code: &EnrolmentCode,
) -> Result<(), DeviceError> {
    let statement = &response.certificate.statement;
    let same = statement.organisation == response.organisation
        && statement.practitioner == response.practitioner
        && statement.device == request.device
        && statement.public_key == request.public_key
        && response.certificate.is_signed_by(&code.organisation_key);
    if same {
        Ok(())
    } else {
        Err(DeviceError::NotVouched)
    }
}
