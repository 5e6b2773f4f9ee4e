//! Timelines: the children whose cases a practitioner may see, and one child's entries over the teams.
//!
//! Everything comes from rows that the projector made: no document is loaded here. Which cases are one child is
//! computed among those the reader may see, each time: it is stored nowhere and told to nobody. A case that
//! the reader may not see, and one that does not exist, get the same answer.

mod additions;
mod children;
mod contacts;
mod disclosed;
mod due;
mod entries;
mod parents;
mod place;
mod practice;
mod restrictions;
mod shared_alone;
pub(crate) mod stored;
mod today;
mod together;
pub(crate) mod told;
mod without_card;

pub use children::{Child, ChildCase, ChildrenPage, child, children};
pub use contacts::ContactRow;
pub use disclosed::Disclosed;
pub use due::{DueVisit, DueVisits, due};
pub use entries::{Part, SignedBy, TimelinePage, TimelineRow, timeline};
pub use parents::{Parent, parents};
pub use place::{Before, PlaceError};
pub use practice::{ENTRIES_MAX, TeamPractice, figure_teams, practice};
pub use shared_alone::{SharedAlone, shared_alone};
pub use today::{IncompleteContact, incomplete, names_of, planned};
pub use told::{ToldEntries, ToldEntry, told_entries};
pub use without_card::{WithoutCard, without_card};

use crate::{
    access::{self, Visible},
    store::{StoreError, Tx},
};
use samspor_documents::id::PractitionerId;

/// What of cases a practitioner sees now.
async fn visible(tx: &mut Tx, practitioner: PractitionerId) -> Result<Visible, StoreError> {
    let position = access::position(tx).await?;
    let history = access::load_one(tx, practitioner, position).await?;
    Ok(Visible::of(&history, position))
}

#[cfg(test)]
mod tests;
