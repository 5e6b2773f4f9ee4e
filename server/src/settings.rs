//! What can be set, from where: a flag wins over `SAMSPOR_*`, that over `samspor.toml`, that over the default.
//!
//! One table names every setting; the documentation and the reader of values are both made from it, so that
//! neither can know a setting that the other does not. No setting holds a secret: those are files.

use samspor_protocol::limits;
use std::{
    collections::BTreeMap,
    fmt,
    net::SocketAddr,
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// Its name: in `samspor.toml` as it stands, as a flag with hyphens, in the environment in capitals
    /// after `SAMSPOR_`.
    pub name: &'static str,
    /// What holds when nobody sets it; empty where that is derived or nothing.
    pub default: &'static str,
    /// What it does, in one sentence.
    pub meaning: &'static str,
}

const fn setting(name: &'static str, default: &'static str, meaning: &'static str) -> Setting {
    Setting {
        name,
        default,
        meaning,
    }
}

/// Every setting of the server.
pub const TABLE: &[Setting] = &[
    setting(
        "folder",
        "samspor-data",
        "The folder with the database and, in `keys/`, the key store; made at first start.",
    ),
    setting(
        "listen",
        "127.0.0.1:8443",
        "Address and port to listen on; port 0 takes a free one.",
    ),
    setting(
        "url",
        "",
        "The address that devices and browsers use, as https://host:port; without it made from `listen`.",
    ),
    setting(
        "organisation",
        "Min kommune",
        "The organisation's name, used once: when the folder is made.",
    ),
    setting(
        "tls_certificate",
        "",
        "PEM file with the certificate chain; without it a self-signed one is made in the folder.",
    ),
    setting(
        "tls_key",
        "",
        "PEM file with the certificate's private key; goes with `tls_certificate`.",
    ),
    setting(
        "tls_public_authority",
        "false",
        "true when a public authority signed the certificate: enrolment codes then carry no pin of its key.",
    ),
    setting(
        "lease_days",
        "30",
        "How many days a device may be out of contact before it locks itself.",
    ),
    setting(
        "wait_millis_max",
        "25000",
        "How long a feed request may wait for something to be told, in milliseconds; at most 25000.",
    ),
    setting(
        "stop_millis_max",
        "10000",
        "How long a stopping server waits for requests in flight, in milliseconds.",
    ),
    setting(
        "log_format",
        "text",
        "How the log is written: text or json.",
    ),
    setting(
        "log_filter",
        "info",
        "What is logged: a level (error, warn, info, debug) or a filter of the tracing library.",
    ),
];

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

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The table's default.
    Default,
    /// The settings file.
    File(PathBuf),
    /// An environment variable.
    Environment,
    /// A flag.
    Flag,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("the default"),
            Self::File(path) => write!(f, "the file {}", path.display()),
            Self::Environment => f.write_str("the environment"),
            Self::Flag => f.write_str("a flag"),
        }
    }
}

/// Settings that do not hold. Each says where the value stands and what would be right.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file is not there or cannot be read.
    #[error("cannot read the settings file {path}; give another with --settings or leave it out")]
    FileUnreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file is not TOML.
    #[error("the settings file {path} is not TOML")]
    FileSyntax {
        /// The file.
        path: PathBuf,
        /// Where.
        #[source]
        source: toml::de::Error,
    },
    /// No such setting.
    #[error("{origin} sets {name}, which is no setting; there are: {known}", known = names())]
    Unknown {
        /// The name given.
        name: String,
        /// By whom.
        origin: Origin,
    },
    /// Not a value of this setting.
    #[error("{name}, set by {origin}, must be {expected}")]
    Value {
        /// The setting.
        name: &'static str,
        /// By whom.
        origin: Origin,
        /// What would be right.
        expected: &'static str,
    },
}

fn names() -> String {
    TABLE
        .iter()
        .map(|row| row.name)
        .collect::<Vec<_>>()
        .join(", ")
}

/// Values as they were given, the later and stronger over the earlier.
#[derive(Debug, Clone, Default)]
pub struct Layers {
    given: BTreeMap<&'static str, (String, Origin)>,
}

impl Layers {
    /// Only the defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn put(&mut self, name: &str, value: String, origin: Origin) -> Result<(), SettingsError> {
        let Some(row) = TABLE.iter().find(|row| row.name == name) else {
            let name = name.to_owned();
            return Err(SettingsError::Unknown { name, origin });
        };
        let stands = self
            .given
            .get(row.name)
            .is_some_and(|(_, stands)| rank(stands) > rank(&origin));
        if !stands {
            self.given.insert(row.name, (value, origin));
        }
        Ok(())
    }

    /// What a TOML file sets: strings, whole numbers, true and false at its top level.
    ///
    /// # Errors
    /// The file cannot be read, is not TOML, or names what is no setting.
    pub fn file(mut self, path: &Path) -> Result<Self, SettingsError> {
        let unreadable = |source| SettingsError::FileUnreadable {
            path: path.to_owned(),
            source,
        };
        let text = std::fs::read_to_string(path).map_err(unreadable)?;
        let table: toml::Table = text.parse().map_err(|source| SettingsError::FileSyntax {
            path: path.to_owned(),
            source,
        })?;
        for (name, value) in table {
            let text = match value {
                toml::Value::String(text) => text,
                other => other.to_string(),
            };
            self.put(&name, text, Origin::File(path.to_owned()))?;
        }
        Ok(self)
    }

    /// What `SAMSPOR_*` variables set. Variables that name no server setting are passed over: the
    /// other commands have their own.
    #[must_use]
    pub fn environment(mut self, variables: impl IntoIterator<Item = (String, String)>) -> Self {
        for (variable, value) in variables {
            let Some(name) = variable.strip_prefix("SAMSPOR_") else {
                continue;
            };
            let _ = self.put(&name.to_ascii_lowercase(), value, Origin::Environment);
        }
        self
    }

    /// What a flag sets: its name with or without hyphens.
    ///
    /// # Errors
    /// It names what is no setting.
    pub fn flag(mut self, name: &str, value: impl Into<String>) -> Result<Self, SettingsError> {
        let name = name.trim_start_matches("--").replace('-', "_");
        self.put(&name, value.into(), Origin::Flag)?;
        Ok(self)
    }

    /// The value of a setting and where it came from.
    fn value(&self, name: &'static str) -> (&str, Origin) {
        if let Some((value, origin)) = self.given.get(name) {
            return (value, origin.clone());
        }
        let default = TABLE.iter().find(|row| row.name == name);
        (default.map_or("", |row| row.default), Origin::Default)
    }

    fn parsed<T: FromStr>(
        &self,
        name: &'static str,
        expected: &'static str,
    ) -> Result<T, SettingsError> {
        let (value, origin) = self.value(name);
        value.trim().parse().map_err(|_| SettingsError::Value {
            name,
            origin,
            expected,
        })
    }

    fn path(&self, name: &'static str) -> Option<PathBuf> {
        let (value, _) = self.value(name);
        (!value.is_empty()).then(|| PathBuf::from(value))
    }

    fn refuse<T>(
        &self,
        name: &'static str,
        expected: &'static str,
        holds: Option<T>,
    ) -> Result<T, SettingsError> {
        let (_, origin) = self.value(name);
        holds.ok_or(SettingsError::Value {
            name,
            origin,
            expected,
        })
    }

    fn tls_files(&self) -> Result<Option<TlsFiles>, SettingsError> {
        match (self.path("tls_certificate"), self.path("tls_key")) {
            (None, None) => Ok(None),
            (Some(certificate), Some(key)) => Ok(Some(TlsFiles { certificate, key })),
            (None, Some(_)) => self.refuse("tls_certificate", "given together with tls_key", None),
            (Some(_), None) => self.refuse("tls_key", "given together with tls_certificate", None),
        }
    }

    fn url(&self) -> Result<Option<String>, SettingsError> {
        let (value, _) = self.value("url");
        let value = value.trim_end_matches('/');
        if value.is_empty() {
            return Ok(None);
        }
        let right = is_base_url(value).then(|| Some(value.to_owned()));
        self.refuse("url", "https://host or https://host:port", right)
    }

    /// The settings, checked.
    ///
    /// # Errors
    /// The first value that is not one of its setting.
    pub fn settings(&self) -> Result<Settings, SettingsError> {
        const MILLIS: &str = "a whole number of milliseconds";
        let wait: u64 = self.parsed("wait_millis_max", "a number from 0 to 25000")?;
        let wait = (wait <= u64::from(limits::WAIT_MILLIS_MAX)).then_some(wait);
        let days: u64 = self.parsed("lease_days", "a number of days from 1 to 365")?;
        let days = (1..=365).contains(&days).then_some(days);
        let days = self.refuse("lease_days", "a number of days from 1 to 365", days)?;
        let organisation = self.value("organisation").0.trim().to_owned();
        let log_format = match self.value("log_format").0 {
            "text" => Some(LogFormat::Text),
            "json" => Some(LogFormat::Json),
            _ => None,
        };
        Ok(Settings {
            folder: self.refuse("folder", "the path of a folder", self.path("folder"))?,
            listen: self.parsed("listen", "an address and a port, as 127.0.0.1:8443")?,
            url: self.url()?,
            organisation,
            tls_files: self.tls_files()?,
            tls_public_authority: self.parsed("tls_public_authority", "true or false")?,
            lease: Duration::from_secs(days.saturating_mul(24 * 60 * 60)),
            wait_max: Duration::from_millis(self.refuse(
                "wait_millis_max",
                "a number from 0 to 25000",
                wait,
            )?),
            stop_max: Duration::from_millis(self.parsed("stop_millis_max", MILLIS)?),
            log_format: self.refuse("log_format", "text or json", log_format)?,
            log_filter: self.value("log_filter").0.to_owned(),
        })
    }
}

const fn rank(origin: &Origin) -> u8 {
    match origin {
        Origin::Default => 0,
        Origin::File(_) => 1,
        Origin::Environment => 2,
        Origin::Flag => 3,
    }
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
            wait_max: Duration::from_millis(u64::from(limits::WAIT_MILLIS_MAX)),
            stop_max: Duration::from_secs(10),
            log_format: LogFormat::Text,
            log_filter: "info".to_owned(),
        }
    }
}

/// The table as Markdown, as it stands in the documentation.
#[must_use]
pub fn table_markdown() -> String {
    let mut text = "| setting | default | meaning |\n|---|---|---|\n".to_owned();
    for row in TABLE {
        let default = if row.default.is_empty() {
            "-".to_owned()
        } else {
            format!("`{}`", row.default)
        };
        text.push_str(&format!(
            "| `{}` | {default} | {} |\n",
            row.name, row.meaning
        ));
    }
    text
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
    fn the_documented_table_has_every_setting_once() {
        let text = table_markdown();
        for row in TABLE {
            assert_eq!(text.matches(&format!("| `{}` |", row.name)).count(), 1);
        }
    }
}
