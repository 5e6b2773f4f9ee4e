//! What can be set, from where: a flag wins over `SAMSPOR_*`, that over `samspor.toml`, that over the default.
//!
//! One table names every setting; the documentation and the reader of values are both made from it, so that
//! neither can know a setting that the other does not. No setting holds a secret: those are files.

mod layers;
mod table;

pub use layers::{Layers, Origin, SettingsError};
pub use table::{Setting, TABLE, table_markdown};

use samspor_protocol::limits;
use std::{net::SocketAddr, path::PathBuf, time::Duration};

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// One line per event, for people.
    Text,
    /// One JSON object per line, for machines.
    Json,
}

/// The server's settings, checked.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The folder with the database and the key store.
    pub folder: PathBuf,
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The address that devices and browsers use, without a slash at its end; none: made from `listen`.
    pub url: Option<String>,
    /// The organisation's name at first start.
    pub organisation: String,
    /// Certificate chain and key in PEM files; none: self-signed.
    pub tls_files: Option<TlsFiles>,
    /// Whether a public authority signed the certificate.
    pub tls_public_authority: bool,
    /// How long a device may be out of contact.
    pub lease: Duration,
    /// How long what a revoked device handed over is kept.
    pub quarantine: Duration,
    /// How long a feed request may wait.
    pub wait_max: Duration,
    /// How long a stopping server waits for requests in flight.
    pub stop_max: Duration,
    /// How the log is written.
    pub log_format: LogFormat,
    /// What is logged.
    pub log_filter: String,
}

/// A certificate given by files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// The chain, the server's own certificate first.
    pub certificate: PathBuf,
    /// The private key.
    pub key: PathBuf,
}

/// Whether a text is scheme, host and port of an https address and nothing more.
#[must_use]
pub fn is_base_url(text: &str) -> bool {
    let Some(host) = text.strip_prefix("https://") else {
        return false;
    };
    let parts = host.parse::<axum::http::uri::Authority>();
    !host.contains('@') && parts.is_ok_and(|parts| !parts.host().is_empty())
}

impl Settings {
    /// The defaults, with this folder.
    #[must_use]
    pub fn in_folder(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            listen: SocketAddr::from(([127, 0, 0, 1], 8443)),
            url: None,
            organisation: "Min kommune".to_owned(),
            tls_files: None,
            tls_public_authority: false,
            lease: Duration::from_secs(30 * 24 * 60 * 60),
            quarantine: Duration::from_secs(30 * 24 * 60 * 60),
            wait_max: Duration::from_millis(u64::from(limits::WAIT_MILLIS_MAX)),
            stop_max: Duration::from_secs(10),
            log_format: LogFormat::Text,
            log_filter: "info".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_wins_over_the_environment_that_over_the_file_that_over_the_default() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("samspor.toml");
        std::fs::write(
            &file,
            "listen = '127.0.0.1:1'\nlease_days = 7\nurl = 'https://a:1'",
        )
        .expect("writes");
        let environment = [
            ("SAMSPOR_LISTEN", "127.0.0.1:2"),
            ("SAMSPOR_URL", "https://b:2/"),
            ("SAMSPOR_DEVICE", "another command's"),
            ("PATH", "/bin"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let settings = Layers::new()
            .flag("--listen", "127.0.0.1:3")
            .and_then(|layers| layers.environment(environment).file(&file))
            .and_then(|layers| layers.settings())
            .expect("settings");
        assert_eq!(settings.listen.port(), 3);
        assert_eq!(settings.url.as_deref(), Some("https://b:2"));
        assert_eq!(settings.lease, Duration::from_secs(7 * 86_400));
        assert_eq!(settings.wait_max, Duration::from_secs(25));
    }

    #[test]
    fn the_defaults_of_the_table_are_those_of_a_bare_folder() {
        let bare = Settings::in_folder("samspor-data");
        let table = Layers::new().settings().expect("defaults hold");
        assert_eq!(format!("{bare:?}"), format!("{table:?}"));
    }

    #[test]
    fn a_value_that_does_not_hold_names_its_setting_and_its_origin() {
        let rows = [
            ("listen", "8443"),
            ("listen", "localhost:8443"),
            ("lease_days", "0"),
            ("lease_days", "soon"),
            ("quarantine_days", "0"),
            ("quarantine_days", "366"),
            ("wait_millis_max", "25001"),
            ("url", "http://samspor.example"),
            ("url", "https://samspor.example/path"),
            ("url", "https://user@samspor.example"),
            ("log_format", "xml"),
            ("tls_public_authority", "yes"),
            ("tls_key", "key.pem"),
            ("folder", ""),
        ];
        for (name, value) in rows {
            let layers = Layers::new().flag(name, value).expect("a setting");
            let error = layers.settings().expect_err(name).to_string();
            let named = error.contains(name) || name == "tls_key";
            assert!(named && error.contains("must be"), "{name}: {error}");
        }
    }

    #[test]
    fn what_is_no_setting_is_refused_in_a_file_and_as_a_flag() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("samspor.toml");
        std::fs::write(&file, "lissen = 1").expect("writes");
        let error = Layers::new().file(&file).expect_err("unknown").to_string();
        assert!(
            error.contains("lissen") && error.contains("listen"),
            "{error}"
        );
        assert!(Layers::new().flag("lissen", "1").is_err());
    }

    #[test]
    fn a_file_that_is_absent_or_not_toml_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("samspor.toml");
        let absent = Layers::new().file(&file).expect_err("absent").to_string();
        std::fs::write(&file, "= =").expect("writes");
        let broken = Layers::new().file(&file).expect_err("broken").to_string();
        assert!(absent.contains("samspor.toml") && broken.contains("not TOML"));
    }

    #[test]
    fn the_documentation_holds_the_table_as_it_is() {
        let page = include_str!("../../../docs/SETTINGS.md");
        let table = table_markdown();
        assert!(
            page.contains(&table),
            "docs/SETTINGS.md must hold:\n{table}"
        );
        for row in TABLE {
            assert_eq!(table.matches(&format!("| `{}` |", row.name)).count(), 1);
        }
    }
}
