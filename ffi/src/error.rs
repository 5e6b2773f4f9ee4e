//! What can go wrong, by what an app can do about it. Codes are stable, and those of the command line; details are for
//! support, in English. Neither says what was typed, who it is about, or where on the machine it stands.

use samspor_client_core::DeviceError;
use samspor_documents::{document::AuthorError, id::IdError, signed::UnsignableError};

/// An error of the library. After any of them the store holds what it held before.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum SamsporError {
    /// The key does not open the store, or the platform's key store gives none: ask it again, or enrol anew.
    #[error("{code}: {detail}")]
    Key {
        /// Which: stable, lower case.
        code: String,
        /// For support.
        detail: String,
    },
    /// There is no store, there is one already, it is open elsewhere, damaged, or its folder cannot be used.
    #[error("{code}: {detail}")]
    Store {
        /// Which: stable, lower case.
        code: String,
        /// For support.
        detail: String,
    },
    /// No space left: nothing was changed. Free some and try again.
    #[error("{code}: {detail}")]
    DiskFull {
        /// `disk_full`.
        code: String,
        /// For support.
        detail: String,
    },
    /// The device is locked: by the app (`closed`: unlock it), or by its lease (`lease_ended`: sync).
    #[error("{code}: {detail}")]
    Locked {
        /// Which: stable, lower case.
        code: String,
        /// For support.
        detail: String,
    },
    /// The device is to be enrolled, with a code that fits it.
    #[error("{code}: {detail}")]
    Enrolment {
        /// Which: stable, lower case.
        code: String,
        /// For support.
        detail: String,
    },
    /// The device was revoked: it hands over and erases itself. See the coordinator.
    #[error("{code}: {detail}")]
    Revoked {
        /// Which: stable, lower case.
        code: String,
        /// For support.
        detail: String,
    },
    /// No contact with the server, or it is busy: what was written is kept and waits. Try again later.
    #[error("{code}: {detail}")]
    NoContact {
        /// Which: stable, lower case.
        code: String,
        /// For support.
        detail: String,
    },
    /// The server is not the one expected, speaks another version, or fails: trying again does not help by itself.
    #[error("{code}: {detail}")]
    Server {
        /// Which: stable, lower case.
        code: String,
        /// For support.
        detail: String,
    },
    /// What was named is not on this device.
    #[error("{code}: {detail}")]
    NotFound {
        /// Which: stable, lower case.
        code: String,
        /// For support.
        detail: String,
    },
    /// It cannot be done so: by a template, a merge rule, a right, or how things stand.
    #[error("{code}: {detail}")]
    Refused {
        /// Which: stable, lower case.
        code: String,
        /// For support.
        detail: String,
        /// The fields that it is about.
        fields: Vec<String>,
    },
}

/// Makes a variant from its code and detail.
type Kind = fn(String, String) -> SamsporError;

macro_rules! kinds {
    ($($name:ident $variant:ident),+ $(,)?) => {$(
        fn $name(code: String, detail: String) -> SamsporError {
            SamsporError::$variant { code, detail }
        }
    )+};
}

kinds! {
    key Key, store Store, disk_full DiskFull, locked Locked, enrolment Enrolment, revoked Revoked,
    no_contact NoContact, server Server, not_found NotFound,
}

fn refused(code: String, detail: String) -> SamsporError {
    let fields = Vec::new();
    SamsporError::Refused {
        code,
        detail,
        fields,
    }
}

impl SamsporError {
    /// Its code: stable, lower case.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::Key { code, .. }
            | Self::Store { code, .. }
            | Self::DiskFull { code, .. }
            | Self::Locked { code, .. }
            | Self::Enrolment { code, .. }
            | Self::Revoked { code, .. }
            | Self::NoContact { code, .. }
            | Self::Server { code, .. }
            | Self::NotFound { code, .. }
            | Self::Refused { code, .. } => code,
        }
    }

    /// Work ended in no way that is known.
    pub(crate) fn failed() -> Self {
        store(
            "failed".to_owned(),
            "the work ended unexpectedly".to_owned(),
        )
    }

    /// The app locked the device, or closed it.
    pub(crate) fn closed() -> Self {
        locked(
            "closed".to_owned(),
            "the store is closed: unlock it".to_owned(),
        )
    }

    /// What waited for the server was stopped by the app.
    pub(crate) fn stopped() -> Self {
        refused("stopped".to_owned(), "it was stopped".to_owned())
    }

    /// The platform's key store holds no key.
    pub(crate) fn no_key() -> Self {
        key("no_key".to_owned(), "the key store holds no key".to_owned())
    }

    /// The platform's key store did not do what was asked.
    pub(crate) fn key_store(code: &str) -> Self {
        key(code.to_owned(), "the key store failed".to_owned())
    }

    /// An argument that does not read.
    pub(crate) fn argument(code: &str) -> Self {
        refused(code.to_owned(), "an argument does not read".to_owned())
    }
}

impl From<IdError> for SamsporError {
    fn from(_: IdError) -> Self {
        Self::argument("bad_id")
    }
}

impl From<DeviceError> for SamsporError {
    fn from(error: DeviceError) -> Self {
        match &error {
            DeviceError::Author { source } => return Self::from(source),
            DeviceError::Unsignable { source } => return Self::from(source),
            _ => {}
        }
        let (kind, code) = of_store(&error);
        kind(code.to_owned(), detail(&error))
    }
}

/// One sentence, without where on the machine it is.
fn detail(error: &DeviceError) -> String {
    use DeviceError as E;
    match error {
        E::NoStore { .. } => "there is no store in the folder".to_owned(),
        E::StoreExists { .. } => "there is a store in the folder already".to_owned(),
        E::StoreInUse { .. } => "the store is open elsewhere".to_owned(),
        E::Folder { .. } => "the folder cannot be used".to_owned(),
        other => other.to_string(),
    }
}

fn of_store(error: &DeviceError) -> (Kind, &'static str) {
    use DeviceError as E;
    match error {
        E::WrongKey => (key, "wrong_key"),
        E::BadKey => (key, "bad_key"),
        E::NoStore { .. } => (store, "no_store"),
        E::StoreExists { .. } => (store, "store_exists"),
        E::StoreInUse { .. } => (store, "store_in_use"),
        E::NewerSchema { .. } => (store, "newer_store"),
        E::Folder { .. } => (store, "folder"),
        E::ReadOnly => (store, "read_only"),
        E::DiskFull => (disk_full, "disk_full"),
        E::Damaged { .. } => (store, "store_damaged"),
        E::Store { .. } => (store, "store_failed"),
        E::Randomness { .. } => (store, "no_randomness"),
        E::Guard { .. } => (store, "document_unreadable"),
        E::SetAside { .. } => (store, "set_aside"),
        E::Wiped => (store, "wiped"),
        E::LeaseEnded => (locked, "lease_ended"),
        other => of_enrolment(other),
    }
}

fn of_enrolment(error: &DeviceError) -> (Kind, &'static str) {
    use DeviceError as E;
    match error {
        E::NotEnrolled => (enrolment, "not_enrolled"),
        E::AlreadyEnrolled => (enrolment, "already_enrolled"),
        E::OtherPractitioner => (enrolment, "other_practitioner"),
        E::CopiedStore => (enrolment, "copied_store"),
        E::Replaced => (enrolment, "replaced"),
        E::NotVouched => (enrolment, "not_vouched"),
        E::CodeRefused => (enrolment, "bad_code"),
        E::Revoked => (revoked, "revoked"),
        E::NotHandedOver { source } if matches!(**source, E::HandedOverBefore) => {
            (revoked, "handed_over_before")
        }
        E::NotHandedOver { .. } => (revoked, "not_handed_over"),
        E::HandedOver { .. } => (revoked, "handed_over"),
        E::HandedOverBefore => (revoked, "handed_over_before"),
        E::NotAccepted => (revoked, "not_accepted"),
        E::Unreachable { .. } => (no_contact, "no_contact"),
        E::Busy => (no_contact, "busy"),
        E::BadAddress => (server, "bad_address"),
        E::WrongPin => (server, "wrong_pin"),
        E::Version => (server, "version"),
        E::Wire { .. } => (server, "malformed"),
        E::Server { .. } => (server, "server"),
        E::Evidence { .. } => (server, "evidence_differs"),
        other => of_named(other),
    }
}

fn of_named(error: &DeviceError) -> (Kind, &'static str) {
    use DeviceError as E;
    match error {
        E::NotYourTeam => (not_found, "not_your_team"),
        E::UnknownCase => (not_found, "unknown_case"),
        E::UnknownDraft => (not_found, "unknown_draft"),
        E::UnknownDocument => (not_found, "unknown_document"),
        E::UnknownContact => (not_found, "unknown_contact"),
        E::UnknownCircle => (not_found, "unknown_circle"),
        E::UnknownTeam => (not_found, "unknown_team"),
        E::UnknownPractitioner => (not_found, "unknown_practitioner"),
        E::UnknownShare => (not_found, "unknown_share"),
        E::UnknownRefusal => (not_found, "unknown_refusal"),
        E::NoColleague => (not_found, "no_colleague"),
        E::NoEvidence => (not_found, "no_evidence"),
        other => (refused, of_rule(other)),
    }
}

fn of_rule(error: &DeviceError) -> &'static str {
    use DeviceError as E;
    match error {
        E::CardTemplate => "card_template",
        E::ContactTemplate => "contact_template",
        E::NamesNoContact => "names_no_contact",
        E::NoParentsCase => "no_parents_case",
        E::NoRelation => "no_relation",
        E::CircleTitle { .. } => "bad_circle_title",
        E::CircleTooLarge { .. } => "circle_too_large",
        E::CircleClosed => "circle_closed",
        E::LearningLine { .. } => "bad_learning_line",
        E::LearningTooLarge { .. } => "learning_too_large",
        E::LastAssigned => "last_assigned",
        E::SharedForReading => "shared_for_reading",
        E::EntryRestricted => "entry_restricted",
        E::Disclosed => "disclosed",
        E::ShareWithOwnTeam => "share_own_team",
        E::ShareText { .. } => "bad_share",
        E::ShareOver => "share_over",
        E::Published { .. } => "published",
        E::Signed { .. } => "signed",
        E::EntryNotSigned { .. } => "entry_not_signed",
        E::EntryElsewhere => "entry_elsewhere",
        E::RestrictionGround { .. } => "bad_ground",
        E::AddsToNothing => "adds_to_nothing",
        E::NotSigned => "not_signed",
        E::DraftNeverSigned => "draft_not_signed",
        E::CardNeverSigned => "card_not_signed",
        E::ContactNeverSigned => "contact_not_signed",
        E::NotAuthor => "not_author",
        E::NotThatWayOut => "not_that_way_out",
        E::NotRetryable => "not_retryable",
        E::TooLarge { .. } => "too_large",
        E::SyncRunning => "sync_running",
        E::Undelivered { .. } => "undelivered",
        E::Refused { .. } => "refused",
        _ => "unexpected",
    }
}

impl From<&AuthorError> for SamsporError {
    fn from(error: &AuthorError) -> Self {
        use AuthorError as E;
        let (code, field) = match error {
            E::UnknownTemplate { .. } => ("unknown_template", None),
            E::RetiredTemplate { .. } => ("retired_template", None),
            E::NamesNoItem { field, .. } => ("names_no_item", Some(field)),
            E::UnknownField { field, .. } => ("unknown_field", Some(field)),
            E::WrongType { field, .. } => ("wrong_type", Some(field)),
            E::UnknownCode { field, .. } => ("unknown_code", Some(field)),
            E::UnknownUnit { field, .. } => ("unknown_unit", Some(field)),
            E::Impossible { field, .. } => ("impossible", Some(field)),
            E::TooLong { field, .. } => ("too_long", Some(field)),
            E::NotCpr { field } => ("not_cpr", Some(field)),
            E::InConflict { field } => ("in_conflict", Some(field)),
            E::WithdrawalNotNamed { field } => ("withdrawn", Some(field)),
            E::UnknownItem { field } => ("unknown_item", Some(field)),
            E::ItemExists { field } => ("item_exists", Some(field)),
            E::Fixed { field } => ("fixed_field", Some(field)),
            E::OutsideText { field } => ("outside_text", Some(field)),
            E::TooMuchAtOnce { .. } => ("too_large", None),
            E::ActorOfAnother => ("actor_of_another", None),
            E::Exhausted => ("exhausted", None),
            E::Broken | E::Library(_) => ("input_refused", None),
        };
        Self::Refused {
            code: code.to_owned(),
            detail: error.to_string(),
            fields: field.cloned().into_iter().collect(),
        }
    }
}

/// Whether it looks like a field's name: else it could be a value in the wrong place, and is not repeated.
fn is_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    name.len() <= 40 && name.bytes().all(plain)
}

impl From<&UnsignableError> for SamsporError {
    fn from(error: &UnsignableError) -> Self {
        let fields = match error {
            UnsignableError::Fields(fields) => fields.iter().map(|one| one.field.clone()).collect(),
            _ => Vec::new(),
        };
        let fields: Vec<String> = fields;
        let fields = fields.into_iter().filter(|name| is_name(name)).collect();
        Self::Refused {
            code: "unsignable".to_owned(),
            detail: error.to_string(),
            fields,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    #[test]
    fn an_error_says_what_to_do_by_kind_and_code_and_never_where_it_stands() {
        let folder = PathBuf::from("/home/aase.oestergaard/samspor");
        for (error, code) in [
            (
                DeviceError::NoStore {
                    folder: folder.clone(),
                },
                "no_store",
            ),
            (
                DeviceError::StoreInUse {
                    folder: folder.clone(),
                },
                "store_in_use",
            ),
            (
                DeviceError::StoreExists {
                    folder: folder.clone(),
                },
                "store_exists",
            ),
            (
                DeviceError::Folder {
                    folder,
                    source: std::io::Error::other("/home/aase.oestergaard/samspor"),
                },
                "folder",
            ),
        ] {
            let told = SamsporError::from(error);
            assert!(matches!(told, SamsporError::Store { .. }), "{told:?}");
            assert_eq!(told.code(), code);
            assert!(!format!("{told} {told:?}").contains("aase"), "{told:?}");
        }
        let refused = SamsporError::from(DeviceError::from(AuthorError::InConflict {
            field: "weight".to_owned(),
        }));
        assert_eq!(
            refused,
            SamsporError::Refused {
                code: "in_conflict".to_owned(),
                detail: "weight: written by several at once; choose a value first".to_owned(),
                fields: vec!["weight".to_owned()],
            }
        );
        assert!(is_name("feeding_from") && !is_name("Åse Østergård"));
    }
}
