//! Signatures of texts, and the file that proves one without the server.
//!
//! A device signs SHA-256(context ‖ SHA-256(text) ‖ heads ‖ signer ‖ device ‖ signed at) with its Ed25519 key. The
//! heads stand sorted, after their number (four bytes, highest first), so that no two lists give the same bytes; the
//! time is eight bytes, highest first. Whose device it is, the organisation's certificate says.

mod attached;
mod record;

pub use attached::{Labelled, LabelsFrom, SignedFile};
pub use record::{ServerReceipt, SignedRecord, Verified, VerifyError};

use crate::hash::Hash32;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use minicbor::{Decode, Encode};
use samspor_documents::{
    id::{DeviceId, PractitionerId},
    time::UnixMillis,
};
use sha2::{Digest as _, Sha256};

const CONTEXT: &[u8] = b"samspor-sign-1";

/// What a signature is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureStatement<'a> {
    /// The SHA-256 of the text's bytes.
    pub text_hash: Hash32,
    /// What the text was read from, in any order.
    pub heads: &'a [Hash32],
    /// Who answers for it.
    pub signer: PractitionerId,
    /// With which device.
    pub device: DeviceId,
    /// When, by the device's clock.
    pub signed_at: UnixMillis,
}

impl SignatureStatement<'_> {
    /// The 32 bytes that are signed.
    #[must_use]
    pub fn digest(&self) -> Hash32 {
        let mut heads = self.heads.to_vec();
        heads.sort_unstable();
        let mut hasher = Sha256::new();
        hasher.update(CONTEXT);
        hasher.update(self.text_hash.0);
        // More heads than four bytes can count do not fit into memory.
        hasher.update(u32::try_from(heads.len()).unwrap_or(u32::MAX).to_be_bytes());
        for head in heads {
            hasher.update(head.0);
        }
        hasher.update(self.signer.as_bytes());
        hasher.update(self.device.as_bytes());
        hasher.update(self.signed_at.0.to_be_bytes());
        Hash32(hasher.finalize().into())
    }

    /// Signs it with the device's key.
    #[must_use]
    pub fn sign(&self, device_key: &SigningKey) -> TextSignature {
        TextSignature {
            signer: self.signer,
            device: self.device,
            signed_at: self.signed_at,
            signature: device_key.sign(&self.digest().0).to_bytes(),
        }
    }
}

/// One signature of a text. Which text and heads is said by what it travels with.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct TextSignature {
    /// Who signed.
    #[n(0)]
    pub signer: PractitionerId,
    /// With which device.
    #[n(1)]
    pub device: DeviceId,
    /// When, by the device's clock.
    #[n(2)]
    pub signed_at: UnixMillis,
    /// Ed25519 over [`SignatureStatement::digest`].
    #[cbor(n(3), with = "minicbor::bytes")]
    pub signature: [u8; 64],
}

impl TextSignature {
    /// Whether the device of this public key signed this text, read from these heads, as this signer at this time.
    /// Strict: no other form of the same signature holds, nor does a weak key.
    #[must_use]
    pub fn holds(&self, text_hash: Hash32, heads: &[Hash32], device_key: &[u8; 32]) -> bool {
        let statement = SignatureStatement {
            text_hash,
            heads,
            signer: self.signer,
            device: self.device,
            signed_at: self.signed_at,
        };
        let signature = Signature::from_bytes(&self.signature);
        VerifyingKey::from_bytes(device_key)
            .is_ok_and(|key| key.verify_strict(&statement.digest().0, &signature).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement(heads: &[Hash32]) -> SignatureStatement<'_> {
        SignatureStatement {
            text_hash: Hash32([1; 32]),
            heads,
            signer: PractitionerId::from_bytes([2; 16]),
            device: DeviceId::from_bytes([3; 16]),
            signed_at: UnixMillis(-4),
        }
    }

    #[test]
    fn the_digest_is_of_the_parts_in_their_written_order() {
        let (one, two) = (Hash32([8; 32]), Hash32([9; 32]));
        let mut parts = b"samspor-sign-1".to_vec();
        parts.extend([1; 32]);
        parts.extend([0, 0, 0, 2]);
        parts.extend([8; 32]);
        parts.extend([9; 32]);
        parts.extend([2; 16]);
        parts.extend([3; 16]);
        parts.extend((-4i64).to_be_bytes());
        assert_eq!(statement(&[one, two]).digest(), Hash32::of(&parts));
        assert_eq!(statement(&[two, one]).digest(), Hash32::of(&parts));
        assert_ne!(statement(&[one]).digest(), Hash32::of(&parts));
        assert_ne!(statement(&[one, two, two]).digest(), Hash32::of(&parts));
    }

    #[test]
    fn a_signature_holds_for_what_was_signed_and_for_nothing_else() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let public = key.verifying_key().to_bytes();
        let heads = [Hash32([8; 32]), Hash32([9; 32])];
        let good = statement(&heads).sign(&key);
        let text = Hash32([1; 32]);
        assert!(good.holds(text, &heads, &public));
        assert!(good.holds(text, &[heads[1], heads[0]], &public));
        assert!(!good.holds(Hash32([2; 32]), &heads, &public));
        assert!(!good.holds(text, &heads[..1], &public));
        let other_key = SigningKey::from_bytes(&[6; 32]).verifying_key().to_bytes();
        assert!(!good.holds(text, &heads, &other_key));
        assert!(
            !good.holds(text, &heads, &[0; 32]),
            "a weak key signs nothing"
        );
        let changed: [fn(&mut TextSignature); 4] = [
            |one| one.signer = PractitionerId::from_bytes([9; 16]),
            |one| one.device = DeviceId::from_bytes([9; 16]),
            |one| one.signed_at = UnixMillis(4),
            |one| one.signature[40] ^= 1,
        ];
        for (case, change) in changed.iter().enumerate() {
            let mut signature = good.clone();
            change(&mut signature);
            assert!(!signature.holds(text, &heads, &public), "case {case}");
        }
    }
}
