//! Lists, timelines and search: from rows, with no network.

use crate::{
    device::Device,
    error::SamsporError,
    planned::DueRow,
    reading::{Reading, all},
    rows::{Card, CaseFilter, CaseRow, ConflictRow, TimelineRow},
    values::{Day, Edit, edits},
};
use samspor_client_core::{self as client, DraftRow, DueFilter, TimelinePage};
use samspor_documents::{
    id::{DocumentId, PractitionerId, SpaceId, TeamId},
    template::TemplateKind,
    time::UnixMillis,
};

/// What is looked for: whatever of it is said, all at once.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Search {
    /// Beginnings of words, in any order, however their letters are typed; may be empty.
    pub text: String,
    /// Of this kind only.
    #[uniffi(default = None)]
    pub kind: Option<TemplateKind>,
    /// Of this template only, whatever its version.
    #[uniffi(default = None)]
    pub template: Option<String>,
    /// Written, also in part, by this practitioner.
    #[uniffi(default = None)]
    pub author: Option<PractitionerId>,
    /// In this team's cases.
    #[uniffi(default = None)]
    pub team: Option<TeamId>,
    /// About this case's citizen, in every case here that is theirs; or in this circle.
    #[uniffi(default = None)]
    pub case: Option<SpaceId>,
    /// Happened at this time or after it.
    #[uniffi(default = None)]
    pub from: Option<UnixMillis>,
    /// Happened before this time.
    #[uniffi(default = None)]
    pub until: Option<UnixMillis>,
    /// What is restricted, too.
    #[uniffi(default = false)]
    pub restricted: bool,
    /// Goes on after the page that said so, by its `next`.
    #[uniffi(default = None)]
    pub after: Option<i64>,
    /// At most so many, and never more than 200.
    #[uniffi(default = 50)]
    pub limit: u32,
}

impl From<Search> for client::Search {
    fn from(search: Search) -> Self {
        Self {
            text: search.text,
            kind: search.kind,
            template: search.template,
            author: search.author,
            team: search.team,
            case: search.case,
            from: search.from,
            until: search.until,
            restricted: search.restricted,
            after: search.after,
            limit: search.limit,
        }
    }
}

/// One document that was found.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SearchHit {
    /// Its row; of a draft with the state of one.
    pub row: TimelineRow,
    /// The name on the card of its case, where there is one here.
    pub about: Option<String>,
}

impl From<client::SearchHit> for SearchHit {
    fn from(hit: client::SearchHit) -> Self {
        Self {
            row: hit.row.into(),
            about: hit.about,
        }
    }
}

/// What was found, the last that happened first.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SearchPage {
    /// The documents.
    pub hits: Vec<SearchHit>,
    /// To go on after them; none when there is nothing more.
    pub next: Option<i64>,
    /// How many documents of the device are not found by what they say yet: after a first sync, for some seconds.
    pub to_find: u64,
}

impl From<client::SearchPage> for SearchPage {
    fn from(page: client::SearchPage) -> Self {
        Self {
            hits: all(page.hits),
            next: page.next,
            to_find: page.to_find,
        }
    }
}

#[uniffi::export]
impl Device {
    /// The cases on this device by their citizen's name.
    pub async fn cases(&self, filter: CaseFilter) -> Result<Vec<CaseRow>, SamsporError> {
        self.run(async move |device| device.cases(filter.into()).await.map(all))
            .await
    }

    /// Opens a case of one of one's teams, with the card that these fields fill in.
    ///
    /// # Errors
    /// `NotFound` (`not_your_team`), `Refused` (what the card's template says), `DiskFull`: then nothing is kept.
    pub async fn open_case(&self, team: TeamId, card: Vec<Edit>) -> Result<SpaceId, SamsporError> {
        let card = edits(card)?;
        self.run(async move |device| device.open_case(team, card).await)
            .await
    }

    /// Who a case is about.
    ///
    /// # Errors
    /// `NotFound` (`unknown_case`) while its card is not here.
    pub async fn card(&self, case_id: SpaceId) -> Result<Card, SamsporError> {
        self.run(async move |device| device.card(case_id).await.map(Into::into))
            .await
    }

    /// What a case's card says, concurrent values included.
    ///
    /// # Errors
    /// `NotFound` (`unknown_case`) while its card is not here.
    pub async fn card_reading(&self, case_id: SpaceId) -> Result<Reading, SamsporError> {
        self.run(async move |device| device.card_reading(case_id).await.map(Into::into))
            .await
    }

    /// Edits a case's card. `false` when it says so already.
    ///
    /// # Errors
    /// `NotFound` (`unknown_case`); else as [`Device::edit`].
    pub async fn edit_card(
        &self,
        case_id: SpaceId,
        edits: Vec<Edit>,
    ) -> Result<bool, SamsporError> {
        let edits = self::edits(edits)?;
        self.run(async move |device| device.edit_card(case_id, &edits).await)
            .await
    }

    /// One page of a citizen's merged timeline, newest first: of this case and of the others here about the same citizen.
    ///
    /// # Errors
    /// `NotFound` (`unknown_case`).
    pub async fn timeline(
        &self,
        case_id: SpaceId,
        page: TimelinePage,
    ) -> Result<Vec<TimelineRow>, SamsporError> {
        self.run(async move |device| device.timeline(case_id, page).await.map(all))
            .await
    }

    /// Finds documents by what is written in them, cards by the names on them; drafts are among them.
    ///
    /// # Errors
    /// `NotFound` (`unknown_case`).
    pub async fn search(&self, search: Search) -> Result<SearchPage, SamsporError> {
        self.run(async move |device| device.search(&search.into()).await.map(Into::into))
            .await
    }

    /// The drafts on this device, the last written first: those at work, or those that were discarded.
    #[uniffi::method(default(discarded = false))]
    pub async fn drafts(&self, discarded: bool) -> Result<Vec<DraftRow>, SamsporError> {
        self.run(async move |device| device.drafts(discarded).await)
            .await
    }

    /// Every field on the device that waits for a person to choose.
    pub async fn conflicts(&self) -> Result<Vec<ConflictRow>, SamsporError> {
        self.run(async move |device| device.conflicts().await.map(all))
            .await
    }

    /// The visits that are due on a day, the most urgent first.
    pub async fn due(&self, day: Day, filter: DueFilter) -> Result<Vec<DueRow>, SamsporError> {
        self.run(async move |device| device.due(day.0, filter).await.map(all))
            .await
    }

    /// Takes a document's row out of the device as bytes, for support: its text, its snapshot, its changes.
    ///
    /// # Errors
    /// `NotFound` (`unknown_document`).
    pub async fn export_bytes(&self, document: DocumentId) -> Result<Vec<Vec<u8>>, SamsporError> {
        self.run(async move |device| device.export_bytes(document).await)
            .await
    }
}
