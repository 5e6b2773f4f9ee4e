//! What a TLS handshake costs on the wire, measured by one that is followed by nothing: opened as a device would
//! open it, closed without a word. What passed is the handshake with the server's tickets and both sides' closing.

use crate::relay::{Passed, Relay};
use anyhow::{Context as _, Result};
use rustls::{
    ClientConfig, DigitallySignedStruct, Error, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use std::sync::Arc;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use tokio_rustls::TlsConnector;

/// What passes through a relay for one handshake.
///
/// # Errors
/// When there is no TLS server behind it.
pub async fn cost(relay: &Relay) -> Result<Passed> {
    let before = relay.passed();
    let tcp = TcpStream::connect(relay.address()).await?;
    let connector = TlsConnector::from(Arc::new(client_config()?));
    let name = ServerName::from(relay.address().ip());
    let mut tls = connector
        .connect(name, tcp)
        .await
        .context("no TLS handshake with the server")?;
    tls.shutdown().await?;
    let mut rest = Vec::new();
    // A server that closes without a word ends this with an error; it has closed all the same.
    let _ = tls.read_to_end(&mut rest).await;
    Ok(since(before, relay.passed()))
}

/// What passed between two readings.
#[must_use]
pub const fn since(before: Passed, after: Passed) -> Passed {
    Passed {
        bytes_up: after.bytes_up.saturating_sub(before.bytes_up),
        bytes_down: after.bytes_down.saturating_sub(before.bytes_down),
        connections: after.connections.saturating_sub(before.connections),
        turns: after.turns.saturating_sub(before.turns),
    }
}

/// As a device's, but that it takes any certificate: nothing is sent over it.
fn client_config() -> Result<ClientConfig> {
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
