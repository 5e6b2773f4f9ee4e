//! The one table of limits. Both sides read it: the server refuses beyond it, a device stays within it.

use samspor_documents::guard::ChangeLimits;

/// One change, in bytes.
pub const CHANGE_BYTES_MAX: usize = 256 * 1024;
/// One change, in operations.
pub const CHANGE_OPERATIONS_MAX: u64 = 20_000;
/// One document's snapshot, in bytes.
pub const DOCUMENT_BYTES_MAX: usize = 4 * 1024 * 1024;
/// One push body, in bytes.
pub const PUSH_BYTES_MAX: usize = 4 * 1024 * 1024;
/// One push, in operations.
pub const PUSH_OPERATIONS_MAX: usize = 500;
/// One page on the wire, in bytes.
pub const PAGE_COMPRESSED_BYTES_MAX: usize = 1024 * 1024;
/// One page when decoded, in bytes.
pub const PAGE_DECODED_BYTES_MAX: usize = 16 * 1024 * 1024;
/// One signed text, in bytes.
pub const SIGNED_TEXT_BYTES_MAX: usize = samspor_documents::signed::TEXT_BYTES_MAX;
/// Heads that one text is read from.
pub const SIGNED_HEADS_MAX: usize = 1_000;
/// Signatures of one text beside the first.
pub const CO_SIGNATURES_MAX: usize = 100;
/// The title of a circle, in characters.
pub const CIRCLE_TITLE_CHARS_MAX: usize = 120;
/// Practitioners who take part in one circle at a time.
pub const CIRCLE_PARTICIPANTS_MAX: usize = 100;
/// Cases that one circle concerns.
pub const CIRCLE_ABOUT_MAX: usize = 100;
/// One text of a share (purpose, consent, …), in characters.
pub const SHARE_LINE_CHARS_MAX: usize = 300;
/// The ground of a restriction, in characters.
pub const RESTRICTION_GROUND_CHARS_MAX: usize = 1_000;
/// Learning lines that a circle is closed with.
pub const LEARNING_LINES_MAX: usize = 20;
/// One learning line, in characters.
pub const LEARNING_LINE_CHARS_MAX: usize = 500;
/// All learning lines of one closing, in bytes: with the teams beside them they fit into a fact's body.
pub const LEARNING_BYTES_MAX: usize = 14 * 1024;
/// Teams that the lines of one closing are shared with.
pub const LEARNING_TEAMS_MAX: usize = 50;
/// One exported record, in bytes: the text with heads, signatures and certificates.
pub const SIGNED_RECORD_BYTES_MAX: usize = 512 * 1024;
/// A feed, repair, evidence or enrolment request body, in bytes.
pub const REQUEST_BYTES_MAX: usize = 64 * 1024;
/// All that a revoked device hands over, in bytes, packed or not.
pub const QUARANTINE_BYTES_MAX: usize = 64 * 1024 * 1024;
/// How long a token holds, in seconds.
pub const TOKEN_SECONDS_MAX: i64 = 60;
/// How long an enrolment code holds, in milliseconds: 24 hours.
pub const ENROLMENT_CODE_MILLIS: i64 = 24 * 60 * 60 * 1000;
/// How many wrong answers an enrolment code bears.
pub const ENROLMENT_TRIES_MAX: u32 = 5;
/// How long a feed request may be held, in milliseconds.
pub const WAIT_MILLIS_MAX: u32 = 25_000;
/// One group commit: documents.
pub const COMMIT_DOCUMENTS_MAX: usize = 256;
/// One group commit: bytes.
pub const COMMIT_BYTES_MAX: usize = 1024 * 1024;
/// Tags in one repair answer.
pub const REPAIR_TAGS_MAX: usize = 5_000;
/// Documents asked for whole in one repair request.
pub const REPAIR_WHOLE_MAX: usize = 200;
/// Actors of one draft that a publish tells of: as many as fit into a fact's body, however far each has come.
pub const SEEN_ACTORS_MAX: usize = 400;
/// A fact's body, in bytes; a template's is its file ([`TEMPLATE_BYTES_MAX`]) and what it is called, a visit schedule's its
/// file ([`SCHEDULE_BYTES_MAX`]).
pub const FACT_BYTES_MAX: usize = 16 * 1024;
/// One file of a template of an organisation's own, in bytes.
pub const TEMPLATE_BYTES_MAX: usize = samspor_documents::template::TEMPLATE_BYTES_MAX;
/// Fields of one template, those of its items and of the blocks it uses included.
pub const TEMPLATE_FIELDS_MAX: usize = samspor_documents::template::TEMPLATE_FIELDS_MAX;
/// Templates of one organisation's own, each version counted.
pub const OWN_TEMPLATES_MAX: usize = samspor_documents::template::OWN_TEMPLATES_MAX;
/// The file of a visit schedule of an organisation's own, in bytes.
pub const SCHEDULE_BYTES_MAX: usize = samspor_documents::visit::schedule::SCHEDULE_BYTES_MAX;

/// What one change may be.
pub const CHANGE: ChangeLimits = ChangeLimits {
    bytes_max: CHANGE_BYTES_MAX,
    operations_max: CHANGE_OPERATIONS_MAX,
};

#[cfg(test)]
mod tests {
    #[test]
    fn what_one_edit_may_write_is_what_one_change_may_be_on_the_wire() {
        assert_eq!(samspor_documents::document::CHANGE, super::CHANGE);
    }
}
