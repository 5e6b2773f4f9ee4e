//! Enrolment: a one-time code makes this store one practitioner's, for ever. Another code of the same practitioner makes
//! it another device of theirs, in the place of the one it was.

use super::{Device, Lease, Who};
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

/// What an enrolment brought.
struct Enrolled {
    enrolment: Enrolment,
    lease: Lease,
    /// To be added to the machine's clock, in milliseconds.
    offset: i64,
}

impl Device {
    /// Enrols this store with a code. The same code again, after an answer was lost, gets the same answer.
    ///
    /// A store that is enrolled already (on another telephone, say, or one that was replaced or revoked meanwhile) can be
    /// enrolled again with a new code of the same practitioner. It is another device then, which takes the old one's
    /// place: it keeps everything, and delivers what the old one had not.
    ///
    /// # Errors
    /// `AlreadyEnrolled` (in another organisation), `OtherPractitioner`, `CodeRefused`, `WrongPin` (nothing was sent),
    /// `NotVouched`, `Unreachable`, `Busy`, `SyncRunning`, `HandedOver`. Then the store is as it was.
    pub async fn enrol(&self, code: &EnrolmentCode) -> Result<Identity, DeviceError> {
        self.inner.gate.check_is_there()?;
        let courier = road(&code.server, code.pin)?;
        self.enrol_by(code, courier).await
    }

    pub(super) async fn enrol_by(
        &self,
        code: &EnrolmentCode,
        courier: Arc<dyn Courier>,
    ) -> Result<Identity, DeviceError> {
        let Ok(_no_sync_meanwhile) = self.inner.syncing.try_lock() else {
            return Err(DeviceError::SyncRunning);
        };
        match self.who() {
            Ok(old) => self.enrol_again(&old, code, courier).await?,
            Err(_) => self.enrol_first(code, courier).await?,
        }
        self.identity().await?.ok_or(DeviceError::NotEnrolled)
    }

    async fn enrol_first(
        &self,
        code: &EnrolmentCode,
        courier: Arc<dyn Courier>,
    ) -> Result<(), DeviceError> {
        let store = self.inner.gate.behind();
        let (device, key) = store.device_key(|| self.make_device()).await?;
        let asked = self.ask_to_enrol(code, courier.as_ref(), (device, &key), None);
        let Enrolled {
            enrolment,
            lease,
            offset,
        } = asked.await?;
        store.keep_enrolment(&enrolment, &lease).await?;
        self.inner.gate.renew_kept(lease);
        store.note(|history| history.clock_offset = offset).await?;
        self.become_enrolled(enrolment, key, courier, offset)
    }

    async fn enrol_again(
        &self,
        old: &Who,
        code: &EnrolmentCode,
        courier: Arc<dyn Courier>,
    ) -> Result<(), DeviceError> {
        if code.organisation_key != old.enrolment.organisation_key {
            return Err(DeviceError::AlreadyEnrolled);
        }
        let store = self.inner.gate.behind();
        let (device, key) = store.next_device_key(|| self.make_device()).await?;
        let asked = self.ask_to_enrol(code, courier.as_ref(), (device, &key), Some(old));
        let asked = asked.await;
        if matches!(asked, Err(DeviceError::CodeRefused)) {
            // It may be that this id was enrolled before by an answer that was lost: the next attempt has another.
            store.forget_next_device().await?;
        }
        let Enrolled {
            enrolment,
            lease,
            offset,
        } = asked?;
        if enrolment.practitioner != old.enrolment.practitioner {
            return Err(DeviceError::OtherPractitioner);
        }
        store.replace_enrolment(&enrolment, &key, &lease).await?;
        self.inner.gate.reopen(lease);
        store.note(|history| history.clock_offset = offset).await?;
        self.become_enrolled(enrolment, key, courier, offset)
    }

    fn make_device(&self) -> Result<(DeviceId, DeviceKey), DeviceError> {
        let now = self.inner.options.token_clock.now();
        Ok((DeviceId::make(now, random_bytes()?), DeviceKey::make()?))
    }

    /// Asks the server; what it says is vouched for.
    async fn ask_to_enrol(
        &self,
        code: &EnrolmentCode,
        courier: &dyn Courier,
        (device, key): (DeviceId, &DeviceKey),
        old: Option<&Who>,
    ) -> Result<Enrolled, DeviceError> {
        let clock = &self.inner.options.token_clock;
        let secret = CodeSecret(code.secret.0);
        let install = self.inner.install;
        let request = EnrolRequest::sign(secret, device, install, clock.now(), &key.0);
        let request = match old {
            Some(old) => old.exchange.succeeded_by(request),
            None => request,
        };
        let response = exchange::enrol(courier, &request)
            .await
            .map_err(|failed| *failed.error)?;
        check(&response, &request, code)?;
        let offset = response.server_time.since(clock.now());
        let is_off = offset.abs() > CLOCK_TOLERANCE_MILLIS;
        Ok(Enrolled {
            lease: Lease::begin(response.lease_millis, response.server_time, clock.now()),
            offset: if is_off { offset } else { 0 },
            enrolment: Enrolment {
                server: code.server.clone(),
                pin: code.pin,
                organisation_key: code.organisation_key,
                organisation: response.organisation,
                practitioner: response.practitioner,
                device,
                certificate: response.certificate,
                lease_millis: response.lease_millis,
            },
        })
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
