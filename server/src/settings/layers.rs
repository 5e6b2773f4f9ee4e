//! Values as they were given, by whom, and what they come to.

use super::{LogFormat, Settings, TABLE, TlsFiles, is_base_url};
use samspor_protocol::limits;
use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

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

    fn days(&self, name: &'static str) -> Result<Duration, SettingsError> {
        const DAYS: &str = "a number of days from 1 to 365";
        let days: u64 = self.parsed(name, DAYS)?;
        let days = (1..=365).contains(&days).then_some(days);
        let days = self.refuse(name, DAYS, days)?;
        Ok(Duration::from_secs(days.saturating_mul(24 * 60 * 60)))
    }

    /// The settings, checked.
    ///
    /// # Errors
    /// The first value that is not one of its setting.
    pub fn settings(&self) -> Result<Settings, SettingsError> {
        const MILLIS: &str = "a whole number of milliseconds";
        let wait: u64 = self.parsed("wait_millis_max", "a number from 0 to 25000")?;
        let wait = (wait <= u64::from(limits::WAIT_MILLIS_MAX)).then_some(wait);
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
            lease: self.days("lease_days")?,
            quarantine: self.days("quarantine_days")?,
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
