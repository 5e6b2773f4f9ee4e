//! Assignments: who answers for a case. What a device asks, and what is told.
//!
//! Whoever opens a case is assigned to it by that: the fact of the case says so, and no other does. In a team whose
//! caseload is [`crate::fact::Caseload::Assigned`] an assignment opens the case to a member whose role opens cases; in
//! any other it says who answers for it, and opens nothing. The operations stand in the group of the case, without a
//! document. A case is never left with nobody.

use minicbor::{Decode, Encode};
use samspor_documents::{
    id::{PractitionerId, SpaceId},
    time::UnixMillis,
};

/// Body of `assign`: the group's case is assigned to a colleague of its team. Somebody to whom it is assigned already
/// goes on being so: that is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Assign {
    /// To whom.
    #[n(0)]
    pub practitioner: PractitionerId,
    /// When, by the device's clock.
    #[n(1)]
    pub at: UnixMillis,
}

/// Body of `unassign`: an assignment of the group's case ends, one's own or a colleague's. One that has ended already
/// is answered with the place in the log where it did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Unassign {
    /// Whose.
    #[n(0)]
    pub practitioner: PractitionerId,
    /// When, by the device's clock.
    #[n(1)]
    pub at: UnixMillis,
}

/// A case is assigned to somebody, or is no longer. In that case, for its own people.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Assignment {
    /// The case.
    #[n(0)]
    pub case: SpaceId,
    /// To whom.
    #[n(1)]
    pub practitioner: PractitionerId,
    /// Who assigned, or ended it; none: the administration.
    #[n(2)]
    pub by: Option<PractitionerId>,
    /// When, by their clock.
    #[n(3)]
    pub at: UnixMillis,
    /// Whether it has ended.
    #[n(4)]
    pub ended: bool,
}
