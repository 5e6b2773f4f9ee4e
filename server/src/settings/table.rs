//! The one table of settings.

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
        "quarantine_days",
        "30",
        "How many days what a revoked device handed over is kept for its colleagues to open.",
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
