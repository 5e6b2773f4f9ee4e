//! Enrolment: a practitioner's new device joins with a one-time code.
//!
//! The code carries all a device needs to trust the right server and nobody else: its address, a one-time
//! secret, the organisation's public key and, where no public authority signed the server's certificate,
//! the pin of its key.

use crate::{certificate::DeviceCertificate, hash::Hash32, wire};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use minicbor::{Decode, Encode};
use samspor_documents::{
    id::{DeviceId, OrganisationId, PractitionerId},
    time::UnixMillis,
};
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

const PREFIX: &str = "SAMSPOR1-";
const CONTEXT: &[u8] = b"samspor-enrol-1";
const SUCCESSION_CONTEXT: &[u8] = b"samspor-succeeds-1";

/// A one-time secret. Redacted when printed, zeroed when dropped.
#[derive(Encode, Decode, Zeroize, ZeroizeOnDrop)]
#[cbor(transparent)]
pub struct CodeSecret(#[cbor(n(0), with = "minicbor::bytes")] pub [u8; 16]);

impl fmt::Debug for CodeSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CodeSecret(redacted)")
    }
}

/// What a code says.
#[derive(Debug, Encode, Decode)]
pub struct EnrolmentCode {
    /// The server's address: `https://host:port`.
    #[n(0)]
    pub server: String,
    /// The one-time secret.
    #[n(1)]
    pub secret: CodeSecret,
    /// The organisation's Ed25519 public key.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub organisation_key: [u8; 32],
    /// SHA-256 of the server key's SubjectPublicKeyInfo; none where a public authority vouches for it.
    #[n(3)]
    pub pin: Option<Hash32>,
}

/// A text that is not an enrolment code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an enrolment code: copy all of it, from SAMSPOR1- to its end")]
pub struct CodeError;

impl EnrolmentCode {
    /// The code as a text of one line, for a QR picture or for copying.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(wire::encode(self)))
    }

    /// The code of a text; white space around and inside is passed over.
    ///
    /// # Errors
    /// `CodeError` when it is not one or not whole.
    pub fn from_text(text: &str) -> Result<Self, CodeError> {
        let compact: String = text.split_whitespace().collect();
        let body = compact.strip_prefix(PREFIX).ok_or(CodeError)?;
        let bytes = URL_SAFE_NO_PAD.decode(body).map_err(|_| CodeError)?;
        wire::decode("enrolment code", &bytes).map_err(|_| CodeError)
    }
}

/// What a device asks.
#[derive(Debug, Encode, Decode)]
pub struct EnrolRequest {
    /// The code's secret.
    #[n(0)]
    pub secret: CodeSecret,
    /// The id the device made for itself.
    #[n(1)]
    pub device: DeviceId,
    /// Its Ed25519 public key.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub public_key: [u8; 32],
    /// Names this installation; kept outside the store that backups copy.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub install: [u8; 16],
    /// The device's clock.
    #[n(4)]
    pub at: UnixMillis,
    /// By the device's key over context, secret's hash, device, key, install and `at`: it holds the key.
    #[cbor(n(5), with = "minicbor::bytes")]
    pub proof: [u8; 64],
    /// The device whose place it takes: an earlier enrolment of the same store.
    #[n(6)]
    pub succeeds: Option<Succeeds>,
}

/// A device whose place another takes: it is closed, and the other may push what it wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Succeeds {
    /// Which.
    #[n(0)]
    pub device: DeviceId,
    /// By that device's key over a context of its own, what the request's own proof is over, and that device.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub proof: [u8; 64],
}

/// What an enrolled device is told. The same request again (an answer lost on the way) gets the same.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct EnrolResponse {
    /// The organisation.
    #[n(0)]
    pub organisation: OrganisationId,
    /// Whose device it is.
    #[n(1)]
    pub practitioner: PractitionerId,
    /// The organisation's word for it; to be checked against the code's key.
    #[n(2)]
    pub certificate: DeviceCertificate,
    /// The server's time.
    #[n(3)]
    pub server_time: UnixMillis,
    /// How long the device may be out of contact before it locks itself, in milliseconds.
    #[n(4)]
    pub lease_millis: i64,
}

fn proof_bytes(request: &EnrolRequest) -> Vec<u8> {
    let mut bytes = CONTEXT.to_vec();
    bytes.extend(Hash32::of(&request.secret.0).0);
    bytes.extend(request.device.as_bytes());
    bytes.extend(request.public_key);
    bytes.extend(request.install);
    bytes.extend(request.at.0.to_be_bytes());
    bytes
}

fn succession_bytes(request: &EnrolRequest, device: DeviceId) -> Vec<u8> {
    let mut bytes = SUCCESSION_CONTEXT.to_vec();
    bytes.extend(proof_bytes(request));
    bytes.extend(device.as_bytes());
    bytes
}

impl EnrolRequest {
    /// The request of a device that holds `key`.
    #[must_use]
    pub fn sign(
        secret: CodeSecret,
        device: DeviceId,
        install: [u8; 16],
        at: UnixMillis,
        key: &SigningKey,
    ) -> Self {
        let mut request = Self {
            secret,
            device,
            public_key: key.verifying_key().to_bytes(),
            install,
            at,
            proof: [0; 64],
            succeeds: None,
        };
        request.proof = key.sign(&proof_bytes(&request)).to_bytes();
        request
    }

    /// The same request, by the store of an earlier device, which holds that device's key, too.
    #[must_use]
    pub fn succeeding(mut self, device: DeviceId, key: &SigningKey) -> Self {
        let proof = key.sign(&succession_bytes(&self, device)).to_bytes();
        self.succeeds = Some(Succeeds { device, proof });
        self
    }

    /// Whether the sender holds the key of the device whose place it takes, too.
    #[must_use]
    pub fn may_succeed(&self, succeeds: &Succeeds, public_key: &[u8; 32]) -> bool {
        let Ok(key) = VerifyingKey::from_bytes(public_key) else {
            return false;
        };
        let bytes = succession_bytes(self, succeeds.device);
        key.verify_strict(&bytes, &Signature::from_bytes(&succeeds.proof))
            .is_ok()
    }

    /// Whether the sender holds the key it names.
    #[must_use]
    pub fn is_proven(&self) -> bool {
        let Ok(key) = VerifyingKey::from_bytes(&self.public_key) else {
            return false;
        };
        key.verify_strict(&proof_bytes(self), &Signature::from_bytes(&self.proof))
            .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code() -> EnrolmentCode {
        EnrolmentCode {
            server: "https://localhost:8443".to_owned(),
            secret: CodeSecret([1; 16]),
            organisation_key: [2; 32],
            pin: Some(Hash32([3; 32])),
        }
    }

    #[test]
    fn a_code_reads_back_also_when_a_mail_program_broke_its_line() {
        let text = code().to_text();
        let (head, tail) = text.split_at(40);
        let read = EnrolmentCode::from_text(&format!(" {head}\r\n{tail}\n")).expect("a code");
        assert_eq!(read.to_text(), text);
    }

    #[test]
    fn a_code_cut_short_is_refused() {
        let text = code().to_text();
        for end in 0..text.len() {
            let cut: String = text.chars().take(end).collect();
            assert!(EnrolmentCode::from_text(&cut).is_err(), "cut at {end}");
        }
    }

    #[test]
    fn a_proof_holds_for_exactly_its_request() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let make = || {
            EnrolRequest::sign(
                CodeSecret([1; 16]),
                DeviceId::from_bytes([2; 16]),
                [3; 16],
                UnixMillis(4),
                &key,
            )
        };
        assert!(make().is_proven());
        let mut other = make();
        other.device = DeviceId::from_bytes([9; 16]);
        assert!(!other.is_proven());
    }

    #[test]
    fn only_who_holds_the_old_key_takes_the_old_devices_place_and_for_this_request_only() {
        let (new, old) = (
            SigningKey::from_bytes(&[7; 32]),
            SigningKey::from_bytes(&[8; 32]),
        );
        let (old_id, old_key) = (
            DeviceId::from_bytes([6; 16]),
            old.verifying_key().to_bytes(),
        );
        let make = |at| {
            let device = DeviceId::from_bytes([2; 16]);
            EnrolRequest::sign(CodeSecret([1; 16]), device, [3; 16], UnixMillis(at), &new)
        };
        let request = make(4).succeeding(old_id, &old);
        let succeeds = request.succeeds.expect("told");
        assert!(request.is_proven() && request.may_succeed(&succeeds, &old_key));
        assert!(!make(5).may_succeed(&succeeds, &old_key), "another request");
        let new_key = new.verifying_key().to_bytes();
        assert!(!request.may_succeed(&succeeds, &new_key), "another key");
        let other = Succeeds {
            device: DeviceId::from_bytes([5; 16]),
            ..succeeds
        };
        assert!(!request.may_succeed(&other, &old_key), "another device");
    }

    #[test]
    fn a_secret_is_not_printed() {
        assert_eq!(format!("{:?}", CodeSecret([1; 16])), "CodeSecret(redacted)");
    }
}
