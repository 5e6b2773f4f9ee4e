//! What the server's errors mean to the one who runs it.

use crate::{exit::Exit, failure::Failure, words::W};
use samspor_server::{
    OpenError, StartError, TlsError, admin::AdminError, keys::KeysError, quarantine::Refused,
    store::StoreError,
};
use std::path::Path;

fn of(exit: Exit, code: &'static str, words: W) -> Failure {
    Failure::new(exit, code, words)
}

fn at(failure: Failure, path: &Path) -> Failure {
    failure.with("path", path.display().to_string())
}

/// Why the server does not start.
pub fn starting(error: &StartError) -> Failure {
    use StartError as E;
    match error {
        E::Open(error) => opening(error),
        E::Store(error) => storing(error),
        E::Running { path } => at(of(Exit::Folder, "server_running", W::SERVER_RUNNING), path),
        E::Lock { path, .. } => at(of(Exit::Folder, "folder", W::SERVER_FOLDER), path),
        E::Tls(error) => tls(error),
        E::PortTaken { address, .. } => {
            of(Exit::Folder, "port_taken", W::PORT_TAKEN).with("address", address.to_string())
        }
        E::Listen { address, .. } => {
            of(Exit::Folder, "listen", W::CANNOT_LISTEN).with("address", address.to_string())
        }
        E::OrganisationName => of(Exit::Input, "settings", W::ORGANISATION_NAME),
        other => {
            of(Exit::Other, "server_failed", W::SERVER_FAILED).with("detail", other.to_string())
        }
    }
}

fn opening(error: &OpenError) -> Failure {
    match error {
        OpenError::Folder { path, .. } => at(of(Exit::Folder, "folder", W::SERVER_FOLDER), path),
        OpenError::Keys(error) => keys(error),
        OpenError::Store(error) => storing(error),
    }
}

fn storing(error: &StoreError) -> Failure {
    match error {
        StoreError::Folder { .. } | StoreError::Unavailable { .. } => {
            of(Exit::Folder, "database_unavailable", W::SERVER_DATABASE)
        }
        StoreError::NewerSchema { .. } => of(Exit::Store, "newer_store", W::SERVER_NEWER),
        StoreError::Damaged { .. } => of(Exit::Store, "store_damaged", W::SERVER_DAMAGED),
        other => {
            of(Exit::Other, "server_failed", W::SERVER_FAILED).with("detail", other.to_string())
        }
    }
}

fn keys(error: &KeysError) -> Failure {
    match error {
        KeysError::Io { path, .. } => at(of(Exit::Folder, "folder", W::SERVER_FOLDER), path),
        KeysError::Damaged { path } => at(of(Exit::Store, "bad_key", W::SERVER_KEY_DAMAGED), path),
        KeysError::Missing { path } => at(of(Exit::Store, "key_gone", W::SERVER_KEY_MISSING), path),
        KeysError::Random(_) => of(Exit::Other, "no_randomness", W::NO_RANDOMNESS),
    }
}

fn tls(error: &TlsError) -> Failure {
    match error {
        TlsError::Unreadable { path, .. } | TlsError::Empty { path } => {
            at(of(Exit::Input, "certificate", W::TLS_UNREADABLE), path)
        }
        TlsError::Io { path, .. } => at(of(Exit::Folder, "folder", W::SERVER_FOLDER), path),
        TlsError::Mismatch(_) | TlsError::Certificate(_) => {
            of(Exit::Input, "certificate", W::TLS_MISMATCH)
        }
        TlsError::Make(_) => of(Exit::Other, "server_failed", W::TLS_MAKE),
    }
}

fn in_quarantine(refused: &Refused) -> Failure {
    match refused {
        Refused::Unknown => of(Exit::NotFound, "unknown_parcel", W::UNKNOWN_PARCEL),
        Refused::Expired => of(Exit::NotFound, "parcel_expired", W::PARCEL_EXPIRED),
        Refused::NoAccess => of(Exit::Refused, "no_access", W::PARCEL_NO_ACCESS),
        Refused::Store(error) => storing(error),
    }
}

/// Why something was not administered.
pub fn administering(error: &AdminError) -> Failure {
    use AdminError as E;
    match error {
        E::Open(error) => opening(error),
        E::Store(error) => storing(error),
        E::Keys(error) => keys(error),
        E::NoOrganisation => of(Exit::NotFound, "no_organisation", W::NO_ORGANISATION),
        E::Name { max, .. } => {
            of(Exit::Input, "bad_name", W::BAD_NAME).with("most", max.to_string())
        }
        E::NoPractitioner => of(
            Exit::NotFound,
            "unknown_practitioner",
            W::UNKNOWN_PRACTITIONER,
        ),
        E::NoTeam => of(Exit::NotFound, "unknown_team", W::UNKNOWN_SERVER_TEAM),
        E::NoMembership => of(Exit::NotFound, "unknown_membership", W::UNKNOWN_MEMBERSHIP),
        E::NoCase => of(Exit::NotFound, "unknown_case", W::UNKNOWN_SERVER_CASE),
        E::RoleOpensNoCase => of(Exit::NotFound, "no_colleague", W::NO_COLLEAGUE),
        E::NoShare => of(Exit::NotFound, "unknown_share", W::UNKNOWN_SERVER_SHARE),
        // Said with its file where one is read; no other command reads one.
        E::Template(error) => of(Exit::Input, "template_refused", W::TEMPLATE_REFUSED)
            .with("line", error.line().to_string())
            .with("said", error.to_string()),
        // Said with its file where one is read: else the database holds what this program cannot use.
        E::Schedule(error) => of(Exit::Input, "schedule_refused", W::SCHEDULE_UNUSABLE)
            .with("line", error.line().to_string())
            .with("said", error.to_string()),
        // Said with its name where one is retired; no other command does.
        E::Retire(_) => of(Exit::Input, "template_needed", W::TEMPLATE_NEEDED),
        E::TooManyTemplates { most } => {
            of(Exit::Input, "too_many_templates", W::TOO_MANY_TEMPLATES)
                .with("most", most.to_string())
        }
        E::NoDevice => of(Exit::NotFound, "unknown_device", W::UNKNOWN_DEVICE),
        E::Ground { max } => {
            of(Exit::Input, "bad_ground", W::BAD_GROUND).with("most", max.to_string())
        }
        E::Quarantine(refused) => in_quarantine(refused),
        E::Url => of(Exit::Input, "bad_address", W::BAD_ADDRESS),
        E::NeverServed => of(Exit::NotFound, "never_served", W::NEVER_SERVED),
    }
}
