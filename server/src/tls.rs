//! The server's side of TLS: a self-signed certificate made at first start, or one given by files.
//!
//! Devices pin the key (SHA-256 of its SubjectPublicKeyInfo), not the certificate: a renewal keeps the key,
//! so that no device has to be enrolled again.

use crate::{
    keys::{self, Keys},
    settings::{Settings, TlsFiles},
};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime, pem::PemObject as _};
use samspor_protocol::hash::Hash32;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use webpki::{EndEntityCert, KeyUsage, anchor_from_trusted_cert};

const KEY: &str = "tls.key";
const CERTIFICATE: &str = "tls.crt";
/// Some platforms refuse server certificates that hold for longer than 825 days.
const HOLDS_DAYS: i64 = 800;
/// A certificate that ends within this time is renewed at start.
const RENEW_BEFORE: Duration = Duration::from_secs(60 * 24 * 60 * 60);

/// A certificate or key that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read as PEM.
    #[error("cannot read the {what} in {path}: it must be a PEM file that this user may read")]
    Unreadable {
        /// Certificate or private key.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: rustls_pki_types::pem::Error,
    },
    /// The file with the certificate holds none.
    #[error("there is no certificate in {path}")]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// The key store cannot be written.
    #[error("cannot keep the server's key in {path}: see that the folder may be written")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Certificate and key do not go together, or are of a kind that TLS does not take.
    #[error("the certificate and the key do not go together")]
    Mismatch(#[source] rustls::Error),
    /// A certificate that cannot be parsed.
    #[error("the certificate is damaged")]
    Certificate(#[source] webpki::Error),
    /// Making the self-signed certificate failed.
    #[error("cannot make a self-signed certificate")]
    Make(#[source] rcgen::Error),
}

/// What the listener needs, and what enrolment codes say of it.
pub struct ServerTls {
    /// For the listener.
    pub config: Arc<rustls::ServerConfig>,
    /// SHA-256 of the key's SubjectPublicKeyInfo.
    pub pin: Hash32,
}

struct Pair {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

/// The names a self-signed certificate is made for: this machine, and the host of the server's address.
fn names(settings: &Settings) -> Vec<String> {
    let mut names = vec![
        "localhost".to_owned(),
        "127.0.0.1".to_owned(),
        "::1".to_owned(),
    ];
    let host = settings.url.as_deref().and_then(|url| {
        let host = url.strip_prefix("https://")?;
        let parts = host.parse::<axum::http::uri::Authority>().ok()?;
        Some(parts.host().trim_matches(['[', ']']).to_owned())
    });
    let listen = settings.listen.ip();
    let listen = (!listen.is_unspecified()).then(|| listen.to_string());
    for name in host.into_iter().chain(listen) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Whether a self-signed certificate holds for a while yet and for all of these names.
fn still_holds(certificate: &CertificateDer<'_>, names: &[String]) -> bool {
    let holds = || {
        let parsed = EndEntityCert::try_from(certificate).ok()?;
        let anchor = anchor_from_trusted_cert(certificate).ok()?;
        let until = Duration::from_millis(crate::clock::now().0.unsigned_abs())
            .saturating_add(RENEW_BEFORE);
        parsed
            .verify_for_usage(
                webpki::ALL_VERIFICATION_ALGS,
                &[anchor],
                &[],
                UnixTime::since_unix_epoch(until),
                KeyUsage::server_auth(),
                None,
                None,
            )
            .ok()?;
        names.iter().try_for_each(|name| {
            let name = ServerName::try_from(name.as_str()).ok()?;
            parsed.verify_is_valid_for_subject_name(&name).ok()
        })
    };
    holds().is_some()
}

fn make_certificate(key: &rcgen::KeyPair, names: Vec<String>) -> Result<String, rcgen::Error> {
    let mut params = rcgen::CertificateParams::new(names)?;
    params
        .distinguished_name
        .push(rcgen::DnType::CommonName, "Samspor");
    params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ServerAuth];
    let today = jiff::Timestamp::now()
        .to_zoned_datetime(jiff::tz::TimeZone::UTC)
        .date();
    let date = |days: i64| {
        let date = today.saturating_add(jiff::Span::new().days(days));
        let part = |part: i8| u8::try_from(part).unwrap_or(1);
        rcgen::date_time_ymd(i32::from(date.year()), part(date.month()), part(date.day()))
    };
    params.not_before = date(-1);
    params.not_after = date(HOLDS_DAYS);
    Ok(params.self_signed(key)?.pem())
}

fn io_failed(path: &Path) -> impl FnOnce(std::io::Error) -> TlsError {
    let path = path.to_owned();
    move |source| TlsError::Io { path, source }
}

/// The self-signed pair in the key store: its key made once, its certificate renewed when it ends soon or
/// does not name the server's address.
fn self_signed(keys: &Keys, settings: &Settings) -> Result<Pair, TlsError> {
    let key_path = keys.folder().join(KEY);
    if !key_path.exists() {
        let fresh = rcgen::KeyPair::generate().map_err(TlsError::Make)?;
        let pem = zeroize::Zeroizing::new(fresh.serialize_pem());
        keys::write_once(&key_path, pem.as_bytes()).map_err(io_failed(&key_path))?;
    }
    let key = read_key(&key_path)?;
    let certificate_path = keys.folder().join(CERTIFICATE);
    let names = names(settings);
    let kept = read_chain(&certificate_path).ok();
    let holds = kept.as_deref().and_then(<[_]>::first);
    if holds.is_none_or(|certificate| !still_holds(certificate, &names)) {
        let signer = rcgen::KeyPair::try_from(&key).map_err(TlsError::Make)?;
        let pem = make_certificate(&signer, names).map_err(TlsError::Make)?;
        keys::replace(&certificate_path, pem.as_bytes()).map_err(io_failed(&certificate_path))?;
    }
    Ok(Pair {
        chain: read_chain(&certificate_path)?,
        key,
    })
}

fn read_chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect)
        .map_err(|source| TlsError::Unreadable {
            what: "certificate",
            path: path.to_owned(),
            source,
        })
}

fn read_key(path: &Path) -> Result<PrivateKeyDer<'static>, TlsError> {
    PrivateKeyDer::from_pem_file(path).map_err(|source| TlsError::Unreadable {
        what: "private key",
        path: path.to_owned(),
        source,
    })
}

fn given(files: &TlsFiles) -> Result<Pair, TlsError> {
    let chain = read_chain(&files.certificate)?;
    if chain.is_empty() {
        return Err(TlsError::Empty {
            path: files.certificate.clone(),
        });
    }
    Ok(Pair {
        chain,
        key: read_key(&files.key)?,
    })
}

/// SHA-256 of the SubjectPublicKeyInfo of a certificate's key.
///
/// # Errors
/// `Certificate` when it cannot be parsed.
pub fn pin_of(certificate: &CertificateDer<'_>) -> Result<Hash32, TlsError> {
    let parsed = EndEntityCert::try_from(certificate).map_err(TlsError::Certificate)?;
    Ok(Hash32::of(parsed.subject_public_key_info().as_ref()))
}

/// The TLS side of a server: from the files given, else self-signed.
///
/// # Errors
/// A file is unreadable or damaged, or certificate and key do not go together.
pub fn open(settings: &Settings, keys: &Keys) -> Result<ServerTls, TlsError> {
    let pair = match &settings.tls_files {
        Some(files) => given(files)?,
        None => self_signed(keys, settings)?,
    };
    let Some(own) = pair.chain.first() else {
        let path = keys.folder().join(CERTIFICATE);
        return Err(TlsError::Empty { path });
    };
    let pin = pin_of(own)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| {
            builder
                .with_no_client_auth()
                .with_single_cert(pair.chain, pair.key)
        })
        .map_err(TlsError::Mismatch)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(ServerTls {
        config: Arc::new(config),
        pin,
    })
}
