//! What a device's error means to a person and to a script.

use crate::{exit::Exit, failure::Failure, words::W};
use samspor_client_core::DeviceError;

/// The failure of a device's error.
pub fn failure(error: DeviceError) -> Failure {
    use DeviceError as E;
    let of = Failure::new;
    match error {
        E::WrongKey => of(Exit::Store, "wrong_key", W::WRONG_KEY),
        E::BadKey => of(Exit::Store, "bad_key", W::BAD_KEY),
        E::NoStore { folder } => {
            of(Exit::Identity, "no_store", W::NO_STORE).with("folder", shown(&folder))
        }
        E::StoreExists { folder } => {
            of(Exit::Identity, "store_exists", W::STORE_EXISTS).with("folder", shown(&folder))
        }
        E::StoreInUse { folder } => {
            of(Exit::Store, "store_in_use", W::STORE_IN_USE).with("folder", shown(&folder))
        }
        E::NewerSchema { .. } => of(Exit::Store, "newer_store", W::NEWER_SCHEMA),
        E::Folder { folder, .. } => {
            of(Exit::Folder, "folder", W::FOLDER_UNUSABLE).with("folder", shown(&folder))
        }
        E::ReadOnly => of(Exit::Folder, "read_only", W::READ_ONLY),
        E::DiskFull => of(Exit::Folder, "disk_full", W::DISK_FULL),
        E::Damaged { .. } => of(Exit::Store, "store_damaged", W::STORE_DAMAGED),
        E::Store { .. } => of(Exit::Store, "store_failed", W::STORE_FAILED),
        E::Randomness { .. } => of(Exit::Other, "no_randomness", W::NO_RANDOMNESS),
        E::LeaseEnded => of(Exit::Locked, "lease_ended", W::LEASE_ENDED),
        E::NotEnrolled => of(Exit::Identity, "not_enrolled", W::NOT_ENROLLED),
        E::AlreadyEnrolled => of(Exit::Identity, "already_enrolled", W::ALREADY_ENROLLED),
        E::OtherPractitioner => of(Exit::Identity, "other_practitioner", W::OTHER_PRACTITIONER),
        E::CopiedStore => of(Exit::Identity, "copied_store", W::COPIED_STORE),
        E::Replaced => of(Exit::Identity, "replaced", W::REPLACED),
        E::NotVouched => of(Exit::Identity, "not_vouched", W::NOT_VOUCHED),
        E::NotYourTeam => of(Exit::NotFound, "not_your_team", W::NOT_YOUR_TEAM),
        E::CardTemplate => of(Exit::Input, "card_template", W::CARD_TEMPLATE),
        E::UnknownCase => of(Exit::NotFound, "unknown_case", W::UNKNOWN_CASE),
        E::UnknownDraft => of(Exit::NotFound, "unknown_draft", W::UNKNOWN_DRAFT),
        E::Published { document } => {
            of(Exit::Input, "published", W::DRAFT_PUBLISHED).with("document", document.to_string())
        }
        E::UnknownTeam => of(Exit::NotFound, "unknown_team", W::UNKNOWN_ANY_TEAM),
        E::UnknownDocument => of(Exit::NotFound, "unknown_document", W::UNKNOWN_DOCUMENT),
        E::SetAside { .. } => of(Exit::Store, "set_aside", W::SET_ASIDE),
        E::Signed { .. } => of(Exit::Input, "signed", W::SIGNED_ALREADY),
        E::EntryNotSigned { document } => of(Exit::Input, "entry_not_signed", W::ENTRY_NOT_SIGNED)
            .with("document", document.to_string()),
        E::EntryElsewhere => of(Exit::Input, "entry_elsewhere", W::ENTRY_ELSEWHERE),
        E::RestrictionGround { most } => {
            of(Exit::Input, "bad_ground", W::RESTRICTION_GROUND).with("most", most.to_string())
        }
        E::AddsToNothing => of(Exit::Input, "adds_to_nothing", W::ADDS_TO_NOTHING),
        E::NotSigned => of(Exit::Input, "not_signed", W::NOT_SIGNED),
        E::DraftNeverSigned => of(Exit::Input, "draft_not_signed", W::DRAFT_NEVER_SIGNED),
        E::CardNeverSigned => of(Exit::Input, "card_not_signed", W::CARD_NEVER_SIGNED),
        E::NotAuthor => of(Exit::Input, "not_author", W::NOT_AUTHOR),
        E::Unsignable { source } => {
            of(Exit::Input, "unsignable", W::UNSIGNABLE).with("fields", source.to_string())
        }
        E::UnknownRefusal => of(Exit::NotFound, "unknown_refusal", W::UNKNOWN_REFUSAL),
        E::NotThatWayOut => of(Exit::Refused, "not_that_way_out", W::NOT_THAT_WAY_OUT),
        E::NotRetryable => of(Exit::Refused, "not_retryable", W::NOT_RETRYABLE),
        E::Author { source } => super::author_error::failure(&source),
        E::Guard { .. } => of(Exit::Store, "document_unreadable", W::DOCUMENT_UNREADABLE),
        E::TooLarge { limit } => {
            of(Exit::Input, "too_large", W::CHANGE_TOO_LARGE).with("most", limit.to_string())
        }
        other => of_share(other),
    }
}

/// Errors about shares and disclosures.
fn of_share(error: DeviceError) -> Failure {
    use DeviceError as E;
    let of = Failure::new;
    match error {
        E::UnknownShare => of(Exit::NotFound, "unknown_share", W::UNKNOWN_SHARE),
        E::SharedForReading => of(Exit::Refused, "shared_for_reading", W::SHARED_FOR_READING),
        E::EntryRestricted => of(Exit::Input, "entry_restricted", W::ENTRY_RESTRICTED),
        E::Disclosed => of(Exit::Input, "disclosed", W::DISCLOSED_STAYS),
        E::ShareWithOwnTeam => of(Exit::Input, "share_own_team", W::SHARE_OWN_TEAM),
        E::ShareText { field } => of(Exit::Input, "bad_share", W::SHARE_TEXT).with("field", field),
        E::ShareOver => of(Exit::Input, "share_over", W::SHARE_OVER),
        other => of_circle(other),
    }
}

/// Errors about circles and assignments.
fn of_circle(error: DeviceError) -> Failure {
    use DeviceError as E;
    let of = Failure::new;
    match error {
        E::UnknownCircle => of(Exit::NotFound, "unknown_circle", W::UNKNOWN_CIRCLE),
        E::UnknownPractitioner => of(Exit::NotFound, "unknown_practitioner", W::UNKNOWN_COLLEAGUE),
        E::CircleTitle { most } => {
            of(Exit::Input, "bad_circle_title", W::CIRCLE_TITLE).with("most", most.to_string())
        }
        E::CircleTooLarge { most } => {
            of(Exit::Input, "circle_too_large", W::CIRCLE_TOO_LARGE).with("most", most.to_string())
        }
        E::CircleClosed => of(Exit::Input, "circle_closed", W::ERROR_CIRCLE_CLOSED),
        E::LearningLine { most } => {
            of(Exit::Input, "bad_learning_line", W::LEARNING_LINE).with("most", most.to_string())
        }
        E::LearningTooLarge { lines, teams, .. } => {
            of(Exit::Input, "learning_too_large", W::LEARNING_TOO_LARGE)
                .with("lines", lines.to_string())
                .with("teams", teams.to_string())
        }
        E::NoColleague => of(Exit::NotFound, "no_colleague", W::NO_COLLEAGUE),
        E::LastAssigned => of(Exit::Refused, "last_assigned", W::REASON_LAST_ASSIGNED),
        other => of_planned(other),
    }
}

/// Errors about planned contacts.
fn of_planned(error: DeviceError) -> Failure {
    use DeviceError as E;
    let of = Failure::new;
    match error {
        E::ContactTemplate => of(Exit::Input, "contact_template", W::CONTACT_TEMPLATE),
        E::ContactNeverSigned => of(Exit::Input, "contact_not_signed", W::CONTACT_NEVER_SIGNED),
        E::UnknownContact => of(Exit::NotFound, "unknown_contact", W::UNKNOWN_CONTACT),
        E::NamesNoContact => of(Exit::Input, "names_no_contact", W::NAMES_NO_CONTACT),
        E::NoParentsCase => of(Exit::Input, "no_parents_case", W::NO_PARENTS_CASE),
        E::NoRelation => of(Exit::Input, "no_relation", W::NO_RELATION),
        other => of_contact(other),
    }
}

/// Errors of talking with the server.
fn of_contact(error: DeviceError) -> Failure {
    use DeviceError as E;
    let of = Failure::new;
    match error {
        E::SyncRunning => of(Exit::Store, "sync_running", W::SYNC_RUNNING),
        E::BadAddress => of(Exit::Input, "bad_address", W::BAD_ADDRESS),
        E::WrongPin => of(Exit::Identity, "wrong_pin", W::WRONG_PIN),
        E::Unreachable { .. } => of(Exit::NoContact, "no_contact", W::UNREACHABLE),
        E::Busy => of(Exit::NoContact, "busy", W::BUSY),
        E::Revoked => of(Exit::Identity, "revoked", W::REVOKED),
        E::NotHandedOver { source } => match *source {
            E::HandedOverBefore => of(Exit::Identity, "handed_over_before", W::HANDED_OVER_BEFORE),
            _ => of(Exit::Identity, "not_handed_over", W::NOT_HANDED_OVER),
        },
        E::HandedOver { items } => handed_over(items),
        E::NotAccepted => of(Exit::Identity, "not_accepted", W::NOT_ACCEPTED),
        E::CodeRefused => of(Exit::Refused, "bad_code", W::CODE_REFUSED),
        E::Version => of(Exit::Refused, "version", W::VERSION),
        E::Wire { .. } => of(Exit::Refused, "malformed", W::ANSWER_UNREADABLE),
        E::NoEvidence => of(Exit::NotFound, "no_evidence", W::NO_EVIDENCE),
        E::Evidence { source } => match source {
            Some(part) => crate::verify::failure(&part),
            None => of(Exit::NotProven, "evidence_differs", W::EVIDENCE_DIFFERS),
        },
        E::Server { code, request_id } => of(Exit::Refused, "server", W::SERVER_PROBLEM)
            .with("problem", code)
            .with("request", request_id),
        E::Refused { reason } => {
            of(Exit::Refused, "refused", W::REFUSED_WORK).with("count", reason.code())
        }
        other => of(Exit::Other, "unexpected", W::UNEXPECTED).with("detail", other.to_string()),
    }
}

/// What a code of [`DeviceError::code`] says to a person, where its sentence needs nothing else.
pub fn sync_failure(code: &str) -> Option<W> {
    Some(match code {
        "wrong_key" => W::WRONG_KEY,
        "read_only" => W::READ_ONLY,
        "disk_full" => W::DISK_FULL,
        "store_damaged" => W::STORE_DAMAGED,
        "store_failed" => W::STORE_FAILED,
        "no_randomness" => W::NO_RANDOMNESS,
        "document_unreadable" => W::DOCUMENT_UNREADABLE,
        "bad_address" => W::BAD_ADDRESS,
        "wrong_pin" => W::WRONG_PIN,
        "no_contact" => W::UNREACHABLE,
        "busy" => W::BUSY,
        "revoked" => W::REVOKED,
        "not_handed_over" => W::NOT_HANDED_OVER,
        "copied_store" => W::COPIED_STORE,
        "replaced" => W::REPLACED,
        "not_accepted" => W::NOT_ACCEPTED,
        "version" => W::VERSION,
        "malformed" => W::ANSWER_UNREADABLE,
        _ => return None,
    })
}

/// What became of a device that was revoked.
pub fn handed_over(items: u64) -> Failure {
    Failure::new(Exit::Identity, "handed_over", W::HANDED_OVER).with("items", items.to_string())
}

fn shown(path: &std::path::Path) -> String {
    path.display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use samspor_client_core::TransportError;

    #[test]
    fn a_sync_that_failed_has_the_same_code_and_sentence_then_and_later() {
        use DeviceError as E;
        let errors = [
            E::WrongKey,
            E::ReadOnly,
            E::DiskFull,
            E::Damaged { what: "test" },
            E::BadAddress,
            E::WrongPin,
            E::Unreachable {
                source: TransportError::BadAddress,
            },
            E::Busy,
            E::Revoked,
            E::NotAccepted,
            E::CopiedStore,
            E::Replaced,
            E::NotHandedOver {
                source: Box::new(E::Busy),
            },
            E::Version,
        ];
        for error in errors {
            let code = error.code();
            let words = sync_failure(code).expect(code);
            let failure = failure(error);
            assert_eq!(failure.code, code);
            for lang in [crate::args::Lang::Da, crate::args::Lang::En] {
                assert_eq!(failure.message(lang), words.text(lang), "{code}");
            }
        }
    }
}
