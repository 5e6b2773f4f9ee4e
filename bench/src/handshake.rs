//! What a TLS handshake costs on the wire, measured by one that is followed by nothing.
//!
//! A relay cannot tell handshake from payload: from its first flight on, TLS 1.3 looks alike. So a connection
//! that a device would make is opened, says nothing and is closed again; what passed is the handshake with
//! the server's session tickets and the closing of both sides.

use anyhow::Context as _;
use rustls::{
    ClientConfig, DigitallySignedStruct, Error, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use samspor_tests::relay::Passed;
use std::{net::SocketAddr, sync::Arc};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use tokio_rustls::TlsConnector;

/// What one handshake costs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Handshake {
    /// Bytes from device to server.
    pub bytes_up: u64,
    /// Bytes from server to device.
    pub bytes_down: u64,
}

/// What passed beside the handshakes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Payload {
    /// Bytes from device to server.
    pub bytes_up: u64,
    /// Bytes from server to device.
    pub bytes_down: u64,
    /// Bytes of the handshakes, both ways.
    pub handshake_bytes: u64,
}

impl Handshake {
    /// Opens and closes one connection to `address` and reads from `passed` what that cost.
    ///
    /// # Errors
    /// When there is no TLS server.
    pub async fn measure(address: SocketAddr, passed: impl Fn() -> Passed) -> anyhow::Result<Self> {
        let before = passed();
        let tcp = TcpStream::connect(address).await?;
        let connector = TlsConnector::from(Arc::new(client_config()?));
        let mut tls = connector
            .connect(ServerName::from(address.ip()), tcp)
            .await
            .context("no TLS handshake with the server")?;
        tls.shutdown().await?;
        let mut rest = Vec::new();
        // A server that closes without a word ends this with an error; it has closed all the same.
        let _ = tls.read_to_end(&mut rest).await;
        let after = passed();
        Ok(Self {
            bytes_up: after.bytes_up.saturating_sub(before.bytes_up),
            bytes_down: after.bytes_down.saturating_sub(before.bytes_down),
        })
    }

    /// What passed between two readings of a relay, without the handshakes.
    #[must_use]
    pub const fn payload(self, before: Passed, after: Passed) -> Payload {
        let connections = after.connections.saturating_sub(before.connections);
        let (up, down) = (self.bytes_up * connections, self.bytes_down * connections);
        let bytes_up = after.bytes_up.saturating_sub(before.bytes_up);
        let bytes_down = after.bytes_down.saturating_sub(before.bytes_down);
        Payload {
            bytes_up: bytes_up.saturating_sub(up),
            bytes_down: bytes_down.saturating_sub(down),
            handshake_bytes: up + down,
        }
    }
}

/// As a device's, but that it takes any certificate: nothing is sent over it.
fn client_config() -> anyhow::Result<ClientConfig> {
    let provider = Arc::new(ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(AnyCertificate(provider)))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

#[derive(Debug)]
struct AnyCertificate(Arc<CryptoProvider>);

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.0.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, known)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.0.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_handshakes_are_taken_out_once_per_connection() {
        let handshake = Handshake {
            bytes_up: 300,
            bytes_down: 900,
        };
        let passed = |bytes_up, bytes_down, connections| Passed {
            bytes_up,
            bytes_down,
            connections,
            turns: 0,
        };
        let payload = handshake.payload(passed(50, 60, 1), passed(1150, 3060, 3));
        let expected = Payload {
            bytes_up: 500,
            bytes_down: 1200,
            handshake_bytes: 2400,
        };
        assert_eq!(payload, expected);
    }
}
