//! A device's certificate: the organisation's word that this key is this practitioner's device.

use crate::wire;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use minicbor::{Decode, Encode};
use samspor_documents::{
    id::{DeviceId, OrganisationId, PractitionerId},
    time::UnixMillis,
};

const CONTEXT: &[u8] = b"samspor-device-1";

/// What the organisation certifies.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct DeviceStatement {
    /// By whom.
    #[n(0)]
    pub organisation: OrganisationId,
    /// Which device.
    #[n(1)]
    pub device: DeviceId,
    /// Whose it is.
    #[n(2)]
    pub practitioner: PractitionerId,
    /// Its Ed25519 public key.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub public_key: [u8; 32],
    /// When it was enrolled.
    #[n(4)]
    pub issued_at: UnixMillis,
}

/// A statement with the organisation's signature.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct DeviceCertificate {
    /// What is certified.
    #[n(0)]
    pub statement: DeviceStatement,
    /// Ed25519 over the context and the statement's CBOR.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub signature: [u8; 64],
}

fn signed_bytes(statement: &DeviceStatement) -> Vec<u8> {
    let mut bytes = CONTEXT.to_vec();
    bytes.extend(wire::encode(statement));
    bytes
}

impl DeviceCertificate {
    /// Signs a statement with the organisation's key.
    #[must_use]
    pub fn issue(statement: DeviceStatement, organisation_key: &SigningKey) -> Self {
        let signature = organisation_key.sign(&signed_bytes(&statement)).to_bytes();
        Self {
            statement,
            signature,
        }
    }

    /// Whether this organisation key signed it.
    #[must_use]
    pub fn is_signed_by(&self, organisation_key: &[u8; 32]) -> bool {
        let Ok(key) = VerifyingKey::from_bytes(organisation_key) else {
            return false;
        };
        key.verify_strict(
            &signed_bytes(&self.statement),
            &Signature::from_bytes(&self.signature),
        )
        .is_ok()
    }
}
