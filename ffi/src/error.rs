//! What can go wrong, by what an app can do about it. Codes are stable, and those of the command line; details are for
//! support, in English. Neither says what was typed, who it is about, or where on the machine it stands.

use samspor_client_core::DeviceError;
use samspor_documents::{document::AuthorError, id::IdError, signed::UnsignableError};
use samspor_protocol::sign::VerifyError;

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
            DeviceError::NotHandedOver { source }
                if matches!(**source, DeviceError::HandedOverBefore) =>
            {
                return revoked("handed_over_before".to_owned(), detail(&error));
            }
            DeviceError::Evidence {
                source: Some(source),
            } => return server(source.code().to_owned(), source.to_string()),
            _ => {}
        }
        let (kind, code) = kind_and_code(&error);
        kind(code.to_owned(), detail(&error))
    }
}

impl From<VerifyError> for SamsporError {
    fn from(error: VerifyError) -> Self {
        refused(error.code().to_owned(), error.to_string())
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

/// Every error of a device with its kind and code: the compiler asks for those of a new one.
macro_rules! codes {
    ($($kind:ident { $($variant:ident $code:literal),+ $(,)? })+) => {
        fn kind_and_code(error: &DeviceError) -> (Kind, &'static str) {
            match error {
                $($(DeviceError::$variant { .. } => ($kind, $code),)+)+
            }
        }
    };
}

codes! {
    key { WrongKey "wrong_key", BadKey "bad_key" }
    store {
        NoStore "no_store", StoreExists "store_exists", StoreInUse "store_in_use", NewerSchema "newer_store",
        Folder "folder", ReadOnly "read_only", Damaged "store_damaged", Store "store_failed",
        Randomness "no_randomness", Guard "document_unreadable", SetAside "set_aside", Wiped "wiped",
    }
    disk_full { DiskFull "disk_full" }
    locked { LeaseEnded "lease_ended" }
    enrolment {
        NotEnrolled "not_enrolled", AlreadyEnrolled "already_enrolled", OtherPractitioner "other_practitioner",
        CopiedStore "copied_store", Replaced "replaced", NotVouched "not_vouched", CodeRefused "bad_code",
    }
    revoked {
        Revoked "revoked", NotHandedOver "not_handed_over", HandedOver "handed_over",
        HandedOverBefore "handed_over_before", NotAccepted "not_accepted",
    }
    no_contact { Unreachable "no_contact", Busy "busy" }
    server {
        BadAddress "bad_address", WrongPin "wrong_pin", Version "version", Wire "malformed", Server "server",
        Evidence "evidence_differs",
    }
    not_found {
        NotYourTeam "not_your_team", UnknownCase "unknown_case", UnknownDraft "unknown_draft",
        UnknownDocument "unknown_document", UnknownContact "unknown_contact", UnknownCircle "unknown_circle",
        UnknownTeam "unknown_team", UnknownPractitioner "unknown_practitioner", UnknownShare "unknown_share",
        UnknownRefusal "unknown_refusal", NoColleague "no_colleague", NoEvidence "no_evidence",
    }
    refused {
        CardTemplate "card_template", ContactTemplate "contact_template", NamesNoContact "names_no_contact",
        NoParentsCase "no_parents_case", NoRelation "no_relation", CircleTitle "bad_circle_title",
        CircleTooLarge "circle_too_large", CircleClosed "circle_closed", LearningLine "bad_learning_line",
        LearningTooLarge "learning_too_large", LastAssigned "last_assigned", SharedForReading "shared_for_reading",
        EntryRestricted "entry_restricted", Disclosed "disclosed", ShareWithOwnTeam "share_own_team",
        ShareText "bad_share", ShareOver "share_over", Published "published", Signed "signed",
        EntryNotSigned "entry_not_signed", EntryElsewhere "entry_elsewhere", RestrictionGround "bad_ground",
        AddsToNothing "adds_to_nothing", NotSigned "not_signed", DraftNeverSigned "draft_not_signed",
        CardNeverSigned "card_not_signed", ContactNeverSigned "contact_not_signed", NotAuthor "not_author",
        NotThatWayOut "not_that_way_out", NotRetryable "not_retryable", TooLarge "too_large",
        SyncRunning "sync_running", Undelivered "undelivered", Refused "refused",
        Author "input_refused", Unsignable "unsignable",
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
