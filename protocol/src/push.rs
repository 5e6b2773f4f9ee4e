//! Push: operations from a device, grouped by document or by space, and their answers.
//!
//! A group is answered in order: its first refusal refuses the rest of it, what precedes it stands.
//! No group touches another, but a document whose space was refused is refused for that reason.

use crate::{
    assignment::{Assign, Unassign},
    circle::{Join, Leave, OpenCircle},
    closing::CloseCircle,
    disclosure::Disclose,
    fact::Seen,
    hash::Hash32,
    limits,
    reason::Reason,
    restrict::Restrict,
    share::{Share, Withdraw},
    sign::TextSignature,
    wire,
    wire::WireError,
};
use minicbor::{Decode, Encode, bytes::ByteVec};
use samspor_documents::{
    id::{DocumentId, OperationId, SpaceId, TeamId},
    time::UnixMillis,
};

/// One push. Groups about spaces come first.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct PushRequest {
    /// The groups, in the order they are to be tried.
    #[n(0)]
    pub groups: Vec<Group>,
}

/// Operations on one document, or (without `document`) on one space.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Group {
    /// The space: of the document, or the one operated on.
    #[n(0)]
    pub space: SpaceId,
    /// The document, unless the group is about the space itself.
    #[n(1)]
    pub document: Option<DocumentId>,
    /// In order.
    #[n(2)]
    pub operations: Vec<Operation>,
}

/// One operation. The kind is a number, so that a server meets a newer one without losing the push.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Operation {
    /// One of [`kind`].
    #[n(0)]
    pub kind: u8,
    /// A device-made name; every operation but `change` carries one (a change is named by its hash).
    #[n(1)]
    pub operation: Option<OperationId>,
    /// `change`: the Automerge change, uncompressed. Otherwise: the kind's own body in CBOR.
    #[n(2)]
    pub body: ByteVec,
}

/// The kinds of operations. Numbers are never used again; those without a type of their own in this
/// module have their place reserved and are answered `unsupported`.
pub mod kind {
    /// Opens a case: [`super::OpenCase`].
    pub const OPEN_CASE: u8 = 1;
    /// Opens a circle of chosen participants: [`crate::circle::OpenCircle`].
    pub const OPEN_CIRCLE: u8 = 2;
    /// A participant adds another to a circle: [`crate::circle::Join`].
    pub const JOIN: u8 = 3;
    /// A participant leaves a circle: [`crate::circle::Leave`].
    pub const LEAVE: u8 = 4;
    /// Opens a case, or a document of it, to somebody for reading: [`crate::share::Share`].
    pub const SHARE: u8 = 5;
    /// Ends a share: [`crate::share::Withdraw`].
    pub const WITHDRAW: u8 = 6;
    /// One Automerge change.
    pub const CHANGE: u8 = 7;
    /// Makes a clean document from a draft and closes the draft: [`super::Publish`].
    pub const PUBLISH: u8 = 8;
    /// Freezes a document's text, or co-signs it: [`super::Sign`].
    pub const SIGN: u8 = 9;
    /// Restricts a signed document, or lifts its restriction: [`crate::restrict::Restrict`].
    pub const RESTRICT: u8 = 10;
    /// Offline reads, for the audit log. Reserved.
    pub const READ_LOG: u8 = 11;
    /// A participant closes a circle: [`crate::closing::CloseCircle`].
    pub const CLOSE_CIRCLE: u8 = 12;
    /// Files a signed copy of a document with another team: [`crate::disclosure::Disclose`].
    pub const DISCLOSE: u8 = 13;
    /// Assigns a case to a colleague: [`crate::assignment::Assign`].
    pub const ASSIGN: u8 = 14;
    /// Ends an assignment of a case: [`crate::assignment::Unassign`].
    pub const UNASSIGN: u8 = 15;
}

/// Body of `open_case`: the group's space becomes a case of this team. The same case opened again by
/// the same operation is accepted with the same answer; by another operation it is `no_access`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct OpenCase {
    /// The team whose case it is; the practitioner must be a member.
    #[n(0)]
    pub team: TeamId,
    /// When it was opened, by the device's clock.
    #[n(1)]
    pub opened_at: UnixMillis,
}

/// Body of `sign`: the group's document says this text at these heads, and its signer answers for it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Sign {
    /// What the text was read from, ascending.
    #[n(0)]
    pub heads: Vec<Hash32>,
    /// The canonical text: see [`samspor_documents::signed`].
    #[n(1)]
    pub text: ByteVec,
    /// By whom, with which device, when.
    #[n(2)]
    pub signature: TextSignature,
}

impl Sign {
    /// The body from its bytes, within the limits of [`limits`]. Neither text nor signature is looked at.
    ///
    /// # Errors
    /// `TooLarge` over the bytes of a text or the number of heads, `Malformed` or `Trailing` otherwise.
    pub fn from_body(body: &[u8]) -> Result<Self, WireError> {
        let sign: Self = wire::decode("signature", body)?;
        let too_large = |what, limit| Err(WireError::TooLarge { what, limit });
        if sign.text.len() > limits::SIGNED_TEXT_BYTES_MAX {
            return too_large("signed text", limits::SIGNED_TEXT_BYTES_MAX);
        }
        if sign.heads.len() > limits::SIGNED_HEADS_MAX {
            return too_large("list of heads", limits::SIGNED_HEADS_MAX);
        }
        Ok(sign)
    }
}

/// Body of `publish`, in the new document's group: its first change, made from what the draft read as, and the draft
/// that this closes. The same operation again is accepted with the same answer; a second publish of the draft, by
/// whichever device of its author, is `superseded` and names the document that the first one made.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Publish {
    /// The draft, in the practitioner's private space. The server need not know it.
    #[n(0)]
    pub draft: DocumentId,
    /// The new document's first change: uncompressed, like that of a `change`.
    #[n(1)]
    pub change: ByteVec,
    /// What of the draft it was made from, each actor once. An actor that is left out counts as not read at all: its
    /// device then shows as not delivered what it wrote, which loses nothing.
    #[n(2)]
    pub seen: Vec<Seen>,
}

impl Publish {
    /// The body from its bytes, within the limits of [`limits`]. The change is not looked at.
    ///
    /// # Errors
    /// `TooLarge` over the number of actors, `Malformed` or `Trailing` otherwise.
    pub fn from_body(body: &[u8]) -> Result<Self, WireError> {
        let publish: Self = wire::decode("publish", body)?;
        if publish.seen.len() > limits::SEEN_ACTORS_MAX {
            return Err(WireError::TooLarge {
                what: "list of actors",
                limit: limits::SEEN_ACTORS_MAX,
            });
        }
        Ok(publish)
    }
}

impl Operation {
    /// A change, by its uncompressed bytes.
    #[must_use]
    pub fn change(bytes: Vec<u8>) -> Self {
        Self {
            kind: kind::CHANGE,
            operation: None,
            body: bytes.into(),
        }
    }

    /// `open_case`.
    #[must_use]
    pub fn open_case(operation: OperationId, body: &OpenCase) -> Self {
        Self {
            kind: kind::OPEN_CASE,
            operation: Some(operation),
            body: wire::encode(body).into(),
        }
    }

    /// `open_circle`.
    #[must_use]
    pub fn open_circle(operation: OperationId, body: &OpenCircle) -> Self {
        Self {
            kind: kind::OPEN_CIRCLE,
            operation: Some(operation),
            body: wire::encode(body).into(),
        }
    }

    /// `join`.
    #[must_use]
    pub fn join(operation: OperationId, body: &Join) -> Self {
        Self {
            kind: kind::JOIN,
            operation: Some(operation),
            body: wire::encode(body).into(),
        }
    }

    /// `leave`.
    #[must_use]
    pub fn leave(operation: OperationId) -> Self {
        Self {
            kind: kind::LEAVE,
            operation: Some(operation),
            body: wire::encode(&Leave {}).into(),
        }
    }

    /// `share`.
    #[must_use]
    pub fn share(operation: OperationId, body: &Share) -> Self {
        Self {
            kind: kind::SHARE,
            operation: Some(operation),
            body: wire::encode(body).into(),
        }
    }

    /// `withdraw`.
    #[must_use]
    pub fn withdraw(operation: OperationId, body: &Withdraw) -> Self {
        Self {
            kind: kind::WITHDRAW,
            operation: Some(operation),
            body: wire::encode(body).into(),
        }
    }

    /// `close_circle`.
    #[must_use]
    pub fn close_circle(operation: OperationId, body: &CloseCircle) -> Self {
        Self {
            kind: kind::CLOSE_CIRCLE,
            operation: Some(operation),
            body: wire::encode(body).into(),
        }
    }

    /// `disclose`.
    #[must_use]
    pub fn disclose(operation: OperationId, body: &Disclose) -> Self {
        Self {
            kind: kind::DISCLOSE,
            operation: Some(operation),
            body: wire::encode(body).into(),
        }
    }

    /// `assign`.
    #[must_use]
    pub fn assign(operation: OperationId, body: &Assign) -> Self {
        Self {
            kind: kind::ASSIGN,
            operation: Some(operation),
            body: wire::encode(body).into(),
        }
    }

    /// `unassign`.
    #[must_use]
    pub fn unassign(operation: OperationId, body: &Unassign) -> Self {
        Self {
            kind: kind::UNASSIGN,
            operation: Some(operation),
            body: wire::encode(body).into(),
        }
    }

    /// `sign`.
    #[must_use]
    pub fn sign(operation: OperationId, body: &Sign) -> Self {
        Self {
            kind: kind::SIGN,
            operation: Some(operation),
            body: wire::encode(body).into(),
        }
    }

    /// `restrict`.
    #[must_use]
    pub fn restrict(operation: OperationId, body: &Restrict) -> Self {
        Self {
            kind: kind::RESTRICT,
            operation: Some(operation),
            body: wire::encode(body).into(),
        }
    }

    /// `publish`.
    #[must_use]
    pub fn publish(operation: OperationId, body: &Publish) -> Self {
        Self {
            kind: kind::PUBLISH,
            operation: Some(operation),
            body: wire::encode(body).into(),
        }
    }
}

/// The answers, in the shape of the request.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct PushResponse {
    /// One list of answers per group, one answer per operation.
    #[n(0)]
    pub groups: Vec<Vec<Answer>>,
    /// The server's time, for the device's recorded offset.
    #[n(1)]
    pub server_time: UnixMillis,
}

/// What became of one operation.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Answer {
    /// It is in the log, durable. Pushed again, it gets the same answer.
    #[n(0)]
    Accepted {
        /// Its place in the organisation's log.
        #[n(0)]
        seq: u64,
    },
    /// It is not in the log.
    #[n(1)]
    Refused {
        /// Why.
        #[n(0)]
        reason: Reason,
        /// One English sentence for support: never personal data, never what another's record holds.
        #[n(1)]
        detail: String,
        /// With `superseded`: the document that a draft of one's own became.
        #[n(2)]
        by: Option<DocumentId>,
    },
}

impl Answer {
    /// A refusal.
    #[must_use]
    pub fn refused(reason: Reason, detail: impl Into<String>) -> Self {
        Self::Refused {
            reason,
            detail: detail.into(),
            by: None,
        }
    }
}

impl PushRequest {
    /// The request from a body, within the limits of [`limits`].
    ///
    /// # Errors
    /// `TooLarge` over the bytes or operations of one push, `Malformed` or `Trailing` otherwise.
    pub fn from_body(body: &[u8]) -> Result<Self, WireError> {
        if body.len() > limits::PUSH_BYTES_MAX {
            return Err(WireError::TooLarge {
                what: "push",
                limit: limits::PUSH_BYTES_MAX,
            });
        }
        let request: Self = wire::decode("push", body)?;
        if request.operations() > limits::PUSH_OPERATIONS_MAX {
            return Err(WireError::TooLarge {
                what: "push",
                limit: limits::PUSH_OPERATIONS_MAX,
            });
        }
        Ok(request)
    }

    /// How many operations it carries.
    #[must_use]
    pub fn operations(&self) -> usize {
        self.groups.iter().map(|group| group.operations.len()).sum()
    }
}

/// The name of an operation for "is it already logged": a change's hash, else its device-made id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OperationName {
    /// A change's SHA-256.
    Change(Hash32),
    /// A device-made id.
    Id(OperationId),
}
