//! What is looked for on a device, and what is found.

use super::TimelineRow;
use samspor_documents::{
    id::{PractitionerId, SpaceId, TeamId},
    template::TemplateKind,
    time::UnixMillis,
};

/// What is looked for: whatever of it is said, all at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    /// Beginnings of words, in any order, however their letters are typed; may be empty.
    pub text: String,
    /// Of this kind only.
    pub kind: Option<TemplateKind>,
    /// Of this template only, whatever its version.
    pub template: Option<String>,
    /// Written, also in part, by this practitioner.
    pub author: Option<PractitionerId>,
    /// In this team's cases.
    pub team: Option<TeamId>,
    /// About this case's citizen, in every case here that is theirs; or in this circle.
    pub case: Option<SpaceId>,
    /// Happened at this time or after it.
    pub from: Option<UnixMillis>,
    /// Happened before this time.
    pub until: Option<UnixMillis>,
    /// What is restricted, too.
    pub restricted: bool,
    /// Goes on after the page that said so.
    pub after: Option<i64>,
    /// At most so many, and never more than 200.
    pub limit: u32,
}

impl Default for Search {
    fn default() -> Self {
        Self {
            text: String::new(),
            kind: None,
            template: None,
            author: None,
            team: None,
            case: None,
            from: None,
            until: None,
            restricted: false,
            after: None,
            limit: 50,
        }
    }
}

/// One document that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchHit {
    /// Its row; of a draft with the state of one.
    pub row: TimelineRow,
    /// The name on the card of its case, where there is one here.
    pub about: Option<String>,
}

/// What was found, the last that happened first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchPage {
    /// The documents.
    pub hits: Vec<SearchHit>,
    /// To go on after them; none when there is nothing more.
    pub next: Option<i64>,
    /// How many documents of the device are not found by what they say yet: after a first sync, for some seconds.
    pub to_find: u64,
}
