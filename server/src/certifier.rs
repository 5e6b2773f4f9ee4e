//! Certificates of devices in the organisation's name: on enrolment, as evidence, and in what is disclosed.

use crate::devices::Device;
use ed25519_dalek::SigningKey;
use samspor_documents::id::OrganisationId;
use samspor_protocol::certificate::{DeviceCertificate, DeviceStatement};
use std::fmt;

/// Certifies devices. Redacted when printed; its key is zeroed when dropped.
pub struct Certifier {
    organisation: OrganisationId,
    signing: SigningKey,
}

impl fmt::Debug for Certifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Certifier(redacted)")
    }
}

impl Certifier {
    /// With the organisation's key.
    #[must_use]
    pub const fn new(organisation: OrganisationId, signing: SigningKey) -> Self {
        Self {
            organisation,
            signing,
        }
    }

    /// The organisation's public key.
    #[must_use]
    pub fn public(&self) -> [u8; 32] {
        self.signing.verifying_key().to_bytes()
    }

    /// A device's certificate: the same bytes each time.
    #[must_use]
    pub(crate) fn certify(&self, device: &Device) -> DeviceCertificate {
        let statement = DeviceStatement {
            organisation: self.organisation,
            device: device.device,
            practitioner: device.practitioner,
            public_key: device.public_key,
            issued_at: device.enrolled_at,
        };
        DeviceCertificate::issue(statement, &self.signing)
    }
}
