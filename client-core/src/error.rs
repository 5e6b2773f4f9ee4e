//! What can go wrong on a device, one variant per thing a person or an app can act on. No variant
//! carries personal data: no field's value, no name, no CPR.

use samspor_documents::id::DocumentId;
use samspor_protocol::{reason::Reason, sign::VerifyError, wire::WireError};
use std::path::PathBuf;

/// An error of a device. After any of them the store holds what it held before.
#[derive(Debug, thiserror::Error)]
pub enum DeviceError {
    /// The key does not open this store, or the file is no store.
    #[error("the store does not open with this key: use the key that it was made with")]
    WrongKey,
    /// A key that is not 32 bytes.
    #[error("not a store key: expected 64 hexadecimal digits")]
    BadKey,
    /// There is no store in the folder.
    #[error("there is no store in {folder}: make one first")]
    NoStore {
        /// Where it was looked for.
        folder: PathBuf,
    },
    /// There is a store in the folder already.
    #[error("there is a store in {folder} already: open it, or choose another folder")]
    StoreExists {
        /// Where.
        folder: PathBuf,
    },
    /// Another process, or another part of this one, has the store open.
    #[error("the store in {folder} is open elsewhere: close the other program first")]
    StoreInUse {
        /// Where.
        folder: PathBuf,
    },
    /// A newer program has used the store.
    #[error(
        "the store was used by a newer program (schema {found}, this one knows {known}): update this one"
    )]
    NewerSchema {
        /// The store's schema.
        found: i64,
        /// The newest this program knows.
        known: i64,
    },
    /// The folder cannot be read or written.
    #[error("the folder {folder} cannot be used: make it readable and writable for this user")]
    Folder {
        /// Which.
        folder: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The store may be read but not written.
    #[error("the store cannot be written: make its folder writable; nothing was changed")]
    ReadOnly,
    /// No space left.
    #[error("the disk is full: free some space and try again; nothing was changed")]
    DiskFull,
    /// The store's file is damaged.
    #[error("the store is damaged ({what}): keep its folder and ask for help")]
    Damaged {
        /// What did not read.
        what: &'static str,
    },
    /// Anything else the database reports.
    #[error("the store failed")]
    Store {
        /// What it said.
        #[source]
        source: sqlx::Error,
    },
    /// The system gives no random bytes.
    #[error("the system gives no randomness")]
    Randomness {
        /// Why.
        #[source]
        source: getrandom::Error,
    },
    /// Nothing can be written before the device has been enrolled.
    #[error("the device is not enrolled: use a code from your coordinator")]
    NotEnrolled,
    /// A store is one practitioner's of one organisation, for ever.
    #[error("the device is enrolled already in another organisation: use another folder")]
    AlreadyEnrolled,
    /// The code is another practitioner's than this store.
    #[error(
        "this store is another practitioner's than the code: what was not sent is kept; use another folder"
    )]
    OtherPractitioner,
    /// The store was copied to this installation: the server speaks with the one it was enrolled on.
    #[error(
        "this store was copied from another device: enrol it again with a new code; what you wrote is kept"
    )]
    CopiedStore,
    /// Another device took this one's place.
    #[error(
        "another device took this one's place: enrol again with a new code to go on; what you wrote is kept"
    )]
    Replaced,
    /// What an enrolment answer says is not vouched for by the organisation in the code.
    #[error("the server's answer is not signed by the organisation of the code: nothing was kept")]
    NotVouched,
    /// The device is not a member of the team.
    #[error("not one of your teams")]
    NotYourTeam,
    /// Cards come with their cases.
    #[error("a card is made by opening its case")]
    CardTemplate,
    /// Planned contacts are planned, not written.
    #[error("a planned contact is planned: see plan_contact")]
    ContactTemplate,
    /// There is no such planned contact on this device, or (where a case is named) not in that case.
    #[error("no such planned contact in the case")]
    UnknownContact,
    /// A visit is begun by an entry that can name its planned contact.
    #[error("an entry of this template names no planned contact")]
    NamesNoContact,
    /// What is said of a parent stands in that parent's own case.
    #[error("the case is no parent's own")]
    NoParentsCase,
    /// A parent whose case is opened is named on the child's card with how they belong together.
    #[error("nothing says how the parent belongs to the child")]
    NoRelation,
    /// The case is not on this device.
    #[error("no such case on this device")]
    UnknownCase,
    /// The circle is not on this device, or this practitioner takes no part in it.
    #[error("no such circle on this device")]
    UnknownCircle,
    /// A circle's title is no title.
    #[error("a circle's title is one line of 1 to {most} characters")]
    CircleTitle {
        /// How many characters it may have.
        most: usize,
    },
    /// More participants or cases than a circle may have.
    #[error("too many for one circle: at most {most}")]
    CircleTooLarge {
        /// How many it may have.
        most: usize,
    },
    /// The circle was closed: nothing is written in it any more, and nobody is brought in.
    #[error("the circle is closed: it can be read and left")]
    CircleClosed,
    /// A learning line is none.
    #[error("a learning line is one line of 1 to {most} characters")]
    LearningLine {
        /// How many characters it may have.
        most: usize,
    },
    /// More than one closing may share.
    #[error(
        "too much in one closing: at most {lines} lines of {bytes} bytes in all, and {teams} teams"
    )]
    LearningTooLarge {
        /// How many lines.
        lines: usize,
        /// How many bytes they may have together.
        bytes: usize,
        /// How many teams they may be shared with.
        teams: usize,
    },
    /// Nobody of the organisation, as far as this device was told.
    #[error("no such practitioner in the organisation")]
    UnknownPractitioner,
    /// No such team in the organisation, as far as this device was told.
    #[error("no such team in the organisation")]
    UnknownTeam,
    /// Nobody who is a member of the case's team with a role that opens cases, as far as this device was told.
    #[error("no colleague of the case's team whose role opens cases")]
    NoColleague,
    /// A case is never left with nobody.
    #[error("the case is assigned to nobody else: assign it to a colleague first")]
    LastAssigned,
    /// There is no such share of a case on this device.
    #[error("no such share of a case on this device")]
    UnknownShare,
    /// What is shared is read; it is written by the team whose case it is.
    #[error("the case is shared for reading: its own team writes in it")]
    SharedForReading,
    /// What is restricted is left out of disclosures.
    #[error("the entry is restricted: it is not disclosed")]
    EntryRestricted,
    /// What was disclosed is filed with its recipient, and stays: it is not withdrawn.
    #[error("what was disclosed is filed with its recipient, and stays")]
    Disclosed,
    /// The team reads the case already.
    #[error("the case is this team's own")]
    ShareWithOwnTeam,
    /// A text of a share is missing, too long or not one line.
    #[error("the share's {field} is missing, too long or not one line")]
    ShareText {
        /// Which: `about`, `purpose`, `basis`, `consent`, `why`.
        field: &'static str,
    },
    /// The time until which is shared is over.
    #[error("the time until which is shared is over already")]
    ShareOver,
    /// The document is not on this device.
    #[error("no such document on this device")]
    UnknownDocument,
    /// There is no such draft on this device.
    #[error("no such draft on this device")]
    UnknownDraft,
    /// The draft was published here: what it became is edited instead.
    #[error("the draft was published: it is the document {document} now")]
    Published {
        /// What it became.
        document: DocumentId,
    },
    /// The document came damaged and is set aside.
    #[error("the document {document} is set aside: it can be exported, not edited")]
    SetAside {
        /// Which.
        document: DocumentId,
    },
    /// The document is signed: its text stays as it is.
    #[error("the document {document} is signed: corrections are addenda")]
    Signed {
        /// Which.
        document: DocumentId,
    },
    /// What is not signed is edited: it is neither added to nor restricted.
    #[error("the document {document} is not signed: edit it instead")]
    EntryNotSigned {
        /// Which.
        document: DocumentId,
    },
    /// An addition stands where its entry stands.
    #[error("the entry stands in another case or circle")]
    EntryElsewhere,
    /// A restriction's ground is none.
    #[error("the ground of a restriction is a text of 1 to {most} characters")]
    RestrictionGround {
        /// How many characters it may have.
        most: usize,
    },
    /// An addition names an entry.
    #[error("an addendum or a remark names the entry that it adds to")]
    AddsToNothing,
    /// Only a signed document can be exported with its evidence.
    #[error("the document is not signed yet")]
    NotSigned,
    /// A draft is published before it is signed.
    #[error("a draft is published before it is signed")]
    DraftNeverSigned,
    /// A card goes on changing.
    #[error("a card is never signed")]
    CardNeverSigned,
    /// A planned contact goes on changing.
    #[error("a planned contact is never signed: the entry that names it is")]
    ContactNeverSigned,
    /// The first signature is its author's.
    #[error("the document is another's: it can be signed here once its author has signed it")]
    NotAuthor,
    /// The document cannot become a text yet.
    #[error(transparent)]
    Unsignable {
        /// Which fields have to be settled first.
        #[from]
        source: samspor_documents::signed::UnsignableError,
    },
    /// The server has no signed text of this document for this reader.
    #[error("the server has no signed text of this document, or not for you")]
    NoEvidence,
    /// What the server sent does not prove what was signed. Nothing was kept.
    #[error("what the server sent does not prove the signed text: nothing was kept")]
    Evidence {
        /// Which part does not hold; none when it proves another text than the one here.
        #[source]
        source: Option<VerifyError>,
    },
    /// No such piece of refused work.
    #[error("nothing not delivered has this name")]
    UnknownRefusal,
    /// What lies there does not go that way: see the ways out of each piece of refused work.
    #[error("this way out does not fit what was refused")]
    NotThatWayOut,
    /// The server has it, or will never take it: trying again changes nothing.
    #[error("this cannot be delivered by trying again: export it, then write it anew")]
    NotRetryable,
    /// What was typed is refused by the template or by a merge rule.
    #[error(transparent)]
    Author {
        /// Which field, and what to do.
        #[from]
        source: samspor_documents::document::AuthorError,
    },
    /// What was received does not hold.
    #[error("a document does not hold")]
    Guard {
        /// Why.
        #[from]
        source: samspor_documents::guard::GuardError,
    },
    /// A change over the limits would never be delivered.
    #[error("too much in one change (limit {limit} bytes): write it in parts")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
    /// The store syncs already.
    #[error("the device is syncing already")]
    SyncRunning,
    /// Not an address of this kind.
    #[error("the server's address is not of the form https://host:port")]
    BadAddress,
    /// The server's key is not the one in the enrolment code. Nothing was sent.
    #[error(
        "the server at this address is not the one of your enrolment code (its key differs): nothing was sent"
    )]
    WrongPin,
    /// No server, or no cover.
    #[error("the server was not reached: check the connection; what you wrote is kept and waits")]
    Unreachable {
        /// Why.
        #[source]
        source: crate::transport::TransportError,
    },
    /// The server takes no more now.
    #[error("the server is busy: try again later; what you wrote is kept and waits")]
    Busy,
    /// The device was out of contact for longer than the organisation allows, and has locked itself.
    #[error(
        "this device was out of contact for too long and has locked itself: sync to unlock it; what you wrote is kept"
    )]
    LeaseEnded,
    /// The store was erased on its user's word: there is nothing here any more.
    #[error("the store was erased")]
    Wiped,
    /// What was not delivered would be lost: nothing was erased.
    #[error("{items} items are not delivered yet: sync first; nothing was erased")]
    Undelivered {
        /// How many operations wait, or lie in the not-delivered box.
        items: u64,
    },
    /// The device was revoked. It is locked until it has handed over what it could not deliver.
    #[error(
        "this device was revoked and is locked: at the next sync it hands over what was not sent, and erases itself"
    )]
    Revoked,
    /// The device was revoked, and what it could not deliver could not be handed over yet either. Everything is kept.
    #[error(
        "this device was revoked, and what was not sent could not be handed over yet: it is kept; sync again"
    )]
    NotHandedOver {
        /// Why.
        #[source]
        source: Box<DeviceError>,
    },
    /// The device was revoked; what it could not deliver was handed over, and everything on it was erased.
    #[error(
        "this device was revoked: {items} items were handed over, and everything on it was erased"
    )]
    HandedOver {
        /// How many items.
        items: u64,
    },
    /// Another copy of this revoked device has handed over something else before.
    #[error(
        "another copy of this device has handed over something else before: ask your coordinator"
    )]
    HandedOverBefore,
    /// The server does not know the device's key.
    #[error("the server does not accept this device: ask your coordinator; what you wrote is kept")]
    NotAccepted,
    /// The enrolment code does not hold.
    #[error("the enrolment code is unknown, used or expired: ask for a new one")]
    CodeRefused,
    /// Server and device speak different versions.
    #[error("the server speaks another version of the protocol: update the older of the two")]
    Version,
    /// An answer that is not of this protocol.
    #[error("the server's answer does not read")]
    Wire {
        /// Why.
        #[from]
        source: WireError,
    },
    /// An error of the server as a whole.
    #[error("the server answered {code} (request {request_id})")]
    Server {
        /// The problem's code.
        code: String,
        /// Names the request in the server's log.
        request_id: String,
    },
    /// An operation was refused for good: kept in the not-delivered box.
    #[error("refused: {reason}")]
    Refused {
        /// Why.
        reason: Reason,
    },
}

impl DeviceError {
    /// The code of what can end a sync: stable, lower case. Of everything else `unexpected`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::WrongKey => "wrong_key",
            Self::Folder { .. } => "folder",
            Self::ReadOnly => "read_only",
            Self::DiskFull => "disk_full",
            Self::Damaged { .. } => "store_damaged",
            Self::Store { .. } => "store_failed",
            Self::Randomness { .. } => "no_randomness",
            Self::Guard { .. } => "document_unreadable",
            Self::BadAddress => "bad_address",
            Self::WrongPin => "wrong_pin",
            Self::Unreachable { .. } => "no_contact",
            Self::Busy => "busy",
            Self::Revoked => "revoked",
            Self::CopiedStore => "copied_store",
            Self::Replaced => "replaced",
            Self::NotHandedOver { .. } => "not_handed_over",
            Self::HandedOver { .. } => "handed_over",
            Self::NotAccepted => "not_accepted",
            Self::Version => "version",
            Self::Wire { .. } => "malformed",
            Self::Server { .. } => "server",
            _ => "unexpected",
        }
    }
}

/// Primary result codes of SQLite that say what to do.
mod sqlite {
    pub(super) const READONLY: i64 = 8;
    pub(super) const IOERR: i64 = 10;
    pub(super) const CORRUPT: i64 = 11;
    pub(super) const FULL: i64 = 13;
    pub(super) const CANTOPEN: i64 = 14;
    pub(super) const NOTADB: i64 = 26;
    /// Extended: a write failed for lack of space (`ENOSPC` shows as an I/O error on some systems).
    pub(super) const IOERR_WRITE: i64 = 778;
    /// Extended: no room for the index of the write-ahead log, which opening makes.
    pub(super) const IOERR_SHMSIZE: i64 = 4874;
}

impl From<sqlx::Error> for DeviceError {
    fn from(source: sqlx::Error) -> Self {
        let extended = match &source {
            sqlx::Error::Database(error) => error.code().and_then(|code| code.parse::<i64>().ok()),
            _ => None,
        };
        match (extended, extended.map(|code| code & 0xff)) {
            (Some(sqlite::IOERR_WRITE | sqlite::IOERR_SHMSIZE), _) | (_, Some(sqlite::FULL)) => {
                Self::DiskFull
            }
            (_, Some(sqlite::READONLY | sqlite::CANTOPEN)) => Self::ReadOnly,
            (_, Some(sqlite::NOTADB)) => Self::WrongKey,
            (_, Some(sqlite::CORRUPT)) => Self::Damaged { what: "database" },
            (_, Some(sqlite::IOERR)) => Self::Store { source },
            _ => Self::Store { source },
        }
    }
}
