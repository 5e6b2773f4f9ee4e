//! The offline-first client: an encrypted store that works without a network, and a sync that loses nothing.
//!
//! - [`Device`]: everything a person does on a device.
//! - `store`: one SQLCipher database; a local edit is one transaction.
//! - `engine`: the sync as a state machine without I/O.
//! - `transport`: HTTP/2 over TLS to the key that the enrolment code names.

mod clock;
mod device;
mod engine;
mod error;
mod key;
mod store;
#[cfg(test)]
mod testing;
mod transport;
mod views;

pub use clock::{Clock, SystemClock};
pub use device::{Device, DeviceOptions};
pub use error::DeviceError;
pub use key::StoreKey;
pub use store::erase::{HandedOver, handed_over};
pub use transport::TransportError;
pub use views::{
    Activity, AssignedRow, BegunFromLast, CardReading, CaseFilter, CaseRow, CircleClosing,
    CircleParticipant, CircleRow, ConflictRow, ContactFilter, ContactRow, Contacts, Disclosed,
    DraftRow, DueFilter, DueRow, DueWhich, EntryState, Growth, Identity, IncompleteRow,
    LastFailure, LearningRow, Left, Lock, Locked, NewClosing, NewContact, NewDisclosure, NewShare,
    NewVisit, NotDelivered, OutboxRow, Parent, ParentCase, ParentForm, PractitionerRow,
    ReceivedRow, RefusedOperation, RestrictionRow, ScheduleInForce, Search, SearchHit, SearchPage,
    SetAsideDocument, ShareRow, Signer, StartedVisit, Status, SyncOptions, SyncProgress,
    SyncReport, TeamRow, TimelinePage, TimelinePosition, TimelineRow, VisitForm, WayOut,
    WithParents, Written, WrittenParent, WrittenRestriction, WrittenVisit,
};

pub use samspor_protocol::enrol::EnrolmentCode;
