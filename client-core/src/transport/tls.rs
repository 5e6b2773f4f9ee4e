//! Whom to talk to: the key that the enrolment code pins, or whom the public authorities vouch for.
//!
//! A pin is the SHA-256 of the server key's SubjectPublicKeyInfo: certificates may be renewed, the key stays.
//! The handshake's signature is always checked, so who shows the pinned certificate has to hold its key.

use super::TransportError;
use rustls::{
    ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use samspor_protocol::hash::Hash32;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// TLS for one server.
pub(super) struct Tls {
    /// What the HTTP client uses.
    pub(super) config: ClientConfig,
    /// Whether a server with another key was met.
    pub(super) mismatch: Arc<AtomicBool>,
}

/// TLS to the pinned key, or, without a pin, to whom the public authorities vouch for.
pub(super) fn make(pin: Option<Hash32>) -> Result<Tls, TransportError> {
    let provider = Arc::new(ring::default_provider());
    let mismatch = Arc::new(AtomicBool::new(false));
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|source| TransportError::Tls { source })?;
    let mut config = match pin {
        Some(pin) => builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(PinVerifier {
                pin,
                provider,
                mismatch: Arc::clone(&mismatch),
            }))
            .with_no_client_auth(),
        None => builder
            .with_root_certificates(RootCertStore {
                roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
            })
            .with_no_client_auth(),
    };
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Tls { config, mismatch })
}

#[derive(Debug)]
struct PinVerifier {
    pin: Hash32,
    provider: Arc<CryptoProvider>,
    mismatch: Arc<AtomicBool>,
}

impl ServerCertVerifier for PinVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let refused = || {
            self.mismatch.store(true, Ordering::Relaxed);
            Error::InvalidCertificate(rustls::CertificateError::ApplicationVerificationFailure)
        };
        let certificate = webpki::EndEntityCert::try_from(end_entity).map_err(|_| refused())?;
        if Hash32::of(&certificate.subject_public_key_info()) == self.pin {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(refused())
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verify(pin: Hash32, certificate: &CertificateDer<'_>) -> (bool, bool) {
        let mismatch = Arc::new(AtomicBool::new(false));
        let verifier = PinVerifier {
            pin,
            provider: Arc::new(ring::default_provider()),
            mismatch: Arc::clone(&mismatch),
        };
        let name = ServerName::try_from("localhost").expect("a name");
        let accepted = verifier
            .verify_server_cert(certificate, &[], &name, &[], UnixTime::now())
            .is_ok();
        (accepted, mismatch.load(Ordering::Relaxed))
    }

    #[test]
    fn only_the_pinned_key_is_talked_to_whatever_its_certificate() {
        use rcgen::PublicKeyData as _;
        let key = rcgen::KeyPair::generate().expect("a key");
        let pin = Hash32::of(&key.subject_public_key_info());
        let make = |name: &str, key: &rcgen::KeyPair| {
            rcgen::CertificateParams::new(vec![name.to_owned()])
                .and_then(|params| params.self_signed(key))
                .expect("a certificate")
        };
        let first = make("localhost", &key);
        let renewed = make("record.example", &key);
        assert_eq!(verify(pin, first.der()), (true, false));
        assert_eq!(verify(pin, renewed.der()), (true, false));
        let other = rcgen::KeyPair::generate().expect("a key");
        assert_eq!(verify(pin, make("localhost", &other).der()), (false, true));
        assert_eq!(
            verify(pin, &CertificateDer::from(vec![0x30, 0])),
            (false, true)
        );
    }
}
